//! The connections of this node, so that they can be listed and closed from elsewhere.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;

use super::PeerIdentity;
use crate::clock::UnixTime;
use crate::model::member::MemberId;

/// Who began a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The peer.
    Accepted,
    /// This node.
    Dialled,
}

/// One connection, for a status page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// Who the peer is.
    pub peer: PeerIdentity,
    /// Where it is.
    pub address: SocketAddr,
    /// Who began.
    pub direction: Direction,
    /// Since when.
    pub since: UnixTime,
}

#[derive(Debug)]
struct Entry {
    info: ConnectionInfo,
    /// The peer's certificates, its own first: looked at again when trust changes.
    chain: Vec<CertificateDer<'static>>,
    closed: CancellationToken,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    entries: HashMap<u64, Entry>,
}

/// All established connections of this node, both ways. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<Mutex<Table>>);

impl Connections {
    /// Closes every connection with `member`; returns how many there were. Reads and writes on them fail at once
    /// with [`ClosedHere`](super::TransportError::ClosedHere).
    pub fn close_member(&self, member: &MemberId) -> usize {
        self.close_where(|entry| entry.info.peer.member == *member).len()
    }

    /// Closes every connection; returns how many there were.
    pub fn close_all(&self) -> usize {
        self.close_where(|_| true).len()
    }

    /// Every connection, in no order.
    pub fn list(&self) -> Vec<ConnectionInfo> {
        self.table().entries.values().map(|entry| entry.info.clone()).collect()
    }

    /// Closes the connections whose peer `refused` names; returns who they were, each once.
    pub(super) fn close_refused(
        &self,
        refused: impl Fn(&[CertificateDer<'static>]) -> bool,
    ) -> Vec<PeerIdentity> {
        let mut peers = self.close_where(|entry| refused(&entry.chain));
        peers.sort();
        peers.dedup();
        peers
    }

    fn close_where(&self, which: impl Fn(&Entry) -> bool) -> Vec<PeerIdentity> {
        let table = self.table();
        let closing = table.entries.values().filter(|entry| !entry.closed.is_cancelled() && which(entry));
        closing
            .map(|entry| {
                entry.closed.cancel();
                entry.info.peer.clone()
            })
            .collect()
    }

    pub(super) fn add(&self, info: ConnectionInfo, chain: Vec<CertificateDer<'static>>) -> Registration {
        let closed = CancellationToken::new();
        let mut table = self.table();
        let id = table.next;
        table.next += 1;
        let peer = info.peer.clone();
        table.entries.insert(id, Entry { info, chain, closed: closed.clone() });
        Registration { id, peer, closed, connections: self.clone() }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // A panic elsewhere leaves the table whole: every change is one insertion or removal.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place in [`Connections`], given up when dropped.
#[derive(Debug)]
pub(super) struct Registration {
    id: u64,
    pub(super) peer: PeerIdentity,
    pub(super) closed: CancellationToken,
    connections: Connections,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.table().entries.remove(&self.id);
    }
}
