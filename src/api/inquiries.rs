//! `/v1/inquiries`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::body::Json;
use super::consents::invalid;
use super::problem::Problem;
use super::{Service, Shared, table};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::limits::INQUIRIES_LISTED_MAX;
use crate::model::amount::Money;
use crate::model::answer::Answer;
use crate::model::day::Day;
use crate::model::inquiry::{InquiryPerson, InquiryRequest, LoanRequest};
use crate::model::user::Caller;
use crate::node::{Attribution, ConsentError, Inquired, Recalled, SignedAnswer};
use crate::secret::SystemEntropy;
use crate::signing::Signature;
use crate::words::{Texts, Words, answer_page};

/// What a printed page may load: the style and the fonts inside it.
const PAGE_CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; base-uri 'none'";

/// `POST /v1/inquiries`: the question, and the transaction when an earlier call is to be repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryBody {
    /// Code of the purpose, one of the policy's.
    pub purpose: String,
    /// The persons asked about, each with her own consent.
    pub persons: Vec<InquiryPerson>,
    /// The loan applied for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<LoanRequest>,
    /// Monthly income of the whole household, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_income: Option<Money>,
    /// Monthly expenses of the whole household without loan instalments, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_expenses: Option<Money>,
    /// The asker's own account that the requested loan replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refinances: Option<String>,
    /// Random 128-bit number, hex. The same one with the same question gives the same answer and spends no further
    /// use; a caller that sends its own can repeat a call whose reply was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionId>,
}

/// The reply to an inquiry.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct InquiryAnswered {
    /// The answer, the very text that was signed.
    #[schemars(with = "crate::model::answer::Answer")]
    pub answer: Box<RawValue>,
    /// The bytes that were signed, base64.
    pub signed: String,
    /// This member's signature over them (Ed25519 over `tallystick/answer/v1`, a zero byte and the bytes), base64.
    pub signature: Signature,
}

/// What part of the list is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The day, in UTC; today when absent.
    day: Option<Day>,
}

/// In which language a page is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageWanted {
    /// Its BCP 47 tag; the best of `Accept-Language` when absent.
    language: Option<String>,
}

/// The reply to `GET /v1/inquiries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InquiriesOfDay {
    /// The day, in UTC.
    pub day: Day,
    /// Those that the caller may see, newest first; at most 1,000.
    pub inquiries: Vec<InquiryLine>,
}

/// An inquiry in a list. Nothing in it is about the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InquiryLine {
    /// Names it.
    pub transaction: TransactionId,
    /// When it was asked first.
    pub time: UnixTime,
    /// Who asked.
    pub by: String,
    /// For which branch.
    pub branch: Option<String>,
    /// What became of it: `answered`, `unfinished`, or `refused`.
    pub state: InquiryState,
}

/// What became of an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InquiryState {
    /// It was answered.
    Answered,
    /// It has opened rows and has no answer yet.
    Unfinished,
    /// Nothing was opened; where it was refused, the log says why.
    Refused,
}

pub(super) async fn list(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<axum::Json<InquiriesOfDay>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("day", "give a day as YYYY-MM-DD"))?;
    let listed = service.blocking(move |node| {
        let day = wanted.day.unwrap_or_else(|| Day::of(node.clock().now()));
        let from = day.start();
        let period = (from, from.plus_seconds(86_400));
        let inquiries = node.for_caller(&caller).inquiries(period, INQUIRIES_LISTED_MAX)?;
        let lines = inquiries.into_iter().map(|(transaction, attribution, recalled)| {
            let state = match recalled {
                Recalled::Answered(_) => InquiryState::Answered,
                Recalled::Unfinished => InquiryState::Unfinished,
                Recalled::Unknown => InquiryState::Refused,
            };
            let Attribution { time, name: by, branch, user: _ } = attribution;
            InquiryLine { transaction, time, by, branch, state }
        });
        Ok::<_, ConsentError>(InquiriesOfDay { day, inquiries: lines.collect() })
    });
    listed.await.map(axum::Json)
}

pub(super) async fn ask(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<InquiryBody>,
) -> Result<axum::Json<InquiryAnswered>, Problem> {
    // A caller with a name is logged before anything is read, under the transaction of what follows.
    let chosen = || TransactionId::random(&SystemEntropy::new());
    let transaction = body.transaction.or_else(|| caller.user.is_some().then(chosen));
    let request = InquiryRequest {
        purpose: body.purpose,
        persons: body.persons,
        requested: body.requested,
        household_income: body.household_income,
        household_expenses: body.household_expenses,
        refinances: body.refinances,
    };
    let asked = service
        .waiting(move |node| async move { node.for_caller(&caller).inquire(&request, transaction).await });
    let asked = asked.await;
    let inquired = asked.map_err(|problem: Problem| match transaction {
        // By it the inquiry goes on where it stopped, as by the same question.
        Some(transaction) if problem.status >= 500 => problem.with("transaction", transaction),
        _ => problem,
    })?;
    match inquired {
        Inquired::Answered(signed) => answered(&signed),
        Inquired::Refused(refused) => Err(refused.into()),
    }
}

pub(super) async fn recall(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(transaction): Path<String>,
) -> Result<axum::Json<InquiryAnswered>, Problem> {
    answered(&recalled(&service, caller, &transaction).await?)
}

/// An earlier answer as a page for the printer.
pub(super) async fn page(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(transaction): Path<String>,
    wanted: Result<Query<PageWanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    // A reader whose language is not there is told so before the look is logged.
    let words = language(&service.texts, wanted, &headers)?;
    let signed = recalled(&service, caller, &transaction).await?;
    let answer: Answer = serde_json::from_slice(signed.bytes()).map_err(|_| unknown_form())?;
    let safe = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_CONTENT_SECURITY_POLICY)),
    ];
    Ok((safe, answer_page(&answer, &words)))
}

/// The language that was asked for by name, which must be there; else the best for the caller.
fn language(
    texts: &Texts,
    wanted: Result<Query<PageWanted>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Words, Problem> {
    let unknown = || {
        let tags: Vec<String> = texts.languages().into_iter().map(|language| language.tag).collect();
        invalid("language", &format!("give a language that there are texts in: {}", tags.join(", ")))
    };
    let Query(wanted) = wanted.map_err(|_| unknown())?;
    if let Some(tag) = wanted.language {
        return texts.find(&tag).ok_or_else(unknown);
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Ok(texts.negotiate(accepted.unwrap_or_default()))
}

async fn recalled(
    service: &Arc<Service>,
    caller: Caller,
    transaction: &str,
) -> Result<SignedAnswer, Problem> {
    let transaction: TransactionId =
        transaction.parse().map_err(|error| invalid("transaction", &format!("{error}")))?;
    let recalled = service.blocking(move |node| node.for_caller(&caller).recall(transaction));
    match recalled.await? {
        Recalled::Answered(signed) => Ok(*signed),
        Recalled::Unfinished => {
            let detail =
                "The inquiry is unfinished: send the same question with this transaction, and it goes on.";
            Err(Problem::new(table::UNFINISHED, detail).with("transaction", transaction))
        }
        Recalled::Unknown => {
            let detail = "This node has opened nothing under that transaction. Refusals are in its log.";
            Err(Problem::new(table::UNKNOWN_INQUIRY, detail).with("transaction", transaction))
        }
    }
}

/// The text of a kept answer, as it was signed.
pub(super) fn signed_text(signed: &SignedAnswer) -> Result<Box<RawValue>, Problem> {
    let text = std::str::from_utf8(signed.bytes()).map(str::to_owned);
    text.ok().and_then(|text| RawValue::from_string(text).ok()).ok_or_else(unknown_form)
}

fn unknown_form() -> Problem {
    let detail = "A kept answer is not of the known form.";
    Problem::new(table::STORE_DAMAGED, detail).journal(detail)
}

fn answered(signed: &SignedAnswer) -> Result<axum::Json<InquiryAnswered>, Problem> {
    let answer = signed_text(signed)?;
    let (bytes, signature) = (BASE64.encode(signed.bytes()), *signed.signature());
    Ok(axum::Json(InquiryAnswered { answer, signed: bytes, signature }))
}
