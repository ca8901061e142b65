//! What this node's own log shows to everybody, in the resources of C2SP tlog-tiles: checkpoint, tiles, entry bundles.

use super::LogError;
use super::sequencer::{ConsentLog, lock, read_leaves};
use super::tables::{COSIGNED, StoredTiles};
use crate::digest::Digest;
use crate::merkle::cosignature::{self, CosignerVerifierKey};
use crate::merkle::hash::HASH_BYTES;
use crate::merkle::tile::{TILE_WIDTH, encode_entries};
use crate::merkle::tree::TileSource as _;
use crate::merkle::{Checkpoint, Note, TileId, TilePath, Width, open_checkpoint};
use crate::store::{Durability, StoreBatch};

/// A state of the log, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Number of leaves.
    pub size: u64,
    /// Root at that size.
    pub root: Digest,
    /// The newest checkpoint, a signed note, with every cosignature known of it.
    pub checkpoint: Vec<u8>,
    /// The newest checkpoint known to carry its witnesses' quorum; empty before the first.
    pub quorum: Vec<u8>,
}

impl ConsentLog {
    /// The newest state. An empty log has a checkpoint too.
    pub fn published(&self) -> Result<Published, LogError> {
        let head = self.head();
        let mut checkpoint = head.checkpoint;
        if head.size == 0 {
            checkpoint = self.sign(0, head.root.0);
        }
        if let Some(cosigned) = self.store.get(&COSIGNED, &self.owner.to_string())?
            && text_of(&cosigned).is_some_and(|text| text_of(&checkpoint) == Some(text))
        {
            checkpoint = cosigned;
        }
        Ok(Published { size: head.size, root: head.root, checkpoint, quorum: head.quorum })
    }

    /// A tile or an entry bundle; none where the log has not grown so far. A partial one is there as long as the log
    /// lasts: it is cut from the wider one.
    pub fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, LogError> {
        let size = self.head().size;
        let has = |id: TileId, wanted: Width| id.width(size).is_some_and(|width| wanted <= width);
        match path {
            TilePath::Hashes(id, width) if has(id, width) => {
                let tiles = StoredTiles { store: &self.store, owner: &self.owner };
                let needed = width.get() * HASH_BYTES;
                let row = tiles.tile(id)?.filter(|row| row.len() >= needed);
                let mut row = row.ok_or_else(|| LogError::Tree {
                    owner: self.owner.to_string(),
                    what: format!("tile {id} is missing or short"),
                })?;
                row.truncate(needed);
                Ok(Some(row))
            }
            TilePath::Entries(index, width) if has(TileId { level: 0, index }, width) => {
                let from = index * TILE_WIDTH as u64;
                let leaves = read_leaves(&self.store, &self.owner, from, width.get())?;
                if leaves.len() != width.get() {
                    let missing = from + leaves.len() as u64;
                    return Err(LogError::Missing { owner: self.owner.to_string(), index: missing });
                }
                Ok(Some(encode_entries(&leaves).expect("leaves are within the bound when they are appended")))
            }
            _ => Ok(None),
        }
    }

    /// Keeps the cosignatures in `note`, a checkpoint of this log, until a later one has some. Lines of others than
    /// the `witnesses`, and lines that do not verify, are left out.
    ///
    /// Not synced: they are asked for again, and nothing rests on them that was acknowledged.
    pub fn keep_cosignatures(&self, note: &[u8], witnesses: &[CosignerVerifierKey]) -> Result<(), LogError> {
        let owner = self.owner.to_string();
        let _one_at_a_time = lock(&self.cosigning);
        let Ok(checkpoint) = open_checkpoint(note, self.signer.verifier()) else { return Ok(()) };
        let own = self.sign(checkpoint.size(), *checkpoint.root());
        let (Ok(shown), Ok(mut merged)) = (Note::parse(note), Note::parse(&own)) else { return Ok(()) };
        if let Some(held) = self.store.get(&COSIGNED, &owner)?
            && let Ok(held) = Note::parse(&held)
        {
            let size = held.text().parse::<Checkpoint>().map_or(0, |checkpoint| checkpoint.size());
            if size > checkpoint.size() {
                return Ok(());
            }
            if held.text() == shown.text() {
                merged = held;
            }
        }
        if cosignature::merge(&mut merged, shown.signatures(), witnesses).is_err() {
            return Ok(());
        }
        let mut batch = StoreBatch::new();
        batch.put(&COSIGNED, &owner, &merged.to_bytes());
        self.store.commit(batch, Durability::Unsynced)?;
        Ok(())
    }
}

fn text_of(note: &[u8]) -> Option<String> {
    Note::parse(note).ok().map(|note| note.text().to_owned())
}
