//! Erasures: of leaves that are there, not before the audit period is over, and never of a leaf that was drawn.

use std::collections::BTreeMap;

use super::Audit;
use super::facts::{Erased, Log};
use crate::audit::finding::Rule;
use crate::audit::report::{Report, leaf_words};
use crate::clock::UnixTime;
use crate::model::leaf::ErasureGround;

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    for log in audit.logs.values() {
        if log.facts.erased.is_empty() {
            continue;
        }
        let mut last_under: BTreeMap<u64, UnixTime> = BTreeMap::new();
        for opening in log.facts.openings.values() {
            let last = last_under.entry(opening.consent.index).or_insert(opening.time);
            *last = opening.time.max(*last);
        }
        for erased in &log.facts.erased {
            judge(audit, log, erased, &last_under, report);
        }
    }
    for sample in &audit.options.samples {
        let Some(log) = audit.logs.get(&sample.member) else {
            let words = format!("A sample was drawn from the log of {}, which is not here.", sample.member);
            report.note(Some(&sample.member), words);
            continue;
        };
        let fixed = sample.checkpoint;
        if log.root_at(fixed.size).is_some_and(|root| root != fixed.root) {
            let words = format!(
                "The auditor's sample was drawn from a log that had root {} at {} leaves; this log never had.",
                fixed.root, fixed.size
            );
            report.finding(&log.member, Rule::RewrittenHistory, words);
        }
        for erased in &log.facts.erased {
            let drawn = sample.leaves.iter().any(|leaf| leaf.index == erased.of.index);
            if drawn && erased.index >= fixed.size {
                let words = format!(
                    "What explains leaf {} was destroyed on {}, after the auditor had drawn that leaf on {}.",
                    erased.of.index, erased.time, sample.drawn_at
                );
                report.leaf_finding(&log.member, erased.index, erased.time, Rule::ErasedDrawnLeaf, words);
            }
        }
    }
}

/// `last_under` has the time of the last opening under each consent, by its leaf.
fn judge(
    audit: &Audit<'_>,
    log: &Log,
    erased: &Erased,
    last_under: &BTreeMap<u64, UnixTime>,
    report: &mut Report,
) {
    let Erased { index, time, of, ground } = erased;
    let there = of.index < *index && log.hash_of(of.index) == Some(of.hash);
    // A consent explains the openings under it too, and stays as long as the last of them.
    let written = there.then(|| time_of(log, of.index).max(last_under.get(&of.index).copied())).flatten();
    let Some(written) = written else {
        let words =
            format!("The erasure names {}, which holds nothing that could be erased.", leaf_words(of));
        return report.leaf_finding(&log.member, *index, *time, Rule::ErasureOfNothing, words);
    };
    let days = i64::from(log.policy_at(*index, &audit.rosters).log.audit_days);
    if time.seconds_since(written) < days * 86_400 {
        // The log shows that an order was claimed; the order itself shows whether it left a choice.
        let order = if *ground == ErasureGround::Order {
            " It was done on an order: the institution must show the order."
        } else {
            ""
        };
        let words = format!(
            "What explains leaf {} of {written} was destroyed on {time}; it must be kept for {days} days so that it \
             can be audited.{order}",
            of.index
        );
        report.leaf_finding(&log.member, *index, *time, Rule::ErasedTooEarly, words);
    }
}

/// The time of a leaf that something explains.
fn time_of(log: &Log, index: u64) -> Option<UnixTime> {
    let facts = &log.facts;
    let consent = facts.consents.get(&index).map(|one| one.time);
    let opening = || facts.openings.get(&index).map(|one| one.time);
    let batch = || facts.batches.get(&index).map(|one| one.time);
    let dispute = || facts.disputes.iter().find(|one| one.index == index).map(|one| one.time);
    consent.or_else(opening).or_else(batch).or_else(dispute)
}
