//! Disputes: those opened here and those about what this lender reports; answering and closing them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::console::Console;
use crate::console::form::Posted;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::console::word::word;
use crate::digest::TransactionId;
use crate::model::day::Day;
use crate::model::dispute::{DisputeEnd, DisputeState, DisputeText, HeldDispute};
use crate::model::facility::FacilityKind;
use crate::model::leaf::{DisputeAnswer, DisputeOutcome};
use crate::model::money::Currency;
use crate::model::user::Right;
use crate::node::{DisputeDecision, DisputeError};

/// A dispute as it is shown.
#[expect(clippy::struct_excessive_bools, reason = "each is one part of the page that is shown or not")]
struct DisputeShown {
    id: String,
    path: String,
    /// Whether it is about what this lender reports.
    is_ours: bool,
    /// The member at the other end.
    other: String,
    state: String,
    reason: String,
    opened: String,
    left: Option<String>,
    is_overdue: bool,
    text: String,
    record: String,
    /// Which loan she means, as the answer showed it.
    meant: Option<String>,
    /// Whose it is, by the own book.
    client: Option<String>,
    /// Which of that client's loans.
    loans: Vec<LoanShown>,
    answer: Option<String>,
    answer_text: String,
    outcome: Option<String>,
    /// What can be done now.
    may_answer: bool,
    may_correct: bool,
    may_close: bool,
    /// Once the lender has rejected it: to be closed when the client knows the reasons.
    may_tell: bool,
}

/// A loan of the own book.
struct LoanShown {
    account: String,
    branch: String,
    what: String,
}

/// In what capacity, in which currency, and since when.
fn loan_line(page: &Page, kind: FacilityKind, currency: Currency, opened: Option<Day>) -> String {
    let kind = page.t(&format!("common-kind-{}", word(&kind)));
    let opened = opened.map(|day| page.day(day));
    [Some(kind), Some(currency.to_string()), opened].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

impl DisputeShown {
    fn of(console: &Console, page: &Page, held: &HeldDispute) -> Self {
        let is_ours = held.end == DisputeEnd::Lender;
        let other = if is_ours { &held.opener } else { &held.lender };
        let roster = console.node.roster();
        let other = roster.member(other).map_or_else(|| other.to_string(), |member| member.name.clone());
        let days = held.lender_days_left.or(held.total_days_left);
        let left = days.map(|days| match u64::try_from(days) {
            Ok(days) => page.counted("console-dispute-days-left", days),
            Err(_) => page.counted("console-dispute-over-time", days.unsigned_abs()),
        });
        let open = held.state != DisputeState::Resolved;
        Self {
            id: held.dispute.to_string(),
            path: path_of(held),
            is_ours,
            other,
            state: page.t(&format!("console-dispute-state-{}", word(&held.state))),
            reason: page.t(&format!("console-dispute-reason-{}", word(&held.reason))),
            opened: page.moment(held.opened),
            left,
            is_overdue: held.is_overdue(),
            text: held.text.as_str().to_owned(),
            record: held.record.clone(),
            meant: held
                .facility
                .as_ref()
                .map(|meant| loan_line(page, meant.kind, meant.currency, meant.opened)),
            client: held.book.as_ref().map(|book| book.client.clone()),
            loans: held
                .book
                .iter()
                .flat_map(|book| &book.loans)
                .map(|loan| LoanShown {
                    account: loan.account.clone(),
                    branch: loan.branch.clone(),
                    what: loan_line(page, loan.kind, loan.currency, loan.opened),
                })
                .collect(),
            answer: held
                .answer
                .as_ref()
                .map(|said| page.t(&format!("console-dispute-answer-{}", word(&said.answer)))),
            answer_text: held
                .answer
                .as_ref()
                .and_then(|said| said.text.as_ref())
                .map_or_else(String::new, |text| text.as_str().to_owned()),
            outcome: held
                .outcome
                .as_ref()
                .map(|outcome| page.t(&format!("console-dispute-outcome-{}", word(outcome)))),
            may_answer: open && is_ours && held.answer.is_none(),
            may_correct: open && is_ours && held.state == DisputeState::Accepted,
            may_close: open && !is_ours,
            may_tell: open && !is_ours && held.state == DisputeState::Rejected,
        }
    }
}

#[derive(Template)]
#[template(path = "officer/disputes.html")]
struct DisputesPage<'a> {
    page: &'a Page,
    disputes: Vec<DisputeShown>,
    all: bool,
}

#[derive(Template)]
#[template(path = "officer/dispute.html")]
struct DisputePage<'a> {
    page: &'a Page,
    dispute: DisputeShown,
    typed: String,
    trouble: Option<Said>,
}

/// `GET /officer/disputes`; `?all` for closed ones too.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    RawQuery(query): RawQuery,
    visit: Visit,
) -> Answered {
    visit.must(Right::Dispute)?;
    let all = query.as_deref() == Some("all");
    let found = seen(&console, &visit, all).await?;
    let page = &visit.page;
    let disputes = found.iter().rev().map(|held| DisputeShown::of(&console, page, held)).collect();
    Ok(visit.show(&DisputesPage { page, disputes, all }))
}

/// The disputes that the visitor may see: those of her branch, or all.
async fn seen(console: &Console, visit: &Visit, all: bool) -> Result<Vec<HeldDispute>, Response> {
    let caller = visit.caller.clone();
    let seen = visit.blocking(console, move |node| node.for_caller(&caller).disputes(all));
    Ok(seen.await?.held)
}

/// A dispute at one of its ends. A client may dispute at a lender's own counter what that lender reports: then it stands at
/// both, and `end` says which is wanted.
async fn found(
    console: &Console,
    visit: &Visit,
    dispute: &str,
    end: DisputeEnd,
) -> Result<HeldDispute, Response> {
    let dispute: TransactionId = dispute.parse().map_err(|_| visit.not_found())?;
    let mut ends = seen(console, visit, true).await?;
    ends.retain(|held| held.dispute == dispute);
    // The wanted one last.
    ends.sort_by_key(|held| held.end == end);
    ends.pop().ok_or_else(|| visit.not_found())
}

/// Where the end of a dispute is shown.
fn path_of(held: &HeldDispute) -> String {
    let end = if held.end == DisputeEnd::Lender { "?end=lender" } else { "" };
    format!("/officer/disputes/{}{end}", held.dispute)
}

/// `GET /officer/disputes/{dispute}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(dispute): Path<String>,
    RawQuery(query): RawQuery,
    visit: Visit,
) -> Answered {
    visit.must(Right::Dispute)?;
    let is_ours = query.as_deref() == Some("end=lender");
    let end = if is_ours { DisputeEnd::Lender } else { DisputeEnd::Opener };
    let held = found(&console, &visit, &dispute, end).await?;
    let page = &visit.page;
    let dispute = DisputeShown::of(&console, page, &held);
    Ok(visit.show(&DisputePage { page, dispute, typed: String::new(), trouble: None }))
}

/// `POST /officer/disputes/{dispute}/answer`: what this lender says to a dispute about its report.
pub(super) async fn answer(
    State(console): State<Arc<Console>>,
    Path(dispute): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Dispute)?;
    let held = found(&console, &visit, &dispute, DisputeEnd::Lender).await?;
    let typed = fields.text("text").replace("\r\n", "\n");
    let answer = match fields.text("answer") {
        "accepted" => DisputeAnswer::Accepted,
        "rejected" => DisputeAnswer::Rejected,
        _ => return Err(visit.form_unreadable()),
    };
    let text = if typed.is_empty() { Ok(None) } else { DisputeText::try_from(typed.clone()).map(Some) };
    let by = visit.caller.name.clone();
    let done = match text {
        Ok(text) => {
            let decision = DisputeDecision { answer, text, by };
            let caller = visit.caller.clone();
            let answered =
                console.blocking(move |node| node.for_caller(&caller).answer_dispute(held.dispute, decision));
            answered.await
        }
        Err(error) => Err(Trouble::from(DisputeError::Value { field: "text", why: error.into() })),
    };
    after(&console, &visit, (&dispute, DisputeEnd::Lender), typed, done).await
}

/// `POST /officer/disputes/{dispute}/resolve`.
pub(super) async fn resolve(
    State(console): State<Arc<Console>>,
    Path(dispute): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Dispute)?;
    let outcome = match fields.text("outcome") {
        "corrected" => DisputeOutcome::Corrected,
        "rejected" => DisputeOutcome::Rejected,
        "taken-back" => DisputeOutcome::TakenBack,
        _ => return Err(visit.form_unreadable()),
    };
    let is_ours = outcome == DisputeOutcome::Corrected;
    let end = if is_ours { DisputeEnd::Lender } else { DisputeEnd::Opener };
    let held = found(&console, &visit, &dispute, end).await?;
    let caller = visit.caller.clone();
    let done = console.blocking(move |node| node.for_caller(&caller).resolve_dispute(held.dispute, outcome));
    after(&console, &visit, (&dispute, end), String::new(), done.await).await
}

/// Back to the dispute; with what went wrong, if it did, and what was typed.
async fn after(
    console: &Console,
    visit: &Visit,
    (dispute, end): (&str, DisputeEnd),
    typed: String,
    done: Result<HeldDispute, Trouble>,
) -> Answered {
    let trouble = match done {
        Ok(held) => return Ok(go_to(&path_of(&held))),
        Err(trouble) => trouble,
    };
    let held = found(console, visit, dispute, end).await?;
    let page = &visit.page;
    let status: StatusCode = trouble.status();
    let dispute = DisputeShown::of(console, page, &held);
    Err(visit.show_as(status, &DisputePage { page, dispute, typed, trouble: Some(trouble.said(page)) }))
}
