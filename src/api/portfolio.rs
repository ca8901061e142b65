//! `/v1/portfolio` and `/v1/loans`: the lender's book from afar: a whole file in the body, or some loans as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::{Json, check_length};
use super::consents::invalid;
use super::imports::{checked_options, run};
use super::operations::operation;
use super::problem::Problem;
use super::{Shared, table};
use crate::formats::{Format, rows_as_csv};
use crate::http::pieces;
use crate::limits::{IMPORT_BYTES_MAX, LOANS_PER_REQUEST_MAX};
use crate::model::day::Day;
use crate::model::leaf::Access;
use crate::model::money::Currency;
use crate::model::user::Caller;
use crate::node::{Concern, ConsentError, ImportOutcome};

/// The query of `POST /v1/portfolio`. The body is the file, as it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortfolioQuery {
    /// Its form.
    pub format: Format,
    /// Its name, for the list of loads.
    #[serde(default)]
    pub name: Option<String>,
    /// The text of a column mapping (TOML), as `config/mapping.toml` explains it; for `csv` and `xlsx`.
    #[serde(default)]
    pub mapping_toml: Option<String>,
    /// Whether the file holds every loan of its branches, so that what it leaves out has ended. Default false.
    #[serde(default)]
    pub full_portfolio: bool,
    /// Show that many rows as understood, at most 100, and write nothing.
    #[serde(default)]
    pub dry_run: Option<usize>,
    /// Currency of rows that name none.
    #[serde(default)]
    pub default_currency: Option<Currency>,
    /// Branch of rows that name none.
    #[serde(default)]
    pub default_branch: Option<String>,
    /// The day of the figures, for files that do not say.
    #[serde(default)]
    pub as_of: Option<Day>,
}

/// `POST /v1/loans`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoansBody {
    /// Loans, new or changed, each by our own column names and words as `config/mapping.toml` lists them; values are
    /// text. 1 to 1,000.
    pub loans: Vec<BTreeMap<String, String>>,
}

impl std::fmt::Debug for LoansBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LoansBody({} loans)", self.loans.len())
    }
}

/// A query that could not be read. It names the parameter where that is known; what stood there may be anything.
fn unread(wrong: &QueryRejection) -> Problem {
    let said = wrong.body_text();
    let parameters = operation(&Method::POST, "/v1/portfolio").map_or(&[][..], |operation| operation.query);
    match parameters.iter().find(|one| said.contains(&format!("string: {}: ", one.name))) {
        Some(one) => invalid(one.name, &format!("it cannot be read. {}", one.about)),
        None => invalid(
            "query",
            "give `format` (cdf, csv, xlsx or fineract) and beside it only what the documentation of the interface lists",
        ),
    }
}

pub(super) async fn upload(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    query: Result<Query<PortfolioQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_length(&headers, IMPORT_BYTES_MAX)?;
    let Query(query) = query.map_err(|wrong| unread(&wrong))?;
    let mut options = checked_options(
        query.format,
        query.mapping_toml.as_deref(),
        query.dry_run,
        query.name.unwrap_or_else(|| "upload".to_owned()),
    )?;
    options.full_portfolio = query.full_portfolio;
    options.default_currency = query.default_currency;
    options.default_branch = query.default_branch;
    options.as_of = query.as_of;
    service.blocking(move |node| node.log_access(&caller, Access::Load, Concern::Several)).await?;
    let (sender, mut file) = pieces();
    let runtime = tokio::runtime::Handle::current();
    // Not awaited: it ends with the body.
    drop(tokio::task::spawn_blocking(move || runtime.block_on(sender.send_all(body.into_data_stream()))));
    run(Arc::clone(&service.node), move |node, progress| Ok(node.import(&mut file, &options, progress)?))
        .await
}

pub(super) async fn upsert(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<LoansBody>,
) -> Result<axum::Json<ImportOutcome>, Problem> {
    if body.loans.is_empty() || body.loans.len() > LOANS_PER_REQUEST_MAX {
        return Err(invalid("loans", &format!("give 1 to {LOANS_PER_REQUEST_MAX}")));
    }
    let csv = rows_as_csv(&body.loans);
    let mut options = checked_options(Format::Csv, None, None, "single loans".to_owned())?;
    // Who sends a loan as it changes sends how it is now, unless `as_of` says otherwise.
    options.as_of = Some(Day::of(service.node.clock().now()));
    let loaded = service.blocking(move |node| {
        node.log_access(&caller, Access::Load, Concern::Several)
            .map_err(|e: ConsentError| Problem::from(e))?;
        node.import(&mut csv.as_slice(), &options, &mut |_| {}).map_err(Problem::from)
    });
    let outcome = loaded.await.map_err(|problem: Problem| {
        if problem.code == table::FILE_UNUSABLE.code { problem.with("field", "loans") } else { problem }
    })?;
    Ok(axum::Json(outcome))
}
