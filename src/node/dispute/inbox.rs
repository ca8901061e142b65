//! What a peer sends of a dispute: each step is taken once, from whom it may come, on the strength of the sender's own
//! signed leaf.

use super::kept::{Course, ReceivedDispute};
use super::proof::{Proved, Stop, proved, refuse};
use crate::book::{BookError, ClientKey};
use crate::digest::Digest;
use crate::limits::{
    DISPUTES_OPEN_PER_MEMBER_MAX, DISPUTES_PER_CONSENT_MAX, DISPUTES_PER_MEMBER_AND_DAY_MAX, LETTER_BYTES_MAX,
};
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::day::Day;
use crate::model::dispute::DisputeStatement;
use crate::model::leaf::{Leaf, LeafBody, LeafReference, RefusalCode};
use crate::model::member::MemberId;
use crate::model::record::RecordId;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::inquire::book_error;
use crate::node::tables::{DISPUTE_INBOX, DISPUTE_INBOX_DAYS, DISPUTED, DISPUTES_OPEN, InboxRow, OpenRow};
use crate::roster::Role;
use crate::store::TableKey as _;
use crate::wire::message::{DisputeMessage, Refusal, Reply};

impl From<BookError> for Stop {
    fn from(error: BookError) -> Self {
        Self::Own(book_error(error))
    }
}

impl Node {
    /// Takes a step of a dispute that a peer sends. Blocks for an fsync.
    pub(in crate::node) fn serve_dispute(
        &self,
        peer: &MemberId,
        message: &DisputeMessage,
    ) -> Result<Reply, LogError> {
        match self.take_step(peer, message) {
            Ok(()) => Ok(Reply::DisputeTaken),
            Err(Stop::Refused(code)) => Ok(Reply::Refused(Refusal { code, renews: None })),
            Err(Stop::Own(ConsentError::Log(error))) => Err(error),
            Err(Stop::Own(error)) => {
                tracing::error!(%peer, %error, "a step of a dispute could not be taken");
                let why = "this node is in trouble; its journal says why".to_owned();
                Ok(Reply::Unavailable { why })
            }
        }
    }

    fn take_step(&self, peer: &MemberId, message: &DisputeMessage) -> Result<(), Stop> {
        if message.letter.len() > LETTER_BYTES_MAX {
            return refuse(RefusalCode::WrongLeaf);
        }
        let (step, consent) = proved(self, peer, message)?;
        match (&step.leaf.body, &message.concerns) {
            (LeafBody::DisputeEscalated { .. } | LeafBody::DisputeResolved { .. }, Some(concerns)) => {
                self.take_escalation(peer, &step, concerns)
            }
            (LeafBody::DisputeOpened { .. }, None) => {
                self.take_opened(peer, message, &step, consent.as_ref())
            }
            (LeafBody::DisputeAnswered { .. }, None) => self.take_answer(peer, message, &step),
            (LeafBody::DisputeResolved { .. }, None) => self.take_resolved(peer, &step),
            _ => refuse(RefusalCode::WrongLeaf),
        }
    }

    fn take_opened(
        &self,
        peer: &MemberId,
        message: &DisputeMessage,
        step: &Proved,
        consent: Option<&Proved>,
    ) -> Result<(), Stop> {
        let lends = |member: &MemberId| self.roster().member(member).is_some_and(|m| m.has(Role::Lender));
        let LeafBody::DisputeOpened { dispute, lender, consent: under } = &step.leaf.body else {
            return refuse(RefusalCode::WrongLeaf);
        };
        if lender != &self.me || !lends(peer) || !lends(&self.me) {
            return refuse(RefusalCode::NotPermitted);
        }
        // The client's own consent, logged before: a member cannot dispute in anybody's name without saying so.
        match consent {
            Some(Proved { at, leaf: Leaf { body: LeafBody::ConsentGiven { ground: None, .. }, .. } })
                if at == under && at.index < step.at.index => {}
            _ => return refuse(RefusalCode::NoConsent),
        }
        let _stepping = self.disputes.stepping();
        let transaction = message.transaction;
        if let Some(known) = self.received_dispute(transaction)? {
            let same = known.course.dispute == *dispute && known.course.opener == *peer;
            return if same { Ok(()) } else { refuse(RefusalCode::NotPermitted) };
        }
        let now = self.clock.now();
        let day = u32::try_from(Day::of(now).days()).unwrap_or(0);
        let today = self.room_for(peer, under.index, day)?;
        if !self.disputes.may_open_letter(peer, day) {
            return refuse(RefusalCode::QuotaSpent);
        }
        let (said, statement) = self.open_said::<DisputeStatement>(&message.letter, transaction, *dispute)?;
        let as_said = statement.network == self.network
            && statement.dispute == transaction
            && (&statement.opener, &statement.lender) == (peer, &self.me)
            && statement.opened == step.leaf.time;
        let about = hex::decode(&statement.record).ok().and_then(|id| id.try_into().ok()).map(RecordId);
        let (true, Some(about)) = (as_said, about) else { return refuse(RefusalCode::WrongLeaf) };
        // Record ids lie inside the seals: who names one has opened it.
        let Some(client) = self.book.client_of(&about)? else { return refuse(RefusalCode::NotPermitted) };
        let body = LeafBody::DisputeReceived { dispute: *dispute, opener: peer.clone(), leaf: step.at };
        let leaf = Leaf::new(now, transaction, body);
        let kept = ReceivedDispute {
            course: Course {
                transaction,
                dispute: *dispute,
                opener: peer.clone(),
                lender: self.me.clone(),
                about,
                said,
                opened: step.leaf.time,
                leaf: LeafReference { index: 0, hash: Digest(leaf_hash(&leaf.to_bytes())) },
                answer: None,
                resolved: None,
                escalated: None,
            },
            received: now,
            client: client.0,
            reported: self.reported_hash(&client)?,
        };
        self.append_received(kept, leaf, under.index, (day, today + 1))?;
        Ok(())
    }

    /// How many disputes the member has opened today, if there is room for one more.
    fn room_for(&self, peer: &MemberId, consent: u64, day: u32) -> Result<u64, Stop> {
        let today = self.store.get(&DISPUTE_INBOX_DAYS, &(peer.to_string(), day))?.unwrap_or(0);
        let prefix = peer.to_string().to_bytes();
        let open = self.store.scan_prefix(&DISPUTE_INBOX, &prefix, None, DISPUTES_OPEN_PER_MEMBER_MAX)?;
        let under = open.iter().filter(|(_, row)| row.consent == consent).count();
        let full = today >= DISPUTES_PER_MEMBER_AND_DAY_MAX as u64
            || open.len() >= DISPUTES_OPEN_PER_MEMBER_MAX
            || under >= DISPUTES_PER_CONSENT_MAX;
        if full { refuse(RefusalCode::QuotaSpent) } else { Ok(today) }
    }

    /// The dispute, its leaf, and what is flagged from now on, in one synced write.
    fn append_received(
        &self,
        kept: ReceivedDispute,
        leaf: Leaf,
        consent: u64,
        today: (u32, u64),
    ) -> Result<(), LogError> {
        let _writing = self.book.writer();
        self.disputes.raise_flags();
        let mut flags = crate::store::StoreBatch::new();
        self.book.wait_again(&ClientKey(kept.client), &mut flags)?;
        let flag = (self.record_key(&kept.course.about), kept.course.transaction.0);
        let records = self.records.clone();
        let (peer, transaction) = (kept.course.opener.to_string(), kept.course.transaction.0);
        let open = OpenRow::new(kept.course.opened, Some(kept.received));
        self.log.append(Box::new(move |index, batch| {
            let mut kept = kept;
            kept.course.leaf.index = index;
            kept.put(&records, batch);
            batch.append(flags);
            batch.put(&DISPUTED, &flag, &());
            batch.put(&DISPUTES_OPEN, &(OpenRow::LENDER, transaction), &open);
            batch.put(&DISPUTE_INBOX, &(peer.clone(), transaction), &InboxRow { consent });
            batch.put(&DISPUTE_INBOX_DAYS, &(peer, today.0), &today.1);
            Ok(vec![leaf])
        }))?;
        self.pending.notify_one();
        Ok(())
    }
}
