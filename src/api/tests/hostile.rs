//! Callers that send what they should not, and the exact form of problems.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::support::{Served, inquiry};
use crate::api::Problem;
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::http::ServeLimits;
use crate::limits::{API_BODY_BYTES_MAX, IMPORT_BYTES_MAX};
use crate::model::leaf::RefusalCode;
use crate::node::{AskError, HolderTrouble, RefusedInquiry};

fn golden(problem: &Problem) -> String {
    serde_json::to_string(problem).unwrap()
}

#[test]
fn problems_as_they_go_out() {
    let refused = RefusedInquiry {
        transaction: TransactionId([0xab; 16]),
        consent: None,
        reason: RefusalCode::QuotaSpent,
        renews: Some(UnixTime(1_795_392_000)),
    };
    assert_eq!(
        golden(&refused.into()),
        concat!(
            r#"{"type":"urn:tallystick:problem:quota-spent","title":"A quota is spent","status":409,"#,
            r#""detail":"A quota is spent. It renews at 2026-11-23T00:00:00Z. Ask again when the quota renews.","#,
            r#""code":"quota-spent","renews":1795392000,"transaction":"abababababababababababababababab"}"#
        )
    );
    let few = AskError::TooFew {
        needed: 2,
        answered: 0,
        troubles: vec![
            ("lender-a".parse().unwrap(), HolderTrouble::Away("no line".to_owned())),
            ("lender-b".parse().unwrap(), HolderTrouble::Wrong("its proof does not hold".to_owned())),
        ],
    };
    assert_eq!(
        golden(&few.into()),
        concat!(
            r#"{"type":"urn:tallystick:problem:too-few-holders","title":"Too few key holders answered","status":503,"#,
            r#""detail":"0 of the 2 key holders that are needed answered; lender-a cannot be reached: no line; "#,
            r#"lender-b answered wrongly: its proof does not hold","code":"too-few-holders","answered":0,"#,
            r#""holders":[{"member":"lender-a","trouble":"away","why":"cannot be reached: no line"},"#,
            r#"{"member":"lender-b","trouble":"wrong","why":"answered wrongly: its proof does not hold"}],"needed":2}"#
        )
    );
}

#[tokio::test]
async fn paths_methods_and_types() {
    let served = Served::new(1);
    let lost = served.get("/v1/clients/180123456").await;
    assert_eq!((lost.status, lost.code()), (404, "not-found"));
    assert!(!lost.body.to_string().contains("180123456"));
    let method = served.raw("DELETE /v1/status HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert_eq!((method.status, method.code()), (405, "method-not-allowed"));
    assert!(method.header("allow").is_some_and(|allow| allow.contains("GET")), "{}", method.head);
    let body = "POST /v1/withdrawals HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n";
    for kind in ["", "content-type: text/plain\r\n"] {
        let reply = served.raw(&format!("{body}{kind}\r\n{{}}")).await;
        assert_eq!((reply.status, reply.code()), (415, "unsupported-media-type"));
    }
    let charset =
        served.raw(&format!("{body}content-type: application/json; charset=utf-8\r\n\r\n{{}}")).await;
    assert_eq!((charset.status, charset.code()), (422, "invalid-value"));
    let garbage = served.raw(&format!("{body}content-type: application/json\r\n\r\n{{,")).await;
    assert_eq!((garbage.status, garbage.code()), (400, "malformed-request"));
    let first = served.get("/v1/status").await;
    let second = served.get("/v1/status").await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let served = Served::new(1);
    let plain =
        "POST /v1/consents HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    // A request that may be sent twice is read at another place.
    for head in [plain.to_owned(), format!("{plain}idempotency-key: k1\r\n")] {
        // By its own words, before a byte of it was sent.
        let declared = format!("{head}content-length: {}\r\n\r\n", API_BODY_BYTES_MAX + 1);
        let declared = served.raw(&declared).await;
        assert_eq!((declared.status, declared.code()), (413, "too-large"));
        assert_eq!(declared.body["bytes_max"], API_BODY_BYTES_MAX);
        // And without saying so. The last chunk makes the one byte too much.
        let chunk = "a".repeat(API_BODY_BYTES_MAX + 1);
        let chunked =
            format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{chunk}\r\n0\r\n\r\n", chunk.len());
        let chunked = served.raw(&chunked).await;
        assert_eq!((chunked.status, chunked.code()), (413, "too-large"));
    }
    let named = served.raw("POST /v1/portfolio?format=csv&dry_run=true HTTP/1.0\r\nhost: x\r\n\r\n").await;
    assert_eq!((named.status, named.body["field"].as_str()), (422, Some("dry_run")), "{}", named.body);
    let upload = "POST /v1/portfolio?format=csv HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length";
    let upload = served.raw(&format!("{upload}: {}\r\n\r\n", IMPORT_BYTES_MAX + 1)).await;
    assert_eq!((upload.status, upload.code()), (413, "too-large"));
    let head = plain;
    // The largest is read, and then found not to be JSON.
    let chunk = "a".repeat(API_BODY_BYTES_MAX);
    let largest = served.raw(&format!("{head}content-length: {}\r\n\r\n{chunk}", chunk.len())).await;
    assert_eq!((largest.status, largest.code()), (400, "malformed-request"));
}

#[tokio::test]
async fn slow_callers_are_cut_off_and_do_not_hold_up_others() {
    let limits = ServeLimits { connections_max: 2, header: Duration::from_millis(300), ..Default::default() };
    let served = Served::within(1, limits);
    let (mut slow, mut silent) = (served.connect().await, served.connect().await);
    slow.write_all(b"GET /v1/status HTTP/1.1\r\nhos").await.unwrap();
    // Both places are taken; the third waits until one of them is cut off.
    let third = served.get("/v1/status").await;
    assert_eq!(third.status, 200);
    for stream in [&mut slow, &mut silent] {
        let mut rest = Vec::new();
        let read = timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
        read.expect("cut off").ok();
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
    }
    // A kept connection that says nothing more is closed too.
    let mut kept = served.connect().await;
    kept.write_all(b"GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    timeout(Duration::from_secs(10), kept.read_to_end(&mut rest)).await.expect("closed when idle").unwrap();
    assert!(rest.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_stop_lets_requests_end_and_accepts_no_more() {
    let mut served = Served::new(1);
    let mut idle = served.connect().await;
    idle.write_all(b"GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut first = [0u8; 12];
    idle.read_exact(&mut first).await.unwrap();
    served.shutdown.cancel();
    let stopped = timeout(Duration::from_secs(5), served.serving.join_next()).await;
    stopped.expect("stops").unwrap().unwrap();
    assert!(tokio::net::UnixStream::connect(served.folder().join("tally.sock")).await.is_err());
}

#[tokio::test]
async fn an_inquiry_goes_on_when_its_caller_goes_away() {
    let served = Served::new(1);
    let (id, _) = served.consent(json!({})).await;
    let transaction = "cd".repeat(16);
    let body = inquiry(&id, json!({"transaction": transaction})).to_string();
    let mut stream = served.connect().await;
    let head = "POST /v1/inquiries HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length";
    stream.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
    // Until the inquiry has begun; then the caller hangs up.
    timeout(Duration::from_secs(10), async {
        while served.get(&format!("/v1/inquiries/{transaction}")).await.status == 404 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await
    .expect("begins");
    drop(stream);
    timeout(Duration::from_secs(10), async {
        while served.get(&format!("/v1/inquiries/{transaction}")).await.status != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("is answered without its caller");
}
