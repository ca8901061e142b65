//! The answer as a page for the terminal: verdict first, then why, then the figures behind it.

use std::fmt::Write as _;

use super::page::{Table, band, count, grouped, line, list, money, percent, wrapped};
use super::reason_text::reason_text;
use crate::model::amount::Amount;
use crate::model::answer::{
    Answer, Basis, CoverageState, CurrencyTotals, Exposure, FacilityLine, InquiryCounts, InstalmentSum,
    MatchLevel, PersonAnswer, Sum, Totals, UnreadableWhy,
};
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::inquiry::Role;
use crate::model::reason::Outcome;

/// The whole page, in English.
pub fn answer_text(answer: &Answer) -> String {
    let mut page = String::new();
    verdict(&mut page, answer);
    coverage(&mut page, answer);
    why(&mut page, answer);
    household(&mut page, answer);
    lenders(&mut page, &answer.household);
    if answer.persons.len() > 1 {
        persons(&mut page, answer);
    }
    for person in &answer.persons {
        about(&mut page, answer, person);
    }
    footer(&mut page, answer);
    page
}

fn verdict(page: &mut String, answer: &Answer) {
    let meaning = match answer.verdict.outcome {
        Outcome::Pass => "nothing in the policy speaks against this loan",
        Outcome::Refer => "a person has to decide",
        Outcome::Decline => "the policy says no",
    };
    line(page, &format!("{}: {meaning}", outcome(answer.verdict.outcome)));
    let requested = answer.question.requested.as_ref().map_or_else(String::new, |loan| {
        let kind = kind(loan.kind);
        format!(", {} {} ({kind})", loan.currency, grouped(&loan.amount))
    });
    line(page, &format!("{}{requested}; asked by {}", answer.question.purpose, answer.asker));
    let policy = &answer.policy;
    line(page, &format!("{}, version {} of {}", policy.name, policy.version, policy.issued));
}

fn coverage(page: &mut String, answer: &Answer) {
    let coverage = &answer.coverage;
    let state =
        if answer.complete { "complete" } else { "NOT COMPLETE, the client may owe more than this shows" };
    page.push('\n');
    line(page, &format!("Covers {} of {} lenders: {state}", coverage.covered, coverage.lenders));
    for (wanted, word) in [(CoverageState::Missing, "missing"), (CoverageState::Stale, "too old")] {
        for member in coverage.members.iter().filter(|member| member.state == wanted) {
            let as_of =
                member.as_of.map_or_else(|| "no data yet".to_owned(), |day| format!("figures of {day}"));
            let heard = member
                .last_heard
                .map_or_else(|| "never heard".to_owned(), |time| format!("last heard {time}"));
            wrapped(
                page,
                &format!("  {word:<8} "),
                &format!("{} ({}): {as_of}, {heard}", member.name, member.member),
            );
        }
    }
    for rows in &coverage.unreadable {
        let why = match rows.why {
            UnreadableWhy::BadProof => "its proof does not hold",
            UnreadableWhy::DoesNotOpen => "it does not open under the network's key",
            UnreadableWhy::BadContent => "what is inside is no record",
            UnreadableWhy::UnknownCurrency => "the policy does not know its currency",
            UnreadableWhy::KeyGone => "the key of its time is gone",
            UnreadableWhy::NotCovered => "no signed feed state covers it yet",
            UnreadableWhy::TooMany => "there are more rows than one opening takes",
        };
        let text = format!("{} of {}: {why}", count(rows.count, "row", "rows"), rows.lender);
        wrapped(page, "  not read ", &text);
    }
}

fn why(page: &mut String, answer: &Answer) {
    page.push('\n');
    line(page, "Why");
    let with_loan = answer.question.requested.is_some();
    let mut reasons: Vec<_> = answer.verdict.reasons.iter().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.outcome));
    for reason in reasons {
        let text = format!("{} [{}]", reason_text(reason, with_loan), reason.source);
        wrapped(page, &format!("  {:<8} ", outcome(reason.outcome)), &text);
    }
}

fn household(page: &mut String, answer: &Answer) {
    let household = &answer.household;
    page.push('\n');
    line(page, "What the household owes on its own loans");
    let cells = |texts: [&str; 5]| texts.map(str::to_owned);
    let mut table = Table::default();
    table.row(cells(["", "this lender", "others", "together", "after the loan"]));
    let mut currencies: Vec<_> = household.together.currencies.iter().map(|totals| totals.currency).collect();
    currencies.extend(answer.after.currencies.iter().map(|after| after.currency));
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let of =
            |totals: &Totals| totals.currencies.iter().find(|totals| totals.currency == currency).cloned();
        let sides = [of(&household.own), of(&household.others), of(&household.together)];
        let after = answer.after.currencies.iter().find(|after| after.currency == currency);
        rows(&mut table, currency.code(), &sides, after.map(|after| (&after.outstanding, &after.instalment)));
    }
    let foreign = household.together.converted || answer.after.converted;
    if foreign {
        let reference = |totals: &Totals| Some(totals.reference.clone());
        let sides = [reference(&household.own), reference(&household.others), reference(&household.together)];
        let after = &answer.after.reference;
        let name = format!("all in {}", after.currency);
        rows(&mut table, &name, &sides, Some((&after.outstanding, &after.instalment)));
    }
    let counts = [&household.own, &household.others, &household.together];
    let after = (answer.after.lenders).to_string();
    let row = |name: &str, figure: &dyn Fn(&Totals) -> String, after: String| {
        let [own, others, together] = counts.map(figure);
        [name.to_owned(), own, others, together, after]
    };
    table.row(row("lenders with active loans", &|totals| totals.lenders_active.to_string(), after));
    table.row(row("active loans", &|totals| totals.active.to_string(), String::new()));
    table.row(row(
        "written off, ended",
        &|totals| format!("{}, {}", totals.written_off, totals.closed),
        String::new(),
    ));
    table.row(row("days past due, worst", &arrears, String::new()));
    table.row(row("band", &|totals| band(totals.arrears.band).to_owned(), String::new()));
    table.print(page);
    for (name, totals) in
        [("Loans to a group as a whole", &household.group), ("Guaranteed loans", &household.guaranteed)]
    {
        apart(page, name, totals);
    }
    if let Some(burden) = &answer.after.burden {
        let share =
            burden.share_basis_points.map_or_else(String::new, |share| format!(", {} of it", percent(share)));
        let left = burden.left_over.as_ref().map_or_else(String::new, |left| {
            format!("; left over after declared expenses {} {}", burden.income.currency, grouped(left))
        });
        let instalment = format!("{} {}", burden.income.currency, instalment_cell(&burden.instalment));
        let text = format!(
            "Household income {} a month; instalments {instalment}{share}{left}",
            money(&burden.income)
        );
        wrapped(page, "  ", &text);
    }
}

type After<'a> = Option<(&'a Sum, &'a InstalmentSum)>;

fn rows(table: &mut Table, name: &str, sides: &[Option<CurrencyTotals>; 3], after: After<'_>) {
    let row = |what: &str, cell: &dyn Fn(&CurrencyTotals) -> String, after: String| {
        let cells = sides.each_ref().map(|side| side.as_ref().map_or_else(|| "-".to_owned(), cell));
        let [own, others, together] = cells;
        [format!("{name} {what}"), own, others, together, after]
    };
    let dash = || "-".to_owned();
    let outstanding = after.map_or_else(dash, |(sum, _)| sum_cell(sum));
    let instalment = after.map_or_else(dash, |(_, sum)| instalment_cell(sum));
    table.row(row("owed", &|totals| sum_cell(&totals.outstanding), outstanding));
    table.row(row("overdue", &|totals| sum_cell(&totals.overdue), String::new()));
    table.row(row("a month", &|totals| instalment_cell(&totals.instalment), instalment));
    if sides
        .iter()
        .flatten()
        .any(|totals| totals.written_off.unknown > 0 || !is_zero(&totals.written_off.amount))
    {
        table.row(row("written off", &|totals| sum_cell(&totals.written_off), String::new()));
    }
}

fn apart(page: &mut String, name: &str, totals: &Totals) {
    if totals.active + totals.written_off == 0 {
        return;
    }
    let sums = totals.currencies.iter().map(|sums| {
        let (owed, overdue) = (sum_cell(&sums.outstanding), sum_cell(&sums.overdue));
        format!(
            "{} {owed} owed, {overdue} overdue, {} a month",
            sums.currency,
            instalment_cell(&sums.instalment)
        )
    });
    let sums: Vec<String> = sums.collect();
    let lenders = count(totals.lenders_active, "lender", "lenders");
    let text = format!("{name}, in no sum above: {} at {lenders}: {}", totals.active, sums.join("; "));
    wrapped(page, "  ", &text);
}

fn lenders(page: &mut String, exposure: &Exposure) {
    page.push('\n');
    line(page, "Lender by lender");
    if exposure.lenders.is_empty() {
        line(page, "  no record at any lender that this answer covers");
    }
    for lender in &exposure.lenders {
        let own = if lender.own { " (this lender)" } else { "" };
        let as_of = lender.as_of.map_or_else(String::new, |day| format!(", figures of {day}"));
        line(page, &format!("  {}{own}{as_of}", lender.lender));
        if lender.facilities.is_empty() {
            line(page, "    no loans");
        }
        for facility in &lender.facilities {
            wrapped(page, "    ", &facility_text(facility));
        }
    }
}

fn facility_text(facility: &FacilityLine) -> String {
    let amount = |amount: &Option<Amount>| amount.as_ref().map_or_else(|| "not reported".to_owned(), grouped);
    let mut parts = vec![format!("{}, {}", kind(facility.kind), status(facility.status))];
    match facility.status {
        FacilityStatus::Closed => {
            parts.push(format!("{} {} paid out", facility.currency, amount(&facility.disbursed)));
            parts.extend(facility.closed.map(|day| format!("ended {day}")));
            parts.extend(facility.days_past_due_worst.map(|days| format!("worst {days} days past due")));
        }
        FacilityStatus::WrittenOff => {
            let written_off = facility.written_off.clone().or_else(|| facility.outstanding.clone());
            parts.push(format!("{} {} written off", facility.currency, amount(&written_off)));
            parts.extend(facility.written_off_on.map(|day| format!("on {day}")));
        }
        _ => {
            parts.push(format!("{} {} owed", facility.currency, amount(&facility.outstanding)));
            parts.push(format!("of {}", amount(&facility.disbursed)));
            parts.push(format!("overdue {}", amount(&facility.overdue)));
            let days =
                facility.days_past_due.map_or_else(|| "not reported".to_owned(), |days| days.to_string());
            parts.push(format!("days past due {days}"));
            let monthly = facility.monthly.as_ref().map(|monthly| match (monthly.basis, &monthly.amount) {
                (Basis::Reported, Some(amount)) => format!("{} a month", grouped(amount)),
                (Basis::Estimated, Some(amount)) => format!("{} a month (estimated)", grouped(amount)),
                _ => "instalment not known".to_owned(),
            });
            parts.extend(monthly);
            parts.extend(facility.matures.map(|day| format!("until {day}")));
        }
    }
    if facility.disputed {
        parts.push("DISPUTED by the client".to_owned());
    }
    parts.join(", ")
}

fn persons(page: &mut String, answer: &Answer) {
    page.push('\n');
    line(page, "Person by person, own loans in the reference currency");
    let mut table = Table::default();
    let titles = ["", "lenders", "active", "owed", "overdue", "a month", "worst days", "written off"];
    table.row(titles.map(str::to_owned));
    for person in &answer.persons {
        let totals = &person.exposure.together;
        let sums = &totals.reference;
        table.row([
            role(person.role).to_owned(),
            person.exposure.lenders_active.to_string(),
            totals.active.to_string(),
            format!("{} {}", sums.currency, sum_cell(&sums.outstanding)),
            sum_cell(&sums.overdue),
            instalment_cell(&sums.instalment),
            arrears(totals),
            totals.written_off.to_string(),
        ]);
    }
    table.print(page);
    if answer.persons.iter().any(|person| person.role == Role::Guarantor) && answer.persons.len() > 1 {
        line(page, "  a guarantor stands outside the household and is in none of its sums");
    }
}

fn about(page: &mut String, answer: &Answer, person: &PersonAnswer) {
    page.push('\n');
    let schemes: Vec<String> = person.matched.iter().map(ToString::to_string).collect();
    let found = match person.match_level {
        MatchLevel::None => "not found at any lender".to_owned(),
        MatchLevel::Weak if schemes.is_empty() => "found under a weak identifier alone".to_owned(),
        MatchLevel::Weak => format!("found under {} alone, which is weak", list(&schemes)),
        MatchLevel::Strong => format!("found under {}", list(&schemes)),
    };
    let title = role(person.role);
    line(page, &format!("{}{}: {found}", title[..1].to_uppercase(), &title[1..]));
    if person.possible.lenders > 0 {
        let names = if person.possible.names.is_empty() {
            String::new()
        } else {
            format!(" ({})", list(&person.possible.names))
        };
        let lenders = count(person.possible.lenders, "lender", "lenders");
        let text = format!(
            "Possible match at {lenders}{names}: found under a weak identifier alone, not opened, in no sum"
        );
        wrapped(page, "  ", &text);
    }
    let (others, own) = (&person.inquiries.others, &person.inquiries.own);
    let (others, own) = (inquiries(others), inquiries(own));
    wrapped(page, "  ", &format!("Inquiries of other lenders: {others}; of this lender: {own}"));
    for inquiry in &person.inquiries.lines {
        let amount =
            inquiry.amount.as_ref().map_or_else(String::new, |amount| format!(", {}", money(amount)));
        line(page, &format!("    {} {}, {}{amount}", inquiry.asked, inquiry.lender, inquiry.purpose));
    }
    for dispute in &person.disputes {
        let text = format!(
            "Disputes what {} reports, since {} (record {})",
            dispute.lender, dispute.opened, dispute.about
        );
        wrapped(page, "  ", &text);
    }
    if answer.persons.len() > 1 || !person.consent.is_empty() {
        line(page, &format!("  Consent {}", person.consent));
    }
}

fn footer(page: &mut String, answer: &Answer) {
    page.push('\n');
    for rate in &answer.rates {
        let reference = answer.after.reference.currency;
        line(
            page,
            &format!(
                "Reference rate: 1 {reference} = {} {}, of {}",
                rate.per_reference, rate.currency, rate.as_of
            ),
        );
    }
    line(
        page,
        &format!("Answered {} in {}, transaction {}", answer.answered_at, answer.network, answer.transaction),
    );
}

fn inquiries(counts: &InquiryCounts) -> String {
    let known = [(30, counts.days_30), (90, counts.days_90), (180, counts.days_180)];
    let known: Vec<String> = known
        .iter()
        .filter_map(|(days, count)| count.map(|count| format!("{count} in {days} days")))
        .collect();
    if known.is_empty() { "not read".to_owned() } else { known.join(", ") }
}

fn arrears(totals: &Totals) -> String {
    let worst = totals.arrears.worst.map_or_else(|| "-".to_owned(), |days| days.to_string());
    match totals.arrears.unknown {
        0 => worst,
        unknown => format!("{worst} (+{unknown} not reported)"),
    }
}

fn sum_cell(sum: &Sum) -> String {
    match sum.unknown {
        0 => grouped(&sum.amount),
        unknown => format!("{} (+{unknown} not reported)", grouped(&sum.amount)),
    }
}

fn instalment_cell(sum: &InstalmentSum) -> String {
    let mut text = grouped(&sum.amount);
    if !is_zero(&sum.estimated) {
        let _ = write!(text, " ({} est.)", grouped(&sum.estimated));
    }
    if sum.unknown > 0 {
        let _ = write!(text, " (+{} not known)", sum.unknown);
    }
    text
}

fn is_zero(amount: &Amount) -> bool {
    amount.as_str().bytes().all(|b| matches!(b, b'0' | b'.'))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "PASS",
        Outcome::Refer => "REFER",
        Outcome::Decline => "DECLINE",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Applicant => "applicant",
        Role::Spouse => "spouse",
        Role::HouseholdMember => "household member",
        Role::Guarantor => "guarantor",
    }
}

fn kind(kind: FacilityKind) -> &'static str {
    match kind {
        FacilityKind::Individual => "individual loan",
        FacilityKind::GroupMember => "own loan in a group",
        FacilityKind::Group => "loan to the group",
        FacilityKind::Guarantor => "guaranteed loan",
    }
}

fn status(status: FacilityStatus) -> &'static str {
    match status {
        FacilityStatus::Current => "current",
        FacilityStatus::Delinquent => "delinquent",
        FacilityStatus::Restructured => "restructured",
        FacilityStatus::WrittenOff => "written off",
        FacilityStatus::Closed => "ended",
    }
}
