//! Requests that are sent twice under one key.

use std::sync::Arc;

use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use super::guarded::{call, token};
use super::support::{Reply, Served, consent};
use crate::api::{Service, twice};
use crate::digest::Digest;
use crate::limits::{KEPT_REPLIES_PER_CALLER_MAX, KEPT_REPLY_BYTES_MAX};
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::Right;

async fn send(served: &Served, path: &str, token: &str, key: &str, body: &str) -> Reply {
    served
        .raw(&format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             authorization: Bearer {token}\r\nidempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_done_once() {
    let served = Served::on_network(1);
    let north = token(&served, &[Right::Consent], Some("north"));
    let recorded = call(&served, Some(&north), "POST", "/v1/consents", &consent(json!({}))).await;
    let path = format!("/v1/consents/{}/withdraw", recorded.body["consent"].as_str().unwrap());
    let first = send(&served, &path, &north, "k1", "{}").await;
    assert_eq!(first.status, 200, "{}", first.body);
    let before = served.node.log().head().size;
    let again = send(&served, &path, &north, "k1", "{}").await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let leaf = Leaf::from_bytes(&served.node.log().leaves(before, 1).unwrap()[0]).unwrap().body;
    let logged = matches!(leaf, LeafBody::Accessed { access: Access::ConsentRead, .. });
    assert!(logged, "what is given again of a client is logged again: {leaf:?}");
    assert_eq!(send(&served, &path, &north, "k1", "{ }").await.code(), "key-reused");
    assert_eq!(send(&served, &path, &north, &"k".repeat(200), "{}").await.code(), "malformed-request");
    served.clock.advance(86_000);
    assert_eq!(send(&served, &path, &north, "k1", "{}").await.body, first.body);
    served.clock.advance(401);
    served.node.forget_replies().unwrap();
    for token in served.node.people().tokens().unwrap() {
        assert_eq!(served.node.kept_reply(Some(token.token), "k1").unwrap(), None);
    }
}

#[tokio::test]
async fn what_is_shown_once_is_not_given_again() {
    let served = Served::on_network(1);
    let rights = [Right::Consent, Right::Users];
    let (north, south) = (token(&served, &rights, Some("north")), token(&served, &rights, Some("south")));
    let by = served.node.people().tokens().unwrap().iter().map(|token| token.token).collect::<Vec<_>>();
    let wanted = json!({"name": "core", "scope": ["load"], "until": "2027-01-31"});
    for (path, body, id, secrets) in [
        ("/v1/consents", consent(json!({})), "consent", &["withdrawal_code", "receipt"][..]),
        ("/v1/tokens", wanted, "token", &["secret"]),
    ] {
        let body = body.to_string();
        let first = send(&served, path, &north, path, &body).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let again = send(&served, path, &north, path, &body).await;
        assert_eq!((again.status, again.code()), (409, "done-already"), "{}", again.body);
        assert_eq!(again.body["reply"][id], first.body[id], "which one it was, so that it can be taken back");
        for secret in secrets {
            let secret = first.body[secret].as_str().unwrap();
            assert!(!again.text.contains(secret));
            for caller in &by {
                let kept = served.node.kept_reply(Some(*caller), path).unwrap();
                let kept = kept.map_or_else(Vec::new, |kept| kept.body);
                assert!(!String::from_utf8(kept).unwrap().contains(secret), "nor is it kept");
            }
        }
        // Another caller's key is another key.
        let other = send(&served, path, &south, path, &body).await;
        assert!(other.status == 201 && other.body[id] != first.body[id], "{}", other.body);
    }
    let listed = call(&served, Some(&north), "GET", "/v1/consents", &Value::Null).await;
    assert_eq!(listed.body["consents"].as_array().unwrap().len(), 1, "it was done once");
    let wrong = consent(json!({"notice": "de"})).to_string();
    for _ in 0..2 {
        let refused = send(&served, "/v1/consents", &north, "k2", &wrong).await;
        assert_eq!((refused.status, &refused.body["code"]), (422, &json!("invalid-value")));
    }
}

#[tokio::test]
async fn what_is_given_again_is_logged_with_what_it_concerns() {
    let served = Served::on_network(1);
    let rights = [Right::Consent, Right::Inquire, Right::SubjectReport];
    let north = token(&served, &rights, Some("north"));
    let twice = async |path: &str, body: Value| {
        let body = body.to_string();
        let first = send(&served, path, &north, path, &body).await;
        assert!([200, 201].contains(&first.status), "{}", first.body);
        let before = served.node.log().head().size;
        send(&served, path, &north, path, &body).await;
        let leaves = served.node.log().leaves(before, 10).unwrap();
        let [again] = leaves.try_into().unwrap();
        (first.body, Leaf::from_bytes(&again).unwrap())
    };
    let concerned = |leaf: &Leaf, reply: &Value| match &leaf.body {
        LeafBody::Accessed { of: Some(of), .. } => assert_eq!(json!(of), reply["leaf"]),
        other => panic!("{other:?}"),
    };
    let (recorded, leaf) = twice("/v1/consents", consent(json!({}))).await;
    concerned(&leaf, &recorded);
    let question = json!({"purpose": "loan-application",
        "persons": [{"role": "applicant", "consent": recorded["consent"]}]});
    let (answered, leaf) = twice("/v1/inquiries", question).await;
    assert_eq!(json!(leaf.transaction), answered["answer"]["transaction"]);
    assert!(matches!(leaf.body, LeafBody::Accessed { access: Access::AnswerRead, .. }), "{leaf:?}");
    let withdraw = format!("/v1/consents/{}/withdraw", recorded["consent"].as_str().unwrap());
    let (withdrawn, leaf) = twice(&withdraw, json!({})).await;
    concerned(&leaf, &withdrawn);
    assert_eq!(withdrawn["leaf"], recorded["leaf"]);
    let identifiers = json!([{"scheme": "kh-nid", "value": "012 345 678"}]);
    let erasure = json!({"erasure": {"ground": "client-request", "identifiers": identifiers}});
    let (proposed, leaf) = twice("/v1/proposals", erasure).await;
    assert_eq!(json!(leaf.transaction), proposed["proposal"]);
    let request = consent(json!({"purpose": "subject-access"}));
    let request = call(&served, Some(&north), "POST", "/v1/consents", &request).await;
    let (report, leaf) = twice("/v1/subjects/report", json!({"consent": request.body["consent"]})).await;
    concerned(&leaf, &report);
}

#[tokio::test]
async fn a_caller_has_so_many_keys_and_goes_on_without() {
    let served = Served::on_network(1);
    let [one, other] = ["north", "south"].map(|branch| token(&served, &[Right::Consent], Some(branch)));
    let body = consent(json!({})).to_string();
    assert_eq!(send(&served, "/v1/consents", &one, "first", &body).await.status, 201);
    let tokens = served.node.people().tokens().unwrap();
    let caller = tokens.iter().find(|token| token.branch.as_deref() == Some("north")).unwrap().token;
    let kept = served.node.kept_reply(Some(caller), "first").unwrap().unwrap();
    for place in 1..KEPT_REPLIES_PER_CALLER_MAX {
        served.node.keep_reply(Some(caller), &place.to_string(), &kept).unwrap();
    }
    let before = served.node.log().head().size;
    let refused = send(&served, "/v1/consents", &one, "another", &body).await;
    assert_eq!((refused.status, refused.code()), (429, "too-many-keys"));
    assert_eq!(served.node.log().head().size, before, "nothing was done");
    assert_eq!(send(&served, "/v1/consents", &one, "first", &body).await.code(), "done-already");
    assert_eq!(call(&served, Some(&one), "POST", "/v1/consents", &consent(json!({}))).await.status, 201);
    assert_eq!(send(&served, "/v1/consents", &other, "first", &body).await.status, 201);
    served.clock.advance(86_401);
    served.node.forget_replies().unwrap();
    assert!(served.node.has_room_for_reply(Some(caller)).unwrap(), "a day later there is room again");
}

#[tokio::test]
async fn a_long_reply_goes_out_and_is_not_kept() {
    let served = Served::new(1);
    let node = Arc::clone(&served.node);
    let service = Arc::new(Service::new(node, None, crate::words::Texts::built_in()));
    for (length, is_whole) in [(KEPT_REPLY_BYTES_MAX, true), (KEPT_REPLY_BYTES_MAX + 1, false)] {
        let (key, asked) = (length.to_string(), Digest([7; 32]));
        let reply = "x".repeat(length).into_response();
        let reply = twice::keep(&service, (None, key.clone()), asked, (None, &[]), reply).await.unwrap();
        let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        assert_eq!(bytes.len(), length, "the caller gets it whole");
        let kept = served.node.kept_reply(None, &key).unwrap().unwrap();
        assert_eq!((kept.is_whole, kept.body.len()), (is_whole, if is_whole { length } else { 0 }));
        match twice::given_again(kept, asked) {
            Ok(again) => assert!(is_whole && again.status() == 200),
            Err(problem) => assert!(!is_whole && problem.code == "done-already", "{problem:?}"),
        }
    }
}
