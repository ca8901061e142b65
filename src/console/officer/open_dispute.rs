//! Opening a dispute: what the client says is wrong with a lender's report, written down in her words.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::console::Console;
use crate::console::form::{Choice, Fields, Posted};
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::limits::DISPUTE_TEXT_CHARS_MAX;
use crate::model::dispute::{DisputeReason, DisputeText};
use crate::model::record::RecordId;
use crate::model::user::Right;
use crate::node::DisputeRequest;

/// What can be wrong, as forms and texts have it.
const REASONS: [(&str, DisputeReason); 7] = [
    ("not-mine", DisputeReason::NotMine),
    ("already-paid", DisputeReason::AlreadyPaid),
    ("wrong-amount", DisputeReason::WrongAmount),
    ("wrong-arrears", DisputeReason::WrongArrears),
    ("wrong-status", DisputeReason::WrongStatus),
    ("reported-twice", DisputeReason::ReportedTwice),
    ("other", DisputeReason::Other),
];

#[derive(Template)]
#[template(path = "officer/open_dispute.html")]
struct OpenPage<'a> {
    page: &'a Page,
    consent: String,
    lender: String,
    record: String,
    facility: String,
    reasons: Vec<Choice>,
    text: String,
    chars_max: String,
    trouble: Option<Said>,
}

fn open_page<'a>(page: &'a Page, typed: &Fields) -> OpenPage<'a> {
    let wanted = typed.text("reason");
    let reasons = REASONS.iter().map(|(word, _)| Choice {
        value: (*word).to_owned(),
        name: page.t(&format!("console-dispute-reason-{word}")),
        is_chosen: *word == wanted,
    });
    OpenPage {
        page,
        consent: typed.text("consent").to_owned(),
        lender: typed.text("lender").to_owned(),
        record: typed.text("record").to_owned(),
        facility: typed.text("facility").to_owned(),
        reasons: reasons.collect(),
        text: typed.text("text").to_owned(),
        chars_max: DISPUTE_TEXT_CHARS_MAX.to_string(),
        trouble: None,
    }
}

/// What the page is opened for: ids alone, nothing about a person.
#[derive(Deserialize)]
pub(super) struct About {
    #[serde(default)]
    consent: String,
    #[serde(default)]
    lender: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    facility: String,
}

/// `GET /officer/disputes/new`.
pub(super) async fn blank(Query(about): Query<About>, visit: Visit) -> Answered {
    visit.must(Right::Dispute)?;
    let mut typed = Fields::default();
    for (name, value) in [
        ("consent", &about.consent),
        ("lender", &about.lender),
        ("record", &about.record),
        ("facility", &about.facility),
    ] {
        typed.put(name, value);
    }
    Ok(visit.show(&open_page(&visit.page, &typed)))
}

/// `POST /officer/disputes/new`.
pub(super) async fn open(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Dispute)?;
    let request = match understood(&visit, &fields) {
        Ok(request) => request,
        Err(said) => return Err(again(&visit, &fields, StatusCode::UNPROCESSABLE_ENTITY, said)),
    };
    let caller = visit.caller.clone();
    let opened = console.blocking(move |node| node.for_caller(&caller).open_dispute(request));
    match opened.await {
        Ok(dispute) => Ok(go_to(&format!("/officer/disputes/{}", dispute.dispute))),
        Err(trouble) => Err(again(&visit, &fields, trouble.status(), trouble.said(&visit.page))),
    }
}

fn again(visit: &Visit, fields: &Fields, status: StatusCode, said: Said) -> Response {
    let mut page = open_page(&visit.page, fields);
    page.trouble = Some(said);
    visit.show_as(status, &page)
}

fn understood(visit: &Visit, fields: &Fields) -> Result<DisputeRequest, Said> {
    let said = |key: &str| Said {
        title: visit.page.t(key),
        text: visit.page.t(&format!("{key}-text")),
        out: visit.page.t(&format!("{key}-out")),
    };
    let mut record = [0u8; 16];
    let is_record = hex::decode_to_slice(fields.text("record"), &mut record).is_ok();
    let (consent, lender) = (fields.text("consent").parse(), fields.text("lender").parse());
    let facility = fields.some("facility").map(str::parse).transpose();
    let (Ok(consent), Ok(lender), Ok(facility), true) = (consent, lender, facility, is_record) else {
        return Err(said("console-dispute-about-wrong"));
    };
    let reason = REASONS.iter().find(|(word, _)| *word == fields.text("reason"));
    let text = DisputeText::try_from(fields.text("text").replace("\r\n", "\n"));
    let (Some((_, reason)), Ok(text)) = (reason, text) else {
        return Err(said("console-dispute-text-wrong"));
    };
    Ok(DisputeRequest {
        consent,
        lender,
        record: RecordId(record),
        facility,
        reason: *reason,
        text,
        by: visit.caller.name.clone(),
    })
}
