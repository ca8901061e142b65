//! Typed tables on a small backend seam: RocksDB on disk, and memory for tests and simulation.
//!
//! A module declares its tables as constants ([`Table`]) and hands their [`TableSpec`]s to whoever opens the store.
//! Values carry a version; a store remembers which version each table was written in and which node it belongs to.
//!
//! Calls block. What is acknowledged to anybody is committed with [`Durability::Synced`] first; once a write has
//! failed, the store refuses all later ones until it is opened anew.

mod backend;
mod error;
mod key;
mod memory;
mod rocks;
mod schema;
mod table;

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use backend::{Backend, Batch, Change, Durability, RawRow, Scan};
pub use error::StoreError;
pub use key::{KeyError, TableKey};
pub use memory::{FaultPlan, MemoryBackend, Reopen};
pub use rocks::{RocksBackend, SNAPSHOT_PREFIX, StoreOptions, has_room};
pub use table::{Rows, Table, TableSpec};

use crate::limits::STORED_VALUE_BYTES_MAX;

/// Rows that [`Store::for_each`] reads at a time.
const PAGE_ROWS: usize = 1024;

/// The tables of a node. Cheap to clone; all clones are the same store.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
}

impl Store {
    /// Opens the store in `directory`, or makes it, with exactly these tables.
    ///
    /// Refused when another process has it open, when a newer program wrote it, when a table of it is too old, and
    /// when it has a table that is not named here.
    pub fn open(directory: &Path, tables: &[TableSpec], options: &StoreOptions) -> Result<Self, StoreError> {
        let backend = RocksBackend::open(directory, &schema::with_own_table(tables)?, options)?;
        Self::with_backend(Arc::new(backend), tables)
    }

    /// An empty store in memory.
    pub fn memory(tables: &[TableSpec]) -> Result<Self, StoreError> {
        let backend = Self::memory_backend(tables)?;
        Self::with_backend(Arc::new(backend), tables)
    }

    /// The backend of a store in memory, for tests that plan faults on it or reopen it.
    pub fn memory_backend(tables: &[TableSpec]) -> Result<MemoryBackend, StoreError> {
        Ok(MemoryBackend::new(&schema::with_own_table(tables)?))
    }

    /// The backend of a store in memory as a snapshot of one in memory has it.
    pub fn memory_snapshot(folder: &Path, tables: &[TableSpec]) -> Result<MemoryBackend, StoreError> {
        MemoryBackend::from_snapshot(folder, &schema::with_own_table(tables)?)
    }

    /// The store on a backend that has these tables, after the same checks as [`Store::open`].
    pub fn with_backend(backend: Arc<dyn Backend>, tables: &[TableSpec]) -> Result<Self, StoreError> {
        let store = Self { backend };
        schema::check(&store, tables)?;
        Ok(store)
    }

    /// Binds the store to one member of one network, for ever: the first call writes `identity`, later ones refuse
    /// any other. Not a secret; it stands in error texts.
    pub fn bind_identity(&self, identity: &str) -> Result<(), StoreError> {
        schema::bind_identity(self, identity)
    }

    /// The member and network that the store is bound to, if it is.
    pub fn identity(&self) -> Result<Option<String>, StoreError> {
        schema::identity(self)
    }

    /// The value at `key`.
    pub fn get<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        key: &K,
    ) -> Result<Option<V>, StoreError> {
        let key = key.to_bytes();
        match self.backend.get(table.spec().name, &key)? {
            Some(bytes) => table.decode_value(&key, &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Whether there is a row at `key`. The value is not decoded.
    pub fn contains<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        key: &K,
    ) -> Result<bool, StoreError> {
        Ok(self.backend.get(table.spec().name, &key.to_bytes())?.is_some())
    }

    /// Up to `limit` rows whose keys begin with the bytes of `prefix` (empty for all), in the order of the keys,
    /// those up to and including `after` left out. Fewer than `limit` means that there are no more.
    pub fn scan_prefix<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        prefix: &[u8],
        after: Option<&K>,
        limit: usize,
    ) -> Result<Vec<(K, V)>, StoreError> {
        let after = after.map(TableKey::to_bytes);
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.scan(table, &Scan { prefix, start, reverse: false, limit })
    }

    /// Like [`Store::scan_prefix`], from large keys to small ones, those from `before` on left out.
    pub fn scan_prefix_back<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        prefix: &[u8],
        before: Option<&K>,
        limit: usize,
    ) -> Result<Vec<(K, V)>, StoreError> {
        let before = before.map(TableKey::to_bytes);
        let start = before.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.scan(table, &Scan { prefix, start, reverse: true, limit })
    }

    /// Like [`Store::scan_prefix`], with none in place of a value that is not what was written: for whoever looks for
    /// such rows, or takes them away.
    pub fn scan_prefix_damaged<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        prefix: &[u8],
        after: Option<&K>,
        limit: usize,
    ) -> Result<Vec<(K, Option<V>)>, StoreError> {
        let after = after.map(TableKey::to_bytes);
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.backend.scan(table.spec().name, &Scan { prefix, start, reverse: false, limit })?;
        rows.into_iter()
            .map(|(key, value)| Ok((table.decode_key(&key)?, table.decode_value(&key, &value).ok())))
            .collect()
    }

    /// The row with the largest key that begins with the bytes of `prefix`.
    pub fn last<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        prefix: &[u8],
    ) -> Result<Option<(K, V)>, StoreError> {
        Ok(self.scan_prefix_back(table, prefix, None, 1)?.pop())
    }

    /// Hands every row whose key begins with the bytes of `prefix` to `visit`, in the order of the keys, and reads
    /// them a page at a time: rows that change meanwhile are seen before or after the change. Stops at the first
    /// error, `visit`'s included.
    pub fn for_each<K: TableKey, V: Serialize + DeserializeOwned, E: From<StoreError>>(
        &self,
        table: &Table<K, V>,
        prefix: &[u8],
        mut visit: impl FnMut(K, V) -> Result<(), E>,
    ) -> Result<(), E> {
        let name = table.spec().name;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            let page = self.backend.scan(name, &Scan { prefix, start, reverse: false, limit: PAGE_ROWS })?;
            let is_last = page.len() < PAGE_ROWS;
            for (key, value) in page {
                visit(table.decode_key(&key)?, table.decode_value(&key, &value)?)?;
                after = Some(key);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn scan<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        scan: &Scan<'_>,
    ) -> Result<Vec<(K, V)>, StoreError> {
        let rows = self.backend.scan(table.spec().name, scan)?;
        rows.into_iter()
            .map(|(key, value)| Ok((table.decode_key(&key)?, table.decode_value(&key, &value)?)))
            .collect()
    }

    /// Makes all changes of the batch or none. An empty batch does nothing.
    pub fn commit(&self, batch: StoreBatch, durability: Durability) -> Result<(), StoreError> {
        if let Some((table, bytes)) = batch.too_large {
            return Err(StoreError::TooLarge { table, bytes, bytes_max: STORED_VALUE_BYTES_MAX });
        }
        if batch.changes.is_empty() {
            return Ok(());
        }
        self.backend.write(batch.changes, durability)
    }

    /// Whether an earlier write failed, so that the store refuses all later ones.
    pub fn is_failed(&self) -> bool {
        self.failure().is_some()
    }

    /// What later writes are refused with, since an earlier one failed.
    pub fn failure(&self) -> Option<StoreError> {
        self.backend.failure()
    }

    /// Makes sure that rows of a table that were overwritten or taken away are in no file of the store any more. Reads
    /// and writes go on meanwhile. The files' old blocks on the disk itself are the file system's.
    pub fn purge<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
    ) -> Result<(), StoreError> {
        self.backend.purge(table.spec().name)
    }

    /// Writes out what is still in memory, before the process ends: the next open is faster. Nothing acknowledged
    /// depends on it.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.backend.flush()
    }

    /// Writes the store as it is at this moment into a new folder on the same disk, from where [`Store::open`] opens it.
    pub fn snapshot(&self, folder: &Path) -> Result<(), StoreError> {
        self.backend.snapshot(folder)
    }

    /// The version in which each table is written.
    pub fn versions(&self) -> Result<std::collections::BTreeMap<String, u8>, StoreError> {
        schema::versions(self)
    }

    /// Marks the store as one that was put back from a snapshot, which says in words which one it was.
    pub fn mark_restored(&self, from: &str) -> Result<(), StoreError> {
        schema::mark_restored(self, from)
    }

    /// Which snapshot the store was put back from, until whoever runs it knows that it is whole again.
    pub fn restored(&self) -> Result<Option<String>, StoreError> {
        schema::restored(self)
    }

    /// Takes the mark away, in the write that says that the store is whole again.
    pub fn whole_again(batch: &mut StoreBatch) {
        schema::whole_again(batch);
    }

    /// The backend, for backups and measurements.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }
}

/// Changes to be made together by [`Store::commit`].
#[derive(Debug, Default)]
#[must_use = "a batch does nothing until it is committed"]
pub struct StoreBatch {
    changes: Batch,
    too_large: Option<(&'static str, usize)>,
}

impl StoreBatch {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `value` at `key`, over what is there. Of two changes of one row the later counts.
    pub fn put<K: TableKey, V: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, V>,
        key: &K,
        value: &V,
    ) -> &mut Self {
        let name = table.spec().name;
        let bytes = table.encode_value(value);
        if bytes.len() > STORED_VALUE_BYTES_MAX {
            // Kept for `commit` to refuse, so that building a batch stays a chain of calls.
            self.too_large.get_or_insert((name, bytes.len()));
        }
        self.changes.push(Change { table: name, key: key.to_bytes(), value: Some(bytes) });
        self
    }

    /// Takes the row at `key` away, if there is one.
    pub fn delete<K: TableKey, V: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, V>,
        key: &K,
    ) -> &mut Self {
        self.changes.push(Change { table: table.spec().name, key: key.to_bytes(), value: None });
        self
    }

    /// The value that this batch writes at `key`; `None` when it does not write that row, or takes it away.
    pub fn written<K: TableKey, V: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, V>,
        key: &K,
    ) -> Result<Option<V>, StoreError> {
        let (name, key) = (table.spec().name, key.to_bytes());
        let last = self.changes.iter().rev().find(|change| change.table == name && change.key == key);
        last.and_then(|change| change.value.as_ref()).map(|bytes| table.decode_value(&key, bytes)).transpose()
    }

    /// Adds the changes of another batch behind these.
    pub fn append(&mut self, mut other: Self) -> &mut Self {
        self.changes.append(&mut other.changes);
        self.too_large = self.too_large.or(other.too_large);
        self
    }

    /// Number of changes.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

#[cfg(test)]
mod tests;
