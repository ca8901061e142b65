//! The lender's answer: it will correct its report, or the report stands for reasons that go back to the opener.

use super::kept::{KeptAnswer, Said};
use super::outbox::{Outgoing, Step};
use super::proof::{Proved, Stop, refuse};
use super::{DisputeError, DisputeFault, DisputeHindrance, named};
use crate::book::ClientKey;
use crate::digest::TransactionId;
use crate::model::dispute::{DisputeReply, DisputeText, HeldDispute};
use crate::model::leaf::{DisputeAnswer, Leaf, LeafBody, RefusalCode};
use crate::model::member::MemberId;
use crate::node::Node;
use crate::wire::message::DisputeMessage;

/// What the lender decides.
#[derive(Clone, Debug)]
pub struct DisputeDecision {
    /// What it says.
    pub answer: DisputeAnswer,
    /// Its reasons, which a rejection must have.
    pub text: Option<DisputeText>,
    /// Who decided.
    pub by: String,
}

impl Node {
    /// Answers a dispute about what this lender reports: logged when this returns, and on its way to the opener.
    pub fn answer_dispute(
        &self,
        dispute: TransactionId,
        decision: DisputeDecision,
    ) -> Result<HeldDispute, DisputeError> {
        let by = named(&decision.by)?;
        if decision.answer == DisputeAnswer::Rejected && decision.text.is_none() {
            return Err(DisputeError::Value { field: "text", why: DisputeFault::NoReasons });
        }
        let _stepping = self.disputes.stepping();
        let mut kept = self.received_dispute(dispute)?.ok_or(DisputeError::Unknown(dispute))?;
        let refuse = |why| Err(DisputeError::State { dispute, why });
        if kept.course.resolved.is_some() {
            return refuse(DisputeHindrance::Closed);
        }
        if kept.course.answer.is_some() {
            return refuse(DisputeHindrance::Answered);
        }
        let now = self.clock.now();
        let facility = kept.course.statement().facility;
        let book = self.disputed_client(&ClientKey(kept.client), facility.as_ref())?;
        let reply = DisputeReply {
            network: self.network.clone(),
            dispute,
            opener: kept.course.opener.clone(),
            lender: self.me.clone(),
            answer: decision.answer,
            text: decision.text,
            answered: now,
        };
        let said = Said::new(&reply, &*self.entropy);
        let letter = self.seal_said::<DisputeReply>(&kept.course.opener, &said)?;
        let body = LeafBody::DisputeAnswered {
            dispute: kept.course.dispute,
            answer: decision.answer,
            statement: said.commitment::<DisputeReply>(),
        };
        let leaf = Leaf::new(now, dispute, body);
        kept.course.answer = Some(KeptAnswer { said, by: Some(by) });
        let outgoing = Outgoing::new(dispute, Step::Answered, letter);
        let mut outbox = self.outbox()?;
        let (records, stored) = (self.records.clone(), kept.clone());
        self.log.append(Box::new(move |index, batch| {
            stored.put(&records, batch);
            outbox.send(&stored.course.opener, index, outgoing, batch);
            Ok(vec![leaf])
        }))?;
        self.disputes.letters.notify_one();
        Ok(HeldDispute { book, ..self.held_received(&kept, now) })
    }

    /// The lender's answer has arrived where the dispute was opened.
    pub(super) fn take_answer(
        &self,
        peer: &MemberId,
        message: &DisputeMessage,
        step: &Proved,
    ) -> Result<(), Stop> {
        let LeafBody::DisputeAnswered { dispute, answer, statement } = &step.leaf.body else {
            return refuse(RefusalCode::WrongLeaf);
        };
        let _stepping = self.disputes.stepping();
        let transaction = message.transaction;
        let Some(mut kept) = self.opened_dispute(transaction)? else {
            return refuse(RefusalCode::NotPermitted);
        };
        if kept.course.lender != *peer || kept.course.dispute != *dispute {
            return refuse(RefusalCode::NotPermitted);
        }
        if let Some(known) = &kept.course.answer {
            let same = known.said.commitment::<DisputeReply>() == *statement;
            return if same { Ok(()) } else { refuse(RefusalCode::NotPermitted) };
        }
        let (said, reply) = self.open_said::<DisputeReply>(&message.letter, transaction, *statement)?;
        let as_said = reply.network == self.network
            && reply.dispute == transaction
            && (&reply.opener, &reply.lender) == (&self.me, peer)
            && (reply.answer, reply.answered) == (*answer, step.leaf.time)
            && (reply.answer == DisputeAnswer::Accepted || reply.text.is_some());
        if !as_said {
            return refuse(RefusalCode::WrongLeaf);
        }
        kept.course.answer = Some(KeptAnswer { said, by: None });
        let leaf = Leaf::new(self.clock.now(), transaction, step.leaf.body.clone());
        let records = self.records.clone();
        self.log.append(Box::new(move |_, batch| {
            kept.put(&records, batch);
            Ok(vec![leaf])
        }))?;
        Ok(())
    }
}
