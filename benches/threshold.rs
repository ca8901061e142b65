//! What the threshold keys cost, per element. Targets are for one core of a 2.5 GHz x86-64 server without SHA
//! instructions, in elements a second, best round; a busy machine reaches 0.6 of them.
//!
//! | operation | batch 1 | 64 | 1,024 |
//! |---|---|---|---|
//! | blind | 13k | 18k | 19k |
//! | evaluate and prove | 4.5k | 17k | 19k |
//! | verify one holder | 5k | 30k | 50k |
//! | combine three and finalise | 7k | 23k | 25k |

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tallystick::secret::SystemEntropy;
use tallystick::threshold::{
    Blind, Blinded, Deal, HolderIndex, KeyContext, KeyName, Locator, Point, RowContext, SealedRow, SecretKey,
    blind_batch, blind_header, check_proof, check_proofs, combine, combine_and_finalize, deal, evaluate,
    open_row, partial_open, seal, verify_evaluation,
};

const BATCHES: [usize; 3] = [1, 64, 1024];
const THRESHOLD: u8 = 3;

fn context(holder: HolderIndex) -> KeyContext {
    KeyContext { key: KeyName::Locate, network: "bench".to_owned(), epoch: 1, generation: 1, holder }
}

fn new_deal(entropy: &SystemEntropy) -> Deal {
    deal(&SecretKey::random(entropy), THRESHOLD, 5, entropy).expect("3 of 5 is a sharing")
}

fn evaluations(c: &mut Criterion) {
    let entropy = SystemEntropy::new();
    let dealt = new_deal(&entropy);
    for count in BATCHES {
        let inputs: Vec<Vec<u8>> = (0..count).map(|i| format!("kh-nid:{i:09}").into_bytes()).collect();
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let blinded: Vec<Blinded> = blind_batch(&inputs, &entropy).expect("a batch within bounds");
        let blinds: Vec<&Blind> = blinded.iter().map(|blinded| &blinded.blind).collect();
        let points: Vec<Point> = blinded.iter().map(|blinded| blinded.element).collect();
        let encoded: Vec<[u8; 32]> = points.iter().map(Point::to_bytes).collect();
        let answers: Vec<_> = dealt
            .shares
            .iter()
            .map(|share| {
                let answer = evaluate(share, &points, &context(share.index()), &entropy);
                (share.index(), answer.expect("a batch within bounds"))
            })
            .collect();
        // Holders 1, 3 and 4: neither the easiest weights nor the hardest.
        let chosen: Vec<(HolderIndex, &[Point])> =
            [0usize, 2, 3].map(|at| (answers[at].0, answers[at].1.elements.as_slice())).to_vec();

        let mut group = c.benchmark_group("voprf");
        group.throughput(Throughput::Elements(count as u64)).sample_size(10);
        group.bench_function(BenchmarkId::new("blind", count), |b| {
            b.iter(|| blind_batch(black_box(&inputs), &entropy));
        });
        let share = &dealt.shares[0];
        group.bench_function(BenchmarkId::new("decode, evaluate and prove", count), |b| {
            b.iter(|| {
                let points: Result<Vec<Point>, _> = encoded.iter().map(Point::from_bytes).collect();
                evaluate(share, &points.expect("points of our own"), &context(share.index()), &entropy)
            });
        });
        let results: Vec<[u8; 32]> = answers[0].1.elements.iter().map(Point::to_bytes).collect();
        group.bench_function(BenchmarkId::new("decode and verify one holder", count), |b| {
            b.iter(|| {
                let elements: Result<Vec<Point>, _> = results.iter().map(Point::from_bytes).collect();
                let mut answer = answers[0].1.clone();
                answer.elements = elements.expect("points of our own");
                verify_evaluation(&share.commitment(), &context(share.index()), &points, &answer)
                    .expect("an honest holder");
            });
        });
        group.bench_function(BenchmarkId::new("combine three", count), |b| {
            b.iter(|| combine(THRESHOLD, black_box(&chosen)));
        });
        group.bench_function(BenchmarkId::new("combine three and finalise", count), |b| {
            b.iter(|| combine_and_finalize(THRESHOLD, black_box(&chosen), &inputs, &blinds));
        });
        group.finish();
    }
}

fn rows(c: &mut Criterion) {
    let entropy = SystemEntropy::new();
    let dealt = new_deal(&entropy);
    let key = dealt.public_key;
    let locator = Locator([1; 32]);
    let place = RowContext {
        network: "bench",
        epoch: 1,
        lender: "mfi-a",
        locator: &locator,
        row_id: &[2; 16],
        version: 1,
    };
    let record = [3u8; 600];
    let row = seal(&key, &place, &record, &entropy).expect("a record of the first class");
    let opening = blind_header(&row.ephemeral, &entropy);
    let partials: Vec<_> = dealt.shares[..3]
        .iter()
        .map(|share| (share.index(), partial_open(share, &[opening.point()]).expect("one point")))
        .collect();
    let answers: Vec<(HolderIndex, &[Point])> =
        partials.iter().map(|(holder, points)| (*holder, points.as_slice())).collect();
    let combined = combine(THRESHOLD, &answers).expect("three holders")[0];

    let mut group = c.benchmark_group("row");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    group.bench_function("seal", |b| b.iter(|| seal(&key, &place, black_box(&record), &entropy)));
    group.bench_function("blind header", |b| b.iter(|| blind_header(black_box(&row.ephemeral), &entropy)));
    group.bench_function("open", |b| {
        b.iter(|| open_row(&key, &place, &row, &opening, black_box(&combined)).expect("an honest answer"));
    });
    group.bench_function("check proof", |b| {
        b.iter(|| check_proof(&key, &place, black_box(&row)).expect("an honest row"));
    });
    let sealed: Vec<SealedRow> = (0..512)
        .map(|_| seal(&key, &place, &record, &entropy).expect("a record of the first class"))
        .collect();
    for count in [1usize, 64, 512] {
        let pairs: Vec<_> = sealed[..count].iter().map(|row| (place, row)).collect();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("check proofs", count), |b| {
            b.iter(|| check_proofs(&key, black_box(&pairs), &entropy).expect("honest rows"));
        });
    }
    group.finish();
}

criterion_group!(benches, evaluations, rows);
criterion_main!(benches);
