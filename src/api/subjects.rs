//! `/v1/subjects`: the client's own report, and the erasure of what is kept apart about her.

use axum::extract::{Extension, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Shared;
use super::body::Json;
use super::consents::{IdentifierText, identifiers, invalid};
use super::inquiries::signed_text;
use super::problem::Problem;
use crate::digest::{ConsentId, Digest};
use crate::model::day::Day;
use crate::model::dispute::HeldDispute;
use crate::model::leaf::{Access, ErasureGround, LeafReference};
use crate::model::subject::HeldConsent;
use crate::model::user::Caller;
use crate::node::{Concern, Erased, ErasureRequest, SubjectReport, Whom};
use crate::signing::Signature;

/// `POST /v1/subjects/report`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// Her request: a consent for `subject-access`.
    pub consent: ConsentId,
}

/// The reply to `POST /v1/subjects/report`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reported {
    /// The answer to her request, the very text that was signed. It names the lenders.
    #[schemars(with = "crate::model::answer::Answer")]
    pub answer: Box<RawValue>,
    /// The bytes that were signed, base64.
    pub signed: String,
    /// This member's signature over them.
    pub signature: Signature,
    /// The opening leaf of her request.
    pub leaf: LeafReference,
    /// Consents recorded here about her, oldest first.
    pub consents: Vec<HeldConsent>,
    /// Disputes of hers at one of whose ends this member stands, oldest first.
    pub disputes: Vec<HeldDispute>,
}

/// `POST /v1/subjects/erase`. Either `consent` or `identifiers`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    /// One consent and the inquiries under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
    /// A person: everything kept apart about her.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<IdentifierText>,
    /// Why: `client-request`, `retention-over` or `order`.
    pub ground: ErasureGround,
    /// SHA-256 of the order's document, with the ground `order`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Digest>,
    /// The persons who approved.
    pub approved_by: Vec<String>,
}

/// The reply to `POST /v1/subjects/erase`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasedShown {
    /// Consents erased.
    pub consents: u32,
    /// Persons' parts of inquiries erased.
    pub inquiries: u32,
    /// Reporting batches from which points were taken.
    pub batches: u32,
    /// Disputes erased.
    pub disputes: u32,
    /// Proposals about her that waited for approval, and were erased.
    pub proposals: u32,
    /// The leaves that cannot be explained any more.
    pub leaves: Vec<ErasedLeafShown>,
    /// Leaves that were left, for they are too young.
    pub too_young: Vec<TooYoungShown>,
}

/// A leaf that cannot be explained any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasedLeafShown {
    /// The leaf.
    pub of: LeafReference,
    /// The erasure leaf.
    pub by: LeafReference,
    /// How many of its points; all when `null`.
    pub points: Option<u32>,
}

/// A leaf that is too young to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TooYoungShown {
    /// The leaf.
    pub leaf: LeafReference,
    /// The first day on which the ground permits it.
    pub from: Day,
}

impl From<Erased> for ErasedShown {
    fn from(erased: Erased) -> Self {
        let leaves = erased.leaves.iter();
        let young = erased.too_young.iter();
        Self {
            consents: erased.consents,
            inquiries: erased.inquiries,
            batches: erased.batches,
            disputes: erased.disputes,
            proposals: erased.proposals,
            leaves: leaves
                .map(|leaf| ErasedLeafShown { of: leaf.of, by: leaf.by, points: leaf.points })
                .collect(),
            too_young: young.map(|(leaf, from)| TooYoungShown { leaf: *leaf, from: *from }).collect(),
        }
    }
}

pub(super) async fn report(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<ReportBody>,
) -> Result<axum::Json<Reported>, Problem> {
    let made = service
        .waiting(move |node| async move { node.for_caller(&caller).subject_report(&body.consent).await });
    let SubjectReport { answer, leaf, consents, disputes } = made.await?;
    let text = signed_text(&answer)?;
    let (signed, signature) = (BASE64.encode(answer.bytes()), *answer.signature());
    Ok(axum::Json(Reported { answer: text, signed, signature, leaf, consents, disputes }))
}

pub(super) async fn erase(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<EraseBody>,
) -> Result<axum::Json<ErasedShown>, Problem> {
    let EraseBody { consent, identifiers: given, ground, order, approved_by } = body;
    let whom = match (consent, given.is_empty()) {
        (Some(consent), true) => Whom::Consent(consent),
        (None, false) => Whom::Person(identifiers(given, &service.node.schemes())?),
        _ => return Err(invalid("consent", "give either a consent or identifiers")),
    };
    let request = ErasureRequest { whom, ground, order, approved_by };
    let erased = service.waiting(move |node| async move {
        node.log_access(&caller, Access::Erasure, Concern::Several)?;
        Ok::<_, Problem>(node.erase(request).await?)
    });
    Ok(axum::Json(erased.await?.into()))
}
