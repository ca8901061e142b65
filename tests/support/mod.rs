//! A network of one member that is everything in it: operator, lender, witness and the only key holder. In one
//! process, on any store, with a clock that stands still; started again it has the same keys.

use std::sync::Arc;

use tallystick::clock::{Clock as _, ManualClock, UnixTime};
use tallystick::digest::Digest;
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::model::day::Day;
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::node::{Blocking, NoPeers, Node, NodeSecrets, Parts, PublicHalf};
use tallystick::roster::{Epoch, PublicKeys, Role, Roster, RosterDocument};
use tallystick::secret::{SecretBytes, SecretVec, SeededEntropy, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};
use tallystick::store::{Store, TableSpec};
use tallystick::threshold::{SecretKey, deal};

/// The seed of the member's keys.
const SEED: u64 = 7;

/// Every table of a node.
pub(crate) fn tables() -> Vec<TableSpec> {
    use tallystick::{book, feed, log, node, people};
    [log::TABLES, feed::TABLES, book::TABLES, people::TABLES, node::TABLES].concat()
}

/// A network of one.
pub(crate) struct Solo {
    /// Stands at 10:00 UTC of the day it was made for.
    pub(crate) clock: Arc<ManualClock>,
    roster: Roster,
    shares: Vec<(&'static str, SecretVec)>,
}

impl Solo {
    /// Makes the network under a policy (TOML), as it stands on `today`.
    pub(crate) fn new(policy: &str, today: Day) -> Self {
        let clock = Arc::new(ManualClock::new(today.start().plus_seconds(10 * 3_600)));
        let entropy = SeededEntropy::new(SEED + 1);
        let mut shares = Vec::new();
        let mut public = |name: &'static str| {
            let dealt = deal(&SecretKey::random(&entropy), 1, 1, &entropy).unwrap();
            shares.push((name, dealt.shares[0].to_secret_bytes()));
            PublicKeys {
                public_key: Digest(dealt.public_key.to_bytes()),
                shares: dealt.commitments.iter().map(|share| Digest(share.point.to_bytes())).collect(),
            }
        };
        let epoch = Epoch {
            epoch: 1,
            generation: 1,
            threshold: 1,
            holders: vec![me()],
            locate: public("locate"),
            footprint: public("footprint"),
            open: public("open"),
        };
        let roster = roster(policy, epoch, clock.now());
        Self { clock, roster, shares }
    }

    fn secrets(&self) -> NodeSecrets {
        let mut keys = keys();
        for (name, share) in &self.shares {
            let secret = SecretVec::new(share.expose().to_vec());
            keys.add_share(KeyShareEntry::new(*name, 1, 1, 1, secret)).unwrap();
        }
        NodeSecrets::new(keys)
    }

    /// Starts the member on a store.
    pub(crate) fn start(&self, store: Store) -> Arc<Node> {
        Node::start(Parts {
            me: me(),
            store,
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy::new()),
            secrets: self.secrets(),
            roster: self.roster.clone(),
            peers: Arc::new(NoPeers),
            blocking: Blocking::Threads,
        })
        .unwrap()
    }
}

fn me() -> MemberId {
    "lender-a".parse().unwrap()
}

fn keys() -> NodeKeys {
    NodeKeys::create(&SeededEntropy::new(SEED), SecretVec::default())
}

fn roster(policy: &str, epoch: Epoch, now: UnixTime) -> Roster {
    let network: NetworkId = "test-net".parse().unwrap();
    let keys = keys();
    let roles = [Role::Operator, Role::Lender, Role::KeyHolder, Role::Witness].into();
    let member = PublicHalf::of(&keys, &network, &me()).member(me(), "Lender A".into(), roles, now);
    let document = RosterDocument {
        format: 1,
        network,
        version: 1,
        issued: now,
        expires: now.plus_seconds(86_400 * 30),
        certificate_authority: String::new(),
        revocations: None,
        members: vec![member],
        epochs: vec![epoch],
        policy: policy.to_owned(),
    };
    let operator = SigningKey::from_seed(SecretBytes::random(&SeededEntropy::new(SEED + 2)));
    let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
    Roster::verify(signed, &operator.verify_key()).unwrap()
}
