//! One household's answer, byte by byte: the JSON that systems read and the page that people read.
//!
//! `TALLY_WRITE_GOLDEN=1` writes the files anew; a change of either is a change of what others rely on, and belongs
//! in the history with its reason.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

use std::path::PathBuf;

use serde_json::json;
use tallystick::model::answer::Answer;
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use tallystick::model::inquiry::Role;
use tallystick::model::policy::Policy;
use tallystick::model::record::{DisputeRecord, InquiryFootprint, RecordId};
use tallystick::policy::{MatchedScheme, assess};
use tallystick::words::{Texts, answer_page, answer_text};

#[path = "policy/scene.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod scene;

use scene::{NOW, day, footprint, input, loan, member, person, policy, record};

fn golden(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/answer").join(name);
    if std::env::var_os("TALLY_WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "{name} changed; found:\n{found}");
}

/// Every rule that a household can meet.
const RULES: &str = r#"
[[rules]]
rule = "lenders_max"
lenders = 3
on_breach = "decline"
source = "Made up"
[[rules]]
rule = "exposure_max"
amount = "5000"
currency = "USD"
on_breach = "decline"
source = "Made up"
[[rules]]
rule = "instalment_share_max"
basis_points = 5000
on_breach = "decline"
source = "RBI 2022"
[[rules]]
rule = "days_past_due_max"
days = 60
minimum_overdue = "35"
currency = "USD"
on_breach = "decline"
source = "Made up"
[[rules]]
rule = "refinancing_max"
percent = 130
on_breach = "refer"
source = "CMA 2016-2018"
[[rules]]
rule = "recent_inquiries_max"
count = 4
days = 30
on_breach = "refer"
source = "Made up"
[[rules]]
rule = "written_off"
on_breach = "refer"
source = "Made up"
"#;

fn household(names: &str) -> Answer {
    let policy: Policy = policy(RULES, &format!("[inquiry]\nlender_names = \"{names}\""));
    let khr = "KHR".parse().unwrap();
    let joint = Facility {
        currency: khr,
        kind: FacilityKind::GroupMember,
        status: FacilityStatus::Delinquent,
        disbursed: Some(400_000_000),
        outstanding: Some(250_000_001),
        overdue: Some(10_000_000),
        days_past_due: Some(12),
        days_past_due_worst: Some(40),
        instalment: Some(5_000_000),
        frequency: Some(Frequency::Weekly),
        ..loan(1)
    };
    let estimated =
        Facility { instalment: None, overdue: None, days_past_due: None, disputed: true, ..loan(2) };
    let written_off = Facility {
        status: FacilityStatus::WrittenOff,
        written_off: Some(4_500),
        written_off_on: Some(day("2025-03-01")),
        days_past_due: Some(400),
        ..loan(3)
    };
    let ended = Facility {
        status: FacilityStatus::Closed,
        outstanding: Some(0),
        closed: Some(day("2026-05-05")),
        ..loan(4)
    };
    let group = Facility { kind: FacilityKind::Group, ..loan(5) };
    let guaranteed = Facility { kind: FacilityKind::Guarantor, ..joint.clone() };

    let mut applicant = person(
        Role::Applicant,
        vec![
            ("bank-b", record(2, "2026-11-20", vec![joint.clone(), ended])),
            ("bank-c", record(3, "2026-10-31", vec![estimated, written_off, group])),
        ],
    );
    applicant.own = vec![record(1, "2026-11-22", vec![loan(9)])];
    applicant.footprints = vec![
        (member("bank-d"), InquiryFootprint { amount: Some((khr, 80_000_000)), ..footprint(20, 3 * 86_400) }),
        (member("asker"), footprint(21, 100 * 86_400)),
        (member("asker"), footprint(22, 0)),
    ];
    applicant.this_footprint = Some(RecordId([22; 16]));
    applicant.disputes = vec![(
        member("bank-c"),
        DisputeRecord {
            record: RecordId([30; 16]),
            about: RecordId([3; 16]),
            opened: NOW.plus_seconds(-86_400),
        },
    )];
    applicant.matched = vec![
        MatchedScheme { scheme: "phone".parse().unwrap(), strong: false },
        MatchedScheme { scheme: "kh-nid".parse().unwrap(), strong: true },
    ];
    let mut spouse = person(Role::Spouse, vec![("bank-b", record(4, "2026-11-20", vec![guaranteed]))]);
    spouse.weak_lenders = vec![member("bank-d")];
    let guarantor = person(Role::Guarantor, vec![]);

    let request = json!({
        "requested": {"currency": "USD", "amount": "200", "instalment": "20.50", "frequency": "monthly", "term_months": 12},
        "household_income": {"currency": "USD", "amount": "120"},
        "household_expenses": {"currency": "KHR", "amount": "150000"},
        "refinances": "account 9",
    });
    let mut input = input(&policy, &request, vec![applicant, spouse, guarantor]);
    input.refinanced = Some(FacilityReference([9; 16]));
    input.members[3].last_heard = Some(NOW.plus_seconds(-200_000));
    assess(&policy, &input)
}

#[test]
fn a_household_in_json_and_on_the_page() {
    let answer = household("shown");
    let json = serde_json::to_string_pretty(&answer).unwrap() + "\n";
    golden("household.json", &json);
    let back: Answer = serde_json::from_str(&json).unwrap();
    assert_eq!(back, answer);
    let english = Texts::built_in().language("en");
    golden("household.txt", &answer_text(&answer, &english));
    golden("household.html", &answer_page(&answer, &english));
}

#[test]
fn the_same_with_masked_names() {
    golden("household-masked.txt", &answer_text(&household("masked"), &Texts::built_in().language("en")));
}

#[test]
fn a_client_with_little_debt() {
    let policy = Policy::from_toml(include_str!("../config/policy-rbi-2022.toml")).unwrap();
    let request = json!({
        "requested": {"currency": "INR", "amount": "30000", "instalment": "700", "frequency": "weekly", "term_months": 12},
        "household_income": {"currency": "INR", "amount": "18000"},
    });
    let owed = Facility {
        currency: "INR".parse().unwrap(),
        disbursed: Some(2_000_000),
        outstanding: Some(1_200_000),
        instalment: Some(150_000),
        ..loan(1)
    };
    let mut applicant = person(Role::Applicant, vec![("bank-b", record(1, "2026-11-21", vec![owed]))]);
    applicant.matched = vec![MatchedScheme { scheme: "in-epic".parse().unwrap(), strong: true }];
    let answer = assess(&policy, &input(&policy, &request, vec![applicant]));
    golden("pass.txt", &answer_text(&answer, &Texts::built_in().language("en")));
    for language in ["km", "az", "fr", "es"] {
        let page = answer_text(&answer, &Texts::built_in().language(language));
        golden(&format!("pass.{language}.txt"), &page);
    }
}

#[test]
fn unknown_fields_of_an_answer_are_refused() {
    let mut value = serde_json::to_value(household("shown")).unwrap();
    value["verdict"]["colour"] = "green".into();
    assert!(serde_json::from_value::<Answer>(value).is_err());
}
