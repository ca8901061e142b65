//! Double entry: what a key holder logged that it served, and what the asker logged that it asked, must be the same, in
//! both directions.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use super::consents::{consent_of, race_seconds, spent_before};
use super::facts::{Log, Served};
use crate::audit::finding::Rule;
use crate::audit::report::{Report, leaf_words};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::model::leaf::{EvaluationKind, PointsReference};
use crate::model::member::MemberId;

/// Who served which leaf, by asker.
pub(super) struct Ledger<'a> {
    by_leaf: BTreeMap<(&'a MemberId, u64, EvaluationKind), BTreeSet<&'a MemberId>>,
    /// The largest size of an asker's log that a holder is known to have seen before its export ended.
    seen: BTreeMap<(&'a MemberId, &'a MemberId), u64>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(audit: &'a Audit<'_>) -> Self {
        let mut ledger = Self { by_leaf: BTreeMap::new(), seen: BTreeMap::new() };
        for holder in audit.logs.values() {
            for served in &holder.facts.served {
                let matches = audit.logs.get(&served.peer).is_none_or(|asker| {
                    let of = asked(asker, served.leaf.index, served.evaluation);
                    asker.hash_of(served.leaf.index) == Some(served.leaf.hash)
                        && of.is_some_and(|of| of.epoch == served.epoch)
                });
                // Whoever has no share of the keys cannot have helped, whatever its log says.
                if matches && audit.rosters.holders(served.epoch).contains(&holder.member) {
                    let key = (&served.peer, served.leaf.index, served.evaluation);
                    ledger.by_leaf.entry(key).or_default().insert(&holder.member);
                }
                let seen = ledger.seen.entry((&holder.member, &served.peer)).or_default();
                *seen = (*seen).max(served.checkpoint.size);
            }
        }
        ledger
    }

    /// The key holders that logged an evaluation of a leaf.
    pub(super) fn holders_of(
        &self,
        asker: &MemberId,
        index: u64,
        evaluation: EvaluationKind,
    ) -> BTreeSet<&'a MemberId> {
        self.by_leaf.get(&(asker, index, evaluation)).cloned().unwrap_or_default()
    }
}

pub(super) fn check(audit: &Audit<'_>, ledger: &Ledger<'_>, report: &mut Report) {
    let roots = roots_named(audit);
    for holder in audit.logs.values() {
        let mut later = BTreeSet::new();
        let mut results = Results::new();
        for served in &holder.facts.served {
            if !report.in_period(served.time) {
                continue;
            }
            judge_results(holder, served, &mut results, report);
            match audit.logs.get(&served.peer) {
                Some(asker) if served.leaf.index < asker.size => {
                    let root = roots.get(&served.peer).and_then(|roots| roots.get(&served.checkpoint.size));
                    judge_served(audit, holder, served, asker, root, report);
                }
                Some(asker) => {
                    later.insert(&asker.member);
                }
                None => {}
            }
        }
        for asker in later {
            let words = format!(
                "{} served leaves of {asker} that are newer than the export of {asker}: they could not be compared \
                 yet.",
                holder.member
            );
            report.note(Some(asker), words);
        }
    }
    for asker in audit.logs.values() {
        judge_asked(audit, asker, ledger, report);
    }
}

/// The roots of askers' logs at every size that some holder names.
fn roots_named<'a>(audit: &'a Audit<'_>) -> BTreeMap<&'a MemberId, BTreeMap<u64, Digest>> {
    let mut sizes: BTreeMap<&MemberId, BTreeSet<u64>> = BTreeMap::new();
    for served in audit.logs.values().flat_map(|holder| &holder.facts.served) {
        sizes.entry(&served.peer).or_default().insert(served.checkpoint.size);
    }
    let known = sizes.into_iter().filter_map(|(peer, sizes)| Some((peer, audit.logs.get(peer)?, sizes)));
    known.map(|(peer, log, sizes)| (peer, log.roots_at(&sizes))).collect()
}

/// The first leaf of some points under some share, and what was given: by asker, points, key, epoch and generation.
type Results<'a> = BTreeMap<(&'a MemberId, Digest, EvaluationKind, u32, u32), (u64, Digest)>;

/// The same points under the same share give the same results, always.
fn judge_results<'a>(holder: &Log, served: &'a Served, results: &mut Results<'a>, report: &mut Report) {
    let Served { index, time, .. } = served;
    if served.results.count != served.points.count {
        let words =
            format!("It was asked about {} points and gave {}.", served.points.count, served.results.count);
        report.leaf_finding(&holder.member, *index, *time, Rule::DifferentResults, words);
    }
    let key = (&served.peer, served.points.digest, served.evaluation, served.epoch, served.generation);
    let first = results.entry(key).or_insert((*index, served.results.digest));
    if first.1 != served.results.digest {
        let words = format!(
            "It gave other results than in leaf {} for the same points: one of the two is wrong.",
            first.0
        );
        report.leaf_finding(&holder.member, *index, *time, Rule::DifferentResults, words);
    }
}

/// The asker's leaf that a holder's leaf rests on.
struct Asked {
    time: UnixTime,
    transaction: TransactionId,
    points: PointsReference,
    epoch: u32,
}

fn asked(asker: &Log, index: u64, evaluation: EvaluationKind) -> Option<Asked> {
    let facts = &asker.facts;
    match evaluation {
        EvaluationKind::Reporting => facts.batches.get(&index).map(|batch| Asked {
            time: batch.time,
            transaction: batch.transaction,
            points: batch.points,
            epoch: batch.epoch,
        }),
        EvaluationKind::Locate | EvaluationKind::Footprint => {
            facts.consents.get(&index).map(|consent| Asked {
                time: consent.time,
                transaction: consent.transaction,
                points: if evaluation == EvaluationKind::Locate { consent.locate } else { consent.footprint },
                epoch: consent.epoch,
            })
        }
        EvaluationKind::Open => facts.openings.get(&index).map(|opening| Asked {
            time: opening.time,
            transaction: opening.transaction,
            points: opening.points,
            epoch: opening.epoch,
        }),
    }
}

/// A holder's leaf against the asker's log, which is long enough.
fn judge_served(
    audit: &Audit<'_>,
    holder: &Log,
    served: &Served,
    asker: &Log,
    root: Option<&Digest>,
    report: &mut Report,
) {
    report.checked.served_compared += 1;
    let (peer, leaf) = (&asker.member, leaf_words(&served.leaf));
    let rewritten =
        report.findings.iter().any(|f| f.rule == Rule::RewrittenHistory && &f.institution == peer);
    let mut find =
        |rule, words: String| report.leaf_finding(&holder.member, served.index, served.time, rule, words);
    let there = asker.hash_of(served.leaf.index) == Some(served.leaf.hash)
        && served.leaf.index < served.checkpoint.size;
    if !there || root.is_some_and(|root| *root != served.checkpoint.root) {
        // A log that was rewritten has lost the leaf itself; the finding is there already.
        if !rewritten {
            let words = format!(
                "It says that it helped {peer} on the strength of {leaf}, in a log of {} leaves; the log that {peer} \
                 shows never had that leaf in that place. Either it helped without a leaf, or {peer} shows another \
                 log than it showed then: {} must bring the checkpoint that {peer} signed.",
                served.checkpoint.size, holder.member
            );
            find(Rule::ServedWithoutLeaf, words);
        }
        return;
    }
    let Some(asked) = asked(asker, served.leaf.index, served.evaluation) else {
        let words = format!(
            "It helped {peer} on the strength of {leaf}, which permits no evaluation of this kind ({}).",
            word(served.evaluation)
        );
        return find(Rule::ServedWithoutLeaf, words);
    };
    if asked.points != served.points || asked.transaction != served.transaction || asked.epoch != served.epoch
    {
        let words = format!(
            "It helped {peer} with {} points; {leaf}, on which it rests, names {} points{}.",
            served.points.count,
            asked.points.count,
            if asked.points.count == served.points.count { ", and they are others" } else { "" }
        );
        return find(Rule::ServedOtherPoints, words);
    }
    let skew = i64::from(holder.policy_at(served.index, &audit.rosters).log.skew_seconds);
    if served.time.plus_seconds(skew) < asked.time {
        let words = format!(
            "{} helped on {} by its clock, and the leaf on which that rests is of {}: the clocks differ by more than \
             the {skew} seconds that are allowed.",
            holder.member, served.time, asked.time
        );
        return report.leaf_finding(peer, served.leaf.index, asked.time, Rule::ClockSkew, words);
    }
    if let Some(why) = unlawful(audit, holder, served, asker) {
        let words = format!("It helped {peer} with {leaf} ({}), although {why}.", word(served.evaluation));
        find(Rule::ServedUnlawfully, words);
    }
}

/// Why a holder must not have served, by its own clock and its own log.
fn unlawful(audit: &Audit<'_>, holder: &Log, served: &Served, asker: &Log) -> Option<String> {
    let index = served.leaf.index;
    let (consent, of) = match served.evaluation {
        EvaluationKind::Reporting => return None,
        EvaluationKind::Locate | EvaluationKind::Footprint => (asker.facts.consents.get(&index)?, index),
        EvaluationKind::Open => {
            let opening = asker.facts.openings.get(&index)?;
            let Some(consent) = consent_of(asker, index, opening) else {
                return Some("no such consent was logged before it".to_owned());
            };
            if consent.terms.purpose != opening.purpose {
                return Some(format!("the consent is for {} alone", consent.terms.purpose));
            }
            if opening.number == 0 || opening.number > consent.terms.uses {
                return Some(format!("the consent allows {} uses", consent.terms.uses));
            }
            if let Some(first) = spent_before(asker, index, opening) {
                return Some(format!("leaf {first} had spent that use of the consent"));
            }
            (consent, opening.consent.index)
        }
    };
    let race = race_seconds(audit, consent.epoch);
    let skew = i64::from(holder.policy_at(served.index, &audit.rosters).log.skew_seconds);
    if served.time.plus_seconds(skew) < consent.terms.from {
        return Some(format!("the consent (leaf {of}) begins on {}", consent.terms.from));
    }
    if served.time >= consent.terms.until.plus_seconds(race) {
        return Some(format!("the consent (leaf {of}) was over on {}", consent.terms.until));
    }
    let known = holder.facts.withdrawals.get(&consent.withdrawal);
    let known = known.filter(|(leaf, time)| *leaf < served.index && time.plus_seconds(race) < served.time);
    known.map(|(leaf, time)| {
        format!("it knew since {time} that the consent was withdrawn (leaf {leaf} of its own log)")
    })
}

/// What was answered must have been served by enough holders, as far as their logs are here and reach so far.
fn judge_asked(audit: &Audit<'_>, asker: &Log, ledger: &Ledger<'_>, report: &mut Report) {
    let mut unknown = 0;
    for (index, (answer, time)) in &asker.facts.answered {
        let Some(opening) = asker.facts.openings.get(index) else { continue };
        if !report.in_period(opening.time) {
            continue;
        }
        let consent = opening.consent.index;
        let mut leaves = vec![(*index, EvaluationKind::Open, opening.epoch)];
        if let Some(located) = consent_of(asker, *index, opening) {
            leaves.push((consent, EvaluationKind::Locate, located.epoch));
            leaves.push((consent, EvaluationKind::Footprint, located.epoch));
        }
        for (leaf, evaluation, epoch) in leaves {
            let Some(needed) = audit.rosters.threshold(epoch) else { continue };
            let found = ledger.holders_of(&asker.member, leaf, evaluation);
            let silent = audit.rosters.holders(epoch).into_iter().filter(|holder| !found.contains(*holder));
            // A holder whose log is not here, or ends too early, may have served.
            let may_have =
                silent.filter(|holder| !reaches(audit, ledger, holder, asker, *answer, *time)).count();
            report.checked.asked_compared += 1;
            if found.len() >= needed {
                continue;
            }
            if found.len() + may_have >= needed {
                unknown += 1;
                continue;
            }
            let words = format!(
                "An answer was given that rests on this leaf (leaf {answer}), which takes {needed} key holders; {} \
                 of them logged that they helped ({}).",
                found.len(),
                word(evaluation)
            );
            let at = if leaf == *index { opening.time } else { *time };
            report.leaf_finding(&asker.member, leaf, at, Rule::UnservedLeaf, words);
        }
    }
    if unknown > 0 {
        let words = format!(
            "For {unknown} evaluations of {} it cannot be said who helped: the logs of enough key holders are \
             missing here, or end before.",
            asker.member
        );
        report.note(Some(&asker.member), words);
    }
}

/// Whether a holder's log, as it is here, holds everything that the holder had done when the asker logged an answer.
fn reaches(
    audit: &Audit<'_>,
    ledger: &Ledger<'_>,
    holder: &MemberId,
    asker: &Log,
    answer: u64,
    answered: UnixTime,
) -> bool {
    let Some(log) = audit.logs.get(holder) else { return false };
    if holder == &asker.member {
        return true;
    }
    // A leaf of its own says that it had seen the answer, so its help lies before; by clocks only where none does.
    let seen = ledger.seen.get(&(holder, &asker.member)).copied().unwrap_or(0);
    let skew = i64::from(audit.rosters.policy().log.skew_seconds);
    seen > answer || log.ended_at > answered.plus_seconds(skew)
}

fn word(evaluation: EvaluationKind) -> &'static str {
    match evaluation {
        EvaluationKind::Reporting => "reporting",
        EvaluationKind::Locate => "locating the client",
        EvaluationKind::Footprint => "locating her earlier inquiries",
        EvaluationKind::Open => "opening records",
    }
}
