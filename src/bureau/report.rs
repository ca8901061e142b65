//! A report as the connector reads it. Every member is there, text, and never null.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::clock::UnixTime;
use crate::model::amount::Amount;
use crate::model::answer::{Answer, CoverageState, FacilityLine, LenderLine};
use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::leaf::RefusalCode;
use crate::model::money::Currency;
use crate::model::reason::Outcome;
use crate::words::{Texts, reason_text};

/// A report of an answer.
pub(super) fn of(answer: &Answer) -> Value {
    let (score, class) = match (answer.verdict.outcome, answer.complete) {
        (Outcome::Decline, _) => ("DECLINE", "RED"),
        // A partial answer must not look like "no debt".
        (Outcome::Refer, _) | (Outcome::Pass, false) => ("REFER", "YELLOW"),
        (Outcome::Pass, true) => ("PASS", "GREEN"),
    };
    let lenders: Vec<&LenderLine> =
        answer.persons.iter().flat_map(|person| &person.exposure.lenders).collect();
    let of_status = |wanted: fn(FacilityStatus) -> bool| -> Vec<Value> {
        let lines =
            lenders.iter().flat_map(|lender| lender.facilities.iter().map(move |line| (lender, line)));
        let numbered = (1..).zip(lines).filter(|(_, (_, line))| wanted(line.status));
        numbered.map(|(number, (lender, line))| loan(answer, number, lender, line)).collect()
    };
    let active = of_status(FacilityStatus::is_active);
    let written_off = of_status(|status| status == FacilityStatus::WrittenOff);
    shaped(score, class, &note(answer), &active, &written_off)
}

/// A report without an answer.
pub(super) fn unanswered(why: &str) -> Value {
    let note = format!("NO ANSWER: nothing is known of what this client owes. {why}");
    shaped("NONE", "YELLOW", &note, &[], &[])
}

/// A report of a lawful refusal.
pub(super) fn refused(reason: RefusalCode) -> Value {
    let why = match reason {
        RefusalCode::Withdrawn => "The client has withdrawn the consent.",
        RefusalCode::Expired => "The consent has expired: record a new one.",
        RefusalCode::UsedUp => "The consent is used up: record a new one.",
        RefusalCode::NotYetValid => "The consent has not begun yet.",
        RefusalCode::WrongPurpose => "The consent is for another purpose.",
        RefusalCode::NoConsent => "There is no such consent any more: record a new one.",
        RefusalCode::QuotaSpent => "The day's quota of questions is spent: ask tomorrow.",
        _ => "The key holders refused; the consent log of this node says why.",
    };
    unanswered(why)
}

fn shaped(score: &str, class: &str, note: &str, active: &[Value], written_off: &[Value]) -> Value {
    json!({
        "ResponseMessage": "OK",
        "Data": {
            // Who she is the lender knows; no record says it.
            "BorrowerInfo": { "Name": "", "Gender": "", "Address": "" },
            "CreditScore": { "Score": score, "Class": class, "Note": note },
            "ActiveLoans": active,
            "WriteOffLoans": written_off,
        },
    })
}

/// What stands behind the colour: first what is missing, then the policy's reasons.
fn note(answer: &Answer) -> String {
    // Fineract keeps one note for all its users: English.
    let words = Texts::built_in().language("en");
    let coverage = &answer.coverage;
    let mut note = String::new();
    if !answer.complete {
        note.push_str("INCOMPLETE: the client may owe more than this shows. ");
    }
    let _ = write!(note, "Covers {} of {} lenders.", coverage.covered, coverage.lenders);
    let lacking = coverage.members.iter().filter(|member| member.state != CoverageState::Covered);
    let lacking: Vec<&str> = lacking.map(|member| member.name.as_str()).collect();
    if !lacking.is_empty() {
        let _ = write!(note, " Without fresh data: {}.", lacking.join(", "));
    }
    let unreadable: u32 = coverage.unreadable.iter().map(|rows| rows.count).sum();
    if unreadable > 0 {
        let _ = write!(note, " {unreadable} records could not be read.");
    }
    let possible: u32 = answer.persons.iter().map(|person| person.possible.lenders).sum();
    if possible > 0 {
        let _ = write!(
            note,
            " Possible match, by telephone or the like, at {possible} more lenders, not opened."
        );
    }
    for reason in answer.verdict.reasons.iter().filter(|reason| reason.outcome != Outcome::Pass) {
        note.push(' ');
        note.push_str(&reason_text(reason, false, &words));
    }
    let _ = write!(
        note,
        " By {}, version {}; inquiry {}.",
        answer.policy.name, answer.policy.version, answer.transaction
    );
    note
}

fn loan(answer: &Answer, number: usize, lender: &LenderLine, line: &FacilityLine) -> Value {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let amount = |amount: &Option<Amount>| money(amount.as_ref(), line.currency);
    let institution = match line.kind {
        FacilityKind::Individual | FacilityKind::GroupMember => lender.lender.clone(),
        FacilityKind::Group => format!("{} (loan to her group)", lender.lender),
        FacilityKind::Guarantor => format!("{} (guaranteed by her)", lender.lender),
    };
    let owed = if line.status == FacilityStatus::WrittenOff && line.outstanding.is_none() {
        &line.written_off
    } else {
        &line.outstanding
    };
    json!({
        "ReportingDate": day(lender.as_of),
        // Lenders do not tell their account numbers: a number of this report.
        "LoanGUID": format!("{}-{number}", answer.transaction),
        "Institution": institution,
        "Division": "",
        "Township": "",
        "DisbursedDate": day(line.opened),
        "DisbursedAmount": amount(&line.disbursed),
        // What is owed is reported with its charges, not apart.
        "PrincipalOutstandingAmount": "",
        "PrincipalOverdueAmount": "",
        "TotalOutstandingAmount": amount(owed),
        "TotalOverdueAmount": amount(&line.overdue),
        "DaysInDelay": line.days_past_due.map(|days| days.to_string()).unwrap_or_default(),
        "UpdatedDtm": time(answer.answered_at),
    })
}

/// With its currency, for a client may owe in several; empty where it is not reported, which is not zero.
fn money(amount: Option<&Amount>, currency: Currency) -> String {
    amount.map(|amount| format!("{amount} {currency}")).unwrap_or_default()
}

fn time(time: UnixTime) -> String {
    time.to_string()
}
