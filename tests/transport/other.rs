//! Clients and servers of another make, which do what ours would not.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::*;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Resumption, Tls12ClientSessionValue,
    Tls13ClientSessionValue,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, RootCertStore, ServerConfig, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_util::task::TaskTracker;

/// A client of another make.
pub(crate) struct OtherClient {
    pub shows_certificate: AtomicBool,
    pub certified: Arc<rustls::sign::CertifiedKey>,
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
pub(crate) struct Sessions {
    pub tickets: AtomicUsize,
    pub cache: ClientSessionMemoryCache,
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
pub(crate) struct TestTime;

impl rustls::time_provider::TimeProvider for TestTime {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(NOW.0).unwrap();
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

pub(crate) fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

pub(crate) fn roots(authority: &Authority) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let pem = authority.ca.certificate_pem();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    Arc::new(roots)
}

pub(crate) fn other_client(
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
pub(crate) async fn visit(
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

/// A server that shows `files` whatever they are, and says "hello" to anybody.
pub(crate) async fn other_server(files: &Files, tasks: &TaskTracker) -> SocketAddr {
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
