//! National card numbers that need a few lines each.

use zeroize::Zeroizing;

use super::normal::{Separator, clean, clean_alphanumeric, clean_digits};
use super::{IdentifierError, SchemeId};

fn length(scheme: &SchemeId, expected: &'static str, found: usize) -> IdentifierError {
    IdentifierError::Length { scheme: scheme.clone(), expected, found }
}

fn rule(scheme: &SchemeId, rule: &'static str) -> IdentifierError {
    IdentifierError::Rule { scheme: scheme.clone(), rule }
}

/// Refuses 000..., 111..., as clerks type when nothing is known.
fn refuse_filler(scheme: &SchemeId, digits: &str) -> Result<(), IdentifierError> {
    let first = digits.bytes().next();
    if digits.bytes().all(|digit| Some(digit) == first) {
        return Err(IdentifierError::Filler { scheme: scheme.clone() });
    }
    Ok(())
}

fn fixed_digits(
    scheme: &SchemeId,
    raw: &str,
    count: usize,
    expected: &'static str,
) -> Result<Zeroizing<String>, IdentifierError> {
    let text = clean_digits(scheme, raw)?;
    if text.len() != count {
        return Err(length(scheme, expected, text.len()));
    }
    refuse_filler(scheme, &text)?;
    Ok(text)
}

/// Cambodia: 9 digits.
pub(super) fn kh_nid(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    Ok(fixed_digits(scheme, raw, 9, "9 digits")?.as_str().to_owned())
}

/// Azerbaijan, FIN: 7 Latin letters and digits, never O nor I.
pub(super) fn az_fin(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_alphanumeric(scheme, raw)?;
    if text.len() != 7 {
        return Err(length(scheme, "7 letters and digits", text.len()));
    }
    if text.contains(['O', 'I']) {
        return Err(rule(scheme, "a FIN has no letter O and no letter I: look for the digits 0 and 1"));
    }
    refuse_filler(scheme, &text)?;
    Ok(text.as_str().to_owned())
}

/// Years of birth that a 17-digit number may begin with. No one older is alive; no one younger is on a card.
const BD_BIRTH_YEARS: std::ops::RangeInclusive<u16> = 1900..=2030;

/// Bangladesh: 10, 13 or 17 digits. The 17-digit form is the year of birth and the 13-digit form; the year
/// cannot be found again from the 13 digits, so the 13-digit form is canonical. The 10-digit form of the smart
/// card is another number that cannot be derived, and stays its own: report both where both are known.
pub(super) fn bd_nid(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_digits(scheme, raw)?;
    let number = match text.len() {
        10 | 13 => text.as_str(),
        17 => {
            let (year, number) = text.split_at(4);
            if !year.parse().is_ok_and(|year: u16| BD_BIRTH_YEARS.contains(&year)) {
                return Err(rule(
                    scheme,
                    "a 17-digit number begins with a year of birth: compare it with the card",
                ));
            }
            number
        }
        found => return Err(length(scheme, "10, 13 or 17 digits", found)),
    };
    refuse_filler(scheme, number)?;
    Ok(number.to_owned())
}

/// Peru: the 8 digits of the DNI; the check character of the CUI, a digit or a letter, is verified and left
/// out, so that both forms are one value. (Sum of digits times 3, 2, 7, 6, 5, 4, 3, 2, modulo 11.)
pub(super) fn pe_dni(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_alphanumeric(scheme, raw)?;
    if !matches!(text.len(), 8 | 9) {
        return Err(length(scheme, "8 digits, or 8 digits and a check character", text.len()));
    }
    let (number, check) = text.split_at(8);
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(rule(scheme, "the first 8 characters are digits: look for letters among them"));
    }
    if let Some(&check) = check.as_bytes().first() {
        let weights = [3usize, 2, 7, 6, 5, 4, 3, 2];
        let sum: usize =
            number.bytes().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
        if check != b"65432110987"[sum % 11] && check != b"KJIHGFEDCBA"[sum % 11] {
            return Err(IdentifierError::CheckDigit { scheme: scheme.clone() });
        }
    }
    refuse_filler(scheme, number)?;
    Ok(number.to_owned())
}

/// Where a Bolivian card was issued: the nine departments, with the older abbreviations.
const BO_DEPARTMENTS: [&str; 11] = ["LP", "CB", "SC", "OR", "PT", "PO", "TJ", "CH", "BE", "BN", "PD"];

/// Bolivia: a number of 4 to 8 digits, then perhaps a complement (a digit and a letter, which tells two
/// holders of one number apart) and perhaps the department. The complement is part of the value
/// (`1234567-1A`); the department is only where the card was issued, is written or left out at will, and is
/// not. Leading zeros are not.
pub(super) fn bo_ci(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let allowed = "digits, a complement such as 1A, a department such as LP";
    let separator = |c: char| c.is_whitespace() || super::normal::is_dash(c);
    let mut text =
        clean(scheme, raw, &[Separator::Dots], allowed, |c| c.is_ascii_alphanumeric() || separator(c))?;
    text.make_ascii_uppercase();
    let mut parts: Vec<&str> = text.split(separator).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.last().is_some_and(|last| BO_DEPARTMENTS.contains(last)) {
        parts.pop();
    }
    let is_complement = |part: &&str| matches!(part.as_bytes(), [digit, letter] if digit.is_ascii_digit() && letter.is_ascii_uppercase());
    let complement = if parts.len() > 1 { parts.pop_if(|last| is_complement(&&**last)) } else { None };
    if !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        let way_out =
            "write the number, a dash and the complement (a digit and a letter), a space and the department";
        return Err(rule(scheme, way_out));
    }
    let joined = Zeroizing::new(parts.concat());
    let number = joined.trim_start_matches('0');
    if !(4..=8).contains(&number.len()) {
        return Err(length(scheme, "4 to 8 digits before the complement", number.len()));
    }
    refuse_filler(scheme, number)?;
    Ok(complement.map_or_else(|| number.to_owned(), |complement| format!("{number}-{complement}")))
}

/// Kenya: 7 or 8 digits. Seven-digit numbers are padded to eight by some systems, so one leading zero of an
/// eight-digit form goes.
pub(super) fn ke_id(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_digits(scheme, raw)?;
    let number = match text.len() {
        7 => text.as_str(),
        8 => text.strip_prefix('0').unwrap_or(&text),
        found => return Err(length(scheme, "7 or 8 digits", found)),
    };
    refuse_filler(scheme, number)?;
    if number.starts_with('0') {
        return Err(rule(scheme, "7 digits do not begin with 0: look for a lost digit"));
    }
    Ok(number.to_owned())
}

/// Uganda: 14 letters and digits: class of holder, sex (M or F), two digits of the year of birth, ten of serial.
/// NIRA publishes no check digit.
pub(super) fn ug_nin(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_alphanumeric(scheme, raw)?;
    if text.len() != 14 {
        return Err(length(scheme, "14 letters and digits", text.len()));
    }
    let [class, sex, decade, year, ..] = text.as_bytes() else {
        return Err(length(scheme, "14 letters and digits", text.len()));
    };
    if !class.is_ascii_uppercase() || !b"MF".contains(sex) {
        return Err(rule(
            scheme,
            "it begins with a letter and then M or F, as in CM or CF: compare it with the card",
        ));
    }
    if !decade.is_ascii_digit() || !year.is_ascii_digit() {
        return Err(rule(
            scheme,
            "the third and fourth places are digits, the year of birth: look for the letter O",
        ));
    }
    refuse_filler(scheme, &text[4..])?;
    Ok(text.as_str().to_owned())
}

/// Philippines: the 16 digits of the card number. The 12-digit PhilSys number itself must not be collected
/// (Republic Act 11055), and is refused with its own message.
pub(super) fn ph_pcn(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_digits(scheme, raw)?;
    if text.len() == 12 {
        let way_out = "this is as long as the secret PhilSys number, which must not be collected: \
                       use the card number on the front, and delete this one";
        return Err(rule(scheme, way_out));
    }
    if text.len() != 16 {
        return Err(length(scheme, "16 digits", text.len()));
    }
    refuse_filler(scheme, &text)?;
    Ok(text.as_str().to_owned())
}

/// Codes of Indonesian provinces, those made in 2022 among them; the number is kept when a province is divided.
const ID_PROVINCES: [u8; 39] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65, 71, 72,
    73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97,
];

/// Indonesia, NIK: 16 digits: province, regency, district, day of birth (plus 40 for a woman), month, year,
/// serial from 0001.
pub(super) fn id_nik(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = fixed_digits(scheme, raw, 16, "16 digits")?;
    let pair = |at: usize| (text.as_bytes()[at] - b'0') * 10 + (text.as_bytes()[at + 1] - b'0');
    if !ID_PROVINCES.contains(&pair(0)) {
        return Err(rule(scheme, "the first two digits are no province: compare it with the card"));
    }
    let (written, month, year) = (pair(6), pair(8), pair(10));
    let day = if written > 40 { written - 40 } else { written };
    let days = match month {
        // The century is not written; 2000 was a leap year, so the year 00 counts as one.
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if day == 0 || day > days {
        return Err(rule(
            scheme,
            "digits 7 to 12 are no date of birth (day, plus 40 for a woman; month; year)",
        ));
    }
    if text.ends_with("0000") {
        return Err(rule(
            scheme,
            "serials run from 0001: a spreadsheet may have rounded the last digits away",
        ));
    }
    Ok(text.as_str().to_owned())
}
