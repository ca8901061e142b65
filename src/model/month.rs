//! Calendar months, by which inquiry footprints lie: so that a client's present lenders do not see that she applies
//! elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::day::Day;
use super::identifier::Identifier;
use crate::clock::UnixTime;
use crate::secret::SecretVec;

/// A calendar month in UTC: twelve times the year, and the month from 0.
///
/// In text formats `2026-11`, in binary ones the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// A text that is not a year of four digits, a hyphen and a month from 01 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a month as 2026-11")]
pub struct MonthError;

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let (year, month): (i32, i32) =
            (year.parse().map_err(|_| MonthError)?, month.parse().map_err(|_| MonthError)?);
        let parsed =
            Self(year.checked_mul(12).and_then(|months| months.checked_add(month - 1)).ok_or(MonthError)?);
        // One spelling only.
        if parsed.to_string() == text { Ok(parsed) } else { Err(MonthError) }
    }
}

impl schemars::JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" })
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            i32::deserialize(deserializer).map(Self)
        }
    }
}

impl Month {
    /// The month of a moment.
    pub fn of(time: UnixTime) -> Self {
        let (year, month, _) = Day::of(time).ymd();
        Self(i32::from(year) * 12 + i32::from(month) - 1)
    }

    /// The first moment of the month.
    pub fn start(self) -> UnixTime {
        let first: Day = format!("{self}-01").parse().expect("a month begins with a day");
        first.start()
    }

    /// The month so many later, or earlier where negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Every month from `first` to `last`, both included.
    pub fn range(first: Self, last: Self) -> Vec<Self> {
        (first.0..=last.0).map(Self).collect()
    }

    /// What the footprint key is evaluated on: `tallystick/footprint/v1`, the month as i32 big-endian, and the
    /// identifier's encoding.
    pub fn input(self, identifier: &Identifier) -> SecretVec {
        let mut input = b"tallystick/footprint/v1".to_vec();
        input.extend(self.0.to_be_bytes());
        input.extend(identifier.oprf_input().expose());
        SecretVec::new(input)
    }
}

/// The months whose footprints an inquiry under a consent may read or write: as far back as the policy reads, and to
/// the end of the consent.
pub fn months(given: UnixTime, until: UnixTime, days_back: u32) -> Vec<Month> {
    let first = given.plus_seconds(-i64::from(days_back) * 86_400);
    Month::range(Month::of(first), Month::of(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_cover_what_is_read_and_written() {
        let at = |text: &str| text.parse::<Day>().unwrap().start();
        let months = months(at("2026-11-22"), at("2027-01-05"), 180);
        assert_eq!(months.first(), Some(&Month::of(at("2026-05-26"))));
        assert_eq!(months.last(), Some(&Month::of(at("2027-01-31"))));
        assert_eq!(months.len(), 9);
        assert_eq!(Month::of(at("1970-01-31")), Month(1970 * 12));
    }

    #[test]
    fn a_month_has_one_spelling() {
        for text in ["2026-11", "1970-01", "1999-12"] {
            let month: Month = text.parse().unwrap();
            assert_eq!(month.to_string(), text);
            let json = serde_json::to_string(&month).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Month>(&json).unwrap(), month);
        }
        for bad in ["", "2026", "2026-13", "2026-0", "2026-1", "26-01", "2026-+1", "-1-01", "2026-11 "] {
            assert_eq!(bad.parse::<Month>(), Err(MonthError), "{bad}");
        }
    }
}
