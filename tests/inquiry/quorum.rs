//! The witnesses' quorum: inquiries do not wait for it, it completes when the witness that was away returns, and past
//! the policy's limit without it nothing is served.

use tallystick::model::leaf::{Leaf, LeafBody, RefusalCode};
use tallystick::node::{Inquired, Node};

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

async fn ask(asker: &Node, consent: &str) -> Inquired {
    asker.inquire(&question(consent), None).await.unwrap()
}

async fn consented(asker: &Node) -> String {
    let recorded = asker.record_consent(consent(asker, "kh-nid:010203040")).await.unwrap();
    recorded.consent.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_go_on_without_one_witness_until_the_policys_limit() {
    let policy = include_str!("../../config/policy-demo.toml");
    let today = "2026-11-22".parse().unwrap();
    let mut circle = Circle::new(4, 3, 2, policy, today);
    load(&circle.node("m-a"), vec![loan("A-1", "kh-nid:010203040", 50_000, today)]);
    circle.settle().await;
    let asker = circle.node("m-d");
    let first = consented(&asker).await;
    // Three witnesses: all of them are the quorum.
    assert_eq!(asker.gather_quorum().await.unwrap(), (3, 3));

    circle.stop("m-c");
    assert!(matches!(ask(&asker, &first).await, Inquired::Answered(_)));
    assert_eq!(asker.gather_quorum().await.unwrap(), (2, 3), "one of three is away");
    circle.clock.advance(45 * 60);
    circle.meet().await;
    let second = consented(&asker).await;
    assert!(matches!(ask(&asker, &second).await, Inquired::Answered(_)), "the quorum is 45 minutes old");

    let third = consented(&asker).await;
    circle.clock.advance(20 * 60);
    circle.meet().await;
    let Inquired::Refused(refused) = ask(&asker, &third).await else { panic!("answered without a quorum") };
    assert_eq!(refused.reason, RefusalCode::NoQuorum);
    for holder in ["m-a", "m-b"] {
        let leaves = circle.node(holder).log().leaves(0, 1_000).unwrap();
        let said = |bytes: &Vec<u8>| {
            let body = Leaf::from_bytes(bytes).unwrap().body;
            matches!(body, LeafBody::EvaluationRefused { reason: RefusalCode::NoQuorum, .. })
        };
        assert_eq!(leaves.iter().filter(|leaf| said(leaf)).count(), 1, "{holder} says why in its log");
    }

    // The witness returns, the quorum completes, and the same inquiry goes on where it stopped.
    circle.start("m-c");
    assert_eq!(asker.gather_quorum().await.unwrap(), (3, 3));
    assert!(matches!(ask(&asker, &third).await, Inquired::Answered(_)));
    assert_eq!(asker.consent(&third.parse().unwrap()).unwrap().uses_spent, 1);
}
