//! Long files: encrypted to recipients or under a passphrase as they are written, decrypted as they are read. The stock
//! age tool reads and writes the same.

use std::io::{BufRead, Read, Write};
use std::path::Path;
use std::str::FromStr as _;

use age::stream::StreamWriter;
use age::{Decryptor, Encryptor};

use super::error::KeyringError;
use super::file::{Unlock, WorkFactor, passphrase_text, read_key_file, unreadable};
use crate::limits::SCRYPT_LOG_N_MAX;
use crate::secret::SecretVec;

/// For whom a file is encrypted.
#[derive(Debug)]
pub enum SealFor {
    /// age recipients (`age1…`), any of whom can read it.
    Recipients(Vec<String>),
    /// Whoever knows the passphrase.
    Passphrase(SecretVec, WorkFactor),
}

/// A file that is being encrypted. Without [`SealedWriter::finish`] it has no end, and does not open.
pub struct SealedWriter<W: Write>(StreamWriter<W>);

impl<W: Write> std::fmt::Debug for SealedWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedWriter(..)")
    }
}

impl<W: Write> SealedWriter<W> {
    /// Begins an age file in `out`.
    pub fn new(to: &SealFor, out: W) -> Result<Self, KeyringError> {
        let recipients: Vec<Box<dyn age::Recipient>> = match to {
            SealFor::Recipients(texts) => {
                let mut recipients: Vec<Box<dyn age::Recipient>> = Vec::with_capacity(texts.len());
                for text in texts {
                    let recipient = age::x25519::Recipient::from_str(text.trim());
                    recipients.push(Box::new(recipient.map_err(|_| KeyringError::BadRecipient)?));
                }
                recipients
            }
            SealFor::Passphrase(passphrase, work) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase_text(passphrase)?);
                recipient.set_work_factor(work.0);
                vec![Box::new(recipient)]
            }
        };
        let encryptor = Encryptor::with_recipients(recipients.iter().map(|recipient| &**recipient));
        let encryptor = encryptor.map_err(|_| KeyringError::BadRecipient)?;
        let io = |source| KeyringError::Io { path: "the encrypted file".into(), source };
        encryptor.wrap_output(out).map(Self).map_err(io)
    }

    /// Ends the file, and gives what it was written into.
    pub fn finish(self) -> std::io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Decrypts an age file as it is read. An end that is missing, and any byte that was changed, is an error of the reader.
/// `path` is for the errors.
pub fn open_stream<R: BufRead>(path: &Path, input: R, unlock: &Unlock) -> Result<impl Read, KeyringError> {
    let decryptor = Decryptor::new_buffered(input).map_err(|error| unreadable(path, &error))?;
    let takes_passphrase = decryptor.is_scrypt();
    let path_of = || path.to_owned();
    match unlock {
        Unlock::Passphrase(_) if !takes_passphrase => Err(KeyringError::NeedsKeyFile { path: path_of() }),
        Unlock::KeyFile(_) if takes_passphrase => Err(KeyringError::NeedsPassphrase { path: path_of() }),
        Unlock::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(passphrase_text(passphrase)?);
            identity.set_max_work_factor(SCRYPT_LOG_N_MAX);
            let identity: &dyn age::Identity = &identity;
            decryptor.decrypt(std::iter::once(identity)).map_err(|error| match error {
                age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => {
                    KeyringError::WrongPassphrase { path: path_of() }
                }
                other => unreadable(path, &other),
            })
        }
        Unlock::KeyFile(key_file) => {
            let identity = read_key_file(key_file)?;
            let identity: &dyn age::Identity = &identity;
            decryptor.decrypt(std::iter::once(identity)).map_err(|error| match error {
                age::DecryptError::NoMatchingKeys => KeyringError::WrongKeyFile { path: path_of() },
                other => unreadable(path, &other),
            })
        }
    }
}
