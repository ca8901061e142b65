//! Signing in and out, and one's own account: the only pages for those who are not known yet.
//!
//! What they may do to us: try names and passwords as fast as they can (a name is locked after a few, hashing has few
//! places), bring a session of their own choosing (one is only ever made here, after the password), or make a signed-in
//! visitor post what she did not mean to (her cookie is not sent from other sites, forms carry her session's token, and
//! what a browser says comes from elsewhere is not heard).

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::form::{Fields, Posted, read_form};
use super::visit::{Answered, Page, Visit, go_to, quoted, remote, render};
use super::{Console, Session, language, own_password};
use crate::digest::TransactionId;
use crate::limits::SIGN_INS_AT_ONCE_MAX;
use crate::people::{Attempt, Present, SessionToken, SignInError, SignedIn};
use crate::secret::SecretVec;
use crate::words::qr_svg;

/// Places for hashing passwords: each takes 19 MiB and some tens of milliseconds of a core.
pub(super) type Places = tokio::sync::Semaphore;

pub(super) fn places() -> Places {
    Places::new(SIGN_INS_AT_ONCE_MAX)
}

/// The pages of this file.
pub(super) fn pages() -> Router<Arc<Console>> {
    Router::new()
        .route("/sign-in", get(show).post(enter))
        .route("/sign-out", post(leave))
        .route("/account", get(account))
        .route("/account/password", post(change_password))
        .route("/account/second-factor", post(new_second_factor))
        .route("/account/second-factor/confirm", post(confirm_second_factor))
}

/// Puts whoever a request's cookie belongs to beside it, and hears no form that comes from elsewhere.
pub(super) async fn sessions(
    State(console): State<Arc<Console>>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD && is_foreign(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let id = TransactionId::random(&*console.entropy);
    if let Some(token) = token(&console, request.headers()) {
        let found = console.node.people().session(&token, console.node.clock().now());
        match found {
            // Her password is not her own yet: there is one page for her.
            Ok(Some(present)) if present.one_time && !own_password::is_open(request.uri().path()) => {
                return go_to(own_password::OWN_PASSWORD);
            }
            Ok(Some(Present { mut caller, .. })) => {
                caller.request = Some(id);
                request.extensions_mut().insert(caller);
                request.extensions_mut().insert(Session { csrf: token.form_code().to_string() });
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a session could not be read"),
        }
    }
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Whether a browser says that a request was made by a page of another site (Fetch Metadata; RFC 6454 for older ones).
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, of)| of != host),
        _ => false,
    }
}

/// `__Host-` keeps other hosts of a domain from setting it; browsers take it over TLS alone.
fn cookie_name(console: &Console) -> &'static str {
    if console.is_secure { "__Host-tally" } else { "tally" }
}

pub(super) fn token(console: &Console, headers: &HeaderMap) -> Option<SessionToken> {
    language::cookie(headers, cookie_name(console))?.parse().ok()
}

fn set_cookie(console: &Console, value: &str, response: &mut Response) {
    let secure = if console.is_secure { "; Secure" } else { "" };
    let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{ends}", cookie_name(console));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    page: &'a Page,
    /// What went wrong.
    wrong: Option<String>,
    name: &'a str,
    /// Whether a code is asked for.
    with_code: bool,
    /// Where to go afterwards.
    to: &'a str,
}

/// Where a visitor wanted to go.
#[derive(Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    to: String,
}

async fn show(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let page = Page::of_nobody(&console, language::of(&headers, &console.texts), "/sign-in");
    let to = language::local(&wanted.to);
    render(StatusCode::OK, &SignInPage { page: &page, wrong: None, name: "", with_code: false, to })
}

async fn enter(State(console): State<Arc<Console>>, request: Request) -> Response {
    let page = Page::of_nobody(&console, language::of(request.headers(), &console.texts), "/sign-in");
    let from = remote(request.extensions());
    let Some(fields) = read_form(request).await else { return StatusCode::BAD_REQUEST.into_response() };
    let to = language::local(fields.text("to")).to_owned();
    let wrong = match sign_in(&console, &fields, from).await {
        Ok(signed) => {
            let has_news = signed.has_news && !signed.present.one_time;
            let welcome = || format!("{}?to={}", own_password::WELCOME, quoted(&to));
            let mut response = if has_news { go_to(&welcome()) } else { go_to(&to) };
            set_cookie(&console, &signed.token.reveal(), &mut response);
            return response;
        }
        Err(wrong) => wrong,
    };
    let with_code = matches!(wrong, SignInError::CodeNeeded) || fields.some("code").is_some();
    let (status, text) = match &wrong {
        SignInError::Refused => (StatusCode::UNAUTHORIZED, page.t("console-sign-in-refused")),
        SignInError::CodeNeeded => (StatusCode::OK, page.t("console-sign-in-code-needed")),
        SignInError::Locked { seconds } => (StatusCode::TOO_MANY_REQUESTS, locked(&page, *seconds)),
        SignInError::People(error) => {
            tracing::error!(%error, "a sign-in failed");
            (StatusCode::SERVICE_UNAVAILABLE, page.t("console-sign-in-failed"))
        }
    };
    let name = fields.text("name").to_owned();
    render(status, &SignInPage { page: &page, wrong: Some(text), name: &name, with_code, to: &to })
}

/// For how long a name is locked, in words.
fn locked(page: &Page, seconds: i64) -> String {
    let minutes = u64::try_from(seconds).unwrap_or(0).div_ceil(60).max(1);
    page.counted("console-sign-in-locked", minutes)
}

async fn sign_in(
    console: &Arc<Console>,
    fields: &Fields,
    from: Option<IpAddr>,
) -> Result<SignedIn, SignInError> {
    let place = console.sign_ins.acquire().await;
    let name = fields.text("name").to_owned();
    let password = SecretVec::new(fields.raw("password").as_bytes().to_vec());
    let code = fields.some("code").map(str::to_owned);
    let node = Arc::clone(&console.node);
    let signing = tokio::task::spawn_blocking(move || {
        let attempt = Attempt { name: &name, password: &password, from };
        node.people().sign_in(&attempt, code.as_deref(), node.clock().now())
    });
    let signed = signing.await.unwrap_or(Err(SignInError::Refused));
    drop(place);
    signed
}

async fn leave(State(console): State<Arc<Console>>, headers: HeaderMap, posted: Posted) -> Response {
    drop(posted);
    if let Some(token) = token(&console, &headers)
        && let Err(error) = console.node.people().sign_out(&token)
    {
        tracing::error!(%error, "a session could not be ended");
    }
    let mut response = go_to("/sign-in");
    set_cookie(&console, "", &mut response);
    response
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    page: &'a Page,
    roles: Vec<String>,
    has_second_factor: bool,
    /// A secret to be put into an app, with its code as a picture.
    secret: Option<(String, String)>,
    done: Option<String>,
    wrong: Option<String>,
    /// What others did to the account, when she had signed in before, and how often somebody failed to since.
    hands: Vec<String>,
    before: String,
    failures: Option<String>,
}

/// What an account page has to say beside the account.
#[derive(Default)]
struct Outcome {
    secret: Option<(String, String)>,
    done: Option<String>,
    wrong: Option<String>,
}

async fn account(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    shown(&console, &visit, Outcome::default()).await
}

async fn shown(console: &Arc<Console>, visit: &Visit, outcome: Outcome) -> Answered {
    let id = visit.caller.user;
    let user = visit.blocking(console, move |node| match id {
        Some(id) => node.people().user(id),
        None => Ok(None),
    });
    let user = user.await?.ok_or_else(|| visit.not_found())?;
    let status = if outcome.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let roles = user.roles.iter().map(|role| visit.page.t(&format!("console-role-{role}"))).collect();
    let standing = own_password::standing(console, visit).await?;
    let Outcome { secret, done, wrong } = outcome;
    let page = &visit.page;
    let hands = own_password::interventions(page, &standing.interventions);
    let before = own_password::before(page, &standing);
    let failures = own_password::failures(page, &standing);
    let has_second_factor = user.second_factor;
    let account =
        AccountPage { page, roles, has_second_factor, secret, done, wrong, hands, before, failures };
    Ok(visit.show_as(status, &account))
}

/// Her own password: the old one first, so that a session left open does not become an account lost.
async fn change_password(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    let Some(session) = token(&console, &headers) else { return Err(visit.not_found()) };
    let wrong = |key: &str| Outcome { wrong: Some(visit.page.t(key)), ..Outcome::default() };
    if fields.raw("new") != fields.raw("again") {
        return shown(&console, &visit, wrong("console-account-differ")).await;
    }
    let place = console.sign_ins.acquire().await;
    let (remote, caller) = (visit.remote, visit.caller.clone());
    let old = SecretVec::new(fields.raw("old").as_bytes().to_vec());
    let new = SecretVec::new(fields.raw("new").as_bytes().to_vec());
    let changed = console.blocking(move |node| {
        let old = Attempt { name: &caller.name, password: &old, from: remote };
        node.people().change_password(&session, &old, &new, node.clock().now())
    });
    let changed = changed.await;
    drop(place);
    match changed {
        // Every session has ended with it, this one too.
        Ok(true) => Ok(go_to("/sign-in")),
        Ok(false) => shown(&console, &visit, wrong("console-account-old-wrong")).await,
        Err(trouble) if trouble.is_the_visitors() => {
            shown(&console, &visit, wrong("console-account-weak")).await
        }
        Err(trouble) => Err(visit.trouble(&trouble)),
    }
}

async fn new_second_factor(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    let Some(user) = visit.caller.user else { return Err(visit.not_found()) };
    let place = console.sign_ins.acquire().await;
    let remote = visit.remote;
    let password = SecretVec::new(fields.raw("password").as_bytes().to_vec());
    // Her password first, so that a session left open does not get somebody else's app.
    let made = visit.blocking(&console, move |node| {
        match node.people().confirm(user, &password, None, remote, node.clock().now()) {
            Ok(_) => node.people().new_second_factor(user, node.network().as_str()).map(Some),
            Err(SignInError::People(error)) => Err(error),
            Err(SignInError::Refused | SignInError::CodeNeeded | SignInError::Locked { .. }) => Ok(None),
        }
    });
    let made = made.await?;
    drop(place);
    let Some(made) = made else {
        let wrong = Some(visit.page.t("console-account-old-wrong"));
        return shown(&console, &visit, Outcome { wrong, ..Outcome::default() }).await;
    };
    let text = |secret: &SecretVec| String::from_utf8_lossy(secret.expose()).into_owned();
    let picture = qr_svg(&text(&made.address)).unwrap_or_default();
    let outcome = Outcome { secret: Some((text(&made.base32), picture)), ..Outcome::default() };
    shown(&console, &visit, outcome).await
}

async fn confirm_second_factor(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    let Some(user) = visit.caller.user else { return Err(visit.not_found()) };
    let code = fields.text("code").to_owned();
    let confirmed = visit.blocking(&console, move |node| {
        match node.people().confirm_second_factor(user, &code, node.clock().now()) {
            Err(SignInError::People(error)) => Err(error),
            other => Ok(other),
        }
    });
    let text = |key: &str| Some(visit.page.t(key));
    let outcome = match confirmed.await? {
        Ok(()) => Outcome { done: text("console-account-factor-done"), ..Outcome::default() },
        Err(SignInError::Locked { seconds }) => {
            Outcome { wrong: Some(locked(&visit.page, seconds)), ..Outcome::default() }
        }
        Err(_) => Outcome { wrong: text("console-account-factor-wrong"), ..Outcome::default() },
    };
    shown(&console, &visit, outcome).await
}
