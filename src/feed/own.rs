//! This lender's own feed. Rows, the state signed over them and the leaf of that state are written together.

use super::row::{InsertError, Insertion, Place};
use super::tables::{FLOORS, FeedHead, HEADS};
use crate::clock::UnixTime;
use crate::feed_state::{FeedState, state_hash};
use crate::limits::FEED_GAP;
use crate::model::day::Day;
use crate::model::leaf::LeafBody;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, SigningKey};
use crate::store::{Store, StoreBatch, StoreError};
use crate::threshold::{Locator, SealedRow};
use crate::wire::message::FeedRow;

/// A row that has no sequence number yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// Epoch of the keys.
    pub epoch: u32,
    /// Under which locator it lies.
    pub locator: Locator,
    /// Names the row.
    pub row_id: [u8; 16],
    /// Its version, from 1.
    pub version: u64,
    /// The sealed content.
    pub sealed: SealedRow,
}

/// The feed of this node.
#[derive(Debug)]
pub struct OwnFeed {
    pub(super) store: Store,
    network: NetworkId,
    pub(super) lender: MemberId,
    key: SigningKey,
}

impl OwnFeed {
    /// The feed of `lender`, whose states are signed with `key`.
    pub fn open(
        store: Store,
        network: NetworkId,
        lender: MemberId,
        key: SigningKey,
    ) -> Result<Self, StoreError> {
        let _readable = store.get(&HEADS, &lender.to_string())?;
        Ok(Self { store, network, lender, key })
    }

    /// From now on no row has a number up to `signed`, the highest that is known to have been signed, nor one of those
    /// behind it that a copy out of reach may hold.
    pub fn continue_behind(&self, signed: u64, batch: &mut StoreBatch) -> Result<(), StoreError> {
        let name = self.lender.to_string();
        let has = self.store.get(&HEADS, &name)?.map_or(0, |head| head.sequence);
        batch.put(&FLOORS, &name, &(signed.max(has) + FEED_GAP));
        Ok(())
    }

    /// Adds rows (none is allowed: the state is signed again), signs the new state, and gives the leaf that goes
    /// with it. `whole` is given when everything that was loaded is published: the latest as-of date of the book, which
    /// never goes back, and the epoch of the keys. Without it both stay as they were.
    ///
    /// To be called while nobody else appends to the log, with the batch of that append. Several publications may
    /// share one batch: each goes on from what the batch writes already. Nothing is remembered between batches, so
    /// one that is never written leaves no trace in later states.
    ///
    /// A row id may be published again only after the batch of its last publication is written.
    pub fn publish(
        &self,
        rows: Vec<NewRow>,
        whole: Option<(Day, u32)>,
        now: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<LeafBody, StoreError> {
        self.change(rows, whole, None, now, batch)
    }

    /// Takes every row up to `horizon` out of the feed, and signs the new state. Whatever of them is to stay has been
    /// published again. When nothing lies there, the state is signed as it was. To be called like [`OwnFeed::publish`],
    /// and with nothing else in the batch.
    pub fn expire(
        &self,
        horizon: u64,
        now: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<LeafBody, StoreError> {
        self.change(Vec::new(), None, Some(horizon), now, batch)
    }

    fn change(
        &self,
        rows: Vec<NewRow>,
        whole: Option<(Day, u32)>,
        horizon: Option<u64>,
        now: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<LeafBody, StoreError> {
        let name = self.lender.to_string();
        let mut next: FeedHead = match batch.written(&HEADS, &name)? {
            Some(head) => head,
            None => self.store.get(&HEADS, &name)?.unwrap_or_default(),
        };
        let mut insertion = Insertion::new(&self.store, &self.lender, Place::Feed, next.sum());
        let floor = self.store.get(&FLOORS, &name)?.unwrap_or(0);
        for row in rows {
            let row = FeedRow {
                sequence: insertion.sum().sequence.max(floor) + 1,
                epoch: row.epoch,
                locator: row.locator,
                row_id: row.row_id,
                version: row.version,
                sealed: row.sealed,
            };
            insertion.add(&row, batch).map_err(|error| match error {
                InsertError::Store(error) => error,
                InsertError::OutOfOrder | InsertError::Replayed => {
                    panic!("our own rows have growing sequence numbers and versions")
                }
            })?;
        }
        let mut expired = 0;
        if let Some(horizon) = horizon {
            expired = insertion.expire(next.horizon(), horizon, batch)?;
        }
        // Two states of one sequence number never differ, so that rows leave under a number of their own.
        let has = insertion.sum().sequence;
        let sequence = if expired > 0 { has.max(floor) + 1 } else { has };
        let before = next.state.as_ref();
        let as_of = before.and_then(|state| state.as_of).max(whole.map(|(as_of, _)| as_of));
        let epoch = whole.map(|(_, epoch)| epoch).or(before.and_then(|state| state.epoch));
        let state = FeedState {
            network: self.network.clone(),
            lender: self.lender.clone(),
            time: now,
            as_of,
            epoch,
            sequence,
            rows: insertion.sum().rows,
            digest: insertion.sum().digest(),
            horizon: if expired > 0 { horizon.unwrap_or(0) } else { next.horizon() },
            expired: before.map_or(0, |state| state.expired) + expired,
        };
        next.set_sum(insertion.sum());
        next.sequence = sequence;
        let signed = Signed::sign(state.to_bytes(), &self.key).expect("our own state is of the form");
        let leaf = LeafBody::FeedState {
            hash: state_hash(&signed),
            sequence: state.sequence,
            rows: state.rows,
            as_of: state.as_of,
        };
        next.covered = next.sequence;
        next.signed = Some(signed);
        next.state = Some(state);
        batch.put(&HEADS, &name, &next);
        Ok(leaf)
    }
}
