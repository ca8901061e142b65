//! What the operator hands to a member: its certificate, the signed roster, and its encrypted shares; one file,
//! signed by the operator.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::MembershipError;
use super::files;
use super::fingerprint::{Fingerprint, operator_fingerprint};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits;
use crate::model::member::{MemberId, NetworkId};
use crate::roster::{Roster, RosterDocument};
use crate::signing::{Signed, SignedError, SignedObject, SigningKey, VerifyKey};
use crate::threshold::KeyName;

const WHAT: &str = "a bundle";

/// One share of one network key, encrypted to its holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncryptedShare {
    /// The key.
    pub key: KeyName,
    /// Its epoch.
    pub epoch: u32,
    /// The share generation.
    pub generation: u32,
    /// A binary age file in base64.
    message: String,
}

impl EncryptedShare {
    /// Takes an encrypted message.
    pub fn new(key: KeyName, epoch: u32, generation: u32, message: &[u8]) -> Self {
        Self { key, epoch, generation, message: STANDARD.encode(message) }
    }

    /// The age file.
    pub fn message(&self) -> Result<Vec<u8>, MembershipError> {
        let (key, epoch) = (self.key.as_str(), self.epoch);
        let wrong = MembershipError::Share { key, epoch, problem: "is not base64" };
        STANDARD.decode(&self.message).map_err(|_| wrong)
    }
}

/// What the operator signs for one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleDocument {
    /// Version of this form: 1.
    pub format: u16,
    /// The network.
    pub network: NetworkId,
    /// For whom it is.
    pub member: MemberId,
    /// When it was made.
    pub issued: UnixTime,
    /// The member's certificate, PEM.
    pub certificate: String,
    /// Hash of the roster beside it, as [`Roster::hash`] makes it.
    pub roster_hash: Digest,
    /// Its shares of the network keys; empty for a member that holds none, and once they were picked up.
    pub shares: Vec<EncryptedShare>,
}

impl SignedObject for BundleDocument {
    const DOMAIN: &'static str = "tallystick/bundle/v1";
    type Error = serde_json::Error;

    fn parse(bytes: &[u8]) -> Result<Self, Self::Error> {
        serde_json::from_slice(bytes)
    }
}

/// The file. The roster stands beside the signed part and not in it, for it brings its own signature.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleFile {
    operator_key: VerifyKey,
    bundle: Signed<BundleDocument>,
    roster: Signed<RosterDocument>,
}

/// A bundle whose signatures were verified under the operator key that it names itself. Whether that is the right
/// operator is for the pinned key or a person to say.
#[derive(Clone, Debug)]
pub struct Bundle {
    operator_key: VerifyKey,
    document: BundleDocument,
    roster: Roster,
}

impl Bundle {
    /// Signs a bundle for one member; the bytes of its file.
    pub(in crate::cli) fn sign(document: &BundleDocument, roster: &Roster, key: &SigningKey) -> Vec<u8> {
        let bytes = serde_json::to_vec(document).expect("a bundle is plain data");
        let bundle = Signed::sign(bytes, key).expect("written by us, and smaller than a roster");
        let file = BundleFile { operator_key: key.verify_key(), bundle, roster: roster.signed().clone() };
        let mut file = serde_json::to_vec_pretty(&file).expect("text and signatures");
        file.push(b'\n');
        file
    }

    /// Reads and verifies a bundle.
    pub fn read(path: &Path) -> Result<Self, MembershipError> {
        Self::verify(&files::read_bounded(path, limits::BUNDLE_BYTES_MAX)?, path)
    }

    /// Verifies the bytes of a bundle's file; `path` is for the messages.
    pub fn verify(file: &[u8], path: &Path) -> Result<Self, MembershipError> {
        let form = |problem: String| MembershipError::Form { path: path.to_owned(), what: WHAT, problem };
        let file: BundleFile = serde_json::from_slice(file).map_err(|e| form(e.to_string()))?;
        let document = file.bundle.verify(&file.operator_key).map_err(|e| match e {
            SignedError::Object(inner) => form(inner.to_string()),
            SignedError::Signature | SignedError::TooLong(_) => MembershipError::BundleSignature,
        })?;
        if document.format != 1 {
            return Err(form(format!("form {}; this program knows form 1: upgrade it", document.format)));
        }
        let roster = Roster::verify(file.roster, &file.operator_key)?;
        if roster.hash() != document.roster_hash || *roster.network() != document.network {
            return Err(MembershipError::BundleRoster);
        }
        Ok(Self { operator_key: file.operator_key, document, roster })
    }

    /// What was signed.
    pub fn document(&self) -> &BundleDocument {
        &self.document
    }

    /// The roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The key that signed it.
    pub fn operator_key(&self) -> &VerifyKey {
        &self.operator_key
    }

    /// What is compared with the operator.
    pub fn fingerprint(&self) -> Fingerprint {
        operator_fingerprint(&self.document.network, &self.operator_key)
    }
}
