//! The client's own report, as a page for the terminal and as one for paper, from the same blocks.

use std::fmt::Write as _;

use super::html::{document, escaped, facts, moment};
use super::language::Language;
use super::page::{grouped, line, money, wrapped};
use super::receipt_words::purpose_name;
use super::subject_words::SubjectWords;
use crate::model::amount::Amount;
use crate::model::answer::{Answer, CoverageState, DisputeLine, FacilityLine, LenderLine, PersonAnswer};
use crate::model::consent::Purpose;
use crate::model::dispute::HeldDispute;
use crate::model::leaf::LeafReference;
use crate::model::subject::HeldConsent;

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The answer to her request.
    pub answer: &'a Answer,
    /// The opening leaf of her request.
    pub leaf: LeafReference,
    /// Consents recorded by the lender about her.
    pub consents: &'a [HeldConsent],
    /// Disputes of hers at one of whose ends the lender stands.
    pub disputes: &'a [HeldDispute],
}

/// The report as plain text.
pub fn subject_text(subject: &Subject<'_>, language: Language) -> String {
    let words = SubjectWords::of(language);
    let mut page = String::new();
    line(&mut page, words.title);
    for block in blocks(subject, words, language) {
        block.text(&mut page);
    }
    page
}

/// The report as an HTML page for the printer.
pub fn subject_page(subject: &Subject<'_>, language: Language) -> String {
    let words = SubjectWords::of(language);
    let mut body = format!("<h1>{}</h1>\n", escaped(words.title));
    for block in blocks(subject, words, language) {
        block.html(&mut body);
    }
    document(language.tag(), words.title, &body)
}

/// A piece of the report, in words.
enum Block {
    Heading(&'static str),
    /// A heading below the last one.
    Title(String),
    Facts(Vec<(&'static str, String)>),
    Text(String),
}

impl Block {
    fn text(&self, page: &mut String) {
        match self {
            Self::Heading(words) => line(page, words),
            Self::Title(words) => line(page, &format!("  {words}")),
            Self::Facts(rows) => {
                for (what, value) in rows {
                    wrapped(page, &format!("    {what}: "), value);
                }
            }
            Self::Text(words) => wrapped(page, "  ", words),
        }
        if matches!(self, Self::Facts(_) | Self::Text(_)) {
            page.push('\n');
        }
    }

    fn html(&self, body: &mut String) {
        match self {
            Self::Heading(words) => {
                let _ = writeln!(body, "<h2>{}</h2>", escaped(words));
            }
            Self::Title(words) => {
                let _ = writeln!(body, "<p><b>{}</b></p>", escaped(words));
            }
            Self::Facts(rows) => body.push_str(&facts(rows)),
            Self::Text(words) => {
                let _ = writeln!(body, "<p>{}</p>", escaped(words));
            }
        }
    }
}

fn blocks(subject: &Subject<'_>, words: &SubjectWords, language: Language) -> Vec<Block> {
    let answer = subject.answer;
    let mut blocks = vec![Block::Facts(vec![
        (words.made_by, name(answer, answer.asker.as_str())),
        (words.network, answer.network.to_string()),
        (words.made_at, moment(answer.answered_at)),
        (words.your_request, answer.persons.first().map_or_else(String::new, |p| p.consent.clone())),
        (words.log_leaf, format!("{} {} {}", answer.asker, subject.leaf.index, subject.leaf.hash)),
    ])];
    for person in &answer.persons {
        lenders(&mut blocks, answer, person, words);
        inquiries(&mut blocks, answer, person, words, language);
    }
    disputes(&mut blocks, subject, words);
    consents(&mut blocks, subject.consents, words, language);
    completeness(&mut blocks, answer, words);
    blocks.push(Block::Heading(words.rights));
    blocks.push(Block::Text(words.your_rights.to_owned()));
    blocks
}

/// A lender as people know it, with its id.
fn name(answer: &Answer, lender: &str) -> String {
    let known = answer.coverage.members.iter().find(|member| member.member.as_str() == lender);
    known.map_or_else(|| lender.to_owned(), |member| format!("{} ({lender})", member.name))
}

fn lenders(blocks: &mut Vec<Block>, answer: &Answer, person: &PersonAnswer, words: &SubjectWords) {
    for (heading, own) in [(words.this_lender, true), (words.other_lenders, false)] {
        blocks.push(Block::Heading(heading));
        let lines: Vec<&LenderLine> = person.exposure.lenders.iter().filter(|line| line.own == own).collect();
        for lender in &lines {
            let as_of = lender.as_of.map_or_else(String::new, |day| format!(", {} {day}", words.as_of));
            blocks.push(Block::Title(format!("{}{as_of}", name(answer, &lender.lender))));
            // What a dispute names.
            blocks.push(Block::Facts(vec![(words.record, lender.records.join(", "))]));
            blocks.extend(lender.facilities.iter().map(|facility| Block::Facts(loan(facility, words))));
        }
        let possible = if own { &[][..] } else { &person.possible.names[..] };
        if lines.is_empty() && possible.is_empty() {
            blocks.push(Block::Text(words.nothing.to_owned()));
        }
        if !possible.is_empty() {
            let names: Vec<String> = possible.iter().map(|lender| name(answer, lender)).collect();
            blocks.push(Block::Text(format!("{} {}", words.possible, names.join(", "))));
        }
    }
}

fn loan(facility: &FacilityLine, words: &SubjectWords) -> Vec<(&'static str, String)> {
    let currency = facility.currency;
    let amount = |amount: &Option<Amount>| match amount {
        Some(amount) => format!("{currency} {}", grouped(amount)),
        None => words.not_reported.to_owned(),
    };
    let days =
        |days: Option<u32>| days.map_or_else(|| words.not_reported.to_owned(), |days| days.to_string());
    let mut state = words.status(facility.status).to_owned();
    if facility.disputed {
        let _ = write!(state, "; {}", words.disputed);
    }
    let mut rows = vec![
        (words.loan, words.kind(facility.kind).to_owned()),
        (words.state, state),
        (words.disbursed, amount(&facility.disbursed)),
        (words.outstanding, amount(&facility.outstanding)),
        (words.overdue, amount(&facility.overdue)),
        (words.days_past_due, days(facility.days_past_due)),
        (words.instalment, amount(&facility.instalment)),
    ];
    let dates = [(words.opened, facility.opened), (words.matures, facility.closed.or(facility.matures))];
    rows.extend(dates.into_iter().filter_map(|(what, day)| day.map(|day| (what, day.to_string()))));
    rows
}

fn inquiries(
    blocks: &mut Vec<Block>,
    answer: &Answer,
    person: &PersonAnswer,
    words: &SubjectWords,
    language: Language,
) {
    blocks.push(Block::Heading(words.who_asked));
    if person.inquiries.lines.is_empty() {
        blocks.push(Block::Text(words.nothing.to_owned()));
    }
    for inquiry in &person.inquiries.lines {
        let mut rows = vec![
            (words.when, moment(inquiry.asked)),
            (words.lender, name(answer, &inquiry.lender)),
            (words.purpose, purpose(&inquiry.purpose, language)),
        ];
        rows.extend(inquiry.amount.as_ref().map(|amount| (words.amount, money(amount))));
        blocks.push(Block::Facts(rows));
    }
}

/// A purpose that other lenders wrote, in words where it is a known one.
fn purpose(code: &str, language: Language) -> String {
    code.parse::<Purpose>().map_or_else(|_| code.to_owned(), |known| purpose_name(known, language).to_owned())
}

fn disputes(blocks: &mut Vec<Block>, subject: &Subject<'_>, words: &SubjectWords) {
    let answer = subject.answer;
    blocks.push(Block::Heading(words.disputes));
    // What this lender knows itself, with what was said; then what is opened elsewhere.
    for held in subject.disputes {
        let mut rows = vec![
            (words.lender, name(answer, held.lender.as_str())),
            (words.when, moment(held.opened)),
            (words.record, held.record.clone()),
            (words.state, words.dispute_state(held.state, held.outcome).to_owned()),
        ];
        let reasons = held.answer.as_ref().and_then(|answer| answer.text.as_ref());
        rows.extend(reasons.map(|text| (words.lender_says, text.as_str().to_owned())));
        blocks.push(Block::Facts(rows));
    }
    let known = |line: &DisputeLine| {
        subject.disputes.iter().any(|held| held.record == line.about && held.opened == line.opened)
    };
    let lines = answer.persons.iter().flat_map(|person| &person.disputes);
    let elsewhere: Vec<&DisputeLine> = lines.filter(|line| !known(line)).collect();
    for line in &elsewhere {
        blocks.push(Block::Facts(vec![
            (words.lender, name(answer, &line.lender)),
            (words.when, moment(line.opened)),
            (words.record, line.about.clone()),
        ]));
    }
    if subject.disputes.is_empty() && elsewhere.is_empty() {
        blocks.push(Block::Text(words.nothing.to_owned()));
    }
}

fn consents(blocks: &mut Vec<Block>, consents: &[HeldConsent], words: &SubjectWords, language: Language) {
    blocks.push(Block::Heading(words.consents));
    for held in consents {
        let terms = &held.terms;
        let mut rows = vec![
            (words.consent, terms.consent.to_string()),
            (words.state, words.consent_state(held.state).to_owned()),
            (words.purpose, purpose_name(terms.purpose, language).to_owned()),
            (words.recorded, moment(held.recorded)),
            (words.period, format!("{}, {}", moment(terms.from), moment(terms.until))),
            (words.uses, format!("{} / {}", held.uses_spent, terms.uses)),
        ];
        rows.extend(held.ground.as_ref().map(|ground| (words.ground, ground.clone())));
        rows.push((words.log_leaf, format!("{} {}", held.leaf.index, held.leaf.hash)));
        if !held.inquiries.is_empty() {
            let leaves: Vec<String> = held.inquiries.iter().map(|i| i.leaf.index.to_string()).collect();
            rows.push((words.inquiries, leaves.join(", ")));
        }
        blocks.push(Block::Facts(rows));
    }
}

fn completeness(blocks: &mut Vec<Block>, answer: &Answer, words: &SubjectWords) {
    blocks.push(Block::Heading(words.completeness));
    if answer.complete {
        blocks.push(Block::Text(words.complete.to_owned()));
        return;
    }
    let mut lines = Vec::new();
    for member in &answer.coverage.members {
        let what = match member.state {
            CoverageState::Covered => continue,
            CoverageState::Stale => words.stale,
            CoverageState::Missing => words.missing,
        };
        lines.push(format!("{}: {what}", name(answer, member.member.as_str())));
    }
    for rows in &answer.coverage.unreadable {
        let why = words.unreadable(rows.why);
        lines.push(format!("{}: {} {} {why}", name(answer, &rows.lender), rows.count, words.not_read));
    }
    blocks.push(Block::Text(words.not_complete.to_owned()));
    blocks.extend(lines.into_iter().map(Block::Title));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixTime;
    use crate::digest::{ConsentId, Digest, TransactionId};
    use crate::model::consent::{ConsentState, ConsentTerms, EvidenceKind, NoticeReference};
    use crate::model::dispute::DisputeState;
    use crate::model::subject::HeldInquiry;
    use crate::words::language::LANGUAGES;

    fn answer() -> Answer {
        serde_json::from_str(include_str!("../../tests/vectors/answer/household.json")).unwrap()
    }

    fn held(state: ConsentState, ground: Option<&str>) -> HeldConsent {
        let notice = NoticeReference { version: "1".into(), language: "km".into(), hash: Digest([1; 32]) };
        HeldConsent {
            terms: ConsentTerms {
                consent: ConsentId([0xc0; 16]),
                purpose: Purpose::LoanMonitoring,
                from: UnixTime(1_795_305_600),
                until: UnixTime(1_797_897_600),
                uses: 3,
                weak_matches: false,
                notice,
                evidence: EvidenceKind::SignedForm,
            },
            state,
            uses_spent: 2,
            leaf: LeafReference { index: 7, hash: Digest([2; 32]) },
            recorded: UnixTime(1_795_305_600),
            ground: ground.map(str::to_owned),
            inquiries: vec![HeldInquiry {
                transaction: TransactionId([3; 16]),
                leaf: LeafReference { index: 8, hash: Digest([4; 32]) },
            }],
        }
    }

    fn disputed() -> HeldDispute {
        let json = serde_json::json!({
            "dispute": "d1".repeat(16), "end": "opener", "state": "rejected", "opener": "lender-a",
            "lender": "lender-b", "record": "4d".repeat(16), "facility": null, "reason": "already-paid",
            "text": "I paid it", "opened": 1_795_305_600, "received": 1_795_305_600, "refused": null,
            "answer": {
                "answer": "rejected", "text": "May is <unpaid>\nstill", "answered": 1_795_305_900
            },
            "outcome": null, "resolved": null, "escalated": null, "lender_days_left": null,
            "total_days_left": 9, "leaf": {"index": 3, "hash": "aa".repeat(32)},
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn everything_that_is_held_stands_in_both_forms_and_both_languages() {
        let answer = answer();
        let consents = [held(ConsentState::Withdrawn, None), held(ConsentState::Given, Some("court-order"))];
        let leaf = LeafReference { index: 9, hash: Digest([5; 32]) };
        let disputes = [disputed()];
        let subject = Subject { answer: &answer, leaf, consents: &consents, disputes: &disputes };
        for language in LANGUAGES {
            let words = SubjectWords::of(language);
            let (text, page) = (subject_text(&subject, language), subject_page(&subject, language));
            let mut said: Vec<String> = Vec::new();
            for person in &answer.persons {
                said.extend(person.exposure.lenders.iter().map(|line| line.lender.clone()));
                said.extend(person.inquiries.lines.iter().map(|line| moment(line.asked)));
                let facilities = person.exposure.lenders.iter().flat_map(|line| &line.facilities);
                let owed = facilities
                    .filter_map(|f| Some(format!("{} {}", f.currency, grouped(f.outstanding.as_ref()?))));
                said.extend(owed);
                said.extend(person.possible.names.iter().cloned());
                said.extend(person.disputes.iter().map(|dispute| dispute.about.clone()));
            }
            assert!(said.len() > 5, "the answer has something to say");
            said.extend(answer.coverage.unreadable.iter().map(|rows| rows.lender.clone()));
            said.extend([words.title, words.rights, "court-order", "2 / 3"].map(str::to_owned));
            said.push(words.consent_state(ConsentState::Withdrawn).to_owned());
            said.push("c0".repeat(16));
            said.extend(["4d".repeat(16), "May is <unpaid>".to_owned()]);
            said.push(words.dispute_state(DisputeState::Rejected, None).to_owned());
            for said in said {
                assert!(text.contains(&said), "{said}\n{text}");
                assert!(page.contains(&escaped(&said)), "{said}\n{page}");
            }
            assert_eq!(answer.complete, text.contains(words.complete));
            assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
        }
    }
}
