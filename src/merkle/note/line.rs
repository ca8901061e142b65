//! One signature line of a note.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{KeyName, NoteError};
use crate::limits;

/// A signature line: `— name base64(key id || signature)`. Not verified; of any algorithm.
///
/// Travels as its text, without the newline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteSignature {
    name: KeyName,
    id: [u8; 4],
    signature: Vec<u8>,
}

impl NoteSignature {
    pub(in crate::merkle) fn new(name: KeyName, id: [u8; 4], signature: Vec<u8>) -> Self {
        Self { name, id, signature }
    }

    /// The name of the key.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key, which with the name says which key and algorithm it is.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The bytes of the signature, after the key id; at least one.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl fmt::Display for NoteSignature {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id, self.signature.as_slice()].concat();
        write!(f, "\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for NoteSignature {
    type Err = NoteError;

    /// Reads a line without its newline.
    fn from_str(line: &str) -> Result<Self, NoteError> {
        if line.len() > limits::NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        let rest = line.strip_prefix("\u{2014} ").ok_or(NoteError::SignatureLine)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::SignatureLine)?;
        let name = name.parse().map_err(|_| NoteError::SignatureLine)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::SignatureLine)?;
        match bytes.split_first_chunk::<4>() {
            Some((id, signature)) if !signature.is_empty() => {
                Ok(Self { name, id: *id, signature: signature.to_vec() })
            }
            _ => Err(NoteError::SignatureLine),
        }
    }
}

impl TryFrom<String> for NoteSignature {
    type Error = NoteError;

    fn try_from(line: String) -> Result<Self, NoteError> {
        line.parse()
    }
}

impl From<NoteSignature> for String {
    fn from(line: NoteSignature) -> Self {
        line.to_string()
    }
}
