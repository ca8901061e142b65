//! The loan officer's journey: applicant, consent, answer, paper; in English and in Khmer, with scripts and without.

use super::driver::Browser;
use super::look::{findings, look};
use super::office::{OFFICER, OTHER_OFFICER, Office};
use crate::network::{ASKER, nid};

/// From the first page to an answer; gives where the answer is. `person` is a client of three other lenders.
fn asks(office: &Office, browser: &Browser<'_>, person: u32, look: &dyn Fn(&str)) -> String {
    browser.go("/officer");
    look("home");
    browser.click("main .actions a.button");
    browser.arrives("the form of a person", |path| path.starts_with("/officer/new"));
    browser.fill("#identifier-kh-nid", &nid(person));
    browser.choose("notice", "km");
    look("person");
    browser.send("/officer/new");
    let consent = browser.arrives("the consent", |path| path.ends_with("/persons/0"));
    look("consent");

    // The form on which she signs, on paper, and its photograph.
    browser.go(&format!("{consent}/form"));
    assert!(browser.has("svg"), "a printed form has its code");
    look("form");
    browser.go(&consent);
    let photograph = office.network.folder().join("photograph.jpg");
    std::fs::write(&photograph, b"\xff\xd8\xff a photograph").unwrap();
    browser.give_file("#file", &photograph);
    browser.send("/evidence");
    browser.arrives("the receipt", |path| path.ends_with("/receipt"));
    look("receipt");

    browser.click("main a.button[href$='/question']");
    let question = browser.arrives("the question", |path| path.ends_with("/question"));
    browser.fill("#amount", "600");
    browser.choose("currency", "USD");
    browser.fill("#term", "12");
    browser.fill("#income", "400");
    look("question");
    browser.send(&question);
    let answer = browser.arrives("the answer", |path| path.starts_with("/officer/answers/"));
    assert!(browser.has(".light svg"), "a traffic light");
    look("answer");
    answer
}

#[test]
fn an_officer_goes_from_consent_to_a_printed_answer() {
    let office = Office::open();
    let nobody = office.browser(ASKER, true);
    nobody.go("/");
    nobody.arrives("the way in", |path| path.starts_with("/sign-in"));
    look(&nobody, "sign-in-en");
    nobody.fill("#name", OFFICER.name);
    nobody.fill("#password", "not her password");
    nobody.send("/sign-in");
    assert!(nobody.has("[role=alert]"), "{}", nobody.text());
    // What looks at the pages does see.
    nobody.script("document.querySelector('label[for=name]').remove()", &serde_json::json!([])).unwrap();
    let found = findings(&nobody);
    assert!(found.iter().any(|one| one.contains("\"id\":\"label\"")), "{found:?}");
    drop(nobody);

    // With scripts, in English.
    let browser = office.at(&OFFICER, true);
    let answer = asks(&office, &browser, 2, &|page| look(&browser, &format!("officer-{page}-en")));
    browser.says("Covers 4 of 4 lenders");
    assert!(browser.has("[data-print]:not([hidden])"), "with scripts there is a button to print");
    browser.go("/officer/today");
    assert!(browser.has(&format!("a[href={answer:?}]")), "{}", browser.text());
    look(&browser, "officer-today-en");

    // In Khmer.
    browser.go("/language/km?to=/officer");
    browser.arrives("the same page", |path| path == "/officer");
    assert_eq!(browser.attribute("html", "lang").as_deref(), Some("km"));
    asks(&office, &browser, 3, &|page| look(&browser, &format!("officer-{page}-km")));
    drop(browser);

    // Without scripts.
    let plain = office.at(&OFFICER, false);
    asks(&office, &plain, 4, &|_| ());
    plain.says("Covers 4 of 4 lenders");
    assert!(!plain.has("[data-print]:not([hidden])"), "scripts ran, or a button does nothing");
    drop(plain);

    // Of another branch, and of another trade.
    let other = office.at(&OTHER_OFFICER, true);
    other.go(&answer);
    assert!(!other.has(".light"), "another branch reads an answer:\n{}", other.text());
    other.go("/officer/today");
    assert!(!other.has(&format!("a[href={answer:?}]")), "{}", other.text());
    for area in ["/clerk", "/operator", "/operator/connections", "/operator/market", "/auditor"] {
        other.go(area);
        assert!(!other.has("main table, main form"), "an officer sees {area}:\n{}", other.text());
    }
}
