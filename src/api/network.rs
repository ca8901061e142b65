//! `/v1/status`, `/v1/patterns`, `/v1/members`, `/v1/roster`, `/v1/policy`.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::problem::Problem;
use crate::model::policy::PolicyDocument;
use crate::node::{MemberState, PatternReport, Status};
use crate::roster::RosterDocument;
use crate::signing::Signature;

/// The reply to `GET /v1/members`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Members {
    /// This member.
    pub member: String,
    /// The others, ordered by id.
    pub members: Vec<MemberState>,
}

/// The reply to `GET /v1/roster`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RosterShown {
    /// The roster that is followed.
    pub roster: RosterDocument,
    /// The bytes that the operator signed, base64.
    pub signed: String,
    /// The operator's signature.
    pub signature: Signature,
}

/// The reply to `GET /v1/policy`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PolicyShown {
    /// Version of the roster that carries it.
    pub roster_version: u64,
    /// The policy in effect, defaults included.
    #[schemars(with = "serde_json::Value")]
    pub policy: PolicyDocument,
    /// The text as the operator wrote it.
    pub toml: String,
}

pub(super) async fn status(State(service): Shared) -> Result<axum::Json<Status>, Problem> {
    service.blocking(|node| node.status()).await.map(axum::Json)
}

pub(super) async fn patterns(State(service): Shared) -> Result<axum::Json<PatternReport>, Problem> {
    service.blocking(|node| node.patterns()).await.map(axum::Json)
}

pub(super) async fn members(State(service): Shared) -> Result<axum::Json<Members>, Problem> {
    let status = service.blocking(|node| node.status()).await?;
    Ok(axum::Json(Members { member: status.member, members: status.members }))
}

pub(super) async fn roster(State(service): Shared) -> axum::Json<RosterShown> {
    let roster = service.node.roster();
    let signed = roster.signed();
    axum::Json(RosterShown {
        roster: roster.document().clone(),
        signed: BASE64.encode(signed.bytes()),
        signature: *signed.signature(),
    })
}

pub(super) async fn policy(State(service): Shared) -> Result<axum::Json<PolicyShown>, Problem> {
    let roster = service.node.roster();
    let policy: PolicyDocument = roster.policy().clone().into();
    let toml = roster.document().policy.clone();
    Ok(axum::Json(PolicyShown { roster_version: roster.version(), policy, toml }))
}
