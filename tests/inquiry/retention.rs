//! What is past its time leaves every member's store, whether or not the member was there to see it go.

use tallystick::model::day::Day;
use tallystick::model::facility::FacilityStatus;
use tallystick::model::loan::Loan;
use tallystick::model::member::MemberId;
use tallystick::node::{Inquired, Node, Retained};
use tallystick::store::{Backend as _, Scan};

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

const POSITIVE_DAYS: i64 = 30;
const NEGATIVE_DAYS: i64 = 20;
/// Footprints are read for 180 days and lie under a month's locator: longer than traces of withdrawn rows are kept.
const KEPT_DAYS: i64 = 180 + 31;

fn policy() -> String {
    let demo = include_str!("../../config/policy-demo.toml");
    let demo = demo.split("\n[retention]").next().unwrap();
    format!(
        "{demo}\n[retention]\npositive_days = {POSITIVE_DAYS}\nnegative_days = {NEGATIVE_DAYS}\ntombstone_days = 10\n"
    )
}

fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn ended(account: &str, client: &str, identifier: &str, status: FacilityStatus) -> Loan {
    let mut loan = loan(account, client, identifier, 50_000, today());
    loan.facility.status = status;
    loan.facility.outstanding = Some(0);
    match status {
        FacilityStatus::Closed => loan.facility.closed = Some(today()),
        _ => loan.facility.written_off_on = Some(today()),
    }
    loan
}

/// Looks at retention as often as it takes, and publishes in between.
async fn retain(node: &Node) -> Retained {
    let mut clients = 0;
    for _ in 0..5 {
        let retained = node.look_at_retention().unwrap();
        clients += retained.clients;
        if retained.done {
            return Retained { clients, ..retained };
        }
        while node.publish_round().await.unwrap().clients > 0 {}
    }
    panic!("never done");
}

/// Rows, and what stands beside them, in a member's store.
fn stored(circle: &Circle, at: &str) -> [usize; 3] {
    ["feed_row", "feed_row_head", "feed_locator"].map(|table| {
        let all = Scan { prefix: &[], start: std::ops::Bound::Unbounded, reverse: false, limit: usize::MAX };
        circle.backend(at).scan(table, &all).unwrap().len()
    })
}

fn days(circle: &Circle, days: i64) {
    circle.clock.advance(days * 86_400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_facilities_go_and_then_their_traces_at_everybodys() {
    let mut circle = Circle::new(5, 2, 2, &policy(), today());
    circle.stop("m-e");
    let lender = circle.node("m-d");
    let books = vec![
        ended("D-1", "1", "kh-nid:900000001", FacilityStatus::Closed),
        ended("D-2", "2", "kh-nid:900000002", FacilityStatus::WrittenOff),
        loan("D-3", "3", "kh-nid:010203040", 50_000, today()),
    ];
    load(&lender, books);
    circle.settle().await;
    // A footprint: somebody asked.
    let asker = circle.node("m-c");
    let recorded = asker.record_consent(consent(&asker, "kh-nid:010203040")).await.unwrap();
    let asked = asker.inquire(&question(&recorded.consent.to_string()), None).await.unwrap();
    assert!(matches!(asked, Inquired::Answered(_)));
    circle.settle().await;
    for node in [&lender, &asker] {
        assert_eq!(retain(node).await, Retained { done: true, ..Retained::default() });
    }
    assert_eq!(stored(&circle, "m-b"), [4; 3]);
    // m-b is away from now on, and sees nothing of what follows.
    circle.stop("m-b");

    let live = |node: &Node| node.book().pending_count().unwrap() == 0;
    days(&circle, NEGATIVE_DAYS);
    assert_eq!(retain(&lender).await.clients, 0, "the last day of the period");
    days(&circle, 1);
    assert_eq!(retain(&lender).await.clients, 1, "what was written off");
    days(&circle, POSITIVE_DAYS - NEGATIVE_DAYS);
    assert_eq!(retain(&lender).await.clients, 1, "what was repaid");
    assert!(live(&lender));
    circle.settle().await;
    // Withdrawn, and the traces are there.
    assert_eq!(stored(&circle, "m-a"), [4; 3]);
    days(&circle, 1);
    retain(&lender).await;
    retain(&asker).await;

    // What was there on a day goes when that day is longer ago than traces are kept: first that of what was written off,
    // and what is to stay of that time is published again. A restart in between forgets nothing.
    days(&circle, KEPT_DAYS);
    let retained = retain(&lender).await;
    assert_eq!((retained.clients, retained.rows), (1, 1), "one row is to stay, one trace goes");
    drop(lender);
    let lender = circle.restart("m-d", tallystick::store::Reopen::Killed);
    days(&circle, 1);
    let retained = retain(&lender).await;
    assert_eq!((retained.clients, retained.rows), (0, 1), "the other trace");
    assert_eq!(lender.look_at_retention().unwrap(), Retained { done: true, ..Retained::default() });
    assert_eq!(retain(&asker).await.rows, 1, "the footprint");
    let state = lender.feeds().state(lender.me()).unwrap().unwrap();
    assert_eq!((state.rows, state.expired), (1, 2));
    circle.start("m-b");
    circle.start("m-e");
    circle.settle().await;
    for at in ["m-a", "m-b", "m-c", "m-d", "m-e"] {
        assert_eq!(stored(&circle, at), [1; 3], "{at}");
        let node = circle.node(at);
        for whose in ["m-c", "m-d"] {
            assert!(node.feeds().verify(&id(whose)).unwrap(), "{at}, {whose}");
            let head = node.feeds().head(&id(whose)).unwrap();
            assert_eq!(head.differs_since, None);
            assert_eq!(head.digest, circle.node(whose).feeds().head(&id(whose)).unwrap().digest, "{at}");
        }
        assert!(node.feeds().conflicts().unwrap().is_empty());
    }
    // The feed goes on.
    load(&lender, vec![loan("D-3", "3", "kh-nid:010203040", 60_000, today())]);
    circle.settle().await;
    assert_eq!(stored(&circle, "m-e"), [1; 3]);
    let (copy, own) = (circle.node("m-e").feeds().head(&id("m-d")).unwrap(), state.sequence);
    assert_eq!((copy.rows, copy.sequence), (1, own + 1));
    assert!(circle.node("m-e").feeds().verify(&id("m-d")).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expiry_that_a_crash_cuts_off_leaves_the_feed_whole() {
    for write in 1..=6 {
        for persisted in [false, true] {
            let mut circle = Circle::new(3, 2, 2, &policy(), today());
            let lender = circle.node("m-b");
            load(&lender, vec![ended("D-1", "1", "kh-nid:900000001", FacilityStatus::WrittenOff)]);
            load(&lender, vec![loan("D-3", "3", "kh-nid:010203040", 50_000, today())]);
            circle.settle().await;
            days(&circle, NEGATIVE_DAYS + 1);
            retain(&lender).await;
            days(&circle, 1);
            retain(&lender).await;
            days(&circle, KEPT_DAYS + 1);
            circle.backend("m-b").fail(tallystick::store::FaultPlan { write, persisted, disk_full: false });
            for _ in 0..5 {
                let ended = lender.look_at_retention().map(|retained| retained.done);
                if ended.unwrap_or(true) || lender.publish_round().await.is_err() {
                    break;
                }
            }
            drop(lender);
            let lender = circle.restart("m-b", tallystick::store::Reopen::Killed);
            assert!(lender.feeds().verify(lender.me()).unwrap(), "write {write}, {persisted}");
            assert!(retain(&lender).await.done);
            circle.settle().await;
            assert_eq!(stored(&circle, "m-c"), [1; 3], "write {write}, {persisted}");
            assert!(circle.node("m-c").feeds().verify(&id("m-b")).unwrap());
        }
    }
}
