//! The form of the file, byte for byte.

use super::format::*;
use crate::audit::export::RowLine;
use crate::audit::sample::{DrawnKind, DrawnLeaf, Sample};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::feed_state::FeedRead;
use crate::model::identifier::{Identifier, SchemeSet};
use crate::model::leaf::{CheckpointReference, LeafReference};

fn leaf(index: u64) -> LeafReference {
    LeafReference { index, hash: Digest([1; 32]) }
}

fn identifier() -> Identifier {
    Identifier::parse_pair("kh-nid:010203040", &SchemeSet::new()).unwrap()
}

fn results() -> Vec<HolderResults> {
    let (results, proof) = (vec![Digest([2; 32])], [Digest([3; 32]), Digest([4; 32])]);
    vec![HolderResults { holder: "bb".parse().unwrap(), index: 2, results, proof }]
}

fn head() -> BindingHead {
    let sample = Sample {
        v: 1,
        network: "net".parse().unwrap(),
        member: "aa".parse().unwrap(),
        origin: "tally.net/aa".into(),
        checkpoint: CheckpointReference { size: 9, root: Digest([5; 32]) },
        drawn_at: UnixTime(7),
        seed: Digest([6; 32]),
        count: 1,
        leaves: vec![DrawnLeaf { index: 3, hash: Digest([1; 32]), kind: DrawnKind::InquiryOpened }],
    };
    let (network, member) = (sample.network.clone(), sample.member.clone());
    BindingHead { v: BINDING_VERSION, network, member, made_at: UnixTime(8), made: leaf(9), sample }
}

fn row() -> RowLine {
    RowLine {
        sequence: 11,
        epoch: 1,
        locator: Digest([7; 32]),
        row_id: TransactionId([8; 16]),
        version: 2,
        ephemeral: Digest([9; 32]),
        key_commitment: Digest([10; 32]),
        ciphertext_hash: Digest([11; 32]),
        proof: [Digest([12; 32]), Digest([13; 32])],
    }
}

/// A binding with a line of every kind, and a point of every kind.
fn binding() -> Binding {
    let secret = |byte| Revealed([byte; 32]);
    let consent = ConsentBinding {
        leaf: leaf(2),
        identifiers: vec![identifier()],
        evidence: Digest([14; 32]),
        officer: "sokha".into(),
        salt: secret(15),
        ground: Some(GroundBinding { approved_by: vec!["A".into(), "B".into()], salt: secret(30) }),
        locate: vec![
            BlindedPoint::Identifier { place: 0, month: None, blind: secret(16) },
            BlindedPoint::Padding { random: secret(17), blind: secret(18) },
        ],
        footprint: vec![BlindedPoint::Identifier {
            place: 0,
            month: Some("2026-11".parse().unwrap()),
            blind: secret(19),
        }],
        located: results(),
        footprints: Vec::new(),
    };
    let opening = OpeningBinding {
        leaf: leaf(3),
        salt: secret(20),
        question: "{}".into(),
        feeds: vec![FeedRead { lender: "bb".parse().unwrap(), sequence: 11, digest: Digest([21; 32]) }],
        points: vec![
            OpenedPoint::Row { secret: secret(22), lender: "bb".parse().unwrap(), row: row().into() },
            OpenedPoint::Padding { secret: secret(23) },
        ],
        footprint: vec![FootprintRow {
            locator: Digest([24; 32]),
            row_id: TransactionId([25; 16]),
            version: 1,
            key_commitment: Digest([26; 32]),
        }],
    };
    let published = PublishedRow { row_id: TransactionId([27; 16]), sequence: 4, withdrawn: false };
    let batch = BatchBinding {
        leaf: leaf(4),
        points: vec![
            ReportedPoint::Identifier {
                identifier: identifier(),
                blind: secret(28),
                row: Some(published),
                loans: vec!["L-1".into()],
            },
            ReportedPoint::Erased { point: Digest([29; 32]), erasure: 8 },
        ],
        located: Vec::new(),
    };
    Binding {
        head: head(),
        leaves: vec![
            LeafBinding::ConsentGiven(consent.into()),
            LeafBinding::InquiryOpened(opening.into()),
            LeafBinding::ReportingBatch(batch.into()),
            LeafBinding::Erased { leaf: leaf(5), erasure: 8 },
            LeafBinding::Nothing { leaf: leaf(6) },
            LeafBinding::Erasure(Box::new(ErasureBinding {
                leaf: leaf(8),
                order: Some(Digest([31; 32])),
                approved_by: vec!["A".into(), "B".into()],
                salt: secret(32),
            })),
        ],
    }
}

#[test]
fn golden_lines() {
    let golden = include_str!("golden.jsonl");
    let lines = String::from_utf8(binding().to_lines()).unwrap();
    for (number, (line, golden)) in lines.lines().zip(golden.lines()).enumerate() {
        assert_eq!(line, golden, "line {number}");
    }
    assert_eq!(lines, golden);
    assert_eq!(Binding::from_lines(golden.as_bytes()).unwrap(), binding());
}

#[test]
fn what_is_cut_off_or_unknown_is_refused() {
    let lines = binding().to_lines();
    assert_eq!(Binding::from_lines(b""), Err(BindingFormError::Empty));
    assert_eq!(Binding::from_lines(b"\n"), Err(BindingFormError::Empty));
    // At the end of a line it is another binding, which the check finds; anywhere else it is none.
    let ends_line = |end: usize| lines[end] == b'\n' || lines[end - 1] == b'\n';
    for end in (1..lines.len() - 1).filter(|end| !ends_line(*end)) {
        assert!(Binding::from_lines(&lines[..end]).is_err(), "cut at {end}");
    }
    let text = String::from_utf8(lines).unwrap();
    assert_eq!(
        Binding::from_lines(text.replacen("\"v\":2", "\"v\":3", 1).as_bytes()),
        Err(BindingFormError::Version(3))
    );
    for (from, to) in [
        ("\"is\":\"padding\"", "\"is\":\"nobody\""),
        ("\"explains\":\"nothing\"", "\"explains\":\"all\""),
        ("\"officer\":\"sokha\"", "\"officer\":\"sokha\",\"name\":\"x\""),
        ("\"month\":\"2026-11\"", "\"month\":\"2026-13\""),
    ] {
        assert!(text.contains(from));
        assert!(Binding::from_lines(text.replacen(from, to, 1).as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn secrets_do_not_print() {
    let printed = format!("{:?}", binding());
    assert!(!printed.contains("010203040") && !printed.contains(&hex::encode([16; 32])), "{printed}");
}
