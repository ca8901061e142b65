//! What takes two persons: an officer proposes a look-up on a court's order, and a supervisor approves it under her own
//! sign-in.

use super::driver::Browser;
use super::look::look;
use super::office::{OFFICER, OTHER_OFFICER, Office, PASSWORD, SUPERVISOR};
use crate::network::{ASKER, nid};

/// Proposes a look-up about a client of the others; gives where the proposal is.
fn proposes(office: &Office, browser: &Browser<'_>, person: u32, look: &dyn Fn(&str)) -> String {
    browser.go("/approvals");
    browser.click("main a.button[href='/approvals/ground']");
    browser.arrives("the form of a look-up", |path| path == "/approvals/ground");
    browser.choose("ground", "court-order");
    browser.choose("purpose", "loan-monitoring");
    browser.fill("#identifier-kh-nid", &nid(person));
    browser.fill("#note", "File 7 of the court of Takeo");
    let order = office.network.folder().join("order.pdf");
    std::fs::write(&order, "an order").unwrap();
    browser.give_file("#file", &order);
    look("ground");
    browser.send("/approvals/ground");
    let proposal = browser.arrives("the proposal", |path| path.len() > "/approvals/ground".len());
    assert!(!browser.has("form[action$='/approve']"), "one's own:\n{}", browser.text());
    look("own");
    proposal
}

/// Approves a proposal that the list shows.
fn approves(office: &Office, browser: &Browser<'_>, proposal: &str, person: u32, look: &dyn Fn(&str)) {
    browser.go("/approvals");
    look("list");
    browser.click(&format!("main a[href={proposal:?}]"));
    browser.arrives("the proposal", |path| path == proposal);
    browser.says(&nid(person));
    look("waiting");
    // The officer has handed over the file.
    let order = office.network.folder().join("order.pdf");
    browser.give_file("#file", &order);
    let step = format!("{proposal}/compare");
    browser.send(&step);
    browser.arrives("what was compared", |path| path == step);
    assert!(browser.has("#compared.good"), "{}", browser.text());
    look("compared");
    let step = format!("{proposal}/approve");
    browser.fill("#password", "not her password");
    browser.send(&step);
    assert!(browser.has("[role=alert]"), "{}", browser.text());
    look("refused");
    browser.fill("#password", PASSWORD);
    browser.send(&step);
    browser.arrives("the proposal", |path| path == proposal);
    assert!(browser.has("main a[href^='/officer/consents/']"), "{}", browser.text());
    look("approved");
}

#[test]
fn an_officer_proposes_and_a_supervisor_approves_under_her_own_sign_in() {
    let office = Office::open();
    let officer = office.at(&OFFICER, true);
    let supervisor = office.at(&SUPERVISOR, true);
    let proposal = proposes(&office, &officer, 2, &|page| look(&officer, &format!("approval-{page}-en")));
    supervisor.go("/officer");
    supervisor.says("Approvals (1)");
    approves(&office, &supervisor, &proposal, 2, &|page| look(&supervisor, &format!("approval-{page}-en")));
    officer.go(&proposal);
    officer.click("main a[href^='/officer/consents/']");
    officer.arrives("the ground", |path| path.starts_with("/officer/consents/"));
    officer.says("She did not consent.");
    let other = office.at(&OTHER_OFFICER, true);
    other.go(&proposal);
    assert!(!other.has("main dl"), "another branch reads a proposal:\n{}", other.text());
    drop(other);

    for browser in [&officer, &supervisor] {
        browser.go("/language/km?to=/approvals");
    }
    let proposal = proposes(&office, &officer, 3, &|page| look(&officer, &format!("approval-{page}-km")));
    approves(&office, &supervisor, &proposal, 3, &|page| look(&supervisor, &format!("approval-{page}-km")));
    drop((officer, supervisor));

    // Without scripts.
    let (officer, supervisor) = (office.at(&OFFICER, false), office.at(&SUPERVISOR, false));
    let proposal = proposes(&office, &officer, 4, &|_| ());
    approves(&office, &supervisor, &proposal, 4, &|_| ());
    drop((officer, supervisor));
    // What the pages said is so.
    let consents = office.network.interface(ASKER).good("GET", "/v1/consents", None);
    let grounds = consents["consents"].as_array().unwrap().iter().filter(|one| one.get("ground").is_some());
    let approved: Vec<usize> =
        grounds.map(|one| one["ground"]["approved_by"].as_array().unwrap().len()).collect();
    assert_eq!(approved, [2, 2, 2]);
}
