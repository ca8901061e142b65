//! Backup snapshots: a node's store in one file, and back.
//!
//! A snapshot is a plain tar archive: `manifest.json` first, then the store's files as the database's own checkpoint has
//! them, and `sums.json` last, without which the archive is not whole. Who writes it to a medium encrypts it first; the
//! keys of the node are not in it.
//!
//! What a file may do to us: hold anything under any name. Names are few and fixed, lengths bounded, and nothing is put
//! in place before all of it is there and its sums are right.

mod archive;
mod check;
mod files;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use archive::{Unpacked, pack, unpack};
pub use check::{Checked, check};
pub use files::FilesArchive;

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::log::LogError;
use crate::model::leaf::CheckpointReference;
use crate::model::member::{MemberId, NetworkId};
use crate::store::StoreError;

/// Version of the form of a snapshot.
pub const SNAPSHOT_VERSION: u16 = 1;

/// What a snapshot says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form.
    pub v: u16,
    /// The network.
    pub network: NetworkId,
    /// Whose store.
    pub member: MemberId,
    /// The key of the member's log, as the roster names it.
    pub log_key: String,
    /// Size and root of the log at that moment.
    pub log: CheckpointReference,
    /// Version of each table of the store.
    pub tables: BTreeMap<String, u8>,
    /// When it was taken, by the node's clock.
    pub taken: UnixTime,
    /// Version of the program.
    pub program: String,
}

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSum {
    /// Its path in the archive.
    path: String,
    /// Its length, bytes.
    bytes: u64,
    /// SHA-256 of it.
    sha256: Digest,
}

/// Why a snapshot was not written, read or found whole.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The disk, or whoever reads or writes the other end.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no snapshot, or not a whole one.
    #[error("it is no whole backup snapshot: {0}")]
    NotWhole(String),
    /// Another version of the program wrote it.
    #[error("it is of form {found}; this program knows form {SNAPSHOT_VERSION}")]
    Version {
        /// The version that it names.
        found: u16,
    },
    /// What is in it does not fit together.
    #[error("what is in it does not hold: {0}")]
    Wrong(String),
    /// There is something where the store would be put.
    #[error("{}: is not empty; name a folder that is, or that is not there yet", .0.display())]
    Occupied(PathBuf),
    /// The store in it does not open.
    #[error("the store in it: {0}")]
    Store(#[from] StoreError),
    /// The log in it does not verify.
    #[error("the log in it: {0}")]
    Log(#[from] LogError),
}

impl BackupError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

#[cfg(test)]
mod tests;
