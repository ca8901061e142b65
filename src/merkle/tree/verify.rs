//! Checking proofs that others made.
//!
//! A proof binds only what the root binds. Root and size must come from one signed checkpoint: for some trees of
//! different size the path of a leaf has the same shape, so a size that was made up may pass with a true root.

use thiserror::Error;

use crate::limits;
use crate::merkle::hash::{Hash, empty_root, node_hash};

/// Why a proof proves nothing. The fault is with whoever made the proof, or the roots it is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf is not in a tree of this size, the old tree is larger than the new one, or a size is impossible.
    #[error("index or size is out of range")]
    OutOfRange,
    /// The proof has more or fewer hashes than its place in the tree asks for.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// Checks that the tree of `size` leaves under `root` has `leaf_hash` at `index` (RFC 9162 section 2.1.3.2, which is
/// the verifier of RFC 6962 trees written out).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size || size > limits::LOG_SIZE_MAX {
        return Err(ProofError::OutOfRange);
    }
    check_length(proof)?;
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = *leaf_hash;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    climb.must_be_at_the_root()?;
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `old` leaves under `old_root` is a prefix of the tree of `new` leaves under `new_root`
/// (RFC 9162 section 2.1.4.2).
///
/// From `old` = 0 nothing needs proof: the proof must be empty and `old_root` that of the empty tree, and any new
/// root passes. With equal sizes the proof must be empty and the roots equal.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new || new > limits::LOG_SIZE_MAX {
        return Err(ProofError::OutOfRange);
    }
    check_length(proof)?;
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(ProofError::Length);
        }
        let empty = empty_root();
        let old_is_right = old > 0 || *old_root == empty;
        let new_is_right = if old == new { new_root == old_root } else { true };
        return if old_is_right && new_is_right { Ok(()) } else { Err(ProofError::Root) };
    }
    // The largest complete subtree that ends at the old tree's right edge. When it is the whole old tree its root is
    // known and not sent.
    let skip = (old - 1).trailing_ones();
    let mut climb = Climb { node: (old - 1) >> skip, last: (new - 1) >> skip };
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::Length)?
    };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        match climb.step()? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            // What lies to the right is not in the old tree.
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    climb.must_be_at_the_root()?;
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

fn check_length(proof: &[Hash]) -> Result<(), ProofError> {
    if proof.len() > limits::PROOF_HASHES_MAX { Err(ProofError::Length) } else { Ok(()) }
}

/// Where the next hash of a proof belongs.
enum Side {
    Left,
    Right,
}

/// The way from a node up to the root: its position in its level, and that of the level's last node.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Goes up to the next level at which the node has a sibling, and says on which side.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Length);
        }
        let side = if self.node % 2 == 1 || self.node == self.last { Side::Left } else { Side::Right };
        if let Side::Left = side {
            // The last node of a level without a sibling stands for itself one level up.
            while self.node.is_multiple_of(2) && self.node != 0 {
                self.up();
            }
        }
        self.up();
        Ok(side)
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn must_be_at_the_root(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::Length) }
    }
}
