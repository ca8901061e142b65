//! `/v1/feeds`: feeds to and from a file, for `tally feed`.
//!
//! `POST /v1/feeds/import` names a file on the node's own machine, which the node reads with its own rights: it belongs
//! on the local socket, like `POST /v1/imports`.

use std::path::PathBuf;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::imports::open;
use super::problem::Problem;
use super::{Shared, table};
use crate::clock::UnixTime;
use crate::limits::FEED_FILE_BYTES_MAX;
use crate::model::member::{MemberId, NetworkId};
use crate::node::FeedsImported;
use crate::wire::codec;

/// The feeds held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedsHeld {
    /// The network.
    pub network: NetworkId,
    /// This member.
    pub member: MemberId,
    /// Now, by this node.
    pub time: UnixTime,
    /// The feeds of which a signed state is held, the own among them.
    pub feeds: Vec<FeedHeld>,
}

/// A feed that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedHeld {
    /// Whose.
    pub lender: MemberId,
    /// Sequence number of the newest signed state.
    pub sequence: u64,
    /// Live rows.
    pub rows: u64,
    /// When that state was signed.
    pub state: UnixTime,
}

/// `?after=` of a page of a feed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AfterQuery {
    #[serde(default)]
    after: u64,
}

/// A page of a feed: whose, as its path says, and the sequence number behind which it begins.
pub(super) struct PageOf {
    pub(super) lender: MemberId,
    pub(super) after: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for PageOf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let wrong = || Problem::new(table::MALFORMED, "Ask as `?after=SEQUENCE`, of a lender by its id.");
        let query = Query::<AfterQuery>::from_request_parts(parts, state).await;
        let Path(lender) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| wrong())?;
        let lender = lender.parse().map_err(|_| wrong())?;
        Ok(Self { lender, after: query.map_err(|_| wrong())?.after })
    }
}

/// `POST /v1/feeds/import`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedImportBody {
    /// The file, an absolute path on the node's machine.
    pub path: PathBuf,
}

pub(super) async fn list(State(service): Shared) -> Result<axum::Json<FeedsHeld>, Problem> {
    let held = service.blocking(|node| {
        let mut feeds = Vec::new();
        for member in &node.roster().document().members {
            if let Some(state) = node.feeds().state(&member.id)? {
                let (sequence, rows) = (state.sequence, state.rows);
                feeds.push(FeedHeld { lender: member.id.clone(), sequence, rows, state: state.time });
            }
        }
        let (network, member) = (node.network().clone(), node.me().clone());
        Ok::<_, crate::store::StoreError>(FeedsHeld { network, member, time: node.clock().now(), feeds })
    });
    held.await.map(axum::Json)
}

pub(super) async fn page(
    State(service): Shared,
    PageOf { lender, after }: PageOf,
) -> Result<Response, Problem> {
    let page = service.blocking(move |node| node.export_feed_page(&lender, after)).await?;
    let page = page.ok_or_else(|| {
        Problem::new(
            table::NOT_FOUND,
            "No signed state of this feed is held here; `GET /v1/feeds` lists what is.",
        )
    })?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], codec::encode(&page)).into_response())
}

pub(super) async fn import(
    State(service): Shared,
    Json(body): Json<FeedImportBody>,
) -> Result<axum::Json<FeedsImported>, Problem> {
    let imported = service.blocking(move |node| {
        let file = open("path", &body.path, FEED_FILE_BYTES_MAX)?;
        let mut file = std::io::BufReader::with_capacity(64 * 1024, file);
        node.import_feeds(&mut file).map_err(Problem::from)
    });
    imported.await.map(axum::Json)
}
