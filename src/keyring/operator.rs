//! The operator's two keys at rest: the authority that issues certificates, and the key that signs the roster.
//!
//! A file of their own, apart from the operator's node keys, so that it can lie on another machine than the node.

use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::KeyringError;
use super::file::{self, Unlock, WorkFactor};
use crate::secret::{Entropy, SecretBytes, SecretVec};
use crate::wire::codec;

/// The version of [`Payload`], the first byte within the envelope.
/// - 1: authority key, roster seed.
const VERSION: u8 = 1;

/// The private keys of a network's operator, as an age file like [`super::NodeKeys`].
pub struct OperatorKeys {
    authority_key_pem: SecretVec,
    roster_seed: SecretBytes<32>,
}

impl std::fmt::Debug for OperatorKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorKeys(..)")
    }
}

/// What lies in the envelope. Lives only while it is encoded or decoded, and is wiped then.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Payload {
    authority_key_pem: Vec<u8>,
    roster_seed: [u8; 32],
}

impl OperatorKeys {
    /// A fresh roster key beside the private key of a new authority (PKCS #8 PEM).
    pub fn create(authority_key_pem: SecretVec, entropy: &dyn Entropy) -> Self {
        Self { authority_key_pem, roster_seed: SecretBytes::random(entropy) }
    }

    /// Reads and unlocks the keys in `path`, which must be its owner's alone.
    pub fn load(path: &Path, unlock: &Unlock) -> Result<Self, KeyringError> {
        let plaintext = file::load(path, unlock)?;
        let payload: Payload = codec::decode_versioned(VERSION, plaintext.expose(), "operator keys")
            .map_err(|error| KeyringError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
        Ok(Self {
            authority_key_pem: SecretVec::new(payload.authority_key_pem.clone()),
            roster_seed: SecretBytes::new(payload.roster_seed),
        })
    }

    /// Locks new keys into `path`; refused when there is a file already.
    pub fn save_new(&self, path: &Path, lock: &Unlock, work: WorkFactor) -> Result<(), KeyringError> {
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(KeyringError::Exists { path: path.to_owned() });
        }
        let payload = Payload {
            authority_key_pem: self.authority_key_pem.expose().to_vec(),
            roster_seed: *self.roster_seed.expose(),
        };
        file::save(path, &codec::encode_secret(VERSION, &payload), lock, work)
    }

    /// The authority's private key, PKCS #8 PEM.
    pub fn authority_key_pem(&self) -> &SecretVec {
        &self.authority_key_pem
    }

    /// Ed25519 seed that signs rosters and bundles.
    pub fn roster_seed(&self) -> &SecretBytes<32> {
        &self.roster_seed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::{NodeKeys, create_key_file};
    use crate::secret::{SeededEntropy, SystemEntropy};

    #[test]
    fn they_come_back_and_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key_file) = (folder.path().join("operator.age"), folder.path().join("unlock.key"));
        create_key_file(&key_file, &SystemEntropy::new()).unwrap();
        let lock = Unlock::KeyFile(key_file);
        let keys = OperatorKeys::create(SecretVec::new(b"authority".to_vec()), &SeededEntropy::new(1));
        keys.save_new(&path, &lock, WorkFactor::default()).unwrap();
        let loaded = OperatorKeys::load(&path, &lock).unwrap();
        assert_eq!(loaded.authority_key_pem().expose(), b"authority");
        assert_eq!(loaded.roster_seed(), keys.roster_seed());
        assert_eq!(format!("{loaded:?}"), "OperatorKeys(..)");
        let again = keys.save_new(&path, &lock, WorkFactor::default());
        assert!(matches!(again, Err(KeyringError::Exists { .. })));
        // Neither file is taken for the other.
        assert!(NodeKeys::load(&path, &lock).is_err());
    }
}
