//! Loads: what came in when, from which file, with which figures, who released it; rejected rows, kept encrypted.

use serde::{Deserialize, Serialize};

use super::tables::{FILES, HELD, LOADS, REJECTS, UNDO};
use super::{Book, BookError, Upserted};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::day::Day;
use crate::model::loan::Loan;
use crate::secret::Entropy;
use crate::store::{Durability, StoreBatch};

/// Where a load stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadState {
    /// Rows are coming in, or the node stopped in the middle: load the file again.
    Loading,
    /// Held by the guard.
    Held,
    /// In the book.
    Loaded,
    /// Taken back out.
    Undone,
}

/// One load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Number, from 1.
    pub number: u64,
    /// When it began.
    pub time: UnixTime,
    /// Name of the file, as the clerk gave it, without its folder.
    pub file: String,
    /// Hash of the file.
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
    /// What it changed.
    pub new: u64,
    /// Loans whose figures changed.
    pub changed: u64,
    /// Loans that were there just so.
    pub unchanged: u64,
    /// Rows older than the book.
    pub older: u64,
    /// Loans closed for not being named.
    pub closed: u64,
    /// Why the guard held it: figures in words.
    pub held_for: Vec<String>,
    /// Who released or undid it.
    pub decided_by: Option<String>,
}

impl Load {
    /// Adds what an upsert changed.
    pub fn add(&mut self, done: &Upserted) {
        self.new += done.new;
        self.changed += done.changed;
        self.unchanged += done.unchanged;
        self.older += done.older;
        self.closed += done.closed;
    }
}

/// A rejected row, as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredReject {
    /// Line in the file, from 1.
    pub line: u64,
    /// Field.
    pub field: String,
    /// Reason and way out, without the value.
    pub reason: String,
    /// The row as it stood in the file.
    pub row: String,
}

impl std::fmt::Debug for StoredReject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The row holds a person's data.
        f.debug_struct("StoredReject")
            .field("line", &self.line)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

impl Book {
    /// Number for the next load.
    pub fn next_load(&self) -> Result<u64, BookError> {
        Ok(self.store.last(&LOADS, &[])?.map_or(1, |(number, _)| number + 1))
    }

    /// Keeps a load.
    pub fn put_load(&self, load: &Load, entropy: &dyn Entropy) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        self.put_load_in(load, &mut batch, entropy);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Keeps a load as part of a batch.
    pub fn put_load_in(&self, load: &Load, batch: &mut StoreBatch, entropy: &dyn Entropy) {
        let sealed = self.seal(LOADS.spec().name, &load.number.to_be_bytes(), load, entropy);
        batch.put(&LOADS, &load.number, &sealed);
        if load.state == LoadState::Loaded {
            batch.put(&FILES, &self.at_rest.index(FILES.spec().name, &load.digest.0), &load.number);
        }
    }

    /// A load by its number.
    pub fn load(&self, number: u64) -> Result<Load, BookError> {
        let missing = BookError::Load { number, why: "is not known; `tally import list` shows the loads" };
        let sealed = self.store.get(&LOADS, &number)?.ok_or(missing)?;
        self.open(LOADS.spec().name, &number.to_be_bytes(), &sealed)
    }

    /// Every load, oldest first.
    pub fn loads(&self) -> Result<Vec<Load>, BookError> {
        let mut loads = Vec::new();
        for (number, sealed) in self.store.scan_prefix(&LOADS, &[], None, usize::MAX)? {
            loads.push(self.open(LOADS.spec().name, &number.to_be_bytes(), &sealed)?);
        }
        Ok(loads)
    }

    /// The load that last took in a file with this hash.
    pub fn load_of_file(&self, digest: &Digest) -> Result<Option<u64>, BookError> {
        Ok(self.store.get(&FILES, &self.at_rest.index(FILES.spec().name, &digest.0))?)
    }

    /// Keeps loans of a load that the guard holds.
    pub fn hold(&self, load: u64, page: u64, loans: &[Loan], entropy: &dyn Entropy) -> Result<(), BookError> {
        let key = (load, page);
        let sealed = self.seal(HELD.spec().name, &page_key(load, page), &loans, entropy);
        let mut batch = StoreBatch::new();
        batch.put(&HELD, &key, &sealed);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// A page of held loans.
    pub fn held(&self, load: u64, page: u64) -> Result<Option<Vec<Loan>>, BookError> {
        match self.store.get(&HELD, &(load, page))? {
            Some(sealed) => Ok(Some(self.open(HELD.spec().name, &page_key(load, page), &sealed)?)),
            None => Ok(None),
        }
    }

    /// Forgets the held pages of a load, and what undoing loads before it would need.
    pub fn forget_held(&self, load: u64) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        for (key, _) in self.store.scan_prefix(&HELD, &load.to_be_bytes(), None, usize::MAX)? {
            batch.delete(&HELD, &key);
        }
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Whether anything of a load can still be undone.
    pub fn can_undo(&self, load: u64) -> Result<bool, BookError> {
        Ok(!self.store.scan_prefix(&UNDO, &load.to_be_bytes(), None, 1)?.is_empty())
    }

    /// Keeps rejected rows of a load, in place of those kept before.
    pub fn put_rejects(
        &self,
        load: u64,
        first: u64,
        rejects: &[StoredReject],
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        for (place, reject) in (first..).zip(rejects) {
            let sealed = self.seal(REJECTS.spec().name, &page_key(load, place), reject, entropy);
            batch.put(&REJECTS, &(load, place), &sealed);
        }
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Rejected rows of a load.
    pub fn rejects(&self, load: u64) -> Result<Vec<StoredReject>, BookError> {
        let mut rejects = Vec::new();
        for ((_, place), sealed) in self.store.scan_prefix(&REJECTS, &load.to_be_bytes(), None, usize::MAX)? {
            rejects.push(self.open(REJECTS.spec().name, &page_key(load, place), &sealed)?);
        }
        Ok(rejects)
    }
}

fn page_key(load: u64, page: u64) -> [u8; 16] {
    let mut key = [0u8; 16];
    key[..8].copy_from_slice(&load.to_be_bytes());
    key[8..].copy_from_slice(&page.to_be_bytes());
    key
}
