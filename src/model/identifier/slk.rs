//! The statistical linkage key SLK-581 of the Australian Institute of Health and Welfare (METEOR 349510): a
//! weak identifier made from a name, a birth date and a sex.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::normal::{Separator, clean, is_format, plain};
use super::{Identifier, IdentifierError, SLK_581, SchemeId};

/// What stands for a birth date that is not known. AIHW has no code for it; this one is ours.
const NO_DATE: &str = "00000000";

/// Sex as SLK-581 codes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlkSex {
    /// Code 1.
    Male,
    /// Code 2.
    Female,
    /// Code 3.
    Other,
    /// Code 9.
    NotStated,
}

impl SlkSex {
    fn code(self) -> char {
        match self {
            Self::Male => '1',
            Self::Female => '2',
            Self::Other => '3',
            Self::NotStated => '9',
        }
    }
}

/// What to do when a name or the birth date is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlkMissing {
    /// Refuse. A key with a gap joins people who only lack the same field.
    Refuse,
    /// Write 9 for a missing name and zeros for a missing date.
    Allow,
}

/// Builds an SLK-581: letters 2, 3 and 5 of the surname, 2 and 3 of the given name, `DDMMYYYY`, sex.
///
/// Characters that are not letters are passed over; a place beyond a short name is `2`, a missing name is all
/// `9`. Names must be in the letters A to Z: no rule of transliteration or case fits every language, so a
/// name in other letters is refused and left to the lender to write in Latin first.
pub fn slk_581(
    surname: &str,
    given: &str,
    born: Option<Date>,
    sex: SlkSex,
    missing: SlkMissing,
) -> Result<Identifier, IdentifierError> {
    let scheme = SchemeId::known(SLK_581);
    let surname = letters(&scheme, surname)?;
    let given = letters(&scheme, given)?;
    if missing == SlkMissing::Refuse && (surname.is_empty() || given.is_empty() || born.is_none()) {
        let rule =
            "surname, given name and date of birth are all needed: leave the key out if one is not known";
        return Err(IdentifierError::Rule { scheme, rule });
    }
    let mut value = String::with_capacity(14);
    pick(&mut value, &surname, &[1, 2, 4]);
    pick(&mut value, &given, &[1, 2]);
    match born {
        Some(date) if (1000..=9999).contains(&date.year()) => {
            let text = Zeroizing::new(format!("{:02}{:02}{:04}", date.day(), date.month(), date.year()));
            value.push_str(&text);
        }
        Some(_) => {
            let rule = "the year of birth has four digits: compare it with the card";
            return Err(IdentifierError::Rule { scheme, rule });
        }
        None => value.push_str(NO_DATE),
    }
    value.push(sex.code());
    Identifier::from_canonical(scheme, value)
}

/// Whether an SLK-581 was made with both names and a birth date; `false` for any other scheme.
pub fn slk_is_complete(identifier: &Identifier) -> bool {
    let value = identifier.value();
    identifier.scheme().as_str() == SLK_581
        && value.len() == 14
        && !value.starts_with("999")
        && value.get(3..5) != Some("99")
        && value.get(5..13) != Some(NO_DATE)
}

/// The letters of a name in capitals.
fn letters(scheme: &SchemeId, name: &str) -> Result<Zeroizing<String>, IdentifierError> {
    let mut text = Zeroizing::new(String::with_capacity(name.len()));
    for (place, original) in name.chars().enumerate() {
        let c = plain(original);
        if c.is_ascii_alphabetic() {
            text.push(c.to_ascii_uppercase());
        } else if !c.is_ascii() && !is_format(c) && !c.is_whitespace() && !is_mark_between_letters(c) {
            let allowed = "names are written in the letters A to Z";
            return Err(IdentifierError::Character { scheme: scheme.clone(), place: place + 1, allowed });
        }
    }
    Ok(text)
}

/// Apostrophes and dashes that stand in names.
fn is_mark_between_letters(c: char) -> bool {
    super::normal::is_dash(c)
        || matches!(c, '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{02B9}' | '\u{00B4}' | '\u{00B7}')
}

fn pick(out: &mut String, name: &str, places: &[usize]) {
    for &place in places {
        out.push(match name.as_bytes().get(place) {
            _ if name.is_empty() => '9',
            Some(&letter) => char::from(letter),
            None => '2',
        });
    }
}

/// A key as another program made it: 14 characters, names in capitals, `2` or `9`, a date of the calendar.
pub(super) fn parse(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let strip = &[Separator::Spaces, Separator::Dashes];
    let allowed = "digits and the letters A to Z";
    let mut text = clean(scheme, raw, strip, allowed, |c| c.is_ascii_alphanumeric())?;
    text.make_ascii_uppercase();
    if text.len() != 14 {
        let expected = "14 characters";
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected, found: text.len() });
    }
    let rule = |rule| IdentifierError::Rule { scheme: scheme.clone(), rule };
    if !is_name_part(&text[..3]) || !is_name_part(&text[3..5]) {
        return Err(rule(
            "the five places of the names hold letters, then 2 for a short name, or all 9 for none",
        ));
    }
    let date = &text[5..13];
    if !date.bytes().all(|b| b.is_ascii_digit()) || !(date == NO_DATE || is_date(date)) {
        return Err(rule("places 6 to 13 are the birth date as day, month and year"));
    }
    if !b"1239".contains(&text.as_bytes()[13]) {
        return Err(rule("the last place is the sex: 1, 2, 3 or 9"));
    }
    Ok(text.as_str().to_owned())
}

/// Letters followed by `2` for the places that a short name lacks, or `9` throughout.
fn is_name_part(part: &str) -> bool {
    let letters = part.trim_end_matches('2');
    part.bytes().all(|b| b == b'9') || letters.bytes().all(|b| b.is_ascii_uppercase())
}

fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i16>().ok());
    let (Some(day), Some(month), Some(year)) = (number(0..2), number(2..4), number(4..8)) else {
        return false;
    };
    let (Ok(day), Ok(month)) = (i8::try_from(day), i8::try_from(month)) else { return false };
    year >= 1000 && Date::new(year, month, day).is_ok()
}
