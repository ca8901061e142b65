//! Each opening against its consent: there before it, with the hash named, for that purpose, in its period, with a use
//! left, not withdrawn.

use std::collections::BTreeMap;

use super::Audit;
use super::facts::{Consent, Log, Opening};
use crate::audit::finding::Rule;
use crate::audit::report::{Report, leaf_words};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::HOLDER_SECONDS_MAX;
use crate::model::consent::{ConsentTerms, EvidenceKind};
use crate::model::member::MemberId;
use crate::model::policy::ConsentPolicy;

/// When a withdrawal hash was first presented, in which log.
type Presented<'a> = BTreeMap<Digest, Vec<(&'a MemberId, u64, UnixTime)>>;

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    let mut presented: Presented<'_> = BTreeMap::new();
    for log in audit.logs.values() {
        for (withdrawal, (index, time)) in &log.facts.withdrawals {
            presented.entry(*withdrawal).or_default().push((&log.member, *index, *time));
        }
    }
    for log in audit.logs.values() {
        judge_terms(audit, log, report);
        for (index, opening) in &log.facts.openings {
            if report.in_period(opening.time) {
                report.checked.openings += 1;
            }
            judge(audit, log, *index, opening, &presented, report);
        }
    }
}

/// The consent that an opening names, if it is there.
pub(super) fn consent_of<'a>(log: &'a Log, index: u64, opening: &Opening) -> Option<&'a Consent> {
    let consent = log.facts.consents.get(&opening.consent.index)?;
    (opening.consent.index < index && consent.hash == opening.consent.hash).then_some(consent)
}

/// Seconds that may lie between the look at a consent's state and the leaf that rests on it: a locate round and a
/// footprint round with every holder of the epoch, one after the other.
pub(super) fn race_seconds(audit: &Audit<'_>, epoch: u32) -> i64 {
    let holders = audit.rosters.holders(epoch).len().max(1) as u64;
    i64::try_from(2 * HOLDER_SECONDS_MAX * holders).unwrap_or(i64::MAX)
}

fn judge(
    audit: &Audit<'_>,
    log: &Log,
    index: u64,
    opening: &Opening,
    presented: &Presented<'_>,
    report: &mut Report,
) {
    let mut find = |rule, words: String| report.leaf_finding(&log.member, index, opening.time, rule, words);
    let Some(consent) = consent_of(log, index, opening) else {
        let words = format!(
            "Records were to be opened under the consent in {}, and no such consent was logged before.",
            leaf_words(&opening.consent)
        );
        return find(Rule::OpeningWithoutConsent, words);
    };
    let of = opening.consent.index;
    if consent.terms.purpose != opening.purpose {
        let words = format!(
            "Records were to be opened for {}; the client consented (leaf {of}) to {} alone.",
            opening.purpose, consent.terms.purpose
        );
        find(Rule::WrongPurpose, words);
    }
    let skew = i64::from(log.policy_at(index, &audit.rosters).log.skew_seconds);
    let race = race_seconds(audit, consent.epoch);
    if opening.time.plus_seconds(skew) < consent.terms.from {
        let words = format!(
            "Records were to be opened on {}; the consent (leaf {of}) begins on {}.",
            opening.time, consent.terms.from
        );
        find(Rule::ConsentNotBegun, words);
    }
    if opening.time >= consent.terms.until.plus_seconds(race) {
        let words = format!(
            "Records were to be opened on {}; the consent (leaf {of}) was over on {}.",
            opening.time, consent.terms.until
        );
        find(Rule::ExpiredConsent, words);
    }
    if opening.number == 0 || opening.number > consent.terms.uses {
        let words = format!(
            "This is use {} of a consent (leaf {of}) that allows {}.",
            opening.number, consent.terms.uses
        );
        find(Rule::ReUsedConsent, words);
    } else if let Some(first) = spent_before(log, index, opening) {
        let words = format!(
            "Use {} of the consent in leaf {of} was spent by leaf {first} already, on other records.",
            opening.number
        );
        find(Rule::ReUsedConsent, words);
    }
    if let Some(words) = withdrawn_before(audit, log, index, opening, consent, presented) {
        find(Rule::WithdrawnConsent, words);
    }
}

/// The opening that spent this use of the consent before, on other points. The same points are the same opening.
pub(super) fn spent_before(log: &Log, index: u64, opening: &Opening) -> Option<u64> {
    let first = *log.facts.spent.get(&(opening.consent.index, opening.number))?;
    let before = log.facts.openings.get(&first)?;
    let same = before.points == opening.points && before.transaction == opening.transaction;
    (first < index && !same).then_some(first)
}

/// Whether the consent was withdrawn when it was used: at this institution, or anywhere long enough ago to be known by
/// all who helped.
fn withdrawn_before(
    audit: &Audit<'_>,
    log: &Log,
    index: u64,
    opening: &Opening,
    consent: &Consent,
    presented: &Presented<'_>,
) -> Option<String> {
    let of = opening.consent.index;
    let own = [log.facts.withdrawn.get(&of), log.facts.withdrawals.get(&consent.withdrawal)];
    let race = race_seconds(audit, consent.epoch);
    let known = own
        .into_iter()
        .flatten()
        .find(|(leaf, time)| *leaf < index && time.plus_seconds(race) < opening.time);
    if let Some((leaf, time)) = known {
        return Some(format!(
            "The client had withdrawn this consent (leaf {of}) on {time}, and the institution knew (leaf {leaf})."
        ));
    }
    let elsewhere = presented.get(&consent.withdrawal)?;
    // An institution that was cut off cannot know, and then nobody helps it. Only what was helped with counts.
    if !log.facts.answered.contains_key(&index) && !was_served(audit, log, index) {
        return None;
    }
    let policy = log.policy_at(index, &audit.rosters);
    let spread = i64::from(policy.holders.isolation_seconds_max) + i64::from(policy.log.skew_seconds);
    let (member, leaf, time) = elsewhere
        .iter()
        .find(|(member, _, time)| *member != &log.member && time.plus_seconds(spread) < opening.time)?;
    Some(format!(
        "The client had withdrawn this consent (leaf {of}) at {member} on {time} (leaf {leaf} there), longer ago \
         than a withdrawal takes to reach everybody ({spread} seconds)."
    ))
}

fn was_served(audit: &Audit<'_>, log: &Log, index: u64) -> bool {
    let mut served = audit.logs.values().flat_map(|holder| &holder.facts.served);
    served.any(|served| served.peer == log.member && served.leaf.index == index)
}

/// The terms of a consent, or of the ground in its place, against what the policy of its time lets any permit.
fn judge_terms(audit: &Audit<'_>, log: &Log, report: &mut Report) {
    for (index, consent) in &log.facts.consents {
        let policy = &log.policy_at(*index, &audit.rosters).consent;
        let (terms, ground) = (&consent.terms, consent.ground.as_deref());
        // What the key holders ask before they help.
        if policy.allows(terms, ground) {
            continue;
        }
        let (rule, words) = match ground {
            Some(ground) if !policy.permits(terms.purpose.word(), Some(ground)) => {
                let words = format!(
                    "A look-up for {} was to rest on the ground {ground}, which the network's policy does not \
                     declare for that purpose.",
                    terms.purpose
                );
                (Rule::GroundNotDeclared, words)
            }
            _ => (Rule::ConsentBeyondPolicy, beyond(policy, terms, ground)),
        };
        report.leaf_finding(&log.member, *index, consent.time, rule, words);
    }
}

/// What terms claim that the policy does not allow.
fn beyond(policy: &ConsentPolicy, terms: &ConsentTerms, ground: Option<&str>) -> String {
    let what = if ground.is_some() { "ground" } else { "consent" };
    if !policy.permits(terms.purpose.word(), ground) {
        return format!(
            "The consent is for {}; the network's policy permits no consent for that.",
            terms.purpose
        );
    }
    if ground.is_some() != (terms.evidence == EvidenceKind::Order) {
        return format!("The evidence that the leaf names is none of a {what}.");
    }
    // The last day counts whole.
    let days = terms.until.seconds_since(terms.from) / 86_400;
    format!(
        "The {what} claims {} uses in {days} days; the network's policy allows {} uses and {} days.",
        terms.uses, policy.uses_max, policy.period_days_max
    )
}
