//! A network of real nodes in one process: an operator and three lenders that hold keys, two of three. Messages go from
//! node to node without sockets, and the clock stands still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tallystick::audit::export::{
    CHECKPOINT, EXPORT_VERSION, MANIFEST, Manifest, RowLine, feed_rows_path, feed_state_path, roster_path,
};
use tallystick::clock::{Clock as _, ManualClock, UnixTime};
use tallystick::digest::{Digest, TransactionId};
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::merkle::tile::{TILE_WIDTH, Width, encode_entries, entries_path};
use tallystick::model::day::Day;
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::node::serve::serve;
use tallystick::node::{Blocking, Node, NodeSecrets, Parts, PeerError, Peers, PublicHalf, ReplyFuture};
use tallystick::roster::{Epoch, Member, PublicKeys, Role, Roster, RosterDocument, log_origin};
use tallystick::secret::{SecretBytes, SecretVec, SeededEntropy, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};
use tallystick::store::Store;
use tallystick::threshold::{
    Deal, HolderIndex, KeyContext, KeyName, KeyShare, Locator, SecretKey, blind, ciphertext_hash,
    combine_and_finalize, deal, evaluate, locator,
};
use tallystick::wire::message::{FeedRow, Request};

pub(crate) const LENDERS: [&str; 3] = ["lender-a", "lender-b", "lender-c"];
const MEMBERS: [&str; 4] = ["lender-a", "lender-b", "lender-c", "op"];
const THRESHOLD: u8 = 2;

/// An export as the audit reads it.
pub(crate) type Export = BTreeMap<String, Vec<u8>>;

/// Carries messages.
#[derive(Default)]
pub(crate) struct Wire {
    nodes: Mutex<BTreeMap<MemberId, Arc<Node>>>,
    away: Mutex<BTreeSet<MemberId>>,
    /// Who holds it holds every message back.
    held: tokio::sync::Mutex<()>,
}

/// One member's end of the wire.
struct End {
    me: MemberId,
    wire: Arc<Wire>,
}

impl Peers for End {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        Box::pin(async move {
            drop(self.wire.held.lock().await);
            let away = self.wire.away.lock().unwrap().contains(member);
            let node = self.wire.nodes.lock().unwrap().get(member).filter(|_| !away).cloned();
            let Some(node) = node else {
                return Err(PeerError::Unreachable { member: member.clone(), why: "away".to_owned() });
            };
            Ok(serve(&node, &self.me, request).await.0)
        })
    }
}

pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) operator: SigningKey,
    pub(crate) roster: Roster,
    /// Rosters that came after it.
    later: Mutex<Vec<Roster>>,
    wire: Arc<Wire>,
    stores: BTreeMap<MemberId, Store>,
    deals: BTreeMap<KeyName, Deal>,
}

pub(crate) fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

pub(crate) fn identifier(text: &str) -> Identifier {
    Identifier::parse_pair(text, &SchemeSet::new().with_phone_country("KH").unwrap()).unwrap()
}

fn keys(name: &str) -> NodeKeys {
    let seed = u64::from(name.bytes().map(u32::from).sum::<u32>());
    NodeKeys::create(&SeededEntropy::new(seed), SecretVec::default())
}

fn member(name: &str, network: &NetworkId, now: UnixTime) -> Member {
    let (keys, id) = (keys(name), id(name));
    let roles: BTreeSet<Role> = match name {
        "op" => [Role::Operator].into(),
        _ => [Role::Lender, Role::KeyHolder, Role::Witness].into(),
    };
    PublicHalf::of(&keys, network, &id).member(id, name.to_owned(), roles, now)
}

impl World {
    pub(crate) fn new() -> Self {
        let today: Day = "2026-11-22".parse().unwrap();
        let clock = Arc::new(ManualClock::new(today.start().plus_seconds(36_000)));
        let network: NetworkId = "test-net".parse().unwrap();
        let entropy = SystemEntropy::new();
        let deals: BTreeMap<KeyName, Deal> = [KeyName::Locate, KeyName::Footprint, KeyName::Open]
            .into_iter()
            .map(|key| (key, deal(&SecretKey::random(&entropy), THRESHOLD, 3, &entropy).unwrap()))
            .collect();
        let public = |key: KeyName| PublicKeys {
            public_key: Digest(deals[&key].public_key.to_bytes()),
            shares: deals[&key].commitments.iter().map(|share| Digest(share.point.to_bytes())).collect(),
        };
        let epoch = Epoch {
            epoch: 1,
            generation: 1,
            threshold: THRESHOLD,
            holders: LENDERS.map(id).to_vec(),
            locate: public(KeyName::Locate),
            footprint: public(KeyName::Footprint),
            open: public(KeyName::Open),
        };
        let policy = include_str!("../../config/policy-demo.toml")
            .replace("phone_country = \"KH\"", "phone_country = \"KH\"\nopen_weak_matches = true");
        let document = RosterDocument {
            format: 1,
            network: network.clone(),
            version: 1,
            issued: clock.now(),
            expires: clock.now().plus_seconds(86_400 * 30),
            certificate_authority: String::new(),
            revocations: None,
            members: MEMBERS.map(|name| member(name, &network, clock.now())).to_vec(),
            epochs: vec![epoch],
            policy,
        };
        let operator = SigningKey::from_seed(SecretBytes::random(&entropy));
        let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
        let roster = Roster::verify(signed, &operator.verify_key()).unwrap();
        let mut world = Self {
            clock,
            operator,
            roster,
            later: Mutex::default(),
            wire: Arc::default(),
            stores: BTreeMap::new(),
            deals,
        };
        for name in LENDERS {
            world.start(name);
        }
        for name in LENDERS {
            let node = world.node(name);
            // The caller may be on a thread that must not wait.
            let settled = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(node.settle()).unwrap()
            });
            assert!(settled.join().unwrap().is_settled());
        }
        world
    }

    fn start(&mut self, name: &str) {
        let tables = tallystick::daemon::tables();
        let store = Store::memory(&tables).unwrap();
        self.stores.insert(id(name), store.clone());
        let mut keys = keys(name);
        let index = LENDERS.iter().position(|lender| *lender == name).unwrap();
        for (key, deal) in &self.deals {
            let share = &deal.shares[index];
            let entry = KeyShareEntry::new(key.as_str(), 1, 1, share.index().get(), share.to_secret_bytes());
            keys.add_share(entry).unwrap();
        }
        let node = Node::start(Parts {
            me: id(name),
            store,
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy::new()),
            secrets: NodeSecrets::new(keys),
            roster: self.roster.clone(),
            peers: Arc::new(End { me: id(name), wire: Arc::clone(&self.wire) }),
            blocking: Blocking::Threads,
        })
        .unwrap();
        self.wire.nodes.lock().unwrap().insert(id(name), node);
    }

    /// The operator changes the policy, and every lender follows.
    pub(crate) fn change_policy(&self, from: &str, to: &str) {
        let mut later = self.later.lock().unwrap();
        let mut document = later.last().unwrap_or(&self.roster).document().clone();
        assert!(document.policy.contains(from));
        (document.version, document.policy) = (document.version + 1, document.policy.replace(from, to));
        let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &self.operator).unwrap();
        let roster = Roster::verify(signed, &self.operator.verify_key()).unwrap();
        for name in LENDERS {
            assert!(self.node(name).follow_roster(roster.clone()).unwrap());
        }
        later.push(roster);
    }

    pub(crate) fn node(&self, name: &str) -> Arc<Node> {
        Arc::clone(&self.wire.nodes.lock().unwrap()[&id(name)])
    }

    pub(crate) fn store(&self, name: &str) -> Store {
        self.stores[&id(name)].clone()
    }

    pub(crate) fn feed_key(name: &str) -> SigningKey {
        SigningKey::from_seed(SecretBytes::new(*keys(name).feed_state_seed().expose()))
    }

    /// Members that cannot be reached from now on.
    pub(crate) fn away(&self, names: &[&str]) {
        *self.wire.away.lock().unwrap() = names.iter().map(|name| id(name)).collect();
    }

    /// Holds every message back until what it gives is dropped.
    pub(crate) async fn hold(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.wire.held.lock().await
    }

    /// One message from one member to another.
    pub(crate) async fn call(
        &self,
        from: &str,
        to: &str,
        request: Request,
    ) -> tallystick::wire::message::Reply {
        let end = End { me: id(from), wire: Arc::clone(&self.wire) };
        end.call(&id(to), request).await.unwrap()
    }

    /// Publishes what waits everywhere, and brings every copy of every feed up to date.
    pub(crate) async fn settle(&self) {
        for name in LENDERS {
            let node = self.node(name);
            while node.publish_round().await.unwrap().clients > 0 {}
            node.sign_feed_state().unwrap();
        }
        for name in LENDERS {
            for lender in LENDERS.iter().filter(|lender| **lender != name) {
                self.node(name).follow_page(&id(lender), 0).await.unwrap();
            }
        }
    }

    /// Where an identifier lies, computed with all shares at hand.
    pub(crate) fn locate(&self, key: KeyName, input: &[u8]) -> Locator {
        let entropy = SystemEntropy::new();
        let blinded = blind(input, &entropy).unwrap();
        let shares: &[KeyShare] = &self.deals[&key].shares[..usize::from(THRESHOLD)];
        let results: Vec<_> = shares
            .iter()
            .map(|share| {
                let context = KeyContext {
                    key,
                    network: "test-net".to_owned(),
                    epoch: 1,
                    generation: 1,
                    holder: share.index(),
                };
                evaluate(share, &[blinded.element], &context, &entropy).unwrap().elements
            })
            .collect();
        let results: Vec<(HolderIndex, &[_])> =
            shares.iter().zip(&results).map(|(share, results)| (share.index(), results.as_slice())).collect();
        let output = combine_and_finalize(THRESHOLD, &results, &[input], &[&blinded.blind]).unwrap();
        locator(&output[0], key, "test-net", 1)
    }

    /// The one row of a lender under an identifier.
    pub(crate) fn row(&self, lender: &str, identifier: &Identifier) -> FeedRow {
        let locator = self.locate(KeyName::Locate, identifier.oprf_input().expose());
        let rows = self.node(lender).feeds().rows_after(&id(lender), 0, usize::MAX).unwrap();
        rows.into_iter().find(|row| row.locator == locator).expect("it is published")
    }

    /// A lender's log and what lies beside it, as of now.
    pub(crate) fn export(&self, name: &str) -> Export {
        let node = self.node(name);
        let head = node.log().head();
        let manifest = Manifest {
            v: EXPORT_VERSION,
            network: node.network().clone(),
            member: id(name),
            origin: log_origin(node.network(), node.me()),
            operator_key: self.operator.verify_key(),
            exported_at: self.clock.now(),
            size: head.size,
        };
        let mut export = Export::new();
        export.insert(MANIFEST.to_owned(), serde_json::to_vec(&manifest).unwrap());
        export.insert(CHECKPOINT.to_owned(), head.checkpoint);
        for roster in [&self.roster].into_iter().chain(self.later.lock().unwrap().iter()) {
            export.insert(roster_path(roster.version()), serde_json::to_vec(roster.signed()).unwrap());
        }
        let leaves = node.log().leaves(0, usize::try_from(head.size).unwrap()).unwrap();
        for (index, bundle) in (0..).zip(leaves.chunks(TILE_WIDTH)) {
            let path = entries_path(index, Width::try_from(bundle.len()).unwrap());
            export.insert(path, encode_entries(bundle).unwrap());
        }
        for lender in LENDERS.map(id) {
            let Some(state) = node.feeds().head(&lender).unwrap().signed else { continue };
            export.insert(feed_state_path(&lender), serde_json::to_vec(&state).unwrap());
            let mut lines = Vec::new();
            for row in node.feeds().rows_after(&lender, 0, usize::MAX).unwrap() {
                lines.extend(serde_json::to_vec(&row_line(&row)).unwrap());
                lines.push(b'\n');
            }
            export.insert(feed_rows_path(&lender), lines);
        }
        export
    }
}

/// A row's header.
pub(crate) fn row_line(row: &FeedRow) -> RowLine {
    let proof = row.sealed.proof.to_bytes();
    let half = |half: &[u8]| Digest(half.try_into().unwrap());
    RowLine {
        sequence: row.sequence,
        epoch: row.epoch,
        locator: Digest(row.locator.0),
        row_id: TransactionId(row.row_id),
        version: row.version,
        ephemeral: Digest(row.sealed.ephemeral.to_bytes()),
        key_commitment: Digest(row.sealed.key_commitment),
        ciphertext_hash: Digest(ciphertext_hash(&row.sealed.ciphertext)),
        proof: [half(&proof[..32]), half(&proof[32..])],
    }
}
