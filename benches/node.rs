//! One lender's node on disk, alone in its network and its own key holder: what publishing, asking and the market count
//! cost without any wire. Aims, on two cores at 2.5 GHz: 1,000 changed clients published a second, an answer within 50 ms.

use std::fmt::Write as _;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tallystick::digest::{Digest, TransactionId};
use tallystick::formats::Format;
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::node::{ImportOptions, Inquired, Node};
use tallystick::secret::SystemEntropy;
use tallystick::store::{Store, StoreOptions};
use tokio::runtime::Runtime;

#[expect(dead_code, clippy::unwrap_used, reason = "a support of tests, which use more of it")]
#[path = "../tests/support/person.rs"]
mod person;
#[expect(clippy::unwrap_used, reason = "a support of tests")]
#[path = "../tests/support/mod.rs"]
mod support;

/// Clients of the lender, each with one loan, an identity card and a telephone.
const CLIENTS: u32 = 5_000;

/// Leaves appended, and how many callers append them.
const APPENDS: u64 = 6_400;
const APPENDERS: u64 = 64;

fn nid(client: u32) -> u32 {
    100_000_000 + client * 7
}

/// The book of a day; another `owed`, another content of every row.
fn load(node: &Node, as_of: &str, owed: u32) {
    let mut csv =
        "account,client,branch,as_of,kh-nid,phone,status,currency,disbursed,outstanding,overdue\n".to_owned();
    for client in 0..CLIENTS {
        let (nid, phone) = (nid(client), 1_000_000 + client);
        writeln!(
            csv,
            "L-{client},C-{client},Kandal,{as_of},{nid},+8551{phone:07},current,KHR,9000000,{owed},0"
        )
        .expect("text grows");
    }
    let options = ImportOptions { full_portfolio: true, ..ImportOptions::new(Format::Csv, "book.csv") };
    let outcome = node.import(&mut csv.as_bytes(), &options, &mut |_| ()).expect("a good file");
    assert_eq!((outcome.load.rejected, outcome.held_for.len()), (0, 0));
}

fn publish(runtime: &Runtime, node: &Node) {
    let mut clients = 0;
    loop {
        let round = runtime.block_on(node.publish_round()).expect("a holder is in reach");
        if round.clients == 0 {
            break;
        }
        clients += round.clients;
    }
    assert!(clients >= CLIENTS as usize, "{clients}");
    node.sign_feed_state().expect("a feed");
}

/// Every caller goes on when its own leaf is on the disk; leaves that wait together share one sync.
fn append(node: &Node) {
    let leaf = || {
        let body = LeafBody::WithdrawalReceived { withdrawal: Digest([7; 32]) };
        Leaf::new(node.clock().now(), TransactionId::random(&SystemEntropy::new()), body)
    };
    std::thread::scope(|scope| {
        for _ in 0..APPENDERS {
            scope.spawn(|| {
                for _ in 0..APPENDS / APPENDERS {
                    node.log().append_one(leaf()).expect("the disk takes it");
                }
            });
        }
    });
}

fn node(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let solo =
        support::Solo::new(include_str!("../config/policy-demo.toml"), "2026-11-22".parse().expect("a day"));
    let start = || {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store =
            Store::open(folder.path(), &support::tables(), &StoreOptions::default()).expect("a store");
        let node: Arc<Node> = solo.start(store);
        load(&node, "2026-11-20", 1_000_000);
        (folder, node)
    };
    let mut group = c.benchmark_group(format!("a node with {CLIENTS} clients"));
    group.sample_size(10).throughput(Throughput::Elements(u64::from(CLIENTS)));
    group.bench_function("publish, every client new", |b| {
        b.iter_batched(
            start,
            |(folder, node)| {
                publish(&runtime, &node);
                (folder, node)
            },
            BatchSize::PerIteration,
        );
    });
    let (_folder, node) = start();
    publish(&runtime, &node);
    let mut owed = 1_000_000;
    group.bench_function("publish, every client changed", |b| {
        b.iter_batched(
            || {
                owed += 1;
                load(&node, "2026-11-21", owed);
            },
            |()| publish(&runtime, &node),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("count for the market figures", |b| {
        b.iter(|| node.plain_market_tally().expect("the book is whole"));
    });
    group.throughput(Throughput::Elements(APPENDS));
    group
        .bench_function("append to the consent log by 64 at once, each synced", |b| b.iter(|| append(&node)));
    group.throughput(Throughput::Elements(1));
    let mut client = 0;
    group.bench_function("inquiry, from the question to the signed answer", |b| {
        b.iter_batched(
            || {
                client += 1;
                let request = person::consent(&node, &format!("kh-nid:{}", nid(client % CLIENTS)));
                let recorded = runtime.block_on(node.record_consent(request)).expect("a good consent");
                person::question(&recorded.consent.to_string())
            },
            |question| {
                let inquired = runtime.block_on(node.inquire(&question, None)).expect("a holder is in reach");
                assert!(matches!(inquired, Inquired::Answered(_)), "{inquired:?}");
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, node);
criterion_main!(benches);
