//! The connections of this node, so that they can be listed and closed from elsewhere.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::pki_types::CertificateDer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::PeerIdentity;
use crate::clock::UnixTime;
use crate::limits::LARGE_FRAMES_BYTES_PER_MEMBER_MAX;
use crate::model::member::MemberId;

/// What one permit of a member's budget stands for.
const PERMIT_BYTES: usize = 1024;

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
    /// When the certificate ends that each member showed last.
    certificates_until: HashMap<MemberId, UnixTime>,
    /// For large frames of each member that ever came in, one permit for each [`PERMIT_BYTES`].
    budgets: HashMap<MemberId, Arc<Semaphore>>,
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

    /// When the certificate ends that this member showed last; none of one that was not connected since the start.
    pub fn certificate_until(&self, member: &MemberId) -> Option<UnixTime> {
        self.table().certificates_until.get(member).copied()
    }

    /// How many connections this member has begun.
    pub(super) fn accepted_from(&self, member: &MemberId) -> usize {
        let accepted = |entry: &&Entry| {
            entry.info.direction == Direction::Accepted
                && entry.info.peer.member == *member
                && !entry.closed.is_cancelled()
        };
        self.table().entries.values().filter(accepted).count()
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

    pub(super) fn add(
        &self,
        info: ConnectionInfo,
        chain: Vec<CertificateDer<'static>>,
        until: UnixTime,
    ) -> Registration {
        let closed = CancellationToken::new();
        let mut table = self.table();
        let id = table.next;
        table.next += 1;
        let peer = info.peer.clone();
        table.certificates_until.insert(peer.member.clone(), until);
        let permits = LARGE_FRAMES_BYTES_PER_MEMBER_MAX / PERMIT_BYTES;
        let budget = table.budgets.entry(peer.member.clone());
        let budget = Arc::clone(budget.or_insert_with(|| Arc::new(Semaphore::new(permits))));
        table.entries.insert(id, Entry { info, chain, closed: closed.clone() });
        Registration { id, peer, closed, budget, connections: self.clone() }
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
    budget: Arc<Semaphore>,
    connections: Connections,
}

impl Registration {
    /// Waits until there is room for a large frame of this member.
    pub(super) async fn room_for(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let permits = u32::try_from(bytes.div_ceil(PERMIT_BYTES)).ok()?;
        Arc::clone(&self.budget).acquire_many_owned(permits).await.ok()
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.table().entries.remove(&self.id);
    }
}
