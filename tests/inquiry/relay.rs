//! Feeds that others than their lenders carry: honest carriers, and ones that drop, reorder, replay, withhold or alter.

use std::sync::Arc;

use tallystick::feed::{NewRow, Way};
use tallystick::limits::{
    CARRIER_LAG_SECONDS_MAX, CARRIER_SUSPENDED_SECONDS, CATCH_UP_PATIENCE_SECONDS, CATCH_UP_SECONDS_MAX,
    FEED_PAGE_ROWS_MAX,
};
use tallystick::model::day::Day;
use tallystick::model::loan::Loan;
use tallystick::model::member::MemberId;
use tallystick::node::follow::FollowError;
use tallystick::node::serve::serve;
use tallystick::node::{Inquired, Node, open_answer};
use tallystick::secret::SystemEntropy;
use tallystick::store::Reopen;
use tallystick::threshold::{Locator, RowContext, SecretKey, seal};
use tallystick::wire::message::{FeedRow, Reply, Request};

use crate::circle::{Circle, Lie};
use crate::person::{consent, load, loan, question};

const CLIENT: &str = "kh-nid:010203040";

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn lender() -> MemberId {
    "m-d".parse().unwrap()
}

/// `m-a` is the operator and carries; `m-b` carries too; `m-c` asks; `m-d` lends, and is away in the end; `m-e` is new.
fn circle() -> Circle {
    Circle::new(5, 3, 2, include_str!("../../config/policy-demo.toml"), today())
}

/// Makes what is sent of the lender's feed into something else.
fn on_pages(change: impl Fn(&mut Vec<FeedRow>) + Send + Sync + 'static) -> Lie {
    Arc::new(move |request, reply| match (request, reply) {
        (Request::Feed { lender: asked, .. }, Reply::Feed { mut rows, state, last })
            if asked == &lender() =>
        {
            change(&mut rows);
            Reply::Feed { rows, state, last }
        }
        (_, reply) => reply,
    })
}

/// What the client owes by an answer, as text; and whether every lender's data went into it.
async fn ask(node: &Node) -> (String, bool) {
    let recorded = node.record_consent(consent(node, CLIENT)).await.unwrap();
    let request = question(&recorded.consent.to_string());
    let Inquired::Answered(signed) = node.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let answer = open_answer(&signed, &node.roster().member(node.me()).unwrap().answer_key).unwrap();
    (serde_json::to_string(&answer).unwrap(), answer.complete)
}

fn book(amount: i64) -> Vec<Loan> {
    let mut loans = vec![loan("D-1", "1", CLIENT, amount, today())];
    loans.extend(
        (2..8).map(|i| {
            loan(&format!("D-{i}"), &i.to_string(), &format!("kh-nid:90000000{i}"), amount, today())
        }),
    );
    loans
}

/// Everybody has the lender's first book, 500.00; the second, 900.00, is at `m-a` and `m-b` alone, and `m-b` and the
/// lender are away. Gives the rows of the first.
async fn behind(circle: &mut Circle) -> Vec<FeedRow> {
    circle.stop("m-e");
    load(&circle.node("m-d"), book(50_000));
    circle.settle().await;
    let before = circle.node("m-a").feeds().rows_after(&lender(), 0, 100).unwrap();
    circle.clock.advance(60);
    let mut newer = book(90_000);
    newer.push(loan("D-9", "9", "kh-nid:900000009", 90_000, today()));
    load(&circle.node("m-d"), newer);
    let node = circle.node("m-d");
    while node.publish_round().await.unwrap().clients > 0 {}
    drop(node);
    for carrier in ["m-a", "m-b"] {
        assert!(circle.node(carrier).follow_page(&lender(), 0).await.unwrap().covered);
    }
    circle.stop("m-d");
    circle.stop("m-b");
    before
}

fn faults(node: &Node) -> Vec<(MemberId, Way)> {
    let faults = node.feeds().carrier_faults(&lender()).unwrap();
    faults.into_iter().map(|fault| (fault.carrier, fault.way)).collect()
}

/// Nothing wrong is answered after the carrier's try, another member heals it, and the carrier is left alone.
async fn healed(circle: &mut Circle, way: Way) {
    let asker = circle.node("m-c");
    assert_eq!(faults(&asker), [("m-a".parse().unwrap(), way)], "{way:?}");
    let (answer, _) = ask(&asker).await;
    assert!(answer.contains("500.00") && !answer.contains("900.00"), "{way:?}: {answer}");
    assert!(asker.feeds().verify(&lender()).unwrap());
    // Not asked again, though nobody else is there.
    let error = asker.follow_page(&lender(), 0).await.unwrap_err();
    assert!(matches!(&error, FollowError::Peer(_)), "{way:?}: {error}");
    assert_eq!(asker.feeds().carrier_faults(&lender()).unwrap()[0].times, 1);
    circle.start("m-b");
    assert!(asker.follow_page(&lender(), 0).await.unwrap().covered, "{way:?}");
    assert_eq!(asker.last_carrier(&lender()), Some("m-b".parse().unwrap()));
    let (answer, complete) = ask(&asker).await;
    assert!(answer.contains("900.00") && !answer.contains("500.00"), "{way:?}: {answer}");
    assert!(!complete || way != Way::HeldBack);
    let status = asker.status().unwrap();
    let carrier = status.members.iter().find(|member| member.member.as_str() == "m-a").unwrap();
    assert!(matches!(carrier.carrier_faults.as_slice(), [fault] if fault.way == way));
    // After a while it is asked again, and honest now.
    circle.lie("m-a", None);
    circle.stop("m-b");
    circle.clock.advance(CARRIER_SUSPENDED_SECONDS);
    asker.follow_page(&lender(), 0).await.unwrap();
    assert_eq!(asker.last_carrier(&lender()), Some("m-a".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_that_drops_reorders_replays_or_alters_is_named_and_healed_from_another() {
    for way in [Way::LeftOut, Way::Reordered, Way::Replayed, Way::Altered, Way::Malformed] {
        let mut circle = circle();
        let before = behind(&mut circle).await;
        let lie = match way {
            // The row of a client that is new.
            Way::LeftOut => {
                on_pages(move |rows| rows.retain(|row| before.iter().any(|known| known.row_id == row.row_id)))
            }
            Way::Reordered => on_pages(|rows| rows.swap(1, 2)),
            // The old row of the client, as if it were the newest.
            Way::Replayed => on_pages(move |rows| {
                let last = rows.last_mut().unwrap();
                *last = FeedRow { sequence: last.sequence, ..before[0].clone() };
            }),
            Way::Altered => on_pages(|rows| rows[0].sealed.ciphertext[9] ^= 1),
            _ => on_pages(|rows| rows.last_mut().unwrap().sequence += 1),
        };
        circle.lie("m-a", Some(lie));
        let asker = circle.node("m-c");
        asker.follow_page(&lender(), 0).await.unwrap_err();
        healed(&mut circle, way).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_version_left_standing_is_found_out() {
    let mut circle = circle();
    let before = behind(&mut circle).await;
    circle.lie(
        "m-a",
        Some(on_pages(move |rows| {
            let update = rows.iter().position(|row| before.iter().any(|known| known.row_id == row.row_id));
            rows.remove(update.unwrap());
        })),
    );
    circle.node("m-c").follow_page(&lender(), 0).await.unwrap_err();
    healed(&mut circle, Way::Altered).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_that_withholds_what_others_have_is_named_and_healed_from_another() {
    let mut circle = circle();
    behind(&mut circle).await;
    let asker = circle.node("m-c");
    // What it holds itself is what the carrier goes on to show.
    let Reply::Feed { state: old, .. } = asker.feed_page(&lender(), 0).unwrap() else { panic!("not held") };
    circle.lie(
        "m-a",
        Some(Arc::new(move |request, reply| match (request, reply) {
            (Request::Feed { lender: asked, .. }, Reply::Feed { .. }) if asked == &lender() => {
                Reply::Feed { rows: Vec::new(), state: old.clone(), last: true }
            }
            (_, reply) => reply,
        })),
    );
    // By itself an old state is no fault: a carrier may be cut off as well.
    asker.follow_page(&lender(), 0).await.unwrap();
    assert_eq!(faults(&asker), []);
    // Another member tells what it holds, and is gone again.
    circle.start("m-b");
    assert!(asker.compare_holdings(&"m-b".parse().unwrap(), 0).await.unwrap() > 0);
    circle.stop("m-b");
    asker.follow_page(&lender(), 0).await.unwrap();
    assert_eq!(faults(&asker), []);
    circle.clock.advance(CARRIER_LAG_SECONDS_MAX + 1);
    asker.follow_page(&lender(), 0).await.unwrap();
    healed(&mut circle, Way::HeldBack).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_member_gets_the_feed_of_a_lender_that_is_away_from_whoever_has_it() {
    let mut circle = circle();
    circle.stop("m-e");
    let count = u32::try_from(FEED_PAGE_ROWS_MAX).unwrap() + 40;
    let others = (1..count)
        .map(|i| loan(&format!("D-{i}"), &i.to_string(), &format!("kh-nid:8{i:08}"), 70_000, today()));
    load(
        &circle.node("m-d"),
        std::iter::once(loan("D-0", "0", CLIENT, 50_000, today())).chain(others).collect(),
    );
    circle.settle().await;
    circle.stop("m-d");
    let new = circle.start("m-e");
    // The first page alone answers nothing.
    assert!(!new.follow_page(&lender(), 0).await.unwrap().covered);
    let (answer, complete) = ask(&new).await;
    assert!(!answer.contains("500.00") && !complete, "{answer}");
    // The carrier breaks off; another would begin again, so it is waited for a little.
    circle.stop("m-a");
    new.follow_page(&lender(), 0).await.unwrap_err();
    assert_eq!(new.feeds().catching_up(&lender()).unwrap().unwrap().carrier.as_str(), "m-a");
    circle.clock.advance(CATCH_UP_PATIENCE_SECONDS);
    while !new.follow_page(&lender(), 0).await.unwrap().covered {}
    assert_eq!(new.last_carrier(&lender()), Some("m-b".parse().unwrap()));
    assert!(new.feeds().verify(&lender()).unwrap());
    assert_eq!(new.feeds().head(&lender()).unwrap().rows, u64::from(count));
    circle.start("m-a");
    for from in ["m-a", "m-b", "m-c"] {
        new.follow_page(&from.parse().unwrap(), 0).await.unwrap();
    }
    let (answer, _) = ask(&new).await;
    assert!(answer.contains("500.00"), "{answer}");
    // Its copy serves others in turn.
    let page = new.feed_page(&lender(), 0).unwrap();
    assert!(matches!(page, Reply::Feed { last: false, .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lender_that_listens_nowhere_brings_its_feed_to_the_hub_and_others_fetch_it_there() {
    let circle = circle();
    for name in ["m-c", "m-d", "m-e"] {
        circle.deafen(name);
    }
    let count = u32::try_from(FEED_PAGE_ROWS_MAX).unwrap() + 40;
    let loans = (0..count).map(|i| {
        let id = if i == 0 { CLIENT.to_owned() } else { format!("kh-nid:8{i:08}") };
        loan(&format!("D-{i}"), &i.to_string(), &id, 50_000, today())
    });
    let node = circle.node("m-d");
    load(&node, loans.collect());
    while node.publish_round().await.unwrap().clients > 0 {}
    let hub = circle.node("m-a");
    hub.follow_page(&lender(), 0).await.unwrap_err();
    node.compare_holdings(hub.me(), 0).await.unwrap();
    assert_eq!(hub.feeds().head(&lender()).unwrap().rows, u64::from(count));
    assert!(hub.feeds().verify(&lender()).unwrap());
    // Nothing is brought twice.
    let before = circle.backend("m-a").writes();
    node.compare_holdings(hub.me(), 0).await.unwrap();
    assert_eq!(circle.backend("m-a").writes(), before);
    for name in ["m-c", "m-e"] {
        let other = circle.node(name);
        while !other.follow_page(&lender(), 0).await.unwrap().covered {}
        assert_eq!(other.last_carrier(&lender()), Some("m-a".parse().unwrap()));
        assert!(other.feeds().verify(&lender()).unwrap());
    }
    // Another that brings the feed altered, and unasked, is named and leaves nothing behind.
    circle.clock.advance(60);
    load(&node, vec![loan("D-0", "0", CLIENT, 70_000, today())]);
    while node.publish_round().await.unwrap().clients > 0 {}
    let held = hub.feeds().head(&lender()).unwrap();
    let Reply::Feed { mut rows, state, last } = node.feed_page(&lender(), held.sequence).unwrap() else {
        panic!("nothing published")
    };
    rows[0].sealed.ciphertext[0] ^= 1;
    let carry = Request::Carry { lender: lender(), rows, state, last };
    let (reply, _) = serve(&hub, &"m-e".parse().unwrap(), carry).await;
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
    assert_eq!(faults(&hub), [("m-e".parse().unwrap(), Way::Altered)]);
    assert_eq!(hub.feeds().head(&lender()).unwrap(), held);
    node.compare_holdings(hub.me(), 0).await.unwrap();
    assert_eq!(hub.feeds().head(&lender()).unwrap().sequence, held.sequence + 1);
    assert!(hub.feeds().verify(&lender()).unwrap());
}

/// A row of the lender's that says nothing.
fn row(number: u8) -> NewRow {
    let entropy = SystemEntropy::new();
    let (locator, row_id) = (Locator([number; 32]), [number; 16]);
    let context = RowContext {
        network: "test-net",
        epoch: 1,
        lender: "m-d",
        locator: &locator,
        row_id: &row_id,
        version: 1,
    };
    let sealed = seal(&SecretKey::random(&entropy).public_key(), &context, b"nothing", &entropy).unwrap();
    NewRow { epoch: 1, locator, row_id, version: 1, sealed }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn honest_carriers_of_another_history_of_the_lender_are_cleared_and_everything_fetched_anew() {
    let mut circle = circle();
    let earlier = circle.backend("m-d").reopen(&[], Reopen::Killed);
    circle.publish_rows("m-d", vec![row(1)]);
    let asker = circle.node("m-c");
    asker.follow_page(&lender(), 0).await.unwrap();
    // The lender goes on from an old copy of its store, and tells another history.
    circle.stop("m-d");
    circle.seats.get_mut(&lender()).unwrap().backend = Arc::new(earlier);
    circle.start("m-d");
    circle.clock.advance(60);
    circle.publish_rows("m-d", vec![row(2)]);
    circle.publish_rows("m-d", vec![row(3)]);
    for carrier in ["m-a", "m-b"] {
        circle.node(carrier).follow_page(&lender(), 0).await.unwrap();
    }
    circle.stop("m-d");
    circle.stop("m-e");
    asker.follow_page(&lender(), 0).await.unwrap_err();
    assert_eq!(faults(&asker), [], "two differ alike: it is not they");
    let head = asker.feeds().head(&lender()).unwrap();
    assert_eq!((head.rows, head.differs_since), (0, Some(asker.clock().now())));
    assert!(asker.follow_page(&lender(), 0).await.unwrap().covered);
    let head = asker.feeds().head(&lender()).unwrap();
    assert_eq!((head.rows, head.differs_since), (2, None));
    assert!(asker.feeds().verify(&lender()).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_that_never_ends_does_not_keep_the_lender_out_for_ever() {
    let mut circle = circle();
    circle.stop("m-c");
    let count = 3 * FEED_PAGE_ROWS_MAX + 40;
    let id = |i: usize| format!("kh-nid:8{i:08}");
    let loans = (0..count).map(|i| loan(&format!("D-{i}"), &i.to_string(), &id(i), 50_000, today()));
    load(&circle.node("m-d"), loans.collect());
    circle.settle().await;
    circle.stop("m-d");
    let new = circle.start("m-c");
    assert!(!new.follow_page(&lender(), 0).await.unwrap().covered);
    circle.start("m-d");
    // Who began goes on, though the lender is back: it would begin again.
    assert!(!new.follow_page(&lender(), 0).await.unwrap().covered);
    assert_eq!(new.feeds().catching_up(&lender()).unwrap().unwrap().carrier.as_str(), "m-a");
    circle.clock.advance(CATCH_UP_SECONDS_MAX);
    assert!(!new.follow_page(&lender(), 0).await.unwrap().covered);
    assert_eq!(new.feeds().catching_up(&lender()).unwrap().unwrap().carrier, lender());
    while !new.follow_page(&lender(), 0).await.unwrap().covered {}
    assert!(new.feeds().verify(&lender()).unwrap());
}
