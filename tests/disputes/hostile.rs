//! A member that lies: about whose dispute it is, about whom, about what stands in its log, and in masses.

use std::sync::Arc;

use tallystick::digest::{Digest, TransactionId};
use tallystick::feed::NewRow;
use tallystick::model::dispute::{DisputeReason, DisputeState, DisputeStatement};
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome, Leaf, LeafBody, LeafReference, RefusalCode};
use tallystick::model::record::{DisputeRecord, RecordId, RowContent};
use tallystick::node::serve::serve;
use tallystick::node::{DisputeError, Node};
use tallystick::secret::{SecretVec, SystemEntropy, random_array};
use tallystick::threshold::{Point, RowContext, seal};
use tallystick::wire::codec;
use tallystick::wire::message::{DisputeMessage, LoggedLeaf, Refusal, Reply, Request};

use crate::circle::Circle;
use crate::scene::{
    asked, decision, deliver, flagged, held, network, opened, record_of, report, request, state, steps, text,
};

/// A leaf of a node's log as it would show it.
fn shown(node: &Node, index: u64) -> LoggedLeaf {
    let head = node.log().head();
    LoggedLeaf {
        bytes: node.log().leaves(index, 1).unwrap().remove(0),
        index,
        proof: node.log().inclusion_proof(index, head.size).unwrap(),
    }
}

fn message(node: &Node, transaction: TransactionId, leaf: u64, letter: Vec<u8>) -> DisputeMessage {
    DisputeMessage {
        transaction,
        leaf: shown(node, leaf),
        consent: None,
        checkpoint: node.log().head().checkpoint,
        letter,
        concerns: None,
    }
}

async fn sent(to: &Arc<Node>, from: &str, message: DisputeMessage) -> Reply {
    serve(to, &from.parse().unwrap(), Request::Dispute(Box::new(message))).await.0
}

fn refused(code: RefusalCode) -> Reply {
    Reply::Refused(Refusal { code, renews: None })
}

/// Appends a leaf to a node's own log, as its owner can.
fn append(node: &Node, transaction: TransactionId, body: LeafBody) -> u64 {
    let leaf = Leaf::new(node.clock().now(), transaction, body);
    node.log().append_one(leaf).unwrap().leaves[0].index
}

/// A member that makes its letters itself.
struct Forger<'a> {
    circle: &'a Circle,
    name: &'static str,
    consent: LeafReference,
}

impl Forger<'_> {
    fn statement(&self, transaction: TransactionId, record: RecordId) -> DisputeStatement {
        DisputeStatement {
            network: self.circle.roster.network().clone(),
            dispute: transaction,
            opener: self.name.parse().unwrap(),
            lender: "m-b".parse().unwrap(),
            record: hex::encode(record.0),
            facility: None,
            reason: DisputeReason::Other,
            text: text("said"),
            opened: self.circle.node(self.name).clock().now(),
        }
    }

    /// A dispute with every part as it should be, but for what the statement says.
    fn message(&self, statement: &DisputeStatement) -> DisputeMessage {
        let node = self.circle.node(self.name);
        let json = serde_json::to_vec(statement).unwrap();
        let salt: [u8; 32] = random_array(&SystemEntropy::new());
        let domain = "tallystick/dispute/v1";
        let dispute = tallystick::digest::commit(&salt, domain, &json);
        let body = LeafBody::DisputeOpened { dispute, lender: "m-b".parse().unwrap(), consent: self.consent };
        let index = append(&node, statement.dispute, body);
        let recipient = &self.circle.roster.member(&"m-b".parse().unwrap()).unwrap().share_recipient;
        let content = SecretVec::new([&salt[..], &json].concat());
        let letter = tallystick::keyring::seal_letter(recipient, domain, &content).unwrap();
        let consent = Some(shown(&node, self.consent.index));
        DisputeMessage { consent, ..message(&node, statement.dispute, index, letter) }
    }

    async fn send(&self, message: DisputeMessage) -> Reply {
        sent(&self.circle.node("m-b"), self.name, message).await
    }
}

fn random() -> TransactionId {
    TransactionId::random(&SystemEntropy::new())
}

async fn forger(circle: &Circle) -> (Forger<'_>, RecordId) {
    let node = circle.node("m-c");
    let (consent, answer) = report(&node).await;
    let consent = node.consent(&consent).unwrap().leaf;
    (Forger { circle, name: "m-c", consent }, record_of(&answer, "m-b"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_rests_on_a_logged_consent_and_on_a_record_that_was_opened() {
    let circle = network().await;
    let (forger, record) = forger(&circle).await;
    let good = forger.statement(random(), record);
    let message = forger.message(&good);
    // Without the consent leaf, with another leaf in its place, or with one after it.
    let bare = DisputeMessage { consent: None, ..message.clone() };
    assert_eq!(forger.send(bare).await, refused(RefusalCode::NoConsent));
    let node = circle.node("m-c");
    let mut other = forger.message(&forger.statement(random(), record));
    other.consent = Some(shown(&node, 0));
    assert_eq!(forger.send(other).await, refused(RefusalCode::NoConsent));
    // About a record whose id it made up: it has opened no row of her.
    let guessed = forger.statement(random(), RecordId([7; 16]));
    assert_eq!(forger.send(forger.message(&guessed)).await, refused(RefusalCode::NotPermitted));
    // In another's name, or with a time of its own.
    for change in [
        |s: &mut DisputeStatement| s.opener = "m-d".parse().unwrap(),
        |s: &mut DisputeStatement| s.lender = "m-d".parse().unwrap(),
        |s: &mut DisputeStatement| s.opened = s.opened.plus_seconds(60),
        |s: &mut DisputeStatement| s.network = "other-net".parse().unwrap(),
    ] {
        let mut statement = forger.statement(random(), record);
        change(&mut statement);
        assert_eq!(forger.send(forger.message(&statement)).await, refused(RefusalCode::WrongLeaf));
    }
    assert!(
        circle.node("m-b").disputes(true).unwrap().held.is_empty() && steps(&circle.node("m-b")).is_empty()
    );
    // The same message whole is taken, once, from its sender alone.
    let message = forger.message(&forger.statement(random(), record));
    let from_another = sent(&circle.node("m-b"), "m-d", message.clone()).await;
    assert_eq!(from_another, refused(RefusalCode::BadCheckpointSignature));
    for _ in 0..3 {
        assert_eq!(forger.send(message.clone()).await, Reply::DisputeTaken);
    }
    assert_eq!(steps(&circle.node("m-b")), ["received"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_flipped_bit_of_what_proves_a_step_is_refused() {
    let circle = network().await;
    let (forger, record) = forger(&circle).await;
    let message = forger.message(&forger.statement(random(), record));
    let consent = message.consent.clone().unwrap();
    let mut parts: Vec<(&str, DisputeMessage)> = Vec::new();
    for bit in 0..message.leaf.bytes.len() * 8 {
        let mut changed = message.clone();
        changed.leaf.bytes[bit / 8] ^= 1 << (bit % 8);
        parts.push(("leaf", changed));
    }
    for bit in 0..message.leaf.proof.len() * 256 {
        let mut changed = message.clone();
        changed.leaf.proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
        parts.push(("proof", changed));
    }
    for bit in 0..consent.bytes.len() * 8 {
        let mut changed = message.clone();
        changed.consent.as_mut().unwrap().bytes[bit / 8] ^= 1 << (bit % 8);
        parts.push(("consent", changed));
    }
    for bit in 0..message.checkpoint.len() * 8 {
        let mut changed = message.clone();
        changed.checkpoint[bit / 8] ^= 1 << (bit % 8);
        parts.push(("checkpoint", changed));
    }
    for bit in [0, 8 * 500, 8 * 9_000, message.letter.len() * 8 - 1] {
        let mut changed = message.clone();
        changed.letter[bit / 8] ^= 1 << (bit % 8);
        parts.push(("letter", changed));
    }
    for (what, changed) in parts {
        let reply = forger.send(changed).await;
        assert!(matches!(reply, Reply::Refused(_)), "{what}: {reply:?}");
    }
    assert!(steps(&circle.node("m-b")).is_empty());
    assert_eq!(forger.send(message).await, Reply::DisputeTaken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_answers_or_closes_anothers_dispute() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    let commitment =
        circle.node("m-d").log().leaves(0, 10_000).unwrap().iter().find_map(|bytes| match Leaf::from_bytes(
            bytes,
        )
        .unwrap()
        .body
        {
            LeafBody::DisputeOpened { dispute, .. } => Some(dispute),
            _ => None,
        });
    let commitment = commitment.unwrap();
    let liar = circle.node("m-c");
    let answered =
        |answer| LeafBody::DisputeAnswered { dispute: commitment, answer, statement: Digest([1; 32]) };
    let closed = |outcome| LeafBody::DisputeResolved { dispute: commitment, outcome };
    for body in [
        answered(DisputeAnswer::Accepted),
        closed(DisputeOutcome::Corrected),
        closed(DisputeOutcome::Rejected),
        closed(DisputeOutcome::TakenBack),
    ] {
        let leaf = append(&liar, dispute, body);
        for end in ["m-b", "m-d"] {
            let reply = sent(&circle.node(end), "m-c", message(&liar, dispute, leaf, Vec::new())).await;
            assert_eq!(reply, refused(RefusalCode::NotPermitted), "{end}");
        }
    }
    // The right member, at the wrong moment or end.
    let lender = circle.node("m-b");
    let leaf = append(&lender, dispute, closed(DisputeOutcome::Corrected));
    let reply = sent(&circle.node("m-d"), "m-b", message(&lender, dispute, leaf, Vec::new())).await;
    assert_eq!(reply, refused(RefusalCode::WrongLeaf), "it never said that it would correct");
    let leaf = append(&lender, dispute, closed(DisputeOutcome::TakenBack));
    let reply = sent(&circle.node("m-d"), "m-b", message(&lender, dispute, leaf, Vec::new())).await;
    assert_eq!(reply, refused(RefusalCode::NotPermitted), "only the client takes it back");
    let opener = circle.node("m-d");
    let leaf = append(&opener, dispute, closed(DisputeOutcome::Rejected));
    let reply = sent(&lender, "m-d", message(&opener, dispute, leaf, Vec::new())).await;
    assert_eq!(reply, refused(RefusalCode::WrongLeaf), "nobody rejected it");
    for name in ["m-b", "m-d"] {
        assert_eq!(state(&circle, name, dispute), DisputeState::Open, "{name}");
    }
    // Nor here: the ends are apart.
    assert!(matches!(
        opener.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None)),
        Err(DisputeError::Unknown(_))
    ));
    assert!(matches!(
        lender.resolve_dispute(dispute, DisputeOutcome::TakenBack),
        Err(DisputeError::Unknown(_))
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_hears_only_from_the_ends_and_others_take_no_word() {
    let circle = network().await;
    let liar = circle.node("m-c");
    let dispute = random();
    let leaf = append(&liar, dispute, LeafBody::DisputeEscalated { dispute: Digest([2; 32]) });
    let concerns = |opener: &str, lender: &str| {
        Some(tallystick::wire::message::DisputeConcerns {
            opener: opener.parse().unwrap(),
            lender: lender.parse().unwrap(),
            opened: liar.clock().now(),
        })
    };
    let about = |concerns| DisputeMessage { concerns, ..message(&liar, dispute, leaf, Vec::new()) };
    let operator = circle.node("m-a");
    let reply = sent(&operator, "m-c", about(concerns("m-d", "m-b"))).await;
    assert_eq!(reply, refused(RefusalCode::NotPermitted), "it stands at neither end");
    let reply = sent(&circle.node("m-b"), "m-c", about(concerns("m-c", "m-b"))).await;
    assert_eq!(reply, refused(RefusalCode::NotPermitted), "no operator");
    assert_eq!(sent(&operator, "m-c", about(concerns("m-c", "m-b"))).await, Reply::DisputeTaken);
    assert_eq!(operator.escalated_disputes().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_consent_and_one_member_fill_no_inbox() {
    let circle = network().await;
    let (forger, record) = forger(&circle).await;
    let mut taken = 0;
    let last = loop {
        match forger.send(forger.message(&forger.statement(random(), record))).await {
            Reply::DisputeTaken => taken += 1,
            other => break other,
        }
    };
    assert_eq!((taken, last), (16, refused(RefusalCode::QuotaSpent)), "under one consent");
    // Under other consents, up to the day's bound; another member is not kept out by it.
    let mut more = 0;
    'all: loop {
        let (again, record) = self::forger(&circle).await;
        for _ in 0..16 {
            match again.send(again.message(&again.statement(random(), record))).await {
                Reply::DisputeTaken => more += 1,
                other => {
                    assert_eq!(other, refused(RefusalCode::QuotaSpent));
                    break 'all;
                }
            }
        }
    }
    assert_eq!(taken + more, 100);
    let dispute = opened(&circle).await;
    assert_eq!(circle.node("m-d").deliver_disputes().await.unwrap(), 0);
    assert_eq!(held(&circle.node("m-b"), dispute).state, DisputeState::Open);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_the_client_saw_is_disputed() {
    let circle = network().await;
    let node = circle.node("m-d");
    let (consent, answer) = report(&node).await;
    let record = record_of(&answer, "m-b");
    let error = |request| node.open_dispute(request).unwrap_err();
    let unseen = request(consent, RecordId([9; 16]));
    assert!(matches!(error(unseen), DisputeError::NotInAnswer));
    let mut elsewhere = request(consent, record);
    elsewhere.lender = "m-a".parse().unwrap();
    assert!(matches!(error(elsewhere), DisputeError::NotInAnswer));
    let mut second = request(consent, record);
    second.facility = Some(2);
    assert!(matches!(error(second), DisputeError::Value { field: "facility", .. }));
    let mut nobody = request(consent, record);
    nobody.by = " ".to_owned();
    assert!(matches!(error(nobody), DisputeError::Value { field: "by", .. }));
    node.withdraw_own(&consent).unwrap();
    assert!(matches!(error(request(consent, record)), DisputeError::Value { field: "consent", .. }));
    assert!(steps(&node).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_about_a_record_that_nobody_reports_flags_nothing() {
    let circle = network().await;
    let rows = circle.node("m-c").feeds().rows_after(&"m-b".parse().unwrap(), 0, 10).unwrap();
    let (locator, row_id) = (rows[0].locator, [9; 16]);
    let epoch = &circle.roster.document().epochs[0];
    let key = Point::from_bytes(&epoch.open.public_key.0).unwrap();
    let context = RowContext {
        network: "test-net",
        epoch: 1,
        lender: "m-c",
        locator: &locator,
        row_id: &row_id,
        version: 1,
    };
    let opened = circle.node("m-c").clock().now();
    let content =
        RowContent::Dispute(DisputeRecord { record: RecordId([1; 16]), about: RecordId([2; 16]), opened });
    let plain = codec::encode_secret(1, &content);
    let sealed = seal(&key, &context, plain.expose(), &SystemEntropy::new()).unwrap();
    circle.publish_rows("m-c", vec![NewRow { epoch: 1, locator, row_id, version: 1, sealed }]);
    circle.settle().await;
    let person = asked(&circle.node("m-d")).await;
    assert_eq!(flagged(&person), (1, 0, 0));
    assert_eq!(person.disputes[0].lender, "m-c", "it falls back on who published it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_that_are_refused_count_too() {
    let circle = network().await;
    let (forger, record) = forger(&circle).await;
    let guessed = forger.message(&forger.statement(random(), RecordId([7; 16])));
    for _ in 0..400 {
        assert_eq!(forger.send(guessed.clone()).await, refused(RefusalCode::NotPermitted));
    }
    assert_eq!(forger.send(guessed).await, refused(RefusalCode::QuotaSpent));
    let good = forger.message(&forger.statement(random(), record));
    assert_eq!(forger.send(good.clone()).await, refused(RefusalCode::QuotaSpent));
    circle.clock.advance(86_400);
    assert_eq!(forger.send(good).await, Reply::DisputeTaken, "tomorrow");
}
