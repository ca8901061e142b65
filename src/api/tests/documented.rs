//! `docs/API.md` names every route, and none that is not there.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::json;

use super::support::Served;

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
