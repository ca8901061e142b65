//! Accepting callers on any listener, each within its limits.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::rest::watched;
use crate::limits::{
    API_CONNECTIONS_MAX, API_HEADER_SECONDS_MAX, DRAIN_SECONDS_MAX, LOG_CONNECTION_SECONDS_MAX,
    LOG_CONNECTIONS_MAX, WEB_CONNECTION_SECONDS_MAX, WEB_CONNECTIONS_MAX, WEB_HANDSHAKE_SECONDS_MAX,
};
use crate::transport::{WebStream, WebTls};

/// After a failed `accept`: out of file descriptors, mostly, which only time mends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// What callers may take up.
#[derive(Clone, Copy, Debug)]
pub struct ServeLimits {
    /// Connections at once; later ones wait.
    pub connections_max: usize,
    /// Within which the head of a request must be there.
    pub header: Duration,
    /// What running requests get after a stop was asked for.
    pub drain: Duration,
    /// How long one connection may last; none where callers are trusted to end.
    pub connection: Option<Duration>,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections_max: API_CONNECTIONS_MAX,
            header: Duration::from_secs(API_HEADER_SECONDS_MAX),
            drain: Duration::from_secs(DRAIN_SECONDS_MAX),
            connection: None,
        }
    }
}

/// The address that a caller comes from, beside each of its requests: that of a proxy where one stands in between. There is
/// none on a socket of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote(pub IpAddr);

/// Where callers come in.
pub trait Listener: Send + 'static {
    /// A caller who has just come in.
    type Raw: Send + 'static;
    /// A caller who is heard.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next caller, and from where.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Raw, Option<Remote>)>> + Send;

    /// What has to be done with a caller before it is heard. Others come in meanwhile.
    fn open(&self, raw: Self::Raw) -> impl Future<Output = io::Result<Self::Stream>> + Send + 'static;
}

impl Listener for UnixListener {
    type Raw = UnixStream;
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<(UnixStream, Option<Remote>)> {
        Self::accept(self).await.map(|(stream, _)| (stream, None))
    }

    fn open(&self, raw: UnixStream) -> impl Future<Output = io::Result<UnixStream>> + Send + 'static {
        std::future::ready(Ok(raw))
    }
}

impl Listener for TcpListener {
    type Raw = TcpStream;
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, Option<Remote>)> {
        Self::accept(self).await.map(|(stream, from)| (stream, Some(Remote(from.ip()))))
    }

    fn open(&self, raw: TcpStream) -> impl Future<Output = io::Result<TcpStream>> + Send + 'static {
        std::future::ready(Ok(raw))
    }
}

/// A listener whose callers speak TLS.
struct Https {
    listener: TcpListener,
    tls: Arc<WebTls>,
}

impl Listener for Https {
    type Raw = TcpStream;
    type Stream = WebStream;

    async fn accept(&self) -> io::Result<(TcpStream, Option<Remote>)> {
        Listener::accept(&self.listener).await
    }

    fn open(&self, raw: TcpStream) -> impl Future<Output = io::Result<Self::Stream>> + Send + 'static {
        let tls = Arc::clone(&self.tls);
        let within = Duration::from_secs(WEB_HANDSHAKE_SECONDS_MAX);
        async move { tls.accept(raw, within).await }
    }
}

/// Serves `router`, that of the log, to anybody who reaches `listener`, over plain HTTP.
///
/// What goes out is signed and public to whoever may connect; a connection is cut when it has lasted its time, so that
/// slow readers cannot keep others out for long.
pub async fn serve_log(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let limits = ServeLimits {
        connections_max: LOG_CONNECTIONS_MAX,
        connection: Some(Duration::from_secs(LOG_CONNECTION_SECONDS_MAX)),
        ..ServeLimits::default()
    };
    serve(listener, router, limits, shutdown).await;
}

/// Serves `router` to browsers and systems that reach `listener`: over TLS, or plainly where `tls` is none, which is for
/// addresses of this machine alone.
pub async fn serve_web(
    listener: TcpListener,
    tls: Option<Arc<WebTls>>,
    router: Router,
    shutdown: CancellationToken,
) {
    let limits = ServeLimits {
        connections_max: WEB_CONNECTIONS_MAX,
        connection: Some(Duration::from_secs(WEB_CONNECTION_SECONDS_MAX)),
        ..ServeLimits::default()
    };
    match tls {
        Some(tls) => serve(Https { listener, tls }, router, limits, shutdown).await,
        None => serve(listener, router, limits, shutdown).await,
    }
}

/// Serves `router` on `listener` until `shutdown`; requests that run get some seconds to end.
///
/// Returns when every connection is closed. Whoever may connect to a Unix socket is settled by the mode of its file.
pub async fn serve(
    listener: impl Listener,
    router: Router,
    limits: ServeLimits,
    shutdown: CancellationToken,
) {
    let tasks = TaskTracker::new();
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let hard_stop = CancellationToken::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((raw, remote)) => {
                let opening = listener.open(raw);
                let (router, shutdown) = (router.clone(), shutdown.clone());
                let one = async move {
                    // A handshake that fails is its caller's affair.
                    if let Ok(stream) = opening.await {
                        connection(stream, remote, router, limits, shutdown).await;
                    }
                };
                let hard_stop = hard_stop.clone();
                tasks.spawn(async move {
                    tokio::select! {
                        () = one => {}
                        () = hard_stop.cancelled() => {}
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    if timeout(limits.drain, tasks.wait()).await.is_err() {
        hard_stop.cancel();
        tasks.wait().await;
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    remote: Option<Remote>,
    router: Router,
    limits: ServeLimits,
    shutdown: CancellationToken,
) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header).max_buf_size(HEAD_BYTES_MAX);
    let service = service_fn(move |request: Request<Incoming>| {
        let (mut parts, body) = request.into_parts();
        if let Some(remote) = remote {
            parts.extensions.insert(remote);
        }
        let (body, rest) = watched(body);
        let reply = router.clone().oneshot(Request::from_parts(parts, Body::new(body)));
        async move {
            let reply = reply.await;
            rest.read().await;
            reply
        }
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let lasted = async {
        match limits.connection {
            Some(most) => sleep(most).await,
            None => std::future::pending().await,
        }
    };
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = lasted => {
            tracing::debug!("a connection was cut: it lasted too long");
            return;
        }
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        // A caller that hung up, or that was too slow: its own affair.
        tracing::debug!(%error, "a connection ended early");
    }
}
