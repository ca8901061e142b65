//! The first page, and the page for paths that lead nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::Console;
use super::visit::{Answered, Page, Visit, go_to};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: &'a Page,
}

/// `GET /`: what the visitor may do here; who may do one thing alone is sent there.
pub(super) async fn home(visit: Visit) -> Answered {
    match &visit.page.areas[..] {
        [only] => Ok(go_to(only.path)),
        _ => Ok(visit.show(&Home { page: &visit.page })),
    }
}

#[derive(Template)]
#[template(path = "interface_in_console.html")]
struct Interface<'a> {
    page: &'a Page,
    interface: &'static str,
}

/// `GET /interface`: what other systems may ask of the node, for whoever connects one.
pub(super) async fn interface(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    Ok(visit.show(&Interface { page: &visit.page, interface: console.interface }))
}

/// A step of a page, such as `…/approve`, opened as a page: by the choice of a language where the step was refused, or by a
/// reload of the address alone. The page whose step it is stands one part higher.
pub(super) async fn step_as_page(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    match uri.path().rsplit_once('/') {
        Some((page, _)) if method == Method::GET && !page.is_empty() => go_to(page),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Nothing stands under this path.
pub(super) async fn not_found(visit: Visit) -> Response {
    visit.not_found()
}
