//! Reasons in words a loan officer can say to the client.

use std::fmt::Write as _;

use super::page::{count, list, money, percent};
use crate::model::policy::{ExposureClass, RuleName};
use crate::model::reason::{Figure, Finding, Need, Reason};

/// One reason as a sentence or two. `with_loan` says whether a loan was asked for, so that figures are "after this
/// loan" or "now".
pub fn reason_text(reason: &Reason, with_loan: bool) -> String {
    let mut text = match &reason.observed {
        Some(observed) => observed_text(reason, observed, with_loan),
        None if reason.finding == Finding::NotApplicable => not_applicable(reason.rule),
        None => format!("{} cannot be judged; {}.", subject(reason.rule), limit_text(&reason.limit)),
    };
    if !reason.needs.is_empty() {
        let needs: Vec<String> = reason.needs.iter().copied().map(need_text).collect();
        let _ = write!(text, " Not known: {}.", list(&needs));
    }
    text
}

fn observed_text(reason: &Reason, observed: &Figure, with_loan: bool) -> String {
    let after = if with_loan { "after this loan" } else { "now" };
    let least = if reason.at_least { "at least " } else { "" };
    let limit = limit_text(&reason.limit);
    match observed {
        Figure::Lenders { count: lenders } => {
            let included = if with_loan { ", this one included" } else { "" };
            format!("{} {after}{included}; {limit}.", count(*lenders, "lender", "lenders"))
        }
        Figure::Exposure { class, total, converted } => {
            let would = if with_loan { "would owe" } else { "owes" };
            let (who, what) = ("The household", class_text(*class));
            format!("{who} {would} {least}{} {after} on {what}{}; {limit}.", money(total), rates(*converted))
        }
        Figure::InstalmentShare { monthly, income, basis_points, estimated, converted } => {
            let would = if with_loan { "would be" } else { "are" };
            let share = match basis_points {
                Some(share) => format!("{least}{} of household income {}", percent(*share), money(income)),
                None => "with no household income".to_owned(),
            };
            let zero = estimated.amount.as_str().bytes().all(|b| matches!(b, b'0' | b'.'));
            let estimated =
                if zero { String::new() } else { format!(" ({} of it estimated)", money(estimated)) };
            let monthly = money(monthly);
            format!(
                "Monthly instalments {after} {would} {least}{monthly}{estimated}, {share}{}; {limit}.",
                rates(*converted)
            )
        }
        Figure::Income { yearly, converted } => {
            format!("The household's yearly income is {}{}; {limit}.", money(yearly), rates(*converted))
        }
        Figure::Arrears { days, overdue, converted } => {
            let beyond = match &reason.limit {
                Figure::Arrears { days: limit, .. } if days > limit => {
                    format!(", with {least}{} overdue on loans beyond {limit} days", money(overdue))
                }
                _ => String::new(),
            };
            let days = count(*days, "day", "days");
            format!("The worst loan is {least}{days} past due{beyond}{}; {limit}.", rates(*converted))
        }
        Figure::Refinancing { new, old, percent, converted } => {
            let share =
                percent.map_or_else(|| "more than any share".to_owned(), |percent| format!("{percent} %"));
            let converted = rates(*converted);
            let (new, old) = (money(new), money(old));
            format!(
                "The new loan of {new} is {share} of the {old} paid out on the loan it replaces{converted}; {limit}."
            )
        }
        Figure::Inquiries { count: inquiries, days } => {
            let times = count(*inquiries, "time", "times");
            format!("Other lenders asked about this client {times} in the last {days} days; {limit}.")
        }
        Figure::Facilities { count: 0 } => "No loan was written off.".to_owned(),
        Figure::Facilities { count: 1 } => "1 loan was written off and is still owed.".to_owned(),
        Figure::Facilities { count } => format!("{count} loans were written off and are still owed."),
        Figure::Disputed { count: 0 } => "The client disputes no loan.".to_owned(),
        Figure::Disputed { count: loans } => {
            let loans = count(*loans, "loan", "loans");
            format!("The client disputes {loans}: the figures may be wrong.")
        }
        Figure::Lacking { missing: 0, stale: 0, unreadable: 0 } => {
            "Every lender's data is in this answer.".to_owned()
        }
        Figure::Lacking { missing, stale, unreadable } => {
            let parts = [
                (*missing, format!("{} not heard from", count(*missing, "lender was", "lenders were"))),
                (*stale, format!("the data of {} is too old", count(*stale, "lender", "lenders"))),
                (*unreadable, format!("{} not be read", count(*unreadable, "row could", "rows could"))),
            ];
            let parts: Vec<String> =
                parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect();
            format!("This answer is not complete: {}. The client may owe more than it shows.", list(&parts))
        }
        Figure::Share { .. } | Figure::Percent { .. } => format!("{}; {limit}.", subject(reason.rule)),
    }
}

fn limit_text(limit: &Figure) -> String {
    match limit {
        Figure::Lenders { count }
        | Figure::Facilities { count }
        | Figure::Disputed { count }
        | Figure::Inquiries { count, .. } => {
            format!("the limit is {count}")
        }
        Figure::Exposure { total, .. } => format!("the limit is {}", money(total)),
        Figure::Share { basis_points } => format!("the limit is {}", percent(u64::from(*basis_points))),
        Figure::Income { yearly, .. } => format!("up to {} a loan counts as microfinance", money(yearly)),
        Figure::Arrears { days, overdue, .. } => {
            let any = overdue.amount.as_str().bytes().all(|b| matches!(b, b'0' | b'.'));
            let more =
                if any { String::new() } else { format!(" with more than {} overdue", money(overdue)) };
            format!("the limit is {}{more}", count(*days, "day", "days"))
        }
        Figure::Percent { percent } => format!("the limit is {percent} %"),
        Figure::InstalmentShare { .. } | Figure::Refinancing { .. } | Figure::Lacking { .. } => {
            "the policy sets the limit".to_owned()
        }
    }
}

fn subject(rule: RuleName) -> &'static str {
    match rule {
        RuleName::LendersMax => "The number of lenders",
        RuleName::ExposureMax => "What the household owes",
        RuleName::InstalmentShareMax => "The share of instalments in household income",
        RuleName::IncomeCeiling => "The household's yearly income",
        RuleName::DaysPastDueMax => "The days past due",
        RuleName::RefinancingMax => "The size of the refinancing",
        RuleName::RecentInquiriesMax => "The number of recent inquiries",
        RuleName::WrittenOff => "Written-off loans",
        RuleName::Disputed => "Loans that the client disputes",
        RuleName::IncompleteData => "Whether the answer is complete",
    }
}

fn not_applicable(rule: RuleName) -> String {
    match rule {
        RuleName::RefinancingMax => "This loan replaces no other.".to_owned(),
        _ => format!("{}: not asked.", subject(rule)),
    }
}

fn class_text(class: ExposureClass) -> &'static str {
    match class {
        ExposureClass::All => "its own loans",
        ExposureClass::Individual => "individual loans",
        ExposureClass::GroupMember => "its own loans inside groups",
        ExposureClass::Group => "loans to its groups",
        ExposureClass::Guarantor => "loans that it guarantees",
        ExposureClass::WithGroupAndGuaranteed => {
            "all loans, those to its groups and guaranteed ones included"
        }
    }
}

fn need_text(need: Need) -> String {
    let loans = |number: u32| count(number, "loan", "loans");
    match need {
        Need::Outstanding { facilities } => format!("what is owed on {}", loans(facilities)),
        Need::Instalment { facilities } => format!("the instalment of {}", loans(facilities)),
        Need::DaysPastDue { facilities } => format!("the days past due of {}", loans(facilities)),
        Need::Overdue { facilities } => format!("what is overdue on {}", loans(facilities)),
        Need::HouseholdIncome => "the household's monthly income".to_owned(),
        Need::RequestedLoan => "the amount of the new loan".to_owned(),
        Need::RequestedInstalment => "the instalment or the term of the new loan".to_owned(),
        Need::RefinancedLoan => {
            "the loan to be replaced, which is not among this lender's running ones".to_owned()
        }
        Need::RefinancedDisbursed => "what was paid out on the loan to be replaced".to_owned(),
    }
}

fn rates(converted: bool) -> &'static str {
    if converted { " (converted at the reference rates)" } else { "" }
}
