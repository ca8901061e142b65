//! The data clerk's journey: a file with one bad row goes up, the good rows are taken, the bad one is shown with its
//! fault marked.

use super::driver::Browser;
use super::look::look;
use super::office::{CLERK, Office, own_book};
use crate::network::ASKER;

/// A book of so many loans, and one more in which what is owed is a word.
fn spoilt(good: u32) -> String {
    let book = own_book(good + 1);
    let (rows, last) = book.trim_end().rsplit_once('\n').unwrap();
    format!("{rows}\n{}\n", last.replacen("100.00,100.00", "100.00,a hundred", 1))
}

/// Loads a book with one bad row, and gives where it is shown.
fn loads(office: &Office, browser: &Browser<'_>, good: u32, look: &dyn Fn(&str)) -> String {
    browser.go("/clerk");
    look("home");
    let file = office.network.folder().join(format!("book-{good}.csv"));
    std::fs::write(&file, spoilt(good)).unwrap();
    browser.click("input[name=format][value=csv]");
    browser.give_file("#file", &file);
    browser.send("/clerk/upload");
    let load = browser.arrives("the load", |path| path.starts_with("/clerk/loads/"));
    assert_eq!(browser.text_of("#rejects ~ section h3 .code"), "outstanding", "{}", browser.text());
    assert_eq!(browser.text_of("#rejects ~ section td mark"), "a hundred", "{}", browser.text());
    look("load");
    load
}

#[test]
fn a_clerk_sees_the_one_bad_row_of_a_file_and_what_is_wrong_with_it() {
    let office = Office::open();
    let browser = office.at(&CLERK, true);
    let load = loads(&office, &browser, 21, &|page| look(&browser, &format!("clerk-{page}-en")));
    browser.go("/clerk");
    assert!(browser.has(&format!("a[href={load:?}]")), "{}", browser.text());
    for area in ["/officer", "/officer/today", "/operator", "/auditor"] {
        browser.go(area);
        assert!(!browser.has("main table, main form"), "a clerk sees {area}:\n{}", browser.text());
    }
    browser.go("/language/km?to=/clerk");
    loads(&office, &browser, 22, &|page| look(&browser, &format!("clerk-{page}-km")));
    drop(browser);

    let plain = office.at(&CLERK, false);
    loads(&office, &plain, 23, &|_| ());
    drop(plain);
    // What the pages said is so.
    let loads = office.network.interface(ASKER).good("GET", "/v1/imports", None);
    let all = loads["imports"].as_array().unwrap();
    let figures: Vec<_> =
        all.iter().map(|load| [&load["good"], &load["rejected"]].map(|n| n.as_u64().unwrap())).collect();
    for figure in [[21, 1], [22, 1], [23, 1]] {
        assert!(figures.contains(&figure), "{figures:?}");
    }
}
