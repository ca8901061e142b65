//! Amounts and rates as people write them: plain decimals, exact, never a float.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::money::{Currency, Minor, MoneyError, format_minor, parse_minor};

/// Digits of the longest amount: more than any sum of 64-bit amounts in minor units has.
const AMOUNT_DIGITS_MAX: usize = 40;

/// A plain decimal in major units, such as `1234.50`: how amounts stand in JSON and TOML.
///
/// The text is kept as it was written; the number of decimals is checked against the policy's exponent where
/// the currency is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(String);

impl Amount {
    /// Minor units as a plain decimal with exactly `exponent` decimals.
    pub fn from_minor(minor: i128, exponent: u8) -> Self {
        Self(format_minor(minor, exponent))
    }

    /// The amount in minor units of `exponent` decimals.
    pub fn to_minor(&self, currency: Currency, exponent: u8) -> Result<Minor, MoneyError> {
        parse_minor(&self.0, currency, exponent)
    }

    /// Whether it is nothing, with however many decimals.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|b| matches!(b, b'0' | b'.'))
    }

    /// The amount as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let good = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !good(whole) || !good(fraction) {
            return Err(MoneyError::Amount);
        }
        if digits.len() > AMOUNT_DIGITS_MAX {
            return Err(MoneyError::Overflow);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Amount {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An amount with its currency, in major units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The currency.
    pub currency: Currency,
    /// The amount in major units.
    pub amount: Amount,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

/// How many units of a currency one unit of the reference currency is worth: a positive decimal with at most
/// six decimals and nine digits before them, kept exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    millionths: u64,
}

/// A text that is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a rate is a positive decimal in quotes, as \"4025.5\", with at most 9 digits before and 6 after the point"
)]
pub struct RateError;

impl Rate {
    /// The decimals that a rate may have.
    pub const DECIMALS: u8 = 6;

    /// The rate in millionths of a unit; never zero.
    pub fn millionths(self) -> u64 {
        self.millionths
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let good = |part: &str, digits: usize| {
            (1..=digits).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !good(whole, 9) || !good(fraction, usize::from(Self::DECIMALS)) {
            return Err(RateError);
        }
        let millionths = format!("{whole}{fraction:0<width$}", width = usize::from(Self::DECIMALS));
        match millionths.parse() {
            Ok(millionths) if millionths > 0 => Ok(Self { millionths }),
            _ => Err(RateError),
        }
    }
}

impl TryFrom<String> for Rate {
    type Error = RateError;

    fn try_from(text: String) -> Result<Self, RateError> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

impl fmt::Display for Rate {
    /// Without zeros that say nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format_minor(i128::from(self.millionths), Self::DECIMALS);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact() {
        for (text, millionths, shown) in [
            ("4025.5", 4_025_500_000, "4025.5"),
            ("1", 1_000_000, "1"),
            ("0.000001", 1, "0.000001"),
            ("100", 100_000_000, "100"),
            ("083.10", 83_100_000, "83.1"),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(rate.millionths(), millionths);
            assert_eq!(rate.to_string(), shown);
            assert_eq!(shown.parse::<Rate>(), Ok(rate));
        }
        for bad in ["", "0", "0.0", "-1", "1.", ".5", "1e3", "1,5", "0.0000001", "1234567890", "٣", " 1"] {
            assert_eq!(bad.parse::<Rate>(), Err(RateError), "{bad}");
        }
    }

    #[test]
    fn amounts_are_plain_decimals() {
        for good in ["0", "1234.50", "-3.2", "200000"] {
            assert_eq!(good.parse::<Amount>().unwrap().as_str(), good);
        }
        for bad in ["", "-", ".5", "5.", "1,000", "1e3", "٣", " 1", "+1", "1.2.3"] {
            assert!(bad.parse::<Amount>().is_err(), "{bad}");
        }
        assert!("9".repeat(41).parse::<Amount>().is_err());
    }
}
