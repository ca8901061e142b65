//! A client's rights by the commands, as an officer runs them: receipt, withdrawal elsewhere, her report, erasure.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::network::{ASKER, LENDERS, Network, POLICY, nid, small_book, today};

/// Runs the program at a member's folder.
fn tally(network: &Network, member: &str, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tally"));
    command.arg("--config").arg(network.of(member).join("node.toml")).args(arguments);
    command.env_remove("TALLY_CONFIG").env_remove("TALLY_PASSPHRASE_FILE");
    command.output().unwrap()
}

/// What the program said, when it ended with `code`.
#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    format!("{out}{err}")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_client_gets_her_receipt_withdraws_elsewhere_sees_what_is_held_and_is_erased() {
    let mut network = Network::new(POLICY);
    network.load("lender-a", &small_book("lender-a", 3));
    for member in &LENDERS[1..] {
        network.load(member, &small_book(member, 1));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    let folder = network.folder().to_owned();
    let (form, receipt, report) =
        (folder.join("form.pdf"), folder.join("receipt.html"), folder.join("report.html"));
    std::fs::write(&form, "a form").unwrap();
    let hers = format!("kh-nid:{}", nid(1));
    let until = today().plus_days(30).to_string();
    let record = |more: &[&str]| {
        let mut arguments = vec!["consent", "record", "--id", &hers, "--evidence", text(&form)];
        arguments.extend(["--until", &until]);
        arguments.extend(more);
        tally(&network, ASKER, &arguments)
    };
    // The receipt is in her language, and verifies at another lender, without a node.
    said(&record(&["--notice", "km", "--receipt", text(&receipt)]), 0);
    let page = std::fs::read_to_string(&receipt).unwrap();
    assert!(page.contains("<html lang=\"km\">") && !page.contains(&nid(1)));
    let verified = said(&tally(&network, "lender-a", &["receipt", "verify", text(&receipt)]), 0);
    assert!(verified.contains("(lender-d)"), "{verified}");
    let changed = folder.join("changed.html");
    let token = page.split("id=\"receipt\">").nth(1).unwrap().split('<').next().unwrap();
    let (head, rest) = token.split_at(token.len() - 20);
    let other = if rest.starts_with('A') { "B" } else { "A" };
    std::fs::write(&changed, page.replace(token, &format!("{head}{other}{}", &rest[1..]))).unwrap();
    let refused = said(&tally(&network, "lender-a", &["receipt", "verify", text(&changed)]), 3);
    assert!(refused.contains("does not verify"), "{refused}");
    // She withdraws at lender a, which tells every lender; the operator's node does not run here.
    let code = page.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    let withdrawn = said(&tally(&network, "lender-a", &["withdraw", code]), 4);
    assert_eq!(withdrawn.matches("Not told yet").count(), 1, "{withdrawn}");
    assert!(withdrawn.contains("Not told yet: operator"), "{withdrawn}");
    let list = said(&tally(&network, ASKER, &["consent", "list"]), 0);
    assert!(list.contains("withdrawn"), "{list}");
    // Her report, in two languages, from the same request.
    let asked = said(&record(&["--notice", "en", "--purpose", "subject-access", "--json"]), 0);
    let asked: Value = serde_json::from_str(&asked).unwrap();
    let request = asked["consent"].as_str().unwrap();
    let words = said(&tally(&network, ASKER, &["subject", "report", "--consent", request]), 0);
    for lender in ["lender-a", "lender-b", "lender-c", "lender-d"] {
        assert!(words.contains(&format!("({lender})")), "{lender}: {words}");
    }
    let mut arguments = vec!["subject", "report", "--consent", request, "--lang", "km"];
    arguments.extend(["--html", text(&report)]);
    said(&tally(&network, ASKER, &arguments), 0);
    assert!(std::fs::read_to_string(&report).unwrap().contains("<html lang=\"km\">"));
    // Erasure: not before its time, not by one person, and then whole.
    let erase = |ground: &str, by: &[&str]| {
        let mut arguments = vec!["subject", "erase", "--id", &hers, "--ground", ground, "--yes"];
        if ground == "order" {
            // Any file is the document of an order here.
            arguments.extend(["--order", text(&report)]);
        }
        for name in by {
            arguments.extend(["--approved-by", name]);
        }
        tally(&network, ASKER, &arguments)
    };
    said(&erase("client-request", &["Sok Dara", "Chan Thy"]), 3);
    said(&erase("order", &["Sok Dara"]), 2);
    let erased = said(&erase("order", &["Sok Dara", "Chan Thy"]), 0);
    // Her identifiers were published in one batch or in two.
    assert!(erased.contains("Consents   2") && erased.contains(" points of it)"), "{erased}");
    said(&tally(&network, ASKER, &["consent", "show", request]), 2);
    said(&tally(&network, ASKER, &["log", "verify"]), 0);
    network.verify_logs();
}
