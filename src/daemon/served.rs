//! Connections that peers dial: hello, then requests one by one.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::relay::Exchange;
use super::tasks::Rosters;
use crate::limits::HANDSHAKE_SECONDS_MAX;
use crate::model::member::MemberId;
use crate::node::Node;
use crate::node::serve::{Afterwards, serve};
use crate::transport::{Framed, Limits, PeerIdentity};
use crate::wire::codec;
use crate::wire::message::{Hello, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, Reply, Request, Welcome};

/// What serving a connection needs.
#[derive(Clone)]
pub(super) struct Serving {
    pub(super) node: Arc<Node>,
    pub(super) rosters: Arc<Rosters>,
    pub(super) exchange: Arc<Exchange>,
    pub(super) limits: Limits,
    pub(super) tasks: TaskTracker,
    pub(super) shutdown: CancellationToken,
}

impl Serving {
    /// Serves one authenticated connection until it ends.
    pub(super) async fn connection(&self, peer: PeerIdentity, mut framed: Framed) {
        let member = peer.member.clone();
        match self.hello(&peer, &mut framed).await {
            Ok(true) => {}
            Ok(false) => return framed.close().await,
            Err(error) => {
                tracing::debug!(%member, error, "connection ended at the hello");
                return;
            }
        }
        loop {
            let frame = match framed.recv().await {
                Ok(Some(frame)) => frame,
                Ok(None) => return,
                Err(error) => {
                    tracing::debug!(%member, %error, "connection ended");
                    return;
                }
            };
            let request: Request = match codec::decode(&frame, "request") {
                Ok(request) => request,
                Err(error) => {
                    tracing::warn!(%member, %error, "peer sent what is no request");
                    return;
                }
            };
            // Admission is by the roster of this moment, not of the connection's beginning.
            if !self.is_welcome(&member) {
                return framed.close().await;
            }
            let request = match request {
                Request::StandBy { wait_seconds } if self.node.peers().is_relay() => {
                    let (limits, stop) = (&self.limits, &self.shutdown);
                    let waited = self.exchange.wait_for_call(&member, framed, wait_seconds, limits, stop);
                    match waited.await {
                        Some(back) => framed = back,
                        None => return,
                    }
                    continue;
                }
                Request::Reach { member: called } if self.node.peers().is_relay() => {
                    match self.reach(&member, &called, framed).await {
                        Some(back) => {
                            framed = back;
                            continue;
                        }
                        None => return,
                    }
                }
                request => request,
            };
            // One who waits for news would hold up a stop for as long.
            let waits = matches!(
                request,
                Request::Feed { wait_seconds: 1.., .. } | Request::Holdings { wait_seconds: 1.., .. }
            );
            let (reply, afterwards) = tokio::select! {
                served = serve(&self.node, &member, request) => served,
                () = self.shutdown.cancelled(), if waits => return framed.close().await,
            };
            if let Afterwards::Flood(code) = afterwards {
                let node = Arc::clone(&self.node);
                self.tasks.spawn(async move {
                    node.flood_withdrawal(code).await;
                });
            }
            if let Err(error) = framed.send(&codec::encode(&reply)).await {
                tracing::debug!(%member, %error, "reply could not be sent");
                return;
            }
        }
    }

    /// Joins a caller's connection to a line of the member that it calls, and stays until that ends. Gives the
    /// connection back when there is no line.
    async fn reach(&self, caller: &MemberId, called: &MemberId, mut framed: Framed) -> Option<Framed> {
        let call =
            if self.is_welcome(called) { Some(self.exchange.call(caller, called).await) } else { None };
        let call = match call {
            Some(Ok(call)) => call,
            other => {
                let why = match other {
                    Some(Err(why)) => why.to_string(),
                    _ => "it is no present member".to_owned(),
                };
                framed.send(&codec::encode(&Reply::Unavailable { why })).await.ok()?;
                return Some(framed);
            }
        };
        framed.send(&codec::encode(&Reply::Reached)).await.ok()?;
        let closed = framed.closed();
        let mut tunnel = framed.into_tunnel().ok()?;
        let ended = tunnel.ended();
        if call.join(tunnel).is_ok() {
            tokio::select! {
                () = ended.cancelled() => {}
                // The tunnel notices as well; the place among the connections is given back in any case.
                () = closed.cancelled() => {}
            }
        }
        None
    }

    fn is_welcome(&self, member: &MemberId) -> bool {
        self.node.roster().member(member).is_some_and(|member| member.removed.is_none())
    }

    /// True when the dialler may go on.
    async fn hello(&self, peer: &PeerIdentity, framed: &mut Framed) -> Result<bool, String> {
        let within = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
        let frame = tokio::time::timeout(within, framed.recv()).await.map_err(|_| "no hello in time")?;
        let frame = frame.map_err(|error| error.to_string())?.ok_or("closed before its hello")?;
        let hello: Hello = codec::decode(&frame, "hello").map_err(|error| error.to_string())?;
        let roster_version = self.node.roster().version();
        let same_network = &hello.network == self.node.network() && &peer.network == self.node.network();
        let welcome = if !same_network || !self.is_welcome(&peer.member) {
            Welcome::NotWelcome { roster_version }
        } else if hello.version_max < PROTOCOL_VERSION_MIN || hello.version_min > PROTOCOL_VERSION_MAX {
            Welcome::NoCommonVersion { version_min: PROTOCOL_VERSION_MIN, version_max: PROTOCOL_VERSION_MAX }
        } else {
            let version = hello.version_max.min(PROTOCOL_VERSION_MAX);
            Welcome::Accepted { version, roster_version, time: self.node.clock().now() }
        };
        framed.send(&codec::encode(&welcome)).await.map_err(|error| error.to_string())?;
        if hello.roster_version > roster_version {
            let (rosters, member) = (Arc::clone(&self.rosters), peer.member.clone());
            self.tasks.spawn(async move { rosters.fetch(&member).await });
        }
        // One who is not welcome by an older roster may still fetch the newer one and see why.
        match welcome {
            Welcome::Accepted { .. } => Ok(true),
            Welcome::NotWelcome { .. } if same_network => {
                let frame = tokio::time::timeout(within, framed.recv()).await.ok();
                if let Some(Ok(Some(frame))) = frame
                    && matches!(codec::decode::<Request>(&frame, "request"), Ok(Request::Roster))
                {
                    let reply = Reply::Roster(self.node.roster().signed().clone());
                    let _ = framed.send(&codec::encode(&reply)).await;
                }
                Ok(false)
            }
            _ => Ok(false),
        }
    }
}
