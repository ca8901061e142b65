//! A whole node: what its export holds beside the log, and the log as it is served.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tallystick::api::log_router;
use tallystick::audit::export::{Fork, Manifest, RowLine, StateConflict};
use tallystick::cli::log::export::{Written, export};
use tallystick::digest::{Digest, TransactionId, hash};
use tallystick::feed::Page;
use tallystick::feed_state::FeedState;
use tallystick::formats::Format;
use tallystick::http::serve_log;
use tallystick::merkle::{Checkpoint, SetDigest, SignerKey, sign_checkpoint};
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::node::{ImportOptions, Node};
use tallystick::roster::{Roster, RosterDocument};
use tallystick::secret::SecretBytes;
use tallystick::signing::{Signed, SignedObject as _, SigningKey};
use tallystick::store::Store;
use tallystick::threshold::Point;
use tallystick::wire::message::LogUpdate;

use crate::checker::Check;
use crate::support::{Solo, tables};

const CLIENTS: u32 = 20;

fn solo() -> (Solo, Arc<Node>) {
    let solo = Solo::new(include_str!("../../config/policy-demo.toml"), "2026-11-22".parse().unwrap());
    let node = solo.start(Store::memory(&tables()).unwrap());
    (solo, node)
}

fn load(node: &Node, clients: u32) {
    let mut csv =
        "account,client,branch,as_of,kh-nid,status,currency,disbursed,outstanding,overdue\n".to_owned();
    for number in 1..=clients {
        let nid = 100_000_000 + number * 7;
        writeln!(csv, "L-{number},C-{number},Kandal,2026-11-20,{nid},current,KHR,9000000,{number}00,")
            .unwrap();
    }
    let options = ImportOptions::new(Format::Csv, "book.csv");
    let outcome = node.import(&mut csv.as_bytes(), &options, &mut |_| ()).unwrap();
    assert_eq!(outcome.load.rejected, 0);
}

async fn publish(node: &Node) {
    while node.publish_round().await.unwrap().clients > 0 {}
    node.sign_feed_state().unwrap();
}

/// Leaves until the log is wider than one tile.
fn widen(node: &Node) {
    let now = node.clock().now();
    let body = |number: u8| LeafBody::WithdrawalReceived { withdrawal: Digest([number; 32]) };
    let leaves: Vec<Leaf> =
        (0..=255).map(|number| Leaf::new(now, TransactionId([number; 16]), body(number))).collect();
    node.log().append(Box::new(move |_, _| Ok(leaves))).unwrap();
}

fn check(node: &Node) -> Check {
    let roster = node.roster();
    let member = roster.member(node.me()).unwrap();
    Check {
        log: member.log_key.clone(),
        cosigners: vec![member.cosigner_key.clone()],
        cosigned: 1,
        quorum: 1,
        olds: Vec::new(),
    }
}

fn export_to(node: &Arc<Node>, folder: &Path) -> Written {
    export(node, folder).unwrap_or_else(|failure| panic!("{}", failure.words()))
}

fn json<T: DeserializeOwned>(folder: &Path, file: &str) -> T {
    serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap()
}

/// The rows in the export are those that the lender's signed state is of.
fn check_feed(node: &Node, folder: &Path, rows: u64) {
    let roster = node.roster();
    let me = node.me();
    let signed: Signed<FeedState> = json(folder, &format!("feeds/{me}.json"));
    let state = signed.verify(&roster.member(me).unwrap().feed_key).unwrap();
    let lines = std::fs::read_to_string(folder.join(format!("feeds/{me}.jsonl"))).unwrap();
    let lines: Vec<RowLine> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let open = Point::from_bytes(&roster.current_epoch().unwrap().open.public_key.0).unwrap();
    let mut digest = SetDigest::new();
    for line in &lines {
        digest.add(&line.hash(me).0);
        let header = line.header(node.network(), me).unwrap();
        header.check(&open).unwrap();
    }
    assert!(lines.is_sorted_by_key(|line| line.sequence));
    assert_eq!((state.rows, state.digest), (lines.len() as u64, Digest(digest.digest())));
    assert_eq!(state.rows, rows);
}

#[tokio::test]
async fn beside_the_log_lies_what_its_leaves_rest_on() {
    let (_solo, node) = solo();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    load(&node, CLIENTS);
    publish(&node).await;
    // A newer roster: the leaves that name the old one still have to be judged.
    let operator = SigningKey::from_seed(SecretBytes::new([5; 32]));
    let mut document = node.roster().document().clone();
    document.version = 2;
    let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
    assert!(node.follow_roster(Roster::verify(signed, &operator.verify_key()).unwrap()).unwrap());
    widen(&node);
    assert_eq!(node.gather_quorum().await.unwrap(), (1, 1));
    let first = export_to(&node, at);
    check(&node).verdict(at).unwrap();
    assert!(first.size > 256, "{first:?}");

    let manifest: Manifest = json(at, "tally.json");
    assert_eq!((&manifest.member, manifest.size), (node.me(), first.size));
    assert_eq!(manifest.origin, "tally.test-net/lender-a");
    assert_eq!(manifest.operator_key, operator.verify_key());
    let leaves = node.log().leaves(0, usize::MAX).unwrap();
    let accepted: Vec<(u64, Digest)> = leaves
        .iter()
        .filter_map(|leaf| match Leaf::from_bytes(leaf).unwrap().body {
            LeafBody::RosterAccepted { version, hash } => Some((version, hash)),
            _ => None,
        })
        .collect();
    assert_eq!(accepted.iter().map(|(version, _)| *version).collect::<Vec<_>>(), [1, 2]);
    for (version, expected) in accepted {
        let signed: Signed<RosterDocument> = json(at, &format!("rosters/{version}.json"));
        assert_eq!(hash("tallystick/roster-hash/v1", &[signed.bytes()]), expected);
    }
    check_feed(&node, at, u64::from(CLIENTS));
    let mut files: Vec<&str> = first.files.iter().map(String::as_str).collect();
    files.sort_unstable();
    let names = ["checkpoint", "feeds/lender-a.json", "feeds/lender-a.jsonl", "quorum"];
    assert_eq!(files, [&names[..], &["rosters/1.json", "rosters/2.json"]].concat());

    // Nothing has changed, and the clock stands still.
    let again = export_to(&node, at);
    assert_eq!((again.tiles, again.bundles, again.files), (0, 0, Vec::new()));
    load(&node, CLIENTS + 1);
    publish(&node).await;
    let grown = export_to(&node, at);
    assert!(grown.files.contains(&"feeds/lender-a.jsonl".to_owned()), "{grown:?}");
    assert!(!grown.files.iter().any(|file| file.starts_with("rosters/")), "{grown:?}");
    check_feed(&node, at, u64::from(CLIENTS) + 1);
    // The newest checkpoint has no cosignature yet; the quorum is of an earlier one.
    check(&node).verdict(at).unwrap_err();
    Check { cosigned: 0, ..check(&node) }.verdict(at).unwrap();
}

/// Evidence as it comes in from a member that lies; the member is this node itself here, under other keys.
fn lie(node: &Node) {
    let me = node.me();
    let signer = SignerKey::new("tally.test-net/lender-a".parse().unwrap(), SecretBytes::new([6; 32]));
    let other = Checkpoint::new(signer.verifier().name().clone(), 1, [1; 32]).unwrap();
    let checkpoint = sign_checkpoint(&other, &signer).unwrap().to_bytes();
    let update = LogUpdate { from: 0, leaves: Vec::new(), checkpoint, quorum: Vec::new() };
    node.mirror().take(me, signer.verifier(), &update, node.clock().now()).unwrap_err();
    let held = node.feeds().state(me).unwrap().unwrap();
    let state = FeedState { digest: Digest([1; 32]), ..held };
    let key = SigningKey::from_seed(SecretBytes::new([8; 32]));
    let signed = Signed::sign(state.to_bytes(), &key).unwrap();
    let now = node.clock().now();
    let key = key.verify_key();
    let (after, rows) = (None, [].as_slice());
    let page = Page { lender: me, key: &key, carrier: me, after, rows, state: &signed, last: true };
    node.feeds().take(node.network(), &page, now).unwrap_err();
}

#[tokio::test]
async fn evidence_goes_with_the_export() {
    let (_solo, node) = solo();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    load(&node, 1);
    publish(&node).await;
    lie(&node);
    export_to(&node, at);
    let fork: Fork = json(at, "evidence/forks/lender-a-1.json");
    assert_eq!(fork.time, node.clock().now());
    assert_eq!(fork.seen.as_bytes(), node.log().head().checkpoint);
    assert!(fork.shown.starts_with("tally.test-net/lender-a\n1\nAQEB"), "{}", fork.shown);
    let sequence = node.feeds().head(node.me()).unwrap().sequence;
    let conflict: StateConflict = json(at, &format!("evidence/feed-states/lender-a-{sequence}.json"));
    let key = node.roster().member(node.me()).unwrap().feed_key;
    let held = conflict.held.verify(&key).unwrap();
    let shown = FeedState::parse(conflict.shown.bytes()).unwrap();
    assert_eq!((held.sequence, shown.sequence), (sequence, sequence));
    assert_ne!(held.digest, shown.digest);
}

#[tokio::test]
async fn no_path_leads_to_anything_else_of_the_node() {
    let (_solo, node) = solo();
    let head = node.export_head().unwrap();
    assert_eq!(head.files, ["rosters/1.json"]);
    for path in
        ["", "rosters/2.json", "rosters/01.json", "rosters/../rosters/1.json", "seen/lender-a", "quorum"]
    {
        assert_eq!(node.export_file(path).unwrap(), None, "{path}");
    }
}

/// Status line and headers in lower case, and the body, of one request.
fn exchange(address: SocketAddr, method: &str, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: log\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8(reply[..end].to_vec()).unwrap().to_lowercase(), reply[end + 4..].to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_such_logs_reads_it_over_http() {
    let (_solo, node) = solo();
    widen(&node);
    assert_eq!(node.gather_quorum().await.unwrap(), (1, 1));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let serving = serve_log(listener, log_router(Arc::clone(&node)), shutdown.clone());
    let expected = check(&node);
    let size = node.log().head().size;
    let asked = async {
        let asked = tokio::task::spawn_blocking(move || {
            let said = expected.verdict(format!("http://{address}/log")).unwrap();
            assert!(said.starts_with(&format!("accepted: {size} entries")), "{said}");
            look_at_replies(address, size);
        });
        asked.await.unwrap();
        shutdown.cancel();
    };
    tokio::join!(serving, asked);
}

fn look_at_replies(address: SocketAddr, size: u64) {
    let (head, body) = exchange(address, "GET", "/log/checkpoint");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/plain; charset=utf-8"), "{head}");
    assert!(head.contains("cache-control: no-cache"), "{head}");
    assert!(body.starts_with(format!("tally.test-net/lender-a\n{size}\n").as_bytes()));
    let partial = format!("/log/tile/0/001.p/{}", size - 256);
    for (path, length) in [
        ("/log/tile/0/000", Some(8192)),
        ("/log/tile/0/000.p/7", Some(7 * 32)),
        (partial.as_str(), usize::try_from((size - 256) * 32).ok()),
        ("/log/tile/1/000.p/1", Some(32)),
        ("/log/tile/entries/000", None),
    ] {
        let (head, body) = exchange(address, "GET", path);
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        assert!(head.contains("content-type: application/octet-stream"), "{head}");
        assert!(head.contains("immutable"), "{head}");
        assert!(length.is_none_or(|length| length == body.len()), "{path}: {} bytes", body.len());
        let (head, body) = exchange(address, "HEAD", path);
        assert!(head.starts_with("http/1.1 200") && body.is_empty(), "{path}: {head}");
    }
    let long = format!("/log/tile/0/{}", "x001/".repeat(2_000));
    for path in [
        "/",
        "/log",
        "/log/",
        "/log/tile",
        "/log/tile/",
        "/log/checkpoint/",
        "/log/tile/0/001",
        "/log/tile/0/002.p/1",
        "/log/tile/0/000.p/0",
        "/log/tile/0/000.p/256",
        "/log/tile/0/0",
        "/log/tile/64/000",
        "/log/tile/entries/001",
        "/log/tile/entries/../../checkpoint",
        "/log/tile/%2e%2e/checkpoint",
        "/log/tile/0/%30%30%ff",
        "/log/tile/0/x018/x446/x744/x073/x709/x551/615",
        "/log/tile/63/x018/x446/x744/x073/x709/x551/615",
        &long,
        // Nothing of the node's own interface is reached here.
        "/v1/status",
        "/v1/log/export",
    ] {
        let (head, body) = exchange(address, "GET", path);
        let status = head.split(' ').nth(1).unwrap();
        assert!(["404", "400"].contains(&status), "{path}: {head}");
        assert!(body.len() < 200, "{path}");
        assert!(!head.contains("immutable"), "{head}");
    }
    assert!(exchange(address, "POST", "/log/checkpoint").0.starts_with("http/1.1 405"));
}
