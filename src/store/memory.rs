//! Tables in memory, for tests and simulation: with faults on demand, and with the two ways to come back.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::backend::{Backend, Batch, Change, Durability, Latch, RawRow, Scan, after_prefix};
use super::error::StoreError;
use super::table::TableSpec;

/// A write that fails once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultPlan {
    /// Which write fails, counted from the moment the plan is set: 1 is the next one.
    pub write: u64,
    /// Whether the batch is on the disk all the same when the store comes back.
    pub persisted: bool,
    /// Whether the cause is a full disk; otherwise it is an I/O error.
    pub disk_full: bool,
}

/// How a store comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reopen {
    /// The process ended or was killed: every write is there.
    Killed,
    /// The power was cut: of the writes after the last synced one only the first `unsynced_kept` are there.
    PowerCut {
        /// Unsynced batches that reached the disk, oldest first.
        unsynced_kept: usize,
    },
}

type Tables = BTreeMap<&'static str, BTreeMap<Vec<u8>, Vec<u8>>>;

#[derive(Debug, Clone, Default)]
struct State {
    tables: Tables,
    /// For each unsynced batch the changes that undo it, in the order in which they are to be applied.
    undo: Vec<Batch>,
    fault: Option<FaultPlan>,
    writes: u64,
}

/// Tables in memory.
#[derive(Debug, Default)]
pub struct MemoryBackend {
    state: RwLock<State>,
    latch: Latch,
}

impl MemoryBackend {
    /// Empty tables.
    pub fn new(tables: &[TableSpec]) -> Self {
        let tables = tables.iter().map(|spec| (spec.name, BTreeMap::new())).collect();
        Self { state: RwLock::new(State { tables, ..State::default() }), latch: Latch::default() }
    }

    /// The tables of a snapshot that a store in memory has written into a folder.
    pub fn from_snapshot(folder: &Path, tables: &[TableSpec]) -> Result<Self, StoreError> {
        let damaged = |detail: String| StoreError::Damaged { detail };
        let backend = Self::new(tables);
        let mut state = backend.lock();
        for spec in tables {
            let read = std::fs::read(folder.join("db").join(spec.name));
            let bytes = read.map_err(|error| damaged(format!("table {}: {error}", spec.name)))?;
            let mut rest = bytes.as_slice();
            let mut part = || {
                let (length, behind) = rest.split_first_chunk::<8>()?;
                let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
                let (part, behind) = behind.split_at_checked(length)?;
                rest = behind;
                Some(part.to_vec())
            };
            let rows = state.tables.entry(spec.name).or_default();
            while let Some(key) = part() {
                let value = part().ok_or_else(|| damaged(format!("table {} is cut short", spec.name)))?;
                rows.insert(key, value);
            }
            if !rest.is_empty() {
                return Err(damaged(format!("table {} is cut short", spec.name)));
            }
        }
        drop(state);
        Ok(backend)
    }

    /// Lets a later write fail, in place of any earlier plan.
    pub fn fail(&self, plan: FaultPlan) {
        self.lock().fault = Some(plan);
    }

    /// Writes so far, the failed one included.
    pub fn writes(&self) -> u64 {
        self.read().writes
    }

    /// The same tables as the next process finds them, open for writing again and with no fault planned. Tables in
    /// `tables` that are missing are made, as at any open.
    #[must_use]
    pub fn reopen(&self, tables: &[TableSpec], how: Reopen) -> Self {
        let mut state = self.read().clone();
        if let Reopen::PowerCut { unsynced_kept } = how {
            let lost = state.undo.split_off(unsynced_kept.min(state.undo.len()));
            for batch in lost.into_iter().rev() {
                apply(&mut state.tables, batch);
            }
        }
        for spec in tables {
            state.tables.entry(spec.name).or_default();
        }
        let state = State { tables: state.tables, ..State::default() };
        Self { state: RwLock::new(state), latch: Latch::default() }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Nothing between taking the lock and giving it back leaves half a batch behind.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the changes and returns those that undo them.
fn apply(tables: &mut Tables, batch: Batch) -> Batch {
    let mut undo = Batch::with_capacity(batch.len());
    for Change { table, key, value } in batch {
        let rows = tables.entry(table).or_default();
        let before = match value {
            Some(value) => rows.insert(key.clone(), value),
            None => rows.remove(&key),
        };
        undo.push(Change { table, key, value: before });
    }
    undo.reverse();
    undo
}

impl Backend for MemoryBackend {
    fn get(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let state = self.read();
        let rows = state.tables.get(table).ok_or(StoreError::Undeclared { table })?;
        Ok(rows.get(key).cloned())
    }

    fn scan(&self, table: &'static str, scan: &Scan<'_>) -> Result<Vec<RawRow>, StoreError> {
        let state = self.read();
        let rows = state.tables.get(table).ok_or(StoreError::Undeclared { table })?;
        let end = after_prefix(scan.prefix);
        let first = Bound::Included(scan.prefix);
        let behind = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let (low, high) = if scan.reverse {
            (first, lower(scan.start, behind))
        } else {
            (higher(scan.start, first), behind)
        };
        if is_empty(low, high) {
            return Ok(Vec::new());
        }
        let range = rows.range::<[u8], _>((low, high)).map(|(key, value)| (key.clone(), value.clone()));
        Ok(if scan.reverse {
            range.rev().take(scan.limit).collect()
        } else {
            range.take(scan.limit).collect()
        })
    }

    fn write(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        let mut state = self.lock();
        if let Some(change) = batch.iter().find(|change| !state.tables.contains_key(change.table)) {
            return Err(StoreError::Undeclared { table: change.table });
        }
        self.latch.guard(|| {
            state.writes += 1;
            let fault = due(&mut state.fault);
            if fault.is_none_or(|plan| plan.persisted) {
                let undo = apply(&mut state.tables, batch);
                match durability {
                    Durability::Synced => state.undo.clear(),
                    Durability::Unsynced => state.undo.push(undo),
                }
            }
            match fault {
                None => Ok(()),
                Some(plan) if plan.disk_full => Err(StoreError::DiskFull { detail: "planned fault".into() }),
                Some(_) => Err(StoreError::Io { detail: "planned fault".into() }),
            }
        })
    }

    fn tables(&self) -> Vec<&'static str> {
        self.read().tables.keys().copied().collect()
    }

    fn failure(&self) -> Option<StoreError> {
        self.latch.refusal().cloned()
    }

    fn purge(&self, table: &'static str) -> Result<(), StoreError> {
        // What was taken away is gone.
        if self.read().tables.contains_key(table) { Ok(()) } else { Err(StoreError::Undeclared { table }) }
    }

    fn snapshot(&self, folder: &Path) -> Result<(), StoreError> {
        let io = |error: std::io::Error| StoreError::Io { detail: error.to_string() };
        let database = folder.join("db");
        std::fs::create_dir_all(folder.parent().unwrap_or(folder)).map_err(io)?;
        std::fs::create_dir(folder).map_err(io)?;
        std::fs::create_dir(&database).map_err(io)?;
        for (table, rows) in &self.read().tables {
            let mut bytes = Vec::new();
            for part in rows.iter().flat_map(|(key, value)| [key, value]) {
                bytes.extend((part.len() as u64).to_be_bytes());
                bytes.extend(part);
            }
            std::fs::write(database.join(table), bytes).map_err(io)?;
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Counts one write; returns the plan if this is the write it means.
fn due(fault: &mut Option<FaultPlan>) -> Option<FaultPlan> {
    let plan = fault.as_mut()?;
    plan.write = plan.write.saturating_sub(1);
    if plan.write == 0 { fault.take() } else { None }
}

/// The start of a forward scan that is also within the prefix.
fn higher<'a>(start: Bound<&'a [u8]>, first: Bound<&'a [u8]>) -> Bound<&'a [u8]> {
    match (start, first) {
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b)) if a >= b => start,
        _ => first,
    }
}

/// The start of a reverse scan that is also within the prefix.
fn lower<'a>(start: Bound<&'a [u8]>, behind: Bound<&'a [u8]>) -> Bound<&'a [u8]> {
    match (start, behind) {
        (Bound::Unbounded, _) => behind,
        (_, Bound::Excluded(b)) if key_of(start) >= Some(b) => behind,
        _ => start,
    }
}

fn key_of(bound: Bound<&[u8]>) -> Option<&[u8]> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

/// Whether nothing lies between: `BTreeMap::range` panics on such bounds.
fn is_empty(low: Bound<&[u8]>, high: Bound<&[u8]>) -> bool {
    match (key_of(low), key_of(high)) {
        (Some(a), Some(b)) if a == b => !matches!((low, high), (Bound::Included(_), Bound::Included(_))),
        (Some(a), Some(b)) => a > b,
        _ => false,
    }
}
