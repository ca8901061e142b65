//! Tables on disk, in RocksDB: one column family each.

use std::fs;
use std::ops::Bound;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rocksdb::checkpoint::Checkpoint;
use rocksdb::{
    BlockBasedOptions, BottommostLevelCompaction, Cache, ColumnFamily, ColumnFamilyDescriptor,
    CompactOptions, DB, DBCompressionType, DBRawIterator, DBRecoveryMode, DataBlockIndexType, ErrorKind,
    LogLevel, Options, ReadOptions, SliceTransform, WriteBatch, WriteOptions,
};

use super::backend::{Backend, Batch, Durability, Latch, RawRow, Scan, after_prefix};
use super::error::StoreError;
use super::table::{Rows, TableSpec};
use crate::limits::{STORE_CACHE_MIB_DEFAULT, STORE_RESERVE_BYTES, STORE_RESUME_BYTES, STORE_WAL_BYTES_MAX};

/// Bytes of rows not yet in files, all tables together.
const WRITE_BUFFERS_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Files that RocksDB keeps open: half of the usual limit of a process.
const OPEN_FILES_MAX: i32 = 512;

/// What the names of snapshots within the store's directory begin with.
pub const SNAPSHOT_PREFIX: &str = "snapshot-";

/// How a store on disk is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Bytes of the cache that all tables share. Blocks, indexes and filters live in it.
    pub cache_bytes: usize,
    /// Bytes of the disk that are left free: with less, nothing more is written.
    pub reserve_bytes: u64,
}

impl Default for StoreOptions {
    /// The cache of a whole node.
    fn default() -> Self {
        Self {
            cache_bytes: STORE_CACHE_MIB_DEFAULT as usize * 1024 * 1024,
            reserve_bytes: STORE_RESERVE_BYTES,
        }
    }
}

/// Bytes that are free on the disk of a folder; as many as one likes where the system does not say.
fn free_bytes(directory: &Path) -> u64 {
    rustix::fs::statvfs(directory).map_or(u64::MAX, |found| found.f_bavail.saturating_mul(found.f_frsize))
}

/// Whether a store in `directory`, or in a folder that is yet to be made there, that ended for want of room has enough
/// of it to go on.
pub fn has_room(directory: &Path) -> bool {
    free_bytes(directory) >= STORE_RESERVE_BYTES + STORE_RESUME_BYTES
}

/// Tables on disk.
pub struct RocksBackend {
    db: DB,
    tables: Vec<TableSpec>,
    latch: Latch,
    process_file: PathBuf,
    reserve_bytes: u64,
}

impl std::fmt::Debug for RocksBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RocksBackend({})", self.db.path().display())
    }
}

/// The database within the store's directory, so that there is room beside it for backups.
fn database_of(directory: &Path) -> PathBuf {
    directory.join("db")
}

impl RocksBackend {
    /// Opens the tables in `directory`, or makes them. No two processes have one directory open.
    pub fn open(directory: &Path, tables: &[TableSpec], options: &StoreOptions) -> Result<Self, StoreError> {
        let path = database_of(directory);
        let process_file = directory.join("pid");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(|e| from_io(&e))?;
        let general = general_options();
        if path.join("CURRENT").exists() {
            let found = DB::list_cf(&general, &path).map_err(|error| translate(&error))?;
            let is_known = |name: &String| name == "default" || tables.iter().any(|spec| spec.name == name);
            if let Some(table) = found.into_iter().find(|name| !is_known(name)) {
                return Err(StoreError::UnknownTableOnDisk { table });
            }
        }
        let cache = Cache::new_lru_cache(options.cache_bytes);
        let families =
            tables.iter().map(|spec| ColumnFamilyDescriptor::new(spec.name, table_options(spec, &cache)));
        let db = DB::open_cf_descriptors(&general, &path, families).map_err(|error| {
            if is_lock(&error) {
                let process =
                    fs::read_to_string(&process_file).ok().and_then(|text| text.trim().parse().ok());
                StoreError::Locked { directory: directory.to_owned(), process }
            } else {
                translate(&error)
            }
        })?;
        // RocksDB syncs its own directory; that it is there at all stands in the two above.
        for entered in [Some(directory), directory.parent()].into_iter().flatten() {
            let entered = if entered.as_os_str().is_empty() { Path::new(".") } else { entered };
            fs::File::open(entered).and_then(|file| file.sync_all()).map_err(|error| from_io(&error))?;
        }
        take_away_snapshots(directory)?;
        // Only a help for whoever meets the lock; the lock itself is RocksDB's.
        let _ = fs::write(&process_file, format!("{}\n", std::process::id()));
        let (tables, reserve_bytes) = (tables.to_vec(), options.reserve_bytes);
        Ok(Self { db, tables, latch: Latch::default(), process_file, reserve_bytes })
    }

    /// Refuses while less than the reserve is free. RocksDB itself would go on to the last byte, and what it took then
    /// might find no room when it is opened again.
    fn look_for_room(&self) -> Result<(), StoreError> {
        if free_bytes(self.db.path()) >= self.reserve_bytes {
            return Ok(());
        }
        let mib = self.reserve_bytes / (1024 * 1024);
        Err(StoreError::DiskFull { detail: format!("less than {mib} MiB are free") })
    }

    fn family(&self, table: &'static str) -> Result<&ColumnFamily, StoreError> {
        self.db.cf_handle(table).ok_or(StoreError::Undeclared { table })
    }

    fn prefix_bytes(&self, table: &'static str) -> Option<usize> {
        self.tables.iter().find(|spec| spec.name == table)?.prefix_bytes
    }
}

impl Drop for RocksBackend {
    fn drop(&mut self) {
        // After a failed write nothing more is written; what is acknowledged is in the write-ahead log.
        if self.latch.refusal().is_none() {
            let _ = self.flush();
        }
        let _ = fs::remove_file(&self.process_file);
    }
}

/// Takes away snapshots that a process left behind which ended while it read them.
fn take_away_snapshots(directory: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(directory).map_err(|error| from_io(&error))? {
        let entry = entry.map_err(|error| from_io(&error))?;
        if entry.file_name().to_string_lossy().starts_with(SNAPSHOT_PREFIX) {
            fs::remove_dir_all(entry.path()).map_err(|error| from_io(&error))?;
        }
    }
    Ok(())
}

fn general_options() -> Options {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    options.set_paranoid_checks(true);
    // Says at open when a whole write-ahead log with synced writes is missing or too short.
    options.set_track_and_verify_wals_in_manifest(true);
    // A record cut short at the end of the log is what a power cut leaves, and is dropped. A record that is whole but
    // wrong is damage: RocksDB's default would silently drop it and every acknowledged write behind it; this mode
    // refuses to open.
    options.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    options.set_max_total_wal_size(STORE_WAL_BYTES_MAX);
    options.set_max_background_jobs(2);
    // All tables together: there are some dozens, and most are written to seldom.
    options.set_db_write_buffer_size(WRITE_BUFFERS_BYTES_MAX);
    options.set_max_open_files(OPEN_FILES_MAX);
    // RocksDB's own log: small, and with warnings only. It names files and numbers, no rows.
    options.set_keep_log_file_num(2);
    options.set_max_log_file_size(1024 * 1024);
    options.set_log_level(LogLevel::Warn);
    options.set_stats_dump_period_sec(0);
    options.set_stats_persist_period_sec(0);
    options
}

fn table_options(spec: &TableSpec, cache: &Cache) -> Options {
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_cache(cache);
    // Absent rows are the usual case of a look-up; the filter answers them without reading the row's block.
    blocks.set_bloom_filter(10.0, false);
    blocks.set_whole_key_filtering(true);
    // Memory of indexes and filters stays within the cache, whatever the number of rows.
    blocks.set_cache_index_and_filter_blocks(true);
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
    blocks.set_data_block_index_type(DataBlockIndexType::BinaryAndHash);

    let mut options = Options::default();
    options.set_block_based_table_factory(&blocks);
    match spec.rows {
        Rows::Sealed => options.set_compression_type(DBCompressionType::None),
        Rows::Plain => {
            options.set_compression_type(DBCompressionType::Lz4);
            options.set_bottommost_compression_type(DBCompressionType::Zstd);
        }
    }
    if let Some(bytes) = spec.prefix_bytes {
        options.set_prefix_extractor(SliceTransform::create_fixed_prefix(bytes));
        options.set_memtable_prefix_bloom_ratio(0.1);
    }
    options
}

impl Backend for RocksBackend {
    fn get(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.get_cf(self.family(table)?, key).map_err(|error| translate(&error))
    }

    fn scan(&self, table: &'static str, scan: &Scan<'_>) -> Result<Vec<RawRow>, StoreError> {
        let family = self.family(table)?;
        let mut reading = ReadOptions::default();
        // The prefix filter serves forward scans within one prefix. A reverse scan begins behind its prefix, where
        // the filter would look for another one.
        let within_prefix = !scan.reverse && self.prefix_bytes(table).is_some_and(|n| scan.prefix.len() >= n);
        reading.set_prefix_same_as_start(within_prefix);
        reading.set_total_order_seek(!within_prefix);
        let end = after_prefix(scan.prefix);
        reading.set_iterate_lower_bound(scan.prefix);
        if let Some(end) = &end {
            reading.set_iterate_upper_bound(end.as_slice());
        }
        let mut rows = self.db.raw_iterator_cf_opt(family, reading);
        seek(&mut rows, scan, end.as_deref());
        let mut page = Vec::new();
        while page.len() < scan.limit {
            let Some((key, value)) = rows.item() else { break };
            if !key.starts_with(scan.prefix) {
                break;
            }
            page.push((key.to_vec(), value.to_vec()));
            if scan.reverse {
                rows.prev();
            } else {
                rows.next();
            }
        }
        // An iterator also ends at an error: a page cut short must not look like the last one.
        rows.status().map_err(|error| translate(&error))?;
        Ok(page)
    }

    fn write(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        let mut changes = WriteBatch::default();
        for change in &batch {
            let family = self.family(change.table)?;
            match &change.value {
                Some(value) => changes.put_cf(family, &change.key, value),
                None => changes.delete_cf(family, &change.key),
            }
        }
        let mut writing = WriteOptions::default();
        writing.set_sync(durability == Durability::Synced);
        self.latch.guard(|| {
            self.look_for_room()?;
            self.db.write_opt(changes, &writing).map_err(|error| translate(&error))
        })
    }

    fn tables(&self) -> Vec<&'static str> {
        self.tables.iter().map(|spec| spec.name).collect()
    }

    fn failure(&self) -> Option<StoreError> {
        self.latch.refusal().cloned()
    }

    fn purge(&self, table: &'static str) -> Result<(), StoreError> {
        self.look_for_room()?;
        // A write-ahead log goes when no table needs it any more: all are written out.
        self.flush()?;
        let family = self.family(table)?;
        let mut how = CompactOptions::default();
        // The lowest level too: it may be where the old rows lie.
        how.set_bottommost_level_compaction(BottommostLevelCompaction::Force);
        self.db.compact_range_cf_opt(family, None::<&[u8]>, None::<&[u8]>, &how);
        Ok(())
    }

    fn snapshot(&self, folder: &Path) -> Result<(), StoreError> {
        self.look_for_room()?;
        fs::DirBuilder::new().mode(0o700).create(folder).map_err(|error| from_io(&error))?;
        // Its files are this database's own under a second name: a snapshot takes neither time nor room, as long as it
        // lies on the same disk.
        let checkpoint = Checkpoint::new(&self.db).map_err(|error| translate(&error))?;
        checkpoint.create_checkpoint(database_of(folder)).map_err(|error| translate(&error))
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.latch.guard(|| {
            for spec in &self.tables {
                self.db.flush_cf(self.family(spec.name)?).map_err(|error| translate(&error))?;
            }
            Ok(())
        })
    }
}

/// Puts the iterator on the first row of the scan, if there is one.
fn seek(rows: &mut DBRawIterator<'_>, scan: &Scan<'_>, end: Option<&[u8]>) {
    if scan.reverse {
        let excluded = match (scan.start, end) {
            (Bound::Included(key), end) if end.is_none_or(|end| key < end) => {
                rows.seek_for_prev(key);
                return;
            }
            (Bound::Excluded(key), end) if end.is_none_or(|end| key < end) => Some(key),
            _ => end,
        };
        match excluded {
            Some(key) => {
                rows.seek_for_prev(key);
                if rows.key() == Some(key) {
                    rows.prev();
                }
            }
            None => rows.seek_to_last(),
        }
    } else {
        match scan.start {
            Bound::Included(key) if key >= scan.prefix => rows.seek(key),
            Bound::Excluded(key) if key >= scan.prefix => {
                rows.seek(key);
                if rows.key() == Some(key) {
                    rows.next();
                }
            }
            _ => rows.seek(scan.prefix),
        }
    }
}

fn is_lock(error: &rocksdb::Error) -> bool {
    let text = error.as_ref();
    error.kind() == ErrorKind::IOError && text.contains("LOCK") && text.contains("lock")
}

fn from_io(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::DiskFull { detail: error.to_string() },
        _ => StoreError::Io { detail: error.to_string() },
    }
}

fn translate(error: &rocksdb::Error) -> StoreError {
    let text = error.as_ref();
    let detail = without_keys(text);
    match error.kind() {
        ErrorKind::Corruption => StoreError::Damaged { detail },
        _ if text.contains("No space left on device") || text.contains("no space") => {
            StoreError::DiskFull { detail }
        }
        _ => StoreError::Io { detail },
    }
}

/// RocksDB's consistency checks may name keys in hex, and keys may be pseudonyms: of any long run of hex digits only
/// the first sixteen are kept.
fn without_keys(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_ascii_hexdigit() { run + 1 } else { 0 };
        match run {
            0..=16 => kept.push(c),
            17 => kept.push('\u{2026}'),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_cut_from_error_texts() {
        let text = format!("Corruption: L0 smallest {} in file 000012.sst", "ab".repeat(32));
        let kept = without_keys(&text);
        assert_eq!(kept, "Corruption: L0 smallest abababababababab\u{2026} in file 000012.sst");
    }
}
