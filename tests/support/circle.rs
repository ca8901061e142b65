//! A network in one process, without sockets: real nodes on stores in memory that call each other directly. Each can be
//! taken away, killed at any of its writes and started again, with the same keys.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use tallystick::clock::{Clock as _, ManualClock};
use tallystick::digest::{Digest, TransactionId};
use tallystick::feed::{NewRow, OwnFeed};
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::limits::SETTLE_PATIENCE_SECONDS;
use tallystick::merkle::VerifierKey;
use tallystick::model::day::Day;
use tallystick::model::leaf::Leaf;
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::node::serve::serve;
use tallystick::node::{
    NoPeers, Node, NodeSecrets, Parts, PeerError, Peers, ReplyFuture, Standing, note_keys,
};
use tallystick::roster::{Epoch, Member, PublicKeys, Role, Roster, RosterDocument};
use tallystick::secret::{SecretBytes, SecretVec, SeededEntropy, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};
use tallystick::store::{MemoryBackend, Reopen, Store, TableSpec};
use tallystick::threshold::{SecretKey, deal};
use tallystick::wire::message::{Reply, Request};

/// Every table of a node.
fn tables() -> Vec<TableSpec> {
    use tallystick::{book, feed, log, node};
    [log::TABLES, feed::TABLES, book::TABLES, node::TABLES].concat()
}

/// An empty disk.
pub(crate) fn empty() -> MemoryBackend {
    Store::memory_backend(&tables()).unwrap()
}

/// Who is there to be called.
type Present = Arc<Mutex<BTreeMap<MemberId, Weak<Node>>>>;

/// What a member makes of its replies before they go out.
pub(crate) type Lie = Arc<dyn Fn(&Request, Reply) -> Reply + Send + Sync>;

/// Calls of one member.
struct Calls {
    me: MemberId,
    present: Present,
    lies: Arc<Mutex<BTreeMap<MemberId, Lie>>>,
}

impl Peers for Calls {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        let there = self.present.lock().unwrap().get(member).and_then(Weak::upgrade);
        let lie = self.lies.lock().unwrap().get(member).cloned();
        Box::pin(async move {
            let unreachable = |why: &str| PeerError::Unreachable { member: member.clone(), why: why.into() };
            let Some(node) = there else { return Err(unreachable("it is away")) };
            let (mut reply, _) = serve(&node, &self.me, request.clone()).await;
            if let Some(lie) = lie {
                reply = lie(&request, reply);
            }
            // A process that was killed while it served sends nothing.
            if node.store_failed() { Err(unreachable("the connection broke")) } else { Ok(reply) }
        })
    }
}

/// One member.
pub(crate) struct Seat {
    pub(crate) backend: Arc<MemoryBackend>,
    pub(crate) node: Option<Arc<Node>>,
    seed: u64,
    shares: Vec<(&'static str, u8, SecretVec)>,
}

/// The network.
pub(crate) struct Circle {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) roster: Roster,
    pub(crate) seats: BTreeMap<MemberId, Seat>,
    present: Present,
    lies: Arc<Mutex<BTreeMap<MemberId, Lie>>>,
    operator: SigningKey,
}

fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

fn node_keys(seed: u64) -> NodeKeys {
    NodeKeys::create(&SeededEntropy::new(seed), SecretVec::default())
}

impl Circle {
    /// Members `m-a`, `m-b`, …, all lenders and witnesses, the first `holders` of which hold keys and the
    /// first of which is the operator; all are running.
    pub(crate) fn new(members: u8, holders: u8, threshold: u8, policy: &str, today: Day) -> Self {
        let clock = Arc::new(ManualClock::new(today.start().plus_seconds(10 * 3_600)));
        let entropy = SystemEntropy::new();
        let mut seats: BTreeMap<MemberId, Seat> = (0..members)
            .map(|i| {
                let backend = Arc::new(Store::memory_backend(&tables()).unwrap());
                let seat = Seat { backend, node: None, seed: 100 + u64::from(i), shares: Vec::new() };
                (id(&format!("m-{}", char::from(b'a' + i))), seat)
            })
            .collect();
        let names: Vec<MemberId> = seats.keys().cloned().collect();
        let mut public = |name: &'static str| {
            let dealt = deal(&SecretKey::random(&entropy), threshold, holders, &entropy).unwrap();
            for (seat, share) in seats.values_mut().zip(&dealt.shares) {
                seat.shares.push((name, share.index().get(), share.to_secret_bytes()));
            }
            PublicKeys {
                public_key: Digest(dealt.public_key.to_bytes()),
                shares: dealt.commitments.iter().map(|share| Digest(share.point.to_bytes())).collect(),
            }
        };
        let epoch = Epoch {
            epoch: 1,
            generation: 1,
            threshold,
            holders: names[..usize::from(holders)].to_vec(),
            locate: public("locate"),
            footprint: public("footprint"),
            open: public("open"),
        };
        let network: NetworkId = "test-net".parse().unwrap();
        let members = seats
            .iter()
            .map(|(id, seat)| {
                let keys = node_keys(seat.seed);
                let (log, cosigner) = note_keys(&keys, network.as_str(), id);
                let public = |seed: &SecretBytes<32>| {
                    SigningKey::from_seed(SecretBytes::new(*seed.expose())).verify_key()
                };
                let mut roles = std::collections::BTreeSet::from([Role::Lender, Role::Witness]);
                if id == &names[0] {
                    roles.insert(Role::Operator);
                }
                if epoch.holders.contains(id) {
                    roles.insert(Role::KeyHolder);
                }
                Member {
                    id: id.clone(),
                    name: format!("Lender {id}"),
                    roles,
                    addresses: Vec::new(),
                    log_key: log.verifier().to_string(),
                    cosigner_key: AsRef::<VerifierKey>::as_ref(cosigner.verifier()).to_string(),
                    feed_key: public(keys.feed_state_seed()),
                    answer_key: public(keys.answer_seed()),
                    share_recipient: keys.share_recipient(),
                    admitted: clock.now(),
                    removed: None,
                }
            })
            .collect();
        let document = RosterDocument {
            format: 1,
            network,
            version: 1,
            issued: clock.now(),
            expires: clock.now().plus_seconds(86_400 * 30),
            certificate_authority: String::new(),
            revocations: None,
            members,
            epochs: vec![epoch],
            policy: policy.to_owned(),
        };
        let operator = SigningKey::from_seed(SecretBytes::random(&entropy));
        let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
        let roster = Roster::verify(signed, &operator.verify_key()).unwrap();
        let mut circle =
            Self { clock, roster, seats, present: Present::default(), lies: Arc::default(), operator };
        for name in &names {
            circle.put_up(name.as_str());
        }
        for name in &names {
            circle.settle_one(name.as_str());
        }
        circle
    }

    /// Lets a member ask how much of its log the others have seen.
    pub(crate) fn settle_one(&self, name: &str) -> Standing {
        let node = self.node(name);
        // The caller may be on a thread that must not wait.
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(node.settle()).unwrap()
            });
            asking.join().unwrap()
        })
    }

    /// Starts a member on what its store holds, and lets it ask the others, for as long as it is patient.
    pub(crate) fn start(&mut self, name: &str) -> Arc<Node> {
        let node = self.put_up(name);
        if !self.settle_one(name).is_settled() {
            self.clock.advance(i64::try_from(SETTLE_PATIENCE_SECONDS).unwrap());
            self.settle_one(name);
        }
        node
    }

    /// Starts a member on what its store holds.
    pub(crate) fn put_up(&mut self, name: &str) -> Arc<Node> {
        let me = id(name);
        let (present, lies) = (Arc::clone(&self.present), Arc::clone(&self.lies));
        let peers = Arc::new(Calls { me: me.clone(), present, lies });
        let node = self.node_of(name, peers);
        self.seats.get_mut(&me).unwrap().node = Some(Arc::clone(&node));
        self.present.lock().unwrap().insert(me, Arc::downgrade(&node));
        node
    }

    fn node_of(&self, name: &str, peers: Arc<dyn Peers>) -> Arc<Node> {
        let me = id(name);
        let seat = &self.seats[&me];
        let mut keys = node_keys(seat.seed);
        for (name, index, share) in &seat.shares {
            let secret = SecretVec::new(share.expose().to_vec());
            keys.add_share(KeyShareEntry::new(*name, 1, 1, *index, secret)).unwrap();
        }
        Node::start(Parts {
            me,
            store: Store::with_backend(seat.backend.clone(), &tables()).unwrap(),
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy::new()),
            secrets: NodeSecrets::new(keys),
            roster: self.roster.clone(),
            peers,
        })
        .unwrap()
    }

    /// The member's process ends.
    pub(crate) fn stop(&mut self, name: &str) {
        self.seats.get_mut(&id(name)).unwrap().node = None;
        self.present.lock().unwrap().remove(&id(name));
    }

    /// The member's process ended somehow; the next one starts on what is there.
    pub(crate) fn restart(&mut self, name: &str, how: Reopen) -> Arc<Node> {
        self.stop(name);
        let seat = self.seats.get_mut(&id(name)).unwrap();
        seat.backend = Arc::new(seat.backend.reopen(&tables(), how));
        self.start(name)
    }

    /// What a member's disk holds now.
    pub(crate) fn copy(&self, name: &str) -> MemoryBackend {
        self.seats[&id(name)].backend.reopen(&tables(), Reopen::Killed)
    }

    /// A member's process ends, and its disk becomes another one.
    pub(crate) fn put_back(&mut self, name: &str, disk: MemoryBackend) {
        self.stop(name);
        self.seats.get_mut(&id(name)).unwrap().backend = Arc::new(disk);
    }

    /// A member's store, opened by a command while no process runs: nobody can be reached.
    pub(crate) fn alone(&self, name: &str) -> Arc<Node> {
        self.node_of(name, Arc::new(NoPeers))
    }

    /// From now on a member's replies are what `lie` makes of them; none: it is honest.
    pub(crate) fn lie(&self, name: &str, lie: Option<Lie>) {
        let mut lies = self.lies.lock().unwrap();
        match lie {
            Some(lie) => drop(lies.insert(id(name), lie)),
            None => drop(lies.remove(&id(name))),
        }
    }

    /// A roster that the operator signs.
    pub(crate) fn sign_roster(&self, document: &RosterDocument) -> Roster {
        let signed = Signed::sign(serde_json::to_vec(document).unwrap(), &self.operator).unwrap();
        Roster::verify(signed, &self.operator.verify_key()).unwrap()
    }

    /// The members that run.
    pub(crate) fn running(&self) -> Vec<String> {
        self.seats.iter().filter(|(_, seat)| seat.node.is_some()).map(|(id, _)| id.to_string()).collect()
    }

    pub(crate) fn node(&self, name: &str) -> Arc<Node> {
        Arc::clone(self.seats[&id(name)].node.as_ref().expect("the member runs"))
    }

    pub(crate) fn backend(&self, name: &str) -> &MemoryBackend {
        &self.seats[&id(name)].backend
    }

    /// Publishes rows in a member's name that it never sealed like this, as a lender that lies can.
    pub(crate) fn publish_rows(&self, name: &str, rows: Vec<NewRow>) {
        let seat = &self.seats[&id(name)];
        let keys = node_keys(seat.seed);
        let key = SigningKey::from_seed(SecretBytes::new(*keys.feed_state_seed().expose()));
        let store = Store::with_backend(seat.backend.clone(), &tables()).unwrap();
        let feed = OwnFeed::open(store, self.roster.network().clone(), id(name), key).unwrap();
        let now = self.clock.now();
        let appended = self.node(name).log().append(Box::new(move |_, batch| {
            let state = feed.publish(rows, None, now, batch)?;
            Ok(vec![Leaf::new(now, TransactionId::random(&SystemEntropy::new()), state)])
        }));
        appended.unwrap();
    }

    /// Every member that is there hears from every other, as it does every few seconds while connected.
    pub(crate) async fn meet(&self) {
        let nodes: Vec<&Arc<Node>> = self.seats.values().filter_map(|seat| seat.node.as_ref()).collect();
        for node in &nodes {
            for other in nodes.iter().filter(|other| other.me() != node.me()) {
                node.fetch_withdrawals(other.me()).await.unwrap();
            }
        }
    }

    /// Everything that waits is published and everywhere.
    pub(crate) async fn settle(&self) {
        let nodes: Vec<&Arc<Node>> = self.seats.values().filter_map(|seat| seat.node.as_ref()).collect();
        for node in &nodes {
            while node.publish_round().await.unwrap().clients > 0 {}
            node.sign_feed_state().unwrap();
        }
        for node in &nodes {
            for other in nodes.iter().filter(|other| other.me() != node.me()) {
                while node.feeds().head(other.me()).unwrap().sequence
                    < other.feeds().head(other.me()).unwrap().sequence
                {
                    node.follow_page(other.me(), 0).await.unwrap();
                }
                node.follow_page(other.me(), 0).await.unwrap();
            }
        }
    }
}
