//! `/v1/doctor`: what is well with this node, what is not, and the way out.

pub mod checks;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::problem::Problem;
use crate::limits::REPLY_SECONDS_MAX;
use crate::model::member::MemberId;
use crate::node::{Node, Phase};

/// Longest wait for the own port.
const PORT_WAIT: Duration = Duration::from_secs(3);

/// What the doctor looks at outside the node.
#[derive(Clone)]
pub struct Surroundings {
    /// The node's data folder.
    pub data: PathBuf,
    /// The address on which it listens for peers; none for a node that only dials.
    pub listen: Option<SocketAddr>,
    /// The file on this machine that unlocks the keys, key file or passphrase; none when a person types it.
    pub unlocked_by: Option<PathBuf>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("data", &self.data)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

/// What came out of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// Not looked at.
    Skipped,
    /// Well.
    Good,
    /// Works, and will not for long or not as it should.
    Warning,
    /// Does not work.
    Failed,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was looked at: `clock`, `roster`, `certificate`, `keys`, `key-file`, `port`, `store`, `log`,
    /// `disk-space`, `disk-sync`, `holders`, `peer <member>`; `node` where none runs.
    pub name: String,
    /// What came out.
    pub state: CheckState,
    /// What was found, and the way out.
    pub detail: String,
}

/// The reply to `GET /v1/doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checkup {
    /// The gravest state of all checks.
    pub state: CheckState,
    /// The checks.
    pub checks: Vec<Check>,
}

impl Check {
    /// One check.
    pub fn new(name: impl Into<String>, state: CheckState, detail: impl Into<String>) -> Self {
        Self { name: name.into(), state, detail: detail.into() }
    }
}

impl From<Vec<Check>> for Checkup {
    fn from(checks: Vec<Check>) -> Self {
        let state = checks.iter().map(|check| check.state).max().unwrap_or(CheckState::Skipped);
        Self { state, checks }
    }
}

pub(super) async fn doctor(State(service): Shared) -> Result<axum::Json<Checkup>, Problem> {
    let surroundings = service.surroundings.clone();
    let checkup = service.waiting(move |node| async move {
        let mut checks = checks_here(&node);
        if let Some(surroundings) = surroundings {
            checks.extend(checks_around(&node, &surroundings).await);
        } else {
            // Nobody said where they are: that is not the same as all being well.
            let words = "The node was not told where to look.";
            let unseen = ["certificate", "key-file", "disk-space", "disk-sync", "port"];
            checks.extend(unseen.map(|name| Check::new(name, CheckState::Skipped, words)));
        }
        let roster = node.roster();
        let others = roster.document().members.iter().filter(|m| m.removed.is_none() && &m.id != node.me());
        let peers = others.map(|member| peer(&node, &member.id, !member.addresses.is_empty()));
        checks.extend(futures_util::future::join_all(peers).await);
        Ok::<_, Problem>(Checkup::from(checks))
    });
    checkup.await.map(axum::Json)
}

fn checks_here(node: &Node) -> Vec<Check> {
    let (now, roster) = (node.clock().now(), node.roster());
    vec![
        checks::clock(&roster, Some(node.feeds()), now),
        checks::roster(&roster, now),
        checks::keys(node),
        checks::store(node),
        checks::disputes(node),
        standing(node),
        holders(node),
    ]
}

async fn checks_around(node: &Node, surroundings: &Surroundings) -> Vec<Check> {
    let Surroundings { data, listen, unlocked_by } = surroundings;
    let certificate = checks::certificate(node.certificate_until(), node.clock().now());
    let mut checks = vec![certificate, checks::key_file(data, unlocked_by.as_deref())];
    checks.extend(checks::disk(data, node.clock()));
    checks.push(port(*listen).await);
    checks
}

/// Whether the log is known to be whole.
fn standing(node: &Node) -> Check {
    let standing = node.standing();
    match standing.phase {
        Phase::Settled => {
            Check::new("log", CheckState::Good, format!("{} leaves, nothing is missing.", standing.have))
        }
        Phase::Asking => Check::new(
            "log",
            CheckState::Warning,
            format!("Nothing is written and nobody served yet: it waits for {}.", standing.waits_for),
        ),
        Phase::Behind => Check::new(
            "log",
            CheckState::Failed,
            format!(
                "This store is an older copy. Nothing is written and nobody served: it waits for {}. When those it \
                 waits for are gone for good: `tally log continue`.",
                standing.waits_for
            ),
        ),
    }
}

fn holders(node: &Node) -> Check {
    let Ok(status) = node.status() else {
        return Check::new("holders", CheckState::Skipped, "The store does not answer.");
    };
    let Some(holders) = status.holders else {
        return Check::new("holders", CheckState::Skipped, "The network has no keys yet.");
    };
    let near = holders.in_reach.len();
    let names = |members: &[MemberId]| members.iter().map(MemberId::as_str).collect::<Vec<_>>().join(", ");
    let needed = holders.needed;
    if near < needed {
        let away = names(&holders.away);
        let detail = format!(
            "{near} of the {needed} that are needed are in reach: no inquiry is answered. Away: {away}."
        );
        Check::new("holders", CheckState::Failed, detail)
    } else if near == needed && !holders.away.is_empty() {
        let away = names(&holders.away);
        Check::new(
            "holders",
            CheckState::Warning,
            format!("Just the {needed} that are needed are in reach. Away: {away}."),
        )
    } else {
        Check::new("holders", CheckState::Good, format!("{near} in reach, {needed} are needed."))
    }
}

/// Whether the own port accepts a connection.
async fn port(listen: Option<SocketAddr>) -> Check {
    let Some(mut address) = listen else {
        return Check::new("port", CheckState::Skipped, "This node only dials.");
    };
    if address.ip().is_unspecified() {
        let local =
            |v4| if v4 { IpAddr::from(Ipv4Addr::LOCALHOST) } else { IpAddr::from(Ipv6Addr::LOCALHOST) };
        address.set_ip(local(address.is_ipv4()));
    }
    match tokio::time::timeout(PORT_WAIT, tokio::net::TcpStream::connect(address)).await {
        Ok(Ok(_)) => Check::new("port", CheckState::Good, format!("{address} accepts connections.")),
        Ok(Err(error)) => Check::new("port", CheckState::Failed, format!("{address} accepts none: {error}.")),
        Err(_) => Check::new("port", CheckState::Failed, format!("{address} does not answer.")),
    }
}

async fn peer(node: &Node, member: &MemberId, listens: bool) -> Check {
    let name = format!("peer {member}");
    let last = || match node.last_contact(member) {
        Some(time) => format!("Last heard from at {time}."),
        None => "Not heard from since this node was started.".to_owned(),
    };
    let patience = Duration::from_secs(REPLY_SECONDS_MAX);
    match tokio::time::timeout(patience, node.probe(member)).await {
        Ok(Ok((took, version))) => {
            let detail =
                format!("Answered in {} ms; follows version {version} of the roster.", took.as_millis());
            Check::new(name, CheckState::Good, detail)
        }
        // A member without an address is reached only while it has a connection open.
        Ok(Err(error)) if !listens => Check::new(name, CheckState::Warning, format!("{error}. {}", last())),
        Ok(Err(error)) => Check::new(name, CheckState::Failed, format!("{error}. {}", last())),
        Err(_) => Check::new(name, CheckState::Failed, format!("No reply within {patience:?}. {}", last())),
    }
}
