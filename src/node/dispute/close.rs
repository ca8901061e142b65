//! Closing a dispute, at both ends: by the lender once its report is corrected, by the opener once the client knows the
//! reasons of a rejection, or takes it back.

use super::kept::{Course, OpenedDispute, ReceivedDispute};
use super::outbox::{Outgoing, Step};
use super::proof::{Proved, Stop, refuse};
use super::{DisputeError, DisputeHindrance};
use crate::book::ClientKey;
use crate::digest::{Digest, TransactionId, hash};
use crate::model::dispute::HeldDispute;
use crate::model::leaf::{DisputeAnswer, DisputeOutcome, Leaf, LeafBody, RefusalCode};
use crate::model::member::MemberId;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::inquire::book_error;
use crate::node::tables::{DISPUTE_INBOX, DISPUTE_ROWS_DUE, DISPUTED, DISPUTES_OPEN, OpenRow};
use crate::store::StoreBatch;

impl Node {
    /// Closes a dispute. The lender closes one that it has accepted as `corrected`, when its book says something else
    /// than it did; where it was opened it is closed as `rejected`, after the lender's reasons have come, or as
    /// `taken-back`.
    pub fn resolve_dispute(
        &self,
        dispute: TransactionId,
        outcome: DisputeOutcome,
    ) -> Result<HeldDispute, DisputeError> {
        let _stepping = self.disputes.stepping();
        let now = self.clock.now();
        if outcome == DisputeOutcome::Corrected {
            let mut kept = self.received_dispute(dispute)?.ok_or(DisputeError::Unknown(dispute))?;
            self.is_corrected(&kept)?;
            let facility = kept.course.statement().facility;
            let book = self.disputed_client(&ClientKey(kept.client), facility.as_ref())?;
            let other = kept.course.opener.clone();
            self.close_received(&mut kept, outcome, Some(other))?;
            return Ok(HeldDispute { book, ..self.held_received(&kept, now) });
        }
        let mut kept = self.opened_dispute(dispute)?.ok_or(DisputeError::Unknown(dispute))?;
        let refuse = |why| Err(DisputeError::State { dispute, why });
        if kept.course.resolved.is_some() {
            return refuse(DisputeHindrance::Closed);
        }
        let answered = kept.course.held_answer().map(|answer| answer.answer);
        if outcome == DisputeOutcome::Rejected && answered != Some(DisputeAnswer::Rejected) {
            return refuse(DisputeHindrance::NotRejected);
        }
        let other = kept.course.lender.clone();
        self.close_opened(&mut kept, outcome, Some(other))?;
        Ok(self.held_opened(&kept, now))
    }

    fn is_corrected(&self, kept: &ReceivedDispute) -> Result<(), DisputeError> {
        let refuse = |why| Err(DisputeError::State { dispute: kept.course.transaction, why });
        if kept.course.resolved.is_some() {
            return refuse(DisputeHindrance::Closed);
        }
        match kept.course.held_answer().map(|answer| answer.answer) {
            Some(DisputeAnswer::Accepted) => {}
            Some(DisputeAnswer::Rejected) => {
                return refuse(DisputeHindrance::OpenerCloses);
            }
            None => return refuse(DisputeHindrance::NotAnswered),
        }
        if self.reported_hash(&ClientKey(kept.client))? == kept.reported {
            return refuse(DisputeHindrance::NotCorrected);
        }
        Ok(())
    }

    /// The other end has closed it.
    pub(super) fn take_resolved(&self, peer: &MemberId, step: &Proved) -> Result<(), Stop> {
        let LeafBody::DisputeResolved { dispute, outcome } = &step.leaf.body else {
            return refuse(RefusalCode::WrongLeaf);
        };
        let _stepping = self.disputes.stepping();
        let transaction = step.leaf.transaction;
        let answered = |course: &Course| course.held_answer().map(|answer| answer.answer);
        if *outcome == DisputeOutcome::Corrected {
            let Some(mut kept) = self.opened_dispute(transaction)? else {
                return refuse(RefusalCode::NotPermitted);
            };
            if kept.course.lender != *peer || kept.course.dispute != *dispute {
                return refuse(RefusalCode::NotPermitted);
            }
            // Closed here meanwhile: it stays as it was closed first.
            if kept.course.resolved.is_some() {
                return Ok(());
            }
            if answered(&kept.course) != Some(DisputeAnswer::Accepted) {
                return refuse(RefusalCode::WrongLeaf);
            }
            return Ok(self.close_opened(&mut kept, *outcome, None)?);
        }
        let Some(mut kept) = self.received_dispute(transaction)? else {
            return refuse(RefusalCode::NotPermitted);
        };
        if kept.course.opener != *peer || kept.course.dispute != *dispute {
            return refuse(RefusalCode::NotPermitted);
        }
        if kept.course.resolved.is_some() {
            return Ok(());
        }
        let rejected = answered(&kept.course) == Some(DisputeAnswer::Rejected);
        if *outcome == DisputeOutcome::Rejected && !rejected {
            return refuse(RefusalCode::WrongLeaf);
        }
        Ok(self.close_received(&mut kept, *outcome, None)?)
    }

    /// Closes it where it was opened: its rows are withdrawn with the next publication.
    fn close_opened(
        &self,
        kept: &mut OpenedDispute,
        outcome: DisputeOutcome,
        tell: Option<MemberId>,
    ) -> Result<(), ConsentError> {
        kept.course.resolved = Some((outcome, self.clock.now()));
        let mut changes = StoreBatch::new();
        changes.put(&DISPUTE_ROWS_DUE, &kept.course.transaction.0, &());
        kept.put(&self.records, &mut changes);
        self.append_closed(&kept.course, OpenRow::OPENER, changes, tell)?;
        self.pending.notify_one();
        Ok(())
    }

    /// Closes it at the lender: what it reports is no longer flagged from the next publication on.
    fn close_received(
        &self,
        kept: &mut ReceivedDispute,
        outcome: DisputeOutcome,
        tell: Option<MemberId>,
    ) -> Result<(), ConsentError> {
        let course = &mut kept.course;
        course.resolved = Some((outcome, self.clock.now()));
        let _writing = self.book.writer();
        self.disputes.raise_flags();
        let mut changes = StoreBatch::new();
        changes.delete(&DISPUTED, &(self.record_key(&course.about), course.transaction.0));
        changes.delete(&DISPUTE_INBOX, &(course.opener.to_string(), course.transaction.0));
        self.book.wait_again(&ClientKey(kept.client), &mut changes)?;
        kept.put(&self.records, &mut changes);
        self.append_closed(&kept.course, OpenRow::LENDER, changes, tell)?;
        self.pending.notify_one();
        Ok(())
    }

    /// Leaf and letters of a dispute that was closed. The operator is told if it knew of it.
    fn append_closed(
        &self,
        course: &Course,
        end: u8,
        changes: StoreBatch,
        tell: Option<MemberId>,
    ) -> Result<(), ConsentError> {
        let Some((outcome, now)) = course.resolved else { return Ok(()) };
        let transaction = course.transaction;
        let leaf =
            Leaf::new(now, transaction, LeafBody::DisputeResolved { dispute: course.dispute, outcome });
        let mut letters: Vec<(MemberId, Outgoing)> = Vec::new();
        letters.extend(tell.map(|to| (to, Outgoing::new(transaction, Step::Resolved, Vec::new()))));
        if course.escalated.is_some() {
            letters.extend(self.to_operators(course));
        }
        let mut outbox = self.outbox()?;
        self.log.append(Box::new(move |index, batch| {
            batch.append(changes);
            batch.delete(&DISPUTES_OPEN, &(end, transaction.0));
            for (to, letter) in letters {
                outbox.send(&to, index, letter, batch);
            }
            Ok(vec![leaf])
        }))?;
        self.disputes.letters.notify_one();
        Ok(())
    }

    /// Hash of what the book says of a client: whether it was corrected shows by it.
    pub(super) fn reported_hash(&self, client: &ClientKey) -> Result<Digest, ConsentError> {
        let loans = self.book.loans_of(client).map_err(book_error)?;
        let parts: Vec<Vec<u8>> = loans
            .iter()
            .map(|loan| serde_json::to_vec(&loan.facility).expect("facilities have only string keys"))
            .collect();
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(hash("tallystick/disputed-report/v1", &parts))
    }
}
