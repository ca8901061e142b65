//! What the log shows: checkpoint, tiles and bundles of every width, and the cosignatures that it knows.

use super::tests::{NOW, grow};
use super::*;
use crate::merkle::cosignature::{CosignerVerifierKey, cosign, witnesses};
use crate::merkle::tile::{TILE_WIDTH, decode_entries, entries_path};
use crate::merkle::{CosignerKey, Frontier, Note, SignerKey, TileId, TilePath, Width, leaf_hash, tiles_of};
use crate::model::member::MemberId;
use crate::secret::SecretBytes;
use crate::store::Store;

fn signer() -> SignerKey {
    SignerKey::new("tally.net/lender-a".parse().unwrap(), SecretBytes::new([3; 32]))
}

fn open() -> ConsentLog {
    let owner: MemberId = "lender-a".parse().unwrap();
    ConsentLog::open(Store::memory(TABLES).unwrap(), owner, signer(), NOW).unwrap()
}

fn cosigner(seed: u8) -> CosignerKey {
    let name = format!("tally.net/witness-{seed}").parse().unwrap();
    CosignerKey::new(name, SecretBytes::new([seed; 32]))
}

#[test]
fn an_empty_log_has_a_checkpoint_and_no_tile() {
    let log = open();
    let published = log.published().unwrap();
    let checkpoint = open_checkpoint_of(&published);
    assert_eq!((checkpoint.size(), checkpoint.root()), (0, &crate::merkle::empty_root()));
    assert_eq!(published.quorum, b"");
    for path in ["tile/0/000", "tile/0/000.p/1", "tile/entries/000", "tile/entries/000.p/1", "tile/1/000.p/1"]
    {
        assert_eq!(log.tile(path.parse().unwrap()).unwrap(), None, "{path}");
    }
}

fn open_checkpoint_of(published: &Published) -> crate::merkle::Checkpoint {
    crate::merkle::open_checkpoint(&published.checkpoint, signer().verifier()).unwrap()
}

#[test]
fn every_width_of_a_tile_is_there_once_the_log_has_it() {
    let log = open();
    grow(&log, 258);
    let leaves = log.leaves(0, 300).unwrap();
    let hashes: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    for width in 1..=TILE_WIDTH {
        let width = Width::try_from(width).unwrap();
        let row = log.tile(TilePath::Hashes(TileId { level: 0, index: 0 }, width)).unwrap().unwrap();
        assert_eq!(row, hashes[..width.get()].concat());
        let bundle = log.tile(TilePath::Entries(0, width)).unwrap().unwrap();
        assert_eq!(decode_entries(&bundle).unwrap(), leaves[..width.get()]);
    }
    for (path, there) in [
        ("tile/0/001.p/1", true),
        ("tile/0/001.p/2", true),
        ("tile/0/001.p/3", false),
        ("tile/0/001", false),
        ("tile/0/002.p/1", false),
        ("tile/1/000.p/1", true),
        ("tile/1/000.p/2", false),
        ("tile/1/000", false),
        ("tile/2/000.p/1", false),
        ("tile/63/000.p/1", false),
        ("tile/entries/001.p/2", true),
        ("tile/entries/001.p/3", false),
        ("tile/entries/x018/x446/x744/x073/x709/x551/615", false),
        ("tile/0/x018/x446/x744/x073/x709/x551/615", false),
    ] {
        assert_eq!(log.tile(path.parse().unwrap()).unwrap().is_some(), there, "{path}");
    }
    // A level above is the root of the full tile below.
    let mut frontier = Frontier::new();
    hashes[..256].iter().for_each(|hash| frontier.push(*hash));
    assert_eq!(log.tile("tile/1/000.p/1".parse().unwrap()).unwrap().unwrap(), frontier.root());
    assert_eq!(entries_path(0, Width::FULL), "tile/entries/000");
    assert!(tiles_of(258).all(|path| log.tile(path).unwrap().is_some()));
}

#[test]
fn cosignatures_go_with_the_checkpoint_that_they_are_of() {
    let log = open();
    grow(&log, 1);
    let (first, second, stranger) = (cosigner(11), cosigner(12), cosigner(13));
    let keys: Vec<CosignerVerifierKey> = vec![first.verifier().clone(), second.verifier().clone()];
    let cosigned = |key: &CosignerKey, seconds: i64| {
        let note = Note::parse(&log.head().checkpoint).unwrap();
        let line = cosign(note.text(), NOW.plus_seconds(seconds), key).unwrap();
        format!("{note}{line}\n").into_bytes()
    };
    let count = || {
        let published = log.published().unwrap();
        open_checkpoint_of(&published);
        let note = Note::parse(&published.checkpoint).unwrap();
        (note.signatures().len() - 1, witnesses(&note, &keys).unwrap().count())
    };
    assert_eq!(count(), (0, 0));
    log.keep_cosignatures(&cosigned(&first, 1), &keys).unwrap();
    assert_eq!(count(), (1, 1));
    log.keep_cosignatures(&cosigned(&second, 2), &keys).unwrap();
    // Again, later: the later line stays, and stands once.
    log.keep_cosignatures(&cosigned(&second, 3), &keys).unwrap();
    assert_eq!(count(), (2, 2));
    log.keep_cosignatures(&cosigned(&stranger, 3), &keys).unwrap();
    let forged = String::from_utf8(cosigned(&first, 9)).unwrap();
    log.keep_cosignatures(forged.replacen("\n1\n", "\n2\n", 1).as_bytes(), &keys).unwrap();
    log.keep_cosignatures(b"nothing", &keys).unwrap();
    assert_eq!(count(), (2, 2));
    // The log grows: nothing is known of its new checkpoint, and what comes late of the old one is not put on it.
    let old = cosigned(&first, 20);
    grow(&log, 1);
    assert_eq!(count(), (0, 0));
    log.keep_cosignatures(&cosigned(&first, 21), &keys).unwrap();
    log.keep_cosignatures(&old, &keys).unwrap();
    assert_eq!(count(), (1, 1));
}
