//! Leaves that a peer shows of its own log, and those that this node shows of its.

use crate::digest::{Digest, TransactionId};
use crate::keyring::seal_letter;
use crate::log::LogError;
use crate::merkle::tree::verify_inclusion;
use crate::merkle::{leaf_hash, open_checkpoint};
use crate::model::leaf::{Leaf, LeafReference, RefusalCode};
use crate::model::member::MemberId;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::holder::log_key;
use crate::wire::message::{DisputeMessage, LoggedLeaf};

use super::kept::{Said, Says};
use super::{DisputeError, DisputeFault};

/// Why a peer's step is not taken.
pub(super) enum Stop {
    /// This node's own trouble.
    Own(ConsentError),
    /// Refused.
    Refused(RefusalCode),
}

impl<E: Into<ConsentError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Own(error.into())
    }
}

pub(super) fn refuse<T>(code: RefusalCode) -> Result<T, Stop> {
    Err(Stop::Refused(code))
}

/// A leaf that stands in the log of the member that showed it.
pub(super) struct Proved {
    pub(super) at: LeafReference,
    pub(super) leaf: Leaf,
}

/// The leaves of a message, proved against the sender's signed checkpoint: that of the step, and the consent's where it
/// is there.
pub(super) fn proved(
    node: &Node,
    peer: &MemberId,
    message: &DisputeMessage,
) -> Result<(Proved, Option<Proved>), Stop> {
    let Ok(key) = log_key(&node.roster(), peer) else { return refuse(RefusalCode::NotPermitted) };
    let Ok(checkpoint) = open_checkpoint(&message.checkpoint, &key) else {
        return refuse(RefusalCode::BadCheckpointSignature);
    };
    let prove = |shown: &LoggedLeaf| {
        let hash = leaf_hash(&shown.bytes);
        let (size, root) = (checkpoint.size(), checkpoint.root());
        if verify_inclusion(shown.index, size, &hash, &shown.proof, root).is_err() {
            return refuse(RefusalCode::InconsistentLog);
        }
        let Ok(leaf) = Leaf::from_bytes(&shown.bytes) else { return refuse(RefusalCode::WrongLeaf) };
        Ok(Proved { at: LeafReference { index: shown.index, hash: Digest(hash) }, leaf })
    };
    let step = prove(&message.leaf)?;
    if step.leaf.transaction != message.transaction {
        return refuse(RefusalCode::WrongLeaf);
    }
    // A clock that runs ahead would lengthen the periods.
    let skew = i64::from(node.roster().policy().log.skew_seconds);
    if step.leaf.time.seconds_since(node.clock.now()) > skew {
        return refuse(RefusalCode::ClockSkew);
    }
    Ok((step, message.consent.as_ref().map(prove).transpose()?))
}

impl Node {
    /// Leaves of this node's log, proved against its newest checkpoint.
    pub(super) fn show_leaves(&self, indices: &[u64]) -> Result<(Vec<LoggedLeaf>, Vec<u8>), LogError> {
        let head = self.log.head();
        let shown = indices.iter().map(|&index| {
            let missing = || LogError::Missing { owner: self.me.to_string(), index };
            let bytes = self.log.leaves(index, 1)?.pop().ok_or_else(missing)?;
            Ok(LoggedLeaf { bytes, index, proof: self.log.inclusion_proof(index, head.size)? })
        });
        Ok((shown.collect::<Result<_, LogError>>()?, head.checkpoint))
    }

    /// Seals what is said to a member's key in the roster.
    pub(super) fn seal_said<T: Says>(&self, to: &MemberId, said: &Said) -> Result<Vec<u8>, DisputeError> {
        let roster = self.roster();
        let member = roster.member(to).filter(|member| member.removed.is_none());
        let member = member.ok_or_else(|| DisputeError::Value {
            field: "lender",
            why: DisputeFault::NoMember(to.clone()),
        })?;
        seal_letter(&member.share_recipient, T::DOMAIN, &said.to_letter()).map_err(DisputeError::Letter)
    }

    /// What a letter to this node says, if its leaf commits to it.
    pub(super) fn open_said<T: Says>(
        &self,
        letter: &[u8],
        dispute: TransactionId,
        commitment: Digest,
    ) -> Result<(Said, T), Stop> {
        let Ok(content) = self.letters.open(T::DOMAIN, letter) else {
            tracing::warn!(%dispute, "a letter does not open under this node's key");
            return refuse(RefusalCode::WrongLeaf);
        };
        let said = Said::from_letter(&content).filter(|said| said.commitment::<T>() == commitment);
        let Some((said, what)) = said.and_then(|said| said.read::<T>().map(|what| (said, what))) else {
            return refuse(RefusalCode::WrongLeaf);
        };
        Ok((said, what))
    }
}
