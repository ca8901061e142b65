//! Keys of notes: their names, ids and written form.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{NoteError, NoteSignature};
use crate::clock::UnixTime;
use crate::secret::SecretBytes;
use crate::signing::{Signature, SigningKey, VerifyKey};

/// What a key signs, and how (the signature types of C2SP signed-note).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// 0x01: Ed25519 over the text.
    Ed25519,
    /// 0x04: Ed25519 over a time and the text of a checkpoint (C2SP tlog-cosignature).
    CosignatureV1,
}

impl Algorithm {
    /// The byte that stands for it in key ids and verifier keys.
    pub fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    fn from_byte(byte: u8) -> Result<Self, NoteError> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::CosignatureV1),
            _ => Err(NoteError::Algorithm),
        }
    }
}

/// The name of a key, by custom an address without its scheme, such as `mfi-a.example/consent-log`.
///
/// Not empty; no Unicode spaces, no control characters, no plus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = NoteError;

    fn from_str(name: &str) -> Result<Self, NoteError> {
        Self::try_from(name.to_owned())
    }
}

impl TryFrom<String> for KeyName {
    type Error = NoteError;

    fn try_from(name: String) -> Result<Self, NoteError> {
        let refused = |c: char| c.is_whitespace() || c < ' ' || c == '+';
        if name.is_empty() || name.contains(refused) { Err(NoteError::KeyName) } else { Ok(Self(name)) }
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

/// The secret key of a log, which signs its checkpoints (0x01). Wiped when dropped; prints only its public half.
///
/// Another type than [`CosignerKey`](crate::merkle::CosignerKey): one key must not do both, since the text of a note
/// could be made to look like a cosigned message.
#[derive(Debug)]
pub struct SignerKey {
    verifier: VerifierKey,
    key: SigningKey,
}

impl SignerKey {
    /// The key of an RFC 8032 seed, under a name.
    pub fn new(name: KeyName, seed: SecretBytes<32>) -> Self {
        let key = SigningKey::from_seed(seed);
        Self { verifier: VerifierKey::new(name, Algorithm::Ed25519, key.verify_key()), key }
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(super) fn sign_text(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign_raw(text.as_bytes());
        NoteSignature::new(self.verifier.name.clone(), self.verifier.id, signature.0.to_vec())
    }
}

/// A public key that verifies lines of notes. Written `name+id+base64(algorithm || public key)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    key: VerifyKey,
    id: [u8; 4],
}

impl VerifierKey {
    /// A public key under a name.
    pub fn new(name: KeyName, algorithm: Algorithm, key: VerifyKey) -> Self {
        let id = key_id(&name, algorithm, &key);
        Self { name, algorithm, key, id }
    }

    /// The name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What the key signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The Ed25519 public key.
    pub fn verify_key(&self) -> &VerifyKey {
        &self.key
    }

    /// SHA-256(name || 0x0A || algorithm || public key), its first four bytes.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Whether the line claims to be of this key.
    pub fn made(&self, line: &NoteSignature) -> bool {
        line.id() == self.id && *line.name() == self.name
    }

    /// Checks the signature of a line of this key, and gives its time if it has one.
    pub(in crate::merkle) fn verify_text(
        &self,
        text: &str,
        signature: &[u8],
    ) -> Result<Option<UnixTime>, NoteError> {
        let (time, message, signature) = match self.algorithm {
            Algorithm::Ed25519 => (None, text.to_owned(), signature),
            Algorithm::CosignatureV1 => {
                let (time, signature) = decode_cosignature(signature).ok_or(NoteError::BadSignature)?;
                (Some(time), cosigned_message(time, text), signature)
            }
        };
        let signature = signature.try_into().map(Signature).map_err(|_| NoteError::BadSignature)?;
        self.key.verify_raw(message.as_bytes(), &signature).map_err(|_| NoteError::BadSignature)?;
        Ok(time)
    }
}

impl AsRef<VerifierKey> for VerifierKey {
    fn as_ref(&self) -> &VerifierKey {
        self
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.algorithm.byte()], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        // The base64 may hold a plus of its own, the name and the id may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::VerifierKey);
        };
        let key = STANDARD.decode(key).map_err(|_| NoteError::VerifierKey)?;
        let (algorithm, key) = key.split_first().ok_or(NoteError::VerifierKey)?;
        let algorithm = Algorithm::from_byte(*algorithm)?;
        let key = VerifyKey::try_from(key).map_err(|_| NoteError::VerifierKey)?;
        let key = Self::new(name.parse()?, algorithm, key);
        if hex::encode(key.id) == id { Ok(key) } else { Err(NoteError::VerifierKey) }
    }
}

impl TryFrom<String> for VerifierKey {
    type Error = NoteError;

    fn try_from(text: String) -> Result<Self, NoteError> {
        text.parse()
    }
}

impl From<VerifierKey> for String {
    fn from(key: VerifierKey) -> Self {
        key.to_string()
    }
}

fn key_id(name: &KeyName, algorithm: Algorithm, key: &VerifyKey) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(name.as_str())
        .chain_update([b'\n', algorithm.byte()])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// What a cosigner signs (C2SP tlog-cosignature): two lines of its own, then the whole text of the checkpoint.
pub(in crate::merkle) fn cosigned_message(time: UnixTime, text: &str) -> String {
    format!("cosignature/v1\ntime {}\n{text}", time.0)
}

/// The bytes of a cosignature after the key id: the time, then the signature. `None` before 1970.
pub(in crate::merkle) fn encode_cosignature(time: UnixTime, signature: &Signature) -> Option<Vec<u8>> {
    let time = u64::try_from(time.0).ok()?;
    Some([time.to_be_bytes().as_slice(), &signature.0].concat())
}

fn decode_cosignature(bytes: &[u8]) -> Option<(UnixTime, &[u8])> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    // The document bounds the time by 2^63 - 1.
    Some((UnixTime(i64::try_from(u64::from_be_bytes(*time)).ok()?), signature))
}
