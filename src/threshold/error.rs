//! What can be wrong with keys, points and evaluations, and whose fault it is.

use super::context::{HolderIndex, KeyName};
use crate::limits;

/// Why a threshold operation was refused. Holds no secret and no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ThresholdError {
    /// The sender's fault: 32 bytes that are not the one encoding of a group element (RFC 9496 section 4.3.1).
    #[error("not a canonical ristretto255 encoding")]
    NotCanonical,
    /// The sender's fault: the identity, which carries no key and no input.
    #[error("the identity is not allowed as a point")]
    Identity,
    /// The sender's fault, or a damaged file: 32 bytes that are not a reduced scalar, or zero where a secret must stand.
    #[error("not a canonical scalar, or zero")]
    BadScalar,
    /// A damaged or foreign file: secret bytes of the wrong length.
    #[error("secret bytes have the wrong length: {have} bytes, expected {expected}")]
    SecretLength {
        /// Bytes given.
        have: usize,
        /// Bytes expected.
        expected: usize,
    },
    /// The sender's fault: a batch without points proves nothing.
    #[error("an empty batch")]
    NoPoints,
    /// The sender's fault: more points than one batch may hold.
    #[error("{count} points in a batch, at most {} are allowed", limits::POINTS_PER_BATCH_MAX)]
    TooManyPoints {
        /// Points given.
        count: usize,
    },
    /// The sender's fault: lists that belong together differ in length.
    #[error("lengths differ: {have} against {expected}")]
    LengthMismatch {
        /// Items given.
        have: usize,
        /// Items expected.
        expected: usize,
    },
    /// The caller's fault: an input of 2^16 bytes or more (RFC 9497 section 1.2).
    #[error("an input of {bytes} bytes is too long to be hashed to the group")]
    InputTooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// The caller's fault: holder indices start at 1, for 0 is where the secret lies.
    #[error("0 is not a holder index")]
    ZeroHolder,
    /// The sender's fault: one holder stands twice.
    #[error("key holder {holder} stands twice")]
    RepeatedHolder {
        /// The holder.
        holder: HolderIndex,
    },
    /// Fewer holders answered than the threshold asks for.
    #[error("{have} key holders of the {need} needed")]
    TooFewHolders {
        /// Distinct holders given.
        have: usize,
        /// The threshold.
        need: usize,
    },
    /// The caller's fault: no sharing has a threshold of zero or one above the number of holders.
    #[error("{threshold} of {holders} is not a sharing")]
    BadThreshold {
        /// Shares needed.
        threshold: u8,
        /// Shares dealt.
        holders: u8,
    },
    /// The operator's choice: two groups that know nothing of each other could each hold a threshold.
    #[error("{threshold} of {holders} is too weak: the threshold must exceed half of the holders")]
    WeakThreshold {
        /// Shares needed.
        threshold: u8,
        /// Shares dealt.
        holders: u8,
    },
    /// The dealer's fault: the commitments do not lie on one polynomial of that degree through the public key.
    #[error("the share commitments do not belong to one sharing of the public key")]
    CommitmentsInconsistent,
    /// The caller's fault: a key of another name, or a share of another holder, than the context says.
    #[error("the operation is not one of the {key} key as {holder} holds it")]
    WrongContext {
        /// The key that the context names.
        key: KeyName,
        /// The holder that the context names.
        holder: HolderIndex,
    },
    /// That holder's fault: its answer does not follow from its commitment.
    #[error("key holder {holder} sent a wrong evaluation")]
    WrongEvaluation {
        /// The holder that is named by it.
        holder: HolderIndex,
    },
}
