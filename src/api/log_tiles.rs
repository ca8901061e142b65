//! `/log/…`: the own log as C2SP tlog-tiles has it, for any client of such logs. Read-only, the same on the local
//! socket and on a listener of its own.
//!
//! What the boundary may do to us: a stranger asks for any path. Only a path that the log could have written is looked
//! up, and what is looked up is one row, or one bundle of at most 256 leaves.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::log::LogError;
use crate::merkle::TilePath;
use crate::node::Node;

/// Of the checkpoint, which changes at any moment.
const CHANGING: &str = "no-cache";
/// Of tiles and bundles: what a path names never changes, partial ones included.
const UNCHANGING: &str = "public, max-age=31536000, immutable";
const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// A leaf is whatever its owner logged: no browser is to take it for a page.
const NO_SNIFFING: (HeaderName, &str) = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");

/// The log of `node` and nothing else.
pub fn log_router(node: Arc<Node>) -> Router {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*rest}", get(tile))
        .with_state(node)
}

async fn checkpoint(State(node): State<Arc<Node>>) -> Response {
    let found = read(move || node.log().published().map(|published| Some(published.checkpoint))).await;
    respond(found, TEXT, CHANGING)
}

async fn tile(State(node): State<Arc<Node>>, Path(rest): Path<String>) -> Response {
    let Ok(path) = format!("tile/{rest}").parse::<TilePath>() else { return missing() };
    let found = read(move || node.log().tile(path)).await;
    respond(found, BYTES, UNCHANGING)
}

/// Reads the store away from the threads that serve connections.
async fn read(
    work: impl FnOnce() -> Result<Option<Vec<u8>>, LogError> + Send + 'static,
) -> Result<Option<Vec<u8>>, String> {
    match tokio::task::spawn_blocking(work).await {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err("a reader of the log panicked".to_owned()),
    }
}

fn respond(found: Result<Option<Vec<u8>>, String>, kind: &'static str, caching: &'static str) -> Response {
    match found {
        Ok(Some(bytes)) => {
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching), NO_SNIFFING];
            (headers, bytes).into_response()
        }
        Ok(None) => missing(),
        Err(error) => {
            tracing::error!(error, "the log could not be read");
            (StatusCode::INTERNAL_SERVER_ERROR, [(header::CACHE_CONTROL, CHANGING)]).into_response()
        }
    }
}

/// Not there yet, or never.
fn missing() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, CHANGING)]).into_response()
}
