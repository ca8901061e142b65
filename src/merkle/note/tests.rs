use signed_note::{StandardVerifier, VerifierList};

use super::*;
use crate::merkle::worked_example::{log_key, seed, witness_key};
use crate::secret::{Entropy, SecretBytes, SeededEntropy};

fn key(name: &str, first: u8) -> SignerKey {
    SignerKey::new(name.parse().unwrap(), seed(first))
}

fn text_of(note: &Note) -> String {
    note.to_string()
}

/// What the independent implementation says: the number of verified lines, if it accepts the note.
fn reference(bytes: &[u8], keys: &[VerifierKey]) -> Option<usize> {
    let verifiers = keys.iter().map(|key| {
        Box::new(StandardVerifier::new(&key.to_string()).unwrap()) as Box<dyn signed_note::Verifier>
    });
    let known = VerifierList::new(verifiers.collect());
    signed_note::Note::from_bytes(bytes).ok()?.verify(&known).ok().map(|(verified, _)| verified.len())
}

fn ours(bytes: &[u8], keys: &[VerifierKey]) -> Option<usize> {
    Note::parse(bytes).ok()?.verify(keys).ok().map(|verified| verified.len())
}

#[test]
fn the_example_of_the_signed_note_document() {
    // C2SP signed-note 1.0.0, section "Format"; its text holds an empty line.
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let read = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(read.to_string(), note);
    assert!(read.text().ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(hex::encode(read.signatures()[0].id()), "367ba04b");
    assert_eq!(read.signatures()[0].name().as_str(), "quasimodo.example/salvatore");
    assert_eq!(read.signatures()[0].signature().len(), 64);
}

#[test]
fn agrees_with_signed_note_on_good_and_damaged_notes() {
    let (a, b) = (key("a.example/log", 1), key("b.example/log", 2));
    let keys = [a.verifier().clone(), b.verifier().clone()];
    let entropy = SeededEntropy::new(4);
    for text in ["one line\n", "two\n\nlines\n", "\n", "ends in an empty line\n\n", "Khmer ខ្មែរ, dash —\n"]
    {
        let mut note = Note::sign(text, &a).unwrap();
        note.put(b.sign_text(text)).unwrap();
        note.put(key("unknown.example", 3).sign_text(text)).unwrap();
        let bytes = note.to_bytes();
        assert_eq!(ours(&bytes, &keys), Some(2));
        assert_eq!(reference(&bytes, &keys), Some(2));
        assert_eq!(Note::parse(&bytes).unwrap(), note);
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(ours(&other, &keys), reference(&other, &keys), "byte {} bit {}", bit / 8, bit % 8);
        }
        for _ in 0..2000 {
            let mut chance = [0u8; 3];
            entropy.fill(&mut chance);
            let mut other = bytes.clone();
            let place = usize::from(u16::from_be_bytes([chance[0], chance[1]])) % bytes.len();
            match chance[2] % 3 {
                0 => drop(other.remove(place)),
                1 => other.insert(place, b"\n -+=\t"[usize::from(chance[2]) % 6]),
                _ => other.truncate(place),
            }
            assert_eq!(
                ours(&other, &keys),
                reference(&other, &keys),
                "{:?}",
                String::from_utf8_lossy(&other)
            );
        }
    }
}

#[test]
fn every_flipped_bit_of_text_or_own_line_breaks_a_note() {
    let a = key("a.example/log", 1);
    let bytes = Note::sign("some text\n", &a).unwrap().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(ours(&other, std::slice::from_ref(a.verifier())), None, "byte {}", bit / 8);
    }
}

#[test]
fn malformed_notes() {
    let line = key("a", 1).sign_text("text\n").to_string();
    let good = format!("text\n\n{line}\n");
    assert!(Note::parse(good.as_bytes()).is_ok());
    for (bad, error) in [
        (String::new(), NoteError::NoSignatures),
        ("text\n".to_owned(), NoteError::NoSignatures),
        ("text\n\n".to_owned(), NoteError::NoSignatures),
        ("text\n\n\n".to_owned(), NoteError::NoSignatures),
        (format!("text\n\n{line}"), NoteError::NoSignatures),
        (format!("text\n{line}\n"), NoteError::NoSignatures),
        (format!("{line}\n"), NoteError::NoSignatures),
        (format!("\n{line}\n"), NoteError::NoSignatures),
        (format!("text\n\n{line}\n\n"), NoteError::NoSignatures),
        (format!("text\n\n{line}\nmore\n"), NoteError::SignatureLine),
        (format!("text\n\n {line}\n"), NoteError::SignatureLine),
        (format!("text\n\n{line} \n"), NoteError::SignatureLine),
        (format!("text\n\n{line}\r\n"), NoteError::NotText),
        (format!("te\txt\n\n{line}\n"), NoteError::NotText),
        (format!("te\0xt\n\n{line}\n"), NoteError::NotText),
        (format!("te\u{1f}xt\n\n{line}\n"), NoteError::NotText),
        (good.replace('\u{2014}', "-"), NoteError::SignatureLine),
        (good.replace("\u{2014} a ", "\u{2014}  "), NoteError::SignatureLine),
        (good.replace("\u{2014} a ", "\u{2014} a+b "), NoteError::SignatureLine),
        (good.replace("\u{2014} a ", "\u{2014} a\u{a0}b "), NoteError::SignatureLine),
        (good.replace("\u{2014} a ", "\u{2014} a"), NoteError::SignatureLine),
        ("text\n\n\u{2014} a \n".to_owned(), NoteError::SignatureLine),
        ("text\n\n\u{2014} a !!!!\n".to_owned(), NoteError::SignatureLine),
        ("text\n\n\u{2014} a AAAAAAA\n".to_owned(), NoteError::SignatureLine),
        // Base64 of other bits than bytes, and of a key id without a signature.
        ("text\n\n\u{2014} a AAAAAAB=\n".to_owned(), NoteError::SignatureLine),
        ("text\n\n\u{2014} a AAAAAA==\n".to_owned(), NoteError::SignatureLine),
        (format!("text\n\n{}\n", "x".repeat(limits::NOTE_BYTES_MAX)), NoteError::TooLong),
    ] {
        assert_eq!(Note::parse(bad.as_bytes()), Err(error), "{bad:?}");
    }
    let not_utf8 = good.replace("text", "te\u{e9}xt").into_bytes();
    let not_utf8: Vec<u8> = not_utf8.into_iter().filter(|byte| *byte != 0xc3).collect();
    assert_eq!(Note::parse(&not_utf8), Err(NoteError::NotText));
    // DEL is not among the control characters that the document names.
    assert!(Note::parse(good.replace("text", "te\u{7f}xt").as_bytes()).is_ok());
}

#[test]
fn the_number_of_signatures_is_bounded() {
    let a = key("a.example/log", 1);
    let mut note = Note::sign("text\n", &a).unwrap();
    for n in 1..limits::NOTE_SIGNATURES_MAX {
        let other = SignerKey::new(format!("w{n}").parse().unwrap(), SecretBytes::new([3; 32]));
        note.put(other.sign_text("text\n")).unwrap();
    }
    let bytes = note.to_bytes();
    assert_eq!(ours(&bytes, std::slice::from_ref(a.verifier())), Some(1));
    assert_eq!(note.signatures().len(), 64);
    let one_more = key("one-more", 5).sign_text("text\n");
    assert_eq!(note.put(one_more.clone()), Err(NoteError::TooManySignatures));
    assert_eq!(note.to_bytes(), bytes);
    let full = format!("{note}{one_more}\n");
    assert_eq!(Note::parse(full.as_bytes()), Err(NoteError::TooManySignatures));
    // A line that replaces another still fits.
    assert_eq!(note.put(a.sign_text("text\n")), Ok(()));
}

#[test]
fn what_is_too_long_is_never_made() {
    let a = key("a.example/log", 1);
    let long = "x".repeat(limits::NOTE_BYTES_MAX - 50) + "\n";
    assert_eq!(Note::sign(&long, &a), Err(NoteError::TooLong));
    let shorter = "x".repeat(limits::NOTE_BYTES_MAX - 150) + "\n";
    let mut note = Note::sign(&shorter, &a).unwrap();
    assert_eq!(note.put(key("b", 2).sign_text(&shorter)), Err(NoteError::TooLong));
    assert!(Note::parse(&note.to_bytes()).is_ok());
    for bad in ["", "no newline", "tab\t\n", "return\r\n"] {
        assert_eq!(Note::sign(bad, &a), Err(NoteError::NotText), "{bad:?}");
    }
}

#[test]
fn which_signatures_count() {
    let (a, b) = (key("a.example/log", 1), key("b.example/log", 2));
    let known =
        |keys: &[&SignerKey]| -> Vec<VerifierKey> { keys.iter().map(|key| key.verifier().clone()).collect() };
    let note = Note::sign("text\n", &a).unwrap();
    assert_eq!(note.verify(&known(&[&b])), Err(NoteError::Unverified));
    assert_eq!(note.verify(&[]), Err(NoteError::Unverified));
    assert_eq!(note.verify(&known(&[&b, &a])).unwrap()[0].key, a.verifier());
    // The same key twice in the list is one key.
    assert_eq!(note.verify(&known(&[&a, &a])).unwrap().len(), 1);
    // Same name, other key: unknown, and so ignored.
    assert_eq!(note.verify(&known(&[&key("a.example/log", 9)])), Err(NoteError::Unverified));

    // A bad line of a known key spoils the note; of an unknown key it does not.
    let mut spoiled = note.clone();
    spoiled.put(b.sign_text("other text\n")).unwrap();
    assert_eq!(spoiled.verify(&known(&[&a, &b])), Err(NoteError::BadSignature));
    assert_eq!(spoiled.verify(&known(&[&a])).unwrap().len(), 1);

    // A known key that signs twice spoils it too, and so it does with one good and one bad line.
    for second in [a.sign_text("text\n"), a.sign_text("other text\n")] {
        let doubled = format!("{}{second}\n", text_of(&note));
        let doubled = Note::parse(doubled.as_bytes()).unwrap();
        assert_eq!(doubled.verify(&known(&[&a])), Err(NoteError::DuplicateSignature));
        let with_b = format!("{doubled}{}\n", b.sign_text("text\n"));
        let with_b = Note::parse(with_b.as_bytes()).unwrap();
        assert_eq!(with_b.verify(&known(&[&b])).unwrap().len(), 1);
    }
    // A signature of the wrong length under a known id.
    let mut short = note.clone();
    let line = a.sign_text("text\n");
    short.put(NoteSignature::new(line.name().clone(), line.id(), line.signature()[1..].to_vec())).unwrap();
    assert_eq!(short.verify(&known(&[&a])), Err(NoteError::BadSignature));
}

#[test]
fn verifier_keys_have_one_spelling() {
    let good = log_key().verifier().to_string();
    assert_eq!(good.parse::<VerifierKey>().unwrap().to_string(), good);
    let (name, rest) = good.split_once('+').unwrap();
    let (id, encoded) = rest.split_once('+').unwrap();
    for bad in [
        String::new(),
        name.to_owned(),
        format!("{name}+{id}"),
        format!("+{id}+{encoded}"),
        format!("{name}x+{id}+{encoded}"),
        format!("{name}+{}+{encoded}", id.to_uppercase()),
        format!("{name}+0{id}+{encoded}"),
        format!("{name}+57b0b899+{encoded}"),
        format!("{name}++{encoded}"),
        format!("{name}+{id}+{}", encoded.trim_end_matches('4')),
        format!("{name}+{id}+{encoded}A==="),
        format!("{name}+{id}+"),
        format!(" {good}"),
        format!("{good}\n"),
    ] {
        let error = bad.parse::<VerifierKey>().unwrap_err();
        assert!(matches!(error, NoteError::VerifierKey | NoteError::KeyName), "{bad:?} {error}");
    }
    // The other algorithm has another id; an unknown one is named as such.
    assert_eq!(
        format!("{name}+{id}+BA{}", &encoded[2..]).parse::<VerifierKey>(),
        Err(NoteError::VerifierKey)
    );
    assert_eq!(format!("{name}+{id}+Ag{}", &encoded[2..]).parse::<VerifierKey>(), Err(NoteError::Algorithm));
    let json = serde_json::to_string(log_key().verifier()).unwrap();
    assert_eq!(json, format!("\"{good}\""));
    assert_eq!(serde_json::from_str::<VerifierKey>(&json).unwrap(), *log_key().verifier());
    assert!(serde_json::from_str::<VerifierKey>(&json.replace("57b0", "57b1")).is_err());
    assert!(StandardVerifier::new(&good).is_ok());
}

#[test]
fn names() {
    for good in ["a", "mfi-a.example/consent-log", "ខ្មែរ", "oid/1.2.3"] {
        assert_eq!(good.parse::<KeyName>().unwrap().as_str(), good);
    }
    for bad in ["", " ", "a b", "a\n", "a\tb", "a+b", "a\u{3000}b", "a\u{85}b", "a\u{1}b"] {
        assert_eq!(bad.parse::<KeyName>(), Err(NoteError::KeyName), "{bad:?}");
    }
    assert!(serde_json::from_str::<KeyName>("\"a b\"").is_err());
}

#[test]
fn secret_keys_do_not_print() {
    let shown = format!("{:?} {:?}", log_key(), witness_key());
    let hidden = [hex::encode(seed(0).expose()), hex::encode(seed(0x20).expose())];
    assert!(hidden.iter().all(|seed| !shown.contains(seed.as_str())));
    assert!(!shown.contains("[0, 1, 2"), "{shown}");
}
