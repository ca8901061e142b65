//! Leaves that come from somebody else: of another member's log, or of the own log from whoever mirrors it.

use super::register::Recorder;
use super::tables::{LEAVES, LogKey, StoredTiles, TILES};
use super::{LogError, tree_error};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::merkle::leaf_hash;
use crate::merkle::tree::{Appended, Appender};
use crate::model::leaf::Leaf;
use crate::model::member::MemberId;
use crate::store::{Store, StoreBatch};

/// Puts leaves behind the first `have` of a log. Of the batch nothing may be written before the root is compared with
/// what the owner signed, and before [`finish_leaves`]. No leaf counts for a day
/// later than that of `latest`.
pub(super) fn put_leaves<'a>(
    store: &'a Store,
    owner: &'a MemberId,
    have: u64,
    leaves: &[Vec<u8>],
    latest: UnixTime,
    batch: &mut StoreBatch,
) -> Result<(Appended, Recorder<'a>), LogError> {
    let tiles = StoredTiles { store, owner };
    let mut appender = Appender::new(have, &tiles).map_err(|e| tree_error(owner, e))?;
    let mut recorder = Recorder::new(store, owner, latest);
    for (index, bytes) in (have..).zip(leaves) {
        let hash = leaf_hash(bytes);
        appender.append(hash);
        batch.put(&LEAVES, &LogKey::new(owner, index), bytes);
        // A leaf that this version does not know is part of the tree and gives no permission.
        if let Ok(leaf) = Leaf::from_bytes(bytes) {
            recorder.record(index, Digest(hash), &leaf)?;
        }
    }
    Ok((appender.finish(), recorder))
}

/// What goes with the leaves: the register and the tiles.
pub(super) fn finish_leaves(
    owner: &MemberId,
    appended: &Appended,
    recorder: Recorder<'_>,
    batch: &mut StoreBatch,
) {
    recorder.finish(batch);
    for (id, row) in &appended.tiles {
        batch.put(&TILES, &(owner.to_string(), id.level, id.index), row);
    }
}
