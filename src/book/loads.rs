//! Loads: what came in when, from which file, with which figures, who released it; and the loans of a load that waits.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::hold_reason::{HoldReason, LoadRefusal, NotClosed};
use super::tables::{FILES, HELD, LOADS};
use super::{Book, BookError, Upserted};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::loan::Loan;
use crate::model::money::Currency;
use crate::secret::Entropy;
use crate::store::{Durability, StoreBatch};

/// Where a load stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadState {
    /// The file is being read, or the node stopped while it was: nothing of it is in the book.
    Reading,
    /// Held by the guard: nothing of it is in the book.
    Held,
    /// On its way into the book. If the node stops, it goes on by itself.
    Loading,
    /// In the book.
    Loaded,
    /// On its way out of the book. If the node stops, it goes on by itself.
    Undoing,
    /// Taken back out.
    Undone,
    /// Held, and never taken in.
    Discarded,
}

/// Figures of the running loans of one currency in a file. Amounts in major units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadFigure {
    /// The currency.
    pub currency: Currency,
    /// Running loans.
    pub loans: u64,
    /// Sum of what is owed on them.
    pub outstanding: Amount,
    /// Median of what is owed on them, the lower of the middle two.
    pub median: Amount,
}

/// One load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// Number, from 1.
    pub number: u64,
    /// When it began.
    pub time: UnixTime,
    /// Name of the file, as the clerk gave it, without its folder.
    pub file: String,
    /// SHA-256 of the file; zero while it is being read.
    pub digest: Digest,
    /// Form of the file.
    pub format: String,
    /// Whether it was said to be the full portfolio.
    pub full_portfolio: bool,
    /// Latest as-of date in it.
    pub as_of: Option<Day>,
    /// Where it stands.
    pub state: LoadState,
    /// Rows taken.
    pub good: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows that are no facilities, as applications not disbursed.
    pub skipped: u64,
    /// Figures of the file by currency.
    pub figures: Vec<LoadFigure>,
    /// What it changed in the book.
    #[serde(rename = "book")]
    pub changes: Upserted,
    /// Why no loan was closed for being absent, though the file was said to be the full portfolio.
    pub not_closed: Option<String>,
    /// Why the guard held it: figures in words.
    pub held_for: Vec<String>,
    /// The same as figures, for readers of other languages. Empty of a load that an older program kept.
    #[serde(skip)]
    pub hold_reasons: Vec<HoldReason>,
    /// What [`Self::not_closed`] says, as data; none where an older program kept the load.
    #[serde(skip)]
    pub not_closed_for: Option<NotClosed>,
    /// Who released, discarded or undid it.
    pub decided_by: Option<String>,
}

/// How far a load is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadStage {
    /// Pages of loans that were read.
    pub pages: u64,
    /// Pages of them that are in the book.
    pub applied: u64,
    /// Branches that the load covers whole, with the day of its figures of each: running loans of theirs that are
    /// older and not named have ended. Empty when nothing is to be closed.
    pub closing: BTreeMap<String, Day>,
}

impl LoadStage {
    /// The day on which a loan of the book ended if the load does not name it; none when the load does not say.
    pub fn closes(&self, loan: &Loan) -> Option<Day> {
        let day = *self.closing.get(&loan.branch)?;
        (loan.facility.status.is_active() && loan.as_of < day).then_some(day)
    }
}

/// A load as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadEntry {
    /// What is told of it.
    pub load: Load,
    /// How far it is.
    pub stage: LoadStage,
}

/// What is kept beside an entry since the second version of its row.
#[derive(Serialize, Deserialize)]
pub(super) struct Reasons {
    held: Vec<HoldReason>,
    not_closed: Option<NotClosed>,
}

impl Beside for LoadEntry {
    type Data = Reasons;

    fn data(&self) -> Reasons {
        let Load { hold_reasons, not_closed_for, .. } = &self.load;
        Reasons { held: hold_reasons.clone(), not_closed: not_closed_for.clone() }
    }

    fn take(&mut self, data: Reasons) {
        self.load.hold_reasons = data.held;
        self.load.not_closed_for = data.not_closed;
    }
}

impl Book {
    /// Number for the next load.
    pub fn next_load(&self) -> Result<u64, BookError> {
        Ok(self.store.last(&LOADS, &[])?.map_or(1, |(number, _)| number + 1))
    }

    /// Keeps a load.
    pub fn put_load(&self, entry: &LoadEntry, entropy: &dyn Entropy) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        self.put_load_in(entry, &mut batch, entropy);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Keeps a load as part of a batch.
    pub fn put_load_in(&self, entry: &LoadEntry, batch: &mut StoreBatch, entropy: &dyn Entropy) {
        let load = &entry.load;
        let sealed = self.seal_with(LOADS.spec().name, &load.number.to_be_bytes(), entry, entropy);
        batch.put(&LOADS, &load.number, &sealed);
        let file = self.at_rest.index(FILES.spec().name, &load.digest.0);
        match load.state {
            LoadState::Loaded => {
                batch.put(&FILES, &file, &load.number);
            }
            LoadState::Undone => {
                batch.delete(&FILES, &file);
            }
            _ => {}
        }
    }

    /// Forgets a load of which nothing came into the book, its loans and its rejected rows.
    pub fn drop_load(&self, number: u64) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        self.forget_held_in(number, &mut batch)?;
        self.forget_rejects_in(number, &mut batch)?;
        batch.delete(&LOADS, &number);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// A load by its number, as it is kept.
    pub fn load_entry(&self, number: u64) -> Result<LoadEntry, BookError> {
        let missing = BookError::Load { number, why: LoadRefusal::Unknown };
        let sealed = self.store.get(&LOADS, &number)?.ok_or(missing)?;
        self.open_with(LOADS.spec().name, &number.to_be_bytes(), &sealed)
    }

    /// Every load as it is kept, oldest first.
    pub fn load_entries(&self) -> Result<Vec<LoadEntry>, BookError> {
        let mut entries = Vec::new();
        for (number, sealed) in self.store.scan_prefix(&LOADS, &[], None, usize::MAX)? {
            entries.push(self.open_with(LOADS.spec().name, &number.to_be_bytes(), &sealed)?);
        }
        Ok(entries)
    }

    /// Up to `limit` loads, oldest first, those up to and including `after` left out; and after which the next page begins.
    pub fn loads_page(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<Load>, Option<u64>), BookError> {
        let sealed = self.store.scan_prefix(&LOADS, &[], after.as_ref(), limit)?;
        let next = if sealed.len() < limit { None } else { sealed.last().map(|(number, _)| *number) };
        let mut loads = Vec::new();
        for (number, sealed) in sealed {
            let entry: LoadEntry = self.open_with(LOADS.spec().name, &number.to_be_bytes(), &sealed)?;
            loads.push(entry.load);
        }
        Ok((loads, next))
    }

    /// Every load, oldest first.
    pub fn loads(&self) -> Result<Vec<Load>, BookError> {
        Ok(self.load_entries()?.into_iter().map(|entry| entry.load).collect())
    }

    /// The load that last took in a file with this hash and was not undone.
    pub fn load_of_file(&self, digest: &Digest) -> Result<Option<u64>, BookError> {
        Ok(self.store.get(&FILES, &self.at_rest.index(FILES.spec().name, &digest.0))?)
    }

    /// Keeps a page of a load's loans until they are in the book. Not synced: the load's own next row is.
    pub fn hold(&self, load: u64, page: u64, loans: &[Loan], entropy: &dyn Entropy) -> Result<(), BookError> {
        let key = (load, page);
        let sealed = self.seal(HELD.spec().name, &page_key(load, page), &loans, entropy);
        let mut batch = StoreBatch::new();
        batch.put(&HELD, &key, &sealed);
        self.store.commit(batch, Durability::Unsynced)?;
        Ok(())
    }

    /// A page of a load's loans.
    pub fn held(&self, load: u64, page: u64) -> Result<Vec<Loan>, BookError> {
        let lost = BookError::Load { number: load, why: LoadRefusal::PageLost };
        let sealed = self.store.get(&HELD, &(load, page))?.ok_or(lost)?;
        self.open(HELD.spec().name, &page_key(load, page), &sealed)
    }

    /// Forgets the pages of a load.
    pub fn forget_held_in(&self, load: u64, batch: &mut StoreBatch) -> Result<(), BookError> {
        let mut after: Option<(u64, u64)> = None;
        loop {
            // The values are some hundred KiB each.
            let rows = self.store.scan_prefix(&HELD, &load.to_be_bytes(), after.as_ref(), 16)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(*last);
            for (key, _) in &rows {
                batch.delete(&HELD, key);
            }
        }
    }
}

/// What a row of a load's pages or rejects is bound to.
pub(super) fn page_key(load: u64, page: u64) -> [u8; 16] {
    let mut key = [0u8; 16];
    key[..8].copy_from_slice(&load.to_be_bytes());
    key[8..].copy_from_slice(&page.to_be_bytes());
    key
}
