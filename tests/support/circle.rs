//! A network in one process, without sockets: real nodes on stores in memory that call each other directly. Each can be
//! taken away, killed at any of its writes and started again, with the same keys.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use tallystick::clock::{Clock as _, ManualClock};
use tallystick::digest::{Digest, TransactionId};
use tallystick::feed::{NewRow, OwnFeed};
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::merkle::VerifierKey;
use tallystick::model::day::Day;
use tallystick::model::leaf::Leaf;
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::node::serve::serve;
use tallystick::node::{Node, NodeSecrets, Parts, PeerError, Peers, ReplyFuture, note_keys};
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

/// Who is there to be called.
type Present = Arc<Mutex<BTreeMap<MemberId, Weak<Node>>>>;

/// What a member makes of its reply to a request before it sends it.
pub(crate) type Lie = Arc<dyn Fn(&Request, Reply) -> Reply + Send + Sync>;

/// The members that lie.
type Liars = Arc<Mutex<BTreeMap<MemberId, Lie>>>;

/// Members that listen nowhere: they call, and nobody can call them.
type Deaf = Arc<Mutex<std::collections::BTreeSet<MemberId>>>;

/// Calls of one member.
struct Calls {
    me: MemberId,
    present: Present,
    liars: Liars,
    deaf: Deaf,
}

impl Peers for Calls {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        let there = self.present.lock().unwrap().get(member).and_then(Weak::upgrade);
        let there = there.filter(|_| !self.deaf.lock().unwrap().contains(member));
        let lie = self.liars.lock().unwrap().get(member).cloned();
        Box::pin(async move {
            let unreachable = |why: &str| PeerError::Unreachable { member: member.clone(), why: why.into() };
            let Some(node) = there else { return Err(unreachable("it is away")) };
            let (reply, _) = serve(&node, &self.me, request.clone()).await;
            let reply = match lie {
                Some(lie) => lie(&request, reply),
                None => reply,
            };
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
    liars: Liars,
    deaf: Deaf,
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
        let mut circle = Self {
            clock,
            roster,
            seats,
            present: Present::default(),
            liars: Liars::default(),
            deaf: Deaf::default(),
        };
        for name in names {
            circle.start(name.as_str());
        }
        circle
    }

    /// Starts a member on what its store holds.
    pub(crate) fn start(&mut self, name: &str) -> Arc<Node> {
        let me = id(name);
        let seat = self.seats.get_mut(&me).unwrap();
        let mut keys = node_keys(seat.seed);
        for (name, index, share) in &seat.shares {
            let secret = SecretVec::new(share.expose().to_vec());
            keys.add_share(KeyShareEntry::new(*name, 1, 1, *index, secret)).unwrap();
        }
        let node = Node::start(Parts {
            me: me.clone(),
            store: Store::with_backend(seat.backend.clone(), &tables()).unwrap(),
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy::new()),
            secrets: NodeSecrets::new(keys),
            roster: self.roster.clone(),
            peers: Arc::new(Calls {
                me: me.clone(),
                present: Arc::clone(&self.present),
                liars: Arc::clone(&self.liars),
                deaf: Arc::clone(&self.deaf),
            }),
        })
        .unwrap();
        seat.node = Some(Arc::clone(&node));
        self.present.lock().unwrap().insert(me, Arc::downgrade(&node));
        node
    }

    /// From now on nobody can call the member.
    pub(crate) fn deafen(&self, name: &str) {
        self.deaf.lock().unwrap().insert(id(name));
    }

    /// From now on the member sends what `lie` makes of its replies; none makes it honest again.
    pub(crate) fn lie(&self, name: &str, lie: Option<Lie>) {
        let mut liars = self.liars.lock().unwrap();
        match lie {
            Some(lie) => liars.insert(id(name), lie),
            None => liars.remove(&id(name)),
        };
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

    pub(crate) fn node(&self, name: &str) -> Arc<Node> {
        Arc::clone(self.seats[&id(name)].node.as_ref().expect("the member runs"))
    }

    pub(crate) fn backend(&self, name: &str) -> &MemoryBackend {
        &self.seats[&id(name)].backend
    }

    /// The key that a member signs its feed states with.
    pub(crate) fn feed_key(&self, name: &str) -> SigningKey {
        let keys = node_keys(self.seats[&id(name)].seed);
        SigningKey::from_seed(SecretBytes::new(*keys.feed_state_seed().expose()))
    }

    /// Publishes rows in a member's name that it never sealed like this, as a lender that lies can.
    pub(crate) fn publish_rows(&self, name: &str, rows: Vec<NewRow>) {
        let (seat, key) = (&self.seats[&id(name)], self.feed_key(name));
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
