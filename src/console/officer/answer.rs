//! The answer: the light first, then why, then the figures behind it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::figures::{self, Bar, Lack, LenderShown, Light, PersonShown, SumRow, Why};
use crate::console::Console;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::digest::TransactionId;
use crate::model::answer::Answer;
use crate::model::user::Right;
use crate::node::{Recalled, SignedAnswer, open_answer};

/// An answer as it is shown.
#[derive(Template)]
#[template(path = "officer/answer.html")]
struct AnswerPage<'a> {
    page: &'a Page,
    light: Light,
    /// What was asked for.
    asked: String,
    /// The lawful grounds on which persons were asked about without their consent.
    grounds: Vec<String>,
    policy: String,
    answered: String,
    is_complete: bool,
    covers: String,
    lacks: Vec<Lack>,
    unreadable: Vec<String>,
    bar: Option<Bar>,
    why: Vec<Why>,
    sums: Vec<SumRow>,
    apart: Vec<String>,
    is_masked: bool,
    lenders: Vec<LenderShown>,
    persons: Vec<PersonShown>,
    rates: Vec<String>,
    transaction: String,
    commitment: String,
}

/// `GET /officer/answers/{transaction}`. It asks nobody: the answer that was given is shown.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(transaction): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Inquire)?;
    let transaction: TransactionId = transaction.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    match visit.blocking(&console, move |node| node.for_caller(&caller).recall(transaction)).await? {
        Recalled::Answered(signed) => {
            let answer = opened(&console, &visit, &signed)?;
            Ok(visit.show(&shown(&console, &visit.page, &answer)))
        }
        Recalled::Unfinished => Err(visit.trouble(&Trouble::Node("console-trouble-answer-unfinished"))),
        Recalled::Unknown => Err(visit.not_found()),
    }
}

/// The answer inside what this node signed.
pub(super) fn opened(console: &Console, visit: &Visit, signed: &SignedAnswer) -> Result<Answer, Response> {
    let roster = console.node.roster();
    let key = roster.member(console.node.me()).map(|member| member.answer_key);
    let answer = key.and_then(|key| open_answer(signed, &key));
    answer.ok_or_else(|| visit.trouble(&Trouble::Node("console-trouble-damaged")))
}

fn shown<'a>(console: &Console, page: &'a Page, answer: &Answer) -> AnswerPage<'a> {
    let (lacks, unreadable) = figures::lacks(page, answer);
    let purpose = page.t(&format!("console-purpose-{}", answer.question.purpose));
    let asked = match &answer.question.requested {
        None => purpose,
        Some(loan) => page.with(
            "console-answer-asked",
            &[("purpose", purpose.into()), ("amount", page.money(loan.currency, &loan.amount).into())],
        ),
    };
    let count = |n: u32| u64::from(n).into();
    let covers = [("covered", count(answer.coverage.covered)), ("lenders", count(answer.coverage.lenders))];
    let policy = [
        ("name", answer.policy.name.clone().into()),
        ("version", u64::from(answer.policy.version).into()),
        ("day", page.day(answer.policy.issued).into()),
    ];
    let rates = answer.rates.iter().map(|rate| {
        let values = [
            ("rate", rate.per_reference.to_string().into()),
            ("currency", rate.currency.code().to_owned().into()),
            ("day", page.day(rate.as_of).into()),
        ];
        page.with("console-answer-rate", &values)
    });
    let roster = console.node.roster();
    AnswerPage {
        light: figures::light(page, answer.verdict.outcome),
        asked,
        grounds: figures::grounds(page, answer),
        policy: page.with("console-answer-policy", &policy),
        answered: page.moment(answer.answered_at),
        is_complete: answer.complete,
        covers: page.with("console-answer-covers", &covers),
        lacks,
        unreadable,
        bar: figures::bar(page, answer),
        why: figures::why(page, answer),
        sums: figures::sums(page, answer),
        apart: figures::apart(page, &answer.household),
        is_masked: roster.policy().inquiry.lender_names == crate::model::policy::LenderNames::Masked,
        lenders: figures::lenders(page, &answer.household),
        persons: answer.persons.iter().map(|person| figures::person(page, person)).collect(),
        rates: rates.collect(),
        transaction: answer.transaction.clone(),
        commitment: answer.question_commitment.clone(),
        page,
    }
}
