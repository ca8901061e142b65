//! A court's order in place of consent: declared by the policy, approved by two, and shown as what it is.

use tallystick::digest::{ConsentId, Digest, TransactionId};
use tallystick::model::consent::{ConsentTerms, EvidenceKind, NoticeReference, Purpose};
use tallystick::model::leaf::{
    EvaluationKind, LawfulGround, Leaf, LeafBody, LeafReference, PointsReference, RefusalCode,
};
use tallystick::node::{ConsentError, Evidence, GroundRequest, Inquired, Node};
use tallystick::secret::SystemEntropy;
use tallystick::store::Store;
use tallystick::threshold::{Point, padding_point, points_digest};
use tallystick::wire::message::{EvaluateRequest, Reply};
use tallystick::words::{Texts, answer_page, answer_text};

use crate::{answer_of, consent, leaves, policy, question, support, today};

const HERS: &str = "kh-nid:010203040";

fn node() -> std::sync::Arc<Node> {
    support::Solo::new(&policy(), today()).start(Store::memory(&support::tables()).unwrap())
}

fn ground(node: &Node) -> GroundRequest {
    let mut terms = consent(node, &[HERS]);
    terms.purpose = Purpose::LoanMonitoring;
    terms.evidence = Evidence { kind: EvidenceKind::Order, digest: Digest([9; 32]) };
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    GroundRequest { terms, name: "court-order".to_owned(), approved_by }
}

#[tokio::test]
async fn an_approved_ground_permits_what_it_is_declared_for_and_shows_as_such() {
    let node = node();
    let recorded = node.record_ground(ground(&node)).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    let leaf = leaves(&node, recorded.leaf.index).remove(0);
    let LeafBody::ConsentGiven { terms, ground: Some(in_leaf), .. } = &leaf.body else { panic!("{leaf:?}") };
    assert_eq!((in_leaf.name.as_str(), terms.evidence), ("court-order", EvidenceKind::Order));
    assert_eq!((terms.notice.language.as_str(), terms.notice.version.as_str()), ("zxx", "none"));
    let text = String::from_utf8(leaf.to_bytes()).unwrap();
    assert!(!text.contains("Sok Dara") && !text.contains("Chan Thy"), "{text}");
    let view = node.consent(&recorded.consent).unwrap();
    let shown = view.ground.unwrap();
    assert_eq!((shown.name.as_str(), shown.approved_by.len()), ("court-order", 2));
    let consented = node.record_consent(consent(&node, &[HERS])).await.unwrap();
    assert_eq!(node.consent(&consented.consent).unwrap().ground, None);
    let (all, next) = node.consents(None, 10).unwrap();
    assert_eq!((all.len(), next), (2, None));
    assert_eq!(all.iter().filter(|view| view.ground.is_some()).count(), 1);
    // It is asked under like a consent, for its purpose and no other.
    let Inquired::Refused(refused) =
        node.inquire(&question("loan-application", &[recorded.consent]), None).await.unwrap()
    else {
        panic!("answered")
    };
    assert_eq!(refused.reason, RefusalCode::WrongPurpose);
    let answer = answer_of(&node, &question("loan-monitoring", &[recorded.consent])).await;
    assert_eq!(answer.persons[0].ground.as_deref(), Some("court-order"));
    let english = Texts::built_in().language("en");
    for page in [answer_text(&answer, &english), answer_page(&answer, &english)] {
        assert!(page.contains("WITHOUT CONSENT") && page.contains("court-order"), "{page}");
    }
    let asked = answer_of(&node, &question("loan-application", &[consented.consent])).await;
    assert_eq!(asked.persons[0].ground, None);
    // The lender can end it; nobody else has a code.
    let second = node.record_ground(ground(&node)).await.unwrap();
    node.withdraw_own(&second.consent).unwrap();
    let asked = question("loan-monitoring", &[second.consent]);
    let Inquired::Refused(refused) = node.inquire(&asked, None).await.unwrap() else { panic!("answered") };
    assert_eq!(refused.reason, RefusalCode::Withdrawn);
}

#[tokio::test]
async fn what_is_not_declared_or_not_approved_is_not_recorded() {
    let node = node();
    let size = node.log().head().size;
    let mut wrong = Vec::new();
    let mut change = |field: &'static str, change: fn(&mut GroundRequest)| {
        let mut request = ground(&node);
        change(&mut request);
        wrong.push((field, request));
    };
    change("purpose", |request| request.name = "tax-office".to_owned());
    change("purpose", |request| request.terms.purpose = Purpose::LoanApplication);
    change("evidence", |request| request.terms.evidence.kind = EvidenceKind::SignedForm);
    change("approved_by", |request| request.approved_by.truncate(1));
    change("approved_by", |request| request.approved_by[1] = " sok DARA".to_owned());
    for (expected, request) in wrong {
        let error = node.record_ground(request).await.unwrap_err();
        assert!(matches!(error, ConsentError::NotAllowed { field, .. } if field == expected), "{error}");
    }
    let mut as_consent = consent(&node, &[HERS]);
    as_consent.evidence.kind = EvidenceKind::Order;
    let error = node.record_consent(as_consent).await.unwrap_err();
    assert!(matches!(error, ConsentError::NotAllowed { field: "evidence", .. }), "{error}");
    assert_eq!(node.log().head().size, size, "nothing was logged");
}

/// What a lender that wrote its own leaf gets of a key holder.
fn served(node: &Node, name: Option<&str>, purpose: Purpose, evidence: EvidenceKind) -> Reply {
    let entropy = SystemEntropy::new();
    let points: Vec<Point> = (0..2).map(|_| padding_point(&entropy).point()).collect();
    let reference = PointsReference { count: 2, digest: Digest(points_digest(&points)) };
    let (now, transaction) = (node.clock().now(), TransactionId::random(&entropy));
    let terms = ConsentTerms {
        consent: ConsentId::random(&entropy),
        purpose,
        from: now,
        until: now.plus_seconds(3_600),
        uses: 1,
        weak_matches: false,
        notice: NoticeReference::nothing_shown(Digest([1; 32])),
        evidence,
    };
    let body = LeafBody::ConsentGiven {
        terms,
        commitment: Digest([2; 32]),
        withdrawal: Digest([3; 32]),
        epoch: 1,
        locate: reference,
        footprint: reference,
        ground: name.map(|name| LawfulGround { name: name.to_owned(), approval: Digest([4; 32]) }),
    };
    let leaf: LeafReference = node.log().append_one(Leaf::new(now, transaction, body)).unwrap().leaves[0];
    let request = EvaluateRequest {
        transaction,
        evaluation: EvaluationKind::Locate,
        epoch: 1,
        generation: 1,
        leaf,
        points: points.iter().map(Point::to_bytes).collect(),
        update: node.log().update_from(0, 1).unwrap(),
    };
    node.serve_evaluation(node.me(), &request).unwrap()
}

#[tokio::test]
async fn a_key_holder_serves_a_ground_only_as_the_policy_declares_it() {
    let node = node();
    let (order, form) = (EvidenceKind::Order, EvidenceKind::SignedForm);
    let good = served(&node, Some("court-order"), Purpose::LoanMonitoring, order);
    assert!(matches!(good, Reply::Evaluated(_)), "{good:?}");
    let good = served(&node, None, Purpose::LoanApplication, form);
    assert!(matches!(good, Reply::Evaluated(_)), "{good:?}");
    for (name, purpose, evidence) in [
        (Some("tax-office"), Purpose::LoanMonitoring, order),
        (Some("court-order"), Purpose::LoanApplication, order),
        (Some("court-order"), Purpose::LoanMonitoring, form),
        (None, Purpose::LoanMonitoring, order),
    ] {
        let reply = served(&node, name, purpose, evidence);
        let Reply::Refused(refusal) = reply else { panic!("{name:?} {purpose} {evidence} was served") };
        assert_eq!(refusal.code, RefusalCode::NotPermitted, "{name:?} {purpose} {evidence}");
    }
}
