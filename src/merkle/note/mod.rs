//! Signed notes (C2SP signed-note 1.0.0): text, an empty line, signature lines.

mod key;
mod line;

#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

use crate::clock::UnixTime;
use crate::limits;

pub use key::{Algorithm, KeyName, SignerKey, VerifierKey};
pub(super) use key::{cosigned_message, encode_cosignature};
pub use line::NoteSignature;

/// Why a note, a key or a signature line was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Longer than any note needs to be; the sender is at fault.
    #[error("the note is longer than {} bytes", limits::NOTE_BYTES_MAX)]
    TooLong,
    /// Not UTF-8, or a control character other than newline.
    #[error("the note is not plain text")]
    NotText,
    /// No empty line before the signatures, no newline at the end, or no signature.
    #[error("the note has no signature block")]
    NoSignatures,
    /// A signature line is not of the form `— name base64`.
    #[error("malformed signature line")]
    SignatureLine,
    /// More signature lines than a verifier should be made to check.
    #[error("the note has more than {} signatures", limits::NOTE_SIGNATURES_MAX)]
    TooManySignatures,
    /// A key name is empty, or has spaces, control characters or a plus.
    #[error("not a key name")]
    KeyName,
    /// A verifier key is not of the form `name+id+base64`, or its id does not belong to it.
    #[error("malformed verifier key")]
    VerifierKey,
    /// A verifier key of an algorithm that this program does not know, or that is out of place here.
    #[error("the key is of another algorithm")]
    Algorithm,
    /// Two different keys with one name and id, or one key under two names: whoever configured them is at fault.
    #[error("two of the keys cannot be told apart")]
    AmbiguousKeys,
    /// A line of a known key does not verify; the whole note is refused.
    #[error("a signature of a known key does not verify")]
    BadSignature,
    /// A known key has signed twice; the whole note is refused.
    #[error("a known key has signed twice")]
    DuplicateSignature,
    /// No known key has signed: the text must not be used.
    #[error("no known key has signed the note")]
    Unverified,
}

/// A note with at least one signature line, none of them verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature line that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The key that has signed, one of those that were given.
    pub key: &'a VerifierKey,
    /// When, for a timestamped cosignature (0x04).
    pub time: Option<UnixTime>,
}

impl Note {
    /// Signs `text`, which ends in a newline, with one key.
    pub fn sign(text: &str, key: &SignerKey) -> Result<Self, NoteError> {
        check_text(text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::NotText);
        }
        let note = Self { text: text.to_owned(), signatures: vec![key.sign_text(text)] };
        note.check_length()?;
        Ok(note)
    }

    /// Reads a note to its last byte. The text is split from the signatures at the last empty line.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > limits::NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        check_text(note)?;
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == limits::NOTE_SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(line.parse()?);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The signed text, with its last newline. Not to be used before a signature was verified.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in their order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The bytes of the note, as [`Note::parse`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// Adds a signature line at the end, or puts it in the place of all lines of the same key name and id.
    ///
    /// The line is not verified: that is the caller's part, see [`merge`](super::cosignature::merge).
    pub(super) fn put(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        let mut changed = self.clone();
        let same = |old: &NoteSignature| (old.name(), old.id()) == (signature.name(), signature.id());
        let place = changed.signatures.iter().position(same);
        changed.signatures.retain(|old| !same(old));
        if changed.signatures.len() == limits::NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        changed.signatures.insert(place.unwrap_or(changed.signatures.len()), signature);
        changed.check_length()?;
        *self = changed;
        Ok(())
    }

    /// Checks the lines of the `known` keys and gives them in their order. Lines of unknown keys are ignored; a line
    /// of a known key that does not verify, or is its second, rejects the note; so does the lack of any known key.
    pub fn verify<'a>(&self, known: &'a [VerifierKey]) -> Result<Vec<Verified<'a>>, NoteError> {
        let verified = self.verify_any(known)?;
        if verified.is_empty() { Err(NoteError::Unverified) } else { Ok(verified) }
    }

    /// As [`Note::verify`], but a note without a line of a known key gives an empty list.
    pub(super) fn verify_any<'a, K: AsRef<VerifierKey>>(
        &self,
        known: &'a [K],
    ) -> Result<Vec<Verified<'a>>, NoteError> {
        let mut verified: Vec<Verified<'a>> = Vec::new();
        for line in &self.signatures {
            let mut keys = known.iter().map(AsRef::as_ref).filter(|key| key.made(line));
            let Some(key) = keys.next() else { continue };
            if keys.any(|other| other != key) {
                return Err(NoteError::AmbiguousKeys);
            }
            if verified.iter().any(|earlier| earlier.key == key) {
                return Err(NoteError::DuplicateSignature);
            }
            let time = key.verify_text(&self.text, line.signature())?;
            verified.push(Verified { key, time });
        }
        Ok(verified)
    }

    fn check_length(&self) -> Result<(), NoteError> {
        let lines: usize = self.signatures.iter().map(|line| line.to_string().len() + 1).sum();
        let length = self.text.len() + 1 + lines;
        if length > limits::NOTE_BYTES_MAX { Err(NoteError::TooLong) } else { Ok(()) }
    }
}

impl fmt::Display for Note {
    /// The note, byte for byte.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// No ASCII control characters but newline. The rest of Unicode is allowed.
fn check_text(text: &str) -> Result<(), NoteError> {
    if text.chars().any(|c| c < ' ' && c != '\n') { Err(NoteError::NotText) } else { Ok(()) }
}
