//! Made-up loan books for a demonstration and for tests: from a seed, the same bytes every time.
//!
//! Nobody in them exists. Numbers are drawn from the ranges that Cambodian identity cards and telephone
//! numbers have, so that they pass the same checks as real ones; a number that happens to be somebody's is
//! chance, and no name or address stands beside it.

mod draw;
mod loan;
mod people;
mod spelling;
mod write;

use std::collections::BTreeMap;

use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::secret::SeededEntropy;

use draw::Draw;

/// The sample books of a network.
#[derive(Clone, Debug)]
pub struct SampleBooks {
    /// The day on which all figures are true: the day before the one they were made for.
    pub as_of: Day,
    /// Each lender's book as a CSV file in our own column names.
    pub csv: BTreeMap<MemberId, String>,
    /// All books in the plain, as JSON, for an independent check: `books`, a list of `lender` and `clients`; each
    /// client with `client`, `person` ([`SamplePerson::key`]), `as_of`, canonical `identifiers` by scheme, and
    /// `loans` with the columns of the CSV. Amounts are decimal text in major units; what is not reported is
    /// left out.
    pub plain_books: String,
    /// The people in them, in an order that says nothing.
    pub people: Vec<SamplePerson>,
}

/// A made-up person with the canonical values of her identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePerson {
    /// `kh-nid`: nine digits.
    pub kh_nid: String,
    /// `phone` in E.164 form; one person in seven has none.
    pub phone: Option<String>,
    /// The lenders that hold her, in order of name; closed loans count.
    pub lenders: Vec<MemberId>,
}

impl SamplePerson {
    /// The name that the plain books have for her: `kh-nid:` and the number, as the command line takes it.
    pub fn key(&self) -> String {
        person_key(&self.kh_nid)
    }
}

fn person_key(kh_nid: &str) -> String {
    format!("kh-nid:{kh_nid}")
}

/// Makes the books of `lenders`, `clients_per_lender` clients each, as they stand before `today`.
///
/// Of all people about 55 % are held by one lender, 25 % by two, 12 % by three and 8 % by four or five, as far
/// as there are so many lenders.
pub fn make(seed: u64, lenders: &[MemberId], clients_per_lender: usize, today: Day) -> SampleBooks {
    let entropy = SeededEntropy::new(seed);
    let draw = Draw::new(&entropy);
    let as_of = today.plus_days(-1);
    let people = people::people(&draw, lenders, clients_per_lender);
    let mut books: BTreeMap<MemberId, Vec<loan::SampleLoan>> =
        lenders.iter().map(|lender| (lender.clone(), Vec::new())).collect();
    for person in &people {
        for lender in &person.lenders {
            let Some(book) = books.get_mut(lender) else { continue };
            loan::loans_of(&draw, person, as_of, book);
        }
    }
    SampleBooks {
        as_of,
        csv: books
            .iter()
            .map(|(lender, book)| (lender.clone(), write::csv(&draw, lender, as_of, book)))
            .collect(),
        plain_books: write::json(as_of, &books),
        people,
    }
}

#[cfg(test)]
mod tests;
