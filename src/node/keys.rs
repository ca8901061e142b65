//! This node's secrets, checked against what the roster publishes of them.

use std::collections::BTreeMap;

use super::tables::SHARES_LOGGED;
use crate::audit::keys::public_keys;
use crate::keyring::{AtRest, LetterKey, NodeKeys};
use crate::merkle::note::{KeyName as NoteKeyName, SignerKey};
use crate::merkle::{CosignerKey, VerifierKey};
use crate::model::leaf::LeafBody;
use crate::model::member::MemberId;
use crate::roster::{Epoch, Roster, log_origin};
use crate::secret::SecretBytes;
use crate::signing::SigningKey;
use crate::store::{Store, StoreError};
use crate::threshold::{
    HolderIndex, KeyName, KeyShare, Point, ShareCommitment, ThresholdError, check_commitments,
};

/// Why keys and roster do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The roster does not list this node.
    #[error("the roster does not list {0} as a member: install the bundle that the operator made for it")]
    NotListed(MemberId),
    /// A key of this node is not the one in the roster.
    #[error("the {which} key of this node is not the one in the roster: was the key file replaced?")]
    Differs {
        /// Which key.
        which: &'static str,
    },
    /// A share does not belong to the roster's commitment.
    #[error("the share of the {key} key in epoch {epoch} is not the one that the roster commits to")]
    Share {
        /// The key.
        key: &'static str,
        /// The epoch.
        epoch: u32,
    },
    /// The roster's commitments are not of one polynomial.
    #[error("the commitments to the {key} key in epoch {epoch} do not fit together: {source}")]
    Commitments {
        /// The key.
        key: &'static str,
        /// The epoch.
        epoch: u32,
        /// What is wrong.
        source: ThresholdError,
    },
}

/// The secrets of a node as they come from its key file.
pub struct NodeSecrets {
    keys: std::sync::Arc<NodeKeys>,
}

impl std::fmt::Debug for NodeSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NodeSecrets(..)")
    }
}

/// Secrets that were checked.
pub(super) struct Checked {
    pub(super) at_rest: AtRest,
    pub(super) log_signer: SignerKey,
    pub(super) cosigner: CosignerKey,
    pub(super) feed_key: SigningKey,
    pub(super) answer_key: SigningKey,
    pub(super) letters: LetterKey,
    pub(super) shares: Shares,
}

fn seed(bytes: &SecretBytes<32>) -> SecretBytes<32> {
    SecretBytes::new(*bytes.expose())
}

/// The keys of a member's notes, from its key file.
pub fn note_keys(keys: &NodeKeys, roster_network: &str, member: &MemberId) -> (SignerKey, CosignerKey) {
    let name = || -> NoteKeyName {
        format!("tally.{roster_network}/{member}")
            .parse()
            .expect("names of networks and members fit a note key")
    };
    (
        SignerKey::new(name(), seed(keys.log_signer_seed())),
        CosignerKey::new(name(), seed(keys.cosigner_seed())),
    )
}

impl NodeSecrets {
    /// Takes over what the key file holds.
    pub fn new(keys: impl Into<std::sync::Arc<NodeKeys>>) -> Self {
        Self { keys: keys.into() }
    }

    pub(super) fn check(self, me: &MemberId, roster: &Roster) -> Result<Checked, KeysError> {
        let member = roster.member(me).ok_or_else(|| KeysError::NotListed(me.clone()))?;
        let keys = &self.keys;
        let (log_signer, cosigner) = note_keys(keys, roster.network().as_str(), me);
        debug_assert_eq!(log_signer.verifier().name().as_str(), log_origin(roster.network(), me));
        let feed_key = SigningKey::from_seed(seed(keys.feed_state_seed()));
        let answer_key = SigningKey::from_seed(seed(keys.answer_seed()));
        let same = [
            ("log", log_signer.verifier().to_string() == member.log_key),
            ("cosigner", VerifierKey::to_string(cosigner.verifier().as_ref()) == member.cosigner_key),
            ("feed", feed_key.verify_key() == member.feed_key),
            ("answer", answer_key.verify_key() == member.answer_key),
        ];
        if let Some((which, _)) = same.iter().find(|(_, same)| !same) {
            return Err(KeysError::Differs { which });
        }
        for epoch in &roster.document().epochs {
            check_epoch(epoch)?;
        }
        let shares = Shares::new(keys, me, roster)?;
        let (at_rest, letters) = (keys.at_rest(), keys.letter_key());
        Ok(Checked { at_rest, log_signer, cosigner, feed_key, answer_key, letters, shares })
    }
}

const KEYS: [KeyName; 3] = [KeyName::Locate, KeyName::Footprint, KeyName::Open];

fn check_epoch(epoch: &Epoch) -> Result<(), KeysError> {
    for key in KEYS {
        let wrong = |source| KeysError::Commitments { key: key.as_str(), epoch: epoch.epoch, source };
        let public = public_keys(epoch, key);
        let whole = Point::from_bytes(&public.public_key.0).map_err(wrong)?;
        let mut commitments = Vec::with_capacity(public.shares.len());
        for (place, share) in (1u8..).zip(&public.shares) {
            let index = HolderIndex::new(place).map_err(wrong)?;
            commitments.push(ShareCommitment { index, point: Point::from_bytes(&share.0).map_err(wrong)? });
        }
        check_commitments(epoch.threshold, &whole, &commitments).map_err(wrong)?;
    }
    Ok(())
}

/// A holder's shares by key and epoch.
pub(super) struct Shares {
    shares: BTreeMap<(KeyName, u32, u32), KeyShare>,
}

impl Shares {
    fn new(keys: &NodeKeys, me: &MemberId, roster: &Roster) -> Result<Self, KeysError> {
        let mut shares = BTreeMap::new();
        for epoch in &roster.document().epochs {
            let Some(index) = epoch.index_of(me) else { continue };
            for key in KEYS {
                let Some(entry) = keys.share(key.as_str(), epoch.epoch, epoch.generation) else { continue };
                let wrong = KeysError::Share { key: key.as_str(), epoch: epoch.epoch };
                let Ok(share) = KeyShare::from_secret_bytes(entry.secret().expose()) else {
                    return Err(wrong);
                };
                let committed = public_keys(epoch, key).shares.get(usize::from(index) - 1);
                let same = committed.is_some_and(|c| c.0 == share.commitment().to_bytes());
                if share.index().get() != index || !same {
                    return Err(wrong);
                }
                shares.insert((key, epoch.epoch, epoch.generation), share);
            }
        }
        Ok(Self { shares })
    }

    pub(super) fn get(&self, key: KeyName, epoch: u32, generation: u32) -> Option<&KeyShare> {
        self.shares.get(&(key, epoch, generation))
    }

    /// Epoch, generation and index of every complete set of shares.
    pub(super) fn installed(&self) -> Vec<(u32, u32, u8)> {
        let open = self.shares.iter().filter(|((key, ..), _)| *key == KeyName::Open);
        open.map(|((_, epoch, generation), share)| (*epoch, *generation, share.index().get())).collect()
    }

    pub(super) fn newly_installed(&self, store: &Store) -> Result<Vec<LeafBody>, StoreError> {
        let mut bodies = Vec::new();
        for share in self.installed() {
            if !store.contains(&SHARES_LOGGED, &share)? {
                let (epoch, generation, holder) = share;
                bodies.push(LeafBody::SharesInstalled { epoch, generation, holder });
            }
        }
        Ok(bodies)
    }
}
