//! Either end dies at every write of every step: the step is made once, whole, and the flag is not lost.

use tallystick::digest::TransactionId;
use tallystick::model::dispute::DisputeState;
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome};
use tallystick::store::{FaultPlan, Reopen};

use crate::circle::Circle;
use crate::person::{load, loan};
use crate::scene::{
    DAY, HERS, TODAY, asked, decision, deliver, flagged, held, network, opened, record_of, report, request,
    steps,
};

const WAYS: [Reopen; 2] = [Reopen::Killed, Reopen::PowerCut { unsynced_kept: 0 }];

/// Goes on with the course from wherever it stands until the dispute is closed everywhere.
async fn finish(circle: &Circle, place: &str) {
    let (lender, opener) = (circle.node("m-b"), circle.node("m-d"));
    let dispute = dispute_of(circle).unwrap_or_else(|| panic!("{place}: the dispute is lost"));
    assert_eq!(deliver(circle).await, 0, "{place}");
    if held(&lender, dispute).answer.is_none() {
        lender.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None)).unwrap();
    }
    deliver(circle).await;
    load(&lender, vec![loan("B-1", "1", HERS, 30_000, TODAY.parse().unwrap())]);
    if held(&lender, dispute).state != DisputeState::Resolved {
        lender.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap();
    }
    assert_eq!(deliver(circle).await, 0, "{place}");
    circle.settle().await;
    assert_eq!(held(&opener, dispute).state, DisputeState::Resolved, "{place}");
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0), "{place}");
    assert_eq!(steps(&opener), ["opened", "answered", "resolved"], "{place}: each once");
    assert_eq!(steps(&lender), ["received", "answered", "resolved"], "{place}: each once");
    for node in [&lender, &opener] {
        node.log().verify().unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

fn dispute_of(circle: &Circle) -> Option<TransactionId> {
    let held = circle.node("m-d").disputes(true).unwrap().held;
    assert!(held.len() < 2, "one dispute, however often it was opened");
    held.first().map(|one| one.dispute)
}

/// Kills `victim` at each write from the opening to the publication of the flag, or from the answer to the close.
async fn at_every_write(victim: &str, later: bool) -> u64 {
    for write in 1.. {
        for persisted in [false, true] {
            for how in WAYS {
                let place =
                    format!("{victim}, write {write}, persisted: {persisted}, {how:?}, later: {later}");
                let mut circle = network().await;
                let opener = circle.node("m-d");
                let (consent, answer) = report(&opener).await;
                let asked_for = request(consent, record_of(&answer, "m-b"));
                if later {
                    opener.open_dispute(asked_for.clone()).unwrap();
                    deliver(&circle).await;
                }
                circle.backend(victim).fail(FaultPlan { write, persisted, disk_full: false });
                let _cut_off = go_on(&circle, (!later).then(|| asked_for.clone())).await;
                drop(opener);
                if !circle.node(victim).store_failed() {
                    return write - 1;
                }
                circle.restart(victim, how);
                if dispute_of(&circle).is_none() {
                    // It was never acknowledged: the clerk sends it again.
                    circle.node("m-d").open_dispute(asked_for).unwrap();
                }
                deliver(&circle).await;
                circle.settle().await;
                if !later {
                    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (1, 1, 0), "{place}");
                }
                finish(&circle, &place).await;
            }
        }
    }
    unreachable!("the loop ends when no write fails")
}

/// A part of the course, up to the first failure.
async fn go_on(
    circle: &Circle,
    open: Option<tallystick::node::DisputeRequest>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (lender, opener) = (circle.node("m-b"), circle.node("m-d"));
    if let Some(request) = open {
        opener.open_dispute(request)?;
        opener.deliver_disputes().await?;
        opener.publish_round().await?;
        lender.publish_round().await?;
        return Ok(());
    }
    let dispute = dispute_of(circle).unwrap();
    lender.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None))?;
    lender.deliver_disputes().await?;
    lender.book().upsert(
        vec![loan("B-1", "1", HERS, 30_000, TODAY.parse().unwrap())],
        1,
        &tallystick::secret::SystemEntropy::new(),
    )?;
    lender.resolve_dispute(dispute, DisputeOutcome::Corrected)?;
    lender.deliver_disputes().await?;
    opener.publish_round().await?;
    lender.publish_round().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_opener_dies_at_every_write_of_opening() {
    // The dispute and its letter; that it was delivered; its row.
    assert!(at_every_write("m-d", false).await >= 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lender_dies_at_every_write_of_receiving() {
    // The dispute; the flagged row.
    assert!(at_every_write("m-b", false).await >= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lender_dies_at_every_write_of_answering_and_closing() {
    assert!(at_every_write("m-b", true).await >= 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_opener_dies_at_every_write_of_being_answered() {
    assert!(at_every_write("m-d", true).await >= 3);
}

/// The dispute is overdue: kills `victim` at each of its writes until the operator knows and the dispute is closed.
async fn at_every_write_of_escalating(victim: &str) -> u64 {
    for write in 1.. {
        for persisted in [false, true] {
            for how in WAYS {
                let place = format!("{victim}, write {write}, persisted: {persisted}, {how:?}");
                let mut circle = network().await;
                let dispute = opened(&circle).await;
                deliver(&circle).await;
                circle.clock.advance(31 * DAY);
                circle.backend(victim).fail(FaultPlan { write, persisted, disk_full: false });
                let _cut_off = escalate_and_close(&circle, dispute).await;
                if !circle.node(victim).store_failed() {
                    return write - 1;
                }
                circle.restart(victim, how);
                for name in ["m-b", "m-d"] {
                    circle.node(name).escalate_disputes().unwrap();
                }
                deliver(&circle).await;
                let opener = circle.node("m-d");
                if held(&opener, dispute).state != DisputeState::Resolved {
                    opener.resolve_dispute(dispute, DisputeOutcome::TakenBack).unwrap();
                }
                while deliver(&circle).await > 0 {}
                deliver(&circle).await;
                for (name, first) in [("m-d", "opened"), ("m-b", "received")] {
                    let node = circle.node(name);
                    assert_eq!(held(&node, dispute).state, DisputeState::Resolved, "{place}");
                    assert_eq!(steps(&node), [first, "escalated", "resolved"], "{place}: {name}, each once");
                    node.log().verify().unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                assert!(circle.node("m-a").escalated_disputes().unwrap().is_empty(), "{place}");
            }
        }
    }
    unreachable!("the loop ends when no write fails")
}

async fn escalate_and_close(
    circle: &Circle,
    dispute: TransactionId,
) -> Result<(), Box<dyn std::error::Error>> {
    let (lender, opener) = (circle.node("m-b"), circle.node("m-d"));
    for node in [&lender, &opener] {
        node.escalate_disputes()?;
        node.deliver_disputes().await?;
    }
    opener.resolve_dispute(dispute, DisputeOutcome::TakenBack)?;
    opener.deliver_disputes().await?;
    lender.deliver_disputes().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_end_or_the_operator_dies_at_every_write_of_escalating() {
    assert!(at_every_write_of_escalating("m-d").await >= 4);
    assert!(at_every_write_of_escalating("m-b").await >= 4);
    // It keeps what each end tells it, and takes it away again.
    assert!(at_every_write_of_escalating("m-a").await >= 4);
}
