//! stand-in
/// r
pub fn router(_n: std::sync::Arc<crate::node::Node>) -> axum::Router { axum::Router::new() }
/// s
pub async fn serve(_l: tokio::net::UnixListener, _r: axum::Router, s: tokio_util::sync::CancellationToken) { s.cancelled().await }
