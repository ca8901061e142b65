//! What the fuzz targets check, over their kept corpus and over everything that ever failed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a library of its own where the targets are built")]
mod targets;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn names(folder: &Path) -> BTreeSet<String> {
    files(folder).iter().map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

/// `corpus` is what fuzzing begins with; `found` is what once made a target fail, and stays for ever.
#[test]
fn nothing_that_was_kept_fails_any_more() {
    for (name, target) in targets::TARGETS {
        let kept = files(&fuzz().join("corpus").join(name));
        assert!(!kept.is_empty(), "{name} has no corpus");
        for file in kept.iter().chain(&files(&fuzz().join("found").join(name))) {
            println!("{}", file.display());
            target(&std::fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_has_its_file_and_every_file_its_target() {
    let known: BTreeSet<String> = targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), known);
    assert_eq!(names(&fuzz().join("corpus")), known);
    assert!(names(&fuzz().join("found")).is_subset(&known));
    let manifest = std::fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    assert!(known.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Bytes that begin like something kept and go on otherwise.
    #[test]
    fn what_is_kept_with_a_piece_cut_out_and_another_put_in(
        pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..40,
        put in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        for (name, target) in targets::TARGETS {
            let kept = files(&fuzz().join("corpus").join(name));
            let mut bytes = std::fs::read(&kept[pick.index(kept.len())]).unwrap();
            let from = at.index(bytes.len() + 1);
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, put.iter().copied());
            target(&bytes);
        }
    }
}
