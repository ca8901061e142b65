//! What a caller sees of proposals.

use super::super::Node;
use super::super::access::Concern;
use super::super::consent::ConsentError;
use super::super::tables::PROPOSALS_BY_TIME;
use super::kept::{TimeKey, seconds, time_key};
use super::{NewProposal, Proposal, ProposalError};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::limits::{PROPOSAL_DAYS, PROPOSALS_PER_PAGE, PROPOSALS_PER_PROPOSER_MAX, PROPOSALS_READ_MAX};
use crate::model::leaf::Access;
use crate::model::user::{Caller, Right};

/// How many proposals wait for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProposalsWaiting {
    /// So many of those that were looked at.
    pub found: usize,
    /// Whether there are older ones of this week that were not looked at: the work of one request is bounded.
    pub or_more: bool,
}

impl Node {
    /// One proposal, and what is asked as long as it waits: for whoever proposed it, and for those who may approve. Logged
    /// before it is given.
    pub fn proposal(
        &self,
        caller: &Caller,
        id: TransactionId,
    ) -> Result<(Proposal, Option<NewProposal>), ProposalError> {
        let proposal = self.visible_proposal(caller, id)?;
        self.log_access(caller, Access::ProposalRead, Concern::Transaction(id))?;
        let concerns = proposal.is_of(caller.user) || caller.may(Right::Approve);
        let asked = if concerns && proposal.is_open(self.clock.now()) { self.asked(id)? } else { None };
        Ok((proposal, asked))
    }

    /// A page of the proposals that a caller may see, the newest first, from the one behind `after`; and after which one
    /// the next page begins, where there is one. Logged before it is given. A page can be short, or empty, where other
    /// branches have very many in between, and the next then begins behind one of theirs: the work of one request is
    /// bounded.
    pub fn proposals(
        &self,
        caller: &Caller,
        after: Option<TransactionId>,
    ) -> Result<(Vec<Proposal>, Option<TransactionId>), ProposalError> {
        may_see(caller)?;
        self.log_access(caller, Access::ProposalRead, Concern::Several)?;
        let before = match after {
            Some(id) => Some(time_key(&self.kept_proposal(id)?.ok_or(ProposalError::Unknown)?)),
            None => None,
        };
        let mut shown: Vec<Proposal> = Vec::new();
        let (mut next, mut read) = (None, 0);
        self.proposals_back(before, UnixTime(0), |proposal| {
            let id = proposal.id;
            if caller.sees_branch(proposal.proposed.branch.as_deref()) {
                if shown.len() == PROPOSALS_PER_PAGE {
                    next = shown.last().map(|last| last.id);
                    return false;
                }
                shown.push(proposal);
            }
            read += 1;
            next = (read == PROPOSALS_READ_MAX).then_some(id);
            next.is_none()
        })?;
        Ok((shown, next))
    }

    /// How many proposals wait for this person: none of her own, and none that only others can help. Nothing is said of
    /// any, so nothing is logged.
    pub fn proposals_waiting_for(&self, caller: &Caller) -> Result<ProposalsWaiting, ProposalError> {
        let mut waiting = ProposalsWaiting::default();
        if !caller.may(Right::Approve) {
            return Ok(waiting);
        }
        let (now, mut read) = (self.clock.now(), 0);
        self.proposals_back(None, week_before(now), |proposal| {
            waiting.or_more = read == PROPOSALS_READ_MAX;
            if waiting.or_more {
                return false;
            }
            read += 1;
            let is_hers = proposal.is_of(caller.user)
                || (proposal.has_approved(caller.user) && proposal.trouble.is_none());
            let is_seen = caller.sees_branch(proposal.proposed.branch.as_deref());
            waiting.found += usize::from(proposal.is_open(now) && is_seen && !is_hers);
            true
        })?;
        Ok(waiting)
    }

    /// Whether a caller made as many proposals as she may in the days for which one waits.
    pub(super) fn has_proposed_enough(&self, caller: &Caller) -> Result<bool, ConsentError> {
        let mut made = 0;
        self.proposals_back(None, week_before(self.clock.now()), |proposal| {
            made += usize::from(proposal.proposed.user == caller.user);
            made < PROPOSALS_PER_PROPOSER_MAX
        })?;
        Ok(made >= PROPOSALS_PER_PROPOSER_MAX)
    }

    /// A proposal that can still be decided.
    pub(super) fn open_proposal(
        &self,
        caller: &Caller,
        id: TransactionId,
    ) -> Result<Proposal, ProposalError> {
        let proposal = self.visible_proposal(caller, id)?;
        if proposal.is_open(self.clock.now()) { Ok(proposal) } else { Err(ProposalError::Over) }
    }

    fn visible_proposal(&self, caller: &Caller, id: TransactionId) -> Result<Proposal, ProposalError> {
        may_see(caller)?;
        let proposal = self.kept_proposal(id)?;
        let proposal = proposal.filter(|kept| caller.sees_branch(kept.proposed.branch.as_deref()));
        proposal.ok_or(ProposalError::Unknown)
    }

    /// Proposals from the newest back to those of `from`, those at and behind `before` left out, as long as `visit` wants
    /// another.
    fn proposals_back(
        &self,
        mut before: Option<TimeKey>,
        from: UnixTime,
        mut visit: impl FnMut(Proposal) -> bool,
    ) -> Result<(), ConsentError> {
        loop {
            let page =
                self.store.scan_prefix_back(&PROPOSALS_BY_TIME, &[], before.as_ref(), PROPOSALS_PER_PAGE)?;
            let is_last = page.len() < PROPOSALS_PER_PAGE;
            for (key, ()) in page {
                if key.0 < seconds(from) {
                    return Ok(());
                }
                before = Some(key);
                if let Some(proposal) = self.kept_proposal(TransactionId(key.1))?
                    && !visit(proposal)
                {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

fn week_before(now: UnixTime) -> UnixTime {
    now.plus_seconds(-PROPOSAL_DAYS * 86_400)
}

/// Proposals are seen by those who record consents, and by those who approve.
fn may_see(caller: &Caller) -> Result<(), ProposalError> {
    if caller.may(Right::Consent) || caller.may(Right::Approve) {
        Ok(())
    } else {
        Err(ProposalError::NoRight(Right::Consent))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::access::Attribution;
    use super::super::ProposalKind;
    use super::*;
    use crate::clock::ManualClock;
    use crate::digest::UserId;
    use crate::model::leaf::ErasureGround;
    use crate::node::in_memory::{NOW, node};
    use crate::store::{Durability, StoreBatch};

    fn caller(user: u8, branch: &str) -> Caller {
        Caller {
            user: Some(UserId([user; 8])),
            name: "Sok Dara".to_owned(),
            branch: Some(branch.to_owned()),
            rights: [Right::Consent, Right::Approve].into(),
            request: None,
        }
    }

    /// Writes proposals of a branch, each a second after the one before; gives the first.
    fn write(node: &Node, branch: &str, after: UnixTime, count: usize) -> TransactionId {
        let mut batch = StoreBatch::new();
        let made = (1..).take(count).map(|seconds| {
            let time = after.plus_seconds(seconds);
            let proposal = Proposal {
                id: TransactionId::random(&*node.entropy),
                kind: ProposalKind::Erasure { ground: ErasureGround::ClientRequest },
                proposed: Attribution::of(&caller(9, branch), time),
                by_person: true,
                until: time.plus_seconds(PROPOSAL_DAYS * 86_400),
                approved: Vec::new(),
                trouble: None,
                ended: None,
            };
            node.put_proposal(&proposal, &mut batch);
            proposal.id
        });
        let made: Vec<TransactionId> = made.collect();
        node.store.commit(batch, Durability::Synced).unwrap();
        made[0]
    }

    #[test]
    fn one_request_looks_through_so_many_of_other_branches_and_no_more() {
        let clock = Arc::new(ManualClock::new(NOW.plus_seconds(86_400)));
        let node = node(1, clock);
        let (north, south) = (caller(1, "north"), caller(2, "south"));
        let mine = write(&node, "south", NOW, 1);
        write(&node, "north", NOW.plus_seconds(1), PROPOSALS_READ_MAX - 1);
        let waiting = |caller: &Caller| node.proposals_waiting_for(caller).unwrap();
        let all = |found| ProposalsWaiting { found, or_more: false };
        assert_eq!((waiting(&south), waiting(&north)), (all(1), all(PROPOSALS_READ_MAX - 1)));
        write(&node, "north", NOW.plus_seconds(10_000), 1);
        // The one of the south is now the one too many.
        assert_eq!(waiting(&south), ProposalsWaiting { found: 0, or_more: true });
        assert_eq!(waiting(&north), ProposalsWaiting { found: PROPOSALS_READ_MAX, or_more: true });
        let (page, next) = node.proposals(&south, None).unwrap();
        assert!(page.is_empty() && next.is_some(), "it goes on there");
        let (page, next) = node.proposals(&south, next).unwrap();
        assert_eq!((page.iter().map(|one| one.id).collect::<Vec<_>>(), next), (vec![mine], None));
        // Who has a full page is told where the next begins, by one of her own.
        let (page, next) = node.proposals(&north, None).unwrap();
        assert_eq!((page.len(), next), (PROPOSALS_PER_PAGE, page.last().map(|one| one.id)));
        let unknown = node.proposals(&south, Some(TransactionId([0; 16])));
        assert!(matches!(unknown, Err(ProposalError::Unknown)));
    }
}
