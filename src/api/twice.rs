//! Requests that are sent twice: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! The first reply to a key is kept for a day and given again, to the same caller and for the same request alone. While the
//! first runs, a second is refused; what failed for a fault of the node's own is not kept, and may be tried again.
//!
//! What a reply shows this once, a withdrawal code or the secret of a token, is not kept, nor is a reply that is too long:
//! whoever asks again is told that it was done, with the rest of the reply.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::body::read;
use super::operations::{Operation, operation};
use super::problem::Problem;
use super::{Service, table};
use crate::digest::{Digest, UserId, hash};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, KEPT_REPLIES_PER_CALLER_MAX, KEPT_REPLY_BYTES_MAX};
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
    let Some(operation) = operation(request.method(), &path).filter(|operation| operation.takes_json())
    else {
        return next.run(request).await;
    };
    match replied(&service, &key, (caller, operation), request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn replied(
    service: &Arc<Service>,
    key: &HeaderValue,
    (caller, operation): (Caller, &Operation),
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
    let body = read(&parts.headers, body).await?;
    let asked = hash("tallystick/idempotent-request/v1", &[parts.uri.path().as_bytes(), &body]);
    let turn = Turn::begin(service, (caller.user, key.clone())).ok_or_else(|| {
        Problem::new(
            table::REQUEST_RUNNING,
            "A request with this idempotency key is running: ask again later.",
        )
    })?;
    let (looked, user, secrets) = (key.clone(), caller.user, operation.shown_once);
    let access = operation.access;
    let kept = service.blocking(move |node| {
        let kept = node.kept_reply(caller.user, &looked)?;
        let has_room = kept.is_some() || node.has_room_for_reply(caller.user)?;
        if let Some(access) = access.filter(|_| kept.as_ref().is_some_and(|kept| kept.request == asked)) {
            // No handler logs what is given again.
            node.log_access(&caller, access, Concern::Several)?;
        }
        Ok::<_, ConsentError>((kept, has_room))
    });
    let (kept, has_room) = kept.await?;
    if let Some(kept) = kept {
        return given_again(kept, asked);
    }
    if !has_room {
        let detail = format!(
            "{KEPT_REPLIES_PER_CALLER_MAX} replies to requests of this caller are kept, each for a day. Nothing was done: \
             ask again without an idempotency key, or later."
        );
        return Err(Problem::new(table::TOO_MANY_KEYS, detail));
    }
    // On its own, to its end: a caller whose line breaks meanwhile drops this future, and asks again for the reply.
    let service = Arc::clone(service);
    let runtime = tokio::runtime::Handle::current();
    // It holds a blocking thread and needs another: of all of them some are left.
    let place = Arc::clone(&service.keyed).acquire_owned().await.expect("the semaphore is never closed");
    let done = async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        let response = keep(&service, (user, key), asked, secrets, response).await;
        drop((turn, place));
        response
    };
    let running = tokio::task::spawn_blocking(move || runtime.block_on(done));
    running.await.map_err(|failed| super::panicked(&failed))?
}

pub(super) fn given_again(kept: KeptReply, asked: Digest) -> Result<Response, Problem> {
    if kept.request != asked {
        let detail = "This idempotency key was used for another request; choose a new one.";
        return Err(Problem::new(table::KEY_REUSED, detail));
    }
    if !kept.is_whole {
        let detail = "It was done under this idempotency key before. What it showed once is not kept.";
        let problem = Problem::new(table::DONE_ALREADY, detail);
        let rest: Option<Value> = serde_json::from_slice(&kept.body).ok();
        return Err(match rest {
            Some(rest) => problem.with("reply", rest),
            None => problem,
        });
    }
    let status = axum::http::StatusCode::from_u16(kept.status).unwrap_or_default();
    let media_type =
        HeaderValue::from_str(&kept.media_type).unwrap_or(HeaderValue::from_static("text/plain"));
    let headers = [(header::CONTENT_TYPE, media_type), (REPLAYED, HeaderValue::from_static("true"))];
    Ok((status, headers, kept.body).into_response())
}

/// Keeps a reply, and gives it on.
pub(super) async fn keep(
    service: &Arc<Service>,
    (caller, key): (Option<UserId>, String),
    request: Digest,
    secrets: &'static [&'static str],
    response: Response,
) -> Result<Response, Problem> {
    // The node's own fault, or a refusal that time may lift: it may be tried again.
    if !response.status().is_success() && response.status().as_u16() != 422 {
        return Ok(response);
    }
    let bytes_max = u64::try_from(KEPT_REPLY_BYTES_MAX).unwrap_or(u64::MAX);
    let is_short = response.body().size_hint().upper().is_some_and(|bytes| bytes <= bytes_max);
    let (parts, body) = response.into_parts();
    // A long reply goes out as it is; that it was done is kept all the same.
    let (body, kept) = if is_short {
        let bytes = to_bytes(body, KEPT_REPLY_BYTES_MAX).await;
        let bytes = bytes.map_err(|_| Problem::new(table::INTERNAL, "The reply broke off."))?;
        (Body::from(bytes.clone()), bytes.to_vec())
    } else {
        (body, Vec::new())
    };
    let is_success = parts.status.is_success();
    let kept = if secrets.is_empty() || !is_success { kept } else { without(&kept, secrets) };
    let is_whole = is_short && (secrets.is_empty() || !is_success);
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kept = KeptReply {
        request,
        status: parts.status.as_u16(),
        media_type: media_type.unwrap_or("application/json").to_owned(),
        body: kept,
        is_whole,
    };
    service.blocking(move |node| node.keep_reply(caller, &key, &kept)).await?;
    Ok(Response::from_parts(parts, body))
}

/// A JSON object without some of its members; nothing where it is none.
fn without(body: &[u8], members: &[&str]) -> Vec<u8> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else { return Vec::new() };
    object.retain(|name, _| !members.contains(&name.as_str()));
    Value::Object(object).to_string().into_bytes()
}
