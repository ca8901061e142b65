//! Another person's row, shifted and published as one's own under a willing client's locator: without the proof of
//! knowledge its content would be opened under the willing client's consent, and the shift taken away.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use tallystick::feed::NewRow;
use tallystick::model::answer::UnreadableWhy;
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::node::{Inquired, open_answer};
use tallystick::threshold::Point;
use tallystick::wire::message::FeedRow;

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

/// R + d·G.
fn shifted(point: &Point, d: u64) -> Point {
    let point = CompressedRistretto(point.to_bytes()).decompress().unwrap();
    let moved = point + RISTRETTO_BASEPOINT_POINT * Scalar::from(d);
    Point::from_bytes(&moved.compress().to_bytes()).unwrap()
}

fn only_row(circle: &Circle, at: &str, of: &str) -> FeedRow {
    let rows = circle.node(at).feeds().rows_after(&of.parse().unwrap(), 0, 10).unwrap();
    assert_eq!(rows.len(), 1);
    rows.into_iter().next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_persons_row_under_a_willing_client_is_set_aside_and_named() {
    let policy = include_str!("../../config/policy-demo.toml");
    let today = "2026-11-22".parse().unwrap();
    for d in [0, 1, 77] {
        let mut circle = Circle::new(4, 3, 2, policy, today);
        // The other person owes 31,415.92 at m-a; the willing client owes 500.00 at m-b.
        load(&circle.node("m-a"), vec![loan("A-1", "1", "kh-nid:999888777", 3_141_592, today)]);
        load(&circle.node("m-b"), vec![loan("B-1", "1", "kh-nid:010203040", 50_000, today)]);
        circle.settle().await;
        let others = only_row(&circle, "m-b", "m-a");
        let willing = only_row(&circle, "m-b", "m-b");
        let mut sealed = others.sealed.clone();
        sealed.ephemeral = shifted(&sealed.ephemeral, d);
        assert_eq!(sealed.ephemeral == others.sealed.ephemeral, d == 0);
        let row = NewRow { epoch: 1, locator: willing.locator, row_id: [9; 16], version: 1, sealed };
        circle.publish_rows("m-b", vec![row]);
        circle.settle().await;

        let asker = circle.node("m-d");
        let recorded = asker.record_consent(consent(&asker, "kh-nid:010203040")).await.unwrap();
        let request = question(&recorded.consent.to_string());
        let Inquired::Answered(signed) = asker.inquire(&request, None).await.unwrap() else {
            panic!("refused")
        };
        let answer = open_answer(&signed, &asker.roster().member(asker.me()).unwrap().answer_key).unwrap();
        let text = serde_json::to_string(&answer).unwrap();
        assert!(text.contains("500.00") && !text.contains("31415.92"), "{text}");
        let unreadable = &answer.coverage.unreadable;
        assert!(
            matches!(unreadable.as_slice(), [one] if one.lender.contains("m-b") && one.why == UnreadableWhy::BadProof),
            "{unreadable:?}"
        );
        assert!(!answer.complete, "an answer without a row that was there is not whole");
        // Logged: the leaf commits to the answer that says so, and no leaf tells the publisher that its bait was taken.
        let leaves = asker.log().leaves(0, 1_000).unwrap();
        assert!(
            leaves
                .iter()
                .any(|leaf| matches!(Leaf::from_bytes(leaf).unwrap().body, LeafBody::InquiryAnswered { .. }))
        );
        let said = leaves.iter().any(|leaf| String::from_utf8_lossy(leaf).contains("m-b"));
        assert!(!said, "the asker's log, which m-b mirrors, must not name m-b");
        circle.stop("m-c");
    }
}
