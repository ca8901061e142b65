//! Commands in a folder where no node runs: what needs no peer works on the store, the rest says how to start the node,
//! and the doctor says what is wrong without one.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tallystick::config::Config;

use crate::network::{ASKER, LENDERS, Network, POLICY, nid, question, small_book, today, transaction};

/// The program on a member's folder.
fn tally(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
    command.arg("--config").arg(folder.join("node.toml")).args(arguments);
    for variable in ["TALLY_CONFIG", "TALLY_PASSPHRASE_FILE", "TALLY_DATA", "TALLY_LISTEN", "TALLY_LOG"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).output().unwrap()
}

/// What it prints when it ends with that exit code.
#[track_caller]
fn ends(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = tally(folder, arguments);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {out}\n{err}");
    out.into_owned()
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str], code: i32) -> Value {
    let out = ends(folder, arguments, code);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
}

/// State and detail of one check of a folder.
#[track_caller]
fn checked(folder: &Path, name: &str, code: i32) -> (String, String) {
    let checkup = json(folder, &["doctor", "--json"], code);
    let checks = checkup["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{checkup}"));
    let text = |of: &str| check[of].as_str().unwrap().to_owned();
    (text("state"), text("detail"))
}

#[test]
fn what_needs_no_peer_works_where_no_node_runs() {
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, 5));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    let [consent, other] = [2, 3].map(|person| network.consent(ASKER, &[("kh-nid", &nid(person))]));
    network.stop(ASKER);
    let folder = network.of(ASKER);

    // The log.
    let verified = json(&folder, &["log", "verify", "--json"], 0);
    assert!(verified["leaves"].as_u64() > Some(2), "{verified}");
    let head = json(&folder, &["log", "show", "--json"], 0);
    assert_eq!(head["size"], verified["leaves"]);
    let leaves = ends(&folder, &["log", "show", "--from", "0"], 0);
    assert!(leaves.contains("consent-given"), "{leaves}");

    network.stop("lender-a");
    let holder = json(&network.of("lender-a"), &["log", "verify", "--json"], 0);
    let mirrors = holder["mirrors"].as_array().unwrap();
    assert!(
        mirrors.iter().any(|mirror| mirror["member"] == ASKER && mirror["leaves"].as_u64() > Some(0)),
        "{holder}"
    );
    network.start(&["lender-a"]);

    // The node.
    let status = json(&folder, &["status", "--json"], 4);
    assert_eq!((&status["running"], &status["member"]), (&Value::Bool(false), &Value::from(ASKER)));
    assert_eq!(status["members"].as_array().unwrap().len(), 4, "{status}");
    let text = ends(&folder, &["status"], 4);
    assert!(text.contains("no node runs here") && text.contains("tally node --config"), "{text}");

    // Loads: a book of yesterday is held, thrown away, held again, let in, and taken back.
    let day = |days: i32| today().plus_days(days).to_string();
    let old = small_book(ASKER, 5).replace(&format!(",{},", day(0)), &format!(",{},", day(-1)));
    let file = folder.join("old.csv");
    std::fs::write(&file, old).unwrap();
    let load = ["import", file.to_str().unwrap(), "--format", "csv"];
    assert!(ends(&folder, &load, 3).contains("tally import release 2"), "the load is held");
    let discarded = ends(&folder, &["import", "discard", "2", "--by", "Sok Dara"], 0);
    assert!(discarded.contains("discarded"), "{discarded}");
    assert!(ends(&folder, &load, 3).contains("tally import release 3"), "held again");
    let released = ends(&folder, &["import", "release", "3", "--by", "Sok Dara"], 0);
    assert!(released.contains("loaded"), "{released}");
    let undone = ends(&folder, &["import", "undo", "3", "--by", "Sok Dara"], 0);
    assert!(undone.contains("undone"), "{undone}");
    let loads = json(&folder, &["import", "list", "--json"], 0);
    let states: Vec<&Value> =
        loads["imports"].as_array().unwrap().iter().map(|load| &load["state"]).collect();
    assert_eq!(states, ["loaded", "discarded", "undone"], "{loads}");

    // Consents.
    let shown = json(&folder, &["consent", "show", &consent, "--json"], 0);
    assert_eq!((&shown["state"], &shown["terms"]["consent"]), (&"given".into(), &consent.as_str().into()));
    let withdrawn = json(&folder, &["consent", "withdraw", &other, "--json"], 0);
    assert_eq!(withdrawn["state"], "withdrawn");

    // What needs others says how to start the node.
    let needing: [&[&str]; 3] = [
        &["inquire", "--consent", &consent],
        &[
            "consent",
            "record",
            "--id",
            "kh-nid:180012345",
            "--evidence",
            file.to_str().unwrap(),
            "--notice",
            "km",
            "--until",
            &day(9),
        ],
        &["withdraw", "3f2a-91c4-77d0-1be5-0a6c-42f8-9d13-e07b"],
    ];
    for command in needing {
        let output = tally(&folder, command);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {words}");
        assert!(words.contains("no node runs here") && words.contains("tally node --config"), "{words}");
    }

    // What was done meanwhile holds: the withdrawn consent opens nothing, the other one does.
    network.start(&[ASKER]);
    let asker = network.interface(ASKER);
    let (status, problem) = asker.post("/v1/inquiries", &question(&other, &transaction())).unwrap();
    assert_eq!((status, &problem["code"]), (409, &"withdrawn".into()), "{problem}");
    asker.good("POST", "/v1/inquiries", Some(&question(&consent, &transaction())));
    network.verify_logs();
}

#[test]
fn the_doctor_needs_no_node() {
    let network = Network::new(POLICY);
    let folder = network.of(ASKER);
    let config = Config::load_with(&folder.join("node.toml"), &|_| None).unwrap();

    // Nothing has ever run here: what is there to show says how to begin, and nothing is made by looking.
    let (state, detail) = checked(&folder, "store", 0);
    assert_eq!(state, "skipped", "{detail}");
    let output = tally(&folder, &["log", "show"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && words.contains("tally node --config"), "{words}");
    assert!(!config.data.join("store").exists());

    network.load(ASKER, &small_book(ASKER, 3));
    let checkup = json(&folder, &["doctor", "--json"], 0);
    let state_of = |name: &str| {
        let checks = checkup["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name);
        check.unwrap_or_else(|| panic!("{name}: {checkup}"))["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state_of("node"), "warning");
    for name in ["clock", "roster", "certificate", "keys", "store", "port"] {
        assert_eq!(state_of(name), "good", "{name}: {checkup}");
    }
    for name in ["holders", "peer lender-a", "peer lender-b", "peer lender-c", "peer operator"] {
        assert_eq!(state_of(name), "skipped", "{name}: {checkup}");
    }
    for name in ["key-file", "disk-space", "disk-sync"] {
        state_of(name);
    }

    // The port is taken.
    let taken = TcpListener::bind(config.listen.as_ref().unwrap().to_string()).unwrap();
    assert_eq!(checked(&folder, "port", 4).0, "failed");
    drop(taken);
    assert_eq!(checked(&folder, "port", 0).0, "good");

    // Each file that is broken is the failed check, and hides no other.
    let broken = |file: &Path, name: &str, others: &[&str]| {
        let whole = std::fs::read(file).unwrap();
        std::fs::write(file, &whole[..whole.len() / 2]).unwrap();
        let (state, detail) = checked(&folder, name, 4);
        assert_eq!(state, "failed", "{name}: {detail}");
        for other in others {
            assert_ne!(checked(&folder, other, 4).0, "failed", "{other}");
        }
        std::fs::write(file, whole).unwrap();
        assert_eq!(checked(&folder, name, 0).0, "good");
        detail
    };
    let detail = broken(&config.roster, "roster", &["certificate", "keys", "store", "port"]);
    assert!(detail.contains(&config.roster.display().to_string()), "{detail}");
    broken(&config.certificate, "certificate", &["roster", "keys", "store", "clock"]);
    broken(&config.keys, "keys", &["roster", "certificate", "store", "clock"]);
    let current = config.data.join("store/db/CURRENT");
    broken(&current, "store", &["roster", "certificate", "keys", "clock"]);
    // The keys of another member are not those in the roster.
    let theirs = network.of("lender-a");
    let their_config = Config::load_with(&theirs.join("node.toml"), &|_| None).unwrap();
    std::fs::copy(&their_config.keys, &config.keys).unwrap();
    let lock = theirs.join("key-file");
    let output = tally(&folder, &["doctor", "--json", "--key-file", lock.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(4) && text.contains("is not the one in the roster"), "{text}");
}
