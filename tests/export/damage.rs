//! One change at a time to an exported log, and each is found.

use std::collections::BTreeMap;
use std::path::Path;

use tallystick::merkle::tile::encode_entries;
use tallystick::merkle::tree::Appender;
use tallystick::merkle::{SignerKey, TileId, TilePath, leaf_hash, tiles_of};
use tallystick::secret::SecretBytes;

use crate::checker::Check;
use crate::fixture::{TestLog, leaf};

const SIZE: u64 = 300;

/// An export of a log of 300 leaves with the cosignatures of both witnesses.
fn exported() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let log = TestLog::new(SIZE);
    log.cosign();
    log.export(folder.path());
    TestLog::check().verdict(folder.path()).unwrap();
    folder
}

fn with_byte(folder: &Path, file: &str, place: usize, flip: u8, see: impl FnOnce()) {
    let path = folder.join(file);
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    changed[place] ^= flip;
    std::fs::write(&path, changed).unwrap();
    see();
    std::fs::write(&path, whole).unwrap();
}

#[test]
fn a_flipped_bit_in_any_tile_or_bundle_is_found() {
    let folder = exported();
    let check = TestLog::check();
    let files: Vec<String> = tiles_of(SIZE).map(|path| path.to_string()).collect();
    assert_eq!(files.len(), 5);
    for file in &files {
        let length = std::fs::read(folder.path().join(file)).unwrap().len();
        // Both ends, the first lengths of a bundle, and places all over the file; every bit of a byte has its turn.
        let places = (0..4).chain((0..24).map(|step| step * length / 24)).chain(length - 4..length);
        for (turn, place) in places.filter(|place| *place < length).enumerate() {
            with_byte(folder.path(), file, place, 1 << (turn % 8), || {
                let verdict = check.verdict(folder.path());
                assert!(verdict.is_err(), "byte {place} of {file}: {verdict:?}");
            });
        }
    }
    check.verdict(folder.path()).unwrap();
}

#[test]
fn a_flipped_bit_in_any_signature_is_found() {
    let folder = exported();
    let check = TestLog::check();
    for file in ["checkpoint", "quorum"] {
        let note = std::fs::read(folder.path().join(file)).unwrap();
        assert_eq!(note.split(|byte| *byte == b'\n').count() - 1, 7, "text, empty line, three signatures");
        for place in 0..note.len() {
            with_byte(folder.path(), file, place, 1 << (place % 8), || {
                let verdict = check.verdict(folder.path());
                assert!(verdict.is_err(), "byte {place} of {file}: {verdict:?}");
            });
        }
        // A line less is a cosignature less.
        let text = String::from_utf8(note.clone()).unwrap();
        let fewer = text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
        std::fs::write(folder.path().join(file), fewer).unwrap();
        assert!(check.verdict(folder.path()).unwrap_err().contains("1 cosignatures, 2 "));
        std::fs::write(folder.path().join(file), note).unwrap();
    }
    check.verdict(folder.path()).unwrap();
}

#[test]
fn a_cut_or_missing_file_is_found() {
    let folder = exported();
    let check = TestLog::check();
    let mut files: Vec<String> = tiles_of(SIZE).map(|path| path.to_string()).collect();
    files.extend(["checkpoint".to_owned(), "quorum".to_owned()]);
    for file in &files {
        let path = folder.path().join(file);
        let whole = std::fs::read(&path).unwrap();
        for changed in [&whole[..whole.len() - 1], &[whole.as_slice(), &[0]].concat(), &[]] {
            std::fs::write(&path, changed).unwrap();
            assert!(check.verdict(folder.path()).is_err(), "{file} of {} bytes", changed.len());
        }
        std::fs::remove_file(&path).unwrap();
        assert!(check.verdict(folder.path()).is_err(), "without {file}");
        std::fs::write(&path, whole).unwrap();
    }
    // A tile that the tree has not, and an earlier width with other content.
    for (file, bytes) in [("tile/0/001.p/45", vec![1; 45 * 32]), ("tile/0/001.p/2", vec![1; 64])] {
        std::fs::write(folder.path().join(file), bytes).unwrap();
        assert!(check.verdict(folder.path()).is_err(), "with {file}");
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
    check.verdict(folder.path()).unwrap();
}

/// Writes all tiles and bundles anew for other leaves, as somebody would who wants them to fit together.
fn lay_out(folder: &Path, leaves: &[Vec<u8>]) {
    std::fs::remove_dir_all(folder.join("tile")).unwrap();
    let mut appender = Appender::new(0, &BTreeMap::<TileId, Vec<u8>>::new()).unwrap();
    for leaf in leaves {
        appender.append(leaf_hash(leaf));
    }
    let appended = appender.finish();
    for path in tiles_of(appended.size) {
        let bytes = match path {
            TilePath::Hashes(id, width) => appended.tiles[&id][..width.get() * 32].to_vec(),
            TilePath::Entries(index, width) => {
                let from = usize::try_from(index).unwrap() * 256;
                encode_entries(&leaves[from..from + width.get()]).unwrap()
            }
        };
        let file = folder.join(path.to_string());
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

#[test]
fn a_removed_added_or_reordered_leaf_is_found() {
    let folder = exported();
    let check = TestLog::check();
    let leaves: Vec<Vec<u8>> = (0..SIZE).map(|index| leaf(index).to_bytes()).collect();
    let mut changes: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
    for place in [0, 1, 127, 255, 256, 299] {
        let mut fewer = leaves.clone();
        let gone = fewer.remove(place);
        changes.push((format!("{place} removed"), fewer.clone()));
        // Of the same number.
        fewer.push(leaf(1_000).to_bytes());
        changes.push((format!("{place} removed and another added at the end"), fewer));
        let mut more = leaves.clone();
        more.insert(place, leaf(1_000).to_bytes());
        changes.push((format!("one added at {place}"), more));
        let mut again = leaves.clone();
        again.insert(place, gone);
        changes.push((format!("{place} doubled"), again));
        let mut other = leaves.clone();
        other[place] = leaf(1_000).to_bytes();
        changes.push((format!("{place} replaced"), other));
    }
    let mut longer = leaves.clone();
    longer.push(leaf(SIZE).to_bytes());
    changes.push(("one added at the end".to_owned(), longer));
    for (one, another) in [(0, 1), (0, 299), (255, 256), (298, 299)] {
        let mut turned = leaves.clone();
        turned.swap(one, another);
        changes.push((format!("{one} and {another} in each other's place"), turned));
    }
    for (what, changed) in &changes {
        lay_out(folder.path(), changed);
        let verdict = check.verdict(folder.path());
        assert!(verdict.is_err(), "{what}: {verdict:?}");
    }
    lay_out(folder.path(), &leaves);
    check.verdict(folder.path()).unwrap();
    // And in the bundle alone.
    let bundle = folder.path().join("tile/entries/000");
    let whole = std::fs::read(&bundle).unwrap();
    for (what, changed) in &changes {
        let other = encode_entries(&changed[..256]).unwrap();
        if other != whole {
            std::fs::write(&bundle, other).unwrap();
            assert!(check.verdict(folder.path()).is_err(), "{what}, in the bundle");
        }
    }
}

#[test]
fn a_shorter_or_rewritten_log_is_found_by_an_old_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let olds = tempfile::tempdir().unwrap();
    let old = |size: u64| {
        let file = olds.path().join(size.to_string());
        std::fs::write(&file, TestLog::new(size).log.published().unwrap().checkpoint).unwrap();
        file
    };
    let check = |sizes: &[u64]| Check {
        olds: sizes.iter().map(|size| old(*size)).collect(),
        ..TestLog::check_unwitnessed()
    };
    TestLog::new(SIZE).export(folder.path());
    check(&[0, 1, 255, 256, 257, 299, 300]).verdict(folder.path()).unwrap();
    assert!(check(&[301]).verdict(folder.path()).unwrap_err().contains("has 301 entries"));
    // Its owner cuts it off and signs what is left: nothing is wrong with that alone.
    let cut = tempfile::tempdir().unwrap();
    TestLog::new(256).export(cut.path());
    check(&[]).verdict(cut.path()).unwrap();
    check(&[255, 256]).verdict(cut.path()).unwrap();
    assert!(check(&[257]).verdict(cut.path()).is_err());
    assert!(check(&[1, 300]).verdict(cut.path()).is_err());
    // Its owner changes one leaf, and signs that.
    let rewritten = tempfile::tempdir().unwrap();
    let log = TestLog::new(100);
    log.append((101..=SIZE).map(leaf).collect());
    log.export(rewritten.path());
    check(&[]).verdict(rewritten.path()).unwrap();
    check(&[1, 100]).verdict(rewritten.path()).unwrap();
    for size in [101, 256, 300] {
        assert!(check(&[size]).verdict(rewritten.path()).is_err(), "{size}");
    }
}

#[test]
fn the_log_of_another_key_is_not_taken() {
    let folder = exported();
    let check = TestLog::check();
    let name = "tally.test-net/lender-a".parse().unwrap();
    let stranger = SignerKey::new(name, SecretBytes::new([66; 32]));
    let other = Check { log: stranger.verifier().to_string(), ..check.clone() };
    assert!(other.verdict(folder.path()).is_err());
    // A witness that was not named: its line is a stranger's.
    let fewer = Check { cosigners: check.cosigners[..1].to_vec(), cosigned: 1, quorum: 1, ..check };
    assert!(fewer.verdict(folder.path()).unwrap_err().contains("unknown key"));
}
