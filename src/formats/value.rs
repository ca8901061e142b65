//! Numbers and dates as files write them, by a form that is declared beforehand. Nothing is guessed: "1.234"
//! is one thousand in one country and one and a bit in another.

use crate::model::day::Day;
use crate::model::money::{Currency, Minor, MoneyError, parse_minor};

use super::outcome::RejectReason;

/// Zeros of every run of ten decimal digits (General_Category Nd), Unicode 16; the nine after each follow it.
///
/// `char::to_digit` knows ASCII only, and NFKC turns superscripts into digits, which must not happen.
const DIGIT_ZEROS: [u32; 76] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
    0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Longest number that is looked at. A 64-bit amount has 19 digits.
const NUMBER_CHARS_MAX: usize = 48;

/// The ASCII digit of the same decimal value, for a decimal digit of any script.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let code = u32::from(c);
    let zero = match DIGIT_ZEROS.binary_search(&code) {
        Ok(_) => code,
        Err(after) => *DIGIT_ZEROS.get(after.checked_sub(1)?)?,
    };
    let value = code.checked_sub(zero)?;
    (value <= 9).then(|| char::from_digit(value, 10)).flatten()
}

/// How a file writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberForm {
    /// The mark before the decimals.
    pub(super) decimal: char,
    /// The mark between groups of digits, if the file has one. A space stands for every kind of space.
    pub(super) grouping: Option<char>,
}

impl NumberForm {
    /// `1234.50`.
    pub(super) const PLAIN: Self = Self { decimal: '.', grouping: None };

    /// An example in this form.
    pub(super) fn example(self) -> String {
        let group = self.grouping.map(String::from).unwrap_or_default();
        format!("1{group}234{}50", self.decimal)
    }

    /// The number as a plain ASCII decimal (`-1234.50`), or what is wrong with it.
    pub(super) fn plain(self, text: &str) -> Result<String, RejectReason> {
        let text = text.trim();
        if text.len() > NUMBER_CHARS_MAX * 4 {
            return Err(RejectReason::TooLarge);
        }
        let mut plain = String::with_capacity(text.len());
        // Digits of the groups so far, each closed by a grouping mark; the last is open.
        let mut groups: Vec<usize> = vec![0];
        let mut in_decimals = false;
        for (at, c) in text.chars().enumerate() {
            if let Some(digit) = ascii_digit(c) {
                plain.push(digit);
                if !in_decimals && let Some(open) = groups.last_mut() {
                    *open += 1;
                }
            } else if c == self.decimal {
                if in_decimals {
                    return Err(self.bad_mark(c));
                }
                in_decimals = true;
                plain.push('.');
            } else if self.grouping.is_some_and(|mark| mark == c || (mark == ' ' && is_space(c))) {
                if in_decimals {
                    return Err(self.bad_mark(c));
                }
                groups.push(0);
            } else if at == 0 && (c == '-' || c == '\u{2212}') {
                plain.push('-');
            } else {
                return Err(self.bad_sign(c));
            }
        }
        if !groups_are_sound(&groups) {
            return Err(self.grouping.map_or_else(|| self.not_a_number(), |mark| self.bad_mark(mark)));
        }
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        if digits.is_empty() || digits.starts_with('.') || digits.ends_with('.') {
            return Err(self.not_a_number());
        }
        Ok(plain)
    }

    fn not_a_number(self) -> RejectReason {
        RejectReason::Number { form: self.example() }
    }

    fn bad_mark(self, mark: char) -> RejectReason {
        RejectReason::NumberMark { mark, form: self.example() }
    }

    fn bad_sign(self, c: char) -> RejectReason {
        // Only marks are named: a letter could be the beginning of a name in a shifted row.
        if matches!(c, ',' | '.' | '\'' | '\u{2019}' | ' ' | '_') {
            return self.bad_mark(c);
        }
        if is_space(c) {
            return self.bad_mark(' ');
        }
        if c.is_numeric() { RejectReason::NotADigit } else { self.not_a_number() }
    }
}

/// Spaces that stand between digits: the ordinary one, no-break, narrow no-break, thin and figure space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}')
}

/// One group of any length, or one of 1 to 3 digits, then groups of 2 or 3 (the Indian lakh), then one of 3.
fn groups_are_sound(groups: &[usize]) -> bool {
    match groups {
        [_] => true,
        [first, between @ .., last] => {
            (1..=3).contains(first) && between.iter().all(|digits| (2..=3).contains(digits)) && *last == 3
        }
        [] => false,
    }
}

/// Whether a file's amounts are 12.50 or 1250.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountUnit {
    /// Units with decimals: 12.50.
    Major,
    /// Minor units, whole: 1250.
    Minor,
}

/// A plain decimal as minor units.
pub(super) fn minor(
    plain: &str,
    unit: AmountUnit,
    currency: Currency,
    exponent: u8,
) -> Result<Minor, RejectReason> {
    let exponent_here = match unit {
        AmountUnit::Major => exponent,
        AmountUnit::Minor => 0,
    };
    let amount = parse_minor(plain, currency, exponent_here).map_err(|error| match error {
        MoneyError::Decimals { .. } if unit == AmountUnit::Minor => RejectReason::NotWhole,
        MoneyError::Decimals { currency, exponent } => RejectReason::Decimals { currency, exponent },
        MoneyError::Overflow => RejectReason::TooLarge,
        MoneyError::Currency | MoneyError::Amount => {
            RejectReason::Number { form: NumberForm::PLAIN.example() }
        }
    })?;
    if amount < 0 { Err(RejectReason::Negative) } else { Ok(amount) }
}

/// A plain decimal as a count: no sign and no decimals but zeros.
pub(super) fn count(plain: &str) -> Result<u32, RejectReason> {
    if plain.starts_with('-') {
        return Err(RejectReason::Negative);
    }
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    if decimals.bytes().any(|b| b != b'0') {
        return Err(RejectReason::NotWhole);
    }
    whole.parse().map_err(|_| RejectReason::TooLarge)
}

/// A plain decimal per cent a year as basis points, halves rounded up.
pub(super) fn basis_points(plain: &str) -> Result<u32, RejectReason> {
    if plain.starts_with('-') {
        return Err(RejectReason::Negative);
    }
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let mut value: u32 = whole.parse().map_err(|_| RejectReason::TooLarge)?;
    let mut digits = decimals.bytes().map(|b| u32::from(b.wrapping_sub(b'0')));
    for _ in 0..2 {
        let digit = digits.next().unwrap_or(0);
        value = value.checked_mul(10).and_then(|v| v.checked_add(digit)).ok_or(RejectReason::TooLarge)?;
    }
    let up = u32::from(digits.next().unwrap_or(0) >= 5);
    value.checked_add(up).ok_or(RejectReason::TooLarge)
}

/// A JSON number as a plain decimal, exactly: `1.5e3` is `1500`.
pub(super) fn json_plain(text: &str) -> Result<String, RejectReason> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return Err(NumberForm::PLAIN.not_a_number());
            }
            let exponent: i32 =
                exponent.strip_prefix('+').unwrap_or(exponent).parse().map_err(|_| RejectReason::TooLarge)?;
            (mantissa, exponent)
        }
        None => (text, 0),
    };
    if exponent == 0 {
        return NumberForm::PLAIN.plain(mantissa);
    }
    if exponent.unsigned_abs() > 40 {
        return Err(RejectReason::TooLarge);
    }
    let plain = NumberForm::PLAIN.plain(mantissa)?;
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    // Move the point: all digits, with the place of the point counted from the left.
    let all: Vec<char> = whole.chars().chain(decimals.chars()).collect();
    let point = i32::try_from(whole.len()).unwrap_or(0) + exponent;
    let mut shifted = String::from(sign);
    if point <= 0 {
        shifted.push_str("0.");
        shifted.extend(std::iter::repeat_n('0', usize::try_from(-point).unwrap_or(0)));
        shifted.extend(&all);
        return Ok(shifted);
    }
    let point = usize::try_from(point).unwrap_or(0);
    shifted.extend(all.iter().take(point));
    shifted.extend(std::iter::repeat_n('0', point.saturating_sub(all.len())));
    if all.len() > point {
        shifted.push('.');
        shifted.extend(all.iter().skip(point));
    }
    Ok(shifted)
}

/// One part of a date pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    Year,
    Month,
    Day,
    /// Hours, minutes or seconds: read past.
    Time,
    Literal(char),
}

/// A date pattern such as `DD/MM/YYYY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DatePattern {
    text: String,
    parts: Vec<DatePart>,
}

impl DatePattern {
    /// Reads a pattern of `YYYY`, `MM`, `DD` (once each), `hh`, `mm`, `ss` and other signs.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let known = [
                ("YYYY", DatePart::Year),
                ("CCYY", DatePart::Year),
                ("MM", DatePart::Month),
                ("DD", DatePart::Day),
                ("hh", DatePart::Time),
                ("mm", DatePart::Time),
                ("ss", DatePart::Time),
            ];
            if let Some((part, after)) =
                known.iter().find_map(|(token, part)| rest.strip_prefix(token).map(|after| (*part, after)))
            {
                parts.push(part);
                rest = after;
                continue;
            }
            if first.is_ascii_digit() || matches!(first, 'Y' | 'M' | 'D' | 'C') {
                return Err("use YYYY (or CCYY), MM, DD, hh, mm, ss; a year has four digits");
            }
            parts.push(DatePart::Literal(first));
            let mut chars = rest.chars();
            chars.next();
            rest = chars.as_str();
        }
        for wanted in [DatePart::Year, DatePart::Month, DatePart::Day] {
            if parts.iter().filter(|part| **part == wanted).count() != 1 {
                return Err("YYYY, MM and DD must each stand in it once");
            }
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The pattern as declared.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What texts of this pattern look like, whatever the order of day and month.
    pub(super) fn shape(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                DatePart::Year => "9999".to_owned(),
                DatePart::Month | DatePart::Day | DatePart::Time => "99".to_owned(),
                DatePart::Literal(sign) => sign.to_string(),
            })
            .collect()
    }

    /// Year, month and day of a text of this pattern; `None` if it is not of the pattern.
    fn split(&self, text: &str) -> Option<(i16, i8, i8)> {
        let (mut year, mut month, mut day) = (0i16, 0i8, 0i8);
        let mut chars = text.chars();
        for part in &self.parts {
            match part {
                DatePart::Literal(sign) => {
                    if chars.next()? != *sign {
                        return None;
                    }
                }
                DatePart::Year => year = i16::try_from(digits(&mut chars, 4)?).ok()?,
                DatePart::Month => month = i8::try_from(digits(&mut chars, 2)?).ok()?,
                DatePart::Day => day = i8::try_from(digits(&mut chars, 2)?).ok()?,
                DatePart::Time => {
                    digits(&mut chars, 2)?;
                }
            }
        }
        chars.next().is_none().then_some((year, month, day))
    }
}

fn digits(chars: &mut std::str::Chars<'_>, count: usize) -> Option<u16> {
    let mut value = 0u16;
    for _ in 0..count {
        let digit = ascii_digit(chars.next()?)?.to_digit(10)?;
        value = value.checked_mul(10)?.checked_add(u16::try_from(digit).ok()?)?;
    }
    Some(value)
}

/// A day by the first pattern that fits.
pub(super) fn day(patterns: &[DatePattern], text: &str) -> Result<Day, RejectReason> {
    let text = text.trim();
    for pattern in patterns {
        if let Some((year, month, day)) = pattern.split(text) {
            return Day::from_ymd(year, month, day).map_err(|_| RejectReason::NoSuchDay);
        }
    }
    let form: Vec<&str> = patterns.iter().map(DatePattern::text).collect();
    Err(RejectReason::Date { form: form.join(" or ") })
}

/// A spreadsheet's serial day as a day. Serial 60 is 29 February 1900, which never was; loans begin later.
pub(super) fn excel_day(plain: &str, epoch_1904: bool) -> Result<Day, RejectReason> {
    let whole = plain.split_once('.').map_or(plain, |(whole, _)| whole);
    let serial: i32 = whole.parse().map_err(|_| RejectReason::NoSuchDay)?;
    let serial = if epoch_1904 { serial.saturating_add(1462) } else { serial };
    // Day 25,569 is 1970-01-01; 2,958,465 is 9999-12-31.
    if !(61..=2_958_465).contains(&serial) {
        return Err(RejectReason::NoSuchDay);
    }
    Ok(Day::from_days(serial - 25_569))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(decimal: char, grouping: Option<char>) -> NumberForm {
        NumberForm { decimal, grouping }
    }

    #[test]
    fn numbers_by_declared_form() {
        let cases = [
            ("1234.50", form('.', None), Some("1234.50")),
            ("-3", form('.', None), Some("-3")),
            ("\u{2212}3", form('.', None), Some("-3")),
            ("1,234.50", form('.', Some(',')), Some("1234.50")),
            ("12,34,567", form('.', Some(',')), Some("1234567")),
            ("1.234", form(',', Some('.')), Some("1234")),
            ("1.234", form('.', Some(',')), Some("1.234")),
            ("1 234 567,5", form(',', Some(' ')), Some("1234567.5")),
            ("1\u{a0}234\u{202f}567,5", form(',', Some(' ')), Some("1234567.5")),
            ("១២៣៤.៥០", form('.', None), Some("1234.50")),
            ("၁၂၃", form('.', None), Some("123")),
            ("1,234", form('.', None), None),
            ("1.234.5", form('.', None), None),
            ("1,23", form('.', Some(',')), None),
            ("1234,567", form('.', Some(',')), None),
            ("1,,234", form('.', Some(',')), None),
            (",234", form('.', Some(',')), None),
            ("1.5,000", form('.', Some(',')), None),
            ("12²", form('.', None), None),
            ("½", form('.', None), None),
            ("", form('.', None), None),
            ("-", form('.', None), None),
            (".5", form('.', None), None),
            ("5.", form('.', None), None),
            ("1e3", form('.', None), None),
            ("+1", form('.', None), None),
            ("1 2", form('.', None), None),
        ];
        for (text, form, plain) in cases {
            assert_eq!(form.plain(text).ok().as_deref(), plain, "{text}");
        }
        assert_eq!(form('.', None).plain("12²"), Err(RejectReason::NotADigit));
        assert_eq!(form('.', None).plain(&"1".repeat(500)), Err(RejectReason::TooLarge));
    }

    #[test]
    fn every_digit_of_unicode_that_regex_knows_is_known_here() {
        // The regex crate carries its own Unicode tables, of the same version.
        let nd = regex::Regex::new(r"^\p{Nd}$").unwrap();
        for c in (0..=0x0010_ffffu32).filter_map(char::from_u32) {
            assert_eq!(ascii_digit(c).is_some(), nd.is_match(&c.to_string()), "{c:?}");
        }
        assert_eq!(ascii_digit('៣'), Some('3'));
        assert_eq!(ascii_digit('٩'), Some('9'));
        for c in ['²', '½', '①', '一', 'x', '/', ':'] {
            assert_eq!(ascii_digit(c), None, "{c}");
        }
    }

    #[test]
    fn json_numbers_are_exact() {
        for (text, plain) in [
            ("833333.3", "833333.3"),
            ("1E+6", "1000000"),
            ("1.5e3", "1500"),
            ("1.2345e2", "123.45"),
            ("12e-3", "0.012"),
            ("-1.5E1", "-15"),
            ("1.0E7", "10000000"),
        ] {
            assert_eq!(json_plain(text).as_deref(), Ok(plain), "{text}");
        }
        assert!(json_plain("1e400").is_err());
        assert!(json_plain("1e99999999999").is_err());
    }

    #[test]
    fn dates_by_declared_pattern() {
        let patterns =
            [DatePattern::parse("DD/MM/YYYY").unwrap(), DatePattern::parse("YYYY-MM-DD hh:mm:ss").unwrap()];
        assert_eq!(day(&patterns, "31/12/2026").unwrap().to_string(), "2026-12-31");
        assert_eq!(day(&patterns, "២២/១១/២០២៦").unwrap().to_string(), "2026-11-22");
        assert_eq!(day(&patterns, "2012-07-17 01:09:52").unwrap().to_string(), "2012-07-17");
        assert_eq!(day(&patterns, "31/02/2026"), Err(RejectReason::NoSuchDay));
        assert_eq!(day(&patterns, "12/31/2026"), Err(RejectReason::NoSuchDay));
        assert!(matches!(day(&patterns, "2026-12-31"), Err(RejectReason::Date { .. })));
        assert!(matches!(day(&patterns, "1/2/2026"), Err(RejectReason::Date { .. })));
        for bad in ["DD/MM/YY", "D/M/YYYY", "MM/YYYY", "DD/DD/YYYY", "YYYY-MM-DD-MM", "", "20YY-MM-DD"] {
            assert!(DatePattern::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            DatePattern::parse("DD/MM/YYYY").unwrap().shape(),
            DatePattern::parse("MM/DD/YYYY").unwrap().shape()
        );
    }

    #[test]
    fn counts_and_rates() {
        assert_eq!(count("30"), Ok(30));
        assert_eq!(count("30.0"), Ok(30));
        assert_eq!(count("30.5"), Err(RejectReason::NotWhole));
        assert_eq!(count("-1"), Err(RejectReason::Negative));
        assert_eq!(count("99999999999"), Err(RejectReason::TooLarge));
        for (text, points) in
            [("24", 2400), ("17.45", 1745), ("17.455", 1746), ("0.1", 10), ("17.4549", 1745)]
        {
            assert_eq!(basis_points(text), Ok(points), "{text}");
        }
    }
}
