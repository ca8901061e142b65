//! The course of a dispute, and what every member's answer says meanwhile.

use tallystick::model::dispute::DisputeState;
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome};
use tallystick::node::{DisputeError, Node};
use tallystick::store::Reopen;

use crate::person::{consent, identifier, load, loan};
use crate::scene::HERS;
use crate::scene::{
    SAID, TODAY, asked, asked_with, decision, deliver, flagged, held, network, opened, record_of, report,
    report_of, request, state, steps,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opened_flagged_everywhere_answered_corrected_pushed_and_no_longer_flagged() {
    let circle = network().await;
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0));
    let dispute = opened(&circle).await;
    assert_eq!(state(&circle, "m-d", dispute), DisputeState::Sending);
    assert_eq!(deliver(&circle).await, 0);
    assert_eq!(state(&circle, "m-d", dispute), DisputeState::Open);
    let there = held(&circle.node("m-b"), dispute);
    assert_eq!((there.state, there.text.as_str()), (DisputeState::Open, SAID));
    assert_eq!((there.lender_days_left, there.total_days_left), (Some(21), Some(30)));
    // The lender's own book says whose loan it is; where it was opened nobody learns that.
    let book = there.book.unwrap();
    assert_eq!((book.client.as_str(), book.loans.len(), book.loans[0].account.as_str()), ("1", 1, "B-1"));
    assert_eq!(held(&circle.node("m-d"), dispute).book, None);
    // In the lender's own answers at once, and in everybody's once it is published.
    assert_eq!(flagged(&asked(&circle.node("m-b")).await).1, 1);
    circle.settle().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        let person = asked(&circle.node(name)).await;
        assert_eq!(flagged(&person), (1, 1, 0), "{name}");
        assert_eq!(person.disputes[0].lender, "m-b", "{name}");
        assert_eq!(person.exposure.together.disputed, 1, "{name}");
    }
    let lender = circle.node("m-b");
    let early = lender.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap_err();
    assert!(matches!(early, DisputeError::State { .. }), "{early}");
    lender.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None)).unwrap();
    assert_eq!(deliver(&circle).await, 0);
    assert_eq!(state(&circle, "m-d", dispute), DisputeState::Accepted);
    let unchanged = lender.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap_err();
    assert!(unchanged.to_string().contains("import the correction"), "{unchanged}");
    load(&lender, vec![loan("B-1", "1", HERS, 30_000, TODAY.parse().unwrap())]);
    lender.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap();
    assert_eq!(deliver(&circle).await, 0);
    circle.settle().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        let person = asked(&circle.node(name)).await;
        assert_eq!(flagged(&person), (0, 0, 0), "{name}");
        assert!(serde_json::to_string(&person).unwrap().contains("300.00"), "{name}: the correction");
    }
    for name in ["m-b", "m-d"] {
        let closed = held(&circle.node(name), dispute);
        assert_eq!((closed.state, closed.outcome), (DisputeState::Resolved, Some(DisputeOutcome::Corrected)));
        assert!(circle.node(name).disputes(false).unwrap().held.is_empty());
        circle.node(name).log().verify().unwrap();
    }
    assert_eq!(steps(&circle.node("m-d")), ["opened", "answered", "resolved"]);
    assert_eq!(steps(&circle.node("m-b")), ["received", "answered", "resolved"]);
    assert!(steps(&circle.node("m-a")).is_empty() && steps(&circle.node("m-c")).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_has_its_reasons_and_the_opener_closes_it() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    let (lender, opener) = (circle.node("m-b"), circle.node("m-d"));
    let silent = lender.answer_dispute(dispute, decision(DisputeAnswer::Rejected, None)).unwrap_err();
    assert!(matches!(silent, DisputeError::Value { field: "text", .. }), "{silent}");
    assert!(matches!(
        opener.resolve_dispute(dispute, DisputeOutcome::Rejected),
        Err(DisputeError::State { .. })
    ));
    let why = "the last instalment of May is unpaid";
    lender.answer_dispute(dispute, decision(DisputeAnswer::Rejected, Some(why))).unwrap();
    let twice = lender.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None));
    assert!(matches!(twice, Err(DisputeError::State { .. })));
    assert!(lender.resolve_dispute(dispute, DisputeOutcome::Corrected).is_err());
    deliver(&circle).await;
    let told = held(&opener, dispute);
    assert_eq!(told.state, DisputeState::Rejected);
    assert_eq!(told.answer.unwrap().text.unwrap().as_str(), why);
    circle.settle().await;
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (1, 1, 0), "until she has been told");
    opener.resolve_dispute(dispute, DisputeOutcome::Rejected).unwrap();
    deliver(&circle).await;
    circle.settle().await;
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0));
    assert_eq!(held(&lender, dispute).outcome, Some(DisputeOutcome::Rejected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lender_that_is_away_or_silent_does_not_keep_the_flag_away() {
    let mut circle = network().await;
    circle.stop("m-c");
    let dispute = {
        let node = circle.node("m-d");
        let (consent, answer) = report(&node).await;
        let record = record_of(&answer, "m-b");
        // The lender goes before she has said anything.
        let lender = circle.seats.keys().nth(1).cloned().unwrap();
        assert_eq!(lender.as_str(), "m-b");
        let held = node.open_dispute(request(consent, record)).unwrap();
        let again = node.open_dispute(request(consent, record)).unwrap_err();
        assert!(matches!(again, DisputeError::AlreadyOpen(open) if open == held.dispute));
        held.dispute
    };
    circle.settle().await;
    circle.start("m-c");
    circle.settle().await;
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (1, 1, 0), "by the opener's row alone");
    assert!(steps(&circle.node("m-b")).is_empty());
    // Away, through restarts of both.
    let third = circle.node("m-a");
    circle.stop("m-b");
    assert_eq!(circle.node("m-d").deliver_disputes().await.unwrap(), 1);
    circle.restart("m-d", Reopen::Killed);
    assert_eq!(circle.node("m-d").deliver_disputes().await.unwrap(), 1);
    assert_eq!(state(&circle, "m-d", dispute), DisputeState::Sending);
    circle.start("m-b");
    assert_eq!(circle.node("m-d").deliver_disputes().await.unwrap(), 0);
    assert_eq!(state(&circle, "m-b", dispute), DisputeState::Open);
    assert!(third.disputes(true).unwrap().held.is_empty());
    // She takes it back before the lender has answered.
    circle.node("m-d").resolve_dispute(dispute, DisputeOutcome::TakenBack).unwrap();
    deliver(&circle).await;
    circle.settle().await;
    assert_eq!(state(&circle, "m-b", dispute), DisputeState::Resolved);
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_she_says_is_in_no_log_no_feed_and_on_no_other_disk() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    circle.settle().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        let node = circle.node(name);
        for bytes in node.log().leaves(0, 10_000).unwrap() {
            let leaf = String::from_utf8(bytes).unwrap();
            assert!(
                !leaf.contains("paid") && !leaf.contains("Dara") && !leaf.contains("010203040"),
                "{leaf}"
            );
        }
    }
    let debug = format!("{:?}", held(&circle.node("m-b"), dispute));
    assert!(!debug.contains("Dara"), "{debug}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_of_the_reporting_lender_disputes_there_too() {
    let circle = network().await;
    let node = circle.node("m-b");
    let (consent, answer) = report(&node).await;
    let dispute = node.open_dispute(request(consent, record_of(&answer, "m-b"))).unwrap().dispute;
    assert_eq!(node.deliver_disputes().await.unwrap(), 0);
    circle.settle().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        assert_eq!(flagged(&asked(&circle.node(name)).await), (1, 1, 0), "{name}");
    }
    node.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None)).unwrap();
    load(&node, vec![loan("B-1", "1", HERS, 30_000, TODAY.parse().unwrap())]);
    node.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap();
    assert_eq!(node.deliver_disputes().await.unwrap(), 0);
    circle.settle().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        assert_eq!(flagged(&asked(&circle.node(name)).await), (0, 0, 0), "{name}");
    }
    assert_eq!(steps(&node), ["opened", "received", "answered", "resolved", "answered", "resolved"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_row_does_not_hide_what_its_publisher_may_hold_under_a_telephone_number() {
    const PHONE: &str = "phone:+85512345678";
    let circle = network().await;
    let node = circle.node("m-a");
    load(&node, vec![loan("A-1", "5", PHONE, 10_000, TODAY.parse().unwrap())]);
    circle.settle().await;
    let both = |node: &Node| {
        let mut request = consent(node, HERS);
        request.identifiers.push(identifier(PHONE));
        request
    };
    let asker = circle.node("m-c");
    let before = asked_with(&asker, both(&asker)).await;
    assert_eq!(before.possible.names, ["m-a"]);
    let (consent, answer) = report_of(&node, both(&node)).await;
    node.open_dispute(request(consent, record_of(&answer, "m-b"))).unwrap();
    deliver(&circle).await;
    circle.settle().await;
    let after = asked_with(&asker, both(&asker)).await;
    assert_eq!(flagged(&after), (1, 1, 0));
    assert_eq!(after.possible.names, ["m-a"], "its row under her own number is no record of hers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opener_that_goes_on_from_an_older_copy_makes_no_row_twice() {
    let mut circle = network().await;
    let dispute = opened(&circle).await;
    assert_eq!(deliver(&circle).await, 0);
    // The copy has its rows still to be published.
    let copy = circle.copy("m-d");
    circle.settle().await;
    circle.node("m-d").gather_quorum().await.unwrap();
    let rows = circle.node("m-d").feeds().head(&"m-d".parse().unwrap()).unwrap().rows;
    circle.put_back("m-d", copy);
    let opener = circle.start("m-d");
    assert!(opener.is_settled() && opener.recovered().unwrap().is_some(), "{:?}", opener.standing());
    circle.settle().await;
    let feed = opener.feeds().head(opener.me()).unwrap();
    assert_eq!(feed.rows, rows);
    assert!(opener.feeds().verify(opener.me()).unwrap());
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        let node = circle.node(name);
        assert!(node.feeds().conflicts().unwrap().is_empty(), "{name}");
        assert_eq!(node.feeds().head(opener.me()).unwrap().digest, feed.digest, "{name}");
    }
    circle.meet().await;
    for name in ["m-a", "m-b", "m-c", "m-d"] {
        assert_eq!(flagged(&asked(&circle.node(name)).await), (1, 1, 0), "{name}");
    }
    opener.resolve_dispute(dispute, DisputeOutcome::TakenBack).unwrap();
    assert_eq!(deliver(&circle).await, 0);
    circle.settle().await;
    assert_eq!(flagged(&asked(&circle.node("m-c")).await), (0, 0, 0));
}
