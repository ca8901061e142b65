//! The operator's pages: members and the age of their data, key holders and quotas, alarms, connections, market figures.
//! Nothing here is about a client.

mod alarms;
mod connection;
mod market;
mod overview;
mod quality;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Console;

/// `/operator/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    Router::new()
        .route("/", get(overview::page))
        .route("/connections", get(connection::page))
        .route("/connections/{member}", post(connection::test))
        .route("/market", get(market::page))
        .route("/market.csv", get(market::csv))
}
