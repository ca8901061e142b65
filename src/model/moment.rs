//! Moments as people write them.

use crate::clock::UnixTime;
use crate::model::day::Day;

/// A text that is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a day as 2026-12-31 or a moment as 2026-12-31T17:00:00+07:00 (RFC 3339)")]
pub struct MomentError;

/// A beginning: an RFC 3339 moment, or the first second of a day in UTC.
pub fn from_text(text: &str) -> Result<UnixTime, MomentError> {
    match text.parse::<Day>() {
        Ok(day) => Ok(day.start()),
        Err(_) => moment(text),
    }
}

/// An end: an RFC 3339 moment, or the end of a day in UTC, so that the day named still counts.
pub fn until_text(text: &str) -> Result<UnixTime, MomentError> {
    match text.parse::<Day>() {
        Ok(day) => Ok(day.plus_days(1).start()),
        Err(_) => moment(text),
    }
}

fn moment(text: &str) -> Result<UnixTime, MomentError> {
    let time: jiff::Timestamp = text.parse().map_err(|_| MomentError)?;
    Ok(UnixTime(time.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends() {
        assert_eq!(from_text("1970-01-02"), Ok(UnixTime(86_400)));
        assert_eq!(until_text("1970-01-02"), Ok(UnixTime(172_800)));
        assert_eq!(until_text("1970-01-02T07:00:00+07:00"), Ok(UnixTime(86_400)));
        assert_eq!(from_text("1970-01-02T00:00:00Z"), Ok(UnixTime(86_400)));
        for bad in ["", "tomorrow", "1970-13-01", "1970-01-02T00:00:00", "86400"] {
            assert_eq!(from_text(bad), Err(MomentError), "{bad}");
            assert_eq!(until_text(bad), Err(MomentError), "{bad}");
        }
    }
}
