//! Currencies and amounts. Amounts are integers in minor units; the network's policy pins the exponent.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An ISO 4217 alphabetic code, three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// What is wrong with a currency code or an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three upper-case Latin letters.
    #[error("a currency is three upper-case letters, as KHR")]
    Currency,
    /// Not a decimal number such as `1234.50`.
    #[error("an amount is digits with at most one decimal point, as 1234.50")]
    Amount,
    /// More decimals than the currency has.
    #[error("the amount has more decimals than the {exponent} that {currency} has here")]
    Decimals {
        /// The amount's currency.
        currency: Currency,
        /// Its exponent by the network's policy.
        exponent: u8,
    },
    /// Outside what 64 bits hold.
    #[error("the amount is too large")]
    Overflow,
}

impl Currency {
    /// The code as text.
    pub fn code(&self) -> &str {
        // Only upper-case ASCII letters can be inside.
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(MoneyError::Currency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in minor units of a currency that stands beside it.
pub type Minor = i64;

/// Parses a plain decimal (`1234.50`, optionally with a leading `-`) into minor units of `exponent` decimals.
///
/// No grouping marks and no other decimal marks: formats that have them say so and are normalised first.
pub fn parse_minor(text: &str, currency: Currency, exponent: u8) -> Result<Minor, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (digits.contains('.') && fraction.is_empty())
    {
        return Err(MoneyError::Amount);
    }
    // Zeros beyond the exponent change nothing; anything else would be lost.
    let (kept, beyond) = fraction.split_at(fraction.len().min(usize::from(exponent)));
    if beyond.bytes().any(|b| b != b'0') {
        return Err(MoneyError::Decimals { currency, exponent });
    }
    let padding = usize::from(exponent) - kept.len();
    let mut minor: Minor = 0;
    for digit in whole.bytes().chain(kept.bytes()).chain(std::iter::repeat_n(b'0', padding)) {
        minor = minor
            .checked_mul(10)
            .and_then(|m| m.checked_add(i64::from(digit - b'0')))
            .ok_or(MoneyError::Overflow)?;
    }
    Ok(if negative { -minor } else { minor })
}

/// Minor units as a plain decimal with exactly `exponent` decimals; takes sums of any number of amounts.
pub fn format_minor(minor: i128, exponent: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = minor.unsigned_abs().to_string();
    let exponent = usize::from(exponent);
    if exponent == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = exponent + 1);
    let (whole, fraction) = padded.split_at(padded.len() - exponent);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_round_trip() {
        let khr: Currency = "KHR".parse().unwrap();
        for (text, exponent, minor) in [
            ("0", 2, 0),
            ("12.5", 2, 1250),
            ("12.50", 2, 1250),
            ("12.500", 2, 1250),
            ("-3", 0, -3),
            ("0.01", 2, 1),
        ] {
            assert_eq!(parse_minor(text, khr, exponent), Ok(minor), "{text}");
        }
        assert_eq!(format_minor(1250, 2), "12.50");
        assert_eq!(format_minor(-1, 2), "-0.01");
        assert_eq!(format_minor(7, 0), "7");
        assert_eq!(format_minor(5, 3), "0.005");
        for bad in ["", "-", ".5", "5.", "1,000", "1e3", "٣", " 1", "1 ", "+1", "0x1"] {
            assert_eq!(parse_minor(bad, khr, 2), Err(MoneyError::Amount), "{bad}");
        }
        assert_eq!(parse_minor("1.005", khr, 2), Err(MoneyError::Decimals { currency: khr, exponent: 2 }));
        assert_eq!(parse_minor("92233720368547758.08", khr, 2), Err(MoneyError::Overflow));
        assert_eq!(parse_minor("92233720368547758.07", khr, 2), Ok(i64::MAX));
    }

    #[test]
    fn currency_codes() {
        assert_eq!("USD".parse::<Currency>().unwrap().to_string(), "USD");
        for bad in ["usd", "US", "USDT", "U D", "ÜSD"] {
            assert!(bad.parse::<Currency>().is_err(), "{bad}");
        }
    }
}
