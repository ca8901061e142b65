//! The load guard, through whole loads: at each limit and beyond it; and what named persons do about it.

use tallystick::book::LoadState;
use tallystick::node::ImportError;

use crate::files::{Lender, Row, csv, full, options, rows};

/// The first concern of a load, if it is held; and that it changed nothing then.
fn concern(lender: &Lender, file: &[Row], is_full: bool) -> Option<String> {
    let before = lender.snapshot();
    let outcome = if is_full { lender.load_full(file) } else { lender.load(file) };
    assert_eq!(outcome.held_for, outcome.load.held_for);
    let first = outcome.held_for.into_iter().next()?;
    assert_eq!(outcome.load.state, LoadState::Held);
    assert_eq!(lender.snapshot(), before, "a load that is held changes nothing");
    Some(first)
}

fn with_book(count: u32) -> Lender {
    let lender = Lender::new();
    assert_eq!(concern(&lender, &rows(count, "2026-11-18"), false), None, "the first load is not held");
    lender
}

#[test]
fn closing_by_absence_at_and_beyond_a_fifth() {
    let next = rows(1_000, "2026-11-20");
    assert_eq!(concern(&with_book(1_000), &next[..800], true), None);
    let held = concern(&with_book(1_000), &next[..799], true).unwrap();
    assert!(held.starts_with("would close 201 of 1000 running loans (20.1 %;"), "{held}");
    // Nobody said that the file is the whole book.
    assert_eq!(concern(&with_book(1_000), &next[..10], false), None);
}

#[test]
fn closing_by_status_counts_too() {
    let closed = |count: usize| {
        let mut next = rows(1_000, "2026-11-20");
        next[..count].iter_mut().for_each(|row| (row.status, row.outstanding) = ("closed", 0));
        concern(&with_book(1_000), &next, false)
    };
    assert_eq!(closed(200), None);
    assert!(closed(201).unwrap().starts_with("would close 201 of 1000"));
}

#[test]
fn a_wrong_file_of_one_branch_is_held_though_the_book_is_large() {
    let next = rows(1_000, "2026-11-20");
    let kandal: Vec<Row> = next.into_iter().filter(|row| row.branch == "Kandal").take(300).collect();
    // 200 of the whole book's 1,000 would pass; they are 200 of that branch's 500.
    let held = concern(&with_book(1_000), &kandal, true).unwrap();
    assert!(held.starts_with("would close 200 of 500"), "{held}");
}

#[test]
fn a_total_at_and_beyond_twofold_either_way() {
    let times = |multiplier: u64, divisor: u64, more: u64| {
        let lender = Lender::new();
        let mut book = rows(1_000, "2026-11-18");
        for row in &mut book {
            row.outstanding = 1_000;
        }
        lender.load(&book);
        for row in &mut book {
            row.as_of = "2026-11-20";
            row.outstanding = row.outstanding * multiplier / divisor;
        }
        book[7].outstanding =
            (book[7].outstanding + more).wrapping_sub(if divisor > 1 { 2 * more } else { 0 });
        concern(&lender, &book, false)
    };
    assert_eq!(times(2, 1, 0), None);
    assert!(times(2, 1, 1).unwrap().contains("total of KHR from 1000000.00 to 2000001.00"));
    assert_eq!(times(1, 2, 0), None);
    assert!(times(1, 2, 1).unwrap().contains("total of KHR from 1000000.00 to 499999.00"));
    // Not of the file but of the book: a hundred new loans beside a thousand are no doubling.
    assert_eq!(concern(&with_book(1_000), &rows(1_100, "2026-11-20")[1_000..], false), None);
    // New loans that more than double it.
    let many: Vec<Row> = rows(3_200, "2026-11-20").split_off(1_000);
    assert!(concern(&with_book(1_000), &many, false).unwrap().contains("total of KHR"));
}

#[test]
fn a_currency_that_the_book_does_not_have_is_not_held_for_its_total() {
    let mut dollars = rows(1_100, "2026-11-20").split_off(1_000);
    for row in &mut dollars {
        (row.currency, row.outstanding) = ("USD", 5_000_000);
    }
    assert_eq!(concern(&with_book(1_000), &dollars, false), None);
}

#[test]
fn a_median_at_and_beyond_fifty_times_by_the_reference_rates() {
    // 4,025.50 KHR are 1 USD.
    let medians = |khr: u64, usd: u64| {
        let mut book = rows(40, "2026-11-20");
        for row in &mut book {
            row.outstanding = khr;
        }
        book[..20].iter_mut().for_each(|row| (row.currency, row.outstanding) = ("USD", usd));
        concern(&Lender::new(), &book, false)
    };
    assert_eq!(medians(2_500_000, 600), None, "the same worth in two currencies");
    assert_eq!(medians(8_051, 100), None, "50 times");
    assert!(medians(8_051, 101).unwrap().contains("the median balance in USD, 101.00, is worth 50 times"));
    assert_eq!(medians(402_550, 2), None, "50 times the other way");
    assert!(medians(402_551, 2).unwrap().contains("in KHR, 402551.00, is worth 50 times that in USD, 2.00"));
    assert!(medians(250_000_000, 600).is_some(), "minor units read as major ones");
}

#[test]
fn older_than_the_last_load() {
    let lender = with_book(100);
    assert_eq!(concern(&lender, &rows(101, "2026-11-18"), false), None, "of the same day");
    let held = concern(&lender, &rows(102, "2026-11-17"), false).unwrap();
    assert_eq!(held, "its figures are of 2026-11-17, older than those of load 2, 2026-11-18");
    // A load that was undone is no last one.
    lender.node.undo_load(2, "Sok Dara").unwrap();
    lender.node.undo_load(1, "Sok Dara").unwrap();
    assert_eq!(concern(&lender, &rows(103, "2026-11-17"), false), None);
}

#[test]
fn a_held_load_is_released_by_a_named_person() {
    let mut lender = with_book(1_000);
    let next = rows(1_000, "2026-11-20").split_off(500);
    let outcome = lender.load_full(&next);
    assert_eq!((outcome.load.number, outcome.load.changes.closed), (2, 500));
    assert!(matches!(lender.node.release_load(2, " "), Err(ImportError::Nobody(_))));
    assert!(matches!(lender.node.release_load(1, "Sok Dara"), Err(ImportError::Book(_))));
    assert!(matches!(lender.node.release_load(3, "Sok Dara"), Err(ImportError::Book(_))));
    lender.restart(tallystick::store::Reopen::PowerCut { unsynced_kept: 0 });
    let load = lender.node.release_load(2, "Sok Dara").unwrap();
    assert_eq!((load.state, load.decided_by.as_deref()), (LoadState::Loaded, Some("Sok Dara")));
    assert_eq!((load.changes.changed, load.changes.closed), (500, 500));
    assert_eq!(lender.decisions(), ["loaded", "held", "released", "loaded"]);
    assert_eq!(lender.node.load_decisions(2).unwrap().len(), 3);
    assert!(lender.node.release_load(2, "Sok Dara").is_err(), "once");
    // What comes out of it is what comes out of the same load unheld.
    let other = Lender::new();
    other.load_full(&rows(1_000, "2026-11-18"));
    other.load_full(&next);
    other.node.release_load(2, "Chan Thy").unwrap();
    assert_eq!(lender.snapshot(), other.snapshot());
}

#[test]
fn a_held_load_is_discarded_by_a_named_person() {
    let lender = with_book(1_000);
    let before = lender.snapshot();
    let file = rows(1_000, "2026-11-20").split_off(500);
    lender.load_full(&file);
    assert!(lender.node.discard_load(2, "").is_err());
    let load = lender.node.discard_load(2, "Sok Dara").unwrap();
    assert_eq!(load.state, LoadState::Discarded);
    assert!(lender.node.discard_load(2, "Sok Dara").is_err());
    assert!(lender.node.release_load(2, "Sok Dara").is_err());
    assert!(lender.node.undo_load(2, "Sok Dara").is_err());
    assert_eq!(lender.snapshot(), before);
    assert_eq!(lender.decisions(), ["loaded", "held", "discarded"]);
    // Loaded again it is held again.
    assert_eq!(lender.load_full(&file).load.state, LoadState::Held);
}

#[test]
fn loads_come_in_beside_a_held_one() {
    let lender = with_book(1_000);
    lender.load_full(&rows(1_000, "2026-11-20").split_off(500));
    let mut fixed = rows(1_000, "2026-11-21");
    fixed[600].outstanding = 5;
    assert_eq!(lender.load_full(&fixed).load.state, LoadState::Loaded);
    let before = lender.snapshot();
    // Released after that, its rows are older than the book.
    let load = lender.node.release_load(2, "Sok Dara").unwrap();
    assert_eq!((load.changes.older, load.changes.changed, load.changes.closed), (500, 0, 0));
    assert_eq!(lender.snapshot(), before);
}

#[test]
fn the_files_that_are_held_are_told_in_a_report() {
    let lender = with_book(10);
    let outcome = lender.try_load(&csv(&rows(10, "2026-11-10")[..4]), &full()).unwrap();
    let json = serde_json::to_value(&outcome).unwrap();
    assert_eq!(json["load"]["state"], "held");
    assert_eq!(json["held_for"].as_array().unwrap().len(), 1, "no loan of the book is older than this file");
    assert_eq!(json["load"]["figures"][0]["currency"], "KHR");
    assert_eq!(json["load"]["figures"][0]["loans"], 4);
    assert_eq!(lender.try_load(&csv(&rows(10, "2026-11-18")), &options()).unwrap().same_as, Some(1));
}
