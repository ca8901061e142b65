//! Making and running the demonstration's network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use super::super::client::{Client, SOCKET};
use super::super::exit::{Exit, Failure};
use super::super::member::{Trust, check};
use super::super::membership::{Bundle, Lock, NodeFolder};
use super::super::network::{Admission, NewNetwork, OperatorFolder, init};
use crate::clock::Clock;
use crate::config::{Config, HostPort};
use crate::keyring::{NodeKeys, create_key_file};
use crate::limits::CERTIFICATE_DAYS;
use crate::model::member::{MemberId, NetworkId};
use crate::node::Status;
use crate::roster::Role;
use crate::secret::Entropy;

const LENDERS: [&str; 5] = ["lender-a", "lender-b", "lender-c", "lender-d", "lender-e"];
const HOLDERS: usize = 3;
const THRESHOLD: u8 = 2;
const POLICY: &str = include_str!("../../../config/policy-demo.toml");

/// One member of the demonstration.
pub(super) struct DemoMember {
    pub(super) id: MemberId,
    pub(super) address: HostPort,
}

/// The network on disk.
pub(super) struct DemoNetwork {
    pub(super) folder: PathBuf,
    pub(super) members: Vec<DemoMember>,
}

/// The network's processes. They end with this value.
pub(super) struct Running {
    folder: PathBuf,
    children: BTreeMap<MemberId, Child>,
}

pub(super) fn free_address() -> anyhow::Result<HostPort> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.to_string().parse()?)
}

impl DemoNetwork {
    /// Makes every member's folder by the functions behind `tally network` and `tally member`.
    pub(super) fn make(folder: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot be made", folder.display()))
            .map_err(Failure::fault)?;
        let folder = std::fs::canonicalize(folder)?;
        let network: NetworkId = "demo".parse().expect("a name");
        let mut members = Vec::new();
        let mut node_folder = |name: &str| -> Result<(NodeFolder, Lock), Failure> {
            let id: MemberId = name.parse().expect("a name");
            let address = free_address().map_err(Failure::fault)?;
            members.push(DemoMember { id: id.clone(), address: address.clone() });
            let own = folder.join(name);
            std::fs::create_dir_all(&own)?;
            let key_file = own.join("key-file");
            create_key_file(&key_file, entropy)?;
            let node = NodeFolder {
                folder: own,
                network: network.clone(),
                member: id,
                name: Some(format!("Demonstration {name}")),
                addresses: vec![address],
                listen: None,
            };
            Ok((node, Lock::key_file(&key_file)))
        };
        let (operator, lock) = node_folder("operator")?;
        let new = NewNetwork { node: operator.clone(), policy: POLICY.to_owned(), roles: BTreeSet::new() };
        init(&new, &lock, clock, entropy)?;
        let mut office = OperatorFolder::open(&operator.folder, &lock.unlock)?;
        let mut locks = BTreeMap::new();
        for (place, name) in LENDERS.iter().enumerate() {
            let (node, lock) = node_folder(name)?;
            let request = node.create(&lock, entropy)?;
            let mut roles = BTreeSet::from([Role::Lender]);
            if place < HOLDERS {
                roles.insert(Role::Witness);
            }
            let admission = Admission { roles, name: None, certificate_days: CERTIFICATE_DAYS };
            office.admit(&request, &admission, clock, entropy)?;
            locks.insert(node.member.clone(), (node, lock));
        }
        let holders: Vec<MemberId> =
            LENDERS.iter().take(HOLDERS).map(|n| n.parse().expect("a name")).collect();
        office.deal_keys(&holders, THRESHOLD, false, clock, entropy)?;
        locks.insert(operator.member.clone(), (operator, lock));
        for (member, (node, lock)) in &locks {
            let config = Config::load_with(&node.folder.join("node.toml"), &|_| None)?;
            let bundle = Bundle::read(&office.bundle(member, clock)?)?;
            let mut keys = NodeKeys::load(&config.keys, &lock.unlock)?;
            let checked = check(&config, &bundle, &keys, clock)?;
            let fingerprint = checked.fingerprint();
            checked.install(Trust::Fingerprint(fingerprint), &mut keys, &lock.unlock)?;
        }
        Ok(Self { folder, members })
    }

    pub(super) fn lenders(&self) -> Vec<MemberId> {
        self.members.iter().map(|member| member.id.clone()).filter(|id| id.as_str() != "operator").collect()
    }

    pub(super) fn id(&self, name: &str) -> &MemberId {
        &self
            .members
            .iter()
            .find(|member| member.id.as_str() == name)
            .expect("a member of the demonstration")
            .id
    }

    /// A client of one member's local interface.
    pub(super) fn client(&self, name: &str) -> Client {
        let own = self.folder.join(name);
        Client::new(own.join("data").join(SOCKET), own.join("node.toml"))
    }

    /// Starts every member as a process of this program.
    pub(super) fn start(&self) -> Result<Running, Failure> {
        let program =
            std::env::current_exe().context("this program does not find itself").map_err(Failure::fault)?;
        let mut children = BTreeMap::new();
        for member in &self.members {
            let own = self.folder.join(member.id.as_str());
            let journal = std::fs::File::create(own.join("journal.log"))?;
            let child = Command::new(&program)
                .arg("--config")
                .arg(own.join("node.toml"))
                .arg("node")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(journal)
                .kill_on_drop(true)
                .spawn()
                .with_context(|| format!("{} cannot be started", member.id))
                .map_err(Failure::fault)?;
            children.insert(member.id.clone(), child);
        }
        Ok(Running { folder: self.folder.clone(), children })
    }
}

impl Running {
    pub(super) fn pid(&self, member: &MemberId) -> String {
        self.children.get(member).and_then(Child::id).map(|id| id.to_string()).unwrap_or_default()
    }

    /// Waits until every node works: each asks the others, so all must be there first.
    pub(super) async fn wait_until_ready(&mut self) -> Result<(), Failure> {
        for (member, child) in &mut self.children {
            let own = self.folder.join(member.as_str());
            let client = Client::new(own.join("data").join(SOCKET), own.join("node.toml"));
            let mut ready = false;
            for _ in 0..300 {
                if let Some(status) = child.try_wait()? {
                    let journal = self.folder.join(member.as_str()).join("journal.log");
                    let said = std::fs::read_to_string(&journal).unwrap_or_default();
                    let words = format!("{member} ended ({status}): {}", said.trim());
                    return Err(Failure::new(Exit::Fault, words));
                }
                let status = client.get::<Status>("/v1/status").await;
                if status.is_ok_and(|status| status.standing.is_settled()) {
                    ready = true;
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            if !ready {
                return Err(Failure::new(
                    Exit::Fault,
                    format!("{member} did not start within half a minute"),
                ));
            }
        }
        Ok(())
    }

    /// Runs a command of this program on one member, and gives what it printed.
    pub(super) async fn command(&self, member: &MemberId, arguments: &[&str]) -> Result<String, Failure> {
        let program =
            std::env::current_exe().context("this program does not find itself").map_err(Failure::fault)?;
        let output = Command::new(program)
            .arg("--config")
            .arg(self.folder.join(member.as_str()).join("node.toml"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .await
            .with_context(|| format!("{member}: {} cannot be run", arguments.join(" ")))
            .map_err(Failure::fault)?;
        if !output.status.success() {
            let words = format!(
                "{member}: {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
            return Err(Failure::new(Exit::Fault, words));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Asks every node to stop, and waits for it.
    pub(super) async fn stop(mut self) {
        for child in self.children.values_mut() {
            if let Some(id) = child.id() {
                // The node finishes what it has begun.
                let _ = Command::new("kill").arg("-TERM").arg(id.to_string()).status().await;
            }
        }
        for child in self.children.values_mut() {
            let _ = tokio::time::timeout(Duration::from_secs(15), child.wait()).await;
        }
    }
}
