//! What the leaves of a log say about consents and their uses: kept per owner, for own and mirrored logs alike.

use std::collections::BTreeMap;

use super::reported::{self, ReportedDay, ReportedRecorder};
use super::tables::{
    CONSENT_CODES, CONSENTS, ConsentRow, LogKey, MARKET, MarketRow, USES, UseEntry, WITHDRAWALS, WITHDRAWN,
};
use crate::clock::UnixTime;
use crate::digest::{Digest, WithdrawalCode};
use crate::limits::MARKET_COUNTS_READ_MAX;
use crate::model::consent::ConsentState;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::store::{Durability, Store, StoreBatch, StoreError, TableKey as _};

/// A consent as a log tells it.
pub type ConsentEntry = ConsentRow;

/// Reads and keeps the register.
#[derive(Clone, Debug)]
pub struct Register {
    store: Store,
}

impl Register {
    /// The register in `store`.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The consent whose leaf is `index` in the log of `owner`.
    pub fn consent(&self, owner: &MemberId, index: u64) -> Result<Option<ConsentEntry>, StoreError> {
        self.store.get(&CONSENTS, &LogKey::new(owner, index))
    }

    /// Every consent in any log that is here.
    pub fn each_consent(&self, mut visit: impl FnMut(&ConsentEntry)) -> Result<(), StoreError> {
        self.store.for_each(&CONSENTS, &[], |_, consent| {
            visit(&consent);
            Ok(())
        })
    }

    /// Notes the codes of the consents in a store that was written before their codes were noted: done once.
    pub fn note_codes(&self) -> Result<(), StoreError> {
        if !self.store.scan_prefix(&CONSENT_CODES, &[], None, 1)?.is_empty() {
            return Ok(());
        }
        let mut batch = StoreBatch::new();
        self.store.for_each(&CONSENTS, &[], |place, consent| {
            batch.put(&CONSENT_CODES, &(consent.withdrawal.0, place.owner.to_string(), place.index), &());
            Ok::<_, StoreError>(())
        })?;
        // In one write: half of it would be taken for all.
        if batch.is_empty() { Ok(()) } else { self.store.commit(batch, Durability::Synced) }
    }

    /// Whether the log of `owner` has a consent of that withdrawal hash.
    pub fn has_code(&self, owner: &MemberId, withdrawal: &Digest) -> Result<bool, StoreError> {
        let prefix = (withdrawal.0, owner.to_string()).to_bytes();
        Ok(!self.store.scan_prefix(&CONSENT_CODES, &prefix, None, 1)?.is_empty())
    }

    /// The opening on which use `number` of that consent was spent first.
    pub fn spent(&self, owner: &MemberId, index: u64, number: u16) -> Result<Option<UseEntry>, StoreError> {
        self.store.get(&USES, &(owner.to_string(), index, number))
    }

    /// Whether a code with that hash was presented anywhere that this node has heard of.
    pub fn code_presented(&self, withdrawal: &Digest) -> Result<bool, StoreError> {
        Ok(self.store.get(&WITHDRAWN, &withdrawal.0)?.is_some())
    }

    /// Where a consent stands at `now`, by log and by presented codes.
    pub fn state(&self, entry: &ConsentEntry, now: UnixTime) -> Result<ConsentState, StoreError> {
        let withdrawn = entry.withdrawn || self.code_presented(&entry.withdrawal)?;
        Ok(entry.terms.state(now, entry.uses_opened, withdrawn))
    }

    /// What the log of `owner` says about reporting on its last `count` days, in order: day (since 1970) and counts.
    pub fn reported(&self, owner: &MemberId, count: u32) -> Result<Vec<(u32, ReportedDay)>, StoreError> {
        reported::days(&self.store, owner, count)
    }

    /// The last day of the log of `owner` (since 1970) on which something was reported or asked for.
    pub fn last_day(&self, owner: &MemberId) -> Result<Option<u32>, StoreError> {
        reported::last_day(&self.store, owner)
    }

    /// What the log of `owner` says that it counted for market figures, the newest, in the order of the log.
    pub fn market(&self, owner: &MemberId) -> Result<Vec<MarketRow>, StoreError> {
        let prefix = owner.to_string().to_bytes();
        let mut rows = self.store.scan_prefix_back(&MARKET, &prefix, None, MARKET_COUNTS_READ_MAX)?;
        rows.reverse();
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Takes in a presented withdrawal code that is not known, with the batch that logs it. One at a time: the next is
    /// begun when the batch of the last is written.
    pub fn withdraw(
        &self,
        code: &WithdrawalCode,
        now: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<(), StoreError> {
        let next = self.store.last(&WITHDRAWALS, &[])?.map_or(0, |(count, _)| count + 1);
        batch.put(&WITHDRAWN, &code.hash().0, &now);
        batch.put(&WITHDRAWALS, &next, code);
        Ok(())
    }

    /// Codes after the first `after` that reached this node, at most `limit`.
    pub fn codes_after(&self, after: u64, limit: usize) -> Result<Vec<WithdrawalCode>, StoreError> {
        let last = after.checked_sub(1);
        Ok(self
            .store
            .scan_prefix(&WITHDRAWALS, &[], last.as_ref(), limit)?
            .into_iter()
            .map(|(_, c)| c)
            .collect())
    }
}

/// Turns leaves, in order, into changes of the register. What earlier leaves of the same batch changed is seen
/// by the later ones.
pub(super) struct Recorder<'a> {
    store: &'a Store,
    owner: &'a MemberId,
    /// Whether everything is told again from the first leaf, so that nothing in the store counts.
    anew: bool,
    consents: BTreeMap<u64, ConsentRow>,
    uses: BTreeMap<(u64, u16), UseEntry>,
    market: BTreeMap<u64, MarketRow>,
    reported: ReportedRecorder<'a>,
}

impl<'a> Recorder<'a> {
    /// For leaves of another log, which count for no day later than `latest`.
    pub(super) fn new(store: &'a Store, owner: &'a MemberId, latest: UnixTime) -> Self {
        let reported = ReportedRecorder::new(store, owner, false, latest);
        let (consents, uses, market) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { store, owner, anew: false, consents, uses, market, reported }
    }

    /// For the own log, which was written by the own clock.
    pub(super) fn own(store: &'a Store, owner: &'a MemberId) -> Self {
        Self::new(store, owner, UnixTime(i64::MAX))
    }

    /// For the own log, told again from its first leaf.
    pub(super) fn anew(store: &'a Store, owner: &'a MemberId) -> Self {
        let reported = ReportedRecorder::new(store, owner, true, UnixTime(i64::MAX));
        Self { anew: true, reported, ..Self::own(store, owner) }
    }

    pub(super) fn record(&mut self, index: u64, hash: Digest, leaf: &Leaf) -> Result<(), StoreError> {
        match &leaf.body {
            LeafBody::ConsentGiven { terms, withdrawal, epoch, locate, footprint, .. } => {
                let row = ConsentRow {
                    hash,
                    time: leaf.time,
                    terms: terms.clone(),
                    withdrawal: *withdrawal,
                    epoch: *epoch,
                    locate: *locate,
                    footprint: *footprint,
                    withdrawn: false,
                    uses_opened: 0,
                };
                self.consents.insert(index, row);
            }
            LeafBody::ConsentWithdrawn { consent } => {
                if let Some(mut row) = self.consent(consent.index)? {
                    row.withdrawn = true;
                    self.consents.insert(consent.index, row);
                }
            }
            LeafBody::InquiryOpened { consent, r#use, points, .. } => {
                let Some(mut row) = self.consent(consent.index)? else {
                    return self.reported.record(index, leaf);
                };
                let key = (consent.index, *r#use);
                let spent = match self.uses.get(&key) {
                    Some(_) => true,
                    None if self.anew => false,
                    None => self.store.get(&USES, &(self.owner.to_string(), key.0, key.1))?.is_some(),
                };
                // The first opening under a use is the one that counts; a second leaf for it changes nothing here,
                // so that a request for it finds the use spent on other points.
                if !spent {
                    row.uses_opened = row.uses_opened.saturating_add(1);
                    self.consents.insert(consent.index, row);
                    self.uses.insert(key, UseEntry { opening: index, points: points.digest });
                }
            }
            LeafBody::MarketCounted { month, epsilon_thousandths, covers, of, clients } => {
                let (month, epsilon_thousandths, clients) = (*month, *epsilon_thousandths, *clients);
                let (time, covers, of) = (leaf.time, *covers, *of);
                let row = MarketRow { time, month, epsilon_thousandths, covers, of, clients };
                self.market.insert(index, row);
            }
            _ => {}
        }
        self.reported.record(index, leaf)
    }

    fn consent(&self, index: u64) -> Result<Option<ConsentRow>, StoreError> {
        match self.consents.get(&index) {
            Some(row) => Ok(Some(row.clone())),
            None if self.anew => Ok(None),
            None => self.store.get(&CONSENTS, &LogKey::new(self.owner, index)),
        }
    }

    pub(super) fn finish(self, batch: &mut StoreBatch) {
        for (index, row) in &self.consents {
            batch.put(&CONSENTS, &LogKey::new(self.owner, *index), row);
            batch.put(&CONSENT_CODES, &(row.withdrawal.0, self.owner.to_string(), *index), &());
        }
        for ((index, number), entry) in &self.uses {
            batch.put(&USES, &(self.owner.to_string(), *index, *number), entry);
        }
        for (index, row) in &self.market {
            batch.put(&MARKET, &(self.owner.to_string(), *index), row);
        }
        self.reported.finish(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::leaf::PointsReference;

    #[test]
    fn codes_of_consents_that_were_there_before_are_noted_once() {
        let store = Store::memory(super::super::TABLES).unwrap();
        let owner: MemberId = "lender-a".parse().unwrap();
        let points = PointsReference { count: 1, digest: Digest([2; 32]) };
        let terms = serde_json::json!({
            "consent": "c1".repeat(16), "purpose": "loan-application", "from": 0, "until": 9, "uses": 1,
            "weak_matches": false, "notice": {"language": "km", "version": "2026-1", "hash": "aa".repeat(32)},
            "evidence": "signed-form",
        });
        let row = |code: u8| ConsentRow {
            hash: Digest([1; 32]),
            time: UnixTime(5),
            terms: serde_json::from_value(terms.clone()).unwrap(),
            withdrawal: Digest([code; 32]),
            epoch: 1,
            locate: points,
            footprint: points,
            withdrawn: false,
            uses_opened: 0,
        };
        let mut batch = StoreBatch::new();
        batch.put(&CONSENTS, &LogKey::new(&owner, 3), &row(7));
        store.commit(batch, Durability::Synced).unwrap();
        let register = Register::new(store);
        assert!(!register.has_code(&owner, &Digest([7; 32])).unwrap());
        for _ in 0..2 {
            register.note_codes().unwrap();
            assert!(register.has_code(&owner, &Digest([7; 32])).unwrap());
        }
        assert!(!register.has_code(&owner, &Digest([8; 32])).unwrap());
        // A name that begins alike is another member's.
        assert!(!register.has_code(&"lender".parse().unwrap(), &Digest([7; 32])).unwrap());
    }
}
