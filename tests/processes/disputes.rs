//! A dispute by the commands, over real connections: opened while the lender is down, flagged all the same, answered,
//! corrected by an import, closed; and what was said lies open on no disk.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::network::{
    ASKER, BookRow, LENDERS, Network, POLICY, csv, eventually, nid, question, small_book, today, transaction,
};

const WAIT: Duration = Duration::from_secs(60);
const SAID: &str = "This was repaid in May, the branch has stamped it";
const LENDER: &str = "lender-b";
const ENDS: [&str; 2] = [ASKER, LENDER];

fn json(network: &Network, member: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&network.run(member, &[arguments, &["--json"]].concat())).unwrap()
}

/// The answer of an inquiry about her at a member.
fn asked(network: &Network, member: &str) -> Value {
    let consent = network.consent(member, &[("kh-nid", &nid(1))]);
    let body = question(&consent, &transaction());
    network.interface(member).good("POST", "/v1/inquiries", Some(&body))["answer"].clone()
}

/// Disputes that the answer shows, and flagged loans.
fn flagged(answer: &Value) -> (usize, usize) {
    let person = &answer["persons"][0];
    let lenders = person["exposure"]["lenders"].as_array().unwrap().iter();
    let loans = lenders.flat_map(|lender| lender["facilities"].as_array().unwrap());
    (
        person["disputes"].as_array().unwrap().len(),
        loans.filter(|facility| facility["disputed"] == true).count(),
    )
}

fn state_at(network: &Network, member: &str) -> Option<String> {
    let listed = json(network, member, &["dispute", "list", "--all"]);
    Some(listed["disputes"].get(0)?["state"].as_str()?.to_owned())
}

/// Whether a file below a folder holds the bytes.
fn is_in_files(folder: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_in_files(&path, wanted);
        }
        // A file may go while it is looked for.
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(wanted.len()).any(|part| part == wanted)
    })
}

#[test]
fn a_dispute_goes_its_way_by_the_commands() {
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, 2));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    let folder = network.folder().to_owned();
    let (form, said, book) = (folder.join("form.pdf"), folder.join("said.txt"), folder.join("book.csv"));
    std::fs::write(&form, "her request").unwrap();
    std::fs::write(&said, SAID).unwrap();
    let path = |file: &'static str| folder.join(file).to_str().unwrap().to_owned();
    let (form, said_file) = (path("form.pdf"), path("said.txt"));
    let hers = format!("kh-nid:{}", nid(1));
    let until = today().plus_days(30).to_string();
    let asked_for = ["consent", "record", "--id", &hers, "--evidence", &form, "--until", &until];
    let consent =
        json(&network, ASKER, &[&asked_for[..], &["--notice", "en", "--purpose", "subject-access"]].concat());
    let consent = consent["consent"].as_str().unwrap().to_owned();
    let report = json(&network, ASKER, &["subject", "report", "--consent", &consent]);
    let lines = report["answer"]["persons"][0]["exposure"]["lenders"].as_array().unwrap();
    let line = lines.iter().find(|line| line["lender"] == LENDER).unwrap();
    let record = line["records"][0].as_str().unwrap().to_owned();
    network.kill(LENDER);
    let open = ["dispute", "open", "--consent", &consent, "--lender", LENDER, "--record", &record];
    let more = ["--facility", "1", "--reason", "already-paid", "--text", &said_file, "--by", "Sok Dara"];
    let opened = json(&network, ASKER, &[open, more].concat());
    let dispute = opened["dispute"].as_str().unwrap().to_owned();
    // The lender is down, and everybody's answer says that the client disputes it.
    for member in ["lender-a", ASKER] {
        eventually(WAIT, &format!("{member}'s answers show it"), || {
            (flagged(&asked(&network, member)) == (1, 1)).then_some(())
        });
    }
    assert_eq!(state_at(&network, ASKER).as_deref(), Some("sending"));
    let listed = network.run(ASKER, &["dispute", "list"]);
    assert!(listed.contains(&dispute) && listed.contains("on lender-b"), "{listed}");
    network.start(&[LENDER]);
    let arrived = || (state_at(&network, LENDER).as_deref() == Some("open")).then_some(());
    eventually(WAIT, "it reaches the lender", arrived);
    let read = network.run(LENDER, &["dispute", "list", &dispute]);
    assert!(read.contains(SAID) && read.contains("individual loan in USD"), "{read}");
    assert!(read.contains("Book     client ") && read.contains("account "), "{read}");
    network.run(LENDER, &["dispute", "answer", &dispute, "--accept", "--by", "Chan Thy"]);
    let accepted = || (state_at(&network, ASKER).as_deref() == Some("accepted")).then_some(());
    eventually(WAIT, "the answer is back", accepted);
    // The correction comes with the next book.
    let mut rows: Vec<BookRow> = (1..=2).map(|number| BookRow::small(LENDER, number)).collect();
    rows[0].outstanding = "25.00".to_owned();
    std::fs::write(&book, csv(&rows)).unwrap();
    network.run(LENDER, &["import", book.to_str().unwrap(), "--format", "csv"]);
    network.run(LENDER, &["dispute", "resolve", &dispute, "--outcome", "corrected"]);
    let closed = || (state_at(&network, ASKER).as_deref() == Some("resolved")).then_some(());
    eventually(WAIT, "it is closed where it was opened", closed);
    for member in ["lender-a", ASKER] {
        eventually(WAIT, &format!("{member}'s answers are clear and corrected"), || {
            let answer = asked(&network, member);
            (flagged(&answer) == (0, 0) && answer.to_string().contains("\"25.00\"")).then_some(())
        });
    }
    let told = network.run(ASKER, &["subject", "report", "--consent", &consent]);
    assert!(told.contains("closed: corrected"), "{told}");
    for (member, steps) in [
        (ASKER, ["dispute-opened", "dispute-answered", "dispute-resolved"]),
        (LENDER, ["dispute-received", "dispute-answered", "dispute-resolved"]),
    ] {
        for step in steps {
            assert_eq!(network.leaves(member, step, &dispute), 1, "{member}: {step}");
        }
    }
    network.verify_logs();
    network.stop(LENDER);
    let offline = network.run(LENDER, &["dispute", "list", "--all"]);
    assert!(offline.contains(&dispute) && offline.contains("resolved"), "{offline}");
    for member in LENDERS {
        let own = network.of(member);
        assert!(!is_in_files(&own, SAID.as_bytes()), "{member}: in clear on the disk");
        assert!(!is_in_files(&own, &hex::decode(&record).unwrap()), "{member}: which record is disputed");
        assert!(is_in_files(&own, &hex::decode(&dispute).unwrap()) || !ENDS.contains(&member), "{member}");
    }
}
