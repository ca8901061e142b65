//! No flipped bit of what was signed passes, nor an entry that was put in, left out or moved.

use tallystick::audit::{Rule, Verdict};
use tallystick::merkle::hash::HASH_BYTES;
use tallystick::merkle::tile;
use tallystick::model::leaf::RefusalCode;

use crate::world::{Files, World, id, run};

fn small() -> World {
    let mut world = World::new();
    world.report("lender-d", 2, 2);
    for _ in 0..260 {
        world.refuse("lender-d", None, RefusalCode::NoConsent);
    }
    world
}

fn verdict(files: Files) -> Verdict {
    run(&[("export".to_owned(), files)]).verdict()
}

#[test]
fn every_flipped_bit_of_notes_tiles_and_entries_is_seen() {
    let world = small();
    let good = world.export("lender-d");
    assert_eq!(verdict(good.clone()), Verdict::Clean);
    let notes = ["checkpoint", "quorum"];
    let paths: Vec<String> = good
        .keys()
        .filter(|path| path.starts_with("tile/") || notes.contains(&path.as_str()))
        .cloned()
        .collect();
    assert_eq!(paths.len(), 2 + 2 + 1 + 2, "two tiles of leaves, one above, two bundles: {paths:?}");
    for path in paths {
        let bits = good[&path].len() * 8;
        // All of a small file; of a large one some five hundred, the first and the last among them.
        let step = bits.div_ceil(if notes.contains(&path.as_str()) { bits } else { 97 }).max(1);
        for bit in (0..bits).step_by(step).chain([bits - 1]) {
            let mut files = good.clone();
            files.get_mut(&path).unwrap()[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(verdict(files), Verdict::Clean, "{path}, bit {bit}");
        }
        let mut files = good.clone();
        files.get_mut(&path).unwrap().pop();
        assert_ne!(verdict(files), Verdict::Clean, "{path} is short");
        let mut files = good.clone();
        files.get_mut(&path).unwrap().push(0);
        assert_ne!(verdict(files), Verdict::Clean, "{path} is long");
        let mut files = good.clone();
        files.remove(&path);
        let gone = verdict(files);
        assert!(gone != Verdict::Clean || path == "quorum", "{path} is gone");
    }
}

#[test]
fn entries_that_were_removed_added_or_moved() {
    let world = small();
    let good = world.export("lender-d");
    let log = &world.logs[&id("lender-d")];
    let bundle = |leaves: &[Vec<u8>]| tile::encode_entries(leaves).unwrap();
    let swapped = {
        let mut leaves = log[..256].to_vec();
        leaves.swap(10, 1);
        leaves
    };
    let replaced = {
        let mut leaves = log[..256].to_vec();
        leaves[200] = leaves[0].clone();
        leaves
    };
    for (leaves, first) in [(swapped, 1), (replaced, 200)] {
        let mut files = good.clone();
        files.insert("tile/entries/000".into(), bundle(&leaves));
        let report = run(&[("export".to_owned(), files)]);
        let [finding] = report.findings.as_slice() else { panic!("{report:?}") };
        assert_eq!((finding.rule, finding.leaf), (Rule::TreeMismatch, Some(first)));
    }
    for leaves in [&log[1..256], &log[..257]] {
        let mut files = good.clone();
        let bytes: Vec<u8> = leaves.iter().flat_map(|leaf| bundle(std::slice::from_ref(leaf))).collect();
        files.insert("tile/entries/000".into(), bytes);
        assert_eq!(verdict(files), Verdict::Unchecked);
    }
}

/// The full tile's path of a partial one's.
fn stem(path: &str) -> Option<&str> {
    path.split_once(".p/").map(|(stem, _)| stem)
}

#[test]
fn partial_tiles_of_earlier_sizes_are_checked_too() {
    let mut world = small();
    let earlier = world.export("lender-d");
    let kept: Vec<String> = earlier.keys().filter(|path| path.contains(".p/")).cloned().collect();
    assert!(kept.iter().any(|path| path.starts_with("tile/0/")), "{kept:?}");
    assert!(kept.iter().any(|path| path.starts_with("tile/1/")), "{kept:?}");
    assert!(kept.iter().any(|path| path.starts_with("tile/entries/")), "{kept:?}");
    for more in [3, 300] {
        for _ in 0..more {
            world.refuse("lender-d", None, RefusalCode::NoConsent);
        }
        // As an export that is written to again, and one that was broken off before the checkpoint came.
        let later = world.export("lender-d");
        let mut both = earlier.clone();
        both.extend(later.clone());
        let mut broken_off = later.clone();
        broken_off.extend(earlier.clone());
        for good in [both, broken_off] {
            assert_eq!(verdict(good.clone()), Verdict::Clean);
            // Nothing is known of tiles that lie wholly beyond the checkpoint.
            let reached = |path: &str| {
                good["checkpoint"] == later["checkpoint"]
                    || earlier.keys().any(|known| stem(known) == stem(path))
            };
            for path in good.keys().filter(|path| path.contains(".p/") && reached(path)) {
                let mut files = good.clone();
                let byte = files[path].len().min(HASH_BYTES) - 1;
                files.get_mut(path).unwrap()[byte] ^= 1;
                assert_ne!(verdict(files), Verdict::Clean, "{path}");
                let mut files = good.clone();
                files.get_mut(path).unwrap().pop();
                assert_ne!(verdict(files), Verdict::Clean, "{path} is short");
            }
        }
    }
}

#[test]
fn hostile_folders_are_refused_and_never_crash() {
    let world = small();
    let good = world.export("lender-d");
    assert_eq!(verdict(Files::new()), Verdict::Unchecked);
    for path in good.keys() {
        for bytes in [vec![], vec![0; 70_000], b"{}".to_vec(), vec![b'['; 9_000], vec![0xff; 40]] {
            let mut files = good.clone();
            files.insert(path.clone(), bytes);
            let report = run(&[("export".to_owned(), files)]);
            assert!(report.verdict() != Verdict::Clean, "{path}: {report:?}");
        }
    }
    // A claimed size that nothing stands behind costs nothing.
    let key = world.note("lender-d", &[], &[]);
    let claimed = key.to_string().replace("\n0\n", "\n9223372036854775807\n");
    let mut files = good;
    files.insert("checkpoint".into(), claimed.into_bytes());
    assert_eq!(verdict(files), Verdict::Unchecked);
}
