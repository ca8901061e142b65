//! Lawful grounds other than consent, erasure, and who failed to sign in, at one member with its clock in our hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "rights/erasing.rs"]
mod erasing;
#[path = "rights/grounds.rs"]
mod grounds;
#[path = "rights/proposals.rs"]
mod proposals;
#[path = "rights/recording.rs"]
mod recording;
#[path = "rights/signing_in.rs"]
mod signing_in;
#[path = "support/mod.rs"]
mod support;

use tallystick::digest::{ConsentId, Digest};
use tallystick::model::answer::Answer;
use tallystick::model::consent::{EvidenceKind, Purpose};
use tallystick::model::day::Day;
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::node::{ConsentRequest, Evidence, Inquired, Node};

/// The demonstration's policy, which declares a ground, with periods of its own.
fn policy() -> String {
    let demo = include_str!("../config/policy-demo.toml");
    assert!(demo.contains("name = \"court-order\""));
    format!("{demo}\n[audit]\nretention_days = 2000\n\n[log]\naudit_days = 1000\n")
}

fn today() -> Day {
    "2026-11-20".parse().unwrap()
}

fn identifier(text: &str) -> Identifier {
    Identifier::parse_pair(text, &SchemeSet::new()).unwrap()
}

fn consent(node: &Node, identifiers: &[&str]) -> ConsentRequest {
    ConsentRequest {
        identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
        purpose: Purpose::LoanApplication,
        from: None,
        until: node.clock().now().plus_seconds(86_400),
        uses: 1,
        weak_matches: false,
        notice_language: "en".to_owned(),
        evidence: Evidence { kind: EvidenceKind::SignedForm, digest: Digest([7; 32]) },
        officer: "Sok Dara".to_owned(),
    }
}

fn question(purpose: &str, consents: &[ConsentId]) -> InquiryRequest {
    let roles = [Role::Applicant, Role::Spouse];
    let persons = roles.into_iter().zip(consents);
    InquiryRequest {
        purpose: purpose.to_owned(),
        persons: persons
            .map(|(role, consent)| InquiryPerson { role, consent: consent.to_string() })
            .collect(),
        requested: None,
        household_income: None,
        household_expenses: None,
        refinances: None,
    }
}

async fn answer_of(node: &Node, request: &InquiryRequest) -> Answer {
    match node.inquire(request, None).await.unwrap() {
        Inquired::Answered(signed) => {
            let key = node.roster().member(node.me()).unwrap().answer_key;
            tallystick::node::open_answer(&signed, &key).unwrap()
        }
        Inquired::Refused(refused) => panic!("refused: {refused:?}"),
    }
}

async fn answered(node: &Node, request: &InquiryRequest) -> tallystick::digest::TransactionId {
    answer_of(node, request).await.transaction.parse().unwrap()
}

/// The leaves of the node's log, from an index on.
fn leaves(node: &Node, from: u64) -> Vec<Leaf> {
    let bytes = node.log().leaves(from, 10_000).unwrap();
    bytes.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap()).collect()
}

/// The indices of the leaves that a test picks.
fn places(node: &Node, pick: impl Fn(&LeafBody) -> bool) -> Vec<u64> {
    let leaves = leaves(node, 0);
    (0..).zip(&leaves).filter(|(_, leaf)| pick(&leaf.body)).map(|(index, _)| index).collect()
}
