//! Calendar months, by which inquiry footprints lie: so that a client's present lenders do not see that she applies
//! elsewhere.

use super::day::Day;
use super::identifier::Identifier;
use crate::clock::UnixTime;
use crate::secret::SecretVec;

/// A calendar month in UTC: twelve times the year, and the month from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Month(i32);

impl Month {
    /// The month of a moment.
    pub fn of(time: UnixTime) -> Self {
        let (year, month, _) = Day::of(time).ymd();
        Self(i32::from(year) * 12 + i32::from(month) - 1)
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
}
