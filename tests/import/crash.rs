//! The process is killed at every write of a load, of a release and of an undoing, with the write on the disk and
//! without it; the next process finishes or repeats, and the book is the one of an undisturbed run.

use tallystick::book::LoadState;
use tallystick::store::{FaultPlan, Reopen};

use crate::files::{Lender, Row, Snapshot, csv, full, rows};

const WAYS: [Reopen; 2] = [Reopen::Killed, Reopen::PowerCut { unsynced_kept: 0 }];

/// Lets each write of `act` fail in turn, restarts, and hands the lender to `check`. Gives the number of writes.
fn at_every_write(
    prepare: impl Fn() -> Lender,
    act: impl Fn(&Lender) -> bool,
    check: impl Fn(&mut Lender, &str),
) -> u64 {
    for write in 1.. {
        for persisted in [false, true] {
            for how in WAYS {
                let mut lender = prepare();
                lender.backend.fail(FaultPlan { write, persisted, disk_full: false });
                if act(&lender) {
                    assert!(write > 1);
                    return write - 1;
                }
                lender.restart(how);
                check(&mut lender, &format!("write {write}, persisted: {persisted}, {how:?}"));
            }
        }
    }
    unreachable!("the loop ends when no write fails")
}

/// A book, and a full portfolio after it in which everything happens.
fn files() -> (Vec<Row>, Vec<Row>) {
    let book = rows(2_000, "2026-11-18");
    let mut next = rows(2_100, "2026-11-20");
    next[1].nid = 345_678_901;
    next.drain(1_500..1_600);
    (book, next)
}

fn loaded(file: &[Row]) -> Lender {
    let lender = Lender::new();
    lender.load_full(file);
    lender
}

/// Loads a file again until it is in, and checks that it is so as if nothing had happened.
fn again(lender: &Lender, file: &[Row], want: &Snapshot, loads: usize, decisions: &[&str], place: &str) {
    let outcome = lender.load_full(file);
    assert_eq!(outcome.held_for, [""; 0], "{place}");
    assert_eq!(outcome.load.state, LoadState::Loaded, "{place}");
    assert_eq!(&lender.snapshot(), want, "{place}");
    assert_eq!(lender.node.loads().unwrap().len(), loads, "{place}");
    assert_eq!(lender.decisions(), decisions, "{place}");
}

#[test]
fn a_first_load_killed_anywhere_is_run_again() {
    let (file, want) = (rows(2_000, "2026-11-20"), loaded(&rows(2_000, "2026-11-20")).snapshot());
    let text = csv(&file);
    let writes = at_every_write(
        Lender::new,
        |lender| lender.try_load(&text, &full()).is_ok(),
        |lender, place| {
            again(lender, &file, &want, 1, &["loaded"], place);
            let load = lender.node.loads().unwrap().remove(0);
            assert_eq!((load.changes.new, load.changes.changed), (2_000, 0), "{place}");
            assert_eq!(lender.node.book().pending_count().unwrap(), 2_000, "{place}");
        },
    );
    // Begin, four pages aside, the decision to load, four pages in, the end.
    assert!(writes >= 11, "{writes}");
}

#[test]
fn a_later_load_killed_anywhere_is_run_again() {
    let (book, next) = files();
    let want = {
        let lender = loaded(&book);
        lender.load_full(&next);
        lender.snapshot()
    };
    let text = csv(&next);
    at_every_write(
        || loaded(&book),
        |lender| lender.try_load(&text, &full()).is_ok(),
        |lender, place| {
            again(lender, &next, &want, 2, &["loaded", "loaded"], place);
            let changes = lender.node.loads().unwrap()[1].changes;
            assert_eq!((changes.new, changes.changed, changes.closed), (100, 1_900, 100), "{place}");
        },
    );
}

#[test]
fn a_killed_load_is_finished_before_another_file() {
    let (file, other) = (rows(2_000, "2026-11-20"), rows(2_001, "2026-11-21"));
    let want = loaded(&other).snapshot();
    let text = csv(&file);
    at_every_write(
        Lender::new,
        |lender| lender.try_load(&text, &full()).is_ok(),
        |lender, place| {
            // Half a first load in the book must not look to the guard as if the second one doubled it.
            let outcome = lender.load_full(&other);
            assert_eq!(outcome.held_for, [""; 0], "{place}");
            assert_eq!(lender.snapshot(), want, "{place}");
        },
    );
}

#[test]
fn a_release_killed_anywhere_goes_on_or_is_run_again() {
    let (book, mut next) = files();
    next.truncate(1_000);
    let held = || {
        let lender = loaded(&book);
        assert_eq!(lender.load_full(&next).load.state, LoadState::Held);
        lender
    };
    let want = {
        let lender = held();
        lender.node.release_load(2, "Sok Dara").unwrap();
        lender.snapshot()
    };
    at_every_write(
        held,
        |lender| lender.node.release_load(2, "Sok Dara").is_ok(),
        |lender, place| {
            lender.node.finish_loads().unwrap();
            if lender.node.loads().unwrap()[1].state == LoadState::Held {
                lender.node.release_load(2, "Sok Dara").unwrap();
            }
            assert_eq!(lender.snapshot(), want, "{place}");
            assert_eq!(lender.decisions(), ["loaded", "held", "released", "loaded"], "{place}");
        },
    );
}

#[test]
fn an_undoing_killed_anywhere_goes_on_or_is_run_again() {
    let (book, next) = files();
    let want = loaded(&book).snapshot();
    at_every_write(
        || {
            let lender = loaded(&book);
            lender.load_full(&next);
            lender
        },
        |lender| lender.node.undo_load(2, "Sok Dara").is_ok(),
        |lender, place| {
            lender.node.finish_loads().unwrap();
            if lender.node.loads().unwrap()[1].state == LoadState::Loaded {
                lender.node.undo_load(2, "Sok Dara").unwrap();
            }
            assert_eq!(lender.snapshot(), want, "{place}");
            assert_eq!(lender.decisions(), ["loaded", "loaded", "undone"], "{place}");
        },
    );
}
