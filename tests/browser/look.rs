//! What every page is looked at for: whether somebody who cannot see, or has no mouse, gets by (axe-core), and a
//! picture for whoever reads the documents.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::driver::Browser;

/// axe-core 4.14.1, as npm has it; its licence lies beside it.
const AXE: &str = include_str!("axe.min.js");
/// Impacts that fail a test.
const NOT_LET_PASS: [&str; 2] = ["serious", "critical"];

/// Where pictures go, if they are wanted.
fn pictures() -> Option<PathBuf> {
    std::env::var_os("TALLY_SCREENSHOTS").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Looks at the page that is open: nothing serious for anybody, and a picture under that name.
#[track_caller]
pub(crate) fn look(browser: &Browser<'_>, name: &str) {
    accessible(browser, name);
    if let Some(folder) = pictures() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), browser.picture()).unwrap();
    }
}

/// That axe-core finds nothing serious on the page.
#[track_caller]
pub(crate) fn accessible(browser: &Browser<'_>, name: &str) {
    let found = findings(browser);
    assert!(found.is_empty(), "{name} ({}):\n{}", browser.path(), found.join("\n"));
}

/// What it finds that is serious or worse, with the place.
pub(crate) fn findings(browser: &Browser<'_>) -> Vec<String> {
    browser.script(AXE, &json!([])).unwrap();
    let run = "return axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(one => (\
               { id: one.id, impact: one.impact, help: one.help, at: one.nodes.map(node => node.html) })))";
    let violations = browser.script(run, &json!([])).unwrap();
    let serious = |one: &&Value| one["impact"].as_str().is_none_or(|impact| NOT_LET_PASS.contains(&impact));
    violations.as_array().unwrap().iter().filter(serious).map(Value::to_string).collect()
}
