//! Disputes: a client says that what a lender reports is wrong.
//!
//! - Opened at any member where she saw the report, under her consent. What she says goes sealed to the reporting lender,
//!   again and again until that lender has it; a row under her locators flags the report in every answer meanwhile,
//!   whether the lender is there or not.
//! - The lender answers: it will correct, or the report stands for reasons that go back sealed. Then the dispute is
//!   closed: by the lender once it has corrected, by the opener once the client knows the reasons or takes it back.
//! - Both ends log every step under one transaction, and count the policy's days. When these are over both tell the
//!   operator.
//!
//! What a peer may do to us: send any letter, any leaf, any number of them. A dispute is taken only with the opener's
//! logged consent, within bounds for each member, and only about a record id that this lender has given out inside a
//! seal: who knows it has opened it. Every later step is taken from the dispute's other end alone, with that member's own
//! signed leaf.

mod answer;
mod clocks;
mod close;
mod fault;
mod inbox;
mod kept;
mod list;
mod open;
mod outbox;
mod proof;
mod rows;

pub use answer::DisputeDecision;
pub use clocks::Overdue;
pub use fault::{DisputeFault, DisputeHindrance};
pub use list::Disputes;
pub use open::DisputeRequest;

pub(super) use kept::Course;
pub(super) use outbox::Outgoing;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Node;
use super::consent::ConsentError;
use crate::digest::TransactionId;
use crate::keyring::KeyringError;
use crate::limits::LETTERS_OPENED_PER_MEMBER_AND_DAY_MAX;
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::model::person_name::person_name;
use crate::store::StoreError;

/// Why a step of a dispute was not made.
#[derive(Debug, thiserror::Error)]
pub enum DisputeError {
    /// This node's own trouble, or the consent's.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// Only a lender's feed carries disputes.
    #[error("disputes are opened and answered by lenders; the roster does not list this member as one")]
    NotALender,
    /// There is no such dispute at this end.
    #[error("this member has no such dispute {0} at that end")]
    Unknown(TransactionId),
    /// The client did not see such a record under the consent.
    #[error(
        "record: no answer under this consent shows it at that lender by name. Record the client's own request \
         (--purpose subject-access) and make her report, which names the lenders"
    )]
    NotInAnswer,
    /// A value that cannot be used.
    #[error("{field}: {why}")]
    Value {
        /// Which.
        field: &'static str,
        /// Why, and the way out.
        why: DisputeFault,
    },
    /// The record is in dispute already.
    #[error("this record of that lender is in dispute already, under this consent: dispute {0}")]
    AlreadyOpen(TransactionId),
    /// Where the dispute stands does not allow the step.
    #[error("dispute {dispute}: {why}")]
    State {
        /// The dispute.
        dispute: TransactionId,
        /// What is in the way, and the way out.
        why: DisputeHindrance,
    },
    /// The lender's key in the roster takes no letters.
    #[error("the letter to the other end could not be sealed: {0}")]
    Letter(KeyringError),
}

impl From<LogError> for DisputeError {
    fn from(error: LogError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<StoreError> for DisputeError {
    fn from(error: StoreError) -> Self {
        Self::Consent(error.into())
    }
}

/// What the node holds of disputes in memory.
#[derive(Debug, Default)]
pub(super) struct DisputeState {
    /// Held from the look at where a dispute stands until the step is on disk. Taken before the book's writer.
    stepping: Mutex<()>,
    /// Raised, under the book's writer, with every change of what is flagged: a publisher that sealed rows before must
    /// seal them again.
    flags: std::sync::atomic::AtomicU64,
    /// Told when letters wait to be sent.
    letters: tokio::sync::Notify,
    /// How many letters of each member were opened on which day, since the node's start.
    opened_letters: Mutex<BTreeMap<MemberId, (u32, u32)>>,
}

impl DisputeState {
    pub(super) fn stepping(&self) -> MutexGuard<'_, ()> {
        // A panic under the guard left nothing half-done: a step is one write.
        self.stepping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one more letter of a member may be opened on a day.
    fn may_open_letter(&self, member: &MemberId, day: u32) -> bool {
        let mut all = self.opened_letters.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, count) = all.entry(member.clone()).or_insert((day, 0));
        if *of != day {
            (*of, *count) = (day, 0);
        }
        *count += 1;
        *count <= LETTERS_OPENED_PER_MEMBER_AND_DAY_MAX
    }

    fn raise_flags(&self) {
        self.flags.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }

    /// How often what is flagged has changed.
    pub(super) fn flags(&self) -> u64 {
        self.flags.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// The name of the person who decides or writes down.
fn named(by: &str) -> Result<String, DisputeError> {
    person_name(by).map_err(|why| DisputeError::Value { field: "by", why: why.into() })
}

impl Node {
    /// Waits until letters about disputes wait to be sent.
    pub async fn letters_waiting(&self) {
        self.disputes.letters.notified().await;
    }
}
