//! Checkpoints: the signed statement of a log's size and root (C2SP tlog-checkpoint 1.0.0).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::hash::{Hash, empty_root};
use super::note::{Algorithm, KeyName, Note, NoteError, SignerKey, VerifierKey};
use crate::limits;

/// Why a checkpoint was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The text is not the three lines of a checkpoint in their one right spelling.
    #[error("malformed checkpoint")]
    Malformed,
    /// The size is beyond that of any log.
    #[error("checkpoint of an impossible size")]
    Size,
    /// Size 0 with another root than that of the empty tree.
    #[error("checkpoint of an empty log with a wrong root")]
    EmptyRoot,
    /// The origin is not the name of the key.
    #[error("the checkpoint is of another log than the key")]
    Origin,
    /// The note around it is malformed, or its signature does not verify.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// The size and root of one log: three lines of text, without extension lines.
///
/// Public readers allow extension lines. We write none, and refuse them: no monitor can audit what they say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    origin: KeyName,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// A log's state. The origin is the name of the log's key; a log of size 0 has the root of the empty tree.
    pub fn new(origin: KeyName, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if size > limits::LOG_SIZE_MAX {
            return Err(CheckpointError::Size);
        }
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Self { origin, size, root })
    }

    /// The log's name, equal to that of its key.
    pub fn origin(&self) -> &KeyName {
        &self.origin
    }

    /// Leaves in the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of these leaves.
    pub fn root(&self) -> &Hash {
        &self.root
    }
}

impl fmt::Display for Checkpoint {
    /// The text of the note, byte for byte.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text of a note.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        let origin = origin.parse().map_err(|_| CheckpointError::Malformed)?;
        let size = parse_size(size)?;
        let root = STANDARD.decode(root).map_err(|_| CheckpointError::Malformed)?;
        let root = Hash::try_from(root).map_err(|_| CheckpointError::Malformed)?;
        Self::new(origin, size, root)
    }
}

/// Decimal digits without leading zeros.
fn parse_size(digits: &str) -> Result<u64, CheckpointError> {
    let canonical = digits == "0" || (!digits.starts_with('0') && !digits.is_empty());
    if !canonical || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CheckpointError::Malformed);
    }
    digits.parse().map_err(|_| CheckpointError::Size)
}

/// Signs a checkpoint with the key of its log.
pub fn sign_checkpoint(checkpoint: &Checkpoint, key: &SignerKey) -> Result<Note, CheckpointError> {
    if checkpoint.origin != *key.verifier().name() {
        return Err(CheckpointError::Origin);
    }
    Ok(Note::sign(&checkpoint.to_string(), key)?)
}

/// Reads a signed checkpoint of the log whose key is given. Lines of other keys are ignored.
pub fn open_checkpoint(note: &[u8], key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
    open_note(&Note::parse(note)?, key)
}

/// As [`open_checkpoint`], from a note that is kept for its other lines.
pub fn open_note(note: &Note, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
    // A cosignature says that somebody saw the checkpoint, not that the log made it.
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(NoteError::Algorithm.into());
    }
    note.verify(std::slice::from_ref(key))?;
    let checkpoint: Checkpoint = note.text().parse()?;
    if checkpoint.origin == *key.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
}

#[cfg(test)]
mod tests;
