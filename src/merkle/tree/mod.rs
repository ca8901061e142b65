//! The tree over a store of tiles: roots, proofs, appending (RFC 6962 section 2.1).
//!
//! The tree knows no disk. It asks a [`TileSource`] for rows of hashes, and hands back the rows to write.

mod append;
mod frontier;
mod verify;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_verify;

use std::collections::BTreeMap;
use std::convert::Infallible;

use thiserror::Error;

use super::hash::{HASH_BYTES, Hash, complete_root, empty_root, node_hash};
use super::tile::{TILE_HEIGHT, TILE_WIDTH, TileId};
use crate::limits;

pub use append::{Appended, Appender};
pub use frontier::{Frontier, FrontierError};
pub use verify::{ProofError, verify_consistency, verify_inclusion};

/// Where the rows of hashes are kept.
///
/// Not trusted to be whole: a missing or short row is an error that names the tile. Trusted to be ours: rows are
/// not checked against a root, since a wrong hash shows as a wrong root when the caller compares with its last
/// signed checkpoint.
pub trait TileSource {
    /// Why a row could not be read.
    type Error;

    /// The row of one tile: 1 to 256 hashes of 32 bytes. The rightmost tile of a level may hold fewer than 256, and
    /// any row may hold more than the tree size in question needs; the rest is not looked at.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<S: TileSource + ?Sized> TileSource for &S {
    type Error = S::Error;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).tile(id)
    }
}

impl TileSource for BTreeMap<TileId, Vec<u8>> {
    type Error = Infallible;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.get(&id).cloned())
    }
}

/// Why a root or a proof could not be computed. `E` is the error of the tile source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TreeError<E> {
    /// The store failed.
    #[error("reading a tile failed")]
    Source(#[source] E),
    /// The store lacks a tile that a tree of this size has: it is incomplete.
    #[error("tile {0} is missing")]
    MissingTile(TileId),
    /// The row is no list of 1 to 256 hashes, or has fewer than a tree of this size needs: it is corrupt.
    #[error("tile {id} is corrupt: {bytes} bytes, at least {needed} needed")]
    CorruptTile {
        /// The tile.
        id: TileId,
        /// Bytes found.
        bytes: usize,
        /// Bytes that this use of the tile needs.
        needed: usize,
    },
    /// The caller asked for a leaf or an older tree that this tree does not contain, or for an impossible size.
    #[error("index or size is out of range")]
    OutOfRange,
}

/// The root of the tree of the first `size` leaves.
pub fn root<S: TileSource>(size: u64, source: &S) -> Result<Hash, TreeError<S::Error>> {
    check_size(size)?;
    if size == 0 { Ok(empty_root()) } else { Reader::new(source).range(0, size) }
}

/// The audit path of leaf `index` in the tree of `size` leaves, leaf's sibling first (RFC 6962 section 2.1.1).
pub fn inclusion_proof<S: TileSource>(
    index: u64,
    size: u64,
    source: &S,
) -> Result<Vec<Hash>, TreeError<S::Error>> {
    check_size(size)?;
    if index >= size {
        return Err(TreeError::OutOfRange);
    }
    let mut reader = Reader::new(source);
    let mut proof = Vec::new();
    let (mut low, mut high) = (0, size);
    // From the root down to the leaf, then turned round.
    while high - low > 1 {
        let middle = low + left_leaves(high - low);
        if index < middle {
            proof.push(reader.range(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range(low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves (RFC 6962 section 2.1.2).
///
/// Empty when `old` is 0 or equals `new`.
pub fn consistency_proof<S: TileSource>(
    old: u64,
    new: u64,
    source: &S,
) -> Result<Vec<Hash>, TreeError<S::Error>> {
    check_size(new)?;
    if old > new {
        return Err(TreeError::OutOfRange);
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut reader = Reader::new(source);
    let mut proof = Vec::new();
    let (mut low, mut high) = (0, new);
    while high != old {
        let middle = low + left_leaves(high - low);
        if old <= middle {
            proof.push(reader.range(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range(low, middle)?);
            low = middle;
        }
    }
    // The verifier knows the old root itself, so it is left out when it is the subtree that was reached.
    if low > 0 {
        proof.push(reader.range(low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The right edge of the tree of `size` leaves, from its tiles.
pub fn frontier<S: TileSource>(size: u64, source: &S) -> Result<Frontier, TreeError<S::Error>> {
    Ok(Appender::new(size, source)?.frontier())
}

fn check_size<E>(size: u64) -> Result<(), TreeError<E>> {
    if size > limits::LOG_SIZE_MAX { Err(TreeError::OutOfRange) } else { Ok(()) }
}

/// Leaves of the left subtree of a tree of `leaves` leaves: the largest power of two below it.
fn left_leaves(leaves: u64) -> u64 {
    assert!(leaves > 1, "a leaf has no subtrees");
    1 << (leaves - 1).ilog2()
}

/// Reads each tile once while one root or proof is computed.
struct Reader<'a, S> {
    source: &'a S,
    rows: BTreeMap<TileId, Vec<Hash>>,
}

impl<'a, S: TileSource> Reader<'a, S> {
    fn new(source: &'a S) -> Self {
        Self { source, rows: BTreeMap::new() }
    }

    /// The root of the leaves from `low` up to `high`, a subtree of an RFC 6962 tree.
    fn range(&mut self, low: u64, high: u64) -> Result<Hash, TreeError<S::Error>> {
        let leaves = high - low;
        if leaves.is_power_of_two() {
            return self.complete(leaves.ilog2(), low >> leaves.ilog2());
        }
        let middle = low + left_leaves(leaves);
        Ok(node_hash(&self.range(low, middle)?, &self.range(middle, high)?))
    }

    /// The root of the complete subtree of `2^height` leaves at position `index` of its height.
    fn complete(&mut self, height: u32, index: u64) -> Result<Hash, TreeError<S::Error>> {
        let (level, inner) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let first = index << inner;
        let id = TileId { level: level_number(level), index: first >> TILE_HEIGHT };
        let start = position_in_tile(first);
        let end = start + (1 << inner);
        if !self.rows.contains_key(&id) {
            self.rows.insert(id, read_row(self.source, id)?);
        }
        let row = self.rows.get(&id).map_or([].as_slice(), Vec::as_slice);
        let hashes = row.get(start..end).ok_or(TreeError::CorruptTile {
            id,
            bytes: row.len() * HASH_BYTES,
            needed: end * HASH_BYTES,
        })?;
        Ok(complete_root(hashes))
    }
}

/// One row, checked to be a list of 1 to 256 hashes.
fn read_row<S: TileSource>(source: &S, id: TileId) -> Result<Vec<Hash>, TreeError<S::Error>> {
    let bytes = source.tile(id).map_err(TreeError::Source)?.ok_or(TreeError::MissingTile(id))?;
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() || hashes.is_empty() || hashes.len() > TILE_WIDTH {
        return Err(TreeError::CorruptTile { id, bytes: bytes.len(), needed: HASH_BYTES });
    }
    Ok(hashes.to_vec())
}

/// Tile levels of a tree whose size is a u64 are 0 to 7.
fn level_number(level: u32) -> u8 {
    u8::try_from(level).expect("a height below 64 gives a level below 8")
}

/// Where the hash at `position` of its level lies in its tile.
fn position_in_tile(position: u64) -> usize {
    usize::try_from(position % TILE_WIDTH as u64).expect("below 256")
}

/// Joins the roots of complete subtrees, largest (leftmost) first, into the root of the whole tree.
fn join(subtrees: &[Hash]) -> Hash {
    let mut from_the_right = subtrees.iter().rev();
    match from_the_right.next() {
        None => empty_root(),
        Some(last) => from_the_right.fold(*last, |right, left| node_hash(left, &right)),
    }
}
