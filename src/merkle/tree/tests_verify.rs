//! The verifiers, against the definitions in RFC 6962 and against everything that can be wrong with a proof.

use super::tests::{definition, leaves, store_of};
use super::*;
use crate::merkle::hash::leaf_hash;

/// The root that an audit path leads to, by the recursion that defines it (RFC 6962 section 2.1.1).
fn path_root(index: u64, size: u64, leaf: &Hash, proof: &[Hash]) -> Option<Hash> {
    if size == 1 {
        return proof.is_empty().then_some(*leaf);
    }
    let (top, rest) = proof.split_last()?;
    let k = left_leaves(size);
    Some(if index < k {
        node_hash(&path_root(index, k, leaf, rest)?, top)
    } else {
        node_hash(top, &path_root(index - k, size - k, leaf, rest)?)
    })
}

/// The old and new roots that a consistency proof leads to, by SUBPROOF (RFC 6962 section 2.1.2).
fn consistent_roots(
    old: u64,
    new: u64,
    whole: bool,
    old_root: &Hash,
    proof: &[Hash],
) -> Option<(Hash, Hash)> {
    if old == new {
        return match (whole, proof) {
            (true, []) => Some((*old_root, *old_root)),
            (false, [one]) => Some((*one, *one)),
            _ => None,
        };
    }
    let (top, rest) = proof.split_last()?;
    let k = left_leaves(new);
    if old <= k {
        let (first, second) = consistent_roots(old, k, whole, old_root, rest)?;
        Some((first, node_hash(&second, top)))
    } else {
        let (first, second) = consistent_roots(old - k, new - k, false, old_root, rest)?;
        Some((node_hash(top, &first), node_hash(top, &second)))
    }
}

fn included(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> bool {
    let expected = index < size
        && size <= limits::LOG_SIZE_MAX
        && path_root(index, size, leaf, proof).is_some_and(|found| found == *root);
    let verified = verify_inclusion(index, size, leaf, proof, root).is_ok();
    assert_eq!(verified, expected, "leaf {index} of {size}, {} hashes", proof.len());
    verified
}

fn consistent(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    let expected = if old == 0 {
        // Nothing to prove; equal sizes still ask for equal roots.
        let right = *old_root == empty_root() && (new > 0 || new_root == old_root);
        right && proof.is_empty() && new <= limits::LOG_SIZE_MAX
    } else {
        old <= new
            && new <= limits::LOG_SIZE_MAX
            && consistent_roots(old, new, true, old_root, proof) == Some((*old_root, *new_root))
    };
    let verified = verify_consistency(old, old_root, new, new_root, proof).is_ok();
    assert_eq!(verified, expected, "{old} to {new}, {} hashes", proof.len());
    verified
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut other = *hash;
    other[bit / 8] ^= 1 << (bit % 8);
    other
}

/// Proofs with one bit changed, cut at either end, extended, or with two neighbours exchanged.
fn damaged(proof: &[Hash], spare: &[Hash]) -> Vec<Vec<Hash>> {
    let mut out = Vec::new();
    for place in 0..proof.len() {
        for bit in 0..256 {
            let mut other = proof.to_vec();
            other[place] = flipped(&proof[place], bit);
            out.push(other);
        }
    }
    if !proof.is_empty() {
        out.push(proof[1..].to_vec());
        out.push(proof[..proof.len() - 1].to_vec());
        out.push(Vec::new());
    }
    for extra in spare {
        out.push([&[*extra], proof].concat());
        out.push([proof, &[*extra]].concat());
    }
    for place in 1..proof.len() {
        let mut other = proof.to_vec();
        other.swap(place - 1, place);
        out.push(other);
    }
    out
}

#[test]
fn every_inclusion_up_to_40_leaves() {
    let all = leaves(40);
    let store = store_of(&all, &[]);
    for size in 1..=40u64 {
        let root = definition(&all[..usize::try_from(size).unwrap()]);
        for index in 0..size {
            let leaf = all[usize::try_from(index).unwrap()];
            let proof = inclusion_proof(index, size, &store).unwrap();
            assert!(included(index, size, &leaf, &proof, &root));
            for (other, hash) in all.iter().enumerate() {
                assert_eq!(included(index, size, hash, &proof, &root), other as u64 == index);
                assert_eq!(included(other as u64, size, &leaf, &proof, &root), other as u64 == index);
            }
            for bit in 0..64 {
                assert!(!included(index ^ (1 << bit), size, &leaf, &proof, &root));
                // Passes for some sizes, exactly those at which the path has the same shape.
                included(index, size ^ (1 << bit), &leaf, &proof, &root);
            }
            for other in 0..=80 {
                included(index, other, &leaf, &proof, &root);
            }
            assert!(!included(index, size, &leaf, &proof, &empty_root()));
        }
    }
}

#[test]
fn every_consistency_up_to_40_leaves() {
    let all = leaves(40);
    let store = store_of(&all, &[]);
    let roots: Vec<Hash> = (0..=40).map(|size| definition(&all[..size])).collect();
    for new in 0..=40usize {
        for old in 0..=new {
            let proof = consistency_proof(old as u64, new as u64, &store).unwrap();
            assert!(consistent(old as u64, &roots[old], new as u64, &roots[new], &proof));
            for other in 0..=40usize {
                let wrong_old = consistent(old as u64, &roots[other], new as u64, &roots[new], &proof);
                assert_eq!(wrong_old, other == old, "{old} to {new} with the root of {other}");
                let wrong_new = consistent(old as u64, &roots[old], new as u64, &roots[other], &proof);
                // From the empty tree every new root is right, save that of size 0 itself.
                assert_eq!(wrong_new, other == new || (old == 0 && new > 0));
            }
            for bit in 0..64 {
                consistent(old as u64 ^ (1 << bit), &roots[old], new as u64, &roots[new], &proof);
                consistent(old as u64, &roots[old], new as u64 ^ (1 << bit), &roots[new], &proof);
            }
            for other in 0..=40usize {
                // An old size that is made up never passes with the true roots: the proof binds it.
                if other != old && old > 0 {
                    assert!(!consistent(other as u64, &roots[old], new as u64, &roots[new], &proof));
                }
                consistent(old as u64, &roots[old], other as u64, &roots[new], &proof);
            }
        }
    }
}

#[test]
fn every_flipped_bit_breaks_an_inclusion_proof() {
    let all = leaves(23);
    let store = store_of(&all, &[]);
    for size in 1..=23u64 {
        let root = definition(&all[..usize::try_from(size).unwrap()]);
        for index in 0..size {
            let leaf = all[usize::try_from(index).unwrap()];
            let proof = inclusion_proof(index, size, &store).unwrap();
            for other in damaged(&proof, &[leaf, root, [0; 32]]) {
                assert!(!included(index, size, &leaf, &other, &root));
            }
            for bit in 0..256 {
                assert!(!included(index, size, &flipped(&leaf, bit), &proof, &root));
                assert!(!included(index, size, &leaf, &proof, &flipped(&root, bit)));
            }
        }
    }
}

#[test]
fn every_flipped_bit_breaks_a_consistency_proof() {
    let all = leaves(19);
    let store = store_of(&all, &[]);
    let roots: Vec<Hash> = (0..=19).map(|size| definition(&all[..size])).collect();
    for new in 1..=19usize {
        for old in 1..=new {
            let (old_root, new_root) = (&roots[old], &roots[new]);
            let proof = consistency_proof(old as u64, new as u64, &store).unwrap();
            for other in damaged(&proof, &[*old_root, *new_root, [0; 32]]) {
                assert!(!consistent(old as u64, old_root, new as u64, new_root, &other));
            }
            for bit in 0..256 {
                assert!(!consistent(old as u64, &flipped(old_root, bit), new as u64, new_root, &proof));
                assert!(!consistent(old as u64, old_root, new as u64, &flipped(new_root, bit), &proof));
            }
            assert_eq!(consistent(old as u64, new_root, new as u64, old_root, &proof), old == new);
        }
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let leaf = leaf_hash(b"only");
    assert_eq!(verify_inclusion(0, 1, &leaf, &[], &leaf), Ok(()));
    assert_eq!(verify_inclusion(0, 0, &leaf, &[], &leaf), Err(ProofError::OutOfRange));
    assert_eq!(verify_inclusion(1, 1, &leaf, &[], &leaf), Err(ProofError::OutOfRange));
    assert_eq!(verify_inclusion(0, u64::MAX, &leaf, &[], &leaf), Err(ProofError::OutOfRange));
    assert_eq!(verify_inclusion(0, 1, &leaf, &[leaf], &leaf), Err(ProofError::Length));
    assert_eq!(verify_inclusion(0, 2, &leaf, &[], &leaf), Err(ProofError::Length));
    assert_eq!(verify_inclusion(0, 2, &leaf, &[leaf], &leaf), Err(ProofError::Root));
    assert_eq!(verify_inclusion(0, limits::LOG_SIZE_MAX, &leaf, &[leaf; 64], &leaf), Err(ProofError::Length));
    assert_eq!(verify_inclusion(0, limits::LOG_SIZE_MAX, &leaf, &[leaf; 63], &leaf), Err(ProofError::Root));
    let empty = empty_root();
    assert_eq!(verify_consistency(2, &leaf, 1, &leaf, &[]), Err(ProofError::OutOfRange));
    assert_eq!(verify_consistency(1, &leaf, u64::MAX, &leaf, &[]), Err(ProofError::OutOfRange));
    assert_eq!(verify_consistency(0, &empty, 7, &leaf, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 7, &leaf, &[leaf]), Err(ProofError::Length));
    assert_eq!(verify_consistency(0, &leaf, 7, &leaf, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(0, &empty, 0, &leaf, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(3, &leaf, 7, &leaf, &[]), Err(ProofError::Length));
    assert_eq!(verify_consistency(4, &leaf, 7, &leaf, &[]), Err(ProofError::Length));
}

/// Roots and proofs of the reference implementation's eight-leaf tree: `transparency-dev/merkle`, package
/// `testonly`, and before it the test of RFC 6962's C++ reference.
#[test]
fn rfc_6962_reference_tree() {
    let entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash(&hex::decode(entry).unwrap())).collect();
    let store = store_of(&hashes, &[]);
    for (size, expected) in roots.iter().enumerate() {
        assert_eq!(hex::encode(root(size as u64, &store).unwrap()), *expected);
    }
    let text = |proof: Vec<Hash>| proof.iter().map(hex::encode).collect::<Vec<_>>();
    let (h1, h23, h4567) = (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    );
    let (h4, h67, h45) = (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    );
    assert_eq!(text(inclusion_proof(0, 8, &store).unwrap()), [h1, h23, h4567]);
    assert_eq!(text(inclusion_proof(5, 8, &store).unwrap()), [h4, h67, roots[4]]);
    assert_eq!(text(inclusion_proof(2, 3, &store).unwrap()), [roots[2]]);
    assert_eq!(text(inclusion_proof(1, 5, &store).unwrap()), [roots[1], h23, h4]);
    assert_eq!(text(consistency_proof(1, 8, &store).unwrap()), [h1, h23, h4567]);
    assert_eq!(text(consistency_proof(6, 8, &store).unwrap()), [h45, h67, roots[4]]);
    assert_eq!(text(consistency_proof(2, 5, &store).unwrap()), [h23, h4]);
}
