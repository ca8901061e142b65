//! What an answer must say: the plain sums over the rows that were covered when they were looked up, and of every lender
//! how good its data is; nothing missing that is not said to be missing (promise 5).

use std::collections::BTreeSet;

use tallystick::model::amount::Amount;
use tallystick::model::answer::{Answer, CoverageState, Exposure, LenderLine, UnreadableWhy};
use tallystick::model::facility::FacilityStatus;

use crate::circle::name_of;
use crate::model::{Model, View, Window};

/// What the answer is about.
pub(crate) struct Asked<'a> {
    pub(crate) at: u8,
    pub(crate) persons: Vec<u32>,
    pub(crate) window: &'a Window,
    /// The states of the asker's own book while it was answered.
    pub(crate) own_books: std::ops::RangeInclusive<usize>,
}

fn cents(amount: &Amount) -> i64 {
    amount.to_minor("USD".parse().unwrap(), 2).unwrap()
}

fn owed(line: &LenderLine) -> i64 {
    let active = line
        .facilities
        .iter()
        .filter(|one| !matches!(one.status, FacilityStatus::Closed | FacilityStatus::WrittenOff));
    active.map(|one| one.outstanding.as_ref().map_or(0, cents)).sum()
}

/// Checks an answer against the model.
pub(crate) fn check(model: &Model, asked: &Asked<'_>, answer: &Answer) {
    let members = model.lenders.len();
    assert_eq!(answer.coverage.lenders as usize, members, "every lender counts");
    let mut all_covered = true;
    for (of, line) in (0u8..).zip(&answer.coverage.members) {
        assert_eq!(line.member.as_str(), name_of_sorted(model, of), "every lender is listed");
        all_covered &= line.state == CoverageState::Covered;
    }
    for of in 0..u8::try_from(members).unwrap() {
        let name = name_of(of);
        let line = answer.coverage.members.iter().find(|line| line.member.as_str() == name).unwrap();
        let states = &model.lenders[usize::from(asked.at)].copies[usize::from(of)];
        let possible: BTreeSet<String> = states[asked.window.copies[usize::from(of)].clone()]
            .iter()
            .map(|copy| copy.coverage(asked.window.looked, answer.answered_at, of == asked.at))
            .map(|state| format!("{state:?}"))
            .collect();
        let said = format!("{:?}", line.state);
        assert!(possible.contains(&said), "{name} is said to be {said}, and is {possible:?}");
    }
    assert_eq!(answer.complete, all_covered && answer.coverage.unreadable.is_empty(), "complete or not");
    assert_eq!(answer.persons.len(), asked.persons.len());
    for (person, part) in asked.persons.iter().zip(&answer.persons) {
        person_check(model, asked, answer, *person, &part.exposure);
    }
}

/// The coverage is ordered by name.
fn name_of_sorted(model: &Model, place: u8) -> String {
    let mut names: Vec<String> = (0..u8::try_from(model.lenders.len()).unwrap()).map(name_of).collect();
    names.sort();
    names.swap_remove(usize::from(place))
}

fn person_check(model: &Model, asked: &Asked<'_>, answer: &Answer, person: u32, exposure: &Exposure) {
    let mut together = 0;
    for (of, lender) in (0u8..).zip(&model.lenders) {
        let name = name_of(of);
        let lines: Vec<&LenderLine> = exposure.lenders.iter().filter(|line| line.lender == name).collect();
        assert!(lines.len() <= 1, "{name} stands in the answer twice");
        let said: i64 = lines.iter().map(|line| owed(line)).sum();
        together += said;
        let possible: BTreeSet<i64> = if of == asked.at {
            let of_book = |book: &crate::model::Book| {
                let loans: Vec<_> = book.values().collect();
                crate::model::owed(&loans).get(&person).copied().unwrap_or(0)
            };
            lender.books[asked.own_books.clone()].iter().map(of_book).collect()
        } else {
            let unread =
                answer.coverage.unreadable.iter().find(|rows| rows.lender == name).map(|rows| rows.why);
            if let Some(why) = unread {
                assert_eq!(why, UnreadableWhy::NotCovered, "{name} publishes what can be read");
                continue;
            }
            let copies = &model.lenders[usize::from(asked.at)].copies[usize::from(of)];
            let states = &copies[asked.window.copies[usize::from(of)].clone()];
            let in_view = |view: View| view.get(&person).copied().unwrap_or(0);
            states.iter().map(|copy| in_view(lender.view(copy.covered))).collect()
        };
        assert!(possible.contains(&said), "{name}: {said} is said to be owed, and it is {possible:?}");
    }
    let sums = &exposure.together.currencies;
    let sum = sums.iter().map(|one| cents(&one.outstanding.amount)).sum::<i64>();
    assert_eq!(sum, together, "the sum of the answer is not that of its lines");
}
