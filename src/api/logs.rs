//! `/v1/log`: this node's consent log.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::body::Json;
use super::consents::invalid;
use super::problem::Problem;
use super::{Shared, table};
use crate::digest::Digest;
use crate::limits::LEAVES_PER_UPDATE_MAX;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::leaf::LeafReference;
use crate::model::member::MemberId;
use crate::node::{Node, Standing, SucceedError};
use crate::roster::log_origin;

/// The reply to `GET /v1/log`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogHeadShown {
    /// The log's name.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Root hash of the tree.
    pub root: Digest,
    /// The newest checkpoint, a C2SP signed note; empty before the first leaf.
    pub checkpoint: String,
    /// The newest checkpoint that has the witnesses' quorum, with their lines; empty before the first.
    pub quorum: String,
}

/// The reply to `POST /v1/log/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogVerified {
    /// Leaves of the own log, all of which lead to its signed checkpoint.
    pub leaves: u64,
    /// The same for every log that is mirrored here.
    pub mirrors: Vec<MirrorVerified>,
}

/// One mirrored log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MirrorVerified {
    /// Whose log.
    pub member: MemberId,
    /// Leaves that lead to what its owner signed.
    pub leaves: u64,
    /// Sizes at which its owner signed two different trees.
    pub forks: Vec<u64>,
}

/// `GET /v1/log/leaves?from=&limit=`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeavesQuery {
    /// Index of the first.
    #[serde(default)]
    pub from: u64,
    /// How many, 1 to 1,024. Default 100.
    #[serde(default = "a_hundred")]
    pub limit: usize,
}

fn a_hundred() -> usize {
    100
}

/// A page of leaves.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct LeavesPage {
    /// Leaves of the log.
    pub size: u64,
    /// The leaves, from the one asked for.
    pub leaves: Vec<LeafShown>,
    /// Where the next page begins; none at the end.
    pub next: Option<u64>,
}

/// One leaf.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct LeafShown {
    /// Its index.
    pub index: u64,
    /// RFC 6962 hash of its bytes.
    pub hash: Digest,
    /// The leaf, the very text that is logged.
    #[schemars(with = "crate::model::leaf::Leaf")]
    pub leaf: Box<RawValue>,
}

pub(super) async fn head(State(service): Shared) -> Result<axum::Json<LogHeadShown>, Problem> {
    let head = service.blocking(|node| {
        let head = node.log().head();
        Ok::<_, LogError>(LogHeadShown {
            origin: log_origin(node.network(), node.me()),
            size: head.size,
            root: head.root,
            checkpoint: String::from_utf8_lossy(&head.checkpoint).into_owned(),
            quorum: String::from_utf8_lossy(&head.quorum).into_owned(),
        })
    });
    head.await.map(axum::Json)
}

/// `POST /v1/log/continue`: those who have not said how much of the log they have seen are not waited for.
pub(super) async fn go_on(State(service): Shared) -> Result<axum::Json<Standing>, Problem> {
    service.waiting(|node| async move { node.settle_without().await }).await.map(axum::Json)
}

/// What `POST /v1/log/succeeds` takes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// The removed member.
    pub member: MemberId,
    /// A signed checkpoint of its log, as far as its store still had it.
    pub had: String,
    /// The newest signed checkpoint of its log that others hold.
    pub signed: String,
}

/// `POST /v1/log/succeeds`: this log goes on for one that ended with a break.
pub(super) async fn succeed(
    State(service): Shared,
    Json(asked): Json<Succession>,
) -> Result<axum::Json<LeafReference>, Problem> {
    let Succession { member, had, signed } = asked;
    service
        .blocking(move |node| node.succeed(&member, had.as_bytes(), signed.as_bytes()))
        .await
        .map(axum::Json)
}

impl From<SucceedError> for Problem {
    fn from(error: SucceedError) -> Self {
        let detail = error.to_string();
        match error {
            SucceedError::Log(error) => error.into(),
            SucceedError::NotRemoved(_) => invalid("member", &detail),
            SucceedError::Checkpoint { which, .. } => invalid(which, &detail),
        }
    }
}

pub(super) async fn verify(State(service): Shared) -> Result<axum::Json<LogVerified>, Problem> {
    service.blocking(|node| verify_all(node)).await.map(axum::Json)
}

/// Recomputes the own log from its leaves, and every log that is mirrored here, and compares them with what was signed.
///
/// Errors: the first log that does not lead to its checkpoint, or what the store says.
pub fn verify_all(node: &Node) -> Result<LogVerified, LogError> {
    let leaves = node.log().verify()?;
    let mut mirrors = Vec::new();
    for member in &node.roster().document().members {
        if &member.id == node.me() || node.mirror().head(&member.id)?.is_none() {
            continue;
        }
        let leaves = node.mirror().verify(&member.id)?;
        let forks = node.mirror().forks(&member.id)?.into_iter().map(|(size, _)| size).collect();
        mirrors.push(MirrorVerified { member: member.id.clone(), leaves, forks });
    }
    Ok(LogVerified { leaves, mirrors })
}

pub(super) async fn leaves(
    State(service): Shared,
    query: Result<Query<LeavesQuery>, QueryRejection>,
) -> Result<axum::Json<LeavesPage>, Problem> {
    let wrong = || {
        let detail =
            format!("Ask as `?from=INDEX&limit=COUNT`, with at most {LEAVES_PER_UPDATE_MAX} at once.");
        Problem::new(table::MALFORMED, detail)
    };
    let Query(query) = query.map_err(|_| wrong())?;
    if query.limit == 0 || query.limit > LEAVES_PER_UPDATE_MAX {
        return Err(wrong());
    }
    let page = service.blocking(move |node| {
        let size = node.log().head().size;
        let left = usize::try_from(size.saturating_sub(query.from)).unwrap_or(usize::MAX);
        let found = node.log().leaves(query.from, query.limit.min(left))?;
        let mut leaves = Vec::with_capacity(found.len());
        for (index, bytes) in (query.from..).zip(found) {
            let hash = Digest(leaf_hash(&bytes));
            let text = String::from_utf8(bytes).ok();
            let leaf = text.and_then(|text| RawValue::from_string(text).ok()).ok_or_else(|| {
                Problem::new(table::LOG_DAMAGED, format!("Leaf {index} is no JSON.")).journal(&index)
            })?;
            leaves.push(LeafShown { index, hash, leaf });
        }
        let next = leaves.last().map(|leaf| leaf.index + 1).filter(|next| *next < size);
        Ok::<_, Problem>(LeavesPage { size, leaves, next })
    });
    page.await.map(axum::Json)
}
