//! `/v1/portfolio` and `/v1/loans`: the lender's book from afar: a whole file in the body, or some loans as JSON.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::StreamExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::body::{Json, check_length};
use super::consents::invalid;
use super::imports::{FormatWord, checked_options, run};
use super::problem::Problem;
use super::{Shared, table};
use crate::formats::rows_as_csv;
use crate::limits::{IMPORT_BYTES_MAX, LOANS_PER_REQUEST_MAX, UPLOAD_PAUSE_SECONDS_MAX};
use crate::model::day::Day;
use crate::model::leaf::Access;
use crate::model::money::Currency;
use crate::model::user::Caller;
use crate::node::{Concern, ConsentError, ImportOutcome};

/// Pieces of a body on their way to the reader: the sender waits for the disk, not the memory for the sender.
const PIECES_WAITING: usize = 4;

/// The query of `POST /v1/portfolio`. The body is the file, as it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortfolioQuery {
    /// Its form.
    pub format: FormatWord,
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

pub(super) async fn upload(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    query: Result<Query<PortfolioQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_length(&headers, IMPORT_BYTES_MAX)?;
    let wrong = "give `format` (cdf, csv, xlsx or fineract) and beside it only what the documentation of the interface lists";
    let Query(query) = query.map_err(|_| invalid("query", wrong))?;
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
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    // Ends with the body, or with its reader.
    let runtime = tokio::runtime::Handle::current();
    let sending = tokio::task::spawn_blocking(move || runtime.block_on(send(body, sender)));
    let reply = run(Arc::clone(&service.node), move |node, progress| {
        let mut file = Upload { receiver, piece: Bytes::new(), read: 0 };
        Ok(node.import(&mut file, &options, progress)?)
    });
    let reply = reply.await;
    if reply.is_err() {
        sending.abort();
    }
    reply
}

/// Hands the body on, piece by piece. A body that breaks off or stalls is an error, never an end.
async fn send(body: Body, sender: mpsc::Sender<Result<Bytes, String>>) {
    let mut pieces = body.into_data_stream();
    let pause = Duration::from_secs(UPLOAD_PAUSE_SECONDS_MAX);
    loop {
        let piece = match tokio::time::timeout(pause, pieces.next()).await {
            Ok(None) => return,
            Ok(Some(Ok(piece))) => Ok(piece),
            Ok(Some(Err(_))) => {
                Err("the upload broke off; nothing was loaded: send the file again".to_owned())
            }
            Err(_) => Err(format!(
                "nothing came for {UPLOAD_PAUSE_SECONDS_MAX} seconds; nothing was loaded: send the file again"
            )),
        };
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// The body as a file that is read from its beginning to its end. Nothing of it is written to disk on the way.
struct Upload {
    receiver: mpsc::Receiver<Result<Bytes, String>>,
    piece: Bytes,
    read: u64,
}

impl Read for Upload {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                None => return Ok(0),
                Some(piece) => self.piece = piece.map_err(std::io::Error::other)?,
            }
        }
        let taken = self.piece.split_to(self.piece.len().min(out.len()));
        self.read = self.read.saturating_add(u64::try_from(taken.len()).unwrap_or(u64::MAX));
        if self.read > IMPORT_BYTES_MAX {
            return Err(std::io::Error::other(format!("at most {IMPORT_BYTES_MAX} bytes are read")));
        }
        let Some(place) = out.get_mut(..taken.len()) else { return Ok(0) };
        place.copy_from_slice(&taken);
        Ok(taken.len())
    }
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
    let mut options = checked_options(FormatWord::Csv, None, None, "single loans".to_owned())?;
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
