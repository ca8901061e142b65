//! What an erasure takes and gives.

use serde::{Deserialize, Serialize};

use super::super::consent::ConsentError;
use crate::digest::{ConsentId, Digest, TransactionId};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::identifier::Identifier;
use crate::model::leaf::{ErasureGround, LeafReference};
use crate::store::StoreError;

/// About whom or what everything is erased.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Whom {
    /// One consent, and the inquiries and disputes under it.
    Consent(ConsentId),
    /// A person: every consent that carries one of these identifiers, the inquiries and disputes under them, disputes
    /// about what is reported of her, and in reporting batches her points and those of the clients that carry one.
    Person(Vec<Identifier>),
}

/// What is to be erased, why, and who approved.
#[derive(Clone, Debug)]
pub struct ErasureRequest {
    /// About whom.
    pub whom: Whom,
    /// Why.
    pub ground: ErasureGround,
    /// SHA-256 of the order's document, where the ground is an order; otherwise none.
    pub order: Option<Digest>,
    /// The persons who approved, as many different ones as the policy demands.
    pub approved_by: Vec<String>,
}

/// A leaf that cannot be explained any more, or not wholly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedLeaf {
    /// The leaf.
    pub of: LeafReference,
    /// The leaf that says so.
    pub by: LeafReference,
    /// How many of its points; all when none.
    pub points: Option<u32>,
}

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Consents, with all that was known of them.
    pub consents: u32,
    /// Persons' parts of inquiries.
    pub inquiries: u32,
    /// Reporting batches from which points were taken.
    pub batches: u32,
    /// Disputes, with all that was said.
    pub disputes: u32,
    /// Proposals about her that waited for approval.
    pub proposals: u32,
    /// The leaves, each with its erasure.
    pub leaves: Vec<ErasedLeaf>,
    /// Leaves that are too young, each with the first day on which the ground permits it.
    pub too_young: Vec<(LeafReference, Day)>,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// This node's own trouble, or approvals that do not suffice.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// Nothing is held about that person.
    #[error("nothing is kept here that could be erased for that")]
    Nothing,
    /// Everything is too young.
    #[error(
        "the policy keeps what explains the log for the audit: this can be erased from {0} on, or by an order"
    )]
    TooYoung(Day),
    /// It is not closed, so that erasing it would leave a flag that nobody can take away.
    #[error("dispute {0} is open: close it first (tally dispute resolve)")]
    OpenDispute(TransactionId),
    /// A number that others may share finds the wrong records.
    #[error("the scheme {0} does not name one person alone: give a strong identifier, or the consent")]
    Weak(String),
}

impl From<LogError> for EraseError {
    fn from(error: LogError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<StoreError> for EraseError {
    fn from(error: StoreError) -> Self {
        Self::Consent(error.into())
    }
}
