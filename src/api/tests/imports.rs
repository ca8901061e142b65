//! Loading the book over the interface.

use serde_json::{Value, json};

use super::support::{Served, consent, inquiry};

const BOOK: &str = "\
account,client,status,branch,as_of,currency,disbursed,outstanding,instalment,frequency,opened,kh-nid
A-1,C-1,current,Takeo,2026-11-21,USD,900,612.50,75,monthly,2026-01-10,012345678
A-2,C-2,current,Takeo,2026-11-21,USD,400,100,50,monthly,2026-02-10,012345679
A-3,C-3,current,Takeo,2026-11-21,USD,many,100,50,monthly,2026-02-10,112345670
";

fn body(served: &Served, text: &str, changes: &Value) -> Value {
    let path = served.folder().join("book.csv");
    std::fs::write(&path, text).unwrap();
    let mut body = json!({"path": path, "format": "csv"});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// The lines of a reply; the last is the outcome.
async fn load(served: &Served, text: &str, changes: Value) -> Value {
    let reply = served.post_stream("/v1/imports", &body(served, text, &changes)).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("application/x-ndjson")),
        "{}",
        reply.text
    );
    let lines: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, progress) = lines.split_last().unwrap();
    assert!(progress.iter().all(|line| line.get("progress").is_some()), "{}", reply.text);
    last["outcome"].clone()
}

#[tokio::test]
async fn a_book_is_looked_at_loaded_used_and_taken_out() {
    let served = Served::new(1);
    let looked = load(&served, BOOK, json!({"dry_run": 1})).await;
    assert_eq!((&looked["dry_run"], looked["rows"].as_array().unwrap().len()), (&json!(true), 1));
    assert_eq!(looked["rows"][0]["identifiers"][0]["value"], json!("*******78"));
    assert_eq!(
        served.get("/v1/imports").await.body,
        json!({"imports": [], "next": null}),
        "nothing was written"
    );

    let loaded = load(&served, BOOK, json!({})).await;
    assert_eq!((&loaded["load"]["good"], &loaded["load"]["rejected"]), (&json!(2), &json!(1)), "{loaded}");
    assert_eq!((&loaded["load"]["state"], &loaded["load"]["number"]), (&json!("loaded"), &json!(1)));
    let listed = served.get("/v1/imports").await.body;
    assert_eq!(listed["imports"][0], loaded["load"]);
    let rejects = served.get("/v1/imports/1/rejects").await.body;
    assert_eq!(
        (&rejects["rejects"][0]["line"], &rejects["rejects"][0]["field"]),
        (&json!(4), &json!("disbursed"))
    );
    // With the header above it, so that the row can be mended and loaded alone.
    assert!(rejects["rejects"][0]["row"].as_str().unwrap().contains("\nA-3,"), "{rejects}");
    let again = load(&served, BOOK, json!({})).await;
    assert_eq!(again["same_as"], json!(1));

    // The own book is in the answer.
    let strong = json!({"identifiers": [{"scheme": "kh-nid", "value": "012345678"}]});
    let recorded = served.post("/v1/consents", &consent(strong)).await;
    let id = recorded.body["consent"].as_str().unwrap();
    let asked = served.post("/v1/inquiries", &inquiry(id, json!({}))).await;
    let own = &asked.body["answer"]["household"]["own"];
    assert_eq!(own["currencies"][0]["outstanding"]["amount"], json!("612.50"), "{}", asked.body);

    let nobody = served.post("/v1/imports/1/undo", &json!({"by": " "})).await;
    assert_eq!((nobody.status, nobody.code(), &nobody.body["field"]), (422, "invalid-value", &json!("by")));
    let undone = served.post("/v1/imports/1/undo", &json!({"by": "Sok"})).await;
    assert_eq!(
        (undone.status, &undone.body["state"], &undone.body["decided_by"]),
        (200, &json!("undone"), &json!("Sok"))
    );
    for path in ["/v1/imports/1/undo", "/v1/imports/9/release", "/v1/imports/1/discard"] {
        let reply = served.post(path, &json!({"by": "Sok"})).await;
        assert_eq!((reply.status, reply.code()), (409, "load-state"), "{path}");
    }
}

#[tokio::test]
async fn answers_of_fineract_that_lie_apart_are_read_as_one() {
    let served = Served::new(1);
    let everything: Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/good/fineract.json")).unwrap();
    let mut paths = serde_json::Map::new();
    for part in ["loans", "clients", "identifiers", "groups"] {
        let path = served.folder().join(format!("{part}.json"));
        std::fs::write(&path, everything[part].to_string()).unwrap();
        paths.insert(part.to_owned(), json!(path));
    }
    let loans = paths.remove("loans").unwrap();
    let mapping = include_str!("../../../tests/fixtures/good/fineract.mapping.toml");
    let fineract = json!({
        "path": loans, "format": "fineract", "fineract": paths, "mapping_toml": mapping,
        "as_of": "2026-11-20", "dry_run": 3,
    });
    let apart = load(&served, "", fineract.clone()).await;
    // The others are in a currency of another network; this one's number stands in the file of clients.
    assert_eq!(apart["rows"].as_array().unwrap().len(), 1, "{apart}");
    assert_eq!(apart["rows"][0]["identifiers"][0]["scheme"], json!("phone"), "{apart}");

    let mut broken = fineract.clone();
    std::fs::write(served.folder().join("clients.json"), "[\n{]").unwrap();
    let reply = served.post("/v1/imports", &broken).await;
    assert_eq!((reply.status, &reply.body["field"]), (422, &json!("clients")), "{}", reply.body);
    broken["format"] = json!("csv");
    let reply = served.post("/v1/imports", &broken).await;
    assert_eq!((reply.status, &reply.body["field"]), (422, &json!("fineract")), "{}", reply.body);
}

#[tokio::test]
async fn a_held_load_waits_for_a_named_person() {
    let served = Served::new(1);
    let two = BOOK.lines().take(3).collect::<Vec<_>>().join("\n") + "\n";
    assert_eq!(load(&served, &two, json!({})).await["load"]["state"], json!("loaded"));
    let many = two.replace(",612.50,", ",61250,").replace("2026-11-21", "2026-11-22");
    let held = load(&served, &many, json!({})).await;
    assert_eq!(held["load"]["state"], json!("held"), "{held}");
    assert!(!held["held_for"].as_array().unwrap().is_empty());
    let released = served.post("/v1/imports/2/release", &json!({"by": "Dara"})).await;
    assert_eq!((released.status, &released.body["state"]), (200, &json!("loaded")), "{}", released.body);
    assert_eq!(released.body["decided_by"], json!("Dara"));
}

#[tokio::test]
async fn what_cannot_be_loaded_has_its_own_status() {
    let served = Served::new(1);
    let ask = async |changes: Value| {
        let reply = served.post("/v1/imports", &body(&served, BOOK, &changes)).await;
        (reply.status, reply.code().to_owned(), reply.body["field"].clone())
    };
    let invalid = |field: &str| (422, "invalid-value".to_owned(), json!(field));
    assert_eq!(ask(json!({"path": "book.csv"})).await, invalid("path"));
    assert_eq!(ask(json!({"path": "/nowhere/book.csv"})).await, invalid("path"));
    assert_eq!(ask(json!({"path": served.folder()})).await, invalid("path"));
    assert_eq!(ask(json!({"path": served.folder().join("tally.sock")})).await, invalid("path"));
    assert_eq!(ask(json!({"format": "pdf"})).await, invalid("format"));
    assert_eq!(ask(json!({"mapping_toml": "[columns]\ncolour = \"red\"\n"})).await, invalid("mapping_toml"));
    assert_eq!(ask(json!({"dry_run": 101})).await, invalid("dry_run"));
    assert_eq!(ask(json!({"format": "xlsx"})).await, (422, "file-unusable".to_owned(), Value::Null));
    let number = served.get("/v1/imports/first/rejects").await;
    assert_eq!((number.status, number.code()), (422, "invalid-value"));
    assert_eq!(served.get("/v1/imports").await.body, json!({"imports": [], "next": null}));
}
