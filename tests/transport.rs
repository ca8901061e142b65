//! Nodes with real certificates over real sockets: who gets in, who does not, and what each side is told.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Resumption, Tls12ClientSessionValue,
    Tls13ClientSessionValue,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, RootCertStore, ServerConfig, SignatureScheme};
use tallystick::ca::{CertificateAuthority, NodeKey, Serial, describe};
use tallystick::clock::{Clock, ManualClock, UnixTime};
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::model::node_identity::{NodeIdentity, NodeIdentityError};
use tallystick::secret::{SecretVec, SystemEntropy};
use tallystick::transport::{
    Dialer, Framed, Limits, ListenerCounts, PeerTls, Refusal, TlsIdentity, TlsSetupError, TransportError,
    TrustAnchor, accept,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const NOW: UnixTime = UnixTime(1_795_300_000);
const DAY: i64 = 86_400;
/// Long enough on a busy machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn network() -> NetworkId {
    "kh-mfi".parse().unwrap()
}

fn member(name: &str) -> MemberId {
    name.parse().unwrap()
}

/// An authority and, where a test forges certificates, its key.
struct Authority {
    ca: CertificateAuthority,
    key: SecretVec,
}

/// A node's files.
struct Files {
    chain: String,
    key: SecretVec,
}

impl Authority {
    fn new() -> Self {
        let start = NOW.plus_seconds(-400 * DAY);
        let (ca, key) = CertificateAuthority::create(&network(), start, 10, &SystemEntropy::new()).unwrap();
        Self { ca, key }
    }

    fn files_at(&self, name: &str, now: UnixTime, days: u16) -> Files {
        let key = NodeKey::generate().unwrap();
        let identity = NodeIdentity::new(network(), member(name));
        let request = key.certificate_request(&identity).unwrap();
        let chain = self.ca.issue(&request, &identity.member, now, days, &SystemEntropy::new()).unwrap();
        Files { chain, key: key.to_pem() }
    }

    fn files(&self, name: &str) -> Files {
        self.files_at(name, NOW, 30)
    }

    /// A certificate that the authority's key signs and the authority itself would not issue.
    fn forge(&self, dns: &[&str], uris: &[&str]) -> Files {
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

    fn anchor(&self) -> TrustAnchor {
        TrustAnchor::from_pem(self.ca.certificate_pem(), &[]).unwrap()
    }

    /// An anchor with a list of what is revoked.
    fn anchor_without(&self, revoked: &[&Files]) -> TrustAnchor {
        let revoked: Vec<(Serial, UnixTime)> =
            revoked.iter().map(|files| (describe(&files.chain).unwrap().serial, NOW)).collect();
        let list = self.ca.revocation_list(&revoked, NOW, 7).unwrap();
        TrustAnchor::from_pem(self.ca.certificate_pem(), &[&list]).unwrap()
    }
}

impl Files {
    fn identity(&self) -> TlsIdentity {
        TlsIdentity::from_pem(&self.chain, &self.key).unwrap()
    }

    fn tls_at(&self, anchor: &TrustAnchor, now: UnixTime) -> Arc<PeerTls> {
        self.tls_with(anchor, Arc::new(ManualClock::new(now)))
    }

    fn tls_with(&self, anchor: &TrustAnchor, clock: Arc<dyn Clock>) -> Arc<PeerTls> {
        Arc::new(PeerTls::new(self.identity(), anchor, clock).unwrap())
    }

    fn tls(&self, anchor: &TrustAnchor) -> Arc<PeerTls> {
        self.tls_at(anchor, NOW)
    }
}

/// A listener that greets each peer by its identity and repeats what it says.
struct Server {
    address: SocketAddr,
    counts: Arc<ListenerCounts>,
    greeted: Arc<AtomicUsize>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Server {
    async fn start(tls: Arc<PeerTls>, limits: Limits) -> Self {
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

    async fn start_default(tls: Arc<PeerTls>) -> Self {
        Self::start(tls, Limits::default()).await
    }
}

async fn dial_within(
    tls: &Arc<PeerTls>,
    address: &str,
    name: &str,
    within: Duration,
) -> Result<Framed, TransportError> {
    let dialer = Dialer::new(Arc::clone(tls), Limits::default(), CancellationToken::new());
    dialer.dial(&[address.to_owned()], &member(name), within).await
}

async fn dial(tls: &Arc<PeerTls>, server: &Server, name: &str) -> Result<Framed, TransportError> {
    dial_within(tls, &server.address.to_string(), name, PATIENCE).await
}

/// Dials and waits for the greeting: what a refused client learns.
async fn greet(tls: &Arc<PeerTls>, server: &Server, name: &str) -> Result<(Framed, String), TransportError> {
    let mut framed = dial(tls, server, name).await?;
    let greeting = timeout(PATIENCE, framed.recv()).await.unwrap()?.unwrap();
    Ok((framed, String::from_utf8(greeting).unwrap()))
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let wait = async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(PATIENCE, wait).await.is_ok(), "{what}");
}

#[tokio::test]
async fn each_side_knows_the_other() {
    let authority = Authority::new();
    let anchor = authority.anchor_without(&[]);
    let server_tls = authority.files("sathapana").tls(&anchor);
    let server = Server::start_default(Arc::clone(&server_tls)).await;
    let client_tls = authority.files("amret").tls(&anchor);
    assert!(client_tls.check().is_ok());
    let (mut framed, greeting) = greet(&client_tls, &server, "sathapana").await.unwrap();
    assert_eq!(greeting, "tally://kh-mfi/amret", "what the server knows of the client");
    assert_eq!(framed.peer().uri(), "tally://kh-mfi/sathapana", "what the client knows of the server");
    assert_eq!(server_tls.connections().list()[0].peer.member, member("amret"));
    assert_eq!(client_tls.connections().list()[0].address, server.address);

    let large = vec![0xa5; 2 * 1024 * 1024];
    framed.send(&large).await.unwrap();
    assert!(framed.recv().await.unwrap().unwrap() == large, "the largest frame");
    // Pipelined: many questions before the first answer is read.
    let (mut reader, mut writer) = framed.split();
    for n in 0..1000u32 {
        writer.send(&n.to_be_bytes()).await.unwrap();
    }
    for n in 0..1000u32 {
        assert_eq!(reader.recv().await.unwrap().unwrap(), n.to_be_bytes());
    }
    writer.close().await;
    assert!(reader.recv().await.unwrap().is_none(), "a clean end");
    drop((reader, writer));
    eventually("forgotten on both sides", || {
        server_tls.connections().list().is_empty() && client_tls.connections().list().is_empty()
    })
    .await;
}

/// A client of another make.
struct OtherClient {
    shows_certificate: AtomicBool,
    certified: Arc<rustls::sign::CertifiedKey>,
}

impl std::fmt::Debug for OtherClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OtherClient")
    }
}

impl ResolvesClientCert for OtherClient {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        self.shows_certificate.load(Ordering::SeqCst).then(|| Arc::clone(&self.certified))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Keeps sessions, and counts the tickets it was given.
#[derive(Debug)]
struct Sessions {
    tickets: AtomicUsize,
    cache: ClientSessionMemoryCache,
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, name: ServerName<'static>, group: rustls::NamedGroup) {
        self.cache.set_kx_hint(name, group);
    }
    fn kx_hint(&self, name: &ServerName<'_>) -> Option<rustls::NamedGroup> {
        self.cache.kx_hint(name)
    }
    fn set_tls12_session(&self, name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.cache.set_tls12_session(name, value);
    }
    fn tls12_session(&self, name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.cache.tls12_session(name)
    }
    fn remove_tls12_session(&self, name: &ServerName<'static>) {
        self.cache.remove_tls12_session(name);
    }
    fn insert_tls13_ticket(&self, name: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.tickets.fetch_add(1, Ordering::SeqCst);
        self.cache.insert_tls13_ticket(name, value);
    }
    fn take_tls13_ticket(&self, name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.cache.take_tls13_ticket(name)
    }
}

#[derive(Debug)]
struct TestTime;

impl rustls::time_provider::TimeProvider for TestTime {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(NOW.0).unwrap();
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn roots(authority: &Authority) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let pem = authority.ca.certificate_pem();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    Arc::new(roots)
}

fn other_client(
    authority: &Authority,
    files: &Files,
    sessions: &Arc<Sessions>,
) -> (Arc<OtherClient>, TlsConnector) {
    let chain = vec![CertificateDer::from_pem_slice(files.chain.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(files.key.expose()).unwrap();
    let certified = Arc::new(rustls::sign::CertifiedKey::from_der(chain, key, &ring()).unwrap());
    let client = Arc::new(OtherClient { shows_certificate: AtomicBool::new(true), certified });
    let mut config = ClientConfig::builder_with_details(ring(), Arc::new(TestTime))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots(authority))
        .with_client_cert_resolver(Arc::clone(&client) as Arc<_>);
    config.resumption = Resumption::store(Arc::clone(sessions) as Arc<_>);
    (client, TlsConnector::from(Arc::new(config)))
}

/// One visit: the kind of handshake and the first bytes that the server sent, or how it ended.
async fn visit(
    connector: &TlsConnector,
    address: SocketAddr,
) -> Result<(HandshakeKind, [u8; 4]), rustls::Error> {
    let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
    let tcp = TcpStream::connect(address).await.unwrap();
    let mut first = [0; 4];
    let result = async {
        let mut tls = connector.connect(name, tcp).await?;
        tls.read_exact(&mut first).await?;
        let kind = tls.get_ref().1.handshake_kind().unwrap();
        tls.shutdown().await?;
        Ok::<_, std::io::Error>(kind)
    };
    match timeout(PATIENCE, result).await.unwrap() {
        Ok(kind) => Ok((kind, first)),
        Err(error) => Err(error.downcast::<rustls::Error>().unwrap()),
    }
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let authority = Authority::new();
    let server = Server::start_default(authority.files("sathapana").tls(&authority.anchor())).await;
    let sessions =
        Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });
    let (client, connector) = other_client(&authority, &authority.files("amret"), &sessions);
    client.shows_certificate.store(false, Ordering::SeqCst);
    let refused = visit(&connector, server.address).await;
    assert_eq!(refused, Err(rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired)));
    eventually("counted", || server.counts.refused() == 1).await;
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0, "the handler never saw it");
}

#[tokio::test]
async fn sessions_are_never_resumed() {
    let authority = Authority::new();
    let files = authority.files("sathapana");
    let new_sessions =
        || Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });

    // First that the client used here does resume, and without a certificate, where a server lets it.
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(roots(&authority), ring())
        .build()
        .unwrap();
    let chain = vec![CertificateDer::from_pem_slice(files.chain.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(files.key.expose()).unwrap();
    let lax = ServerConfig::builder_with_details(ring(), Arc::new(TestTime))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(lax));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let lax_address = listener.local_addr().unwrap();
    let tasks = TaskTracker::new();
    tasks.spawn(async move {
        for _ in 0..2 {
            let (tcp, _) = listener.accept().await.unwrap();
            let mut tls = acceptor.accept(tcp).await.unwrap();
            tls.write_all(b"lax!").await.unwrap();
            // Until the client has gone.
            let _ = tls.read(&mut [0]).await;
        }
    });
    let sessions = new_sessions();
    let (client, connector) = other_client(&authority, &authority.files("amret"), &sessions);
    assert_eq!(visit(&connector, lax_address).await.unwrap(), (HandshakeKind::Full, *b"lax!"));
    assert!(sessions.tickets.load(Ordering::SeqCst) > 0);
    client.shows_certificate.store(false, Ordering::SeqCst);
    assert_eq!(visit(&connector, lax_address).await.unwrap(), (HandshakeKind::Resumed, *b"lax!"));

    // Ours gives no tickets, resumes nothing, and asks for the certificate every time.
    let server = Server::start_default(files.tls(&authority.anchor())).await;
    let sessions = new_sessions();
    let (client, connector) = other_client(&authority, &authority.files("amret"), &sessions);
    for _ in 0..3 {
        assert_eq!(visit(&connector, server.address).await.unwrap().0, HandshakeKind::Full);
    }
    assert_eq!(sessions.tickets.load(Ordering::SeqCst), 0);
    client.shows_certificate.store(false, Ordering::SeqCst);
    let refused = visit(&connector, server.address).await;
    assert_eq!(refused, Err(rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired)));
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    let authority = Authority::new();
    let server = Server::start_default(authority.files("sathapana").tls(&authority.anchor())).await;
    // A TLS 1.2 ClientHello (RFC 5246, 7.4.1.2) with ECDHE-ECDSA-AES128-GCM-SHA256, P-256, ecdsa_secp256r1_sha256
    // and the extended master secret, and no supported_versions.
    let extensions = hex::decode("000a000400020017000b00020100000d00040002040300170000").unwrap();
    let mut hello = hex::decode("0303").unwrap();
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&hex::decode("000002c02b0100").unwrap());
    hello.extend_from_slice(&u16::try_from(extensions.len()).unwrap().to_be_bytes());
    hello.extend_from_slice(&extensions);
    let mut record = hex::decode("160301").unwrap();
    record.extend_from_slice(&u16::try_from(hello.len() + 4).unwrap().to_be_bytes());
    record.push(1);
    record.extend_from_slice(&u32::try_from(hello.len()).unwrap().to_be_bytes()[1..]);
    record.extend_from_slice(&hello);
    let mut tcp = TcpStream::connect(server.address).await.unwrap();
    tcp.write_all(&record).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, tcp.read_to_end(&mut answer)).await.unwrap().unwrap();
    // One record: alert, fatal, protocol_version (70).
    assert_eq!((answer[0], &answer[5..]), (21, [2, 70].as_slice()), "{answer:?}");
    eventually("counted", || server.counts.refused() == 1).await;
}

#[tokio::test]
async fn another_authority_is_unknown_to_either_side() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let server = Server::start_default(ours.files("sathapana").tls(&ours.anchor())).await;
    // Same network, same member, another key.
    let stranger = theirs.files("amret").tls(&theirs.anchor());
    let error = dial(&stranger, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::UnknownAuthority), "{error}");
    // One that believes our authority too, so that it is the server who has to refuse.
    let both = format!("{}{}", ours.ca.certificate_pem(), theirs.ca.certificate_pem());
    let stranger = theirs.files("amret").tls(&TrustAnchor::from_pem(&both, &[]).unwrap());
    let error = greet(&stranger, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::UnknownAuthority)), "{error}");
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_network_can_change_its_authority() {
    let (old, new) = (Authority::new(), Authority::new());
    let both = format!("{}{}", old.ca.certificate_pem(), new.ca.certificate_pem());
    let old_list = old.ca.revocation_list(&[], NOW, 7).unwrap();
    let new_list = new.ca.revocation_list(&[], NOW, 7).unwrap();
    let anchor = TrustAnchor::from_pem(&both, &[&old_list, &new_list]).unwrap();
    let server = Server::start_default(old.files("sathapana").tls(&anchor)).await;
    greet(&new.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    greet(&old.files("hattha").tls(&anchor), &server, "sathapana").await.unwrap();
    // With one list only, the other authority's members cannot be judged.
    let half = TrustAnchor::from_pem(&both, &[&old_list]).unwrap();
    let server = Server::start_default(old.files("sathapana").tls(&half)).await;
    let error = greet(&new.files("amret").tls(&anchor), &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(_)), "{error}");
    let client = old.files("amret").tls(&half);
    let server = Server::start_default(new.files("sathapana").tls(&anchor)).await;
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RevocationUnknown), "{error}");
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_refused_with_the_figures() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let short = |name| authority.files_at(name, NOW, 1);
    let (late, early) = (NOW.plus_seconds(2 * DAY), NOW.plus_seconds(-DAY));
    let long = authority.files_at("amret", NOW.plus_seconds(-2 * DAY), 30);

    let server = Server::start_default(short("sathapana").tls(&anchor)).await;
    let error = dial(&long.tls_at(&anchor, late), &server, "sathapana").await.unwrap_err();
    match error {
        TransportError::CertificateExpired { now, not_after } => {
            assert_eq!((now, not_after), (late, NOW.plus_seconds(DAY)));
        }
        other => panic!("{other:?}"),
    }
    let error = dial(&long.tls_at(&anchor, early), &server, "sathapana").await.unwrap_err();
    match error {
        TransportError::CertificateNotYetValid { now, not_before } => {
            assert_eq!((now, not_before), (early, NOW.plus_seconds(-900)));
            assert!(error.to_string().contains("2026-11-21T22:11:40Z"), "{error}");
        }
        other => panic!("{other:?}"),
    }

    // The same seen by the server; the client is told as much as TLS tells.
    for now in [late, early] {
        let server = Server::start_default(long.tls_at(&anchor, now)).await;
        let error = greet(&short("hattha").tls(&anchor), &server, "amret").await.unwrap_err();
        assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Expired)), "{error}");
        assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    }
    // A node whose own certificate has expired starts, and knows.
    let expired = short("sathapana").tls_at(&anchor, late);
    assert!(matches!(expired.check(), Err(TransportError::CertificateExpired { .. })));
}

#[tokio::test]
async fn the_revoked_are_refused_by_either_side() {
    let authority = Authority::new();
    let (amret, sathapana) = (authority.files("amret"), authority.files("sathapana"));
    let server = Server::start_default(sathapana.tls(&authority.anchor_without(&[&amret]))).await;
    let error = greet(&amret.tls(&authority.anchor()), &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Revoked)), "{error}");
    greet(&authority.files("amret").tls(&authority.anchor()), &server, "sathapana").await.unwrap();

    let server = Server::start_default(sathapana.tls(&authority.anchor())).await;
    let client = amret.tls(&authority.anchor_without(&[&sathapana]));
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::Revoked), "{error}");
}

#[tokio::test]
async fn an_expired_revocation_list_stops_everybody_and_says_so() {
    let authority = Authority::new();
    let anchor = authority.anchor_without(&[]);
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let late = NOW.plus_seconds(7 * DAY + 1);
    let client = authority.files("amret").tls_at(&anchor, late);
    match dial(&client, &server, "sathapana").await.unwrap_err() {
        TransportError::RevocationListExpired { now, next_update } => {
            assert_eq!((now, next_update), (late, NOW.plus_seconds(7 * DAY)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(client.check(), Err(TransportError::RevocationListExpired { .. })));
}

#[tokio::test]
async fn another_member_behind_the_address_is_found_out() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let server = Server::start_default(authority.files("hattha").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    match dial(&client, &server, "sathapana").await.unwrap_err() {
        TransportError::WrongMember { expected, found } => {
            assert_eq!(expected, "sathapana.kh-mfi.tally.internal");
            assert!(found.contains("hattha.kh-mfi.tally.internal"), "{found}");
        }
        other => panic!("{other:?}"),
    }
}

/// A server that shows `files` whatever they are, and says "hello" to anybody.
async fn other_server(files: &Files, tasks: &TaskTracker) -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_slice(files.chain.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(files.key.expose()).unwrap();
    let config = ServerConfig::builder_with_details(ring(), Arc::new(TestTime))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tasks.spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            if let Ok(mut tls) = acceptor.accept(tcp).await {
                let _ = tls.write_all(b"\0\0\0\x05hello").await;
                let _ = tls.read(&mut [0]).await;
            }
        }
    });
    address
}

type Judge = fn(&TransportError) -> bool;

#[tokio::test]
async fn a_certificate_that_does_not_identify_is_refused_by_either_side() {
    const DNS: &str = "hattha.kh-mfi.tally.internal";
    const URI: &str = "tally://kh-mfi/hattha";
    let authority = Authority::new();
    let anchor = authority.anchor();
    let tasks = TaskTracker::new();
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    let cases: [(&[&str], &[&str], Judge); 5] = [
        (&[DNS], &[], |e| matches!(e, TransportError::Identity(NodeIdentityError::NoUri))),
        (&[DNS], &[URI, "tally://kh-mfi/amret"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::SeveralUris(2)))
        }),
        (&[DNS], &["tally://kh-mfi/sathapana"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::NamesDisagree { .. }))
        }),
        (&[DNS], &["https://example.org/"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::BadUri))
        }),
        // The authority's own name constraints hold even where its key is misused.
        (&[DNS, "hattha.az-amfa.tally.internal"], &[URI], |e| {
            matches!(e, TransportError::Tls(_) | TransportError::UnknownAuthority)
        }),
    ];
    for (number, (dns, uris, judge)) in cases.into_iter().enumerate() {
        let forged = authority.forge(dns, uris);
        // As a server, to our dialler.
        let address = other_server(&forged, &tasks).await.to_string();
        let error = dial_within(&client, &address, "hattha", PATIENCE).await.unwrap_err();
        assert!(judge(&error), "{number}: {error:?}");
        // As a client, to our listener.
        let sessions =
            Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });
        let (_, connector) = other_client(&authority, &forged, &sessions);
        let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
        let tcp = TcpStream::connect(server.address).await.unwrap();
        let heard = async {
            let mut tls = connector.connect(name, tcp).await.ok()?;
            tls.read_exact(&mut [0]).await.ok()
        };
        assert!(timeout(PATIENCE, heard).await.unwrap().is_none(), "{number}: it was greeted");
        eventually("counted", || server.counts.refused() == u64::try_from(number).unwrap() + 1).await;
    }
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    // The control: forged, and right.
    let address = other_server(&authority.forge(&[DNS], &[URI]), &tasks).await.to_string();
    dial_within(&client, &address, "hattha", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn too_many_are_turned_away_and_the_rest_are_served() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let limits = Limits {
        connections_max: 8,
        connections_per_address_max: 8,
        handshake: Duration::from_millis(1500),
        ..Limits::default()
    };
    let server = Server::start(authority.files("sathapana").tls(&anchor), limits).await;
    let client = authority.files("amret").tls(&anchor);
    let (mut inside, _) = greet(&client, &server, "sathapana").await.unwrap();
    let mut strangers = Vec::new();
    let mut most_open = 0;
    for _ in 0..400 {
        strangers.push(TcpStream::connect(server.address).await.unwrap());
        most_open = most_open.max(server.counts.open());
    }
    eventually("all were looked at", || server.counts.accepted() + server.counts.turned_away() >= 401).await;
    most_open = most_open.max(server.counts.open());
    assert!(most_open <= 8, "{most_open}");
    assert!(server.counts.turned_away() >= 300, "{}", server.counts.turned_away());
    // Those turned away are told so at once: their connection is closed.
    let mut last = strangers.pop().unwrap();
    let end = timeout(PATIENCE, last.read(&mut [0])).await.unwrap();
    assert!(!matches!(end, Ok(1..)), "{end:?}");
    // Who was in is served all the while; silent strangers lose their place, and members come in again.
    inside.send(b"still here").await.unwrap();
    assert_eq!(inside.recv().await.unwrap().unwrap(), b"still here");
    eventually("silent strangers are dropped", || server.counts.open() == 1).await;
    greet(&client, &server, "sathapana").await.unwrap();
}

#[tokio::test]
async fn a_reload_takes_hold_and_closes_the_unwelcome() {
    let authority = Authority::new();
    let (amret, hattha, sathapana) =
        (authority.files("amret"), authority.files("hattha"), authority.files("sathapana"));
    let clock = Arc::new(ManualClock::new(NOW));
    let tls = sathapana.tls_with(&authority.anchor(), Arc::clone(&clock) as Arc<dyn Clock>);
    let server = Server::start_default(Arc::clone(&tls)).await;
    let (amret_tls, hattha_tls) = (amret.tls(&authority.anchor()), hattha.tls(&authority.anchor()));
    let (mut removed, _) = greet(&amret_tls, &server, "sathapana").await.unwrap();
    let (mut stays, _) = greet(&hattha_tls, &server, "sathapana").await.unwrap();

    // What cannot be right changes nothing.
    let other = authority.files("hattha").identity();
    assert!(matches!(tls.reload(other, &authority.anchor()), Err(TlsSetupError::OtherIdentity { .. })));
    let foreign = Authority::new();
    let foreign_anchor = tls.reload(sathapana.identity(), &foreign.anchor());
    assert!(matches!(foreign_anchor, Err(TlsSetupError::OwnCertificate(TransportError::UnknownAuthority))));
    removed.send(b"a").await.unwrap();
    assert_eq!(removed.recv().await.unwrap().unwrap(), b"a");

    let renewed = authority.files_at("sathapana", NOW, 60);
    let closed = tls.reload(renewed.identity(), &authority.anchor_without(&[&amret])).unwrap();
    assert_eq!(closed, [NodeIdentity::new(network(), member("amret"))]);
    let end = timeout(PATIENCE, removed.recv()).await.unwrap();
    assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    stays.send(b"b").await.unwrap();
    assert_eq!(stays.recv().await.unwrap().unwrap(), b"b");
    let error = greet(&amret_tls, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Revoked)), "{error}");
    // The new certificate is the one that is shown: a client that revokes the old one comes in.
    let strict = authority.files("hattha").tls(&authority.anchor_without(&[&sathapana]));
    greet(&strict, &server, "sathapana").await.unwrap();

    // Time ends connections too, once somebody looks: the list of revocations runs out after seven days.
    assert_eq!(tls.recheck(), []);
    clock.advance(8 * DAY);
    assert_eq!(tls.recheck(), [NodeIdentity::new(network(), member("hattha"))]);
    let end = timeout(PATIENCE, stays.recv()).await.unwrap();
    assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    eventually("gone", || server.counts.open() == 0).await;
}

#[tokio::test]
async fn a_handshake_that_spans_a_reload_is_held_to_the_new_list() {
    let authority = Authority::new();
    let (amret, sathapana) = (authority.files("amret"), authority.files("sathapana"));
    let tls = sathapana.tls(&authority.anchor());
    let server = Server::start_default(Arc::clone(&tls)).await;
    let tcp = TcpStream::connect(server.address).await.unwrap();
    eventually("let in as far as the handshake", || server.counts.open() == 1).await;
    // Its task has taken up the old set-up by now, and waits for the first bytes.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(tls.reload(sathapana.identity(), &authority.anchor_without(&[&amret])).unwrap(), []);
    let sessions =
        Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });
    let (_, connector) = other_client(&authority, &amret, &sessions);
    let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
    let mut stream = connector.connect(name, tcp).await.unwrap();
    let heard = timeout(PATIENCE, stream.read(&mut [0])).await.unwrap();
    assert!(!matches!(heard, Ok(1..)), "{heard:?}");
    eventually("refused", || server.counts.refused() == 1).await;
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    assert_eq!(tls.connections().list(), []);
}

#[tokio::test]
async fn a_member_can_be_closed_by_name() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let tls = authority.files("sathapana").tls(&anchor);
    let server = Server::start_default(Arc::clone(&tls)).await;
    let (mut one, _) = greet(&authority.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    let (mut two, _) = greet(&authority.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    let (mut other, _) = greet(&authority.files("hattha").tls(&anchor), &server, "sathapana").await.unwrap();
    assert_eq!(tls.connections().close_member(&member("amret")), 2);
    for closed in [&mut one, &mut two] {
        let end = timeout(PATIENCE, closed.recv()).await.unwrap();
        assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    }
    other.send(b"c").await.unwrap();
    assert_eq!(other.recv().await.unwrap().unwrap(), b"c");
}

#[tokio::test]
async fn a_stop_lets_answers_out_and_then_ends() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    let (mut busy, _) = greet(&client, &server, "sathapana").await.unwrap();
    let (mut idle, _) = greet(&client, &server, "sathapana").await.unwrap();
    busy.send(b"slow").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    server.shutdown.cancel();
    assert_eq!(timeout(PATIENCE, busy.recv()).await.unwrap().unwrap().unwrap(), b"slow");
    assert!(timeout(PATIENCE, busy.recv()).await.unwrap().unwrap().is_none(), "a clean end");
    assert!(timeout(PATIENCE, idle.recv()).await.unwrap().unwrap().is_none(), "a clean end");
    timeout(PATIENCE, server.tasks.wait()).await.unwrap();
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::ConnectionRefused { .. }), "{error}");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
    let handler = |_: NodeIdentity, mut framed: Framed, _: SocketAddr| async move {
        framed.send(b"deaf").await.unwrap();
        std::future::pending::<()>().await;
    };
    let tls = authority.files("sathapana").tls(&anchor);
    tasks.spawn(accept(listener, Arc::clone(&tls), limits, Arc::default(), handler, shutdown.clone()));
    tasks.close();
    let client = authority.files("amret").tls(&anchor);
    let mut framed = dial_within(&client, &address, "sathapana", PATIENCE).await.unwrap();
    assert_eq!(framed.recv().await.unwrap().unwrap(), b"deaf");
    shutdown.cancel();
    timeout(PATIENCE, tasks.wait()).await.unwrap();
    assert!(matches!(framed.recv().await, Err(TransportError::Cut { inside_frame: false })));
    assert_eq!(tls.connections().list(), []);
}

#[tokio::test]
async fn what_keeps_a_dial_from_succeeding_is_told_apart() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let client = authority.files("amret").tls(&anchor);
    let dialer = Dialer::new(Arc::clone(&client), Limits::default(), CancellationToken::new());
    let sathapana = member("sathapana");

    let error = dialer.dial(&[], &sathapana, PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::NoAddress { .. }), "{error}");
    let error = dialer.dial(&["no port".to_owned()], &sathapana, PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::NotResolved { .. }), "{error}");

    // A port that was free a moment ago.
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap().to_string();
    let error = dialer.dial(std::slice::from_ref(&closed), &sathapana, PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::ConnectionRefused { .. }), "{error}");

    // Connects, and nobody ever answers.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let silent_address = silent.local_addr().unwrap().to_string();
    let within = Duration::from_millis(200);
    let error = dialer.dial(std::slice::from_ref(&silent_address), &sathapana, within).await.unwrap_err();
    assert!(matches!(error, TransportError::HandshakeTimeout { .. }), "{error}");

    // Something else than a node.
    let tasks = TaskTracker::new();
    let web = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let web_address = web.local_addr().unwrap().to_string();
    tasks.spawn(async move {
        let (mut tcp, _) = web.accept().await.unwrap();
        let _ = tcp.read(&mut [0; 4096]).await;
        let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let (tcp, _) = web.accept().await.unwrap();
        drop(tcp);
    });
    let error = dialer.dial(std::slice::from_ref(&web_address), &sathapana, PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::NotTls), "{error:?}");
    let error = dialer.dial(std::slice::from_ref(&web_address), &sathapana, PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::ClosedInHandshake), "{error:?}");

    // A dead address does not keep from a living one, and of two failures the telling one is told.
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let addresses = [closed.clone(), server.address.to_string()];
    dialer.dial(&addresses, &sathapana, PATIENCE).await.unwrap();
    let error = dialer.dial(&addresses, &member("hattha"), PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::WrongMember { .. }), "{error}");
    let turned = [server.address.to_string(), closed];
    let error = dialer.dial(&turned, &member("hattha"), PATIENCE).await.unwrap_err();
    assert!(matches!(error, TransportError::WrongMember { .. }), "{error}");
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let authority = Authority::new();
    let (amret, hattha) = (authority.files("amret"), authority.files("hattha"));
    assert!(matches!(TlsIdentity::from_pem(&amret.chain, &hattha.key), Err(TlsSetupError::Key(_))));
    assert!(matches!(TlsIdentity::from_pem("", &amret.key), Err(TlsSetupError::Unreadable(_))));
    let no_key = SecretVec::new(amret.chain.clone().into_bytes());
    assert!(matches!(TlsIdentity::from_pem(&amret.chain, &no_key), Err(TlsSetupError::Unreadable(_))));
    let own = authority.ca.certificate_pem();
    assert!(matches!(TlsIdentity::from_pem(own, &amret.key), Err(TlsSetupError::Identity(_))));
    assert!(TrustAnchor::from_pem("", &[]).is_err());
    assert!(TrustAnchor::from_pem(own, &["garbage"]).is_err());
    // A list that another authority signed says nothing about ours.
    let other_list = Authority::new().ca.revocation_list(&[], NOW, 7).unwrap();
    let anchor = TrustAnchor::from_pem(own, &[&other_list]).unwrap();
    let clock = Arc::new(ManualClock::new(NOW));
    let refused = PeerTls::new(amret.identity(), &anchor, clock);
    assert!(matches!(refused, Err(TlsSetupError::OwnCertificate(TransportError::RevocationUnknown))));
    assert!(!format!("{:?}", amret.identity()).contains("PRIVATE"));
}
