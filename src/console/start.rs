//! The first page, and the page for paths that lead nowhere.

use askama::Template;
use axum::response::Response;

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

/// Nothing stands under this path.
pub(super) async fn not_found(visit: Visit) -> Response {
    visit.not_found()
}
