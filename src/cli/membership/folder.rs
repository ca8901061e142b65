//! The folder of a node: `node.toml`, `keys.age`, `certificate.pem`, `roster.json`, `data/`.

use std::path::{Path, PathBuf};

use super::error::MembershipError;
use super::files;
use super::request::{MemberRequest, RequestDocument};
use crate::ca::NodeKey;
use crate::config::{HostPort, NewNode};
use crate::keyring::{NodeKeys, Unlock, WorkFactor};
use crate::model::member::{MemberId, NetworkId};
use crate::model::node_identity::NodeIdentity;
use crate::node::PublicHalf;
use crate::secret::{Entropy, SecretVec};

/// What new keys are locked with, and what the configuration says of it.
#[derive(Debug)]
pub struct Lock {
    /// The lock itself.
    pub unlock: Unlock,
    /// How hard guesses of a passphrase are made.
    pub work: WorkFactor,
    key_file: Option<PathBuf>,
    passphrase_file: Option<PathBuf>,
}

impl Lock {
    /// A key file, which is there.
    pub fn key_file(path: &Path) -> Self {
        Self { key_file: Some(path.to_owned()), ..Self::of(Unlock::KeyFile(path.to_owned())) }
    }

    /// A passphrase that will be asked for.
    pub fn passphrase(passphrase: SecretVec) -> Self {
        Self::of(Unlock::Passphrase(passphrase))
    }

    /// The passphrase that stands in a file.
    pub fn passphrase_file(path: &Path, passphrase: SecretVec) -> Self {
        Self { passphrase_file: Some(path.to_owned()), ..Self::passphrase(passphrase) }
    }

    fn of(unlock: Unlock) -> Self {
        Self { unlock, work: WorkFactor::default(), key_file: None, passphrase_file: None }
    }
}

/// A new node's names and addresses.
#[derive(Clone, Debug)]
pub struct NodeFolder {
    /// The folder; made when it is missing.
    pub folder: PathBuf,
    /// The network.
    pub network: NetworkId,
    /// The member.
    pub member: MemberId,
    /// The name shown to people; the short one when it is missing.
    pub name: Option<String>,
    /// Where peers reach it; empty for a node that only dials.
    pub addresses: Vec<HostPort>,
    /// Where it listens; by default where its first address lets it be reached.
    pub listen: Option<HostPort>,
}

impl NodeFolder {
    /// Makes the node's keys and configuration, and signs its request. Refused when there is a node already.
    pub fn create(&self, lock: &Lock, entropy: &dyn Entropy) -> Result<MemberRequest, MembershipError> {
        let (config, keys_file) = (self.folder.join("node.toml"), self.folder.join("keys.age"));
        for path in [&config, &keys_file] {
            if std::fs::symlink_metadata(path).is_ok() {
                return Err(MembershipError::Exists { path: path.clone() });
            }
        }
        let tls_key = NodeKey::generate()?;
        let keys = NodeKeys::create(entropy, tls_key.to_pem());
        let identity = NodeIdentity::new(self.network.clone(), self.member.clone());
        let document = RequestDocument {
            format: 1,
            network: self.network.clone(),
            member: self.member.clone(),
            name: self.name.clone().unwrap_or_else(|| self.member.to_string()),
            addresses: self.addresses.clone(),
            keys: PublicHalf::of(&keys, &self.network, &self.member),
            certificate_request: tls_key.certificate_request(&identity)?,
        };
        // Checked before anything is written.
        let request = MemberRequest::sign(&document, &keys)?;
        let listen = self.listen.clone().or_else(|| self.addresses.first().map(HostPort::to_listen));
        let toml = NewNode {
            network: self.network.clone(),
            member: self.member.clone(),
            listen,
            key_file: self.as_written(lock.key_file.as_deref()),
            passphrase_file: self.as_written(lock.passphrase_file.as_deref()),
        }
        .to_toml();
        files::make_folder(&self.folder)?;
        files::make_folder(&self.folder.join("data"))?;
        keys.save_new(&keys_file, &lock.unlock, lock.work)?;
        files::write_atomically(&self.folder.join(format!("{}.request", self.member)), request.file())?;
        // Last: a folder with a configuration has all the rest.
        files::write_atomically(&config, toml.as_bytes())?;
        Ok(request)
    }

    /// A path as the configuration shall name it: relative within the folder, absolute outside.
    fn as_written(&self, path: Option<&Path>) -> Option<PathBuf> {
        let path = path?;
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let whole = absolute(path);
        Some(whole.strip_prefix(absolute(&self.folder)).map(Path::to_owned).unwrap_or(whole))
    }
}
