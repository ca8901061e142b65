//! The store as it is at one moment, for a backup.

use std::collections::BTreeMap;
use std::path::Path;

use super::Node;
use crate::clock::UnixTime;
use crate::log::LogError;
use crate::model::leaf::CheckpointReference;

/// What a snapshot of the store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotHead {
    /// The key of the own log, as the roster names it.
    pub log_key: String,
    /// Size and root of the own log in the snapshot.
    pub log: CheckpointReference,
    /// Version of each table.
    pub tables: BTreeMap<String, u8>,
    /// When it was taken.
    pub taken: UnixTime,
}

impl Node {
    /// Writes the store as it is now into a new folder on its own disk. Nothing is appended to the log meanwhile, for as
    /// long as it takes to write out what is in memory.
    pub fn snapshot(&self, folder: &Path) -> Result<SnapshotHead, LogError> {
        let roster = self.roster();
        let log_key = roster.member(&self.me).map(|member| member.log_key.clone()).unwrap_or_default();
        self.log.still(|head| {
            self.store.snapshot(folder)?;
            let log = CheckpointReference { size: head.size, root: head.root };
            Ok(SnapshotHead { log_key, log, tables: self.store.versions()?, taken: self.clock.now() })
        })
    }
}
