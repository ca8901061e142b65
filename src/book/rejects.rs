//! Rejected rows of loads, kept encrypted for the clerk who must mend them.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::beside::Beside;
use super::loads::page_key;
use super::tables::REJECTS;
use super::{Book, BookError, LOANS_PER_PAGE};
use crate::formats::RejectReason;
use crate::secret::Entropy;
use crate::store::{Durability, StoreBatch};

/// A rejected row, as it is kept.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct StoredReject {
    /// Line in the file, from 1.
    pub line: u64,
    /// Field.
    pub field: String,
    /// Reason and way out, without the value.
    pub reason: String,
    /// The row as it stood in the file; empty when it was too long, or when too much is kept already.
    pub row: String,
    /// The reason as data, for readers of other languages; none where an older program kept the row.
    #[serde(skip)]
    #[zeroize(skip)]
    pub fault: Option<RejectReason>,
}

impl Beside for StoredReject {
    type Data = Option<RejectReason>;

    fn data(&self) -> Self::Data {
        self.fault.clone()
    }

    fn take(&mut self, data: Self::Data) {
        self.fault = data;
    }
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
    /// Keeps rejected rows of a load from place `first` on. Not synced: the load's own next row is.
    pub fn put_rejects(
        &self,
        load: u64,
        first: u64,
        rejects: &[StoredReject],
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        let mut batch = StoreBatch::new();
        for (place, reject) in (first..).zip(rejects) {
            let sealed = self.seal_with(REJECTS.spec().name, &page_key(load, place), reject, entropy);
            batch.put(&REJECTS, &(load, place), &sealed);
        }
        self.store.commit(batch, Durability::Unsynced)?;
        Ok(())
    }

    /// Rejected rows of a load.
    pub fn rejects(&self, load: u64) -> Result<Vec<StoredReject>, BookError> {
        let mut rejects = Vec::new();
        for ((_, place), sealed) in self.store.scan_prefix(&REJECTS, &load.to_be_bytes(), None, usize::MAX)? {
            rejects.push(self.open_with(REJECTS.spec().name, &page_key(load, place), &sealed)?);
        }
        Ok(rejects)
    }

    /// Forgets the rejected rows of a load.
    pub fn forget_rejects_in(&self, load: u64, batch: &mut StoreBatch) -> Result<(), BookError> {
        for (key, _) in self.store.scan_prefix(&REJECTS, &load.to_be_bytes(), None, usize::MAX)? {
            batch.delete(&REJECTS, &key);
        }
        Ok(())
    }

    /// Forgets the rejected rows of loads before `load`: they are persons' data, and the file is mended or never.
    pub fn forget_rejects(&self, load: u64) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let rows = self.store.scan_prefix(&REJECTS, &[], after.as_ref(), LOANS_PER_PAGE)?;
            after = rows.last().map(|(last, _)| *last);
            let mut batch = StoreBatch::new();
            for (key, _) in rows.iter().filter(|((number, _), _)| *number < load) {
                batch.delete(&REJECTS, key);
            }
            if batch.is_empty() {
                return Ok(());
            }
            self.store.commit(batch, Durability::Unsynced)?;
        }
    }
}
