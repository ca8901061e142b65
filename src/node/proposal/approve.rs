//! Approving: another person, who shows that it is she; and carrying out once enough have.

use super::super::Node;
use super::super::access::{Attribution, Beside, Concern, Deed};
use super::super::erase::{Erased, ErasureRequest};
use super::super::ground::GroundRequest;
use super::propose::consent_request;
use super::{Asked, Ended, NewProposal, Proposal, ProposalError, ProposalKind, ProposalOutcome};
use crate::digest::TransactionId;
use crate::model::approval::GROUND_APPROVALS;
use crate::model::leaf::Access;
use crate::model::user::{Caller, Right, UserId};
use crate::people::Confirmed;
use crate::store::{Durability, StoreBatch};

impl Node {
    /// How many persons a proposal takes, the proposer among them where a person proposed.
    pub fn approvals_needed(&self, kind: &ProposalKind) -> u32 {
        match kind {
            ProposalKind::Ground { .. } => GROUND_APPROVALS,
            ProposalKind::Erasure { .. } => self.roster().policy().audit.approvals,
        }
    }

    /// Approves what another proposed, and carries it out when enough persons have: then it is durable and logged when
    /// this returns. Where it cannot be carried out it stays, with the reason; who has approved can try again.
    pub async fn approve(
        &self,
        caller: &Caller,
        confirmed: Confirmed,
        id: TransactionId,
    ) -> Result<Proposal, ProposalError> {
        may_decide(caller)?;
        if caller.user != Some(confirmed.user()) {
            return Err(ProposalError::NoRight(Right::Approve));
        }
        let deciding = self.deciding.lock().await;
        let mut proposal = self.open_proposal(caller, id)?;
        if proposal.is_of(caller.user) {
            return Err(ProposalError::Own);
        }
        let needed = usize::try_from(self.approvals_needed(&proposal.kind)).unwrap_or(usize::MAX);
        if !proposal.has_approved(caller.user) {
            proposal.approved.push(Attribution::of(caller, self.clock.now()));
        } else if self.persons(&proposal)?.len() < needed {
            return Err(ProposalError::Twice);
        }
        let asked = self.asked(id)?.ok_or(ProposalError::Over)?;
        self.log_access(caller, Access::Approved, Concern::Transaction(id))?;
        let persons = self.persons(&proposal)?;
        if persons.len() < needed {
            let mut batch = StoreBatch::new();
            self.put_proposal(&proposal, &mut batch);
            self.store.commit(batch, Durability::Synced)?;
            return Ok(proposal);
        }
        let carried_out = self.carry_out(caller, &proposal, asked, persons).await;
        let Err(error) = carried_out else {
            drop(deciding);
            let done = self.kept_proposal(id)?.ok_or(ProposalError::Unknown)?;
            self.locate_recorded(&done).await?;
            return Ok(done);
        };
        // What went wrong may have gone wrong behind the write that ended it.
        if let Some(done) = self.kept_proposal(id)?.filter(|kept| kept.ended.is_some()) {
            tracing::error!(proposal = %id, %error, "a proposal was carried out, and not all that follows");
            return Ok(done);
        }
        proposal.trouble = Some(error.to_string());
        let mut batch = StoreBatch::new();
        self.put_proposal(&proposal, &mut batch);
        self.store.commit(batch, Durability::Synced)?;
        Err(error)
    }

    /// The different persons who stand behind a proposal today: one who may not sign in any more, or not approve, does not.
    fn persons(&self, proposal: &Proposal) -> Result<Vec<String>, ProposalError> {
        let mut persons: Vec<(UserId, String)> = Vec::new();
        let proposer = proposal.by_person.then_some((&proposal.proposed, Right::Consent));
        let approvers = proposal.approved.iter().map(|by| (by, Right::Approve));
        for (by, takes) in proposer.into_iter().chain(approvers) {
            let user = match by.user {
                Some(user) => self.people.user(user)?,
                None => None,
            };
            let Some(user) = user.filter(|user| user.enabled) else { continue };
            let may = |right| user.roles.iter().any(|role| role.rights().contains(&right));
            if may(takes) && persons.iter().all(|(other, _)| *other != user.user) {
                persons.push((user.user, named(&user.name, user.user)));
            }
        }
        Ok(persons.into_iter().map(|(_, name)| name).collect())
    }

    /// Does what was asked, and ends the proposal in the same write.
    async fn carry_out(
        &self,
        caller: &Caller,
        proposal: &Proposal,
        new: NewProposal,
        approved_by: Vec<String>,
    ) -> Result<(), ProposalError> {
        let now = self.clock.now();
        let ended = |outcome| {
            let by = Some(Attribution::of(caller, now));
            let ended = Some(Ended { time: now, by, outcome });
            Proposal { ended, trouble: None, ..proposal.clone() }
        };
        match new.asked {
            Asked::Ground(asked) => {
                let officer = match proposal.proposed.user {
                    Some(user) => named(&proposal.proposed.name, user),
                    None => proposal.proposed.name.clone(),
                };
                let terms = consent_request(&asked, officer);
                let request = GroundRequest { terms, name: asked.name, approved_by };
                self.append_ground(request, |record| {
                    record.transaction = proposal.id;
                    let consent = record.terms.consent;
                    let mut rows = StoreBatch::new();
                    self.put_ended(&ended(ProposalOutcome::Recorded { consent }), &mut rows);
                    // It is the proposer's: she asks under it.
                    let whose = Attribution { time: now, ..proposal.proposed.clone() };
                    self.put_attribution(&whose, Deed::Consent, consent.0, &mut rows);
                    // Who approved is logged already, under the transaction of the ground.
                    Beside { rows, leaf: None }
                })?;
            }
            Asked::Erasure { whom, ground, order } => {
                let request = ErasureRequest { whom, ground, order, approved_by };
                let with = |erased: &Erased| {
                    let mut batch = StoreBatch::new();
                    self.put_ended(&ended(outcome_of(erased)), &mut batch);
                    batch
                };
                self.erase_as(request, proposal.id, with).await?;
            }
        }
        Ok(())
    }

    /// The locate round of a ground that was recorded just now. With too few key holders in reach it is done with the
    /// first inquiry.
    async fn locate_recorded(&self, done: &Proposal) -> Result<(), ProposalError> {
        let Some(Ended { outcome: ProposalOutcome::Recorded { consent }, .. }) = &done.ended else {
            return Ok(());
        };
        let record = self.consent_record(consent)?;
        if let Some(trouble) = self.locate_if_possible(record).await? {
            tracing::info!(%consent, trouble, "an approved ground is located later");
        }
        Ok(())
    }
}

/// Approving and refusing takes the right to it.
pub(super) fn may_decide(caller: &Caller) -> Result<(), ProposalError> {
    if caller.may(Right::Approve) { Ok(()) } else { Err(ProposalError::NoRight(Right::Approve)) }
}

/// A person as the kept approval names her: two users of one name are two persons.
fn named(name: &str, user: UserId) -> String {
    format!("{name} ({user})")
}

fn outcome_of(erased: &Erased) -> ProposalOutcome {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ProposalOutcome::Erased {
        consents: erased.consents,
        inquiries: erased.inquiries,
        batches: erased.batches,
        disputes: erased.disputes,
        too_young: count(erased.too_young.len()),
        rest_from: erased.too_young.iter().map(|(_, day)| *day).max(),
    }
}
