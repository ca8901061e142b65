//! Reporting evaluations against what was published: who evaluates identifiers as if to report them, and publishes
//! nothing under them, has looked people up.

use std::collections::BTreeMap;

use super::Audit;
use super::double_entry::Ledger;
use super::facts::{Batch, Log};
use super::feeds::Copy;
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::limits::{AUDIT_PUBLISHING_SECONDS, AUDIT_REPORTING_GRACE_SECONDS, AUDIT_REPORTING_SLACK_PERCENT};
use crate::model::leaf::EvaluationKind;
use crate::model::member::MemberId;

pub(super) fn check(
    audit: &Audit<'_>,
    ledger: &Ledger<'_>,
    copies: &BTreeMap<MemberId, Copy>,
    report: &mut Report,
) {
    for log in audit.logs.values() {
        let mut by_epoch: BTreeMap<u32, Vec<(u64, &Batch)>> = BTreeMap::new();
        for (index, batch) in &log.facts.batches {
            by_epoch.entry(batch.epoch).or_default().push((*index, batch));
        }
        for (epoch, batches) in by_epoch {
            judge(audit, ledger, log, epoch, &batches, copies.get(&log.member), report);
        }
    }
}

fn judge(
    audit: &Audit<'_>,
    ledger: &Ledger<'_>,
    log: &Log,
    epoch: u32,
    batches: &[(u64, &Batch)],
    copy: Option<&Copy>,
    report: &mut Report,
) {
    let member = &log.member;
    let Some(copy) = copy else {
        let words = format!(
            "Nobody brought the rows of {member}: its {} reporting batches could not be compared with them.",
            batches.len()
        );
        return report.note(Some(member), words);
    };
    // Only what enough key holders helped with gave locators; the others are asked again, with other points.
    let needed = audit.rosters.threshold(epoch).unwrap_or(usize::MAX);
    let held = audit.rosters.holders(epoch).into_iter().filter(|holder| audit.logs.contains_key(*holder));
    if held.count() < needed {
        let words = format!(
            "The logs of too few key holders are here to say which of the {} reporting batches of {member} were \
             evaluated.",
            batches.len()
        );
        return report.note(Some(member), words);
    }
    let served = |index: u64| ledger.holders_of(member, index, EvaluationKind::Reporting).len() >= needed;
    let last = batches.last().expect("an epoch is listed with its batches");
    let waits = log.exported_at.seconds_since(last.1.time) <= AUDIT_REPORTING_GRACE_SECONDS;
    if !served(last.0) && waits {
        let words = format!(
            "{member} was publishing when its log was exported, or waits for key holders: its reporting batches are \
             compared with its rows next time."
        );
        return report.note(Some(member), words);
    }
    let settled = |index: u64, batch: &Batch| {
        // A round of publishing takes minutes; what is older was published, or never will be.
        let old = copy.time.seconds_since(batch.time) > AUDIT_PUBLISHING_SECONDS;
        old || published_since(log, index, copy)
    };
    let counted = batches.iter().filter(|(index, batch)| served(*index) && settled(*index, batch));
    let counts: Vec<u64> = counted.map(|(_, batch)| u64::from(batch.points.count)).collect();
    let evaluated: u64 = counts.iter().sum();
    let locators = copy.locators.get(&epoch).map_or(0, |locators| locators.len() as u64);
    let tolerated = locators * AUDIT_REPORTING_SLACK_PERCENT / 100 + lost(&counts);
    if evaluated > locators + tolerated {
        let words = format!(
            "{evaluated} identifiers were evaluated as if to report them (epoch {epoch}, {} batches), and the feed \
             has rows under {locators} locators; {tolerated} more are tolerated. {} identifiers were evaluated and \
             never reported: the institution must explain every point of these batches.",
            counts.len(),
            evaluated - locators
        );
        report.finding(member, Rule::ExcessReportingEvaluations, words);
    }
}

/// Whether the feed grew after a batch, within what the copy covers: then what was located had been published.
fn published_since(log: &Log, index: u64, copy: &Copy) -> bool {
    let states = &log.facts.states;
    let before =
        states.iter().take_while(|state| state.index < index).last().map_or(0, |state| state.sequence);
    states
        .iter()
        .any(|state| state.index > index && state.sequence > before && state.sequence <= copy.sequence)
}

/// A crash between the key holders' help and the next write loses one batch, and the restart asks for the same clients
/// again: the largest that is followed by one as large.
fn lost(counts: &[u64]) -> u64 {
    counts.windows(2).filter(|pair| pair[1] >= pair[0]).map(|pair| pair[0]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_batch_is_followed_by_one_as_large() {
        assert_eq!(lost(&[]), 0);
        assert_eq!(lost(&[500]), 0);
        assert_eq!(lost(&[40, 500]), 40);
        assert_eq!(lost(&[500, 40]), 0);
        assert_eq!(lost(&[500, 500, 3]), 500);
    }
}
