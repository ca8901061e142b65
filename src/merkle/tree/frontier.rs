//! The right edge of a tree, for those who keep no tiles.

use thiserror::Error;

use super::join;
use crate::limits;
use crate::merkle::hash::{HASH_BYTES, Hash, node_hash};

/// First byte of the stored form. Version 1: the size as eight big-endian bytes, then the roots, largest first.
const VERSION: u8 = 1;

/// The roots of the complete subtrees that make up a tree, largest (leftmost) first: one for each 1 in the binary
/// form of the size, so at most 64.
///
/// Enough to append leaves and to know the root at every later size; a mirror keeps this and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

/// The stored bytes are no frontier: whoever stored or sent them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrontierError {
    /// Written by another version of the program, or not a frontier at all.
    #[error("unknown version of a tree frontier")]
    Version,
    /// The size is beyond that of any log.
    #[error("tree frontier of an impossible size")]
    Size,
    /// The number of bytes does not fit the size.
    #[error("tree frontier of {bytes} bytes where its size asks for {expected}")]
    Length {
        /// Bytes found.
        bytes: usize,
        /// Bytes that the stated size asks for.
        expected: usize,
    },
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn from_parts(size: u64, subtrees: Vec<Hash>) -> Self {
        assert_eq!(subtrees.len(), ones(size), "one subtree for each 1 of the size");
        Self { size, subtrees }
    }

    /// Appends one leaf, given its [`leaf_hash`](crate::merkle::leaf_hash).
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // Adding 1 to the size clears its trailing ones; each of them is a subtree that now has its sibling.
        for _ in 0..self.size.trailing_ones() {
            let left = self.subtrees.pop().expect("one subtree for each 1 of the size");
            hash = node_hash(&left, &hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree; at size 0 that of the empty tree.
    pub fn root(&self) -> Hash {
        join(&self.subtrees)
    }

    /// The stored form: version, size, roots; at most 2,057 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend_from_slice(self.subtrees.as_flattened());
        out
    }

    /// Reads the stored form. The hashes are believed: compare [`Frontier::root`] with a signed checkpoint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let rest = bytes.strip_prefix(&[VERSION]).ok_or(FrontierError::Version)?;
        let (size, rest) = rest
            .split_first_chunk::<8>()
            .ok_or(FrontierError::Length { bytes: bytes.len(), expected: 1 + 8 })?;
        let size = u64::from_be_bytes(*size);
        if size > limits::LOG_SIZE_MAX {
            return Err(FrontierError::Size);
        }
        let (subtrees, tail) = rest.as_chunks::<HASH_BYTES>();
        if !tail.is_empty() || subtrees.len() != ones(size) {
            let expected = 1 + 8 + ones(size) * HASH_BYTES;
            return Err(FrontierError::Length { bytes: bytes.len(), expected });
        }
        Ok(Self { size, subtrees: subtrees.to_vec() })
    }
}

fn ones(size: u64) -> usize {
    usize::try_from(size.count_ones()).expect("at most 64")
}
