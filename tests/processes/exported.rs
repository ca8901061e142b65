//! `tally log export` and `tally log vkey` of a running network and of a node that does not run, checked by a program
//! that knows nothing of Tallystick, from the folder and over HTTP.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::checker::Check;
use crate::network::{
    ASKER, HOLDERS, LENDERS, Network, OPERATOR, POLICY, eventually, free_address, nid, question, small_book,
    transaction,
};

/// Two rounds of asking the witnesses.
const WITNESS_WAIT: Duration = Duration::from_secs(60);

fn vkey(network: &Network, member: &str, arguments: &[&str]) -> String {
    let said = network.run(member, &[&["log", "vkey"], arguments].concat());
    said.lines().last().unwrap().to_owned()
}

/// What is asked of a member's log. The holders of the keys and the operator are the witnesses of all others.
fn check(network: &Network, member: &str) -> Check {
    let witnesses = HOLDERS.into_iter().chain([OPERATOR]).filter(|witness| *witness != member);
    let cosigners: Vec<String> = witnesses.map(|witness| vkey(network, witness, &["--cosigner"])).collect();
    let quorum = 1 + cosigners.len() * 2 / 3;
    // The newest checkpoint may be a moment old, the quorum's is an earlier one.
    Check { log: vkey(network, member, &[]), cosigners, cosigned: 0, quorum, olds: Vec::new() }
}

fn export(network: &Network, member: &str, folder: &Path) -> Value {
    let said = network.run(member, &["log", "export", folder.to_str().unwrap(), "--json"]);
    serde_json::from_str(&said).unwrap()
}

#[test]
fn exports_of_a_network_are_accepted_by_other_peoples_programs() {
    let mut network = Network::new(POLICY);
    let served = free_address();
    let config = network.of(ASKER).join("node.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n[log]\nlisten = \"{served}\"\n")).unwrap();
    for lender in LENDERS {
        network.load(lender, &small_book(lender, 3));
    }
    let exports = network.folder().join("exports");
    let folder = |member: &str| exports.join(member);
    // Before the node has ever run: the store is opened here.
    let to = folder(ASKER);
    let before = export(&network, ASKER, &to);
    assert!(before["size"].as_u64() > Some(1), "{before}");
    let unwitnessed = Check { quorum: 0, ..check(&network, ASKER) };
    unwitnessed.verdict(&to).unwrap();
    let old = network.folder().join("old-checkpoint");
    std::fs::copy(to.join("checkpoint"), &old).unwrap();

    network.start(&LENDERS);
    network.start(&[OPERATOR]);
    network.wait_until_published();
    let consent = network.consent(ASKER, &[("kh-nid", &nid(2))]);
    let body = question(&consent, &transaction());
    network.interface(ASKER).good("POST", "/v1/inquiries", Some(&body));
    for lender in LENDERS {
        let to = folder(lender);
        let check = check(&network, lender);
        let said = eventually(WITNESS_WAIT, &format!("{lender}'s witnesses' quorum"), || {
            export(&network, lender, &to);
            check.verdict(&to).ok()
        });
        assert!(said.starts_with("accepted: "), "{said}");
        // Beside the log: what was signed by others, and the rows of every feed.
        let rosters = to.join("rosters").read_dir().unwrap().count();
        assert_eq!(rosters, 1, "{lender}");
        for other in LENDERS {
            assert!(to.join(format!("feeds/{other}.json")).is_file(), "{lender}: {other}");
            assert!(to.join(format!("feeds/{other}.jsonl")).is_file(), "{lender}: {other}");
        }
        let others = LENDERS.iter().filter(|other| **other != lender);
        let seen = others.filter(|other| to.join("seen").join(other).is_file()).count();
        assert!(!HOLDERS.contains(&lender) || seen == LENDERS.len() - 1, "{lender} has seen {seen} logs");
    }
    // And by our own verifier, which judges the leaves of all of them together.
    let folders: Vec<PathBuf> = LENDERS.into_iter().map(folder).collect();
    let paths = folders.iter().map(|folder| folder.to_str().unwrap());
    let arguments: Vec<&str> = ["audit", "verify"].into_iter().chain(paths).chain(["--json"]).collect();
    let report: Value = serde_json::from_str(&network.run(ASKER, &arguments)).unwrap();
    assert_eq!(report["findings"], serde_json::json!([]), "{report:#}");
    assert_eq!(report["checked"]["openings"], 1, "{report:#}");
    let grown = Check { olds: vec![old], ..check(&network, ASKER) };
    grown.verdict(&to).unwrap();
    grown.verdict(format!("http://{served}/log")).unwrap();

    // Stopped, the store gives what the running node gave.
    network.stop(ASKER);
    let after = export(&network, ASKER, &to);
    assert_eq!(after["size"], after["size_before"], "{after}");
    check(&network, ASKER).verdict(&to).unwrap();
}
