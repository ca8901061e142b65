//! A node's private keys at rest, and what is sealed under them.
//!
//! All keys of a node are one age file (<https://age-encryption.org/v1>), locked with a passphrase or to a key file,
//! so that the stock `age` tool opens it when this program cannot. The data key in it is the root of everything
//! that the node's store holds sealed ([`AtRest`]).
//!
//! age takes its randomness from the operating system; only the keys themselves come from the caller's.

mod at_rest;
mod atomic;
mod error;
mod file;
mod letters;
mod operator;
mod private;
mod shares;
mod stream;

use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use at_rest::{AtRest, SEAL_OVERHEAD_BYTES};
pub use atomic::write_atomically;
pub use error::KeyringError;
pub use file::{Unlock, WorkFactor, create_key_file};
pub use letters::{LetterKey, seal_letter};
pub use operator::OperatorKeys;
pub use private::is_private;
pub use shares::{KeyShareEntry, encrypt_to};
pub use stream::{SealFor, SealedWriter, open_stream};

use crate::limits::SHARE_MESSAGE_BYTES_MAX;
use crate::secret::{Entropy, SecretBytes, SecretVec};
use crate::wire::codec;

/// The version of [`Payload`], the first byte within the envelope.
/// - 1: data key, TLS key, five seeds, share identity, key shares.
const VERSION: u8 = 1;

/// The private keys of one node.
///
/// Neither `Clone` nor `Serialize`: they leave memory only through [`NodeKeys::save`].
pub struct NodeKeys {
    data_key: SecretBytes<32>,
    tls_private_key_pem: SecretVec,
    log_signer_seed: SecretBytes<32>,
    cosigner_seed: SecretBytes<32>,
    feed_state_seed: SecretBytes<32>,
    answer_seed: SecretBytes<32>,
    consent_receipt_seed: SecretBytes<32>,
    /// An age X25519 identity, in its text form.
    share_identity: SecretVec,
    shares: Vec<KeyShareEntry>,
}

impl std::fmt::Debug for NodeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeKeys").field("shares", &self.shares).finish_non_exhaustive()
    }
}

/// What lies in the envelope. Lives only while it is encoded or decoded, and is wiped then.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Payload {
    data_key: [u8; 32],
    tls_private_key_pem: Vec<u8>,
    log_signer_seed: [u8; 32],
    cosigner_seed: [u8; 32],
    feed_state_seed: [u8; 32],
    answer_seed: [u8; 32],
    consent_receipt_seed: [u8; 32],
    share_identity: Vec<u8>,
    shares: Vec<shares::SharePayload>,
}

impl NodeKeys {
    /// New keys. The TLS key comes from whoever makes the certificate request; it may be empty and set later.
    pub fn create(entropy: &dyn Entropy, tls_private_key_pem: SecretVec) -> Self {
        Self {
            data_key: SecretBytes::random(entropy),
            tls_private_key_pem,
            log_signer_seed: SecretBytes::random(entropy),
            cosigner_seed: SecretBytes::random(entropy),
            feed_state_seed: SecretBytes::random(entropy),
            answer_seed: SecretBytes::random(entropy),
            consent_receipt_seed: SecretBytes::random(entropy),
            share_identity: file::new_identity(entropy),
            shares: Vec::new(),
        }
    }

    /// Reads and unlocks the keys in `path`.
    ///
    /// Refused when others than the owner may read or write the file, or the key file.
    pub fn load(path: &Path, unlock: &Unlock) -> Result<Self, KeyringError> {
        let plaintext = file::load(path, unlock)?;
        let unreadable = |reason: String| KeyringError::Unreadable { path: path.to_owned(), reason };
        let payload: Payload = codec::decode_versioned(VERSION, plaintext.expose(), "keys")
            .map_err(|error| unreadable(error.to_string()))?;
        let keys = Self::from_payload(&payload);
        if file::identity(&keys.share_identity).is_none() {
            return Err(unreadable("keys: the share identity is not an age identity".into()));
        }
        Ok(keys)
    }

    /// Locks the keys and puts them in place of what is in `path`: after a crash the file is the old one or the new
    /// one, whole. Readable by its owner only. What it replaced is not wiped from the disk: it stays locked.
    pub fn save(&self, path: &Path, lock: &Unlock, work: WorkFactor) -> Result<(), KeyringError> {
        file::save(path, &codec::encode_secret(VERSION, &self.to_payload()), lock, work)
    }

    /// Like [`NodeKeys::save`], for new keys: refused when there is a file already.
    pub fn save_new(&self, path: &Path, lock: &Unlock, work: WorkFactor) -> Result<(), KeyringError> {
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(KeyringError::Exists { path: path.to_owned() });
        }
        self.save(path, lock, work)
    }

    /// The root of everything at rest.
    pub fn data_key(&self) -> &SecretBytes<32> {
        &self.data_key
    }

    /// Sealing of the node's own store, from the data key.
    pub fn at_rest(&self) -> AtRest {
        AtRest::new(&self.data_key)
    }

    /// The private key of the node's certificate, as PKCS #8 PEM; empty before there is one.
    pub fn tls_private_key_pem(&self) -> &SecretVec {
        &self.tls_private_key_pem
    }

    /// Takes a new TLS key, at renewal.
    pub fn set_tls_private_key_pem(&mut self, pem: SecretVec) {
        self.tls_private_key_pem = pem;
    }

    /// Ed25519 seed that signs the node's own log checkpoints.
    pub fn log_signer_seed(&self) -> &SecretBytes<32> {
        &self.log_signer_seed
    }

    /// Ed25519 seed that cosigns the checkpoints of others; never used to sign a log of its own (C2SP
    /// tlog-cosignature: one key per witness identity).
    pub fn cosigner_seed(&self) -> &SecretBytes<32> {
        &self.cosigner_seed
    }

    /// Ed25519 seed that signs feed states.
    pub fn feed_state_seed(&self) -> &SecretBytes<32> {
        &self.feed_state_seed
    }

    /// Ed25519 seed that signs answers.
    pub fn answer_seed(&self) -> &SecretBytes<32> {
        &self.answer_seed
    }

    /// Ed25519 seed that signs consent receipts.
    pub fn consent_receipt_seed(&self) -> &SecretBytes<32> {
        &self.consent_receipt_seed
    }

    fn to_payload(&self) -> Payload {
        Payload {
            data_key: *self.data_key.expose(),
            tls_private_key_pem: self.tls_private_key_pem.expose().to_vec(),
            log_signer_seed: *self.log_signer_seed.expose(),
            cosigner_seed: *self.cosigner_seed.expose(),
            feed_state_seed: *self.feed_state_seed.expose(),
            answer_seed: *self.answer_seed.expose(),
            consent_receipt_seed: *self.consent_receipt_seed.expose(),
            share_identity: self.share_identity.expose().to_vec(),
            shares: self.shares.iter().map(KeyShareEntry::to_payload).collect(),
        }
    }

    fn from_payload(payload: &Payload) -> Self {
        Self {
            data_key: SecretBytes::new(payload.data_key),
            tls_private_key_pem: SecretVec::new(payload.tls_private_key_pem.clone()),
            log_signer_seed: SecretBytes::new(payload.log_signer_seed),
            cosigner_seed: SecretBytes::new(payload.cosigner_seed),
            feed_state_seed: SecretBytes::new(payload.feed_state_seed),
            answer_seed: SecretBytes::new(payload.answer_seed),
            consent_receipt_seed: SecretBytes::new(payload.consent_receipt_seed),
            share_identity: SecretVec::new(payload.share_identity.clone()),
            shares: payload.shares.iter().map(KeyShareEntry::from_payload).collect(),
        }
    }

    /// The recipient (`age1…`) to which a dealer encrypts shares for this node. Not a secret.
    pub fn share_recipient(&self) -> String {
        file::recipient_of(&self.share_age_identity())
    }

    /// Decrypts what was encrypted to [`NodeKeys::share_recipient`].
    pub fn decrypt_share(&self, message: &[u8]) -> Result<SecretVec, KeyringError> {
        let (bytes, bytes_max) = (message.len(), SHARE_MESSAGE_BYTES_MAX);
        if bytes > bytes_max {
            return Err(KeyringError::TooLong { bytes, bytes_max });
        }
        file::decrypt_with(&self.share_age_identity(), message).map_err(|_| KeyringError::NotForUs)
    }

    /// Opens letters that were sealed to [`NodeKeys::share_recipient`].
    pub fn letter_key(&self) -> LetterKey {
        LetterKey::new(self.share_age_identity())
    }

    fn share_age_identity(&self) -> age::x25519::Identity {
        file::identity(&self.share_identity).expect("made by us or checked when it was read")
    }

    /// The shares of network keys that this node holds.
    pub fn shares(&self) -> &[KeyShareEntry] {
        &self.shares
    }

    /// The share of one key, epoch and generation, if this node holds one.
    pub fn share(&self, key: &str, epoch: u32, generation: u32) -> Option<&KeyShareEntry> {
        self.shares.iter().find(|share| share.is_for(key, epoch, generation))
    }

    /// Takes a share over; taking the same one again does nothing, another one in its place is refused. It is kept
    /// only once the keys are saved.
    pub fn add_share(&mut self, share: KeyShareEntry) -> Result<(), KeyringError> {
        match self.share(share.key(), share.epoch(), share.generation()) {
            None => {
                self.shares.push(share);
                Ok(())
            }
            Some(held) if *held == share => Ok(()),
            Some(_) => Err(KeyringError::OtherShare {
                key: share.key().to_owned(),
                epoch: share.epoch(),
                generation: share.generation(),
            }),
        }
    }

    /// Destroys the shares that `keep` does not want, as after a refresh or a rotation; returns how many. They are
    /// gone from the file once the keys are saved; copies of the old file, in backups too, still hold them.
    pub fn retain_shares(&mut self, keep: impl FnMut(&KeyShareEntry) -> bool) -> usize {
        let before = self.shares.len();
        self.shares.retain(keep);
        before - self.shares.len()
    }
}

#[cfg(test)]
mod tests;
