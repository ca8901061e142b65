//! Telephone numbers in E.164 form. The rules of every country come from the `phonenumber` crate; its version
//! is pinned, for its metadata takes part in the normal form.

use std::str::FromStr as _;

use phonenumber::Mode;
use phonenumber::country::Id as Country;
use zeroize::Zeroizing;

use super::normal::{Separator, clean};
use super::{IdentifierError, SchemeId};

/// The country of numbers written without `+`, from its ISO 3166 code of two capitals.
pub(super) fn country(code: &str) -> Option<Country> {
    Country::from_str(code).ok()
}

/// E.164: `+`, country code, national number without the trunk prefix. A number is taken only when the
/// country's plan knows it; otherwise the trunk prefix cannot be told from the number itself.
pub(super) fn phone(
    scheme: &SchemeId,
    raw: &str,
    default: Option<Country>,
) -> Result<String, IdentifierError> {
    let allowed = "digits and a leading +, grouped with spaces, dashes, dots or brackets; no extension";
    let keep = |c: char| c.is_ascii_digit() || "+()".contains(c);
    let text = clean(scheme, raw, Separator::GROUPING, allowed, keep)?;
    let rule = |rule| IdentifierError::Rule { scheme: scheme.clone(), rule };
    let mut digits = Zeroizing::new(String::with_capacity(text.len() + 1));
    digits.extend(text.chars().filter(char::is_ascii_digit));
    let plus = text.trim_start_matches('(').starts_with('+');
    if text.chars().filter(|&c| c == '+').count() > usize::from(plus) {
        return Err(rule("a + stands only at the beginning: look for two numbers in one field"));
    }
    let (national, country) = if plus {
        (digits.as_str(), None)
    } else if let Some(rest) = digits.strip_prefix("00") {
        (rest, None)
    } else if default.is_some() {
        (digits.as_str(), default)
    } else {
        return Err(rule("write the number with + and the country code"));
    };
    if !(4..=17).contains(&national.len()) {
        let expected = "at most 15 digits with the country code";
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected, found: national.len() });
    }
    // The crate would read letters, extensions and `00` as it likes; it is given digits and a plus alone.
    let mut written = Zeroizing::new(String::with_capacity(national.len() + 1));
    if country.is_none() {
        written.push('+');
    }
    written.push_str(national);
    let canonical = e164(&written, country);
    match canonical {
        // A normal form that is not its own normal form would be two values for one number.
        Some(value) if e164(&value, None).is_some_and(|again| again == value) => {
            Ok(value.as_str().to_owned())
        }
        _ => Err(rule("the country's numbering plan has no such number: look for a lost or doubled digit")),
    }
}

fn e164(written: &str, country: Option<Country>) -> Option<Zeroizing<String>> {
    let number = phonenumber::parse(country, written).ok()?;
    let value = Zeroizing::new(number.format().mode(Mode::E164).to_string());
    // Formatting must give digits alone, at most 15 (ITU-T E.164).
    let shape =
        value.strip_prefix('+').is_some_and(|d| d.len() <= 15 && d.bytes().all(|b| b.is_ascii_digit()));
    (shape && phonenumber::is_valid(&number)).then_some(value)
}
