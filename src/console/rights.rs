//! What belongs to a branch is seen by those who serve it; and what a visitor reads or does stands in the log.

use super::trouble::Trouble;
use crate::digest::ConsentId;
use crate::model::user::{Caller, Right};
use crate::node::{Deed, Node};

/// Goes on only with a consent that the caller may know of: one of another branch is not there.
pub(super) fn check_consent(node: &Node, caller: &Caller, consent: &ConsentId) -> Result<(), Trouble> {
    if caller.may(Right::EveryBranch) || node.sees_consent(caller, consent)? {
        return Ok(());
    }
    Err(Trouble::NotThere)
}

/// Whether a caller sees an inquiry or a dispute of this id.
pub(super) fn is_visible(node: &Node, caller: &Caller, deed: Deed, id: [u8; 16]) -> Result<bool, Trouble> {
    Ok(caller.may(Right::EveryBranch) || node.is_visible(caller, deed, id)?)
}
