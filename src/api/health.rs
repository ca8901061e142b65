//! How the node is, for those who watch it: `/livez`, `/readyz`, `/metrics`. Nothing here names a client.
//!
//! `/livez` says that the program answers, and depends on nothing else: a node that recovers its store, or whose peers are
//! away, is not mended by a restart. `/readyz` lists what it takes to work.

use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::node::{Node, Phase, Status};

/// The media type of OpenMetrics, which Prometheus asks for.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The node that runs now, for those who outlast it: it starts again when its disk has room.
#[derive(Clone, Debug, Default)]
pub struct NodeSlot(Arc<Mutex<Weak<Node>>>);

impl NodeSlot {
    /// The slot of a node that runs.
    pub fn of(node: &Arc<Node>) -> Self {
        let slot = Self::default();
        slot.set(node);
        slot
    }

    /// From now on it is this one. The slot does not keep it alive.
    pub fn set(&self, node: &Arc<Node>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(node);
    }

    fn get(&self) -> Option<Arc<Node>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }
}

/// The reply to `GET /readyz`: status 200 when it is ready, else 503.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readiness {
    /// Whether every check that is needed is good.
    pub ready: bool,
    /// The checks.
    pub checks: Vec<ReadyCheck>,
}

/// One check of readiness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadyCheck {
    /// `node`, `store`, `log`, `roster`, `keys` or `holders`.
    pub name: String,
    /// Whether it is good.
    pub good: bool,
    /// Whether the node is not ready without it. Key holders that are away hold up inquiries, and nothing else.
    pub needed: bool,
}

/// `/livez` and `/readyz` of the node in a slot, and `/metrics` if wanted.
pub fn health_router(node: NodeSlot, metrics: bool) -> Router {
    let router = Router::new().route("/livez", get(live)).route("/readyz", get(ready));
    let router = if metrics { router.route("/metrics", get(figures)) } else { router };
    router.with_state(node)
}

async fn live() -> &'static str {
    "alive\n"
}

async fn ready(State(slot): State<NodeSlot>) -> Response {
    let readiness = match slot.get() {
        None => Readiness { ready: false, checks: vec![check("node", false, true)] },
        Some(node) => {
            let looked = tokio::task::spawn_blocking(move || readiness(&node)).await;
            looked.unwrap_or(Readiness { ready: false, checks: vec![check("node", false, true)] })
        }
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}

fn check(name: &str, good: bool, needed: bool) -> ReadyCheck {
    ReadyCheck { name: name.to_owned(), good, needed }
}

fn readiness(node: &Node) -> Readiness {
    let roster = node.roster();
    let mut checks = vec![
        check("node", true, true),
        check("store", !node.store_failed(), true),
        check("log", node.is_settled(), true),
        check("roster", roster.document().expires > node.clock().now(), true),
        check("keys", roster.current_epoch().is_some(), true),
    ];
    let status = node.status().ok();
    let reach = status.as_ref().and_then(|status| status.holders.as_ref());
    checks.push(check("holders", reach.is_some_and(|reach| reach.in_reach.len() >= reach.needed), false));
    Readiness { ready: checks.iter().all(|check| check.good || !check.needed), checks }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct MemberLabels {
    member: String,
}

/// Requests of this process since its start. Routes are patterns, never paths.
struct Requests {
    count: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
}

static REQUESTS: LazyLock<Requests> = LazyLock::new(|| Requests {
    count: Family::default(),
    seconds: Family::new_with_constructor(|| {
        Histogram::new([0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0])
    }),
});

/// Counts a request by its route's pattern.
pub(super) fn count_request(method: &str, route: &str, status: u16, took: Duration) {
    let labels = RequestLabels { method: method.to_owned(), route: route.to_owned(), status: status.into() };
    REQUESTS.count.get_or_create(&labels).inc();
    REQUESTS.seconds.get_or_create(&RouteLabels { route: route.to_owned() }).observe(took.as_secs_f64());
}

async fn figures(State(slot): State<NodeSlot>) -> Response {
    let node = slot.get();
    let text = tokio::task::spawn_blocking(move || {
        let status = node.as_ref().and_then(|node| node.status().ok());
        text(status.as_ref())
    });
    match text.await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn text(status: Option<&Status>) -> String {
    let mut registry = Registry::with_prefix("tally");
    registry.register("requests", "Requests to the interface", REQUESTS.count.clone());
    registry.register_with_unit(
        "request_duration",
        "Time to a request's reply",
        Unit::Seconds,
        REQUESTS.seconds.clone(),
    );
    one(&mut registry, "up", "Whether the node works: 1, or 0 while it starts", i64::from(status.is_some()));
    if let Some(status) = status {
        register(&mut registry, status);
    }
    let mut text = String::new();
    // Writing to memory cannot fail.
    encode(&mut text, &registry).map(|()| text).unwrap_or_default()
}

fn one(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn register(registry: &mut Registry, status: &Status) {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    one(registry, "log_leaves", "Leaves in the consent log", number(status.log_size));
    let settled = status.standing.phase == Phase::Settled;
    one(registry, "log_settled", "Whether the log is known to be whole", i64::from(settled));
    one(registry, "disk_full", "Whether nothing is written for want of room", i64::from(status.disk_full));
    one(registry, "feed_rows", "Live rows of the own feed", number(status.feed_rows));
    one(registry, "feed_sequence", "Sequence number of the own feed", number(status.feed_sequence));
    one(registry, "clients_waiting", "Clients that wait to be published", number(status.clients_waiting));
    one(registry, "loads_held", "Loads that wait for a person's decision", count(status.loads_held.len()));
    one(registry, "roster_version", "Version of the roster that is followed", number(status.roster_version));
    one(registry, "roster_expires_timestamp_seconds", "When that roster expires", status.roster_expires.0);
    if let Some(until) = status.certificate_until {
        one(registry, "certificate_expires_timestamp_seconds", "When the node's certificate ends", until.0);
    }
    if let Some(holders) = &status.holders {
        one(registry, "holders_needed", "Key holders that must help", count(holders.needed));
        one(registry, "holders_in_reach", "Key holders heard of lately", count(holders.in_reach.len()));
    }
    let age = |time: Option<UnixTime>| time.map(|time| status.time.seconds_since(time));
    let heard: Family<MemberLabels, Gauge> = Family::default();
    let rows: Family<MemberLabels, Gauge> = Family::default();
    let trouble: Family<MemberLabels, Gauge> = Family::default();
    let certificates: Family<MemberLabels, Gauge> = Family::default();
    for member in &status.members {
        let labels = MemberLabels { member: member.member.to_string() };
        rows.get_or_create(&labels).set(number(member.rows));
        let wrong = member.forked || member.differs_since.is_some() || !member.two_states.is_empty();
        trouble.get_or_create(&labels).set(i64::from(wrong));
        if let Some(until) = member.certificate_until {
            certificates.get_or_create(&labels).set(until.0);
        }
        if let Some(age) = age(member.last_heard) {
            heard.get_or_create(&labels).set(age);
        }
    }
    registry.register("member_rows", "Rows held of a member's feed", rows);
    registry.register("member_trouble", "Whether a member's log or feed contradicts itself", trouble);
    let help = "When the certificate ends that a member showed last";
    registry.register("member_certificate_expires_timestamp_seconds", help, certificates);
    let help = "Age of a member's newest signed feed state";
    registry.register_with_unit("member_heard_age", help, Unit::Seconds, heard);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_without_a_node() {
        count_request("GET", "/v1/consents/{consent}", 200, Duration::from_millis(3));
        let text = text(None);
        assert!(text.contains("tally_up 0\n") && text.ends_with("# EOF\n"), "{text}");
        let counted = r#"tally_requests_total{method="GET",route="/v1/consents/{consent}",status="200"}"#;
        assert!(text.contains(counted), "{text}");
    }
}
