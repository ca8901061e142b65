//! The witnesses' quorum: present, by the policy's count, and not older than the policy allows.

use super::facts::Log;
use super::rosters::witnesses;
use super::tree::open_signed;
use super::{Audit, words_of};
use crate::audit::export::QUORUM;
use crate::audit::finding::Rule;
use crate::audit::folder::{self, Folder};
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::NOTE_BYTES_MAX;
use crate::merkle::cosignature;
use crate::merkle::{Checkpoint, Note};

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    for log in audit.logs.values() {
        // Of several exports of one log the newest quorum counts.
        let exports = audit.opened.iter().filter(|one| one.manifest.member == log.member);
        let mut best: Option<(u64, UnixTime)> = None;
        for one in exports {
            match read(audit, log, one.export.folder) {
                Ok(Some(Found::Quorum { size, time, compared })) => {
                    report.checked.checkpoints_compared += u64::from(compared);
                    best = best.max(Some((size, time)));
                }
                Ok(Some(Found::Contradicts(checkpoint))) => {
                    let root = Digest(*checkpoint.root());
                    let words = format!(
                        "The witnesses cosigned root {root} at {} leaves, signed by the institution, and its \
                         log never had that root: history was rewritten after it was witnessed.",
                        checkpoint.size()
                    );
                    report.finding(&log.member, Rule::RewrittenHistory, words);
                    best = best.max(Some((log.size, UnixTime(i64::MAX))));
                }
                Ok(Some(Found::TooFew { found, needed })) => {
                    let words =
                        format!("{QUORUM} has {found} of the {needed} cosignatures that make a quorum.");
                    report.note(Some(&log.member), words);
                }
                Ok(None) => {}
                Err(words) => report.unchecked(one.export.name, words),
            }
        }
        if let Some(counts) = report.logs.get_mut(&log.member) {
            counts.quorum = best.filter(|(_, time)| *time != UnixTime(i64::MAX));
        }
        judge(audit, log, best, report);
    }
}

enum Found {
    Quorum { size: u64, time: UnixTime, compared: bool },
    TooFew { found: usize, needed: usize },
    Contradicts(Checkpoint),
}

fn read(audit: &Audit<'_>, log: &Log, folder: &dyn Folder) -> Result<Option<Found>, String> {
    let Some(bytes) = folder::read(folder, QUORUM, NOTE_BYTES_MAX).map_err(|e| words_of(&e))? else {
        return Ok(None);
    };
    let keys = audit.rosters.log_keys(&log.member);
    let (checkpoint, note, _) = open_signed(&bytes, QUORUM, &keys, &audit.rosters.all_cosigner_keys())?;
    let compared = match log.root_at(checkpoint.size()) {
        Some(root) if root.0 != *checkpoint.root() => return Ok(Some(Found::Contradicts(checkpoint))),
        root => root.is_some(),
    };
    Ok(Some(quorum_of(audit, log, &note, checkpoint.size(), compared)))
}

/// A quorum under the roster that the log followed at that size, or a later one: the witnesses may have changed since.
/// Those of an earlier roster vouch for nothing that was logged after them.
fn quorum_of(audit: &Audit<'_>, log: &Log, note: &Note, size: u64, compared: bool) -> Found {
    let in_force = log.rosters().filter(|(leaf, _)| *leaf < size).map(|(_, version)| version).max();
    let followed = log.rosters().map(|(_, version)| version).rev();
    let followed: Vec<u64> = followed.filter(|version| Some(*version) >= in_force).collect();
    let rosters = followed.iter().filter_map(|version| audit.rosters.get(*version));
    let mut short = Found::TooFew { found: 0, needed: 1 };
    for (place, roster) in rosters.chain([audit.rosters.newest()]).enumerate() {
        let (keys, needed) = witnesses(roster, &log.member);
        let Ok(witnessed) = cosignature::witnesses(note, &keys) else { continue };
        if let Some(time) = witnessed.quorum_time(needed) {
            return Found::Quorum { size, time, compared };
        }
        if place == 0 {
            short = Found::TooFew { found: witnessed.count(), needed };
        }
    }
    short
}

/// How long the log went on beyond its newest quorum. Only time in which the node ran counts: it signs its feed state
/// at the policy's interval, so a longer pause between two leaves is time in which it stood still.
fn judge(audit: &Audit<'_>, log: &Log, quorum: Option<(u64, UnixTime)>, report: &mut Report) {
    let covered = quorum.map_or(0, |(size, _)| size);
    if log.size <= covered {
        return;
    }
    let policy = log.policy_at(log.size, &audit.rosters);
    let allowed = i64::from(policy.log.quorum_age_seconds_max) + i64::from(policy.log.skew_seconds);
    let interval = i64::from(policy.feed.state_interval_seconds).max(1) * 2;
    let mut last = None;
    let mut ran = 0;
    // Where no quorum was ever complete, the end of the log is a moment at which one should have been.
    let end = (covered == 0).then_some((log.size, log.ended_at));
    for (_, time) in log.facts.times.iter().copied().filter(|(index, _)| *index >= covered).chain(end) {
        if let Some(before) = last.replace(time) {
            let pause = time.seconds_since(before).max(0);
            ran += if covered == 0 { pause } else { pause.min(interval) };
        }
    }
    if ran > allowed {
        let words = match quorum {
            None => format!(
                "No checkpoint of the log was ever cosigned by enough witnesses, in {ran} seconds ({allowed} are \
                 allowed): nobody else vouches for what stands in it."
            ),
            Some((size, time)) => format!(
                "The newest checkpoint that enough witnesses cosigned has {size} of the {} leaves and is of \
                 {time}; the log went on for {ran} seconds without ({allowed} are allowed).",
                log.size
            ),
        };
        report.finding(&log.member, Rule::NoQuorum, words);
    } else if covered == 0 {
        let words = format!("The log of {} is young and has no witnesses' quorum yet.", log.member);
        report.note(Some(&log.member), words);
    }
}
