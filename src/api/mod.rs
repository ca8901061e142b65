//! The HTTP/JSON interface of a node, version 1: the same handlers on the local socket and, later, on TLS.
//!
//! What the boundary may do to us: a caller sends any bytes as slowly as it likes, any JSON, any path. Heads, bodies,
//! times and connections are bounded; what does not parse is answered with a problem (RFC 9457) that repeats
//! nothing of the request but names of members. Identifiers stand in bodies only, never in a path, and no body is
//! ever written to the journal.
//!
//! Times in replies are seconds since 1970-01-01T00:00:00Z, ids are lower-case hex, signed bytes base64.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

pub mod consents;
pub mod disputes;
pub mod doctor;
pub mod feeds;
pub mod imports;
pub mod inquiries;
pub mod log_export;
pub mod logs;
pub mod market;
pub mod network;
pub mod portfolio;
pub mod proposals;
pub mod subjects;
pub mod users;

mod audit;
mod backup;
mod body;
mod browse;
mod guard;
mod health;
mod in_process;
mod log_tiles;
mod openapi;
mod operation;
mod operations;
mod problem;
mod table;
mod twice;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

pub use browse::interface_html;
pub use doctor::Surroundings;
use guard::Entrance;
pub use health::{NodeSlot, Readiness, ReadyCheck, health_router};
pub use in_process::InProcess;
pub use log_tiles::log_router;
pub use openapi::openapi;
pub use problem::{PROBLEM_JSON, Problem};

use crate::digest::TransactionId;
use crate::limits::API_WAITING_MAX;
use crate::model::moment;
use crate::node::Node;
use crate::secret::SystemEntropy;
use crate::words::Texts;
use operations::OPERATIONS;

/// Header that carries the id of a request.
pub const REQUEST_ID: &str = "x-request-id";

/// What the handlers share.
struct Service {
    node: Arc<Node>,
    surroundings: Option<Surroundings>,
    /// Texts of pages that are printed.
    texts: Texts,
    /// Idempotency keys of requests that run.
    running: twice::Running,
    /// Requests with a key that run to their end, whoever waits for it.
    keyed: Arc<Semaphore>,
    /// Work that waits for peers while it holds a blocking thread.
    waits: Arc<Semaphore>,
}

type Shared = State<Arc<Service>>;

/// The id of a request, beside it.
#[derive(Clone, Copy)]
struct RequestId(TransactionId);

/// The interface of `node` for those who may do everything. `GET /v1/doctor` does not look at what is outside the node.
pub fn router(node: Arc<Node>) -> Router {
    build(node, None, Texts::built_in(), Entrance::Socket)
}

/// The same, whose doctor looks around as well, and whose printed pages have these texts.
pub fn router_in(node: Arc<Node>, surroundings: Surroundings, texts: Texts) -> Router {
    build(node, Some(surroundings), texts, Entrance::Socket)
}

/// The interface of `node` for callers with access tokens.
pub fn network_router(node: Arc<Node>, surroundings: Surroundings, texts: Texts) -> Router {
    build(node, Some(surroundings), texts, Entrance::Network)
}

fn build(node: Arc<Node>, surroundings: Option<Surroundings>, texts: Texts, entrance: Entrance) -> Router {
    let log = log_router(Arc::clone(&node));
    let service = Arc::new(Service::new(node, surroundings, texts));
    let interface = Router::new()
        .route("/v1/consents", get(consents::list).post(consents::record))
        .route("/v1/grounds", post(consents::record_ground))
        .route("/v1/consents/{consent}", get(consents::show))
        .route("/v1/consents/{consent}/withdraw", post(consents::withdraw))
        .route("/v1/withdrawals", post(consents::present_code))
        .route("/v1/proposals", get(proposals::list).post(proposals::propose))
        .route("/v1/proposals/{proposal}", get(proposals::show))
        .route("/v1/proposals/{proposal}/withdraw", post(proposals::take_back))
        .route("/v1/subjects/report", post(subjects::report))
        .route("/v1/subjects/erase", post(subjects::erase))
        .route("/v1/disputes", get(disputes::list).post(disputes::open))
        .route("/v1/disputes/{dispute}/answer", post(disputes::answer))
        .route("/v1/disputes/{dispute}/resolve", post(disputes::resolve))
        .route("/v1/inquiries", get(inquiries::list).post(inquiries::ask))
        .route("/v1/inquiries/{transaction}", get(inquiries::recall))
        .route("/v1/inquiries/{transaction}/page", get(inquiries::page))
        .route("/v1/status", get(network::status))
        .route("/v1/patterns", get(network::patterns))
        .route("/v1/market", get(market::show))
        .route("/v1/market.csv", get(market::table))
        .route("/v1/members", get(network::members))
        .route("/v1/roster", get(network::roster))
        .route("/v1/policy", get(network::policy))
        .route("/v1/doctor", get(doctor::doctor))
        .route("/v1/log", get(logs::head))
        .route("/v1/log/verify", post(logs::verify))
        .route("/v1/log/continue", post(logs::go_on))
        .route("/v1/log/succeeds", post(logs::succeed))
        .route("/v1/log/leaves", get(logs::leaves))
        .route("/v1/log/export", get(log_export::head))
        .route("/v1/log/export/files/{*path}", get(log_export::file))
        .route("/v1/log/export/rows/{lender}", get(log_export::rows))
        .route("/v1/feeds", get(feeds::list))
        .route("/v1/feeds/{lender}/pages", get(feeds::page))
        .route("/v1/feeds/import", post(feeds::import))
        .route("/v1/audit/bindings", post(audit::bind))
        .route("/v1/backup", get(backup::take))
        .route("/v1/imports", get(imports::list).post(imports::import))
        .route("/v1/imports/{number}/release", post(imports::release))
        .route("/v1/imports/{number}/undo", post(imports::undo))
        .route("/v1/imports/{number}/discard", post(imports::discard))
        .route("/v1/imports/{number}/rejects", get(imports::rejects))
        .route("/v1/portfolio", post(portfolio::upload))
        .route("/v1/loans", post(portfolio::upsert))
        .route("/v1/openapi.json", get(openapi::show))
        .route("/v1/openapi", get(browse::show))
        .route("/v1/users", get(users::list).post(users::add))
        .route("/v1/users/{user}", post(users::change))
        .route("/v1/tokens", get(users::tokens).post(users::issue))
        .route("/v1/tokens/{token}/revoke", post(users::revoke))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&service), twice::once))
        .layer(from_fn_with_state((Arc::clone(&service), entrance), guard::guard))
        .layer(from_fn_with_state(Arc::clone(&service), outermost))
        .with_state(service);
    match entrance {
        // The log is not about persons, and its own document says how it is cached.
        Entrance::Socket => interface.merge(log),
        // Who may read it without a token is said by `[log] listen`.
        Entrance::Network => interface,
    }
}

async fn not_found() -> Problem {
    Problem::new(table::NOT_FOUND, "There is nothing under this path; docs/API.md lists what there is.")
}

async fn method_not_allowed(method: Method) -> Problem {
    // An unknown method is the caller's own word and is not repeated.
    let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD];
    let word = if known.contains(&method) { method.to_string() } else { "the method".to_owned() };
    Problem::new(table::METHOD, format!("{word} is not possible here."))
}

/// Gives every request its id, every problem that id, and the journal one line that holds no value of the request.
async fn outermost(State(service): Shared, mut request: Request, next: Next) -> Response {
    let id = TransactionId::random(&SystemEntropy::new());
    request.extensions_mut().insert(RequestId(id));
    let id = id.to_string();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let begun = service.node.clock().elapsed();
    let mut response = next.run(request).await;
    let mut journal = None;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.request = Some(id.clone());
        let mut with_id = problem.to_response();
        // What the router says about other methods stays, and the guard about how to be known.
        for name in [header::ALLOW, header::WWW_AUTHENTICATE] {
            if let Some(value) = response.headers().get(&name) {
                with_id.headers_mut().insert(name, value.clone());
            }
        }
        journal = problem.journal.take();
        response = with_id;
    }
    let took = service.node.clock().elapsed().saturating_sub(begun);
    let milliseconds = took.as_millis();
    // What anybody in reach can ask does not fill the journal.
    let is_callers = route.is_some() && response.status() != StatusCode::UNAUTHORIZED;
    let (status, route) = (response.status().as_u16(), route.as_deref().unwrap_or("unknown"));
    // A method may be any word: one that is not known is not counted under its own.
    let known = OPERATIONS.iter().any(|of| of.method == method.as_str());
    health::count_request(if known { method.as_str() } else { "other" }, route, status, took);
    if let Some(why) = journal {
        tracing::error!(request = id, %method, route, status, milliseconds, why, "request failed");
    } else if is_callers && (status >= 400 || method != Method::GET) {
        tracing::info!(request = id, %method, route, status, milliseconds, "request");
    } else {
        tracing::debug!(request = id, %method, route, status, milliseconds, "request");
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    // Answers are about persons: no cache keeps them.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Service {
    fn new(node: Arc<Node>, surroundings: Option<Surroundings>, texts: Texts) -> Self {
        let places = || Arc::new(Semaphore::new(API_WAITING_MAX));
        Self {
            node,
            surroundings,
            texts,
            running: twice::Running::default(),
            keyed: places(),
            waits: places(),
        }
    }

    /// Runs what blocks away from the threads that serve connections. Once begun it ends, even if the caller goes away.
    async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Arc<Node>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let node = Arc::clone(&self.node);
        let done = tokio::task::spawn_blocking(move || work(&node)).await;
        done.map_err(|failed| panicked(&failed))?.map_err(Into::into)
    }

    /// The same for what both blocks and waits for peers.
    async fn waiting<T, E, F>(&self, work: impl FnOnce(Arc<Node>) -> F + Send + 'static) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
        F: Future<Output = Result<T, E>>,
    {
        let runtime = tokio::runtime::Handle::current();
        let place = Arc::clone(&self.waits).acquire_owned().await.expect("the semaphore is never closed");
        self.blocking(move |node| {
            let done = runtime.block_on(work(Arc::clone(node)));
            drop(place);
            done
        })
        .await
    }
}

fn panicked(failed: &tokio::task::JoinError) -> Problem {
    // The message of a panic can hold anything; the panic hook has written it where the operator looks.
    let what = if failed.is_panic() { "a handler panicked" } else { "a handler was stopped" };
    Problem::new(table::INTERNAL, "The node failed; its journal says why.").journal(what)
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, as it should"
)]
mod tests;
