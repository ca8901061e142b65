//! The same tests on both backends; `disk` and `faults` hold what only one of them can show.

mod disk;
mod faults;
mod snapshots;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::wire::codec;

const PLAIN: Table<(u8, u64), String> = Table::new("plain", 1);
const SEALED: Table<([u8; 4], u16), Vec<u8>> = Table::new("sealed", 1).sealed().prefixed(4);
const NAMED: Table<String, u32> = Table::new("named", 2);
const TABLES: [TableSpec; 3] = [PLAIN.spec(), SEALED.spec(), NAMED.spec()];

fn small() -> StoreOptions {
    StoreOptions { cache_bytes: 8 * 1024 * 1024, ..StoreOptions::default() }
}

/// Runs `test` on an empty store of each kind, and then once more on the stored rows after a restart.
fn on_both(test: impl Fn(&Store), after_restart: impl Fn(&Store)) {
    let memory = Arc::new(Store::memory_backend(&TABLES).unwrap());
    test(&Store::with_backend(memory.clone(), &TABLES).unwrap());
    let all = schema::with_own_table(&TABLES).unwrap();
    for how in [Reopen::Killed, Reopen::PowerCut { unsynced_kept: usize::MAX }] {
        after_restart(&Store::with_backend(Arc::new(memory.reopen(&all, how)), &TABLES).unwrap());
    }

    let directory = tempfile::tempdir().unwrap();
    test(&Store::open(directory.path(), &TABLES, &small()).unwrap());
    for _ in 0..2 {
        after_restart(&Store::open(directory.path(), &TABLES, &small()).unwrap());
    }
}

fn texts(rows: &[((u8, u64), String)]) -> String {
    rows.iter().map(|(_, text)| text.as_str()).collect()
}

#[test]
fn rows_are_written_read_overwritten_and_deleted() {
    let write = |store: &Store| {
        let mut batch = StoreBatch::new();
        batch.put(&PLAIN, &(1, 1), &"one".into()).put(&PLAIN, &(1, 2), &"two".into());
        batch.put(&NAMED, &"x".into(), &7).put(&SEALED, &([1; 4], 1), &vec![0; 100]);
        assert_eq!(batch.len(), 4);
        store.commit(batch, Durability::Synced).unwrap();
        let mut batch = StoreBatch::new();
        batch.put(&PLAIN, &(1, 1), &"first".into()).put(&PLAIN, &(1, 1), &"last".into());
        batch.delete(&PLAIN, &(1, 2)).delete(&PLAIN, &(9, 9));
        store.commit(batch, Durability::Synced).unwrap();
        store.commit(StoreBatch::new(), Durability::Synced).unwrap();
    };
    let read = |store: &Store| {
        assert_eq!(store.get(&PLAIN, &(1, 1)).unwrap().as_deref(), Some("last"));
        assert_eq!(store.get(&PLAIN, &(1, 2)).unwrap(), None);
        assert_eq!(store.get(&NAMED, &"x".into()).unwrap(), Some(7));
        assert!(store.contains(&SEALED, &([1; 4], 1)).unwrap());
        assert!(!store.contains(&SEALED, &([1; 4], 2)).unwrap());
    };
    on_both(
        |store| {
            write(store);
            read(store);
        },
        read,
    );
}

#[test]
fn scans_keep_to_prefix_order_bounds_and_limit() {
    let write = |store: &Store| {
        let mut batch = StoreBatch::new();
        for (group, number, text) in [
            (1, 1, "a"),
            (1, 2, "b"),
            (1, 300, "c"),
            (1, u64::MAX, "d"),
            (2, 0, "e"),
            (255, 0, "f"),
            (255, 9, "g"),
        ] {
            batch.put(&PLAIN, &(group, number), &text.into());
        }
        store.commit(batch, Durability::Unsynced).unwrap();
    };
    let read = |store: &Store| {
        let forward = |prefix: &[u8], after: Option<(u8, u64)>, limit| {
            texts(&store.scan_prefix(&PLAIN, prefix, after.as_ref(), limit).unwrap())
        };
        assert_eq!(forward(&[], None, 100), "abcdefg");
        assert_eq!(forward(&[1], None, 100), "abcd");
        assert_eq!(forward(&[1], None, 2), "ab");
        assert_eq!(forward(&[1], Some((1, 2)), 100), "cd");
        assert_eq!(forward(&[1], Some((1, 3)), 100), "cd");
        assert_eq!(forward(&[1], Some((1, u64::MAX)), 100), "");
        assert_eq!(forward(&[1], Some((0, 5)), 100), "abcd");
        assert_eq!(forward(&[1], Some((2, 0)), 100), "");
        assert_eq!(forward(&[3], None, 100), "");
        assert_eq!(forward(&[255], None, 100), "fg");
        assert_eq!(forward(&[], None, 0), "");

        let back = |prefix: &[u8], before: Option<(u8, u64)>, limit| {
            texts(&store.scan_prefix_back(&PLAIN, prefix, before.as_ref(), limit).unwrap())
        };
        assert_eq!(back(&[], None, 100), "gfedcba");
        assert_eq!(back(&[1], None, 100), "dcba");
        assert_eq!(back(&[1], None, 1), "d");
        assert_eq!(back(&[1], Some((1, 300)), 100), "ba");
        assert_eq!(back(&[1], Some((1, 299)), 100), "ba");
        assert_eq!(back(&[1], Some((1, 1)), 100), "");
        assert_eq!(back(&[1], Some((2, 0)), 100), "dcba");
        assert_eq!(back(&[1], Some((255, 9)), 100), "dcba");
        assert_eq!(back(&[1], Some((0, 1)), 100), "");
        assert_eq!(back(&[255], None, 100), "gf");
        assert_eq!(back(&[255], Some((255, 9)), 100), "f");

        assert_eq!(store.last(&PLAIN, &[1]).unwrap(), Some(((1, u64::MAX), "d".into())));
        assert_eq!(store.last(&PLAIN, &[255]).unwrap(), Some(((255, 9), "g".into())));
        assert_eq!(store.last(&PLAIN, &[3]).unwrap(), None);
        assert_eq!(store.last(&NAMED, &[]).unwrap(), None);
    };
    on_both(
        |store| {
            write(store);
            read(store);
        },
        read,
    );
}

#[test]
fn a_prefixed_table_is_scanned_by_whole_shorter_and_longer_prefixes() {
    let write = |store: &Store| {
        let mut batch = StoreBatch::new();
        for locator in [[0u8; 4], [7, 0, 0, 1], [7, 0, 0, 2], [255; 4]] {
            for row in 0..3u16 {
                batch.put(&SEALED, &(locator, row), &locator.to_vec());
            }
        }
        store.commit(batch, Durability::Synced).unwrap();
    };
    let read = |store: &Store| {
        let count = |prefix: &[u8]| store.scan_prefix(&SEALED, prefix, None, 100).unwrap().len();
        let count_back = |prefix: &[u8]| store.scan_prefix_back(&SEALED, prefix, None, 100).unwrap().len();
        for (prefix, rows) in [
            (&[7u8, 0, 0, 1][..], 3),
            (&[7, 0, 0, 3], 0),
            (&[7, 0], 6),
            (&[], 12),
            (&[255; 4], 3),
            (&[255], 3),
            (&[7, 0, 0, 2, 0], 3),
            (&[7, 0, 0, 2, 0, 1], 1),
        ] {
            assert_eq!((count(prefix), count_back(prefix)), (rows, rows), "prefix {prefix:?}");
        }
        let last = store.last(&SEALED, &[7, 0, 0, 1]).unwrap().unwrap();
        assert_eq!(last.0, ([7, 0, 0, 1], 2));
        let after = store.scan_prefix(&SEALED, &[7, 0, 0, 1], Some(&([7, 0, 0, 1], 0)), 9).unwrap();
        assert_eq!(after.len(), 2);
        assert_eq!(store.scan_prefix(&SEALED, &[7, 0, 0, 1], Some(&([9; 4], 0)), 9).unwrap().len(), 0);
    };
    on_both(
        |store| {
            write(store);
            read(store);
        },
        read,
    );
}

#[test]
fn for_each_reads_more_than_one_page_once_each() {
    let rows = 2 * PAGE_ROWS as u64;
    let write = |store: &Store| {
        let mut batch = StoreBatch::new();
        for number in 0..rows {
            batch.put(&PLAIN, &(4, number), &String::new());
        }
        batch.put(&PLAIN, &(5, 0), &String::new());
        store.commit(batch, Durability::Unsynced).unwrap();
    };
    let read = |store: &Store| {
        let mut next = 0;
        store
            .for_each(&PLAIN, &[4], |(_, number), _| {
                assert_eq!(number, next);
                next += 1;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(next, rows);
        let stop = StoreError::FailedClosed;
        assert_eq!(store.for_each(&PLAIN, &[4], |_, _| Err(stop.clone())), Err(stop));
    };
    on_both(
        |store| {
            write(store);
            read(store);
        },
        read,
    );
}

#[test]
fn a_corrupt_row_is_named_without_its_value() {
    on_both(
        |store| {
            let put = |value: &[u8], key: Vec<u8>| {
                let change = Change { table: PLAIN.spec().name, key, value: Some(value.to_vec()) };
                store.backend().write(vec![change], Durability::Unsynced).unwrap();
            };
            let key = (1u8, 0xaabb_ccdd_eeff_0011u64);
            for value in
                [&b""[..], b"\x01\x09secret", b"\x02\x06secret", b"\x01\x06secret.", b"\x00\x06secret"]
            {
                put(value, key.to_bytes());
                let error = store.get(&PLAIN, &key).unwrap_err();
                let text = format!("{error} {error:?}");
                assert!(text.contains("plain") && text.contains("01aabbccddeeff00"), "{text}");
                assert!(!text.contains("0011") && !text.contains("secret"), "{text}");
                assert_eq!(store.scan_prefix(&PLAIN, &[], None, 9).unwrap_err(), error);
            }
            put(b"\x01\x00", key.to_bytes());
            put(b"\x01\x00", vec![9, 9]);
            assert!(matches!(store.last(&PLAIN, &[9]), Err(StoreError::CorruptRow { table: "plain", .. })));
        },
        |_| {},
    );
}

#[test]
fn undeclared_tables_and_oversized_values_are_refused_and_break_nothing() {
    const OTHER: Table<u8, u8> = Table::new("other", 1);
    on_both(
        |store| {
            let refused = StoreError::Undeclared { table: "other" };
            assert_eq!(store.get(&OTHER, &1), Err(refused.clone()));
            assert_eq!(store.last(&OTHER, &[]), Err(refused.clone()));
            let mut batch = StoreBatch::new();
            batch.put(&NAMED, &"a".into(), &1).put(&OTHER, &1, &1);
            assert_eq!(store.commit(batch, Durability::Synced), Err(refused));
            assert_eq!(store.get(&NAMED, &"a".into()).unwrap(), None);

            let fits = vec![1; crate::limits::FRAME_BYTES_MAX - 5];
            let mut batch = StoreBatch::new();
            batch.put(&SEALED, &([1; 4], 1), &fits);
            store.commit(batch, Durability::Synced).unwrap();
            assert_eq!(store.get(&SEALED, &([1; 4], 1)).unwrap(), Some(fits.clone()));
            let mut batch = StoreBatch::new();
            batch.put(&NAMED, &"a".into(), &1).put(&SEALED, &([1; 4], 2), &[fits, vec![1; 9]].concat());
            let mut outer = StoreBatch::new();
            outer.append(batch);
            assert!(matches!(
                store.commit(outer, Durability::Synced),
                Err(StoreError::TooLarge { table: "sealed", .. })
            ));
            assert_eq!(store.get(&NAMED, &"a".into()).unwrap(), None);
            assert!(!store.is_failed());
        },
        |_| {},
    );
    let twice = [PLAIN.spec(), PLAIN.spec()];
    assert_eq!(Store::memory(&twice).unwrap_err(), StoreError::Undeclared { table: "plain" });
    let ours = [Table::<u8, u8>::new("schema", 1).spec()];
    assert_eq!(Store::memory(&ours).unwrap_err(), StoreError::Undeclared { table: "schema" });
}

#[test]
fn a_store_is_bound_to_one_member_for_ever() {
    on_both(
        |store| {
            assert_eq!(store.identity().unwrap(), None);
            store.bind_identity("alpha.example/net").unwrap();
            store.bind_identity("alpha.example/net").unwrap();
        },
        |store| {
            store.bind_identity("alpha.example/net").unwrap();
            assert_eq!(
                store.bind_identity("beta.example/net"),
                Err(StoreError::OtherIdentity {
                    found: "alpha.example/net".into(),
                    asked: "beta.example/net".into()
                })
            );
        },
    );
}

/// Opens the same tables in other versions; `reopen` gives the store that was closed with `TABLES`.
fn other_schemas(reopen: impl Fn(&[TableSpec]) -> Result<Store, StoreError>) {
    const NEWER: Table<String, u32> = Table::new("named", 3);
    const OLDER: Table<String, u32> = Table::new("named", 1);
    fn from_two(version: u8, bytes: &[u8]) -> Result<u32, codec::CodecError> {
        assert_eq!(version, 2);
        codec::decode::<u32>(bytes, "value").map(|n| n * 10)
    }
    const UPGRADING: Table<String, u32> = Table::new("named", 3).upgrading(2, from_two);
    let with = |spec: TableSpec| [PLAIN.spec(), SEALED.spec(), spec];

    let mut batch = StoreBatch::new();
    batch.put(&NAMED, &"x".into(), &7).put(&NAMED, &"y".into(), &8);
    reopen(&TABLES).unwrap().commit(batch, Durability::Synced).unwrap();
    assert_eq!(
        reopen(&with(OLDER.spec())).unwrap_err(),
        StoreError::NewerSchema { table: "named".into(), found: 2, known: 1 }
    );
    assert_eq!(
        reopen(&with(NEWER.spec())).unwrap_err(),
        StoreError::OlderSchema { table: "named".into(), found: 2, oldest: 3 }
    );
    assert_eq!(reopen(&TABLES[..2]).unwrap_err(), StoreError::UnknownTableOnDisk { table: "named".into() });
    let store = reopen(&with(UPGRADING.spec())).unwrap();
    assert_eq!(store.get(&UPGRADING, &"x".into()).unwrap(), Some(70));
    let mut batch = StoreBatch::new();
    batch.put(&UPGRADING, &"x".into(), &71);
    store.commit(batch, Durability::Synced).unwrap();
    assert_eq!(store.get(&UPGRADING, &"x".into()).unwrap(), Some(71));
    assert_eq!(store.get(&UPGRADING, &"y".into()).unwrap(), Some(80));
    drop(store);
    assert!(matches!(reopen(&TABLES), Err(StoreError::NewerSchema { .. })));
}

#[test]
fn other_versions_are_refused_or_upgraded() {
    let directory = tempfile::tempdir().unwrap();
    other_schemas(|tables| Store::open(directory.path(), tables, &small()));

    let current = std::sync::Mutex::new(Arc::new(Store::memory_backend(&TABLES).unwrap()));
    other_schemas(|tables| {
        let mut current = current.lock().unwrap();
        *current = Arc::new(current.reopen(&schema::with_own_table(tables)?, Reopen::Killed));
        Store::with_backend(current.clone(), tables)
    });
}

#[test]
fn many_writers_commit_together() {
    let write = |store: &Store| {
        std::thread::scope(|scope| {
            for writer in 0..8u8 {
                scope.spawn(move || {
                    for number in 0..50u64 {
                        let mut batch = StoreBatch::new();
                        batch.put(&PLAIN, &(writer, number), &number.to_string());
                        store.commit(batch, Durability::Synced).unwrap();
                        assert!(store.contains(&PLAIN, &(writer, number)).unwrap());
                    }
                });
            }
        });
    };
    on_both(write, |store| {
        assert_eq!(store.scan_prefix(&PLAIN, &[], None, 1000).unwrap().len(), 400);
    });
}

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8, u8),
    Delete(u8, u8),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..4u8, 0..6u8, any::<u8>()).prop_map(|(a, b, v)| Step::Put(a, b, v)),
        3 => (0..4u8, 0..6u8).prop_map(|(a, b)| Step::Delete(a, b)),
        1 => Just(Step::Reopen),
    ]
}

const MODEL: Table<([u8; 2], u8), u8> = Table::new("model", 1).prefixed(2);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn both_backends_are_a_sorted_map(steps in proptest::collection::vec(step(), 1..40)) {
        let specs = [MODEL.spec()];
        let directory = tempfile::tempdir().unwrap();
        let open = || Store::open(directory.path(), &specs, &small()).unwrap();
        let (mut disk, memory) = (Some(open()), Store::memory(&specs).unwrap());
        let mut map = BTreeMap::new();
        for step in steps {
            let mut batches = [StoreBatch::new(), StoreBatch::new()];
            match step {
                Step::Put(a, b, value) => {
                    map.insert(([a, 1], b), value);
                    for batch in &mut batches { batch.put(&MODEL, &([a, 1], b), &value); }
                }
                Step::Delete(a, b) => {
                    map.remove(&([a, 1], b));
                    for batch in &mut batches { batch.delete(&MODEL, &([a, 1], b)); }
                }
                Step::Reopen => {
                    drop(disk.take());
                    disk = Some(open());
                }
            }
            let stores = [disk.as_ref().unwrap(), &memory];
            for (store, batch) in stores.into_iter().zip(batches) {
                store.commit(batch, Durability::Unsynced).unwrap();
            }
            for store in stores {
                for prefix in [&[][..], &[0], &[1, 1], &[2, 1, 3], &[3, 1]] {
                    let within = |key: &([u8; 2], u8)| key.to_bytes().starts_with(prefix);
                    let expected: Vec<_> = map.iter().filter(|(k, _)| within(k)).map(|(k, v)| (*k, *v)).collect();
                    for at in [None, Some(([1, 1], 2)), Some(([2, 1], 3)), Some(([9, 9], 9))] {
                        let after: Vec<_> =
                            expected.iter().filter(|(k, _)| at.is_none_or(|at| *k > at)).copied().collect();
                        prop_assert_eq!(store.scan_prefix(&MODEL, prefix, at.as_ref(), 99).unwrap(), after);
                        let mut before: Vec<_> =
                            expected.iter().filter(|(k, _)| at.is_none_or(|at| *k < at)).copied().collect();
                        before.reverse();
                        prop_assert_eq!(store.scan_prefix_back(&MODEL, prefix, at.as_ref(), 99).unwrap(), before);
                    }
                }
            }
        }
    }
}
