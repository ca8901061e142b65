//! What a caller sees of proposals.

use super::super::Node;
use super::super::access::Concern;
use super::super::consent::ConsentError;
use super::super::tables::PROPOSALS_BY_TIME;
use super::kept::{TimeKey, seconds, time_key};
use super::{NewProposal, Proposal, ProposalError};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::limits::{PROPOSAL_DAYS, PROPOSALS_PER_PAGE};
use crate::model::leaf::Access;
use crate::model::user::{Caller, Right};

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
    /// the next page begins, where there is one. Logged before it is given.
    pub fn proposals(
        &self,
        caller: &Caller,
        after: Option<TransactionId>,
    ) -> Result<(Vec<Proposal>, Option<TransactionId>), ProposalError> {
        may_see(caller)?;
        self.log_access(caller, Access::ProposalRead, Concern::Several)?;
        let before = match after {
            Some(id) => Some(time_key(&self.visible_proposal(caller, id)?)),
            None => None,
        };
        let mut shown = Vec::new();
        let mut more = false;
        self.proposals_back(before, UnixTime(0), |proposal| {
            if !caller.sees_branch(proposal.proposed.branch.as_deref()) {
                return true;
            }
            more = shown.len() == PROPOSALS_PER_PAGE;
            if !more {
                shown.push(proposal);
            }
            !more
        })?;
        let next = if more { shown.last().map(|last| last.id) } else { None };
        Ok((shown, next))
    }

    /// How many proposals wait for this person: none of her own, and none that only others can help. Nothing is said of
    /// any, so nothing is logged.
    pub fn proposals_waiting_for(&self, caller: &Caller) -> Result<usize, ProposalError> {
        if !caller.may(Right::Approve) {
            return Ok(0);
        }
        let now = self.clock.now();
        let mut waiting = 0;
        self.proposals_back(None, week_before(now), |proposal| {
            let is_hers = proposal.is_of(caller.user)
                || (proposal.has_approved(caller.user) && proposal.trouble.is_none());
            let is_seen = caller.sees_branch(proposal.proposed.branch.as_deref());
            waiting += usize::from(proposal.is_open(now) && is_seen && !is_hers);
            true
        })?;
        Ok(waiting)
    }

    /// How many proposals a caller made in the days for which one waits.
    pub(super) fn proposals_this_week(&self, caller: &Caller) -> Result<usize, ConsentError> {
        let mut made = 0;
        self.proposals_back(None, week_before(self.clock.now()), |proposal| {
            made += usize::from(proposal.proposed.user == caller.user);
            true
        })?;
        Ok(made)
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
