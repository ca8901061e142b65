//! The seam below the typed tables: bytes in named tables, and atomic batches.

use std::ops::Bound;
use std::path::Path;
use std::sync::OnceLock;

use super::error::StoreError;

/// A key and its value, as bytes.
pub type RawRow = (Vec<u8>, Vec<u8>);

/// How long a write waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Until it would survive a power cut, and with it every write before it. What is acknowledged to anybody is
    /// written so.
    Synced,
    /// Until this process and others on this machine see it; a power cut may take it, and all unsynced writes after
    /// it. For what can be had again, such as rows of other members' feeds.
    Unsynced,
}

/// One change of one row.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: &'static str,
    /// The key.
    pub key: Vec<u8>,
    /// The new value; `None` takes the row away.
    pub value: Option<Vec<u8>>,
}

impl std::fmt::Debug for Change {
    /// Neither key nor value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.value.is_some() { "put" } else { "delete" };
        write!(f, "{what} {}(..)", self.table)
    }
}

/// Changes that happen together or not at all. Of two changes of one row the later counts.
pub type Batch = Vec<Change>;

/// Which rows, in which order.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// Keys that begin so; empty for all.
    pub prefix: &'a [u8],
    /// Where to begin: the smallest key of a forward scan, the largest of a reverse one.
    pub start: Bound<&'a [u8]>,
    /// From large keys to small ones.
    pub reverse: bool,
    /// Rows to return at most. Fewer means that there are no more.
    pub limit: usize,
}

/// A place where tables lie.
///
/// Calls block; on an async runtime they belong on a blocking thread. After a failed write every later write is
/// refused until the store has been opened anew, with [`StoreError::DiskFull`] when it failed for want of room and
/// [`StoreError::FailedClosed`] otherwise: after a failed sync the kernel may have dropped the pages and report success
/// the next time, so a sync is never tried again. Reads go on.
pub trait Backend: Send + Sync + std::fmt::Debug {
    /// The value at `key`.
    fn get(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// A page of rows. Each page sees the table as it is at that moment.
    fn scan(&self, table: &'static str, scan: &Scan<'_>) -> Result<Vec<RawRow>, StoreError>;

    /// Makes all changes of the batch or none.
    fn write(&self, batch: Batch, durability: Durability) -> Result<(), StoreError>;

    /// The tables it has, in no particular order.
    fn tables(&self) -> Vec<&'static str>;

    /// What later writes are refused with, since an earlier one failed; none while none did.
    fn failure(&self) -> Option<StoreError>;

    /// Rewrites the files of a table, so that rows that were overwritten or taken away are in none of them any more, nor
    /// in the write-ahead log. The old files go away shortly after.
    fn purge(&self, table: &'static str) -> Result<(), StoreError>;

    /// Writes everything as it is at this moment into a new folder: what the same kind of backend opens there. Reads and
    /// writes go on meanwhile.
    fn snapshot(&self, folder: &Path) -> Result<(), StoreError>;

    /// Writes out what is still in memory, before the process ends. Nothing acknowledged depends on it.
    fn flush(&self) -> Result<(), StoreError>;
}

/// Falls shut at the first failed write and stays so.
#[derive(Debug, Default)]
pub(super) struct Latch(OnceLock<StoreError>);

impl Latch {
    /// What it refuses with, since it is shut.
    pub(super) fn refusal(&self) -> Option<&StoreError> {
        self.0.get()
    }

    /// Runs `write` unless an earlier one failed.
    pub(super) fn guard(&self, write: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal.clone());
        }
        let written = write();
        if let Err(error) = &written {
            self.0.get_or_init(|| match error {
                StoreError::DiskFull { .. } => error.clone(),
                _ => StoreError::FailedClosed,
            });
        }
        written
    }
}

/// The smallest key behind all keys that begin with `prefix`; `None` if there is none.
pub(super) fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut end = prefix.get(..=kept)?.to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_behind_a_prefix() {
        assert_eq!(after_prefix(&[1, 2]), Some(vec![1, 3]));
        assert_eq!(after_prefix(&[1, 255]), Some(vec![2]));
        assert_eq!(after_prefix(&[255, 255]), None);
        assert_eq!(after_prefix(&[]), None);
    }

    #[test]
    fn the_latch_stays_shut() {
        let latch = Latch::default();
        assert_eq!(latch.guard(|| Ok(())), Ok(()));
        let failed = StoreError::Io { detail: "sync".into() };
        assert_eq!(latch.guard(|| Err(failed.clone())), Err(failed));
        let shut = |latch: &Latch| latch.guard(|| panic!("a shut latch lets nothing through"));
        assert_eq!(shut(&latch), Err(StoreError::FailedClosed));
        let latch = Latch::default();
        let full = StoreError::DiskFull { detail: "no room".into() };
        assert_eq!(latch.guard(|| Err(full.clone())), Err(full.clone()));
        assert_eq!(shut(&latch), Err(full), "whoever comes later hears of the disk too");
    }
}
