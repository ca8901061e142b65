//! Failed writes and power cuts, as the memory backend plays them.

use super::*;

#[test]
fn after_a_failed_write_every_later_one_is_refused_until_reopened() {
    for persisted in [false, true] {
        for disk_full in [false, true] {
            let backend = Arc::new(Store::memory_backend(&TABLES).unwrap());
            let store = Store::with_backend(backend.clone(), &TABLES).unwrap();
            let put = |store: &Store, name: &str| {
                let mut batch = StoreBatch::new();
                batch.put(&NAMED, &name.into(), &1).put(&PLAIN, &(1, 1), &name.into());
                store.commit(batch, Durability::Synced)
            };
            backend.fail(FaultPlan { write: 2, persisted, disk_full });
            let before = backend.writes();
            put(&store, "a").unwrap();
            let error = put(&store, "b").unwrap_err();
            assert_eq!(matches!(error, StoreError::DiskFull { .. }), disk_full);
            assert_eq!(matches!(error, StoreError::Io { .. }), !disk_full);
            // Whoever comes later hears of a full disk too: there is a way out of it.
            let refused = if disk_full { error } else { StoreError::FailedClosed };
            assert_eq!(put(&store, "c"), Err(refused));
            assert!(store.is_failed());
            assert_eq!(backend.writes() - before, 2);

            let all = schema::with_own_table(&TABLES).unwrap();
            let cut = Reopen::PowerCut { unsynced_kept: 0 };
            let store = Store::with_backend(Arc::new(backend.reopen(&all, cut)), &TABLES).unwrap();
            assert!(store.contains(&NAMED, &"a".into()).unwrap());
            assert_eq!(store.contains(&NAMED, &"b".into()).unwrap(), persisted);
            let shown = if persisted { "b" } else { "a" };
            assert_eq!(store.get(&PLAIN, &(1, 1)).unwrap().as_deref(), Some(shown));
            assert!(!store.contains(&NAMED, &"c".into()).unwrap());
            put(&store, "d").unwrap();
        }
    }
}

#[test]
fn a_power_cut_takes_unsynced_writes_from_the_end() {
    let backend = Arc::new(Store::memory_backend(&TABLES).unwrap());
    let store = Store::with_backend(backend.clone(), &TABLES).unwrap();
    let put = |value: u32, durability| {
        let mut batch = StoreBatch::new();
        batch.put(&NAMED, &"x".into(), &value);
        store.commit(batch, durability).unwrap();
    };
    put(1, Durability::Unsynced);
    put(2, Durability::Synced);
    put(3, Durability::Unsynced);
    put(4, Durability::Unsynced);
    let mut batch = StoreBatch::new();
    batch.delete(&NAMED, &"x".into()).put(&NAMED, &"x".into(), &5).delete(&NAMED, &"x".into());
    store.commit(batch, Durability::Unsynced).unwrap();
    let all = schema::with_own_table(&TABLES).unwrap();
    let after = |how| {
        let again = Store::with_backend(Arc::new(backend.reopen(&all, how)), &TABLES).unwrap();
        again.get(&NAMED, &"x".into()).unwrap()
    };
    assert_eq!(after(Reopen::Killed), None);
    for (unsynced_kept, found) in [(0, Some(2)), (1, Some(3)), (2, Some(4)), (3, None), (9, None)] {
        assert_eq!(after(Reopen::PowerCut { unsynced_kept }), found, "kept {unsynced_kept}");
    }
}
