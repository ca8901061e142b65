//! What is held of a dispute: the client's report shows it, and erasure takes it.

use tallystick::model::dispute::DisputeState;
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome, ErasureGround, Leaf, LeafBody};
use tallystick::node::{EraseError, Erased, ErasureRequest, Node, Whom};

use crate::scene::{HERS, asked, decision, deliver, flagged, network, opened, record_of, report, request};

fn hers() -> Whom {
    Whom::Person(vec![Identifier::parse_pair(HERS, &SchemeSet::new()).unwrap()])
}

async fn erase(node: &Node) -> Result<Erased, EraseError> {
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    node.erase(ErasureRequest {
        whom: hers(),
        ground: ErasureGround::Order,
        order: Some(tallystick::digest::Digest([12; 32])),
        approved_by,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn her_report_shows_the_course_at_both_ends() {
    let circle = network().await;
    let (opener, lender) = (circle.node("m-d"), circle.node("m-b"));
    let (consent, answer) = report(&opener).await;
    let record = record_of(&answer, "m-b");
    opener.open_dispute(request(consent, record)).unwrap();
    deliver(&circle).await;
    let dispute = opener.disputes(false).unwrap().held[0].dispute;
    lender.answer_dispute(dispute, decision(DisputeAnswer::Rejected, Some("May is unpaid"))).unwrap();
    deliver(&circle).await;
    let made = opener.subject_report(&consent).await.unwrap();
    assert_eq!(made.disputes.len(), 1);
    assert_eq!(made.disputes[0].state, DisputeState::Rejected);
    let (at_lender, _) = report(&lender).await;
    let made = lender.subject_report(&at_lender).await.unwrap();
    assert_eq!((made.disputes.len(), made.disputes[0].dispute), (1, dispute));
    // Nobody else holds anything of it.
    let (elsewhere, _) = report(&circle.node("m-c")).await;
    assert!(circle.node("m-c").subject_report(&elsewhere).await.unwrap().disputes.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasure_takes_what_was_said_once_the_dispute_is_closed() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    circle.settle().await;
    let (opener, lender) = (circle.node("m-d"), circle.node("m-b"));
    for node in [&opener, &lender] {
        let open = erase(node).await.unwrap_err();
        assert!(matches!(open, EraseError::OpenDispute(id) if id == dispute), "{open}");
    }
    opener.resolve_dispute(dispute, DisputeOutcome::TakenBack).unwrap();
    deliver(&circle).await;
    circle.settle().await;
    for node in [&opener, &lender] {
        let erased = erase(node).await.unwrap();
        assert_eq!(erased.disputes, 1, "{}", node.me());
        assert!(node.disputes(true).unwrap().held.is_empty());
        let leaves = node.log().leaves(0, 10_000).unwrap();
        let first = leaves.iter().position(|bytes| {
            let body = Leaf::from_bytes(bytes).unwrap().body;
            matches!(body, LeafBody::DisputeOpened { .. } | LeafBody::DisputeReceived { .. })
        });
        let first = u64::try_from(first.unwrap()).unwrap();
        assert!(erased.leaves.iter().any(|leaf| leaf.of.index == first), "its leaf is named erased");
        node.log().verify().unwrap();
    }
    // Nothing is flagged for ever by it, and the node goes on.
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0));
    assert_eq!(deliver(&circle).await, 0);
    circle.settle().await;
}
