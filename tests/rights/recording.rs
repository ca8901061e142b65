//! What somebody records is hers from its first moment on, whatever write fails.

use std::sync::Arc;

use tallystick::digest::Digest;
use tallystick::model::consent::{EvidenceKind, Purpose};
use tallystick::model::leaf::{Access, LeafBody, LeafReference};
use tallystick::model::user::{Caller, Role};
use tallystick::node::{Evidence, GroundRequest, Node};
use tallystick::store::{FaultPlan, Reopen, Store};

use crate::proposals::admit;
use crate::{consent, leaves, policy, support, today};

const HERS: &str = "kh-nid:010203040";

/// Whether it was acknowledged.
async fn record(node: &Node, officer: &Caller, as_ground: bool) -> bool {
    let mut terms = consent(node, &[HERS]);
    if !as_ground {
        return node.for_caller(officer).record_consent(terms).await.is_ok();
    }
    terms.purpose = Purpose::LoanMonitoring;
    terms.evidence = Evidence { kind: EvidenceKind::Order, digest: Digest([9; 32]) };
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let ground = GroundRequest { terms, name: "court-order".to_owned(), approved_by };
    node.for_caller(officer).record_ground(ground).await.is_ok()
}

/// The leaves that say that a user recorded a consent, and which.
fn said_to_be_recorded_by(node: &Node, user: &Caller) -> Vec<LeafReference> {
    let said = leaves(node, 0).into_iter().filter_map(|leaf| match leaf.body {
        LeafBody::Accessed { by, access: Access::ConsentRecorded, of, .. } => {
            assert_eq!(Some(by), user.user);
            of
        }
        _ => None,
    });
    said.collect()
}

/// A crash at every write of a recording, before it is on the disk and after.
async fn at_every_write(as_ground: bool) {
    let tables = support::tables();
    let solo = support::Solo::new(&policy(), today());
    let mut write = 1;
    loop {
        let mut was_whole = false;
        for persisted in [false, true] {
            let place = format!("write {write}, persisted: {persisted}, ground: {as_ground}");
            let backend = Arc::new(Store::memory_backend(&tables).unwrap());
            let node = solo.start(Store::with_backend(backend.clone(), &tables).unwrap());
            let officer = admit(&node, "Sok Dara", Role::LoanOfficer, Some("north"));
            let stranger = admit(&node, "Keo Phala", Role::LoanOfficer, Some("south"));
            backend.fail(FaultPlan { write, persisted, disk_full: false });
            let is_told = record(&node, &officer, as_ground).await;
            was_whole = !node.store_failed();
            assert!(is_told || !was_whole, "{place}");
            drop(node);
            let backend = Arc::new(backend.reopen(&tables, Reopen::PowerCut { unsynced_kept: 0 }));
            let node = solo.start(Store::with_backend(backend, &tables).unwrap());
            let kept = node.consents(None, 10).unwrap().0;
            assert_eq!(kept.len(), usize::from(persisted || write > 1), "{place}");
            let (hers, _) = node.for_caller(&officer).consents(None, 10).unwrap();
            assert_eq!(hers.len(), kept.len(), "{place}: who recorded it sees it");
            assert!(node.for_caller(&stranger).consents(None, 10).unwrap().0.is_empty(), "{place}");
            let recorded: Vec<LeafReference> = kept.iter().map(|view| view.leaf).collect();
            assert_eq!(said_to_be_recorded_by(&node, &officer), recorded, "{place}");
            assert_eq!(node.log().verify().unwrap(), node.log().head().size, "{place}");
        }
        if was_whole {
            break;
        }
        write += 1;
    }
    assert!(write > 2, "it is recorded, and then located: {write}");
}

#[tokio::test]
async fn no_write_that_fails_leaves_a_consent_that_is_nobodys() {
    at_every_write(false).await;
}

#[tokio::test]
async fn no_write_that_fails_leaves_a_ground_that_is_nobodys() {
    at_every_write(true).await;
}
