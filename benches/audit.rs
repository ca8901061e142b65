//! The verifier of exports. Aim, on one core of two at 2.5 GHz without SHA instructions: signature, tree, tiles and
//! schema of 100,000 leaves in under a second.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tallystick::audit::export::{CHECKPOINT, EXPORT_VERSION, MANIFEST, Manifest, QUORUM, roster_path};
use tallystick::audit::{Export, Options, verify};
use tallystick::clock::UnixTime;
use tallystick::digest::{Digest, TransactionId};
use tallystick::merkle::cosignature::{cosign, merge};
use tallystick::merkle::tile::{self, TILE_WIDTH};
use tallystick::merkle::tree::Appender;
use tallystick::merkle::{Checkpoint, CosignerKey, SignerKey, VerifierKey, leaf_hash, sign_checkpoint};
use tallystick::model::leaf::{
    CheckpointReference, EvaluationKind, Leaf, LeafBody, LeafReference, PointsReference, RefusalCode,
};
use tallystick::roster::{Member, Role, RosterDocument, log_origin};
use tallystick::secret::{SecretBytes, SeededEntropy};
use tallystick::signing::{Signed, SigningKey};

type Files = BTreeMap<String, Vec<u8>>;

const LEAVES: u64 = 100_000;
const NOW: UnixTime = UnixTime(1_795_305_600);

fn points(n: u64) -> PointsReference {
    PointsReference { count: 16, digest: Digest([n.to_le_bytes()[0]; 32]) }
}

/// A key holder's log, of leaves as they come: most of them evaluations for others, of some 700 bytes each.
fn body(n: u64) -> LeafBody {
    let leaf = LeafReference { index: n, hash: Digest([7; 32]) };
    match n {
        0 => LeafBody::LogOpened { network: "bench".to_owned() },
        n if n % 10 == 0 => LeafBody::EvaluationRefused {
            peer: "lender-b".parse().expect("a name"),
            evaluation: EvaluationKind::Open,
            reason: RefusalCode::QuotaSpent,
        },
        n => LeafBody::EvaluationServed {
            peer: "lender-b".parse().expect("a name"),
            evaluation: EvaluationKind::Open,
            epoch: 1,
            generation: 1,
            leaf,
            checkpoint: CheckpointReference { size: n + 1, root: Digest([8; 32]) },
            points: points(n),
            results: points(n),
        },
    }
}

fn export() -> Files {
    let entropy = SeededEntropy::new(1);
    let network = "bench".parse().expect("a name");
    let member = "lender-a".parse().expect("a name");
    let origin = log_origin(&network, &member);
    let name = || origin.parse().expect("a name");
    let log = SignerKey::new(name(), SecretBytes::random(&entropy));
    let cosigner = CosignerKey::new(name(), SecretBytes::random(&entropy));
    let operator = SigningKey::from_seed(SecretBytes::random(&entropy));
    let document = RosterDocument {
        format: 1,
        network: network.clone(),
        version: 1,
        issued: NOW,
        expires: NOW.plus_seconds(86_400),
        certificate_authority: String::new(),
        revocations: None,
        members: vec![Member {
            id: member.clone(),
            name: "A".to_owned(),
            roles: [Role::Operator, Role::Witness].into(),
            addresses: Vec::new(),
            log_key: log.verifier().to_string(),
            cosigner_key: AsRef::<VerifierKey>::as_ref(cosigner.verifier()).to_string(),
            feed_key: operator.verify_key(),
            answer_key: operator.verify_key(),
            share_recipient: String::new(),
            admitted: NOW,
            removed: None,
        }],
        epochs: Vec::new(),
        policy: include_str!("../config/policy-demo.toml").to_owned(),
    };
    let roster = Signed::<RosterDocument>::sign(serde_json::to_vec(&document).expect("JSON"), &operator);
    let roster = roster.expect("a roster");
    let leaves: Vec<Vec<u8>> =
        (0..LEAVES).map(|n| Leaf::new(NOW, TransactionId([3; 16]), body(n)).to_bytes()).collect();
    let mut appender = Appender::new(0, &BTreeMap::new()).expect("an empty log");
    for leaf in &leaves {
        appender.append(leaf_hash(leaf));
    }
    let appended = appender.finish();
    let mut files = Files::new();
    for (id, row) in appended.tiles {
        files.insert(id.path(id.width(LEAVES).expect("in the tree")), row);
    }
    for (number, bundle) in (0..).zip(leaves.chunks(TILE_WIDTH)) {
        let width = bundle.len().try_into().expect("at most 256");
        files.insert(tile::entries_path(number, width), tile::encode_entries(bundle).expect("short leaves"));
    }
    let checkpoint = Checkpoint::new(name(), LEAVES, appended.root).expect("a checkpoint");
    let mut note = sign_checkpoint(&checkpoint, &log).expect("a note");
    let line = cosign(note.text(), NOW, &cosigner).expect("a cosignature");
    merge(&mut note, &[line], std::slice::from_ref(cosigner.verifier())).expect("room for one");
    let manifest = Manifest {
        v: EXPORT_VERSION,
        network,
        member,
        origin: origin.clone(),
        operator_key: operator.verify_key(),
        exported_at: NOW,
        size: LEAVES,
    };
    files.insert(CHECKPOINT.to_owned(), note.to_bytes());
    files.insert(QUORUM.to_owned(), note.to_bytes());
    files.insert(roster_path(1), serde_json::to_vec(&roster).expect("JSON"));
    files.insert(MANIFEST.to_owned(), serde_json::to_vec(&manifest).expect("JSON"));
    files
}

fn audit(c: &mut Criterion) {
    let files = export();
    let mut group = c.benchmark_group("verify");
    group.sample_size(10).throughput(Throughput::Elements(LEAVES));
    group.bench_function("tree and schema of 100,000 leaves", |b| {
        b.iter(|| {
            let exports = [Export { name: "lender-a", folder: black_box(&files) }];
            let report = verify(&exports, &Options::default(), &SeededEntropy::new(2));
            assert!(report.unchecked.is_empty() && report.findings.is_empty(), "{report:?}");
            report
        });
    });
    group.finish();
}

criterion_group!(benches, audit);
criterion_main!(benches);
