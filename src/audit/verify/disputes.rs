//! Disputes: each rests on a consent, both ends log the same, and the policy's periods are kept.
//!
//! Each institution is judged by its own log. Where only the other's is here, that is said and no finding.

use std::collections::BTreeMap;

use super::Audit;
use super::facts::Log;
use crate::audit::finding::Rule;
use crate::audit::report::{Report, leaf_words};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::limits::AUDIT_ESCALATION_SECONDS;
use crate::model::leaf::{DisputeAnswer, DisputeOutcome, LeafBody, LeafReference};
use crate::model::member::MemberId;

const DAY_SECONDS: i64 = 86_400;

/// A leaf about a dispute.
pub(super) struct DisputeLeaf {
    pub(super) index: u64,
    hash: Digest,
    pub(super) time: UnixTime,
    transaction: TransactionId,
    dispute: Digest,
    step: Step,
}

/// What it says.
enum Step {
    Opened { lender: MemberId, consent: LeafReference },
    Received { opener: MemberId, leaf: LeafReference },
    Answered { answer: DisputeAnswer, statement: Digest },
    Resolved { outcome: DisputeOutcome },
    Escalated,
}

impl DisputeLeaf {
    /// What a leaf says of a dispute; nothing where it is about something else.
    pub(super) fn of(
        index: u64,
        hash: Digest,
        time: UnixTime,
        transaction: TransactionId,
        body: LeafBody,
    ) -> Option<Self> {
        let (dispute, step) = match body {
            LeafBody::DisputeOpened { dispute, lender, consent } => {
                (dispute, Step::Opened { lender, consent })
            }
            LeafBody::DisputeReceived { dispute, opener, leaf } => (dispute, Step::Received { opener, leaf }),
            LeafBody::DisputeAnswered { dispute, answer, statement } => {
                (dispute, Step::Answered { answer, statement })
            }
            LeafBody::DisputeResolved { dispute, outcome } => (dispute, Step::Resolved { outcome }),
            LeafBody::DisputeEscalated { dispute } => (dispute, Step::Escalated),
            _ => return None,
        };
        Some(Self { index, hash, time, transaction, dispute, step })
    }
}

/// The leaves of one dispute in one log, in its order. A lender that disputes its own report has both ends in one.
#[derive(Default)]
struct Course<'a> {
    opened: Option<(&'a DisputeLeaf, &'a MemberId, LeafReference)>,
    received: Option<(&'a DisputeLeaf, &'a MemberId, LeafReference)>,
    answered: Vec<(&'a DisputeLeaf, DisputeAnswer, Digest)>,
    resolved: Option<(&'a DisputeLeaf, DisputeOutcome)>,
    escalated: bool,
}

fn courses(log: &Log) -> BTreeMap<TransactionId, Course<'_>> {
    let mut courses: BTreeMap<TransactionId, Course<'_>> = BTreeMap::new();
    for leaf in &log.facts.disputes {
        let course = courses.entry(leaf.transaction).or_default();
        match &leaf.step {
            Step::Opened { lender, consent } => {
                course.opened.get_or_insert((leaf, lender, *consent));
            }
            Step::Received { opener, leaf: of } => {
                course.received.get_or_insert((leaf, opener, *of));
            }
            Step::Answered { answer, statement } => course.answered.push((leaf, *answer, *statement)),
            Step::Resolved { outcome } => {
                course.resolved.get_or_insert((leaf, *outcome));
            }
            Step::Escalated => course.escalated = true,
        }
    }
    courses
}

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    let all: BTreeMap<&MemberId, BTreeMap<TransactionId, Course<'_>>> =
        audit.logs.iter().map(|(member, log)| (member, courses(log))).collect();
    let elsewhere = |member: &MemberId, id: TransactionId| all.get(member).map(|courses| courses.get(&id));
    for log in audit.logs.values() {
        let Some(courses) = all.get(&log.member) else { continue };
        for (id, course) in courses {
            let first = course.opened.or(course.received).map(|(leaf, ..)| leaf.time);
            if !first.is_some_and(|time| report.in_period(time)) {
                continue;
            }
            if let Some((leaf, lender, consent)) = course.opened {
                judge_opening(log, leaf, &consent, report);
                judge_opener(audit, log, course, leaf, report);
                let other = elsewhere(lender, *id);
                if other.is_some_and(|other| other.is_none_or(|other| other.received.is_none())) {
                    let words = format!(
                        "Dispute {id}, which {} opened on {}, has not reached {lender} by the end of its log.",
                        log.member, leaf.time
                    );
                    report.note(Some(&log.member), words);
                }
            }
            if let Some((leaf, opener, of)) = course.received {
                let other = elsewhere(opener, *id);
                let opened = other.flatten().and_then(|other| other.opened);
                // Without the opener's log there is nothing to compare with.
                if let Some(other) = other {
                    judge_double_entry(log, course, (leaf, opener, of), other, report);
                }
                judge_lender(audit, log, course, leaf, opened.map(|(leaf, ..)| leaf.time), report);
            }
        }
    }
}

fn judge_opening(log: &Log, leaf: &DisputeLeaf, consent: &LeafReference, report: &mut Report) {
    let given = log.facts.consents.get(&consent.index);
    let good = given.is_some_and(|given| given.hash == consent.hash && given.ground.is_none());
    if !good || consent.index >= leaf.index {
        let words = format!(
            "A dispute was opened in a client's name; the consent in {}, on which it rests, was not logged before it.",
            leaf_words(consent)
        );
        report.leaf_finding(&log.member, leaf.index, leaf.time, Rule::DisputeWithoutConsent, words);
    }
}

/// Both ends say the same.
fn judge_double_entry(
    log: &Log,
    course: &Course<'_>,
    (leaf, opener, of): (&DisputeLeaf, &MemberId, LeafReference),
    other: Option<&Course<'_>>,
    report: &mut Report,
) {
    let opened = other.and_then(|other| other.opened);
    let same = opened.is_some_and(|(opened, lender, _)| {
        (opened.index, opened.hash) == (of.index, of.hash)
            && opened.dispute == leaf.dispute
            && lender == &log.member
    });
    let mut differ = (!same).then(|| format!("that log has no such opening in {}", leaf_words(&of)));
    let theirs = other.and_then(|other| other.answered.first());
    if let (Some((_, answer, statement)), Some(mine)) = (theirs, course.answered.first())
        && (*answer, *statement) != (mine.1, mine.2)
    {
        differ.get_or_insert("that log has another answer".to_owned());
    }
    if theirs.is_some() && course.answered.is_empty() {
        differ.get_or_insert("that log has an answer, and this one none".to_owned());
    }
    if let Some(differ) = differ {
        let words = format!(
            "{} says that {opener} opened dispute {} on it; {differ}. The two logs stand against each other.",
            log.member, leaf.transaction
        );
        report.leaf_finding(&log.member, leaf.index, leaf.time, Rule::DisputeMismatch, words);
    }
}

/// The lender answers in time, and what it accepts it corrects in time.
fn judge_lender(
    audit: &Audit<'_>,
    log: &Log,
    course: &Course<'_>,
    leaf: &DisputeLeaf,
    opened: Option<UnixTime>,
    report: &mut Report,
) {
    let policy = log.policy_at(leaf.index, &audit.rosters);
    let skew = i64::from(policy.log.skew_seconds);
    let days = i64::from(policy.disputes.lender_days);
    let answered = course.answered.first();
    let resolved = course.resolved.map(|(leaf, _)| leaf.time);
    let own_due = leaf.time.plus_seconds(days * DAY_SECONDS + skew);
    // Taken back before it was answered: nothing is left to answer.
    let done = answered.map(|(leaf, ..)| leaf.time).or(resolved);
    if done.unwrap_or(log.ended_at) > own_due {
        let words = match done {
            Some(done) => format!(
                "A client's dispute of {} was answered on {done}; the policy gives the lender {days} days.",
                leaf.time
            ),
            None => format!(
                "A client's dispute of {} is not answered by {}, the end of the log; the policy gives the lender \
                 {days} days.",
                leaf.time, log.ended_at
            ),
        };
        report.leaf_finding(&log.member, leaf.index, leaf.time, Rule::DisputeAnsweredLate, words);
    }
    let total = i64::from(policy.disputes.total_days);
    // Who got it late has its own days all the same.
    let due = opened.unwrap_or(leaf.time).plus_seconds(total * DAY_SECONDS + skew).max(own_due);
    let rejected = matches!(answered, Some((_, DisputeAnswer::Rejected, _)));
    // What was rejected is closed at the other end.
    if !rejected {
        judge_total(log, leaf, resolved, due, total, report);
    }
    judge_escalation(log, course, leaf, due, report);
}

/// Where it was opened, what was rejected is closed in time: the client is told the reasons.
fn judge_opener(audit: &Audit<'_>, log: &Log, course: &Course<'_>, leaf: &DisputeLeaf, report: &mut Report) {
    let disputes = &log.policy_at(leaf.index, &audit.rosters).disputes;
    let (total, lender) = (i64::from(disputes.total_days), i64::from(disputes.lender_days));
    let skew = i64::from(log.policy_at(leaf.index, &audit.rosters).log.skew_seconds);
    let due = leaf.time.plus_seconds(total * DAY_SECONDS + skew);
    let resolved = course.resolved.map(|(leaf, _)| leaf.time);
    if let Some((answered, DisputeAnswer::Rejected, _)) = course.answered.last() {
        // An answer that came late leaves the days between the two clocks.
        let left = answered.time.plus_seconds((total - lender) * DAY_SECONDS + skew);
        judge_total(log, leaf, resolved, due.max(left), total, report);
    }
    judge_escalation(log, course, leaf, due, report);
}

fn judge_total(
    log: &Log,
    leaf: &DisputeLeaf,
    resolved: Option<UnixTime>,
    due: UnixTime,
    days: i64,
    report: &mut Report,
) {
    if resolved.unwrap_or(log.ended_at) > due {
        let words = match resolved {
            Some(resolved) => format!(
                "A client's dispute of {} was closed on {resolved}; the policy gives {days} days.",
                leaf.time
            ),
            None => format!(
                "A client's dispute of {} is still open on {}, the end of the log; the policy gives {days} days.",
                leaf.time, log.ended_at
            ),
        };
        report.leaf_finding(&log.member, leaf.index, leaf.time, Rule::DisputeUnresolved, words);
    }
}

/// What is overdue is told to the operator.
fn judge_escalation(log: &Log, course: &Course<'_>, leaf: &DisputeLeaf, due: UnixTime, report: &mut Report) {
    let late = due.plus_seconds(AUDIT_ESCALATION_SECONDS);
    let open_until = course.resolved.map_or(log.ended_at, |(resolved, _)| resolved.time);
    if open_until > late && !course.escalated {
        let words =
            format!("A client's dispute of {} was overdue, and the operator was not told of it.", leaf.time);
        report.leaf_finding(&log.member, leaf.index, leaf.time, Rule::DisputeNotEscalated, words);
    }
}
