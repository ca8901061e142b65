//! The TLS of the interface that browsers and other systems reach: a server's certificate alone, TLS 1.3 alone.
//!
//! Who calls is settled above it, by an access token or a session, never by a certificate.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use rustls::version::TLS13;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::tls::{TlsSetupError, certificates, provider};
use crate::limits;
use crate::secret::SecretVec;

/// A connection of a browser or another system.
pub type WebStream = TlsStream<TcpStream>;

/// The set-up of a listener for browsers, replaceable while it runs.
pub struct WebTls {
    current: ArcSwap<ServerConfig>,
}

impl fmt::Debug for WebTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebTls(..)")
    }
}

impl WebTls {
    /// From a certificate chain (the server's own first) and its private key, both PEM; they must be a pair.
    pub fn from_pem(chain_pem: &str, key_pem: &SecretVec) -> Result<Self, TlsSetupError> {
        Ok(Self { current: ArcSwap::new(set_up(chain_pem, key_pem)?) })
    }

    /// Takes another certificate from now on; connections that are open go on. Nothing changes on an error.
    pub fn replace(&self, chain_pem: &str, key_pem: &SecretVec) -> Result<(), TlsSetupError> {
        self.current.store(set_up(chain_pem, key_pem)?);
        Ok(())
    }

    /// The server's side of a handshake, which takes `within` at most.
    pub async fn accept(&self, stream: TcpStream, within: Duration) -> io::Result<WebStream> {
        let handshake = TlsAcceptor::from(self.current.load_full()).accept(stream);
        match tokio::time::timeout(within, handshake).await {
            Ok(done) => done,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

fn set_up(chain_pem: &str, key_pem: &SecretVec) -> Result<Arc<ServerConfig>, TlsSetupError> {
    const KEY: &str = "the private key of the web certificate";
    let chain = certificates(chain_pem, "the web certificate")?;
    if key_pem.expose().len() > limits::CERTIFICATE_PEM_BYTES_MAX {
        return Err(TlsSetupError::Unreadable(KEY));
    }
    let key = PrivateKeyDer::from_pem_slice(key_pem.expose()).map_err(|_| TlsSetupError::Unreadable(KEY))?;
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13])?;
    let mut config =
        builder.with_no_client_auth().with_single_cert(chain, key).map_err(TlsSetupError::Key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
