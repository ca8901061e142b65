//! The answer as a page for the terminal and as one for paper: verdict first, then why, then the figures behind it.

use std::cmp::Reverse;

use super::answer_sums::{arrears, household, instalment_cell, sum_cell, sum_with_currency};
use super::page::{Table, joined, width};
use super::reason_text::reason_text;
use super::sheet::{Paper, Sheet, Terminal};
use super::wording::Words;
use crate::model::amount::Money;
use crate::model::answer::{
    Answer, Basis, CoverageState, Exposure, FacilityLine, InquiryCounts, MatchLevel, PersonAnswer,
};
use crate::model::facility::FacilityStatus;
use crate::model::inquiry::Role;
use crate::model::reason::Outcome;

/// The answer as plain text.
pub fn answer_text(answer: &Answer, words: &Words) -> String {
    let mut terminal = Terminal::default();
    write(&mut terminal, answer, words);
    terminal.text()
}

/// The answer as an HTML page for the printer.
pub fn answer_page(answer: &Answer, words: &Words) -> String {
    let mut paper = Paper::default();
    write(&mut paper, answer, words);
    paper.document(words.tag(), &verdict_text(answer, words))
}

fn write(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    verdict(sheet, answer, words);
    coverage(sheet, answer, words);
    why(sheet, answer, words);
    household(sheet, answer, words);
    lenders(sheet, &answer.household, words);
    if answer.persons.len() > 1 {
        persons(sheet, answer, words);
    }
    for person in &answer.persons {
        about(sheet, answer, person, words);
    }
    footer(sheet, answer, words);
}

fn verdict_text(answer: &Answer, words: &Words) -> String {
    let meaning = words.text(match answer.verdict.outcome {
        Outcome::Pass => "answer-meaning-pass",
        Outcome::Refer => "answer-meaning-refer",
        Outcome::Decline => "answer-meaning-decline",
    });
    let outcome = words.outcome(answer.verdict.outcome);
    words.with("answer-verdict", &[("outcome", outcome.into()), ("meaning", meaning.into())])
}

fn verdict(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    sheet.title(&verdict_text(answer, words));
    let purpose = ("purpose", words.purpose_of(&answer.question.purpose).into());
    let asker = ("asker", answer.asker.as_str().into());
    let question = match &answer.question.requested {
        None => words.with("answer-question", &[purpose, asker]),
        Some(loan) => {
            let kind = ("kind", words.facility_kind(loan.kind).into());
            let money = Money { currency: loan.currency, amount: loan.amount.clone() };
            let loan = ("loan", words.money(&money).into());
            words.with("answer-question-loan", &[purpose, loan, kind, asker])
        }
    };
    sheet.line(0, &question);
    for ground in answer.persons.iter().filter_map(|person| person.ground.as_ref()) {
        sheet.line(0, &words.with("answer-ground", &[("ground", ground.as_str().into())]));
    }
    let policy = &answer.policy;
    let named = [
        ("name", policy.name.as_str().into()),
        ("version", policy.version.to_string().into()),
        ("day", words.day(policy.issued).into()),
    ];
    sheet.line(0, &words.with("answer-policy", &named));
}

fn coverage(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    let coverage = &answer.coverage;
    let state = words.text(if answer.complete { "answer-complete" } else { "answer-not-complete" });
    let covers = [
        ("covered", u64::from(coverage.covered).into()),
        ("lenders", u64::from(coverage.lenders).into()),
        ("state", state.into()),
    ];
    sheet.heading(&words.with("answer-covers", &covers));
    let labels = ["answer-missing", "answer-stale", "answer-not-read"].map(|key| words.text(key));
    let [missing, stale, not_read] = labelled(&labels);
    for (wanted, label) in [(CoverageState::Missing, missing), (CoverageState::Stale, stale)] {
        for member in coverage.members.iter().filter(|member| member.state == wanted) {
            let figures = member.as_of.map_or_else(
                || words.text("answer-no-data"),
                |day| words.with("answer-figures-of", &[("day", words.day(day).into())]),
            );
            let heard = member.last_heard.map_or_else(
                || words.text("answer-never-heard"),
                |time| words.with("answer-last-heard", &[("moment", words.moment(time).into())]),
            );
            let about = [
                ("name", member.name.as_str().into()),
                ("id", member.member.as_str().into()),
                ("figures", figures.into()),
                ("heard", heard.into()),
            ];
            sheet.labelled(&label, &words.with("answer-member", &about));
        }
    }
    for rows in &coverage.unreadable {
        let about = [
            ("count", u64::from(rows.count).into()),
            ("lender", rows.lender.as_str().into()),
            ("why", words.unreadable(rows.why).into()),
        ];
        sheet.labelled(&not_read, &words.with("answer-rows-not-read", &about));
    }
}

fn why(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    sheet.heading(&words.text("answer-why"));
    let with_loan = answer.question.requested.is_some();
    let mut reasons: Vec<_> = answer.verdict.reasons.iter().collect();
    reasons.sort_by_key(|reason| Reverse(reason.outcome));
    let outcomes = [Outcome::Pass, Outcome::Refer, Outcome::Decline];
    let [pass, refer, decline] = labelled(&outcomes.map(|outcome| words.outcome(outcome)));
    for reason in reasons {
        let label = match reason.outcome {
            Outcome::Pass => &pass,
            Outcome::Refer => &refer,
            Outcome::Decline => &decline,
        };
        let text = format!("{} [{}]", reason_text(reason, with_loan, words), reason.source);
        sheet.labelled(label, &text);
    }
}

/// Labels of lines, each as wide as the widest, so that what follows stands in one column.
fn labelled<const N: usize>(labels: &[String; N]) -> [String; N] {
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    labels.each_ref().map(|label| format!("  {label}{}  ", " ".repeat(widest - width(label))))
}

fn lenders(sheet: &mut dyn Sheet, exposure: &Exposure, words: &Words) {
    sheet.heading(&words.text("answer-lenders"));
    if exposure.lenders.is_empty() {
        sheet.line(1, &words.text("answer-no-record"));
    }
    for lender in &exposure.lenders {
        let mut name = lender.lender.clone();
        if lender.own {
            name = words.with("answer-this-lender", &[("lender", name.into())]);
        }
        if let Some(day) = lender.as_of {
            let about = [("lender", name.into()), ("day", words.day(day).into())];
            name = words.with("answer-lender-figures-of", &about);
        }
        sheet.name(&name);
        if lender.facilities.is_empty() {
            sheet.line(2, &words.text("answer-no-loans"));
        }
        for facility in &lender.facilities {
            sheet.text(2, &facility_text(facility, words));
        }
    }
}

fn facility_text(facility: &FacilityLine, words: &Words) -> String {
    let unknown = || words.text("common-not-reported");
    let amount = |amount: Option<&_>| amount.map_or_else(unknown, |amount| words.amount(amount));
    let money =
        |amount: Option<&_>| amount.map_or_else(unknown, |amount| words.money_of(facility.currency, amount));
    let with_amount = |key: &str, amount: String| words.with(key, &[("amount", amount.into())]);
    let with_day = |key: &str, day| words.with(key, &[("day", words.day(day).into())]);
    let mut parts = vec![words.facility_kind(facility.kind), words.facility_status(facility.status)];
    match facility.status {
        FacilityStatus::Closed => {
            parts.push(with_amount("answer-loan-paid-out", money(facility.disbursed.as_ref())));
            parts.extend(facility.closed.map(|day| with_day("answer-loan-ended", day)));
            let worst = |days| words.with("answer-loan-worst", &[("days", words.days(days).into())]);
            parts.extend(facility.days_past_due_worst.map(worst));
        }
        FacilityStatus::WrittenOff => {
            let written_off = facility.written_off.as_ref().or(facility.outstanding.as_ref());
            parts.push(with_amount("answer-loan-written-off", money(written_off)));
            parts.extend(facility.written_off_on.map(|day| with_day("answer-loan-written-off-on", day)));
        }
        _ => {
            parts.push(with_amount("answer-loan-owed", money(facility.outstanding.as_ref())));
            parts.push(with_amount("answer-loan-of", amount(facility.disbursed.as_ref())));
            parts.push(with_amount("answer-loan-overdue", amount(facility.overdue.as_ref())));
            let days = facility.days_past_due.map_or_else(unknown, |days| words.number(u64::from(days)));
            parts.push(words.with("answer-loan-days", &[("days", days.into())]));
            let monthly = facility.monthly.as_ref().map(|monthly| match (monthly.basis, &monthly.amount) {
                (Basis::Reported, Some(sum)) => with_amount("answer-loan-monthly", words.amount(sum)),
                (Basis::Estimated, Some(sum)) => {
                    with_amount("answer-loan-monthly-estimated", words.amount(sum))
                }
                _ => words.text("answer-loan-monthly-unknown"),
            });
            parts.extend(monthly);
            parts.extend(facility.matures.map(|day| with_day("answer-loan-until", day)));
        }
    }
    if facility.disputed {
        parts.push(words.text("answer-loan-disputed"));
    }
    joined(parts, words)
}

fn persons(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    sheet.heading(&words.text("answer-persons"));
    let mut table = Table::default();
    let titles = [
        "answer-column-lenders",
        "answer-column-active",
        "answer-column-owed",
        "answer-column-overdue",
        "answer-column-monthly",
        "answer-column-worst",
        "answer-column-written-off",
    ];
    table.row([String::new()].into_iter().chain(titles.map(|key| words.text(key))));
    for person in &answer.persons {
        let totals = &person.exposure.together;
        let sums = &totals.reference;
        table.row([
            words.role(person.role),
            words.number(u64::from(person.exposure.lenders_active)),
            words.number(u64::from(totals.active)),
            sum_with_currency(sums.currency, &sums.outstanding, words),
            sum_cell(&sums.overdue, words),
            instalment_cell(&sums.instalment, words),
            arrears(totals, words),
            words.number(u64::from(totals.written_off)),
        ]);
    }
    sheet.table(&table);
    if answer.persons.iter().any(|person| person.role == Role::Guarantor) && answer.persons.len() > 1 {
        sheet.line(1, &words.text("answer-guarantor-apart"));
    }
}

fn about(sheet: &mut dyn Sheet, answer: &Answer, person: &PersonAnswer, words: &Words) {
    let schemes: Vec<String> = person.matched.iter().map(ToString::to_string).collect();
    let schemes = || [("schemes", words.list(&schemes).into())];
    let found = match person.match_level {
        MatchLevel::None => words.text("answer-not-found"),
        MatchLevel::Weak if person.matched.is_empty() => words.text("answer-found-weak"),
        MatchLevel::Weak => words.with("answer-found-weak-under", &schemes()),
        MatchLevel::Strong => words.with("answer-found", &schemes()),
    };
    let role = words.role(person.role);
    sheet.heading(&words.with("answer-person", &[("role", role.into()), ("found", found.into())]));
    if person.possible.lenders > 0 {
        let mut lenders = words.lenders(person.possible.lenders);
        if !person.possible.names.is_empty() {
            let names = words.list(&person.possible.names);
            lenders =
                words.with("answer-possible-named", &[("lenders", lenders.into()), ("names", names.into())]);
        }
        sheet.text(1, &words.with("answer-possible", &[("lenders", lenders.into())]));
    }
    let others = inquiries(&person.inquiries.others, words);
    let own = inquiries(&person.inquiries.own, words);
    let counts = [("others", others.into()), ("own", own.into())];
    sheet.text(1, &words.with("answer-inquiries", &counts));
    for inquiry in &person.inquiries.lines {
        let asked = format!("{} {}", words.moment(inquiry.asked), inquiry.lender);
        let mut parts = vec![asked, words.purpose_of(&inquiry.purpose)];
        parts.extend(inquiry.amount.as_ref().map(|amount| words.money(amount)));
        sheet.line(2, &joined(parts, words));
    }
    for dispute in &person.disputes {
        let about = [
            ("lender", dispute.lender.as_str().into()),
            ("moment", words.moment(dispute.opened).into()),
            ("record", dispute.about.as_str().into()),
        ];
        sheet.text(1, &words.with("answer-disputes", &about));
    }
    if answer.persons.len() > 1 || !person.consent.is_empty() {
        let consent = words.with("answer-consent", &[("consent", person.consent.as_str().into())]);
        sheet.line(1, &consent);
    }
}

fn footer(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    sheet.gap();
    for rate in &answer.rates {
        let one = words.money_as("1", answer.after.reference.currency);
        let other = words.money_as(&rate.per_reference.to_string(), rate.currency);
        let about = [("one", one.into()), ("other", other.into()), ("day", words.day(rate.as_of).into())];
        sheet.line(0, &words.with("answer-rate", &about));
    }
    let about = [
        ("moment", words.moment(answer.answered_at).into()),
        ("network", answer.network.to_string().into()),
        ("transaction", answer.transaction.as_str().into()),
    ];
    sheet.line(0, &words.with("answer-answered", &about));
}

fn inquiries(counts: &InquiryCounts, words: &Words) -> String {
    let within = |(days, count): (u64, Option<u32>)| {
        let count = u64::from(count?);
        Some(words.with("answer-inquiries-within", &[("count", count.into()), ("days", days.into())]))
    };
    let known = [(30, counts.days_30), (90, counts.days_90), (180, counts.days_180)];
    let known: Vec<String> = known.into_iter().filter_map(within).collect();
    if known.is_empty() { words.text("answer-inquiries-not-read") } else { joined(known, words) }
}
