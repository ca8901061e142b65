//! Connections to a web server that is none of the network's: a lender's own core banking system.
//!
//! What the boundary may do to us: whoever answers at the address may be somebody else. So there is TLS 1.3 with a certificate
//! that the caller names, of the server itself or of its authority, and nothing else is believed; without TLS only an
//! address of this machine is dialled.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::version::TLS13;
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::tls::{ClockForTls, TlsSetupError, certificates, provider};
use crate::clock::Clock;
use crate::limits::HANDSHAKE_SECONDS_MAX;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// The named certificate cannot be used.
    #[error(transparent)]
    Setup(#[from] TlsSetupError),
    /// The host is no name that a certificate can have.
    #[error("`{0}` is no host")]
    Host(String),
    /// Without TLS, and not on this machine.
    #[error("`{0}` is not this machine: what is sent there needs https and the server's certificate")]
    Open(String),
    /// Nobody answers, or not in time.
    #[error("nobody answers there: {0}")]
    Unreachable(std::io::Error),
    /// TLS does not come about: another certificate, mostly.
    #[error("it is not the server whose certificate was named, or TLS 1.3 is not spoken there: {0}")]
    Tls(std::io::Error),
}

/// A connection, with TLS or without.
pub trait OutsideStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> OutsideStream for T {}

/// Whose certificate is believed.
#[derive(Clone, Debug)]
pub struct OutsideTrust(Arc<ClientConfig>);

impl OutsideTrust {
    /// Believes the certificates in a PEM text: of the server itself, whatever it says, or of an authority, whose
    /// certificates must name the host.
    pub fn from_pem(pem: &str, clock: Arc<dyn Clock>) -> Result<Self, TlsSetupError> {
        let exact = certificates(pem, "the server's certificate")?;
        let mut roots = RootCertStore::empty();
        for certificate in &exact {
            roots.add(certificate.clone())?;
        }
        let provider = provider();
        let signed =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
        let mut config = ClientConfig::builder_with_details(provider, Arc::new(ClockForTls(clock)))
            .with_protocol_versions(&[&TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Named { exact, signed }))
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }
}

/// Connects to a host; without `trust` to this machine alone.
pub async fn connect_outside(
    host: &str,
    port: u16,
    trust: Option<&OutsideTrust>,
) -> Result<Box<dyn OutsideStream>, OutsideError> {
    let within = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
    let late = || std::io::Error::from(std::io::ErrorKind::TimedOut);
    let stream = timeout(within, TcpStream::connect((host, port))).await;
    let stream = stream.unwrap_or_else(|_| Err(late())).map_err(OutsideError::Unreachable)?;
    let Some(OutsideTrust(config)) = trust else {
        // What the name leads to, and not what it looks like.
        let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
        return if here { Ok(Box::new(stream)) } else { Err(OutsideError::Open(host.to_owned())) };
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| OutsideError::Host(host.to_owned()))?;
    let handshake = TlsConnector::from(Arc::clone(config)).connect(name, stream);
    let stream =
        timeout(within, handshake).await.unwrap_or_else(|_| Err(late())).map_err(OutsideError::Tls)?;
    Ok(Box::new(stream))
}

/// Takes a server by its very certificate, or by its authority's.
#[derive(Debug)]
struct Named {
    exact: Vec<CertificateDer<'static>>,
    signed: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // That the server has its key is checked in the handshake. Servers behind a firewall have certificates that they made
        // themselves, with any name in them.
        if self.exact.iter().any(|named| named == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.signed.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signed.supported_verify_schemes()
    }
}
