//! What can go wrong in the store, and whose fault it is.

use std::path::PathBuf;

/// Why the store did not do what it was asked.
///
/// No variant carries a value. Of a key at most its first eight bytes are named, for a key may be a pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row on disk is not what was written there. The disk, or a hand that edited it, is at fault; the node stops
    /// and names the row.
    #[error("table {table}: the row at {key_prefix}… is corrupt ({reason})")]
    CorruptRow {
        /// The table.
        table: &'static str,
        /// The first bytes of the key, in hex.
        key_prefix: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The store's files are damaged.
    #[error("the store is damaged: {detail}")]
    Damaged {
        /// What the database engine said.
        detail: String,
    },
    /// The disk is full. What was acknowledged is there, and can be read; nothing is written until there is room.
    #[error("the disk is full ({detail}): make room on the disk of the data folder, and it goes on")]
    DiskFull {
        /// What the database engine said.
        detail: String,
    },
    /// Another process has the store open.
    #[error("another tally process has the store at {} open{}", directory.display(), holder(*process))]
    Locked {
        /// The store's directory.
        directory: PathBuf,
        /// The process id that the holder left there, if it can be read.
        process: Option<u32>,
    },
    /// An earlier write failed, not for want of room, and after a failed sync nobody knows what is on the disk: nothing
    /// more is written until the store has been opened anew.
    #[error("an earlier write to the store failed; restart to recover what is on the disk")]
    FailedClosed,
    /// A newer program wrote this store.
    #[error(
        "table {table} was written in version {found}; this program knows version {known}: run the newer one"
    )]
    NewerSchema {
        /// The table.
        table: String,
        /// The version on disk.
        found: u8,
        /// The version this program writes.
        known: u8,
    },
    /// The store has a table that this program does not know: a newer program made it.
    #[error("the store has a table {table} that this program does not know: run the newer one")]
    UnknownTableOnDisk {
        /// The table.
        table: String,
    },
    /// The store is older than this program can read.
    #[error("table {table} was written in version {found}; this program reads from version {oldest} on")]
    OlderSchema {
        /// The table.
        table: String,
        /// The version on disk.
        found: u8,
        /// The oldest version that can be read.
        oldest: u8,
    },
    /// The store belongs to another member or network.
    #[error("this store belongs to {found}, not to {asked}")]
    OtherIdentity {
        /// The identity in the store.
        found: String,
        /// The identity it was opened for.
        asked: String,
    },
    /// A value longer than it could be read again. The caller is at fault; nothing was written.
    #[error("table {table}: a value of {bytes} bytes, at most {bytes_max} are stored")]
    TooLarge {
        /// The table.
        table: &'static str,
        /// Bytes of the value.
        bytes: usize,
        /// Bytes that are accepted.
        bytes_max: usize,
    },
    /// A table that was not named when the store was opened, or named twice. The program is at fault.
    #[error("table {table} is not declared, or declared twice")]
    Undeclared {
        /// The table.
        table: &'static str,
    },
    /// The operating system refused: permissions, a missing disk, a read error.
    #[error("the store could not be read or written: {detail}")]
    Io {
        /// What the system said.
        detail: String,
    },
}

fn holder(process: Option<u32>) -> String {
    process.map_or_else(String::new, |id| format!(" (process {id})"))
}

impl StoreError {
    /// A corrupt row, of whose key only the beginning is kept.
    pub fn corrupt_row(table: &'static str, key: &[u8], reason: &impl ToString) -> Self {
        let key_prefix = hex::encode(key.get(..8).unwrap_or(key));
        Self::CorruptRow { table, key_prefix, reason: reason.to_string() }
    }
}
