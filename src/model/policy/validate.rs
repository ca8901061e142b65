//! Checks a policy as a whole. Messages name the key and the way out.

use std::collections::BTreeSet;

use super::{CurrencyPolicy, Ground, IdentifierPolicy, PolicyDocument, PolicyError, Rule, RuleName};
use crate::limits;
use crate::model::amount::Amount;
use crate::model::consent::Purpose;
use crate::model::identifier::{SchemeId, SchemeSet};
use crate::model::money::Currency;

/// Decimals that a currency can have: ISO 4217 knows 0 to 4.
const EXPONENT_MAX: u8 = 4;
/// A century in days: beyond it a number is a slip, and day arithmetic stays far from its ends.
const DAYS_MAX: u32 = 36_500;
/// A year in seconds, for the same reason.
const SECONDS_MAX: u32 = 366 * 86_400;

pub(super) fn validate(policy: &PolicyDocument) -> Result<(), PolicyError> {
    text("name", &policy.name, 64)?;
    at_least("version", u64::from(policy.version), 1)?;
    identifiers(&policy.identifiers)?;
    currencies(&policy.currencies)?;
    rules(policy)?;
    numbers(policy)?;
    consent(policy)?;
    opening_sizes(&policy.inquiry.opening_size_classes)?;
    if policy.disputes.total_days < policy.disputes.lender_days {
        return Err(wrong("disputes.total_days", "is less than disputes.lender_days; raise it"));
    }
    let (positive, negative) = (policy.retention.positive_days, policy.retention.negative_days);
    if policy.retention.tombstone_days > positive.max(negative) {
        return Err(wrong("retention.tombstone_days", "is longer than any data is kept; lower it"));
    }
    Ok(())
}

fn wrong(key: &str, problem: impl Into<String>) -> PolicyError {
    PolicyError::Key { key: key.to_owned(), problem: problem.into() }
}

fn text(key: &str, value: &str, chars_max: usize) -> Result<(), PolicyError> {
    let chars = value.chars().count();
    if value.trim().is_empty() || chars > chars_max || value.chars().any(|c| c.is_control() && c != '\n') {
        return Err(wrong(key, format!("write 1 to {chars_max} characters of plain text")));
    }
    Ok(())
}

fn at_least(key: &str, value: u64, least: u64) -> Result<(), PolicyError> {
    if value < least { Err(wrong(key, format!("is {value}; write {least} or more"))) } else { Ok(()) }
}

fn within(key: &str, value: u64, least: u64, most: u64) -> Result<(), PolicyError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(wrong(key, format!("is {value}; write {least} to {most}")))
    }
}

fn identifiers(identifiers: &IdentifierPolicy) -> Result<(), PolicyError> {
    if identifiers.accepted.is_empty() {
        return Err(wrong("identifiers.accepted", "is empty; name at least one scheme, as \"phone\""));
    }
    let mut seen: BTreeSet<&SchemeId> = BTreeSet::new();
    for scheme in &identifiers.accepted {
        if !seen.insert(scheme) {
            return Err(wrong("identifiers.accepted", format!("names `{scheme}` twice; remove one")));
        }
    }
    for declared in &identifiers.declared {
        if !seen.contains(&declared.id) {
            let problem =
                format!("declares `{}`, which identifiers.accepted does not name; add it there", declared.id);
            return Err(wrong("identifiers.declared", problem));
        }
    }
    let schemes = scheme_set(identifiers)?;
    if let Some(unknown) = identifiers.accepted.iter().find(|scheme| !schemes.contains(scheme)) {
        let known: Vec<String> = schemes.ids().iter().map(ToString::to_string).collect();
        let problem = format!(
            "names `{unknown}`, which is neither built in nor declared; known are: {}",
            known.join(", ")
        );
        return Err(wrong("identifiers.accepted", problem));
    }
    let most = limits::IDENTIFIERS_PER_PERSON_MAX as u64;
    within("identifiers.identifiers_padded_to", identifiers.identifiers_padded_to as u64, 1, most)
}

/// The schemes of a policy: those built in, those that it declares, and its country of telephone numbers.
pub(super) fn scheme_set(identifiers: &IdentifierPolicy) -> Result<SchemeSet, PolicyError> {
    let schemes = SchemeSet::with_declared(identifiers.declared.iter().cloned())
        .map_err(|error| wrong("identifiers.declared", error.to_string()))?;
    match &identifiers.phone_country {
        None => Ok(schemes),
        Some(country) => schemes
            .with_phone_country(country)
            .map_err(|error| wrong("identifiers.phone_country", error.to_string())),
    }
}

fn currencies(currencies: &CurrencyPolicy) -> Result<(), PolicyError> {
    let reference = currencies.reference;
    if !currencies.pinned.contains_key(&reference) {
        let problem = format!("is {reference}, which is not pinned; add [currencies.pinned.{reference}]");
        return Err(wrong("currencies.reference", problem));
    }
    for (currency, pinned) in &currencies.pinned {
        let key = |field: &str| format!("currencies.pinned.{currency}.{field}");
        within(&key("exponent"), u64::from(pinned.exponent), 0, u64::from(EXPONENT_MAX))?;
        match (*currency == reference, pinned.per_reference, pinned.as_of) {
            (true, None, None) | (false, Some(_), Some(_)) => {}
            (true, ..) => {
                return Err(wrong(
                    &key("per_reference"),
                    "the reference currency has no rate or day; remove them",
                ));
            }
            (false, None, _) => {
                let problem =
                    format!("is missing; write how many {currency} one {reference} is worth, in quotes");
                return Err(wrong(&key("per_reference"), problem));
            }
            (false, Some(_), None) => {
                return Err(wrong(&key("as_of"), "is missing; a rate carries its day, as \"2026-11-20\""));
            }
        }
    }
    Ok(())
}

fn limit(policy: &PolicyDocument, key: &str, currency: Currency, amount: &Amount) -> Result<(), PolicyError> {
    let Some(pinned) = policy.currencies.pinned.get(&currency) else {
        let problem = format!("is in {currency}, which is not pinned; add [currencies.pinned.{currency}]");
        return Err(wrong(key, problem));
    };
    match amount.to_minor(currency, pinned.exponent) {
        Ok(minor) if minor < 0 => Err(wrong(key, "is negative; write 0 or more")),
        Ok(_) => Ok(()),
        Err(error) => Err(wrong(key, error.to_string())),
    }
}

fn rules(policy: &PolicyDocument) -> Result<(), PolicyError> {
    for (index, rule) in policy.rules.iter().enumerate() {
        let key = |field: &str| format!("rules[{index}] ({}).{field}", rule.name());
        text(&key("source"), rule.source(), 200)?;
        match rule {
            Rule::LendersMax { lenders, .. } => at_least(&key("lenders"), u64::from(*lenders), 1)?,
            Rule::ExposureMax { amount, currency, .. } => limit(policy, &key("amount"), *currency, amount)?,
            Rule::InstalmentShareMax { basis_points, .. } => {
                within(&key("basis_points"), u64::from(*basis_points), 0, 100_000)?;
            }
            Rule::IncomeCeiling { yearly, currency, .. } => limit(policy, &key("yearly"), *currency, yearly)?,
            Rule::DaysPastDueMax { days, minimum_overdue, currency, .. } => {
                within(&key("days"), u64::from(*days), 0, u64::from(DAYS_MAX))?;
                limit(policy, &key("minimum_overdue"), *currency, minimum_overdue)?;
            }
            Rule::RefinancingMax { percent, .. } => at_least(&key("percent"), u64::from(*percent), 1)?,
            Rule::RecentInquiriesMax { days, .. } => {
                at_least(&key("days"), u64::from(*days), 1)?;
                if *days > policy.inquiry.footprint_days {
                    let problem = "is more than inquiry.footprint_days; inquiries are not read that far back";
                    return Err(wrong(&key("days"), problem));
                }
            }
            Rule::WrittenOff { .. } | Rule::Disputed { .. } | Rule::IncompleteData { .. } => {}
        }
    }
    match policy.rules.iter().filter(|rule| rule.name() == RuleName::IncompleteData).count() {
        1 => Ok(()),
        0 => Err(wrong("rules", "add one with rule = \"incomplete_data\": what an incomplete answer means")),
        _ => Err(wrong("rules", "there are several with rule = \"incomplete_data\"; keep one")),
    }
}

fn numbers(policy: &PolicyDocument) -> Result<(), PolicyError> {
    let days = |key, value: u32| within(key, u64::from(value), 1, u64::from(DAYS_MAX));
    let seconds = |key, value: u32| within(key, u64::from(value), 1, u64::from(SECONDS_MAX));
    let some = |key, value: u32| at_least(key, u64::from(value), 1);
    days("freshness.stale_after_days", policy.freshness.stale_after_days)?;
    seconds("freshness.missing_after_seconds", policy.freshness.missing_after_seconds)?;
    some("consent.uses_max", policy.consent.uses_max)?;
    days("consent.period_days_max", policy.consent.period_days_max)?;
    days("inquiry.footprint_days", policy.inquiry.footprint_days)?;
    some("quotas.inquiry_points_per_day", policy.quotas.inquiry_points_per_day)?;
    some("quotas.reporting_points_per_day", policy.quotas.reporting_points_per_day)?;
    some("quotas.unpublished_points", policy.quotas.unpublished_points)?;
    days("quotas.unpublished_days", policy.quotas.unpublished_days)?;
    some("quotas.points_per_consent", policy.quotas.points_per_consent)?;
    some("quotas.inquiries_per_day", policy.quotas.inquiries_per_day)?;
    seconds("log.skew_seconds", policy.log.skew_seconds)?;
    if let Some(quorum) = policy.log.quorum {
        within("log.quorum", u64::from(quorum), 1, limits::MEMBERS_MAX as u64)?;
    }
    seconds("log.quorum_age_seconds_max", policy.log.quorum_age_seconds_max)?;
    days("log.audit_days", policy.log.audit_days)?;
    days("audit.retention_days", policy.audit.retention_days)?;
    within("audit.approvals", u64::from(policy.audit.approvals), 2, 8)?;
    if policy.audit.retention_days < policy.log.audit_days {
        return Err(wrong("audit.retention_days", "is less than log.audit_days; raise it"));
    }
    within("feed.batch_interval_seconds", u64::from(policy.feed.batch_interval_seconds), 1, 3_600)?;
    seconds("feed.state_interval_seconds", policy.feed.state_interval_seconds)?;
    if policy.feed.state_interval_seconds >= policy.freshness.missing_after_seconds {
        let problem =
            "is not below freshness.missing_after_seconds: a healthy lender would look missing; lower it";
        return Err(wrong("feed.state_interval_seconds", problem));
    }
    seconds("holders.isolation_seconds_max", policy.holders.isolation_seconds_max)?;
    days("retention.positive_days", policy.retention.positive_days)?;
    days("retention.negative_days", policy.retention.negative_days)?;
    days("retention.tombstone_days", policy.retention.tombstone_days)?;
    days("disputes.lender_days", policy.disputes.lender_days)?;
    days("disputes.total_days", policy.disputes.total_days)?;
    let market = &policy.market;
    within("market.epsilon_thousandths", u64::from(market.epsilon_thousandths), 1, 10_000)?;
    within("market.epsilon_yearly_thousandths", u64::from(market.epsilon_yearly_thousandths), 0, 120_000)?;
    within("market.small_cell", u64::from(market.small_cell), 1, 10_000)
}

/// Codes, each once, and at least one.
fn codes(key: &str, codes: &[String]) -> Result<(), PolicyError> {
    if codes.is_empty() {
        return Err(wrong(key, "is empty; name at least one, as \"loan-application\""));
    }
    let mut seen = BTreeSet::new();
    for code in codes {
        if !is_code(code) {
            return Err(wrong(key, format!("`{code}` is not a code of 1 to 40 of a-z, 0-9 and '-'")));
        }
        if !seen.insert(code) {
            return Err(wrong(key, format!("names `{code}` twice; remove one")));
        }
    }
    Ok(())
}

fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn grounds(grounds: &[Ground]) -> Result<(), PolicyError> {
    let mut names = BTreeSet::new();
    for (index, ground) in grounds.iter().enumerate() {
        let key = |field: &str| format!("consent.grounds[{index}].{field}");
        if !is_code(&ground.name) {
            return Err(wrong(
                &key("name"),
                "write a code of 1 to 40 of a-z, 0-9 and '-', as \"court-order\"",
            ));
        }
        if !names.insert(&ground.name) {
            return Err(wrong(&key("name"), "stands twice; give each ground its own name"));
        }
        text(&key("source"), &ground.source, 200)?;
        codes(&key("purposes"), &ground.purposes)?;
        for purpose in &ground.purposes {
            if purpose.parse::<Purpose>().is_err() {
                return Err(wrong(
                    &key("purposes"),
                    format!("`{purpose}` is no purpose that a look-up can have"),
                ));
            }
        }
    }
    Ok(())
}

fn consent(policy: &PolicyDocument) -> Result<(), PolicyError> {
    codes("consent.purposes", &policy.consent.purposes)?;
    grounds(&policy.consent.grounds)?;
    let mut notices = BTreeSet::new();
    for (index, notice) in policy.consent.notices.iter().enumerate() {
        let key = |field: &str| format!("consent.notices[{index}].{field}");
        text(&key("version"), &notice.version, 32)?;
        text(&key("text"), &notice.text, 8_000)?;
        let language = notice.language.as_bytes();
        let good = (2..=35).contains(&language.len())
            && language.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        if !good {
            return Err(wrong(&key("language"), "write a BCP 47 tag, as \"km\" or \"en\""));
        }
        if !notices.insert((&notice.version, &notice.language)) {
            return Err(wrong(
                &key("version"),
                "stands twice for this language; give the new wording a new version",
            ));
        }
    }
    Ok(())
}

fn opening_sizes(classes: &[usize]) -> Result<(), PolicyError> {
    let key = "inquiry.opening_size_classes";
    if classes.is_empty() || classes.windows(2).any(|pair| pair[0] >= pair[1]) || classes[0] == 0 {
        return Err(wrong(key, "write at least one size, from small to large, as [16, 32, 64]"));
    }
    if classes.last().is_some_and(|last| *last > limits::POINTS_PER_BATCH_MAX) {
        return Err(wrong(key, format!("the largest size is {} points", limits::POINTS_PER_BATCH_MAX)));
    }
    Ok(())
}
