//! Every figure and every verdict of `assess` against an independent reading of the rules in Python
//! (`tests/oracle/oracle.py`), on made-up books from three seeds under three policies.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tallystick::model::policy::{LenderNames, Policy};
use tallystick::policy::assess;

#[path = "oracle/books.rs"]
mod books;
#[path = "oracle/world.rs"]
mod world;

const SEEDS: [u64; 3] = [1, 2, 3];
const APPLICANTS: usize = 180;
const POLICIES: [&str; 3] =
    ["config/policy-demo.toml", "config/policy-mfin-2024-11.toml", "tests/oracle/policy-all-rules.toml"];

/// What only the program says: names of the answer itself and ids that are random in a real network.
const BEYOND_THE_ORACLE: [&str; 7] =
    ["version", "network", "transaction", "answered_at", "question_commitment", "records", "about"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What the oracle expects of every question.
fn ask_the_oracle(world: &Value, name: &str) -> BTreeMap<String, Value> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(name);
    std::fs::write(&file, serde_json::to_vec(world).unwrap()).unwrap();
    let script = root().join("tests/oracle/oracle.py");
    let output = match Command::new("python3").arg(script).arg("expect").arg(&file).output() {
        Ok(output) => output,
        Err(error) => {
            panic!("the oracle needs python3 (3.8 or later, standard library only) on the PATH: {error}")
        }
    };
    assert!(output.status.success(), "the oracle failed: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Text of a value in which the order of keys does not matter.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, String> =
                map.iter().map(|(key, value)| (key, canonical(value))).collect();
            format!("{sorted:?}")
        }
        Value::Array(items) => format!("{:?}", items.iter().map(canonical).collect::<Vec<_>>()),
        other => other.to_string(),
    }
}

/// Brings lists whose order carries no figure, and masked names, into one form.
fn normal(value: Value, asker: &str, masked: bool) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| normal(item, asker, masked)).collect(),
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(key, _)| !BEYOND_THE_ORACLE.contains(&key.as_str()));
            let mut map: serde_json::Map<String, Value> =
                kept.map(|(key, item)| (key, normal(item, asker, masked))).collect();
            if masked && map.get("lender").is_some_and(|name| name.is_string() && name != asker) {
                map.insert("lender".to_owned(), "masked".into());
            }
            for key in ["lenders", "facilities", "lines", "unreadable", "disputes"] {
                if let Some(Value::Array(items)) = map.get_mut(key) {
                    items.sort_by_key(canonical);
                }
            }
            Value::Object(map)
        }
        other => other,
    }
}

/// Every difference, in both directions: nothing of the answer is left uncompared.
fn differences(expected: &Value, found: &Value, path: &str, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let nothing = Value::from("(not there)");
                let (left, right) = (left.get(key).unwrap_or(&nothing), right.get(key).unwrap_or(&nothing));
                differences(left, right, &format!("{path}.{key}"), out);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differences(left, right, &format!("{path}[{index}]"), out);
            }
        }
        _ if expected == found => {}
        _ => out.push(format!("{path}: the program says {found}, the oracle {expected}")),
    }
}

#[test]
fn answers_agree_with_the_oracle() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in SEEDS {
        for (number, file) in POLICIES.into_iter().enumerate() {
            let policy = Policy::from_toml(&std::fs::read_to_string(root().join(file)).unwrap()).unwrap();
            let masked = policy.inquiry.lender_names == LenderNames::Masked;
            let dice = world::Dice::new(seed * 1_000 + number as u64);
            let world = world::draw(&dice, &policy, APPLICANTS);
            let mut expected = ask_the_oracle(&world, "books.json");
            let questions = world["questions"].as_array().unwrap();
            assert_eq!(questions.len(), APPLICANTS);
            for question in questions {
                let id = question["id"].as_str().unwrap();
                let asker = question["asker"].as_str().unwrap();
                let answer = assess(&policy, &books::input(&dice, &policy, &world, question));
                let found = normal(serde_json::to_value(&answer).unwrap(), asker, masked);
                let expected = normal(expected.remove(id).unwrap(), asker, masked);
                let mut lines = Vec::new();
                differences(&expected, &found, "answer", &mut lines);
                assert!(lines.is_empty(), "seed {seed}, {file}, {id}:\n{}", lines.join("\n"));
                for reason in &answer.verdict.reasons {
                    *seen.entry(format!("{} {:?}", reason.rule, reason.finding)).or_default() += 1;
                }
                *seen.entry(format!("{:?}", answer.verdict.outcome)).or_default() += 1;
                *seen.entry(format!("complete: {}", answer.complete)).or_default() += 1;
            }
            assert!(expected.is_empty());
        }
    }
    // A comparison that never meets a case proves nothing about it.
    for case in [
        "Pass",
        "Refer",
        "Decline",
        "complete: true",
        "complete: false",
        "lenders_max Within",
        "lenders_max Breached",
        "exposure_max Within",
        "exposure_max Breached",
        "exposure_max Unknown",
        "instalment_share_max Within",
        "instalment_share_max Breached",
        "instalment_share_max Unknown",
        "income_ceiling Within",
        "income_ceiling Breached",
        "income_ceiling Unknown",
        "days_past_due_max Within",
        "days_past_due_max Breached",
        "days_past_due_max Unknown",
        "refinancing_max Within",
        "refinancing_max Breached",
        "refinancing_max Unknown",
        "refinancing_max NotApplicable",
        "recent_inquiries_max Within",
        "recent_inquiries_max Breached",
        "written_off Within",
        "written_off Breached",
        "incomplete_data Within",
        "incomplete_data Breached",
    ] {
        assert!(
            seen.get(case).is_some_and(|count| *count >= 5),
            "the books hardly ever meet {case:?}: {seen:#?}"
        );
    }
}

#[test]
fn the_oracle_compares_single_answers() {
    for file in POLICIES {
        let policy = Policy::from_toml(&std::fs::read_to_string(root().join(file)).unwrap()).unwrap();
        let dice = world::Dice::new(77);
        let world = world::draw(&dice, &policy, 3);
        let dir = tempfile::tempdir().unwrap();
        let (books, answer_file) = (dir.path().join("books.json"), dir.path().join("answer.json"));
        std::fs::write(&books, serde_json::to_vec(&world).unwrap()).unwrap();
        let compare = |answer: &Value| {
            std::fs::write(&answer_file, serde_json::to_vec(answer).unwrap()).unwrap();
            let script = root().join("tests/oracle/oracle.py");
            let mut command = Command::new("python3");
            let output =
                command.arg(script).arg("compare").arg(&books).arg("q2").arg(&answer_file).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        let input = books::input(&dice, &policy, &world, &world["questions"][2]);
        let mut answer = serde_json::to_value(assess(&policy, &input)).unwrap();
        let (code, said) = compare(&answer);
        assert_eq!(code, Some(0), "{file}: {said}");
        answer["after"]["reference"]["outstanding"]["amount"] = "0.01".into();
        let (code, said) = compare(&answer);
        assert_eq!(code, Some(1));
        assert!(said.starts_with("answer.after.reference.outstanding.amount"), "{said}");
    }
}
