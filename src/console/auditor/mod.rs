//! The auditor's pages: the log and those of others that are mirrored here, one inquiry through all of them, the
//! verifier, and the evidence to take along. No leaf tells who a client is, and neither does anything here.

mod browse;
mod evidence;
mod follow;
mod leaf;
mod logs;
mod overview;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Console;

/// `/auditor/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    Router::new()
        .route("/", get(overview::page))
        .route("/verify", post(overview::verify))
        .route("/leaves", get(browse::page))
        .route("/leaves/{log}/{index}", get(leaf::page))
        .route("/follow", get(follow::page))
        .route("/evidence.tar", get(evidence::take))
}
