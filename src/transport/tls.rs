//! The TLS of both sides, built whole from files and swapped whole.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, pem::PemObject,
};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};
use tokio_util::sync::CancellationToken;

use super::framed::{Framed, Stream};
use super::registry::{ConnectionInfo, Connections, Direction};
use super::{Limits, PeerIdentity, TransportError};
use crate::clock::{Clock, UnixTime};
use crate::limits;
use crate::model::member::MemberId;
use crate::model::node_identity::NodeIdentityError;
use crate::secret::SecretVec;

/// What this module reads from certificates: at most a few of each in one file.
const CERTIFICATES_MAX: usize = 16;
/// A refused client gets this long, and may say this much, so that our alert reaches it before the connection
/// is reset: closing a socket with unread bytes throws away what was sent.
const LINGER: std::time::Duration = std::time::Duration::from_secs(1);
const LINGER_BYTES_MAX: u64 = 64 * 1024;

/// Files that do not make a TLS set-up. The fault is this node's, or its operator's.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// Not PEM, empty, too long, or of another kind.
    #[error("{0} cannot be read: it is not the PEM text that was written")]
    Unreadable(&'static str),
    /// Key and certificate are no pair, or the key is of a kind that TLS does not know.
    #[error("the node's private key does not fit its certificate ({0})")]
    Key(rustls::Error),
    /// The node's own certificate does not say who it is.
    #[error("the node's own certificate: {0}")]
    Identity(#[from] NodeIdentityError),
    /// An authority's certificate or a revocation list that TLS cannot use.
    #[error("the authority's certificate or a revocation list cannot be used: {0}")]
    Anchor(#[from] VerifierBuilderError),
    /// The node's own certificate would be refused by a peer that has the same files.
    #[error("the node's own certificate does not agree with the authority and its revocation lists: {0}")]
    OwnCertificate(TransportError),
    /// A reload with another node's certificate.
    #[error("the new certificate is {found}, this node is {expected}")]
    OtherIdentity {
        /// Who this node is.
        expected: PeerIdentity,
        /// Who the new certificate says it is.
        found: PeerIdentity,
    },
    /// rustls refused. The fault is ours.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// This node's certificate chain and private key.
#[derive(Clone)]
pub struct TlsIdentity {
    certified: Arc<CertifiedKey>,
    identity: PeerIdentity,
    until: UnixTime,
}

impl TlsIdentity {
    /// Reads the chain (the node's certificate first) and its private key, both PEM; they must be a pair.
    pub fn from_pem(chain_pem: &str, key_pem: &SecretVec) -> Result<Self, TlsSetupError> {
        if key_pem.expose().len() > limits::CERTIFICATE_PEM_BYTES_MAX {
            return Err(TlsSetupError::Unreadable("the node's private key"));
        }
        let key = PrivateKeyDer::from_pem_slice(key_pem.expose())
            .map_err(|_| TlsSetupError::Unreadable("the node's private key"))?;
        let key = provider().key_provider.load_private_key(key).map_err(TlsSetupError::Key)?;
        Self::of(chain_pem, key)
    }

    /// The same key with a renewed chain, PEM.
    fn renewed(&self, chain_pem: &str) -> Result<Self, TlsSetupError> {
        Self::of(chain_pem, Arc::clone(&self.certified.key))
    }

    fn of(chain_pem: &str, key: Arc<dyn SigningKey>) -> Result<Self, TlsSetupError> {
        let chain = certificates(chain_pem, "the node's certificate")?;
        let first = chain.first().ok_or(TlsSetupError::Unreadable("the node's certificate"))?;
        let (identity, until) =
            (PeerIdentity::from_certificate(first)?, PeerIdentity::certificate_end(first)?);
        let certified = CertifiedKey::new(chain, key);
        certified.keys_match().map_err(TlsSetupError::Key)?;
        Ok(Self { certified: Arc::new(certified), identity, until })
    }

    /// Who this node is.
    pub fn identity(&self) -> &PeerIdentity {
        &self.identity
    }
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsIdentity({}, ..)", self.identity)
    }
}

/// Whom this node believes.
#[derive(Clone, Debug)]
pub struct TrustAnchor {
    authorities: Vec<CertificateDer<'static>>,
    revocation_lists: Vec<CertificateRevocationListDer<'static>>,
}

impl TrustAnchor {
    /// Reads the authorities' certificates (one, or old and new during a change) and their revocation lists, all
    /// PEM. Once there is a list, every authority needs one that is in force; without any, nothing is ever
    /// revoked.
    pub fn from_pem(authorities_pem: &str, revocation_lists_pem: &[&str]) -> Result<Self, TlsSetupError> {
        let authorities = certificates(authorities_pem, "the authority's certificate")?;
        let mut revocation_lists = Vec::new();
        for pem in revocation_lists_pem {
            const WHAT: &str = "the revocation list";
            if pem.len() > limits::REVOCATION_LIST_BYTES_MAX || revocation_lists.len() == CERTIFICATES_MAX {
                return Err(TlsSetupError::Unreadable(WHAT));
            }
            let list = CertificateRevocationListDer::from_pem_slice(pem.as_bytes())
                .map_err(|_| TlsSetupError::Unreadable(WHAT))?;
            revocation_lists.push(list);
        }
        Ok(Self { authorities, revocation_lists })
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, TlsSetupError> {
        let mut roots = RootCertStore::empty();
        for authority in &self.authorities {
            roots.add(authority.clone())?;
        }
        Ok(Arc::new(roots))
    }
}

/// One set-up, whole: never changed, only replaced.
struct Material {
    identity: TlsIdentity,
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
    verifier: Arc<dyn ClientCertVerifier>,
}

impl Material {
    fn build(
        identity: TlsIdentity,
        anchor: &TrustAnchor,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, TlsSetupError> {
        let provider = provider();
        let time: Arc<dyn TimeProvider> = Arc::new(ClockForTls(Arc::clone(clock)));
        let roots = anchor.roots()?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .with_crls(anchor.revocation_lists.iter().cloned())
            .enforce_revocation_expiration()
            .build()?;
        let server_verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .with_crls(anchor.revocation_lists.iter().cloned())
            .enforce_revocation_expiration()
            .build()?;
        let resolver = Arc::new(SingleCertAndKey::from(Arc::clone(&identity.certified)));

        let mut server = ServerConfig::builder_with_details(Arc::clone(&provider), Arc::clone(&time))
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(Arc::clone(&verifier))
            .with_cert_resolver(resolver.clone());
        // A resumed session carries no certificates: nothing to revoke, nothing to expire.
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;
        server.max_early_data_size = 0;

        let mut client = ClientConfig::builder_with_details(provider, time)
            .with_protocol_versions(&[&TLS13])?
            .with_webpki_verifier(server_verifier)
            .with_client_cert_resolver(resolver);
        client.resumption = Resumption::disabled();
        client.enable_early_data = false;
        // Names nobody to whoever listens on the wire; the name is checked all the same.
        client.enable_sni = false;

        let material = Self { identity, server: Arc::new(server), client: Arc::new(client), verifier };
        // Files that contradict each other are refused here; what time or the operator will mend is not, or an
        // expired node could not even start to renew.
        match material.verify(&material.identity.certified.cert, clock.as_ref()) {
            Ok(())
            | Err(
                TransportError::CertificateExpired { .. }
                | TransportError::CertificateNotYetValid { .. }
                | TransportError::RevocationListExpired { .. }
                | TransportError::Revoked,
            ) => Ok(material),
            Err(error) => Err(TlsSetupError::OwnCertificate(error)),
        }
    }

    /// Whether a peer with these certificates would be let in now. Node certificates are for both sides, so one
    /// verifier answers for connections of either direction.
    fn verify(&self, chain: &[CertificateDer<'_>], clock: &dyn Clock) -> Result<(), TransportError> {
        let (first, rest) = chain.split_first().ok_or(TransportError::NoCertificate)?;
        let seconds = u64::try_from(clock.now().0).unwrap_or(0);
        let now = rustls::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        self.verifier.verify_client_cert(first, rest, now).map_err(|error| TransportError::tls(&error))?;
        Ok(())
    }
}

/// The TLS of this node towards its peers, replaceable while it runs, and the connections made with it.
pub struct PeerTls {
    current: ArcSwap<Material>,
    reloading: Mutex<()>,
    connections: Connections,
    clock: Arc<dyn Clock>,
}

impl PeerTls {
    /// Sets TLS up. Refused when the files contradict each other; an expired certificate or list is not, see
    /// [`check`](Self::check).
    pub fn new(
        identity: TlsIdentity,
        anchor: &TrustAnchor,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TlsSetupError> {
        let material = Material::build(identity, anchor, &clock)?;
        Ok(Self {
            current: ArcSwap::from_pointee(material),
            reloading: Mutex::new(()),
            connections: Connections::default(),
            clock,
        })
    }

    /// Who this node is.
    pub fn identity(&self) -> PeerIdentity {
        self.current.load().identity.identity.clone()
    }

    /// The established connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Whether a peer with the same files would let this node in now: for `tally doctor`.
    pub fn check(&self) -> Result<(), TransportError> {
        let current = self.current.load();
        current.verify(&current.identity.certified.cert, self.clock.as_ref())
    }

    /// Replaces certificate, authorities and lists for all new connections, and closes the established ones
    /// whose peer would not be let in any more; returns those peers. On an error everything stays as it was.
    pub fn reload(
        &self,
        identity: TlsIdentity,
        anchor: &TrustAnchor,
    ) -> Result<Vec<PeerIdentity>, TlsSetupError> {
        let _one_at_a_time = self.reloading();
        Ok(self.take(self.build(identity, anchor)?))
    }

    /// [`reload`](Self::reload) with a renewed certificate (PEM) for the present private key.
    pub fn renew(&self, chain_pem: &str, anchor: &TrustAnchor) -> Result<Vec<PeerIdentity>, TlsSetupError> {
        let _one_at_a_time = self.reloading();
        let identity = self.current.load().identity.renewed(chain_pem)?;
        let material = self.build(identity, anchor)?;
        // A start takes what has ended, so that the operator can be asked; a node that runs keeps what is in force.
        material
            .verify(&material.identity.certified.cert, self.clock.as_ref())
            .map_err(TlsSetupError::OwnCertificate)?;
        Ok(self.take(material))
    }

    /// When this node's certificate ends.
    pub fn certificate_until(&self) -> UnixTime {
        self.current.load().identity.until
    }

    /// [`reload`](Self::reload) with the present certificate: authorities and lists alone have changed.
    pub fn reload_anchor(&self, anchor: &TrustAnchor) -> Result<Vec<PeerIdentity>, TlsSetupError> {
        let _one_at_a_time = self.reloading();
        let identity = self.current.load().identity.clone();
        Ok(self.take(self.build(identity, anchor)?))
    }

    fn reloading(&self) -> MutexGuard<'_, ()> {
        self.reloading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands in place of the present material; of the same member.
    fn build(&self, identity: TlsIdentity, anchor: &TrustAnchor) -> Result<Material, TlsSetupError> {
        let expected = self.identity();
        if identity.identity != expected {
            return Err(TlsSetupError::OtherIdentity { expected, found: identity.identity });
        }
        Material::build(identity, anchor, &self.clock)
    }

    fn take(&self, material: Material) -> Vec<PeerIdentity> {
        self.current.store(Arc::new(material));
        self.recheck()
    }

    /// Closes the established connections whose peer would not be let in any more, because its certificate or
    /// the revocation list has expired meanwhile; returns those peers. To be called every few minutes.
    pub fn recheck(&self) -> Vec<PeerIdentity> {
        let current = self.current.load_full();
        self.connections.close_refused(|chain| current.verify(chain, self.clock.as_ref()).is_err())
    }

    /// The server's side of a handshake, and who the client is.
    pub(super) async fn accept<S: Stream + 'static>(
        &self,
        stream: S,
        address: SocketAddr,
        limits: &Limits,
        stopping: CancellationToken,
    ) -> Result<Framed, TransportError> {
        let material = self.current.load_full();
        let handshake = TlsAcceptor::from(Arc::clone(&material.server)).accept(stream).into_fallible();
        match timeout(limits.handshake, handshake).await {
            Err(_) => Err(TransportError::HandshakeTimeout { within: limits.handshake }),
            Ok(Err((error, stream))) => {
                linger(stream).await;
                Err(TransportError::handshake(&error))
            }
            Ok(Ok(stream)) => {
                self.establish(&material, stream.into(), address, Direction::Accepted, None, limits, stopping)
            }
        }
    }

    /// The client's side of a handshake with whoever should be `member`. The deadline is the caller's.
    pub(super) async fn connect<S: Stream + 'static>(
        &self,
        stream: S,
        address: SocketAddr,
        member: &MemberId,
        limits: &Limits,
        stopping: CancellationToken,
    ) -> Result<Framed, TransportError> {
        let material = self.current.load_full();
        let expected = PeerIdentity::new(material.identity.identity.network.clone(), member.clone());
        let name = ServerName::try_from(expected.dns_name())
            .map_err(|_| TransportError::NoAddress { member: member.to_string() })?;
        let stream = TlsConnector::from(Arc::clone(&material.client))
            .connect(name, stream)
            .await
            .map_err(|error| TransportError::handshake(&error))?;
        self.establish(
            &material,
            stream.into(),
            address,
            Direction::Dialled,
            Some(expected),
            limits,
            stopping,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one place where all that makes a connection comes together"
    )]
    fn establish<S: Stream + 'static>(
        &self,
        material: &Arc<Material>,
        stream: TlsStream<S>,
        address: SocketAddr,
        direction: Direction,
        expected: Option<PeerIdentity>,
        limits: &Limits,
        stopping: CancellationToken,
    ) -> Result<Framed, TransportError> {
        let (_, session) = stream.get_ref();
        let chain: Vec<_> = session
            .peer_certificates()
            .unwrap_or_default()
            .iter()
            .map(|certificate| certificate.clone().into_owned())
            .collect();
        let first = chain.first().ok_or(TransportError::NoCertificate)?;
        let (peer, until) = (PeerIdentity::from_certificate(first)?, PeerIdentity::certificate_end(first)?);
        let own = &material.identity.identity;
        if peer.network != own.network {
            return Err(TransportError::WrongNetwork {
                expected: own.network.to_string(),
                found: peer.network.to_string(),
            });
        }
        if let Some(expected) = expected.filter(|expected| *expected != peer) {
            return Err(TransportError::WrongMember {
                expected: expected.dns_name(),
                found: peer.dns_name(),
            });
        }
        let info = ConnectionInfo { peer, address, direction, since: self.clock.now() };
        let registration = self.connections.add(info.clone(), chain.clone(), until);
        // A reload during the handshake has looked through the connections without seeing this one.
        let current = self.current.load();
        if !Arc::ptr_eq(&current, material) {
            current.verify(&chain, self.clock.as_ref())?;
        }
        Ok(Framed::new(Box::new(stream), registration, info, limits.clone(), stopping))
    }
}

impl fmt::Debug for PeerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerTls({}, ..)", self.identity())
    }
}

/// Lets a refused client read our alert. Bounded in time and bytes.
async fn linger(mut stream: impl Stream) {
    let drain = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(LINGER_BYTES_MAX), &mut tokio::io::sink()).await
    };
    // Whatever happens here, the connection is over, and why has been said.
    let _ = timeout(LINGER, drain).await;
}

/// *ring*, by name: the process-wide default is whatever some other crate installed.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

pub(super) fn certificates(
    pem: &str,
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, TlsSetupError> {
    if pem.len() > limits::CERTIFICATE_PEM_BYTES_MAX {
        return Err(TlsSetupError::Unreadable(what));
    }
    let read: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pem.as_bytes()).take(CERTIFICATES_MAX).collect();
    match read {
        Ok(read) if !read.is_empty() => Ok(read),
        _ => Err(TlsSetupError::Unreadable(what)),
    }
}

/// Our clock as rustls wants it.
pub(super) struct ClockForTls(pub(super) Arc<dyn Clock>);

impl TimeProvider for ClockForTls {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.0.now().0).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for ClockForTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockForTls(..)")
    }
}
