//! A calendar day, without time or zone: as-of dates, maturities, closing dates.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::UnixTime;

const SECONDS_PER_DAY: i64 = 86_400;

/// A day of the proleptic Gregorian calendar, kept as days since 1970-01-01.
///
/// Text form `YYYY-MM-DD`; four bytes in a binary codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A text that is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a calendar day in the form YYYY-MM-DD")]
pub struct DayError;

impl Day {
    /// The day `year`-`month`-`day`, if the calendar has it.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Result<Self, DayError> {
        Ok(Self::from_date(Date::new(year, month, day).map_err(|_| DayError)?))
    }

    /// The day in UTC on which `time` falls.
    pub fn of(time: UnixTime) -> Self {
        Self(i32::try_from(time.0.div_euclid(SECONDS_PER_DAY)).unwrap_or(i32::MAX))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day that many days after 1970-01-01.
    pub fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Midnight UTC at which this day begins.
    pub fn start(self) -> UnixTime {
        UnixTime(i64::from(self.0) * SECONDS_PER_DAY)
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// This day moved by `days`.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Year, month (1 to 12) and day of month; years outside -9999 to 9999 saturate.
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// Whole months from this day to `later`, counting a begun month as a month; 0 when `later` is not later.
    pub fn months_begun_until(self, later: Self) -> u32 {
        if later <= self {
            return 0;
        }
        let ((y0, m0, d0), (y1, m1, d1)) = (self.ymd(), later.ymd());
        let months =
            (i32::from(y1) - i32::from(y0)) * 12 + i32::from(m1) - i32::from(m0) + i32::from(d1 > d0);
        u32::try_from(months).unwrap_or(0).max(1)
    }

    fn from_date(date: Date) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        let days = date.duration_since(epoch).as_hours() / 24;
        Self(i32::try_from(days).unwrap_or(i32::MAX))
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        let span = jiff::SignedDuration::from_hours(i64::from(self.0) * 24);
        epoch.saturating_add(span)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(DayError);
        }
        text.parse::<Date>().map(Self::from_date).map_err(|_| DayError)
    }
}

impl schemars::JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i32(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            i32::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_arithmetic() {
        let day: Day = "2026-11-22".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-22");
        assert_eq!(day, Day::of(UnixTime(1_795_305_600)));
        assert_eq!(day.plus_days(9).to_string(), "2026-12-01");
        assert_eq!(Day::from_ymd(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Day::from_ymd(1969, 12, 31).unwrap().days(), -1);
        assert_eq!(Day::of(UnixTime(-1)).to_string(), "1969-12-31");
        for bad in ["2026-02-30", "2026-1-2", "20261122", "", "2026-11-22T00", "+026-11-22"] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn months_left_count_a_begun_month() {
        let from: Day = "2026-11-22".parse().unwrap();
        for (to, months) in
            [("2026-11-22", 0), ("2026-11-23", 1), ("2026-12-22", 1), ("2026-12-23", 2), ("2027-11-22", 12)]
        {
            assert_eq!(from.months_begun_until(to.parse().unwrap()), months, "{to}");
        }
    }
}
