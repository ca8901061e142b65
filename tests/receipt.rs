//! Consent receipts of a real node, verified by an implementation of JOSE in another language.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "receipt/jose.rs"]
mod jose;
#[path = "support/mod.rs"]
mod support;

use std::sync::Arc;

use tallystick::digest::{Digest, WithdrawalCode};
use tallystick::model::consent::{ConsentState, EvidenceKind, Purpose};
use tallystick::model::day::Day;
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::node::{ConsentRequest, Evidence, Node, RecordedConsent};
use tallystick::receipt::verify_by_roster;
use tallystick::store::Store;

const POLICY: &str = include_str!("../config/policy-demo.toml");
/// A number of an identity card: it must stand nowhere in a receipt.
const CARD: &str = "010203040";

fn node() -> Arc<Node> {
    let today: Day = "2026-11-20".parse().unwrap();
    support::Solo::new(POLICY, today).start(Store::memory(&support::tables()).unwrap())
}

async fn recorded(node: &Node) -> RecordedConsent {
    let identifier = Identifier::parse_pair(&format!("kh-nid:{CARD}"), &SchemeSet::new()).unwrap();
    let request = ConsentRequest {
        identifiers: vec![identifier],
        purpose: Purpose::LoanApplication,
        from: None,
        until: node.clock().now().plus_seconds(30 * 86_400),
        uses: 1,
        weak_matches: false,
        notice_language: "km".to_owned(),
        evidence: Evidence { kind: EvidenceKind::Thumbprint, digest: Digest([7; 32]) },
        officer: "Sok Dara".to_owned(),
    };
    node.record_consent(request).await.unwrap()
}

/// The answer key of the node, base64 as the roster writes it.
fn key(node: &Node) -> String {
    let key = node.roster().member(node.me()).unwrap().answer_key;
    serde_json::to_value(key).unwrap().as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_independent_library_verifies_the_receipt_of_a_node() {
    let node = node();
    let recorded = recorded(&node).await;
    let payload = jose::verify(&recorded.receipt, &key(&node)).expect("a true receipt verifies");
    // What the library read is what the node did.
    let text =
        |pointer: &str| payload.pointer(pointer).and_then(|v| v.as_str()).unwrap_or(pointer).to_owned();
    assert_eq!(text("/iss"), "tally.test-net/lender-a");
    assert_eq!(text("/record_id"), recorded.consent.to_string());
    assert_eq!(text("/tally/leaf/hash"), recorded.leaf.hash.to_string());
    assert_eq!(text("/pii_processing/purposes/0/purpose"), "loan-application");
    assert_eq!(text("/pii_processing/language"), "km");
    assert_eq!(text("/events/0/event_state"), "given");
    // The leaf of the log is the one that the receipt names, and carries the hash of the receipt's code.
    let index = payload["tally"]["leaf"]["index"].as_u64().unwrap();
    let leaf = String::from_utf8(node.log().leaves(index, 1).unwrap().remove(0)).unwrap();
    let code: WithdrawalCode = text("/tally/withdrawal_code").parse().unwrap();
    assert_eq!(code, recorded.withdrawal);
    assert!(leaf.contains(&code.hash().to_string()) && leaf.contains(&text("/pii_principal_id")), "{leaf}");
    // Nobody learns from it whose it is.
    let whole = payload.to_string();
    assert!(!whole.contains(CARD) && !whole.contains("Sok Dara") && !whole.contains("sokha"), "{whole}");
    // Ours reads the same.
    let verified = verify_by_roster(&recorded.receipt, &node.roster()).unwrap();
    assert_eq!(serde_json::to_value(&verified.receipt).unwrap(), payload);
}

#[tokio::test]
async fn the_library_refuses_what_was_changed() {
    let node = node();
    let (first, second) = (recorded(&node).await.receipt, recorded(&node).await.receipt);
    let key = key(&node);
    assert!(jose::verify(&first, &key).is_some() && jose::verify(&second, &key).is_some());
    let parts: Vec<&str> = first.split('.').collect();
    for (part, text) in parts.iter().enumerate() {
        // The third letter of a part holds six true bits, whatever its length.
        let mut letters: Vec<char> = text.chars().collect();
        letters[2] = if letters[2] == 'A' { 'B' } else { 'A' };
        let mut changed: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
        changed[part] = letters.into_iter().collect();
        assert!(jose::verify(&changed.join("."), &key).is_none(), "part {part}");
    }
    // One receipt's signature under another's text.
    let (text, _) = first.rsplit_once('.').unwrap();
    let (_, signature) = second.rsplit_once('.').unwrap();
    assert!(jose::verify(&format!("{text}.{signature}"), &key).is_none());
    let other = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    assert_ne!(other, key);
    assert!(jose::verify(&first, other).is_none());
}

#[tokio::test]
async fn the_code_on_the_receipt_withdraws_at_a_node() {
    let node = node();
    let recorded = recorded(&node).await;
    let receipt = verify_by_roster(&recorded.receipt, &node.roster()).unwrap().receipt;
    assert_eq!(node.consent(&recorded.consent).unwrap().state, ConsentState::Given);
    assert!(node.withdraw(&receipt.tally.withdrawal_code).unwrap());
    assert_eq!(node.consent(&recorded.consent).unwrap().state, ConsentState::Withdrawn);
}
