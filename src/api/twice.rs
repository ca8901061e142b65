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
use super::operation::Operation;
use super::operations::operation;
use super::problem::Problem;
use super::{Service, table};
use crate::digest::{Digest, UserId, hash};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, KEPT_REPLIES_PER_CALLER_MAX, KEPT_REPLY_BYTES_MAX};
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
    let (looked, user) = (key.clone(), caller.user);
    let (access, secrets) = (operation.access, operation.shown_once);
    let kept = service.blocking(move |node| {
        let kept = node.kept_reply(caller.user, &looked)?;
        let has_room = kept.is_some() || node.has_room_for_reply(caller.user)?;
        if let (Some(access), Some(kept)) = (access, kept.as_ref().filter(|kept| kept.request == asked)) {
            // No handler logs what is given again.
            node.log_access(&caller, access, kept.concern)?;
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
        let response = keep(&service, (user, key), asked, (access, secrets), response).await;
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
    (access, secrets): (Option<Access>, &'static [&'static str]),
    response: Response,
) -> Result<Response, Problem> {
    // The node's own fault, or a refusal that time may lift: it may be tried again.
    if !response.status().is_success() && response.status().as_u16() != 422 {
        return Ok(response);
    }
    let bytes_max = u64::try_from(KEPT_REPLY_BYTES_MAX).unwrap_or(u64::MAX);
    // A reply whose length is known is in memory already.
    let length = response.body().size_hint().exact();
    let is_short = length.is_some_and(|bytes| bytes <= bytes_max);
    let (parts, body) = response.into_parts();
    let is_success = parts.status.is_success();
    let (body, kept, concern) = if length.is_some() {
        let bytes = to_bytes(body, usize::MAX).await;
        let bytes = bytes.map_err(|_| Problem::new(table::INTERNAL, "The reply broke off."))?;
        let concern =
            access.filter(|_| is_success).map_or(Concern::Several, |access| concern(access, &bytes));
        // A long reply goes out as it is; that it was done is kept all the same.
        let kept = if is_short { bytes.to_vec() } else { Vec::new() };
        (Body::from(bytes), kept, concern)
    } else {
        (body, Vec::new(), Concern::Several)
    };
    let kept = if secrets.is_empty() || !is_success { kept } else { without(&kept, secrets) };
    let is_whole = is_short && (secrets.is_empty() || !is_success);
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kept = KeptReply {
        request,
        status: parts.status.as_u16(),
        media_type: media_type.unwrap_or("application/json").to_owned(),
        body: kept,
        is_whole,
        concern,
    };
    service.blocking(move |node| node.keep_reply(caller, &key, &kept)).await?;
    Ok(Response::from_parts(parts, body))
}

/// What a reply concerns, by what it names: the leaf of a consent or of the opening for a client's report, the transaction
/// of an inquiry, a dispute or a proposal.
fn concern(access: Access, reply: &[u8]) -> Concern {
    let reply: Value = serde_json::from_slice(reply).unwrap_or_default();
    let named = |path: &str| reply.pointer(path).cloned().unwrap_or_default();
    let transaction = |path: &str| serde_json::from_value(named(path)).ok().map(Concern::Transaction);
    let concern = match access {
        Access::ConsentRead | Access::SubjectReport => {
            serde_json::from_value(named("/leaf")).ok().map(Concern::Leaf)
        }
        Access::AnswerRead => transaction("/answer/transaction"),
        Access::DisputeRead => transaction("/dispute"),
        Access::ProposalRead => transaction("/proposal"),
        _ => None,
    };
    concern.unwrap_or(Concern::Several)
}

/// A JSON object without some of its members; nothing where it is none.
fn without(body: &[u8], members: &[&str]) -> Vec<u8> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else { return Vec::new() };
    object.retain(|name, _| !members.contains(&name.as_str()));
    Value::Object(object).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::digest::TransactionId;

    #[test]
    fn a_dispute_is_named_by_its_transaction_and_what_names_nothing_by_none() {
        let opened = json!({ "dispute": "07".repeat(16), "leaf": { "index": 1, "hash": "00".repeat(32) } });
        let opened = opened.to_string();
        let dispute = Concern::Transaction(TransactionId([7; 16]));
        assert_eq!(concern(Access::DisputeRead, opened.as_bytes()), dispute);
        assert_eq!(concern(Access::AnswerRead, opened.as_bytes()), Concern::Several);
        assert_eq!(concern(Access::DisputeRead, b"no JSON"), Concern::Several);
    }
}
