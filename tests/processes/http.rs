//! HTTP over a node's Unix socket, by hand: what a core banking system would send, byte by byte.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

/// Longer than the longest wait of a node for its peers.
const WAIT: Duration = Duration::from_secs(45);

/// The local interface of one node.
#[derive(Clone)]
pub(crate) struct Interface {
    socket: PathBuf,
}

impl Interface {
    pub(crate) fn new(data: &Path) -> Self {
        Self { socket: data.join("tally.sock") }
    }

    /// Status and body of one exchange; an error when the node is not there, or goes away in the middle.
    pub(crate) fn exchange(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(u16, Value)> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(WAIT))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        // In one piece: a node that answers without looking at the body closes, and what comes after is a reset.
        stream.write_all((head + &body).as_bytes())?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply)?;
        parse(&reply).ok_or_else(|| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "half a reply"))
    }

    pub(crate) fn get(&self, path: &str) -> std::io::Result<(u16, Value)> {
        self.exchange("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        self.exchange("POST", path, Some(body))
    }

    /// The body of a reply that must be a success.
    pub(crate) fn good(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, reply) = self.exchange(method, path, body).unwrap();
        assert!((200..300).contains(&status), "{method} {path}: {status} {reply}");
        reply
    }
}

/// A whole reply with a length, or nothing.
fn parse(reply: &[u8]) -> Option<(u16, Value)> {
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&reply[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length: usize = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())?;
    let body = &reply[end + 4..];
    (body.len() == length).then(|| serde_json::from_slice(body).ok()).flatten().map(|body| (status, body))
}

#[test]
fn half_a_reply_is_no_reply() {
    let whole = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    assert_eq!(parse(whole), Some((200, serde_json::json!({ "a": 1 }))));
    for end in 0..whole.len() {
        assert_eq!(parse(&whole[..end]), None, "the first {end} bytes");
    }
}
