//! Who a connection is with, and what keeps it from coming about.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::other::*;
use crate::support::*;
use rustls::client::ClientSessionMemoryCache;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{HandshakeKind, ServerConfig};
use tallystick::clock::ManualClock;
use tallystick::secret::SecretVec;
use tallystick::transport::{
    Dialer, Limits, PeerTls, TlsIdentity, TlsSetupError, TransportError, TrustAnchor,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
