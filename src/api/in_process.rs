//! The interface without a socket, for a program that has opened the node itself.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use tower::ServiceExt as _;

use super::router;
use crate::node::Node;

/// The handlers of a node in this process: the same that the socket leads to.
///
/// What they would write to the node's journal goes to the journal of this process, if it has one.
#[derive(Clone, Debug)]
pub struct InProcess {
    router: Router,
}

impl InProcess {
    /// The interface of `node`.
    pub fn new(node: Arc<Node>) -> Self {
        Self { router: router(node) }
    }

    /// The reply to one request. To be awaited on a runtime of tokio, for handlers send what blocks to its threads.
    pub async fn call(&self, request: Request<Full<Bytes>>) -> Response {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }
}
