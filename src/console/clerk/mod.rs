//! The data clerk's pages: loading the book, how far a load is, what was rejected and why, and the history.

mod history;
mod load;
mod progress;
mod upload;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::Console;

pub(super) use uploads::Uploads;

/// `/clerk/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    Router::new()
        .route("/", get(history::page))
        // The file goes through piece by piece, within its own bound.
        .route("/upload", post(upload::upload).layer(DefaultBodyLimit::disable()))
        .route("/uploads/{upload}", get(progress::page))
        .route("/loads/{number}", get(load::page))
        .route("/loads/{number}/release", post(load::release))
        .route("/loads/{number}/discard", post(load::discard))
        .route("/loads/{number}/undo", post(load::undo))
}
