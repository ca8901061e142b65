//! Shares of network keys: opaque secrets under a name, and messages that carry them to their holder.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::KeyringError;
use super::file;
use crate::secret::SecretVec;

/// One share of one network key. What the bytes are, only the threshold module knows.
pub struct KeyShareEntry {
    key: String,
    epoch: u32,
    generation: u32,
    holder: u8,
    secret: SecretVec,
}

impl KeyShareEntry {
    /// The share that holder number `holder` has of the key `key` ("locate", "footprint", "open") in `epoch` and
    /// share generation `generation`.
    pub fn new(key: impl Into<String>, epoch: u32, generation: u32, holder: u8, secret: SecretVec) -> Self {
        Self { key: key.into(), epoch, generation, holder, secret }
    }

    /// The key's name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key's epoch.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The share generation: a refresh changes shares and generation, not the key.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// The holder's Shamir index, 1 to 255.
    pub fn holder(&self) -> u8 {
        self.holder
    }

    /// The share itself.
    pub fn secret(&self) -> &SecretVec {
        &self.secret
    }

    pub(super) fn is_for(&self, key: &str, epoch: u32, generation: u32) -> bool {
        self.key == key && self.epoch == epoch && self.generation == generation
    }

    pub(super) fn to_payload(&self) -> SharePayload {
        SharePayload {
            key: self.key.clone(),
            epoch: self.epoch,
            generation: self.generation,
            holder: self.holder,
            secret: self.secret.expose().to_vec(),
        }
    }

    pub(super) fn from_payload(payload: &SharePayload) -> Self {
        let secret = SecretVec::new(payload.secret.clone());
        Self::new(payload.key.clone(), payload.epoch, payload.generation, payload.holder, secret)
    }
}

impl std::fmt::Debug for KeyShareEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, epoch, generation, holder, secret: _ } = self;
        write!(f, "KeyShareEntry({key}, epoch {epoch}, generation {generation}, holder {holder}, ..)")
    }
}

impl PartialEq for KeyShareEntry {
    /// Constant time in the secret.
    fn eq(&self, other: &Self) -> bool {
        self.is_for(&other.key, other.epoch, other.generation)
            && self.holder == other.holder
            && bool::from(self.secret.expose().ct_eq(other.secret.expose()))
    }
}

impl Eq for KeyShareEntry {}

/// A share as it lies in the keys' file.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct SharePayload {
    key: String,
    epoch: u32,
    generation: u32,
    holder: u8,
    secret: Vec<u8>,
}

/// Encrypts to a node's [`super::NodeKeys::share_recipient`]: a binary age file.
pub fn encrypt_to(recipient: &str, secret: &SecretVec) -> Result<Vec<u8>, KeyringError> {
    file::encrypt_to(recipient, secret)
}
