//! The consent log: this node's own, which it appends to, and the logs of other members, which a key holder
//! mirrors leaf for leaf before it serves them.
//!
//! Both kinds lie in the same tables, keyed by the log's owner, and both feed the same [`Register`] of consents
//! and uses, so that a holder judges its own inquiries by the same code as everybody else's.
//!
//! What each side may do to us: a peer may send any leaves and any checkpoint, and nothing of an update is
//! stored unless the leaves lead exactly to a root that the owner signed; a disk may return rot, and opening
//! the log compares it with the last signed checkpoint.

mod mirror;
mod published;
mod quorum;
mod received;
mod recover;
mod register;
mod reported;
mod sequencer;
mod tables;

pub use mirror::{Mirror, MirrorError, MirroredUpdate};
pub use published::Published;
pub use quorum::{Quorum, QuorumError, add_cosignature, check_quorum};
pub use recover::Cut;
pub use register::{ConsentEntry, Register};
pub use reported::ReportedDay;
pub use sequencer::{Appended, Build, ConsentLog};
pub use tables::{ForkEvidence, LogHead, LogKey, MarketRow, TABLES, UseEntry};

use crate::merkle::tree::TreeError;
use crate::model::leaf::LeafError;
use crate::store::StoreError;

/// Why the log cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The store refused. Nothing was appended.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored leaf does not parse: the disk, or a program of another version.
    #[error("leaf {index} of the log of {owner}: {source}")]
    Leaf {
        /// Whose log.
        owner: String,
        /// Index of the leaf.
        index: u64,
        /// What is wrong.
        source: LeafError,
    },
    /// Stored tiles are missing or too short.
    #[error("the stored tree of {owner} is damaged: {what}")]
    Tree {
        /// Whose log.
        owner: String,
        /// What is wrong.
        what: String,
    },
    /// The stored tree is not the one that was signed.
    #[error("the log of {owner} does not match its last signed checkpoint at size {size}")]
    NotAsSigned {
        /// Whose log.
        owner: String,
        /// The size signed.
        size: u64,
    },
    /// Nothing is appended while nobody has said whether this copy of the log is the newest. Nothing was written.
    #[error(
        "this node writes nothing yet: its witnesses have not said whether its log is whole; `tally status` says whom \
         it waits for"
    )]
    Held,
    /// A leaf is missing below the size.
    #[error("leaf {index} of the log of {owner} is missing")]
    Missing {
        /// Whose log.
        owner: String,
        /// Index of the leaf.
        index: u64,
    },
}

fn tree_error(owner: &crate::model::member::MemberId, error: TreeError<StoreError>) -> LogError {
    match error {
        TreeError::Source(store) => LogError::Store(store),
        other => LogError::Tree { owner: owner.to_string(), what: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_published;
