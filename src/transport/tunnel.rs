//! Bytes between two members who cannot reach each other, carried by a third that both can.
//!
//! Either end runs TLS within the tunnel, as if it were a socket: who the other is, its certificate and the roster
//! say, not the relay. The relay copies bytes that it cannot read; what it changes breaks the inner connection, and what
//! it keeps back is a cut line.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf, duplex};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::framed::Stream;
use super::tls::PeerTls;
use super::{Dialer, Framed, Limits, TransportError};
use crate::model::member::MemberId;

/// Bytes copied at once, each way, and those of a tunnel within one process.
const COPY_BYTES: usize = 16 * 1024;
/// What the ends of a relayed connection get to take the last bytes.
const GOODBYE: Duration = Duration::from_secs(1);

/// One end of a connection that no longer carries frames but the bytes of another.
pub struct Tunnel {
    stream: Box<dyn Stream>,
    address: SocketAddr,
    /// Ready once the outer connection was closed from elsewhere: its member was removed, or its certificate expired.
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Whatever lasts as long as this end does.
    held: Vec<Box<dyn Send + Sync>>,
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tunnel({})", self.address)
    }
}

impl Framed {
    /// Gives up the frames: from here on the connection carries bytes. To be called between frames, when both ends have
    /// said so.
    pub fn into_tunnel(self) -> Result<Tunnel, TransportError> {
        let (stream, address, closed, keep) = self.into_parts()?;
        Ok(Tunnel { stream, address, closed: Box::pin(closed.cancelled_owned()), held: vec![Box::new(keep)] })
    }
}

impl Tunnel {
    /// Both ends of a tunnel within this process, for a relay that calls somebody itself.
    pub fn pair() -> (Self, Self) {
        let (near, far) = duplex(COPY_BYTES);
        let end = |stream: tokio::io::DuplexStream| Self {
            stream: Box::new(stream),
            address: (Ipv4Addr::UNSPECIFIED, 0).into(),
            closed: Box::pin(CancellationToken::new().cancelled_owned()),
            held: Vec::new(),
        };
        (end(near), end(far))
    }

    /// Cancelled when this end is dropped, wherever it went.
    pub fn ended(&mut self) -> CancellationToken {
        let ended = CancellationToken::new();
        self.hold(Box::new(ended.clone().drop_guard()));
        ended
    }

    /// Keeps something until this end is dropped.
    pub fn hold(&mut self, what: Box<dyn Send + Sync>) {
        self.held.push(what);
    }

    /// Where the outer connection leads: the relay, or nowhere within one process.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl AsyncRead for Tunnel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.closed.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tunnel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Dialer {
    /// The client's side of a connection with `member` through a relay, `within` the time given. As with
    /// [`dial`](Self::dial), `Ok` does not mean that the peer has accepted this node.
    pub async fn dial_through(
        &self,
        tunnel: Tunnel,
        member: &MemberId,
        within: Duration,
    ) -> Result<Framed, TransportError> {
        let address = tunnel.address();
        let within = within.min(self.limits.handshake);
        let handshake = self.tls.connect(tunnel, address, member, &self.limits, self.stopping.clone());
        timeout(within, handshake).await.map_err(|_| TransportError::HandshakeTimeout { within })?
    }
}

/// The server's side of a connection through a relay.
pub async fn accept_through(
    tunnel: Tunnel,
    tls: &PeerTls,
    limits: &Limits,
    stopping: CancellationToken,
) -> Result<Framed, TransportError> {
    let address = tunnel.address();
    tls.accept(tunnel, address, limits, stopping).await
}

/// Bytes that went through a relay, each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relayed {
    /// From the one who called.
    pub from_caller: u64,
    /// To the one who called.
    pub to_caller: u64,
}

/// Carries bytes between two members until one of them ends, both are silent for longer than an idle connection may be,
/// or either connection is closed here. Gives how many there were.
pub async fn relay(caller: Tunnel, called: Tunnel, limits: &Limits) -> Relayed {
    let last = Mutex::new(Instant::now());
    let (from_caller, to_caller) = {
        let (mut caller_reads, mut caller_writes) = tokio::io::split(caller);
        let (mut called_reads, mut called_writes) = tokio::io::split(called);
        let there = one_way(&mut caller_reads, &mut called_writes, &last, limits);
        let back = one_way(&mut called_reads, &mut caller_writes, &last, limits);
        tokio::join!(there, back)
    };
    Relayed { from_caller, to_caller }
}

/// Copies until the reading side ends or fails, or nothing has moved either way for too long. Then the writing side is
/// told that nothing more comes, so that the other direction ends by itself.
async fn one_way(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    last: &Mutex<Instant>,
    limits: &Limits,
) -> u64 {
    let moved = |at: Instant| *last.lock().unwrap_or_else(PoisonError::into_inner) = at;
    let idle_at = || *last.lock().unwrap_or_else(PoisonError::into_inner) + limits.idle;
    let mut buffer = vec![0; COPY_BYTES];
    let mut bytes = 0;
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read.unwrap_or(0),
            // The other direction may have moved meanwhile.
            () = sleep_until(idle_at()) => if Instant::now() < idle_at() { continue } else { 0 },
        };
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        moved(Instant::now());
        let written = timeout(limits.frame_time(read), async {
            to.write_all(part).await?;
            to.flush().await
        });
        if !matches!(written.await, Ok(Ok(()))) {
            break;
        }
        bytes += u64::try_from(read).unwrap_or(0);
        moved(Instant::now());
    }
    let _ = timeout_at(Instant::now() + GOODBYE, to.shutdown()).await;
    bytes
}
