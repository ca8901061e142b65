//! A node on a store in memory, for the tests of what is served from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Blocking, NoPeers, Node, NodeSecrets, Parts, Peers, PublicHalf, ReplyFuture, TABLES};
use crate::clock::{ManualClock, UnixTime};
use crate::digest::Digest;
use crate::keyring::{KeyShareEntry, NodeKeys};
use crate::model::member::MemberId;
use crate::roster::{Epoch, Member, PublicKeys, Role, Roster, RosterDocument};
use crate::secret::{SecretBytes, SecretVec, SeededEntropy};
use crate::signing::{Signed, SigningKey};
use crate::store::Store;
use crate::threshold::{KeyName, SecretKey, deal};
use crate::wire::message::Request;

/// 2026-11-22T12:00:00Z.
pub(crate) const NOW: UnixTime = UnixTime(1_795_348_800);
/// A name that does harm wherever it is not escaped.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"'&<img src=x onerror=y>";

/// Nobody is in reach; the own certificate ends tomorrow, and those of the others, who were connected once, in a while.
struct Nobody;

impl Peers for Nobody {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        NoPeers.call(member, request)
    }

    fn certificate_until(&self, member: &MemberId) -> Option<UnixTime> {
        Some(NOW.plus_seconds(if member.as_str() == "lender-a" { 86_400 } else { 90 * 86_400 }))
    }

    fn is_nobody(&self) -> bool {
        true
    }
}

fn member(id: &MemberId, keys: &NodeKeys, operator: bool) -> Member {
    let mut roles = BTreeSet::from([Role::Lender, Role::KeyHolder, Role::Witness]);
    roles.extend(operator.then_some(Role::Operator));
    let public = PublicHalf::of(keys, &"test-net".parse().unwrap(), id);
    public.member(id.clone(), format!("{id} {HOSTILE}"), roles, NOW)
}

/// The key that signs its rosters.
pub(crate) fn operator_key() -> SigningKey {
    SigningKey::from_seed(SecretBytes::new([9; 32]))
}

/// The first node of a network of `members`, all of whom must help with every evaluation, and who are called
/// [`HOSTILE`]. Nobody else is in reach.
pub(crate) fn node(members: u8, clock: Arc<ManualClock>) -> Arc<Node> {
    let entropy = Arc::new(SeededEntropy::new(7));
    let ids: Vec<MemberId> =
        (0..members).map(|i| format!("lender-{}", char::from(b'a' + i)).parse().unwrap()).collect();
    let mut keys: Vec<NodeKeys> =
        ids.iter().map(|_| NodeKeys::create(&*entropy, SecretVec::default())).collect();
    let mut public = |key: KeyName| {
        let dealt = deal(&SecretKey::random(&*entropy), members, members, &*entropy).unwrap();
        for ((keys, share), holder) in keys.iter_mut().zip(&dealt.shares).zip(1..) {
            keys.add_share(KeyShareEntry::new(key.as_str(), 1, 1, holder, share.to_secret_bytes())).unwrap();
        }
        PublicKeys {
            public_key: Digest(dealt.public_key.to_bytes()),
            shares: dealt.commitments.iter().map(|c| Digest(c.point.to_bytes())).collect(),
        }
    };
    let epoch = Epoch {
        epoch: 1,
        generation: 1,
        threshold: members,
        holders: ids.clone(),
        locate: public(KeyName::Locate),
        footprint: public(KeyName::Footprint),
        open: public(KeyName::Open),
    };
    let policy =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/policy-demo.toml")).unwrap();
    let document = RosterDocument {
        format: 1,
        network: "test-net".parse().unwrap(),
        version: 1,
        issued: NOW,
        expires: NOW.plus_seconds(365 * 86_400),
        certificate_authority: String::new(),
        revocations: None,
        members: ids.iter().zip(&keys).enumerate().map(|(i, (id, keys))| member(id, keys, i == 0)).collect(),
        epochs: vec![epoch],
        policy,
    };
    let operator = operator_key();
    let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
    let roster = Roster::verify(signed, &operator.verify_key()).unwrap();
    let tables: Vec<_> =
        [crate::log::TABLES, crate::feed::TABLES, crate::book::TABLES, crate::people::TABLES, TABLES]
            .concat();
    let node = Node::start(Parts {
        me: ids[0].clone(),
        store: Store::memory(&tables).unwrap(),
        clock,
        entropy,
        secrets: NodeSecrets::new(keys.remove(0)),
        roster,
        peers: Arc::new(Nobody),
        blocking: Blocking::Threads,
    });
    node.unwrap()
}
