//! Erasure: destroys what explains leaves about a person, and logs that it did.
//!
//! The leaves stay, and with them the tree; a commitment without its salt and a point without its blind say nothing
//! about anybody. The lender's own book is not touched: what it keeps of its loans is under another law.

mod age;
mod request;

pub use request::{EraseError, Erased, ErasedLeaf, ErasureRequest, Whom};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Node;
use super::approval::Approval;
use super::batch::{self, BatchRecord, ExplainedPoint};
use super::by_identifier::IdentifierRow;
use super::consent::{ConsentError, ConsentRecord, read_record};
use super::dispute::Course;
use super::inquire::InquiryRecord;
use super::proposal::check_order;
use super::records::{Kept, Records};
use super::tables::{CONSENTS_BY_IDENTIFIER, ERASED, ERASURES, ErasedRow, PURGE_DUE, UNFINISHED};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId};
use crate::limits::ERASURE_PAGE_RECORDS;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::approval::erasure_commitment;
use crate::model::day::Day;
use crate::model::identifier::{Identifier, Strength};
use crate::model::leaf::{ErasureGround, Leaf, LeafBody, LeafReference};
use crate::model::month::Month;
use crate::secret::SecretVec;
use crate::store::{Durability, StoreBatch, StoreError};
use crate::wire::codec;

/// Version of the kept approval. 1 did not know the order.
const APPROVAL_VERSION: u8 = 2;

/// What is left of a record.
enum Left {
    Nothing,
    Record(SecretVec),
    /// A batch, without the points; they are still to name the leaf of this erasure.
    Batch(Box<BatchRecord>),
}

/// Why something was erased and who approved, as it is kept for the auditor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptErasure {
    pub(super) approval: Approval,
    pub(super) order: Option<Digest>,
}

impl KeptErasure {
    /// What an erasure leaf commits to: of a batch, to the points that go with it.
    fn commitment(&self, transaction: &TransactionId, ground: ErasureGround, left: &Left) -> Digest {
        let points = match left {
            Left::Batch(batch) => batch.taken(),
            Left::Nothing | Left::Record(_) => Vec::new(),
        };
        let Approval { approved_by, salt } = &self.approval;
        erasure_commitment(salt, transaction, ground, self.order.as_ref(), &points, approved_by)
    }
}

/// One record that changes, and the leaf that it explains.
struct Change {
    kept: Kept,
    id: [u8; 16],
    left: Left,
    of: LeafReference,
    points: Option<u32>,
    /// The consent that it rests on.
    under: Option<ConsentId>,
}

impl Node {
    /// Erases. Returns when the keys are destroyed, the leaves logged, and the store's files rewritten.
    pub async fn erase(&self, request: ErasureRequest) -> Result<Erased, EraseError> {
        // What was proposed about her goes too, and nobody decides it meanwhile.
        let _deciding = self.deciding.lock().await;
        self.erase_as(request, TransactionId::random(&*self.entropy), |_| StoreBatch::new()).await
    }

    /// The same under a transaction, with the rows that `with` gives in the same write. The caller holds `deciding`; the
    /// proposal of that transaction is left to it.
    pub(super) async fn erase_as(
        &self,
        request: ErasureRequest,
        transaction: TransactionId,
        with: impl FnOnce(&Erased) -> StoreBatch + Send,
    ) -> Result<Erased, EraseError> {
        let roster = self.roster();
        let needed = roster.policy().audit.approvals;
        let approval = Approval::of(&request.approved_by, needed, &*self.entropy)?;
        check_order(request.ground, request.order.as_ref())?;
        let approved = KeptErasure { approval, order: request.order };
        // Nobody erases, asks or locates under these consents meanwhile.
        let _one_at_a_time = self.erasing.lock().await;
        let mut consents = self.consents_of(&request.whom)?;
        consents.sort_by_key(|record| record.terms.consent);
        let mut turns = Vec::with_capacity(consents.len());
        for record in &consents {
            turns.push(self.turn(&record.terms.consent).await);
        }
        let mut changes: Vec<Change> = consents.iter().map(whole_consent).collect();
        changes.extend(self.inquiries_under(&consents)?);
        // No step is made on what goes.
        let _stepping = self.disputes.stepping();
        let ids = consents.iter().map(|record| record.terms.consent).collect();
        for kept in self.opened_under(&ids)? {
            changes.push(whole_dispute(Kept::OpenedDispute, &kept.course)?);
        }
        let mut hers: Vec<Identifier> = Vec::new();
        if let Whom::Person(given) = &request.whom {
            // Her telephone number is in the batches too, and somebody else's point may stand under it: better that one
            // cannot be explained than that she stays in it.
            hers.extend(given.iter().chain(consents.iter().flat_map(|record| &record.identifiers)).cloned());
            changes.extend(self.batches_with(&hers)?);
            for kept in self.received_about(given)? {
                changes.push(whole_dispute(Kept::ReceivedDispute, &kept.course)?);
            }
        }
        let mut also = StoreBatch::new();
        let proposals = self.drop_proposals_about(&hers, &consents, transaction, &mut also)?;
        if changes.is_empty() && proposals == 0 {
            return Err(EraseError::Nothing);
        }
        let (changes, too_young) = self.old_enough(changes, request.ground)?;
        if changes.is_empty() && !too_young.is_empty() {
            let first = too_young.iter().map(|(_, day)| *day).min().unwrap_or(Day::of(self.clock.now()));
            return Err(EraseError::TooYoung(first));
        }
        let erased = Erased { proposals, too_young, ..Erased::default() };
        let with = |erased: &Erased| {
            also.append(with(erased));
            also
        };
        let erased =
            self.append_erasures(changes, (request.ground, &approved), (transaction, erased), with)?;
        self.purge_if_due()?;
        Ok(erased)
    }

    /// Whether what explained a leaf of the own log was destroyed, and by which leaf.
    pub fn erasure_of(&self, index: u64) -> Result<Option<ErasedLeaf>, LogError> {
        let Some(row) = self.store.get(&ERASED, &index)? else { return Ok(None) };
        let hash = self.log.leaves(index, 1)?.first().map(|bytes| Digest(leaf_hash(bytes)));
        let of = LeafReference { index, hash: hash.unwrap_or(Digest([0; 32])) };
        Ok(Some(ErasedLeaf { of, by: row.by, points: row.points }))
    }

    /// Why an erasure happened and who approved, by its transaction.
    pub(super) fn kept_erasure(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<KeptErasure>, ConsentError> {
        let Some(sealed) = self.store.get(&ERASURES, &transaction.0)? else { return Ok(None) };
        let at_rest = self.at_rest.sub("erasure");
        let kept = at_rest.open(ERASURES.spec().name, &transaction.0, &sealed)?;
        Ok(Some(codec::decode_versioned(APPROVAL_VERSION, kept.expose(), "erasure")?))
    }

    /// Rewrites the files in which destroyed keys may still lie; after a crash, at the next start.
    pub(super) fn purge_if_due(&self) -> Result<(), StoreError> {
        if self.store.get(&PURGE_DUE, &())?.is_none() {
            return Ok(());
        }
        self.records.purge()?;
        let mut batch = StoreBatch::new();
        batch.delete(&PURGE_DUE, &());
        self.store.commit(batch, Durability::Synced)
    }

    fn consents_of(&self, whom: &Whom) -> Result<Vec<ConsentRecord>, EraseError> {
        match whom {
            Whom::Consent(consent) => Ok(vec![self.consent_record(consent)?]),
            Whom::Person(given) => {
                self.only_strong(given)?;
                Ok(self.consents_about(given)?)
            }
        }
    }

    /// A number that others may share names nobody.
    pub(super) fn only_strong(&self, given: &[Identifier]) -> Result<(), EraseError> {
        let schemes = self.schemes();
        match given.iter().find(|i| schemes.strength(i.scheme()) != Some(Strength::Strong)) {
            Some(weak) => Err(EraseError::Weak(weak.scheme().to_string())),
            None => Ok(()),
        }
    }

    /// Every consent recorded here that carries one of these identifiers.
    pub(super) fn consents_about(&self, given: &[Identifier]) -> Result<Vec<ConsentRecord>, ConsentError> {
        let mut found = Vec::new();
        self.each_kept(Kept::Consent, |_, plain| {
            let record = read_record(plain)?;
            if record.identifiers.iter().any(|identifier| given.contains(identifier)) {
                found.push(record);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Every inquiry recorded here.
    pub(super) fn each_inquiry(
        &self,
        mut visit: impl FnMut(InquiryRecord) -> Result<(), ConsentError>,
    ) -> Result<(), ConsentError> {
        self.each_kept(Kept::Inquiry, |_, plain| visit(InquiryRecord::read(plain)?))
    }

    /// Every record of a kind.
    pub(super) fn each_kept(
        &self,
        kept: Kept,
        mut visit: impl FnMut(&[u8; 16], &SecretVec) -> Result<(), ConsentError>,
    ) -> Result<(), ConsentError> {
        let mut after = None;
        loop {
            let page = self.records.page(kept, after.as_ref(), ERASURE_PAGE_RECORDS)?;
            for (id, plain) in &page {
                if let Some(plain) = plain {
                    visit(id, plain)?;
                }
            }
            match page.last() {
                Some((last, _)) if page.len() == ERASURE_PAGE_RECORDS => after = Some(*last),
                _ => return Ok(()),
            }
        }
    }

    fn inquiries_under(&self, consents: &[ConsentRecord]) -> Result<Vec<Change>, ConsentError> {
        let erased: BTreeSet<ConsentId> = consents.iter().map(|record| record.terms.consent).collect();
        let mut changes = Vec::new();
        self.each_inquiry(|mut record| {
            let mut leaves = Vec::new();
            // Which footprints are hers can be told only as long as her consent is there.
            let mut footprints = Vec::new();
            for (place, person) in record.persons.iter().enumerate() {
                if erased.contains(&person.consent) && !person.erased {
                    let month = Month::of(self.leaf_time(person.leaf)?);
                    footprints.extend(self.footprint_rows_of(&record, place, month)?);
                    leaves.push((person.leaf, person.consent));
                }
            }
            if !leaves.is_empty() {
                let id = record.transaction.0;
                for row in footprints {
                    record.own_rows.remove(&row.row_id);
                }
                let left = record.without(&erased).map(|record| record.to_plain());
                let mut left = Some(left.map_or(Left::Nothing, Left::Record));
                // One record, one change of it; the other leaves of it only say that they are erased.
                for (of, consent) in leaves {
                    let left = left.take().unwrap_or(Left::Nothing);
                    let under = Some(consent);
                    changes.push(Change { kept: Kept::Inquiry, id, left, of, points: None, under });
                }
            }
            Ok(())
        })?;
        Ok(changes)
    }

    /// Points of a person's identifiers, and all others of the clients that carry a strong one of them: her book entry
    /// has her telephone number too, which no consent need name. Through a weak one other persons' clients would go.
    fn batches_with(&self, given: &[Identifier]) -> Result<Vec<Change>, ConsentError> {
        let schemes = self.schemes();
        let strong = |i: &Identifier| schemes.strength(i.scheme()) == Some(Strength::Strong);
        let mut clients = BTreeSet::new();
        self.each_kept(Kept::Batch, |_, plain| {
            clients.extend(batch::clients_with(plain, |i| strong(i) && given.contains(i))?);
            Ok(())
        })?;
        let mut changes = Vec::new();
        self.each_kept(Kept::Batch, |id, plain| {
            let hers =
                |point: &ExplainedPoint| given.contains(&point.identifier) || clients.contains(&point.client);
            if let Some((points, left)) = batch::without(plain, hers)? {
                let (of, left) = (left.leaf, Left::Batch(Box::new(left)));
                changes.push(Change {
                    kept: Kept::Batch,
                    id: *id,
                    left,
                    of,
                    points: Some(points),
                    under: None,
                });
            }
            Ok(())
        })?;
        Ok(changes)
    }

    pub(super) fn leaf_time(&self, leaf: LeafReference) -> Result<UnixTime, LogError> {
        let owner = || self.me.to_string();
        let bytes = self.log.leaves(leaf.index, 1)?.pop();
        let bytes = bytes.ok_or_else(|| LogError::Missing { owner: owner(), index: leaf.index })?;
        let read = Leaf::from_bytes(&bytes);
        read.map(|read| read.time).map_err(|source| LogError::Leaf {
            owner: owner(),
            index: leaf.index,
            source,
        })
    }

    /// Keys destroyed, records rewritten and leaves appended, in one synced write.
    fn append_erasures(
        &self,
        changes: Vec<Change>,
        (ground, approved): (ErasureGround, &KeptErasure),
        (transaction, mut erased): (TransactionId, Erased),
        with: impl FnOnce(&Erased) -> StoreBatch,
    ) -> Result<Erased, LogError> {
        let now = self.clock.now();
        let leaves: Vec<(Leaf, LeafReference, Option<u32>)> = changes
            .iter()
            .map(|change| {
                let approval = approved.commitment(&transaction, ground, &change.left);
                let body = LeafBody::Erasure { of: change.of, ground, approval };
                (Leaf::new(now, transaction, body), change.of, change.points)
            })
            .collect();
        let kept = codec::encode_secret(APPROVAL_VERSION, approved);
        let at_rest = self.at_rest.sub("erasure");
        let sealed = at_rest.seal(ERASURES.spec().name, &transaction.0, kept.expose(), &*self.entropy);
        let mut seen = BTreeSet::new();
        for change in &changes {
            if seen.insert((change.kept as u8, change.id, change.of.index)) {
                match change.kept {
                    Kept::Consent => erased.consents += 1,
                    Kept::Inquiry => erased.inquiries += 1,
                    Kept::Batch => erased.batches += 1,
                    Kept::OpenedDispute | Kept::ReceivedDispute => erased.disputes += 1,
                    // It explains no leaf.
                    Kept::Proposed => {}
                }
            }
        }
        let ofs: Vec<(LeafReference, Option<u32>)> = leaves.iter().map(|(_, of, p)| (*of, *p)).collect();
        let index = self.erased_identifier_rows(&changes)?;
        let (records, also) = (self.records.clone(), with(&erased));
        let appended = self.log.append(Box::new(move |first, batch| {
            batch.put(&PURGE_DUE, &(), &());
            for row in index {
                batch.delete(&CONSENTS_BY_IDENTIFIER, &row);
            }
            if !leaves.is_empty() {
                batch.put(&ERASURES, &transaction.0, &sealed);
            }
            batch.append(also);
            let mut done = BTreeSet::new();
            let mut out = Vec::with_capacity(leaves.len());
            for (index, (change, (leaf, of, points))) in (first..).zip(changes.into_iter().zip(leaves)) {
                let by = LeafReference { index, hash: Digest(leaf_hash(&leaf.to_bytes())) };
                batch.put(&ERASED, &of.index, &ErasedRow { by, points });
                out.push(leaf);
                let Change { kept, id, left, .. } = change;
                if !done.insert((kept as u8, id)) {
                    continue;
                }
                match left {
                    Left::Nothing => Records::destroy(kept, &id, batch),
                    Left::Record(left) => records.put(kept, &id, &left, batch),
                    Left::Batch(left) => records.put(kept, &id, &left.erased_by(by).to_plain(), batch),
                }
                if kept == Kept::Consent {
                    batch.delete(&UNFINISHED, &id);
                }
            }
            Ok(out)
        }))?;
        erased.leaves = ofs
            .into_iter()
            .zip(&appended.leaves)
            .map(|((of, points), by)| ErasedLeaf { of, by: *by, points })
            .collect();
        Ok(erased)
    }
}

impl Node {
    /// Where consents that go are found by identifier.
    fn erased_identifier_rows(&self, changes: &[Change]) -> Result<Vec<IdentifierRow>, LogError> {
        let mut rows = Vec::new();
        for change in changes.iter().filter(|change| change.kept == Kept::Consent) {
            match self.consent_record(&ConsentId(change.id)) {
                Ok(record) => rows.extend(self.identifier_rows(&record)),
                Err(ConsentError::Log(error)) => return Err(error),
                // What does not open leads nowhere.
                Err(_) => {}
            }
        }
        Ok(rows)
    }
}

fn whole_consent(record: &ConsentRecord) -> Change {
    let id = record.terms.consent.0;
    Change { kept: Kept::Consent, id, left: Left::Nothing, of: record.leaf, points: None, under: None }
}

/// A dispute that goes whole; an open one is in the way.
fn whole_dispute(kept: Kept, course: &Course) -> Result<Change, EraseError> {
    if course.resolved.is_none() {
        return Err(EraseError::OpenDispute(course.transaction));
    }
    Ok(Change {
        kept,
        id: course.transaction.0,
        left: Left::Nothing,
        of: course.leaf,
        points: None,
        under: None,
    })
}
