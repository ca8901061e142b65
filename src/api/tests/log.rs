//! The log for other programs, and what an export is made of, on the local socket.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::support::Served;
use crate::audit::export::Manifest;
use crate::http::ServeLimits;
use crate::merkle::open_checkpoint;
use crate::node::ExportHead;
use crate::roster::RosterDocument;
use crate::signing::Signed;

#[tokio::test]
async fn the_log_is_there_for_clients_of_such_logs() {
    let served = Served::new(1);
    let shown = served.get("/log/checkpoint").await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(shown.header("cache-control"), Some("no-cache"), "it is not about persons");
    let roster = served.node.roster();
    let key = roster.member(served.node.me()).unwrap().log_key.parse().unwrap();
    let checkpoint = open_checkpoint(shown.text.as_bytes(), &key).unwrap();
    assert_eq!(checkpoint.size(), served.node.log().head().size);
    for (path, status) in [
        ("/log/tile/0/001.p/1", 404),
        ("/log/tile/0/000", 404),
        ("/log/tile/0/000.p/0", 404),
        ("/log/tile/0/%2e%2e/%2e%2e", 404),
        ("/log/tile/entries/x001/000", 404),
        ("/log/tile/", 404),
    ] {
        assert_eq!(served.get(path).await.status, status, "{path}");
    }
    let refused = served.post("/log/checkpoint", &json!({})).await;
    assert_eq!(refused.status, 405);
}

#[tokio::test]
async fn an_export_is_read_in_parts() {
    let served = Served::new(2);
    let shown = served.get("/v1/log/export").await;
    assert_eq!((shown.status, shown.header("cache-control")), (200, Some("no-store")));
    let head: ExportHead = serde_json::from_value(shown.body).unwrap();
    let Manifest { v, member, size, .. } = &head.manifest;
    assert_eq!((*v, member, *size), (1, served.node.me(), served.node.log().head().size));
    assert_eq!(head.files, ["rosters/1.json"]);
    assert_eq!((head.feeds.len(), head.quorum.as_str()), (0, ""));
    let file = served.get("/v1/log/export/files/rosters/1.json").await;
    let signed: Signed<RosterDocument> = serde_json::from_value(file.body).unwrap();
    assert_eq!(signed.verify(&head.manifest.operator_key).unwrap().version, 1);
    let rows = served.get("/v1/log/export/rows/lender-b?after=0").await;
    assert_eq!((rows.status, rows.body), (200, json!({"rows": []})));
    for (path, status, code) in [
        ("/v1/log/export/files/rosters/2.json", 404, "not-found"),
        ("/v1/log/export/files/../../keys.age", 404, "not-found"),
        ("/v1/log/export/files/%2e%2e/keys.age", 404, "not-found"),
        ("/v1/log/export/rows/Lender B", 400, ""),
        ("/v1/log/export/rows/lender-b?after=x", 400, "malformed-request"),
        ("/v1/log/export/rows/LENDER", 400, "malformed-request"),
        ("/v1/log/export/rows/lender-b?before=1", 400, "malformed-request"),
    ] {
        let refused = served.get(path).await;
        assert_eq!(refused.status, status, "{path}");
        if !code.is_empty() {
            assert_eq!(refused.code(), code, "{path}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_lasts_too_long_makes_room() {
    let limits = ServeLimits {
        connections_max: 1,
        connection: Some(Duration::from_millis(200)),
        ..ServeLimits::default()
    };
    let served = Served::within(1, limits);
    // Says nothing, and would be waited for much longer.
    let mut silent = served.connect().await;
    let within = Duration::from_secs(5);
    let next = tokio::time::timeout(within, served.get("/log/checkpoint")).await.expect("it gets its turn");
    assert_eq!(next.status, 200);
    let closed = tokio::time::timeout(within, silent.read(&mut [0; 8])).await.expect("it was closed");
    assert!(matches!(closed, Ok(0) | Err(_)));
}
