use super::*;
use crate::merkle::checkpoint::sign_checkpoint;
use crate::merkle::worked_example::{log_key, witness_key};

const TIME: UnixTime = UnixTime(1_700_000_000);

fn checkpoint() -> Note {
    let name = log_key().verifier().name().clone();
    sign_checkpoint(&Checkpoint::new(name, 3, [0x11; 32]).unwrap(), &log_key()).unwrap()
}

fn witness(n: u8) -> CosignerKey {
    CosignerKey::new(format!("w{n}.example").parse().unwrap(), SecretBytes::new([n; 32]))
}

fn verifiers(numbers: std::ops::Range<u8>) -> Vec<CosignerVerifierKey> {
    numbers.map(|n| witness(n).verifier().clone()).collect()
}

fn line(n: u8, seconds: i64) -> NoteSignature {
    cosign(checkpoint().text(), UnixTime(seconds), &witness(n)).unwrap()
}

#[test]
fn quorums() {
    let sizes: Vec<usize> = (0..=10).map(quorum_size).collect();
    assert_eq!(sizes, [1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7]);
    for n in 0..10_000 {
        assert_eq!(quorum_size(n), 1 + 2 * n / 3);
    }
    assert_eq!(quorum_size(usize::MAX), 1 + usize::MAX / 3 * 2);
}

#[test]
fn every_flipped_bit_breaks_a_cosignature() {
    let key = witness(1);
    let bytes = line(1, TIME.0).signature().to_vec();
    assert_eq!(bytes.len(), 8 + 64);
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let mut note = checkpoint();
        let id = key.verifier().as_ref().id();
        note.put(NoteSignature::new(key.verifier().name().clone(), id, other)).unwrap();
        assert_eq!(verify_cosignature(&note, key.verifier()), None, "{bit}");
        assert_eq!(witnesses(&note, &verifiers(0..3)), Err(NoteError::BadSignature));
    }
    let mut elsewhere = sign_checkpoint(
        &Checkpoint::new(log_key().verifier().name().clone(), 4, [0x11; 32]).unwrap(),
        &log_key(),
    )
    .unwrap();
    elsewhere.put(line(1, TIME.0)).unwrap();
    assert_eq!(verify_cosignature(&elsewhere, key.verifier()), None);
}

#[test]
fn only_checkpoints_are_cosigned_and_only_from_1970_on() {
    let text = checkpoint().text().to_owned();
    assert_eq!(cosign("hello\n", TIME, &witness(1)), Err(CheckpointError::Malformed));
    assert_eq!(cosign(&format!("{text}more\n"), TIME, &witness(1)), Err(CheckpointError::Malformed));
    assert_eq!(cosign(&text, UnixTime(-1), &witness(1)), Err(CheckpointError::Malformed));
    for seconds in [0, i64::MAX] {
        let mut note = checkpoint();
        note.put(line(1, seconds)).unwrap();
        assert_eq!(verify_cosignature(&note, witness(1).verifier()), Some(UnixTime(seconds)));
    }
}

#[test]
fn a_key_of_one_kind_does_not_pass_for_the_other() {
    // The same seed and name, of both kinds: other ids, so neither sees the other's lines.
    let name: KeyName = "w1.example".parse().unwrap();
    let signer = crate::merkle::SignerKey::new(name, SecretBytes::new([1; 32]));
    let mut note = checkpoint();
    note.put(line(1, TIME.0)).unwrap();
    assert_ne!(signer.verifier().id(), witness(1).verifier().as_ref().id());
    assert_eq!(note.verify(std::slice::from_ref(signer.verifier())), Err(NoteError::Unverified));
    assert_eq!(CosignerVerifierKey::try_from(signer.verifier().clone()), Err(NoteError::Algorithm));
    let text = witness_key().verifier().to_string();
    let json = serde_json::to_string(witness_key().verifier()).unwrap();
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<CosignerVerifierKey>(&json).unwrap(), *witness_key().verifier());
    let other = serde_json::to_string(log_key().verifier()).unwrap();
    assert!(serde_json::from_str::<CosignerVerifierKey>(&other).is_err());
}

#[test]
fn merging_takes_what_verifies_and_keeps_one_line_each() {
    let keys = verifiers(1..5);
    let mut note = checkpoint();
    assert_eq!(merge(&mut note, &[line(1, 100), line(2, 200), line(9, 300)], &keys), Ok(2));
    assert_eq!(note.signatures().len(), 3);
    // Nothing new, then something older, then something newer.
    assert_eq!(merge(&mut note, &[line(1, 100), line(2, 150)], &keys), Ok(0));
    assert_eq!(merge(&mut note, &[line(1, 101), line(3, 1), line(3, 2)], &keys), Ok(3));
    assert_eq!(note.signatures().len(), 4);
    let times: Vec<_> = keys.iter().map(|key| verify_cosignature(&note, key).map(|time| time.0)).collect();
    assert_eq!(times, [Some(101), Some(200), Some(2), None]);

    // One bad line of a known witness, and nothing is taken.
    let before = note.clone();
    let good = line(4, 400);
    let mut altered = good.signature().to_vec();
    altered[20] ^= 1;
    let bad = NoteSignature::new(good.name().clone(), good.id(), altered);
    assert_eq!(merge(&mut note, &[line(2, 999), bad.clone()], &keys), Err(NoteError::BadSignature));
    assert_eq!(note, before);
    // A bad line that stands in the note already gives way to a good one.
    note.put(bad).unwrap();
    assert_eq!(witnesses(&note, &keys), Err(NoteError::BadSignature));
    assert_eq!(merge(&mut note, &[good], &keys), Ok(1));
    assert_eq!(witnesses(&note, &keys).unwrap().count(), 4);
    assert_eq!(Note::parse(&note.to_bytes()), Ok(note));
}

#[test]
fn merging_stops_at_the_cap() {
    let keys = verifiers(0..100);
    let mut note = checkpoint();
    let lines: Vec<NoteSignature> = (0..64).map(|n| line(n, 5)).collect();
    assert_eq!(merge(&mut note, &lines, &keys), Err(NoteError::TooManySignatures));
    assert_eq!(note, checkpoint());
    assert_eq!(merge(&mut note, &lines[..63], &keys), Ok(63));
    assert_eq!(witnesses(&note, &keys).unwrap().count(), 63);
}

#[test]
fn witnesses_are_counted_once() {
    let keys = verifiers(1..5);
    let mut note = checkpoint();
    let nobody = witnesses(&note, &keys).unwrap();
    assert_eq!(
        (nobody.count(), nobody.oldest(), nobody.newest(), nobody.quorum_time(1)),
        (0, None, None, None)
    );
    merge(&mut note, &[line(1, 300), line(2, 100), line(3, 200)], &keys).unwrap();
    note.put(line(7, 999)).unwrap();
    let three = witnesses(&note, &keys).unwrap();
    assert_eq!(three.count(), 3);
    assert_eq!((three.oldest(), three.newest()), (Some(UnixTime(100)), Some(UnixTime(300))));
    let quorum: Vec<_> = (0..=4).map(|k| three.quorum_time(k).map(|time| time.0)).collect();
    assert_eq!(quorum, [None, Some(300), Some(200), Some(100), None]);
    // The same key listed twice is still one witness.
    let twice = [keys.clone(), keys.clone()].concat();
    assert_eq!(witnesses(&note, &twice), Ok(three));
    assert_eq!(witnesses(&note, &[]).unwrap().count(), 0);

    // A witness with an old and a new key is one witness, with the later time.
    let new_key = CosignerKey::new("w1.example".parse().unwrap(), SecretBytes::new([77; 32]));
    let mut changed = note.clone();
    changed.put(cosign(note.text(), UnixTime(400), &new_key).unwrap()).unwrap();
    let both = [keys.clone(), vec![new_key.verifier().clone()]].concat();
    let counted = witnesses(&changed, &both).unwrap();
    assert_eq!((counted.count(), counted.newest()), (3, Some(UnixTime(400))));

    // One public key under two names is one signature sold twice.
    let alias = CosignerKey::new("w2-again.example".parse().unwrap(), SecretBytes::new([2; 32]));
    let mut sold = note.clone();
    sold.put(cosign(note.text(), UnixTime(100), &alias).unwrap()).unwrap();
    let with_alias = [keys.clone(), vec![alias.verifier().clone()]].concat();
    assert_eq!(witnesses(&sold, &with_alias), Err(NoteError::AmbiguousKeys));
    assert_eq!(witnesses(&sold, &keys).unwrap().count(), 3);

    // A doubled line is refused, whichever is the good one.
    let doubled = Note::parse(format!("{note}{}\n", line(1, 300)).as_bytes()).unwrap();
    assert_eq!(witnesses(&doubled, &keys), Err(NoteError::DuplicateSignature));
    assert_eq!(verify_cosignature(&doubled, &keys[0]), None);
    // A newer line takes the place of both.
    let mut mended = doubled.clone();
    assert_eq!(merge(&mut mended, &[line(1, 301)], &keys), Ok(1));
    assert_eq!(mended.signatures().len(), note.signatures().len());
    assert_eq!(witnesses(&mended, &keys).unwrap().newest(), Some(UnixTime(301)));
}

#[test]
fn a_line_travels_as_its_text() {
    let line = line(1, 5);
    let text = line.to_string();
    assert_eq!(text.parse::<NoteSignature>(), Ok(line.clone()));
    let json = serde_json::to_string(&line).unwrap();
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<NoteSignature>(&json).unwrap(), line);
    for bad in [format!("{text}\n"), format!("{text}\n{text}"), format!("x{text}"), String::new()] {
        assert_eq!(bad.parse::<NoteSignature>(), Err(NoteError::SignatureLine), "{bad:?}");
    }
}
