//! The console: web pages for the people of a lender, served from the program.
//!
//! What the boundary may do to us: a browser sends any form, any path, any file, and shows whatever it is sent. Forms
//! and files are bounded; every page is escaped by its template; no page holds a script or a style of its own, and none
//! names anything outside the node. Every form carries the token of its session. What is typed about a person stays in
//! memory, never in a path, and is forgotten.
//!
//! The pages work without a script. What `console.js` adds is comfort.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

mod applications;
mod approvals;
mod assets;
mod auditor;
mod clerk;
mod form;
mod identifiers;
mod language;
mod officer;
mod operator;
mod own_password;
mod paper;
mod sign_in;
mod start;
mod trouble;
mod visit;
mod word;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use subtle::ConstantTimeEq as _;

use crate::limits::CONSOLE_FORM_BYTES_MAX;
use crate::node::Node;
use crate::secret::{Entropy, SystemEntropy};
use crate::words::Texts;

use applications::Applications;

/// What a page may load: its own style, script and pictures, and nothing else from anywhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'";

/// The session in which a page is asked for, as whoever checked it puts it into the request.
#[derive(Clone)]
pub struct Session {
    /// Stands in every form of the session, and comes back with it.
    pub csrf: String,
}

impl Session {
    /// Whether a form's token is this session's. Takes as long for a wrong one as for the right one.
    pub fn holds(&self, token: &str) -> bool {
        !self.csrf.is_empty() && bool::from(self.csrf.as_bytes().ct_eq(token.as_bytes()))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(..)")
    }
}

/// What the handlers share.
struct Console {
    node: Arc<Node>,
    texts: Texts,
    entropy: Box<dyn Entropy>,
    applications: Applications,
    uploads: clerk::Uploads,
    sign_ins: sign_in::Places,
    /// Whether browsers come over TLS.
    is_secure: bool,
    /// The description of the interface, as HTML.
    interface: &'static str,
}

/// The pages of a node, for those who sign in. `is_secure` says whether browsers come over TLS.
/// `interface` describes the interface for other systems, as HTML that holds nothing of anybody.
pub fn router(node: Arc<Node>, texts: Texts, is_secure: bool, interface: &'static str) -> Router {
    build(node, texts, is_secure, interface).0
}

/// The pages, and the same without sessions: who asks is an extension of every request then, [`Caller`] and [`Session`].
///
/// [`Caller`]: crate::model::user::Caller
fn build(node: Arc<Node>, texts: Texts, is_secure: bool, interface: &'static str) -> (Router, Router) {
    let console = Arc::new(Console {
        node,
        texts,
        entropy: Box::new(SystemEntropy::new()),
        applications: Applications::default(),
        uploads: clerk::Uploads::default(),
        sign_ins: sign_in::places(),
        is_secure,
        interface,
    });
    let pages = Router::new()
        .route("/", get(start::home))
        .route("/interface", get(start::interface))
        .route("/language/{tag}", get(language::choose))
        .merge(sign_in::pages())
        .merge(own_password::pages())
        .nest("/officer", officer::pages())
        .nest("/approvals", approvals::pages())
        .nest("/clerk", clerk::pages())
        .nest("/operator", operator::pages())
        .nest("/auditor", auditor::pages())
        .fallback(start::not_found)
        .method_not_allowed_fallback(start::step_as_page)
        .layer(DefaultBodyLimit::max(CONSOLE_FORM_BYTES_MAX))
        .layer(from_fn(headers))
        .with_state(Arc::clone(&console));
    let sessions = from_fn_with_state(console, sign_in::sessions);
    (pages.clone().layer(sessions).merge(assets::files()), pages.merge(assets::files()))
}

/// What every page says about itself, unless it said it; the rest every reply to a browser says.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let pairs: [(HeaderName, &str); 3] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in pairs {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

impl Console {
    /// Runs what blocks away from the threads that serve connections. Once begun it ends, even if the visitor goes away.
    async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Arc<Node>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, trouble::Trouble>
    where
        T: Send + 'static,
        E: Into<trouble::Trouble> + Send + 'static,
    {
        let node = Arc::clone(&self.node);
        let done = tokio::task::spawn_blocking(move || work(&node)).await;
        done.map_err(|failed| trouble::Trouble::of_panic(&failed))?.map_err(Into::into)
    }

    /// The same for what both blocks and waits for peers.
    async fn waiting<T, E, F>(
        &self,
        work: impl FnOnce(Arc<Node>) -> F + Send + 'static,
    ) -> Result<T, trouble::Trouble>
    where
        T: Send + 'static,
        E: Into<trouble::Trouble> + Send + 'static,
        F: Future<Output = Result<T, E>>,
    {
        let runtime = tokio::runtime::Handle::current();
        self.blocking(move |node| runtime.block_on(work(Arc::clone(node)))).await
    }
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, as it should"
)]
mod tests;
