//! The header and the trailer: fixed columns.

use super::scan::latin1;
use crate::formats::intake::Intake;
use crate::formats::outcome::{Finding, FormHint, FormatError, HeaderFacts};
use crate::formats::value::{self, DatePattern};
use crate::model::day::Day;

/// Characters of a header of layout 1.9.
const HEADER_CHARS: usize = 171;
/// Characters of a trailer of layout 1.9.
const TRAILER_CHARS: usize = 41;
/// Where the member id stands in both.
const MEMBER: std::ops::Range<usize> = 11..21;
/// Where the branch stands in the header.
const BRANCH: std::ops::Range<usize> = 51..61;
/// Where the reported and the created date stand in the header.
const REPORTED: std::ops::Range<usize> = 61..69;
const CREATED: std::ops::Range<usize> = 69..77;

/// What a header says.
pub(super) struct Header {
    pub(super) facts: HeaderFacts,
}

fn text(bytes: &[u8], range: std::ops::Range<usize>) -> String {
    let end = range.end.min(bytes.len());
    latin1(bytes.get(range.start..end).unwrap_or_default()).trim().to_owned()
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A date of the layout, `DDMMCCYY`; blanks and zeros stand for none.
pub(super) fn day(text: &str) -> Result<Option<Day>, crate::formats::outcome::RejectReason> {
    if text.is_empty() || text.bytes().all(|byte| byte == b'0') {
        return Ok(None);
    }
    let patterns: Vec<DatePattern> = DatePattern::parse("DDMMCCYY").into_iter().collect();
    value::day(&patterns, text).map(Some)
}

/// Reads a header. Its password is read past: no byte of it is looked at.
pub(super) fn header(bytes: &[u8], intake: &mut Intake<'_, '_>) -> Result<Header, FormatError> {
    let bytes = match bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        Some(rest) => {
            intake.finding(Finding::ByteOrderMark);
            rest
        }
        None => bytes,
    };
    if !bytes.starts_with(b"HDRHMMFI") {
        let hint = FormHint::NoCdfHeader;
        return Err(FormatError::OtherFormat { expected: "a CDF file", hint });
    }
    if bytes.get(8..11) != Some(b"1.9") {
        intake.finding(Finding::HeaderVersion);
    }
    let standard = bytes.len() == HEADER_CHARS;
    if !standard {
        intake.finding(Finding::HeaderLength { found: bytes.len() });
    }
    // A writer with a longer member id shifts what follows; the two dates stand side by side, so find them.
    let dates_at = |at: usize| {
        let first = day(&text(bytes, at..at + 8)).ok().flatten()?;
        Some((first, day(&text(bytes, at + 8..at + 16)).ok().flatten()))
    };
    let is_digits =
        |at: usize| bytes.get(at..at + 16).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let dates = if standard {
        let reported = day(&text(bytes, REPORTED)).ok().flatten();
        reported.map(|reported| (reported, day(&text(bytes, CREATED)).ok().flatten()))
    } else {
        (REPORTED.start..REPORTED.start + 24).find(|at| is_digits(*at)).and_then(dates_at)
    };
    if dates.is_none() {
        intake.finding(Finding::HeaderDate);
    }
    let facts = HeaderFacts {
        member: non_empty(text(bytes, MEMBER)),
        branch: if standard { non_empty(text(bytes, BRANCH)) } else { None },
        as_of: dates.map(|(reported, _)| reported),
        created: dates.and_then(|(_, created)| created),
    };
    Ok(Header { facts })
}

/// Whether the trailer proves that the file is whole.
pub(super) fn trailer(bytes: &[u8], more: bool, header: &Header, intake: &mut Intake<'_, '_>) -> bool {
    let found = bytes.len();
    let same_member = non_empty(text(bytes, MEMBER)) == header.facts.member;
    let mut whole = same_member;
    if found < TRAILER_CHARS {
        intake.finding(if same_member {
            Finding::TrailerBlanks { found }
        } else {
            Finding::TrailerCut { found }
        });
    } else if !same_member {
        intake.finding(Finding::TrailerMember);
    }
    if more {
        intake.finding(Finding::AfterTrailer);
        whole = false;
    }
    whole
}
