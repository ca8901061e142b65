//! What the policy does not allow: as data, for it is said in the language of who asked. Printed it is English.

use crate::limits::{APPROVALS_MAX, IDENTIFIERS_PER_PERSON_MAX};
use crate::model::identifier::SchemeId;
use crate::model::person_name::NotAName;

/// Why a consent, a ground or an approval cannot be as it was given, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentFault {
    /// No identifier, or too many.
    #[error("give 1 to {IDENTIFIERS_PER_PERSON_MAX} identifiers of the person")]
    Identifiers,
    /// No identifier of a person of whom something is to be erased.
    #[error("give at least one identifier of the person")]
    NoIdentifier,
    /// A scheme that the network does not use.
    #[error("this network does not use the scheme {0}")]
    Scheme(SchemeId),
    /// A purpose that no client can consent to here.
    #[error("this network allows: {allowed}")]
    Purpose {
        /// Those that are allowed.
        allowed: String,
    },
    /// A purpose that the ground does not permit.
    #[error("the ground {ground} permits: {allowed}")]
    GroundPurpose {
        /// The ground.
        ground: String,
        /// What it permits.
        allowed: String,
    },
    /// The policy has no ground but consent.
    #[error("the policy declares no ground but consent")]
    NoGround,
    /// A ground that the policy does not have.
    #[error("the policy declares no ground {ground}; it declares: {known}")]
    GroundUnknown {
        /// The ground.
        ground: String,
        /// Those that it has.
        known: String,
    },
    /// An order without a ground, or a ground without an order.
    #[error("an order is evidence of a lawful ground, and of nothing else")]
    Evidence,
    /// No use, or too many.
    #[error("this network allows 1 to {uses_max}")]
    Uses {
        /// The most.
        uses_max: u32,
    },
    /// The end lies before the beginning, or is over.
    #[error("the consent would end before it begins")]
    Ended,
    /// A period that is too long.
    #[error("this network allows at most {days_max} days")]
    Period {
        /// The longest.
        days_max: u32,
    },
    /// The policy has nothing to show to a client.
    #[error(
        "the policy has no notice to show to a client: the operator adds [[consent.notices]] to it and puts it into force \
         with `tally network policy`"
    )]
    NoNotice,
    /// The policy has no notice in the language.
    #[error("this network has notices in: {known}")]
    NoticeLanguage {
        /// Tags of those that it has.
        known: String,
    },
    /// What stands where a person's name belongs.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// More approvals than are kept.
    #[error("give at most {APPROVALS_MAX} names")]
    TooManyApprovals,
    /// One person under two approvals.
    #[error("the same person stands there twice")]
    SamePerson,
    /// Too few approvals.
    #[error("{needed} different persons must approve")]
    TooFewApprovals {
        /// How many are needed.
        needed: u32,
    },
    /// An order's document without an order, or the other way round.
    #[error("an erasure on an order names the order's document, and no other does")]
    Order,
    /// What the program asked of itself.
    #[error("{0}")]
    Own(String),
}
