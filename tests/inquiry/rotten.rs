//! Rows that rot on disk, another lender's and one's own, and lenders that sign two states: noticed, said, and put right.

use tallystick::digest::Digest;
use tallystick::feed_state::FeedState;
use tallystick::limits::CARRIER_SUSPENDED_SECONDS;
use tallystick::model::day::Day;
use tallystick::model::member::MemberId;
use tallystick::node::sound::Soundness;
use tallystick::node::{Inquired, Node, open_answer};
use tallystick::signing::Signed;
use tallystick::store::{Backend as _, Change, Durability, Scan};
use tallystick::wire::message::{HeldState, Reply, Request};

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

const CLIENT: &str = "kh-nid:010203040";

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rot {
    /// A byte of its ciphertext turns.
    Altered,
    /// It does not decode any more.
    CutOff,
    /// It is gone.
    Gone,
    /// The entry under its locator is gone.
    NotFound,
    /// What its version and hash are is gone.
    Forgotten,
}

/// The row itself rots.
const ROWS: [Rot; 3] = [Rot::Altered, Rot::CutOff, Rot::Gone];
/// What stands beside it does.
const BESIDE: [Rot; 2] = [Rot::NotFound, Rot::Forgotten];

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

/// Lets the newest row of a lender's feed in a member's store rot.
fn rot(circle: &Circle, at: &str, lender: &str, how: Rot) {
    let backend = circle.backend(at);
    let prefix = [&u16::try_from(lender.len()).unwrap().to_be_bytes(), lender.as_bytes()].concat();
    let scan = |table, prefix: &[u8]| {
        let all = Scan { prefix, start: std::ops::Bound::Unbounded, reverse: false, limit: usize::MAX };
        backend.scan(table, &all).unwrap()
    };
    let (key, mut value) = scan("feed_row", &prefix).pop().unwrap();
    let change = match how {
        Rot::Altered => {
            // Behind the header: within the ciphertext.
            *value.get_mut(200).unwrap() ^= 1;
            Change { table: "feed_row", key, value: Some(value) }
        }
        Rot::CutOff => {
            value.truncate(150);
            Change { table: "feed_row", key, value: Some(value) }
        }
        Rot::Gone => Change { table: "feed_row", key, value: None },
        Rot::NotFound => {
            let row = circle.node(at).feeds().rows_after(&id(lender), 0, 1_000).unwrap().pop().unwrap();
            let (key, _) = scan("feed_locator", &row.locator.0)
                .into_iter()
                .find(|(key, _)| key.ends_with(&row.row_id))
                .unwrap();
            Change { table: "feed_locator", key, value: None }
        }
        Rot::Forgotten => {
            let (key, _) = scan("feed_row_head", &prefix).pop().unwrap();
            Change { table: "feed_row_head", key, value: None }
        }
    };
    backend.write(vec![change], Durability::Synced).unwrap();
}

async fn ask(node: &Node) -> (String, bool) {
    let recorded = node.record_consent(consent(node, CLIENT)).await.unwrap();
    let request = question(&recorded.consent.to_string());
    let Inquired::Answered(signed) = node.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let answer = open_answer(&signed, &node.roster().member(node.me()).unwrap().answer_key).unwrap();
    (serde_json::to_string(&answer).unwrap(), answer.complete)
}

async fn circle() -> Circle {
    let circle = Circle::new(4, 3, 2, include_str!("../../config/policy-demo.toml"), today());
    load(&circle.node("m-d"), vec![loan("D-1", "1", CLIENT, 50_000, today())]);
    circle.settle().await;
    circle
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_rots_is_noticed_said_and_fetched_anew() {
    for how in ROWS.into_iter().chain(BESIDE) {
        let circle = circle().await;
        let asker = circle.node("m-c");
        let lender = id("m-d");
        assert_eq!(asker.verify_feed(&lender).await.unwrap(), Soundness::Sound);
        rot(&circle, "m-c", "m-d", how);
        circle.clock.advance(60);
        let noticed = asker.clock().now();
        assert_eq!(asker.verify_feed(&lender).await.unwrap(), Soundness::FetchedAnew, "{how:?}");
        let status = asker.status().unwrap();
        let member = status.members.iter().find(|member| member.member == lender).unwrap();
        assert_eq!((member.differs_since, member.rows), (Some(noticed), 0));
        let (answer, complete) = ask(&asker).await;
        assert!(!complete, "{how:?}: {answer}");
        circle.clock.advance(60);
        assert!(asker.follow_page(&lender, 0).await.unwrap().covered);
        let head = asker.feeds().head(&lender).unwrap();
        assert_eq!((head.differs_since, head.rows), (None, 1));
        assert_eq!(asker.verify_feed(&lender).await.unwrap(), Soundness::Sound);
        assert!(ask(&asker).await.0.contains("500.00"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_row_is_named_in_an_answer_before_anybody_looked() {
    let circle = circle().await;
    let asker = circle.node("m-c");
    rot(&circle, "m-c", "m-d", Rot::Gone);
    let (answer, complete) = ask(&asker).await;
    assert!(!complete && answer.contains("not-covered"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotten_rows_of_ones_own_are_published_anew_from_the_book() {
    for how in ROWS {
        let circle = circle().await;
        let node = circle.node("m-d");
        let before = node.feeds().head(node.me()).unwrap();
        rot(&circle, "m-d", "m-d", how);
        let found = node.verify_feed(node.me()).await.unwrap();
        assert_eq!(found, Soundness::Rotten { rows: 1, clients: 1, restored: 0 }, "{how:?}");
        assert!(node.status().unwrap().feed_differs_since.is_some());
        // Nobody is given rows that are not what was signed.
        assert!(matches!(node.feed_page(node.me(), 0).unwrap(), Reply::Unavailable { .. }));
        assert_eq!(node.publish_round().await.unwrap().rows, 1);
        assert_eq!(node.verify_feed(node.me()).await.unwrap(), Soundness::Sound);
        assert_eq!(node.status().unwrap().feed_differs_since, None);
        let after = node.feeds().head(node.me()).unwrap();
        assert_eq!((after.rows, after.sequence), (before.rows, before.sequence + 1));
        let asker = circle.node("m-c");
        assert!(asker.follow_page(node.me(), 0).await.unwrap().covered);
        assert!(asker.feeds().verify(node.me()).unwrap());
        assert!(ask(&asker).await.0.contains("500.00"));
        // Once is enough.
        assert_eq!(node.publish_round().await.unwrap().rows, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_beside_ones_own_rows_is_made_again_from_them() {
    for how in BESIDE {
        let circle = circle().await;
        let node = circle.node("m-d");
        let before = node.feeds().head(node.me()).unwrap();
        rot(&circle, "m-d", "m-d", how);
        let found = node.verify_feed(node.me()).await.unwrap();
        assert!(matches!(found, Soundness::Rotten { clients: 0, .. }), "{how:?}: {found:?}");
        assert_eq!(node.verify_feed(node.me()).await.unwrap(), Soundness::Sound);
        assert_eq!(node.feeds().head(node.me()).unwrap(), before);
        // The next version supersedes the one whose mark was lost.
        load(&node, vec![loan("D-1", "1", CLIENT, 60_000, today())]);
        assert_eq!(node.publish_round().await.unwrap().rows, 1);
        assert_eq!(node.feeds().head(node.me()).unwrap().rows, before.rows);
        assert!(node.feeds().verify(node.me()).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotten_footprint_is_put_back_from_a_copy() {
    for how in ROWS {
        let circle = circle().await;
        let node = circle.node("m-c");
        ask(&node).await;
        circle.settle().await;
        let before = node.feeds().head(node.me()).unwrap();
        assert_eq!(before.rows, 1, "the footprint");
        rot(&circle, "m-c", "m-c", how);
        // A copy that is not the row is no help.
        circle.lie(
            "m-a",
            Some(std::sync::Arc::new(|_, reply| match reply {
                Reply::Feed { mut rows, state, last } => {
                    for row in &mut rows {
                        row.sealed.ciphertext[0] ^= 1;
                    }
                    Reply::Feed { rows, state, last }
                }
                reply => reply,
            })),
        );
        let found = node.verify_feed(node.me()).await.unwrap();
        assert_eq!(found, Soundness::Rotten { rows: 1, clients: 0, restored: 1 }, "{how:?}");
        assert_eq!(node.verify_feed(node.me()).await.unwrap(), Soundness::Sound);
        let after = node.feeds().head(node.me()).unwrap();
        assert_eq!((after.digest, after.differs_since), (before.digest, None));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_states_of_one_sequence_seen_through_two_members_are_kept_and_shown() {
    let circle = circle().await;
    let asker = circle.node("m-c");
    let lender = id("m-d");
    let held = asker.feeds().state(&lender).unwrap().unwrap();
    // The lender shows m-b other data for the same sequence number.
    let other = FeedState { digest: Digest([7; 32]), ..held.clone() };
    let signed = Signed::sign(other.to_bytes(), &circle.feed_key("m-d")).unwrap();
    let shown = signed.clone();
    circle.lie(
        "m-b",
        Some(std::sync::Arc::new(move |request, reply| match request {
            Request::Holdings { .. } => Reply::Holdings {
                states: vec![HeldState { lender: "m-d".parse().unwrap(), state: shown.clone() }],
                wanted: Vec::new(),
            },
            _ => reply,
        })),
    );
    circle.clock.advance(60);
    asker.compare_holdings(&id("m-b"), 0).await.unwrap();
    let kept = asker.feeds().conflict(&lender, held.sequence).unwrap().unwrap();
    let key = asker.roster().member(&lender).unwrap().feed_key;
    assert_eq!(kept.held.verify(&key).unwrap(), held);
    assert_eq!(kept.shown.verify(&key).unwrap(), other);
    let path = format!("evidence/feed-states/m-d-{}.json", held.sequence);
    assert!(
        asker.export_head().unwrap().files.contains(&path) && asker.export_file(&path).unwrap().is_some()
    );
    let member = |status: tallystick::node::Status| {
        status.members.into_iter().find(|member| member.member == id("m-d")).unwrap()
    };
    let status = member(asker.status().unwrap());
    assert_eq!((status.two_states, status.differs_since), (vec![held.sequence], Some(asker.clock().now())));
    // Which of the two is true is not for this node to say; it takes what the lender shows now, once.
    assert!(asker.follow_page(&lender, 0).await.unwrap().covered);
    assert_eq!(member(asker.status().unwrap()).differs_since, None);
    asker.compare_holdings(&id("m-b"), 0).await.unwrap();
    assert_eq!(member(asker.status().unwrap()).differs_since, None);

    // A state that the lender did not sign accuses nobody but who showed it.
    let forged = Signed::sign(other.to_bytes(), &circle.feed_key("m-b")).unwrap();
    circle.lie(
        "m-b",
        Some(std::sync::Arc::new(move |request, reply| match request {
            Request::Holdings { .. } => Reply::Holdings {
                states: vec![HeldState { lender: "m-d".parse().unwrap(), state: forged.clone() }],
                wanted: Vec::new(),
            },
            _ => reply,
        })),
    );
    let before = asker.feeds().conflicts().unwrap();
    asker.compare_holdings(&id("m-b"), 0).await.unwrap();
    assert_eq!(asker.feeds().conflicts().unwrap(), before);
    let status = asker.status().unwrap();
    let carrier = status.members.into_iter().find(|member| member.member == id("m-b")).unwrap();
    assert!(
        matches!(carrier.carrier_faults.as_slice(), [fault] if fault.way == tallystick::feed::Way::Forged)
    );
    circle.clock.advance(CARRIER_SUSPENDED_SECONDS);
    assert!(asker.status().unwrap().members.iter().all(|member| member.carrier_faults.is_empty()));
}
