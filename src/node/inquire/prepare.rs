//! Before anybody is asked: what is looked up, blinded, left as a footprint and logged, in one write.

use std::collections::BTreeSet;

use super::{InquireError, InquiryRecord};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, commit};
use crate::feed::NewRow;
use crate::feed_state::{FeedRead, FeedState, FootprintParts, feeds_commitment, footprint_hash};
use crate::limits::OPENING_BYTES_MAX;
use crate::merkle::leaf_hash;
use crate::model::consent::Purpose;
use crate::model::identifier::Strength;
use crate::model::inquiry::Inquiry;
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::model::month::Month;
use crate::model::record::{InquiryFootprint, RecordId, RowContent};
use crate::node::Node;
use crate::node::ask::AskError;
use crate::node::consent::{ConsentRecord, reference};
use crate::node::freshness::during;
use crate::node::opening::{self, CONTENT_VERSION, KeptOpening, PersonOpening};
use crate::node::records::Kept;
use crate::node::tables::UNFINISHED;
use crate::roster::Role as MemberRole;
use crate::secret::random_array;
use crate::threshold::{Point, RowContext, seal};
use crate::wire::codec;

/// What is prepared of an inquiry before it is on disk.
pub(super) struct Prepared {
    record: InquiryRecord,
    leaves: Vec<Leaf>,
    rows: Vec<NewRow>,
}

impl Node {
    pub(super) fn prepare(
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
        let feeds_commitment = feeds_commitment(&salt, &feeds);
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
                    footprint: footprint_of(&rows),
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
                erased: false,
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
    pub(super) fn append_opening(&self, prepared: Prepared) -> Result<InquiryRecord, InquireError> {
        let Prepared { record, leaves, rows } = prepared;
        let now = self.clock.now();
        let records = self.records.clone();
        let stored = record.clone();
        let transaction = record.transaction;
        let feed = std::sync::Arc::clone(&self.own_feed);
        let appended = self.log.append(Box::new(move |first, batch| {
            let mut stored = stored;
            for (index, person) in (first..).zip(&mut stored.persons) {
                person.leaf.index = index;
                batch.put(&UNFINISHED, &person.consent.0, &transaction.0);
            }
            records.put(Kept::Inquiry, &transaction.0, &stored.to_plain(), batch);
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
        let locators = locators.map(|(_, locators)| locators.as_slice()).unwrap_or_default();
        let schemes = self.schemes();
        for (identifier, locator) in consent.identifiers.iter().zip(locators) {
            if schemes.strength(identifier.scheme()) != Some(Strength::Strong) {
                continue;
            }
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

    fn feeds_read(&self) -> Result<Vec<FeedRead>, InquireError> {
        let roster = self.roster();
        let mut feeds = Vec::new();
        for member in roster.with_role(MemberRole::Lender) {
            if let Some(state) = self.feeds.state(&member.id)? {
                let FeedState { lender, sequence, digest, .. } = state;
                feeds.push(FeedRead { lender, sequence, digest });
            }
        }
        Ok(feeds)
    }
}

/// Footprint rows as the opening leaf names them.
fn footprint_of(rows: &[NewRow]) -> Digest {
    footprint_hash(rows.iter().map(|row| FootprintParts {
        locator: &row.locator.0,
        row_id: &row.row_id,
        version: row.version,
        key_commitment: &row.sealed.key_commitment,
    }))
}
