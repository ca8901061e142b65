//! What only files can show: locks, permissions, damage.

use std::path::PathBuf;

use super::*;

#[test]
fn a_store_in_use_is_locked_and_says_by_whom() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &TABLES, &small()).unwrap();
    let error = Store::open(directory.path(), &TABLES, &small()).unwrap_err();
    let process = Some(std::process::id());
    assert_eq!(error, StoreError::Locked { directory: directory.path().to_owned(), process });
    assert!(error.to_string().contains(&format!("open (process {})", std::process::id())), "{error}");
    drop(store);
    Store::open(directory.path(), &TABLES, &small()).unwrap();
}

#[test]
fn nothing_is_written_into_the_reserve_and_reads_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let put = |store: &Store, value: u32| {
        let mut batch = StoreBatch::new();
        batch.put(&NAMED, &"x".into(), &value);
        store.commit(batch, Durability::Synced)
    };
    put(&Store::open(directory.path(), &TABLES, &small()).unwrap(), 1).unwrap();
    // More than any disk has.
    let options = StoreOptions { reserve_bytes: u64::MAX, ..small() };
    let store = Store::open(directory.path(), &TABLES, &options).unwrap();
    assert_eq!(store.failure(), None);
    let error = put(&store, 2).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    assert!(error.to_string().contains("make room"), "{error}");
    assert_eq!(store.failure(), Some(error.clone()));
    assert_eq!(store.snapshot(&directory.path().join("snapshot-1")), Err(error));
    assert_eq!(store.get(&NAMED, &"x".into()).unwrap(), Some(1));
    drop(store);
    let store = Store::open(directory.path(), &TABLES, &small()).unwrap();
    assert_eq!(store.get(&NAMED, &"x".into()).unwrap(), Some(1));
    put(&store, 3).unwrap();
}

#[test]
fn only_the_owner_can_enter_the_directory() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("deep/store");
    let _store = Store::open(&directory, &TABLES, &small()).unwrap();
    assert_eq!(std::fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn damage_in_a_table_file_is_reported_not_read_over() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &TABLES, &small()).unwrap();
    let mut batch = StoreBatch::new();
    for row in 0..500u16 {
        batch.put(&SEALED, &([3; 4], row), &vec![0xa5; 40]);
    }
    store.commit(batch, Durability::Synced).unwrap();
    drop(store);
    let mut damaged = 0;
    for entry in std::fs::read_dir(directory.path().join("db")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let Some(at) = bytes.windows(30).position(|part| part == [0xa5; 30]) else { continue };
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        damaged += 1;
    }
    assert_eq!(damaged, 1);
    let refused = Store::open(directory.path(), &TABLES, &small())
        .and_then(|store| store.scan_prefix(&SEALED, &[], None, 1000).map(|rows| rows.len()));
    assert!(matches!(refused, Err(StoreError::Damaged { .. })), "{refused:?}");
}

#[test]
fn damage_in_the_write_ahead_log_is_reported_and_a_torn_end_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &TABLES, &small()).unwrap();
    for row in 0..100u16 {
        let mut batch = StoreBatch::new();
        batch.put(&SEALED, &([3; 4], row), &vec![0xa5; 200]);
        store.commit(batch, Durability::Synced).unwrap();
    }
    // The files as they are while the store is in use: what a kill or a power cut leaves.
    let mut log = (PathBuf::new(), Vec::new());
    std::fs::create_dir(copy.path().join("db")).unwrap();
    for entry in std::fs::read_dir(directory.path().join("db")).unwrap() {
        let entry = entry.unwrap();
        let to = copy.path().join("db").join(entry.file_name());
        let bytes = std::fs::read(entry.path()).unwrap();
        std::fs::write(&to, &bytes).unwrap();
        if to.extension().is_some_and(|e| e == "log") && bytes.len() > log.1.len() {
            log = (to, bytes);
        }
    }
    drop(store);
    let (path, bytes) = log;
    let open = || Store::open(copy.path(), &TABLES, &small());

    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    let error = open().unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");

    std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
    let rows = open().unwrap().scan_prefix(&SEALED, &[], None, 1000).unwrap();
    assert_eq!(rows.len(), 99);
}

#[test]
fn the_journal_of_rocksdb_names_no_rows() {
    let directory = tempfile::tempdir().unwrap();
    let open = || Store::open(directory.path(), &TABLES, &small()).unwrap();
    for round in 0..3u16 {
        let store = open();
        let mut batch = StoreBatch::new();
        batch.put(&NAMED, &"visible-key".into(), &1).put(
            &SEALED,
            &(*b"KEYS", round),
            &b"visible-value".to_vec(),
        );
        store.commit(batch, Durability::Synced).unwrap();
        store.flush().unwrap();
    }
    let mut journals = 0;
    for entry in std::fs::read_dir(directory.path().join("db")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("LOG") {
            let text = std::fs::read(entry.path()).unwrap();
            for secret in [&b"visible-"[..], b"KEYS", b"4b455953"] {
                assert!(!text.windows(secret.len()).any(|part| part == secret));
            }
            journals += 1;
        }
    }
    assert!((1..=2).contains(&journals), "{journals} files");
}
