//! Feeds to and from a file, on the local socket.

use serde_json::json;

use super::support::{NOW, Served};
use crate::api::feeds::{FeedHeld, FeedsHeld};
use crate::model::member::NetworkId;
use crate::node::{FeedOutcome, FeedsImported};
use crate::wire::feed_file::{FeedFileHeader, FeedFileWriter};

fn file(served: &Served, network: NetworkId) -> Vec<u8> {
    let me = served.node.me().clone();
    let page = served.node.export_feed_page(&me, 0).unwrap().unwrap();
    let header = FeedFileHeader { network, from: me, made: NOW };
    let mut writer = FeedFileWriter::new(Vec::new(), &header).unwrap();
    writer.page(page).unwrap();
    writer.finish().unwrap()
}

#[tokio::test]
async fn feeds_that_are_held_are_listed() {
    let served = Served::new(2);
    let me = served.node.me().clone();
    let none = served.get(&format!("/v1/feeds/{me}/pages?after=0")).await;
    assert_eq!((none.status, none.code()), (404, "not-found"));
    served.node.sign_feed_state().unwrap();
    let held: FeedsHeld = serde_json::from_value(served.get("/v1/feeds").await.body).unwrap();
    let feed = FeedHeld { lender: me.clone(), sequence: 0, rows: 0, state: NOW };
    assert_eq!((&held.member, held.feeds.as_slice()), (&me, &[feed][..]));
    for path in ["/v1/feeds/Lender B/pages", "/v1/feeds/lender-a/pages?since=0"] {
        assert_eq!(served.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_file_is_taken_or_refused_with_its_reason() {
    let served = Served::new(2);
    served.node.sign_feed_state().unwrap();
    let path = served.folder().join("feeds.tally");
    let body = json!({ "path": path });
    std::fs::write(&path, file(&served, served.node.network().clone())).unwrap();
    let taken = served.post("/v1/feeds/import", &body).await;
    let taken: FeedsImported = serde_json::from_value(taken.body).unwrap();
    assert_eq!((taken.feeds.len(), &taken.damage), (1, &None));
    assert_eq!(taken.feeds[0].outcome, FeedOutcome::NothingNewer, "its own feed");

    std::fs::write(&path, file(&served, "other-net".parse().unwrap())).unwrap();
    let refused = served.post("/v1/feeds/import", &body).await;
    assert_eq!((refused.status, refused.code()), (422, "file-unusable"));
    assert!(refused.body["detail"].as_str().unwrap().contains("other-net"), "{}", refused.body);
    std::fs::write(&path, b"account,client\n").unwrap();
    let refused = served.post("/v1/feeds/import", &body).await;
    assert_eq!((refused.status, refused.code()), (422, "file-unusable"));
    assert!(refused.body["detail"].as_str().unwrap().contains("tally feed export"), "{}", refused.body);
    for path in ["feeds.tally", "/nowhere/feeds.tally", "/dev/null"] {
        let refused = served.post("/v1/feeds/import", &json!({ "path": path })).await;
        assert_eq!((refused.status, refused.code()), (422, "invalid-value"), "{path}");
    }
}
