//! What must hold inside a roster beyond its form.

use std::collections::BTreeSet;

use super::{Epoch, PublicKeys, Role, RosterDocument};
use crate::limits::{HOLDERS_MAX, MEMBERS_MAX};
use crate::model::member::MemberId;

/// Why a roster is not to be followed. All of them are the operator's fault, or somebody's in between.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Not signed by the operator key that this node pins.
    #[error("the roster is not signed by this network's operator")]
    Signature,
    /// Not JSON of the form.
    #[error("the roster is not of the known form: line {line}, column {column}")]
    Form {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// A form of a later program.
    #[error("the roster has form {found}; this program knows form 1: upgrade it")]
    Format {
        /// The form found.
        found: u16,
    },
    /// The policy inside does not parse.
    #[error("the roster's policy is not valid: {0}")]
    Policy(String),
    /// Too many of something.
    #[error("the roster has {found} {what}; at most {max} are possible")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        found: usize,
        /// The bound.
        max: usize,
    },
    /// A member is listed twice.
    #[error("the roster lists member {0} twice, or not in order")]
    MemberOrder(MemberId),
    /// A member's log key has another name than its log's origin.
    #[error("the log or cosigner key of member {0} is not named after its log")]
    KeyName(MemberId),
    /// There is not exactly one operator.
    #[error("the roster has {0} operators; there must be one")]
    Operators(usize),
    /// An epoch's holders, threshold or commitments do not fit together.
    #[error("epoch {epoch} of the network keys: {what}")]
    Epoch {
        /// The epoch.
        epoch: u32,
        /// What is wrong.
        what: &'static str,
    },
    /// It ends before it begins.
    #[error("the roster expires before it is issued")]
    Times,
}

/// The origin of a member's log: the name of its note key.
pub(super) fn log_origin(network: &str, member: &MemberId) -> String {
    format!("tally.{network}/{member}")
}

pub(super) fn check(document: &RosterDocument) -> Result<(), RosterError> {
    if document.format != 1 {
        return Err(RosterError::Format { found: document.format });
    }
    if document.expires <= document.issued {
        return Err(RosterError::Times);
    }
    bounded("members", document.members.len(), MEMBERS_MAX)?;
    for pair in document.members.windows(2) {
        if pair[0].id >= pair[1].id {
            return Err(RosterError::MemberOrder(pair[1].id.clone()));
        }
    }
    for member in &document.members {
        let prefix = format!("{}+", log_origin(document.network.as_str(), &member.id));
        if !member.log_key.starts_with(&prefix) || !member.cosigner_key.starts_with(&prefix) {
            return Err(RosterError::KeyName(member.id.clone()));
        }
    }
    let operators = document.members.iter().filter(|m| m.has(Role::Operator)).count();
    if operators != 1 {
        return Err(RosterError::Operators(operators));
    }
    let mut last = 0;
    for epoch in &document.epochs {
        check_epoch(document, epoch, last)?;
        last = epoch.epoch;
    }
    Ok(())
}

fn check_epoch(document: &RosterDocument, epoch: &Epoch, last: u32) -> Result<(), RosterError> {
    let wrong = |what| Err(RosterError::Epoch { epoch: epoch.epoch, what });
    if epoch.epoch <= last {
        return wrong("epochs are not in growing order from 1");
    }
    bounded("holders", epoch.holders.len(), HOLDERS_MAX)?;
    if epoch.holders.is_empty() || usize::from(epoch.threshold) > epoch.holders.len() || epoch.threshold == 0
    {
        return wrong("the threshold is not between 1 and the number of holders");
    }
    if epoch.holders.len() > 1 && 2 * usize::from(epoch.threshold) <= epoch.holders.len() {
        return wrong("the threshold is not more than half of the holders");
    }
    let distinct: BTreeSet<&MemberId> = epoch.holders.iter().collect();
    if distinct.len() != epoch.holders.len() {
        return wrong("a holder is listed twice");
    }
    if epoch.holders.iter().any(|holder| document.members.iter().all(|member| &member.id != holder)) {
        return wrong("a holder is not a member");
    }
    let complete = |keys: &PublicKeys| keys.shares.len() == epoch.holders.len();
    if ![&epoch.locate, &epoch.footprint, &epoch.open].into_iter().all(complete) {
        return wrong("there is not one commitment for each holder");
    }
    Ok(())
}

fn bounded(what: &'static str, found: usize, max: usize) -> Result<(), RosterError> {
    if found > max { Err(RosterError::TooMany { what, found, max }) } else { Ok(()) }
}
