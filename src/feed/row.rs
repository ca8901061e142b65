//! Putting rows into a feed: the newest version of a row id stands, count and set digest follow.

use std::collections::BTreeMap;

use super::tables::{BY_LOCATOR, FeedHead, ROW_HEADS, ROWS, RowHead};
use crate::digest::Digest;
use crate::feed_state::{self, RowParts};
use crate::merkle::SetDigest;
use crate::model::member::MemberId;
use crate::store::{Store, StoreBatch, StoreError};
use crate::threshold::ciphertext_hash;
use crate::wire::message::FeedRow;

/// What the set digest of a feed holds of a row.
pub fn row_hash(lender: &MemberId, row: &FeedRow) -> Digest {
    let sealed = &row.sealed;
    let parts = RowParts {
        sequence: row.sequence,
        epoch: row.epoch,
        locator: &row.locator.0,
        row_id: &row.row_id,
        version: row.version,
        ephemeral: &sealed.ephemeral.to_bytes(),
        key_commitment: &sealed.key_commitment,
        ciphertext_hash: &ciphertext_hash(&sealed.ciphertext),
        proof: &sealed.proof.to_bytes(),
    };
    feed_state::row_hash(lender, &parts)
}

/// Rows on their way into a feed, in one batch.
pub(super) struct Insertion<'a> {
    store: &'a Store,
    lender: &'a MemberId,
    digest: SetDigest,
    rows: u64,
    sequence: u64,
    heads: BTreeMap<[u8; 16], RowHead>,
}

/// Why a row does not fit behind what is there.
#[derive(Debug)]
pub(super) enum InsertError {
    Store(StoreError),
    /// The sequence number does not grow.
    OutOfOrder,
    /// The version of the row id does not grow.
    Replayed,
}

impl From<StoreError> for InsertError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<'a> Insertion<'a> {
    pub(super) fn new(store: &'a Store, lender: &'a MemberId, head: &FeedHead) -> Self {
        let digest = SetDigest::from_bytes(&head.digest).expect("a head's digest has its length");
        let heads = BTreeMap::new();
        Self { store, lender, digest, rows: head.rows, sequence: head.sequence, heads }
    }

    pub(super) fn add(&mut self, row: &FeedRow, batch: &mut StoreBatch) -> Result<(), InsertError> {
        if row.sequence <= self.sequence {
            return Err(InsertError::OutOfOrder);
        }
        let lender = self.lender.to_string();
        let key = (lender.clone(), row.row_id);
        let before = match self.heads.get(&row.row_id) {
            Some(head) => Some(*head),
            None => self.store.get(&ROW_HEADS, &key)?,
        };
        if let Some(before) = before {
            if row.version <= before.version {
                return Err(InsertError::Replayed);
            }
            self.digest.remove(&before.hash.0);
            batch.delete(&ROWS, &(lender.clone(), before.sequence));
        } else {
            self.rows += 1;
        }
        let hash = row_hash(self.lender, row);
        self.digest.add(&hash.0);
        self.sequence = row.sequence;
        let head = RowHead { sequence: row.sequence, version: row.version, hash };
        self.heads.insert(row.row_id, head);
        batch.put(&ROW_HEADS, &key, &head);
        batch.put(&BY_LOCATOR, &(row.locator.0, lender.clone(), row.row_id), &row.sequence);
        batch.put(&ROWS, &(lender, row.sequence), row);
        Ok(())
    }

    /// Writes what changed into `head`: sequence number, count, digest.
    pub(super) fn finish(self, head: &mut FeedHead) {
        head.sequence = self.sequence;
        head.rows = self.rows;
        head.digest = self.digest.to_bytes().to_vec();
    }

    pub(super) fn digest(&self) -> Digest {
        Digest(self.digest.digest())
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }
}
