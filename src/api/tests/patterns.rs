//! `/v1/patterns`: what is unusual, by number.

use serde_json::json;

use super::support::Served;
use crate::digest::{Digest, TransactionId};
use crate::model::leaf::{Leaf, LeafBody};
use crate::node::PatternReport;

#[tokio::test]
async fn what_is_unusual_is_told_by_member_and_number() {
    let served = Served::new(1);
    let quiet: PatternReport = serde_json::from_value(served.get("/v1/patterns").await.body).unwrap();
    assert_eq!((quiet.patterns, quiet.cut), (Vec::new(), Vec::new()));
    assert!(quiet.logs.contains(served.node.me()));
    for number in 0..20u8 {
        let body = LeafBody::WithdrawalReceived { withdrawal: Digest([number; 32]) };
        let leaf = Leaf::new(served.node.clock().now(), TransactionId([number; 16]), body);
        served.node.log().append_one(leaf).unwrap();
    }
    let told = served.get("/v1/patterns").await.body["patterns"].clone();
    let me = served.node.me();
    let pattern = "unknown-withdrawal-codes";
    assert_eq!(told, json!([{"member": me, "pattern": pattern, "count": 20, "of": 0, "day": null}]));
    // What is over is forgotten.
    served.clock.advance(31 * 86_400);
    assert_eq!(served.get("/v1/patterns").await.body["patterns"], json!([]));
}
