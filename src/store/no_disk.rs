//! In the place of `rocks` where the program was compiled without the feature `disk`: no store on disk opens.

use std::path::Path;

use super::backend::{Backend, Batch, Durability, RawRow, Scan};
use super::error::StoreError;
use super::table::TableSpec;
use crate::limits::STORE_RESERVE_BYTES;

/// What the names of snapshots within a store's directory begin with.
pub const SNAPSHOT_PREFIX: &str = "snapshot-";

/// How a store on disk would be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Bytes of the cache that all tables would share.
    pub cache_bytes: usize,
    /// Bytes of the disk that would be left free.
    pub reserve_bytes: u64,
}

impl Default for StoreOptions {
    /// As with the feature.
    fn default() -> Self {
        Self { cache_bytes: 256 * 1024 * 1024, reserve_bytes: STORE_RESERVE_BYTES }
    }
}

/// Where there are no stores on disk, none waits for room.
pub fn has_room(_: &Path) -> bool {
    true
}

/// Tables on disk. There are none.
#[derive(Debug)]
pub enum RocksBackend {}

impl RocksBackend {
    /// Refuses.
    pub fn open(_: &Path, _: &[TableSpec], _: &StoreOptions) -> Result<Self, StoreError> {
        Err(StoreError::Io { detail: "this program was compiled without stores on disk".to_owned() })
    }
}

impl Backend for RocksBackend {
    fn get(&self, _: &'static str, _: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match *self {}
    }

    fn scan(&self, _: &'static str, _: &Scan<'_>) -> Result<Vec<RawRow>, StoreError> {
        match *self {}
    }

    fn write(&self, _: Batch, _: Durability) -> Result<(), StoreError> {
        match *self {}
    }

    fn tables(&self) -> Vec<&'static str> {
        match *self {}
    }

    fn failure(&self) -> Option<StoreError> {
        match *self {}
    }

    fn purge(&self, _: &'static str) -> Result<(), StoreError> {
        match *self {}
    }

    fn snapshot(&self, _: &Path) -> Result<(), StoreError> {
        match *self {}
    }

    fn flush(&self) -> Result<(), StoreError> {
        match *self {}
    }
}
