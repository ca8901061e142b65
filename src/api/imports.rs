//! `/v1/imports`: loading the lender's book.
//!
//! `POST /v1/imports` names a file on the node's own machine, which the node reads with its own rights: it belongs on
//! the local socket, whose callers have those rights already, and on no other door.

use std::convert::Infallible;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path as UrlPath, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::body::Json;
use super::consents::invalid;
use super::problem::Problem;
use super::{Service, Shared, table};
use crate::book::Load;
use crate::formats::{FineractSources, Format, Mapping};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_WHOLE_BYTES_MAX, LISTED_PER_PAGE};
use crate::model::day::Day;
use crate::model::leaf::Access;
use crate::model::money::Currency;
use crate::model::user::Caller;
use crate::node::{Concern, ImportOptions, ImportOutcome, ImportProgress, Node};

/// The media type of the reply to `POST /v1/imports`: one JSON object a line.
pub const NDJSON: &str = "application/x-ndjson";
/// Lines on their way to the caller. A caller that reads slowly misses progress and never the outcome.
const LINES_WAITING_MAX: usize = 16;
/// Rows that a dry run shows at most.
const DRY_RUN_ROWS_MAX: usize = 100;

/// `POST /v1/imports`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportBody {
    /// The file, an absolute path on the node's machine.
    pub path: PathBuf,
    /// Its form.
    pub format: Format,
    /// Answers of the Fineract API that lie in files of their own, where `path` holds the loans alone.
    #[serde(default, skip_serializing_if = "FineractParts::is_none")]
    pub fineract: FineractParts,
    /// The text of a column mapping (TOML), as `config/mapping.toml` explains it; for `csv` and `xlsx`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping_toml: Option<String>,
    /// Whether the file holds every loan of its branches, so that what it leaves out has ended. Default false.
    #[serde(default)]
    pub full_portfolio: bool,
    /// Show that many rows as understood, at most 100, and write nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<usize>,
    /// Currency of rows that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_currency: Option<Currency>,
    /// Branch of rows that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
    /// The day of the figures, for files that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
}

/// Answers of the Fineract API beside the loans: absolute paths on the node's machine.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FineractParts {
    /// Clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<PathBuf>,
    /// Identifiers of clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifiers: Option<PathBuf>,
    /// Groups with their members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<PathBuf>,
}

impl FineractParts {
    fn is_none(&self) -> bool {
        [&self.clients, &self.identifiers, &self.groups].iter().all(|part| part.is_none())
    }
}

/// A line of the reply to `POST /v1/imports`: any number of `progress`, then one `outcome` or `problem`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Progress(ImportProgress),
    Outcome(Box<ImportOutcome>),
    Problem(Box<Problem>),
}

/// The reply to `GET /v1/imports`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Imports {
    /// Loads, oldest first.
    pub imports: Vec<Load>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<u64>,
}

/// What part of the list is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageWanted {
    /// Loads up to and including this one are left out.
    after: Option<u64>,
}

/// `POST /v1/imports/{number}/release`, `…/undo` and `…/discard`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// The person who decides.
    pub by: String,
}

/// The reply to `GET /v1/imports/{number}/rejects`: persons' data, for the clerk who mends the file.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Rejects {
    /// The rejected rows that are kept.
    pub rejects: Vec<RejectShown>,
}

/// A rejected row.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct RejectShown {
    /// Line of the file, from 1.
    pub line: u64,
    /// The field.
    pub field: String,
    /// What is wrong, and the way out.
    pub reason: String,
    /// The row as it stood in the file.
    pub row: String,
}

impl std::fmt::Debug for RejectShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RejectShown")
            .field("line", &self.line)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Rejects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rejects({} rows)", self.rejects.len())
    }
}

pub(super) async fn import(
    State(service): Shared,
    Json(body): Json<ImportBody>,
) -> Result<Response, Problem> {
    run(Arc::clone(&service.node), move |node, progress| {
        let options = options(&body)?;
        let mut file = source(&body)?;
        Ok(node.import(&mut *file, &options, progress)?)
    })
    .await
}

/// Runs a load and tells how far it is, line by line. It goes on to its end even if the caller goes away.
pub(super) async fn run(
    node: Arc<Node>,
    load: impl FnOnce(&Node, &mut dyn FnMut(ImportProgress)) -> Result<ImportOutcome, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (lines, mut waiting) = mpsc::channel(LINES_WAITING_MAX);
    // Not awaited: the load goes on to its end even if the caller goes away.
    drop(tokio::task::spawn_blocking(move || {
        let mut progress = |progress| {
            if lines.capacity() > 1 {
                let _ = lines.try_send(Line::Progress(progress));
            }
        };
        let last = match load(&node, &mut progress) {
            Ok(outcome) => Line::Outcome(Box::new(outcome)),
            Err(problem) => {
                if let Some(why) = &problem.journal {
                    tracing::error!(why, "import failed");
                }
                Line::Problem(Box::new(problem))
            }
        };
        // One place is kept free for it; without a caller nobody misses it.
        let _ = lines.try_send(last);
    }));
    // What fails before it has begun is answered with its own status.
    let first = match waiting.recv().await {
        Some(Line::Problem(problem)) => return Err(*problem),
        Some(line) => line,
        None => {
            let detail = "The node failed; its journal says why.";
            return Err(Problem::new(table::INTERNAL, detail).journal("an import panicked"));
        }
    };
    let body = futures_util::stream::unfold((Some(first), waiting), |(first, mut waiting)| async move {
        let line = match first {
            Some(line) => line,
            None => waiting.recv().await?,
        };
        let mut bytes = serde_json::to_vec(&line).expect("lines have only string keys");
        bytes.push(b'\n');
        Some((Ok::<_, Infallible>(Bytes::from(bytes)), (None, waiting)))
    });
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON))], Body::from_stream(body)).into_response())
}

fn options(body: &ImportBody) -> Result<ImportOptions, Problem> {
    let name = body.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut options = checked_options(body.format, body.mapping_toml.as_deref(), body.dry_run, name)?;
    options.full_portfolio = body.full_portfolio;
    options.default_currency = body.default_currency;
    options.default_branch.clone_from(&body.default_branch);
    options.as_of = body.as_of;
    Ok(options)
}

/// The options of a load, as far as they can be wrong.
pub(super) fn checked_options(
    format: Format,
    mapping_toml: Option<&str>,
    dry_run: Option<usize>,
    name: String,
) -> Result<ImportOptions, Problem> {
    let mapping = mapping_toml.map(Mapping::from_toml).transpose();
    let mapping = mapping.map_err(|error| invalid("mapping_toml", &error.to_string()))?;
    if dry_run.is_some_and(|rows| rows > DRY_RUN_ROWS_MAX) {
        return Err(invalid("dry_run", &format!("at most {DRY_RUN_ROWS_MAX} rows are shown")));
    }
    let mut options = ImportOptions::new(format, name);
    options.mapping = mapping;
    options.dry_run = dry_run;
    Ok(options)
}

/// What is to be read: the file, or several answers of the Fineract API as one.
fn source(body: &ImportBody) -> Result<Box<dyn Read>, Problem> {
    if body.fineract.is_none() {
        return Ok(Box::new(open("path", &body.path, IMPORT_BYTES_MAX)?));
    }
    if !matches!(body.format, Format::Fineract) {
        return Err(invalid("fineract", "clients, identifiers and groups lie apart in format fineract only"));
    }
    let whole = |field: &str, path: &Path| {
        let mut bytes = Vec::new();
        let file = open(field, path, IMPORT_BYTES_MAX)?;
        let cannot = |error| invalid(field, &format!("the node cannot read the file: {error}"));
        file.take(IMPORT_WHOLE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > IMPORT_WHOLE_BYTES_MAX {
            return Err(invalid(field, &format!("the file is longer than {IMPORT_WHOLE_BYTES_MAX} bytes")));
        }
        Ok(bytes)
    };
    let part = |field: &str, path: &Option<PathBuf>| path.as_ref().map(|path| whole(field, path)).transpose();
    let loans = whole("path", &body.path)?;
    let clients = part("fineract.clients", &body.fineract.clients)?;
    let identifiers = part("fineract.identifiers", &body.fineract.identifiers)?;
    let groups = part("fineract.groups", &body.fineract.groups)?;
    let sources = FineractSources {
        loans: &loans,
        clients: clients.as_deref(),
        identifiers: identifiers.as_deref(),
        groups: groups.as_deref(),
    };
    let joined = sources.join().map_err(|error| invalid(error.part, &error.error.to_string()))?;
    Ok(Box::new(std::io::Cursor::new(joined)))
}

/// Opens a plain file of a size that is read.
pub(super) fn open(field: &str, path: &Path, bytes_max: u64) -> Result<File, Problem> {
    if !path.is_absolute() {
        return Err(invalid(field, "give the whole path, for the node may stand in another folder"));
    }
    let cannot = |error: std::io::Error| invalid(field, &format!("the node cannot read the file: {error}"));
    // Looked at before it is opened: opening a pipe waits for its writer.
    let found = std::fs::metadata(path).map_err(cannot)?;
    if !found.is_file() {
        return Err(invalid(field, "this is no plain file"));
    }
    if found.len() > bytes_max {
        let what = format!("the file has {} bytes; at most {bytes_max} are read", found.len());
        return Err(invalid(field, &what));
    }
    File::open(path).map_err(cannot)
}

pub(super) async fn list(
    State(service): Shared,
    wanted: Result<Query<PageWanted>, QueryRejection>,
) -> Result<axum::Json<Imports>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("after", "give the `next` of the page before"))?;
    let page = service.blocking(move |node| node.loads_page(wanted.after, LISTED_PER_PAGE));
    let (imports, next) = page.await?;
    Ok(axum::Json(Imports { imports, next }))
}

pub(super) async fn release(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    UrlPath(number): UrlPath<String>,
    Json(body): Json<DecisionBody>,
) -> Result<axum::Json<Load>, Problem> {
    decide(&service, caller, &number, move |node, number| node.release_load(number, &body.by)).await
}

pub(super) async fn undo(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    UrlPath(number): UrlPath<String>,
    Json(body): Json<DecisionBody>,
) -> Result<axum::Json<Load>, Problem> {
    decide(&service, caller, &number, move |node, number| node.undo_load(number, &body.by)).await
}

pub(super) async fn discard(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    UrlPath(number): UrlPath<String>,
    Json(body): Json<DecisionBody>,
) -> Result<axum::Json<Load>, Problem> {
    decide(&service, caller, &number, move |node, number| node.discard_load(number, &body.by)).await
}

async fn decide(
    service: &Arc<Service>,
    caller: Caller,
    number: &str,
    decide: impl FnOnce(&Node, u64) -> Result<Load, crate::node::ImportError> + Send + 'static,
) -> Result<axum::Json<Load>, Problem> {
    let number = load_number(number)?;
    let decided = service.blocking(move |node| {
        node.log_access(&caller, Access::Load, Concern::Several)?;
        decide(node, number).map_err(Problem::from)
    });
    decided.await.map(axum::Json)
}

pub(super) async fn rejects(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    UrlPath(number): UrlPath<String>,
) -> Result<axum::Json<Rejects>, Problem> {
    let number = load_number(&number)?;
    let rejects = service.blocking(move |node| {
        node.log_access(&caller, Access::RejectsRead, Concern::Several)?;
        node.rejects(number).map_err(Problem::from)
    });
    let rejects = rejects.await?;
    let rejects = rejects.iter().map(|reject| RejectShown {
        line: reject.line,
        field: reject.field.clone(),
        reason: reject.reason.clone(),
        row: reject.row.clone(),
    });
    Ok(axum::Json(Rejects { rejects: rejects.collect() }))
}

fn load_number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| invalid("number", "a load has a number, as `tally import list` shows it"))
}
