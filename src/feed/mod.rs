//! Feeds: for each lender the newest row per row id, in the order of an ever-growing sequence number, and the
//! set digest of the live rows, which the lender's signed state must equal.
//!
//! What each side may do to us: a lender, or whoever carries its rows, may send rows out of order, again, altered
//! or left out. Nothing of that reaches an answer: rows are used only up to a sequence number whose signed state
//! has the same count and digest as the copy here.

mod follow;
mod own;
mod row;
mod tables;

pub use follow::{FeedError, Followed};
pub use own::{NewRow, OwnFeed};
pub use row::row_hash;
pub use tables::{FeedHead, RowHead, StateConflict, TABLES};

use tables::{BY_LOCATOR, HEADS, ROWS};

use crate::model::member::MemberId;
use crate::store::{Store, StoreError, TableKey};
use crate::threshold::Locator;
use crate::wire::feed_state::FeedState;
use crate::wire::message::FeedRow;

/// Reads feeds, own and followed.
#[derive(Clone, Debug)]
pub struct Feeds {
    store: Store,
}

impl Feeds {
    /// The feeds in `store`.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// What is held of a lender's feed.
    pub fn head(&self, lender: &MemberId) -> Result<FeedHead, StoreError> {
        Ok(self.store.get(&HEADS, &lender.to_string())?.unwrap_or_default())
    }

    /// Rows of a feed after a sequence number, in order, at most `limit`.
    pub fn rows_after(
        &self,
        lender: &MemberId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<FeedRow>, StoreError> {
        let lender = lender.to_string();
        let prefix = lender.to_bytes();
        let rows = self.store.scan_prefix(&ROWS, &prefix, Some(&(lender, after)), limit)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Every row that lies under a locator and is covered by its lender's signed state, with its lender.
    pub fn under(&self, locator: &Locator, limit: usize) -> Result<Vec<(MemberId, FeedRow)>, StoreError> {
        let mut found = Vec::new();
        for ((_, lender, _), sequence) in self.store.scan_prefix(&BY_LOCATOR, &locator.0, None, limit)? {
            let Ok(member) = lender.parse::<MemberId>() else { continue };
            if sequence > self.head(&member)?.covered {
                continue;
            }
            if let Some(row) = self.store.get(&ROWS, &(lender, sequence))? {
                found.push((member, row));
            }
        }
        Ok(found)
    }

    /// The newest verified state of a feed.
    pub fn state(&self, lender: &MemberId) -> Result<Option<FeedState>, StoreError> {
        Ok(self.head(lender)?.state)
    }

    /// Recomputes count and digest from the rows on disk, for a running digest does not see a rotten row. Gives
    /// whether they are those of the head.
    pub fn verify(&self, lender: &MemberId) -> Result<bool, StoreError> {
        let head = self.head(lender)?;
        let mut digest = crate::merkle::SetDigest::new();
        let (mut after, mut count) = (0, 0);
        loop {
            let rows = self.rows_after(lender, after, crate::limits::FEED_PAGE_ROWS_MAX)?;
            let Some(last) = rows.last() else { break };
            after = last.sequence;
            for row in &rows {
                digest.add(&row_hash(lender, row).0);
                count += 1;
            }
        }
        Ok(count == head.rows && digest.to_bytes()[..] == head.digest[..])
    }
}
