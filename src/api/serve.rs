//! Accepting callers on the local socket.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limits::{API_CONNECTIONS_MAX, API_HEADER_SECONDS_MAX, DRAIN_SECONDS_MAX};

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
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections_max: API_CONNECTIONS_MAX,
            header: Duration::from_secs(API_HEADER_SECONDS_MAX),
            drain: Duration::from_secs(DRAIN_SECONDS_MAX),
        }
    }
}

/// Serves `router` on `listener` until `shutdown`; requests that run get some seconds to end.
///
/// Returns when every connection is closed. Whoever may connect is settled by the mode of the socket's file.
pub async fn serve(listener: UnixListener, router: Router, shutdown: CancellationToken) {
    serve_within(listener, router, ServeLimits::default(), shutdown).await;
}

/// [`serve`] within other limits.
pub async fn serve_within(
    listener: UnixListener,
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
            Ok((stream, _)) => {
                let one = connection(stream, router.clone(), limits, shutdown.clone());
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
                tracing::warn!(kind = %error.kind(), "a local connection could not be accepted");
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

async fn connection(stream: UnixStream, router: Router, limits: ServeLimits, shutdown: CancellationToken) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header).max_buf_size(HEAD_BYTES_MAX);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        // A caller that hung up, or that was too slow: its own affair.
        tracing::debug!(%error, "a local connection ended early");
    }
}
