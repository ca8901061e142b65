//! `docs/API.md` names every route, and none that is not there.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::json;

use super::support::Served;
use crate::api::operations::OPERATIONS;

const DOCUMENT: &str = include_str!("../../../docs/API.md");
const ROUTERS: [&str; 2] = [include_str!("../mod.rs"), include_str!("../log_tiles.rs")];

type Route = (String, String);

/// Method and path of every `.route(…)`.
fn routed() -> BTreeSet<Route> {
    let route = Regex::new(r#"\.route\("([^"]+)", ([^\n]+)\)\n"#).unwrap();
    let method = Regex::new(r"(get|post|put|patch|delete)\(").unwrap();
    let mut found = BTreeSet::new();
    for text in ROUTERS {
        assert_eq!(route.captures_iter(text).count(), text.matches(".route(").count(), "one route a line");
        for captures in route.captures_iter(text) {
            for of in method.captures_iter(&captures[2]) {
                assert!(found.insert((of[1].to_uppercase(), captures[1].to_owned())));
            }
        }
    }
    found
}

/// Method and path of every row of the table, without the query.
fn documented() -> BTreeSet<Route> {
    let row = Regex::new(r"(?m)^\| `([A-Z]+) (/[^ ?`]*)[^`]*` \| [^|]+ \|$").unwrap();
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `")).count();
    let found: Vec<Route> =
        row.captures_iter(DOCUMENT).map(|row| (row[1].to_owned(), row[2].to_owned())).collect();
    assert_eq!(found.len(), rows, "one method and path a row");
    let set: BTreeSet<Route> = found.into_iter().collect();
    assert_eq!(set.len(), rows, "each once");
    set
}

#[test]
fn every_route_is_documented_and_no_other() {
    let (routed, documented) = (routed(), documented());
    assert!(routed.len() > 25, "{routed:?}");
    let missing: Vec<&Route> = routed.difference(&documented).collect();
    let invented: Vec<&Route> = documented.difference(&routed).collect();
    assert!(missing.is_empty() && invented.is_empty(), "missing {missing:?}, invented {invented:?}");
}

/// The routes of the interface itself; the log's stand apart.
fn of_interface() -> BTreeSet<Route> {
    routed().into_iter().filter(|(_, path)| path.starts_with("/v1/")).collect()
}

#[test]
fn every_route_is_an_operation_and_no_other() {
    let operations: Vec<Route> =
        OPERATIONS.iter().map(|of| (of.method.to_owned(), of.path.to_owned())).collect();
    let set: BTreeSet<Route> = operations.iter().cloned().collect();
    assert_eq!(set.len(), operations.len(), "each once");
    assert_eq!(set, of_interface());
}

#[test]
fn the_description_is_the_one_in_the_documents() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let made = format!("{:#}\n", crate::api::openapi());
    if std::env::var_os("TALLY_OVERWRITE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/openapi.json is another: run this test with TALLY_OVERWRITE=1 and look at the change"
    );
}

/// Every `$ref` of a document.
fn references(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            if let Some(to) = map.get("$ref").and_then(|to| to.as_str()) {
                found.insert(to.to_owned());
            }
            map.values().for_each(|value| references(value, found));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_description_refers_to_what_it_holds() {
    let made = crate::api::openapi();
    let mut found = BTreeSet::new();
    references(&made, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(made.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_documented_route_answers() {
    let served = Served::new(1);
    let placeholder = Regex::new(r"\{[^}]+\}").unwrap();
    for (method, path) in documented() {
        let path = placeholder.replace_all(&path, "1");
        let reply = match method.as_str() {
            "GET" => served.get(&path).await,
            "POST" => served.post(&path, &json!({})).await,
            other => panic!("{other}"),
        };
        assert_ne!(reply.status, 405, "{method} {path}");
        // A thing that is not there has a code of its own; the log speaks no problems.
        let nothing = reply.body["detail"].as_str().is_some_and(|detail| detail.contains("docs/API.md"));
        assert!(!nothing, "{method} {path}");
    }
}
