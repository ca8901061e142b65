//! The inquiry: look-up in the own store, footprint and opening leaf in one write, one round trip to the holders, the
//! answer.
//!
//! An inquiry is idempotent by its transaction id, and survives a crash between any two steps: what was opened is on
//! disk before anybody is asked, and a retry sends the same points.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answer::{SignedAnswer, answer_hash};
use super::ask::AskError;
use super::consent::{ConsentError, ConsentRecord, reference};
use super::freshness::during;
use super::opening::{self, CONTENT_VERSION, KeptOpening, Opened, PersonOpening, UnreadableWhyCode};
use super::tables::{INQUIRIES, UNFINISHED};
use super::{Node, footprint::Month};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId, commit};
use crate::feed::NewRow;
use crate::limits::OPENING_BYTES_MAX;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::answer::UnreadableWhy;
use crate::model::consent::{ConsentState, Purpose};
use crate::model::inquiry::{Inquiry, InquiryError, InquiryRequest};
use crate::model::leaf::{Leaf, LeafBody, LeafReference, RefusalCode};
use crate::model::member::MemberId;
use crate::model::record::{InquiryFootprint, RecordId, RowContent};
use crate::policy::{AssessInput, MemberFreshness, PersonExposures, Unreadable, assess};
use crate::roster::Role as MemberRole;
use crate::secret::random_array;
use crate::threshold::{Point, RowContext, seal};
use crate::wire::codec;
use crate::wire::message::{FeedRow, rows_hash};

const RECORD_VERSION: u8 = 1;

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
    pub(super) feeds: Vec<(MemberId, u64, Digest)>,
    /// How fresh they were then.
    pub(super) freshness: Vec<MemberFreshness>,
    pub(super) persons: Vec<PersonOpening>,
    /// Row ids of the footprints that this inquiry left.
    pub(super) own_rows: BTreeSet<[u8; 16]>,
    pub(super) answer: Option<(SignedAnswer, [u8; 32])>,
}

/// What is prepared of an inquiry before it is on disk.
struct Prepared {
    record: InquiryRecord,
    leaves: Vec<Leaf>,
    rows: Vec<NewRow>,
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

    async fn turn(&self, consent: &ConsentId) -> tokio::sync::OwnedMutexGuard<()> {
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
        let unfinished = match transaction {
            Some(transaction) => Some(transaction),
            None => consents
                .iter()
                .find_map(|c| self.store.get(&UNFINISHED, &c.0).transpose())
                .transpose()?
                .map(TransactionId),
        };
        if let Some(known) = unfinished.map(|t| self.inquiry_record(t)).transpose()?.flatten() {
            if known.question != bytes {
                let id = known.transaction;
                return Err(match transaction {
                    Some(_) => InquireError::OtherQuestion(id),
                    None => InquireError::Unfinished(id),
                });
            }
            return Ok(match known.answer {
                Some((answer, _)) => Next::Done(Inquired::Answered(Box::new(answer))),
                None => Next::Open(Box::new(known)),
            });
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

    fn prepare(
        &self,
        transaction: TransactionId,
        bytes: Vec<u8>,
        question: &Inquiry,
        consents: &[ConsentRecord],
    ) -> Result<Prepared, InquireError> {
        let now = self.clock.now();
        let salt = random_array(&*self.entropy);
        let question_commitment = commit(&salt, "tallystick/question/v1", &bytes);
        let feeds = self.feeds_read()?;
        let epochs: Vec<u32> = consents.iter().map(|consent| consent.epoch).collect();
        let before = self.freshness(&epochs, now)?;
        let bytes_max = OPENING_BYTES_MAX / consents.len().max(1);
        let feeds_commitment = commit(&salt, "tallystick/feeds-read/v1", &feeds_payload(&feeds));
        let purpose: Purpose = question.purpose.parse().unwrap_or(Purpose::LoanApplication);
        let mut prepared = Prepared {
            record: InquiryRecord {
                transaction,
                question: bytes,
                salt,
                question_commitment,
                feeds,
                freshness: Vec::new(),
                persons: Vec::new(),
                own_rows: BTreeSet::new(),
                answer: None,
            },
            leaves: Vec::new(),
            rows: Vec::new(),
        };
        for (consent, person) in consents.iter().zip(&question.persons) {
            let located = consent.located.as_ref().ok_or(AskError::NoKeys)?;
            let found = self.find_rows(consent, located, bytes_max, now)?;
            let weak = u32::try_from(found.rows.iter().filter(|row| row.weak).count()).unwrap_or(u32::MAX);
            let (footprint, rows) = self.footprint_rows(consent, question, now)?;
            let openings: Vec<KeptOpening> = self.blind_rows(found.rows);
            let points: Vec<Point> = opening::points(&openings);
            let spent =
                self.register.consent(&self.me, consent.leaf.index)?.map_or(0, |entry| entry.uses_opened);
            let use_number = spent + 1;
            let leaf = Leaf::new(
                now,
                transaction,
                LeafBody::InquiryOpened {
                    consent: consent.leaf,
                    r#use: use_number,
                    purpose,
                    epoch: consent.epoch,
                    points: reference(&points),
                    weak,
                    footprint: footprint_hash(&rows),
                    feeds: feeds_commitment,
                    question: question_commitment,
                },
            );
            prepared.record.own_rows.extend(rows.iter().map(|row| row.row_id));
            prepared.record.persons.push(PersonOpening {
                role: person.role,
                consent: consent.terms.consent,
                use_number,
                leaf: LeafReference { index: 0, hash: Digest(leaf_hash(&leaf.to_bytes())) },
                openings,
                footprint,
                matched: found.matched.into_iter().collect(),
                weak_lenders: found.weak_lenders.into_iter().collect(),
                unreadable: found.unreadable,
            });
            prepared.leaves.push(leaf);
            prepared.rows.extend(rows);
        }
        prepared.record.freshness = during(before, &self.freshness(&epochs, now)?);
        Ok(prepared)
    }

    /// Opening leaves, footprint rows, the feed state over them and the inquiry's record, in one synced write.
    fn append_opening(&self, prepared: Prepared) -> Result<InquiryRecord, InquireError> {
        let Prepared { record, leaves, rows } = prepared;
        let now = self.clock.now();
        let (at_rest, entropy) = (self.at_rest.sub("inquiry"), std::sync::Arc::clone(&self.entropy));
        let stored = record.clone();
        let transaction = record.transaction;
        let feed = std::sync::Arc::clone(&self.own_feed);
        let appended = self.log.append(Box::new(move |first, batch| {
            let mut stored = stored;
            for (index, person) in (first..).zip(&mut stored.persons) {
                person.leaf.index = index;
                batch.put(&UNFINISHED, &person.consent.0, &transaction.0);
            }
            let key = transaction.0;
            let plain = codec::encode_secret(RECORD_VERSION, &stored);
            batch.put(
                &INQUIRIES,
                &key,
                &at_rest.seal(INQUIRIES.spec().name, &key, plain.expose(), &*entropy),
            );
            let mut leaves = leaves;
            let state = feed.publish(rows, None, now, batch)?;
            leaves.push(Leaf::new(now, transaction, state));
            Ok(leaves)
        }))?;
        self.published.send_modify(|count| *count += 1);
        let mut record = record;
        for (person, leaf) in record.persons.iter_mut().zip(&appended.leaves) {
            person.leaf = *leaf;
        }
        Ok(record)
    }

    /// The footprint rows of one person: one under each strong identifier, for this month.
    fn footprint_rows(
        &self,
        consent: &ConsentRecord,
        question: &Inquiry,
        now: UnixTime,
    ) -> Result<(RecordId, Vec<NewRow>), InquireError> {
        let roster = self.roster();
        let epoch = roster.epoch(consent.epoch).ok_or(AskError::NoKeys)?;
        let key = Point::from_bytes(&epoch.open.public_key.0).map_err(|_| AskError::NoKeys)?;
        let record = RecordId(random_array(&*self.entropy));
        let content = RowContent::Footprint(InquiryFootprint {
            record,
            asked: UnixTime(now.0 - now.0.rem_euclid(60)),
            purpose: question.purpose.clone(),
            amount: question.requested.as_ref().map(|loan| (loan.currency, loan.amount)),
        });
        let plain = codec::encode_secret(CONTENT_VERSION, &content);
        let this_month = Month::of(now);
        let located = consent.located.as_ref().ok_or(AskError::NoKeys)?;
        let locators = located.footprints.iter().find(|(month, _)| *month == this_month);
        let mut rows = Vec::new();
        for locator in locators.map(|(_, locators)| locators.as_slice()).unwrap_or_default() {
            let row_id = random_array(&*self.entropy);
            let context = RowContext {
                network: self.network.as_str(),
                epoch: consent.epoch,
                lender: self.me.as_str(),
                locator,
                row_id: &row_id,
                version: 1,
            };
            let sealed = seal(&key, &context, plain.expose(), &*self.entropy)
                .expect("a footprint fits the smallest size class");
            rows.push(NewRow { epoch: consent.epoch, locator: *locator, row_id, version: 1, sealed });
        }
        Ok((record, rows))
    }

    fn feeds_read(&self) -> Result<Vec<(MemberId, u64, Digest)>, InquireError> {
        let roster = self.roster();
        let mut feeds = Vec::new();
        for member in roster.with_role(MemberRole::Lender) {
            if let Some(state) = self.feeds.state(&member.id)? {
                feeds.push((member.id.clone(), state.sequence, state.digest));
            }
        }
        Ok(feeds)
    }

    fn answer(
        &self,
        mut record: InquiryRecord,
        question: &Inquiry,
        opened: Vec<Opened>,
    ) -> Result<Inquired, InquireError> {
        let now = self.clock.now();
        let input = self.assess_input(&record, question, opened, now)?;
        let roster = self.roster();
        let answer = assess(roster.policy(), &input);
        let bytes = serde_json::to_vec(&answer).expect("an answer has only string keys");
        let signed: SignedAnswer =
            SignedAnswer::sign(bytes, &self.answer_key).expect("our own answer is of the form");
        let salt = random_array(&*self.entropy);
        let body = LeafBody::InquiryAnswered {
            opened: record.persons.iter().map(|person| person.leaf).collect(),
            answer: commit(&salt, "tallystick/answer-commitment/v1", &answer_hash(&signed).0),
        };
        let leaf = Leaf::new(now, record.transaction, body);
        record.answer = Some((signed.clone(), salt));
        let sealed = self.seal_inquiry(&record);
        let consents: Vec<ConsentId> = record.persons.iter().map(|person| person.consent).collect();
        let key = record.transaction.0;
        self.log.append(Box::new(move |_, batch| {
            batch.put(&INQUIRIES, &key, &sealed);
            for consent in consents {
                batch.delete(&UNFINISHED, &consent.0);
            }
            Ok(vec![leaf])
        }))?;
        Ok(Inquired::Answered(Box::new(signed)))
    }

    fn assess_input(
        &self,
        record: &InquiryRecord,
        question: &Inquiry,
        opened: Vec<Opened>,
        now: UnixTime,
    ) -> Result<AssessInput, InquireError> {
        let mut persons = Vec::with_capacity(opened.len());
        let mut unreadable: Vec<Unreadable> = Vec::new();
        for (person, opened) in record.persons.iter().zip(opened) {
            let consent = self.consent_record(&person.consent)?;
            let mut one = PersonExposures {
                role: person.role,
                consent: person.consent.to_string(),
                own: self.own_records(&consent.identifiers)?,
                others: Vec::new(),
                footprints: Vec::new(),
                this_footprint: Some(person.footprint),
                weak_lenders: person.weak_lenders.clone(),
                disputes: Vec::new(),
                matched: opening::matched(person),
            };
            for (lender, content) in opened.contents {
                match content {
                    RowContent::Exposure(record) => one.others.push((lender, record)),
                    RowContent::Footprint(footprint) => one.footprints.push((lender, footprint)),
                    RowContent::Dispute(dispute) => one.disputes.push((lender, dispute)),
                    RowContent::Tombstone => {}
                }
            }
            unreadable.extend(opened.unreadable);
            unreadable.extend(person.unreadable.iter().map(|(lender, why)| Unreadable {
                lender: lender.clone(),
                count: 1,
                why: match why {
                    UnreadableWhyCode::BadProof => UnreadableWhy::BadProof,
                    UnreadableWhyCode::NotCovered => UnreadableWhy::NotCovered,
                    UnreadableWhyCode::TooMany => UnreadableWhy::HoldersFailed,
                },
            }));
            if let Some(located) = &consent.located {
                // Two in the same second can miss each other, so the asker looks once more before it answers.
                for lender in self.late_footprints(person, &consent, located, &record.own_rows, now)? {
                    let footprint = InquiryFootprint {
                        record: RecordId(random_array(&*self.entropy)),
                        asked: now,
                        purpose: question.purpose.clone(),
                        amount: None,
                    };
                    one.footprints.push((lender, footprint));
                }
            }
            persons.push(one);
        }
        let refinanced = match &question.refinances {
            Some(account) => self.book.loan(account).map_err(book_error)?.map(|loan| loan.facility.reference),
            None => None,
        };
        // The rows are those of the opening, however long ago: so are the dates. Only the own book is read anew.
        let mut members = record.freshness.clone();
        for own in members.iter_mut().filter(|member| member.member == self.me) {
            own.last_heard = Some(now);
        }
        Ok(AssessInput {
            network: self.network.clone(),
            asker: self.me.clone(),
            now,
            transaction: record.transaction.0.to_vec(),
            question_commitment: record.question_commitment.0,
            question: question.clone(),
            refinanced,
            persons,
            members,
            unreadable,
        })
    }

    fn seal_inquiry(&self, record: &InquiryRecord) -> Vec<u8> {
        let plain = codec::encode_secret(RECORD_VERSION, record);
        let at_rest = self.at_rest.sub("inquiry");
        at_rest.seal(INQUIRIES.spec().name, &record.transaction.0, plain.expose(), &*self.entropy)
    }

    /// An inquiry as it is kept.
    pub(super) fn inquiry_record(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<InquiryRecord>, ConsentError> {
        let Some(sealed) = self.store.get(&INQUIRIES, &transaction.0)? else { return Ok(None) };
        let plain = self.at_rest.sub("inquiry").open(INQUIRIES.spec().name, &transaction.0, &sealed)?;
        Ok(Some(codec::decode_versioned(RECORD_VERSION, plain.expose(), "inquiry")?))
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

/// Footprint rows as the opening leaf names them: their place in the feed is not known yet and not needed.
fn footprint_hash(rows: &[NewRow]) -> Digest {
    let rows: Vec<FeedRow> = rows
        .iter()
        .map(|row| FeedRow {
            sequence: 0,
            epoch: row.epoch,
            locator: row.locator,
            row_id: row.row_id,
            version: row.version,
            sealed: row.sealed.clone(),
        })
        .collect();
    rows_hash(&rows)
}

/// Lender behind its length, sequence number, digest, one after the other.
fn feeds_payload(feeds: &[(MemberId, u64, Digest)]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (lender, sequence, digest) in feeds {
        payload.extend((lender.as_str().len() as u64).to_be_bytes());
        payload.extend(lender.as_str().as_bytes());
        payload.extend(sequence.to_be_bytes());
        payload.extend(digest.0);
    }
    payload
}
