//! Leaves of this node's own log that this copy of its store lacks, from the mirrors of those who have seen them.

use super::settle::Seen;
use super::tables::{RECOVERY, RecoveryRow, SET_ASIDE};
use super::{Node, PeerError};
use crate::digest::{Digest, hash};
use crate::limits::{FRAME_BYTES_MAX, LEAF_BYTES_MAX, LEAVES_PER_UPDATE_MAX};
use crate::log::{Cut, LogError};
use crate::merkle::leaf_hash;
use crate::model::leaf::{CheckpointReference, Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::store::{StoreBatch, StoreError};
use crate::wire::message::{Reply, Request};

/// Why leaves did not come back.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Whoever has them, or the way there.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// It has seen the checkpoint, and what it gives does not lead there.
    #[error("{member} gives no leaves that lead to the {size} that this node has signed: {what}")]
    NotTheLog {
        /// Who.
        member: MemberId,
        /// The size of the checkpoint that it showed.
        size: u64,
        /// What is wrong with them.
        what: &'static str,
    },
    /// A record that came with the older copy cannot be read.
    #[error("what was erased cannot be erased again: {0}")]
    Kept(String),
    /// Both histories were made while the node worked: nothing may be thrown away without a person.
    #[error(
        "{member} has seen {size} leaves of this log that part at {from} from the {have} that are here, and leaves \
         here say that the node worked since: two histories were made"
    )]
    TwoHistories {
        /// Who has seen the other one.
        member: MemberId,
        /// Its size.
        size: u64,
        /// As far as both are equal.
        from: u64,
        /// Leaves here.
        have: u64,
    },
}

impl From<StoreError> for RecoverError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// Pages that lead to a signed root, each by the digest of its leaves: they are fetched twice, so that nothing is
/// written before all of it is known to be right, whatever its length.
struct Plan {
    from: u64,
    /// The first leaf of all.
    first: Option<Vec<u8>>,
    pages: Vec<(usize, Digest)>,
}

impl Node {
    /// Brings the log to a checkpoint that this node has signed and lacks, from `first` or any of `others` that have it.
    pub(super) async fn take_back_from(
        &self,
        first: &MemberId,
        to: CheckpointReference,
        others: &[Seen],
    ) -> Result<(), RecoverError> {
        let has_it = |seen: &&Seen| seen.checkpoint.is_some_and(|other| other.size >= to.size);
        let others = others.iter().filter(has_it).map(|seen| &seen.member).filter(|member| *member != first);
        let mut result = Ok(());
        for member in std::iter::once(first).chain(others) {
            result = self.take_back(member, to).await;
            match &result {
                Ok(()) => return Ok(()),
                Err(RecoverError::Log(_)) => return result,
                Err(error) => tracing::warn!(%member, %error, "gives nothing back"),
            }
        }
        result
    }

    async fn take_back(&self, member: &MemberId, to: CheckpointReference) -> Result<(), RecoverError> {
        let head = self.log.head();
        let straight = if to.size > head.size { self.plan(member, head.size, to).await? } else { None };
        let mut mark = StoreBatch::new();
        let plan = if let Some(plan) = straight {
            self.mark_recovery(plan.from, &mut mark)?;
            plan
        } else {
            let from = self.common(member, head.size.min(to.size)).await?;
            let (member, size) = (member.clone(), to.size);
            let Some(plan) = self.plan(&member, from, to).await? else {
                let what = "they lead to another root";
                return Err(RecoverError::NotTheLog { member, size, what });
            };
            let cut = self.log.beyond(from)?;
            // Who says that histories part where they do not would have leaves written twice.
            if plan.first.is_some() && plan.first.as_ref() == cut.leaves.first() {
                let what = "it gives another leaf the second time";
                return Err(RecoverError::NotTheLog { member, size, what });
            }
            if !cut.leaves.iter().all(|bytes| can_be_set_aside(bytes, from)) {
                return Err(RecoverError::TwoHistories { member, size, from, have: head.size });
            }
            tracing::warn!(from, leaves = cut.leaves.len(), "leaves that nobody has seen are set aside");
            self.mark_recovery(from, &mut mark)?;
            self.set_aside(&cut, &mut mark)?;
            self.log.cut_back(from, std::mem::take(&mut mark))?;
            plan
        };
        let mut from = plan.from;
        for (count, digest) in plan.pages {
            let mut leaves = self.own_leaves(member, from, to.size).await?;
            leaves.truncate(count);
            if leaves.len() != count || digest_of(&leaves) != digest {
                let (member, size) = (member.clone(), to.size);
                let what = "they are others than a moment ago";
                return Err(RecoverError::NotTheLog { member, size, what });
            }
            let mut also = std::mem::take(&mut mark);
            self.replay(from, &leaves, &mut also)?;
            self.log.take_back(from, &leaves, also)?;
            from += leaves.len() as u64;
        }
        tracing::info!(%member, had = head.size, have = from, "leaves of this node's log came back");
        Ok(())
    }

    /// Remembers that this is an older copy, equal to what others have seen for the first `from` leaves.
    fn mark_recovery(&self, from: u64, batch: &mut StoreBatch) -> Result<(), RecoverError> {
        let known = self.store.get(&RECOVERY, &())?;
        if known.is_none_or(|row| row.had.size > from) {
            let had = CheckpointReference { size: from, root: self.log.root_at(from)? };
            let had_feed = self.feeds.head(&self.me)?.sequence;
            let had_feed = known.map_or(had_feed, |row| row.had_feed);
            batch.put(&RECOVERY, &(), &RecoveryRow { had, had_feed });
        }
        Ok(())
    }

    /// Tries out what a member gives behind the first `from` leaves. None when it leads elsewhere.
    async fn plan(
        &self,
        member: &MemberId,
        from: u64,
        to: CheckpointReference,
    ) -> Result<Option<Plan>, RecoverError> {
        let mut frontier = self.log.frontier(from)?;
        let (mut pages, mut first) = (Vec::new(), None);
        while frontier.size() < to.size {
            let leaves = self.own_leaves(member, frontier.size(), to.size).await?;
            if leaves.is_empty() {
                let (member, size) = (member.clone(), to.size);
                return Err(RecoverError::NotTheLog { member, size, what: "it has fewer" });
            }
            for leaf in &leaves {
                frontier.push(leaf_hash(leaf));
            }
            first = first.or_else(|| leaves.first().cloned());
            pages.push((leaves.len(), digest_of(&leaves)));
        }
        Ok((Digest(frontier.root()) == to.root).then_some(Plan { from, first, pages }))
    }

    /// How many of the first `most` leaves are the same here and there. Histories that have parted do not meet again:
    /// each leaf has a random number of its own.
    async fn common(&self, member: &MemberId, most: u64) -> Result<u64, RecoverError> {
        let (mut same, mut other) = (0, most + 1);
        while same + 1 < other {
            let middle = same + (other - same) / 2;
            let theirs = self.own_leaves(member, middle - 1, middle).await?;
            if theirs == self.log.leaves(middle - 1, 1)? {
                same = middle;
            } else {
                other = middle;
            }
        }
        Ok(same)
    }

    /// A page of leaves of this node's log that a member has seen, from `from`, up to `size`.
    async fn own_leaves(
        &self,
        member: &MemberId,
        from: u64,
        size: u64,
    ) -> Result<Vec<Vec<u8>>, RecoverError> {
        let misbehaved = |what: &str| PeerError::Misbehaved { member: member.clone(), what: what.to_owned() };
        match self.peers.call(member, Request::OwnLeaves { from }).await? {
            Reply::OwnLeaves { mut leaves } => {
                if leaves.len() > LEAVES_PER_UPDATE_MAX
                    || leaves.iter().any(|leaf| leaf.len() > LEAF_BYTES_MAX)
                {
                    return Err(misbehaved("more leaves, or longer ones, than there can be").into());
                }
                leaves.truncate(usize::try_from(size.saturating_sub(from)).unwrap_or(usize::MAX));
                Ok(leaves)
            }
            Reply::Unavailable { why } => Err(PeerError::Unreachable { member: member.clone(), why }.into()),
            _ => Err(misbehaved("no leaves").into()),
        }
    }

    /// A page of a member's own leaves, for that member.
    pub(super) fn serve_own_leaves(&self, peer: &MemberId, from: u64) -> Result<Reply, LogError> {
        let size = self.mirror.head(peer)?.map_or(0, |head| head.size);
        if from >= size {
            return Ok(Reply::OwnLeaves { leaves: Vec::new() });
        }
        let limit = usize::try_from(size - from).unwrap_or(usize::MAX).min(LEAVES_PER_UPDATE_MAX);
        let mut leaves = self.mirror.leaves(peer, from, limit)?;
        // A page has to fit a frame.
        let mut bytes = 0;
        let fits = leaves.iter().take_while(|leaf| {
            bytes += leaf.len() + 8;
            bytes < FRAME_BYTES_MAX - 1024
        });
        let count = fits.count();
        leaves.truncate(count);
        Ok(Reply::OwnLeaves { leaves })
    }

    /// Keeps leaves that are cut off, so that they are written again once the log is whole.
    fn set_aside(&self, cut: &Cut, batch: &mut StoreBatch) -> Result<(), StoreError> {
        let next = self.store.last(&SET_ASIDE, &[])?.map_or(0, |(number, _)| number + 1);
        for (number, leaf) in (next..).zip(&cut.leaves) {
            batch.put(&SET_ASIDE, &number, leaf);
        }
        let begins = |bytes: &Vec<u8>| Leaf::from_bytes(bytes).is_ok_and(|leaf| is_a_beginning(&leaf.body));
        if cut.leaves.iter().any(begins) {
            self.forget_logged(batch)?;
        }
        Ok(())
    }
}

fn digest_of(leaves: &[Vec<u8>]) -> Digest {
    let parts: Vec<&[u8]> = leaves.iter().map(Vec::as_slice).collect();
    hash("tallystick/recovered-page/v1", &parts)
}

/// Whether a leaf may be taken away and written again later: what commands write on a store where no node runs, which
/// nobody was shown and no other leaf refers to.
fn can_be_set_aside(bytes: &[u8], size: u64) -> bool {
    match Leaf::from_bytes(bytes).map(|leaf| leaf.body) {
        Ok(LeafBody::ConsentWithdrawn { consent }) => consent.index < size,
        Ok(body) => {
            is_a_beginning(&body)
                || matches!(
                    body,
                    LeafBody::LoadDecided { .. }
                        | LeafBody::WithdrawalReceived { .. }
                        | LeafBody::BindingMade { .. }
                        | LeafBody::Accessed { .. }
                )
        }
        Err(_) => false,
    }
}

/// Leaves that a start writes whenever they are missing.
pub(super) fn is_a_beginning(body: &LeafBody) -> bool {
    matches!(
        body,
        LeafBody::LogOpened { .. } | LeafBody::RosterAccepted { .. } | LeafBody::SharesInstalled { .. }
    )
}
