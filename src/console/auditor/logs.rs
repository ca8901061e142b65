//! The logs that are here: the own one, and those of others as they are mirrored.

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::model::member::MemberId;
use crate::node::Node;

/// Leaves that are read at a time.
pub(super) const LEAVES_PER_READ: usize = 512;

/// Whose logs are here, this node's first.
pub(super) fn owners(node: &Node) -> Result<Vec<MemberId>, LogError> {
    let mut owners = vec![node.me().clone()];
    owners.extend(node.mirror().owners()?.into_iter().filter(|owner| owner != node.me()));
    Ok(owners)
}

/// Leaves of a log that are here.
pub(super) fn size(node: &Node, owner: &MemberId) -> Result<u64, LogError> {
    if owner == node.me() {
        return Ok(node.log().head().size);
    }
    Ok(node.mirror().head(owner)?.map_or(0, |head| head.size))
}

/// Leaves from `from`, at most `limit`, which must be there.
pub(super) fn leaves(
    node: &Node,
    owner: &MemberId,
    from: u64,
    limit: usize,
) -> Result<Vec<Vec<u8>>, LogError> {
    if owner == node.me() { node.log().leaves(from, limit) } else { node.mirror().leaves(owner, from, limit) }
}

/// A leaf with where it stands.
pub(super) struct Placed {
    pub(super) owner: MemberId,
    pub(super) index: u64,
    pub(super) hash: Digest,
    /// The very text that is logged.
    pub(super) text: String,
    /// What it says; none for one that a later program wrote.
    pub(super) leaf: Option<Leaf>,
}

impl Placed {
    pub(super) fn of(owner: &MemberId, index: u64, bytes: &[u8]) -> Self {
        let hash = Digest(leaf_hash(bytes));
        let leaf = Leaf::from_bytes(bytes).ok();
        Self { owner: owner.clone(), index, hash, text: String::from_utf8_lossy(bytes).into_owned(), leaf }
    }

    pub(super) fn time(&self) -> UnixTime {
        self.leaf.as_ref().map_or(UnixTime(0), |leaf| leaf.time)
    }

    /// The leaves that it names, with whose log they are of.
    pub(super) fn references(&self) -> Vec<(MemberId, LeafReference)> {
        let Some(leaf) = &self.leaf else { return Vec::new() };
        let own = |reference: &LeafReference| (self.owner.clone(), *reference);
        match &leaf.body {
            LeafBody::ConsentWithdrawn { consent }
            | LeafBody::InquiryOpened { consent, .. }
            | LeafBody::DisputeOpened { consent, .. } => vec![own(consent)],
            LeafBody::InquiryAnswered { opened, .. } => opened.iter().map(own).collect(),
            LeafBody::InquiryRefused { consent, .. } => consent.iter().map(own).collect(),
            LeafBody::Accessed { of, .. } => of.iter().map(own).collect(),
            LeafBody::Erasure { of, .. } => vec![own(of)],
            LeafBody::EvaluationServed { peer, leaf, .. } => vec![(peer.clone(), *leaf)],
            LeafBody::DisputeReceived { opener, leaf, .. } => vec![(opener.clone(), *leaf)],
            _ => Vec::new(),
        }
    }
}

/// The first leaf that is not before a time. Times go on in a log, up to the steps of a clock.
pub(super) fn first_since(node: &Node, owner: &MemberId, size: u64, time: UnixTime) -> Result<u64, LogError> {
    let (mut before, mut from) = (0, size);
    while before < from {
        let middle = before + (from - before) / 2;
        let found = leaves(node, owner, middle, 1)?.pop().and_then(|bytes| Leaf::from_bytes(&bytes).ok());
        // One that cannot be read does not say; what lies behind it is looked at.
        if found.is_some_and(|leaf| leaf.time >= time) {
            from = middle;
        } else {
            before = middle + 1;
        }
    }
    Ok(from)
}
