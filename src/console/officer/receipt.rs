//! The client's receipt, to be printed: it holds her withdrawal code, which is kept nowhere, so it can be shown while
//! the application is in work and no longer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use super::place;
use crate::console::Console;
use crate::console::applications::{Person, Recorded};
use crate::console::paper::body_of;
use crate::console::visit::{Answered, Page, Visit};
use crate::model::consent::Purpose;
use crate::model::user::Right;
use crate::receipt::verify_by_roster;
use crate::roster::Role;

#[derive(Template)]
#[template(path = "officer/receipt.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one part of the page that is shown or not")]
struct ReceiptPage<'a> {
    page: &'a Page,
    /// Path of the person.
    path: String,
    application: String,
    form_number: String,
    /// The receipt as it is printed, HTML that this program made; none where an earlier consent is used.
    paper: Option<String>,
    paper_language: String,
    has_evidence: bool,
    not_located: bool,
    is_last: bool,
    is_report: bool,
}

/// `GET …/persons/{place}/receipt`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let place = place(&visit, &which)?;
    let page = &visit.page;
    let shown = console.application(&visit, &id, |one| {
        let is_last = one.persons.iter().all(|person| person.recorded().is_some());
        let person = one.persons.get(place)?;
        let recorded = person.recorded()?;
        Some(ReceiptPage {
            page,
            path: format!("/officer/applications/{id}/persons/{place}"),
            application: format!("/officer/applications/{id}"),
            form_number: person.form_number(),
            paper: paper(&console, person, recorded),
            paper_language: person.terms.notice_language.clone(),
            has_evidence: recorded.evidence.is_some(),
            not_located: recorded.not_located,
            is_last,
            is_report: one.purpose == Purpose::SubjectAccess,
        })
    })?;
    Ok(visit.show(&shown.ok_or_else(|| visit.not_found())?))
}

/// The receipt as it is printed.
fn paper(console: &Console, person: &Person, recorded: &Recorded) -> Option<String> {
    let token = std::str::from_utf8(recorded.receipt.as_ref()?.expose()).ok()?;
    let roster = console.node.roster();
    let receipt = verify_by_roster(token, &roster).ok()?.receipt;
    let takes = |member: &&crate::roster::Member| {
        member.removed.is_none() && (member.has(Role::Lender) || member.has(Role::Operator))
    };
    let members: Vec<String> =
        roster.document().members.iter().filter(takes).map(|member| member.name.clone()).collect();
    let page = console.receipt_page(&receipt, token, &members, &person.terms.notice_language);
    Some(body_of(&page).to_owned())
}

/// `GET …/persons/{place}/receipt.jws`: the receipt as a file that any JOSE library verifies.
pub(super) async fn token(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    file(&console, &visit, &id, &which, "receipt.jws", |recorded| recorded.receipt.as_ref())
}

/// `GET …/persons/{place}/evidence.txt`: what is filed beside the record of text messages.
pub(super) async fn evidence(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    file(&console, &visit, &id, &which, "evidence.txt", |recorded| recorded.evidence.as_ref())
}

fn file(
    console: &Console,
    visit: &Visit,
    id: &str,
    which: &str,
    name: &str,
    part: impl FnOnce(&Recorded) -> Option<&crate::secret::SecretVec>,
) -> Answered {
    visit.must(Right::Consent)?;
    let place = place(visit, which)?;
    let bytes = console.application(visit, id, |one| {
        let recorded = one.persons.get(place)?.recorded()?;
        part(recorded).map(|bytes| bytes.expose().to_vec())
    })?;
    let bytes = bytes.ok_or_else(|| visit.not_found())?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let pairs = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    Ok((pairs, bytes).into_response())
}
