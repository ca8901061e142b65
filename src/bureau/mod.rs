//! The dialect in which an unmodified Apache Fineract asks a credit bureau (its `THITSAWORKS` connector): four calls on a
//! loopback listener of its own. `docs/FINERACT.md` says how to set it up.
//!
//! What the boundary may do to us: any program on this machine may connect. Every call carries the four secrets of the
//! configuration, all but the first a token made here as well; they are compared in constant time. The client's number
//! stands in the path of a call, so no path and no body is ever written to the journal. A report is given only for a handle that a
//! search gave out minutes ago, once, and a search gives one only for a number about which a live consent is recorded here.
//!
//! The connector takes anything but 200 for a broken bureau, and shows nothing of a report whose members are null; it does not
//! look at what it does not know. So whatever comes of a question is a whole report, in whose note it stands.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

mod credentials;
mod form;
mod handles;
mod report;
mod token;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

pub use credentials::{Credentials, CredentialsError};

use handles::{Handle, Handles};

use crate::digest::TransactionId;
use crate::limits::{FINERACT_FORM_BYTES_MAX, FINERACT_REPORT_MILLISECONDS_MAX, FINERACT_UPLOAD_BYTES_MAX};
use crate::model::consent::ConsentState;
use crate::model::identifier::{Identifier, SchemeId, Strength};
use crate::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use crate::model::leaf::Access;
use crate::model::user::Caller;
use crate::node::{AnswerDocument, Concern, ConsentError, ConsentFault, ConsentView, Inquired, Node};
use crate::people::PeopleError;
use crate::secret::Entropy;
use crate::signing::SignedObject as _;

/// What the dialect is served with.
#[derive(Clone)]
pub struct BureauOptions {
    /// What every call must show.
    pub credentials: Arc<Credentials>,
    /// The scheme of the numbers that are asked for; every strong scheme of the policy when none.
    pub scheme: Option<SchemeId>,
    /// Code of the purpose that the consents are for, and the inquiries.
    pub purpose: String,
    /// Within which a report is answered.
    pub report_within: Duration,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

impl BureauOptions {
    /// Options with the deadline that the connector's patience leaves.
    pub fn new(
        credentials: Arc<Credentials>,
        scheme: Option<SchemeId>,
        purpose: String,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let report_within = Duration::from_millis(FINERACT_REPORT_MILLISECONDS_MAX);
        Self { credentials, scheme, purpose, report_within, entropy }
    }
}

impl std::fmt::Debug for BureauOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BureauOptions").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// What the handlers share.
struct Bureau {
    node: Arc<Node>,
    options: BureauOptions,
    handles: Handles,
}

type Shared = State<Arc<Bureau>>;

/// The dialect, answered by `node`.
pub fn router(node: Arc<Node>, options: BureauOptions) -> Router {
    let bureau = Arc::new(Bureau { node, options, handles: Handles::default() });
    let upload = post(upload).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/search", post(search))
        .route("/search/", post(search))
        .route("/search/{*number}", post(search))
        .route("/report", get(report))
        .route("/report/", get(report))
        .route("/report/{*handle}", get(report))
        .route("/upload", upload)
        .layer(from_fn_with_state(Arc::clone(&bureau), with_token))
        .route("/token", post(issue))
        .fallback(async || said(StatusCode::NOT_FOUND, "There is nothing under this address."))
        .layer(DefaultBodyLimit::max(FINERACT_FORM_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&bureau), outermost))
        .with_state(bureau)
}

/// A message and nothing else.
fn said(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "ResponseMessage": message }))).into_response()
}

/// One line of the journal for a call, without anything that the caller sent; and no cache keeps a report.
async fn outermost(State(bureau): Shared, request: Request, next: Next) -> Response {
    // The pattern of the route, not the path: that holds the client's number.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let begun = bureau.node.clock().elapsed();
    let mut response = next.run(request).await;
    let milliseconds = bureau.node.clock().elapsed().saturating_sub(begun).as_millis();
    let (status, route) = (response.status().as_u16(), route.as_deref().unwrap_or("unknown"));
    tracing::debug!(route, status, milliseconds, "asked by the core banking system");
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets a call through that shows the subscription and a token that was made here.
async fn with_token(State(bureau): Shared, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let credentials = &bureau.options.credentials;
    let now = bureau.node.clock().now();
    // Both are looked at, whatever the first gives.
    let subscribed = is_subscribed(credentials, headers);
    if !(token::is_valid(&bureau.node, credentials, bearer, now) & subscribed) {
        return said(StatusCode::UNAUTHORIZED, "The token or the subscription is not known here.");
    }
    next.run(request).await
}

fn is_subscribed(credentials: &Credentials, headers: &HeaderMap) -> bool {
    let given = |name: &str| headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
    credentials.subscription_is(given("mcix-subscription-key"), given("mcix-subscription-id"))
}

/// `POST /token`.
async fn issue(State(bureau): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let credentials = &bureau.options.credentials;
    let form = form::fields(&body);
    let field = |name: &str| form::field(&form, name).unwrap_or_default();
    if field("grant_type") != b"password" {
        return said(StatusCode::BAD_REQUEST, "Only a grant of type password is given.");
    }
    let subscribed = is_subscribed(credentials, &headers);
    if !(credentials.user_is(field("userName"), field("password")) & subscribed) {
        return said(
            StatusCode::UNAUTHORIZED,
            "User name, password or subscription are not those of this node.",
        );
    }
    let (now, user) = (bureau.node.clock().now(), String::from_utf8_lossy(field("userName")));
    axum::Json(token::issue(&bureau.node, credentials, &user, &*bureau.options.entropy, now)).into_response()
}

/// `POST /search/{number}`.
async fn search(State(bureau): Shared, tail: Option<Path<String>>, uri: Uri, _: Bytes) -> Response {
    let number = asked_for(tail, &uri);
    let found = {
        let (bureau, number) = (Arc::clone(&bureau), number.clone());
        tokio::task::spawn_blocking(move || bureau.find(&number)).await
    };
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::error!(%error, "consents could not be looked up");
            return nothing_found("This node cannot look up consents now; its journal says why.");
        }
        Err(_) => return nothing_found("This node failed; its journal says why."),
    };
    match found {
        Ok(handle) => {
            let unique = bureau.handles.put(handle, &*bureau.options.entropy, bureau.node.clock().now());
            let data = json!([{ "UniqueID": unique.to_string(), "NRC": number }]);
            axum::Json(json!({ "ResponseMessage": "OK", "Data": data })).into_response()
        }
        Err(message) => nothing_found(message),
    }
}

fn nothing_found(message: &str) -> Response {
    axum::Json(json!({ "ResponseMessage": message, "Data": [] })).into_response()
}

/// What stands behind the address of the configuration: the rest of the path, or the value of its last question mark.
fn asked_for(tail: Option<Path<String>>, uri: &Uri) -> String {
    if let Some(Path(tail)) = tail {
        return tail;
    }
    let query = uri.query().unwrap_or_default();
    let value = query.rsplit_once('=').map_or(query, |(_, value)| value);
    form::percent_decoded(value).into_owned()
}

/// As the node's list of tokens names this listener, and so the log.
const LISTENER: &str = "Fineract listener";

/// Who asks, as the log names it. Looked up for each question, for the list of tokens is changed while the node runs.
fn caller(node: &Node) -> Result<Caller, ConsentError> {
    node.people().part(LISTENER, node.clock().now()).map_err(|error| match error {
        PeopleError::Store(error) => error.into(),
        PeopleError::Sealed { source, .. } => source.into(),
        PeopleError::Codec(error) => error.into(),
        // What it asks for is fixed, and right.
        PeopleError::Invalid { .. }
        | PeopleError::Password(_)
        | PeopleError::NameTaken
        | PeopleError::Unknown(_) => {
            ConsentError::NotAllowed { field: "listener", why: ConsentFault::Own(error.to_string()) }
        }
    })
}

impl Bureau {
    /// A handle to the live consent about a number, or in words why there is none.
    fn find(&self, number: &str) -> Result<Result<Handle, &'static str>, ConsentError> {
        let now = self.node.clock().now();
        self.node.log_access(&caller(&self.node)?, Access::ConsentRead, Concern::Several)?;
        let (mut live, mut known) = (None::<ConsentView>, false);
        let mut schemes_found = 0;
        for identifier in self.identifiers(number) {
            known = true;
            let consents = self.node.consents_with(&identifier)?;
            // Asked before, not answered in time, and gone on since: that answer costs no second use.
            let resumed = consents.iter().find_map(|one| self.handles.resumable(one.terms.consent, now));
            if let Some(handle) = resumed {
                return Ok(Ok(handle));
            }
            let found = consents.into_iter().find(|one| {
                one.state == ConsentState::Given
                    && one.terms.from <= now
                    && one.terms.purpose.word() == self.options.purpose
                    && one.ground.is_none()
            });
            if found.is_some() {
                schemes_found += 1;
                live = found;
            }
        }
        Ok(match live {
            Some(_) if schemes_found > 1 => Err(
                "The number is one in several schemes, with a consent in more than one: name the scheme in the \
                     node's configuration ([fineract] scheme).",
            ),
            Some(consent) => {
                let transaction = TransactionId::random(&*self.options.entropy);
                Ok(Handle { consent: consent.terms.consent, transaction })
            }
            None if known => Err(
                "No live consent of this client is recorded. Record it first, then ask again: in the console of the \
                     lender's node, or with tally consent record.",
            ),
            None => Err("This is no number of an identifier that the network accepts: check its spelling."),
        })
    }

    /// What a number may be, in the configured scheme or in every strong one of the policy.
    fn identifiers(&self, number: &str) -> Vec<Identifier> {
        let (roster, schemes) = (self.node.roster(), self.node.schemes());
        let accepted = &roster.policy().identifiers.accepted;
        let strong = accepted.iter().filter(|scheme| schemes.strength(scheme) == Some(Strength::Strong));
        let asked = strong.filter(|scheme| self.options.scheme.as_ref().is_none_or(|only| &only == scheme));
        asked.filter_map(|scheme| schemes.parse(scheme, number).ok()).collect()
    }
}

/// `GET /report/{handle}`.
async fn report(State(bureau): Shared, tail: Option<Path<String>>, uri: Uri) -> Response {
    let handle = asked_for(tail, &uri).parse().ok();
    let now = bureau.node.clock().now();
    let Some(handle) = handle.and_then(|handle| bureau.handles.take(handle, now)) else {
        let note = "This search is used up or too old. Search for the client again.";
        return axum::Json(report::unanswered(note)).into_response();
    };
    axum::Json(bureau.ask(handle).await).into_response()
}

impl Bureau {
    /// Asks, and answers in time whatever has come.
    async fn ask(&self, handle: Handle) -> Value {
        let request = InquiryRequest {
            purpose: self.options.purpose.clone(),
            persons: vec![InquiryPerson { role: Role::Applicant, consent: handle.consent.to_string() }],
            requested: None,
            household_income: None,
            household_expenses: None,
            refinances: None,
        };
        let (node, runtime) = (Arc::clone(&self.node), tokio::runtime::Handle::current());
        // Once begun it goes on to its end, whoever waits for it.
        let asking = tokio::task::spawn_blocking(move || {
            let caller = caller(&node)?;
            runtime.block_on(node.for_caller(&caller).inquire(&request, Some(handle.transaction)))
        });
        let asked = match tokio::time::timeout(self.options.report_within, asking).await {
            Ok(Ok(asked)) => asked,
            Ok(Err(_)) => return report::unanswered("This node failed; its journal says why."),
            Err(_) => {
                self.handles.resume(handle, self.node.clock().now());
                return report::unanswered(
                    "Too few key holders have answered in time. The question goes on: search again in a minute, which \
                     costs no further consent.",
                );
            }
        };
        if asked.is_ok() {
            self.handles.ended(handle.consent, self.node.clock().now());
        }
        match asked {
            Ok(Inquired::Answered(signed)) => match AnswerDocument::parse(signed.bytes()) {
                Ok(AnswerDocument(answer)) => report::of(&answer),
                Err(error) => {
                    tracing::error!(%error, "an answer could not be read");
                    report::unanswered("This node failed; its journal says why.")
                }
            },
            Ok(Inquired::Refused(refused)) => report::refused(refused.reason),
            Err(error) => {
                tracing::info!(%error, "a question of the core banking system has no answer");
                self.handles.resume(handle, self.node.clock().now());
                report::unanswered(&format!("{error}. Search again later, which costs no further consent."))
            }
        }
    }
}

/// `POST /upload`. The whole file is read, for its sender listens only then.
async fn upload(State(_): Shared, body: Body) -> Response {
    let (mut body, mut bytes) = (body, 0usize);
    while let Some(Ok(frame)) = body.frame().await {
        bytes = bytes.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if bytes > FINERACT_UPLOAD_BYTES_MAX {
            return said(StatusCode::PAYLOAD_TOO_LARGE, "The file is too long.");
        }
    }
    // Whoever may ask is not whoever may load the book.
    let message = "Nothing was taken in by this way. The loan book is loaded every night from Fineract's report endpoint, \
                   or by hand with tally import.";
    said(StatusCode::OK, message)
}
