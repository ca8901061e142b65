//! A node on a store in memory behind a real Unix socket, and a client that writes its requests by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::{Surroundings, network_router, router_in};
use crate::clock::ManualClock;
use crate::http::{ServeLimits, serve};
use crate::node::Node;
pub(super) use crate::node::in_memory::NOW;
use crate::node::in_memory::node;
use crate::signing::VerifyKey;
use crate::words::Texts;

/// A reply, read to its end.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Value,
    /// The body as it came.
    pub(super) text: String,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The problem's code, after a look at what every problem must have.
    #[track_caller]
    pub(super) fn code(&self) -> &str {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        let code = self.body["code"].as_str().unwrap();
        assert_eq!(self.body["type"], format!("urn:tallystick:problem:{code}"));
        assert_eq!(self.body["status"], self.status);
        assert_eq!(self.body["request"].as_str(), self.header("x-request-id"));
        for text in ["title", "detail"] {
            assert!(self.body[text].as_str().is_some_and(|text| text.len() > 5), "{text}: {}", self.body);
        }
        code
    }
}

/// The node, served.
pub(super) struct Served {
    pub(super) node: Arc<Node>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) answers: VerifyKey,
    pub(super) shutdown: CancellationToken,
    pub(super) serving: JoinSet<()>,
    socket: PathBuf,
    folder: tempfile::TempDir,
}

impl Served {
    pub(super) fn new(members: u8) -> Self {
        Self::within(members, ServeLimits::default())
    }

    /// As callers from the network find it.
    pub(super) fn on_network(members: u8) -> Self {
        Self::at(members, ServeLimits::default(), network_router)
    }

    pub(super) fn within(members: u8, limits: ServeLimits) -> Self {
        Self::at(members, limits, router_in)
    }

    fn at(
        members: u8,
        limits: ServeLimits,
        router: fn(Arc<Node>, Surroundings, Texts) -> axum::Router,
    ) -> Self {
        let clock = Arc::new(ManualClock::new(NOW));
        let node = node(members, Arc::clone(&clock));
        let answers = node.roster().member(node.me()).unwrap().answer_key;
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("tally.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let shutdown = CancellationToken::new();
        let surroundings = Surroundings {
            data: folder.path().to_owned(),
            listen: None,
            unlocked_by: Some(folder.path().join("tally.sock")),
        };
        let router = router(Arc::clone(&node), surroundings, Texts::built_in());
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, router, limits, shutdown.clone()));
        Self { node, clock, answers, shutdown, serving, socket, folder }
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(super) async fn connect(&self) -> UnixStream {
        UnixStream::connect(&self.socket).await.unwrap()
    }

    /// Sends `text` as it is and reads until the node closes.
    pub(super) async fn raw(&self, text: &str) -> Reply {
        let mut stream = self.connect().await;
        // The node may close before it has read a body that it refuses.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
        let _ = read.expect("the node replies and closes");
        // An archive is no text.
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no reply: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let text = body.to_owned();
        let body = serde_json::from_str(body).unwrap_or(Value::Null);
        Reply { status, head: head.to_owned(), body, text }
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.raw(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        let length = body.len();
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// Posts as HTTP/1.0, so that a stream comes as it is, without chunks.
    pub(super) async fn post_stream(&self, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        let length = body.len();
        let head = "HTTP/1.0\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length";
        self.raw(&format!("POST {path} {head}: {length}\r\n\r\n{body}")).await
    }

    /// Records a consent; gives its id and the withdrawal code.
    pub(super) async fn consent(&self, changes: Value) -> (String, String) {
        let reply = self.post("/v1/consents", &consent(changes)).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let text = |name: &str| reply.body[name].as_str().unwrap().to_owned();
        (text("consent"), text("withdrawal_code"))
    }
}

/// A good consent with some members changed.
pub(super) fn consent(changes: Value) -> Value {
    let mut body = json!({
        "identifiers": [{"scheme": "kh-nid", "value": "០១២ ៣៤៥ ៦៧៨"}, {"scheme": "phone", "value": "012 345 678"}],
        "purpose": "loan-application",
        "until": "2026-12-31",
        "notice": "km",
        "evidence": {"kind": "signed-form", "bytes": "Zm9ybQ=="},
        "officer": "Sok",
    });
    merge(&mut body, changes);
    body
}

/// A good inquiry with some members changed.
pub(super) fn inquiry(consent: &str, changes: Value) -> Value {
    let mut body = json!({
        "purpose": "loan-application",
        "persons": [{"role": "applicant", "consent": consent}],
        "requested": {"currency": "USD", "amount": "500", "instalment": "50", "frequency": "monthly"},
        "household_income": {"currency": "USD", "amount": "400"},
    });
    merge(&mut body, changes);
    body
}

fn merge(body: &mut Value, changes: Value) {
    let (Value::Object(body), Value::Object(changes)) = (body, changes) else { panic!("objects") };
    body.extend(changes);
}
