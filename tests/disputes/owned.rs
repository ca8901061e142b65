//! A dispute belongs to the branch where it was opened from its first moment on, whatever write fails.

use tallystick::digest::UserId;
use tallystick::model::leaf::{Access, Leaf, LeafBody};
use tallystick::model::user::{Caller, Right};
use tallystick::node::Node;
use tallystick::store::{FaultPlan, Reopen};

use crate::person::consent;
use crate::scene::{HERS, network, record_of, request};

fn officer(user: u8, branch: &str) -> Caller {
    Caller {
        user: Some(UserId([user; 8])),
        name: "Sok Dara".to_owned(),
        branch: Some(branch.to_owned()),
        rights: [Right::Consent, Right::SubjectReport, Right::Dispute].into(),
        request: None,
    }
}

/// How often the log says that somebody made a step of a dispute.
fn steps_said(node: &Node) -> usize {
    let leaves = node.log().leaves(0, 10_000).unwrap();
    let leaves = leaves.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap());
    leaves.filter(|leaf| matches!(leaf.body, LeafBody::Accessed { access: Access::DisputeStep, .. })).count()
}

#[tokio::test]
async fn no_write_that_fails_leaves_a_dispute_that_is_nobodys() {
    let (north, south) = (officer(1, "north"), officer(2, "south"));
    for write in 1.. {
        let mut was_whole = false;
        for persisted in [false, true] {
            let place = format!("write {write}, persisted: {persisted}");
            let mut circle = network().await;
            let node = circle.node("m-d");
            let mut hers = consent(&node, HERS);
            hers.purpose = tallystick::model::consent::Purpose::SubjectAccess;
            let consent = node.for_caller(&north).record_consent(hers).await.unwrap().consent;
            let report = node.for_caller(&north).subject_report(&consent).await.unwrap();
            let key = node.roster().member(node.me()).unwrap().answer_key;
            let answer = tallystick::node::open_answer(&report.answer, &key).unwrap();
            let asked_for = request(consent, record_of(&answer, "m-b"));
            circle.backend("m-d").fail(FaultPlan { write, persisted, disk_full: false });
            let is_told = node.for_caller(&north).open_dispute(asked_for).is_ok();
            was_whole = !node.store_failed();
            assert!(is_told || !was_whole, "{place}");
            drop(node);
            circle.restart("m-d", Reopen::PowerCut { unsynced_kept: 0 });
            let node = circle.node("m-d");
            let kept = node.disputes(true).unwrap().held.len();
            assert_eq!(kept, usize::from(persisted || was_whole), "{place}");
            let seen = |caller| node.for_caller(caller).disputes(true).unwrap().held.len();
            assert_eq!((seen(&north), seen(&south)), (kept, 0), "{place}");
            assert_eq!(steps_said(&node), kept, "{place}");
            node.log().verify().unwrap();
        }
        if was_whole {
            assert!(write > 1, "an opening is a write");
            return;
        }
    }
}
