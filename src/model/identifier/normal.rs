//! Characters: any script's digits to ASCII, full-width forms to ASCII, invisible characters and separators
//! away, and nothing else. The tables are our own and frozen, because the normal form must not move when a
//! library learns a newer Unicode.
//!
//! NFKC is of no use here: it leaves Khmer digits as they are and turns superscripts into digits.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{IdentifierError, SchemeId};
use crate::limits::IDENTIFIER_BYTES_MAX;

/// Zero of every run of ten decimal digits (`General_Category` Nd), Unicode 16.0, ascending.
const DIGIT_ZEROS: &[u32] = &[
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
    0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Format characters (`General_Category` Cf), Unicode 16.0: first and last of each run, ascending.
const FORMAT: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001),
    (0xE0020, 0xE007F),
];

/// Dashes (`General_Category` Pd), Unicode 16.0: first and last of each run, ascending.
const DASHES: &[(u32, u32)] = &[
    (0x002D, 0x002D),
    (0x058A, 0x058A),
    (0x05BE, 0x05BE),
    (0x1400, 0x1400),
    (0x1806, 0x1806),
    (0x2010, 0x2015),
    (0x2E17, 0x2E17),
    (0x2E1A, 0x2E1A),
    (0x2E3A, 0x2E3B),
    (0x2E40, 0x2E40),
    (0x2E5D, 0x2E5D),
    (0x301C, 0x301C),
    (0x3030, 0x3030),
    (0x30A0, 0x30A0),
    (0xFE31, 0xFE32),
    (0xFE58, 0xFE58),
    (0xFE63, 0xFE63),
    (0xFF0D, 0xFF0D),
    (0x10D6E, 0x10D6E),
    (0x10EAD, 0x10EAD),
];

/// The decimal value of a digit of any script; `None` for superscripts, fractions and letters.
pub(super) fn digit_value(c: char) -> Option<u8> {
    let code = u32::from(c);
    let run = DIGIT_ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?;
    u8::try_from(code - DIGIT_ZEROS[run]).ok().filter(|&value| value < 10)
}

/// Whether `c` is an invisible format character.
pub(super) fn is_format(c: char) -> bool {
    in_runs(FORMAT, c)
}

/// Whether `c` is a dash of any script, or the minus sign that word processors put in its place.
pub(super) fn is_dash(c: char) -> bool {
    c == '\u{2212}' || in_runs(DASHES, c)
}

fn in_runs(runs: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let after = runs.partition_point(|&(first, _)| first <= code);
    after > 0 && code <= runs[after - 1].1
}

/// One character in its plain form: digits of any script and full-width forms become ASCII.
pub(super) fn plain(c: char) -> char {
    if let Some(value) = digit_value(c) {
        return char::from(b'0' + value);
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// A separator that a scheme takes away. Format characters always go, and white space at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Separator {
    /// White space of every kind, the no-break space too.
    Spaces,
    /// Dashes of every script, and the minus sign.
    Dashes,
    /// The full stop.
    Dots,
    /// The slash.
    Slashes,
}

impl Separator {
    /// What most card numbers are grouped with.
    pub(super) const GROUPING: &[Self] = &[Self::Spaces, Self::Dashes, Self::Dots];

    fn takes(self, c: char) -> bool {
        match self {
            Self::Spaces => c.is_whitespace(),
            Self::Dashes => is_dash(c),
            Self::Dots => c == '.',
            Self::Slashes => c == '/',
        }
    }
}

/// `raw` with every character in plain form and without the separators of `strip`.
///
/// Whatever is left must pass `keep`, or is named by its place in `raw` with `allowed` as the way out. Letters
/// keep their case. The result is wiped when dropped, and never moved while it grows.
pub(super) fn clean(
    scheme: &SchemeId,
    raw: &str,
    strip: &[Separator],
    allowed: &'static str,
    keep: impl Fn(char) -> bool,
) -> Result<Zeroizing<String>, IdentifierError> {
    if raw.len() > IDENTIFIER_BYTES_MAX {
        return Err(IdentifierError::TooLong { scheme: scheme.clone() });
    }
    let invisible = |c: char| c.is_whitespace() || is_format(c);
    // A plain form never has more bytes than its original, so this does not grow and leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(raw.len()));
    let end = raw.trim_end_matches(invisible).len();
    let start = raw.len() - raw.trim_start_matches(invisible).len();
    for (place, (at, original)) in raw.char_indices().enumerate() {
        let c = plain(original);
        if at < start || at >= end || is_format(c) || strip.iter().any(|separator| separator.takes(c)) {
            continue;
        }
        if !keep(c) {
            return Err(IdentifierError::Character { scheme: scheme.clone(), place: place + 1, allowed });
        }
        text.push(c);
    }
    if text.is_empty() {
        return Err(IdentifierError::Empty { scheme: scheme.clone() });
    }
    Ok(text)
}

/// [`clean`] for numbers written in digits alone.
pub(super) fn clean_digits(scheme: &SchemeId, raw: &str) -> Result<Zeroizing<String>, IdentifierError> {
    clean(scheme, raw, Separator::GROUPING, "digits, grouped with spaces, dashes or dots", |c| {
        c.is_ascii_digit()
    })
}

/// [`clean`] for Latin letters and digits; letters come out as capitals. Only ASCII letters are folded: a
/// dotless i is another letter in Azerbaijani, and no rule of case fits every language.
pub(super) fn clean_alphanumeric(scheme: &SchemeId, raw: &str) -> Result<Zeroizing<String>, IdentifierError> {
    let allowed = "digits and the letters A to Z, grouped with spaces or dashes";
    let strip = &[Separator::Spaces, Separator::Dashes];
    let mut text = clean(scheme, raw, strip, allowed, |c| c.is_ascii_alphanumeric())?;
    text.make_ascii_uppercase();
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regex crate carries its own Unicode tables: an independent source for ours. When it learns a newer
    /// Unicode these tests fail, and the new characters are added by hand: they were refused until then.
    fn members(class: &str) -> Vec<char> {
        let class = regex::Regex::new(class).unwrap();
        let mut buffer = [0u8; 4];
        ('\0'..=char::MAX).filter(|c| class.is_match(c.encode_utf8(&mut buffer))).collect()
    }

    #[test]
    fn digits_are_those_of_unicode() {
        let ours: Vec<char> = ('\0'..=char::MAX).filter(|&c| digit_value(c).is_some()).collect();
        assert_eq!(ours, members(r"^\p{Nd}$"));
    }

    #[test]
    fn format_characters_are_those_of_unicode() {
        let ours: Vec<char> = ('\0'..=char::MAX).filter(|&c| is_format(c)).collect();
        assert_eq!(ours, members(r"^\p{Cf}$"));
    }

    #[test]
    fn dashes_are_those_of_unicode_and_the_minus_sign() {
        let ours: Vec<char> = ('\0'..=char::MAX).filter(|&c| is_dash(c) && c != '\u{2212}').collect();
        assert_eq!(ours, members(r"^\p{Pd}$"));
    }

    #[test]
    fn plain_forms_never_grow() {
        assert!(('\0'..=char::MAX).all(|c| plain(c).len_utf8() <= c.len_utf8()));
    }

    #[test]
    fn superscripts_and_fractions_are_no_digits() {
        assert!("²³¹⁰₀①½Ⅷ〇一፩".chars().all(|c| digit_value(c).is_none()));
    }
}
