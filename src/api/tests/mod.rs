//! The interface against a node, over a real socket.

mod disputes;
mod documented;
mod feeds;
mod guarded;
mod hostile;
mod imports;
mod log;
mod market;
mod patterns;
mod proposals;
mod rights;
mod support;
mod twice;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use self::support::{Served, consent, inquiry};
use super::table::{KINDS, REFUSALS, refusal_kind};
use crate::model::answer::Answer;
use crate::node::{SignedAnswer, open_answer};
use crate::words::{Texts, answer_page};

const IDENTIFIER_DIGITS: &str = "012345678";

#[tokio::test]
async fn consent_then_inquiry_then_answer() {
    let served = Served::new(1);
    let recorded = served.post("/v1/consents", &consent(json!({}))).await;
    assert_eq!(recorded.status, 201, "{}", recorded.body);
    assert_eq!((&recorded.body["located"], &recorded.body["trouble"]), (&json!(true), &Value::Null));
    let id = recorded.body["consent"].as_str().unwrap();
    let shown = served.get(&format!("/v1/consents/{id}")).await;
    assert_eq!(shown.status, 200);
    assert_eq!((&shown.body["state"], &shown.body["uses_spent"]), (&json!("given"), &json!(0)));
    assert_eq!(shown.body["schemes"], json!(["kh-nid", "phone"]));
    assert_eq!(shown.body["terms"]["until"], json!(1_798_761_600), "the end of the day named");
    assert!(!shown.body.to_string().contains(IDENTIFIER_DIGITS));

    let asked = served.post("/v1/inquiries", &inquiry(id, json!({}))).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert_eq!(asked.header("cache-control"), Some("no-store"));
    let signed = BASE64.decode(asked.body["signed"].as_str().unwrap()).unwrap();
    let signature = serde_json::from_value(asked.body["signature"].clone()).unwrap();
    let document = SignedAnswer::from_parts(signed.clone(), signature).unwrap();
    let answer = open_answer(&document, &served.answers).expect("the answer is signed by this member");
    assert_eq!(serde_json::from_value::<Answer>(asked.body["answer"].clone()).unwrap(), answer);
    assert_eq!(answer.coverage.lenders, 1);
    let requested = answer.question.requested.as_ref().unwrap();
    assert_eq!(requested.amount.as_str(), "500.00", "with the decimals of the policy");

    let shown = served.get(&format!("/v1/consents/{id}")).await;
    assert_eq!((&shown.body["state"], &shown.body["uses_spent"]), (&json!("used-up"), &json!(1)));
    let again = served.get(&format!("/v1/inquiries/{}", answer.transaction)).await;
    assert_eq!(again.body["signed"], asked.body["signed"], "the very same answer");
    let repeated = inquiry(id, json!({"transaction": answer.transaction}));
    let repeated = served.post("/v1/inquiries", &repeated).await;
    assert_eq!(repeated.body["signed"], asked.body["signed"], "a repeated call spends no use");
    let other = inquiry(id, json!({"transaction": answer.transaction, "requested": null}));
    assert_eq!(served.post("/v1/inquiries", &other).await.code(), "transaction-used");
    let unknown = served.get(&format!("/v1/inquiries/{}", "00".repeat(16))).await;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown-inquiry"));
}

#[tokio::test]
async fn an_answer_is_printed_in_the_language_that_is_asked_for() {
    let served = Served::new(1);
    let (id, _) = served.consent(json!({})).await;
    let asked = served.post("/v1/inquiries", &inquiry(&id, json!({}))).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let transaction = asked.body["answer"]["transaction"].as_str().unwrap();
    let path = format!("/v1/inquiries/{transaction}/page");
    let answer: Answer = serde_json::from_value(asked.body["answer"].clone()).unwrap();
    for tag in ["en", "km", "az", "fr", "es"] {
        let page = served.get(&format!("{path}?language={tag}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'; style-src"));
        assert_eq!(page.text, answer_page(&answer, &Texts::built_in().language(tag)));
        assert!(page.text.contains(&format!("<html lang=\"{tag}\">")) && page.text.contains(transaction));
    }
    let head = "HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept-language: xx, fr;q=0.8, km;q=0.5";
    let page = served.raw(&format!("GET {path} {head}\r\n\r\n")).await;
    assert!(page.text.contains("<html lang=\"fr\">"), "the best that there is for the reader");
    let wrong = served.get(&format!("{path}?language=xx")).await;
    assert_eq!((wrong.status, wrong.body["field"].as_str()), (422, Some("language")), "{}", wrong.body);
    assert!(wrong.body["detail"].as_str().unwrap().contains("az, en, es, fr, km"), "{}", wrong.body);
    let unknown = served.get(&format!("/v1/inquiries/{}/page", "00".repeat(16))).await;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown-inquiry"));
}

#[tokio::test]
async fn every_refusal_has_its_own_words() {
    let served = Served::new(1);
    let ask = async |id: &str, changes: Value| {
        let reply = served.post("/v1/inquiries", &inquiry(id, changes)).await;
        assert_eq!(reply.status, 409, "{}", reply.body);
        assert!(reply.body["transaction"].as_str().is_some_and(|t| t.len() == 32), "{}", reply.body);
        (reply.code().to_owned(), reply.body["title"].as_str().unwrap().to_owned())
    };
    let mut seen = vec![ask(&"00".repeat(16), json!({})).await];
    let (id, _) = served.consent(json!({})).await;
    seen.push(ask(&id, json!({"purpose": "guarantee"})).await);
    let (later, _) = served.consent(json!({"from": "2026-12-01"})).await;
    seen.push(ask(&later, json!({})).await);
    assert_eq!(served.post("/v1/inquiries", &inquiry(&id, json!({}))).await.status, 200);
    seen.push(ask(&id, json!({})).await);
    let (own, _) = served.consent(json!({})).await;
    for _ in 0..2 {
        let withdrawn = served.post(&format!("/v1/consents/{own}/withdraw"), &json!(null)).await;
        assert_eq!((withdrawn.status, &withdrawn.body["state"]), (200, &json!("withdrawn")));
    }
    seen.push(ask(&own, json!({})).await);
    let (old, _) = served.consent(json!({"until": "2026-11-23T00:00:00Z"})).await;
    served.clock.advance(86_400);
    seen.push(ask(&old, json!({})).await);
    let codes: Vec<&str> = seen.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["no-consent", "wrong-purpose", "not-yet-valid", "used-up", "withdrawn", "expired"]);
    let mut titles: Vec<&str> = seen.iter().map(|(_, title)| title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), 6);
}

#[tokio::test]
async fn a_code_withdraws_without_the_lender() {
    let served = Served::new(2);
    let (id, code) = served.consent(json!({})).await;
    let spaced = format!("{}-{} ", &code[..4], &code[4..]);
    let taken = served.post("/v1/withdrawals", &json!({"code": spaced})).await;
    let lenders =
        json!({"new": true, "known": true, "lenders": ["lender-a"], "told": [], "not_told": ["lender-b"]});
    assert_eq!(taken.body, lenders);
    let taken = served.post("/v1/withdrawals", &json!({"code": code})).await;
    assert_eq!(taken.body["new"], json!(false));
    let shown = served.get(&format!("/v1/consents/{id}")).await;
    assert_eq!(shown.body["state"], json!("withdrawn"));
    let mistyped = served.post("/v1/withdrawals", &json!({"code": "ab".repeat(16)})).await;
    assert_eq!(
        (mistyped.status, &mistyped.body["known"], &mistyped.body["lenders"]),
        (200, &json!(false), &json!([]))
    );
    let wrong = served.post("/v1/withdrawals", &json!({"code": "12"})).await;
    assert_eq!((wrong.status, wrong.code()), (422, "invalid-value"));
}

#[tokio::test]
async fn too_few_holders_are_named() {
    let served = Served::new(2);
    let recorded = served.post("/v1/consents", &consent(json!({}))).await;
    assert_eq!(recorded.body["located"], json!(false), "recorded all the same");
    assert!(recorded.body["trouble"].as_str().unwrap().contains("lender-b cannot be reached"));
    let id = recorded.body["consent"].as_str().unwrap();
    let asked = served.post("/v1/inquiries", &inquiry(id, json!({}))).await;
    assert_eq!((asked.status, asked.code()), (503, "too-few-holders"));
    let why = "cannot be reached: this command works on the store alone, without connections";
    assert_eq!((&asked.body["needed"], &asked.body["answered"]), (&json!(2), &json!(1)));
    assert_eq!(asked.body["holders"], json!([{"member": "lender-b", "trouble": "away", "why": why}]));
    let checkup = served.get("/v1/doctor").await;
    let state = |name: &str| {
        let checks = checkup.body["checks"].as_array().unwrap().iter();
        checks.clone().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}"))["state"]
            .clone()
    };
    for (name, expected) in [
        ("clock", "good"),
        ("roster", "good"),
        ("keys", "good"),
        ("store", "good"),
        ("disk-sync", "good"),
        ("certificate", "warning"),
        ("key-file", "failed"),
        ("port", "skipped"),
        ("holders", "failed"),
        ("peer lender-b", "warning"),
    ] {
        assert_eq!(state(name), json!(expected), "{name}: {}", checkup.body);
    }
    assert_eq!(checkup.body["state"], json!("failed"));
    assert!(!served.folder().read_dir().unwrap().any(|f| f.unwrap().file_name() != "tally.sock"));
}

#[tokio::test]
async fn what_the_doctor_was_not_told_of_is_not_called_well() {
    let served = Served::new(1);
    let bare = super::router(std::sync::Arc::clone(&served.node));
    let request = axum::http::Request::get("/v1/doctor").body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(bare, request).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let checkup: super::doctor::Checkup = serde_json::from_slice(&bytes).unwrap();
    for name in ["certificate", "key-file", "disk-space", "disk-sync", "port"] {
        let check = checkup.checks.iter().find(|check| check.name == name).unwrap();
        assert_eq!(check.state, super::doctor::CheckState::Skipped, "{name}");
    }
}

#[tokio::test]
async fn the_log_is_shown_and_verified() {
    let served = Served::new(1);
    served.consent(json!({})).await;
    let head = served.get("/v1/log").await.body;
    let size = head["size"].as_u64().unwrap();
    assert_eq!(size, served.node.log().head().size);
    assert_eq!(head["origin"], json!("tally.test-net/lender-a"));
    assert!(head["checkpoint"].as_str().unwrap().starts_with("tally.test-net/lender-a\n"));
    let verified = served.post("/v1/log/verify", &json!(null)).await;
    assert_eq!(verified.body, json!({"leaves": size, "mirrors": []}));
    let page = served.get("/v1/log/leaves?from=1&limit=2").await.body;
    assert_eq!((page["leaves"].as_array().unwrap().len(), &page["next"]), (2, &json!(3)));
    assert_eq!(page["leaves"][0]["leaf"]["kind"], json!("roster-accepted"));
    let past = served.get(&format!("/v1/log/leaves?from={}", u64::MAX)).await.body;
    assert_eq!((&past["leaves"], &past["next"]), (&json!([]), &Value::Null));
    for bad in ["from=x", "limit=0", "limit=1025", "from=-1", "other=1"] {
        assert_eq!(served.get(&format!("/v1/log/leaves?{bad}")).await.code(), "malformed-request", "{bad}");
    }
}

#[tokio::test]
async fn status_members_roster_and_policy() {
    let served = Served::new(2);
    let status = served.get("/v1/status").await.body;
    assert_eq!(status["holders"], json!({"needed": 2, "in_reach": ["lender-a"], "away": ["lender-b"]}));
    let members = served.get("/v1/members").await.body;
    assert_eq!(
        (&members["member"], &members["members"][0]["member"]),
        (&json!("lender-a"), &json!("lender-b"))
    );
    let roster = served.get("/v1/roster").await.body;
    let signed = BASE64.decode(roster["signed"].as_str().unwrap()).unwrap();
    assert_eq!(signed, served.node.roster().signed().bytes());
    let policy = served.get("/v1/policy").await.body;
    assert_eq!(policy["policy"]["identifiers"]["accepted"], json!(["kh-nid", "phone", "slk-581"]));
    assert_eq!((&policy["roster_version"], policy["toml"].as_str().unwrap().is_empty()), (&json!(1), false));
}

#[tokio::test]
async fn values_that_cannot_be_used_are_named() {
    let served = Served::new(1);
    let cases = [
        (json!({"identifiers": []}), "identifiers"),
        (json!({"identifiers": [{"scheme": "kh-nid", "value": "12"}]}), "identifiers[0]"),
        (json!({"identifiers": [{"scheme": "in-pan", "value": "ABCPE1234F"}]}), "identifiers"),
        (json!({"until": "soon"}), "until"),
        (json!({"until": "2026-11-01"}), "until"),
        (json!({"until": "2028-01-01"}), "until"),
        (json!({"from": "12/31/2026"}), "from"),
        (json!({"uses": 0}), "uses"),
        (json!({"uses": 70_000}), "uses"),
        (json!({"notice": "de"}), "notice"),
        (json!({"purpose": "marketing"}), "purpose"),
        (json!({"officer": " "}), "officer"),
        (json!({"officer": "S".repeat(121)}), "officer"),
        (json!({"officer": "\u{202e}arad koS"}), "officer"),
        (json!({"officer": "Sok\nDara"}), "officer"),
        (json!({"evidence": {"kind": "signed-form"}}), "evidence"),
        (json!({"evidence": {"kind": "signed-form", "bytes": "%"}}), "evidence.bytes"),
        (json!({"evidence": {"kind": "signed-form", "sha256": "ab"}}), "evidence.sha256"),
        (json!({"colour": "red"}), "colour"),
    ];
    let before = served.node.log().head().size;
    for (changes, field) in cases {
        let reply = served.post("/v1/consents", &consent(changes.clone())).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid-value"), "{changes}: {}", reply.body);
        assert_eq!(reply.body["field"], json!(field), "{changes}: {}", reply.body);
    }
    assert_eq!(served.node.log().head().size, before, "nothing of it was logged");
    for id in ["12", &"zz".repeat(16)] {
        assert_eq!(served.get(&format!("/v1/consents/{id}")).await.code(), "invalid-value");
    }
    let unknown = served.get(&format!("/v1/consents/{}", "00".repeat(16))).await;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown-consent"));
    let turned = "\u{202e}arad koS";
    for (officer, approved_by, field) in
        [(turned, ["Sok Dara", "Chan Thy"], "officer"), ("Sok", [turned, "Chan Thy"], "approved_by")]
    {
        let ground = json!({"identifiers": [{"scheme": "phone", "value": "012 345 678"}], "ground": "court-order",
            "approved_by": approved_by, "purpose": "loan-application", "until": "2026-12-31",
            "sha256": "ab".repeat(32), "officer": officer});
        let reply = served.post("/v1/grounds", &ground).await;
        assert_eq!((reply.status, &reply.body["field"]), (422, &json!(field)), "{}", reply.body);
    }
    let question = inquiry(&"00".repeat(16), json!({"household_income": {"currency": "EUR", "amount": "1"}}));
    let reply = served.post("/v1/inquiries", &question).await;
    assert_eq!((reply.code(), &reply.body["field"]), ("invalid-value", &json!("household_income")));
}

#[test]
fn codes_are_stable_and_distinct() {
    let mut codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    for refusal in REFUSALS {
        let kind = refusal_kind(refusal);
        assert_eq!(json!(kind.code), serde_json::to_value(refusal).unwrap(), "the leaf's own word");
        codes.push(kind.code);
    }
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count, "two kinds have one code");
    for code in codes {
        assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
    }
}
