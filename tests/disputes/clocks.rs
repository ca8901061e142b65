//! The policy's days.

use tallystick::model::dispute::DisputeState;
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome};

use crate::scene::{DAY, decision, deliver, held, network, opened, state, steps};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdue_dispute_is_logged_at_both_ends_and_the_operator_knows() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    let (operator, lender, opener) = (circle.node("m-a"), circle.node("m-b"), circle.node("m-d"));
    circle.clock.advance(20 * DAY);
    assert_eq!(held(&lender, dispute).lender_days_left, Some(1));
    circle.clock.advance(10 * DAY);
    for node in [&lender, &opener] {
        assert_eq!(node.escalate_disputes().unwrap(), 0, "the last day is not over");
        assert!(node.disputes_overdue().unwrap().overdue == 0);
    }
    assert_eq!(held(&lender, dispute).lender_days_left, Some(-9));
    assert!(held(&lender, dispute).is_overdue());
    circle.clock.advance(1);
    for node in [&lender, &opener] {
        assert_eq!(node.escalate_disputes().unwrap(), 1);
        assert_eq!(node.escalate_disputes().unwrap(), 0, "once");
        assert_eq!(node.disputes_overdue().unwrap().overdue, 1);
        assert!(held(node, dispute).escalated.is_some());
    }
    assert_eq!(deliver(&circle).await, 0);
    let told = operator.escalated_disputes().unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].dispute, told[0].days), (dispute, 30));
    assert_eq!((told[0].opener.as_str(), told[0].lender.as_str()), ("m-d", "m-b"));
    assert_eq!(told[0].told_by.len(), 2);
    assert_eq!(operator.disputes_overdue().unwrap().escalated, 1);
    assert_eq!(steps(&opener), ["opened", "escalated"]);
    assert_eq!(steps(&lender), ["received", "escalated"]);
    // Withdrawals could have passed everybody by in so long a time.
    circle.meet().await;
    // Closed after all: the operator's list is empty again once both have said so.
    lender.answer_dispute(dispute, decision(DisputeAnswer::Rejected, Some("it stands"))).unwrap();
    deliver(&circle).await;
    opener.resolve_dispute(dispute, DisputeOutcome::Rejected).unwrap();
    deliver(&circle).await;
    assert_eq!(deliver(&circle).await, 0);
    assert!(operator.escalated_disputes().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lender_that_was_away_for_longer_has_its_own_days() {
    let mut circle = network().await;
    let dispute = opened(&circle).await;
    circle.stop("m-b");
    circle.clock.advance(40 * DAY);
    let opener = circle.node("m-d");
    assert_eq!(opener.escalate_disputes().unwrap(), 1, "the operator hears of it from the opener alone");
    opener.deliver_disputes().await.unwrap();
    assert_eq!(circle.node("m-a").escalated_disputes().unwrap()[0].told_by.len(), 1);
    circle.start("m-b");
    deliver(&circle).await;
    assert_eq!(state(&circle, "m-b", dispute), DisputeState::Open);
    let lender = circle.node("m-b");
    let there = held(&lender, dispute);
    assert_eq!((there.lender_days_left, there.total_days_left), (Some(21), Some(21)));
    circle.clock.advance(21 * DAY);
    assert_eq!(lender.escalate_disputes().unwrap(), 0);
    circle.clock.advance(1);
    assert_eq!(lender.escalate_disputes().unwrap(), 1);
}
