//! `/v1/proposals`: lawful grounds and erasures that wait for a second person. Who approves does so in the console, under her
//! own sign-in: a token proposes, sees and takes back, and counts for no person.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::consents::{IdentifierText, identifiers, invalid, one_use};
use super::moment;
use super::problem::Problem;
use super::{Shared, table};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId, UserId};
use crate::model::consent::Purpose;
use crate::model::day::Day;
use crate::model::identifier::{Identifier, SchemeSet};
use crate::model::leaf::ErasureGround;
use crate::model::user::Caller;
use crate::node::{
    Asked, AskedGround, Attribution, NewProposal, Node, Proposal, ProposalError, ProposalKind,
    ProposalOutcome, Whom,
};

/// `POST /v1/proposals`. Either `ground` or `erasure`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalBody {
    /// A lawful ground other than consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<ProposedGround>,
    /// An erasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<ProposedErasure>,
    /// What else those who approve should know, as where the order is filed; up to 500 characters.
    #[serde(default)]
    pub note: String,
}

/// A lawful ground as it is proposed.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedGround {
    /// Name of the ground, as the policy declares it.
    pub name: String,
    /// The person's identifiers, 1 to 16.
    pub identifiers: Vec<IdentifierText>,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// The last day (in UTC), or the RFC 3339 moment at which it ends.
    pub until: String,
    /// The first day, or the RFC 3339 moment; when it is approved, if absent.
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
}

impl std::fmt::Debug for ProposedGround {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProposedGround").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An erasure as it is proposed. Either `consent` or `identifiers`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedErasure {
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
}

/// A user or a system, by a step of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepBy {
    /// As the log names her; `null` for whoever used the node's own socket.
    pub user: Option<UserId>,
    /// The name at that time.
    pub name: String,
    /// When.
    pub time: UnixTime,
}

impl From<Attribution> for StepBy {
    fn from(by: Attribution) -> Self {
        Self { user: by.user, name: by.name, time: by.time }
    }
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalFor {
    /// A lawful ground.
    Ground {
        /// Its name in the policy.
        name: String,
        /// What the look-up is for.
        purpose: Purpose,
    },
    /// An erasure.
    Erasure {
        /// Why.
        ground: ErasureGround,
    },
}

/// Where a proposal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ProposalState {
    /// It waits for approval; or, with `trouble`, to be carried out once more.
    Waiting,
    /// The ground is recorded.
    Recorded {
        /// Names it, as a consent is named.
        consent: ConsentId,
    },
    /// Something was erased.
    Erased {
        /// Consents.
        consents: u32,
        /// Persons' parts of inquiries.
        inquiries: u32,
        /// Reporting batches from which points were taken.
        batches: u32,
        /// Disputes.
        disputes: u32,
        /// Leaves that were left, for they are too young.
        too_young: u32,
        /// The first day on which all of those may be erased.
        rest_from: Option<Day>,
    },
    /// Somebody who could have approved refused.
    Refused {
        /// Why.
        reason: String,
    },
    /// The proposer took it back.
    TakenBack,
    /// Not enough approved in time.
    Expired,
    /// What it was about was erased meanwhile, or the store was put back from an older copy.
    Dropped,
}

/// A proposal; nothing of it is about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalShown {
    /// Names it; its leaves bear this transaction.
    pub proposal: TransactionId,
    /// What is proposed.
    pub what: ProposalFor,
    /// Who proposed it.
    pub proposed_by: StepBy,
    /// For which branch.
    pub branch: Option<String>,
    /// Whether a person proposed it, who then is the first of those whom it takes.
    pub by_person: bool,
    /// When it is over unless enough have approved.
    pub until: UnixTime,
    /// How many persons it takes, the proposer among them where a person proposed.
    pub needed: u32,
    /// Who else approved.
    pub approved_by: Vec<StepBy>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: ProposalState,
    /// When it ended; `null` while it waits.
    pub ended: Option<UnixTime>,
    /// By whose step; `null` where it ended by itself.
    pub ended_by: Option<StepBy>,
    /// Why it could not be carried out when enough had approved.
    pub trouble: Option<String>,
}

/// The reply to `GET /v1/proposals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalsPage {
    /// The newest first.
    pub proposals: Vec<ProposalShown>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<TransactionId>,
}

/// The reply to `GET /v1/proposals/{proposal}`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProposalInFull {
    /// The proposal.
    pub proposal: ProposalShown,
    /// What is asked, as it was proposed; `null` once it is decided or over, and for whoever neither proposed it nor has
    /// the right `approve`.
    pub asked: Option<ProposalBody>,
}

/// What part of the list is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageWanted {
    /// Proposals up to and including this one are left out.
    after: Option<TransactionId>,
}

impl ProposalShown {
    fn of(node: &Node, proposal: Proposal) -> Self {
        let state = match proposal.ended.as_ref().map(|ended| ended.outcome.clone()) {
            // Before the housekeeping has come by.
            None if !proposal.is_open(node.clock().now()) => ProposalState::Expired,
            None => ProposalState::Waiting,
            Some(ProposalOutcome::Recorded { consent }) => ProposalState::Recorded { consent },
            Some(ProposalOutcome::Erased {
                consents,
                inquiries,
                batches,
                disputes,
                too_young,
                rest_from,
            }) => ProposalState::Erased { consents, inquiries, batches, disputes, too_young, rest_from },
            Some(ProposalOutcome::Refused { reason }) => ProposalState::Refused { reason },
            Some(ProposalOutcome::TakenBack) => ProposalState::TakenBack,
            Some(ProposalOutcome::Expired) => ProposalState::Expired,
            Some(ProposalOutcome::Dropped) => ProposalState::Dropped,
        };
        let needed = node.approvals_needed(&proposal.kind);
        Self {
            proposal: proposal.id,
            what: match proposal.kind {
                ProposalKind::Ground { name, purpose } => ProposalFor::Ground { name, purpose },
                ProposalKind::Erasure { ground } => ProposalFor::Erasure { ground },
            },
            branch: proposal.proposed.branch.clone(),
            proposed_by: proposal.proposed.into(),
            by_person: proposal.by_person,
            until: proposal.until,
            needed,
            approved_by: proposal.approved.into_iter().map(Into::into).collect(),
            state,
            ended: proposal.ended.as_ref().map(|ended| ended.time),
            ended_by: proposal.ended.and_then(|ended| ended.by).map(Into::into),
            trouble: proposal.trouble,
        }
    }
}

/// What is asked, as it was proposed.
fn as_proposed(new: NewProposal) -> ProposalBody {
    let text = |identifier: Identifier| IdentifierText {
        scheme: identifier.scheme().to_string(),
        value: identifier.value().to_owned(),
    };
    let texts = |given: Vec<Identifier>| given.into_iter().map(text).collect();
    let mut body = ProposalBody { ground: None, erasure: None, note: new.note };
    match new.asked {
        Asked::Ground(asked) => {
            body.ground = Some(ProposedGround {
                name: asked.name,
                identifiers: texts(asked.identifiers),
                purpose: asked.purpose,
                until: asked.until.to_string(),
                from: asked.from.map(|from| from.to_string()),
                uses: asked.uses,
                weak_matches: asked.weak_matches,
                sha256: asked.order,
            });
        }
        Asked::Erasure { whom, ground, order } => {
            let (consent, identifiers) = match whom {
                Whom::Consent(consent) => (Some(consent), Vec::new()),
                Whom::Person(given) => (None, texts(given)),
            };
            body.erasure = Some(ProposedErasure { consent, identifiers, ground, order });
        }
    }
    body
}

fn checked(body: ProposalBody, schemes: &SchemeSet) -> Result<NewProposal, Problem> {
    let asked = match (body.ground, body.erasure) {
        (Some(ground), None) => {
            let from = ground.from.as_deref().map(moment::from_text).transpose();
            Asked::Ground(AskedGround {
                name: ground.name,
                identifiers: identifiers(ground.identifiers, schemes)?,
                purpose: ground.purpose,
                from: from.map_err(|error| invalid("ground.from", &error.to_string()))?,
                until: moment::until_text(&ground.until)
                    .map_err(|error| invalid("ground.until", &error.to_string()))?,
                uses: ground.uses,
                weak_matches: ground.weak_matches,
                order: ground.sha256,
            })
        }
        (None, Some(erasure)) => {
            let whom = match (erasure.consent, erasure.identifiers.is_empty()) {
                (Some(consent), true) => Whom::Consent(consent),
                (None, false) => Whom::Person(identifiers(erasure.identifiers, schemes)?),
                _ => return Err(invalid("erasure.consent", "give either a consent or identifiers")),
            };
            Asked::Erasure { whom, ground: erasure.ground, order: erasure.order }
        }
        _ => return Err(invalid("ground", "give either a ground or an erasure")),
    };
    Ok(NewProposal { asked, note: body.note.trim().to_owned() })
}

pub(super) async fn propose(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<ProposalBody>,
) -> Result<(StatusCode, axum::Json<ProposalShown>), Problem> {
    let new = checked(body, &service.node.schemes())?;
    let made = service.waiting(move |node| async move {
        let proposal = node.propose(&caller, &new).await?;
        Ok::<_, ProposalError>(ProposalShown::of(&node, proposal))
    });
    Ok((StatusCode::CREATED, axum::Json(made.await?)))
}

pub(super) async fn list(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<PageWanted>, QueryRejection>,
) -> Result<axum::Json<ProposalsPage>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("after", "give the `next` of the page before"))?;
    let page = service.blocking(move |node| {
        let (proposals, next) = node.proposals(&caller, wanted.after)?;
        let proposals = proposals.into_iter().map(|one| ProposalShown::of(node, one)).collect();
        Ok::<_, ProposalError>(ProposalsPage { proposals, next })
    });
    page.await.map(axum::Json)
}

pub(super) async fn show(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(proposal): Path<String>,
) -> Result<axum::Json<ProposalInFull>, Problem> {
    let id = proposal_id(&proposal)?;
    let found = service.blocking(move |node| {
        let (proposal, asked) = node.proposal(&caller, id)?;
        let proposal = ProposalShown::of(node, proposal);
        Ok::<_, ProposalError>(ProposalInFull { proposal, asked: asked.map(as_proposed) })
    });
    found.await.map(axum::Json)
}

pub(super) async fn take_back(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(proposal): Path<String>,
) -> Result<axum::Json<ProposalShown>, Problem> {
    let id = proposal_id(&proposal)?;
    let ended = service.waiting(move |node| async move {
        let proposal = node.take_proposal_back(&caller, id).await?;
        Ok::<_, ProposalError>(ProposalShown::of(&node, proposal))
    });
    ended.await.map(axum::Json)
}

fn proposal_id(text: &str) -> Result<TransactionId, Problem> {
    text.parse().map_err(|error| invalid("proposal", &format!("{error}")))
}

impl From<ProposalError> for Problem {
    fn from(error: ProposalError) -> Self {
        let detail = error.to_string();
        match error {
            ProposalError::Consent(error) => error.into(),
            ProposalError::Erase(error) => error.into(),
            ProposalError::People(error) => error.into(),
            ProposalError::Unknown => Self::new(table::UNKNOWN_PROPOSAL, detail),
            ProposalError::NoRight(right) => Self::new(table::FORBIDDEN, detail).with("right", right),
            ProposalError::NotOwn => Self::new(table::FORBIDDEN, detail),
            ProposalError::Text { field, .. } => Self::new(table::INVALID, detail).with("field", field),
            ProposalError::Over | ProposalError::Own | ProposalError::Twice | ProposalError::TooMany => {
                Self::new(table::PROPOSAL_STATE, detail)
            }
        }
    }
}
