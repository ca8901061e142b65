//! The signed roster: who is a member, with which keys, who holds the shares of the network keys, and the
//! policy. One document, signed by the operator, versioned; a node follows the highest version it has seen.
//!
//! The exact signed bytes travel and are kept ([`crate::signing::Signed`]); nothing is re-encoded to check it.

mod check;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::check::RosterError;
use crate::clock::UnixTime;
use crate::digest::{Digest, hash};
use crate::model::member::{MemberId, NetworkId};
use crate::model::policy::Policy;
use crate::signing::{Signed, SignedError, SignedObject, VerifyKey};

/// What a member does in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reports exposure and asks.
    Lender,
    /// Holds one share of each network key.
    KeyHolder,
    /// Cosigns checkpoints.
    Witness,
    /// Admits members and signs the roster.
    Operator,
}

/// One member. Keys are in the text forms of their standards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The member's id, which its certificate names.
    pub id: MemberId,
    /// The name shown to people.
    pub name: String,
    /// What it does.
    pub roles: BTreeSet<Role>,
    /// Where it listens, `host:port`; empty for a member that only dials.
    pub addresses: Vec<String>,
    /// Verifier key of its consent log (C2SP signed-note, algorithm 0x01). The key name is the log's origin.
    pub log_key: String,
    /// Verifier key of its cosignatures (C2SP tlog-cosignature, algorithm 0x04).
    pub cosigner_key: String,
    /// Verifies its feed states.
    pub feed_key: VerifyKey,
    /// Verifies its answers.
    pub answer_key: VerifyKey,
    /// Where shares of the network keys are encrypted to (age X25519 recipient).
    pub share_recipient: String,
    /// When it was admitted.
    pub admitted: UnixTime,
    /// When it was removed. A removed member stays listed: its old rows and leaves are still verified.
    pub removed: Option<UnixTime>,
}

impl Member {
    /// Whether it is a member now and has that role.
    pub fn has(&self, role: Role) -> bool {
        self.removed.is_none() && self.roles.contains(&role)
    }
}

/// Public side of one network key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// The whole key times the generator: a canonical ristretto255 encoding.
    pub public_key: Digest,
    /// Each holder's share times the generator, in the order of [`Epoch::holders`].
    pub shares: Vec<Digest>,
}

/// The network keys of one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// Number of the epoch; a new one has new keys.
    pub epoch: u32,
    /// Number of the share generation; a new one has the same keys in new shares.
    pub generation: u32,
    /// How many holders must help.
    pub threshold: u8,
    /// The holders; the one at place i has Shamir index i + 1.
    pub holders: Vec<MemberId>,
    /// Locate key.
    pub locate: PublicKeys,
    /// Footprint key.
    pub footprint: PublicKeys,
    /// Open key.
    pub open: PublicKeys,
}

impl Epoch {
    /// The Shamir index of a member, 1 to 255, if it holds shares.
    pub fn index_of(&self, member: &MemberId) -> Option<u8> {
        let place = self.holders.iter().position(|holder| holder == member)?;
        u8::try_from(place + 1).ok()
    }
}

/// The origin of a member's consent log, which is also the name of its note keys: `tally.<network>/<member>`.
pub fn log_origin(network: &NetworkId, member: &MemberId) -> String {
    check::log_origin(network.as_str(), member)
}

/// The roster as it is written and signed (JSON).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterDocument {
    /// Version of this form: 1.
    pub format: u16,
    /// The network's name.
    pub network: NetworkId,
    /// Grows by one with every change.
    pub version: u64,
    /// When it was signed.
    pub issued: UnixTime,
    /// After this nobody follows it any more.
    pub expires: UnixTime,
    /// PEM of the network's certificate authority.
    pub certificate_authority: String,
    /// PEM of its certificate revocation list, once there is one.
    pub revocations: Option<String>,
    /// The members, removed ones too, ordered by id.
    pub members: Vec<Member>,
    /// The network keys, newest epoch last; empty before the first dealing.
    pub epochs: Vec<Epoch>,
    /// The policy, TOML.
    pub policy: String,
}

/// A roster whose signature was verified and whose content was checked, with the exact bytes it came in.
#[derive(Clone, Debug)]
pub struct Roster {
    document: RosterDocument,
    policy: Policy,
    signed: Signed<RosterDocument>,
    operator_key: VerifyKey,
}

impl SignedObject for RosterDocument {
    const DOMAIN: &'static str = "tallystick/roster/v1";
    type Error = RosterError;

    fn parse(bytes: &[u8]) -> Result<Self, RosterError> {
        serde_json::from_slice(bytes).map_err(|e| RosterError::Form { line: e.line(), column: e.column() })
    }
}

impl Roster {
    /// Verifies the operator's signature, then the content.
    pub fn verify(signed: Signed<RosterDocument>, operator: &VerifyKey) -> Result<Self, RosterError> {
        let document = signed.verify(operator).map_err(|e| match e {
            SignedError::Object(inner) => inner,
            SignedError::Signature | SignedError::TooLong(_) => RosterError::Signature,
        })?;
        let policy = Policy::from_toml(&document.policy).map_err(|e| RosterError::Policy(e.to_string()))?;
        check::check(&document)?;
        Ok(Self { document, policy, signed, operator_key: *operator })
    }

    /// The content.
    pub fn document(&self) -> &RosterDocument {
        &self.document
    }

    /// The network's policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The bytes and signature, to be stored or passed on.
    pub fn signed(&self) -> &Signed<RosterDocument> {
        &self.signed
    }

    /// The operator's key that it was verified with.
    pub fn operator_key(&self) -> &VerifyKey {
        &self.operator_key
    }

    /// The members through which others are called that listen nowhere: the operators' nodes that have an address.
    pub fn relays(&self) -> impl Iterator<Item = &Member> {
        self.with_role(Role::Operator).filter(|member| !member.addresses.is_empty())
    }

    /// The network's name.
    pub fn network(&self) -> &NetworkId {
        &self.document.network
    }

    /// The version.
    pub fn version(&self) -> u64 {
        self.document.version
    }

    /// Hash of the signed bytes, as leaves name a roster.
    pub fn hash(&self) -> Digest {
        hash("tallystick/roster-hash/v1", &[self.signed.bytes()])
    }

    /// A present or removed member.
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.document.members.iter().find(|member| &member.id == id)
    }

    /// Members that have a role now.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Member> {
        self.document.members.iter().filter(move |member| member.has(role))
    }

    /// The newest epoch of the network keys.
    pub fn current_epoch(&self) -> Option<&Epoch> {
        self.document.epochs.last()
    }

    /// A given epoch.
    pub fn epoch(&self, epoch: u32) -> Option<&Epoch> {
        self.document.epochs.iter().find(|e| e.epoch == epoch)
    }

    /// Who cosigns the log of `owner`: every other member with the role, or the owner where there is no other.
    pub fn witnesses_of(&self, owner: &MemberId) -> Vec<&Member> {
        let others: Vec<&Member> =
            self.with_role(Role::Witness).filter(|member| &member.id != owner).collect();
        if others.is_empty() { self.member(owner).into_iter().collect() } else { others }
    }
}
