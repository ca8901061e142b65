//! A small scene to set up by hand: one policy, one question, a few loans.

use tallystick::clock::UnixTime;
use tallystick::model::answer::Answer;
use tallystick::model::day::Day;
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use tallystick::model::inquiry::{InquiryRequest, Role};
use tallystick::model::member::MemberId;
use tallystick::model::policy::Policy;
use tallystick::model::record::{ExposureRecord, InquiryFootprint, RecordId};
use tallystick::policy::{AssessInput, MemberFreshness, PersonExposures, assess};

/// 2026-11-22T12:00:00Z.
pub(crate) const NOW: UnixTime = UnixTime(1_795_348_800);

/// A policy in USD and KHR (4,000 for one USD) with these rules and `incomplete_data`.
pub(crate) fn policy(rules: &str, more: &str) -> Policy {
    Policy::from_toml(&policy_text(rules, more)).unwrap()
}

/// The text of [`policy`].
pub(crate) fn policy_text(rules: &str, more: &str) -> String {
    format!(
        r#"
name = "Scene"
version = 1
issued = "2026-11-01"
[identifiers]
accepted = ["phone"]
[currencies]
reference = "USD"
[currencies.pinned.USD]
exponent = 2
[currencies.pinned.KHR]
exponent = 2
per_reference = "4000"
as_of = "2026-11-20"
{rules}
[[rules]]
rule = "incomplete_data"
on_breach = "refer"
source = "scene"
{more}
"#
    )
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn member(name: &str) -> MemberId {
    name.parse().unwrap()
}

/// A running individual loan in USD: 100.00 owed of 200.00, nothing overdue, 10.00 a month until 2027-09-22.
pub(crate) fn loan(reference: u8) -> Facility {
    Facility {
        reference: FacilityReference([reference; 16]),
        kind: FacilityKind::Individual,
        status: FacilityStatus::Current,
        currency: "USD".parse().unwrap(),
        disbursed: Some(20_000),
        outstanding: Some(10_000),
        overdue: Some(0),
        days_past_due: Some(0),
        days_past_due_worst: Some(0),
        instalment: Some(1_000),
        frequency: Some(Frequency::Monthly),
        rate_yearly_basis_points: None,
        opened: Some(day("2026-01-10")),
        matures: Some(day("2027-09-22")),
        closed: None,
        written_off: None,
        written_off_on: None,
        loan_cycle: Some(1),
        disputed: false,
    }
}

pub(crate) fn record(id: u8, as_of: &str, facilities: Vec<Facility>) -> ExposureRecord {
    ExposureRecord {
        record: RecordId([id; 16]),
        scheme: "phone".parse().unwrap(),
        as_of: day(as_of),
        facilities,
        strong: Vec::new(),
    }
}

pub(crate) fn footprint(id: u8, seconds_ago: i64) -> InquiryFootprint {
    InquiryFootprint {
        record: RecordId([id; 16]),
        asked: NOW.plus_seconds(-seconds_ago),
        purpose: "loan-application".to_owned(),
        amount: None,
    }
}

pub(crate) fn person(role: Role, others: Vec<(&str, ExposureRecord)>) -> PersonExposures {
    PersonExposures {
        ground: None,
        role,
        consent: format!("{role:?}").to_lowercase(),
        own: Vec::new(),
        others: others.into_iter().map(|(lender, record)| (member(lender), record)).collect(),
        footprints: Vec::new(),
        this_footprint: None,
        weak_lenders: Vec::new(),
        disputes: Vec::new(),
        matched: Vec::new(),
    }
}

/// A question of `asker` about these persons; `request` is JSON without the persons.
pub(crate) fn input(
    policy: &Policy,
    request: &serde_json::Value,
    persons: Vec<PersonExposures>,
) -> AssessInput {
    let mut request = request.clone();
    request["purpose"] = "loan-application".into();
    let asked =
        persons.iter().map(|person| serde_json::json!({"role": person.role, "consent": person.consent}));
    request["persons"] = asked.collect();
    let request: InquiryRequest = serde_json::from_value(request).unwrap();
    let fresh = |name: &str| MemberFreshness {
        member: member(name),
        name: name.to_uppercase(),
        reports: true,
        as_of: Some(Day::of(NOW)),
        last_heard: Some(NOW),
    };
    AssessInput {
        network: "test-net".parse().unwrap(),
        asker: member("asker"),
        now: NOW,
        transaction: vec![0x11; 16],
        question_commitment: [0x22; 32],
        question: request.check(policy).unwrap(),
        refinanced: None,
        persons,
        members: ["asker", "bank-b", "bank-c", "bank-d"].map(fresh).to_vec(),
        unreadable: Vec::new(),
    }
}

/// The answer about an applicant with these loans at one other lender.
pub(crate) fn with_loans(policy: &Policy, request: &serde_json::Value, loans: Vec<Facility>) -> Answer {
    let applicant = person(Role::Applicant, vec![("bank-b", record(1, "2026-11-21", loans))]);
    assess(policy, &input(policy, request, vec![applicant]))
}
