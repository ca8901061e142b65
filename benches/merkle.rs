//! The consent log and the set digest. Aims, on one core of two at 2.5 GHz without SHA instructions: a batch of 1,000
//! leaves in under 2 ms (an fsync costs as much), an inclusion proof out of a million leaves in under 1 ms, a
//! row of a feed in under 10 µs.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tallystick::merkle::tree::{Appender, inclusion_proof};
use tallystick::merkle::{SetDigest, TileId, leaf_hash};

type Store = BTreeMap<TileId, Vec<u8>>;

fn log_of(leaves: u64) -> Store {
    let mut appender = Appender::new(0, &Store::new()).expect("an empty store is a log of size 0");
    (0..leaves).for_each(|n| appender.append(leaf_hash(&n.to_be_bytes())));
    appender.finish().tiles
}

fn merkle(c: &mut Criterion) {
    let million = log_of(1_000_000);
    let entry = [0x5a; 300];
    c.bench_function("append 1,000 leaves of 300 bytes to a log of 1,000,000", |b| {
        b.iter(|| {
            let mut appender = Appender::new(1_000_000, &million).expect("the log is whole");
            (0..1000).for_each(|_| appender.append(leaf_hash(black_box(&entry))));
            appender.finish()
        });
    });
    let mut index = 0;
    c.bench_function("inclusion proof in a log of 1,000,000", |b| {
        b.iter(|| {
            index = (index + 611_953) % 1_000_000;
            inclusion_proof(index, 1_000_000, &million).expect("the log is whole")
        });
    });
    let mut digest = SetDigest::new();
    let row = [0x5a; 1400];
    c.bench_function("add a row of 1,400 bytes to a set digest", |b| b.iter(|| digest.add(black_box(&row))));
}

criterion_group!(benches, merkle);
criterion_main!(benches);
