//! A real process on a real store, killed in the middle of a load.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tallystick::book::LoadState;
use tallystick::node::Node;
use tallystick::store::{Store, StoreOptions};

use crate::files::{Lender, csv, full, rows};
use crate::support::{Solo, tables};

const FOLDER: &str = "TALLY_TEST_FOLDER";
const ROWS: u32 = 6_000;

fn start(folder: &Path) -> Arc<Node> {
    let solo = Solo::new(include_str!("../../config/policy-demo.toml"), "2026-11-22".parse().unwrap());
    solo.start(
        Store::open(folder, &tables(), &StoreOptions { cache_bytes: 8 << 20, ..StoreOptions::default() })
            .unwrap(),
    )
}

#[test]
#[ignore = "the process that the test below starts and kills"]
fn loads_and_says_so() {
    let folder = std::env::var_os(FOLDER).expect("started by the test below");
    let file = csv(&rows(ROWS, "2026-11-20"));
    let node = start(Path::new(&folder));
    let mut step = |_| {
        println!("step");
        // Goes on when it is told to.
        std::io::stdin().read_line(&mut String::new()).unwrap();
    };
    node.import(&mut file.as_bytes(), &full(), &mut step).unwrap();
    println!("loaded");
}

/// Starts the load, and kills the process at its so-manieth step.
fn kill_at(folder: &Path, steps: usize) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "killed::loads_and_says_so", "--nocapture"])
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut go_on = child.stdin.take().unwrap();
    for step in 1..=steps {
        let said = lines.find(|line| line.ends_with("step") || line.ends_with("loaded"));
        assert!(said.is_some_and(|line| line.ends_with("step")), "no step {step}");
        if step < steps {
            writeln!(go_on).unwrap();
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_killed_process_loses_and_doubles_nothing() {
    let want = {
        let lender = Lender::new();
        lender.load_full(&rows(ROWS, "2026-11-20"));
        lender.node.book().totals().unwrap()
    };
    let mut stopped_in = Vec::new();
    for steps in [1, 6, 12, 14, 17, 20, 23] {
        let folder = tempfile::tempdir().unwrap();
        kill_at(folder.path(), steps);
        let node = start(folder.path());
        stopped_in.extend(node.loads().unwrap().iter().map(|load| load.state));
        let file = csv(&rows(ROWS, "2026-11-20"));
        let outcome = node.import(&mut file.as_bytes(), &full(), &mut |_| ()).unwrap();
        let load = &outcome.load;
        assert_eq!((load.state, load.changes.new), (LoadState::Loaded, u64::from(ROWS)), "{steps} steps");
        assert_eq!(node.book().totals().unwrap(), want, "{steps} steps");
        assert_eq!(node.book().pending_count().unwrap(), u64::from(ROWS));
        assert_eq!(node.loads().unwrap().len(), 1, "{steps} steps");
        assert_eq!(node.log().verify().unwrap(), node.log().head().size);
    }
    assert!(
        stopped_in.contains(&LoadState::Reading) && stopped_in.contains(&LoadState::Loading),
        "{stopped_in:?}"
    );
}
