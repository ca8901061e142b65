//! Opening a dispute: where the client saw the report, under her consent.

use super::kept::{Course, DisputeRow, OpenedDispute, Said};
use super::outbox::{Outgoing, Step};
use super::{DisputeError, DisputeFault, named};
use crate::digest::{ConsentId, Digest, TransactionId};
use crate::merkle::leaf_hash;
use crate::model::answer::{FacilityLine, LenderLine};
use crate::model::consent::ConsentState;
use crate::model::dispute::{DisputeReason, DisputeStatement, DisputeText, DisputedFacility, HeldDispute};
use crate::model::identifier::Strength;
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::model::member::MemberId;
use crate::model::record::RecordId;
use crate::node::Node;
use crate::node::access::Beside;
use crate::node::consent::{ConsentError, ConsentRecord};
use crate::node::open_answer;
use crate::node::tables::{DISPUTE_ROWS, DISPUTE_ROWS_DUE, DISPUTES_OPEN, OpenRow};
use crate::secret::random_array;

/// A dispute as it is opened.
#[derive(Clone, Debug)]
pub struct DisputeRequest {
    /// The consent under which the client saw the report.
    pub consent: ConsentId,
    /// The lender that reports it.
    pub lender: MemberId,
    /// The record in dispute.
    pub record: RecordId,
    /// Which of that lender's facilities in the answer, from 1; the whole record when none.
    pub facility: Option<u32>,
    /// What is wrong.
    pub reason: DisputeReason,
    /// What the client says.
    pub text: DisputeText,
    /// Who writes it down.
    pub by: String,
}

impl Node {
    /// Opens a dispute: durable and logged when this returns, and on its way to the lender.
    pub fn open_dispute(&self, request: DisputeRequest) -> Result<HeldDispute, DisputeError> {
        self.open_dispute_with(request, |_| Beside::default())
    }

    /// The same; in the dispute's own write, what `with` gives for its number.
    pub(in crate::node) fn open_dispute_with(
        &self,
        request: DisputeRequest,
        with: impl FnOnce(TransactionId) -> Beside,
    ) -> Result<HeldDispute, DisputeError> {
        if !self.is_lender() {
            return Err(DisputeError::NotALender);
        }
        let by = named(&request.by)?;
        let _stepping = self.disputes.stepping();
        let consent = self.disputable(&request.consent)?;
        let line = self.seen(&consent, &request)?;
        let facility = request.facility.map(|number| facility(&line, number)).transpose()?;
        if let Some(open) = self.open_about(&request)? {
            return Err(DisputeError::AlreadyOpen(open));
        }
        let (now, transaction) = (self.clock.now(), TransactionId::random(&*self.entropy));
        let statement = DisputeStatement {
            network: self.network.clone(),
            dispute: transaction,
            opener: self.me.clone(),
            lender: request.lender.clone(),
            record: hex::encode(request.record.0),
            facility,
            reason: request.reason,
            text: request.text,
            opened: now,
        };
        let said = Said::new(&statement, &*self.entropy);
        let letter = self.seal_said::<DisputeStatement>(&request.lender, &said)?;
        let dispute = said.commitment::<DisputeStatement>();
        let body = LeafBody::DisputeOpened { dispute, lender: request.lender.clone(), consent: consent.leaf };
        let leaf = Leaf::new(now, transaction, body);
        let kept = OpenedDispute {
            course: Course {
                transaction,
                dispute,
                opener: self.me.clone(),
                lender: request.lender.clone(),
                about: request.record,
                said,
                opened: now,
                leaf: LeafReference { index: 0, hash: Digest(leaf_hash(&leaf.to_bytes())) },
                answer: None,
                resolved: None,
                escalated: None,
            },
            consent: request.consent,
            by,
            record: RecordId(random_array(&*self.entropy)),
            rows: self.new_rows(&consent),
            delivered: None,
            refused: None,
        };
        let outgoing = Outgoing::new(transaction, Step::Opened, letter).with_consent(consent.leaf.index);
        let mut outbox = self.outbox()?;
        let (records, mut stored) = (self.records.clone(), kept.clone());
        let beside = with(transaction);
        let rows: Vec<[u8; 32]> = kept.rows.iter().map(|row| self.row_key(&row.row_id)).collect();
        let appended = self.log.append(Box::new(move |index, batch| {
            stored.course.leaf.index = index;
            stored.put(&records, batch);
            batch.put(&DISPUTES_OPEN, &(OpenRow::OPENER, transaction.0), &OpenRow::new(now, None));
            batch.put(&DISPUTE_ROWS_DUE, &transaction.0, &());
            for row in &rows {
                batch.put(&DISPUTE_ROWS, row, &transaction.0);
            }
            outbox.send(&stored.course.lender, index, outgoing, batch);
            batch.append(beside.rows);
            Ok([leaf].into_iter().chain(beside.leaf).collect())
        }))?;
        let mut kept = kept;
        kept.course.leaf = appended.leaves.first().copied().unwrap_or(kept.course.leaf);
        self.disputes.letters.notify_one();
        self.pending.notify_one();
        Ok(self.held_opened(&kept, now))
    }

    /// The client's own consent, if a dispute may rest on it.
    fn disputable(&self, consent: &ConsentId) -> Result<ConsentRecord, DisputeError> {
        let record = self.consent_record(consent)?;
        let refuse = |why| Err(DisputeError::Value { field: "consent", why });
        if record.ground.is_some() {
            return refuse(DisputeFault::NobodyConsented);
        }
        let entry = self.register.consent(&self.me, record.leaf.index)?;
        let entry = entry.ok_or(ConsentError::Unknown(*consent))?;
        // Used up and over do not matter: she has the report in her hands.
        if self.register.state(&entry, self.clock.now())? == ConsentState::Withdrawn {
            return refuse(DisputeFault::Withdrawn);
        }
        Ok(record)
    }

    /// What the newest answer under the consent showed of the record.
    fn seen(&self, consent: &ConsentRecord, request: &DisputeRequest) -> Result<LenderLine, DisputeError> {
        let id = consent.terms.consent;
        let (answer, _) = self.reported_before(&id)?.ok_or(DisputeError::NotInAnswer)?;
        let key = self.answer_key.verify_key();
        let answer = open_answer(&answer, &key).ok_or(DisputeError::NotInAnswer)?;
        let person = answer.persons.into_iter().find(|person| person.consent == id.to_string());
        let (lender, record) = (request.lender.as_str(), hex::encode(request.record.0));
        let mut lines = person.into_iter().flat_map(|person| person.exposure.lenders);
        lines
            .find(|line| line.lender == lender && line.records.contains(&record))
            .ok_or(DisputeError::NotInAnswer)
    }

    /// A dispute about the same record that is open here under the same consent.
    fn open_about(&self, request: &DisputeRequest) -> Result<Option<TransactionId>, DisputeError> {
        for open in self.open_disputes(OpenRow::OPENER)? {
            let Some(kept) = self.opened_dispute(open)? else { continue };
            let same = kept.course.about == request.record && kept.course.lender == request.lender;
            if same && kept.consent == request.consent {
                return Ok(Some(open));
            }
        }
        Ok(None)
    }

    /// Rows under the client's strong identifiers: under another one they could be somebody else's.
    fn new_rows(&self, consent: &ConsentRecord) -> Vec<DisputeRow> {
        let schemes = self.schemes();
        let located = consent.located.as_ref().map(|located| located.locators.as_slice()).unwrap_or_default();
        let strong = consent.identifiers.iter().zip(located);
        strong
            .filter(|(identifier, _)| schemes.strength(identifier.scheme()) == Some(Strength::Strong))
            .map(|(_, locator)| DisputeRow {
                epoch: consent.epoch,
                locator: *locator,
                row_id: random_array(&*self.entropy),
                version: 0,
                withdrawn: false,
            })
            .collect()
    }
}

fn facility(line: &LenderLine, number: u32) -> Result<DisputedFacility, DisputeError> {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let found: Option<&FacilityLine> = place.and_then(|place| line.facilities.get(place));
    let found = found.ok_or(DisputeError::Value {
        field: "facility",
        why: DisputeFault::Facility { shown: line.facilities.len() },
    })?;
    Ok(DisputedFacility { kind: found.kind, currency: found.currency, opened: found.opened })
}
