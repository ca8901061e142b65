//! Golden bytes of every message, as `docs/PROTOCOL.md` describes them: number of the variant first, then the fields in
//! order.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::{decode, encode};
use super::message::*;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, WithdrawalCode};
use crate::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use crate::model::leaf::{EvaluationKind, LeafReference, RefusalCode};
use crate::model::record::{
    DisputeRecord, ExposureRecord, IdentifierCommitment, InquiryFootprint, RecordId, RowContent,
};
use crate::signing::{Signature, Signed};
use crate::threshold::{Locator, SealedRow};

/// 2026-11-22T12:00:00Z: zig-zag 3,590,697,600, a mark for four bytes, little-endian.
const NOW: UnixTime = UnixTime(1_795_348_800);
const NOW_HEX: &str = "fc80b205d6";

#[track_caller]
fn golden<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, parts: &[&str]) {
    let hex = parts.concat();
    assert_eq!(hex::encode(encode(value)), hex, "{value:?}");
    let bytes = hex::decode(&hex).unwrap();
    assert_eq!(&decode::<T>(&bytes, "message").unwrap(), value);
    for end in 0..bytes.len() {
        assert!(decode::<T>(&bytes[..end], "message").is_err(), "cut at {end}: {value:?}");
    }
    assert!(decode::<T>(&[bytes.as_slice(), &[0]].concat(), "message").is_err(), "{value:?}");
}

fn times(byte: &str, count: usize) -> String {
    byte.repeat(count)
}

fn update() -> LogUpdate {
    LogUpdate { from: 5, leaves: vec![b"{}".to_vec()], checkpoint: b"c".to_vec(), quorum: Vec::new() }
}

/// from, leaves, checkpoint, quorum.
const UPDATE_HEX: &str = concat!("05", "01", "02", "7b7d", "01", "63", "00");

fn proof<T: DeserializeOwned>() -> T {
    // Two scalars, 1 and 2.
    let scalars = [times("01", 1), times("00", 31), times("02", 1), times("00", 31)].concat();
    decode(&hex::decode(scalars).unwrap(), "proof").unwrap()
}

#[test]
fn hello_and_welcome() {
    let hello = Hello {
        version_min: 1,
        version_max: 2,
        network: "kh-mfi".parse().unwrap(),
        roster_version: 300,
        time: NOW,
    };
    golden(&hello, &["01", "02", "06", &hex::encode("kh-mfi"), "fb2c01", NOW_HEX]);
    let accepted = Welcome::Accepted { version: 1, roster_version: 7, time: NOW };
    golden(&accepted, &["00", "01", "07", NOW_HEX]);
    golden(&Welcome::NoCommonVersion { version_min: 3, version_max: 4 }, &["01", "03", "04"]);
    golden(&Welcome::NotWelcome { roster_version: 7 }, &["02", "07"]);
}

#[test]
fn requests() {
    golden(&Request::Roster, &["00"]);
    let lender = "lender-b".parse().unwrap();
    let feed = Request::Feed { lender, after: 9, wait_seconds: 20, state_after: NOW };
    golden(&feed, &["01", "08", &hex::encode("lender-b"), "09", "14", NOW_HEX]);
    golden(&Request::Witness(update()), &["02", UPDATE_HEX]);
    let transaction = TransactionId([0xaa; 16]);
    let evaluate = EvaluateRequest {
        transaction,
        evaluation: EvaluationKind::Open,
        epoch: 1,
        generation: 2,
        leaf: LeafReference { index: 4, hash: Digest([0xbb; 32]) },
        points: vec![[0xcc; 32]],
        update: update(),
    };
    let (aa, bb, cc) = (times("aa", 16), times("bb", 32), times("cc", 32));
    golden(
        &Request::Evaluate(Box::new(evaluate)),
        &["03", &aa, "03", "01", "02", "04", &bb, "01", &cc, UPDATE_HEX],
    );
    let prove = Request::ProveOpening { transaction, epoch: 1, points: vec![[0xcc; 32], [0xcc; 32]] };
    golden(&prove, &["04", &aa, "01", "02", &cc, &cc]);
    golden(&Request::Withdraw { code: WithdrawalCode([0xdd; 16]) }, &["05", &times("dd", 16)]);
    golden(&Request::Withdrawals { after: 251 }, &["06", "fbfb00"]);
    let holding =
        Holding { lender: "lender-b".parse().unwrap(), sequence: 300, time: NOW, digest: Digest([0xaa; 32]) };
    golden(
        &Request::Holdings { held: vec![holding], wait_seconds: 15 },
        &["07", "01", "08", &hex::encode("lender-b"), "fb2c01", NOW_HEX, &times("aa", 32), "0f"],
    );
    let logged = || LoggedLeaf { bytes: b"{}".to_vec(), index: 8, proof: vec![[0x55; 32]] };
    let logged_hex = ["02", "7b7d", "08", "01", &times("55", 32)].concat();
    let step = |consent, letter: &[u8], concerns| {
        let (leaf, letter) = (logged(), letter.to_vec());
        let message =
            DisputeMessage { transaction, leaf, consent, checkpoint: b"c".to_vec(), letter, concerns };
        Request::Dispute(Box::new(message))
    };
    golden(
        &step(Some(logged()), b"l", None),
        &["09", &aa, &logged_hex, "01", &logged_hex, "01", "63", "01", "6c", "00"],
    );
    let (opener, lender) = ("lender-a".parse().unwrap(), "lender-b".parse().unwrap());
    let concerns = DisputeConcerns { opener, lender, opened: NOW };
    golden(
        &step(None, b"", Some(concerns)),
        &[
            "09",
            &aa,
            &logged_hex,
            "00",
            "01",
            "63",
            "00",
            "01",
            "08",
            &hex::encode("lender-a"),
            "08",
            &hex::encode("lender-b"),
            NOW_HEX,
        ],
    );
    let state = Signed::from_parts(b"{}".to_vec(), Signature([0xee; 64])).unwrap();
    let carry = Request::Carry { lender: "hub".parse().unwrap(), rows: Vec::new(), state, last: true };
    golden(&carry, &["08", "03", "687562", "00", "02", "7b7d", "40", &times("ee", 64), "01"]);
    golden(&Request::OwnLog, &["0a"]);
    golden(&Request::OwnLeaves { from: 300 }, &["0b", "fb2c01"]);
    golden(&Request::StandBy { wait_seconds: 25 }, &["0c", "19"]);
    golden(&Request::Reach { member: "hub".parse().unwrap() }, &["0d", "03", "687562"]);
    let kinds =
        [EvaluationKind::Reporting, EvaluationKind::Locate, EvaluationKind::Footprint, EvaluationKind::Open];
    for (number, kind) in (0u8..).zip(kinds) {
        assert_eq!(encode(&kind), [number]);
    }
}

/// A canonical encoding of a point.
const POINT: &str = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76";

pub(super) fn feed_row() -> FeedRow {
    let point = POINT;
    FeedRow {
        sequence: 12,
        epoch: 1,
        locator: Locator([0x11; 32]),
        row_id: [0x22; 16],
        version: 3,
        sealed: SealedRow {
            ephemeral: decode(&hex::decode(point).unwrap(), "point").unwrap(),
            key_commitment: [0x33; 32],
            ciphertext: vec![0x44; 5],
            proof: decode(&hex::decode([point, "02", &times("00", 31)].concat()).unwrap(), "proof").unwrap(),
        },
    }
}

#[test]
fn replies() {
    let ee = times("ee", 64);
    let signed = |bytes: &[u8]| (bytes.to_vec(), Signature([0xee; 64]));
    // A signed object: its bytes and the signature, each with its length.
    let (bytes, signature) = signed(b"{}");
    golden(&Reply::Roster(Signed::from_parts(bytes, signature).unwrap()), &["00", "02", "7b7d", "40", &ee]);
    let point = times(POINT, 1);
    let row = feed_row();
    let row_hex = [
        "0c",
        "01",
        &times("11", 32),
        &times("22", 16),
        "03",
        &point,
        &times("33", 32),
        "05",
        &times("44", 5),
        &point,
        "02",
        &times("00", 31),
    ]
    .concat();
    let (bytes, signature) = signed(b"{}");
    let state = Signed::from_parts(bytes, signature).unwrap();
    golden(
        &Reply::Feed { rows: vec![row], state: state.clone(), last: true },
        &["01", "01", &row_hex, "02", "7b7d", "40", &ee, "01"],
    );
    golden(
        &Reply::Feed { rows: Vec::new(), state: state.clone(), last: false },
        &["01", "00", "02", "7b7d", "40", &ee, "00"],
    );
    let held = HeldState { lender: "lender-b".parse().unwrap(), state };
    let wanted = WantedFeed { lender: "hub".parse().unwrap(), after: 9 };
    golden(
        &Reply::Holdings { states: vec![held], wanted: vec![wanted] },
        &["0a", "01", "08", &hex::encode("lender-b"), "02", "7b7d", "40", &ee, "01", "03", "687562", "09"],
    );
    golden(&Reply::Carried { after: 300 }, &["0b", "fb2c01"]);
    golden(&Reply::Cosigned { cosignature: "sig".to_owned() }, &["02", "03", "736967"]);
    golden(&Reply::LogSize { have: 4 }, &["03", "04"]);
    let evidence =
        ServedEvidence { leaf: b"{}".to_vec(), index: 8, proof: vec![[0x55; 32]], checkpoint: b"c".to_vec() };
    let evidence_hex = ["02", "7b7d", "08", "01", &times("55", 32), "01", "63"].concat();
    let evaluated = |proof| Evaluated {
        results: vec![[0xcc; 32]],
        proof,
        evidence: evidence.clone(),
        cosignature: "sig".to_owned(),
    };
    let (cc, scalars) =
        (times("cc", 32), [times("01", 1), times("00", 31), times("02", 1), times("00", 31)].concat());
    let reply = Reply::Evaluated(Box::new(evaluated(Some(proof()))));
    golden(&reply, &["04", "01", &cc, "01", &scalars, &evidence_hex, "03", "736967"]);
    let reply = Reply::Evaluated(Box::new(evaluated(None)));
    golden(&reply, &["04", "01", &cc, "00", &evidence_hex, "03", "736967"]);
    golden(&Reply::OpeningProof { proof: proof() }, &["05", &scalars]);
    golden(&Reply::Withdrawn, &["06"]);
    let codes = vec![WithdrawalCode([0xdd; 16])];
    golden(&Reply::Withdrawals { codes }, &["07", "01", &times("dd", 16)]);
    let refusal = |code, renews| Reply::Refused(Refusal { code, renews });
    golden(&refusal(RefusalCode::WrongOrigin, None), &["08", "00", "00"]);
    golden(&refusal(RefusalCode::QuotaSpent, Some(NOW)), &["08", "10", "01", NOW_HEX]);
    golden(&refusal(RefusalCode::Isolated, None), &["08", "13", "00"]);
    golden(&refusal(RefusalCode::AheadOfFeed, Some(NOW)), &["08", "14", "01", NOW_HEX]);
    golden(&Reply::Unavailable { why: "stop".to_owned() }, &["09", "04", &hex::encode("stop")]);
    golden(&Reply::DisputeTaken, &["0c"]);
    golden(&Reply::OwnLog { checkpoint: b"c".to_vec(), current: true }, &["0d", "01", "63", "01"]);
    golden(&Reply::OwnLeaves { leaves: vec![b"{}".to_vec(), Vec::new()] }, &["0e", "02", "02", "7b7d", "00"]);
    golden(&Reply::Called, &["0f"]);
    golden(&Reply::NotCalled, &["10"]);
    golden(&Reply::Reached, &["11"]);
    golden(&Reply::WithdrawnHere, &["12"]);
}

#[test]
fn what_lies_inside_a_seal() {
    let facility = Facility {
        reference: FacilityReference([0x66; 16]),
        kind: FacilityKind::GroupMember,
        status: FacilityStatus::Delinquent,
        currency: "KHR".parse().unwrap(),
        disbursed: Some(1_000),
        outstanding: Some(-1),
        overdue: None,
        days_past_due: Some(30),
        days_past_due_worst: None,
        instalment: Some(100),
        frequency: Some(Frequency::Monthly),
        rate_yearly_basis_points: None,
        opened: Some("2026-01-31".parse().unwrap()),
        matures: None,
        closed: None,
        written_off: None,
        written_off_on: None,
        loan_cycle: Some(2),
        disputed: true,
    };
    let facility_hex = [
        &times("66", 16),
        "01",
        "01",
        "034b4852",
        "01fbd007",
        "0101",
        "00",
        "011e",
        "00",
        "01c8",
        "0104",
        "00",
        // Days since 1970-01-01, zig-zag: 20,484.
        "01fb08a0",
        "00",
        "00",
        "00",
        "00",
        "0102",
        "01",
    ]
    .concat();
    let exposure = RowContent::Exposure(ExposureRecord {
        record: RecordId([0x77; 16]),
        scheme: "kh-nid".parse().unwrap(),
        as_of: "2026-11-22".parse().unwrap(),
        facilities: vec![facility],
        strong: vec![IdentifierCommitment {
            scheme: "kh-nid".parse().unwrap(),
            salt: [0x88; 32],
            commitment: [0x99; 32],
        }],
    });
    let (record, scheme) = (times("77", 16), ["06", &hex::encode("kh-nid")].concat());
    golden(
        &exposure,
        &[
            "00",
            &record,
            &scheme,
            "fb56a2",
            "01",
            &facility_hex,
            "01",
            &scheme,
            &times("88", 32),
            &times("99", 32),
        ],
    );
    let footprint = |amount| {
        RowContent::Footprint(InquiryFootprint {
            record: RecordId([0x77; 16]),
            asked: NOW,
            purpose: "guarantee".to_owned(),
            amount,
        })
    };
    let purpose = ["09", &hex::encode("guarantee")].concat();
    let amount = Some(("USD".parse().unwrap(), 50_000));
    golden(&footprint(amount), &["01", &record, NOW_HEX, &purpose, "01", "03555344", "fca0860100"]);
    golden(&footprint(None), &["01", &record, NOW_HEX, &purpose, "00"]);
    let about = RecordId([0x78; 16]);
    let dispute = RowContent::Dispute(DisputeRecord { record: RecordId([0x77; 16]), about, opened: NOW });
    golden(&dispute, &["02", &record, &times("78", 16), NOW_HEX]);
    golden(&RowContent::Tombstone, &["03"]);
}
