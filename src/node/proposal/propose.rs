//! Making a proposal, and taking an own one back.

use super::super::Node;
use super::super::access::{Attribution, Concern, Deed};
use super::super::approval::Approval;
use super::super::consent::{ConsentError, ConsentRequest, Evidence};
use super::super::consent_fault::ConsentFault;
use super::super::erase::Whom;
use super::super::ground::KeptGround;
use super::{
    Asked, AskedGround, NewProposal, Proposal, ProposalError, ProposalKind, ProposalOutcome,
    ProposalTextFault,
};
use crate::digest::{Digest, TransactionId};
use crate::limits::{PROPOSAL_DAYS, PROPOSAL_NOTE_CHARS_MAX};
use crate::model::consent::EvidenceKind;
use crate::model::leaf::{Access, ErasureGround};
use crate::model::user::{Caller, Right};
use crate::store::{Durability, StoreBatch};

impl Node {
    /// Proposes a lawful ground or an erasure. Logged before it is written; durable when this returns.
    pub async fn propose(&self, caller: &Caller, new: &NewProposal) -> Result<Proposal, ProposalError> {
        may_propose(caller)?;
        check_text("note", &new.note)?;
        // From the look until it is written nothing is erased that it is about, and the proposer makes no other.
        let _deciding = self.deciding.lock().await;
        let now = self.clock.now();
        let kind = match &new.asked {
            Asked::Ground(asked) => {
                // What the policy does not allow need not wait for another person to be refused.
                let nobody_yet = Approval { approved_by: Vec::new(), salt: [0; 32] };
                let ground = KeptGround { name: asked.name.clone(), approval: nobody_yet };
                self.terms(&consent_request(asked, caller.name.clone()), Some(&ground), now)?;
                ProposalKind::Ground { name: asked.name.clone(), purpose: asked.purpose }
            }
            Asked::Erasure { whom, ground, order } => {
                check_order(*ground, order.as_ref())?;
                self.may_be_asked_about(caller, whom)?;
                ProposalKind::Erasure { ground: *ground }
            }
        };
        if self.has_proposed_enough(caller)? {
            return Err(ProposalError::TooMany);
        }
        let by_person = match caller.user {
            Some(user) => self.people.user(user)?.is_some(),
            None => false,
        };
        let proposal = Proposal {
            id: TransactionId::random(&*self.entropy),
            kind,
            proposed: Attribution::of(caller, now),
            by_person,
            until: now.plus_seconds(PROPOSAL_DAYS * 86_400),
            approved: Vec::new(),
            trouble: None,
            ended: None,
        };
        self.log_access(caller, Access::Proposed, Concern::Transaction(proposal.id))?;
        let mut batch = StoreBatch::new();
        self.put_proposal(&proposal, &mut batch);
        self.put_asked(proposal.id, new, &mut batch);
        self.store.commit(batch, Durability::Synced)?;
        Ok(proposal)
    }

    /// Takes an own proposal back.
    pub async fn take_proposal_back(
        &self,
        caller: &Caller,
        id: TransactionId,
    ) -> Result<Proposal, ProposalError> {
        may_propose(caller)?;
        let _deciding = self.deciding.lock().await;
        let proposal = self.open_proposal(caller, id)?;
        // Of what was proposed by the node's own socket it is not known who did; whoever may use it may do everything.
        if proposal.proposed.user != caller.user {
            return Err(ProposalError::NotOwn);
        }
        self.end_proposal(caller, proposal, ProposalOutcome::TakenBack)
    }

    /// Whether a caller may ask for an erasure about somebody: a consent of another branch is not there.
    fn may_be_asked_about(&self, caller: &Caller, whom: &Whom) -> Result<(), ProposalError> {
        match whom {
            Whom::Consent(consent) if !self.is_visible(caller, Deed::Consent, consent.0)? => {
                Err(ConsentError::Unknown(*consent).into())
            }
            Whom::Consent(consent) => Ok(self.consent_record(consent).map(drop)?),
            Whom::Person(given) if given.is_empty() => {
                let why = ConsentFault::NoIdentifier;
                Err(ConsentError::NotAllowed { field: "identifiers", why }.into())
            }
            Whom::Person(given) => Ok(self.only_strong(given)?),
        }
    }
}

/// Proposing, and taking back, is for those who record consents.
fn may_propose(caller: &Caller) -> Result<(), ProposalError> {
    if caller.may(Right::Consent) { Ok(()) } else { Err(ProposalError::NoRight(Right::Consent)) }
}

/// An erasure on an order names the order's document, and no other does.
pub(in crate::node) fn check_order(
    ground: ErasureGround,
    order: Option<&Digest>,
) -> Result<(), ConsentError> {
    if order.is_some() == (ground == ErasureGround::Order) {
        return Ok(());
    }
    Err(ConsentError::NotAllowed { field: "order", why: ConsentFault::Order })
}

/// A text that somebody typed beside a proposal.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<(), ProposalError> {
    if text.chars().count() > PROPOSAL_NOTE_CHARS_MAX {
        let why = ProposalTextFault::Long;
        return Err(ProposalError::Text { field, why });
    }
    // A terminal that shows it would obey them.
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let why = ProposalTextFault::Control;
        return Err(ProposalError::Text { field, why });
    }
    Ok(())
}

/// The look-up as it is recorded.
pub(super) fn consent_request(asked: &AskedGround, officer: String) -> ConsentRequest {
    ConsentRequest {
        identifiers: asked.identifiers.clone(),
        purpose: asked.purpose,
        from: asked.from,
        until: asked.until,
        uses: asked.uses,
        weak_matches: asked.weak_matches,
        notice_language: String::new(),
        evidence: Evidence { kind: EvidenceKind::Order, digest: asked.order },
        officer,
    }
}
