//! A snapshot is the store of one moment, while the store goes on.

use super::*;

fn put(store: &Store, row: u64, text: &str) {
    let mut batch = StoreBatch::new();
    batch.put(&PLAIN, &(1, row), &text.to_owned()).put(&SEALED, &([2; 4], 1), &vec![1; 300]);
    store.commit(batch, Durability::Synced).unwrap();
}

/// What every snapshot must be, whatever it was made of.
fn check(store: &Store, folder: &std::path::Path, open: impl Fn() -> Result<Store, StoreError>) {
    store.bind_identity("net/a").unwrap();
    put(store, 1, "before");
    store.snapshot(folder).unwrap();
    put(store, 1, "after");
    put(store, 2, "after");
    let snapshot = open().unwrap();
    assert_eq!(snapshot.get(&PLAIN, &(1, 1)).unwrap().as_deref(), Some("before"));
    assert_eq!(snapshot.get(&PLAIN, &(1, 2)).unwrap(), None);
    assert_eq!(snapshot.get(&SEALED, &([2; 4], 1)).unwrap(), Some(vec![1; 300]));
    assert_eq!(snapshot.identity().unwrap().as_deref(), Some("net/a"));
    assert_eq!(snapshot.versions().unwrap(), store.versions().unwrap());
    assert_eq!(snapshot.versions().unwrap()["named"], 2);
    // What is written there stays there.
    put(&snapshot, 3, "other");
    assert_eq!(store.get(&PLAIN, &(1, 3)).unwrap(), None);
    assert_eq!(snapshot.restored().unwrap(), None);
    snapshot.mark_restored("a backup").unwrap();
    assert_eq!(snapshot.restored().unwrap().as_deref(), Some("a backup"));
    assert_eq!(store.restored().unwrap(), None);
    let mut batch = StoreBatch::new();
    Store::whole_again(&mut batch);
    snapshot.commit(batch, Durability::Synced).unwrap();
    assert_eq!(snapshot.restored().unwrap(), None);
    assert!(store.snapshot(folder).is_err(), "nothing is written over");
}

#[test]
fn of_both_backends() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("memory");
    check(&Store::memory(&TABLES).unwrap(), &to, || {
        Store::with_backend(Arc::new(Store::memory_snapshot(&to, &TABLES)?), &TABLES)
    });
    let store = Store::open(&folder.path().join("store"), &TABLES, &small()).unwrap();
    let to = folder.path().join("store/snapshot-1");
    check(&store, &to, || Store::open(&to, &TABLES, &small()));
}

#[test]
fn what_a_killed_process_left_goes_with_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &TABLES, &small()).unwrap();
    let to = folder.path().join(format!("{SNAPSHOT_PREFIX}1"));
    store.snapshot(&to).unwrap();
    drop(store);
    assert!(to.exists());
    Store::open(folder.path(), &TABLES, &small()).unwrap();
    assert!(!to.exists());
}

#[test]
fn a_snapshot_in_memory_that_is_cut_short_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("memory");
    let store = Store::memory(&TABLES).unwrap();
    put(&store, 1, "before");
    store.snapshot(&to).unwrap();
    let file = to.join("db/plain");
    let whole = std::fs::read(&file).unwrap();
    for end in 1..whole.len() {
        std::fs::write(&file, &whole[..end]).unwrap();
        let damaged = Store::memory_snapshot(&to, &TABLES).unwrap_err();
        assert!(matches!(damaged, StoreError::Damaged { .. }), "cut at {end}: {damaged}");
    }
}
