//! Rows tried out: what a feed would be with them, before any of them is written.

use super::Feeds;
use super::row::{InsertError, Insertion};
use crate::feed_state::FeedState;
use crate::model::member::MemberId;
use crate::store::{StoreBatch, StoreError};
use crate::wire::message::FeedRow;

/// A feed with more rows than it has. Of a row it keeps what the digest needs: about 100 bytes.
pub struct Trial<'a> {
    insertion: Insertion<'a>,
}

impl std::fmt::Debug for Trial<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial").field("sequence", &self.insertion.sequence()).finish_non_exhaustive()
    }
}

impl Feeds {
    /// A trial behind what is held of a lender's feed.
    pub fn trial<'a>(&'a self, lender: &'a MemberId) -> Result<Trial<'a>, StoreError> {
        let head = self.head(lender)?;
        Ok(Trial { insertion: Insertion::new(&self.store, lender, &head) })
    }
}

impl Trial<'_> {
    /// Adds a row. False when it does not fit behind what is there.
    pub fn add(&mut self, row: &FeedRow) -> Result<bool, StoreError> {
        match self.insertion.add(row, &mut StoreBatch::new()) {
            Ok(()) => Ok(true),
            Err(InsertError::Store(error)) => Err(error),
            Err(InsertError::OutOfOrder | InsertError::Replayed) => Ok(false),
        }
    }

    /// The highest sequence number so far.
    pub fn sequence(&self) -> u64 {
        self.insertion.sequence()
    }

    /// Whether the feed would be the one of which the lender signed that state.
    pub fn equals(&self, state: &FeedState) -> bool {
        (self.insertion.sequence(), self.insertion.rows()) == (state.sequence, state.rows)
            && self.insertion.digest() == state.digest
    }
}
