//! A node without peers and sockets, for what needs neither while no node runs.

use std::path::PathBuf;
use std::sync::Arc;

use super::{open_store, read_roster};
use crate::clock::Clock;
use crate::keyring::NodeKeys;
use crate::model::member::MemberId;
use crate::node::{Blocking, NoPeers, Node, NodeSecrets, Parts, StartError};
use crate::roster::Roster;
use crate::secret::Entropy;
use crate::signing::VerifyKey;
use crate::store::Store;

/// What a node is opened with.
pub struct Alone {
    /// Who it is.
    pub member: MemberId,
    /// Folder of the store.
    pub data: PathBuf,
    /// File of the signed roster.
    pub roster_file: PathBuf,
    /// The operator's key, which the roster is verified with.
    pub operator_key: VerifyKey,
    /// MiB of memory for the store's cache.
    pub cache_mib: usize,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alone")
            .field("member", &self.member)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl Alone {
    /// The signed roster in its file.
    pub fn roster(&self) -> anyhow::Result<Roster> {
        read_roster(&self.roster_file, &self.operator_key)
    }

    /// The store; made where there is none. Refused while the node runs: it is locked then.
    pub fn store(&self) -> anyhow::Result<Store> {
        open_store(&self.data, self.cache_mib)
    }

    /// The node of these parts.
    pub fn node(&self, store: Store, keys: NodeKeys, roster: Roster) -> Result<Arc<Node>, StartError> {
        Node::start(Parts {
            me: self.member.clone(),
            store,
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            secrets: NodeSecrets::new(keys),
            roster,
            peers: Arc::new(NoPeers),
            blocking: Blocking::Threads,
        })
    }
}

/// The node of a folder. Refused while it runs.
pub fn offline(alone: &Alone, keys: NodeKeys) -> anyhow::Result<Arc<Node>> {
    let roster = alone.roster()?;
    Ok(alone.node(alone.store()?, keys, roster)?)
}
