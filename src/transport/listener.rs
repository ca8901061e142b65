//! Accepting peers.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::dialer::set_options;
use super::tls::PeerTls;
use super::{Fault, Framed, Limits, PeerIdentity};

/// After a failed `accept`: out of file descriptors, mostly, which only time mends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// What a handler gets to notice that its connection was closed, before it is dropped.
const CLOSE_GRACE: Duration = Duration::from_secs(1);

/// What a listener has seen, for metrics.
#[derive(Debug, Default)]
pub struct ListenerCounts {
    accepted: AtomicU64,
    turned_away: AtomicU64,
    refused: AtomicU64,
    open: AtomicU64,
}

impl ListenerCounts {
    /// Connections that were let in as far as the handshake.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Connections dropped because there were too many.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// Handshakes that failed.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Connections now, those in their handshake included.
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }
}

/// Accepts peers until `shutdown`, giving each authenticated connection to `handler` in a task of its own.
///
/// After `shutdown` nothing is accepted, handlers get [`Stopping`](super::TransportError::Stopping) from their
/// next read between frames, and `limits.drain` to finish; then their connections are closed. Returns when
/// every task has ended. Dropping the returned future leaves running handlers to themselves: cancel instead.
pub async fn accept<H, F>(
    listener: TcpListener,
    tls: Arc<PeerTls>,
    limits: Limits,
    counts: Arc<ListenerCounts>,
    handler: H,
    shutdown: CancellationToken,
) where
    H: Fn(PeerIdentity, Framed, SocketAddr) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let tasks = TaskTracker::new();
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let per_address = PerAddress::default();
    let hard_stop = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(place) = Place::take(&places, &per_address, address.ip(), &limits, &counts) else {
            counts.turned_away.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        counts.accepted.fetch_add(1, Ordering::Relaxed);
        let one = One {
            tls: Arc::clone(&tls),
            limits: limits.clone(),
            counts: Arc::clone(&counts),
            shutdown: shutdown.clone(),
            hard_stop: hard_stop.clone(),
        };
        tasks.spawn(one.serve(stream, address, handler.clone(), place));
    }
    drop(listener);
    tasks.close();
    if timeout(limits.drain, tasks.wait()).await.is_err() {
        hard_stop.cancel();
        tasks.wait().await;
    }
}

/// What the task of one connection needs.
struct One {
    tls: Arc<PeerTls>,
    limits: Limits,
    counts: Arc<ListenerCounts>,
    shutdown: CancellationToken,
    hard_stop: CancellationToken,
}

impl One {
    async fn serve<H, F>(self, stream: TcpStream, address: SocketAddr, handler: H, place: Place)
    where
        H: Fn(PeerIdentity, Framed, SocketAddr) -> F,
        F: Future<Output = ()>,
    {
        set_options(&stream);
        let accepted = tokio::select! {
            () = self.shutdown.cancelled() => return,
            accepted = self.tls.accept(stream, address, &self.limits, self.shutdown.clone()) => accepted,
        };
        match accepted {
            Ok(framed) if self.has_too_many(&framed) => {
                self.counts.turned_away.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(member = %framed.peer().member, "a member has too many connections");
                framed.close().await;
            }
            Ok(framed) => {
                let closed = framed.closed();
                let work = handler(framed.peer().clone(), framed, address);
                tokio::pin!(work);
                tokio::select! {
                    () = &mut work => {}
                    () = closed.cancelled() => {
                        // A handler that reads or writes has noticed; one that does neither is dropped.
                        let _ = timeout(CLOSE_GRACE, &mut work).await;
                    }
                    () = self.hard_stop.cancelled() => {}
                }
            }
            Err(error) => {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
                // Strangers and cut lines are noise; a member that cannot come in is news.
                if error.fault() == Fault::Network {
                    tracing::debug!(%address, %error, "a connection did not get through its handshake");
                } else {
                    tracing::warn!(%address, %error, "a peer was refused");
                }
            }
        }
        drop(place);
    }
}

impl One {
    /// The new connection is among those of its member.
    fn has_too_many(&self, framed: &Framed) -> bool {
        let has = self.tls.connections().accepted_from(&framed.peer().member);
        has > self.limits.connections_per_member_max
    }
}

/// Connections by where they come from.
#[derive(Clone, Debug, Default)]
struct PerAddress(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of the bounded number of connections, given back when dropped.
struct Place {
    _permit: OwnedSemaphorePermit,
    per_address: PerAddress,
    network: IpAddr,
    counts: Arc<ListenerCounts>,
}

impl Place {
    fn take(
        places: &Arc<Semaphore>,
        per_address: &PerAddress,
        address: IpAddr,
        limits: &Limits,
        counts: &Arc<ListenerCounts>,
    ) -> Option<Self> {
        let permit = Arc::clone(places).try_acquire_owned().ok()?;
        let network = network_of(address);
        let mut table = per_address.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = table.get(&network).copied().unwrap_or(0);
        if here >= limits.connections_per_address_max {
            return None;
        }
        table.insert(network, here + 1);
        counts.open.fetch_add(1, Ordering::Relaxed);
        let (per_address, counts) = (per_address.clone(), Arc::clone(counts));
        Some(Self { _permit: permit, per_address, network, counts })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut table = self.per_address.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = table.get_mut(&self.network) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                table.remove(&self.network);
            }
        }
        self.counts.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What one party can be expected to own: an IPv4 address, or an IPv6 /64.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_party_one_network() {
        let network = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn places_are_given_back() {
        let limits = Limits { connections_max: 3, connections_per_address_max: 2, ..Limits::default() };
        let (places, per_address) = (Arc::new(Semaphore::new(3)), PerAddress::default());
        let counts = Arc::new(ListenerCounts::default());
        let take = |text: &str| Place::take(&places, &per_address, text.parse().unwrap(), &limits, &counts);
        let first = take("192.0.2.1").unwrap();
        let _second = take("192.0.2.1").unwrap();
        assert!(take("192.0.2.1").is_none(), "too many from one address");
        let third = take("192.0.2.2").unwrap();
        assert!(take("192.0.2.3").is_none(), "too many in all");
        assert_eq!(counts.open(), 3);
        drop(first);
        assert!(take("192.0.2.1").is_some());
        drop(third);
        assert_eq!(counts.open(), 1);
        assert_eq!(per_address.0.lock().unwrap().len(), 1, "an address without connections is forgotten");
    }
}
