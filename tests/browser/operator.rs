//! The operator's journey: the members and the age of their data, what needs somebody, and a connection that is tried.

use super::look::look;
use super::office::{Office, WATCHER};
use crate::network::LENDERS;

#[test]
fn an_operator_sees_the_members_and_finds_the_one_that_is_away() {
    let mut office = Office::open();
    {
        let browser = office.at(&WATCHER, true);
        browser.go("/operator");
        for lender in LENDERS {
            browser.says(lender);
        }
        look(&browser, "operator-members-en");
        browser.go("/operator/market");
        look(&browser, "operator-market-en");
        browser.go("/operator/connections");
        browser.send("/connections/lender-c");
        assert!(browser.has(".box.good[role=status]"), "{}", browser.text());
        for area in ["/officer", "/officer/today", "/officer/consents", "/clerk"] {
            browser.go(area);
            assert!(!browser.has("main table, main form"), "an operator sees {area}:\n{}", browser.text());
        }
    }
    office.network.stop("lender-c");
    let browser = office.at(&WATCHER, true);
    browser.go("/operator/connections");
    browser.send("/connections/lender-c");
    assert!(browser.has(".box.wrong[role=status]"), "{}", browser.text());
    look(&browser, "operator-connection-en");
    browser.go("/language/km?to=/operator/connections");
    browser.send("/connections/lender-c");
    look(&browser, "operator-connection-km");
    browser.go("/operator");
    look(&browser, "operator-members-km");
    browser.go("/operator/market");
    look(&browser, "operator-market-km");
    drop(browser);

    let plain = office.at(&WATCHER, false);
    plain.go("/operator/connections");
    plain.send("/connections/lender-a");
    assert!(plain.has(".box.good[role=status]"), "{}", plain.text());
    plain.go("/operator");
    plain.says("lender-a");
}
