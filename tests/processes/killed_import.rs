//! An import is killed at random moments, and at a known one: while rows go into the book. The same import again makes
//! the book that an undisturbed one makes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tallystick::book::{BookTotal, LoadState};
use tallystick::node::{ImportPhase, Node};
use tallystick::secret::{SystemEntropy, random_array};

use crate::is_long;
use crate::network::{BookRow, Network, OPERATOR, POLICY, csv, eventually, import, nid, open_node, timed};

/// Names the member's folder to a child process.
const FOLDER: &str = "TALLY_TEST_IMPORT_FOLDER";
const LENDER: &str = "lender-a";

/// The child process: loads `book.csv` of a member's folder, and says when the first rows are in the book. Without a
/// folder there is nothing to do.
#[test]
fn child_that_imports() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let book = std::fs::read(folder.join("book.csv")).unwrap();
    let outcome = import(&open_node(&folder), &book, &mut |progress| {
        if progress.phase == ImportPhase::Loading {
            std::fs::write(folder.join("loading"), "").unwrap();
        }
    });
    assert_eq!(outcome.held_for, [""; 0]);
}

fn child(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_import::child_that_imports"])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// An import that is let be. Gives how long it took.
fn whole(folder: &Path) -> Duration {
    let (status, took) = timed(|| child(folder).wait().unwrap());
    assert!(status.success(), "the import ended with {status}");
    took
}

struct Book {
    rows: u32,
    /// Minor units.
    outstanding: i128,
    text: String,
}

fn book(rows: u32) -> Book {
    let mut outstanding = 0;
    let rows_of: Vec<BookRow> = (1..=rows)
        .map(|number| {
            let minor = 10_000 + i128::from(number);
            outstanding += minor;
            let mut amount = String::new();
            write!(amount, "{}.{:02}", minor / 100, minor % 100).unwrap();
            BookRow { nid: nid(number), outstanding: amount, ..BookRow::small("A", number) }
        })
        .collect();
    Book { rows, outstanding, text: csv(&rows_of) }
}

/// The book is the file: as many loans, the same total, loaded once, and a log that says so.
fn check_book(node: &Node, book: &Book, place: &str) {
    let totals = node.book().totals().unwrap();
    let want = BookTotal { loans: u64::from(book.rows), outstanding: book.outstanding };
    assert_eq!(totals.into_iter().collect::<Vec<_>>(), [("USD".parse().unwrap(), want)], "{place}");
    let mut loans = 0;
    node.book().for_each(|_, _| loans += 1).unwrap();
    assert_eq!(loans, book.rows, "{place}");
    assert_eq!(node.book().pending_count().unwrap(), u64::from(book.rows), "{place}");
    let states: Vec<LoadState> = node.loads().unwrap().iter().map(|load| load.state).collect();
    assert_eq!(states, [LoadState::Loaded], "{place}");
    assert_eq!(node.log().verify().unwrap(), node.log().head().size, "{place}");
    let leaves = node.log().leaves(0, usize::MAX).unwrap();
    let decided = leaves
        .iter()
        .filter(|leaf| serde_json::from_slice::<serde_json::Value>(leaf).unwrap()["kind"] == "load-decided");
    assert_eq!(decided.count(), 1, "{place}");
}

/// Takes away what an import has made of a member's folder.
fn anew(folder: &Path) {
    std::fs::remove_dir_all(folder.join("data")).unwrap();
    let _ = std::fs::remove_file(folder.join("loading"));
}

/// Each round is an import and a half, so these books are small unless the long form is wanted.
#[test]
fn an_import_killed_at_any_moment_is_run_again_and_nothing_is_doubled() {
    let network = Network::new(POLICY);
    let folder = network.of(LENDER);
    let (rows, rounds) = if is_long() { (100_000, 12) } else { (20_000, 3) };
    let book = book(rows);
    std::fs::write(folder.join("book.csv"), &book.text).unwrap();
    let undisturbed = whole(&folder);
    check_book(&open_node(&folder), &book, "undisturbed");

    for round in 0..rounds {
        anew(&folder);
        let chance = f64::from(u32::from_be_bytes(random_array(&SystemEntropy::new()))) / f64::from(u32::MAX);
        let delay = undisturbed.mul_f64((f64::from(round) + chance) / f64::from(rounds));
        let import = child(&folder);
        std::thread::sleep(delay);
        kill(import);
        whole(&folder);
        check_book(&open_node(&folder), &book, &format!("killed after {delay:?} of {undisturbed:?}"));
    }
}

/// In the middle of the book: the node itself goes on with it when it starts.
#[test]
fn an_import_of_100_000_rows_killed_in_the_middle_of_the_book_is_finished_by_the_node() {
    let mut network = Network::new(POLICY);
    let folder = network.of(LENDER);
    let loading = folder.join("loading");
    let book = book(100_000);
    std::fs::write(folder.join("book.csv"), &book.text).unwrap();
    let import = child(&folder);
    eventually(Duration::from_secs(60), "the first rows are in the book", || loading.exists().then_some(()));
    kill(import);
    // A witness that holds no key: the node may write, and nothing can be published.
    network.start(&[OPERATOR, LENDER]);
    let interface = network.interface(LENDER);
    eventually(Duration::from_secs(60), "every client waits to be published", || {
        let status = interface.good("GET", "/v1/status", None);
        let loads = interface.good("GET", "/v1/imports", None);
        let is_loaded = loads["imports"][0]["state"] == "loaded";
        (is_loaded && status["clients_waiting"] == book.rows).then_some(())
    });
    let verified = interface.good("POST", "/v1/log/verify", Some(&json!({})));
    assert!(verified["leaves"].as_u64() > Some(0), "{verified}");
    network.kill(LENDER);
    check_book(&open_node(&folder), &book, "killed in the middle, and finished by the node");
    // The clerk, who does not know that, imports again.
    whole(&folder);
    check_book(&open_node(&folder), &book, "imported again after the node had finished");
}
