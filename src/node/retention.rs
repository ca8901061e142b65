//! What leaves the feed because its time is over: ended facilities after the policy's period, and then the traces of
//! withdrawn rows, old footprints and whatever else nobody published again.
//!
//! Looked at once a day. A facility whose period has passed goes with the next version of its client's rows. For the
//! rest the lender moves its feed's horizon: what lies behind it is no part of the feed any more, at anybody's, whether
//! or not it was there to see what happened to it. What is to stay is published again first.

use std::sync::atomic::Ordering;

use super::Node;
use super::publish::PublishError;
use super::tables::{FEED_MARKS, RETENTION_DONE};
use crate::digest::TransactionId;
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::leaf::Leaf;
use crate::store::{Durability, StoreBatch, StoreError};

/// Days that a month of footprints may be longer than the days for which they are read.
const MONTH_DAYS: u32 = 31;

/// What a look at retention did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Clients that wait to be published because of it.
    pub clients: u64,
    /// Rows that have left the feed.
    pub rows: u64,
    /// Whether the day is done: nothing waits, and everything whose time is over has left.
    pub done: bool,
}

impl Node {
    /// Looks, once a day, for what has to leave the feed because its time is over. To be called again until it is done;
    /// in between the clients that it marked are published. What a crash cuts off is looked at again.
    pub fn look_at_retention(&self) -> Result<Retained, PublishError> {
        let now = self.clock.now();
        let today = day_number(Day::of(now));
        let horizon = self.horizon_wanted(today)?;
        // What is published may be newer than the book: nothing of the book goes over it because of its age.
        if self.is_book_behind_feed()? {
            return Ok(Retained::default());
        }
        self.horizon.store(horizon, Ordering::SeqCst);
        if self.store.get(&RETENTION_DONE, &())? == Some(today) {
            return Ok(Retained { done: true, ..Retained::default() });
        }
        let Some(epoch) = self.roster().current_epoch().cloned() else { return Ok(Retained::default()) };
        let mut failed = None;
        let clients = self.book.mark_waiting(|client| match self.is_due(&epoch, client, now) {
            Ok(due) => due,
            Err(error) => {
                failed = Some(error);
                false
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let disputes = self.renew_dispute_rows()?;
        if clients > 0 || disputes > 0 || self.dispute_rows_due()? || self.book.pending_count()? > 0 {
            self.pending.notify_one();
            return Ok(Retained { clients, ..Retained::default() });
        }
        let rows = self.expire(horizon)?;
        let mut batch = StoreBatch::new();
        batch.put(&RETENTION_DONE, &(), &today);
        self.store.commit(batch, Durability::Synced)?;
        Ok(Retained { clients: 0, rows, done: true })
    }

    /// Sequence number up to which every row is older than any trace is kept; and a mark for today, how far the feed is.
    fn horizon_wanted(&self, today: u32) -> Result<u64, StoreError> {
        let policy = self.roster();
        let policy = policy.policy();
        let kept = policy.retention.tombstone_days.max(policy.inquiry.footprint_days + MONTH_DAYS);
        let limit = today.saturating_sub(kept);
        let marks = self.store.scan_prefix(&FEED_MARKS, &[], None, usize::MAX)?;
        let mut batch = StoreBatch::new();
        if !marks.iter().any(|(day, _)| *day == today) {
            batch.put(&FEED_MARKS, &today, &self.feeds.head(&self.me)?.sequence);
        }
        // A mark says what was there on its day: it counts from the day after.
        let over: Vec<(u32, u64)> = marks.into_iter().filter(|(day, _)| *day < limit).collect();
        for (day, _) in over.iter().rev().skip(1) {
            batch.delete(&FEED_MARKS, day);
        }
        self.store.commit(batch, Durability::Synced)?;
        Ok(over.last().map_or(0, |(_, sequence)| *sequence))
    }

    /// Moves the horizon of the own feed. Gives how many rows left.
    fn expire(&self, horizon: u64) -> Result<u64, LogError> {
        if self.feeds.oldest(&self.me)?.is_none_or(|oldest| oldest > horizon) {
            return Ok(0);
        }
        let before = self.feeds.state(&self.me)?.map_or(0, |state| state.expired);
        let (now, feed) = (self.clock.now(), std::sync::Arc::clone(&self.own_feed));
        let transaction = TransactionId::random(&*self.entropy);
        self.log.append(Box::new(move |_, batch| {
            let state = feed.expire(horizon, now, batch)?;
            Ok(vec![Leaf::new(now, transaction, state)])
        }))?;
        self.published.send_modify(|count| *count += 1);
        let after = self.feeds.state(&self.me)?.map_or(0, |state| state.expired);
        tracing::info!(rows = after - before, horizon, "rows have left the own feed: their time is over");
        Ok(after - before)
    }

    /// Whether a row of the own feed that is to stay lies where rows are about to expire.
    pub(super) fn is_behind_horizon(&self, row_id: &[u8; 16]) -> Result<bool, StoreError> {
        let horizon = self.horizon.load(Ordering::SeqCst);
        if horizon == 0 {
            return Ok(false);
        }
        Ok(self.feeds.sequence_of(&self.me, row_id)?.is_some_and(|sequence| sequence <= horizon))
    }
}

/// Days since 1970-01-01; before that there were no feeds.
fn day_number(day: Day) -> u32 {
    u32::try_from(day.days()).unwrap_or(0)
}
