//! A load of 100,000 loans into a store on disk, every page synced. Aim, on two cores at 2.5 GHz with a disk that
//! syncs in a few milliseconds: well above 10,000 rows a second.

use std::fmt::Write as _;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tallystick::formats::Format;
use tallystick::node::ImportOptions;
use tallystick::store::{Store, StoreOptions};

#[expect(clippy::unwrap_used, reason = "a support of tests")]
#[path = "../tests/support/mod.rs"]
mod support;

const ROWS: u64 = 100_000;

/// Two loans a client, a telephone beside the card of every second client.
fn file(as_of: &str) -> String {
    let mut text = String::from(
        "account,client,branch,as_of,kh-nid,phone,kind,status,currency,disbursed,outstanding,overdue,days_past_due,\
         instalment,frequency,opened,matures\n",
    );
    for number in 0..ROWS {
        let client = number / 2;
        let nid = 100_000_000 + client * 7;
        let phone =
            if client.is_multiple_of(2) { format!("+8551{:07}", 1_000_000 + client) } else { String::new() };
        let branch = number % 40;
        writeln!(
            text,
            "L-{number:07},C-{client:06},Branch {branch},{as_of},{nid},{phone},individual,current,KHR,4000000,\
             {},0,0,210000,monthly,2026-01-15,2027-12-15",
            1_000_000 + number
        )
        .expect("text grows");
    }
    text
}

fn import(c: &mut Criterion) {
    let solo =
        support::Solo::new(include_str!("../config/policy-demo.toml"), "2026-11-22".parse().expect("a day"));
    let options = ImportOptions { full_portfolio: true, ..ImportOptions::new(Format::Csv, "book.csv") };
    let (first, next) = (file("2026-11-20"), file("2026-11-21"));
    let start = || {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store =
            Store::open(folder.path(), &support::tables(), &StoreOptions::default()).expect("a store");
        (folder, solo.start(store))
    };
    let load = |(folder, node): (tempfile::TempDir, std::sync::Arc<tallystick::node::Node>), text: &str| {
        let outcome = node.import(&mut text.as_bytes(), &options, &mut |_| ()).expect("a good file");
        assert_eq!((outcome.load.good, outcome.held_for.len()), (ROWS, 0));
        (folder, node)
    };
    let mut group = c.benchmark_group("import of 100,000 loans");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10).measurement_time(Duration::from_secs(40));
    group.bench_function("into an empty book", |b| {
        b.iter_batched(start, |lender| load(lender, &first), BatchSize::PerIteration);
    });
    group.bench_function("the next day's, every loan changed", |b| {
        b.iter_batched(|| load(start(), &first), |lender| load(lender, &next), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
