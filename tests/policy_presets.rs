//! Every policy under `config/` is one that a network could use as it is.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

use std::path::PathBuf;

use tallystick::model::policy::{Breach, Policy, RuleName};

fn presets() -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config");
    let mut found: Vec<(String, String)> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("policy"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_preset_is_valid_and_refers_incomplete_answers() {
    let presets = presets();
    assert_eq!(presets.len(), 5, "a preset came or went: say so here");
    for (name, text) in presets {
        let policy = Policy::from_toml(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let incomplete = policy.rules.iter().find(|rule| rule.name() == RuleName::IncompleteData).unwrap();
        assert_eq!(incomplete.on_breach(), Breach::Refer, "{name}");
        let effective = policy.to_toml().unwrap();
        assert_eq!(
            Policy::from_toml(&effective).as_ref(),
            Ok(&policy),
            "{name}: the effective policy reads back"
        );
    }
}

#[test]
fn presets_say_what_their_sources_say() {
    let rules = |file: &str| {
        let (_, text) = presets().into_iter().find(|(name, _)| name == file).unwrap();
        serde_json::to_value(&Policy::from_toml(&text).unwrap().rules).unwrap()
    };
    let figures = |rules: &serde_json::Value, rule: &str| {
        let found = rules.as_array().unwrap().iter().find(|r| r["rule"] == rule);
        found.unwrap_or_else(|| panic!("{rule} is missing")).clone()
    };
    let rbi = rules("policy-rbi-2022.toml");
    assert_eq!(figures(&rbi, "instalment_share_max")["basis_points"], 5000);
    assert_eq!(figures(&rbi, "income_ceiling")["yearly"], "300000");
    let mfin = rules("policy-mfin-2024-11.toml");
    assert_eq!(figures(&mfin, "lenders_max")["lenders"], 3);
    assert_eq!(figures(&mfin, "exposure_max")["amount"], "200000");
    assert_eq!(figures(&mfin, "exposure_max")["currency"], "INR");
    assert_eq!(figures(&mfin, "days_past_due_max")["days"], 60);
    assert_eq!(figures(&mfin, "days_past_due_max")["minimum_overdue"], "3000");
    let cambodia = rules("policy-cambodia-template.toml");
    assert_eq!(figures(&cambodia, "refinancing_max")["percent"], 130);
    // The per-client lender cap of Cambodia has no confirmed source.
    assert!(cambodia.as_array().unwrap().iter().all(|rule| rule["rule"] != "lenders_max"));
}

#[test]
fn notices_are_in_the_languages_of_their_readers() {
    let languages = |file: &str| -> Vec<String> {
        let (_, text) = presets().into_iter().find(|(name, _)| name == file).unwrap();
        let notices = Policy::from_toml(&text).unwrap().consent.notices.clone();
        assert!(notices.iter().all(|notice| notice.text.len() > 100), "{file}");
        let mut languages: Vec<String> = notices.into_iter().map(|notice| notice.language).collect();
        languages.sort();
        languages
    };
    assert_eq!(languages("policy-demo.toml"), ["az", "en", "es", "fr", "km"]);
    assert_eq!(languages("policy-cambodia-template.toml"), ["en", "km"]);
    assert_eq!(languages("policy-azerbaijan-template.toml"), ["az", "en"]);
}
