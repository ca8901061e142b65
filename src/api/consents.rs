//! `/v1/consents` and `/v1/withdrawals`.

use std::collections::BTreeSet;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::moment;
use super::problem::Problem;
use super::{Shared, table};
use crate::digest::{ConsentId, Digest, Sha256, WithdrawalCode};
use crate::limits::CONSENTS_PER_PAGE;
use crate::model::consent::{ConsentState, ConsentTerms, EvidenceKind, Purpose};
use crate::model::identifier::{Identifier, SchemeSet};
use crate::model::leaf::LeafReference;
use crate::model::member::MemberId;
use crate::model::user::Caller;
use crate::node::{
    ConsentError, ConsentRequest, ConsentView, Evidence, GroundRequest, Presented, RecordedConsent,
    RecordedGround,
};
use crate::secret::SecretVec;

/// `POST /v1/consents`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// The client's identifiers, 1 to 16.
    pub identifiers: Vec<IdentifierText>,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// The last day (in UTC), or the RFC 3339 moment at which the consent ends.
    pub until: String,
    /// The first day, or the RFC 3339 moment; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How many inquiries. Default 1.
    #[serde(default = "one_use")]
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened, where the policy agrees. Default false.
    #[serde(default)]
    pub weak_matches: bool,
    /// Language of the notice shown, one of the policy's.
    pub notice: String,
    /// What proves the consent.
    pub evidence: EvidenceBody,
    /// Who recorded it: a name of 1 to 120 characters.
    pub officer: String,
}

/// Uses of a consent or another ground where none are given.
pub(super) fn one_use() -> u16 {
    1
}

impl std::fmt::Debug for ConsentBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentBody").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// One identifier as typed.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifierText {
    /// The scheme.
    pub scheme: String,
    /// The number as typed.
    pub value: String,
}

impl std::fmt::Debug for IdentifierText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentifierText").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// Evidence of a consent: its hash, or the bytes to be hashed. The bytes are not kept.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceBody {
    /// Of what kind.
    pub kind: EvidenceKind,
    /// SHA-256 of the file, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The file itself, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// The reply to `POST /v1/consents`, status 201.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentRecorded {
    /// Names the consent.
    pub consent: ConsentId,
    /// Its leaf in this node's log.
    pub leaf: LeafReference,
    /// The client's withdrawal code. Shown this once: the node keeps its hash only.
    pub withdrawal_code: WithdrawalCode,
    /// The client's receipt: a JWS in compact form that any JOSE library verifies. Shown this once, too.
    pub receipt: String,
    /// Whether the client is located. If not, that is done with the first inquiry.
    pub located: bool,
    /// Why not.
    pub trouble: Option<String>,
}

impl From<RecordedConsent> for ConsentRecorded {
    fn from(recorded: RecordedConsent) -> Self {
        Self {
            consent: recorded.consent,
            leaf: recorded.leaf,
            withdrawal_code: recorded.withdrawal,
            receipt: recorded.receipt,
            located: recorded.located,
            trouble: recorded.trouble,
        }
    }
}

/// A consent as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentShown {
    /// What it permits.
    pub terms: ConsentTerms,
    /// Where it stands.
    pub state: ConsentState,
    /// Uses spent.
    pub uses_spent: u16,
    /// Its leaf in this node's log.
    pub leaf: LeafReference,
    /// Schemes of the identifiers; the numbers are not shown.
    pub schemes: Vec<String>,
    /// Who recorded it.
    pub officer: String,
    /// Whether the client is located.
    pub located: bool,
    /// The lawful ground that stands in for her consent; absent where she consented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<GroundShown>,
}

/// A lawful ground other than consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroundShown {
    /// Its name in the policy.
    pub name: String,
    /// Who approved.
    pub approved_by: Vec<String>,
}

/// The reply to `GET /v1/consents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentsPage {
    /// Ordered by id.
    pub consents: Vec<ConsentShown>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<ConsentId>,
}

/// What part of the list is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageWanted {
    /// Ids up to and including this one are left out.
    after: Option<ConsentId>,
}

/// `POST /v1/grounds`: as [`ConsentBody`], with the ground in place of notice and kind of evidence.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroundBody {
    /// The person's identifiers, 1 to 16.
    pub identifiers: Vec<IdentifierText>,
    /// Name of the ground, as the policy declares it.
    pub ground: String,
    /// The two persons who approve.
    pub approved_by: Vec<String>,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// The last day (in UTC), or the RFC 3339 moment at which it ends.
    pub until: String,
    /// The first day, or the RFC 3339 moment; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How many inquiries. Default 1.
    #[serde(default = "one_use")]
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened, where the policy agrees. Default false.
    #[serde(default)]
    pub weak_matches: bool,
    /// SHA-256 of the order, hex.
    pub sha256: Digest,
    /// Who recorded it.
    pub officer: String,
}

impl std::fmt::Debug for GroundBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GroundBody").field("ground", &self.ground).finish_non_exhaustive()
    }
}

/// The reply to `POST /v1/grounds`, status 201. Nobody consented: there is no receipt and no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroundRecorded {
    /// Names it, as a consent is named.
    pub consent: ConsentId,
    /// Its leaf in this node's log.
    pub leaf: LeafReference,
    /// Whether the person is located. If not, that is done with the first inquiry.
    pub located: bool,
    /// Why not.
    pub trouble: Option<String>,
}

impl From<ConsentView> for ConsentShown {
    fn from(view: ConsentView) -> Self {
        Self {
            terms: view.terms,
            state: view.state,
            uses_spent: view.uses_spent,
            leaf: view.leaf,
            schemes: view.schemes,
            officer: view.officer,
            located: view.located,
            ground: view
                .ground
                .map(|ground| GroundShown { name: ground.name, approved_by: ground.approved_by }),
        }
    }
}

/// `POST /v1/withdrawals`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalBody {
    /// The code on the client's receipt, hex; spaces and dashes are left out.
    pub code: String,
}

impl std::fmt::Debug for WithdrawalBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithdrawalBody(..)")
    }
}

/// The reply to `POST /v1/withdrawals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawalTaken {
    /// Whether the code was new at this node.
    pub new: bool,
    /// Whether a consent with this code was found: here, in a log that is mirrored here, or at a member that was told.
    /// When not, the code is most likely mistyped.
    pub known: bool,
    /// The lenders whose consent it ends, as far as is known.
    pub lenders: BTreeSet<MemberId>,
    /// Members that know it now.
    pub told: Vec<MemberId>,
    /// Members that could not be told yet; they fetch it when they are back.
    pub not_told: Vec<MemberId>,
}

pub(super) async fn record(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<ConsentBody>,
) -> Result<(StatusCode, axum::Json<ConsentRecorded>), Problem> {
    let request = checked(body, &service.node.schemes())?;
    let recorded =
        service.waiting(|node| async move { node.for_caller(&caller).record_consent(request).await });
    Ok((StatusCode::CREATED, axum::Json(recorded.await?.into())))
}

pub(super) async fn record_ground(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<GroundBody>,
) -> Result<(StatusCode, axum::Json<GroundRecorded>), Problem> {
    let evidence = EvidenceBody { kind: EvidenceKind::Order, sha256: Some(body.sha256), bytes: None };
    let terms = ConsentBody {
        identifiers: body.identifiers,
        purpose: body.purpose,
        until: body.until,
        from: body.from,
        uses: body.uses,
        weak_matches: body.weak_matches,
        notice: String::new(),
        evidence,
        officer: body.officer,
    };
    let terms = checked(terms, &service.node.schemes())?;
    let request = GroundRequest { terms, name: body.ground, approved_by: body.approved_by };
    let recorded =
        service.waiting(|node| async move { node.for_caller(&caller).record_ground(request).await });
    let recorded = recorded.await?;
    let RecordedGround { consent, leaf, located, trouble } = recorded;
    Ok((StatusCode::CREATED, axum::Json(GroundRecorded { consent, leaf, located, trouble })))
}

pub(super) async fn list(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<PageWanted>, QueryRejection>,
) -> Result<axum::Json<ConsentsPage>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("after", "give the `next` of the page before"))?;
    let page = service
        .blocking(move |node| node.for_caller(&caller).consents(wanted.after.as_ref(), CONSENTS_PER_PAGE));
    let (consents, next) = page.await?;
    Ok(axum::Json(ConsentsPage { consents: consents.into_iter().map(Into::into).collect(), next }))
}

pub(super) async fn show(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(consent): Path<String>,
) -> Result<axum::Json<ConsentShown>, Problem> {
    let consent = consent_id(&consent)?;
    let view = service.blocking(move |node| node.for_caller(&caller).consent(&consent));
    Ok(axum::Json(view.await?.into()))
}

pub(super) async fn withdraw(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(consent): Path<String>,
) -> Result<axum::Json<ConsentShown>, Problem> {
    let consent = consent_id(&consent)?;
    let view = service.blocking(move |node| node.for_caller(&caller).withdraw_consent(&consent));
    Ok(axum::Json(view.await?.into()))
}

pub(super) async fn present_code(
    State(service): Shared,
    Json(body): Json<WithdrawalBody>,
) -> Result<axum::Json<WithdrawalTaken>, Problem> {
    let digits: String = body.code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let code: WithdrawalCode =
        digits.parse().map_err(|error| invalid("code", &format!("{error}, as on the client's receipt")))?;
    let taken = service.waiting(move |node| async move {
        let Presented { is_new, lenders, told, not_told } = node.present_withdrawal(code).await?;
        let known = !lenders.is_empty();
        Ok::<_, ConsentError>(WithdrawalTaken { new: is_new, known, lenders, told, not_told })
    });
    Ok(axum::Json(taken.await?))
}

fn consent_id(text: &str) -> Result<ConsentId, Problem> {
    text.parse().map_err(|error| invalid("consent", &format!("{error}")))
}

/// A value that cannot be used.
pub(super) fn invalid(field: &str, why: &str) -> Problem {
    Problem::new(table::INVALID, format!("{field}: {why}")).with("field", field)
}

/// Identifiers as they were typed, read by the network's schemes.
pub(super) fn identifiers(
    texts: Vec<IdentifierText>,
    schemes: &SchemeSet,
) -> Result<Vec<Identifier>, Problem> {
    let read = texts.into_iter().enumerate().map(|(place, text)| {
        let IdentifierText { scheme, value } = text;
        // Wiped when it goes out of scope.
        let value = SecretVec::new(value.into_bytes());
        let parse = || -> Result<Identifier, crate::model::identifier::IdentifierError> {
            let typed = std::str::from_utf8(value.expose()).unwrap_or_default();
            schemes.parse(&scheme.parse()?, typed)
        };
        parse().map_err(|error| invalid(&format!("identifiers[{place}]"), &error.to_string()))
    });
    read.collect()
}

fn checked(body: ConsentBody, schemes: &SchemeSet) -> Result<ConsentRequest, Problem> {
    let identifiers = identifiers(body.identifiers, schemes)?;
    let until = moment::until_text(&body.until).map_err(|error| invalid("until", &error.to_string()))?;
    let from = body.from.as_deref().map(moment::from_text).transpose();
    let from = from.map_err(|error| invalid("from", &error.to_string()))?;
    let digest = match (body.evidence.sha256, body.evidence.bytes) {
        (Some(digest), None) => digest,
        (None, Some(bytes)) => {
            let bytes = BASE64.decode(bytes).map_err(|_| invalid("evidence.bytes", "not base64"))?;
            Sha256::of(&bytes)
        }
        _ => return Err(invalid("evidence", "give either `sha256` or `bytes`")),
    };
    Ok(ConsentRequest {
        identifiers,
        purpose: body.purpose,
        from,
        until,
        uses: body.uses,
        weak_matches: body.weak_matches,
        notice_language: body.notice,
        evidence: Evidence { kind: body.evidence.kind, digest },
        officer: body.officer,
    })
}
