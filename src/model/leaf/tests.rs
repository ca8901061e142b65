//! Golden bytes of every kind of leaf: a line of `golden.jsonl` each, in the order of `docs/AUDIT.md`.

use super::*;
use crate::digest::{ConsentId, hash};
use crate::model::consent::{EvidenceKind, NoticeReference};

const TIME: UnixTime = UnixTime(1_795_305_600);

fn digest(byte: u8) -> Digest {
    Digest([byte; 32])
}

fn points(count: u32, byte: u8) -> PointsReference {
    PointsReference { count, digest: digest(byte) }
}

fn at(index: u64) -> LeafReference {
    LeafReference { index, hash: digest(0x1f) }
}

fn terms() -> ConsentTerms {
    ConsentTerms {
        consent: ConsentId([0xc0; 16]),
        purpose: Purpose::LoanApplication,
        from: TIME,
        until: TIME.plus_seconds(86_400),
        uses: 1,
        weak_matches: false,
        notice: NoticeReference {
            version: "2026-1".to_owned(),
            language: "km".to_owned(),
            hash: hash("text", &[]),
        },
        evidence: EvidenceKind::Thumbprint,
    }
}

/// One of every kind, and a second one where a key may be absent or null.
fn every_kind() -> Vec<LeafBody> {
    let member: MemberId = "lender-a".parse().unwrap();
    let checkpoint = CheckpointReference { size: 9, root: digest(0x0c) };
    let given = |ground| LeafBody::ConsentGiven {
        terms: terms(),
        commitment: digest(1),
        withdrawal: digest(2),
        epoch: 1,
        locate: points(4, 3),
        footprint: points(16, 4),
        ground,
    };
    let (by, request) = (UserId([0x0b; 8]), Some(TransactionId([0x0e; 16])));
    let accessed = |access, request, of, user| LeafBody::Accessed { by, access, request, of, user };
    let state = |as_of| LeafBody::FeedState { hash: digest(5), sequence: 7, rows: 6, as_of };
    vec![
        LeafBody::LogOpened { network: "demo".to_owned() },
        LeafBody::RosterAccepted { version: 3, hash: digest(6) },
        LeafBody::SharesInstalled { epoch: 1, generation: 2, holder: 3 },
        given(None),
        given(Some(LawfulGround { name: "court-order".to_owned(), approval: digest(7) })),
        LeafBody::ConsentWithdrawn { consent: at(4) },
        LeafBody::WithdrawalReceived { withdrawal: digest(2) },
        LeafBody::ReportingBatch { epoch: 1, points: points(3, 8) },
        LeafBody::InquiryOpened {
            consent: at(4),
            r#use: 1,
            purpose: Purpose::SubjectAccess,
            epoch: 1,
            points: points(16, 9),
            weak: 0,
            footprint: digest(10),
            feeds: digest(11),
            question: digest(12),
        },
        LeafBody::InquiryAnswered { opened: vec![at(8), at(9)], answer: digest(13) },
        LeafBody::InquiryRefused { consent: Some(at(4)), reason: RefusalCode::UsedUp },
        LeafBody::InquiryRefused { consent: None, reason: RefusalCode::NoConsent },
        LeafBody::EvaluationServed {
            peer: member.clone(),
            evaluation: EvaluationKind::Open,
            epoch: 1,
            generation: 2,
            leaf: at(8),
            checkpoint,
            points: points(16, 9),
            results: points(16, 14),
        },
        LeafBody::EvaluationRefused {
            peer: member.clone(),
            evaluation: EvaluationKind::Footprint,
            reason: RefusalCode::QuotaSpent,
        },
        state(Some("2026-11-21".parse().unwrap())),
        state(None),
        LeafBody::LoadDecided { commitment: digest(15), decision: LoadDecision::Released },
        LeafBody::Erasure { of: at(4), ground: ErasureGround::ClientRequest, approval: digest(16) },
        LeafBody::BindingMade { sample: digest(17), leaves: 30 },
        accessed(Access::Inquiry, None, None, None),
        accessed(Access::AnswerRead, request, Some(at(8)), None),
        accessed(Access::SignInReset, request, None, Some(UserId([0x0c; 8]))),
        LeafBody::LogRecovered {
            had: CheckpointReference { size: 7, root: digest(0x0d) },
            recovered: checkpoint,
            again: 1,
        },
        LeafBody::LogSucceeds {
            member: member.clone(),
            had: CheckpointReference { size: 7, root: digest(0x0d) },
            signed: checkpoint,
        },
        LeafBody::DisputeOpened { dispute: digest(18), lender: member.clone(), consent: at(4) },
        LeafBody::DisputeReceived { dispute: digest(18), opener: member, leaf: at(20) },
        LeafBody::DisputeAnswered {
            dispute: digest(18),
            answer: DisputeAnswer::Rejected,
            statement: digest(19),
        },
        LeafBody::DisputeResolved { dispute: digest(18), outcome: DisputeOutcome::Corrected },
        LeafBody::DisputeEscalated { dispute: digest(18) },
        LeafBody::MarketCounted {
            month: "2026-11".parse().unwrap(),
            epsilon_thousandths: 500,
            covers: 27,
            of: 28,
            clients: [1_204, 310, -7, 0],
        },
    ]
}

#[test]
fn every_kind_has_its_golden_bytes() {
    let leaves = every_kind().into_iter().map(|body| Leaf::new(TIME, TransactionId([0xab; 16]), body));
    let mut written = String::new();
    for leaf in leaves {
        let bytes = leaf.to_bytes();
        assert_eq!(Leaf::from_bytes(&bytes), Ok(leaf), "round trip");
        written += std::str::from_utf8(&bytes).unwrap();
        written.push('\n');
    }
    assert_eq!(written, include_str!("golden.jsonl"));
}

#[test]
fn another_version_a_cut_one_and_more_behind_it_are_no_leaves() {
    for body in every_kind() {
        let text = String::from_utf8(Leaf::new(TIME, TransactionId([1; 16]), body).to_bytes()).unwrap();
        assert!(Leaf::from_bytes(text.replacen("\"v\":1", "\"v\":2", 1).as_bytes()).is_err());
        for end in 0..text.len() {
            assert!(Leaf::from_bytes(&text.as_bytes()[..end]).is_err(), "{end} bytes of {text}");
        }
        assert!(Leaf::from_bytes(format!("{text} x").as_bytes()).is_err());
        let more = text.replacen("{\"v\"", "{\"more\":1,\"v\"", 1);
        assert!(Leaf::from_bytes(more.as_bytes()).is_err(), "an unknown key: {more}");
    }
}

#[test]
fn the_document_names_every_kind_and_code() {
    let document = include_str!("../../../docs/AUDIT.md");
    for line in include_str!("golden.jsonl").lines() {
        let leaf: serde_json::Value = serde_json::from_str(line).unwrap();
        let kind = leaf["kind"].as_str().unwrap();
        let row = document.lines().find(|row| row.starts_with(&format!("| `{kind}` |")));
        let row = row.unwrap_or_else(|| panic!("AUDIT.md has no row for {kind}"));
        // Its own keys stand in the row.
        let common = ["v", "time", "transaction", "kind"];
        for key in leaf.as_object().unwrap().keys().filter(|key| !common.contains(&key.as_str())) {
            assert!(row.contains(&format!("`{key}`")), "{kind}: {key}");
        }
    }
}
