//! Stores that were older copies of themselves: what their logs say came back must be what they signed before.

use super::{Audit, Log};
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::model::leaf::CheckpointReference;

/// A leaf that says that the log was an older copy.
pub(super) struct Recovery {
    pub(super) index: u64,
    pub(super) time: UnixTime,
    pub(super) had: CheckpointReference,
    pub(super) recovered: CheckpointReference,
}

impl Recovery {
    /// Whether a leaf had to come back, and what explains it may be lost.
    pub(super) fn covers(&self, leaf: u64) -> bool {
        (self.had.size..self.recovered.size).contains(&leaf)
    }
}

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    for log in audit.logs.values() {
        for recovery in &log.facts.recoveries {
            judge(log, recovery, report);
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
