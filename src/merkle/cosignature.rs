//! Cosignatures of witnesses (C2SP tlog-cosignature 1.0.1, Ed25519 type 0x04), and their quorum.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, CheckpointError};
use super::note::{
    Algorithm, KeyName, Note, NoteError, NoteSignature, VerifierKey, cosigned_message, encode_cosignature,
};
use crate::clock::UnixTime;
use crate::secret::SecretBytes;
use crate::signing::{SigningKey, VerifyKey};

/// The secret key of a witness. Wiped when dropped; prints only its public half.
///
/// Another type than [`SignerKey`](super::SignerKey), and to be made from another seed.
#[derive(Debug)]
pub struct CosignerKey {
    verifier: CosignerVerifierKey,
    key: SigningKey,
}

impl CosignerKey {
    /// The key of an RFC 8032 seed, under a name.
    pub fn new(name: KeyName, seed: SecretBytes<32>) -> Self {
        let key = SigningKey::from_seed(seed);
        let verifier = VerifierKey::new(name, Algorithm::CosignatureV1, key.verify_key());
        Self { verifier: CosignerVerifierKey(verifier), key }
    }

    /// The public half.
    pub fn verifier(&self) -> &CosignerVerifierKey {
        &self.verifier
    }
}

/// The public key of a witness: a [`VerifierKey`] of type 0x04.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "VerifierKey", into = "VerifierKey")]
pub struct CosignerVerifierKey(VerifierKey);

impl CosignerVerifierKey {
    /// The name of the witness.
    pub fn name(&self) -> &KeyName {
        self.0.name()
    }
}

impl AsRef<VerifierKey> for CosignerVerifierKey {
    fn as_ref(&self) -> &VerifierKey {
        &self.0
    }
}

impl TryFrom<VerifierKey> for CosignerVerifierKey {
    type Error = NoteError;

    fn try_from(key: VerifierKey) -> Result<Self, NoteError> {
        match key.algorithm() {
            Algorithm::CosignatureV1 => Ok(Self(key)),
            Algorithm::Ed25519 => Err(NoteError::Algorithm),
        }
    }
}

impl From<CosignerVerifierKey> for VerifierKey {
    fn from(key: CosignerVerifierKey) -> Self {
        key.0
    }
}

impl FromStr for CosignerVerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        text.parse::<VerifierKey>()?.try_into()
    }
}

impl fmt::Display for CosignerVerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Cosigns the text of a checkpoint: says that at `time` it was the latest consistent state seen of its log.
///
/// The caller has verified consistency and stored the new state durably. Refused: text that is no checkpoint, and a
/// time before 1970.
pub fn cosign(checkpoint: &str, time: UnixTime, key: &CosignerKey) -> Result<NoteSignature, CheckpointError> {
    checkpoint.parse::<Checkpoint>()?;
    let signature = key.key.sign_raw(cosigned_message(time, checkpoint).as_bytes());
    let bytes = encode_cosignature(time, &signature).ok_or(CheckpointError::Malformed)?;
    let verifier = key.verifier.as_ref();
    Ok(NoteSignature::new(verifier.name().clone(), verifier.id(), bytes))
}

/// When the witness cosigned the note's text; `None` if it did not, or if its line does not verify or is doubled.
pub fn verify_cosignature(note: &Note, key: &CosignerVerifierKey) -> Option<UnixTime> {
    let verified = note.verify_any(std::slice::from_ref(key)).ok()?;
    verified.first().and_then(|line| line.time)
}

/// Adds cosignature lines that came from elsewhere to a note, and says how many were new or newer.
///
/// Only lines of the witnesses in `keys` are taken, and only when they verify. Of one witness key the line with the
/// latest time stays. A line of a known witness that does not verify is an error, and the note stays as it was.
pub fn merge(
    note: &mut Note,
    lines: &[NoteSignature],
    keys: &[CosignerVerifierKey],
) -> Result<usize, NoteError> {
    let mut merged = note.clone();
    let mut taken = 0;
    for line in lines {
        let mut makers = keys.iter().map(AsRef::<VerifierKey>::as_ref).filter(|key| key.made(line));
        let Some(maker) = makers.next() else { continue };
        if makers.any(|other| other != maker) {
            return Err(NoteError::AmbiguousKeys);
        }
        let time = maker.verify_text(note.text(), line.signature())?;
        // A line in the note that does not verify is worth no more than none.
        let held = merged.signatures().iter().filter(|old| maker.made(old));
        let held = held.filter_map(|old| maker.verify_text(note.text(), old.signature()).ok()).max();
        if held < Some(time) {
            merged.put(line.clone())?;
            taken += 1;
        }
    }
    *note = merged;
    Ok(taken)
}

/// Cosignatures that make a quorum of `witnesses`: 1 + floor(2n/3), so that two quorums share an honest witness as
/// long as fewer than a third lie (4 -> 3, 7 -> 5, 10 -> 7). Of none it is 1, which nobody reaches.
pub fn quorum_size(witnesses: usize) -> usize {
    // Two thirds without the doubling that could overflow.
    1 + witnesses / 3 * 2 + witnesses % 3 * 2 / 3
}

/// Who has cosigned a note: one time for each distinct witness, latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witnessed {
    times: Vec<UnixTime>,
}

impl Witnessed {
    /// Distinct witnesses.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// The latest cosignature.
    pub fn newest(&self) -> Option<UnixTime> {
        self.times.first().copied()
    }

    /// The earliest cosignature.
    pub fn oldest(&self) -> Option<UnixTime> {
        self.times.last().copied()
    }

    /// The age of a quorum: the earliest time among the `quorum` latest cosignatures. `None` when there are fewer.
    pub fn quorum_time(&self, quorum: usize) -> Option<UnixTime> {
        self.times.get(quorum.checked_sub(1)?).copied()
    }
}

/// Counts the witnesses among `keys` that have cosigned the note.
///
/// A witness is a name: its two keys during a change of keys count once, with the later time. One public key under
/// two names would count one signature twice, and is refused. A line of a known witness that does not verify
/// rejects the note.
pub fn witnesses(note: &Note, keys: &[CosignerVerifierKey]) -> Result<Witnessed, NoteError> {
    let verified = note.verify_any(keys)?;
    let mut by_witness: BTreeMap<&KeyName, UnixTime> = BTreeMap::new();
    let mut names: BTreeMap<&VerifyKey, &KeyName> = BTreeMap::new();
    for line in &verified {
        let Some(time) = line.time else { continue };
        let name = line.key.name();
        if *names.entry(line.key.verify_key()).or_insert(name) != name {
            return Err(NoteError::AmbiguousKeys);
        }
        let latest = by_witness.entry(name).or_insert(time);
        *latest = time.max(*latest);
    }
    let mut times: Vec<UnixTime> = by_witness.into_values().collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Witnessed { times })
}

#[cfg(test)]
mod tests;
