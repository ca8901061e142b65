//! Stores that were older copies of themselves: what their logs say came back must be what they signed before. And logs
//! that go on for others, which ended with a break.

use super::{Audit, Log};
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::model::leaf::{CheckpointReference, LeafBody};
use crate::model::member::MemberId;

/// What a log says of such things.
#[derive(Default)]
pub(super) struct Recoveries {
    recovered: Vec<Recovery>,
    succeeds: Vec<Succession>,
}

/// A leaf that says that the log was an older copy.
struct Recovery {
    index: u64,
    time: UnixTime,
    had: CheckpointReference,
    recovered: CheckpointReference,
}

/// A leaf that says that the log goes on for another.
struct Succession {
    index: u64,
    time: UnixTime,
    member: MemberId,
    had: CheckpointReference,
    signed: CheckpointReference,
}

impl Recoveries {
    /// Whether the log never was an older copy and goes on for none.
    pub(super) fn is_empty(&self) -> bool {
        self.recovered.is_empty() && self.succeeds.is_empty()
    }

    pub(super) fn record(&mut self, index: u64, time: UnixTime, body: LeafBody) {
        match body {
            LeafBody::LogRecovered { had, recovered, .. } => {
                self.recovered.push(Recovery { index, time, had, recovered });
            }
            LeafBody::LogSucceeds { member, had, signed } => {
                self.succeeds.push(Succession { index, time, member, had, signed });
            }
            _ => {}
        }
    }

    /// Whether a leaf had to come back, and what explains it may be lost.
    pub(super) fn cover(&self, leaf: u64) -> bool {
        self.recovered.iter().any(|one| (one.had.size..one.recovered.size).contains(&leaf))
    }
}

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    for log in audit.logs.values() {
        for recovery in &log.facts.recoveries.recovered {
            judge(log, recovery, report);
        }
        for succession in &log.facts.recoveries.succeeds {
            show(log, succession, audit, report);
        }
    }
}

fn judge(log: &Log, recovery: &Recovery, report: &mut Report) {
    let Recovery { index, time, had, recovered } = recovery;
    let is_state = |of: &CheckpointReference| log.root_at(of.size) == Some(of.root);
    if had.size > recovered.size || recovered.size > *index || !is_state(had) || !is_state(recovered) {
        let words = format!(
            "The leaf says that the log was an older copy of {} leaves and came back up to {}: it never went through \
             those states.",
            had.size, recovered.size
        );
        report.leaf_finding(&log.member, *index, *time, Rule::WrongRecovery, words);
        return;
    }
    let words = format!(
        "The store of {} was an older copy of itself, as a backup or a snapshot is: {} leaves from {} on came back from \
         those who had seen them (leaf {index}, {time}). The institution may be unable to explain those.",
        log.member,
        recovered.size - had.size,
        had.size
    );
    report.note(Some(&log.member), words);
}

/// A break shows as a break: in the new log, and beside the old one where that is here.
fn show(log: &Log, succession: &Succession, audit: &Audit<'_>, report: &mut Report) {
    let Succession { index, time, member, had, signed } = succession;
    let removed = audit.rosters.newest().member(member).is_some_and(|member| member.removed.is_some());
    let old = audit.logs.get(member);
    let others = |of: &CheckpointReference| {
        old.and_then(|old| old.root_at(of.size)).is_some_and(|root| root != of.root)
    };
    if !removed || others(had) && others(signed) {
        let words = format!(
            "The leaf says that the log goes on for that of {member}, which {}.",
            if removed { "never went through either of the states named" } else { "is a member as before" }
        );
        report.leaf_finding(&log.member, *index, *time, Rule::WrongRecovery, words);
        return;
    }
    let words = format!(
        "BREAK: the log of {} goes on for that of {member} (leaf {index}, {time}). Its store still had {} leaves, and \
         {} were signed and shown to others. What lies between is lost, or is told in two ways: what {member} did then, \
         only the other members\' logs tell.",
        log.member, had.size, signed.size
    );
    report.note(Some(&log.member), words);
}
