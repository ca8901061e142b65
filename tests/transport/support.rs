//! Authorities, nodes' files, a server that greets, and the ways to reach it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tallystick::ca::{CertificateAuthority, NodeKey, Serial, describe};
use tallystick::clock::{Clock, ManualClock, UnixTime};
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::model::node_identity::NodeIdentity;
use tallystick::secret::{SecretVec, SystemEntropy};
use tallystick::transport::{
    Dialer, Framed, Limits, ListenerCounts, PeerTls, TlsIdentity, TransportError, TrustAnchor, accept,
};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) const NOW: UnixTime = UnixTime(1_795_300_000);
pub(crate) const DAY: i64 = 86_400;
/// Long enough on a busy machine; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn network() -> NetworkId {
    "kh-mfi".parse().unwrap()
}

pub(crate) fn member(name: &str) -> MemberId {
    name.parse().unwrap()
}

/// An authority and, where a test forges certificates, its key.
pub(crate) struct Authority {
    pub ca: CertificateAuthority,
    pub key: SecretVec,
}

/// A node's files.
pub(crate) struct Files {
    pub chain: String,
    pub key: SecretVec,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let start = NOW.plus_seconds(-400 * DAY);
        let (ca, key) = CertificateAuthority::create(&network(), start, 10, &SystemEntropy::new()).unwrap();
        Self { ca, key }
    }

    pub(crate) fn files_at(&self, name: &str, now: UnixTime, days: u16) -> Files {
        let key = NodeKey::generate().unwrap();
        let identity = NodeIdentity::new(network(), member(name));
        let request = key.certificate_request(&identity).unwrap();
        let chain = self.ca.issue(&request, &identity.member, now, days, &SystemEntropy::new()).unwrap();
        Files { chain, key: key.to_pem() }
    }

    pub(crate) fn files(&self, name: &str) -> Files {
        self.files_at(name, NOW, 30)
    }

    /// A certificate that the authority's key signs and the authority itself would not issue.
    pub(crate) fn forge(&self, dns: &[&str], uris: &[&str]) -> Files {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params =
            rcgen::CertificateParams::new(dns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .unwrap();
        for uri in uris {
            params.subject_alt_names.push(rcgen::SanType::URI((*uri).try_into().unwrap()));
        }
        params.extended_key_usages =
            vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth, rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let pem = std::str::from_utf8(self.key.expose()).unwrap();
        let ca_key = rcgen::KeyPair::from_pem(pem).unwrap();
        let issuer = rcgen::Issuer::from_ca_cert_pem(self.ca.certificate_pem(), ca_key).unwrap();
        let chain = params.signed_by(&key, &issuer).unwrap().pem();
        Files { chain, key: SecretVec::new(key.serialize_pem().into_bytes()) }
    }

    pub(crate) fn anchor(&self) -> TrustAnchor {
        TrustAnchor::from_pem(self.ca.certificate_pem(), &[]).unwrap()
    }

    /// An anchor with a list of what is revoked.
    pub(crate) fn anchor_without(&self, revoked: &[&Files]) -> TrustAnchor {
        let revoked: Vec<(Serial, UnixTime)> =
            revoked.iter().map(|files| (describe(&files.chain).unwrap().serial, NOW)).collect();
        let list = self.ca.revocation_list(&revoked, NOW, 7).unwrap();
        TrustAnchor::from_pem(self.ca.certificate_pem(), &[&list]).unwrap()
    }
}

impl Files {
    pub(crate) fn identity(&self) -> TlsIdentity {
        TlsIdentity::from_pem(&self.chain, &self.key).unwrap()
    }

    pub(crate) fn tls_at(&self, anchor: &TrustAnchor, now: UnixTime) -> Arc<PeerTls> {
        self.tls_with(anchor, Arc::new(ManualClock::new(now)))
    }

    pub(crate) fn tls_with(&self, anchor: &TrustAnchor, clock: Arc<dyn Clock>) -> Arc<PeerTls> {
        Arc::new(PeerTls::new(self.identity(), anchor, clock).unwrap())
    }

    pub(crate) fn tls(&self, anchor: &TrustAnchor) -> Arc<PeerTls> {
        self.tls_at(anchor, NOW)
    }
}

/// A listener that greets each peer by its identity and repeats what it says.
pub(crate) struct Server {
    pub address: SocketAddr,
    pub counts: Arc<ListenerCounts>,
    pub greeted: Arc<AtomicUsize>,
    pub shutdown: CancellationToken,
    pub tasks: TaskTracker,
}

impl Server {
    pub(crate) async fn start(tls: Arc<PeerTls>, limits: Limits) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            counts: Arc::default(),
            greeted: Arc::default(),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let greeted = Arc::clone(&server.greeted);
        let handler = move |peer: NodeIdentity, mut framed: Framed, _: SocketAddr| {
            greeted.fetch_add(1, Ordering::SeqCst);
            async move {
                if framed.send(peer.uri().as_bytes()).await.is_err() {
                    return;
                }
                while let Ok(Some(said)) = framed.recv().await {
                    if said == b"slow" {
                        sleep(Duration::from_millis(300)).await;
                    }
                    if framed.send(&said).await.is_err() {
                        return;
                    }
                }
                framed.close().await;
            }
        };
        let (counts, shutdown) = (Arc::clone(&server.counts), server.shutdown.clone());
        server.tasks.spawn(accept(listener, tls, limits, counts, handler, shutdown));
        server.tasks.close();
        server
    }

    pub(crate) async fn start_default(tls: Arc<PeerTls>) -> Self {
        Self::start(tls, Limits::default()).await
    }
}

pub(crate) async fn dial_within(
    tls: &Arc<PeerTls>,
    address: &str,
    name: &str,
    within: Duration,
) -> Result<Framed, TransportError> {
    let dialer = Dialer::new(Arc::clone(tls), Limits::default(), CancellationToken::new());
    dialer.dial(&[address.to_owned()], &member(name), within).await
}

pub(crate) async fn dial(tls: &Arc<PeerTls>, server: &Server, name: &str) -> Result<Framed, TransportError> {
    dial_within(tls, &server.address.to_string(), name, PATIENCE).await
}

/// Dials and waits for the greeting: what a refused client learns.
pub(crate) async fn greet(
    tls: &Arc<PeerTls>,
    server: &Server,
    name: &str,
) -> Result<(Framed, String), TransportError> {
    let mut framed = dial(tls, server, name).await?;
    let greeting = timeout(PATIENCE, framed.recv()).await.unwrap()?.unwrap();
    Ok((framed, String::from_utf8(greeting).unwrap()))
}

pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let wait = async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(PATIENCE, wait).await.is_ok(), "{what}");
}
