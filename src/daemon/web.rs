//! The listener for browsers and other systems: its certificate, and what is served on it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::api::{NodeSlot, Surroundings, health_router, interface_html, network_router};
use crate::ca::self_signed;
use crate::clock::Clock;
use crate::http::serve_web;
use crate::keyring::write_atomically;
use crate::limits::WEB_CERTIFICATE_DAYS_MAX;
use crate::model::member::MemberId;
use crate::node::Node;
use crate::secret::{Entropy, SecretVec};
use crate::transport::WebTls;
use crate::words::Texts;

/// How often the certificate's files are looked at.
const RELOAD_PAUSE: Duration = Duration::from_secs(3_600);
/// An own certificate is made anew when it ends within so many seconds.
const OWN_RENEWED_SECONDS: i64 = 30 * 86_400;

/// Where and how browsers are served.
#[derive(Clone, Debug)]
pub struct WebOptions {
    /// The address.
    pub listen: SocketAddr,
    /// What it shows.
    pub certificate: WebCertificate,
}

/// The certificate of the pages.
#[derive(Clone, Debug)]
pub enum WebCertificate {
    /// None: plain HTTP, for an address of this machine alone.
    Plain,
    /// Files that somebody renews.
    Files {
        /// The chain, PEM.
        chain: PathBuf,
        /// The private key, PEM.
        key: PathBuf,
    },
    /// One that the node makes for itself and keeps in its data folder.
    Own {
        /// Names and addresses under which browsers reach it.
        hosts: Vec<String>,
    },
}

/// A bound listener.
pub(super) struct WebListener {
    listener: TcpListener,
    tls: Option<Arc<WebTls>>,
    files: Option<(PathBuf, PathBuf)>,
}

impl WebListener {
    pub(super) async fn bind(
        options: Option<WebOptions>,
        member: &MemberId,
        data: &Path,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Option<Self>> {
        let Some(WebOptions { listen, certificate }) = options else { return Ok(None) };
        let files = match certificate {
            WebCertificate::Plain => None,
            WebCertificate::Files { chain, key } => Some((chain, key)),
            WebCertificate::Own { hosts } => Some(own(member, &hosts, data, clock, entropy)?),
        };
        let tls = match &files {
            None => None,
            Some((chain, key)) => {
                let (chain, key) = read(chain, key)?;
                Some(Arc::new(WebTls::from_pem(&chain, &key).context("web.certificate")?))
            }
        };
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        Ok(Some(Self { listener, tls, files }))
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Whether it speaks TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) async fn serve(self, router: crate::http::Router, shutdown: CancellationToken) {
        let Self { listener, tls, files } = self;
        let serving = serve_web(listener, tls.clone(), router, shutdown.clone());
        let (Some(tls), Some(files)) = (tls, files) else { return serving.await };
        tokio::select! {
            () = serving => {}
            () = reload(&tls, &files) => {}
        }
    }
}

/// Takes a renewed certificate without a restart. One that does not fit is said, and the old one stays.
async fn reload(tls: &WebTls, (chain, key): &(PathBuf, PathBuf)) {
    loop {
        tokio::time::sleep(RELOAD_PAUSE).await;
        let taken = read(chain, key).and_then(|(chain, key)| Ok(tls.replace(&chain, &key)?));
        if let Err(error) = taken {
            tracing::warn!(
                error = format!("{error:#}"),
                "the web certificate was not taken; the old one stays"
            );
        }
    }
}

fn read(chain: &Path, key: &Path) -> anyhow::Result<(String, SecretVec)> {
    let chain_pem =
        std::fs::read_to_string(chain).with_context(|| format!("{}: cannot be read", chain.display()))?;
    let key_pem = std::fs::read(key).with_context(|| format!("{}: cannot be read", key.display()))?;
    Ok((chain_pem, SecretVec::new(key_pem)))
}

/// The certificate of the node's own making: that of an earlier start, or a new one when there is none, it ends soon, or
/// it is for other names.
fn own(
    member: &MemberId,
    hosts: &[String],
    data: &Path,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> anyhow::Result<(PathBuf, PathBuf)> {
    let (chain, key, names) =
        (data.join("web-certificate.pem"), data.join("web-key.pem"), data.join("web-names"));
    let wanted = hosts.join("\n");
    let now = clock.now();
    let lasts = std::fs::read_to_string(&chain)
        .ok()
        .and_then(|pem| crate::ca::ends(&pem).ok())
        .is_some_and(|until| until.seconds_since(now) > OWN_RENEWED_SECONDS);
    let same = std::fs::read_to_string(&names).is_ok_and(|names| names == wanted);
    if lasts && same && key.exists() {
        return Ok((chain, key));
    }
    let (chain_pem, key_pem) = self_signed(member, hosts, now, WEB_CERTIFICATE_DAYS_MAX, entropy)?;
    for (path, bytes) in
        [(&key, key_pem.expose()), (&chain, chain_pem.as_bytes()), (&names, wanted.as_bytes())]
    {
        write_atomically(path, bytes).with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    tracing::info!(certificate = %chain.display(), "made a certificate for the web pages");
    Ok((chain, key))
}

/// What is served: the interface under `/v1`, how the node is, and the console for everything else.
pub(super) fn router(
    node: &Arc<Node>,
    surroundings: Surroundings,
    texts: Texts,
    is_secure: bool,
) -> crate::http::Router {
    let api = network_router(Arc::clone(node), surroundings, texts.clone());
    let health = health_router(NodeSlot::of(node), false);
    let console = crate::console::router(Arc::clone(node), texts, is_secure, interface_html());
    crate::http::by_path(vec![("/v1/", api), ("/livez", health.clone()), ("/readyz", health)], console)
}
