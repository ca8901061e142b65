//! Reporting batches whose replies were lost are asked for again, and no others in their place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tallystick::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, RefusalCode};
use tallystick::node::{Node, PublishError};
use tallystick::store::Reopen;
use tallystick::wire::message::{Refusal, Reply, Request};

use crate::circle::{Circle, Lie};
use crate::person::{load, loan};

const LENDER: &str = "m-d";
const HOLDERS: [&str; 3] = ["m-a", "m-b", "m-c"];
/// Clients of the first load: just what a day's quota allows.
const CLIENTS: u32 = 6;

fn circle() -> Circle {
    let demo = include_str!("../../config/policy-demo.toml");
    let policy = format!("{demo}\n[quotas]\nreporting_points_per_day = {CLIENTS}\n");
    Circle::new(4, 3, 2, &policy, "2026-11-22".parse().unwrap())
}

/// A lender with clients that wait.
fn loaded(circle: &Circle, from: u32) -> Arc<Node> {
    let (node, today) = (circle.node(LENDER), "2026-11-22".parse().unwrap());
    let clients = from..from + CLIENTS;
    let of = |i: u32| loan(&format!("L-{i}"), &i.to_string(), &format!("kh-nid:90000{i:04}"), 50_000, today);
    load(&node, clients.map(of).collect());
    node
}

/// What key holders make of their reporting evaluations, as long as it is switched on.
fn instead(on: &Arc<AtomicBool>, make: impl Fn() -> Reply + Send + Sync + 'static) -> Lie {
    let on = Arc::clone(on);
    Arc::new(move |request, reply| match (request, &reply) {
        (Request::Evaluate(asked), Reply::Evaluated(_))
            if asked.evaluation == EvaluationKind::Reporting && on.load(Ordering::SeqCst) =>
        {
            make()
        }
        _ => reply,
    })
}

fn lost() -> Reply {
    Reply::Unavailable { why: "the connection broke".to_owned() }
}

fn refused() -> Reply {
    Reply::Refused(Refusal { code: RefusalCode::WrongPoints, renews: None })
}

fn leaves(node: &Node) -> Vec<Leaf> {
    let all = node.log().leaves(0, usize::MAX).unwrap();
    all.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap()).collect()
}

fn batches(node: &Node) -> usize {
    leaves(node).iter().filter(|leaf| matches!(leaf.body, LeafBody::ReportingBatch { .. })).count()
}

/// Of the lender's batches that a holder served, the leaves, as often as it served them.
fn served(circle: &Circle, holder: &str) -> Vec<LeafReference> {
    let served = leaves(&circle.node(holder)).into_iter().filter_map(|leaf| match leaf.body {
        LeafBody::EvaluationServed { evaluation: EvaluationKind::Reporting, leaf, .. } => Some(leaf),
        _ => None,
    });
    served.collect()
}

/// The quotas renew.
async fn next_day(circle: &Circle) {
    circle.clock.advance(86_400);
    circle.meet().await;
    circle.node(LENDER).gather_quorum().await.unwrap();
}

fn rows(circle: &Circle) -> u64 {
    circle.node(LENDER).feeds().head(&LENDER.parse().unwrap()).unwrap().rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_whose_replies_were_lost_is_asked_for_again_and_costs_nothing() {
    for is_restarted in [false, true] {
        let mut circle = circle();
        let on = Arc::new(AtomicBool::new(true));
        for holder in HOLDERS {
            circle.lie(holder, Some(instead(&on, lost)));
        }
        let mut node = loaded(&circle, 0);
        for _ in 0..3 {
            assert!(matches!(node.publish_round().await, Err(PublishError::Ask(_))));
        }
        // More clients come meanwhile, and have to wait for the next day's quota.
        loaded(&circle, 100);
        if is_restarted {
            drop(node);
            node = circle.restart(LENDER, Reopen::Killed);
        }
        on.store(false, Ordering::SeqCst);
        let Err(PublishError::Ask(error)) = node.publish_round().await else { panic!("beyond the quota") };
        assert_eq!(error.refusal(), Some(RefusalCode::QuotaSpent));
        assert_eq!((rows(&circle), batches(&node)), (u64::from(CLIENTS), 2), "{is_restarted}");
        for holder in HOLDERS {
            assert_eq!(served(&circle, holder).len(), 1, "{is_restarted} {holder}");
        }
        next_day(&circle).await;
        assert_eq!(node.publish_round().await.unwrap().located, CLIENTS as usize);
        assert_eq!((rows(&circle), batches(&node)), (2 * u64::from(CLIENTS), 2), "{is_restarted}");
        assert_eq!(node.book().pending_count().unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_nobody_waits_for_any_more_is_not_asked_for() {
    let circle = circle();
    let on = Arc::new(AtomicBool::new(true));
    for holder in HOLDERS {
        circle.lie(holder, Some(instead(&on, lost)));
    }
    let node = loaded(&circle, 0);
    assert!(node.publish_round().await.is_err());
    // Every client of it goes, and others come.
    let day = "2026-11-23".parse().unwrap();
    let others = (0..CLIENTS)
        .map(|i| loan(&format!("L-{i}"), &format!("other-{i}"), &format!("kh-nid:80000{i:04}"), 50_000, day));
    load(&node, others.collect());
    next_day(&circle).await;
    on.store(false, Ordering::SeqCst);
    let report = node.publish_round().await.unwrap();
    assert_eq!((report.located, report.rows), (CLIENTS as usize, CLIENTS as usize));
    assert_eq!(batches(&node), 2);
    // Each of them the first one, two of them the second.
    assert_eq!(HOLDERS.map(|holder| served(&circle, holder).len()).iter().sum::<usize>(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_given_up_only_when_too_few_holders_are_left_that_might_serve_it() {
    let circle = circle();
    let on = Arc::new(AtomicBool::new(true));
    circle.lie("m-a", Some(instead(&on, refused)));
    circle.lie("m-b", Some(instead(&on, lost)));
    circle.lie("m-c", Some(instead(&on, lost)));
    let node = loaded(&circle, 0);
    // One alone may lie.
    for _ in 0..2 {
        assert!(node.publish_round().await.is_err());
    }
    assert_eq!(batches(&node), 1);
    circle.lie("m-b", Some(instead(&on, refused)));
    // Asked for in vain, and then for the same clients in another batch, which is kept in turn.
    assert!(node.publish_round().await.is_err());
    assert_eq!(batches(&node), 2);
    on.store(false, Ordering::SeqCst);
    next_day(&circle).await;
    assert_eq!(node.publish_round().await.unwrap().located, CLIENTS as usize);
    assert_eq!((rows(&circle), batches(&node)), (u64::from(CLIENTS), 2));
}
