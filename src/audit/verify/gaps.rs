//! What is not here, and what has been silent: said, and nobody's fault by itself.

use super::Audit;
use super::facts::Log;
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::roster::Role;

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    let roster = audit.rosters.newest();
    let present = roster.document().members.iter().filter(|member| member.removed.is_none());
    let missing: Vec<String> = present
        .filter(|member| !audit.logs.contains_key(&member.id))
        .map(|member| member.id.to_string())
        .collect();
    if !missing.is_empty() {
        let words = format!(
            "No log of {}: what these members asked and served was judged by the others' logs alone.",
            missing.join(", ")
        );
        report.note(None, words);
    }
    for log in audit.logs.values() {
        if roster.member(&log.member).is_some_and(|member| member.has(Role::Lender)) {
            silent(audit, log, report);
        }
    }
}

/// Times longer than the policy's in which a lender signed no state of its feed.
fn silent(audit: &Audit<'_>, log: &Log, report: &mut Report) {
    let policy = log.policy_at(log.size, &audit.rosters);
    let most = i64::from(policy.freshness.missing_after_seconds);
    let mut last: Option<UnixTime> = log.facts.first_time();
    let mut gaps: Vec<(UnixTime, UnixTime)> = Vec::new();
    let times = log.facts.states.iter().map(|state| state.time).chain(log.facts.last_time());
    for time in times {
        if let Some(before) = last.replace(time)
            && time.seconds_since(before) > most
            && report.in_period(time)
        {
            gaps.push((before, time));
        }
    }
    let Some((from, until)) = gaps.iter().max_by_key(|(from, until)| until.seconds_since(*from)) else {
        return;
    };
    let words = format!(
        "{} signed no state of its feed for more than {most} seconds ({} times, the longest from {from} to {until}): \
         others had to treat its data as missing.",
        log.member,
        gaps.len()
    );
    report.note(Some(&log.member), words);
}
