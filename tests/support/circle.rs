//! A network in one process, without sockets: real nodes on stores in memory that call each other directly. Each can be
//! taken away, killed at any of its writes and started again, with the same keys.

#[path = "seat_clock.rs"]
mod seat_clock;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use tallystick::clock::{Clock as _, ManualClock};
use tallystick::digest::{Digest, TransactionId, WithdrawalCode};
use tallystick::feed::{NewRow, OwnFeed};
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::limits::SETTLE_PATIENCE_SECONDS;
use tallystick::model::day::Day;
use tallystick::model::leaf::Leaf;
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::node::serve::{Afterwards, serve};
use tallystick::node::{
    Blocking, NoPeers, Node, NodeSecrets, Parts, PeerError, Peers, PublicHalf, ReplyFuture, Standing,
    StartError,
};
use tallystick::roster::{Epoch, PublicKeys, Role, Roster, RosterDocument};
use tallystick::secret::{Entropy, SecretBytes, SecretVec, SeededEntropy, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};
use tallystick::store::{MemoryBackend, Reopen, Store, TableSpec};
use tallystick::threshold::{SecretKey, deal};
use tallystick::wire::message::{Reply, Request};

use seat_clock::SeatClock;

/// Every table of a node.
pub(crate) fn tables() -> Vec<TableSpec> {
    use tallystick::{book, feed, log, node, people};
    [log::TABLES, feed::TABLES, book::TABLES, people::TABLES, node::TABLES].concat()
}

/// An empty disk.
pub(crate) fn empty() -> MemoryBackend {
    Store::memory_backend(&tables()).unwrap()
}

/// Who is there to be called.
type Present = Arc<Mutex<BTreeMap<MemberId, Weak<Node>>>>;

/// What a member makes of its reply to a request before it sends it.
pub(crate) type Lie = Arc<dyn Fn(&Request, Reply) -> Reply + Send + Sync>;

/// The members that lie.
type Liars = Arc<Mutex<BTreeMap<MemberId, Lie>>>;

/// Members that listen nowhere: they call, and nobody can call them.
type Deaf = Arc<Mutex<std::collections::BTreeSet<MemberId>>>;

/// Withdrawals that were new to a member, which it is to pass on.
type Floods = Arc<Mutex<Vec<(MemberId, WithdrawalCode)>>>;

/// Passes a request on to whom it is for, as often as it is called.
pub(crate) type Deliver<'a> = Box<dyn Fn(Request) -> ReplyFuture<'a> + Send + Sync + 'a>;

/// What lies between the members.
pub(crate) trait Wire: Send + Sync {
    /// Carries a request, and its reply back.
    fn carry<'a>(
        &'a self,
        from: &'a MemberId,
        to: &'a MemberId,
        request: Request,
        deliver: Deliver<'a>,
    ) -> ReplyFuture<'a>;

    /// Whether a member's process goes on when a write of it has failed.
    fn outlives_failed_write(&self, member: &MemberId) -> bool;
}

/// Calls of one member.
struct Calls {
    me: MemberId,
    present: Present,
    floods: Floods,
    liars: Liars,
    deaf: Deaf,
    wire: Option<Arc<dyn Wire>>,
}

impl Calls {
    fn deliver<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        Box::pin(async move {
            let there = self.present.lock().unwrap().get(member).and_then(Weak::upgrade);
            let unreachable = |why: &str| PeerError::Unreachable { member: member.clone(), why: why.into() };
            let there = there.filter(|_| !self.deaf.lock().unwrap().contains(member));
            let Some(node) = there else { return Err(unreachable("it is away")) };
            let outlives = self.wire.as_ref().is_some_and(|wire| wire.outlives_failed_write(member));
            let lie = self.liars.lock().unwrap().get(member).cloned();
            let (reply, afterwards) = serve(&node, &self.me, request.clone()).await;
            let reply = match lie {
                Some(lie) => lie(&request, reply),
                None => reply,
            };
            // A process that was killed while it served sends nothing.
            if node.store_failed() && !outlives {
                return Err(unreachable("the connection broke"));
            }
            if let Afterwards::Flood(code) = afterwards {
                self.floods.lock().unwrap().push((member.clone(), code));
            }
            Ok(reply)
        })
    }
}

impl Peers for Calls {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        match &self.wire {
            None => self.deliver(member, request),
            Some(wire) => {
                let deliver: Deliver<'a> = Box::new(move |request| self.deliver(member, request));
                wire.carry(&self.me, member, request, deliver)
            }
        }
    }
}

/// Where chance comes from.
#[derive(Clone, Copy)]
pub(crate) enum Chance {
    /// The operating system; what blocks runs on threads.
    System,
    /// A seed, so that everything is as it was the last time; what blocks runs where it is called.
    Seeded(u64),
}

impl Chance {
    /// A stream of its own for each use.
    fn stream(self, number: u64) -> Arc<dyn Entropy> {
        match self {
            Self::System => Arc::new(SystemEntropy::new()),
            Self::Seeded(seed) => {
                Arc::new(SeededEntropy::new(seed.wrapping_mul(1_000_003).wrapping_add(number)))
            }
        }
    }
}

/// What a network is made of.
pub(crate) struct Setup<'a> {
    pub(crate) members: u8,
    pub(crate) holders: u8,
    pub(crate) threshold: u8,
    pub(crate) policy: &'a str,
    pub(crate) today: Day,
    pub(crate) chance: Chance,
    pub(crate) wire: Option<Arc<dyn Wire>>,
}

/// One member.
pub(crate) struct Seat {
    pub(crate) backend: Arc<MemoryBackend>,
    pub(crate) node: Option<Arc<Node>>,
    pub(crate) clock: Arc<SeatClock>,
    /// The roster in its file.
    pub(crate) roster: Roster,
    starts: u64,
    seed: u64,
    shares: Vec<(&'static str, u8, SecretVec)>,
}

/// The network.
pub(crate) struct Circle {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) roster: Roster,
    pub(crate) seats: BTreeMap<MemberId, Seat>,
    pub(crate) floods: Floods,
    operator: SigningKey,
    chance: Chance,
    wire: Option<Arc<dyn Wire>>,
    present: Present,
    liars: Liars,
    deaf: Deaf,
}

fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

/// Name of the member at a place, from 0.
pub(crate) fn name_of(place: u8) -> String {
    let letter = |place: u8| char::from(b'a' + place);
    if place < 26 { format!("m-{}", letter(place)) } else { format!("m-z{}", letter(place - 26)) }
}

fn node_keys(seed: u64) -> NodeKeys {
    NodeKeys::create(&SeededEntropy::new(seed), SecretVec::default())
}

fn sign(document: &RosterDocument, operator: &SigningKey) -> Roster {
    let signed = Signed::sign(serde_json::to_vec(document).unwrap(), operator).unwrap();
    Roster::verify(signed, &operator.verify_key()).unwrap()
}

impl Circle {
    /// Members `m-a`, `m-b`, …, all lenders and witnesses, the first `holders` of which hold keys and the
    /// first of which is the operator; all are running.
    pub(crate) fn new(members: u8, holders: u8, threshold: u8, policy: &str, today: Day) -> Self {
        Self::build(&Setup { members, holders, threshold, policy, today, chance: Chance::System, wire: None })
    }

    /// The same, with chance and a wire of one's own.
    pub(crate) fn build(setup: &Setup<'_>) -> Self {
        let Setup { members, holders, threshold, policy, today, chance, .. } = *setup;
        let clock = Arc::new(ManualClock::new(today.start().plus_seconds(10 * 3_600)));
        let entropy = chance.stream(0);
        let mut shares: BTreeMap<MemberId, Vec<(&'static str, u8, SecretVec)>> =
            (0..members).map(|place| (id(&name_of(place)), Vec::new())).collect();
        let seeds: BTreeMap<MemberId, u64> =
            (0..members).map(|place| (id(&name_of(place)), 100 + u64::from(place))).collect();
        let names: Vec<MemberId> = seeds.keys().cloned().collect();
        let mut public = |name: &'static str| {
            let dealt = deal(&SecretKey::random(&*entropy), threshold, holders, &*entropy).unwrap();
            for (held, share) in shares.values_mut().zip(&dealt.shares) {
                held.push((name, share.index().get(), share.to_secret_bytes()));
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
        let members = seeds
            .iter()
            .map(|(id, seed)| {
                let keys = node_keys(*seed);
                let mut roles = std::collections::BTreeSet::from([Role::Lender, Role::Witness]);
                if id == &names[0] {
                    roles.insert(Role::Operator);
                }
                if epoch.holders.contains(id) {
                    roles.insert(Role::KeyHolder);
                }
                let public = PublicHalf::of(&keys, &network, id);
                public.member(id.clone(), format!("Lender {id}"), roles, clock.now())
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
        let operator = SigningKey::from_seed(SecretBytes::random(&*entropy));
        let roster = sign(&document, &operator);
        let seats = shares
            .into_iter()
            .map(|(id, shares)| {
                let backend = Arc::new(Store::memory_backend(&tables()).unwrap());
                let clock = Arc::new(SeatClock::of(&clock));
                let (seed, roster) = (seeds[&id], roster.clone());
                (id, Seat { backend, node: None, clock, roster, starts: 0, seed, shares })
            })
            .collect();
        let (floods, present) = (Floods::default(), Present::default());
        let wire = setup.wire.clone();
        let (liars, deaf) = (Liars::default(), Deaf::default());
        let mut circle = Self { clock, roster, seats, floods, operator, chance, wire, present, liars, deaf };
        for name in &names {
            circle.put_up(name.as_str());
        }
        for name in &names {
            circle.settle_one(name.as_str());
        }
        circle
    }

    /// A roster as the operator signs it.
    pub(crate) fn sign_roster(&self, document: &RosterDocument) -> Roster {
        sign(document, &self.operator)
    }

    /// Calls as a member makes them.
    pub(crate) fn peers_of(&self, me: &MemberId) -> Arc<dyn Peers> {
        let (present, floods) = (Arc::clone(&self.present), Arc::clone(&self.floods));
        let (liars, deaf) = (Arc::clone(&self.liars), Arc::clone(&self.deaf));
        Arc::new(Calls { me: me.clone(), present, floods, liars, deaf, wire: self.wire.clone() })
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

    /// The key that a member signs its feed states with.
    pub(crate) fn feed_key(&self, name: &str) -> SigningKey {
        let keys = node_keys(self.seats[&id(name)].seed);
        SigningKey::from_seed(SecretBytes::new(*keys.feed_state_seed().expose()))
    }

    /// A member's keys, as only itself has them.
    pub(crate) fn keys_of(&self, name: &MemberId) -> NodeKeys {
        node_keys(self.seats[name].seed)
    }

    /// Lets a member ask how much of its log the others have seen.
    pub(crate) fn settle_one(&self, name: &str) -> Standing {
        let node = self.node(name);
        // The caller may be on a thread that must not wait.
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let waits = matches!(self.chance, Chance::System);
                let runtime = runtime.enable_all().start_paused(!waits).build().unwrap();
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

    /// Starts a member on what its store holds, without asking anybody.
    pub(crate) fn put_up(&mut self, name: &str) -> Arc<Node> {
        self.try_put_up(name).unwrap()
    }

    /// The same, where it may fail.
    pub(crate) fn try_put_up(&mut self, name: &str) -> Result<Arc<Node>, StartError> {
        let me = id(name);
        let peers = self.peers_of(&me);
        self.seats.get_mut(&me).unwrap().starts += 1;
        let node = self.node_of(name, peers)?;
        self.seats.get_mut(&me).unwrap().node = Some(Arc::clone(&node));
        self.present.lock().unwrap().insert(me, Arc::downgrade(&node));
        Ok(node)
    }

    fn node_of(&self, name: &str, peers: Arc<dyn Peers>) -> Result<Arc<Node>, StartError> {
        let me = id(name);
        let blocking = match self.chance {
            Chance::System => Blocking::Threads,
            Chance::Seeded(_) => Blocking::Inline,
        };
        let seat = &self.seats[&me];
        let mut keys = node_keys(seat.seed);
        for (name, index, share) in &seat.shares {
            let secret = SecretVec::new(share.expose().to_vec());
            keys.add_share(KeyShareEntry::new(*name, 1, 1, *index, secret)).unwrap();
        }
        Node::start(Parts {
            me,
            store: Store::with_backend(seat.backend.clone(), &tables()).unwrap(),
            clock: seat.clock.clone(),
            entropy: self.chance.stream(seat.seed * 10_000 + seat.starts),
            secrets: NodeSecrets::new(keys),
            roster: seat.roster.clone(),
            peers,
            blocking,
        })
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
        self.node_of(name, Arc::new(NoPeers)).unwrap()
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
