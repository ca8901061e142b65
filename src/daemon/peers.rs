//! Connections to the other members: dialled when needed, kept, and used for one request at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use super::relay::Exchange;
use super::tasks::Rosters;
use crate::clock::{Clock, UnixTime};
use crate::limits::{HANDSHAKE_SECONDS_MAX, REPLY_SECONDS_MAX};
use crate::model::member::{MemberId, NetworkId};
use crate::node::{PeerError, Peers, ReplyFuture};
use crate::roster::Roster;
use crate::transport::{Dialer, Framed, Tunnel};
use crate::wire::codec;
use crate::wire::message::{Hello, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, Reply, Request, Welcome};

/// Kept connections to one member; more are closed after use. A member that listens nowhere has most of its traffic with
/// the relay: pages of feeds, news, letters, calls.
const KEPT_PER_MEMBER: usize = 8;

/// Where a member is reached.
#[derive(Clone)]
struct Place {
    addresses: Vec<String>,
}

/// Where everybody is reached, by one roster.
#[derive(Default)]
struct Places {
    roster_version: u64,
    members: BTreeMap<MemberId, Place>,
    /// Through whom those are called that have no address, this node apart.
    relays: Vec<MemberId>,
    /// Whether this node is a relay itself.
    is_relay: bool,
}

/// A connection between two requests.
struct Kept {
    framed: Framed,
    /// The version of the roster that it was greeted under. Rosters are told of in greetings alone: under another roster
    /// it is not used again, so that both ends hear of the newer one.
    roster_version: u64,
}

/// The pool.
pub(super) struct PeerConnections {
    dialer: Dialer,
    me: MemberId,
    network: NetworkId,
    clock: Arc<dyn Clock>,
    /// Who stands by here, to be called without another relay.
    exchange: Arc<Exchange>,
    places: Mutex<Places>,
    kept: Mutex<BTreeMap<MemberId, Vec<Kept>>>,
    /// Weak, for the rosters know these connections too.
    rosters: OnceLock<Weak<Rosters>>,
    /// Last failure to reach each member, for people.
    failures: Mutex<BTreeMap<MemberId, String>>,
}

impl PeerConnections {
    pub(super) fn new(
        dialer: Dialer,
        me: MemberId,
        roster: &Roster,
        clock: Arc<dyn Clock>,
        exchange: Arc<Exchange>,
    ) -> Self {
        let pool = Self {
            dialer,
            exchange,
            me,
            network: roster.network().clone(),
            clock,
            places: Mutex::default(),
            kept: Mutex::default(),
            rosters: OnceLock::new(),
            failures: Mutex::default(),
        };
        pool.follow(roster);
        pool
    }

    /// Takes the members' addresses from a roster.
    pub(super) fn follow(&self, roster: &Roster) {
        let present = roster.document().members.iter().filter(|member| member.removed.is_none());
        let members = present.map(|m| (m.id.clone(), Place { addresses: m.addresses.clone() })).collect();
        let mut relays: Vec<MemberId> = roster.relays().map(|relay| relay.id.clone()).collect();
        let is_relay = relays.contains(&self.me);
        relays.retain(|relay| relay != &self.me);
        let places = Places { roster_version: roster.version(), members, relays, is_relay };
        *self.places.lock().unwrap_or_else(PoisonError::into_inner) = places;
    }

    /// Whom to tell when a peer follows a newer roster.
    pub(super) fn on_newer_roster(&self, rosters: &Arc<Rosters>) {
        let _ = self.rosters.set(Arc::downgrade(rosters));
    }

    fn place(&self, member: &MemberId) -> (u64, Option<Place>) {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        (places.roster_version, places.members.get(member).cloned())
    }

    fn roster_version(&self) -> u64 {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).roster_version
    }

    fn take_kept(&self, member: &MemberId) -> Option<Kept> {
        let roster_version = self.roster_version();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_mut(member)?;
        kept.retain(|one| one.roster_version == roster_version);
        kept.pop()
    }

    fn keep(&self, member: &MemberId, framed: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(member.clone()).or_default();
        if kept.len() < KEPT_PER_MEMBER {
            kept.push(framed);
        }
    }

    async fn request(&self, member: &MemberId, request: &Request) -> Result<Reply, PeerError> {
        // A kept connection may have been closed by the other side meanwhile. Every request may be sent again.
        while let Some(mut kept) = self.take_kept(member) {
            if let Ok(reply) = exchange(&mut kept.framed, member, request).await {
                self.keep(member, kept);
                return Ok(reply);
            }
        }
        let mut dialled = self.dial_to_keep(member).await?;
        let reply = exchange(&mut dialled.framed, member, request).await?;
        self.keep(member, dialled);
        Ok(reply)
    }

    async fn dial_to_keep(&self, member: &MemberId) -> Result<Kept, PeerError> {
        let roster_version = self.roster_version();
        Ok(Kept { framed: self.dial(member).await?, roster_version })
    }

    /// A connection with a member, greeted: at its address, or through a relay.
    pub(super) async fn dial(&self, member: &MemberId) -> Result<Framed, PeerError> {
        let unreachable = |why: String| PeerError::Unreachable { member: member.clone(), why };
        let (roster_version, place) = self.place(member);
        let place = place.ok_or_else(|| unreachable("it is no present member".to_owned()))?;
        let within = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
        let mut framed = if place.addresses.is_empty() {
            let tunnel = self.reach(member).await?;
            let dialled = self.dialer.dial_through(tunnel, member, within).await;
            dialled.map_err(|error| unreachable(error.to_string()))?
        } else {
            let dialled = self.dialer.dial(&place.addresses, member, within).await;
            dialled.map_err(|error| unreachable(error.to_string()))?
        };
        let hello = Hello {
            version_min: PROTOCOL_VERSION_MIN,
            version_max: PROTOCOL_VERSION_MAX,
            network: self.network.clone(),
            roster_version,
            time: self.clock.now(),
        };
        let welcomed = welcome(&mut framed, &hello, within).await.map_err(unreachable)?;
        match welcomed {
            Welcome::Accepted { version, roster_version: theirs, time } => {
                let skew = self.clock.now().seconds_since(time);
                if skew.abs() > 60 {
                    tracing::warn!(%member, skew, "clocks differ by so many seconds");
                }
                if version != PROTOCOL_VERSION_MAX {
                    tracing::debug!(%member, version, "speaks an older version");
                }
                if theirs > roster_version {
                    self.fetch_roster(&mut framed, member).await;
                }
                Ok(framed)
            }
            Welcome::NoCommonVersion { version_min, version_max } => {
                Err(unreachable(format!("it speaks versions {version_min} to {version_max} only")))
            }
            Welcome::NotWelcome { roster_version: theirs } => {
                if theirs > roster_version {
                    self.fetch_roster(&mut framed, member).await;
                }
                Err(unreachable(format!("by its roster {theirs} this node is no member")))
            }
        }
    }

    /// A way to a member that listens nowhere: it stands by here, or at one of the relays.
    async fn reach(&self, member: &MemberId) -> Result<Tunnel, PeerError> {
        let unreachable = |why: String| PeerError::Unreachable { member: member.clone(), why };
        let (relays, is_relay) = {
            let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            (places.relays.clone(), places.is_relay)
        };
        let mut told =
            "it listens nowhere, and no operator's node has an address to call it through".to_owned();
        if is_relay {
            match self.call_from_here(member).await {
                Ok(tunnel) => return Ok(tunnel),
                Err(why) => told = why,
            }
        }
        for relay in relays {
            // A relay has an address, so that this does not come back here.
            match Box::pin(self.reach_through(&relay, member)).await {
                Ok(tunnel) => return Ok(tunnel),
                Err(why) => told = format!("through {relay}: {why}"),
            }
        }
        Err(unreachable(told))
    }

    async fn call_from_here(&self, member: &MemberId) -> Result<Tunnel, String> {
        let call = self.exchange.call(&self.me, member).await.map_err(|why| why.to_string())?;
        let (near, far) = Tunnel::pair();
        call.join(far).map_err(|why| why.to_string())?;
        Ok(near)
    }

    async fn reach_through(&self, relay: &MemberId, member: &MemberId) -> Result<Tunnel, String> {
        let request = Request::Reach { member: member.clone() };
        let mut kept = match self.take_kept(relay) {
            Some(kept) => kept,
            None => self.dial_to_keep(relay).await.map_err(|error| error.to_string())?,
        };
        let mut reply = exchange(&mut kept.framed, relay, &request).await;
        if reply.is_err() {
            // A kept connection may have been closed by the other side meanwhile.
            kept = self.dial_to_keep(relay).await.map_err(|error| error.to_string())?;
            reply = exchange(&mut kept.framed, relay, &request).await;
        }
        match reply.map_err(|error| error.to_string())? {
            Reply::Reached => kept.framed.into_tunnel().map_err(|error| error.to_string()),
            Reply::Unavailable { why } => {
                self.keep(relay, kept);
                Err(why)
            }
            _ => Err("the relay says what is no reply to that".to_owned()),
        }
    }

    async fn fetch_roster(&self, framed: &mut Framed, member: &MemberId) {
        let Some(rosters) = self.rosters.get().and_then(Weak::upgrade) else { return };
        match exchange(framed, member, &Request::Roster).await {
            Ok(Reply::Roster(signed)) => rosters.offer(signed, member),
            Ok(_) => tracing::warn!(%member, "did not send its roster"),
            Err(error) => tracing::debug!(%member, %error, "roster could not be fetched"),
        }
    }

    fn note(&self, member: &MemberId, result: &Result<Reply, PeerError>) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(_) => {
                failures.remove(member);
            }
            Err(error) => {
                failures.insert(member.clone(), error.to_string());
            }
        }
    }
}

impl Peers for PeerConnections {
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a> {
        Box::pin(async move {
            debug_assert_ne!(member, &self.me, "a node does not call itself");
            let result = self.request(member, &request).await;
            self.note(member, &result);
            result
        })
    }

    fn is_relay(&self) -> bool {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).is_relay
    }

    fn is_dialled(&self, member: &MemberId) -> bool {
        self.place(member).1.is_some_and(|place| !place.addresses.is_empty())
    }

    fn certificate_until(&self, member: &MemberId) -> Option<UnixTime> {
        self.dialer.certificate_until(member)
    }

    fn last_failure(&self, member: &MemberId) -> Option<String> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).get(member).cloned()
    }
}

async fn welcome(framed: &mut Framed, hello: &Hello, within: Duration) -> Result<Welcome, String> {
    framed.send(&codec::encode(hello)).await.map_err(|error| error.to_string())?;
    let frame =
        tokio::time::timeout(within, framed.recv()).await.map_err(|_| "no answer to the hello".to_owned())?;
    let frame = frame.map_err(|error| error.to_string())?.ok_or("closed before it answered the hello")?;
    codec::decode(&frame, "welcome").map_err(|error| error.to_string())
}

async fn exchange(framed: &mut Framed, member: &MemberId, request: &Request) -> Result<Reply, PeerError> {
    let unreachable = |why: String| PeerError::Unreachable { member: member.clone(), why };
    framed.send(&codec::encode(request)).await.map_err(|error| unreachable(error.to_string()))?;
    let within = Duration::from_secs(REPLY_SECONDS_MAX);
    let frame = tokio::time::timeout(within, framed.recv()).await;
    let frame = frame.map_err(|_| unreachable(format!("no reply within {} s", within.as_secs())))?;
    let frame = frame.map_err(|error| unreachable(error.to_string()))?;
    let frame = frame.ok_or_else(|| unreachable("closed the connection".to_owned()))?;
    codec::decode(&frame, "reply")
        .map_err(|error| PeerError::Misbehaved { member: member.clone(), what: error.to_string() })
}
