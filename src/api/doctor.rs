//! `/v1/doctor`: what is well with this node, what is not, and the way out.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::problem::Problem;
use crate::clock::{Clock, UnixTime};
use crate::limits::REPLY_SECONDS_MAX;
use crate::model::member::MemberId;
use crate::node::{HolderDuty, Node};

/// Days before an end from which on it is a warning.
const SOON_DAYS: i64 = 7;
/// Seconds by which a peer's signed state may lie ahead of this clock before the clock is called wrong.
const CLOCK_AHEAD_SECONDS_MAX: i64 = 60;
/// Bytes below which the disk is called full: RocksDB needs room to write before it can free any.
const DISK_BYTES_MIN: u64 = 1024 * 1024 * 1024;
/// Milliseconds beyond which an fsync is called slow: every inquiry waits for two.
const FSYNC_MILLISECONDS_MAX: u128 = 100;
/// Longest wait for the own port.
const PORT_WAIT: Duration = Duration::from_secs(3);

/// What the doctor looks at outside the node.
#[derive(Clone)]
pub struct Surroundings {
    /// The node's data folder.
    pub data: PathBuf,
    /// The address on which it listens for peers; none for a node that only dials.
    pub listen: Option<SocketAddr>,
    /// When the certificate that is used now ends; none when there is none.
    pub certificate_until: Arc<dyn Fn() -> Option<UnixTime> + Send + Sync>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at: `clock`, `roster`, `certificate`, `keys`, `key-file`, `port`, `store`, `disk-space`,
    /// `disk-sync`, `holders`, `peer <member>`.
    pub name: String,
    /// What came out.
    pub state: CheckState,
    /// What was found, and the way out.
    pub detail: String,
}

/// The reply to `GET /v1/doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// The gravest state of all checks.
    pub state: CheckState,
    /// The checks.
    pub checks: Vec<Check>,
}

fn check(name: impl Into<String>, state: CheckState, detail: impl Into<String>) -> Check {
    Check { name: name.into(), state, detail: detail.into() }
}

pub(super) async fn doctor(State(service): Shared) -> Result<axum::Json<Checkup>, Problem> {
    let surroundings = service.surroundings.clone();
    let checkup = service.waiting(move |node| async move {
        let mut checks = checks_here(&node);
        match surroundings {
            Some(surroundings) => checks.extend(checks_around(&node, &surroundings).await),
            // Nobody said where they are: that is not the same as all being well.
            None => checks.extend(
                ["certificate", "key-file", "disk-space", "disk-sync", "port"]
                    .map(|name| check(name, CheckState::Skipped, "The node was not told where to look.")),
            ),
        }
        let roster = node.roster();
        let others = roster.document().members.iter().filter(|m| m.removed.is_none() && &m.id != node.me());
        let peers = others.map(|member| peer(&node, &member.id, !member.addresses.is_empty()));
        checks.extend(futures_util::future::join_all(peers).await);
        let state = checks.iter().map(|check| check.state).max().unwrap_or(CheckState::Skipped);
        Ok::<_, Problem>(Checkup { state, checks })
    });
    checkup.await.map(axum::Json)
}

fn checks_here(node: &Node) -> Vec<Check> {
    let now = node.clock().now();
    let roster = node.roster();
    let expires = roster.document().expires;
    let roster = end(
        "roster",
        expires,
        now,
        &format!("version {} of the roster", roster.version()),
        "The operator signs a new one: `tally network roster`.",
    );
    vec![clock(node, now), roster, keys(node), store(node), holders(node)]
}

async fn checks_around(node: &Node, surroundings: &Surroundings) -> Vec<Check> {
    let way_out = "The operator issues a new one: `tally network renew`.";
    let certificate = match (surroundings.certificate_until)() {
        Some(until) => end("certificate", until, node.clock().now(), "the certificate", way_out),
        None => check("certificate", CheckState::Failed, format!("No certificate is loaded. {way_out}")),
    };
    let mut checks = vec![certificate, key_file(surroundings)];
    checks.extend(disk(&surroundings.data, node.clock()));
    checks.push(port(surroundings.listen).await);
    checks
}

/// What ends at `until`.
fn end(name: &str, until: UnixTime, now: UnixTime, what: &str, way_out: &str) -> Check {
    let left = until.seconds_since(now);
    if left <= 0 {
        check(name, CheckState::Failed, format!("Expired at {until}: {what}. {way_out}"))
    } else if left < SOON_DAYS * 86_400 {
        check(name, CheckState::Warning, format!("Expires at {until}: {what}. {way_out}"))
    } else {
        check(name, CheckState::Good, format!("Good until {until}: {what}."))
    }
}

/// Against what others have signed: nothing of theirs can be younger than now.
fn clock(node: &Node, now: UnixTime) -> Check {
    let roster = node.roster();
    let mut newest = (roster.document().issued, "the roster".to_owned());
    for member in &roster.document().members {
        if let Ok(Some(state)) = node.feeds().state(&member.id)
            && state.time > newest.0
        {
            newest = (state.time, format!("the feed of {}", member.id));
        }
    }
    let ahead = newest.0.seconds_since(now);
    if ahead > CLOCK_AHEAD_SECONDS_MAX {
        let detail = format!(
            "This clock says {now}, and {} was signed {ahead} s later. Set the clock; a time service keeps it right.",
            newest.1
        );
        check("clock", CheckState::Failed, detail)
    } else {
        check("clock", CheckState::Good, format!("{now}; nothing that others signed is younger."))
    }
}

fn keys(node: &Node) -> Check {
    match node.holder_duty() {
        HolderDuty::NoKeys => check(
            "keys",
            CheckState::Failed,
            "The network has no keys yet: the operator deals them with `tally network deal-keys`.",
        ),
        HolderDuty::None => {
            check("keys", CheckState::Good, "Unlocked and as the roster lists them; no shares are held here.")
        }
        HolderDuty::Held { epoch } => check(
            "keys",
            CheckState::Good,
            format!("Unlocked and as the roster lists them; shares of epoch {epoch} are held here."),
        ),
        HolderDuty::Missing { epoch } => check(
            "keys",
            CheckState::Failed,
            format!(
                "The roster lists this member as a key holder of epoch {epoch}, and its shares are not here: \
                 `tally member install` takes the bundle of the dealing."
            ),
        ),
    }
}

fn key_file(surroundings: &Surroundings) -> Check {
    let name = "key-file";
    let Some(file) = &surroundings.unlocked_by else {
        return check(name, CheckState::Good, "No file on this machine unlocks the keys.");
    };
    let (data, whole) = (surroundings.data.canonicalize(), file.canonicalize());
    let inside = matches!((data, whole), (Ok(data), Ok(file)) if file.starts_with(&data));
    let (state, words) = if inside {
        (
            CheckState::Failed,
            "lies in the data folder: whoever takes the folder can read the book. Move it away.",
        )
    } else {
        (
            CheckState::Warning,
            "is on this machine: whoever takes its disk can read the book. Keep it on another medium, or use a \
             passphrase.",
        )
    };
    check(name, state, format!("The file that unlocks the keys {words}"))
}

fn store(node: &Node) -> Check {
    match node.status() {
        Ok(status) => {
            let detail = format!(
                "Readable: {} leaves in the log, {} rows in the feed, {} clients wait to be published.",
                status.log_size, status.feed_rows, status.clients_waiting
            );
            check("store", CheckState::Good, detail)
        }
        Err(error) => check("store", CheckState::Failed, error.to_string()),
    }
}

fn disk(data: &Path, clock: &dyn Clock) -> Vec<Check> {
    let space = match rustix::fs::statvfs(data) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let words = format!("{} MiB are free.", free / (1024 * 1024));
            if free < DISK_BYTES_MIN {
                check("disk-space", CheckState::Failed, format!("{words} Make room before the node stops."))
            } else {
                check("disk-space", CheckState::Good, words)
            }
        }
        Err(error) => {
            check("disk-space", CheckState::Failed, format!("The data folder cannot be looked at: {error}."))
        }
    };
    let sync = match timed_sync(data, clock) {
        Ok(took) if took.as_millis() > FSYNC_MILLISECONDS_MAX => check(
            "disk-sync",
            CheckState::Warning,
            format!("A synced write took {} ms; every inquiry waits for two.", took.as_millis()),
        ),
        Ok(took) => {
            check("disk-sync", CheckState::Good, format!("A synced write took {} ms.", took.as_millis()))
        }
        Err(error) => {
            check("disk-sync", CheckState::Failed, format!("The data folder cannot be written: {error}."))
        }
    };
    vec![space, sync]
}

/// Writes one page beside the store, syncs it and takes it away again.
fn timed_sync(data: &Path, clock: &dyn Clock) -> std::io::Result<Duration> {
    use std::io::Write as _;
    let path = data.join(format!("doctor-{}.tmp", std::process::id()));
    let begun = clock.elapsed();
    let written = std::fs::File::create(&path).and_then(|mut file| {
        file.write_all(&[0u8; 4096])?;
        file.sync_all()
    });
    let took = clock.elapsed().saturating_sub(begun);
    // Nothing of use is in it, so that a failure to remove it is not news.
    let _ = std::fs::remove_file(&path);
    written.map(|()| took)
}

fn holders(node: &Node) -> Check {
    let Ok(status) = node.status() else {
        return check("holders", CheckState::Skipped, "The store does not answer.");
    };
    let Some(holders) = status.holders else {
        return check("holders", CheckState::Skipped, "The network has no keys yet.");
    };
    let near = holders.in_reach.len();
    let names = |members: &[MemberId]| members.iter().map(MemberId::as_str).collect::<Vec<_>>().join(", ");
    let needed = holders.needed;
    if near < needed {
        let away = names(&holders.away);
        let detail = format!(
            "{near} of the {needed} that are needed are in reach: no inquiry is answered. Away: {away}."
        );
        check("holders", CheckState::Failed, detail)
    } else if near == needed && !holders.away.is_empty() {
        let away = names(&holders.away);
        check(
            "holders",
            CheckState::Warning,
            format!("Just the {needed} that are needed are in reach. Away: {away}."),
        )
    } else {
        check("holders", CheckState::Good, format!("{near} in reach, {needed} are needed."))
    }
}

/// Whether the own port accepts a connection.
async fn port(listen: Option<SocketAddr>) -> Check {
    let Some(mut address) = listen else {
        return check("port", CheckState::Skipped, "This node only dials.");
    };
    if address.ip().is_unspecified() {
        let local =
            |v4| if v4 { IpAddr::from(Ipv4Addr::LOCALHOST) } else { IpAddr::from(Ipv6Addr::LOCALHOST) };
        address.set_ip(local(address.is_ipv4()));
    }
    match tokio::time::timeout(PORT_WAIT, tokio::net::TcpStream::connect(address)).await {
        Ok(Ok(_)) => check("port", CheckState::Good, format!("{address} accepts connections.")),
        Ok(Err(error)) => check("port", CheckState::Failed, format!("{address} accepts none: {error}.")),
        Err(_) => check("port", CheckState::Failed, format!("{address} does not answer.")),
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
            check(name, CheckState::Good, detail)
        }
        // A member without an address is reached only while it has a connection open.
        Ok(Err(error)) if !listens => check(name, CheckState::Warning, format!("{error}. {}", last())),
        Ok(Err(error)) => check(name, CheckState::Failed, format!("{error}. {}", last())),
        Err(_) => check(name, CheckState::Failed, format!("No reply within {patience:?}. {}", last())),
    }
}
