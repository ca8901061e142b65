//! Reaching peers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::tls::PeerTls;
use super::{Fault, Framed, Limits, TransportError};
use crate::clock::UnixTime;
use crate::limits;
use crate::model::member::MemberId;
use crate::secret::{Entropy, random_array};

/// Addresses tried in one dial, after resolution. A roster names one or two.
const ADDRESSES_MAX: usize = 8;
/// Shortest pause before dialling again.
const REDIAL_MIN: Duration = Duration::from_millis(500);

/// Dials members by the addresses that the roster gives.
#[derive(Clone, Debug)]
pub struct Dialer {
    pub(super) tls: Arc<PeerTls>,
    pub(super) limits: Limits,
    pub(super) stopping: CancellationToken,
}

impl Dialer {
    /// A dialler. Once `stopping` is cancelled, its connections read nothing new.
    pub fn new(tls: Arc<PeerTls>, limits: Limits, stopping: CancellationToken) -> Self {
        Self { tls, limits, stopping }
    }

    /// When this node's certificate ends, or the one that another member showed last, whoever began the connection.
    pub fn certificate_until(&self, member: &MemberId) -> Option<UnixTime> {
        if *member == self.tls.identity().member {
            return Some(self.tls.certificate_until());
        }
        self.tls.connections().certificate_until(member)
    }

    /// Connects to `member` at the first of `addresses` (`host:port`) that answers as that member, `within` the
    /// time given for everything together.
    ///
    /// `Ok` does not mean that the peer has accepted this node: see [the module](super#a-trap-of-tls-13). Of
    /// several failures, one that somebody has to mend is returned before one of the line.
    pub async fn dial(
        &self,
        addresses: &[String],
        member: &MemberId,
        within: Duration,
    ) -> Result<Framed, TransportError> {
        let deadline = Instant::now() + within;
        let mut told = TransportError::NoAddress { member: member.to_string() };
        let mut candidates = Vec::new();
        for address in addresses.iter().take(ADDRESSES_MAX) {
            match timeout_at(deadline, lookup_host(address.as_str())).await {
                Ok(Ok(found)) => candidates.extend(found),
                Ok(Err(_)) => told = TransportError::NotResolved { address: address.clone() },
                Err(_) => return Err(TransportError::ConnectTimeout { address: address.clone(), within }),
            }
        }
        candidates.truncate(ADDRESSES_MAX);
        let mut left = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        let mut first_failure = true;
        for address in candidates {
            // A dead address must not use up the time of the living ones after it.
            let share = deadline.saturating_duration_since(Instant::now()) / left.max(1);
            left = left.saturating_sub(1);
            match self.dial_one(address, member, share).await {
                Ok(framed) => return Ok(framed),
                Err(error) => {
                    if first_failure || told.fault() == Fault::Network {
                        told = error;
                    }
                    first_failure = false;
                }
            }
        }
        Err(told)
    }

    async fn dial_one(
        &self,
        address: SocketAddr,
        member: &MemberId,
        within: Duration,
    ) -> Result<Framed, TransportError> {
        let deadline = Instant::now() + within;
        let stream = timeout_at(deadline, TcpStream::connect(address))
            .await
            .map_err(|_| TransportError::ConnectTimeout { address: address.to_string(), within })?
            .map_err(|error| TransportError::connect(address, &error))?;
        set_options(&stream);
        let handshake = self.tls.connect(stream, address, member, &self.limits, self.stopping.clone());
        let within = within.min(self.limits.handshake);
        timeout_at(deadline.min(Instant::now() + within), handshake)
            .await
            .map_err(|_| TransportError::HandshakeTimeout { within })?
    }
}

/// Pauses between attempts to reach a peer, without end: doubling from half a second, each drawn anew between
/// its value and twice that, so that peers of a node that comes back do not all dial at once; never more than
/// [`REDIAL_SECONDS_MAX`](limits::REDIAL_SECONDS_MAX). Start a new one after a connection that held.
pub fn backoff(entropy: &dyn Entropy) -> impl Iterator<Item = Duration> + Send + use<> {
    ExponentialBuilder::new()
        .with_min_delay(REDIAL_MIN)
        .with_max_delay(Duration::from_secs(limits::REDIAL_SECONDS_MAX) / 2)
        .with_factor(2.0)
        .without_max_times()
        .with_jitter()
        .with_jitter_seed(u64::from_be_bytes(random_array(entropy)))
        .build()
}

/// Small messages at once, and dead peers noticed. A socket that refuses an option still works.
pub(super) fn set_options(stream: &TcpStream) {
    let pause = Duration::from_secs(limits::KEEPALIVE_SECONDS);
    let keepalive = TcpKeepalive::new().with_time(pause).with_interval(pause).with_retries(3);
    let set = stream.set_nodelay(true).and_then(|()| SockRef::from(stream).set_tcp_keepalive(&keepalive));
    if let Err(error) = set {
        tracing::debug!(kind = %error.kind(), "a socket option was refused");
    }
}
