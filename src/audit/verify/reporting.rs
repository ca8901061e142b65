//! Reporting evaluations against what was published: who evaluates identifiers as if to report them, and publishes
//! nothing under them, has looked people up.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use super::double_entry::Ledger;
use super::facts::{Batch, Log};
use super::feeds::Copy;
use super::footprints::{Left, left_up_to};
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::limits::{
    AUDIT_PUBLISHING_SECONDS, AUDIT_REPORTING_GRACE_SECONDS, AUDIT_REPORTING_SLACK_MIN,
    AUDIT_REPORTING_SLACK_PERCENT,
};
use crate::model::leaf::EvaluationKind;
use crate::model::member::MemberId;

pub(super) fn check(
    audit: &Audit<'_>,
    ledger: &Ledger<'_>,
    copies: &BTreeMap<MemberId, Copy>,
    left: &Left,
    report: &mut Report,
) {
    for log in audit.logs.values() {
        let mut by_epoch: BTreeMap<u32, Vec<(u64, &Batch)>> = BTreeMap::new();
        for (index, batch) in &log.facts.batches {
            by_epoch.entry(batch.epoch).or_default().push((*index, batch));
        }
        let first_of: BTreeMap<u32, u64> =
            by_epoch.iter().map(|(epoch, batches)| (*epoch, batches[0].0)).collect();
        for (epoch, batches) in by_epoch {
            let next_epoch = first_of.range(epoch + 1..).next().map(|(_, leaf)| *leaf);
            let epoch = Reported { log, epoch, batches: &batches, published: growth(log), next_epoch };
            epoch.judge(audit, ledger, copies.get(&log.member), left, report);
        }
    }
}

/// Leaf and sequence number of each feed state that covers newly published clients: footprints are published too, and
/// carry the transaction of their opening.
fn growth(log: &Log) -> Vec<(u64, u64)> {
    let openings: BTreeSet<_> = log.facts.openings.values().map(|opening| opening.transaction).collect();
    let mut before = 0;
    let mut grown = Vec::new();
    for state in &log.facts.states {
        if state.sequence > before && !openings.contains(&state.transaction) {
            grown.push((state.index, state.sequence));
        }
        before = state.sequence;
    }
    grown
}

/// What one lender reported in one epoch.
struct Reported<'a> {
    log: &'a Log,
    epoch: u32,
    /// By leaf, in order; at least one.
    batches: &'a [(u64, &'a Batch)],
    published: Vec<(u64, u64)>,
    /// Leaf of its first batch in a later epoch.
    next_epoch: Option<u64>,
}

impl Reported<'_> {
    fn judge(
        &self,
        audit: &Audit<'_>,
        ledger: &Ledger<'_>,
        copy: Option<&Copy>,
        left: &Left,
        report: &mut Report,
    ) {
        let Self { log, epoch, batches, .. } = self;
        let member = &log.member;
        let Some(copy) = copy else {
            let words = format!(
                "Nobody brought the rows of {member}: its {} reporting batches could not be compared with them.",
                batches.len()
            );
            return report.note(Some(member), words);
        };
        // Only what enough key holders helped with gave locators; the others are asked again, with other points.
        let needed = audit.rosters.threshold(*epoch).unwrap_or(usize::MAX);
        let held = audit.rosters.holders(*epoch).into_iter().filter(|one| audit.logs.contains_key(*one));
        if held.count() < needed {
            let words = format!(
                "The logs of too few key holders are here to say which of the {} reporting batches of {member} \
                 were evaluated.",
                batches.len()
            );
            return report.note(Some(member), words);
        }
        let served = |index: u64| ledger.holders_of(member, index, EvaluationKind::Reporting).len() >= needed;
        let last = batches.last().expect("an epoch is listed with its batches");
        let waits = log.ended_at.seconds_since(last.1.time) <= AUDIT_REPORTING_GRACE_SECONDS;
        if !served(last.0) && waits {
            let words = format!(
                "{member} was publishing when its log was exported, or waits for key holders, or their logs are \
                 missing here or end before: its reporting batches could not be compared with its rows yet."
            );
            return report.note(Some(member), words);
        }
        let counted: Vec<(u64, u64)> = batches
            .iter()
            .filter(|(index, batch)| served(*index) && self.settled(*index, batch, copy))
            .map(|(index, batch)| (*index, u64::from(batch.points.count)))
            .collect();
        let evaluated: u64 = counted.iter().map(|(_, points)| points).sum();
        let footprints = left.get(member);
        let reported = |locator| footprints.is_none_or(|footprints| !footprints.contains(locator));
        // Rows, not locators: a person who has two client numbers is asked for, and has a row, under each.
        let rows = copy.locators.get(epoch).into_iter().flatten();
        let rows: u64 = rows.filter(|(locator, _)| reported(*locator)).map(|(_, rows)| rows).sum();
        // Rows whose time was over lay under locators too; footprints among them were nobody's report.
        let expired = copy.expired.saturating_sub(left_up_to(log, copy.horizon));
        let rows = rows + expired;
        let expected = rows + rows * AUDIT_REPORTING_SLACK_PERCENT / 100;
        if evaluated <= expected {
            return;
        }
        let lost: Vec<(u64, u64)> =
            counted.iter().filter(|(index, _)| self.may_be_lost(*index)).copied().collect();
        let lost_points: u64 = lost.iter().map(|(_, points)| points).sum();
        if evaluated <= expected + lost_points {
            let leaves: Vec<String> = lost.iter().map(|(index, _)| index.to_string()).collect();
            let words = format!(
                "{member} had {} more identifiers evaluated than it reported, and may have asked for some twice: \
                 replies were lost with what a node knew of them, keys were made anew, or a point was erased before \
                 it was evaluated. Draw these batches first (leaves {}).",
                evaluated - rows,
                leaves.join(", ")
            );
            return report.note(Some(member), words);
        }
        if evaluated <= rows + AUDIT_REPORTING_SLACK_MIN {
            let words = format!(
                "{member} had {} more identifiers evaluated than it reported (epoch {epoch}): as few as may have been \
                 corrected, or their loans gone, before they were published.",
                evaluated - rows
            );
            return report.note(Some(member), words);
        }
        let words = format!(
            "{evaluated} identifiers were evaluated as if to report them (epoch {epoch}, {} batches), and the feed \
             has {rows} rows of clients. {} identifiers were evaluated and never reported; {} of \
             them may have been asked for twice. The institution must explain every point of these \
             batches.",
            counted.len(),
            evaluated - rows,
            lost_points
        );
        report.finding(member, Rule::ExcessReportingEvaluations, words);
    }

    /// Whether what a batch located had been published, within what the copy covers, or never will be.
    fn settled(&self, index: u64, batch: &Batch, copy: &Copy) -> bool {
        let old = copy.time.seconds_since(batch.time) > AUDIT_PUBLISHING_SECONDS;
        old || self.published.iter().any(|(leaf, sequence)| *leaf > index && *sequence <= copy.sequence)
    }

    /// Replies of which a node knew nothing any more once it went on: a log that came back without what was written
    /// beside it, or a node of before batches were asked for again. Then the next batch is as large, and no client was
    /// published between the two. Those of the last batch before new keys are of no use to anybody. And whose point was
    /// erased before its evaluation came is asked for with another.
    fn may_be_lost(&self, index: u64) -> bool {
        let Some(place) = self.batches.iter().position(|(leaf, _)| *leaf == index) else { return false };
        let none_before = |next: u64| !self.published.iter().any(|(leaf, _)| *leaf > index && *leaf < next);
        let mut erasures = self.log.facts.erased.iter().filter(|erased| erased.of.index == index);
        if erasures.any(|erased| none_before(erased.index)) {
            return true;
        }
        match (self.batches.get(place + 1), self.next_epoch) {
            (Some((next, again)), _) => {
                none_before(*next) && again.points.count >= self.batches[place].1.points.count
            }
            (None, Some(next)) => none_before(next),
            (None, None) => false,
        }
    }
}
