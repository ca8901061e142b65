//! What else the leaves that came back say: what this holder served and counted, which rosters and shares are logged,
//! what was erased. And the first leaves of a node that begins to work.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Node;
use super::batch;
use super::consent::{ConsentError, read_record};
use super::holder::served_key;
use super::inquire::InquiryRecord;
use super::records::{Kept, Records};
use super::recover::{RecoverError, is_a_beginning};
use super::tables::{
    ERASED, ErasedRow, PURGE_DUE, RECOVERED, RECOVERY, ROSTER_LOGGED, ROSTERS, RecoveryRow, SERVED,
    SET_ASIDE, SHARES_LOGGED, Served, UNFINISHED,
};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::limits::LEAVES_PER_UPDATE_MAX;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::identifier::{Identifier, Strength};
use crate::model::leaf::{CheckpointReference, Leaf, LeafBody, LeafReference};
use crate::model::month::Month;
use crate::store::{Durability, Store, StoreBatch, StoreError};

/// What came back after this store was found to be an older copy, and what did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Recovered {
    /// When the node began to work again.
    pub time: UnixTime,
    /// The log as the older copy had it.
    pub had: CheckpointReference,
    /// The log as others had seen it.
    pub to: CheckpointReference,
    /// Leaves that nobody had seen, written again behind it.
    pub again: u32,
    /// Rows of the own feed that came back.
    pub rows: u64,
    /// Sequence number up to which the own feed came back.
    pub feed_has: u64,
    /// The highest sequence number that was ever signed, as far as log and peers say.
    pub feed_signed: u64,
    /// Leaves that came back whose record, the part that explains them and lies apart, did not: by kind of leaf.
    pub without_record: BTreeMap<String, u64>,
    /// Reporting batches from which points were erased that nobody remembers: the erasure has to be repeated.
    pub erase_again: Vec<u64>,
}

impl Node {
    /// Puts into `batch` what the leaves of the own log from `from` on say beside the register.
    pub(super) fn replay(
        &self,
        from: u64,
        leaves: &[Vec<u8>],
        batch: &mut StoreBatch,
    ) -> Result<(), LogError> {
        for (index, bytes) in (from..).zip(leaves) {
            let Ok(leaf) = Leaf::from_bytes(bytes) else { continue };
            match leaf.body {
                LeafBody::RosterAccepted { version, .. } => {
                    batch.put(&ROSTER_LOGGED, &(), &version);
                }
                LeafBody::SharesInstalled { epoch, generation, holder } => {
                    batch.put(&SHARES_LOGGED, &(epoch, generation, holder), &());
                }
                LeafBody::EvaluationServed { ref peer, evaluation, leaf: asked, points, .. } => {
                    let key = served_key(peer, leaf.transaction, evaluation, points.digest);
                    batch.put(&SERVED, &key, &Served { leaf: asked, own_leaf: index });
                    let consent = self.consent_behind(peer, asked)?;
                    let count = u64::from(points.count);
                    self.quotas.count_again(peer, evaluation, count, consent, leaf.time, batch)?;
                }
                LeafBody::Erasure { of, .. } => {
                    let by = LeafReference { index, hash: Digest(leaf_hash(bytes)) };
                    batch.put(&ERASED, &of.index, &ErasedRow { by, points: None });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The consent leaf behind a leaf of an asker, as far as its log is mirrored here.
    fn consent_behind(
        &self,
        peer: &crate::model::member::MemberId,
        asked: LeafReference,
    ) -> Result<Option<u64>, LogError> {
        let bytes = if peer == &self.me {
            self.log.leaves(asked.index, 1)?.pop()
        } else {
            self.mirror.leaf(peer, asked.index)?
        };
        Ok(match bytes.and_then(|bytes| Leaf::from_bytes(&bytes).ok()).map(|leaf| leaf.body) {
            Some(LeafBody::ConsentGiven { .. }) => Some(asked.index),
            Some(LeafBody::InquiryOpened { consent, .. }) => Some(consent.index),
            _ => None,
        })
    }

    /// Marks that nothing of what a start logs is known to be logged any more.
    pub(super) fn forget_logged(&self, batch: &mut StoreBatch) -> Result<(), StoreError> {
        batch.delete(&ROSTER_LOGGED, &());
        self.store.for_each(&SHARES_LOGGED, &[], |share, ()| {
            batch.delete(&SHARES_LOGGED, &share);
            Ok::<_, StoreError>(())
        })
    }

    /// Opens the log for appends: with its first leaves, and after a recovery with the leaf that says so.
    pub(super) async fn begin_to_work(&self, was_behind: bool) -> Result<(), RecoverError> {
        let mut leaves = Vec::new();
        let mut also = StoreBatch::new();
        if was_behind {
            let recovered = self.finish_recovery(&mut leaves, &mut also).await?;
            tracing::warn!(?recovered, "this was an older copy of the store");
        }
        Store::whole_again(&mut also);
        self.open_log(leaves, also)?;
        self.purge_if_due()?;
        let settled = super::standing::Standing::settled(self.log.head().size);
        self.standing.send_replace(settled);
        // Those who wait for rows or clients look again.
        self.pending.notify_one();
        Ok(())
    }

    /// Releases the log. What a start logs comes first.
    pub(super) fn open_log(&self, leaves: Vec<Leaf>, also: StoreBatch) -> Result<(), LogError> {
        let (mut first, mut written) = self.beginnings(&self.roster())?;
        first.extend(leaves);
        written.append(also);
        self.log.release(Box::new(move |_, batch| {
            batch.append(written);
            Ok(first)
        }))
    }

    async fn finish_recovery(
        &self,
        leaves: &mut Vec<Leaf>,
        also: &mut StoreBatch,
    ) -> Result<Recovered, RecoverError> {
        let Some(RecoveryRow { had, had_feed }) = self.store.get(&RECOVERY, &())? else {
            unreachable!("the row is there: it says that the node was behind")
        };
        let head = self.log.head();
        let to = CheckpointReference { size: head.size, root: head.root };
        let (fed, signed) = self.take_feed_back(had.size, had_feed).await?;
        let again = self.written_again(leaves, also)?;
        let erase_again = self.erase_again(had.size)?;
        let recovered = Recovered {
            time: self.clock.now(),
            had,
            to,
            again,
            rows: fed.saturating_sub(had_feed),
            feed_has: fed,
            feed_signed: signed,
            without_record: self.without_record(had.size)?,
            erase_again,
        };
        self.own_feed.continue_behind(signed, also)?;
        // What waited when this copy was made may have been decided since.
        self.drop_every_proposal(also).map_err(kept_error)?;
        also.put(&RECOVERED, &(), &serde_json::to_vec(&recovered).expect("a report has only string keys"));
        also.delete(&RECOVERY, &());
        leaves
            .insert(0, self.leaf_at(self.clock.now(), LeafBody::LogRecovered { had, recovered: to, again }));
        Ok(recovered)
    }

    /// Leaves that were cut off, as they are written again. What a start logs is logged by the start.
    fn written_again(&self, leaves: &mut Vec<Leaf>, also: &mut StoreBatch) -> Result<u32, LogError> {
        let mut again = 0;
        self.store.for_each(&SET_ASIDE, &[], |number, bytes| {
            also.delete(&SET_ASIDE, &number);
            if let Ok(leaf) = Leaf::from_bytes(&bytes)
                && !is_a_beginning(&leaf.body)
            {
                again += 1;
                // Time goes on in a log.
                leaves.push(Leaf { time: self.clock.now(), ..leaf });
            }
            Ok::<_, LogError>(())
        })?;
        Ok(again)
    }

    /// Every leaf of the own log from `from` on.
    fn each_own_leaf(
        &self,
        from: u64,
        mut visit: impl FnMut(LeafReference, Leaf) -> Result<(), RecoverError>,
    ) -> Result<(), RecoverError> {
        let mut from = from;
        loop {
            let page = self.log.leaves(from, LEAVES_PER_UPDATE_MAX)?;
            if page.is_empty() {
                return Ok(());
            }
            for (index, bytes) in (from..).zip(&page) {
                if let Ok(leaf) = Leaf::from_bytes(bytes) {
                    visit(LeafReference { index, hash: Digest(leaf_hash(bytes)) }, leaf)?;
                }
            }
            from += page.len() as u64;
        }
    }

    /// The highest sequence number of the own feed that the log from `from` on says was signed.
    pub(super) fn sequence_signed(&self, from: u64) -> Result<u64, RecoverError> {
        let mut highest = 0;
        self.each_own_leaf(from, |_, leaf| {
            if let LeafBody::FeedState { sequence, .. } = leaf.body {
                highest = highest.max(sequence);
            }
            Ok(())
        })?;
        Ok(highest)
    }

    /// Leaves from `from` on that a record would explain, and none does.
    fn without_record(&self, from: u64) -> Result<BTreeMap<String, u64>, RecoverError> {
        let mut lost: BTreeMap<String, u64> = BTreeMap::new();
        self.each_own_leaf(from, |_, leaf| {
            let (kind, there) = match &leaf.body {
                LeafBody::ConsentGiven { terms, .. } => {
                    ("consent-given", self.records.contains(Kept::Consent, &terms.consent.0)?)
                }
                LeafBody::InquiryOpened { .. } => {
                    ("inquiry-opened", self.records.contains(Kept::Inquiry, &leaf.transaction.0)?)
                }
                LeafBody::InquiryAnswered { .. } => ("inquiry-answered", false),
                LeafBody::ReportingBatch { .. } => {
                    ("reporting-batch", self.records.contains(Kept::Batch, &leaf.transaction.0)?)
                }
                LeafBody::LoadDecided { .. } => ("load-decided", false),
                LeafBody::DisputeOpened { .. } => {
                    ("dispute-opened", self.records.contains(Kept::OpenedDispute, &leaf.transaction.0)?)
                }
                LeafBody::DisputeReceived { .. } => {
                    ("dispute-received", self.records.contains(Kept::ReceivedDispute, &leaf.transaction.0)?)
                }
                LeafBody::DisputeAnswered { .. } => ("dispute-answered", false),
                LeafBody::DisputeResolved { .. } => ("dispute-resolved", false),
                LeafBody::Erasure { .. } => ("erasure", false),
                LeafBody::RosterAccepted { version, .. } => {
                    ("roster-accepted", self.store.contains(&ROSTERS, version)?)
                }
                _ => return Ok(()),
            };
            if !there {
                *lost.entry(kind.to_owned()).or_default() += 1;
            }
            Ok(())
        })?;
        Ok(lost)
    }

    /// Destroys once more what was erased after this copy was made: it came back with the copy. Gives the reporting
    /// batches of which nobody knows what was erased in them.
    fn erase_again(&self, from: u64) -> Result<Vec<u64>, RecoverError> {
        // One erasure is about one person, or one consent.
        let mut erasures: BTreeMap<TransactionId, Vec<LeafReference>> = BTreeMap::new();
        self.each_own_leaf(from, |_, leaf| {
            if let LeafBody::Erasure { of, .. } = leaf.body {
                erasures.entry(leaf.transaction).or_default().push(of);
            }
            Ok(())
        })?;
        let mut unknown = Vec::new();
        for leaves in erasures.into_values() {
            unknown.extend(self.erase_leaves_again(&leaves).map_err(kept_error)?);
        }
        Ok(unknown)
    }

    fn erase_leaves_again(&self, leaves: &[LeafReference]) -> Result<Vec<u64>, ConsentError> {
        let mut hers: Vec<Identifier> = Vec::new();
        let mut consents = BTreeSet::new();
        let mut changes = StoreBatch::new();
        changes.put(&PURGE_DUE, &(), &());
        let (mut inquiries, mut batches) = (BTreeSet::new(), BTreeMap::new());
        for of in leaves {
            let Some(bytes) = self.log.leaves(of.index, 1)?.pop() else { continue };
            let Ok(leaf) = Leaf::from_bytes(&bytes) else { continue };
            match leaf.body {
                LeafBody::ConsentGiven { terms, .. } => {
                    if let Some(plain) = self.records.get(Kept::Consent, &terms.consent.0)? {
                        hers.extend(read_record(&plain)?.identifiers);
                    }
                    consents.insert(terms.consent);
                }
                LeafBody::InquiryOpened { .. } => drop(inquiries.insert(leaf.transaction)),
                LeafBody::ReportingBatch { .. } => drop(batches.insert(leaf.transaction, of.index)),
                LeafBody::DisputeOpened { .. } => {
                    Records::destroy(Kept::OpenedDispute, &leaf.transaction.0, &mut changes);
                }
                LeafBody::DisputeReceived { .. } => {
                    Records::destroy(Kept::ReceivedDispute, &leaf.transaction.0, &mut changes);
                }
                _ => {}
            }
        }
        for consent in &consents {
            Records::destroy(Kept::Consent, &consent.0, &mut changes);
            changes.delete(&UNFINISHED, &consent.0);
        }
        for transaction in inquiries {
            let Some(plain) = self.records.get(Kept::Inquiry, &transaction.0)? else { continue };
            let mut record = InquiryRecord::read(&plain)?;
            // Her consent may be gone longer than this copy is old: whose leaf it is tells which part was hers.
            let mut gone = consents.clone();
            let erased = |person: &&super::opening::PersonOpening| leaves.contains(&person.leaf);
            gone.extend(record.persons.iter().filter(erased).map(|person| person.consent));
            let mut footprints = Vec::new();
            for (place, person) in record.persons.iter().enumerate() {
                if gone.contains(&person.consent) && !person.erased {
                    let month = Month::of(self.leaf_time(person.leaf)?);
                    footprints.extend(self.footprint_rows_of(&record, place, month)?);
                }
            }
            for row in footprints {
                record.own_rows.remove(&row.row_id);
            }
            match record.without(&gone) {
                Some(left) => self.records.put(Kept::Inquiry, &transaction.0, &left.to_plain(), &mut changes),
                None => Records::destroy(Kept::Inquiry, &transaction.0, &mut changes),
            }
        }
        let mut unknown = Vec::new();
        let mut clients = BTreeSet::new();
        let schemes = self.schemes();
        let strong = |of: &Identifier| schemes.strength(of.scheme()) == Some(Strength::Strong);
        for transaction in batches.keys() {
            if let Some(plain) = self.records.get(Kept::Batch, &transaction.0)? {
                clients.extend(batch::clients_with(&plain, |of| strong(of) && hers.contains(of))?);
            }
        }
        for (transaction, index) in batches {
            let Some(plain) = self.records.get(Kept::Batch, &transaction.0)? else { continue };
            let erased = |point: &batch::ExplainedPoint| {
                hers.contains(&point.identifier) || clients.contains(&point.client)
            };
            match batch::without(&plain, erased)? {
                Some((points, mut left)) => {
                    if let Some(row) = self.store.get(&ERASED, &index)? {
                        left = left.erased_by(row.by);
                        changes.put(&ERASED, &index, &ErasedRow { points: Some(points), ..row });
                    }
                    self.records.put(Kept::Batch, &transaction.0, &left.to_plain(), &mut changes);
                }
                None => unknown.push(index),
            }
        }
        self.store.commit(changes, Durability::Synced)?;
        Ok(unknown)
    }

    /// What came back when this store was last found to be an older copy.
    pub fn recovered(&self) -> Result<Option<Recovered>, LogError> {
        let kept = self.store.get(&RECOVERED, &())?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}

/// A kept record that cannot be read is this node's own trouble.
fn kept_error(error: ConsentError) -> RecoverError {
    match error {
        ConsentError::Log(error) => error.into(),
        other => RecoverError::Kept(other.to_string()),
    }
}
