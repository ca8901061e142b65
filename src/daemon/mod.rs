//! The running node: wires the floors together and owns every task. A function of its options and a shutdown signal.

mod alone;
mod certificate;
mod following;
mod laid;
mod lasting;
mod lines;
mod peers;
mod relay;
mod served;
mod service;
mod tasks;
mod web;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::alone::{Alone, offline};
pub use self::lasting::run_lasting;
use self::peers::PeerConnections;
pub use self::web::{WebCertificate, WebOptions};
use crate::api::Surroundings;
use crate::bureau::BureauOptions;
use crate::clock::Clock;
use crate::http::ServeLimits;
use crate::keyring::NodeKeys;
use crate::limits::FINERACT_CONNECTIONS_MAX;
use crate::model::member::MemberId;
use crate::node::{self, Blocking, Node, NodeSecrets, Parts};
use crate::roster::{Roster, RosterDocument};
use crate::secret::Entropy;
use crate::signing::{Signed, VerifyKey};
use crate::store::{Store, StoreOptions};
use crate::transport::{Dialer, Limits, ListenerCounts, PeerTls, TlsIdentity, TrustAnchor};
use crate::words::Texts;

/// What tasks get beyond the drain of connections before they are cut off.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// The tables of every floor, for opening a node's store.
pub fn tables() -> Vec<crate::store::TableSpec> {
    [crate::log::TABLES, crate::feed::TABLES, crate::book::TABLES, crate::people::TABLES, node::TABLES]
        .concat()
}

/// What a node is started with, and started again with.
#[derive(Clone)]
pub struct Options {
    /// Who it is.
    pub member: MemberId,
    /// Folder of the store and of the socket.
    pub data: PathBuf,
    /// Where peers reach it; none for a member that only dials.
    pub listen: Option<SocketAddr>,
    /// Where anybody may read its log over HTTP; none where nobody may.
    pub log_listen: Option<SocketAddr>,
    /// Console and API for browsers and other systems; none where they are not served.
    pub web: Option<WebOptions>,
    /// The texts of its pages.
    pub texts: Texts,
    /// Where a monitoring system asks how it is; none where it is not asked.
    pub metrics_listen: Option<SocketAddr>,
    /// Where a core banking system on this machine asks, and with what; none where none does.
    pub bureau: Option<(SocketAddr, BureauOptions)>,
    /// Its keys, unlocked.
    pub keys: Arc<NodeKeys>,
    /// The file on this machine that unlocks them, if one does: `tally doctor` looks where it lies.
    pub unlocked_by: Option<PathBuf>,
    /// File of its certificate, PEM: read at the start, and again when it is replaced.
    pub certificate_file: PathBuf,
    /// File of the signed roster: read at the start and when another is laid there, replaced when a newer one comes.
    pub roster_file: PathBuf,
    /// The operator's key, which every roster is verified with.
    pub operator_key: VerifyKey,
    /// MiB of memory for the store's cache.
    pub cache_mib: usize,
    /// Bounds of its connections.
    pub limits: Limits,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("member", &self.member)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// Reads and verifies a signed roster.
pub fn read_roster(file: &Path, operator: &VerifyKey) -> anyhow::Result<Roster> {
    let bytes = std::fs::read(file).with_context(|| {
        format!("{}: install the operator's bundle with `tally member install`", file.display())
    })?;
    let signed: Signed<RosterDocument> =
        serde_json::from_slice(&bytes).with_context(|| format!("{}: not a signed roster", file.display()))?;
    Ok(Roster::verify(signed, operator)?)
}

/// Opens the store of a node.
pub fn open_store(data: &Path, cache_mib: usize) -> anyhow::Result<Store> {
    let options = StoreOptions { cache_bytes: cache_mib * 1024 * 1024, ..StoreOptions::default() };
    Store::open(&data.join("store"), &tables(), &options).map_err(Into::into)
}

/// A node that listens and is ready to run.
pub struct Daemon {
    node: Arc<Node>,
    tls: Arc<PeerTls>,
    peers: Arc<PeerConnections>,
    exchange: Arc<relay::Exchange>,
    listener: Option<TcpListener>,
    log_listener: Option<TcpListener>,
    web: Option<web::WebListener>,
    texts: Texts,
    bureau: Option<(TcpListener, BureauOptions)>,
    socket: UnixListener,
    socket_path: PathBuf,
    operator_key: VerifyKey,
    roster_file: PathBuf,
    /// The file of the certificate, and what it held.
    certificate: (PathBuf, String),
    surroundings: Surroundings,
    limits: Limits,
    entropy: Arc<dyn Entropy>,
    shutdown: CancellationToken,
}

impl std::fmt::Debug for Daemon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Daemon").field("node", &self.node).finish_non_exhaustive()
    }
}

impl Daemon {
    /// Opens the store, checks keys, roster and log, and binds the listener and the socket.
    pub async fn start(options: Options, shutdown: CancellationToken) -> anyhow::Result<Self> {
        let Options { member, data, listen, keys, certificate_file, roster_file, operator_key, .. } = options;
        std::fs::create_dir_all(&data).with_context(|| format!("{}: cannot be created", data.display()))?;
        let roster = read_roster(&roster_file, &operator_key)?;
        let version = roster.version();
        let store = open_store(&data, options.cache_mib)?;
        let certificate_pem = certificate::read(&certificate_file)?;
        let identity = TlsIdentity::from_pem(&certificate_pem, keys.tls_private_key_pem())?;
        let tls = Arc::new(PeerTls::new(identity, &anchor(&roster)?, Arc::clone(&options.clock))?);
        let connections_per_address_max = per_address(listen, &options.limits);
        let limits = Limits { connections_per_address_max, ..options.limits };
        let dialer = Dialer::new(Arc::clone(&tls), limits.clone(), shutdown.clone());
        let exchange = relay::Exchange::new();
        let clock = Arc::clone(&options.clock);
        let peers = PeerConnections::new(dialer, member.clone(), &roster, clock, Arc::clone(&exchange));
        let peers = Arc::new(peers);
        let node = Node::start(Parts {
            me: member,
            store,
            clock: options.clock,
            entropy: Arc::clone(&options.entropy),
            secrets: NodeSecrets::new(keys),
            roster,
            peers: Arc::clone(&peers) as Arc<dyn node::Peers>,
            blocking: Blocking::Threads,
        })?;
        let followed = node.roster();
        if followed.version() > version {
            tls.reload_anchor(&anchor(&followed)?)?;
            peers.follow(&followed);
            tasks::write_roster(&roster_file, &followed)?;
        }
        if node.is_settled() {
            tasks::finish_loads(&node).await;
        }
        let listener = bind(listen).await?;
        let log_listener = bind(options.log_listen).await?;
        let web =
            web::WebListener::bind(options.web, node.me(), &data, node.clock(), &*options.entropy).await?;
        let bureau = bind_bureau(options.bureau).await?;
        let socket_path = data.join("tally.sock");
        let socket = bind_socket(&socket_path)?;
        let surroundings = Surroundings {
            data,
            listen: listener.as_ref().and_then(|listener| listener.local_addr().ok()),
            unlocked_by: options.unlocked_by,
        };
        Ok(Self {
            node,
            tls,
            peers,
            exchange,
            listener,
            log_listener,
            web,
            texts: options.texts,
            bureau,
            socket,
            socket_path,
            operator_key,
            roster_file,
            certificate: (certificate_file, certificate_pem),
            surroundings,
            limits,
            entropy: options.entropy,
            shutdown,
        })
    }

    /// The node itself.
    pub fn node(&self) -> &Arc<Node> {
        &self.node
    }

    /// Where peers reach it, once the system chose a port.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Where its log is read over HTTP, once the system chose a port.
    pub fn log_address(&self) -> Option<SocketAddr> {
        self.log_listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Where console and API are reached, once the system chose a port.
    pub fn web_address(&self) -> Option<SocketAddr> {
        self.web.as_ref().and_then(web::WebListener::address)
    }

    /// Where the core banking system asks, once the system chose a port.
    pub fn bureau_address(&self) -> Option<SocketAddr> {
        self.bureau.as_ref().and_then(|(listener, _)| listener.local_addr().ok())
    }

    /// Runs until the shutdown signal, and returns when every task has ended.
    pub async fn run(self) -> anyhow::Result<()> {
        let tasks = TaskTracker::new();
        let rosters = Arc::new(tasks::Rosters {
            node: Arc::clone(&self.node),
            tls: Arc::clone(&self.tls),
            peers: Arc::clone(&self.peers),
            operator_key: self.operator_key,
            file: self.roster_file.clone(),
            following: std::sync::Mutex::default(),
        });
        self.peers.on_newer_roster(&rosters);
        let serving = served::Serving {
            node: Arc::clone(&self.node),
            rosters: Arc::clone(&rosters),
            exchange: self.exchange,
            limits: self.limits.clone(),
            tasks: tasks.clone(),
            shutdown: self.shutdown.clone(),
        };
        let lines = lines::Lines {
            serving: serving.clone(),
            peers: Arc::clone(&self.peers),
            tls: Arc::clone(&self.tls),
            limits: self.limits.clone(),
            entropy: Arc::clone(&self.entropy),
        };
        let stop = self.shutdown.clone();
        tasks.spawn(async move {
            tokio::select! { () = stop.cancelled() => {} () = lines.keep() => {} }
        });
        if let Some(listener) = self.listener {
            let handler = move |peer, framed, _| {
                let serving = serving.clone();
                async move { serving.connection(peer, framed).await }
            };
            let counts = Arc::new(ListenerCounts::default());
            let accepting = crate::transport::accept(
                listener,
                Arc::clone(&self.tls),
                self.limits.clone(),
                counts,
                handler,
                self.shutdown.clone(),
            );
            tasks.spawn(accepting);
        }
        if let Some(listener) = self.log_listener {
            let router = crate::api::log_router(Arc::clone(&self.node));
            tasks.spawn(crate::http::serve_log(listener, router, self.shutdown.clone()));
        }
        if let Some(web) = self.web {
            let texts = self.texts.clone();
            let router = web::router(&self.node, self.surroundings.clone(), texts, web.is_secure());
            tasks.spawn(web.serve(router, self.shutdown.clone()));
        }
        if let Some((listener, options)) = self.bureau {
            let router = crate::bureau::router(Arc::clone(&self.node), options);
            let limits = ServeLimits {
                connections_max: FINERACT_CONNECTIONS_MAX,
                drain: self.limits.drain,
                ..ServeLimits::default()
            };
            tasks.spawn(crate::http::serve(listener, router, limits, self.shutdown.clone()));
        }
        let router = crate::api::router_in(Arc::clone(&self.node), self.surroundings, self.texts);
        let serving = ServeLimits { drain: self.limits.drain, ..ServeLimits::default() };
        tasks.spawn(crate::http::serve(self.socket, router, serving, self.shutdown.clone()));
        let (file, used) = self.certificate;
        let certificate = certificate::follow(Arc::clone(&self.node), Arc::clone(&self.tls), file, used);
        let stop = self.shutdown.clone();
        let laid = laid::follow(rosters);
        tasks.spawn(async move {
            tokio::select! { () = stop.cancelled() => {} ((), ()) = async { tokio::join!(certificate, laid) } => {} }
        });
        tasks::spawn_all(&tasks, &self.node, &self.tls, &self.entropy, &self.shutdown);
        tracing::info!(member = %self.node.me(), network = %self.node.network(), "node is running");
        self.shutdown.cancelled().await;
        tasks.close();
        // What does not end in time is cut off; nothing acknowledged is in memory only.
        let within = self.limits.drain + STOP_GRACE;
        if tokio::time::timeout(within, tasks.wait()).await.is_err() {
            tracing::warn!("some tasks did not end in time");
        }
        let _ = std::fs::remove_file(&self.socket_path);
        tracing::info!("node has stopped");
        Ok(())
    }
}

/// All nodes of a network tried out on one machine come from one address.
fn per_address(listen: Option<SocketAddr>, limits: &Limits) -> usize {
    match listen {
        Some(address) if address.ip().is_loopback() => limits.connections_max,
        _ => limits.connections_per_address_max,
    }
}

fn anchor(roster: &Roster) -> anyhow::Result<TrustAnchor> {
    let document = roster.document();
    let lists: Vec<&str> = document.revocations.as_deref().into_iter().collect();
    Ok(TrustAnchor::from_pem(&document.certificate_authority, &lists)?)
}

async fn bind(address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = address else { return Ok(None) };
    let bound = TcpListener::bind(address).await;
    bound.map(Some).with_context(|| format!("cannot listen on {address}: is another node running there?"))
}

/// Binds the listener of the core banking system, on this machine alone: whoever connects shows no certificate.
async fn bind_bureau(
    bureau: Option<(SocketAddr, BureauOptions)>,
) -> anyhow::Result<Option<(TcpListener, BureauOptions)>> {
    let Some((address, options)) = bureau else { return Ok(None) };
    anyhow::ensure!(address.ip().is_loopback(), "fineract.listen: {address} is no loopback address");
    Ok(bind(Some(address)).await?.map(|listener| (listener, options)))
}

/// Binds the socket for this user alone. A socket that was left behind is replaced; one that answers is not.
fn bind_socket(path: &Path) -> anyhow::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt as _;
    if path.exists() {
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            anyhow::bail!("{}: a node is running here already", path.display());
        }
        std::fs::remove_file(path).with_context(|| format!("{}: cannot be replaced", path.display()))?;
    }
    let listener =
        UnixListener::bind(path).with_context(|| format!("{}: cannot be bound", path.display()))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}
