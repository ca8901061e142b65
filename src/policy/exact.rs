//! Exact sums and conversions. Nothing is rounded before the end of a sum.

use std::cell::RefCell;
use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::model::amount::{Amount, Money, Rate};
use crate::model::answer::RateUsed;
use crate::model::money::{Currency, Minor};
use crate::model::policy::Policy;

/// An exact number of minor units.
///
/// Unbounded, because the sum of twelfths, of 1/months of many loans and of converted amounts has a denominator
/// that outgrows 128 bits, and a sum that cannot be formed would have to be guessed.
pub(super) type Exact = BigRational;

pub(super) fn exact(minor: impl Into<BigInt>) -> Exact {
    Exact::from_integer(minor.into())
}

pub(super) fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Exact {
    Exact::new(numerator.into(), denominator.into())
}

/// Rounded up to whole minor units: a burden is never understated.
pub(super) fn rounded_up(value: &Exact) -> i128 {
    // Sums of at most some millions of 64-bit amounts, times at most 31 and a rate of at most 10^15, fit.
    i128::try_from(value.ceil().to_integer()).unwrap_or(i128::MAX)
}

/// Rounded down to whole minor units: what is left over is never overstated.
pub(super) fn rounded_down(value: &Exact) -> i128 {
    i128::try_from(value.floor().to_integer()).unwrap_or(i128::MIN)
}

/// The policy's currencies, remembering which rates were used.
pub(super) struct Rates<'a> {
    policy: &'a Policy,
    used: RefCell<BTreeSet<Currency>>,
}

impl<'a> Rates<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        Self { policy, used: RefCell::new(BTreeSet::new()) }
    }

    pub(super) fn reference(&self) -> Currency {
        self.policy.currencies.reference
    }

    /// Decimals of a currency that is known to be the policy's.
    fn exponent(&self, currency: Currency) -> u8 {
        self.policy.exponent(currency).expect("loans in unknown currencies were set aside")
    }

    /// Converts exactly. A zero converts without a rate.
    pub(super) fn convert(&self, value: &Exact, from: Currency, to: Currency) -> Exact {
        if from == to || *value == exact(0) {
            return value.clone();
        }
        let major = value / power_of_ten(self.exponent(from));
        let converted = major / self.per_reference(from) * self.per_reference(to);
        converted * power_of_ten(self.exponent(to))
    }

    fn per_reference(&self, currency: Currency) -> Exact {
        match self.policy.rate(currency) {
            None => exact(1),
            Some((rate, _)) => {
                self.used.borrow_mut().insert(currency);
                ratio(rate.millionths(), 10u64.pow(u32::from(Rate::DECIMALS)))
            }
        }
    }

    /// The rates behind every conversion so far.
    pub(super) fn used(&self) -> Vec<RateUsed> {
        let used = self.used.borrow();
        let rates = used.iter().filter_map(|currency| {
            let (per_reference, as_of) = self.policy.rate(*currency)?;
            Some(RateUsed { currency: *currency, per_reference, as_of })
        });
        rates.collect()
    }

    pub(super) fn amount(&self, minor: i128, currency: Currency) -> Amount {
        Amount::from_minor(minor, self.exponent(currency))
    }

    pub(super) fn money(&self, minor: i128, currency: Currency) -> Money {
        Money { currency, amount: self.amount(minor, currency) }
    }

    pub(super) fn minor(&self, minor: Minor, currency: Currency) -> Amount {
        self.amount(i128::from(minor), currency)
    }
}

fn power_of_ten(exponent: u8) -> Exact {
    exact(10u64.pow(u32::from(exponent)))
}

/// An amount as reported; a negative one (an overpaid loan) is no debt that could lessen another, and no figure
/// to build on: it counts as not reported.
pub(super) fn reported(amount: Option<Minor>) -> Option<Minor> {
    amount.filter(|minor| *minor >= 0)
}
