//! After the rows were opened: the answer, signed and logged.

use super::{InquireError, Inquired, InquiryRecord, book_error};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, commit};
use crate::model::answer::{Answer, UnreadableWhy};
use crate::model::inquiry::Inquiry;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::record::{InquiryFootprint, RecordId, RowContent};
use crate::node::Node;
use crate::node::answer::{SignedAnswer, answer_hash};
use crate::node::opening::{self, Opened, UnreadableWhyCode};
use crate::node::records::Kept;
use crate::node::tables::UNFINISHED;
use crate::policy::{AssessInput, PersonExposures, Unreadable, assess};
use crate::secret::random_array;

impl Node {
    pub(super) fn answer(
        &self,
        mut record: InquiryRecord,
        question: &Inquiry,
        opened: Vec<Opened>,
    ) -> Result<Inquired, InquireError> {
        let now = self.clock.now();
        let witnessed = opened.iter().flat_map(|one| one.witnessed.clone()).collect();
        let input = self.assess_input(&record, question, opened, now)?;
        let roster = self.roster();
        let answer = Answer { witnessed, ..assess(roster.policy(), &input) };
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
        let plain = record.to_plain();
        let records = self.records.clone();
        let consents: Vec<ConsentId> = record.persons.iter().map(|person| person.consent).collect();
        let key = record.transaction.0;
        self.log.append(Box::new(move |_, batch| {
            records.put(Kept::Inquiry, &key, &plain, batch);
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
                ground: consent.ground.as_ref().map(|ground| ground.name.clone()),
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
                    // One dispute lies under each of her identifiers.
                    RowContent::Dispute(dispute) => {
                        if !one.disputes.iter().any(|(l, d)| (l, d.record) == (&lender, dispute.record)) {
                            one.disputes.push((lender, dispute));
                        }
                    }
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
                    UnreadableWhyCode::TooMany => UnreadableWhy::TooMany,
                },
            }));
            if let Some(located) = &consent.located {
                let own = self.own_dispute_records(located)?;
                one.disputes.extend(own.into_iter().map(|dispute| (self.me.clone(), dispute)));
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
}
