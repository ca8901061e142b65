//! What is flagged: the rows that a dispute has in the opener's feed, and the facilities in the lender's own.
//!
//! The rows wait for the next publication and go out among its others: on their own, right behind the leaf of their
//! dispute, they would tell everybody which locator is disputed at which lender.

use super::kept::OpenedDispute;
use crate::digest::TransactionId;
use crate::feed::NewRow;
use crate::limits::FEED_PAGE_ROWS_MAX;
use crate::model::facility::Facility;
use crate::model::record::{DisputeRecord, RecordId, RowContent};
use crate::node::Node;
use crate::node::consent::{ConsentError, Located};
use crate::node::opening::CONTENT_VERSION;
use crate::node::tables::{DISPUTE_ROWS, DISPUTE_ROWS_DUE, DISPUTED, DISPUTES_OPEN, OpenRow};
use crate::store::{Durability, StoreBatch, StoreError, TableKey as _};
use crate::threshold::{Point, RowContext, seal};
use crate::wire::codec;

impl Node {
    /// Under what a record's disputes are found. The id itself is nowhere on the disk outside a seal.
    pub(super) fn record_key(&self, record: &RecordId) -> [u8; 32] {
        self.at_rest.index("node_disputed", &record.0)
    }

    /// Under what the dispute of a row in the own feed is found.
    pub(super) fn row_key(&self, row_id: &[u8; 16]) -> [u8; 32] {
        self.at_rest.index("node_dispute_row", row_id)
    }

    /// Whether a row of the own feed is one of a dispute that was opened here.
    pub(in crate::node) fn is_dispute_row(&self, row_id: &[u8; 16]) -> Result<bool, StoreError> {
        self.store.contains(&DISPUTE_ROWS, &self.row_key(row_id))
    }

    /// Whether rows of disputes wait to be published.
    pub(in crate::node) fn dispute_rows_due(&self) -> Result<bool, StoreError> {
        Ok(!self.store.scan_prefix(&DISPUTE_ROWS_DUE, &[], None, 1)?.is_empty())
    }

    /// Seals the rows of disputes that wait, and puts into `changes` that they are published. To be called, and the
    /// changes written, under the guard of the steps.
    pub(in crate::node) fn seal_dispute_rows(
        &self,
        changes: &mut StoreBatch,
    ) -> Result<Vec<NewRow>, ConsentError> {
        let mut rows = Vec::new();
        for (id, ()) in self.store.scan_prefix(&DISPUTE_ROWS_DUE, &[], None, FEED_PAGE_ROWS_MAX)? {
            if rows.len() >= FEED_PAGE_ROWS_MAX {
                break;
            }
            changes.delete(&DISPUTE_ROWS_DUE, &id);
            if let Some(mut kept) = self.opened_dispute(TransactionId(id))? {
                rows.extend(self.seal_rows_of(&mut kept)?);
                kept.put(&self.records, changes);
            }
        }
        Ok(rows)
    }

    /// Marks the rows of open disputes that lie where rows are about to expire: a dispute stands until it is closed. Gives
    /// how many disputes have such rows.
    pub(in crate::node) fn renew_dispute_rows(&self) -> Result<u64, ConsentError> {
        let mut changes = StoreBatch::new();
        let mut renewed = 0;
        let end = OpenRow::OPENER;
        for ((_, id), _) in self.store.scan_prefix(&DISPUTES_OPEN, &end.to_bytes(), None, usize::MAX)? {
            let Some(kept) = self.opened_dispute(TransactionId(id))? else { continue };
            if kept.course.resolved.is_some() {
                continue;
            }
            for row in &kept.rows {
                if row.version > 0 && self.is_behind_horizon(&row.row_id)? {
                    changes.put(&DISPUTE_ROWS_DUE, &id, &());
                    renewed += 1;
                    break;
                }
            }
        }
        if renewed > 0 {
            self.store.commit(changes, Durability::Synced)?;
        }
        Ok(renewed)
    }

    fn seal_rows_of(&self, kept: &mut OpenedDispute) -> Result<Vec<NewRow>, StoreError> {
        let roster = self.roster();
        let withdrawn = kept.course.resolved.is_some();
        let content = if withdrawn {
            RowContent::Tombstone
        } else {
            RowContent::Dispute(DisputeRecord {
                record: kept.record,
                about: kept.course.about,
                opened: kept.course.opened,
            })
        };
        let plain = codec::encode_secret(CONTENT_VERSION, &content);
        let mut rows = Vec::new();
        for row in &mut kept.rows {
            // The feed has gone on where this record is part of an older copy.
            let newest = self.feeds.version(&self.me, &row.row_id)?;
            let is_known = newest <= row.version;
            row.version = row.version.max(newest);
            let stands = withdrawn || !self.is_behind_horizon(&row.row_id)?;
            let done = is_known && row.version > 0 && row.withdrawn == withdrawn && stands;
            // Closed before anybody saw it.
            if done || (withdrawn && row.version == 0) {
                continue;
            }
            // Under keys that are no more nobody opens it.
            let key = roster.epoch(row.epoch).and_then(|e| Point::from_bytes(&e.open.public_key.0).ok());
            let Some(key) = key else { continue };
            row.version += 1;
            row.withdrawn = withdrawn;
            let place = RowContext {
                network: self.network.as_str(),
                epoch: row.epoch,
                lender: self.me.as_str(),
                locator: &row.locator,
                row_id: &row.row_id,
                version: row.version,
            };
            let sealed = seal(&key, &place, plain.expose(), &*self.entropy)
                .expect("a dispute fits the smallest size class");
            let (epoch, locator, row_id, version) = (row.epoch, row.locator, row.row_id, row.version);
            rows.push(NewRow { epoch, locator, row_id, version, sealed });
        }
        Ok(rows)
    }

    /// What this member's own rows say is disputed about a person. Others open these rows; this member knows them.
    pub(in crate::node) fn own_dispute_records(
        &self,
        located: &Located,
    ) -> Result<Vec<DisputeRecord>, ConsentError> {
        let mut found: Vec<DisputeRecord> = Vec::new();
        for locator in &located.locators {
            for (lender, row) in self.feeds.under(locator)?.rows {
                if lender != self.me {
                    continue;
                }
                let id = self.store.get(&DISPUTE_ROWS, &self.row_key(&row.row_id))?;
                let kept = id.map(|id| self.opened_dispute(TransactionId(id))).transpose()?.flatten();
                let Some(kept) = kept.filter(|kept| kept.course.resolved.is_none()) else { continue };
                if found.iter().all(|known| known.record != kept.record) {
                    let (about, opened) = (kept.course.about, kept.course.opened);
                    found.push(DisputeRecord { record: kept.record, about, opened });
                }
            }
        }
        Ok(found)
    }

    /// Flags the facilities of a record that a client disputes here: the one that she named or, where the book knows no
    /// such one any more, all.
    pub(in crate::node) fn flag_disputed(
        &self,
        record: &RecordId,
        facilities: &mut [Facility],
    ) -> Result<(), ConsentError> {
        let prefix = self.record_key(record).to_bytes();
        for ((_, id), ()) in self.store.scan_prefix(&DISPUTED, &prefix, None, usize::MAX)? {
            let Some(kept) = self.received_dispute(TransactionId(id))? else { continue };
            let named = kept.course.statement().facility;
            let is_named = |facility: &Facility| named.as_ref().is_none_or(|named| named.is(facility));
            let any = facilities.iter().any(is_named);
            for facility in facilities.iter_mut() {
                facility.disputed |= !any || is_named(facility);
            }
        }
        Ok(())
    }
}
