use super::*;
use crate::merkle::worked_example::{log_key, witness_key};
use crate::secret::SecretBytes;

const ROOT: &str = "OF2jDzkXKCyJOd/4UZV+UZqxhGsTUaFMCts7EWMnQqo=";
const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

#[test]
fn text_round_trips() {
    for size in ["1", "10", "9223372036854775807"] {
        let text = format!("a.example/log\n{size}\n{ROOT}\n");
        let checkpoint: Checkpoint = text.parse().unwrap();
        assert_eq!(checkpoint.to_string(), text);
        assert_eq!(checkpoint.size().to_string(), size);
        assert_eq!(checkpoint.origin().as_str(), "a.example/log");
        // The reference reads the same.
        let other = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap();
        assert_eq!((other.size(), &other.hash().0), (checkpoint.size(), checkpoint.root()));
        assert_eq!(other.to_bytes(), text.as_bytes());
    }
    let empty: Checkpoint = format!("a\n0\n{EMPTY}\n").parse().unwrap();
    assert_eq!(*empty.root(), empty_root());
}

#[test]
fn other_spellings_are_refused() {
    let good = format!("a.example/log\n3\n{ROOT}\n");
    for cut in 0..good.len() {
        assert!(good[..cut].parse::<Checkpoint>().is_err(), "{cut}");
    }
    for size in ["", "03", "00", "+3", "-3", " 3", "3 ", "0x3", "3.0", "٣", "3\r"] {
        let text = format!("a.example/log\n{size}\n{ROOT}\n");
        assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Malformed), "{size:?}");
    }
    for size in
        ["9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999"]
    {
        let text = format!("a.example/log\n{size}\n{ROOT}\n");
        assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Size), "{size}");
    }
    for text in [
        format!("{good}\n"),
        format!("{good}extension\n"),
        format!("\n{good}"),
        format!("\n3\n{ROOT}\n"),
        format!("a b\n3\n{ROOT}\n"),
        format!("a+b\n3\n{ROOT}\n"),
        format!("a\n3\n{ROOT}"),
        format!("a\n3\n{}\n", &ROOT[..43]),
        // The same 32 bytes with a stray bit behind them.
        format!("a\n3\n{}\n", ROOT.replace("qo=", "qp=")),
        format!("a\n3\n {ROOT}\n"),
        "a\n3\nAAAA\n".to_owned(),
        "a\n3\n\n".to_owned(),
    ] {
        assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Malformed), "{text:?}");
    }
    assert_eq!(format!("a\n0\n{ROOT}\n").parse::<Checkpoint>(), Err(CheckpointError::EmptyRoot));
}

#[test]
fn only_the_logs_own_key_signs_and_opens() {
    let log = log_key();
    let mine: Checkpoint = format!("{}\n3\n{ROOT}\n", log.verifier().name()).parse().unwrap();
    let note = sign_checkpoint(&mine, &log).unwrap();
    assert_eq!(open_note(&note, log.verifier()), Ok(mine.clone()));
    let foreign: Checkpoint = format!("a.example/log\n3\n{ROOT}\n").parse().unwrap();
    assert_eq!(sign_checkpoint(&foreign, &log), Err(CheckpointError::Origin));
    // A log's key can sign any text; its checkpoint of another origin is still refused.
    let forged = Note::sign(&foreign.to_string(), &log).unwrap();
    assert_eq!(open_note(&forged, log.verifier()), Err(CheckpointError::Origin));
    let no_checkpoint = Note::sign("hello\n", &log).unwrap();
    assert_eq!(open_note(&no_checkpoint, log.verifier()), Err(CheckpointError::Malformed));

    let name = log.verifier().name().clone();
    let same_name = SignerKey::new(name, SecretBytes::new([9; 32]));
    assert_eq!(open_note(&note, same_name.verifier()), Err(NoteError::Unverified.into()));
    let witness = witness_key();
    assert_eq!(open_note(&note, witness.verifier().as_ref()), Err(NoteError::Algorithm.into()));
}

#[test]
fn every_flipped_bit_breaks_a_signed_checkpoint() {
    let log = log_key();
    let mine: Checkpoint = format!("{}\n3\n{ROOT}\n", log.verifier().name()).parse().unwrap();
    let bytes = sign_checkpoint(&mine, &log).unwrap().to_bytes();
    assert_eq!(open_checkpoint(&bytes, log.verifier()), Ok(mine));
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(open_checkpoint(&other, log.verifier()).is_err(), "byte {} bit {}", bit / 8, bit % 8);
    }
    for cut in 0..bytes.len() {
        assert!(open_checkpoint(&bytes[..cut], log.verifier()).is_err(), "{cut}");
    }
}
