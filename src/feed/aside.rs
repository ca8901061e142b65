//! Rows that lie aside until a signed state covers them: so that a carrier that sends anything but the lender's rows
//! costs the rows held nothing, and answers nothing.

use super::follow::cover;
use super::row::{InsertError, Insertion, Place};
use super::tables::{ASIDE, ASIDE_HEADS, ASIDE_ROWS, Aside, HEADS};
use super::{FeedError, Feeds};
use crate::clock::UnixTime;
use crate::feed_state::FeedState;
use crate::limits::{CATCH_UP_SECONDS_MAX, FEED_PAGE_ROWS_MAX};
use crate::model::member::MemberId;
use crate::signing::SignedObject as _;
use crate::store::{Durability, StoreBatch, StoreError, TableKey};

/// A catching up that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatchingUp {
    /// Who carries it.
    pub carrier: MemberId,
    /// When its first page came.
    pub begun: UnixTime,
    /// When its last page came.
    pub taken: UnixTime,
    /// Highest sequence number that came.
    pub sequence: u64,
}

impl CatchingUp {
    /// Whether its carrier goes before all others, the lender too, for another would begin again. Not for ever: one that
    /// brings it as slowly as it can would keep the others from it.
    pub fn goes_first(&self, now: UnixTime) -> bool {
        now.seconds_since(self.begun) < CATCH_UP_SECONDS_MAX
    }
}

impl Feeds {
    /// The catching up with a lender's feed that is under way, if one is.
    pub fn catching_up(&self, lender: &MemberId) -> Result<Option<CatchingUp>, StoreError> {
        let aside = self.store.get(&ASIDE, &lender.to_string())?;
        let begun =
            |Aside { carrier, begun, taken, sequence, .. }| CatchingUp { carrier, begun, taken, sequence };
        Ok(aside.map(begun))
    }

    /// Drops what came of a feed and is not covered. What is covered stays as it is.
    pub fn drop_uncovered(&self, lender: &MemberId) -> Result<(), StoreError> {
        let lock = self.lock(lender);
        let _one_at_a_time = lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.drop_aside(lender)
    }

    /// What lies aside, if `carrier` brought it; what another brought is dropped, for rows of two carriers that are not
    /// the lender's could be either's.
    pub(super) fn aside_of(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
    ) -> Result<Option<Aside>, StoreError> {
        match self.store.get(&ASIDE, &lender.to_string())? {
            Some(aside) if &aside.carrier == carrier => Ok(Some(aside)),
            _ => {
                self.drop_aside(lender)?;
                Ok(None)
            }
        }
    }

    pub(super) fn drop_aside(&self, lender: &MemberId) -> Result<(), StoreError> {
        let name = lender.to_string();
        let prefix = name.to_bytes();
        if self.store.contains(&ASIDE, &name)? {
            // First, so that rows that a crash leaves behind count for nothing.
            let mut batch = StoreBatch::new();
            batch.delete(&ASIDE, &name);
            self.store.commit(batch, Durability::Unsynced)?;
        }
        loop {
            let rows = self.store.scan_prefix_damaged(&ASIDE_ROWS, &prefix, None, FEED_PAGE_ROWS_MAX)?;
            let heads = self.store.scan_prefix_damaged(&ASIDE_HEADS, &prefix, None, FEED_PAGE_ROWS_MAX)?;
            if rows.is_empty() && heads.is_empty() {
                return Ok(());
            }
            let mut batch = StoreBatch::new();
            for (key, _) in &rows {
                batch.delete(&ASIDE_ROWS, key);
            }
            for (key, _) in &heads {
                batch.delete(&ASIDE_HEADS, key);
            }
            self.store.commit(batch, Durability::Unsynced)?;
        }
    }

    /// Moves rows that lie aside into the feed, once a state was found to cover them; also what a crash cut off.
    pub fn settle(&self, lender: &MemberId, now: UnixTime) -> Result<(), FeedError> {
        let name = lender.to_string();
        let Some(Aside { covered_by: Some(signed), .. }) = self.store.get(&ASIDE, &name)? else {
            return Ok(());
        };
        let state = FeedState::parse(signed.bytes()).expect("it was verified before it was kept");
        let mut after = None;
        loop {
            let rows =
                self.store.scan_prefix(&ASIDE_ROWS, &name.to_bytes(), after.as_ref(), FEED_PAGE_ROWS_MAX)?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(last.clone());
            let mut head = self.head(lender)?;
            let mut batch = StoreBatch::new();
            let mut insertion = Insertion::new(&self.store, lender, Place::Feed, head.sum());
            for (key, row) in &rows {
                // They fitted when they came; if one does not now, the end below tells that the disk is at fault.
                if let Err(InsertError::Store(error)) = insertion.add(row, &mut batch) {
                    return Err(error.into());
                }
                batch.delete(&ASIDE_ROWS, key).delete(&ASIDE_HEADS, &(name.clone(), row.row_id));
            }
            head.set_sum(insertion.sum());
            batch.put(&HEADS, &name, &head);
            self.store.commit(batch, Durability::Unsynced)?;
        }
        let mut head = self.head(lender)?;
        let mut batch = StoreBatch::new();
        let mut insertion = Insertion::new(&self.store, lender, Place::Feed, head.sum());
        insertion.expire(head.horizon(), state.horizon, &mut batch)?;
        let sum = insertion.sum().clone();
        batch.delete(&ASIDE, &name);
        let equal = (sum.rows, sum.digest()) == (state.rows, state.digest);
        if equal {
            cover(&mut head, &sum, &signed, state);
        } else {
            head.differs_since = head.differs_since.or(Some(now));
        }
        batch.put(&HEADS, &name, &head);
        self.store.commit(batch, Durability::Unsynced)?;
        if equal { Ok(()) } else { Err(FeedError::Rotten(lender.clone())) }
    }
}
