//! Who is one person in a lender's own book: client numbers that share a strong identifier are hers.

use std::collections::HashMap;

use crate::limits::MARKET_IDENTIFIERS_MAX;

/// One person as her lender knows her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Locators of her strong identifiers, each once, at most [`MARKET_IDENTIFIERS_MAX`].
    pub locators: Vec<[u8; 32]>,
    /// Whether anything is reported of her now. If not, her rows are withdrawn, and lie there until they expire.
    pub reported: bool,
}

/// Puts client numbers together to persons.
#[derive(Debug, Default)]
pub struct Persons {
    /// Emptied where they went into another.
    persons: Vec<Person>,
    by_locator: HashMap<[u8; 32], usize>,
}

impl Persons {
    /// Takes a client number in: the locators under which its rows lie, and whether anything is reported under them.
    pub fn add(&mut self, locators: &[[u8; 32]], reported: bool) {
        if locators.is_empty() {
            return;
        }
        let target = locators.iter().filter_map(|locator| self.by_locator.get(locator)).min().copied();
        let target = target.unwrap_or_else(|| {
            self.persons.push(Person { locators: Vec::new(), reported: false });
            self.persons.len() - 1
        });
        for locator in locators {
            match self.by_locator.get(locator).copied() {
                Some(known) if known != target => {
                    let moved = std::mem::take(&mut self.persons[known].locators);
                    for locator in &moved {
                        self.by_locator.insert(*locator, target);
                    }
                    self.persons[target].locators.extend(moved);
                    self.persons[target].reported |= self.persons[known].reported;
                }
                Some(_) => {}
                None => {
                    self.by_locator.insert(*locator, target);
                    self.persons[target].locators.push(*locator);
                }
            }
        }
        self.persons[target].reported |= reported;
    }

    /// Everybody, each once. More identifiers than a person has are a group's under one client number, or strangers that a
    /// wrong number joins: then each identifier stands for a person of its own.
    pub fn finish(self) -> impl Iterator<Item = Person> {
        self.persons.into_iter().filter(|person| !person.locators.is_empty()).flat_map(|person| {
            if person.locators.len() <= MARKET_IDENTIFIERS_MAX {
                return vec![person];
            }
            let alone = |locator| Person { locators: vec![locator], reported: person.reported };
            person.locators.iter().copied().map(alone).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locators(of: &[u8]) -> Vec<[u8; 32]> {
        of.iter().map(|byte| [*byte; 32]).collect()
    }

    fn persons(clients: &[(&[u8], bool)]) -> Vec<(Vec<u8>, bool)> {
        let mut persons = Persons::default();
        for (of, reported) in clients {
            persons.add(&locators(of), *reported);
        }
        let mut found: Vec<(Vec<u8>, bool)> = persons
            .finish()
            .map(|person| {
                let mut of: Vec<u8> = person.locators.iter().map(|locator| locator[0]).collect();
                of.sort_unstable();
                (of, person.reported)
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn client_numbers_that_share_an_identifier_are_one_person() {
        let found = persons(&[(&[1, 2], false), (&[3], true), (&[4], true), (&[2, 3], false), (&[], true)]);
        assert_eq!(found, [(vec![1, 2, 3], true), (vec![4], true)]);
        // The same identifier twice, and a client whose rows are all withdrawn.
        assert_eq!(persons(&[(&[1, 1], false), (&[1], false)]), [(vec![1], false)]);
    }

    #[test]
    fn a_number_that_a_whole_group_shares_is_many_persons() {
        let many: Vec<u8> = (0..=u8::try_from(MARKET_IDENTIFIERS_MAX).unwrap()).collect();
        assert_eq!(persons(&[(&many, true)]).len(), many.len());
        let most = &many[1..];
        assert_eq!(persons(&[(most, true)]).len(), 1);
    }
}
