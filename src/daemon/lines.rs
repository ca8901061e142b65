//! The side of a member that listens nowhere: it stands by at the relays, and serves whoever calls it through one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::peers::PeerConnections;
use super::served::Serving;
use crate::limits::{
    CALLS_PER_MEMBER_MAX, HANDSHAKE_SECONDS_MAX, LINES_STANDING_BY, REPLY_SECONDS_MAX, STAND_BY_SECONDS,
};
use crate::model::member::MemberId;
use crate::secret::Entropy;
use crate::transport::{Framed, Limits, PeerTls, Tunnel, accept_through, backoff};
use crate::wire::codec;
use crate::wire::message::{Reply, Request};

/// Between looks at the roster's relays.
const LOOK_SECONDS: u64 = 3;

/// What it takes to stand by.
#[derive(Clone)]
pub(super) struct Lines {
    pub(super) serving: Serving,
    pub(super) peers: Arc<PeerConnections>,
    pub(super) tls: Arc<PeerTls>,
    pub(super) limits: Limits,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Lines {
    /// Keeps lines at every relay of the present roster, as long as this node listens nowhere.
    pub(super) async fn keep(self) {
        let served = Arc::new(Semaphore::new(CALLS_PER_MEMBER_MAX));
        let mut running: BTreeMap<MemberId, CancellationToken> = BTreeMap::new();
        loop {
            let node = &self.serving.node;
            let roster = node.roster();
            let listens = !node.listens_nowhere();
            let relays: Vec<MemberId> = if listens {
                Vec::new()
            } else {
                roster.relays().map(|relay| relay.id.clone()).filter(|id| id != node.me()).collect()
            };
            running.retain(|relay, stop| {
                let stays = relays.contains(relay);
                if !stays {
                    stop.cancel();
                }
                stays
            });
            for relay in relays {
                running.entry(relay.clone()).or_insert_with(|| {
                    let stop = self.serving.shutdown.child_token();
                    for _ in 0..LINES_STANDING_BY {
                        let (lines, stop) = (self.clone(), stop.clone());
                        let (relay, served) = (relay.clone(), Arc::clone(&served));
                        self.serving.tasks.spawn(async move {
                            tokio::select! {
                                () = stop.cancelled() => {}
                                () = lines.stand_by(&relay, served) => {}
                            }
                        });
                    }
                    stop
                });
            }
            sleep(Duration::from_secs(LOOK_SECONDS)).await;
        }
    }

    /// Stands by at one relay, again and again.
    async fn stand_by(&self, relay: &MemberId, served: Arc<Semaphore>) {
        let mut pauses = backoff(&*self.entropy);
        loop {
            let Ok(place) = Arc::clone(&served).acquire_owned().await else { return };
            match self.wait_for_call(relay).await {
                Ok(tunnel) => {
                    pauses = backoff(&*self.entropy);
                    let lines = self.clone();
                    self.serving.tasks.spawn(async move { lines.serve(tunnel, place).await });
                }
                Err(why) => {
                    tracing::debug!(%relay, why, "standing by ended");
                    sleep(pauses.next().unwrap_or(Duration::from_secs(30))).await;
                }
            }
        }
    }

    async fn wait_for_call(&self, relay: &MemberId) -> Result<Tunnel, String> {
        let mut framed: Framed = self.peers.dial(relay).await.map_err(|error| error.to_string())?;
        let request = codec::encode(&Request::StandBy { wait_seconds: STAND_BY_SECONDS });
        let within = Duration::from_secs(u64::from(STAND_BY_SECONDS) + REPLY_SECONDS_MAX);
        loop {
            framed.send(&request).await.map_err(|error| error.to_string())?;
            let frame = timeout(within, framed.recv()).await.map_err(|_| "no word of the relay in time")?;
            let frame = frame.map_err(|error| error.to_string())?.ok_or("the relay closed the connection")?;
            match codec::decode(&frame, "reply").map_err(|error| error.to_string())? {
                Reply::NotCalled => {}
                Reply::Called => return framed.into_tunnel().map_err(|error| error.to_string()),
                Reply::Unavailable { why } => return Err(why),
                _ => return Err("the relay says what is no reply to that".to_owned()),
            }
        }
    }

    /// Serves a caller as if it had dialled here.
    async fn serve(&self, tunnel: Tunnel, place: OwnedSemaphorePermit) {
        let (limits, shutdown) = (&self.limits, self.serving.shutdown.clone());
        match accept_through(tunnel, &self.tls, limits, shutdown).await {
            Ok(framed) => {
                let closed = framed.closed();
                let work = self.serving.connection(framed.peer().clone(), framed);
                tokio::pin!(work);
                tokio::select! {
                    () = &mut work => {}
                    () = closed.cancelled() => {
                        // One that reads or writes has noticed.
                        let _ = timeout(Duration::from_secs(HANDSHAKE_SECONDS_MAX), &mut work).await;
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "a call through a relay did not get through its handshake"),
        }
        drop(place);
    }
}
