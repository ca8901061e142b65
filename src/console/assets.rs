//! The style, the script and the fonts, as they lie in the program.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// Name, media type and bytes.
const FILES: &[(&str, &str, &[u8])] = &[
    ("console.css", "text/css; charset=utf-8", include_bytes!("assets/console.css")),
    ("console.js", "text/javascript; charset=utf-8", include_bytes!("assets/console.js")),
    ("noto-sans-khmer-regular.woff2", "font/woff2", include_bytes!("assets/noto-sans-khmer-regular.woff2")),
    ("noto-sans-khmer-bold.woff2", "font/woff2", include_bytes!("assets/noto-sans-khmer-bold.woff2")),
    ("icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
];

/// A short name of all these files together: another program has another one.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let parts: Vec<&[u8]> = FILES.iter().map(|(_, _, bytes)| *bytes).collect();
        let digest = crate::digest::hash("tallystick/console/files/v1", &parts).to_string();
        digest.chars().take(12).collect()
    });
    &VERSION
}

/// `/assets/…`: nothing about anybody, so that it may be kept by a browser.
pub(super) fn files() -> Router {
    Router::new().route("/assets/{name}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    let Some((_, media_type, bytes)) = FILES.iter().find(|(known, _, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let pairs: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        // A day: an upgrade of the program is seen the next morning at the latest.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    (pairs, *bytes).into_response()
}
