//! Disputes over the interface, at a member that is both ends.

use serde_json::{Value, json};

use super::IDENTIFIER_DIGITS;
use super::support::Served;
use crate::limits::DISPUTE_TEXT_CHARS_MAX;
use crate::model::identifier::SchemeSet;
use crate::model::loan::Loan;
use crate::secret::SystemEntropy;

const SAID: &str = "Sok Dara repaid it";

fn loan(outstanding: i64) -> Loan {
    let facility = json!({
        "reference": vec![0u8; 16], "kind": "individual", "status": "current", "currency": "USD",
        "disbursed": 90_000, "outstanding": outstanding, "overdue": 0, "days_past_due": 0,
        "days_past_due_worst": 0, "instalment": 5_000, "frequency": "monthly",
        "rate_yearly_basis_points": null, "opened": "2026-08-01", "matures": "2027-08-01",
        "closed": null, "written_off": null, "written_off_on": null, "loan_cycle": 1, "disputed": false,
    });
    Loan {
        account: "A-1".to_owned(),
        client: "1".to_owned(),
        branch: "main".to_owned(),
        as_of: "2026-11-22".parse().unwrap(),
        identifiers: vec![
            crate::model::identifier::Identifier::parse_pair("kh-nid:012345678", &SchemeSet::new()).unwrap(),
        ],
        facility: serde_json::from_value(facility).unwrap(),
    }
}

/// A client's own request and report; what is disputed of it by default.
async fn reported(served: &Served) -> Value {
    served.node.book().upsert(vec![loan(70_000)], 1, &SystemEntropy::new()).unwrap();
    served.node.publish_round().await.unwrap();
    let (request, _) = served.consent(json!({"purpose": "subject-access"})).await;
    let reported = served.post("/v1/subjects/report", &json!({"consent": request})).await;
    assert_eq!(reported.status, 200, "{}", reported.body);
    let line = &reported.body["answer"]["persons"][0]["exposure"]["lenders"][0];
    json!({
        "consent": request, "lender": line["lender"], "record": line["records"][0], "facility": 1,
        "reason": "already-paid", "text": SAID, "by": "Chan Thy",
    })
}

fn with(body: &Value, changes: Value) -> Value {
    let mut body = body.clone();
    let Value::Object(changes) = changes else { panic!("an object") };
    body.as_object_mut().unwrap().extend(changes);
    body
}

#[tokio::test]
async fn a_dispute_is_opened_listed_answered_and_closed() {
    let served = Served::new(1);
    let body = reported(&served).await;
    let opened = served.post("/v1/disputes", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    assert_eq!((&opened.body["state"], &opened.body["end"]), (&json!("sending"), &json!("opener")));
    assert_eq!(opened.body["facility"]["kind"], "individual");
    let again = served.post("/v1/disputes", &body).await;
    assert_eq!((again.status, again.code()), (409, "dispute-state"));
    assert_eq!(again.body["dispute"], opened.body["dispute"]);
    assert_eq!(served.node.deliver_disputes().await.unwrap(), 0);
    // Another loan of hers, which is not the one that she means.
    let mut other = loan(3_000);
    other.account = "A-2".to_owned();
    other.facility.opened = "2025-03-01".parse().ok();
    served.node.book().upsert(vec![other], 1, &SystemEntropy::new()).unwrap();
    let listed = served.get("/v1/disputes").await;
    let ends: Vec<&Value> = listed.body["disputes"].as_array().unwrap().iter().collect();
    assert_eq!(ends.len(), 2, "{}", listed.body);
    assert_eq!((&ends[1]["end"], &ends[1]["lender_days_left"]), (&json!("lender"), &json!(21)));
    assert_eq!((&ends[1]["text"], &ends[1]["total_days_left"]), (&json!(SAID), &json!(30)));
    assert!(!listed.text.contains(IDENTIFIER_DIGITS));
    // Whose loan it is, the lender's end says alone.
    let account = json!({"account": "A-1", "branch": "main", "kind": "individual", "currency": "USD", "opened": "2026-08-01"});
    assert_eq!(ends[1]["book"], json!({"client": "1", "loans": [account]}));
    assert!(ends[0].get("book").is_none() && opened.body.get("book").is_none(), "{}", listed.body);
    let at = |what: &str| format!("/v1/disputes/{}/{what}", opened.body["dispute"].as_str().unwrap());
    let early = served.post(&at("resolve"), &json!({"outcome": "corrected"})).await;
    assert_eq!(early.code(), "dispute-state");
    let bare = served.post(&at("answer"), &json!({"answer": "rejected", "by": "Chan Thy"})).await;
    assert_eq!((bare.code(), &bare.body["field"]), ("invalid-value", &json!("text")));
    let answered = served.post(&at("answer"), &json!({"answer": "accepted", "by": "Chan Thy"})).await;
    assert_eq!((answered.status, &answered.body["state"]), (200, &json!("accepted")));
    assert_eq!(answered.body["book"]["client"], "1");
    served.node.book().upsert(vec![loan(10_000)], 1, &SystemEntropy::new()).unwrap();
    let closed = served.post(&at("resolve"), &json!({"outcome": "corrected"})).await;
    assert_eq!((closed.status, &closed.body["outcome"]), (200, &json!("corrected")));
    assert_eq!(served.node.deliver_disputes().await.unwrap(), 0);
    assert_eq!(served.get("/v1/disputes").await.body, json!({"disputes": [], "escalated": []}));
    let all = served.get("/v1/disputes?all=true").await;
    assert_eq!(all.body["disputes"].as_array().unwrap().len(), 2);
    let status = served.get("/v1/status").await;
    assert_eq!(status.body["disputes"], json!({"open": 0, "overdue": 0, "escalated": 0}));
}

#[tokio::test]
async fn what_cannot_be_disputed_is_named_and_nothing_said_is_repeated() {
    let served = Served::new(1);
    let body = reported(&served).await;
    let long = "k".repeat(DISPUTE_TEXT_CHARS_MAX + 1);
    for (changes, code, field) in [
        (json!({"record": "00".repeat(16)}), "invalid-value", "record"),
        (json!({"record": "0f"}), "invalid-value", "record"),
        (json!({"lender": "lender-z"}), "invalid-value", "record"),
        (json!({"facility": 2}), "invalid-value", "facility"),
        (json!({"facility": 0}), "invalid-value", "facility"),
        (json!({"reason": "unhappy"}), "invalid-value", "reason"),
        (json!({"text": ""}), "invalid-value", "text"),
        (json!({"text": long}), "invalid-value", "text"),
        (json!({"text": "Sok Dara\u{1b}[2J"}), "invalid-value", "text"),
        (json!({"by": " "}), "invalid-value", "by"),
        (json!({"by": "\u{2067}Chan Thy"}), "invalid-value", "by"),
        (json!({"consent": "00".repeat(16)}), "unknown-consent", ""),
    ] {
        let refused = served.post("/v1/disputes", &with(&body, changes.clone())).await;
        assert_eq!(refused.code(), code, "{changes}: {}", refused.body);
        if !field.is_empty() {
            assert_eq!(refused.body["field"], field, "{changes}: {}", refused.body);
        }
        assert!(!refused.text.contains("Sok Dara"), "{}", refused.text);
    }
    let nowhere = format!("/v1/disputes/{}/resolve", "00".repeat(16));
    let unknown = served.post(&nowhere, &json!({"outcome": "rejected"})).await;
    assert_eq!(unknown.code(), "unknown-dispute");
    assert_eq!(served.get("/v1/disputes?all=1").await.code(), "invalid-value");
    assert_eq!(served.get("/v1/disputes").await.body["disputes"], json!([]));
}

#[tokio::test]
async fn an_overdue_dispute_shows_in_status_and_doctor() {
    let served = Served::new(1);
    let body = reported(&served).await;
    assert_eq!(served.post("/v1/disputes", &body).await.status, 201);
    served.node.deliver_disputes().await.unwrap();
    served.clock.advance(31 * 86_400);
    served.node.escalate_disputes().unwrap();
    served.node.deliver_disputes().await.unwrap();
    let status = served.get("/v1/status").await;
    // Both ends are here, and so is the operator.
    assert_eq!(status.body["disputes"], json!({"open": 2, "overdue": 2, "escalated": 1}));
    let doctor = served.get("/v1/doctor").await;
    let checks = doctor.body["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "disputes").unwrap();
    assert_eq!(check["state"], "failed", "{check}");
    let listed = served.get("/v1/disputes").await;
    assert_eq!(listed.body["escalated"][0]["days"], 31);
    assert_eq!(listed.body["escalated"][0]["told_by"], json!(["lender-a"]));
    assert!(!listed.body["escalated"].to_string().contains("Sok Dara"));
}
