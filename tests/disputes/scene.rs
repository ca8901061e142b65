//! `m-b` reports a loan of a client; `m-d` is where she sees the report; `m-c` is a third lender that asks.

use tallystick::digest::{ConsentId, TransactionId};
use tallystick::model::answer::{Answer, PersonAnswer};
use tallystick::model::consent::Purpose;
use tallystick::model::dispute::{DisputeReason, DisputeState, DisputeText, HeldDispute};
use tallystick::model::leaf::{DisputeAnswer, Leaf, LeafBody};
use tallystick::model::record::RecordId;
use tallystick::node::{ConsentRequest, DisputeDecision, DisputeRequest, Inquired, Node, open_answer};

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

pub(crate) const TODAY: &str = "2026-11-22";
pub(crate) const HERS: &str = "kh-nid:010203040";
pub(crate) const SAID: &str = "I paid this back in March, Sok Dara has the receipt";
pub(crate) const DAY: i64 = 86_400;

/// The demonstration's policy, whose disputes have 21 and 30 days.
pub(crate) fn policy() -> String {
    include_str!("../../config/policy-demo.toml").to_owned()
}

/// Four lenders, the first two of which hold the keys; everything is published and everywhere.
pub(crate) async fn network() -> Circle {
    let circle = Circle::new(4, 2, 2, &policy(), TODAY.parse().unwrap());
    let today = TODAY.parse().unwrap();
    load(&circle.node("m-b"), vec![loan("B-1", "1", HERS, 70_000, today)]);
    load(&circle.node("m-d"), vec![loan("D-1", "9", HERS, 20_000, today)]);
    circle.settle().await;
    circle
}

pub(crate) fn text(words: &str) -> DisputeText {
    DisputeText::try_from(words.to_owned()).unwrap()
}

/// Her own request at a member, and the report.
pub(crate) async fn report(node: &Node) -> (ConsentId, Answer) {
    report_of(node, consent(node, HERS)).await
}

/// The same, with what the request names.
pub(crate) async fn report_of(node: &Node, request: ConsentRequest) -> (ConsentId, Answer) {
    let request = ConsentRequest { purpose: Purpose::SubjectAccess, ..request };
    let recorded = node.record_consent(request).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    let made = node.subject_report(&recorded.consent).await.unwrap();
    let key = node.roster().member(node.me()).unwrap().answer_key;
    (recorded.consent, open_answer(&made.answer, &key).unwrap())
}

/// What a lender learns of her when it asks now.
pub(crate) async fn asked(node: &Node) -> PersonAnswer {
    asked_with(node, consent(node, HERS)).await
}

/// The same, with what the consent names.
pub(crate) async fn asked_with(node: &Node, given: ConsentRequest) -> PersonAnswer {
    let recorded = node.record_consent(given).await.unwrap();
    let request = question(&recorded.consent.to_string());
    let Inquired::Answered(signed) = node.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let key = node.roster().member(node.me()).unwrap().answer_key;
    open_answer(&signed, &key).unwrap().persons.remove(0)
}

/// The record that a lender reports of her, as the answer shows it.
pub(crate) fn record_of(answer: &Answer, lender: &str) -> RecordId {
    let lines = &answer.persons[0].exposure.lenders;
    let line = lines.iter().find(|line| line.lender == lender).unwrap();
    RecordId(hex::decode(&line.records[0]).unwrap().try_into().unwrap())
}

/// A dispute of what `m-b` reports, as a clerk writes it down.
pub(crate) fn request(consent: ConsentId, record: RecordId) -> DisputeRequest {
    DisputeRequest {
        consent,
        lender: "m-b".parse().unwrap(),
        record,
        facility: Some(1),
        reason: DisputeReason::AlreadyPaid,
        text: text(SAID),
        by: "sokha".to_owned(),
    }
}

/// She sees the report at `m-d` and disputes what `m-b` says of her.
pub(crate) async fn opened(circle: &Circle) -> TransactionId {
    let node = circle.node("m-d");
    let (consent, answer) = report(&node).await;
    node.open_dispute(request(consent, record_of(&answer, "m-b"))).unwrap().dispute
}

pub(crate) fn decision(answer: DisputeAnswer, words: Option<&str>) -> DisputeDecision {
    DisputeDecision { answer, text: words.map(text), by: "chan thy".to_owned() }
}

/// Every letter that can be delivered is.
pub(crate) async fn deliver(circle: &Circle) -> usize {
    let mut left = 0;
    for seat in circle.seats.values() {
        if let Some(node) = &seat.node {
            left += node.deliver_disputes().await.unwrap();
        }
    }
    left
}

/// The dispute as a member holds it.
pub(crate) fn held(node: &Node, dispute: TransactionId) -> HeldDispute {
    let found = node.disputes(true).unwrap().held.into_iter().find(|one| one.dispute == dispute);
    found.unwrap_or_else(|| panic!("{} does not hold it", node.me()))
}

pub(crate) fn state(circle: &Circle, name: &str, dispute: TransactionId) -> DisputeState {
    held(&circle.node(name), dispute).state
}

/// The words of a node's leaves about disputes, in order.
pub(crate) fn steps(node: &Node) -> Vec<&'static str> {
    let leaves = node.log().leaves(0, 10_000).unwrap();
    leaves
        .iter()
        .filter_map(|bytes| match Leaf::from_bytes(bytes).unwrap().body {
            LeafBody::DisputeOpened { .. } => Some("opened"),
            LeafBody::DisputeReceived { .. } => Some("received"),
            LeafBody::DisputeAnswered { .. } => Some("answered"),
            LeafBody::DisputeResolved { .. } => Some("resolved"),
            LeafBody::DisputeEscalated { .. } => Some("escalated"),
            _ => None,
        })
        .collect()
}

/// How the answer shows the dispute: lines, flagged facilities of `m-b`, and how many others are flagged.
pub(crate) fn flagged(person: &PersonAnswer) -> (usize, usize, usize) {
    let lines = &person.exposure.lenders;
    let count = |theirs: bool| {
        let of = lines.iter().filter(|line| (line.lender == "m-b") == theirs);
        of.flat_map(|line| &line.facilities).filter(|facility| facility.disputed).count()
    };
    (person.disputes.len(), count(true), count(false))
}
