//! The load guard: a load that would turn the book upside down waits for a named person.
//!
//! Wrong units, a wrong mapping, half a file and yesterday's file all look like good rows one by one; only the figures
//! of the whole tell. A limit itself passes, what is beyond it is held. Decisions:
//! - **Closing**: more than a fifth of the running loans that the load is about, those that it names or that lie in a
//!   branch that it names, would be closed, be it by a status or by absence. Not of the whole book, or a wrong file of
//!   one branch out of thirty would pass.
//! - **Totals**: the outstanding total of a currency of the whole book would grow to more than twice or shrink to less
//!   than half. A currency that the book has nothing outstanding in has no total to be compared with; so the first
//!   load into an empty book is held by neither of these two.
//! - **Medians**: the median balance of the running loans of one currency is more than 50 times that of another
//!   currency in the same file, both taken into the reference currency at the policy's rates: 2,500,000 KHR beside
//!   600 USD are alike. A median of zero says nothing about a unit and is left out.
//! - **Age**: the latest as-of date is before that of the last load.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::book::HoldReason;
use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::money::{Currency, Minor};
use crate::model::policy::Policy;

/// Of the running loans that a load is about, the share that it may close, in per cent.
pub(super) const CLOSING_PERCENT_MAX: u64 = 20;
/// How many times a currency's total may become what it was, or what it was become what it is.
pub(super) const TOTAL_FOLD_MAX: u64 = 2;
/// How many times the median of one currency may be that of another.
pub(super) const MEDIAN_TIMES_MAX: u64 = 50;

/// What is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GuardFigures {
    /// Running loans in the book that the load names or that lie in a branch that it names.
    pub(super) active: u64,
    /// How many of them it would close.
    pub(super) closing: u64,
    /// What is outstanding in the whole book by currency, before and after, minor units.
    pub(super) totals: BTreeMap<Currency, (i128, i128)>,
    /// Median balance of the file's running loans by currency, minor units.
    pub(super) medians: BTreeMap<Currency, Minor>,
    /// Latest as-of date of the file.
    pub(super) as_of: Option<Day>,
    /// The last load and its latest as-of date.
    pub(super) last: Option<(u64, Day)>,
}

/// Judges a load; nothing to say means that it may go on.
pub(super) fn judge(figures: &GuardFigures, policy: &Policy) -> Vec<HoldReason> {
    let mut concerns = Vec::new();
    let GuardFigures { active, closing, .. } = *figures;
    if u128::from(closing) * 100 > u128::from(active) * u128::from(CLOSING_PERCENT_MAX) {
        concerns.push(HoldReason::Closing { active, closing, percent_max: CLOSING_PERCENT_MAX });
    }
    for (currency, (before, after)) in &figures.totals {
        let fold_max = i128::from(TOTAL_FOLD_MAX);
        let jumps = *after > before * fold_max || after * fold_max < *before;
        if *before > 0 && jumps {
            let amount = |minor| Amount::from_minor(minor, policy.exponent(*currency).unwrap_or(0));
            let (before, after) = (amount(*before), amount(*after));
            concerns.push(HoldReason::Total { currency: *currency, before, after, fold_max: TOTAL_FOLD_MAX });
        }
    }
    concerns.extend(worst_median(&figures.medians, policy));
    if let (Some(as_of), Some((last, last_as_of))) = (figures.as_of, figures.last)
        && as_of < last_as_of
    {
        concerns.push(HoldReason::Older { as_of, last, last_as_of });
    }
    concerns
}

/// The two currencies that are farthest apart, if that is too far.
fn worst_median(medians: &BTreeMap<Currency, Minor>, policy: &Policy) -> Option<HoldReason> {
    let values = medians.iter().filter(|(_, median)| **median > 0);
    let mut values: Vec<(Worth, Currency, Minor)> = values
        .filter_map(|(currency, median)| Some((Worth::of(*currency, *median, policy)?, *currency, *median)))
        .collect();
    values.sort_by(|(a, ..), (b, ..)| a.compare(b));
    let ((low, smaller, small), (high, larger, large)) = (values.first()?, values.last()?);
    let (dividend, divisor) = (&high.amount * &low.per_reference, &low.amount * &high.per_reference);
    if dividend <= &divisor * MEDIAN_TIMES_MAX {
        return None;
    }
    let amount = |currency: &Currency, minor: &Minor| {
        Amount::from_minor(i128::from(*minor), policy.exponent(*currency).unwrap_or(0))
    };
    Some(HoldReason::Median {
        larger: *larger,
        larger_median: amount(larger, large),
        smaller: *smaller,
        smaller_median: amount(smaller, small),
        times: (dividend / divisor).to_string(),
        times_max: MEDIAN_TIMES_MAX,
    })
}

/// What an amount is worth in the reference currency: `amount / per_reference`, up to a factor that all share.
struct Worth {
    amount: BigInt,
    per_reference: BigInt,
}

impl Worth {
    fn of(currency: Currency, median: Minor, policy: &Policy) -> Option<Self> {
        let exponent = policy.exponent(currency)?;
        let millionths = if currency == policy.currencies.reference {
            1_000_000
        } else {
            policy.rate(currency)?.0.millionths()
        };
        let unit = BigInt::from(10u8).pow(u32::from(exponent));
        Some(Self { amount: median.into(), per_reference: unit * millionths })
    }

    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        (&self.amount * &other.per_reference).cmp(&(&other.amount * &self.per_reference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy::from_toml(include_str!("../../config/policy-demo.toml")).unwrap()
    }

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    fn concerns(figures: &GuardFigures) -> Vec<String> {
        judge(figures, &policy()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn closing_at_and_beyond_a_fifth() {
        let closing =
            |active, closing| concerns(&GuardFigures { active, closing, ..GuardFigures::default() });
        for (active, few) in [(0, 0), (5, 1), (10, 2), (2_000, 400), (u64::MAX, u64::MAX / 5)] {
            assert_eq!(closing(active, few), [""; 0], "{few} of {active}");
        }
        for (active, many) in [(4, 1), (5, 2), (2_000, 401), (1, 1), (u64::MAX, u64::MAX / 5 + 1)] {
            assert_eq!(closing(active, many).len(), 1, "{many} of {active}");
        }
        assert!(closing(2_000, 401)[0].starts_with("would close 401 of 2000 running loans (20.0 %;"));
    }

    #[test]
    fn totals_at_and_beyond_twofold_either_way() {
        let total = |before, after| {
            let totals = BTreeMap::from([(currency("USD"), (before, after))]);
            concerns(&GuardFigures { totals, ..GuardFigures::default() })
        };
        for (before, after) in [(0, 1_000), (100, 100), (100, 200), (100, 50), (101, 51), (-5, 100)] {
            assert_eq!(total(before, after), [""; 0], "{before} to {after}");
        }
        for (before, after) in [(100, 201), (100, 49), (101, 50), (1, 0), (100, -1), (100, 10_000)] {
            assert_eq!(total(before, after).len(), 1, "{before} to {after}");
        }
        assert!(total(10_000, 20_001)[0].contains("of USD from 100.00 to 200.01 (more than 2-fold is held)"));
    }

    #[test]
    fn medians_at_and_beyond_fifty_times_by_the_reference_rates() {
        let medians = |usd, khr| {
            let medians = BTreeMap::from([(currency("USD"), usd), (currency("KHR"), khr)]);
            concerns(&GuardFigures { medians, ..GuardFigures::default() })
        };
        // 4,025.50 KHR are 1 USD; both have two decimals.
        for (usd, khr) in [(100, 402_550), (100, 50 * 402_550), (50 * 100, 402_550), (0, 1_000_000), (1, 0)] {
            assert_eq!(medians(usd, khr), [""; 0], "USD {usd}, KHR {khr}");
        }
        for (usd, khr) in [(100, 50 * 402_550 + 1), (50 * 100 + 1, 402_550), (i64::MAX, 1), (1, i64::MAX)] {
            assert_eq!(medians(usd, khr).len(), 1, "USD {usd}, KHR {khr}");
        }
        assert!(
            medians(40_000, 161_020_000 * 63)[0].starts_with(
                "the median balance in KHR, 101442600.00, is worth 63 times that in USD, 400.00 (more than 50"
            ),
            "{:?}",
            medians(40_000, 161_020_000 * 63)
        );
    }

    #[test]
    fn older_than_the_last_load() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let older = |as_of, last| concerns(&GuardFigures { as_of, last, ..GuardFigures::default() });
        let last = Some((7, day("2026-11-20")));
        assert_eq!(older(Some(day("2026-11-20")), last), [""; 0]);
        assert_eq!(older(Some(day("2026-11-21")), last), [""; 0]);
        assert_eq!(older(None, last), [""; 0]);
        assert_eq!(older(Some(day("2026-11-19")), None), [""; 0]);
        assert_eq!(
            older(Some(day("2026-11-19")), last),
            ["its figures are of 2026-11-19, older than those of load 7, 2026-11-20"]
        );
    }
}
