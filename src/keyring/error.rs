//! What can go wrong with keys at rest, and whose fault it is.

use std::path::PathBuf;

/// Why keys or sealed rows could not be had. No variant carries any part of a key or of a plaintext.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The passphrase is not the one that the file was locked with. The person who typed it is at fault, or the
    /// file's header is damaged: age cannot tell the two apart.
    #[error("{}: the passphrase is wrong", path.display())]
    WrongPassphrase {
        /// The keys' file.
        path: PathBuf,
    },
    /// The key file is not the one that the file was locked to.
    #[error("{}: is not locked to this key file", path.display())]
    WrongKeyFile {
        /// The keys' file.
        path: PathBuf,
    },
    /// A key file was given, and the file takes a passphrase.
    #[error("{}: is locked with a passphrase, not to a key file", path.display())]
    NeedsPassphrase {
        /// The keys' file.
        path: PathBuf,
    },
    /// A passphrase was given, and the file takes a key file.
    #[error("{}: is locked to a key file, not with a passphrase", path.display())]
    NeedsKeyFile {
        /// The keys' file.
        path: PathBuf,
    },
    /// Others than the owner may read or write a file of keys.
    #[error("{0}: others may read or write it (mode {mode:04o}); run: chmod 600 '{0}'", path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is not what it should be: not an age file, damaged, or of a version that this program does not read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is there already, and keys are never overwritten by new ones.
    #[error("{}: is there already; keys are not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A passphrase that is empty or not UTF-8, which age does not take.
    #[error("a passphrase is text and not empty")]
    BadPassphrase,
    /// Text that is not an age X25519 recipient (`age1…`). Whoever gave it is at fault.
    #[error("this is not an age recipient (age1…)")]
    BadRecipient,
    /// A message that is not an age file for this node, or was changed on its way. Whoever sent it is at fault.
    #[error("this share is not encrypted to this node, or was changed on its way")]
    NotForUs,
    /// More bytes than a share or a passphrase file may have.
    #[error("{bytes} bytes, at most {bytes_max} are accepted")]
    TooLong {
        /// Bytes that came.
        bytes: usize,
        /// Bytes that are accepted.
        bytes_max: usize,
    },
    /// A share for the same key, epoch and generation is there already and is another one.
    #[error("another share of {key}, epoch {epoch}, generation {generation} is there already")]
    OtherShare {
        /// The key's name.
        key: String,
        /// Its epoch.
        epoch: u32,
        /// The share generation.
        generation: u32,
    },
    /// A sealed row that was changed, moved to another place, or sealed under another key. The disk or a hand that
    /// edited it is at fault.
    #[error(
        "a sealed row of table {table} does not open: it was changed, moved, or sealed under another key"
    )]
    SealBroken {
        /// The table.
        table: String,
    },
}
