//! A snapshot of a store, cut short and altered everywhere.

use super::*;
use crate::store::{Durability, Store, StoreBatch, StoreOptions, Table};

/// Not compressed, so that its rows are found in the files.
const ROWS: Table<u64, Vec<u8>> = Table::new("rows", 1).sealed();

fn manifest() -> Manifest {
    Manifest {
        v: SNAPSHOT_VERSION,
        network: "net".parse().unwrap(),
        member: "lender-a".parse().unwrap(),
        log_key: String::new(),
        log: CheckpointReference { size: 0, root: Digest(crate::merkle::empty_root()) },
        tables: BTreeMap::from([("rows".to_owned(), 1)]),
        taken: UnixTime(1_795_305_600),
        program: "0".to_owned(),
    }
}

fn tables() -> Vec<crate::store::TableSpec> {
    [crate::log::TABLES, crate::feed::TABLES, &[ROWS.spec()]].concat()
}

/// The archive of a store with a few rows, made while more are written.
fn archive() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions { cache_bytes: 8 * 1024 * 1024, ..StoreOptions::default() };
    let store = Store::open(&folder.path().join("store"), &tables(), &options).unwrap();
    store.bind_identity("net/lender-a").unwrap();
    let put = |row: u64| {
        let mut batch = StoreBatch::new();
        batch.put(&ROWS, &row, &vec![7; 100]);
        store.commit(batch, Durability::Synced).unwrap();
    };
    (0..100).for_each(put);
    let snapshot = folder.path().join("store/snapshot-1");
    store.snapshot(&snapshot).unwrap();
    (100..200).for_each(put);
    let mut out = Vec::new();
    pack(&manifest(), &snapshot, &mut out).unwrap();
    out
}

fn opened(archive: &[u8]) -> Result<Checked, BackupError> {
    let folder = tempfile::tempdir().unwrap();
    let unpacked = unpack(archive, folder.path())?;
    let options = StoreOptions { cache_bytes: 8 * 1024 * 1024, ..StoreOptions::default() };
    let store = Store::open(folder.path(), &tables(), &options)?;
    check(&store, &unpacked.manifest)
}

#[test]
fn what_was_there_at_that_moment_comes_back() {
    let checked = opened(&archive()).unwrap();
    assert_eq!((checked.rows["rows"], checked.leaves), (100, 0));
}

#[test]
fn an_archive_that_is_cut_or_altered_is_refused() {
    let archive = archive();
    let unpacked = |archive: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        unpack(archive, folder.path()).map(|unpacked| unpacked.files)
    };
    unpacked(&archive).unwrap();
    // The last two blocks only say that it ends.
    for end in (0..archive.len() - 1024).step_by(archive.len() / 60) {
        let error = unpacked(&archive[..end]).unwrap_err();
        assert!(matches!(error, BackupError::NotWhole(_)), "cut at {end}: {error}");
    }
    // Every byte of the data of a file counts: what is not data is padding, or a field that nothing rests on.
    let row = archive.windows(50).position(|part| part == [7; 50]).unwrap();
    for at in (row..row + 50).step_by(5) {
        let mut altered = archive.clone();
        altered[at] ^= 1;
        assert!(matches!(unpacked(&altered), Err(BackupError::NotWhole(_))), "altered at {at}");
    }
    let manifest = archive.windows(8).position(|part| part == b"lender-a").unwrap();
    let mut altered = archive.clone();
    altered[manifest] = b'L';
    assert!(unpacked(&altered).is_err());
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in ["store/db/../../x", "/etc/x", "store/db/", "store/db/a/b", "x", "store/db/.x"] {
        let mut out = Vec::new();
        let mut archive = tar::Builder::new(&mut out);
        let text = serde_json::to_vec(&manifest()).unwrap();
        let mut add = |path: &str, data: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.set_size(data.len() as u64);
            header.set_mode(0o600);
            // As a hostile writer would, past the checks of the crate.
            header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            archive.append(&header, data).unwrap();
        };
        add("manifest.json", &text);
        add(name, b"data");
        archive.finish().unwrap();
        drop(archive);
        assert!(matches!(opened(&out), Err(BackupError::NotWhole(_))), "{name}");
    }
}
