//! Letters that wait to be sent. They lie in the store from the write of the step that they tell of until the other end
//! has taken them, and go to each member in the order of the steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DisputeError;
use crate::digest::TransactionId;
use crate::limits::LETTERS_PER_ROUND_MAX;
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::node::Node;
use crate::node::tables::{DISPUTE_OUTBOX, DISPUTE_OUTBOX_NEXT};
use crate::store::{Durability, StoreBatch, StoreError};
use crate::wire::message::{DisputeConcerns, DisputeMessage, Refusal, Reply, Request};

/// Which step a letter tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::node) enum Step {
    Opened,
    Answered,
    Resolved,
    /// To the operator: overdue, or closed after it was.
    Escalated,
}

/// A letter that waits.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::node) struct Outgoing {
    transaction: TransactionId,
    step: Step,
    /// Index of the leaf of the step.
    leaf: u64,
    /// Index of the consent leaf.
    consent: Option<u64>,
    letter: Vec<u8>,
    concerns: Option<DisputeConcerns>,
}

impl Outgoing {
    /// A letter whose leaf is not appended yet.
    pub(super) fn new(transaction: TransactionId, step: Step, letter: Vec<u8>) -> Self {
        Self { transaction, step, leaf: 0, consent: None, letter, concerns: None }
    }

    pub(super) fn with_consent(self, consent: u64) -> Self {
        Self { consent: Some(consent), ..self }
    }

    pub(super) fn about(self, concerns: DisputeConcerns) -> Self {
        Self { concerns: Some(concerns), ..self }
    }
}

/// Puts letters into a write. Who has it holds the guard of the steps.
pub(super) struct Outbox {
    next: u64,
}

impl Outbox {
    /// A letter about the step whose leaf is appended at `leaf`.
    pub(super) fn send(&mut self, to: &MemberId, leaf: u64, letter: Outgoing, batch: &mut StoreBatch) {
        let letter = Outgoing { leaf, ..letter };
        batch.put(&DISPUTE_OUTBOX, &(to.to_string(), self.next), &letter);
        self.next += 1;
        batch.put(&DISPUTE_OUTBOX_NEXT, &(), &self.next);
    }
}

impl Node {
    /// The outbox, to be written to under the guard of the steps.
    pub(super) fn outbox(&self) -> Result<Outbox, StoreError> {
        Ok(Outbox { next: self.store.get(&DISPUTE_OUTBOX_NEXT, &())?.unwrap_or(1) })
    }

    /// Sends what waits, to every member in reach. Gives how many letters wait still.
    pub async fn deliver_disputes(&self) -> Result<usize, DisputeError> {
        let mut waiting: BTreeMap<String, Vec<(u64, Outgoing)>> = BTreeMap::new();
        let mut after: Option<(String, u64)> = None;
        loop {
            let page = self.store.scan_prefix(&DISPUTE_OUTBOX, &[], after.as_ref(), LETTERS_PER_ROUND_MAX)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for ((member, number), letter) in page {
                let of = waiting.entry(member).or_default();
                if of.len() < LETTERS_PER_ROUND_MAX {
                    of.push((number, letter));
                }
            }
        }
        let rounds = waiting.into_iter().map(|(member, letters)| self.deliver_to(member, letters));
        let mut left = 0;
        for round in futures_util::future::join_all(rounds).await {
            left += round?;
        }
        Ok(left)
    }

    /// Sends one member's letters in order, up to the first that does not get there.
    async fn deliver_to(&self, to: String, letters: Vec<(u64, Outgoing)>) -> Result<usize, DisputeError> {
        let all = letters.len();
        let known = to.parse::<MemberId>().ok();
        let present = known.filter(|to| self.roster().member(to).is_some_and(|m| m.removed.is_none()));
        for (sent, (number, letter)) in letters.into_iter().enumerate() {
            let Some(to) = &present else {
                // Who has left gets no letters; the operator's list shows what stays open.
                self.letter_done(&to, number, &letter, Some(RefusalCode::NotPermitted))?;
                continue;
            };
            match self.send(to, &letter).await? {
                Sent::Taken => self.letter_done(to.as_str(), number, &letter, None)?,
                Sent::Refused(code) => {
                    tracing::warn!(dispute = %letter.transaction, %to, ?code, "a step of a dispute is refused");
                    self.letter_done(to.as_str(), number, &letter, Some(code))?;
                }
                Sent::Later => return Ok(all - sent),
            }
        }
        Ok(0)
    }

    async fn send(&self, to: &MemberId, letter: &Outgoing) -> Result<Sent, DisputeError> {
        let indices: Vec<u64> = std::iter::once(letter.leaf).chain(letter.consent).collect();
        let (leaves, checkpoint) = self.show_leaves(&indices)?;
        let mut leaves = leaves.into_iter();
        let Some(leaf) = leaves.next() else { return Ok(Sent::Later) };
        let message = DisputeMessage {
            transaction: letter.transaction,
            leaf,
            consent: leaves.next(),
            checkpoint,
            letter: letter.letter.clone(),
            concerns: letter.concerns.clone(),
        };
        let reply = if to == &self.me {
            Ok(self.serve_dispute(to, &message)?)
        } else {
            self.peers.call(to, Request::Dispute(Box::new(message))).await
        };
        Ok(match reply {
            Ok(Reply::DisputeTaken) => {
                self.heard_from(to);
                Sent::Taken
            }
            // What a quota or a clock keeps out today goes tomorrow.
            Ok(Reply::Refused(Refusal {
                code: RefusalCode::QuotaSpent | RefusalCode::ClockSkew, ..
            })) => Sent::Later,
            Ok(Reply::Refused(Refusal { code, .. })) => Sent::Refused(code),
            Ok(_) | Err(_) => Sent::Later,
        })
    }

    /// The letter has arrived, or never will.
    fn letter_done(
        &self,
        to: &str,
        number: u64,
        letter: &Outgoing,
        refused: Option<RefusalCode>,
    ) -> Result<(), DisputeError> {
        let _stepping = self.disputes.stepping();
        let mut batch = StoreBatch::new();
        batch.delete(&DISPUTE_OUTBOX, &(to.to_owned(), number));
        if letter.step == Step::Opened
            && let Some(mut kept) = self.opened_dispute(letter.transaction)?
        {
            match refused {
                None => kept.delivered = Some(self.clock.now()),
                Some(code) => kept.refused = Some(code),
            }
            kept.put(&self.records, &mut batch);
        }
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }
}

/// What became of a letter.
enum Sent {
    Taken,
    Refused(RefusalCode),
    Later,
}
