//! In which language a visitor reads: the one she chose, else the one that her browser asks for.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::Console;
use crate::words::{Texts, Words};

/// The cookie that holds the choice.
const COOKIE: &str = "language";
/// For how long a choice is kept: a year.
const KEPT_SECONDS: u32 = 365 * 86_400;

/// The words in which a request is answered.
pub(super) fn of(headers: &HeaderMap, texts: &Texts) -> Words {
    let chosen = cookie(headers, COOKIE);
    if let Some(chosen) = chosen.filter(|tag| texts.languages().iter().any(|there| there.tag == *tag)) {
        return texts.language(chosen);
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    texts.negotiate(wanted.unwrap_or_default())
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Where a visitor goes back to.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    to: String,
}

/// `GET /language/{tag}`: keeps the choice and goes back. It changes nothing but what the visitor reads.
pub(super) async fn choose(
    State(console): State<Arc<Console>>,
    Path(tag): Path<String>,
    Query(back): Query<Back>,
) -> Response {
    let to = HeaderValue::from_str(local(&back.to)).unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    if let Some(tag) = console.texts.languages().iter().find(|there| there.tag == tag) {
        let secure = if console.is_secure { "; Secure" } else { "" };
        let tag = &tag.tag;
        let cookie =
            format!("{COOKIE}={tag}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax; HttpOnly{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// A path of this node, or the first page where it is none: nobody is sent elsewhere from here.
pub(super) fn local(path: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.?=&%".contains(c);
    if path.starts_with('/') && !path.starts_with("//") && path.chars().all(plain) { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str, accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accept).unwrap());
        headers
    }

    #[test]
    fn the_choice_comes_before_the_browser_and_english_last() {
        let texts = Texts::built_in();
        for (cookie, accept, found) in [
            ("language=en", "km", "en"),
            ("a=b; language=km", "en", "km"),
            ("language=xx", "de, km-KH;q=0.7, en;q=0.3", "km"),
            ("language=", "de, en;q=0.2, km;q=0.25", "km"),
            ("", "*", "en"),
            ("", "km;q=0", "en"),
            ("", ";;q=,q=9999999999999", "en"),
        ] {
            assert_eq!(of(&headers(cookie, accept), &texts).tag(), found, "{cookie} {accept}");
        }
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local("/officer/today?day=2026-11-22"), "/officer/today?day=2026-11-22");
        for bad in
            ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nx: y", "", "evil", "/a\tb"]
        {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
