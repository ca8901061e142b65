//! The full portfolio: what it leaves out has ended, unless anything about the file is in doubt.

use tallystick::formats::Format;
use tallystick::model::facility::FacilityStatus;
use tallystick::node::ImportOptions;

use crate::files::{Lender, csv, full, rows};

#[test]
fn a_full_portfolio_closes_what_it_leaves_out_in_its_branches() {
    let lender = Lender::new();
    let mut book = rows(1_000, "2026-11-18");
    book[4].status = "written-off";
    lender.load(&book);
    // Of the even ones, all in Kandal, 50 are left out; of Takeo the file says nothing.
    let mut next = rows(1_000, "2026-11-20");
    next.retain(|row| row.branch == "Kandal" && row.number > 100);
    let load = lender.load_full(&next).load;
    assert_eq!((load.changes.changed, load.changes.closed, load.not_closed), (450, 50, None));
    let held = |account: &str| lender.node.book().loan(account).unwrap().unwrap();
    let closed = held("L-2");
    assert_eq!(closed.facility.status, FacilityStatus::Closed);
    assert_eq!((closed.facility.outstanding, closed.as_of.to_string()), (Some(0), "2026-11-20".to_owned()));
    assert_eq!(closed.facility.closed.unwrap().to_string(), "2026-11-20");
    for open in ["L-1", "L-102", "L-999"] {
        assert_eq!(held(open).facility.status, FacilityStatus::Current, "{open}");
    }
    assert_eq!(held("L-5").facility.status, FacilityStatus::WrittenOff);
    // Said once more, nothing is left to be closed.
    next[0].outstanding -= 1;
    assert_eq!(lender.load_full(&next).load.changes.closed, 0);
}

#[test]
fn written_off_loans_stay_and_younger_figures_too() {
    let lender = Lender::new();
    let mut book = rows(100, "2026-11-18");
    book[1].status = "written-off";
    book[3].as_of = "2026-11-21";
    lender.load(&book);
    let mut next = rows(100, "2026-11-20");
    next.retain(|row| row.number > 6);
    let load = lender.load_full(&next).load;
    assert_eq!(load.held_for, ["its figures are of 2026-11-20, older than those of load 1, 2026-11-21"]);
    let load = lender.node.release_load(2, "Sok Dara").unwrap();
    assert_eq!(load.changes.closed, 4, "all but the written-off one and the one of a later day");
    let status = |account: &str| lender.node.book().loan(account).unwrap().unwrap().facility.status;
    assert_eq!((status("L-2"), status("L-4")), (FacilityStatus::WrittenOff, FacilityStatus::Current));
}

#[test]
fn each_branch_is_judged_by_its_own_day() {
    let lender = Lender::new();
    let mut book = rows(100, "2026-11-18");
    book.iter_mut().filter(|row| row.branch == "Takeo").for_each(|row| row.as_of = "2026-11-19");
    lender.load(&book);
    // Takeo's figures are of the 17th: its own older ones only would end.
    let mut next = rows(100, "2026-11-20");
    next.iter_mut().filter(|row| row.branch == "Takeo").for_each(|row| row.as_of = "2026-11-17");
    next.retain(|row| row.number > 4);
    assert_eq!(lender.load_full(&next).load.changes.closed, 2);
}

#[test]
fn no_loan_is_closed_by_a_file_with_rejects() {
    let lender = Lender::new();
    lender.load(&rows(100, "2026-11-18"));
    let mut file = csv(&rows(95, "2026-11-20"));
    file.push_str("L-96,C-96,Kandal,2026-11-20,not a number,current,KHR,1,1,\n");
    let load = lender.try_load(&file, &full()).unwrap().load;
    assert_eq!((load.good, load.rejected, load.changes.closed), (95, 1, 0));
    assert!(load.not_closed.unwrap().starts_with("1 rows were rejected"));
}

#[test]
fn no_loan_is_closed_by_a_file_that_was_cut() {
    let policy = include_str!("../../config/policy-rbi-2022.toml");
    let cdf = ImportOptions { full_portfolio: true, ..ImportOptions::new(Format::Cdf, "book.cdf") };
    let cut = include_bytes!("../fixtures/bad/trailer-missing.cdf");
    let lender = Lender::under(policy);
    let outcome = lender.node.import(&mut &cut[..], &cdf, &mut |_| ()).unwrap();
    assert!(outcome.load.good > 0 && outcome.load.rejected == 0, "{outcome:?}");
    assert!(outcome.load.not_closed.unwrap().contains("was cut"));
    assert!(outcome.findings.iter().any(|finding| finding.contains("trailer")));
}
