//! Indian identifiers: Aadhaar, EPIC (voter card) and PAN.

use super::normal::{clean_alphanumeric, clean_digits};
use super::{IdentifierError, SchemeId};

/// Multiplication in the dihedral group of order ten (J. Verhoeff, "Error Detecting Decimal Codes", 1969).
const VERHOEFF_PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// The position's permutation, of period eight.
const VERHOEFF_PERMUTATION: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

fn verhoeff_holds(digits: &str) -> bool {
    let sum = digits.bytes().rev().enumerate().fold(0u8, |sum, (place, digit)| {
        let permuted = VERHOEFF_PERMUTATION[place % 8][usize::from(digit - b'0')];
        VERHOEFF_PRODUCT[usize::from(sum)][usize::from(permuted)]
    });
    sum == 0
}

fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Aadhaar: 12 digits, the first not 0 or 1, not a palindrome, Verhoeff.
pub(super) fn aadhaar(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_digits(scheme, raw)?;
    let rule = |rule| IdentifierError::Rule { scheme: scheme.clone(), rule };
    if text.len() == 16 {
        return Err(rule(
            "this is as long as a virtual id, which changes: ask for the Aadhaar number itself",
        ));
    }
    if text.len() != 12 {
        let found = text.len();
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected: "12 digits", found });
    }
    if text.starts_with(['0', '1']) {
        return Err(rule("no number begins with 0 or 1: look for a lost first digit"));
    }
    if text.bytes().eq(text.bytes().rev()) {
        return Err(rule("no number reads the same backwards: compare it with the card"));
    }
    if !verhoeff_holds(&text) {
        return Err(IdentifierError::CheckDigit { scheme: scheme.clone() });
    }
    Ok(text.as_str().to_owned())
}

/// EPIC: 3 letters and 7 digits, of which the last is the Luhn check digit of the seven (as python-stdnum).
pub(super) fn epic(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let old = "an old voter number with slashes has no present-day form: ask for the new card's number";
    if raw.chars().any(|c| super::normal::plain(c) == '/') {
        return Err(IdentifierError::Rule { scheme: scheme.clone(), rule: old });
    }
    let text = clean_alphanumeric(scheme, raw)?;
    if text.len() != 10 {
        let expected = "3 letters and 7 digits, 10 in all";
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected, found: text.len() });
    }
    let (letters, digits) = text.split_at(3);
    if !letters.bytes().all(|b| b.is_ascii_uppercase()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let rule = "3 letters come first, then 7 digits: look for the letter O in place of a zero";
        return Err(IdentifierError::Rule { scheme: scheme.clone(), rule });
    }
    if digits.bytes().all(|b| b == b'0') {
        return Err(IdentifierError::Filler { scheme: scheme.clone() });
    }
    if !luhn_holds(digits) {
        return Err(IdentifierError::CheckDigit { scheme: scheme.clone() });
    }
    Ok(text.as_str().to_owned())
}

/// PAN: 5 letters, 4 digits (not 0000), 1 letter; the fourth letter is the kind of holder. Its check letter is
/// not published, so it cannot be checked.
pub(super) fn pan(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let text = clean_alphanumeric(scheme, raw)?;
    let rule = |rule| IdentifierError::Rule { scheme: scheme.clone(), rule };
    if text.len() != 10 {
        let expected = "5 letters, 4 digits and a letter, 10 in all";
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected, found: text.len() });
    }
    let letter = |place: usize| text.as_bytes()[place].is_ascii_uppercase();
    let serial = &text[5..9];
    if !(0..5).all(letter) || !letter(9) || !serial.bytes().all(|b| b.is_ascii_digit()) {
        return Err(rule("5 letters come first, then 4 digits, then a letter: look for O and 0, I and 1"));
    }
    if !b"ABCFGHJKLPT".contains(&text.as_bytes()[3]) {
        return Err(rule(
            "the fourth letter names the kind of holder (P for a person): compare it with the card",
        ));
    }
    if serial == "0000" {
        return Err(rule("the four digits run from 0001: compare it with the card"));
    }
    Ok(text.as_str().to_owned())
}
