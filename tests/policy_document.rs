//! The policy file: every mistake is refused with the key and the way out. The question: likewise.

use serde_json::json;
use tallystick::model::inquiry::InquiryRequest;
use tallystick::model::policy::{Policy, PolicyError};

#[path = "policy/scene.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod scene;

const RULE: &str = "[[rules]]\nrule = \"lenders_max\"\nlenders = 3\non_breach = \"refer\"\nsource = \"s\"";

fn refused(text: &str) -> String {
    match Policy::from_toml(text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(PolicyError::Unreadable(problem)) => problem,
        Err(error @ PolicyError::Key { .. }) => error.to_string(),
    }
}

#[test]
fn defaults_are_those_that_are_documented() {
    let policy = scene::policy(RULE, "");
    assert_eq!(policy.identifiers.identifiers_padded_to, 4);
    assert!(!policy.identifiers.open_weak_matches);
    assert_eq!((policy.freshness.stale_after_days, policy.freshness.missing_after_seconds), (35, 86_400));
    assert_eq!(policy.consent.uses_max, 1);
    assert_eq!(policy.inquiry.footprint_days, 180);
    assert_eq!(policy.inquiry.opening_size_classes, [16, 32, 64, 128, 256, 512]);
    assert_eq!((policy.log.skew_seconds, policy.log.quorum_age_seconds_max), (900, 3_600));
    assert_eq!(policy.feed.state_interval_seconds, 900);
    assert_eq!((policy.disputes.lender_days, policy.disputes.total_days), (21, 30));
    // 1 + floor(2n/3).
    for (witnesses, quorum) in
        [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (28, 19), (u32::MAX, 2_863_311_531)]
    {
        assert_eq!(policy.log.quorum_of(witnesses), quorum, "{witnesses}");
    }
    assert_eq!(scene::policy(RULE, "[log]\nquorum = 2").log.quorum_of(28), 2);
    // The effective policy says all of it.
    let effective = policy.to_toml().unwrap();
    for key in ["identifiers_padded_to = 4", "footprint_days = 180", "skew_seconds = 900", "uses_max = 1"] {
        assert!(effective.contains(key), "{key} in:\n{effective}");
    }
}

#[test]
fn every_mistake_names_its_key() {
    let good = scene::policy_text(RULE, "");
    Policy::from_toml(&good).unwrap();
    // What is put in whose place, and what the message must name.
    for (old, new, named) in [
        ("name = \"Scene\"", "name = \" \"", "`name`"),
        ("name = \"Scene\"", "", "name"),
        ("version = 1", "version = 0", "`version`"),
        ("version = 1", "version = -1", "version"),
        ("issued = \"2026-11-01\"", "issued = \"2026-02-30\"", "issued"),
        ("issued =", "colour = 1\nissued =", "colour"),
        ("accepted = [\"phone\"]", "accepted = []", "`identifiers.accepted`"),
        ("accepted = [\"phone\"]", "accepted = [\"phone\", \"phone\"]", "twice"),
        ("accepted = [\"phone\"]", "accepted = [\"kh-passport\"]", "kh-passport"),
        ("accepted = [\"phone\"]", "accepted = [\"Phone\"]", "accepted"),
        (
            "accepted = [\"phone\"]",
            "accepted = [\"phone\"]\nphone_country = \"kh\"",
            "`identifiers.phone_country`",
        ),
        (
            "accepted = [\"phone\"]",
            "accepted = [\"phone\"]\nidentifiers_padded_to = 0",
            "identifiers_padded_to",
        ),
        (
            "accepted = [\"phone\"]",
            "accepted = [\"phone\"]\nidentifiers_padded_to = 17",
            "identifiers_padded_to",
        ),
        ("reference = \"USD\"", "reference = \"EUR\"", "`currencies.reference`"),
        ("exponent = 2\nper_reference", "exponent = 5\nper_reference", "`currencies.pinned.KHR.exponent`"),
        ("per_reference = \"4000\"\n", "", "`currencies.pinned.KHR.per_reference`"),
        ("per_reference = \"4000\"", "per_reference = \"0\"", "per_reference"),
        ("per_reference = \"4000\"", "per_reference = 4000.5", "per_reference"),
        ("as_of = \"2026-11-20\"\n", "", "`currencies.pinned.KHR.as_of`"),
        (
            "[currencies.pinned.USD]\n",
            "[currencies.pinned.USD]\nper_reference = \"1\"\n",
            "`currencies.pinned.USD.per_reference`",
        ),
        (
            "[currencies.pinned.USD]\n",
            "[currencies.pinned.usd]\nexponent = 2\n[currencies.pinned.USD]\n",
            "usd",
        ),
        ("lenders = 3", "lenders = 0", "rules[0] (lenders_max).lenders"),
        ("lenders = 3", "lenders = 3\ncolour = 1", "colour"),
        ("lenders = 3\n", "", "lenders"),
        ("on_breach = \"refer\"\nsource = \"s\"", "on_breach = \"pass\"\nsource = \"s\"", "pass"),
        ("source = \"s\"", "source = \"\"", "(lenders_max).source"),
        ("rule = \"lenders_max\"", "rule = \"lenders_maximum\"", "lenders_maximum"),
        ("rule = \"incomplete_data\"", "rule = \"written_off\"", "`rules`"),
    ] {
        assert!(good.contains(old), "{old}");
        let problem = refused(&good.replacen(old, new, 1));
        assert!(problem.contains(named), "{new:?} says: {problem}");
    }
}

#[test]
fn sections_and_rules_are_checked_against_each_other() {
    let exposure = "[[rules]]\nrule = \"exposure_max\"\non_breach = \"refer\"\nsource = \"s\"\n";
    for (rules, more, named) in [
        (format!("{exposure}amount = \"1\"\ncurrency = \"EUR\""), "", "(exposure_max).amount"),
        (format!("{exposure}amount = \"1.001\"\ncurrency = \"USD\""), "", "decimals"),
        (format!("{exposure}amount = \"-1\"\ncurrency = \"USD\""), "", "negative"),
        (format!("{exposure}amount = 1\ncurrency = \"USD\""), "", "amount"),
        (format!("{exposure}amount = \"1\"\ncurrency = \"USD\"\nclass = \"some\""), "", "some"),
        (String::new(), "[[rules]]\nrule = \"incomplete_data\"\non_breach = \"refer\"\nsource = \"s\"", "several"),
        (
            "[[rules]]\nrule = \"recent_inquiries_max\"\ncount = 1\ndays = 181\non_breach = \"refer\"\nsource = \"s\"".to_owned(),
            "",
            "inquiry.footprint_days",
        ),
        (String::new(), "[freshness]\nstale_after_days = 0", "`freshness.stale_after_days`"),
        (String::new(), "[freshness]\nmissing_after_seconds = 900", "`feed.state_interval_seconds`"),
        (String::new(), "[consent]\nuses_max = 0", "`consent.uses_max`"),
        (String::new(), "[consent]\npurposes = []", "`consent.purposes`"),
        (String::new(), "[consent]\npurposes = [\"Loan\"]", "`consent.purposes`"),
        (String::new(), "[consent]\npurposes = [\"loan\", \"loan\"]", "twice"),
        (String::new(), "[[consent.notices]]\nversion = \"1\"\nlanguage = \"k\"\ntext = \"t\"", "notices[0].language"),
        (String::new(), "[[consent.notices]]\nversion = \"1\"\nlanguage = \"km\"\ntext = \"\"", "notices[0].text"),
        (String::new(), "[inquiry]\nopening_size_classes = []", "`inquiry.opening_size_classes`"),
        (String::new(), "[inquiry]\nopening_size_classes = [32, 16]", "`inquiry.opening_size_classes`"),
        (String::new(), "[inquiry]\nopening_size_classes = [16, 2048]", "1024 points"),
        (String::new(), "[inquiry]\nlender_names = \"some\"", "some"),
        (String::new(), "[quotas]\ninquiries_per_day = 0", "`quotas.inquiries_per_day`"),
        (String::new(), "[log]\nquorum = 0", "`log.quorum`"),
        (String::new(), "[log]\nskew_seconds = 0", "`log.skew_seconds`"),
        (String::new(), "[feed]\nbatch_interval_seconds = 3601", "`feed.batch_interval_seconds`"),
        (String::new(), "[retention]\ntombstone_days = 4000", "`retention.tombstone_days`"),
        (String::new(), "[disputes]\nlender_days = 31", "`disputes.total_days`"),
        (String::new(), "[holders]\nisolation_seconds = 1", "isolation_seconds"),
        (String::new(), "[colours]", "colours"),
    ] {
        let problem = refused(&scene::policy_text(&rules, more));
        assert!(problem.contains(named), "{rules}{more} says: {problem}");
    }
}

#[test]
fn declared_schemes_are_checked_with_the_policy() {
    let declared = |id: &str, pattern: &str| {
        let text = scene::policy_text("", "");
        text.replace(
            "accepted = [\"phone\"]",
            &format!(
                "accepted = [\"phone\", \"union-card\"]\n[[identifiers.declared]]\nid = \"{id}\"\npattern = \"{pattern}\"\nstrength = \"weak\"\nexample = \"UC00123\""
            ),
        )
    };
    let policy = Policy::from_toml(&declared("union-card", "UC[0-9]{5}")).unwrap();
    let scheme = "union-card".parse().unwrap();
    assert!(policy.schemes().parse(&scheme, "UC00999").is_ok());
    assert!(refused(&declared("union-card", "UC[0-9")).contains("identifiers.declared"));
    assert!(refused(&declared("other-card", "UC[0-9]{5}")).contains("identifiers."));
}

#[test]
fn a_policy_cannot_be_smuggled_past_its_checks() {
    let policy = scene::policy(RULE, "");
    let mut value = serde_json::to_value(&policy).unwrap();
    assert_eq!(serde_json::from_value::<Policy>(value.clone()).unwrap(), policy);
    value["rules"] = json!([]);
    assert!(serde_json::from_value::<Policy>(value).is_err());
}

#[test]
fn questions_are_checked_against_the_policy() {
    let policy = scene::policy(RULE, "");
    let good = json!({
        "purpose": "loan-application",
        "persons": [{"role": "applicant", "consent": "1"}, {"role": "spouse", "consent": "2"}],
        "requested": {"currency": "USD", "amount": "1", "instalment": "0.5", "frequency": "weekly", "term_months": 600},
        "household_income": {"currency": "KHR", "amount": "0"},
    });
    let check = |value: &serde_json::Value| {
        let request: InquiryRequest = serde_json::from_value(value.clone()).unwrap();
        request.check(&policy)
    };
    let checked = check(&good).unwrap();
    assert_eq!(checked.requested.unwrap().instalment, Some(50));
    for (pointer, value, named) in [
        ("/purpose", json!("curiosity"), "loan-application"),
        ("/persons", json!([]), "1 to 8"),
        ("/persons/1/role", json!("applicant"), "one person is the applicant"),
        ("/persons/1/consent", json!("1"), "twice"),
        ("/requested/currency", json!("EUR"), "requested.amount: EUR"),
        ("/requested/amount", json!("0"), "requested.amount"),
        ("/requested/amount", json!("-5"), "requested.amount"),
        ("/requested/amount", json!("1.005"), "decimals"),
        ("/requested/amount", json!("99999999999999999999"), "too large"),
        ("/requested/instalment", json!("0"), "requested.instalment"),
        ("/requested/term_months", json!(0), "requested.term_months"),
        ("/requested/term_months", json!(601), "requested.term_months"),
        ("/household_income/amount", json!("-1"), "household_income"),
        ("/household_income/currency", json!("EUR"), "household_income: EUR"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let error = check(&bad).unwrap_err().to_string();
        assert!(error.contains(named), "{pointer}: {error}");
    }
    let mut extra = good;
    extra["identifier"] = json!("kh-nid:1");
    assert!(serde_json::from_value::<InquiryRequest>(extra).is_err());
}
