//! Connections to the other members: dialled when needed, kept, and used for one request at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use super::tasks::Rosters;
use crate::clock::Clock;
use crate::limits::{HANDSHAKE_SECONDS_MAX, REPLY_SECONDS_MAX};
use crate::model::member::{MemberId, NetworkId};
use crate::node::{PeerError, Peers, ReplyFuture};
use crate::roster::Roster;
use crate::transport::{Dialer, Framed};
use crate::wire::codec;
use crate::wire::message::{Hello, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, Reply, Request, Welcome};

/// Kept connections to one member; more are closed after use.
const KEPT_PER_MEMBER: usize = 4;

/// Where a member is reached.
#[derive(Clone)]
struct Place {
    addresses: Vec<String>,
}

/// An open connection and the version of the protocol that is spoken on it.
struct Line {
    version: u16,
    framed: Framed,
}

/// The pool.
pub(super) struct PeerConnections {
    dialer: Dialer,
    me: MemberId,
    network: NetworkId,
    clock: Arc<dyn Clock>,
    places: Mutex<(u64, BTreeMap<MemberId, Place>)>,
    kept: Mutex<BTreeMap<MemberId, Vec<Line>>>,
    /// Weak, for the rosters know these connections too.
    rosters: OnceLock<Weak<Rosters>>,
    /// Last failure to reach each member, for people.
    failures: Mutex<BTreeMap<MemberId, String>>,
}

impl PeerConnections {
    pub(super) fn new(dialer: Dialer, me: MemberId, roster: &Roster, clock: Arc<dyn Clock>) -> Self {
        let pool = Self {
            dialer,
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
        let places = present.map(|m| (m.id.clone(), Place { addresses: m.addresses.clone() })).collect();
        *self.places.lock().unwrap_or_else(PoisonError::into_inner) = (roster.version(), places);
    }

    /// Whom to tell when a peer follows a newer roster.
    pub(super) fn on_newer_roster(&self, rosters: &Arc<Rosters>) {
        let _ = self.rosters.set(Arc::downgrade(rosters));
    }

    fn place(&self, member: &MemberId) -> (u64, Option<Place>) {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        (places.0, places.1.get(member).cloned())
    }

    fn take_kept(&self, member: &MemberId) -> Option<Line> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get_mut(member)?.pop()
    }

    fn keep(&self, member: &MemberId, line: Line) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(member.clone()).or_default();
        if kept.len() < KEPT_PER_MEMBER {
            kept.push(line);
        }
    }

    async fn request(&self, member: &MemberId, request: &Request) -> Result<Reply, PeerError> {
        // A kept connection may have been closed by the other side meanwhile. Every request may be sent again.
        while let Some(mut line) = self.take_kept(member) {
            if line.version < request.since() {
                self.keep(member, line);
                return Err(too_old(member, request));
            }
            if let Ok(reply) = exchange(&mut line.framed, member, request).await {
                self.keep(member, line);
                return Ok(reply);
            }
        }
        let mut line = self.dial(member).await?;
        if line.version < request.since() {
            self.keep(member, line);
            return Err(too_old(member, request));
        }
        let reply = exchange(&mut line.framed, member, request).await?;
        self.keep(member, line);
        Ok(reply)
    }

    async fn dial(&self, member: &MemberId) -> Result<Line, PeerError> {
        let unreachable = |why: String| PeerError::Unreachable { member: member.clone(), why };
        let (roster_version, place) = self.place(member);
        let place = place.ok_or_else(|| unreachable("it is no present member".to_owned()))?;
        if place.addresses.is_empty() {
            return Err(unreachable("the roster has no address of it".to_owned()));
        }
        let within = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
        let dialled = self.dialer.dial(&place.addresses, member, within).await;
        let mut framed = dialled.map_err(|error| unreachable(error.to_string()))?;
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
                Ok(Line { version, framed })
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

    fn last_failure(&self, member: &MemberId) -> Option<String> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).get(member).cloned()
    }
}

/// A listener that would take the request for none at all.
fn too_old(member: &MemberId, request: &Request) -> PeerError {
    let why = format!("its program speaks an older protocol than version {}: update it", request.since());
    PeerError::Unreachable { member: member.clone(), why }
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
