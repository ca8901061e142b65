//! What is wrong with what was asked about a dispute: as data, for it is said in the language of who asked. Printed it is
//! English.

use crate::model::dispute::DisputeTextError;
use crate::model::member::MemberId;
use crate::model::person_name::NotAName;

/// Why a value cannot be used, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisputeFault {
    /// The record was looked up on another ground than consent.
    #[error("nobody consented: record the client's own request")]
    NobodyConsented,
    /// The consent is withdrawn.
    #[error("the client has withdrawn it: record a new request of hers")]
    Withdrawn,
    /// The number of a facility that the answer does not show.
    #[error("the answer shows {shown} of that lender, counted from 1")]
    Facility {
        /// How many it shows.
        shown: usize,
    },
    /// The lender is no member, or none any more.
    #[error("the roster lists no present member {0}")]
    NoMember(MemberId),
    /// A rejection without reasons.
    #[error("a rejection says why: the client has a right to the reasons")]
    NoReasons,
    /// What stands where a person's name belongs.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// A text that cannot stand in a dispute.
    #[error(transparent)]
    Text(#[from] DisputeTextError),
}

/// Why where a dispute stands does not allow a step, and the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisputeHindrance {
    /// It is over.
    #[error("it is closed")]
    Closed,
    /// An answer is given once.
    #[error("it was answered already; the answer is with the opener, and stands")]
    Answered,
    /// Only what was rejected is closed as rejected.
    #[error("the lender has not rejected it: only the client can take it back (taken-back)")]
    NotRejected,
    /// The other end closes it.
    #[error("it was rejected: the member where it was opened closes it")]
    OpenerCloses,
    /// There is no answer yet.
    #[error("answer it first: tally dispute answer --accept")]
    NotAnswered,
    /// The correction is not in the book yet.
    #[error(
        "the loan book says of this client what it said when the dispute came: import the correction first"
    )]
    NotCorrected,
}
