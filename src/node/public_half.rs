//! What others know of a node's keys.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::note_keys;
use crate::clock::UnixTime;
use crate::keyring::NodeKeys;
use crate::merkle::CosignerVerifierKey;
use crate::merkle::note::VerifierKey;
use crate::model::member::{MemberId, NetworkId};
use crate::roster::{Member, Role};
use crate::secret::SecretBytes;
use crate::signing::{SigningKey, VerifyKey};

/// The public halves of a node's keys, as a roster lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicHalf {
    /// Verifies the checkpoints of its log; named after the log (C2SP signed-note).
    pub log_key: VerifierKey,
    /// Verifies its cosignatures; of the same name (C2SP tlog-cosignature).
    pub cosigner_key: CosignerVerifierKey,
    /// Verifies its feed states.
    pub feed_key: VerifyKey,
    /// Verifies its answers.
    pub answer_key: VerifyKey,
    /// Where shares are encrypted to (age X25519 recipient).
    pub share_recipient: String,
}

impl PublicHalf {
    /// Of the keys of `member`.
    pub fn of(keys: &NodeKeys, network: &NetworkId, member: &MemberId) -> Self {
        let (log, cosigner) = note_keys(keys, network.as_str(), member);
        let public =
            |seed: &SecretBytes<32>| SigningKey::from_seed(SecretBytes::new(*seed.expose())).verify_key();
        Self {
            log_key: log.verifier().clone(),
            cosigner_key: cosigner.verifier().clone(),
            feed_key: public(keys.feed_state_seed()),
            answer_key: public(keys.answer_seed()),
            share_recipient: keys.share_recipient(),
        }
    }

    /// The entry in a roster of a member that has these keys and only dials.
    pub fn member(&self, id: MemberId, name: String, roles: BTreeSet<Role>, admitted: UnixTime) -> Member {
        Member {
            id,
            name,
            roles,
            addresses: Vec::new(),
            log_key: self.log_key.to_string(),
            cosigner_key: self.cosigner_key.to_string(),
            feed_key: self.feed_key,
            answer_key: self.answer_key,
            share_recipient: self.share_recipient.clone(),
            admitted,
            removed: None,
        }
    }
}
