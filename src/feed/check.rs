//! Comparing a feed with its rows on disk: a running digest does not see a row that rots.

use std::collections::BTreeMap;

use super::tables::{BY_LOCATOR, FeedHead, HEADS, ROW_HEADS, ROWS, RowHead};
use super::{Feeds, OwnFeed, row_hash};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::{FEED_PAGE_ROWS_MAX, ROTTEN_ROWS_MAX};
use crate::merkle::SetDigest;
use crate::model::member::MemberId;
use crate::store::{StoreBatch, StoreError, TableKey};
use crate::wire::message::FeedRow;

/// Times that a feed which changes under the comparison is compared again.
const ATTEMPTS: usize = 3;

/// A row that is not on disk as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RottenRow {
    /// Names the row.
    pub row_id: [u8; 16],
    /// Its sequence number.
    pub sequence: u64,
    /// Its version.
    pub version: u64,
    /// The hash of the row as it was published.
    pub hash: Digest,
}

/// What a comparison with the disk gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whether the rows, where to find them, and their count and digest are those of the head.
    pub sound: bool,
    /// Rows that are missing or not what was written, as far as what is kept beside them tells; not all of very many.
    pub rotten: Vec<RottenRow>,
    /// Whether the rows are those of the head, and something is missing beside them: that can be made from them again.
    pub only_beside: bool,
}

impl Feeds {
    /// Whether the rows on disk, and the index by which they are found, are those of the head. A feed that changes all
    /// the while is not judged.
    pub fn verify(&self, lender: &MemberId) -> Result<bool, StoreError> {
        Ok(self.check(lender)?.sound)
    }

    /// The same, and which rows are not what was written.
    pub fn check(&self, lender: &MemberId) -> Result<Checked, StoreError> {
        for _ in 0..ATTEMPTS {
            let head = self.head(lender)?;
            let checked = self.check_against(lender, &head)?;
            if checked.sound {
                return Ok(checked);
            }
            let now = self.head(lender)?;
            if (now.sequence, now.rows, now.digest) == (head.sequence, head.rows, head.digest) {
                return Ok(checked);
            }
        }
        Ok(Checked { sound: true, ..Checked::default() })
    }

    fn check_against(&self, lender: &MemberId, head: &FeedHead) -> Result<Checked, StoreError> {
        let prefix = lender.to_string().to_bytes();
        let (mut digest, mut count, mut found) = (SetDigest::new(), 0u64, true);
        let mut after = None;
        loop {
            let page = self.store.scan_prefix_damaged(&ROWS, &prefix, after.as_ref(), FEED_PAGE_ROWS_MAX)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for ((name, sequence), row) in page {
                let Some(row) = row.filter(|row| row.sequence == sequence) else {
                    found = false;
                    continue;
                };
                digest.add(&row_hash(lender, &row).0);
                count += 1;
                let place = (row.locator.0, name, row.row_id);
                found &= matches!(self.store.get(&BY_LOCATOR, &place), Ok(Some(at)) if at == sequence);
            }
        }
        let (beside, rotten) = self.rotten_rows(lender)?;
        let equal = (count, &digest.to_bytes()[..]) == (head.rows, &head.digest[..]);
        let sound = found && equal && beside == count && rotten.is_empty();
        Ok(Checked { sound, rotten, only_beside: equal && !sound })
    }

    /// How many rows have something beside them, and those that are not what it says.
    fn rotten_rows(&self, lender: &MemberId) -> Result<(u64, Vec<RottenRow>), StoreError> {
        let prefix = lender.to_string().to_bytes();
        let (mut count, mut rotten) = (0, Vec::new());
        let mut after = None;
        loop {
            let page =
                self.store.scan_prefix_damaged(&ROW_HEADS, &prefix, after.as_ref(), FEED_PAGE_ROWS_MAX)?;
            let Some((last, _)) = page.last() else { return Ok((count, rotten)) };
            after = Some(last.clone());
            for ((name, row_id), head) in page {
                let Some(RowHead { sequence, version, hash }) = head else { continue };
                count += 1;
                let row = self.store.get(&ROWS, &(name.clone(), sequence));
                let is_sound = matches!(&row, Ok(Some(row)) if self.is_whole(lender, &name, row, &hash));
                if !is_sound && rotten.len() < ROTTEN_ROWS_MAX {
                    rotten.push(RottenRow { row_id, sequence, version, hash });
                }
            }
        }
    }

    fn is_whole(&self, lender: &MemberId, name: &str, row: &FeedRow, hash: &Digest) -> bool {
        let place = (row.locator.0, name.to_owned(), row.row_id);
        let found = matches!(self.store.get(&BY_LOCATOR, &place), Ok(Some(at)) if at == row.sequence);
        found && &row_hash(lender, row) == hash
    }
}

impl OwnFeed {
    /// Notes that rows of the own feed are not what was published, or that they are again. To be called while nobody
    /// else appends to the log, with the batch of that append.
    pub fn note_rot(&self, since: Option<UnixTime>, batch: &mut StoreBatch) -> Result<(), StoreError> {
        let name = self.lender.to_string();
        let mut head = match batch.written(&HEADS, &name)? {
            Some(head) => head,
            None => self.store.get(&HEADS, &name)?.unwrap_or_default(),
        };
        let differs_since = since.map(|now| head.differs_since.unwrap_or(now));
        if head.differs_since != differs_since {
            head.differs_since = differs_since;
            batch.put(&HEADS, &name, &head);
        }
        Ok(())
    }

    /// Makes again what stands beside the rows, from rows that were found to be those of the head. To be called like
    /// [`OwnFeed::note_rot`].
    pub fn mend_beside(&self, batch: &mut StoreBatch) -> Result<(), StoreError> {
        let prefix = self.lender.to_string().to_bytes();
        let mut after = None;
        loop {
            let page = self.store.scan_prefix(&ROWS, &prefix, after.as_ref(), FEED_PAGE_ROWS_MAX)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            for ((name, sequence), row) in page {
                let head = RowHead { sequence, version: row.version, hash: row_hash(&self.lender, &row) };
                let key = (name, row.row_id);
                if !matches!(self.store.get(&ROW_HEADS, &key), Ok(Some(there)) if there == head) {
                    batch.put(&ROW_HEADS, &key, &head);
                }
                let place = (row.locator.0, key.0, key.1);
                if !matches!(self.store.get(&BY_LOCATOR, &place), Ok(Some(at)) if at == sequence) {
                    batch.put(&BY_LOCATOR, &place, &sequence);
                }
            }
        }
    }

    /// Puts back rotten rows from copies of them. A copy that is not the row, or whose row was superseded meanwhile, is
    /// left aside. To be called like [`OwnFeed::note_rot`]. Gives how many were put back.
    pub fn restore(
        &self,
        rotten: &[RottenRow],
        copies: &[FeedRow],
        batch: &mut StoreBatch,
    ) -> Result<usize, StoreError> {
        let name = self.lender.to_string();
        let by_sequence: BTreeMap<u64, &RottenRow> = rotten.iter().map(|row| (row.sequence, row)).collect();
        let mut restored = 0;
        for row in copies {
            let Some(lost) = by_sequence.get(&row.sequence) else { continue };
            let head = self.store.get(&ROW_HEADS, &(name.clone(), row.row_id))?;
            let stands = head.is_some_and(|head| (head.sequence, head.hash) == (lost.sequence, lost.hash));
            if stands && row_hash(&self.lender, row) == lost.hash {
                batch.put(&ROWS, &(name.clone(), row.sequence), row);
                batch.put(&BY_LOCATOR, &(row.locator.0, name.clone(), row.row_id), &row.sequence);
                restored += 1;
            }
        }
        Ok(restored)
    }
}
