//! `/v1/disputes`: what clients say is wrong with a report, and what came of it.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::body::Json;
use super::consents::invalid;
use super::problem::Problem;
use crate::digest::{ConsentId, TransactionId};
use crate::model::dispute::{DisputeReason, DisputeText, EscalatedDispute, HeldDispute};
use crate::model::leaf::{DisputeAnswer, DisputeOutcome};
use crate::model::member::MemberId;
use crate::model::record::RecordId;
use crate::model::user::Caller;
use crate::node::{DisputeDecision, DisputeRequest, Disputes};

/// `POST /v1/disputes`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// The consent under which the client saw the report.
    pub consent: ConsentId,
    /// The lender that reports.
    pub lender: MemberId,
    /// Id of the record, as the answer shows it: 32 hexadecimal digits.
    pub record: String,
    /// Which of that lender's facilities in the answer, from 1; the whole record when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<u32>,
    /// What is wrong.
    pub reason: DisputeReason,
    /// What the client says.
    pub text: DisputeText,
    /// Who writes it down.
    pub by: String,
}

/// `POST /v1/disputes/{dispute}/answer`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// `accepted` or `rejected`.
    pub answer: DisputeAnswer,
    /// The reasons; a rejection must have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<DisputeText>,
    /// Who decides.
    pub by: String,
}

/// `POST /v1/disputes/{dispute}/resolve`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveBody {
    /// `corrected` by the lender, `rejected` or `taken-back` where it was opened.
    pub outcome: DisputeOutcome,
}

/// The query of `GET /v1/disputes`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Closed ones too.
    #[serde(default)]
    all: bool,
}

/// The reply to `GET /v1/disputes`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct DisputesShown {
    /// Those at one of whose ends this member stands, oldest first.
    pub disputes: Vec<HeldDispute>,
    /// Overdue ones of which members told this member as the operator.
    pub escalated: Vec<EscalatedDispute>,
}

pub(super) async fn list(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<axum::Json<DisputesShown>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("all", "give true or false"))?;
    let listed = service.blocking(move |node| node.for_caller(&caller).disputes(wanted.all));
    let Disputes { held, escalated } = listed.await?;
    Ok(axum::Json(DisputesShown { disputes: held, escalated }))
}

pub(super) async fn open(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<OpenBody>,
) -> Result<(StatusCode, axum::Json<HeldDispute>), Problem> {
    let mut record = [0u8; 16];
    let read = hex::decode_to_slice(&body.record, &mut record);
    read.map_err(|_| invalid("record", "give the 32 hexadecimal digits that the answer shows"))?;
    let request = DisputeRequest {
        consent: body.consent,
        lender: body.lender,
        record: RecordId(record),
        facility: body.facility,
        reason: body.reason,
        text: body.text,
        by: body.by,
    };
    let opened = service.blocking(move |node| node.for_caller(&caller).open_dispute(request));
    Ok((StatusCode::CREATED, axum::Json(opened.await?)))
}

pub(super) async fn answer(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(dispute): Path<String>,
    Json(body): Json<AnswerBody>,
) -> Result<axum::Json<HeldDispute>, Problem> {
    let dispute = dispute_id(&dispute)?;
    let decision = DisputeDecision { answer: body.answer, text: body.text, by: body.by };
    let answered = service.blocking(move |node| node.for_caller(&caller).answer_dispute(dispute, decision));
    Ok(axum::Json(answered.await?))
}

pub(super) async fn resolve(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(dispute): Path<String>,
    Json(body): Json<ResolveBody>,
) -> Result<axum::Json<HeldDispute>, Problem> {
    let dispute = dispute_id(&dispute)?;
    let resolved =
        service.blocking(move |node| node.for_caller(&caller).resolve_dispute(dispute, body.outcome));
    Ok(axum::Json(resolved.await?))
}

fn dispute_id(text: &str) -> Result<TransactionId, Problem> {
    text.parse().map_err(|error| invalid("dispute", &format!("{error}")))
}
