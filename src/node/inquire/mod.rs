//! The inquiry: look-up in the own store, footprint and opening leaf in one write, one round trip to the holders, the
//! answer.
//!
//! An inquiry is idempotent by its transaction id, and survives a crash between any two steps: what was opened is on
//! disk before anybody is asked, and a retry sends the same points.

mod assessed;
mod prepare;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Node;
use super::answer::SignedAnswer;
use super::ask::AskError;
use super::consent::{ConsentError, ConsentRecord};
use super::opening::PersonOpening;
use super::records::Kept;
use super::tables::{ASKED_AGAIN, UNFINISHED};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId};
use crate::feed_state::FeedRead;
use crate::log::LogError;
use crate::model::consent::ConsentState;
use crate::model::inquiry::{Inquiry, InquiryError, InquiryRequest};
use crate::model::leaf::{LeafReference, RefusalCode};
use crate::policy::MemberFreshness;
use crate::secret::SecretVec;
use crate::store::{Durability, StoreBatch};
use crate::wire::codec;

/// Version of the encrypted inquiry. 1 did not mark the persons that were erased.
const RECORD_VERSION: u8 = 2;

/// An inquiry that was answered, or refused by law.
#[derive(Debug)]
pub enum Inquired {
    /// The signed answer.
    Answered(Box<SignedAnswer>),
    /// A lawful refusal; it is logged.
    Refused(RefusedInquiry),
}

/// A refused inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedInquiry {
    /// Its transaction.
    pub transaction: TransactionId,
    /// The consent that stands in the way, where it is one.
    pub consent: Option<ConsentId>,
    /// Why.
    pub reason: RefusalCode,
    /// When a spent quota renews.
    pub renews: Option<UnixTime>,
}

/// Why an inquiry gave neither.
#[derive(Debug, thiserror::Error)]
pub enum InquireError {
    /// The question is not one that the policy knows.
    #[error(transparent)]
    Question(#[from] InquiryError),
    /// A consent id is not hexadecimal.
    #[error("consent: {0}")]
    ConsentId(#[from] crate::digest::HexError),
    /// This node's own trouble.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// An inquiry under the consent is unfinished, and asked something else.
    #[error(
        "inquiry {0} under this consent is unfinished: ask the same again and it goes on where it stopped"
    )]
    Unfinished(TransactionId),
    /// A transaction id was used for another question.
    #[error("transaction {0} was used for another question")]
    OtherQuestion(TransactionId),
}

impl From<LogError> for InquireError {
    fn from(error: LogError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<crate::store::StoreError> for InquireError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Consent(error.into())
    }
}

impl From<AskError> for InquireError {
    fn from(error: AskError) -> Self {
        Self::Consent(error.into())
    }
}

/// An inquiry as it is kept, encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct InquiryRecord {
    pub(super) transaction: TransactionId,
    /// The question as JSON, for its form is for people.
    pub(super) question: Vec<u8>,
    pub(super) salt: [u8; 32],
    pub(super) question_commitment: Digest,
    /// Lender, sequence number and digest of every feed that was read.
    pub(super) feeds: Vec<FeedRead>,
    /// How fresh they were then.
    pub(super) freshness: Vec<MemberFreshness>,
    pub(super) persons: Vec<PersonOpening>,
    /// Row ids of the footprints that this inquiry left, without those of persons that were erased.
    pub(super) own_rows: BTreeSet<[u8; 16]>,
    pub(super) answer: Option<(SignedAnswer, [u8; 32])>,
}

impl InquiryRecord {
    /// An inquiry as it was sealed.
    pub(super) fn read(plain: &SecretVec) -> Result<Self, ConsentError> {
        Ok(codec::decode_versioned(RECORD_VERSION, plain.expose(), "inquiry")?)
    }

    /// As it is sealed.
    pub(super) fn to_plain(&self) -> SecretVec {
        codec::encode_secret(RECORD_VERSION, self)
    }

    /// Whether one of its persons was erased.
    pub(super) fn is_erased(&self) -> bool {
        self.persons.iter().any(|person| person.erased)
    }

    /// What is left of it without the persons of these consents; nothing when nobody is left. The answer is about all
    /// of them together, and goes.
    pub(super) fn without(mut self, erased: &BTreeSet<ConsentId>) -> Option<Self> {
        if self.persons.iter().all(|person| person.erased || erased.contains(&person.consent)) {
            return None;
        }
        self.answer = None;
        for person in self.persons.iter_mut().filter(|person| erased.contains(&person.consent)) {
            person.erased = true;
            person.openings.clear();
            person.matched.clear();
            person.weak_lenders.clear();
            person.unreadable.clear();
        }
        Some(self)
    }
}

enum Next {
    Open(Box<InquiryRecord>),
    Done(Inquired),
}

impl Node {
    /// Asks about the persons of `request`. With a `transaction` of an earlier call, gives that call's answer, or goes
    /// on where it stopped.
    pub async fn inquire(
        &self,
        request: &InquiryRequest,
        transaction: Option<TransactionId>,
    ) -> Result<Inquired, InquireError> {
        let roster = self.roster();
        let question = request.check(roster.policy())?;
        let consents: Vec<ConsentId> =
            question.persons.iter().map(|person| person.consent.parse()).collect::<Result<_, _>>()?;
        // One inquiry under a consent at a time: the next one sees the use that this one spends.
        let mut in_order = consents.clone();
        in_order.sort();
        // Ids are compared as what they are: one of them in capitals would wait for itself for ever.
        if in_order.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(InquiryError::ConsentTwice.into());
        }
        let mut turns = Vec::with_capacity(in_order.len());
        for consent in &in_order {
            turns.push(self.turn(consent).await);
        }
        let record = match self.begin(request, &question, &consents, transaction).await? {
            Next::Open(record) => *record,
            Next::Done(done) => return Ok(done),
        };
        let mut opened = Vec::with_capacity(record.persons.len());
        for person in &record.persons {
            let consent = self.consent_record(&person.consent)?;
            match self.open_rows(record.transaction, person, &consent).await {
                Ok(one) => opened.push(one),
                Err(error) => match error.refusal() {
                    Some(reason) => {
                        let renews = renews(&error);
                        self.log_refusal(record.transaction, Some(consent.leaf), reason)?;
                        return Ok(Inquired::Refused(RefusedInquiry {
                            transaction: record.transaction,
                            consent: Some(person.consent),
                            reason,
                            renews,
                        }));
                    }
                    None => return Err(error.into()),
                },
            }
        }
        self.answer(record, &question, opened)
    }

    pub(super) async fn turn(&self, consent: &ConsentId) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Nobody holds what only the table knows.
            turns.retain(|_, turn| std::sync::Arc::strong_count(turn) > 1);
            std::sync::Arc::clone(turns.entry(*consent).or_default())
        };
        turn.lock_owned().await
    }

    async fn begin(
        &self,
        request: &InquiryRequest,
        question: &Inquiry,
        consents: &[ConsentId],
        transaction: Option<TransactionId>,
    ) -> Result<Next, InquireError> {
        let bytes = serde_json::to_vec(request).expect("a question has only string keys");
        let known = match transaction {
            Some(transaction) => self.inquiry_record(transaction)?,
            None => None,
        };
        if let Some(known) = known {
            if known.question != bytes {
                return Err(InquireError::OtherQuestion(known.transaction));
            }
            return Ok(match &known.answer {
                Some((answer, _)) => Next::Done(Inquired::Answered(Box::new(answer.clone()))),
                // Nobody can go on without a person who was erased.
                None if known.is_erased() => {
                    let (transaction, reason) = (known.transaction, RefusalCode::NoConsent);
                    self.log_refusal(transaction, None, reason)?;
                    let refused = RefusedInquiry { transaction, consent: None, reason, renews: None };
                    Next::Done(Inquired::Refused(refused))
                }
                None => Next::Open(Box::new(known)),
            });
        }
        let unfinished =
            consents.iter().find_map(|c| self.store.get(&UNFINISHED, &c.0).transpose()).transpose()?;
        let unfinished = unfinished.map(|t| self.inquiry_record(TransactionId(t))).transpose()?.flatten();
        if let Some(known) = unfinished
            && !known.is_erased()
        {
            // Whoever sends the same question again means the same inquiry: its use must not be lost.
            if known.question == bytes {
                if let Some(transaction) = transaction {
                    let mut batch = StoreBatch::new();
                    batch.put(&ASKED_AGAIN, &transaction.0, &known.transaction.0);
                    self.store.commit(batch, Durability::Synced)?;
                }
                return Ok(Next::Open(Box::new(known)));
            }
            if transaction.is_none() {
                return Err(InquireError::Unfinished(known.transaction));
            }
        }
        let transaction = transaction.unwrap_or_else(|| TransactionId::random(&*self.entropy));
        let mut records = Vec::with_capacity(consents.len());
        for consent in consents {
            match self.usable(transaction, *consent, question)? {
                Ok(record) => records.push(record),
                Err(refused) => return Ok(Next::Done(Inquired::Refused(refused))),
            }
        }
        let mut located = Vec::with_capacity(records.len());
        for record in records {
            located.push(self.locate(record).await?);
        }
        let prepared = self.prepare(transaction, bytes, question, &located)?;
        Ok(Next::Open(Box::new(self.append_opening(prepared)?)))
    }

    /// The consent, if it permits this inquiry now; otherwise the refusal, logged.
    fn usable(
        &self,
        transaction: TransactionId,
        consent: ConsentId,
        question: &Inquiry,
    ) -> Result<Result<ConsentRecord, RefusedInquiry>, InquireError> {
        let refused = |leaf: Option<LeafReference>, reason| {
            self.log_refusal(transaction, leaf, reason)?;
            let consent = leaf.map(|_| consent);
            Ok(Err(RefusedInquiry { transaction, consent, reason, renews: None }))
        };
        let record = match self.consent_record(&consent) {
            Ok(record) => record,
            Err(ConsentError::Unknown(_)) => return refused(None, RefusalCode::NoConsent),
            Err(error) => return Err(error.into()),
        };
        let leaf = Some(record.leaf);
        let Some(entry) = self.register.consent(&self.me, record.leaf.index)? else {
            return refused(None, RefusalCode::NoConsent);
        };
        let now = self.clock.now();
        match self.register.state(&entry, now)? {
            ConsentState::Given => {}
            ConsentState::Withdrawn => return refused(leaf, RefusalCode::Withdrawn),
            ConsentState::Expired => return refused(leaf, RefusalCode::Expired),
            ConsentState::UsedUp => return refused(leaf, RefusalCode::UsedUp),
            ConsentState::Requested | ConsentState::Refused => return refused(leaf, RefusalCode::NoConsent),
        }
        if record.terms.from > now {
            return refused(leaf, RefusalCode::NotYetValid);
        }
        if record.terms.purpose.word() != question.purpose {
            return refused(leaf, RefusalCode::WrongPurpose);
        }
        Ok(Ok(record))
    }

    /// An inquiry as it is kept, by any transaction that it was asked under.
    pub(super) fn inquiry_record(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<InquiryRecord>, ConsentError> {
        let first = self.store.get(&ASKED_AGAIN, &transaction.0)?;
        let transaction = first.map_or(transaction, TransactionId);
        let Some(plain) = self.records.get(Kept::Inquiry, &transaction.0)? else { return Ok(None) };
        Ok(Some(InquiryRecord::read(&plain)?))
    }
}

pub(super) fn book_error(error: crate::book::BookError) -> ConsentError {
    match error {
        crate::book::BookError::Store(error) => error.into(),
        crate::book::BookError::Sealed { source, .. } => source.into(),
        crate::book::BookError::Codec(error) => error.into(),
        crate::book::BookError::Load { .. } => ConsentError::Ask(AskError::NoKeys),
    }
}

fn renews(error: &AskError) -> Option<UnixTime> {
    let AskError::TooFew { troubles, .. } = error else { return None };
    troubles.iter().find_map(|(_, trouble)| match trouble {
        super::ask::HolderTrouble::Refused { renews, .. } => *renews,
        _ => None,
    })
}
