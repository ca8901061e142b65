//! The auditor's journey: browse the log, follow one inquiry through everybody's leaves, verify, and take the evidence
//! along to where the verifier runs without a node.

use std::process::Command;
use std::time::Duration;

use super::look::look;
use super::office::{AUDITOR, Office};
use crate::network::{ASKER, HOLDERS, eventually, nid, question, transaction};

/// Longer than logs wait for their cosignatures.
const WITNESS_WAIT: Duration = Duration::from_secs(90);

#[test]
fn an_auditor_follows_an_inquiry_and_verifies_what_she_takes_along() {
    let office = Office::open();
    let inquiry = transaction();
    let consent = office.network.consent(ASKER, &[("kh-nid", &nid(2))]);
    office.network.interface(ASKER).good("POST", "/v1/inquiries", Some(&question(&consent, &inquiry)));

    let browser = office.at(&AUDITOR, true);
    browser.go("/auditor");
    look(&browser, "auditor-logs-en");
    browser.send("/auditor/verify");
    assert!(browser.has("[role=status]") && !browser.has(".tag.failed"), "{}", browser.text());
    look(&browser, "auditor-verified-en");

    browser.go("/auditor/leaves");
    browser.choose("log", ASKER);
    browser.fill("#find", &inquiry);
    browser.click("main form button[type=submit]");
    browser.arrives("the leaves", |path| path.contains("find="));
    // The asker's leaf is in the holder's copy once this one has witnessed the asker's log.
    let leaf = eventually(WITNESS_WAIT, "the leaf is found", || {
        browser.go(&browser.path());
        browser.attribute_if_there("main td a[href^='/auditor/leaves/']", "href")
    });
    look(&browser, "auditor-browse-en");
    browser.go(&leaf);
    browser.says(&inquiry);
    look(&browser, "auditor-leaf-en");

    let follow = |language: &str| {
        browser.go("/auditor/follow");
        browser.fill("#find", &inquiry);
        browser.click("main form button[type=submit]");
        browser.arrives("the course of it", |path| path.contains("find="));
        // The other holder's leaf is here once this one has witnessed its log.
        eventually(WITNESS_WAIT, "both sides are seen", || {
            browser.go(&browser.path());
            browser.has(".tag.pass").then_some(())
        });
        assert!(!browser.has(".tag.failed"), "{}", browser.text());
        let logs =
            HOLDERS.iter().filter(|holder| browser.has(&format!("a[href^='/auditor/leaves/{holder}/']")));
        assert!(logs.count() >= 2, "two holders helped, and logged it:\n{}", browser.text());
        assert!(browser.has(&format!("a[href^='/auditor/leaves/{ASKER}/']")), "{}", browser.text());
        look(&browser, &format!("auditor-follow-{language}"));
    };
    follow("en");
    for path in ["/officer", "/officer/today", "/officer/consents", "/clerk", "/operator"] {
        browser.go(path);
        assert!(!browser.has("main table, main form"), "an auditor sees {path}:\n{}", browser.text());
    }
    browser.go("/language/km?to=/auditor");
    follow("km");
    browser.go("/auditor");
    look(&browser, "auditor-logs-km");

    // What a click on the evidence saves is what the verifier reads, without the node.
    browser.click("a[href='/auditor/evidence.tar']");
    let saved = eventually(Duration::from_secs(30), "the evidence is saved", || {
        let mut files = std::fs::read_dir(browser.downloads()).unwrap().map(|file| file.unwrap().path());
        files.find(|file| file.extension().is_some_and(|extension| extension == "tar"))
    });
    let folder = tempfile::tempdir().unwrap();
    let unpacked = Command::new("tar").arg("-xf").arg(&saved).arg("-C").arg(folder.path()).status().unwrap();
    assert!(unpacked.success());
    let export = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let said = office.network.run(HOLDERS[0], &["audit", "verify", export.to_str().unwrap()]);
    assert!(said.contains(HOLDERS[0]), "{said}");
    drop(browser);

    let plain = office.at(&AUDITOR, false);
    plain.go(&format!("/auditor/follow?find={inquiry}"));
    assert!(plain.has(".tag.pass"), "{}", plain.text());
    plain.go("/auditor");
    plain.send("/auditor/verify");
    assert!(plain.has("[role=status]") && !plain.has(".tag.failed"), "{}", plain.text());
}
