//! Reasons in words a loan officer can say to the client.

use super::wording::{Value, Words};
use crate::model::policy::{ExposureClass, RuleName};
use crate::model::reason::{Figure, Finding, Need, Reason};

/// Basis points in a percent.
const BASIS_POINTS: u64 = 100;

/// One reason as a sentence or two. `with_loan` says whether a loan was asked for, so that figures are "after this
/// loan" or "now".
pub fn reason_text(reason: &Reason, with_loan: bool, words: &Words) -> String {
    let text = match &reason.observed {
        Some(observed) => observed_text(reason, observed, with_loan, words),
        None if reason.finding == Finding::NotApplicable => not_applicable(reason.rule, words),
        None => {
            let limit = limit_text(&reason.limit, words);
            let about = [("subject", subject(reason.rule, words).into()), ("limit", limit.into())];
            words.with("reason-cannot-be-judged", &about)
        }
    };
    if reason.needs.is_empty() {
        return text;
    }
    let needs: Vec<String> = reason.needs.iter().map(|need| need_text(*need, words)).collect();
    let not_known = words.with("reason-not-known", &[("needs", words.list(&needs).into())]);
    format!("{text} {not_known}")
}

/// What was found, before the limit, and whether something in it was converted; or a sentence that needs no limit.
enum Found {
    Against(String, bool),
    Sentence(String),
}

fn observed_text(reason: &Reason, observed: &Figure, with_loan: bool, words: &Words) -> String {
    match found(reason, observed, with_loan, words) {
        Found::Sentence(sentence) => sentence,
        Found::Against(found, converted) => {
            let limit = limit_text(&reason.limit, words);
            let key = if converted { "reason-judged-converted" } else { "reason-judged" };
            words.with(key, &[("found", found.into()), ("limit", limit.into())])
        }
    }
}

fn found(reason: &Reason, observed: &Figure, with_loan: bool, words: &Words) -> Found {
    let when = || ("when", Value::from(if with_loan { "after" } else { "now" }));
    // What is known, when something is not.
    let least = |figure: String| {
        if reason.at_least { words.with("reason-at-least", &[("figure", figure.into())]) } else { figure }
    };
    match observed {
        Figure::Lenders { count } => {
            let about = [("count", u64::from(*count).into()), when()];
            Found::Against(words.with("reason-found-lenders", &about), false)
        }
        Figure::Exposure { class, total, converted } => {
            let total = least(words.money(total));
            let about = [when(), ("total", total.into()), ("class", class_text(*class, words).into())];
            Found::Against(words.with("reason-found-exposure", &about), *converted)
        }
        Figure::InstalmentShare { monthly, income, basis_points, estimated, converted } => {
            let mut amount = least(words.money(monthly));
            if !estimated.amount.is_zero() {
                let parts = [("amount", amount.into()), ("estimated", words.money(estimated).into())];
                amount = words.with("reason-partly-estimated", &parts);
            }
            let share = match basis_points {
                Some(share) => {
                    let share = least(words.percent(*share));
                    let of = [("share", share.into()), ("income", words.money(income).into())];
                    words.with("reason-share-of-income", &of)
                }
                None => words.text("reason-no-income"),
            };
            let about = [when(), ("monthly", amount.into()), ("share", share.into())];
            Found::Against(words.with("reason-found-instalments", &about), *converted)
        }
        Figure::Income { yearly, converted } => {
            let about = [("income", words.money(yearly).into())];
            Found::Against(words.with("reason-found-income", &about), *converted)
        }
        Figure::Arrears { days, overdue, converted } => {
            let worst = ("days", Value::from(least(words.days(*days))));
            let found = match &reason.limit {
                Figure::Arrears { days: limit, .. } if days > limit => {
                    let overdue = least(words.money(overdue));
                    let about = [worst, ("overdue", overdue.into()), ("limit", u64::from(*limit).into())];
                    words.with("reason-found-arrears-beyond", &about)
                }
                _ => words.with("reason-found-arrears", &[worst]),
            };
            Found::Against(found, *converted)
        }
        Figure::Refinancing { new, old, percent, converted } => {
            let share = percent.map_or_else(
                || words.text("reason-more-than-any-share"),
                |percent| words.percent(percent.saturating_mul(BASIS_POINTS)),
            );
            let about =
                [("new", words.money(new).into()), ("share", share.into()), ("old", words.money(old).into())];
            Found::Against(words.with("reason-found-refinancing", &about), *converted)
        }
        Figure::Inquiries { count, days } => {
            let about = [("count", u64::from(*count).into()), ("days", u64::from(*days).into())];
            Found::Against(words.with("reason-found-inquiries", &about), false)
        }
        Figure::Facilities { count } => Found::Sentence(words.counted("reason-found-written-off", *count)),
        Figure::Disputed { count } => Found::Sentence(words.counted("reason-found-disputed", *count)),
        Figure::Lacking { missing, stale, unreadable } => {
            Found::Sentence(lacking(*missing, *stale, *unreadable, words))
        }
        Figure::Share { .. } | Figure::Percent { .. } => Found::Against(subject(reason.rule, words), false),
    }
}

fn lacking(missing: u32, stale: u32, unreadable: u32, words: &Words) -> String {
    let mut parts = Vec::new();
    if missing > 0 {
        parts.push(words.counted("reason-lacking-missing", missing));
    }
    if stale > 0 {
        parts.push(words.counted("reason-lacking-stale", stale));
    }
    if unreadable > 0 {
        parts.push(words.counted("reason-lacking-unreadable", unreadable));
    }
    if parts.is_empty() {
        return words.text("reason-complete");
    }
    words.with("reason-not-complete", &[("lacking", words.list(&parts).into())])
}

fn limit_text(limit: &Figure, words: &Words) -> String {
    let figure = match limit {
        Figure::Lenders { count }
        | Figure::Facilities { count }
        | Figure::Disputed { count }
        | Figure::Inquiries { count, .. } => words.number(u64::from(*count)),
        Figure::Exposure { total, .. } => words.money(total),
        Figure::Share { basis_points } => words.percent(u64::from(*basis_points)),
        Figure::Percent { percent } => words.percent(u64::from(*percent) * BASIS_POINTS),
        Figure::Arrears { days, overdue, .. } if overdue.amount.is_zero() => words.days(*days),
        Figure::Arrears { days, overdue, .. } => {
            let both = [("days", words.days(*days).into()), ("overdue", words.money(overdue).into())];
            words.with("reason-days-and-overdue", &both)
        }
        Figure::Income { yearly, .. } => {
            return words.with("reason-limit-income", &[("income", words.money(yearly).into())]);
        }
        Figure::InstalmentShare { .. } | Figure::Refinancing { .. } | Figure::Lacking { .. } => {
            return words.text("reason-limit-of-policy");
        }
    };
    words.with("reason-limit", &[("figure", figure.into())])
}

fn subject(rule: RuleName, words: &Words) -> String {
    words.text(match rule {
        RuleName::LendersMax => "reason-subject-lenders-max",
        RuleName::ExposureMax => "reason-subject-exposure-max",
        RuleName::InstalmentShareMax => "reason-subject-instalment-share-max",
        RuleName::IncomeCeiling => "reason-subject-income-ceiling",
        RuleName::DaysPastDueMax => "reason-subject-days-past-due-max",
        RuleName::RefinancingMax => "reason-subject-refinancing-max",
        RuleName::RecentInquiriesMax => "reason-subject-recent-inquiries-max",
        RuleName::WrittenOff => "reason-subject-written-off",
        RuleName::Disputed => "reason-subject-disputed",
        RuleName::IncompleteData => "reason-subject-incomplete-data",
    })
}

fn not_applicable(rule: RuleName, words: &Words) -> String {
    match rule {
        RuleName::RefinancingMax => words.text("reason-replaces-none"),
        _ => words.with("reason-not-asked", &[("subject", subject(rule, words).into())]),
    }
}

fn class_text(class: ExposureClass, words: &Words) -> String {
    words.text(match class {
        ExposureClass::All => "reason-class-all",
        ExposureClass::Individual => "reason-class-individual",
        ExposureClass::GroupMember => "reason-class-group-member",
        ExposureClass::Group => "reason-class-group",
        ExposureClass::Guarantor => "reason-class-guarantor",
        ExposureClass::WithGroupAndGuaranteed => "reason-class-with-group-and-guaranteed",
    })
}

fn need_text(need: Need, words: &Words) -> String {
    match need {
        Need::Outstanding { facilities } => words.counted("reason-need-outstanding", facilities),
        Need::Instalment { facilities } => words.counted("reason-need-instalment", facilities),
        Need::DaysPastDue { facilities } => words.counted("reason-need-days-past-due", facilities),
        Need::Overdue { facilities } => words.counted("reason-need-overdue", facilities),
        Need::HouseholdIncome => words.text("reason-need-household-income"),
        Need::RequestedLoan => words.text("reason-need-requested-loan"),
        Need::RequestedInstalment => words.text("reason-need-requested-instalment"),
        Need::RefinancedLoan => words.text("reason-need-refinanced-loan"),
        Need::RefinancedDisbursed => words.text("reason-need-refinanced-disbursed"),
    }
}

#[cfg(test)]
mod tests;
