//! `/v1/log/export`: what `tally log export` puts beside the tiles of the log.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::feeds::PageOf;
use super::problem::Problem;
use super::{Shared, table};
use crate::audit::export::RowLine;
use crate::node::ExportHead;

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowsPage {
    /// Their headers, by sequence number. None at the end of the feed.
    pub rows: Vec<RowLine>,
}

pub(super) async fn head(State(service): Shared) -> Result<axum::Json<ExportHead>, Problem> {
    service.blocking(|node| node.export_head()).await.map(axum::Json)
}

pub(super) async fn file(State(service): Shared, Path(path): Path<String>) -> Result<Response, Problem> {
    let found = service.blocking(move |node| node.export_file(&path)).await?;
    let bytes = found.ok_or_else(|| {
        Problem::new(table::NOT_FOUND, "The export has no such file; `GET /v1/log/export` lists what it has.")
    })?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

pub(super) async fn rows(
    State(service): Shared,
    PageOf { lender, after }: PageOf,
) -> Result<axum::Json<RowsPage>, Problem> {
    let rows = service.blocking(move |node| node.export_rows(&lender, after)).await?;
    Ok(axum::Json(RowsPage { rows }))
}
