//! A table: a name, the types of its keys and values, and how its rows lie on disk.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::key::TableKey;
use crate::wire::codec::{self, CodecError};

/// How the rows of a table lie on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Ordinary values: compressed.
    Plain,
    /// Sealed values and hashes: they do not compress, so nothing is spent on trying.
    Sealed,
}

/// What a backend must know of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// Its name, in the store for ever.
    pub name: &'static str,
    /// The version in which values are written.
    pub version: u8,
    /// The oldest version that can be read.
    pub oldest: u8,
    /// How its rows lie on disk.
    pub rows: Rows,
    /// Bytes at the front of every key by which rows are looked up together, if there are such.
    pub prefix_bytes: Option<usize>,
}

type Upgrade<V> = fn(u8, &[u8]) -> Result<V, CodecError>;

/// A table with keys `K` and values `V`, made as a constant by the module that owns it:
///
/// ```
/// use tallystick::store::Table;
///
/// /// Number of live rows, by member.
/// const LIVE_ROWS: Table<String, u64> = Table::new("live_rows", 1);
/// # let _ = LIVE_ROWS;
/// ```
///
/// A changed value type gets the next version; [`Table::upgrading`] says how rows of older versions are read.
pub struct Table<K, V> {
    spec: TableSpec,
    upgrade: Option<Upgrade<V>>,
    types: PhantomData<fn(K) -> V>,
}

impl<K, V> std::fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.spec.fmt(f)
    }
}

impl<K: TableKey, V: Serialize + DeserializeOwned> Table<K, V> {
    /// A table of plain rows. The name has only `a` to `z`, `0` to `9` and `_`; versions begin at 1.
    pub const fn new(name: &'static str, version: u8) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 40, "a table has a name, and a short one");
        assert!(version > 0, "versions begin at 1");
        let mut i = 0;
        while i < bytes.len() {
            assert!(
                matches!(bytes[i], b'a'..=b'z' | b'0'..=b'9' | b'_'),
                "a table's name has only a to z, 0 to 9 and _"
            );
            i += 1;
        }
        let spec = TableSpec { name, version, oldest: version, rows: Rows::Plain, prefix_bytes: None };
        Self { spec, upgrade: None, types: PhantomData }
    }

    /// The same table with rows that are sealed or hashes.
    #[must_use]
    pub const fn sealed(mut self) -> Self {
        self.spec.rows = Rows::Sealed;
        self
    }

    /// The same table, whose rows are looked up by the first `bytes` bytes of their keys. Every key has at least so
    /// many; that of a table in use never changes.
    #[must_use]
    pub const fn prefixed(mut self, bytes: usize) -> Self {
        assert!(bytes > 0, "a prefix has bytes");
        self.spec.prefix_bytes = Some(bytes);
        self
    }

    /// The same table, which also reads values of versions `oldest` and later: `upgrade` gets the version and the
    /// bytes behind it.
    #[must_use]
    pub const fn upgrading(mut self, oldest: u8, upgrade: Upgrade<V>) -> Self {
        assert!(oldest > 0 && oldest < self.spec.version, "an upgrade is from an older version");
        self.spec.oldest = oldest;
        self.upgrade = Some(upgrade);
        self
    }

    /// What a backend must know of it.
    pub const fn spec(&self) -> TableSpec {
        self.spec
    }

    pub(super) fn encode_value(&self, value: &V) -> Vec<u8> {
        codec::encode_versioned(self.spec.version, value)
    }

    pub(super) fn decode_value(&self, key: &[u8], bytes: &[u8]) -> Result<V, StoreError> {
        self.try_decode(bytes).map_err(|error| StoreError::corrupt_row(self.spec.name, key, &error))
    }

    fn try_decode(&self, bytes: &[u8]) -> Result<V, CodecError> {
        let (found, rest) = codec::split_version(bytes, "value")?;
        match self.upgrade {
            Some(upgrade) if (self.spec.oldest..self.spec.version).contains(&found) => upgrade(found, rest),
            _ => codec::decode_versioned(self.spec.version, bytes, "value"),
        }
    }

    pub(super) fn decode_key(&self, bytes: &[u8]) -> Result<K, StoreError> {
        K::decode(bytes).map_err(|error| StoreError::corrupt_row(self.spec.name, bytes, &error))
    }
}
