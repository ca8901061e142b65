//! Tests across the files of the module, and what they share.

mod golden;
mod misuse;
mod openings;
mod proofs;
mod rows;
mod sharing;
mod vectors;

use super::*;
use crate::secret::SeededEntropy;

/// A small network: one key dealt t of n.
struct Network {
    entropy: SeededEntropy,
    deal: Deal,
    threshold: u8,
}

impl Network {
    fn new(seed: u64, threshold: u8, holders: u8) -> Self {
        let entropy = SeededEntropy::new(seed);
        let deal = deal(&SecretKey::random(&entropy), threshold, holders, &entropy).unwrap();
        Self { entropy, deal, threshold }
    }

    fn context(key: KeyName, holder: HolderIndex) -> KeyContext {
        KeyContext { key, network: "kh-test".to_owned(), epoch: 3, generation: 2, holder }
    }

    fn points(&self, count: usize) -> Vec<Point> {
        (0..count).map(|_| padding_point(&self.entropy).point()).collect()
    }
}

/// Every subset of `size` of the numbers below `n`.
fn subsets(n: usize, size: usize) -> Vec<Vec<usize>> {
    (0u32..1 << n)
        .filter(|mask| mask.count_ones() as usize == size)
        .map(|mask| (0..n).filter(|i| mask >> i & 1 == 1).collect())
        .collect()
}

/// `bytes` with each bit in turn flipped.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..8 * bytes.len()).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().unwrap()
}

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    array(&hex::decode(text).unwrap())
}

/// The point `number`·G.
fn multiple(number: u8) -> Point {
    let mut bytes = [0u8; 32];
    bytes[0] = number;
    SecretKey::from_bytes(&bytes).unwrap().public_key()
}
