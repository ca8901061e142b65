//! Which lender counts a person, and as known to how many.
//!
//! A lender sees, for each of its client's identifiers, which lenders have a row there. It does not see identifiers that
//! only others have of her. The rule, over an order of lenders that all compute alike: **the first of those that hold all
//! of a set of identifiers answers for that set**. Where all her lenders have the same identifiers, that is one lender,
//! which counts her once. Where a lender knows fewer of them, it counts what it sees, and whoever knows more takes
//! back what it counted, for it sees what the other saw.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::{MARKET_CLASSES, MARKET_IDENTIFIERS_MAX, MARKET_SHARE_MAX};

/// Place of a lender in the order of the month.
pub type Rank = u16;

/// A set of one person's identifiers: bit i is the i-th.
pub type Identifiers = u8;

/// Persons known to 1, 2, 3, and 4 or more lenders.
pub type Tally = [i64; MARKET_CLASSES];

const _: () = assert!(MARKET_IDENTIFIERS_MAX <= Identifiers::BITS as usize);

/// What lender `mine` adds to the count for one person. `view`: which of the identifiers that it knows of her every lender has a
/// row under, itself included. `reported`: whether it reports anything of her now; it does not count itself if not.
///
/// At most [`MARKET_SHARE_MAX`] in sum of absolute values: the sensitivity for which [`super::Noise`] is made.
pub fn share(view: &BTreeMap<Rank, Identifiers>, mine: Rank, reported: bool) -> Tally {
    let all = view.get(&mine).copied().unwrap_or(0);
    if all == 0 || first_with(view, all) != Some(mine) {
        return [0; MARKET_CLASSES];
    }
    let mut shares = BTreeMap::new();
    let mut tally = counted(view, all, &mut shares);
    let known_to = view.values().filter(|holds| **holds & all != 0).count();
    if !reported {
        tally = minus(tally, &one(known_to));
        tally = plus(tally, &one(known_to - 1));
    }
    // So many lenders that know different identifiers of her that taking back would need more noise: counted once.
    if tally.iter().map(|count| count.unsigned_abs()).sum::<u64>() > MARKET_SHARE_MAX {
        return one(if reported { known_to } else { known_to - 1 });
    }
    tally
}

/// What whoever answers for `set` adds, which sees of every lender what it has of that set.
fn counted(
    view: &BTreeMap<Rank, Identifiers>,
    set: Identifiers,
    shares: &mut BTreeMap<Identifiers, Tally>,
) -> Tally {
    if let Some(known) = shares.get(&set) {
        return *known;
    }
    let mut tally = one(view.values().filter(|holds| **holds & set != 0).count());
    let parts: BTreeSet<Identifiers> =
        view.values().map(|holds| holds & set).filter(|part| *part != 0 && *part != set).collect();
    for part in parts {
        // A lender that has that part and no more counts it, unless one before it has all of the part as well.
        let first = first_with(view, part).and_then(|rank| view.get(&rank));
        if first.is_some_and(|holds| holds & set == part) {
            tally = minus(tally, &counted(view, part, shares));
        }
    }
    shares.insert(set, tally);
    tally
}

fn first_with(view: &BTreeMap<Rank, Identifiers>, set: Identifiers) -> Option<Rank> {
    view.iter().find(|(_, holds)| **holds & set == set).map(|(rank, _)| *rank)
}

/// One person who is known to so many lenders.
fn one(known_to: usize) -> Tally {
    let mut tally = [0; MARKET_CLASSES];
    if let Some(class) = known_to.checked_sub(1) {
        tally[class.min(MARKET_CLASSES - 1)] = 1;
    }
    tally
}

fn plus(mut tally: Tally, other: &Tally) -> Tally {
    tally.iter_mut().zip(other).for_each(|(count, more)| *count += more);
    tally
}

fn minus(mut tally: Tally, other: &Tally) -> Tally {
    tally.iter_mut().zip(other).for_each(|(count, less)| *count -= less);
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What all lenders add together, when lender i knows the identifiers `known[i]` of one person.
    fn together(known: &[Identifiers]) -> Tally {
        let mut sum = [0; MARKET_CLASSES];
        for (mine, all) in known.iter().enumerate().filter(|(_, all)| **all != 0) {
            let view: BTreeMap<Rank, Identifiers> = (0u16..)
                .zip(known)
                .map(|(rank, holds)| (rank, holds & all))
                .filter(|(_, holds)| *holds != 0)
                .collect();
            sum = plus(sum, &share(&view, Rank::try_from(mine).unwrap(), true));
        }
        sum
    }

    /// The plain count: lenders that are joined by identifiers know one person.
    fn plain(known: &[Identifiers]) -> Tally {
        let mut groups: Vec<(Identifiers, usize)> = Vec::new();
        for all in known.iter().filter(|all| **all != 0) {
            let mut joined = (*all, 1);
            groups.retain(|group| {
                let apart = group.0 & joined.0 == 0;
                if !apart {
                    joined = (group.0 | joined.0, group.1 + joined.1);
                }
                apart
            });
            groups.push(joined);
        }
        groups.into_iter().fold([0; MARKET_CLASSES], |sum, (_, lenders)| plus(sum, &one(lenders)))
    }

    /// Every way in which `lenders` lenders can know some of so many identifiers.
    fn every(lenders: u32, identifiers: u32) -> impl Iterator<Item = Vec<Identifiers>> {
        let sets = 1u64 << identifiers;
        (0..sets.pow(lenders)).map(move |mut number| {
            let mut known = Vec::new();
            for _ in 0..lenders {
                known.push(Identifiers::try_from(number % sets).unwrap());
                number /= sets;
            }
            known
        })
    }

    #[test]
    fn with_two_identifiers_the_sum_is_always_the_plain_count() {
        for lenders in 0..=6 {
            for known in every(lenders, 2) {
                assert_eq!(together(&known), plain(&known), "{known:?}");
            }
        }
    }

    #[test]
    fn with_three_it_is_so_where_a_lender_knows_all_that_join_her_lenders() {
        let (mut exact, mut other) = (0, 0);
        for known in every(5, 3) {
            let (sum, plain) = (together(&known), plain(&known));
            let clamped = known.iter().enumerate().any(|(mine, all)| {
                let view: BTreeMap<Rank, Identifiers> = (0u16..)
                    .zip(&known)
                    .map(|(rank, holds)| (rank, holds & all))
                    .filter(|(_, holds)| *holds != 0)
                    .collect();
                let rank = Rank::try_from(mine).unwrap();
                *all != 0
                    && first_with(&view, *all) == Some(rank)
                    && counted(&view, *all, &mut BTreeMap::new())
                        .iter()
                        .map(|c| c.unsigned_abs())
                        .sum::<u64>()
                        > MARKET_SHARE_MAX
            });
            let whole = known.contains(&7);
            if whole && !clamped {
                assert_eq!(sum, plain, "{known:?}");
                exact += 1;
            } else {
                // Nobody sees that they are one: she may be counted as several, or, where three lenders know two each
                // of three, as nobody.
                let most = i64::try_from(known.iter().filter(|all| **all != 0).count()).unwrap();
                assert!((0..=most).contains(&sum.iter().sum()), "{known:?} {sum:?}");
                assert!(sum.iter().all(|count| count.abs() <= 2 * most), "{known:?} {sum:?}");
                assert!(known.iter().any(|all| *all != 0) || sum == plain);
                other += 1;
            }
        }
        assert!(exact > 12_000 && other > 0, "{exact} {other}");
    }

    #[test]
    fn nobody_adds_more_than_the_noise_is_made_for() {
        for known in every(5, 3) {
            let all: BTreeMap<Rank, Identifiers> =
                (0u16..).zip(known).filter(|(_, holds)| *holds != 0).collect();
            for mine in all.keys() {
                for reported in [false, true] {
                    let added: u64 = share(&all, *mine, reported).iter().map(|c| c.unsigned_abs()).sum();
                    assert!(added <= MARKET_SHARE_MAX, "{all:?}");
                }
            }
        }
    }

    #[test]
    fn whoever_has_withdrawn_her_counts_the_others() {
        let view = BTreeMap::from([(0, 1), (3, 1), (4, 1)]);
        assert_eq!(share(&view, 0, true), [0, 0, 1, 0]);
        assert_eq!(share(&view, 0, false), [0, 1, 0, 0]);
        assert_eq!(share(&view, 3, true), [0; 4]);
        assert_eq!(share(&BTreeMap::from([(2, 1)]), 2, false), [0; 4]);
        assert_eq!(share(&BTreeMap::new(), 2, true), [0; 4]);
    }
}
