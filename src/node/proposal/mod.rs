//! Proposals: lawful grounds and erasures that one person asks for and others approve, each under her own sign-in.
//!
//! A proposal has two parts. What is asked, with the identifiers of a person, is kept as what explains leaves is: under a
//! key of its own, which is destroyed as soon as the proposal is decided or over, and when she is erased. Who proposed, who
//! approved and what came of it names staff and nothing about her, and stays for a while, so that the proposer finds it.
//!
//! A proposal is named by the transaction that its leaves bear: those that say who proposed, read and approved, and in the
//! end the one of the ground, or those of the erasure. What is carried out and that it was carried out are one write, so
//! that no crash makes it happen twice, or happen and be forgotten.
//!
//! Persons are users of this node who can sign in. An access token or whoever has the node's own socket may propose, and
//! counts for nobody. Who approves shows once more that it is she: [`Confirmed`](crate::people::Confirmed).

mod approve;
mod end;
mod kept;
mod list;
mod propose;

pub use list::ProposalsWaiting;
pub(super) use propose::check_order;

use serde::{Deserialize, Serialize};

use super::access::Attribution;
use super::consent::ConsentError;
use super::erase::{EraseError, Whom};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId, UserId};
use crate::keyring::KeyringError;
use crate::limits::PROPOSAL_NOTE_CHARS_MAX;
use crate::log::LogError;
use crate::model::consent::Purpose;
use crate::model::day::Day;
use crate::model::identifier::Identifier;
use crate::model::leaf::ErasureGround;
use crate::model::user::Right;
use crate::people::PeopleError;
use crate::store::StoreError;
use crate::wire::codec::CodecError;

/// What is to be done once it is approved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Asked {
    /// A lawful ground other than consent is recorded.
    Ground(AskedGround),
    /// What is kept about a person is erased.
    Erasure {
        /// About whom.
        whom: Whom,
        /// Why.
        ground: ErasureGround,
        /// SHA-256 of the order's document, where the ground is an order; otherwise none.
        order: Option<Digest>,
    },
}

impl Asked {
    /// SHA-256 of the order's document, where one is named.
    pub fn order(&self) -> Option<Digest> {
        match self {
            Self::Ground(asked) => Some(asked.order),
            Self::Erasure { order, .. } => *order,
        }
    }
}

/// A lawful ground as it is proposed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskedGround {
    /// Name of the ground, as the policy declares it.
    pub name: String,
    /// The person's identifiers.
    pub identifiers: Vec<Identifier>,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// Not before; when it is approved, if none.
    pub from: Option<UnixTime>,
    /// Not at or after.
    pub until: UnixTime,
    /// How many inquiries.
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened.
    pub weak_matches: bool,
    /// SHA-256 of the order's document.
    pub order: Digest,
}

/// A proposal as it is made.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewProposal {
    /// What is to be done.
    pub asked: Asked,
    /// What else those who approve should know, as where the order is filed; may be empty.
    pub note: String,
}

impl std::fmt::Debug for NewProposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewProposal").field("asked", &self.asked).finish_non_exhaustive()
    }
}

/// What kind of thing is proposed; nothing about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProposalKind {
    /// A lawful ground.
    Ground {
        /// Its name.
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

/// A proposal: who made it, who approved, what came of it. It names staff and nothing about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Names it; the leaves about it bear this transaction.
    pub id: TransactionId,
    /// What is proposed.
    pub kind: ProposalKind,
    /// Who proposed, for which branch, and when.
    pub proposed: Attribution,
    /// Whether that was a person, who then is the first of those whom it takes.
    pub by_person: bool,
    /// When it is over unless enough have approved.
    pub until: UnixTime,
    /// Who else approved, in that order.
    pub approved: Vec<Attribution>,
    /// Why it could not be carried out when enough had approved; none where it was not tried.
    pub trouble: Option<String>,
    /// What came of it; none while it waits.
    pub ended: Option<Ended>,
}

/// The end of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub time: UnixTime,
    /// By whose step; none where it ended by itself.
    pub by: Option<Attribution>,
    /// How.
    pub outcome: ProposalOutcome,
}

/// What came of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProposalOutcome {
    /// The ground is recorded.
    Recorded {
        /// Names it, as a consent is named.
        consent: ConsentId,
    },
    /// Something was erased; counts as in [`Erased`](super::Erased).
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
        /// The first day on which all of those may be erased; none where none was left.
        rest_from: Option<Day>,
    },
    /// Somebody who could have approved refused.
    Refused {
        /// Why, in her words.
        reason: String,
    },
    /// The proposer took it back.
    TakenBack,
    /// Not enough had approved in time.
    Expired,
    /// What it was about was erased meanwhile, or the store was put back from an older copy.
    Dropped,
}

impl Proposal {
    /// Whether it can still be decided.
    pub fn is_open(&self, now: UnixTime) -> bool {
        self.ended.is_none() && now < self.until
    }

    /// Whether it is this user's own.
    pub fn is_of(&self, user: Option<UserId>) -> bool {
        user.is_some() && self.proposed.user == user
    }

    /// Whether this user has approved it.
    pub fn has_approved(&self, user: Option<UserId>) -> bool {
        user.is_some() && self.approved.iter().any(|by| by.user == user)
    }
}

/// What is wrong with a text beside a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalTextFault {
    /// Too long.
    #[error("at most {PROPOSAL_NOTE_CHARS_MAX} characters")]
    Long,
    /// A terminal that shows it would obey it.
    #[error("no control characters")]
    Control,
    /// A refusal without a reason.
    #[error("say why, so that whoever proposed it knows")]
    NoReason,
}

/// Why a step of a proposal is not made.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// This node's own trouble, or what the policy does not allow.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// The erasure cannot be carried out.
    #[error(transparent)]
    Erase(#[from] EraseError),
    /// The list of users cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// There is none, or none of the caller's branch.
    #[error("there is no such proposal here")]
    Unknown,
    /// It is decided, or its time is over.
    #[error("the proposal is decided, or its time is over")]
    Over,
    /// Whoever proposed is one of the persons already.
    #[error("who proposed does not approve: another person must")]
    Own,
    /// A person counts once.
    #[error("this person has approved already: another one must")]
    Twice,
    /// Somebody else's proposal is refused, not taken back.
    #[error("only who proposed takes a proposal back")]
    NotOwn,
    /// The right for this step is missing.
    #[error("it takes the right {0}")]
    NoRight(Right),
    /// Too long, or missing.
    #[error("{field}: {why}")]
    Text {
        /// Which text.
        field: &'static str,
        /// What is wrong with it.
        why: ProposalTextFault,
    },
    /// One proposer cannot fill the list.
    #[error("too many proposals of this proposer wait or were decided this week")]
    TooMany,
}

impl From<StoreError> for ProposalError {
    fn from(error: StoreError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<LogError> for ProposalError {
    fn from(error: LogError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<KeyringError> for ProposalError {
    fn from(error: KeyringError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<CodecError> for ProposalError {
    fn from(error: CodecError) -> Self {
        Self::Consent(error.into())
    }
}
