//! The worked example in `tests/vectors/tlog`, made again from its seeds, byte for byte.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::checkpoint::{open_checkpoint, open_note, sign_checkpoint};
use super::cosignature::{cosign, merge, verify_cosignature, witnesses};
use super::note::NoteError;
use super::tile::{TileId, encode_entries, entries_path};
use super::tree::{consistency_proof, inclusion_proof};
use super::*;
use crate::clock::UnixTime;
use crate::secret::SecretBytes;

const CHECKPOINT: &str = include_str!("../../tests/vectors/tlog/worked/checkpoint");
const CHECKPOINT_2: &str = include_str!("../../tests/vectors/tlog/worked.cp2");
const CHECKPOINT_PQ: &str = include_str!("../../tests/vectors/tlog/worked.cp.pq");
const TILE: &[u8] = include_bytes!("../../tests/vectors/tlog/worked/tile/0/000.p/3");
const BUNDLE: &[u8] = include_bytes!("../../tests/vectors/tlog/worked/tile/entries/000.p/3");
const ENTRY_1: &[u8] = include_bytes!("../../tests/vectors/tlog/worked.entry1");
const PROOF: &str = include_str!("../../tests/vectors/tlog/worked.tlog-proof");
const LOG_KEY: &str = include_str!("../../tests/vectors/tlog/worked.vkey");
const WITNESS_KEY: &str = include_str!("../../tests/vectors/tlog/worked.wvkey");
const PQ_KEY: &str = include_str!("../../tests/vectors/tlog/worked.pqvkey");
const TEXT: &str = include_str!("../../tests/vectors/tlog/worked.txt");

const ENTRIES: [&[u8]; 3] = [b"alpha", b"beta", b"gamma"];
const TIME: UnixTime = UnixTime(1_700_000_000);

pub(super) fn seed(first: u8) -> SecretBytes<32> {
    SecretBytes::new(std::array::from_fn(|n| first + u8::try_from(n).unwrap()))
}

pub(super) fn log_key() -> SignerKey {
    SignerKey::new("mfi-a.example/consent-log".parse().unwrap(), seed(0x00))
}

pub(super) fn witness_key() -> CosignerKey {
    CosignerKey::new("mfi-b.example/witness".parse().unwrap(), seed(0x20))
}

fn appended(entries: usize) -> Appended {
    let mut appender = Appender::new(0, &BTreeMap::new()).unwrap();
    ENTRIES[..entries].iter().for_each(|entry| appender.append(leaf_hash(entry)));
    appender.finish()
}

fn checkpoint(entries: usize) -> Checkpoint {
    let Appended { size, root, .. } = appended(entries);
    Checkpoint::new(log_key().verifier().name().clone(), size, root).unwrap()
}

/// The value that stands behind `name` in the explanation of the example.
fn explained(name: &str) -> &'static str {
    let line = TEXT.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap()
}

#[test]
fn keys_and_their_ids() {
    let (log, witness) = (log_key(), witness_key());
    assert_eq!(log.verifier().to_string(), LOG_KEY.trim_end());
    assert_eq!(witness.verifier().to_string(), WITNESS_KEY.trim_end());
    assert_eq!(hex::encode(log.verifier().verify_key().as_bytes()), explained("log pub "));
    assert_eq!(hex::encode(log.verifier().id()), "57b0b898");
    assert_eq!(LOG_KEY.trim_end().parse().as_ref(), Ok(log.verifier()));
    assert_eq!(WITNESS_KEY.trim_end().parse().as_ref(), Ok(witness.verifier()));
    assert_eq!(PQ_KEY.trim_end().parse::<VerifierKey>(), Err(NoteError::Algorithm));
    assert_eq!(LOG_KEY.trim_end().parse::<CosignerVerifierKey>(), Err(NoteError::Algorithm));
}

#[test]
fn leaves_roots_tile_and_bundle() {
    for (entry, name) in ENTRIES.iter().zip(["leaf alpha ", "leaf beta ", "leaf gamma "]) {
        assert_eq!(hex::encode(leaf_hash(entry)), explained(name));
    }
    assert_eq!(hex::encode(appended(3).root), explained("root3 "));
    assert_eq!(hex::encode(appended(2).root), explained("root2 "));
    let id = TileId { level: 0, index: 0 };
    assert_eq!(appended(3).tiles, BTreeMap::from([(id, TILE.to_vec())]));
    let width = id.width(3).unwrap();
    assert_eq!(
        (id.path(width), entries_path(0, width)),
        ("tile/0/000.p/3".into(), "tile/entries/000.p/3".into())
    );
    assert_eq!(encode_entries(&ENTRIES).unwrap(), BUNDLE);
    assert_eq!(tile::decode_entries(BUNDLE).unwrap(), ENTRIES);
}

#[test]
fn checkpoint_and_cosignature() {
    let (log, witness) = (log_key(), witness_key());
    let older = sign_checkpoint(&checkpoint(2), &log).unwrap();
    assert_eq!(older.to_string(), CHECKPOINT_2);
    let mut note = sign_checkpoint(&checkpoint(3), &log).unwrap();
    assert_eq!(verify_cosignature(&note, witness.verifier()), None);
    let line = cosign(note.text(), TIME, &witness).unwrap();
    assert_eq!(merge(&mut note, std::slice::from_ref(&line), &[witness.verifier().clone()]), Ok(1));
    assert_eq!(note.to_string(), CHECKPOINT);
    assert_eq!(note.to_bytes(), CHECKPOINT.as_bytes());

    assert_eq!(open_checkpoint(CHECKPOINT.as_bytes(), log.verifier()), Ok(checkpoint(3)));
    let read = Note::parse(CHECKPOINT.as_bytes()).unwrap();
    assert_eq!(read, note);
    assert_eq!(open_note(&read, log.verifier()), Ok(checkpoint(3)));
    assert_eq!(verify_cosignature(&read, witness.verifier()), Some(TIME));
    assert_eq!(witnesses(&read, &[witness.verifier().clone()]).unwrap().quorum_time(1), Some(TIME));
    let keys = [log.verifier().clone(), witness.verifier().as_ref().clone()];
    let verified = read.verify(&keys).unwrap();
    let found: Vec<_> = verified.iter().map(|line| (line.key, line.time)).collect();
    assert_eq!(found, [(&keys[0], None), (&keys[1], Some(TIME))]);
}

#[test]
fn a_signature_of_an_unknown_algorithm_is_ignored() {
    let note = Note::parse(CHECKPOINT_PQ.as_bytes()).unwrap();
    assert_eq!(note.signatures().len(), 3);
    assert_eq!(note.to_string(), CHECKPOINT_PQ);
    assert_eq!(open_note(&note, log_key().verifier()), Ok(checkpoint(3)));
    assert_eq!(verify_cosignature(&note, witness_key().verifier()), Some(TIME));
}

#[test]
fn proofs() {
    let Appended { size, root, tiles } = appended(3);
    let path = inclusion_proof(1, size, &tiles).unwrap();
    let mut text = String::from("c2sp.org/tlog-proof@v1\nindex 1\n");
    for hash in &path {
        text += &(STANDARD.encode(hash) + "\n");
    }
    assert_eq!(format!("{text}\n{CHECKPOINT}"), PROOF);
    assert_eq!(verify_inclusion(1, size, &leaf_hash(ENTRY_1), &path, &root), Ok(()));
    let between = consistency_proof(2, size, &tiles).unwrap();
    let lines: Vec<String> = between.iter().map(|hash| STANDARD.encode(hash)).collect();
    assert!(TEXT.contains(&format!("\nold 2\n{}\n\n{}", lines.join("\n"), checkpoint(3))));
    assert_eq!(verify_consistency(2, &appended(2).root, size, &root, &between), Ok(()));
}

#[test]
fn tile_hash() {
    let hash: Hash = Sha256::digest(TILE).into();
    assert!(TEXT.contains(&hex::encode(hash)));
}
