//! `/v1/market`, `/v1/market.csv`.

use axum::extract::State;
use axum::http::{HeaderName, header};

use super::Shared;
use super::problem::Problem;
use crate::market::MarketReport;

pub(super) async fn show(State(service): Shared) -> Result<axum::Json<MarketReport>, Problem> {
    service.blocking(|node| node.market()).await.map(axum::Json)
}

pub(super) async fn table(
    State(service): Shared,
) -> Result<([(HeaderName, &'static str); 2], String), Problem> {
    let report = service.blocking(|node| node.market()).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"market.csv\""),
    ];
    Ok((headers, report.to_csv()))
}
