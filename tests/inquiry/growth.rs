//! The cap by the growth of the feed: whoever publishes what it asks for never meets it, and whoever looks people up
//! does.

use std::sync::Arc;

use tallystick::audit::patterns::PatternName;
use tallystick::digest::{Digest, TransactionId};
use tallystick::feed::NewRow;
use tallystick::limits::LEAVES_PER_UPDATE_MAX;
use tallystick::model::day::Day;
use tallystick::model::leaf::{EvaluationKind, Leaf, LeafBody, PointsReference, RefusalCode};
use tallystick::model::loan::Loan;
use tallystick::model::member::MemberId;
use tallystick::node::Node;
use tallystick::secret::SystemEntropy;
use tallystick::store::Reopen;
use tallystick::threshold::{Blind, Locator, Point, RowContext, SecretKey, blind_with, points_digest, seal};
use tallystick::wire::message::{EvaluateRequest, Refusal, Reply};

use crate::circle::Circle;
use crate::person::{consent, identifier, load, loan, question};

const LENDER: &str = "m-d";
/// What the policy allows a lender to be ahead of its feed by.
const ALLOWED: u32 = 20;

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn circle() -> Circle {
    let demo = include_str!("../../config/policy-demo.toml");
    let quotas = format!("[quotas]\nunpublished_points = {ALLOWED}\nunpublished_days = 10\n");
    Circle::new(4, 3, 2, &format!("{demo}\n{quotas}"), today())
}

/// Loans of clients with two identifiers each, the second one counted from `other` on.
fn clients(count: u32, other: u32, as_of: Day) -> Vec<Loan> {
    let one = |i: u32| {
        let mut loan = loan(&format!("L-{i}"), &i.to_string(), &format!("kh-nid:1000{i:05}"), 50_000, as_of);
        loan.identifiers.push(identifier(&format!("kh-nid:2000{:05}", i + other)));
        loan
    };
    (0..count).map(one).collect()
}

fn rows(circle: &Circle) -> u64 {
    circle.node(LENDER).feeds().head(&LENDER.parse().unwrap()).unwrap().rows
}

async fn publish_all(circle: &Circle) {
    let node = circle.node(LENDER);
    while node.publish_round().await.unwrap().clients > 0 {}
    assert_eq!(node.book().pending_count().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lender_that_publishes_what_it_asks_for_is_never_refused() {
    let mut circle = circle();
    // A whole book at once, while one of the holders is away; all of it is shown to that one afterwards.
    circle.stop("m-c");
    load(&circle.node(LENDER), clients(200, 0, today()));
    publish_all(&circle).await;
    assert_eq!(rows(&circle), 400);
    circle.start("m-c");
    circle.stop("m-a");
    // Corrections: as many new identifiers, and rows that are withdrawn; and a person with a second client number.
    load(&circle.node(LENDER), clients(200, 1_000, today().plus_days(1)));
    let again = loan("S-1", "second", "kh-nid:100000001", 10, today().plus_days(1));
    load(&circle.node(LENDER), vec![again]);
    circle.restart(LENDER, Reopen::Killed);
    publish_all(&circle).await;
    assert_eq!(rows(&circle), 601);
}

/// A lender that asks for points it never means to publish.
struct Prober {
    node: Arc<Node>,
}

impl Prober {
    fn me(&self) -> MemberId {
        self.node.me().clone()
    }

    /// Logs a batch. Gives the request for it, to be completed for each holder.
    fn log(&self, count: u32) -> EvaluateRequest {
        let entropy = SystemEntropy::new();
        let point =
            |i: u32| blind_with(format!("somebody {i}").as_bytes(), &Blind::random(&entropy)).unwrap();
        let points: Vec<Point> = (0..count).map(point).collect();
        let transaction = TransactionId::random(&entropy);
        let digest = Digest(points_digest(&points));
        let body = LeafBody::ReportingBatch { epoch: 1, points: PointsReference { count, digest } };
        let appended = self.node.log().append_one(Leaf::new(self.node.clock().now(), transaction, body));
        EvaluateRequest {
            transaction,
            evaluation: EvaluationKind::Reporting,
            epoch: 1,
            generation: 1,
            leaf: appended.unwrap().leaves[0],
            points: points.iter().map(Point::to_bytes).collect(),
            update: self.node.log().update_from(0, 0).unwrap(),
        }
    }

    /// What a holder says to it, which is brought up to the log's end.
    fn ask(&self, holder: &Node, request: &EvaluateRequest) -> Reply {
        let have = holder.mirror().head(&self.me()).unwrap().map_or(0, |head| head.size);
        let update = self.node.log().update_from(have, LEAVES_PER_UPDATE_MAX).unwrap();
        holder.serve_evaluation(&self.me(), &EvaluateRequest { update, ..request.clone() }).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publisher_asks_for_no_more_than_is_left_and_goes_on_as_it_publishes() {
    let circle = circle();
    let node = circle.node(LENDER);
    // A batch that came to nothing has used up most of what is allowed.
    Prober { node: Arc::clone(&node) }.log(ALLOWED - 4);
    load(&node, clients(10, 0, today()));
    for _ in 0..12 {
        node.publish_round().await.unwrap();
    }
    assert_eq!((rows(&circle), node.book().pending_count().unwrap()), (20, 0));
    // Nothing is left: what comes waits, and no holder is asked.
    Prober { node: Arc::clone(&node) }.log(4);
    load(&node, clients(11, 0, today().plus_days(1)));
    let before = node.log().head().size;
    let error = node.publish_round().await.unwrap_err().to_string();
    assert!(error.contains("unpublished_points"), "{error}");
    assert!(node.publish_round().await.is_err());
    let batches = node.log().leaves(before, 100).unwrap();
    let batches = batches.iter().filter(|leaf| String::from_utf8_lossy(leaf).contains("reporting-batch"));
    assert_eq!(batches.count(), 0, "a batch that would be refused is not logged");
    for holder in ["m-a", "m-b", "m-c"] {
        let seen = circle.node(holder).patterns().unwrap();
        assert!(seen.patterns.iter().all(|p| p.pattern != PatternName::QuotaRefusals), "{holder}");
    }
}

fn ahead_until(day: Day) -> Reply {
    Reply::Refused(Refusal { code: RefusalCode::AheadOfFeed, renews: Some(day.start()) })
}

fn cover_rows(count: u32) -> Vec<NewRow> {
    let entropy = SystemEntropy::new();
    let key = SecretKey::random(&entropy).public_key();
    let row = |i: u32| {
        let (locator, mut row_id) = (Locator([7; 32]), [9; 16]);
        row_id[..4].copy_from_slice(&i.to_be_bytes());
        let place = RowContext {
            network: "test-net",
            epoch: 1,
            lender: LENDER,
            locator: &locator,
            row_id: &row_id,
            version: 1,
        };
        let sealed = seal(&key, &place, b"nobody", &entropy).unwrap();
        NewRow { epoch: 1, locator, row_id, version: 1, sealed }
    };
    (0..count).map(row).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lender_that_looks_people_up_is_refused_by_every_holder_until_the_days_are_over() {
    let mut circle = circle();
    let prober = Prober { node: circle.node(LENDER) };
    let [a, b] = ["m-a", "m-b"].map(|holder| circle.node(holder));
    let first = prober.log(ALLOWED);
    assert!(matches!(prober.ask(&a, &first), Reply::Evaluated(_)));
    let second = prober.log(1);
    let refused = ahead_until(today().plus_days(10));
    assert_eq!(prober.ask(&a, &second), refused);
    // Another holder served nothing yet, and counts the same; a retry of what was served is served.
    assert_eq!(prober.ask(&b, &second), refused);
    assert!(matches!(prober.ask(&a, &first), Reply::Evaluated(_)));
    // Whoever looks at the logs sees it, and nobody else in them.
    (0..9).for_each(|_| assert_eq!(prober.ask(&a, &second), refused));
    let seen = a.patterns().unwrap();
    let seen: Vec<_> = seen.patterns.iter().map(|p| (p.member.as_str(), p.pattern, p.count)).collect();
    let ahead = u64::from(ALLOWED) + 1;
    let expected =
        [(LENDER, PatternName::ReportingAboveRows, ahead), (LENDER, PatternName::QuotaRefusals, 10)];
    assert_eq!(seen, expected);
    // So does one that was started again.
    drop((a, b));
    let a = circle.restart("m-a", Reopen::Killed);
    assert_eq!(prober.ask(&a, &second), refused);
    // The day before it is still refused, on the day it is served: its log's days go on with its feed states.
    for (days, served) in [(9, false), (1, true)] {
        circle.clock.advance(days * 86_400);
        circle.meet().await;
        prober.node.sign_feed_state().unwrap();
        prober.node.gather_quorum().await.unwrap();
        assert_eq!(matches!(prober.ask(&a, &second), Reply::Evaluated(_)), served, "{days}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn footprints_open_no_room_and_published_rows_do() {
    let circle = circle();
    load(&circle.node("m-b"), vec![loan("B-1", "1", "kh-nid:100000001", 10, today())]);
    circle.settle().await;
    let prober = Prober { node: circle.node(LENDER) };
    let holder = circle.node("m-a");
    assert!(matches!(prober.ask(&holder, &prober.log(ALLOWED)), Reply::Evaluated(_)));
    for _ in 0..3 {
        let given = prober.node.record_consent(consent(&prober.node, "kh-nid:100000001")).await.unwrap();
        prober.node.inquire(&question(&given.consent.to_string()), None).await.unwrap();
    }
    assert!(rows(&circle) > 0, "its footprints");
    let request = prober.log(3);
    let refused = ahead_until(today().plus_days(10));
    assert_eq!(prober.ask(&holder, &request), refused);
    circle.publish_rows(LENDER, cover_rows(2));
    assert_eq!(prober.ask(&holder, &request), refused, "one is missing");
    let more = cover_rows(3).split_off(2);
    circle.publish_rows(LENDER, more);
    assert!(matches!(prober.ask(&holder, &request), Reply::Evaluated(_)));
}
