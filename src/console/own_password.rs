//! What a visitor is told when she has signed in, and the page on which she chooses a password of her own in place of one
//! that was given to her.
//!
//! What it holds against: whoever resets passwords can sign in as somebody else. Until she has chosen her own password her
//! session opens these pages alone, and they say who had a hand in her account.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::Console;
use super::form::Posted;
use super::language;
use super::sign_in::token;
use super::visit::{Answered, Page, Visit, go_to};
use crate::people::{Intervention, InterventionKind, PasswordRefused, PeopleError, Standing};
use crate::secret::SecretVec;
use crate::words::Value;

/// Where she chooses her own password.
pub(super) const OWN_PASSWORD: &str = "/account/own-password";
/// Where she is told what is new about her account.
pub(super) const WELCOME: &str = "/welcome";

/// The pages of this file.
pub(super) fn pages() -> Router<Arc<Console>> {
    Router::new().route(OWN_PASSWORD, get(ask).post(choose)).route(WELCOME, get(welcome))
}

/// Whether a path is open to somebody whose password was given to her.
pub(super) fn is_open(path: &str) -> bool {
    path == OWN_PASSWORD || path == "/sign-out" || path.starts_with("/language/")
}

/// How a visitor's account stands.
pub(super) async fn standing(console: &Arc<Console>, visit: &Visit) -> Result<Standing, Response> {
    let Some(user) = visit.caller.user else { return Ok(Standing::default()) };
    visit.blocking(console, move |node| node.people().standing(user)).await
}

/// What others did, in words, the newest first.
pub(super) fn interventions(page: &Page, known: &[Intervention]) -> Vec<String> {
    let said = known.iter().rev().map(|one| {
        let key = match one.kind {
            InterventionKind::Admitted => "console-news-admitted",
            InterventionKind::PasswordGiven => "console-news-password",
            InterventionKind::SecondFactorTaken => "console-news-factor",
        };
        let by = one.by.clone().unwrap_or_else(|| page.t("console-news-machine"));
        page.with(key, &[("by", Value::from(by)), ("time", Value::from(page.moment(one.time)))])
    });
    said.collect()
}

/// When she had signed in before, in words.
pub(super) fn before(page: &Page, standing: &Standing) -> String {
    match standing.signed_in_before {
        Some(time) => page.naming("console-news-before", "time", page.moment(time)),
        None => page.t("console-news-first"),
    }
}

/// How often somebody failed to sign in under her name since then, in words; none where nobody did.
pub(super) fn failures(page: &Page, standing: &Standing) -> Option<String> {
    (standing.failures > 0).then(|| page.counted("console-news-failures", standing.failures))
}

#[derive(Template)]
#[template(path = "own_password.html")]
struct OwnPasswordPage<'a> {
    page: &'a Page,
    news: Vec<String>,
    before: String,
    failures: Option<String>,
    wrong: Option<String>,
}

async fn ask(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    asked(&console, &visit, None).await
}

async fn asked(console: &Arc<Console>, visit: &Visit, wrong: Option<String>) -> Answered {
    let standing = standing(console, visit).await?;
    if !standing.one_time {
        return Ok(go_to("/account"));
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = &visit.page;
    let news = interventions(page, &standing.interventions);
    let (before, failures) = (before(page, &standing), failures(page, &standing));
    Ok(visit.show_as(status, &OwnPasswordPage { page, news, before, failures, wrong }))
}

/// Without the old one: it was typed a moment ago, and it is no secret of hers.
async fn choose(State(console): State<Arc<Console>>, headers: HeaderMap, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    let Some(session) = token(&console, &headers) else { return Err(visit.not_found()) };
    if fields.raw("new") != fields.raw("again") {
        return asked(&console, &visit, Some(visit.page.t("console-account-differ"))).await;
    }
    let place = console.sign_ins.acquire().await;
    let new = SecretVec::new(fields.raw("new").as_bytes().to_vec());
    let chosen = visit.blocking(&console, move |node| {
        match node.people().choose_first_password(&session, &new, node.clock().now()) {
            Ok(()) => Ok(None),
            Err(PeopleError::Password(PasswordRefused::Given)) => Ok(Some("console-own-password-given")),
            Err(PeopleError::Password(_)) => Ok(Some("console-account-weak")),
            Err(error) => Err(error),
        }
    });
    let chosen = chosen.await;
    drop(place);
    match chosen? {
        // Every session has ended with it, this one too.
        None => Ok(go_to("/sign-in")),
        Some(wrong) => asked(&console, &visit, Some(visit.page.t(wrong))).await,
    }
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage<'a> {
    page: &'a Page,
    news: Vec<String>,
    before: String,
    failures: Option<String>,
    to: &'a str,
}

/// Where a visitor wanted to go.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    to: String,
}

async fn welcome(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    let standing = standing(&console, &visit).await?;
    let page = &visit.page;
    let news = interventions(page, standing.new_interventions());
    let to = language::local(&wanted.to);
    let (before, failures) = (before(page, &standing), failures(page, &standing));
    Ok(visit.show(&WelcomePage { page, news, before, failures, to }))
}
