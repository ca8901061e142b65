//! Grounds and erasures that are proposed over the interface, and that nothing of it approves.

use serde_json::{Value, json};

use super::IDENTIFIER_DIGITS;
use super::guarded::{call, token};
use super::support::{NOW, Served};
use crate::api::operation::Need;
use crate::api::operations::OPERATIONS;
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::{Caller, RIGHTS, Right, Role};
use crate::people::{Attempt, NewUser};
use crate::secret::SecretVec;

fn ground() -> Value {
    json!({"note": "file 7", "ground": {
        "name": "court-order", "purpose": "loan-monitoring", "until": "2026-11-30", "sha256": "07".repeat(32),
        "identifiers": [{"scheme": "kh-nid", "value": "012 345 678"}],
    }})
}

fn erasure(changes: Value) -> Value {
    let mut erasure = json!({"ground": "order", "order": "0c".repeat(32)});
    let Value::Object(changes) = changes else { panic!("an object") };
    erasure.as_object_mut().unwrap().extend(changes);
    json!({"erasure": erasure})
}

#[tokio::test]
async fn a_token_proposes_and_persons_approve() {
    let served = Served::on_network(1);
    let north = token(&served, &[Right::Consent, Right::Approve], Some("north"));
    let south = token(&served, &[Right::Consent, Right::Approve], Some("south"));
    let made = call(&served, Some(&north), "POST", "/v1/proposals", &ground()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(!made.text.contains(IDENTIFIER_DIGITS) && !made.text.contains("file 7"), "{}", made.text);
    let said = |name: &str| made.body[name].clone();
    assert_eq!(
        (said("state"), said("needed"), said("by_person")),
        (json!("waiting"), json!(2), json!(false))
    );
    assert_eq!(said("what"), json!({"ground": {"name": "court-order", "purpose": "loan-monitoring"}}));
    let id = made.body["proposal"].as_str().unwrap();
    let one = format!("/v1/proposals/{id}");
    let full = call(&served, Some(&north), "GET", &one, &Value::Null).await;
    assert_eq!(full.body["asked"]["ground"]["identifiers"][0]["value"], IDENTIFIER_DIGITS, "{}", full.body);
    assert_eq!((&full.body["proposal"], &full.body["asked"]["note"]), (&made.body, &json!("file 7")));
    for (who, status, listed) in [(&north, 200, 1), (&south, 404, 0)] {
        assert_eq!(call(&served, Some(who), "GET", &one, &Value::Null).await.status, status);
        let list = call(&served, Some(who), "GET", "/v1/proposals", &Value::Null).await;
        assert_eq!(list.body["proposals"].as_array().unwrap().len(), listed, "{}", list.body);
        assert!(!list.text.contains(IDENTIFIER_DIGITS));
    }
    // Nothing here approves, whatever the scope.
    assert!(OPERATIONS.iter().all(|of| of.need != Need::Right(Right::Approve)));
    let all = token(&served, &RIGHTS, None);
    for step in ["approve", "refuse"] {
        let path = format!("{one}/{step}");
        assert_eq!(call(&served, Some(&all), "POST", &path, &json!({})).await.status, 404, "{step}");
    }
    for direct in ["/v1/grounds", "/v1/subjects/erase"] {
        assert_eq!(call(&served, Some(&all), "POST", direct, &json!({})).await.code(), "forbidden");
    }

    // Two persons, since a token is none.
    let people = served.node.people();
    let mut consent = Value::Null;
    for (name, state) in [("Chan Thy", "waiting"), ("Sok Dara", "recorded")] {
        let password = || SecretVec::new(b"seven green bottles".to_vec());
        let roles = [Role::Supervisor].into();
        let new =
            NewUser { name: name.to_owned(), roles, branch: None, password: password(), own_password: true };
        served.node.admit_user(&Caller::local(), &new).unwrap();
        let signed = people.sign_in(&Attempt { name, password: &password(), from: None }, None, NOW).unwrap();
        let caller = signed.present.caller;
        let confirmed = people.confirm(caller.user.unwrap(), &password(), None, None, NOW).unwrap();
        served.node.approve(&caller, confirmed, id.parse().unwrap()).await.unwrap();
        let full = call(&served, Some(&north), "GET", &one, &Value::Null).await;
        assert_eq!(full.body["proposal"]["state"], state, "{}", full.body);
        assert_eq!(full.body["asked"].is_null(), state == "recorded");
        consent = full.body["proposal"]["consent"].clone();
    }
    let path = format!("/v1/consents/{}", consent.as_str().unwrap());
    let shown = call(&served, Some(&north), "GET", &path, &Value::Null).await;
    assert_eq!(shown.body["ground"]["approved_by"].as_array().unwrap().len(), 2, "{}", shown.body);
    assert_eq!(call(&served, Some(&south), "GET", &path, &Value::Null).await.status, 404);
}

#[tokio::test]
async fn who_proposed_takes_it_back() {
    let served = Served::on_network(1);
    let north = token(&served, &[Right::Consent], Some("north"));
    let other = token(&served, &[Right::Consent], Some("north"));
    let body = erasure(json!({"identifiers": [{"scheme": "kh-nid", "value": "012 345 678"}]}));
    let made = call(&served, Some(&north), "POST", "/v1/proposals", &body).await;
    let one = format!("/v1/proposals/{}", made.body["proposal"].as_str().unwrap());
    let withdraw = format!("{one}/withdraw");
    let refused = call(&served, Some(&other), "POST", &withdraw, &json!({})).await;
    assert_eq!((refused.status, refused.code()), (403, "forbidden"));
    let back = call(&served, Some(&north), "POST", &withdraw, &json!({})).await;
    assert_eq!((back.status, &back.body["state"]), (200, &json!("taken-back")));
    let twice = call(&served, Some(&north), "POST", &withdraw, &json!({})).await;
    assert_eq!((twice.status, twice.code()), (409, "proposal-state"));
    let unknown =
        call(&served, Some(&north), "GET", &format!("/v1/proposals/{}", "0".repeat(32)), &Value::Null).await;
    assert_eq!(unknown.code(), "unknown-proposal");
    let leaves = served.node.log().leaves(0, 100).unwrap();
    let accesses = leaves.iter().filter_map(|bytes| match Leaf::from_bytes(bytes).unwrap().body {
        LeafBody::Accessed { access, .. } => Some(access),
        _ => None,
    });
    assert_eq!(accesses.collect::<Vec<_>>(), [Access::Proposed, Access::ProposalEnded]);
}

#[tokio::test]
async fn a_proposal_that_cannot_be_is_refused_at_once() {
    let served = Served::on_network(1);
    let north = token(&served, &[Right::Consent], Some("north"));
    let both = {
        let mut both = ground();
        both["erasure"] = erasure(json!({"consent": "0".repeat(32)}))["erasure"].clone();
        both
    };
    let changed = |name: &str, value: Value| {
        let mut body = ground();
        body["ground"][name] = value;
        body
    };
    for (field, body) in [
        ("ground", json!({})),
        ("ground", both),
        ("purpose", changed("name", json!("tax-office"))),
        ("ground.until", changed("until", json!("soon"))),
        ("identifiers[0]", changed("identifiers", json!([{"scheme": "kh-nid", "value": "x"}]))),
        ("erasure.consent", erasure(json!({}))),
        (
            "order",
            erasure(json!({"order": null, "identifiers": [{"scheme": "kh-nid", "value": "012 345 678"}]})),
        ),
    ] {
        let refused = call(&served, Some(&north), "POST", "/v1/proposals", &body).await;
        assert_eq!(
            (refused.code(), &refused.body["field"]),
            ("invalid-value", &json!(field)),
            "{}",
            refused.body
        );
    }
    let unknown = erasure(json!({"consent": "0".repeat(32)}));
    let unknown = call(&served, Some(&north), "POST", "/v1/proposals", &unknown).await;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown-consent"));
}
