//! Requests that are sent twice: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! The first reply to a key is kept for a day and given again, to the same caller and for the same request alone. While the
//! first runs, a second is refused; what failed for a fault of the node's own is not kept, and may be tried again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::operations::takes_json;
use super::problem::Problem;
use super::{Service, table};
use crate::digest::{Digest, UserId, hash};
use crate::limits::{
    API_BODY_BYTES_MAX, API_BODY_SECONDS_MAX, IDEMPOTENCY_KEY_BYTES_MAX, KEPT_REPLY_BYTES_MAX,
};
use crate::model::leaf::Access;
use crate::model::user::Caller;
use crate::node::{Concern, ConsentError, KeptReply};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that a reply was kept from before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Keys of requests that run.
pub(super) type Running = Mutex<BTreeSet<(Option<UserId>, String)>>;

/// Takes its key out of those that run when it is dropped, however the request ends.
struct Turn {
    service: Arc<Service>,
    key: (Option<UserId>, String),
}

impl Turn {
    fn begin(service: &Arc<Service>, key: (Option<UserId>, String)) -> Option<Self> {
        let mut running = service.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(key.clone()).then(|| Self { service: Arc::clone(service), key })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.service.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Gives the first reply again to a request that is sent twice under one key.
pub(super) async fn once(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let key = request.headers().get(KEY).cloned();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(key), Some(path), Some(caller)) = (key, path, caller) else { return next.run(request).await };
    // Streams are not kept; a load is recognised by its file, an inquiry by its transaction as well.
    if request.method() != Method::POST || !takes_json(&path) {
        return next.run(request).await;
    }
    match replied(&service, &key, (caller, &path), request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn replied(
    service: &Arc<Service>,
    key: &HeaderValue,
    (caller, route): (Caller, &str),
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_BYTES_MAX);
    let wrong = || {
        let detail = format!("An idempotency key has 1 to {IDEMPOTENCY_KEY_BYTES_MAX} printable characters.");
        Problem::new(table::MALFORMED, detail)
    };
    let key = key.ok_or_else(wrong)?.to_owned();
    let (parts, body) = request.into_parts();
    let time = Duration::from_secs(API_BODY_SECONDS_MAX);
    let body = tokio::time::timeout(time, to_bytes(body, API_BODY_BYTES_MAX)).await.map_err(|_| {
        let detail = format!("The body has to be there within {API_BODY_SECONDS_MAX} seconds.");
        Problem::new(table::BODY_TIMEOUT, detail)
    })?;
    let body = body.map_err(|_| Problem::new(table::MALFORMED, "The body broke off, or is too large."))?;
    let asked = hash("tallystick/idempotent-request/v1", &[parts.uri.path().as_bytes(), &body]);
    let turn = Turn::begin(service, (caller.user, key.clone())).ok_or_else(|| {
        Problem::new(
            table::REQUEST_RUNNING,
            "A request with this idempotency key is running: ask again later.",
        )
    })?;
    let (looked, user, access) = (key.clone(), caller.user, access_of(route));
    let kept = service.blocking(move |node| {
        let kept = node.kept_reply(caller.user, &looked)?;
        if let Some(access) = access.filter(|_| kept.as_ref().is_some_and(|kept| kept.request == asked)) {
            // No handler logs what is given again.
            node.log_access(&caller, access, Concern::Several)?;
        }
        Ok::<_, ConsentError>(kept)
    });
    if let Some(kept) = kept.await? {
        return given_again(kept, asked);
    }
    // On its own, to its end: a caller whose line breaks meanwhile drops this future, and asks again for the reply.
    let service = Arc::clone(service);
    let runtime = tokio::runtime::Handle::current();
    let done = async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        let response = keep(&service, (user, key), asked, response).await;
        drop(turn);
        response
    };
    let running = tokio::task::spawn_blocking(move || runtime.block_on(done));
    running.await.map_err(|failed| super::panicked(&failed))?
}

/// What is read of a client with a reply that is given again; none where it says nothing of one.
fn access_of(route: &str) -> Option<Access> {
    match route {
        "/v1/inquiries" => Some(Access::AnswerRead),
        "/v1/subjects/report" => Some(Access::SubjectReport),
        "/v1/consents" | "/v1/grounds" | "/v1/consents/{consent}/withdraw" => Some(Access::ConsentRead),
        "/v1/proposals" | "/v1/proposals/{proposal}/withdraw" => Some(Access::ProposalRead),
        "/v1/disputes" | "/v1/disputes/{dispute}/answer" | "/v1/disputes/{dispute}/resolve" => {
            Some(Access::DisputeRead)
        }
        _ => None,
    }
}

fn given_again(kept: KeptReply, asked: Digest) -> Result<Response, Problem> {
    if kept.request != asked {
        let detail = "This idempotency key was used for another request; choose a new one.";
        return Err(Problem::new(table::KEY_REUSED, detail));
    }
    let status = axum::http::StatusCode::from_u16(kept.status).unwrap_or_default();
    let media_type =
        HeaderValue::from_str(&kept.media_type).unwrap_or(HeaderValue::from_static("text/plain"));
    let headers = [(header::CONTENT_TYPE, media_type), (REPLAYED, HeaderValue::from_static("true"))];
    Ok((status, headers, kept.body).into_response())
}

/// Keeps a reply, and gives it on.
async fn keep(
    service: &Arc<Service>,
    (caller, key): (Option<UserId>, String),
    request: Digest,
    response: Response,
) -> Result<Response, Problem> {
    // The node's own fault, or a refusal that time may lift: it may be tried again.
    if !response.status().is_success() && response.status().as_u16() != 422 {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, KEPT_REPLY_BYTES_MAX).await;
    let body = body.map_err(|_| Problem::new(table::INTERNAL, "The reply is too large to be kept."))?;
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kept = KeptReply {
        request,
        status: parts.status.as_u16(),
        media_type: media_type.unwrap_or("application/json").to_owned(),
        body: body.to_vec(),
    };
    service.blocking(move |node| node.keep_reply(caller, &key, &kept)).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}
