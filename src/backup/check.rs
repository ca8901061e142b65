//! Whether a store that was unpacked is whole: every row is read, every log recomputed, every feed compared.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::{BackupError, Manifest};
use crate::feed::Feeds;
use crate::log::Mirror;
use crate::merkle::{VerifierKey, open_checkpoint};
use crate::model::leaf::CheckpointReference;
use crate::store::{Scan, Store};

/// Rows that are read at a time.
const PAGE_ROWS: usize = 4096;

/// What was found to be whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Rows read, by table.
    pub rows: BTreeMap<String, u64>,
    /// Leaves of the member's own log, which lead to its signed checkpoint.
    pub leaves: u64,
    /// Leaves of the logs that it mirrors, by member.
    pub mirrors: BTreeMap<String, u64>,
    /// Live rows of the feeds that it holds, its own too, by lender: they are those that the lender signed.
    pub feeds: BTreeMap<String, u64>,
}

/// Reads everything in `store`, and compares it with what was signed and with what the manifest says.
pub fn check(store: &Store, manifest: &Manifest) -> Result<Checked, BackupError> {
    let wrong = |words: String| Err(BackupError::Wrong(words));
    let whose = format!("{}/{}", manifest.network, manifest.member);
    match store.identity()? {
        Some(found) if found == whose => {}
        found => {
            return wrong(format!("it is said to be of {whose}, and is of {}", found.unwrap_or_default()));
        }
    }
    let mut rows = BTreeMap::new();
    for table in store.backend().tables() {
        rows.insert(table.to_owned(), count_rows(store, table)?);
    }
    let mirror = Mirror::new(store.clone());
    let mut leaves = 0;
    let mut mirrors = BTreeMap::new();
    for owner in mirror.owners()? {
        let size = mirror.verify(&owner)?;
        if owner != manifest.member {
            mirrors.insert(owner.to_string(), size);
            continue;
        }
        leaves = size;
        if let Some(head) = mirror.head(&owner)? {
            if manifest.log != (CheckpointReference { size: head.size, root: head.root }) {
                return wrong(format!("its log has {size} leaves, and it says {}", manifest.log.size));
            }
            let key = manifest.log_key.parse::<VerifierKey>();
            let key = key.map_err(|_| BackupError::Wrong("it names no key of its log".into()))?;
            if size > 0 && open_checkpoint(&head.checkpoint, &key).is_err() {
                return wrong("the checkpoint of its log is not signed with the key that it names".into());
            }
        }
    }
    if leaves != manifest.log.size {
        return wrong(format!("its log has {leaves} leaves, and it says {}", manifest.log.size));
    }
    let feeds_held = Feeds::new(store.clone());
    let mut feeds = BTreeMap::new();
    for lender in feeds_held.lenders()? {
        if !feeds_held.verify(&lender)? {
            return wrong(format!("the rows of the feed of {lender} are not those of its digest"));
        }
        feeds.insert(lender.to_string(), feeds_held.head(&lender)?.rows);
    }
    Ok(Checked { rows, leaves, mirrors, feeds })
}

fn count_rows(store: &Store, table: &'static str) -> Result<u64, BackupError> {
    let mut after: Option<Vec<u8>> = None;
    let mut count = 0;
    loop {
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let scan = Scan { prefix: &[], start, reverse: false, limit: PAGE_ROWS };
        let page = store.backend().scan(table, &scan)?;
        count += page.len() as u64;
        match page.into_iter().last() {
            Some((key, _)) => after = Some(key),
            None => return Ok(count),
        }
    }
}
