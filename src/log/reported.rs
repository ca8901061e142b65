//! What the leaves of a log say about reporting, day by day: for how many identifiers its owner asked in order to report
//! them, and by how many rows its feed grew. For own and mirrored logs alike, so that every holder of the log counts the
//! same.
//!
//! A day is that of the leaf, never before that of an earlier leaf, and never after this node's own: who sets the clock
//! of its log back lives through the same days only later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tables::{REPORTED, REPORTED_HEADS};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::model::day::Day;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::store::{Store, StoreBatch, StoreError, TableKey as _};

/// One day of a log. Days on which nothing of it happened are not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedDay {
    /// Index of its first leaf that counts.
    pub first: u64,
    /// Points of its reporting batches.
    pub points: u64,
    /// Rows by which the feed grew, footprints left out.
    pub rows: u64,
    /// Points that were logged before and may be asked for again without a new row: after a recovery from an older copy
    /// the locators are lost, and the rows are there.
    pub again: u64,
}

/// Where the count of a log stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReportedHead {
    /// The last day.
    day: u32,
    /// Rows of the feed by its last state.
    rows: u64,
    /// The highest sequence number of a state.
    sequence: u64,
    /// Transaction of the last opening: the state that bears it covers footprints.
    opening: Option<TransactionId>,
    /// Points of this day and the days before were given back once.
    given_back: Option<u32>,
}

/// Days of a log, the last `count` up to its newest, in order.
pub(super) fn days(
    store: &Store,
    owner: &MemberId,
    count: u32,
) -> Result<Vec<(u32, ReportedDay)>, StoreError> {
    let Some(head) = store.get(&REPORTED_HEADS, &owner.to_string())? else { return Ok(Vec::new()) };
    let before = (owner.to_string(), head.day.saturating_sub(count));
    let rows = store.scan_prefix(&REPORTED, &owner.to_string().to_bytes(), Some(&before), usize::MAX)?;
    Ok(rows.into_iter().map(|((_, day), row)| (day, row)).collect())
}

/// The last day of a log on which something was reported or asked for; none before the first.
pub(super) fn last_day(store: &Store, owner: &MemberId) -> Result<Option<u32>, StoreError> {
    Ok(store.get(&REPORTED_HEADS, &owner.to_string())?.map(|head| head.day))
}

/// Turns leaves, in order, into changes of the count.
pub(super) struct ReportedRecorder<'a> {
    store: &'a Store,
    owner: &'a MemberId,
    anew: bool,
    /// No leaf counts for a later day.
    latest: UnixTime,
    head: Option<ReportedHead>,
    days: BTreeMap<u32, ReportedDay>,
}

impl<'a> ReportedRecorder<'a> {
    pub(super) fn new(store: &'a Store, owner: &'a MemberId, anew: bool, latest: UnixTime) -> Self {
        Self { store, owner, anew, latest, head: None, days: BTreeMap::new() }
    }

    pub(super) fn record(&mut self, index: u64, leaf: &Leaf) -> Result<(), StoreError> {
        let mut head = match &leaf.body {
            LeafBody::ReportingBatch { .. }
            | LeafBody::InquiryOpened { .. }
            | LeafBody::FeedState { .. }
            | LeafBody::LogRecovered { .. } => self.head()?,
            _ => return Ok(()),
        };
        let day = Day::of(leaf.time.min(self.latest)).days();
        head.day = head.day.max(u32::try_from(day).unwrap_or(0));
        match &leaf.body {
            LeafBody::ReportingBatch { points, .. } => {
                self.day(head.day, index)?.points += u64::from(points.count);
            }
            LeafBody::FeedState { sequence, rows, .. } => {
                // Each new row takes a number.
                let numbers = sequence.saturating_sub(head.sequence);
                let grown = rows.saturating_sub(head.rows).min(numbers);
                head.sequence = head.sequence.max(*sequence);
                if grown > 0 && head.opening != Some(leaf.transaction) {
                    let day = self.day(head.day, index)?;
                    day.rows = day.rows.saturating_add(grown);
                }
                head.rows = *rows;
            }
            LeafBody::LogRecovered { had, .. } => {
                let again = self.points_from(had.size, head.given_back)?;
                self.day(head.day, index)?.again += again;
                head.given_back = Some(head.day);
            }
            LeafBody::InquiryOpened { .. } => head.opening = Some(leaf.transaction),
            _ => {}
        }
        self.head = Some(head);
        Ok(())
    }

    fn head(&self) -> Result<ReportedHead, StoreError> {
        match self.head {
            Some(head) => Ok(head),
            None if self.anew => Ok(ReportedHead::default()),
            None => Ok(self.store.get(&REPORTED_HEADS, &self.owner.to_string())?.unwrap_or_default()),
        }
    }

    fn day(&mut self, day: u32, index: u64) -> Result<&mut ReportedDay, StoreError> {
        if !self.days.contains_key(&day) {
            let key = (self.owner.to_string(), day);
            let kept = if self.anew { None } else { self.store.get(&REPORTED, &key)? };
            let begun = ReportedDay { first: index, ..ReportedDay::default() };
            self.days.insert(day, kept.unwrap_or(begun));
        }
        Ok(self.days.get_mut(&day).expect("it was put there"))
    }

    /// Points of the days that go beyond a leaf, the day of that leaf too, behind the day `after`.
    fn points_from(&self, index: u64, after: Option<u32>) -> Result<u64, StoreError> {
        let mut days = self.days.clone();
        if !self.anew {
            let mut before = None;
            // From the newest back, until the leaf is reached: mostly few.
            loop {
                let prefix = self.owner.to_string().to_bytes();
                let page = self.store.scan_prefix_back(&REPORTED, &prefix, before.as_ref(), 64)?;
                let Some((last, oldest)) = page.last().cloned() else { break };
                for ((_, day), row) in page {
                    days.entry(day).or_insert(row);
                }
                if oldest.first < index || Some(last.1) <= after {
                    break;
                }
                before = Some(last);
            }
        }
        let mut points: u64 = 0;
        for (_, row) in days.iter().rev().take_while(|(day, _)| Some(**day) > after) {
            points = points.saturating_add(row.points);
            if row.first < index {
                break;
            }
        }
        Ok(points)
    }

    pub(super) fn finish(self, batch: &mut StoreBatch) {
        let owner = self.owner.to_string();
        if let Some(head) = self.head {
            batch.put(&REPORTED_HEADS, &owner, &head);
        }
        for (day, row) in self.days {
            batch.put(&REPORTED, &(owner.clone(), day), &row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::model::leaf::{CheckpointReference, PointsReference};
    use crate::store::Durability;

    const DAY: i64 = 86_400;

    fn batch(count: u32) -> LeafBody {
        LeafBody::ReportingBatch { epoch: 1, points: PointsReference { count, digest: Digest([0; 32]) } }
    }

    fn state(sequence: u64, rows: u64) -> LeafBody {
        LeafBody::FeedState { hash: Digest([0; 32]), sequence, rows, as_of: None }
    }

    fn recovered(size: u64) -> LeafBody {
        let checkpoint = |size| CheckpointReference { size, root: Digest([0; 32]) };
        LeafBody::LogRecovered { had: checkpoint(size), recovered: checkpoint(size), again: 0 }
    }

    fn opened() -> LeafBody {
        let text = include_str!("../model/leaf/golden.jsonl");
        let leaf = text.lines().find(|line| line.contains("\"inquiry-opened\"")).unwrap();
        Leaf::from_bytes(leaf.as_bytes()).unwrap().body
    }

    /// The days that a log of these leaves (seconds, transaction, body) gives, `each` at a time.
    fn counted(leaves: &[(i64, u8, LeafBody)], each: usize, latest: i64) -> Vec<(u32, ReportedDay)> {
        let store = Store::memory(super::super::TABLES).unwrap();
        let owner: MemberId = "lender-a".parse().unwrap();
        for (place, page) in leaves.chunks(each).enumerate() {
            let mut recorder = ReportedRecorder::new(&store, &owner, false, UnixTime(latest));
            for (at, (time, transaction, body)) in page.iter().enumerate() {
                let leaf = Leaf::new(UnixTime(*time), TransactionId([*transaction; 16]), body.clone());
                recorder.record((place * each + at) as u64, &leaf).unwrap();
            }
            let mut batch = StoreBatch::new();
            recorder.finish(&mut batch);
            store.commit(batch, Durability::Synced).unwrap();
        }
        days(&store, &owner, 1_000).unwrap()
    }

    /// However the leaves arrive.
    fn days_of(leaves: &[(i64, u8, LeafBody)], latest: i64) -> Vec<(u32, u64, u64, u64)> {
        let all = counted(leaves, leaves.len(), latest);
        for each in 1..leaves.len() {
            assert_eq!(counted(leaves, each, latest), all, "{each} at a time");
        }
        all.into_iter().map(|(day, row)| (day, row.points, row.rows, row.again)).collect()
    }

    #[test]
    fn rows_count_as_growth_and_footprints_do_not() {
        let leaves = [
            (DAY + 10, 1, state(0, 0)),
            (DAY + 20, 2, batch(100)),
            (DAY + 30, 3, state(120, 98)),
            // Signed again, and rows whose time was over.
            (DAY + 40, 4, state(120, 98)),
            (DAY + 50, 5, state(121, 90)),
            (DAY + 60, 6, opened()),
            (DAY + 61, 6, state(124, 93)),
            (2 * DAY + 1, 7, batch(5)),
            (2 * DAY + 2, 8, state(129, 98)),
        ];
        assert_eq!(days_of(&leaves, 10 * DAY), [(1, 100, 98, 0), (2, 5, 5, 0)]);
    }

    #[test]
    fn rows_that_took_no_numbers_are_no_growth() {
        let leaves = [
            (DAY, 1, state(10, 10)),
            (DAY, 2, state(10, 500)),
            (DAY, 3, state(10, 10)),
            (DAY, 4, state(13, 500)),
        ];
        assert_eq!(days_of(&leaves, 10 * DAY), [(1, 0, 10 + 3, 0)]);
    }

    #[test]
    fn a_clock_that_is_set_back_or_ahead_wins_no_days() {
        let leaves =
            [(5 * DAY, 1, batch(1)), (DAY, 2, batch(2)), (90 * DAY, 3, batch(4)), (6 * DAY, 4, state(3, 3))];
        assert_eq!(days_of(&leaves, 7 * DAY), [(5, 3, 0, 0), (7, 4, 3, 0)]);
    }

    #[test]
    fn after_a_recovery_what_was_lost_may_be_asked_for_once_more() {
        let leaves = [
            (DAY, 1, batch(1)),
            (2 * DAY, 2, batch(2)),
            (2 * DAY, 3, state(3, 3)),
            (3 * DAY, 4, batch(4)),
            (4 * DAY, 5, recovered(3)),
            // Nothing twice.
            (4 * DAY, 6, recovered(0)),
            (5 * DAY, 7, batch(8)),
            (6 * DAY, 8, recovered(1)),
        ];
        let rows = days_of(&leaves, 9 * DAY);
        // The day of the third leaf counts whole, though its batch came before.
        assert_eq!(rows[3], (4, 0, 0, 4 + 2), "{rows:?}");
        assert_eq!(rows[5], (6, 0, 0, 8), "{rows:?}");
    }

    #[test]
    fn the_last_days_are_those_of_the_log() {
        let store = Store::memory(super::super::TABLES).unwrap();
        let owner: MemberId = "lender-a".parse().unwrap();
        assert_eq!(last_day(&store, &owner).unwrap(), None);
        let mut recorder = ReportedRecorder::new(&store, &owner, false, UnixTime(i64::MAX));
        for day in 0..40u8 {
            let leaf = Leaf::new(UnixTime(i64::from(day) * DAY), TransactionId([day; 16]), batch(1));
            recorder.record(u64::from(day), &leaf).unwrap();
        }
        let mut batch = StoreBatch::new();
        recorder.finish(&mut batch);
        store.commit(batch, Durability::Synced).unwrap();
        let last = days(&store, &owner, 30).unwrap();
        assert_eq!((last.len(), last[0].0, last[29].0), (30, 10, 39));
        assert_eq!(last_day(&store, &owner).unwrap(), Some(39));
        assert_eq!(days(&store, &"lender".parse().unwrap(), 30).unwrap(), []);
    }
}
