//! Putting rows into a feed: the newest version of a row id stands, count and set digest follow.

use std::collections::BTreeMap;

use super::tables::{ASIDE_HEADS, ASIDE_ROWS, BY_LOCATOR, ROW_HEADS, ROWS, RowHead};
use crate::digest::Digest;
use crate::feed_state::{self, RowParts};
use crate::limits::FEED_PAGE_ROWS_MAX;
use crate::merkle::SetDigest;
use crate::model::member::MemberId;
use crate::store::{Store, StoreBatch, StoreError, TableKey as _};
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

/// Where rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Into the feed.
    Feed,
    /// Aside, on top of the feed, which stays as it is until a signed state covers them.
    Aside,
}

/// Count, digest and end of a set of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    /// Highest sequence number.
    pub(super) sequence: u64,
    /// Number of live rows.
    pub(super) rows: u64,
    /// Set digest of the live rows.
    pub(super) digest: SetDigest,
}

impl Sum {
    /// Reads what a table holds of it.
    pub(super) fn new(sequence: u64, rows: u64, digest: &[u8]) -> Self {
        let digest = SetDigest::from_bytes(digest).expect("a stored digest has its length");
        Self { sequence, rows, digest }
    }

    /// The digest as a state has it.
    pub(super) fn digest(&self) -> Digest {
        Digest(self.digest.digest())
    }

    /// The digest as a table has it.
    pub(super) fn digest_bytes(&self) -> Vec<u8> {
        self.digest.to_bytes().to_vec()
    }
}

/// Rows on their way into a feed, in one batch.
pub(super) struct Insertion<'a> {
    store: &'a Store,
    lender: &'a MemberId,
    place: Place,
    sum: Sum,
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
    pub(super) fn new(store: &'a Store, lender: &'a MemberId, place: Place, sum: Sum) -> Self {
        Self { store, lender, place, sum, heads: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, row: &FeedRow, batch: &mut StoreBatch) -> Result<(), InsertError> {
        if row.sequence <= self.sum.sequence {
            return Err(InsertError::OutOfOrder);
        }
        let lender = self.lender.to_string();
        let key = (lender.clone(), row.row_id);
        let (before, there) = self.before(&key)?;
        if let Some(before) = before {
            if row.version <= before.version {
                return Err(InsertError::Replayed);
            }
            self.sum.digest.remove(&before.hash.0);
            match (self.place, there) {
                (Place::Feed, _) => batch.delete(&ROWS, &(lender.clone(), before.sequence)),
                (Place::Aside, Place::Aside) => batch.delete(&ASIDE_ROWS, &(lender.clone(), before.sequence)),
                // The feed stays as it is.
                (Place::Aside, Place::Feed) => batch,
            };
        } else {
            self.sum.rows += 1;
        }
        let hash = row_hash(self.lender, row);
        self.sum.digest.add(&hash.0);
        self.sum.sequence = row.sequence;
        let head = RowHead { sequence: row.sequence, version: row.version, hash };
        self.heads.insert(row.row_id, head);
        match self.place {
            Place::Feed => batch
                .put(&ROW_HEADS, &key, &head)
                .put(&BY_LOCATOR, &(row.locator.0, lender.clone(), row.row_id), &row.sequence)
                .put(&ROWS, &(lender, row.sequence), row),
            Place::Aside => {
                batch.put(&ASIDE_HEADS, &key, &head).put(&ASIDE_ROWS, &(lender, row.sequence), row)
            }
        };
        Ok(())
    }

    /// Takes out what lies behind a horizon, `from` excluded and `horizon` included, and was not superseded by a row that
    /// was added. Gives how many.
    pub(super) fn expire(
        &mut self,
        from: u64,
        horizon: u64,
        batch: &mut StoreBatch,
    ) -> Result<u64, StoreError> {
        let mut expired = 0;
        if horizon <= from {
            return Ok(expired);
        }
        let lender = self.lender.to_string();
        for place in [Place::Feed, Place::Aside] {
            if (self.place, place) == (Place::Feed, Place::Aside) {
                continue;
            }
            let table = if place == Place::Feed { &ROWS } else { &ASIDE_ROWS };
            let mut after = (lender.clone(), 0);
            'pages: loop {
                let page =
                    self.store.scan_prefix(table, &lender.to_bytes(), Some(&after), FEED_PAGE_ROWS_MAX)?;
                let Some((last, _)) = page.last() else { break };
                after = last.clone();
                for (key, row) in page {
                    if key.1 > horizon {
                        break 'pages;
                    }
                    let key = (key.0, row.row_id);
                    let (Some(head), _) = self.before(&key)? else { continue };
                    if head.sequence != row.sequence {
                        continue;
                    }
                    self.sum.digest.remove(&head.hash.0);
                    self.sum.rows -= 1;
                    expired += 1;
                    if self.place == Place::Feed {
                        batch.delete(&ROWS, &(key.0.clone(), row.sequence));
                        batch.delete(&ROW_HEADS, &key);
                        batch.delete(&BY_LOCATOR, &(row.locator.0, key.0, key.1));
                    }
                }
            }
        }
        Ok(expired)
    }

    /// The version that a row supersedes, and where it lies.
    fn before(&self, key: &(String, [u8; 16])) -> Result<(Option<RowHead>, Place), StoreError> {
        if let Some(head) = self.heads.get(&key.1) {
            return Ok((Some(*head), self.place));
        }
        if self.place == Place::Aside
            && let Some(head) = self.store.get(&ASIDE_HEADS, key)?
        {
            return Ok((Some(head), Place::Aside));
        }
        Ok((self.store.get(&ROW_HEADS, key)?, Place::Feed))
    }

    /// What the rows come to now.
    pub(super) fn sum(&self) -> &Sum {
        &self.sum
    }
}
