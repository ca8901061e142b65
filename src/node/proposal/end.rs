//! How a proposal ends without being carried out: refused, taken back, over, or dropped with what it was about.

use super::super::Node;
use super::super::access::{Attribution, Concern};
use super::super::consent::{ConsentError, ConsentRecord};
use super::super::erase::Whom;
use super::super::records::Kept;
use super::super::tables::PROPOSALS_BY_TIME;
use super::approve::may_decide;
use super::kept::read_asked;
use super::propose::check_text;
use super::{Asked, Ended, Proposal, ProposalError, ProposalOutcome, ProposalTextFault};
use crate::digest::TransactionId;
use crate::limits::PROPOSAL_OUTCOME_DAYS;
use crate::model::identifier::Identifier;
use crate::model::leaf::Access;
use crate::model::user::Caller;
use crate::store::{Durability, StoreBatch};

impl Node {
    /// Refuses what another proposed. Whoever proposed finds the reason, which must not be about the person: it outlives
    /// what was asked.
    pub async fn refuse_proposal(
        &self,
        caller: &Caller,
        id: TransactionId,
        reason: &str,
    ) -> Result<Proposal, ProposalError> {
        may_decide(caller)?;
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            let why = ProposalTextFault::NoReason;
            return Err(ProposalError::Text { field: "reason", why });
        }
        check_text("reason", &reason)?;
        let _deciding = self.deciding.lock().await;
        let proposal = self.open_proposal(caller, id)?;
        if proposal.is_of(caller.user) {
            return Err(ProposalError::Own);
        }
        self.end_proposal(caller, proposal, ProposalOutcome::Refused { reason })
    }

    /// Ends a proposal by somebody's step. The caller holds what keeps others from deciding.
    pub(super) fn end_proposal(
        &self,
        caller: &Caller,
        mut proposal: Proposal,
        outcome: ProposalOutcome,
    ) -> Result<Proposal, ProposalError> {
        self.log_access(caller, Access::ProposalEnded, Concern::Transaction(proposal.id))?;
        let time = self.clock.now();
        proposal.ended = Some(Ended { time, by: Some(Attribution::of(caller, time)), outcome });
        let mut batch = StoreBatch::new();
        self.put_ended(&proposal, &mut batch);
        self.store.commit(batch, Durability::Synced)?;
        Ok(proposal)
    }

    /// Ends proposals whose time is over, and forgets what came of those that ended a month ago. What was asked by those
    /// that were decided goes from the store's files as well.
    pub fn forget_proposals(&self) -> Result<(), ProposalError> {
        // While one is being decided this waits for the next time: what is over can be decided no more anyway.
        let Ok(_deciding) = self.deciding.try_lock() else { return Ok(()) };
        let now = self.clock.now();
        let mut batch = StoreBatch::new();
        self.each_proposal(|mut proposal| {
            match &proposal.ended {
                Some(ended) if now.seconds_since(ended.time) > PROPOSAL_OUTCOME_DAYS * 86_400 => {
                    Self::take_away(&proposal, &mut batch);
                }
                Some(_) => {}
                None if proposal.is_open(now) => {}
                None => {
                    let (time, outcome) = (proposal.until, ProposalOutcome::Expired);
                    proposal.ended = Some(Ended { time, by: None, outcome });
                    self.put_ended(&proposal, &mut batch);
                }
            }
            Ok(())
        })?;
        if !batch.is_empty() {
            self.store.commit(batch, Durability::Synced)?;
        }
        Ok(self.purge_if_due()?)
    }

    /// Puts into `batch` the end of every proposal that waits: this store is an older copy, and what waited in it may have
    /// been carried out since.
    pub(in crate::node) fn drop_every_proposal(&self, batch: &mut StoreBatch) -> Result<(), ConsentError> {
        self.each_proposal(|proposal| {
            if proposal.ended.is_none() {
                self.put_dropped(proposal, batch);
            }
            Ok(())
        })
    }

    /// Puts into `batch` the end of every proposal but `not` about a person with these identifiers, or about one of these
    /// consents. Gives how many.
    pub(in crate::node) fn drop_proposals_about(
        &self,
        hers: &[Identifier],
        consents: &[ConsentRecord],
        not: TransactionId,
        batch: &mut StoreBatch,
    ) -> Result<u32, ConsentError> {
        let mut about = Vec::new();
        self.each_kept(Kept::Proposed, |id, plain| {
            let is_hers = match read_asked(plain)?.asked {
                Asked::Ground(asked) => asked.identifiers.iter().any(|one| hers.contains(one)),
                Asked::Erasure { whom: Whom::Person(given), .. } => {
                    given.iter().any(|one| hers.contains(one))
                }
                Asked::Erasure { whom: Whom::Consent(consent), .. } => {
                    consents.iter().any(|record| record.terms.consent == consent)
                }
            };
            if is_hers && *id != not.0 {
                about.push(TransactionId(*id));
            }
            Ok(())
        })?;
        let mut dropped = 0;
        for id in about {
            if let Some(proposal) = self.kept_proposal(id)? {
                self.put_dropped(proposal, batch);
                dropped += 1;
            }
        }
        Ok(dropped)
    }

    fn put_dropped(&self, mut proposal: Proposal, batch: &mut StoreBatch) {
        let time = self.clock.now();
        proposal.ended = Some(Ended { time, by: None, outcome: ProposalOutcome::Dropped });
        self.put_ended(&proposal, batch);
    }

    /// Every proposal that is kept, the oldest first.
    fn each_proposal(
        &self,
        mut visit: impl FnMut(Proposal) -> Result<(), ConsentError>,
    ) -> Result<(), ConsentError> {
        self.store.for_each(&PROPOSALS_BY_TIME, &[], |(_, id), ()| {
            match self.kept_proposal(TransactionId(id))? {
                Some(proposal) => visit(proposal),
                None => Ok(()),
            }
        })
    }
}
