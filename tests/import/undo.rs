//! Undoing a load brings every loan back byte for byte.

use tallystick::book::LoadState;

use crate::files::{Lender, rows};

#[test]
fn undo_brings_back_byte_equal_loans() {
    let lender = Lender::new();
    let mut book = rows(2_500, "2026-11-18");
    book[9].status = "written-off";
    lender.load(&book);
    let before = lender.snapshot();
    // Changed figures, a changed identifier, a changed branch, new loans, closed loans.
    let mut next = rows(2_600, "2026-11-20");
    next[1].nid = 345_678_901;
    next[2].branch = "Kep";
    next[3].status = "closed";
    next[3].outstanding = 0;
    next.drain(2_000..2_100);
    let load = lender.load_full(&next).load;
    assert_eq!((load.changes.new, load.changes.changed, load.changes.closed), (100, 2_400, 100));
    assert_ne!(lender.snapshot(), before);
    let load = lender.node.undo_load(2, "Sok Dara").unwrap();
    assert_eq!((load.state, load.decided_by.as_deref()), (LoadState::Undone, Some("Sok Dara")));
    assert_eq!(lender.snapshot(), before);
    assert!(lender.clients_with(&lender.identifier("kh-nid:345678901")).is_empty());
    assert_eq!(lender.decisions(), ["loaded", "loaded", "undone"]);
    // The same file is a new load now.
    let again = lender.load_full(&next);
    assert_eq!(
        (again.same_as, again.load.number, again.load.changes),
        (None, 3, lender.node.loads().unwrap()[1].changes)
    );
}

#[test]
fn the_first_load_undone_leaves_an_empty_book() {
    let lender = Lender::new();
    lender.load(&rows(1_500, "2026-11-18"));
    lender.node.undo_load(1, "Sok Dara").unwrap();
    assert!(lender.snapshot().is_empty());
    assert_eq!(lender.node.book().pending_count().unwrap(), 0, "nobody was told of them");
    assert!(lender.clients_with(&lender.identifier("kh-nid:100000007")).is_empty());
}

#[tokio::test]
async fn what_was_published_is_withdrawn() {
    let lender = Lender::new();
    lender.load(&rows(30, "2026-11-18"));
    while lender.node.publish_round().await.unwrap().clients > 0 {}
    lender.node.undo_load(1, "Sok Dara").unwrap();
    assert_eq!(lender.node.book().pending_count().unwrap(), 30);
    assert_eq!(lender.node.publish_round().await.unwrap().rows, 30);
    assert_eq!(lender.node.publish_round().await.unwrap().clients, 0);
    // Back again under the same locators.
    lender.load(&rows(30, "2026-11-18"));
    let report = lender.node.publish_round().await.unwrap();
    assert_eq!((report.rows, report.located), (30, 0));
}

#[test]
fn only_the_newest_load_can_be_undone() {
    let lender = Lender::new();
    let days =
        ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16"];
    let mut snapshots = vec![lender.snapshot()];
    for day in days.into_iter().chain(["2026-11-17", "2026-11-18"]) {
        lender.load(&rows(50, day));
        snapshots.push(lender.snapshot());
    }
    assert!(lender.node.undo_load(8, "Sok Dara").unwrap_err().to_string().contains("has a later load on it"));
    for number in (3..=9).rev() {
        lender.node.undo_load(number, "Sok Dara").unwrap();
        assert_eq!(lender.snapshot(), snapshots[usize::try_from(number).unwrap() - 1]);
    }
    assert!(lender.node.undo_load(2, "Sok Dara").unwrap_err().to_string().contains("is too old"));
    assert_eq!(lender.snapshot(), snapshots[2]);
    assert!(lender.node.undo_load(2, " ").is_err());
}
