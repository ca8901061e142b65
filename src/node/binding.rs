//! Bindings: explaining the points of drawn leaves to an auditor, from what was kept when they were logged.
//!
//! What is kept is shown as it is. Where nothing is kept, the binding says so: it is for the auditor to judge.

use std::collections::BTreeSet;

use super::Node;
use super::batch::{BatchPoint, BatchRecord};
use super::consent::{ConsentError, ConsentRecord, KeptHelp, KeptPoint};
use super::export::row_line;
use super::inquire::{InquiryRecord, book_error};
use super::opening::{KeptOpening, PersonOpening};
use crate::audit::binding::{
    BINDING_VERSION, BatchBinding, Binding, BindingHead, BlindedPoint, ConsentBinding, ErasureBinding,
    FootprintRow, GroundBinding, HolderResults, LeafBinding, OpenedPoint, OpeningBinding, PublishedRow,
    ReportedPoint, Revealed,
};
use crate::audit::sample::{SAMPLE_VERSION, Sample};
use crate::book::ClientKey;
use crate::digest::{Digest, TransactionId};
use crate::limits::SAMPLE_LEAVES_MAX;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::identifier::Strength;
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::model::month::Month;
use crate::roster::log_origin;
use crate::store::StoreError;
use crate::wire::message::FeedRow;

/// Why a sample is not explained.
#[derive(Debug, thiserror::Error)]
pub enum BindingError {
    /// This node's own trouble.
    #[error(transparent)]
    Kept(#[from] ConsentError),
    /// The sample is not of this node's log, or of another form.
    #[error("the sample is not one of this node's log")]
    OtherLog,
    /// The sample rests on a checkpoint that this log never had.
    #[error(
        "the sample rests on a checkpoint of {size} leaves that this log never had: keep it, and tell the operator"
    )]
    OtherHistory {
        /// The size that the sample names.
        size: u64,
    },
    /// A leaf of the sample is not one of the log, or none that has points.
    #[error("leaf {index} of the sample is not one that can be explained")]
    OtherLeaf {
        /// Its index.
        index: u64,
    },
    /// More leaves than a sample has.
    #[error("a sample has at most {SAMPLE_LEAVES_MAX} leaves")]
    TooMany,
}

impl From<LogError> for BindingError {
    fn from(error: LogError) -> Self {
        Self::Kept(error.into())
    }
}

impl From<StoreError> for BindingError {
    fn from(error: StoreError) -> Self {
        Self::Kept(error.into())
    }
}

impl Node {
    /// Explains the leaves of a sample, logs that it did, and gives the binding.
    pub fn make_binding(&self, sample: &Sample) -> Result<Binding, BindingError> {
        self.check_sample(sample)?;
        let mut wanted = BTreeSet::new();
        for drawn in &sample.leaves {
            let (at, leaf) = self.leaf_to_explain(drawn.index)?;
            if at != drawn.reference() {
                return Err(BindingError::OtherLeaf { index: drawn.index });
            }
            wanted.insert(drawn.index);
            // An opening is explained by what its consent locates.
            if let LeafBody::InquiryOpened { consent, .. } = leaf.body {
                wanted.insert(consent.index);
            }
        }
        let mut leaves = Vec::with_capacity(wanted.len());
        for index in wanted {
            let (at, leaf) = self.leaf_to_explain(index)?;
            leaves.push(self.explain(at, &leaf)?);
        }
        let erasures: BTreeSet<u64> = leaves.iter().flat_map(LeafBinding::erasures).collect();
        for index in erasures {
            leaves.extend(self.explain_erasure(index)?);
        }
        leaves.sort_by_key(|line| line.leaf().index);
        let body = LeafBody::BindingMade {
            sample: sample.digest(),
            leaves: u32::try_from(sample.leaves.len()).unwrap_or(u32::MAX),
        };
        let now = self.clock.now();
        let appended = self.log.append_one(self.leaf_at(now, body))?;
        let made = appended.leaves.first().copied().ok_or(BindingError::OtherLog)?;
        let head = BindingHead {
            v: BINDING_VERSION,
            network: self.network.clone(),
            member: self.me.clone(),
            made_at: now,
            made,
            sample: sample.clone(),
        };
        Ok(Binding { head, leaves })
    }

    fn check_sample(&self, sample: &Sample) -> Result<(), BindingError> {
        let of_this_log = sample.v == SAMPLE_VERSION
            && sample.network == self.network
            && sample.member == self.me
            && sample.origin == log_origin(&self.network, &self.me);
        if !of_this_log {
            return Err(BindingError::OtherLog);
        }
        if sample.leaves.len() > SAMPLE_LEAVES_MAX as usize {
            return Err(BindingError::TooMany);
        }
        let size = sample.checkpoint.size;
        if size > self.log.head().size || self.log.root_at(size)? != sample.checkpoint.root {
            return Err(BindingError::OtherHistory { size });
        }
        Ok(())
    }

    fn leaf_to_explain(&self, index: u64) -> Result<(LeafReference, Leaf), BindingError> {
        let other = || BindingError::OtherLeaf { index };
        if index >= self.log.head().size {
            return Err(other());
        }
        let bytes = self.log.leaves(index, 1)?.pop().ok_or_else(other)?;
        let leaf = Leaf::from_bytes(&bytes).map_err(|_| other())?;
        Ok((LeafReference { index, hash: Digest(leaf_hash(&bytes)) }, leaf))
    }

    fn explain(&self, at: LeafReference, leaf: &Leaf) -> Result<LeafBinding, BindingError> {
        let explained = match &leaf.body {
            LeafBody::ConsentGiven { terms, .. } => match self.consent_record(&terms.consent) {
                Ok(record) if record.leaf == at => Some(LeafBinding::ConsentGiven(consent(&record).into())),
                Ok(_) | Err(ConsentError::Unknown(_)) => None,
                Err(error) => return Err(error.into()),
            },
            LeafBody::InquiryOpened { .. } => self.explain_opening(at, leaf)?,
            LeafBody::ReportingBatch { epoch, .. } => match self.batch_record(leaf.transaction)? {
                Some(record) if record.leaf == at => Some(self.explain_batch(record, *epoch)?),
                _ => None,
            },
            _ => return Err(BindingError::OtherLeaf { index: at.index }),
        };
        if let Some(explained) = explained {
            return Ok(explained);
        }
        Ok(match self.erasure_of(at.index)? {
            Some(erased) => LeafBinding::Erased { leaf: at, erasure: erased.by.index },
            None => LeafBinding::Nothing { leaf: at },
        })
    }

    /// Who approved an erasure; nothing where its leaf is none or nothing is kept of it, for the check to find.
    fn explain_erasure(&self, index: u64) -> Result<Option<LeafBinding>, BindingError> {
        let Ok((at, leaf)) = self.leaf_to_explain(index) else { return Ok(None) };
        let Some(kept) = self.kept_erasure(leaf.transaction)? else { return Ok(None) };
        Ok(Some(LeafBinding::Erasure(Box::new(ErasureBinding {
            leaf: at,
            order: kept.order,
            approved_by: kept.approval.approved_by,
            salt: Revealed(kept.approval.salt),
        }))))
    }

    fn explain_opening(&self, at: LeafReference, leaf: &Leaf) -> Result<Option<LeafBinding>, BindingError> {
        let Some(record) = self.inquiry_record(leaf.transaction)? else { return Ok(None) };
        let Some(place) = record.persons.iter().position(|person| person.leaf == at) else { return Ok(None) };
        // Of a household one person may be erased: the record stays for the others, and says nothing of her.
        if self.erasure_of(at.index)?.is_some() {
            return Ok(None);
        }
        let footprint = self.footprint_rows_of(&record, place, Month::of(leaf.time))?;
        let footprint = footprint.iter().map(footprint_row).collect();
        let person = &record.persons[place];
        let binding = OpeningBinding {
            leaf: at,
            salt: Revealed(record.salt),
            question: String::from_utf8_lossy(&record.question).into_owned(),
            feeds: record.feeds.clone(),
            points: person.openings.iter().map(opened).collect(),
            footprint,
        };
        Ok(Some(LeafBinding::InquiryOpened(binding.into())))
    }

    /// The footprint rows of one person of an inquiry. Those of all persons stand in the feed one after the other, in
    /// the order of the persons and of their strong identifiers; of a person that was erased none is named any more.
    pub(super) fn footprint_rows_of(
        &self,
        record: &InquiryRecord,
        place: usize,
        month: Month,
    ) -> Result<Vec<FeedRow>, ConsentError> {
        let mut rows = Vec::with_capacity(record.own_rows.len());
        for row_id in &record.own_rows {
            rows.extend(self.feeds.row(&self.me, row_id)?);
        }
        rows.sort_by_key(|row| row.sequence);
        let mut begin = 0;
        for person in &record.persons[..place] {
            begin += self.footprints_left(person, month)?;
        }
        let count = self.footprints_left(&record.persons[place], month)?;
        Ok(rows.into_iter().skip(begin).take(count).collect())
    }

    fn footprints_left(&self, person: &PersonOpening, month: Month) -> Result<usize, ConsentError> {
        if person.erased {
            return Ok(0);
        }
        let consent = match self.consent_record(&person.consent) {
            Ok(consent) => consent,
            Err(ConsentError::Unknown(_)) => return Ok(0),
            Err(error) => return Err(error),
        };
        let located = consent.located.as_ref().is_some_and(|l| l.footprints.iter().any(|(m, _)| *m == month));
        let schemes = self.schemes();
        let strong = |i: &&crate::model::identifier::Identifier| {
            schemes.strength(i.scheme()) == Some(Strength::Strong)
        };
        Ok(if located { consent.identifiers.iter().filter(strong).count() } else { 0 })
    }

    fn explain_batch(&self, record: BatchRecord, epoch: u32) -> Result<LeafBinding, BindingError> {
        let located = record.help.iter().filter_map(results).collect();
        let mut points = Vec::with_capacity(record.points.len());
        for point in record.points {
            points.push(self.explain_reported(point, epoch)?);
        }
        Ok(LeafBinding::ReportingBatch(Box::new(BatchBinding { leaf: record.leaf, points, located })))
    }

    /// The identifier behind a point, its row, and the loans of the client in whose name it was located.
    fn explain_reported(&self, point: BatchPoint, epoch: u32) -> Result<ReportedPoint, BindingError> {
        let Some(explained) = point.explained else {
            // Without a leaf that says so the index is one that no log has, and the check names it.
            let erasure = point.erased.map_or(u64::MAX, |leaf| leaf.index);
            return Ok(ReportedPoint::Erased { point: Digest(point.point), erasure });
        };
        let key = ClientKey(explained.client);
        let (mut row, mut loans) = (None, Vec::new());
        if let Some(client) = self.book.client(&key).map_err(book_error)? {
            let all = self.book.loans_of(&key).map_err(book_error)?;
            let carries = |identifier| all.iter().any(|loan| loan.identifiers.contains(identifier));
            let carried = carries(&explained.identifier);
            let published = client
                .published
                .iter()
                .find(|published| published.identifier == explained.identifier && published.epoch == epoch);
            if let Some(published) = published {
                row = self.feeds.row(&self.me, &published.row_id)?.map(|row| PublishedRow {
                    row_id: TransactionId(row.row_id),
                    sequence: row.sequence,
                    withdrawn: !carried && row.version > 1,
                });
            }
            // Where none carries it any more, the client's loans show who it was corrected for.
            let shown =
                all.iter().filter(|loan| !carried || loan.identifiers.contains(&explained.identifier));
            loans = shown.map(|loan| loan.account.clone()).collect();
        }
        let blind = Revealed(explained.blind);
        Ok(ReportedPoint::Identifier { identifier: explained.identifier, blind, row, loans })
    }
}

fn consent(record: &ConsentRecord) -> ConsentBinding {
    let help: &[KeptHelp] = record.located.as_ref().map_or(&[], |located| &located.help);
    // As many holders helped with the one list of points as with the other.
    let (locate, footprint) = help.split_at(help.len() / 2);
    ConsentBinding {
        leaf: record.leaf,
        identifiers: record.identifiers.clone(),
        evidence: record.evidence,
        officer: record.officer.clone(),
        salt: Revealed(record.salt),
        ground: record.ground.as_ref().map(|ground| GroundBinding {
            approved_by: ground.approval.approved_by.clone(),
            salt: Revealed(ground.approval.salt),
        }),
        locate: record.locate.iter().map(blinded).collect(),
        footprint: record.footprint.iter().map(blinded).collect(),
        located: locate.iter().filter_map(results).collect(),
        footprints: footprint.iter().filter_map(results).collect(),
    }
}

fn blinded(kept: &KeptPoint) -> BlindedPoint {
    let blind = Revealed(kept.blind);
    match kept.identifier {
        Some(place) => BlindedPoint::Identifier { place, month: kept.month, blind },
        None => BlindedPoint::Padding { random: Revealed(kept.padding), blind },
    }
}

fn results(help: &KeptHelp) -> Option<HolderResults> {
    let proof = help.proof?.to_bytes();
    let (mut challenge, mut response) = ([0; 32], [0; 32]);
    challenge.copy_from_slice(&proof[..32]);
    response.copy_from_slice(&proof[32..]);
    Some(HolderResults {
        holder: help.holder.clone(),
        index: help.index,
        results: help.results.iter().copied().map(Digest).collect(),
        proof: [Digest(challenge), Digest(response)],
    })
}

fn opened(kept: &KeptOpening) -> OpenedPoint {
    let secret = Revealed(kept.secret);
    match &kept.row {
        Some(found) => {
            OpenedPoint::Row { secret, lender: found.lender.clone(), row: row_line(&found.row).into() }
        }
        None => OpenedPoint::Padding { secret },
    }
}

fn footprint_row(row: &FeedRow) -> FootprintRow {
    FootprintRow {
        locator: Digest(row.locator.0),
        row_id: TransactionId(row.row_id),
        version: row.version,
        key_commitment: Digest(row.sealed.key_commitment),
    }
}
