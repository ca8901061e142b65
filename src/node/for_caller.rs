//! The node as one caller may use it: what belongs to another branch is not there, and who looks at or records what
//! concerns a person stands in the log before anything is shown. API, console and core banking listener all come in by
//! this door.

use super::Node;
use super::access::{Attribution, Beside, Concern, Deed};
use super::consent::{ConsentError, ConsentRecord, ConsentRequest, ConsentView, RecordedConsent};
use super::dispute::{DisputeDecision, DisputeError, DisputeRequest, Disputes};
use super::ground::{GroundRequest, RecordedGround};
use super::inquire::{InquireError, Inquired};
use super::recall::Recalled;
use super::subject::{SubjectError, SubjectReport};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, TransactionId};
use crate::limits::CONSENT_PAGES_READ_MAX;
use crate::model::consent::ConsentState;
use crate::model::dispute::HeldDispute;
use crate::model::inquiry::InquiryRequest;
use crate::model::leaf::{Access, DisputeOutcome};
use crate::model::user::Caller;

/// What a caller can do with what concerns persons. Whether she has the right to the operation is settled before.
#[derive(Clone, Copy, Debug)]
pub struct ForCaller<'a> {
    node: &'a Node,
    caller: &'a Caller,
}

impl Node {
    /// The node as `caller` may use it.
    pub fn for_caller<'a>(&'a self, caller: &'a Caller) -> ForCaller<'a> {
        ForCaller { node: self, caller }
    }
}

impl ForCaller<'_> {
    fn sees(&self, deed: Deed, id: [u8; 16]) -> Result<bool, ConsentError> {
        self.node.is_visible(self.caller, deed, id)
    }

    fn log(&self, access: Access, concern: Concern) -> Result<(), ConsentError> {
        self.node.log_access(self.caller, access, concern)
    }

    /// Goes on only with a consent that she may know of.
    fn check_consent(&self, consent: &ConsentId) -> Result<(), ConsentError> {
        if self.sees(Deed::Consent, consent.0)? { Ok(()) } else { Err(ConsentError::Unknown(*consent)) }
    }

    /// Goes on only with a dispute that she may know of.
    fn check_dispute(&self, dispute: TransactionId) -> Result<(), DisputeError> {
        if self.sees(Deed::Dispute, dispute.0)? { Ok(()) } else { Err(DisputeError::Unknown(dispute)) }
    }
}

/// Consents.
impl ForCaller<'_> {
    /// Records a consent as hers: see [`Node::record_consent`]. Whose it is and who recorded it is written with it.
    pub async fn record_consent(&self, request: ConsentRequest) -> Result<RecordedConsent, ConsentError> {
        self.node.record_consent_with(request, |record| self.hers(record)).await
    }

    /// Records a lawful ground as hers: see [`Node::record_ground`]. Whose it is and who recorded it is written with it.
    pub async fn record_ground(&self, request: GroundRequest) -> Result<RecordedGround, ConsentError> {
        self.node.record_ground_with(request, |record| self.hers(record)).await
    }

    /// What makes a consent hers, written with it.
    fn hers(&self, record: &ConsentRecord) -> Beside {
        // Its leaf has no place yet: the other leaf names it once it has.
        let said = (Access::ConsentRecorded, Concern::Several);
        self.node.owned(self.caller, (Deed::Consent, record.terms.consent.0), said)
    }

    /// A consent as it stands.
    pub fn consent(&self, consent: &ConsentId) -> Result<ConsentView, ConsentError> {
        self.check_consent(consent)?;
        let view = self.node.consent(consent)?;
        self.log(Access::ConsentRead, Concern::Leaf(view.leaf))?;
        Ok(view)
    }

    /// Up to `limit` consents that she may see, ordered by id, those up to and including `after` left out: and after
    /// what the next page begins, where there is one. A page can be short where other branches have very many consents
    /// in between: the work of one request is bounded.
    pub fn consents(
        &self,
        after: Option<&ConsentId>,
        limit: usize,
    ) -> Result<(Vec<ConsentView>, Option<ConsentId>), ConsentError> {
        self.log(Access::ConsentRead, Concern::Several)?;
        let (mut seen, mut next) = (Vec::new(), after.copied());
        for _ in 0..CONSENT_PAGES_READ_MAX {
            let (page, after_page) = self.node.consents(next.as_ref(), limit)?;
            for view in page {
                let consent = view.terms.consent;
                if self.sees(Deed::Consent, consent.0)? {
                    seen.push(view);
                    if seen.len() == limit {
                        return Ok((seen, Some(consent)));
                    }
                }
            }
            next = after_page;
            if next.is_none() {
                break;
            }
        }
        Ok((seen, next))
    }

    /// Takes a consent back for its client. Withdrawing twice is no error, and one leaf says it.
    pub fn withdraw_consent(&self, consent: &ConsentId) -> Result<ConsentView, ConsentError> {
        self.check_consent(consent)?;
        let view = self.node.consent(consent)?;
        if view.state == ConsentState::Withdrawn {
            self.log(Access::ConsentRead, Concern::Leaf(view.leaf))?;
            return Ok(view);
        }
        self.log(Access::ConsentWithdrawn, Concern::Leaf(view.leaf))?;
        self.node.withdraw_own(consent)?;
        self.node.consent(consent)
    }
}

/// Inquiries.
impl ForCaller<'_> {
    /// Asks: see [`Node::inquire`]. Who has a name needs a transaction, under which she is logged before anything is read.
    ///
    /// # Errors
    /// [`InquireError::OtherQuestion`] for the transaction of an inquiry that she may not see: transactions stand in a log
    /// that others read, and to name one must not make its answer the caller's own.
    pub async fn inquire(
        &self,
        request: &InquiryRequest,
        transaction: Option<TransactionId>,
    ) -> Result<Inquired, InquireError> {
        for person in &request.persons {
            // What is no id is refused with its reason where the question is read.
            if let Ok(consent) = person.consent.parse() {
                self.check_consent(&consent)?;
            }
        }
        assert!(transaction.is_some() || self.caller.user.is_none(), "an inquiry of somebody has a number");
        if let Some(transaction) = transaction {
            // One that was refused, or claimed by another branch, is nobody else's either.
            let is_known = self.node.attribution(Deed::Inquiry, transaction.0)?.is_some()
                || !matches!(self.node.recall(transaction)?, Recalled::Unknown);
            if !is_known {
                self.node.attribute(self.caller, Deed::Inquiry, transaction.0)?;
            } else if !self.sees(Deed::Inquiry, transaction.0)? {
                return Err(InquireError::OtherQuestion(transaction));
            }
            self.log(Access::Inquiry, Concern::Transaction(transaction))?;
        }
        self.node.inquire(request, transaction).await
    }

    /// What became of an inquiry: see [`Node::recall`].
    pub fn recall(&self, transaction: TransactionId) -> Result<Recalled, ConsentError> {
        if !self.sees(Deed::Inquiry, transaction.0)? {
            return Ok(Recalled::Unknown);
        }
        let recalled = self.node.recall(transaction)?;
        if matches!(recalled, Recalled::Answered(_)) {
            self.log(Access::AnswerRead, Concern::Transaction(transaction))?;
        }
        Ok(recalled)
    }

    /// The inquiries from `from` until before `until` that she may see, newest first, at most `limit`: whose each was and
    /// what became of it. What came of an inquiry is about its client, though she is not named: it is logged.
    pub fn inquiries(
        &self,
        period: (UnixTime, UnixTime),
        limit: usize,
    ) -> Result<Vec<(TransactionId, Attribution, Recalled)>, ConsentError> {
        self.log(Access::AnswerRead, Concern::Several)?;
        let deeds = self.node.deeds(self.caller, Deed::Inquiry, period, limit)?;
        let inquiries = deeds.into_iter().map(|(id, by)| {
            let transaction = TransactionId(id);
            Ok((transaction, by, self.node.recall(transaction)?))
        });
        inquiries.collect()
    }
}

/// Clients' own reports and disputes.
impl ForCaller<'_> {
    /// A client's request for her own report, as a consent, and nothing that is reported of her: this alone is no look at
    /// what concerns her, and is not logged.
    pub fn subject_request(&self, consent: &ConsentId) -> Result<ConsentView, ConsentError> {
        self.check_consent(consent)?;
        self.node.consent(consent)
    }

    /// Makes a client's own report: see [`Node::subject_report`].
    pub async fn subject_report(&self, consent: &ConsentId) -> Result<SubjectReport, SubjectError> {
        let leaf = self.subject_request(consent)?.leaf;
        self.log(Access::SubjectReport, Concern::Leaf(leaf))?;
        self.node.subject_report(consent).await
    }

    /// The disputes that she may see: see [`Node::disputes`].
    pub fn disputes(&self, all: bool) -> Result<Disputes, DisputeError> {
        self.log(Access::DisputeRead, Concern::Several)?;
        let Disputes { held, escalated } = self.node.disputes(all)?;
        let mut seen = Vec::new();
        for dispute in held {
            if self.sees(Deed::Dispute, dispute.dispute.0)? {
                seen.push(dispute);
            }
        }
        Ok(Disputes { held: seen, escalated })
    }

    /// Opens a dispute as hers: see [`Node::open_dispute`]. Whose it is and who opened it is written with it.
    pub fn open_dispute(&self, request: DisputeRequest) -> Result<HeldDispute, DisputeError> {
        self.check_consent(&request.consent)?;
        self.node.open_dispute_with(request, |dispute| {
            let said = (Access::DisputeStep, Concern::Transaction(dispute));
            self.node.owned(self.caller, (Deed::Dispute, dispute.0), said)
        })
    }

    /// Answers a dispute about what this lender reports: see [`Node::answer_dispute`].
    pub fn answer_dispute(
        &self,
        dispute: TransactionId,
        decision: DisputeDecision,
    ) -> Result<HeldDispute, DisputeError> {
        self.check_dispute(dispute)?;
        self.log(Access::DisputeStep, Concern::Transaction(dispute))?;
        self.node.answer_dispute(dispute, decision)
    }

    /// Closes a dispute: see [`Node::resolve_dispute`].
    pub fn resolve_dispute(
        &self,
        dispute: TransactionId,
        outcome: DisputeOutcome,
    ) -> Result<HeldDispute, DisputeError> {
        self.check_dispute(dispute)?;
        self.log(Access::DisputeStep, Concern::Transaction(dispute))?;
        self.node.resolve_dispute(dispute, outcome)
    }
}
