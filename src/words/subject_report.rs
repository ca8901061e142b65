//! The client's own report, as a page for the terminal and as one for paper, from the same blocks.

use std::fmt::Write as _;

use super::html::{document, escaped, facts};
use super::page::{line, wrapped};
use super::wording::Words;
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
pub fn subject_text(subject: &Subject<'_>, words: &Words) -> String {
    let mut page = String::new();
    line(&mut page, &words.text("report-title"));
    for block in blocks(subject, words) {
        block.text(&mut page);
    }
    page
}

/// The report as an HTML page for the printer.
pub fn subject_page(subject: &Subject<'_>, words: &Words) -> String {
    let mut body = format!("<h1>{}</h1>\n", escaped(&words.text("report-title")));
    for block in blocks(subject, words) {
        block.html(&mut body);
    }
    document(words.tag(), &words.text("report-title"), &body)
}

/// A piece of the report, in words.
enum Block {
    Heading(String),
    /// A heading below the last one.
    Title(String),
    Facts(Vec<(String, String)>),
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

fn blocks(subject: &Subject<'_>, words: &Words) -> Vec<Block> {
    let answer = subject.answer;
    let request = answer.persons.first().map_or_else(String::new, |person| person.consent.clone());
    let mut blocks = vec![Block::Facts(vec![
        (words.text("report-made-by"), name(answer, answer.asker.as_str())),
        (words.text("report-network"), answer.network.to_string()),
        (words.text("report-made-at"), words.moment(answer.answered_at)),
        (words.text("report-your-request"), request),
        (
            words.text("report-log-leaf"),
            format!("{} {} {}", answer.asker, subject.leaf.index, subject.leaf.hash),
        ),
    ])];
    for person in &answer.persons {
        lenders(&mut blocks, answer, person, words);
        inquiries(&mut blocks, answer, person, words);
    }
    disputes(&mut blocks, subject, words);
    consents(&mut blocks, subject.consents, words);
    completeness(&mut blocks, answer, words);
    blocks.push(Block::Heading(words.text("report-rights")));
    blocks.push(Block::Text(words.text("report-your-rights")));
    blocks
}

/// A lender as people know it, with its id.
fn name(answer: &Answer, lender: &str) -> String {
    let known = answer.coverage.members.iter().find(|member| member.member.as_str() == lender);
    known.map_or_else(|| lender.to_owned(), |member| format!("{} ({lender})", member.name))
}

fn nothing(words: &Words) -> Block {
    Block::Text(words.text("report-nothing"))
}

fn lenders(blocks: &mut Vec<Block>, answer: &Answer, person: &PersonAnswer, words: &Words) {
    for (heading, own) in [("report-this-lender", true), ("report-other-lenders", false)] {
        blocks.push(Block::Heading(words.text(heading)));
        let lines: Vec<&LenderLine> = person.exposure.lenders.iter().filter(|line| line.own == own).collect();
        for lender in &lines {
            let mut title = name(answer, &lender.lender);
            if let Some(day) = lender.as_of {
                let about = [("lender", title.into()), ("day", words.day(day).into())];
                title = words.with("report-lender-as-of", &about);
            }
            blocks.push(Block::Title(title));
            // What a dispute names.
            blocks.push(Block::Facts(vec![(words.text("report-record"), lender.records.join(", "))]));
            blocks.extend(lender.facilities.iter().map(|facility| Block::Facts(loan(facility, words))));
        }
        let possible = if own { &[][..] } else { &person.possible.names[..] };
        if lines.is_empty() && possible.is_empty() {
            blocks.push(nothing(words));
        }
        if !possible.is_empty() {
            let names: Vec<String> = possible.iter().map(|lender| name(answer, lender)).collect();
            let about = [("lenders", words.list(&names).into())];
            blocks.push(Block::Text(words.with("report-possible", &about)));
        }
    }
}

fn loan(facility: &FacilityLine, words: &Words) -> Vec<(String, String)> {
    let not_reported = || words.text("common-not-reported");
    let amount = |amount: Option<&Amount>| {
        amount.map_or_else(not_reported, |amount| words.money_of(facility.currency, amount))
    };
    let days = facility.days_past_due.map_or_else(not_reported, |days| words.number(u64::from(days)));
    let mut state = words.facility_status_to_client(facility.status);
    if facility.disputed {
        state = words.with("report-state-disputed", &[("state", state.into())]);
    }
    let mut rows = vec![
        (words.text("report-loan"), words.facility_kind_to_client(facility.kind)),
        (words.text("report-state"), state),
        (words.text("report-disbursed"), amount(facility.disbursed.as_ref())),
        (words.text("report-outstanding"), amount(facility.outstanding.as_ref())),
        (words.text("report-overdue"), amount(facility.overdue.as_ref())),
        (words.text("report-days-past-due"), days),
        (words.text("report-instalment"), amount(facility.instalment.as_ref())),
    ];
    rows.extend(facility.opened.map(|day| (words.text("report-opened"), words.day(day))));
    let ends = facility.closed.or(facility.matures);
    rows.extend(ends.map(|day| (words.text("report-matures"), words.day(day))));
    rows
}

fn inquiries(blocks: &mut Vec<Block>, answer: &Answer, person: &PersonAnswer, words: &Words) {
    blocks.push(Block::Heading(words.text("report-who-asked")));
    if person.inquiries.lines.is_empty() {
        blocks.push(nothing(words));
    }
    for inquiry in &person.inquiries.lines {
        let mut rows = vec![
            (words.text("report-when"), words.moment(inquiry.asked)),
            (words.text("report-lender"), name(answer, &inquiry.lender)),
            (words.text("report-purpose"), purpose(&inquiry.purpose, words)),
        ];
        let amount = inquiry.amount.as_ref();
        rows.extend(amount.map(|amount| (words.text("report-amount"), words.money(amount))));
        blocks.push(Block::Facts(rows));
    }
}

/// A purpose that other lenders wrote, in words where it is a known one.
fn purpose(code: &str, words: &Words) -> String {
    code.parse::<Purpose>().map_or_else(|_| code.to_owned(), |known| words.purpose_to_client(known))
}

fn disputes(blocks: &mut Vec<Block>, subject: &Subject<'_>, words: &Words) {
    let answer = subject.answer;
    blocks.push(Block::Heading(words.text("report-disputes")));
    // What this lender knows itself, with what was said; then what is opened elsewhere.
    for held in subject.disputes {
        let mut rows = vec![
            (words.text("report-lender"), name(answer, held.lender.as_str())),
            (words.text("report-when"), words.moment(held.opened)),
            (words.text("report-record"), held.record.clone()),
            (words.text("report-state"), words.dispute_state(held.state, held.outcome)),
        ];
        let reasons = held.answer.as_ref().and_then(|answer| answer.text.as_ref());
        rows.extend(reasons.map(|text| (words.text("report-lender-says"), text.as_str().to_owned())));
        blocks.push(Block::Facts(rows));
    }
    let known = |line: &DisputeLine| {
        subject.disputes.iter().any(|held| held.record == line.about && held.opened == line.opened)
    };
    let lines = answer.persons.iter().flat_map(|person| &person.disputes);
    let elsewhere: Vec<&DisputeLine> = lines.filter(|line| !known(line)).collect();
    for line in &elsewhere {
        blocks.push(Block::Facts(vec![
            (words.text("report-lender"), name(answer, &line.lender)),
            (words.text("report-when"), words.moment(line.opened)),
            (words.text("report-record"), line.about.clone()),
        ]));
    }
    if subject.disputes.is_empty() && elsewhere.is_empty() {
        blocks.push(nothing(words));
    }
}

fn consents(blocks: &mut Vec<Block>, consents: &[HeldConsent], words: &Words) {
    blocks.push(Block::Heading(words.text("report-consents")));
    for held in consents {
        let terms = &held.terms;
        let period = format!("{} – {}", words.moment(terms.from), words.moment(terms.until));
        let mut rows = vec![
            (words.text("report-consent"), terms.consent.to_string()),
            (words.text("report-state"), words.consent_state(held.state)),
            (words.text("report-purpose"), words.purpose_to_client(terms.purpose)),
            (words.text("report-recorded"), words.moment(held.recorded)),
            (words.text("report-period"), period),
            (words.text("report-uses"), format!("{} / {}", held.uses_spent, terms.uses)),
        ];
        rows.extend(held.ground.as_ref().map(|ground| (words.text("report-ground"), ground.clone())));
        rows.push((words.text("report-log-leaf"), format!("{} {}", held.leaf.index, held.leaf.hash)));
        if !held.inquiries.is_empty() {
            let leaves: Vec<String> = held.inquiries.iter().map(|i| i.leaf.index.to_string()).collect();
            rows.push((words.text("report-inquiries"), leaves.join(", ")));
        }
        blocks.push(Block::Facts(rows));
    }
}

fn completeness(blocks: &mut Vec<Block>, answer: &Answer, words: &Words) {
    blocks.push(Block::Heading(words.text("report-completeness")));
    if answer.complete {
        blocks.push(Block::Text(words.text("report-complete")));
        return;
    }
    let lender = |lender: &str| ("lender", name(answer, lender).into());
    let mut lines = Vec::new();
    for member in &answer.coverage.members {
        let key = match member.state {
            CoverageState::Covered => continue,
            CoverageState::Stale => "report-stale",
            CoverageState::Missing => "report-missing",
        };
        lines.push(words.with(key, &[lender(member.member.as_str())]));
    }
    for rows in &answer.coverage.unreadable {
        let (count, why) = (u64::from(rows.count), words.unreadable(rows.why));
        let about = [lender(&rows.lender), ("count", count.into()), ("why", why.into())];
        lines.push(words.with("report-not-read", &about));
    }
    blocks.push(Block::Text(words.text("report-not-complete")));
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
    use crate::words::texts::Texts;

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

    fn flat(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn everything_that_is_held_stands_in_both_forms_and_every_language() {
        let answer = answer();
        let consents = [held(ConsentState::Withdrawn, None), held(ConsentState::Given, Some("court-order"))];
        let leaf = LeafReference { index: 9, hash: Digest([5; 32]) };
        let disputes = [disputed()];
        let subject = Subject { answer: &answer, leaf, consents: &consents, disputes: &disputes };
        let texts = Texts::built_in();
        for language in texts.languages() {
            let words = &texts.language(&language.tag);
            let (text, page) = (subject_text(&subject, words), subject_page(&subject, words));
            let mut said: Vec<String> = Vec::new();
            for person in &answer.persons {
                said.extend(person.exposure.lenders.iter().map(|line| line.lender.clone()));
                said.extend(person.inquiries.lines.iter().map(|line| words.moment(line.asked)));
                let facilities = person.exposure.lenders.iter().flat_map(|line| &line.facilities);
                let owed =
                    facilities.filter_map(|f| Some(words.money_of(f.currency, f.outstanding.as_ref()?)));
                said.extend(owed);
                said.extend(person.possible.names.iter().cloned());
                said.extend(person.disputes.iter().map(|dispute| dispute.about.clone()));
            }
            assert!(said.len() > 5, "the answer has something to say");
            said.extend(answer.coverage.unreadable.iter().map(|rows| rows.lender.clone()));
            said.extend([words.text("report-title"), words.text("report-rights")]);
            said.extend(["court-order", "2 / 3"].map(str::to_owned));
            said.push(words.consent_state(ConsentState::Withdrawn));
            said.push("c0".repeat(16));
            said.extend(["4d".repeat(16), "May is <unpaid>".to_owned()]);
            said.push(words.dispute_state(DisputeState::Rejected, None));
            for said in said {
                // A terminal has plain spaces, and breaks lines at some.
                let (flat, plain) = (flat(&text), flat(&said));
                assert!(flat.contains(&plain), "{plain}\n{text}");
                assert!(page.contains(&escaped(&said)), "{said}\n{page}");
            }
            assert_eq!(answer.complete, flat(&text).contains(&words.text("report-complete")));
            assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
        }
    }
}
