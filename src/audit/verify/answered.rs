//! Each opening has an answer or a refusal, and each answer its openings.

use super::Audit;
use super::double_entry::Ledger;
use crate::audit::finding::Rule;
use crate::audit::report::{Report, leaf_words};
use crate::limits::AUDIT_UNANSWERED_SECONDS;
use crate::model::leaf::EvaluationKind;

pub(super) fn check(audit: &Audit<'_>, ledger: &Ledger<'_>, report: &mut Report) {
    for log in audit.logs.values() {
        for (answer, time, opened) in &log.facts.answers {
            for leaf in opened {
                let there = log.facts.openings.get(&leaf.index).is_some_and(|o| o.hash == leaf.hash);
                if !there || leaf.index >= *answer {
                    let words = format!(
                        "The answer rests on the opening in {}, and no such opening was logged before it.",
                        leaf_words(leaf)
                    );
                    report.leaf_finding(&log.member, *answer, *time, Rule::AnswerWithoutOpening, words);
                }
            }
        }
        let mut waiting = 0;
        for (index, opening) in &log.facts.openings {
            let consent = opening.consent.index;
            let refused = log.facts.refused.contains(&(opening.transaction, Some(consent)));
            // Persons of one inquiry share its transaction; one refusal ends it for all of them.
            let ended = refused || ended_by_another(log, opening.transaction);
            // What it had found out was lost with the store: nobody can answer it any more.
            let lost = log.facts.recoveries.cover(*index);
            if log.facts.answered.contains_key(index) || ended || lost || !report.in_period(opening.time) {
                continue;
            }
            let needed = audit.rosters.threshold(opening.epoch).unwrap_or(usize::MAX);
            let helped = ledger.holders_of(&log.member, *index, EvaluationKind::Open).len();
            let old = log.ended_at.seconds_since(opening.time) > AUDIT_UNANSWERED_SECONDS;
            if helped < needed || !old {
                waiting += 1;
                continue;
            }
            let words = format!(
                "{helped} key holders helped to open records, which is enough to read them, and neither an answer \
                 nor a refusal was logged since ({}).",
                opening.time
            );
            report.leaf_finding(&log.member, *index, opening.time, Rule::OpeningWithoutAnswer, words);
        }
        if waiting > 0 {
            let words = format!(
                "{waiting} openings of {} have neither answer nor refusal yet: under way at the export, or given \
                 up when too few key holders helped.",
                log.member
            );
            report.note(Some(&log.member), words);
        }
    }
}

fn ended_by_another(log: &super::Log, transaction: crate::digest::TransactionId) -> bool {
    let range = (transaction, None)..=(transaction, Some(u64::MAX));
    log.facts.refused.range(range).next().is_some()
}
