//! Reporting batches as they are kept: what explains the points of their leaves to an auditor.
//!
//! The record is written with the leaf, in one synced write: a node that dies while the key holders answer, or that
//! none of them answers, can still explain what it logged. What they gave is added afterwards.

use serde::{Deserialize, Serialize};

use super::Node;
use super::consent::{ConsentError, KeptHelp, reference};
use super::records::Kept;
use super::tables::UNANSWERED_BATCHES;
use crate::digest::{Digest, TransactionId};
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::identifier::Identifier;
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::roster::Epoch;
use crate::secret::SecretVec;
use crate::store::StoreBatch;
use crate::threshold::{Blind, Point};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted batch. 1 was written only after the holders had answered, and named no client; 2 did not say
/// which erasure took a point.
const RECORD_VERSION: u8 = 3;

/// A point of a reporting batch.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct BatchPoint {
    /// The point itself: it tells nothing, and stays when what explains it is erased, so that the leaf's digest can
    /// still be made.
    pub(super) point: [u8; 32],
    /// None once erased.
    pub(super) explained: Option<ExplainedPoint>,
    /// The leaf of the erasure that took it.
    pub(super) erased: Option<LeafReference>,
}

/// What a point of a reporting batch stands for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ExplainedPoint {
    /// The client in whose name it was asked: its key in the book.
    pub(super) client: [u8; 32],
    pub(super) identifier: Identifier,
    /// The blind.
    pub(super) blind: [u8; 32],
}

/// A reporting batch as it is kept, encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct BatchRecord {
    pub(super) transaction: TransactionId,
    pub(super) leaf: LeafReference,
    /// In the order in which they were sent.
    pub(super) points: Vec<BatchPoint>,
    /// The evaluations; empty as long as too few holders answered.
    pub(super) help: Vec<KeptHelp>,
}

impl BatchPoint {
    pub(super) fn new(point: &Point, client: [u8; 32], identifier: &Identifier, blind: &Blind) -> Self {
        let blind = *blind.to_secret_bytes().expose();
        let explained = ExplainedPoint { client, identifier: identifier.clone(), blind };
        Self { point: point.to_bytes(), explained: Some(explained), erased: None }
    }
}

/// The clients in whose name a kept batch located some identifiers.
pub(super) fn clients_with(
    plain: &SecretVec,
    wanted: impl Fn(&Identifier) -> bool,
) -> Result<Vec<[u8; 32]>, CodecError> {
    let record: BatchRecord = codec::decode_versioned(RECORD_VERSION, plain.expose(), "batch")?;
    let explained = record.points.iter().filter_map(|point| point.explained.as_ref());
    Ok(explained
        .filter(|explained| wanted(&explained.identifier))
        .map(|explained| explained.client)
        .collect())
}

/// Takes what explains some points out of a kept batch. Gives how many points, and what is left; none where none of them
/// is in it.
pub(super) fn without(
    plain: &SecretVec,
    erased: impl Fn(&ExplainedPoint) -> bool,
) -> Result<Option<(u32, BatchRecord)>, CodecError> {
    let mut record: BatchRecord = codec::decode_versioned(RECORD_VERSION, plain.expose(), "batch")?;
    let mut taken = 0;
    for point in &mut record.points {
        if point.explained.as_ref().is_some_and(&erased) {
            point.explained = None;
            taken += 1;
        }
    }
    Ok((taken > 0).then_some((taken, record)))
}

impl BatchRecord {
    /// Names the erasure of the points that were taken out and of which none is named yet.
    pub(super) fn erased_by(mut self, leaf: LeafReference) -> Self {
        for point in self.points.iter_mut().filter(|point| point.explained.is_none()) {
            point.erased.get_or_insert(leaf);
        }
        self
    }

    /// The points that were taken out by an erasure that is not named yet, in order.
    pub(super) fn taken(&self) -> Vec<[u8; 32]> {
        let taken = self.points.iter().filter(|point| point.explained.is_none() && point.erased.is_none());
        taken.map(|point| point.point).collect()
    }

    /// As it is kept.
    pub(super) fn to_plain(&self) -> SecretVec {
        codec::encode_secret(RECORD_VERSION, self)
    }
}

impl Node {
    /// Logs a batch, together with what explains its points, and marks it as unanswered.
    pub(super) fn append_batch(
        &self,
        epoch: &Epoch,
        points: &[Point],
        kept: Vec<BatchPoint>,
    ) -> Result<BatchRecord, LogError> {
        let transaction = TransactionId::random(&*self.entropy);
        let body = LeafBody::ReportingBatch { epoch: epoch.epoch, points: reference(points) };
        let leaf = Leaf::new(self.clock.now(), transaction, body);
        let hash = Digest(leaf_hash(&leaf.to_bytes()));
        let leaf_at = LeafReference { index: 0, hash };
        let mut record = BatchRecord { transaction, leaf: leaf_at, points: kept, help: Vec::new() };
        // The record names its leaf, whose index is known only while it is appended.
        let records = self.records.clone();
        let mut stored = record.clone();
        let appended = self.log.append(Box::new(move |index, batch| {
            stored.leaf.index = index;
            records.put(Kept::Batch, &transaction.0, &stored.to_plain(), batch);
            batch.put(&UNANSWERED_BATCHES, &index, &transaction.0);
            Ok(vec![leaf])
        }))?;
        record.leaf = appended.leaves.first().copied().unwrap_or(record.leaf);
        Ok(record)
    }

    /// Puts a batch as it is now into a write.
    pub(super) fn put_batch(&self, record: &BatchRecord, changes: &mut StoreBatch) {
        self.records.put(Kept::Batch, &record.transaction.0, &record.to_plain(), changes);
    }

    /// A batch as it is kept.
    pub(super) fn batch_record(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<BatchRecord>, ConsentError> {
        let Some(plain) = self.records.get(Kept::Batch, &transaction.0)? else { return Ok(None) };
        Ok(Some(codec::decode_versioned(RECORD_VERSION, plain.expose(), "batch")?))
    }
}
