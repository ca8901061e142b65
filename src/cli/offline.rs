//! Commands where no node runs: what needs no peer is done by the node's own handlers over the store, in this process.

use tracing_subscriber::filter::LevelFilter;

use super::client::{Client, ClientError};
use super::unlock::UnlockArgs;
use super::{Context, Failure};
use crate::api::InProcess;
use crate::config::{Config, ConfigError};
use crate::daemon::{Alone, offline};
use crate::keyring::NodeKeys;

/// What becomes of a command where there is no store yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoStore {
    /// It makes one.
    Make,
    /// There is nothing to show: it says how to start the node.
    Refuse,
}

impl Context {
    /// A client of the running node or, where none runs, of its store, which is opened with the keys that `unlock`
    /// names. Every request that needs another member fails then; commands that are of no use without one ask for
    /// `client` instead, which says how to start the node.
    pub(super) fn client_or_store(
        &mut self,
        unlock: &UnlockArgs,
        no_store: NoStore,
    ) -> Result<Client, Failure> {
        let client = self.client()?;
        if client.is_listened_to()? {
            return Ok(client);
        }
        let config = self.load_config()?;
        if no_store == NoStore::Refuse && !has_store(&config) {
            return Err(
                ClientError::NotRunning { socket: config.socket(), config: self.config_path() }.into()
            );
        }
        let unlock = unlock.unlock(Some(&config), &self.terminal)?;
        let keys = NodeKeys::load(&config.keys, &unlock)?;
        std::fs::create_dir_all(&config.data)?;
        let node = offline(&self.alone(&config)?, keys).map_err(Failure::fault)?;
        // What the handlers say to a node's journal: why they failed, mostly. Another journal may be there, in tests.
        let journal = tracing_subscriber::fmt().with_max_level(LevelFilter::ERROR).with_target(false);
        let _ = journal.with_writer(std::io::stderr).try_init();
        self.terminal.note("No node runs here: its store was opened instead.")?;
        Ok(Client::here(InProcess::new(node)))
    }

    /// What a node of this configuration is opened with while it does not run.
    pub(super) fn alone(&self, config: &Config) -> Result<Alone, ConfigError> {
        Ok(Alone {
            member: config.member.clone(),
            data: config.data.clone(),
            roster_file: config.roster.clone(),
            operator_key: *config.pinned_operator_key()?,
            cache_mib: config.cache_mib as usize,
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        })
    }
}

/// Whether a node or an import has ever been at work here.
pub(super) fn has_store(config: &Config) -> bool {
    config.data.join("store").is_dir()
}
