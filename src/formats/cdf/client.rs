//! The client segment: who the accounts below belong to.

use super::scan::Segment;
use crate::formats::intake::Notes;
use crate::formats::outcome::NoteReason;

/// Relation codes of layout 1.9 run from K01 to K15.
const RELATION_LAST: u8 = 15;
/// An age above this is no age in years.
const AGE_YEARS_MAX: u32 = 120;

/// What is kept of a client segment.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) branch: String,
    /// Field name, scheme and value as typed.
    pub(super) identifiers: Vec<(&'static str, &'static str, zeroize::Zeroizing<String>)>,
}

impl Client {
    /// Reads a segment of 56 tokens.
    pub(super) fn read(segment: &Segment, notes: &mut Notes) -> Self {
        look_for_shifted_fields(segment, notes);
        if segment.broken {
            notes.push(("CNSCRD".to_owned(), NoteReason::LineBreak));
        }
        let identifiers = [
            (27, "CNSCRD 27 voter id", "in-epic"),
            (28, "CNSCRD 28 UID", "in-aadhaar"),
            (29, "CNSCRD 29 PAN", "in-pan"),
            (38, "CNSCRD 38 phone", "phone"),
            (40, "CNSCRD 40 phone", "phone"),
        ]
        .into_iter()
        .map(|(place, field, scheme)| (field, scheme, zeroize::Zeroizing::new(segment.token(place))))
        .filter(|(.., value)| !value.is_empty())
        .collect();
        Self { id: segment.token(1), branch: segment.token(2), identifiers }
    }
}

/// Defects that real writers make in fields that are not used here. Each tells that columns may be shifted.
fn look_for_shifted_fields(segment: &Segment, notes: &mut Notes) {
    if segment.token(9).starts_with("0101") {
        notes.push(("CNSCRD 9 date of birth".to_owned(), NoteReason::BirthDateDefault));
    }
    if segment.token(10).parse::<u32>().is_ok_and(|age| age > AGE_YEARS_MAX) {
        notes.push(("CNSCRD 10 age".to_owned(), NoteReason::AgeInDays));
    }
    for (place, field) in [
        (15, "CNSCRD 15 relation"),
        (17, "CNSCRD 17 relation"),
        (19, "CNSCRD 19 relation"),
        (21, "CNSCRD 21 relation"),
        (23, "CNSCRD 23 relation"),
        (25, "CNSCRD 25 relation"),
    ] {
        let code = segment.token(place);
        let known = code
            .strip_prefix('K')
            .filter(|digits| digits.len() == 2)
            .and_then(|digits| digits.parse::<u8>().ok())
            .is_some_and(|number| (1..=RELATION_LAST).contains(&number));
        if !code.is_empty() && !known {
            notes.push((field.to_owned(), NoteReason::RelationCode));
        }
    }
}
