//! Who calls, and whether the caller may: before any handler, for every route.
//!
//! On the node's own socket whoever may open it may do everything; the file's mode settles who that is. From the network a
//! caller shows an access token, and may do what the token's scope names. What takes a file of the node's machine, or
//! decides what a restored node goes on with, is not there from the network at all.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::operation::Need;
use super::operations::need_of;
use super::problem::Problem;
use super::{RequestId, Service, table};
use crate::model::user::{Caller, Right};
use crate::node::Node;

/// Where callers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// The node's own socket.
    Socket,
    /// A listener that others reach.
    Network,
}

/// Lets those through who may, with the [`Caller`] beside the request.
pub(super) async fn guard(
    State((service, entrance)): State<(Arc<Service>, Entrance)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match entrance {
        Entrance::Socket => Ok(Caller::local()),
        Entrance::Network => admitted(&service.node, &request),
    };
    match caller {
        Ok(mut caller) => {
            caller.request = request.extensions().get::<RequestId>().map(|id| id.0);
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => {
            let unknown = problem.status == 401;
            let mut response = problem.into_response();
            if unknown {
                let challenge = HeaderValue::from_static("Bearer realm=\"tallystick\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}

fn admitted(node: &Node, request: &Request) -> Result<Caller, Problem> {
    let caller = bearer(request.headers())
        .map(|token| node.people().token_caller(token, node.clock().now()))
        .transpose()?
        .flatten();
    let caller = caller.ok_or_else(|| {
        let detail = "Send `authorization: Bearer TOKEN` with an access token that is in force; `tally token issue` \
                      gives one out.";
        Problem::new(table::UNKNOWN_CALLER, detail)
    })?;
    // What is not there is said by the router, and only to those who are known.
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Ok(caller) };
    match need_of(request.method(), path.as_str()) {
        Some(Need::Right(right)) if caller.may(right) => Ok(caller),
        Some(Need::Right(right)) => Err(forbidden(right)),
        Some(Need::Socket) => {
            let detail = "This is possible on the node's own socket alone, on its machine.";
            Err(Problem::new(table::FORBIDDEN, detail))
        }
        // To an unknown method of a known path the router says so.
        Some(Need::Anyone) | None => Ok(caller),
    }
}

fn forbidden(right: Right) -> Problem {
    Problem::new(
        table::FORBIDDEN,
        format!("It takes the right `{right}`, which the token's scope does not name."),
    )
    .with("right", right)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
