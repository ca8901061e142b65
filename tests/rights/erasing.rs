//! Erasure: what explains leaves is destroyed, the leaves stay, and the log says so.

use std::sync::Arc;

use tallystick::digest::{Digest, TransactionId};
use tallystick::merkle::leaf_hash;
use tallystick::model::day::Day;
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus};
use tallystick::model::leaf::{ErasureGround, LeafBody, LeafReference};
use tallystick::model::loan::Loan;
use tallystick::node::{
    ConsentError, ConsentRequest, EraseError, Erased, ErasureRequest, Inquired, Node, Recalled, Whom,
};
use tallystick::secret::SystemEntropy;
use tallystick::store::{FaultPlan, Reopen, Store, StoreOptions};

use crate::support::{self, Solo};
use crate::{answered, consent, identifier, leaves, places, policy, question, today};

const HERS: &str = "kh-nid:010203040";
const PHONE: &str = "phone:+85512345678";
const HIS: &str = "kh-nid:999888777";
const DAY: i64 = 86_400;

fn solo() -> Solo {
    Solo::new(&policy(), today())
}

fn memory() -> Store {
    Store::memory(&support::tables()).unwrap()
}

fn request(whom: Whom, ground: ErasureGround) -> ErasureRequest {
    let order = (ground == ErasureGround::Order).then_some(Digest([12; 32]));
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    ErasureRequest { whom, ground, order, approved_by }
}

fn hers() -> Whom {
    Whom::Person(vec![identifier(HERS)])
}

/// The erased leaves are those named, each with its own erasure leaf that stands in the log, and the log verifies.
fn check(node: &Node, erased: &Erased, of: &[u64], ground: ErasureGround) {
    let mut named: Vec<u64> = erased.leaves.iter().map(|leaf| leaf.of.index).collect();
    named.sort_unstable();
    assert_eq!(named, of);
    for leaf in &erased.leaves {
        let bytes = node.log().leaves(leaf.by.index, 1).unwrap().remove(0);
        assert_eq!(leaf.by.hash, Digest(leaf_hash(&bytes)));
        let LeafBody::Erasure { of, ground: said, .. } = leaves(node, leaf.by.index).remove(0).body else {
            panic!("no erasure leaf")
        };
        assert_eq!((of, said), (leaf.of, ground));
        let bytes = node.log().leaves(of.index, 1).unwrap().remove(0);
        assert_eq!(of.hash, Digest(leaf_hash(&bytes)), "the leaf itself is as it was");
        assert_eq!(node.erasure_of(of.index).unwrap(), Some(*leaf));
        let text = String::from_utf8(node.log().leaves(leaf.by.index, 1).unwrap().remove(0)).unwrap();
        assert!(!text.contains("Sok Dara") && !text.contains("Chan Thy"), "{text}");
    }
    assert_eq!(node.log().verify().unwrap(), node.log().head().size);
}

fn of_consent(node: &Node) -> Vec<u64> {
    places(node, |body| matches!(body, LeafBody::ConsentGiven { .. }))
}

fn of_opening(node: &Node) -> Vec<u64> {
    places(node, |body| matches!(body, LeafBody::InquiryOpened { .. }))
}

fn of_batch(node: &Node) -> Vec<u64> {
    places(node, |body| matches!(body, LeafBody::ReportingBatch { .. }))
}

#[tokio::test]
async fn a_person_is_erased_with_all_that_explains_her_leaves_and_nobody_else() {
    let solo = solo();
    let node = solo.start(memory());
    let mine = node.record_consent(consent(&node, &[HERS, PHONE])).await.unwrap().consent;
    let another = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let his = node.record_consent(consent(&node, &[HIS])).await.unwrap().consent;
    let asked = answered(&node, &question("loan-application", &[mine])).await;
    let his_asked = answered(&node, &question("loan-application", &[his])).await;
    solo.clock.advance(1_001 * DAY);
    let (consents, openings) = (of_consent(&node), of_opening(&node));
    let erased = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap();
    assert_eq!((erased.consents, erased.inquiries, erased.batches), (2, 1, 0));
    check(&node, &erased, &[consents[0], consents[1], openings[0]], ErasureGround::ClientRequest);
    for gone in [mine, another] {
        assert!(matches!(node.consent(&gone), Err(ConsentError::Unknown(_))));
    }
    assert!(matches!(node.recall(asked).unwrap(), Recalled::Unknown));
    assert!(node.consent(&his).is_ok());
    assert!(matches!(node.recall(his_asked).unwrap(), Recalled::Answered(_)));
    // Nothing can be asked under what is gone, and nothing is left to erase.
    let asked = node.inquire(&question("loan-application", &[mine]), None).await.unwrap();
    assert!(matches!(asked, Inquired::Refused(_)), "{asked:?}");
    let again = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap_err();
    assert!(matches!(again, EraseError::Nothing), "{again}");
}

#[tokio::test]
async fn of_a_household_the_other_person_stays_explained() {
    let solo = solo();
    let node = solo.start(memory());
    let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let his = node.record_consent(consent(&node, &[HIS])).await.unwrap().consent;
    let asked = answered(&node, &question("loan-application", &[mine, his])).await;
    let (consents, openings) = (of_consent(&node), of_opening(&node));
    let erased = node.erase(request(Whom::Consent(mine), ErasureGround::Order)).await.unwrap();
    check(&node, &erased, &[consents[0], openings[0]], ErasureGround::Order);
    // The answer was about both.
    assert!(matches!(node.recall(asked).unwrap(), Recalled::Unknown));
    assert!(node.consent(&his).is_ok());
    assert_eq!(node.erasure_of(openings[1]).unwrap(), None);
    let erased = node.erase(request(Whom::Consent(his), ErasureGround::Order)).await.unwrap();
    check(&node, &erased, &[consents[1], openings[1]], ErasureGround::Order);
}

#[tokio::test]
async fn the_audit_comes_first_except_by_order() {
    let solo = solo();
    let node = solo.start(memory());
    let old = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    solo.clock.advance(999 * DAY);
    let young = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let size = node.log().head().size;
    let refused = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap_err();
    let first: Day = today().plus_days(1_001);
    assert!(matches!(refused, EraseError::TooYoung(day) if day == first), "{refused}");
    assert_eq!(node.log().head().size, size);
    assert!(node.consent(&old).is_ok());
    // What is old enough goes, the rest is named with its day.
    solo.clock.advance(2 * DAY);
    let erased = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap();
    let consents = of_consent(&node);
    check(&node, &erased, &consents[..1], ErasureGround::ClientRequest);
    assert_eq!(erased.too_young.len(), 1);
    assert_eq!((erased.too_young[0].0.index, erased.too_young[0].1), (consents[1], today().plus_days(2_000)));
    assert!(node.consent(&young).is_ok());
    // Retention is another, longer time.
    solo.clock.advance(1_000 * DAY);
    let refused = node.erase(request(hers(), ErasureGround::RetentionOver)).await.unwrap_err();
    assert!(matches!(refused, EraseError::TooYoung(day) if day == today().plus_days(3_000)), "{refused}");
    let erased = node.erase(request(hers(), ErasureGround::Order)).await.unwrap();
    check(&node, &erased, &consents[1..], ErasureGround::Order);
}

#[tokio::test]
async fn a_consent_stays_as_long_as_its_inquiry_must() {
    let solo = solo();
    let node = solo.start(memory());
    let long = ConsentRequest { until: node.clock().now().plus_seconds(80 * DAY), ..consent(&node, &[HERS]) };
    let mine = node.record_consent(long).await.unwrap().consent;
    solo.clock.advance(60 * DAY);
    let asked = answered(&node, &question("loan-application", &[mine])).await;
    let (consents, openings) = (of_consent(&node), of_opening(&node));
    // The consent alone would be old enough, but it is what explains the inquiry.
    solo.clock.advance(970 * DAY);
    let refused = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap_err();
    let first = today().plus_days(1_061);
    assert!(matches!(refused, EraseError::TooYoung(day) if day == first), "{refused}");
    assert!(node.consent(&mine).is_ok());
    assert!(matches!(node.recall(asked).unwrap(), Recalled::Answered(_)));
    solo.clock.advance(31 * DAY);
    let erased = node.erase(request(hers(), ErasureGround::ClientRequest)).await.unwrap();
    check(&node, &erased, &[consents[0], openings[0]], ErasureGround::ClientRequest);
}

#[tokio::test]
async fn nobody_erases_alone_or_by_a_number_that_others_share() {
    let solo = solo();
    let node = solo.start(memory());
    node.record_consent(consent(&node, &[HERS, PHONE])).await.unwrap();
    for approved_by in [vec![], vec!["Sok Dara"], vec!["Sok Dara", "sok dara"]] {
        let approved_by = approved_by.into_iter().map(str::to_owned).collect();
        let refused =
            node.erase(ErasureRequest { approved_by, ..request(hers(), ErasureGround::Order) }).await;
        let refused = refused.unwrap_err();
        let is =
            matches!(&refused, EraseError::Consent(ConsentError::NotAllowed { field: "approved_by", .. }));
        assert!(is, "{refused}");
    }
    // An order has a document, and nothing else has one.
    for (ground, order) in
        [(ErasureGround::Order, None), (ErasureGround::ClientRequest, Some(Digest([12; 32])))]
    {
        let refused = node.erase(ErasureRequest { order, ..request(hers(), ground) }).await.unwrap_err();
        let is = matches!(&refused, EraseError::Consent(ConsentError::NotAllowed { field: "order", .. }));
        assert!(is, "{refused}");
    }
    let by_phone = Whom::Person(vec![identifier(PHONE)]);
    let refused = node.erase(request(by_phone, ErasureGround::Order)).await.unwrap_err();
    assert!(matches!(refused, EraseError::Weak(_)), "{refused}");
    let nobody = Whom::Person(vec![identifier(HIS)]);
    let refused = node.erase(request(nobody, ErasureGround::Order)).await.unwrap_err();
    assert!(matches!(refused, EraseError::Nothing), "{refused}");
}

fn loan(account: &str, client: &str, identifiers: &[&str]) -> Loan {
    Loan {
        account: account.to_owned(),
        client: client.to_owned(),
        branch: "main".to_owned(),
        as_of: today(),
        identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
        facility: Facility {
            reference: FacilityReference([0; 16]),
            kind: FacilityKind::Individual,
            status: FacilityStatus::Current,
            currency: "USD".parse().unwrap(),
            disbursed: Some(100_000),
            outstanding: Some(50_000),
            overdue: Some(0),
            days_past_due: Some(0),
            days_past_due_worst: Some(0),
            instalment: Some(5_000),
            frequency: None,
            rate_yearly_basis_points: None,
            opened: Some(today().plus_days(-100)),
            matures: Some(today().plus_days(300)),
            closed: None,
            written_off: None,
            written_off_on: None,
            loan_cycle: Some(1),
            disputed: false,
        },
    }
}

#[tokio::test]
async fn her_points_leave_a_reporting_batch_and_the_others_stay() {
    let solo = solo();
    let node = solo.start(memory());
    // They share a telephone.
    let loans = vec![loan("1", "1", &[HERS, PHONE]), loan("2", "2", &[HIS, PHONE])];
    node.book().upsert(loans, 1, &SystemEntropy::new()).unwrap();
    let published = node.publish_round().await.unwrap();
    assert_eq!(published.located, 4);
    let batch = of_batch(&node);
    assert_eq!(batch.len(), 1);
    let erased = node.erase(request(hers(), ErasureGround::Order)).await.unwrap();
    assert_eq!((erased.consents, erased.inquiries, erased.batches), (0, 0, 1));
    assert_eq!(erased.leaves[0].points, Some(2), "her card, and the telephone of the same client");
    check(&node, &erased, &batch, ErasureGround::Order);
    let again = node.erase(request(hers(), ErasureGround::Order)).await.unwrap_err();
    assert!(matches!(again, EraseError::Nothing), "{again}");
    // With a consent that names the telephone, it goes wherever it stands; the rest of the other client stays.
    node.record_consent(consent(&node, &[HERS, PHONE])).await.unwrap();
    let erased = node.erase(request(hers(), ErasureGround::Order)).await.unwrap();
    assert_eq!((erased.consents, erased.batches), (1, 1));
    assert_eq!(erased.leaves.last().unwrap().points, Some(1));
    let his = Whom::Person(vec![identifier(HIS)]);
    let erased = node.erase(request(his, ErasureGround::Order)).await.unwrap();
    assert_eq!(erased.leaves[0].points, Some(1), "his card was left");
    // The book is not touched.
    assert_eq!(node.book().clients_with(&identifier(HERS)).unwrap().len(), 1);
}

#[tokio::test]
async fn an_erasure_is_whole_or_nothing_when_the_disk_fails() {
    for persisted in [false, true] {
        let solo = solo();
        let tables = support::tables();
        let backend = Arc::new(Store::memory_backend(&tables).unwrap());
        let node = solo.start(Store::with_backend(backend.clone(), &tables).unwrap());
        let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
        let consents = of_consent(&node);
        backend.fail(FaultPlan { write: 1, persisted, disk_full: false });
        assert!(node.erase(request(hers(), ErasureGround::Order)).await.is_err());
        drop(node);
        let backend = Arc::new(backend.reopen(&tables, Reopen::PowerCut { unsynced_kept: 0 }));
        let node = solo.start(Store::with_backend(backend, &tables).unwrap());
        assert_eq!(node.consent(&mine).is_err(), persisted);
        assert_eq!(node.erasure_of(consents[0]).unwrap().is_some(), persisted);
        let said = places(&node, |body| matches!(body, LeafBody::Erasure { .. }));
        assert_eq!(said.len(), usize::from(persisted));
        assert_eq!(node.log().verify().unwrap(), node.log().head().size);
    }
}

#[tokio::test]
async fn what_was_erased_stays_so_after_a_restart_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions { cache_bytes: 8 * 1024 * 1024, ..StoreOptions::default() };
    let open = || Store::open(folder.path(), &support::tables(), &options).unwrap();
    let solo = solo();
    let node = solo.start(open());
    let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let his = node.record_consent(consent(&node, &[HIS])).await.unwrap().consent;
    let asked: TransactionId = answered(&node, &question("loan-application", &[mine])).await;
    let erased = node.erase(request(hers(), ErasureGround::Order)).await.unwrap();
    let of: Vec<LeafReference> = erased.leaves.iter().map(|leaf| leaf.of).collect();
    drop(node);
    let node = solo.start(open());
    assert!(node.consent(&mine).is_err() && node.consent(&his).is_ok());
    assert!(matches!(node.recall(asked).unwrap(), Recalled::Unknown));
    for leaf in of {
        assert!(node.erasure_of(leaf.index).unwrap().is_some());
    }
    assert_eq!(node.log().verify().unwrap(), node.log().head().size);
}
