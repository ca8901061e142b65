//! The witnesses' quorum: inquiries do not wait for it, it completes when the witness that was away returns, and past
//! the policy's limit without it nothing is served.

use tallystick::merkle::cosignature::witnesses;
use tallystick::merkle::{Note, open_checkpoint};
use tallystick::model::leaf::{Leaf, LeafBody, RefusalCode};
use tallystick::node::{Inquired, Node, open_answer};
use tallystick::store::Reopen;

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
    load(&circle.node("m-a"), vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    circle.settle().await;
    let asker = circle.node("m-d");
    let first = consented(&asker).await;
    // Three witnesses: all of them are the quorum.
    assert_eq!(asker.gather_quorum().await.unwrap(), (3, 3));

    circle.stop("m-c");
    let Inquired::Answered(signed) = ask(&asker, &first).await else { panic!("refused") };
    let answer = open_answer(&signed, &asker.roster().member(asker.me()).unwrap().answer_key).unwrap();
    let seen: Vec<&str> = answer.witnessed.iter().map(|one| one.member.as_str()).collect();
    assert_eq!(seen, ["m-a", "m-b"], "it carries the cosignatures of those that served it");
    for one in &answer.witnessed {
        let key = asker.roster().member(&one.member).unwrap().cosigner_key.parse().unwrap();
        let note = Note::parse(one.note.as_bytes()).unwrap();
        assert_eq!(witnesses(&note, &[key]).unwrap().count(), 1);
        let log = asker.roster().member(asker.me()).unwrap().log_key.parse().unwrap();
        let opening = asker.log().head().size - 2;
        assert!(open_checkpoint(one.note.as_bytes(), &log).unwrap().size() > opening, "over the opening");
    }
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_goes_on_after_a_restart() {
    let policy = include_str!("../../config/policy-demo.toml");
    let today = "2026-11-22".parse().unwrap();
    let mut circle = Circle::new(4, 3, 2, policy, today);
    load(&circle.node("m-a"), vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    circle.settle().await;
    let asker = circle.node("m-d");
    let first = consented(&asker).await;
    // More than two pages of leaves, of which the witnesses have the first ones only.
    for _ in 0..2_500 {
        asker.sign_feed_state().unwrap();
    }
    assert!(matches!(ask(&asker, &first).await, Inquired::Answered(_)));
    drop(asker);
    let asker = circle.restart("m-d", Reopen::Killed);
    let second = consented(&asker).await;
    assert!(
        matches!(ask(&asker, &second).await, Inquired::Answered(_)),
        "the holders have all of it already"
    );
    assert_eq!(asker.gather_quorum().await.unwrap(), (3, 3));
    // And when the holders are the ones that were restarted.
    for holder in ["m-a", "m-b", "m-c"] {
        circle.restart(holder, Reopen::Killed);
    }
    circle.meet().await;
    let third = consented(&asker).await;
    assert!(matches!(ask(&asker, &third).await, Inquired::Answered(_)));
    assert_eq!(asker.gather_quorum().await.unwrap(), (3, 3));
}
