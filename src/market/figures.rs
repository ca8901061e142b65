//! What the noisy counts of all lenders come to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::noise::Noise;
use super::share::Tally;
use crate::clock::UnixTime;
use crate::limits::MARKET_CLASSES;
use crate::model::member::MemberId;
use crate::model::month::Month;

/// What a lender logged for a month: noise included, before it left the lender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The lender.
    pub lender: MemberId,
    /// When it counted.
    pub time: UnixTime,
    /// The month that it counted for.
    pub month: Month,
    /// ε of its noise, in thousandths.
    pub epsilon_thousandths: u32,
    /// Lenders whose rows it had whole, itself included.
    pub covers: u16,
    /// Lenders that there were.
    pub of: u16,
    /// Its counts, with noise.
    pub clients: Tally,
}

/// The market figures of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MarketReport {
    /// By month, the newest first.
    pub months: Vec<MonthFigures>,
    /// What the figures cost of the clients' privacy.
    pub budget: Budget,
}

/// The privacy budget. ε in thousandths throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// What one month's figures cost.
    pub epsilon_thousandths: u32,
    /// What twelve months may cost.
    pub epsilon_yearly_thousandths: u32,
    /// What the last twelve months cost: the most that one lender spent.
    pub spent_thousandths: u64,
}

/// One month. Drawn once and kept: asked again, the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthFigures {
    /// The month.
    pub month: Month,
    /// Whether the counts of every lender are here, and each had the rows of all when it counted. If not, the figures are
    /// too low.
    pub complete: bool,
    /// Lenders that have not counted, by their logs here.
    pub missing: Vec<MemberId>,
    /// Lenders whose counts are not here because this node does not follow their logs: without the role of a witness it
    /// has its own alone. They may have counted; the operator's figures say.
    pub not_here: Vec<MemberId>,
    /// Lenders that counted without the rows of some others.
    pub partial: Vec<MemberId>,
    /// Lenders that have counted.
    pub lenders: u64,
    /// All clients; absent where that would tell a cell that is left out.
    pub clients: Option<u64>,
    /// By number of lenders.
    pub classes: Vec<ClassFigure>,
    /// A cell is off by no more than this, with odds of 19 in 20 or better; `clients` by twice as much.
    pub noise_within: u64,
    /// Cells below this are left out.
    pub small_cell: u32,
    /// ε of the month, in thousandths.
    pub epsilon_thousandths: u32,
}

/// Clients who are known to so many lenders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClassFigure {
    /// To how many lenders.
    pub known_to: u8,
    /// Whether to so many or more: the last class.
    pub or_more: bool,
    /// How many clients, noise included; absent where they are too few to show.
    pub clients: Option<u64>,
    /// Of a thousand clients, how many; absent likewise.
    pub per_mille: Option<u16>,
}

impl MarketReport {
    /// As CSV (RFC 4180): a line for each month and class, empty where nothing is shown. No field needs quotes.
    pub fn to_csv(&self) -> String {
        let mut text = String::from(
            "month,known_to,or_more,clients,per_mille,noise_within,lenders,complete,epsilon_thousandths\r\n",
        );
        let shown = |figure: Option<u64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
        for month in &self.months {
            for class in &month.classes {
                let (clients, per_mille) = (shown(class.clients), shown(class.per_mille.map(u64::from)));
                let MonthFigures { month, noise_within, lenders, complete, epsilon_thousandths, .. } = month;
                let (known_to, or_more) = (class.known_to, class.or_more);
                let _ = write!(
                    text,
                    "{month},{known_to},{or_more},{clients},{per_mille},{noise_within},{lenders},{complete},\
                     {epsilon_thousandths}\r\n"
                );
            }
        }
        text
    }
}

/// The figures of one month from what `lenders`, the present ones, logged for it. Of several by one lender the first
/// stands: who draws again until the noise suits gains nothing. `not_followed` are those whose logs this node does not
/// follow.
pub fn figures(
    month: Month,
    contributions: &[Contribution],
    lenders: &BTreeSet<MemberId>,
    not_followed: &BTreeSet<MemberId>,
    small_cell: u32,
) -> MonthFigures {
    let mut first: BTreeMap<&MemberId, &Contribution> = BTreeMap::new();
    for one in contributions.iter().filter(|one| one.month == month) {
        first.entry(&one.lender).or_insert(one);
    }
    let mut sums = [0i128; MARKET_CLASSES];
    for one in first.values() {
        sums.iter_mut().zip(one.clients).for_each(|(sum, count)| *sum += i128::from(count));
    }
    let counts = sums.map(|sum| u64::try_from(sum.max(0)).unwrap_or(u64::MAX));
    let total = counts.iter().fold(0u64, |total, count| total.saturating_add(*count));
    let shown = shown(&counts, small_cell);
    let per_mille = |count: u64| {
        let share = u128::from(count) * 1_000 + u128::from(total) / 2;
        share.checked_div(u128::from(total)).and_then(|share| u16::try_from(share).ok())
    };
    let classes = counts.iter().zip(shown).zip(1u8..).map(|((count, shown), known_to)| ClassFigure {
        known_to,
        or_more: usize::from(known_to) == MARKET_CLASSES,
        clients: shown.then_some(*count),
        per_mille: if shown { per_mille(*count) } else { None },
    });
    let without = lenders.iter().filter(|lender| !first.contains_key(lender)).cloned();
    let (not_here, missing): (Vec<MemberId>, Vec<MemberId>) =
        without.partition(|lender| not_followed.contains(lender));
    let partial: Vec<MemberId> =
        first.values().filter(|one| one.covers < one.of).map(|one| one.lender.clone()).collect();
    let drawn = first.len() as u64;
    // The least ε has the most noise, the greatest tells the most.
    let least = first.values().map(|one| one.epsilon_thousandths).min().unwrap_or(0);
    let most = first.values().map(|one| one.epsilon_thousandths).max().unwrap_or(0);
    MonthFigures {
        month,
        complete: missing.is_empty() && not_here.is_empty() && partial.is_empty(),
        missing,
        not_here,
        partial,
        lenders: drawn,
        clients: shown.contains(&true).then_some(total),
        classes: classes.collect(),
        noise_within: Noise::new(least).map_or(0, |noise| noise.within(drawn)),
        small_cell,
        epsilon_thousandths: most,
    }
}

/// Which cells are shown. One that is left out alone could be had from the others and their sum: then the smallest that is
/// shown goes too.
fn shown(counts: &Tallied, small_cell: u32) -> [bool; MARKET_CLASSES] {
    let mut shown = counts.map(|count| count >= u64::from(small_cell));
    if shown.iter().filter(|shown| !**shown).count() == 1 {
        let smallest = (0..MARKET_CLASSES).filter(|class| shown[*class]).min_by_key(|class| counts[*class]);
        if let Some(class) = smallest {
            shown[class] = false;
        }
    }
    shown
}

/// Counts without noise below zero.
type Tallied = [u64; MARKET_CLASSES];

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: &str = "2026-11";

    fn id(name: &str) -> MemberId {
        name.parse().unwrap()
    }

    fn of(lender: &str, clients: Tally) -> Contribution {
        let (time, month) = (UnixTime(5), MONTH.parse().unwrap());
        let lender = id(lender);
        Contribution { lender, time, month, epsilon_thousandths: 500, covers: 3, of: 3, clients }
    }

    fn lenders() -> BTreeSet<MemberId> {
        ["lender-a", "lender-b", "lender-c"].map(id).into()
    }

    fn cells(figures: &MonthFigures) -> Vec<Option<u64>> {
        figures.classes.iter().map(|class| class.clients).collect()
    }

    #[test]
    fn counts_are_added_and_shares_are_of_the_sum() {
        let given =
            [of("lender-a", [500, 100, 60, 30]), of("lender-b", [100, -20, 20, 0]), of("lender-c", [-10; 4])];
        let figures = figures(MONTH.parse().unwrap(), &given, &lenders(), &BTreeSet::new(), 10);
        assert_eq!(cells(&figures), [Some(590), Some(70), Some(70), Some(20)]);
        assert_eq!((figures.clients, figures.complete, figures.lenders), (Some(750), true, 3));
        let shares: Vec<_> = figures.classes.iter().map(|class| class.per_mille.unwrap()).collect();
        assert_eq!(shares, [787, 93, 93, 27]);
        let named: Vec<_> = figures.classes.iter().map(|class| (class.known_to, class.or_more)).collect();
        assert_eq!(named, [(1, false), (2, false), (3, false), (4, true)]);
        // Scale 6, three draws.
        assert_eq!(figures.noise_within, 66);
    }

    #[test]
    fn small_cells_are_left_out_and_cannot_be_had_from_the_others() {
        let shown = |counts: [u64; 4]| super::shown(&counts, 10);
        assert_eq!(shown([500, 100, 50, 10]), [true; 4]);
        assert_eq!(shown([500, 100, 50, 9]), [true, true, false, false]);
        assert_eq!(shown([500, 100, 9, 9]), [true, true, false, false]);
        assert_eq!(shown([9, 100, 500, 50]), [false, true, true, false]);
        assert_eq!(shown([9, 9, 9, 50]), [false, false, false, true]);
        let few = figures(
            MONTH.parse().unwrap(),
            &[of("lender-a", [3, -4, 0, 1])],
            &lenders(),
            &BTreeSet::new(),
            10,
        );
        assert_eq!((cells(&few), few.clients), (vec![None; 4], None));
    }

    #[test]
    fn who_is_missing_is_named_and_who_draws_again_gains_nothing() {
        let mut partial = of("lender-b", [5, 5, 5, 5]);
        partial.covers = 2;
        let mut other = of("lender-c", [1_000; 4]);
        other.month = "2026-10".parse().unwrap();
        let given = [of("lender-a", [50, 40, 30, 20]), of("lender-a", [9_000; 4]), partial, other];
        let figures = figures(MONTH.parse().unwrap(), &given, &lenders(), &BTreeSet::new(), 10);
        assert_eq!(cells(&figures), [Some(55), Some(45), Some(35), Some(25)]);
        assert!(!figures.complete);
        assert_eq!((figures.missing, figures.partial), (vec![id("lender-c")], vec![id("lender-b")]));
        assert!(figures.not_here.is_empty());
    }

    #[test]
    fn who_may_have_counted_elsewhere_is_not_said_to_be_missing() {
        let not_followed = ["lender-a", "lender-b"].map(id).into();
        let given = [of("lender-b", [50, 40, 30, 20])];
        let figures = figures(MONTH.parse().unwrap(), &given, &lenders(), &not_followed, 10);
        assert_eq!((figures.not_here, figures.missing), (vec![id("lender-a")], vec![id("lender-c")]));
        let all =
            super::figures(MONTH.parse().unwrap(), &[of("lender-c", [50; 4])], &lenders(), &not_followed, 10);
        assert!(!all.complete && all.missing.is_empty(), "too low here all the same");
    }

    #[test]
    fn a_lender_that_lies_cannot_break_the_sum() {
        let given =
            [of("lender-a", [i64::MAX; 4]), of("lender-b", [i64::MAX; 4]), of("lender-c", [i64::MIN; 4])];
        let figures = figures(MONTH.parse().unwrap(), &given, &lenders(), &BTreeSet::new(), 10);
        assert_eq!(figures.clients, Some(u64::MAX));
        assert_eq!(
            super::figures(MONTH.parse().unwrap(), &[], &lenders(), &BTreeSet::new(), 10).missing.len(),
            3
        );
    }
}
