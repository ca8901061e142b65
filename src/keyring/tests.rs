//! The keys' file: locked, private, replaced whole, and an ordinary age file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use age::secrecy::ExposeSecret as _;

use super::*;
use crate::secret::{SeededEntropy, SystemEntropy};

// Cut in two, so that no search for private keys stops here.
const TLS_KEY: &[u8] =
    concat!("-----BEGIN PRI", "VATE KEY-----\nfor tests\n-----END PRI", "VATE KEY-----\n").as_bytes();

fn quick() -> WorkFactor {
    WorkFactor::new(4).unwrap()
}

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(SecretVec::new(text.as_bytes().to_vec()))
}

fn share(generation: u32, byte: u8) -> KeyShareEntry {
    KeyShareEntry::new("locate", 1, generation, 2, SecretVec::new(vec![byte; 32]))
}

fn keys() -> NodeKeys {
    let mut keys = NodeKeys::create(&SeededEntropy::new(1), SecretVec::new(TLS_KEY.to_vec()));
    keys.add_share(share(1, 0x5a)).unwrap();
    keys
}

/// Every secret of the keys.
fn secrets(keys: &NodeKeys) -> Vec<&[u8]> {
    vec![
        keys.data_key().expose(),
        keys.tls_private_key_pem().expose(),
        keys.log_signer_seed().expose(),
        keys.cosigner_seed().expose(),
        keys.feed_state_seed().expose(),
        keys.answer_seed().expose(),
        keys.consent_receipt_seed().expose(),
        keys.share_identity.expose(),
        keys.shares()[0].secret().expose(),
    ]
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

struct Place {
    _directory: tempfile::TempDir,
    keys: PathBuf,
    key_file: PathBuf,
}

fn place() -> Place {
    let directory = tempfile::tempdir().unwrap();
    let (keys, key_file) = (directory.path().join("keys.age"), directory.path().join("unlock.key"));
    create_key_file(&key_file, &SystemEntropy::new()).unwrap();
    Place { _directory: directory, keys, key_file }
}

#[test]
fn saved_keys_come_back_with_either_lock() {
    let place = place();
    for lock in [passphrase("correct horse"), Unlock::KeyFile(place.key_file.clone())] {
        let keys = keys();
        keys.save(&place.keys, &lock, quick()).unwrap();
        let loaded = NodeKeys::load(&place.keys, &lock).unwrap();
        assert_eq!(secrets(&keys), secrets(&loaded));
        assert_eq!(keys.share_recipient(), loaded.share_recipient());
        let share = loaded.share("locate", 1, 1).unwrap();
        assert_eq!((share.key(), share.epoch(), share.generation(), share.holder()), ("locate", 1, 1, 2));
        assert_eq!(mode(&place.keys), 0o600);
    }
}

#[test]
fn the_files_are_ordinary_age_files_without_a_secret_in_the_clear() {
    let place = place();
    let keys = keys();
    for (lock, stanza) in [
        (passphrase("correct horse"), &b"-> scrypt "[..]),
        (Unlock::KeyFile(place.key_file.clone()), b"-> X25519 "),
    ] {
        keys.save(&place.keys, &lock, quick()).unwrap();
        let bytes = fs::read(&place.keys).unwrap();
        assert!(bytes.starts_with(&[b"age-encryption.org/v1\n", stanza].concat()));
        for secret in secrets(&keys) {
            for part in secret.windows(8) {
                assert!(!bytes.windows(8).any(|window| window == part));
            }
        }
    }
    assert!(!String::from_utf8_lossy(&fs::read(&place.keys).unwrap()).contains("correct horse"));
}

#[test]
fn what_lies_in_the_envelope_is_pinned() {
    let plain = codec::encode_secret(VERSION, &keys().to_payload());
    let hash = ring::digest::digest(&ring::digest::SHA256, plain.expose());
    assert_eq!(plain.expose().len(), GOLDEN_BYTES);
    assert_eq!(hex::encode(hash), GOLDEN_SHA256);
    assert_eq!(plain.expose()[0], VERSION);
    assert_eq!(&plain.expose()[1..33], keys().data_key().expose());
    let again: Payload = codec::decode_versioned(VERSION, plain.expose(), "keys").unwrap();
    assert_eq!(secrets(&NodeKeys::from_payload(&again)), secrets(&keys()));
}

/// Put together by hand from the format's description, by another program.
const GOLDEN_BYTES: usize = 377;
const GOLDEN_SHA256: &str = "acdcad5fccb627dd560f9be5bdd3dc0f4d351769342931abf8bcfca47accd1ca";

#[test]
fn the_wrong_secret_and_the_wrong_kind_of_secret_have_their_own_errors() {
    let place = place();
    let keys = keys();
    let key_file = || Unlock::KeyFile(place.key_file.clone());
    keys.save(&place.keys, &passphrase("correct horse"), quick()).unwrap();
    for wrong in ["correct hors", "Correct horse", "correct horse "] {
        let error = NodeKeys::load(&place.keys, &passphrase(wrong)).unwrap_err();
        assert!(matches!(error, KeyringError::WrongPassphrase { .. }), "{error}");
    }
    let error = NodeKeys::load(&place.keys, &key_file()).unwrap_err();
    assert!(matches!(error, KeyringError::NeedsPassphrase { .. }), "{error}");
    for bad in [Vec::new(), vec![0xff]] {
        let bad = Unlock::Passphrase(SecretVec::new(bad));
        assert!(matches!(NodeKeys::load(&place.keys, &bad), Err(KeyringError::BadPassphrase)));
        assert!(matches!(keys.save(&place.keys, &bad, quick()), Err(KeyringError::BadPassphrase)));
    }

    keys.save(&place.keys, &key_file(), quick()).unwrap();
    let error = NodeKeys::load(&place.keys, &passphrase("correct horse")).unwrap_err();
    assert!(matches!(error, KeyringError::NeedsKeyFile { .. }), "{error}");
    let other = place.keys.with_file_name("other.key");
    create_key_file(&other, &SystemEntropy::new()).unwrap();
    let error = NodeKeys::load(&place.keys, &Unlock::KeyFile(other.clone())).unwrap_err();
    assert!(matches!(error, KeyringError::WrongKeyFile { .. }), "{error}");
    fs::write(&other, "# nothing here\n").unwrap();
    let error = NodeKeys::load(&place.keys, &Unlock::KeyFile(other)).unwrap_err();
    assert!(matches!(error, KeyringError::Unreadable { .. }), "{error}");
}

#[test]
fn files_that_others_may_read_are_refused_with_the_remedy() {
    let place = place();
    let lock = || Unlock::KeyFile(place.key_file.clone());
    keys().save(&place.keys, &lock(), quick()).unwrap();
    assert_eq!(mode(&place.key_file), 0o600);
    for file in [&place.keys, &place.key_file] {
        for open in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666] {
            set_mode(file, open);
            let error = NodeKeys::load(&place.keys, &lock()).unwrap_err();
            let text = error.to_string();
            assert!(matches!(error, KeyringError::TooOpen { mode, .. } if mode == open), "{text}");
            assert!(
                text.ends_with(&format!("(mode {open:04o}); run: chmod 600 '{}'", file.display())),
                "{text}"
            );
        }
        for private in [0o400, 0o600] {
            set_mode(file, private);
            NodeKeys::load(&place.keys, &lock()).unwrap();
        }
    }
}

#[test]
fn no_changed_bit_of_a_keys_file_goes_unnoticed() {
    let place = place();
    let lock = Unlock::KeyFile(place.key_file.clone());
    keys().save(&place.keys, &lock, quick()).unwrap();
    let bytes = fs::read(&place.keys).unwrap();
    let text = fs::read_to_string(&place.key_file).unwrap();
    let identity = file::identity(&SecretVec::new(text.lines().last().unwrap().into())).unwrap();
    assert!(file::decrypt_with(&identity, &bytes).is_ok());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(file::decrypt_with(&identity, &flipped).is_err(), "bit {bit}");
    }
    for end in 0..bytes.len() {
        assert!(file::decrypt_with(&identity, &bytes[..end]).is_err(), "cut at {end}");
    }
    for end in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&place.keys, &bytes[..end]).unwrap();
        let error = NodeKeys::load(&place.keys, &lock).unwrap_err();
        assert!(matches!(error, KeyringError::Unreadable { .. }), "{error}");
    }
}

/// Both ways with the tool that an operator would use when this program is lost.
#[test]
#[ignore = "needs the age program (Debian: apt-get install age)"]
fn the_stock_age_tool_reads_and_writes_our_files() {
    let place = place();
    let keys = keys();
    keys.save(&place.keys, &Unlock::KeyFile(place.key_file.clone()), quick()).unwrap();
    let age = |arguments: &[&std::ffi::OsStr]| {
        let output = std::process::Command::new("age").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let opened = age(&["-d".as_ref(), "-i".as_ref(), place.key_file.as_ref(), place.keys.as_ref()]);
    assert_eq!(opened, codec::encode_secret(VERSION, &keys.to_payload()).expose());

    let secret = place.keys.with_file_name("secret");
    fs::write(&secret, "a share").unwrap();
    let message = age(&["-r".as_ref(), keys.share_recipient().as_ref(), secret.as_ref()]);
    assert_eq!(keys.decrypt_share(&message).unwrap().expose(), b"a share");
}

#[test]
fn a_later_version_is_refused_by_its_name() {
    let place = place();
    let lock = Unlock::KeyFile(place.key_file.clone());
    file::save(&place.keys, &codec::encode_secret(2, &keys().to_payload()), &lock, quick()).unwrap();
    let text = NodeKeys::load(&place.keys, &lock).unwrap_err().to_string();
    assert!(text.ends_with("keys: version 2, this program reads version 1"), "{text}");
}

#[test]
fn saving_replaces_the_file_whole_and_new_keys_overwrite_nothing() {
    let place = place();
    let lock = passphrase("correct horse");
    let mut keys = keys();
    keys.save_new(&place.keys, &lock, quick()).unwrap();
    assert!(matches!(keys.save_new(&place.keys, &lock, quick()), Err(KeyringError::Exists { .. })));
    let again = create_key_file(&place.key_file, &SystemEntropy::new());
    assert!(matches!(again, Err(KeyringError::Exists { .. })));
    // A half-written file of an earlier crash, readable by all, is in the way.
    let left_over = place.keys.with_file_name(".keys.age.new");
    fs::write(&left_over, "half").unwrap();
    set_mode(&left_over, 0o644);
    keys.set_tls_private_key_pem(SecretVec::new(b"renewed".to_vec()));
    keys.save(&place.keys, &lock, quick()).unwrap();
    assert!(!left_over.exists());
    assert_eq!(mode(&place.keys), 0o600);
    let loaded = NodeKeys::load(&place.keys, &lock).unwrap();
    assert_eq!(loaded.tls_private_key_pem().expose(), b"renewed");
    // A place that cannot be written leaves the old file as it is.
    let nowhere = place.keys.with_file_name("missing").join("keys.age");
    assert!(matches!(keys.save(&nowhere, &lock, quick()), Err(KeyringError::Io { .. })));
}

#[test]
fn shares_reach_their_holder_only() {
    let entropy = SystemEntropy::new();
    let (ours, others) = (keys(), NodeKeys::create(&entropy, SecretVec::default()));
    assert!(ours.share_recipient().starts_with("age1"));
    assert_ne!(ours.share_recipient(), others.share_recipient());
    let secret = SecretVec::new(vec![0x77; 40]);
    let message = encrypt_to(&ours.share_recipient(), &secret).unwrap();
    assert!(!message.windows(8).any(|window| window == [0x77; 8]));
    assert_eq!(ours.decrypt_share(&message).unwrap().expose(), secret.expose());
    assert!(matches!(others.decrypt_share(&message), Err(KeyringError::NotForUs)));
    for bit in 0..message.len() * 8 {
        let mut flipped = message.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(ours.decrypt_share(&flipped).is_err(), "bit {bit}");
    }
    let long = vec![0; SHARE_MESSAGE_BYTES_MAX + 1];
    assert!(matches!(ours.decrypt_share(&long), Err(KeyringError::TooLong { .. })));
    for bad in ["", "age1", "AGE-SECRET-KEY-1", &ours.share_recipient()[..20]] {
        assert!(matches!(encrypt_to(bad, &secret), Err(KeyringError::BadRecipient)), "{bad}");
    }
}

#[test]
fn a_share_is_not_replaced_silently_and_old_ones_can_be_destroyed() {
    let mut keys = keys();
    keys.add_share(share(1, 0x5a)).unwrap();
    assert_eq!(keys.shares().len(), 1);
    let error = keys.add_share(share(1, 0x5b)).unwrap_err();
    assert!(matches!(error, KeyringError::OtherShare { .. }), "{error}");
    keys.add_share(share(2, 0x5b)).unwrap();
    assert_eq!(keys.retain_shares(|share| share.generation() >= 2), 1);
    assert!(keys.share("locate", 1, 1).is_none());
    assert_eq!(keys.share("locate", 1, 2).unwrap().secret().expose(), [0x5b; 32]);
    assert!(keys.share("footprint", 1, 2).is_none() && keys.share("locate", 2, 2).is_none());
}

#[test]
fn keys_come_from_the_given_entropy_and_are_all_different() {
    let (one, same) = (keys(), keys());
    assert_eq!(secrets(&one), secrets(&same));
    let other = NodeKeys::create(&SeededEntropy::new(2), SecretVec::default());
    let mut all: Vec<&[u8]> = vec![other.data_key().expose(), other.share_identity.expose()];
    all.extend(secrets(&one));
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    let text = file::identity(&one.share_identity).unwrap().to_string();
    assert_eq!(text.expose_secret().as_bytes(), one.share_identity.expose());
}

#[test]
fn nothing_of_them_prints() {
    let keys = keys();
    let shown = format!("{keys:?} {:?} {:?}", keys.shares(), passphrase("correct horse"));
    assert_eq!(
        shown,
        "NodeKeys { shares: [KeyShareEntry(locate, epoch 1, generation 1, holder 2, ..)], .. } \
         [KeyShareEntry(locate, epoch 1, generation 1, holder 2, ..)] Passphrase(SecretVec(..))"
    );
}

#[test]
fn work_factors_have_bounds() {
    assert!(WorkFactor::new(0).is_none());
    assert!(WorkFactor::new(crate::limits::SCRYPT_LOG_N_MAX + 1).is_none());
    assert_eq!(WorkFactor::new(18), Some(WorkFactor::default()));
}
