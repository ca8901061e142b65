//! Appending leaves to a tree that is kept as tiles.

use std::collections::BTreeMap;

use super::{Frontier, TileSource, TreeError, check_size, join, level_number, position_in_tile, read_row};
use crate::merkle::hash::{HASH_BYTES, Hash, complete_root};
use crate::merkle::tile::{TILE_HEIGHT, TILE_WIDTH, TileId};

/// A batch of leaves being appended.
///
/// It holds the partial tile of each level (at most 8 times 8 KiB) and the tiles that the batch completes. Nothing
/// is written: [`Appender::finish`] gives the rows, for one atomic write by the caller.
#[derive(Debug)]
pub struct Appender {
    size_before: u64,
    size: u64,
    /// By level, the hashes of the rightmost tile, when it is partial.
    edge: Vec<Vec<Hash>>,
    /// Tiles that were completed.
    tiles: BTreeMap<TileId, Vec<u8>>,
}

/// A tree after a batch was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Leaves in the tree.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// The rows to write: exactly those tiles that differ from before, each whole, at most 256 hashes of 32 bytes.
    pub tiles: BTreeMap<TileId, Vec<u8>>,
}

impl Appender {
    /// Starts at the tree of `size` leaves, whose right edge is read from `source`.
    pub fn new<S: TileSource>(size: u64, source: &S) -> Result<Self, TreeError<S::Error>> {
        check_size(size)?;
        let mut edge = Vec::new();
        let mut hashes_in_level = size;
        while hashes_in_level > 0 {
            let width = position_in_tile(hashes_in_level);
            let mut row = Vec::new();
            if width > 0 {
                let id = TileId { level: level_number_of(edge.len()), index: hashes_in_level >> TILE_HEIGHT };
                row = read_row(source, id)?;
                if row.len() < width {
                    let bytes = row.len() * HASH_BYTES;
                    return Err(TreeError::CorruptTile { id, bytes, needed: width * HASH_BYTES });
                }
                row.truncate(width);
            }
            edge.push(row);
            hashes_in_level >>= TILE_HEIGHT;
        }
        Ok(Self { size_before: size, size, edge, tiles: BTreeMap::new() })
    }

    /// Leaves in the tree so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf, given its [`leaf_hash`](crate::merkle::leaf_hash).
    pub fn append(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        let mut position = self.size;
        for level in 0.. {
            if self.edge.len() == level {
                self.edge.push(Vec::new());
            }
            let row = &mut self.edge[level];
            assert_eq!(row.len(), position_in_tile(position), "the edge agrees with the size");
            row.push(hash);
            if row.len() < TILE_WIDTH {
                break;
            }
            hash = complete_root(row);
            let id = TileId { level: level_number_of(level), index: position >> TILE_HEIGHT };
            self.tiles.insert(id, std::mem::take(row).concat());
            position >>= TILE_HEIGHT;
        }
        self.size += 1;
    }

    /// The right edge as it is now.
    pub fn frontier(&self) -> Frontier {
        Frontier::from_parts(self.size, self.subtrees())
    }

    /// Ends the batch.
    pub fn finish(self) -> Appended {
        let root = join(&self.subtrees());
        let mut tiles = self.tiles;
        let (mut before, mut after) = (self.size_before, self.size);
        for (level, row) in self.edge.into_iter().enumerate() {
            if before != after && !row.is_empty() {
                let id = TileId { level: level_number_of(level), index: after >> TILE_HEIGHT };
                tiles.insert(id, row.concat());
            }
            before >>= TILE_HEIGHT;
            after >>= TILE_HEIGHT;
        }
        Appended { size: self.size, root, tiles }
    }

    /// The roots of the complete subtrees that make up the tree, largest first.
    fn subtrees(&self) -> Vec<Hash> {
        let mut roots = Vec::new();
        for row in self.edge.iter().rev() {
            let mut rest = row.as_slice();
            while !rest.is_empty() {
                let (subtree, right) = rest.split_at(1 << rest.len().ilog2());
                roots.push(complete_root(subtree));
                rest = right;
            }
        }
        roots
    }
}

fn level_number_of(level: usize) -> u8 {
    level_number(u32::try_from(level).expect("a tree has 8 tile levels"))
}
