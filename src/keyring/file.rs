//! Files of secrets: age envelopes, owner-only permissions, atomic replacement.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::atomic::write_atomically;
use super::error::KeyringError;
use super::private::is_private;
use crate::limits::{KEY_FILE_BYTES_MAX, SCRYPT_LOG_N, SCRYPT_LOG_N_MAX};
use crate::secret::{Entropy, SecretBytes, SecretVec};

/// What opens a node's keys.
#[derive(Debug)]
pub enum Unlock {
    /// A passphrase: text, not empty.
    Passphrase(SecretVec),
    /// A file with an age X25519 identity, as [`create_key_file`] and `age-keygen` write it.
    KeyFile(PathBuf),
}

/// How much work one guess of a passphrase takes: scrypt with N = 2^n, r = 8, p = 1, in 2^n KiB of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkFactor(pub(super) u8);

impl Default for WorkFactor {
    fn default() -> Self {
        Self(SCRYPT_LOG_N)
    }
}

impl WorkFactor {
    /// N = 2^`log_n`; `None` outside 1 to [`SCRYPT_LOG_N_MAX`]. Less than the default is for tests.
    pub fn new(log_n: u8) -> Option<Self> {
        (1..=SCRYPT_LOG_N_MAX).contains(&log_n).then_some(Self(log_n))
    }
}

/// A new age X25519 identity from `entropy`, in its text form (`AGE-SECRET-KEY-1…`).
pub(super) fn new_identity(entropy: &dyn Entropy) -> SecretVec {
    let secret = SecretBytes::<32>::random(entropy);
    // The identity type takes its bytes only through this text form.
    let prefix = bech32::Hrp::parse("age-secret-key-").expect("a valid prefix");
    let mut text = bech32::encode_upper::<bech32::Bech32>(prefix, secret.expose()).expect("short enough");
    let bytes = std::mem::take(&mut text).into_bytes();
    SecretVec::new(bytes)
}

/// The identity of a text form.
pub(super) fn identity(text: &SecretVec) -> Option<age::x25519::Identity> {
    age::x25519::Identity::from_str(std::str::from_utf8(text.expose()).ok()?).ok()
}

/// Encrypts to one X25519 recipient; a binary age file.
pub(super) fn encrypt_to(recipient: &str, plaintext: &SecretVec) -> Result<Vec<u8>, KeyringError> {
    let recipient =
        age::x25519::Recipient::from_str(recipient.trim()).map_err(|_| KeyringError::BadRecipient)?;
    Ok(encrypt(&recipient, plaintext))
}

/// Decrypts what was encrypted to `identity`.
pub(super) fn decrypt_with(identity: &dyn age::Identity, bytes: &[u8]) -> Result<SecretVec, DecryptError> {
    let mut reader = Decryptor::new_buffered(bytes)?.decrypt(std::iter::once(identity))?;
    // A plaintext is shorter than its file, so nothing grows and no copy is left behind.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader.read_to_end(&mut plaintext)?;
    Ok(SecretVec::new(std::mem::take(&mut *plaintext)))
}

fn encrypt(recipient: &dyn age::Recipient, plaintext: &SecretVec) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(plaintext.expose().len() + 512);
    Encryptor::with_recipients(std::iter::once(recipient))
        .ok()
        .and_then(|encryptor| {
            let mut writer = encryptor.wrap_output(&mut bytes).ok()?;
            writer.write_all(plaintext.expose()).ok()?;
            writer.finish().ok()
        })
        .expect("one recipient, into memory");
    bytes
}

pub(super) fn passphrase_text(passphrase: &SecretVec) -> Result<SecretString, KeyringError> {
    let text = std::str::from_utf8(passphrase.expose()).map_err(|_| KeyringError::BadPassphrase)?;
    if text.is_empty() { Err(KeyringError::BadPassphrase) } else { Ok(SecretString::from(text)) }
}

/// Writes a key file with a new age identity, readable by its owner only; never over another file. The format is
/// that of `age-keygen`: comment lines, then the identity.
pub fn create_key_file(path: &Path, entropy: &dyn Entropy) -> Result<(), KeyringError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(KeyringError::Exists { path: path.to_owned() });
    }
    let text = new_identity(entropy);
    let recipient = identity(&text).expect("made just now").to_public();
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    bytes.extend(format!("# public key: {recipient}\n").bytes());
    bytes.extend(text.expose());
    bytes.push(b'\n');
    replace(path, &bytes)
}

/// The identity in a key file, whose permissions must be its owner's alone.
pub(super) fn read_key_file(path: &Path) -> Result<age::x25519::Identity, KeyringError> {
    let unreadable =
        || KeyringError::Unreadable { path: path.to_owned(), reason: "holds no age X25519 identity".into() };
    let bytes = read_private(path)?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|_| unreadable())?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    line.and_then(|line| age::x25519::Identity::from_str(line).ok()).ok_or_else(unreadable)
}

/// Locks `plaintext` and writes it to `path`.
pub(super) fn save(
    path: &Path,
    plaintext: &SecretVec,
    lock: &Unlock,
    work: WorkFactor,
) -> Result<(), KeyringError> {
    let bytes = match lock {
        Unlock::Passphrase(passphrase) => {
            let mut recipient = age::scrypt::Recipient::new(passphrase_text(passphrase)?);
            recipient.set_work_factor(work.0);
            encrypt(&recipient, plaintext)
        }
        Unlock::KeyFile(key_file) => encrypt(&read_key_file(key_file)?.to_public(), plaintext),
    };
    replace(path, &bytes)
}

/// Reads and unlocks `path`.
pub(super) fn load(path: &Path, unlock: &Unlock) -> Result<SecretVec, KeyringError> {
    let bytes = read_private(path)?;
    let bytes = bytes.expose();
    let unreadable = |error: DecryptError| unreadable(path, &error);
    let takes_passphrase = Decryptor::new_buffered(bytes).map_err(unreadable)?.is_scrypt();
    match unlock {
        Unlock::Passphrase(_) if !takes_passphrase => {
            Err(KeyringError::NeedsKeyFile { path: path.to_owned() })
        }
        Unlock::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(passphrase_text(passphrase)?);
            identity.set_max_work_factor(SCRYPT_LOG_N_MAX);
            decrypt_with(&identity, bytes).map_err(|error| match error {
                DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                    KeyringError::WrongPassphrase { path: path.to_owned() }
                }
                other => unreadable(other),
            })
        }
        Unlock::KeyFile(_) if takes_passphrase => {
            Err(KeyringError::NeedsPassphrase { path: path.to_owned() })
        }
        Unlock::KeyFile(key_file) => {
            decrypt_with(&read_key_file(key_file)?, bytes).map_err(|error| match error {
                DecryptError::NoMatchingKeys => KeyringError::WrongKeyFile { path: path.to_owned() },
                other => unreadable(other),
            })
        }
    }
}

/// Why an age file does not open.
pub(super) fn unreadable(path: &Path, error: &DecryptError) -> KeyringError {
    // The texts of the crate are advice for its own tools.
    let reason = match error {
        DecryptError::ExcessiveWork { .. } => "takes more work to unlock than is accepted",
        DecryptError::UnknownFormat => "is an age file of an unknown version",
        DecryptError::InvalidHeader => "is not an age file",
        DecryptError::InvalidMac => "its header is damaged",
        DecryptError::Io(_) => "is damaged or cut short",
        _ => "does not open",
    };
    KeyringError::Unreadable { path: path.to_owned(), reason: reason.to_owned() }
}

/// The bytes of a file that is its reader's alone.
fn read_private(path: &Path) -> Result<SecretVec, KeyringError> {
    let io = |source| KeyringError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    // Of the open file, not of the path: nobody can put another file there in between.
    let metadata = file.metadata().map_err(io)?;
    let mode = metadata.mode() & 0o7777;
    if !is_private(path, mode) {
        return Err(KeyringError::TooOpen { path: path.to_owned(), mode });
    }
    let bytes_max = KEY_FILE_BYTES_MAX;
    // One byte of room more, so that reading to the end does not grow the buffer and leave a copy behind.
    let expected = usize::try_from(metadata.len()).unwrap_or(usize::MAX).min(bytes_max);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > bytes_max {
        return Err(KeyringError::TooLong { bytes: bytes.len(), bytes_max });
    }
    Ok(SecretVec::new(std::mem::take(&mut *bytes)))
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyringError> {
    write_atomically(path, bytes).map_err(|source| KeyringError::Io { path: path.to_owned(), source })
}

/// The identity's public half as text (`age1…`).
pub(super) fn recipient_of(identity: &age::x25519::Identity) -> String {
    identity.to_public().to_string()
}
