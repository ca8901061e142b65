//! An inquiry whose asker or key holder dies at every write, before it and after it: the retry succeeds, one use is
//! counted, and nothing is lost.

use tallystick::digest::{ConsentId, TransactionId};
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::node::{InquireError, Inquired, Node, open_answer};
use tallystick::store::{FaultPlan, Reopen};

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

const TODAY: &str = "2026-11-22";
const WAYS: [Reopen; 2] = [Reopen::Killed, Reopen::PowerCut { unsynced_kept: 0 }];

/// Holders `m-a` and `m-b`, of whom both are needed, and `m-c` that is away; `m-d` asks about a client of both.
async fn network() -> (Circle, ConsentId) {
    let policy = include_str!("../../config/policy-demo.toml");
    let mut circle = Circle::new(4, 3, 2, policy, TODAY.parse().unwrap());
    let today = TODAY.parse().unwrap();
    load(&circle.node("m-a"), vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    load(&circle.node("m-b"), vec![loan("B-1", "1", "kh-nid:010203040", 70_000, today)]);
    circle.settle().await;
    circle.stop("m-c");
    let asker = circle.node("m-d");
    let recorded = asker.record_consent(consent(&asker, "kh-nid:010203040")).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    (circle, recorded.consent)
}

/// Leaves of a kind in a node's own log.
fn leaves(node: &Node, kind: impl Fn(&LeafBody) -> bool) -> usize {
    let leaves = node.log().leaves(0, 10_000).unwrap();
    leaves.iter().filter(|bytes| kind(&Leaf::from_bytes(bytes).unwrap().body)).count()
}

fn openings(node: &Node) -> usize {
    leaves(node, |body| matches!(body, LeafBody::InquiryOpened { .. }))
}

/// Asks again until there is an answer, and checks it and everything that stands behind it.
async fn retry(circle: &Circle, consent: ConsentId, place: &str) {
    let asker = circle.node("m-d");
    let request = question(&consent.to_string());
    let before = openings(&asker);
    // An answer that was already signed is had by its transaction, as the officer's list shows it.
    let leaves = asker.log().leaves(0, 10_000).unwrap();
    let answered = leaves.iter().find_map(|bytes| {
        let leaf = Leaf::from_bytes(bytes).unwrap();
        matches!(leaf.body, LeafBody::InquiryAnswered { .. }).then_some(leaf.transaction)
    });
    let Inquired::Answered(signed) = asker.inquire(&request, answered).await.unwrap() else {
        panic!("{place}: refused")
    };
    let key = asker.roster().member(asker.me()).unwrap().answer_key;
    let answer = open_answer(&signed, &key).unwrap();
    let text = serde_json::to_string(&answer).unwrap();
    assert!(text.contains("500.00") && text.contains("700.00"), "{place}: {text}");
    assert_eq!(asker.consent(&consent).unwrap().uses_spent, 1, "{place}");
    assert_eq!(openings(&asker), 1, "{place}: one opening, however often it was asked");
    assert!(before <= 1, "{place}");
    for name in ["m-a", "m-b", "m-d"] {
        circle.node(name).log().verify().unwrap_or_else(|error| panic!("{place}: log of {name}: {error}"));
    }
}

/// Kills `victim` at each of its writes in an inquiry, in each way, and retries. Gives the number of writes.
async fn at_every_write(victim: &str) -> u64 {
    for write in 1.. {
        for persisted in [false, true] {
            for how in WAYS {
                let place = format!("{victim}, write {write}, persisted: {persisted}, {how:?}");
                let (mut circle, consent) = network().await;
                circle.backend(victim).fail(FaultPlan { write, persisted, disk_full: false });
                let asked = circle.node("m-d").inquire(&question(&consent.to_string()), None).await;
                if !circle.node(victim).store_failed() {
                    assert!(matches!(asked, Ok(Inquired::Answered(_))), "{place}: {asked:?}");
                    return write - 1;
                }
                assert!(asked.is_err(), "{place}: an answer although a process that it needs died");
                circle.restart(victim, how);
                retry(&circle, consent, &place).await;
            }
        }
    }
    unreachable!("the loop ends when no write fails")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_asker_dies_at_every_write() {
    // Footprint, opening leaf and what explains it in one; the answer and its leaf in one.
    assert!(at_every_write("m-d").await >= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_holder_dies_at_every_write() {
    // The asker's leaves; use and own leaf in one.
    assert!(at_every_write("m-b").await >= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_question_again_is_the_same_inquiry_whatever_its_transaction() {
    let (mut circle, consent) = network().await;
    let asker = circle.node("m-d");
    let request = question(&consent.to_string());
    let transaction = |number: u8| Some(TransactionId([number; 16]));
    circle.stop("m-b");
    let failed = asker.inquire(&request, transaction(1)).await.unwrap_err();
    assert!(failed.to_string().contains("1 of the 2"), "{failed}");
    assert_eq!(openings(&asker), 1, "it got as far as the opening");
    // As the command does: it draws a transaction each time.
    asker.inquire(&request, transaction(2)).await.unwrap_err();
    let mut other = request.clone();
    other.purpose = "guarantee".to_owned();
    assert!(matches!(asker.inquire(&other, transaction(9)).await, Ok(Inquired::Refused(_))));
    circle.start("m-b");
    let Inquired::Answered(signed) = asker.inquire(&request, transaction(3)).await.unwrap() else {
        panic!("the use is lost")
    };
    for number in 1..=3 {
        let again = asker.inquire(&request, transaction(number)).await.unwrap();
        assert!(matches!(again, Inquired::Answered(same) if same == signed), "transaction {number}");
    }
    assert_eq!((openings(&asker), asker.consent(&consent).unwrap().uses_spent), (1, 1));
    let spent = asker.inquire(&request, transaction(4)).await.unwrap();
    assert!(matches!(spent, Inquired::Refused(_)), "after the answer it is another inquiry");
    let error = asker.inquire(&other, transaction(2)).await.unwrap_err();
    assert!(matches!(error, InquireError::OtherQuestion(_)), "{error}");
}
