//! What a loan costs a month, exactly.
//!
//! A reported instalment counts times its frequency: daily 365/12, weekly 52/12, fortnightly 26/12, four-weekly
//! 13/12, monthly 1, two-monthly 1/2, quarterly 1/3, half-yearly 1/6, yearly 1/12. Of a bullet loan the amount
//! due is spread over the months left, a begun month as a month and at least one. Without an instalment, or
//! without its frequency, what is owed is spread over the months left and marked estimated. Without a maturity
//! too it is unknown, never zero.
//!
//! Many systems write an instalment of 0 where they have none. On a loan on which something is owed, or nobody
//! says how much, 0 therefore means "not reported".

use super::exact::{Exact, Rates, exact, ratio, reported, rounded_up};
use crate::model::answer::{Basis, Monthly};
use crate::model::day::Day;
use crate::model::facility::{Facility, Frequency};
use crate::model::inquiry::RequestedLoan;
use crate::model::money::{Currency, Minor};

/// A monthly instalment in exact minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MonthlyExact {
    Reported(Exact),
    Estimated(Exact),
    Unknown,
}

impl MonthlyExact {
    /// As it stands in an answer.
    pub(super) fn line(&self, rates: &Rates<'_>, currency: Currency) -> Monthly {
        let (value, basis) = match self {
            Self::Reported(value) => (Some(value), Basis::Reported),
            Self::Estimated(value) => (Some(value), Basis::Estimated),
            Self::Unknown => (None, Basis::Unknown),
        };
        Monthly { amount: value.map(|value| rates.amount(rounded_up(value), currency)), basis }
    }
}

/// How many times a year an instalment of this frequency falls due; `None` for a bullet loan.
pub fn times_a_year(frequency: Frequency) -> Option<u32> {
    match frequency {
        Frequency::Daily => Some(365),
        Frequency::Weekly => Some(52),
        Frequency::Fortnightly => Some(26),
        Frequency::FourWeekly => Some(13),
        Frequency::Monthly => Some(12),
        Frequency::TwoMonthly => Some(6),
        Frequency::Quarterly => Some(4),
        Frequency::HalfYearly => Some(2),
        Frequency::Yearly => Some(1),
        Frequency::Bullet => None,
    }
}

/// What a running loan costs a month, as of `today`.
pub(super) fn monthly(facility: &Facility, today: Day) -> MonthlyExact {
    let months_left = facility.matures.map(|matures| today.months_begun_until(matures).max(1));
    spread(facility.instalment, facility.frequency, reported(facility.outstanding), months_left)
}

/// What the requested loan will cost a month.
pub(super) fn monthly_requested(loan: &RequestedLoan) -> MonthlyExact {
    spread(loan.instalment, loan.frequency, Some(loan.amount), loan.term_months.map(|months| months.max(1)))
}

fn spread(
    instalment: Option<Minor>,
    frequency: Option<Frequency>,
    owed: Option<Minor>,
    months_left: Option<u32>,
) -> MonthlyExact {
    let instalment = reported(instalment).filter(|amount| *amount > 0 || owed == Some(0));
    match (instalment, frequency.map(times_a_year), owed, months_left) {
        (Some(amount), Some(Some(times)), ..) => MonthlyExact::Reported(exact(amount) * ratio(times, 12)),
        (Some(due), Some(None), _, Some(months)) => MonthlyExact::Reported(ratio(due, months)),
        (_, _, Some(owed), Some(months)) => MonthlyExact::Estimated(ratio(owed, months)),
        _ => MonthlyExact::Unknown,
    }
}
