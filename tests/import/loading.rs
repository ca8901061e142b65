//! What a load does to the book when nothing goes wrong, and what it says.

use std::fmt::Write as _;

use tallystick::book::LoadState;
use tallystick::node::{ImportError, ImportOptions, ImportPhase};

use crate::files::{HEADER, Lender, csv, full, options, rows};

#[test]
fn two_thousand_rows() {
    let lender = Lender::new();
    let mut seen = Vec::new();
    let file = csv(&rows(2_000, "2026-11-20"));
    let outcome = lender.node.import(&mut file.as_bytes(), &options(), &mut |step| seen.push(step)).unwrap();
    let load = &outcome.load;
    assert_eq!((load.number, load.state), (1, LoadState::Loaded));
    assert_eq!((load.good, load.rejected, load.skipped), (2_000, 0, 0));
    assert_eq!((load.changes.new, load.changes.changed, load.changes.unchanged), (2_000, 0, 0));
    assert_eq!(load.digest.0, <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(file.as_bytes())));
    assert_eq!(load.figures.len(), 1);
    assert_eq!(load.figures[0].outstanding.as_str(), "2200100000.00");
    assert_eq!(load.figures[0].median.as_str(), "1100000.00");
    assert_eq!(outcome.held_for, [""; 0]);
    assert_eq!(lender.snapshot().len(), 4_000);
    assert_eq!(lender.node.book().pending_count().unwrap(), 2_000);
    assert_eq!(lender.node.loads().unwrap(), std::slice::from_ref(load));
    assert_eq!(lender.decisions(), ["loaded"]);
    assert!(seen.iter().any(|step| step.phase == ImportPhase::Reading && step.rows == 1_000));
    let last = seen.last().unwrap();
    assert_eq!((last.phase, last.rows, last.rows_of), (ImportPhase::Loading, 2_000, Some(2_000)));
    // A loan is found by its account, with the reference that the book gives it.
    let found = lender.node.book().loan("L-17").unwrap().unwrap();
    assert_eq!(found.facility.outstanding, Some(100_170_000));
    assert_ne!(found.facility.reference.0, [0; 16]);
}

#[test]
fn the_commitment_in_the_leaf_opens() {
    let lender = Lender::new();
    let load = lender.load(&rows(10, "2026-11-20")).load;
    let records = lender.node.load_decisions(load.number).unwrap();
    assert_eq!(records.len(), 1);
    let leaves = lender.node.log().leaves(0, usize::MAX).unwrap();
    let leaf: serde_json::Value = serde_json::from_slice(leaves.last().unwrap()).unwrap();
    assert_eq!(leaf["commitment"], records[0].commitment().to_string());
    assert_eq!(leaf["transaction"], records[0].transaction.to_string());
    let payload: serde_json::Value = serde_json::from_slice(&records[0].payload).unwrap();
    assert_eq!(payload["decision"], "loaded");
    assert_eq!(payload["load"]["digest"], load.digest.to_string());
    let mut other = records[0].clone();
    other.payload[0] ^= 1;
    assert_ne!(other.commitment(), records[0].commitment());
}

#[test]
fn the_same_file_twice_changes_nothing_and_says_so() {
    let lender = Lender::new();
    let book = rows(1_200, "2026-11-20");
    let first = lender.load(&book);
    let (before, size) = (lender.snapshot(), lender.node.log().head().size);
    let again = lender.load(&book);
    assert_eq!(again.same_as, Some(1));
    assert_eq!(again.load, first.load);
    assert_eq!(lender.snapshot(), before);
    assert_eq!(lender.node.loads().unwrap().len(), 1);
    assert_eq!(lender.node.log().head().size, size);
    // The same rows in another file are a load, and change nothing either.
    let mut turned = book.clone();
    turned.reverse();
    let other = lender.load(&turned);
    assert_eq!((other.same_as, other.load.number), (None, 2));
    assert_eq!((other.load.changes.unchanged, other.load.changes.is_nothing()), (1_200, true));
    assert_eq!(lender.snapshot(), before);
}

#[test]
fn changed_and_older_rows() {
    let lender = Lender::new();
    let mut book = rows(1_000, "2026-11-20");
    lender.load(&book);
    for row in &mut book[..300] {
        row.outstanding -= 5;
    }
    for row in &mut book[300..310] {
        row.as_of = "2026-11-19";
        row.outstanding = 1;
    }
    let load = lender.load(&book).load;
    let changes = load.changes;
    assert_eq!((changes.new, changes.changed, changes.unchanged, changes.older), (0, 300, 690, 10));
    let outstanding = |account: &str| lender.node.book().loan(account).unwrap().unwrap().facility.outstanding;
    assert_eq!(outstanding("L-1"), Some(100_009_500));
    assert_eq!(outstanding("L-301"), Some(103_010_000));
}

#[test]
fn bad_rows_are_reported_and_kept_and_the_good_ones_taken() {
    let lender = Lender::new();
    let mut file = csv(&rows(600, "2026-11-20"));
    for number in 0..30 {
        let nid = 987_654_320 + number % 10;
        writeln!(file, "L-9{number},C-9{number},Kandal,2026-11-20,{nid},current,KHR,1,x,").unwrap();
    }
    let outcome = lender.try_load(&file, &options()).unwrap();
    assert_eq!((outcome.load.good, outcome.load.rejected), (600, 30));
    assert_eq!(outcome.rejects.len(), 20);
    assert_eq!((outcome.rejects[0].line, outcome.rejects[0].field.as_str()), (602, "outstanding"));
    let kept = lender.node.rejects(1).unwrap();
    assert_eq!(kept.len(), 30);
    assert!(kept[0].row.contains("987654320"), "the clerk gets the row back");
    // Nothing that is printed holds what the row holds.
    let told = serde_json::to_string(&outcome).unwrap() + &format!("{outcome:?}{kept:?}");
    assert!(!told.contains("98765432") && !told.contains("C-9"), "{told}");
    assert!(lender.node.rejects(2).is_err());
}

#[test]
fn a_dry_run_shows_rows_and_writes_nothing() {
    let lender = Lender::new();
    lender.load(&rows(100, "2026-11-20"));
    let (writes, before) = (lender.backend.writes(), lender.snapshot());
    let mut changed = rows(100, "2026-11-21");
    changed[2].outstanding = 77;
    changed[3].outstanding *= 1_000;
    let look = ImportOptions { dry_run: Some(3), ..full() };
    let outcome = lender.try_load(&csv(&changed), &look).unwrap();
    assert!(outcome.dry_run);
    assert_eq!(outcome.rows.len(), 3);
    let row = &outcome.rows[2];
    assert_eq!((row.line, row.account.as_str(), row.identifiers[0].value.as_str()), (4, "L-3", "*******21"));
    assert_eq!(row.outstanding.as_ref().unwrap().as_str(), "77.00");
    assert_eq!((outcome.load.changes.changed, outcome.load.good), (100, 100));
    assert_eq!(outcome.held_for.len(), 1, "a look tells that the load would be held");
    assert!(outcome.held_for[0].contains("total of KHR"), "{:?}", outcome.held_for);
    assert!(!serde_json::to_string(&outcome).unwrap().contains("100000021"));
    assert_eq!((lender.backend.writes(), lender.snapshot()), (writes, before));
}

#[test]
fn schemes_that_the_network_does_not_use() {
    let lender = Lender::new();
    let file = "account,client,branch,as_of,kh-nid,ke-id,status,currency,outstanding\n\
                L-1,C-1,Kandal,2026-11-20,100000007,12345678,current,KHR,100\n\
                L-2,C-2,Kandal,2026-11-20,,12345679,current,KHR,100\n\
                L-3,C-3,Kandal,2026-11-20,100000021,,current,KHR,100\n";
    let outcome = lender.try_load(file, &options()).unwrap();
    assert_eq!((outcome.load.good, outcome.load.rejected, outcome.notes_count), (2, 1, 1));
    assert_eq!((outcome.notes[0].line, outcome.notes[0].field.as_str()), (2, "ke-id"));
    assert_eq!((outcome.rejects[0].line, outcome.rejects[0].field.as_str()), (3, "ke-id"));
    assert!(outcome.rejects[0].reason.contains("kh-nid"), "{:?}", outcome.rejects[0]);
    let loan = lender.node.book().loan("L-1").unwrap().unwrap();
    assert_eq!(loan.identifiers.len(), 1);
    assert!(lender.node.book().loan("L-2").unwrap().is_none());
}

#[test]
fn one_account_of_several_clients() {
    let lender = Lender::new();
    let file = "account,client,branch,as_of,kh-nid,kind,status,currency,outstanding\n\
                L-1,C-1,Kandal,2026-11-20,100000007,individual,current,KHR,100\n\
                L-1,C-2,Kandal,2026-11-20,100000014,guarantor,current,KHR,100\n\
                L-2,C-1,Kandal,2026-11-20,100000007,group,current,KHR,900\n\
                L-2,C-3,Kandal,2026-11-20,100000021,group,current,KHR,900\n";
    for _ in 0..2 {
        lender.try_load(file, &options()).unwrap();
        let loans: Vec<_> = lender.snapshot().into_keys().filter(|key| key.starts_with("loan")).collect();
        assert_eq!(loans, ["loan L-1 C-1", "loan L-1 C-2", "loan L-2 C-1", "loan L-2 C-3"]);
    }
    // By its account the borrower's own loan is found; all of an account share one reference.
    let book = lender.node.book();
    assert_eq!(book.loan("L-1").unwrap().unwrap().client, "C-1");
    assert!(book.loan("L-2").unwrap().is_some());
    let clients = book.clients_with(&lender.identifier("kh-nid:100000014")).unwrap();
    let guarantor = book.loans_of(&clients[0]).unwrap();
    assert_eq!(guarantor[0].facility.reference, book.loan("L-1").unwrap().unwrap().facility.reference);
}

#[test]
fn a_file_that_is_none_leaves_no_trace() {
    let lender = Lender::new();
    for file in ["", "PK\u{3}\u{4}", "a,b,c\n1,2,3\n"] {
        assert!(matches!(lender.try_load(file, &options()), Err(ImportError::Format(_))), "{file:?}");
        assert_eq!(lender.node.loads().unwrap(), []);
    }
    let empty = lender.try_load(&format!("{HEADER}\n"), &full()).unwrap();
    assert_eq!((empty.load.good, empty.findings.len()), (0, 1));
    assert!(lender.snapshot().is_empty());
}

#[test]
fn one_load_at_a_time() {
    let lender = Lender::new();
    let _loading = lender.node.book().loading().unwrap();
    assert!(matches!(lender.try_load(&csv(&rows(1, "2026-11-20")), &options()), Err(ImportError::Busy)));
    assert!(matches!(lender.node.release_load(1, "Sok Dara"), Err(ImportError::Busy)));
    assert!(matches!(lender.node.finish_loads(), Err(ImportError::Busy)));
}

/// Gives half of a file and then breaks.
struct Broken<'a>(&'a [u8]);

impl std::io::Read for Broken<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("the cable was pulled"));
        }
        std::io::Read::read(&mut self.0, out)
    }
}

#[test]
fn a_file_that_breaks_off_leaves_no_trace() {
    let lender = Lender::new();
    let file = csv(&rows(2_000, "2026-11-20"));
    let mut broken = Broken(&file.as_bytes()[..file.len() / 2]);
    let result = lender.node.import(&mut broken, &options(), &mut |_| ());
    assert!(matches!(result, Err(ImportError::Format(_))));
    assert!(lender.snapshot().is_empty());
    assert_eq!(lender.node.loads().unwrap(), []);
    lender.load(&rows(2_000, "2026-11-20"));
    assert_eq!(lender.snapshot().len(), 4_000);
}

#[tokio::test]
async fn a_corrected_identifier_is_withdrawn_from_the_feed() {
    let lender = Lender::new();
    let mut book = rows(20, "2026-11-20");
    lender.load(&book);
    while lender.node.publish_round().await.unwrap().clients > 0 {}
    let live = || lender.node.status().unwrap().feed_rows;
    assert_eq!(live(), 20);
    let (wrong, right) = (lender.identifier("kh-nid:100000007"), lender.identifier("kh-nid:234567890"));
    assert_eq!(lender.clients_with(&wrong), ["C-1"]);
    book[0].nid = 234_567_890;
    lender.load(&book);
    assert_eq!(lender.clients_with(&wrong), [""; 0]);
    assert_eq!(lender.clients_with(&right), ["C-1"]);
    let report = lender.node.publish_round().await.unwrap();
    assert_eq!((report.clients, report.rows, report.located), (1, 2, 1), "one row withdrawn, one published");
    assert_eq!(lender.node.publish_round().await.unwrap().clients, 0);
    // Undone, the number is the client's again.
    lender.node.undo_load(2, "Sok Dara").unwrap();
    assert_eq!(lender.clients_with(&wrong), ["C-1"]);
    assert_eq!(lender.clients_with(&right), [""; 0]);
    let report = lender.node.publish_round().await.unwrap();
    assert_eq!((report.clients, report.rows, report.located), (1, 2, 0));
}
