//! Receipts, lawful grounds, the client's report and erasure over the interface.

use serde_json::{Value, json};

use super::IDENTIFIER_DIGITS;
use super::support::{Served, consent, inquiry};
use crate::model::answer::Answer;
use crate::receipt::verify_by_roster;

fn ground(changes: Value) -> Value {
    let mut body = consent(json!({}));
    for gone in ["notice", "evidence"] {
        body.as_object_mut().unwrap().remove(gone);
    }
    let given = json!({
        "purpose": "loan-monitoring", "ground": "court-order", "approved_by": ["Sok Dara", "Chan Thy"],
        "sha256": "07".repeat(32),
    });
    for changes in [given, changes] {
        let Value::Object(changes) = changes else { panic!("an object") };
        body.as_object_mut().unwrap().extend(changes);
    }
    body
}

fn erase(changes: Value) -> Value {
    let order = "0c".repeat(32);
    let mut body = json!({"ground": "order", "order": order, "approved_by": ["Sok Dara", "Chan Thy"]});
    let Value::Object(changes) = changes else { panic!("an object") };
    body.as_object_mut().unwrap().extend(changes);
    body
}

#[tokio::test]
async fn a_receipt_comes_with_the_consent_and_names_it() {
    let served = Served::new(1);
    let recorded = served.post("/v1/consents", &consent(json!({}))).await;
    let token = recorded.body["receipt"].as_str().unwrap();
    let receipt = verify_by_roster(token, &served.node.roster()).unwrap().receipt;
    assert_eq!(json!(receipt.record_id), recorded.body["consent"]);
    assert_eq!(json!(receipt.tally.leaf), recorded.body["leaf"]);
    assert_eq!(json!(receipt.tally.withdrawal_code), recorded.body["withdrawal_code"]);
    let shown = served.get(&format!("/v1/consents/{}", receipt.record_id)).await;
    assert!(shown.body.get("receipt").is_none() && shown.body.get("ground").is_none(), "{}", shown.body);
}

#[tokio::test]
async fn a_ground_is_recorded_apart_and_listed_as_such() {
    let served = Served::new(1);
    let (id, _) = served.consent(json!({})).await;
    let recorded = served.post("/v1/grounds", &ground(json!({}))).await;
    assert_eq!(recorded.status, 201, "{}", recorded.body);
    assert!(recorded.body.get("receipt").is_none() && recorded.body.get("withdrawal_code").is_none());
    let list = served.get("/v1/consents").await;
    let shown = list.body["consents"].as_array().unwrap();
    assert_eq!((shown.len(), &list.body["next"]), (2, &Value::Null));
    for one in shown {
        let is_ground = one["terms"]["consent"] == recorded.body["consent"];
        assert_eq!(is_ground, one["terms"]["consent"] != id);
        let said = json!({"name": "court-order", "approved_by": ["Sok Dara", "Chan Thy"]});
        assert_eq!(one.get("ground"), is_ground.then_some(&said));
    }
    assert!(!list.text.contains(IDENTIFIER_DIGITS));
    let rest =
        served.get(&format!("/v1/consents?after={}", shown[0]["terms"]["consent"].as_str().unwrap())).await;
    assert_eq!(rest.body["consents"].as_array().unwrap().len(), 1);
    assert_eq!(served.get("/v1/consents?after=x").await.code(), "invalid-value");
    for (field, changes) in [
        ("purpose", json!({"ground": "tax-office"})),
        ("purpose", json!({"purpose": "loan-application"})),
        ("approved_by", json!({"approved_by": ["Sok Dara"]})),
    ] {
        let refused = served.post("/v1/grounds", &ground(changes)).await;
        assert_eq!((refused.code(), &refused.body["field"]), ("invalid-value", &json!(field)));
    }
}

#[tokio::test]
async fn a_client_gets_her_report_under_her_own_request() {
    let served = Served::new(1);
    let (applied, _) = served.consent(json!({})).await;
    let reported = served.post("/v1/subjects/report", &json!({"consent": applied})).await;
    assert_eq!((reported.code(), &reported.body["field"]), ("invalid-value", &json!("consent")));
    let (request, _) = served.consent(json!({"purpose": "subject-access"})).await;
    let reported = served.post("/v1/subjects/report", &json!({"consent": request})).await;
    assert_eq!(reported.status, 200, "{}", reported.body);
    let answer: Answer = serde_json::from_value(reported.body["answer"].clone()).unwrap();
    assert_eq!(answer.question.purpose, "subject-access");
    let held: Vec<&Value> = reported.body["consents"].as_array().unwrap().iter().collect();
    assert_eq!(held.len(), 2);
    assert_eq!(held[1]["inquiries"][0]["leaf"], reported.body["leaf"]);
    assert!(!reported.text.contains(IDENTIFIER_DIGITS));
    let unknown = served.post("/v1/subjects/report", &json!({"consent": "00".repeat(16)})).await;
    assert_eq!(unknown.code(), "unknown-consent");
    assert_eq!(refused_when_withdrawn(&served).await, "withdrawn");
}

async fn refused_when_withdrawn(served: &Served) -> String {
    let (request, code) = served.consent(json!({"purpose": "subject-access"})).await;
    served.post("/v1/withdrawals", &json!({"code": code})).await;
    served.post("/v1/subjects/report", &json!({"consent": request})).await.code().to_owned()
}

#[tokio::test]
async fn what_is_kept_about_a_person_is_erased_when_two_approve() {
    let served = Served::new(1);
    let (id, _) = served.consent(json!({})).await;
    let asked = served.post("/v1/inquiries", &inquiry(&id, json!({}))).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let person = json!([{"scheme": "kh-nid", "value": "012 345 678"}]);
    let by_person = |changes: Value| {
        let mut body = erase(json!({"identifiers": person}));
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    };
    let early = served
        .post("/v1/subjects/erase", &by_person(json!({"ground": "client-request", "order": null})))
        .await;
    assert_eq!((early.status, early.code(), &early.body["from"]), (409, "too-young", &json!("2029-11-22")));
    let alone = served.post("/v1/subjects/erase", &by_person(json!({"approved_by": ["Sok Dara"]}))).await;
    assert_eq!((alone.code(), &alone.body["field"]), ("invalid-value", &json!("approved_by")));
    let shared = json!({"identifiers": [{"scheme": "phone", "value": "012 345 678"}]});
    let shared = served.post("/v1/subjects/erase", &erase(shared)).await;
    assert_eq!((shared.code(), &shared.body["field"]), ("invalid-value", &json!("identifiers")));
    let both = served.post("/v1/subjects/erase", &by_person(json!({"consent": id}))).await;
    assert_eq!((both.code(), &both.body["field"]), ("invalid-value", &json!("consent")));
    let erased = served.post("/v1/subjects/erase", &by_person(json!({}))).await;
    assert_eq!(erased.status, 200, "{}", erased.body);
    assert_eq!((&erased.body["consents"], &erased.body["inquiries"]), (&json!(1), &json!(1)));
    assert_eq!(erased.body["leaves"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(&format!("/v1/consents/{id}")).await.code(), "unknown-consent");
    assert_eq!(served.post("/v1/subjects/erase", &by_person(json!({}))).await.code(), "nothing-kept");
    let one = served.post("/v1/subjects/erase", &erase(json!({"consent": id}))).await;
    assert_eq!(one.code(), "unknown-consent");
    let verified = served.post("/v1/log/verify", &json!({})).await;
    assert_eq!(verified.status, 200, "{}", verified.body);
}
