//! Backups of a running network: taken while it works, killed in the middle, put back when the disk is lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::keyring::create_key_file;
use tallystick::secret::SystemEntropy;

use crate::is_long;
use crate::network::{
    ASKER, LENDERS, Network, OPERATOR, POLICY, eventually, nid, question, small_book, timed, transaction,
};

const PERSONS: u32 = 40;
/// Two rounds of asking the witnesses.
const WITNESS_WAIT: Duration = Duration::from_secs(60);

/// The identity of whoever can read the backups, and its recipient.
fn identity(network: &Network) -> (PathBuf, String) {
    let file = network.folder().join("backup-identity");
    create_key_file(&file, &SystemEntropy::new()).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let recipient = text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    (file, recipient)
}

fn tally(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
    command.arg("--config").arg(folder.join("node.toml")).args(arguments);
    for variable in ["TALLY_CONFIG", "TALLY_PASSPHRASE_FILE", "TALLY_DATA", "TALLY_LISTEN", "TALLY_LOG"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Exit code and JSON of a command.
fn ended(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = tally(folder, arguments).output().unwrap();
    let said = serde_json::from_slice(&output.stdout);
    let noted = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said.unwrap_or(Value::String(noted)))
}

fn snapshots(network: &Network) -> usize {
    let store = network.of(ASKER).join("data/store").read_dir().unwrap();
    store
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("snapshot-"))
        .count()
}

/// What an inquiry under a consent gives: the status, and the reply.
fn ask(network: &Network, consent: &str) -> (u16, Value) {
    network.interface(ASKER).post("/v1/inquiries", &question(consent, &transaction())).unwrap()
}

fn network() -> Network {
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, PERSONS));
    }
    network.start(&[OPERATOR]);
    network.start(&LENDERS);
    network.wait_until_published();
    network
}

#[test]
fn a_backup_is_taken_while_the_node_works_and_put_back_when_its_disk_is_lost() {
    let mut network = network();
    let (identity, recipient) = identity(&network);
    let folder = network.of(ASKER);
    let file = network.folder().join("backup.age");
    let (name, key) = (file.to_str().unwrap(), identity.to_str().unwrap());
    let consents: Vec<String> =
        (1..=12).map(|person| network.consent(ASKER, &[("kh-nid", &nid(person))])).collect();

    // Inquiries go on while it is taken.
    let (busy, asker) = (Arc::new(AtomicBool::new(true)), network.interface(ASKER));
    let bodies: Vec<Value> = consents[..6].iter().map(|consent| question(consent, &transaction())).collect();
    let working = Arc::clone(&busy);
    let asking = std::thread::spawn(move || {
        let answers: Vec<(u16, Value)> =
            bodies.iter().map(|body| asker.post("/v1/inquiries", body).unwrap()).collect();
        working.store(false, Ordering::SeqCst);
        answers
    });
    let (code, created) = ended(&folder, &["backup", "create", name, "--recipient", &recipient, "--json"]);
    assert_eq!((code, &created["keys_included"]), (Some(0), &json!(false)), "{created}");
    for (status, answer) in asking.join().unwrap() {
        assert_eq!(status, 200, "{answer}");
    }
    assert_eq!(created["bytes"].as_u64(), Some(std::fs::metadata(&file).unwrap().len()));
    assert_eq!(snapshots(&network), 0, "nothing is left of it");

    // It holds, and nobody else reads it.
    let (code, verified) = ended(&folder, &["backup", "verify", name, "--identity", key, "--json"]);
    assert_eq!((code, &verified["manifest"]["member"]), (Some(0), &json!(ASKER)), "{verified}");
    assert_eq!(verified["leaves"], verified["manifest"]["log"]["size"], "{verified}");
    assert_eq!(verified["feeds"].as_object().unwrap().len(), LENDERS.len(), "{verified}");
    let other = network.of("lender-a").join("key-file");
    let (code, said) = ended(&folder, &["backup", "verify", name, "--identity", other.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{said}");
    let (code, said) = ended(&folder, &["backup", "create", name, "--recipient", &recipient]);
    assert_eq!(code, Some(3), "nothing is written over: {said}");
    let cut = network.folder().join("cut.age");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let (code, said) = ended(&folder, &["backup", "verify", cut.to_str().unwrap(), "--identity", key]);
    assert_eq!(code, Some(2), "{said}");

    // It goes on: uses are spent, clients are asked about, and then the disk is lost.
    for consent in &consents[6..10] {
        let (status, answer) = ask(&network, consent);
        assert_eq!(status, 200, "{answer}");
    }
    let later = network.consent(ASKER, &[("kh-nid", &nid(20))]);
    let size = network.interface(ASKER).good("GET", "/v1/log", None)["size"].as_u64().unwrap();
    network.kill(ASKER);
    let data = folder.join("data");
    let restore = ["backup", "restore", name, "--identity", key, "--data", data.to_str().unwrap(), "--json"];
    let (code, said) = ended(&folder, &restore);
    assert_eq!(code, Some(3), "not over what is there: {said}");
    std::fs::remove_dir_all(&data).unwrap();
    let mut broken = restore;
    broken[2] = cut.to_str().unwrap();
    assert_eq!(ended(&folder, &broken).0, Some(2));
    assert!(!data.exists(), "nothing is put back of a broken one");
    let (code, said) = ended(&folder, &restore);
    assert_eq!((code, &said["manifest"]["member"]), (Some(0), &json!(ASKER)), "{said}");

    network.start(&[ASKER]);
    let status = network.interface(ASKER).good("GET", "/v1/status", None);
    assert_eq!(status["standing"]["phase"], "settled", "{status}");
    assert!(status["log_size"].as_u64() > Some(size), "{status}");
    assert_eq!(status["recovered"]["to"]["size"], size, "{status}");
    let text = String::from_utf8(tally(&folder, &["status"]).output().unwrap().stdout).unwrap();
    assert!(text.contains("this store was an older copy"), "{text}");
    // What was spent stays spent; what was not is asked; what is lost is unknown.
    for consent in &consents[6..10] {
        let (status, refused) = ask(&network, consent);
        assert_eq!((status, &refused["code"]), (409, &json!("used-up")), "{refused}");
    }
    for consent in &consents[10..] {
        let (status, answer) = ask(&network, consent);
        assert_eq!((status, &answer["answer"]["complete"]), (200, &json!(true)), "{answer}");
    }
    assert_eq!(ask(&network, &later).0, 409);
    let anew = network.consent(ASKER, &[("kh-nid", &nid(20))]);
    assert_eq!(ask(&network, &anew).0, 200);
    network.wait_until_published();
    network.verify_logs();

    // Nobody finds anything in all the logs together.
    let exports: Vec<PathBuf> = LENDERS
        .iter()
        .chain(&[OPERATOR])
        .map(|member| network.folder().join("exports").join(member))
        .collect();
    eventually(WITNESS_WAIT, "an audit without findings", || {
        for (member, export) in LENDERS.iter().chain(&[OPERATOR]).zip(&exports) {
            network.run(member, &["log", "export", export.to_str().unwrap()]);
        }
        let mut arguments = vec!["audit", "verify", "--json"];
        arguments.extend(exports.iter().map(|export| export.to_str().unwrap()));
        let (code, report) = ended(&folder, &arguments);
        let told = report["notes"].to_string().contains("older copy");
        if code != Some(0) {
            eprintln!("{}", report["findings"]);
        }
        (code == Some(0) && told).then_some(())
    });
}

#[test]
fn a_backup_that_is_killed_leaves_nothing() {
    let mut network = network();
    let (identity, recipient) = identity(&network);
    let folder = network.of(ASKER);
    let file = network.folder().join("backup.age");
    let whole = network.folder().join("whole.age");
    let create = |file: &Path| {
        tally(&folder, &["backup", "create", file.to_str().unwrap(), "--recipient", &recipient])
    };
    // The first one is slower than those that follow: kills are timed by the fastest.
    let mut took = Duration::MAX;
    for _ in 0..3 {
        let (output, this) = timed(|| create(&whole).output().unwrap());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(&whole).unwrap();
        took = took.min(this);
    }
    // No room for the whole of it.
    let mut cramped = Command::new("bash");
    cramped.arg("-c").arg("trap '' XFSZ; ulimit -f 8; exec \"$@\"").arg("cramped");
    let wanted = create(&file);
    cramped.arg(wanted.get_program()).args(wanted.get_args());
    let output = cramped.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there is no backup") && !file.exists(), "{said}");

    let rounds = if is_long() { 40 } else { 10 };
    let mut killed = 0;
    for round in 0..rounds {
        let mut command = create(&file).spawn().unwrap();
        std::thread::sleep(took.mul_f64(f64::from(round) / f64::from(rounds)));
        // Every other time it is the node.
        if round % 2 == 0 {
            command.kill().unwrap();
        } else {
            network.kill(ASKER);
        }
        let ended = command.wait().unwrap();
        if round % 2 != 0 {
            network.start(&[ASKER]);
        }
        eventually(Duration::from_secs(20), "the snapshot is gone", || {
            (snapshots(&network) == 0).then_some(())
        });
        if ended.success() {
            let (code, said) = self::ended(
                &folder,
                &["backup", "verify", file.to_str().unwrap(), "--identity", identity.to_str().unwrap()],
            );
            assert_eq!(code, Some(0), "round {round}: {said}");
            std::fs::remove_file(&file).unwrap();
        } else {
            killed += 1;
            assert!(!file.exists(), "round {round}: half a backup");
        }
        let left: Vec<_> =
            network.folder().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("backup.age")), "{left:?}");
    }
    assert!(killed > rounds / 3, "{killed} of {rounds} kills came in time");
    network.verify_logs();
}
