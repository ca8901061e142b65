//! Logs of every awkward size, and folders that are written again as a log grows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tallystick::cli::Exit;

use crate::checker::Check;
use crate::fixture::{TestLog, leaf};

/// Every file of a folder with the time of its last change.
fn files(folder: &Path) -> BTreeMap<String, SystemTime> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                let path = entry.path();
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, entry.metadata().unwrap().modified().unwrap());
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

#[test]
fn every_awkward_size_is_accepted_and_lies_in_the_layout() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537] {
        let folder = tempfile::tempdir().unwrap();
        let log = TestLog::new(size);
        log.cosign();
        let written = log.export(folder.path());
        assert_eq!((written.size, written.size_before), (size, 0));
        let bundles = size.div_ceil(256);
        assert_eq!(written.bundles, bundles, "{size}");
        assert_eq!(
            written.tiles,
            bundles + (size / 256).div_ceil(256) + (size / 65_536).div_ceil(256),
            "{size}"
        );
        let said = TestLog::check().verdict(folder.path()).unwrap_or_else(|said| panic!("{size}: {said}"));
        let read = format!("accepted: {size} entries, {} files", written.tiles + bundles);
        assert!(said.starts_with(&read), "{size}: {said}");
    }
}

#[test]
fn the_layout_of_257_entries() {
    let folder = tempfile::tempdir().unwrap();
    TestLog::new(257).export(folder.path());
    assert_eq!(
        names(folder.path()),
        [
            "checkpoint",
            "tally.json",
            "tile/0/000",
            "tile/0/001.p/1",
            "tile/1/000.p/1",
            "tile/entries/000",
            "tile/entries/001.p/1"
        ]
    );
    assert_eq!(std::fs::metadata(folder.path().join("tile/0/000")).unwrap().len(), 8192);
}

#[test]
fn a_second_run_writes_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let log = TestLog::new(10);
    let mut check = Check { olds: Vec::new(), ..TestLog::check_unwitnessed() };
    let mut kept: Vec<tempfile::NamedTempFile> = Vec::new();
    let mut before: BTreeMap<String, SystemTime> = BTreeMap::new();
    for (size, tiles, bundles, partials) in
        [(10, 1, 1, 0), (10, 0, 0, 0), (200, 1, 1, 0), (300, 3, 2, 2), (512, 2, 1, 2), (600, 1, 1, 0)]
    {
        log.grow(size);
        let written = log.export(at);
        assert_eq!((written.tiles, written.bundles, written.partials_removed), (tiles, bundles, partials));
        let now = files(at);
        for (name, time) in &before {
            let full = name.starts_with("tile/") && !name.contains(".p/");
            assert!(!full || now.get(name) == Some(time), "{name} was written again at {size}");
        }
        // Every earlier checkpoint is one of the log, and the partial tiles of those that need them are there.
        check.olds = kept.iter().map(|old| old.path().to_owned()).collect();
        check.verdict(at).unwrap_or_else(|said| panic!("{size}: {said}"));
        let old = tempfile::NamedTempFile::new().unwrap();
        std::fs::copy(at.join("checkpoint"), old.path()).unwrap();
        kept.push(old);
        before = now;
    }
    let partials: Vec<String> = names(at).into_iter().filter(|name| name.contains(".p/")).collect();
    assert_eq!(
        partials,
        ["tile/0/002.p/88", "tile/1/000.p/1", "tile/1/000.p/2", "tile/entries/002.p/88"],
        "of tiles that are not full yet, earlier widths stay"
    );
}

#[test]
fn what_was_interrupted_is_simply_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let log = TestLog::new(300);
    log.export(at);
    let whole = names(at);
    // As it is found when it was cut off: anything but the manifest may be missing, and something is half written.
    for gone in whole.iter().filter(|name| *name != "tally.json") {
        std::fs::remove_file(at.join(gone)).unwrap();
        let _ = std::fs::remove_file(at.join("checkpoint"));
        std::fs::write(at.join(".unfinished"), "half").unwrap();
        log.export(at);
        assert_eq!(names(at), whole, "{gone}");
        TestLog::check_unwitnessed().verdict(at).unwrap();
    }
}

#[test]
fn another_history_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    TestLog::new(300).export(at);
    let before = files(at);
    let shorter = TestLog::new(299);
    let other = TestLog::new(0);
    let mut leaves: Vec<_> = (0..400).map(leaf).collect();
    leaves.swap(3, 4);
    other.append(leaves);
    for log in [&shorter, &other] {
        let (exit, words) = log.refusal(at);
        assert_eq!(exit, Exit::Refused);
        assert!(words.contains("is no beginning of the node's log"), "{words}");
    }
    std::fs::write(at.join("checkpoint"), "nothing").unwrap();
    assert!(shorter.refusal(at).1.contains("its checkpoint is damaged"));
    std::fs::write(at.join("tally.json"), "{}").unwrap();
    assert!(shorter.refusal(at).1.contains("its tally.json is not of this program"));
    let stranger = tempfile::tempdir().unwrap();
    std::fs::write(stranger.path().join("letter.txt"), "Dear Sir").unwrap();
    assert!(shorter.refusal(stranger.path()).1.contains("has files and no tally.json"));
    assert_eq!(names(stranger.path()), ["letter.txt"]);
    let now: PathBuf = at.join("tile/0/000");
    assert_eq!(std::fs::metadata(now).unwrap().modified().unwrap(), before["tile/0/000"]);
}

#[test]
fn two_exports_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let held = std::fs::File::open(folder.path()).unwrap();
    rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let (exit, words) = TestLog::new(1).refusal(folder.path());
    assert_eq!(exit, Exit::Refused);
    assert!(words.contains("another export writes into it"), "{words}");
    drop(held);
    TestLog::new(1).export(folder.path());
}
