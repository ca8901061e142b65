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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::facility::{FacilityKind, FacilityReference, FacilityStatus};

    const REGULAR: [Frequency; 9] = [
        Frequency::Daily,
        Frequency::Weekly,
        Frequency::Fortnightly,
        Frequency::FourWeekly,
        Frequency::Monthly,
        Frequency::TwoMonthly,
        Frequency::Quarterly,
        Frequency::HalfYearly,
        Frequency::Yearly,
    ];

    fn today() -> Day {
        "2026-11-22".parse().unwrap()
    }

    fn loan(
        instalment: Option<i64>,
        frequency: Option<Frequency>,
        owed: Option<i64>,
        matures: Option<&str>,
    ) -> Facility {
        Facility {
            reference: FacilityReference([1; 16]),
            kind: FacilityKind::Individual,
            status: FacilityStatus::Current,
            currency: "USD".parse().unwrap(),
            disbursed: None,
            outstanding: owed,
            overdue: None,
            days_past_due: None,
            days_past_due_worst: None,
            instalment,
            frequency,
            rate_yearly_basis_points: None,
            opened: None,
            matures: matures.map(|day| day.parse().unwrap()),
            closed: None,
            written_off: None,
            written_off_on: None,
            loan_cycle: None,
            disputed: false,
        }
    }

    #[test]
    fn a_month_of_every_frequency() {
        // Of 1,200 each time: 365/12, 52/12, 26/12, 13/12, 1, 1/2, 1/3, 1/6 and 1/12.
        let expected = [36_500, 5_200, 2_600, 1_300, 1_200, 600, 400, 200, 100];
        for (frequency, expected) in REGULAR.into_iter().zip(expected) {
            let found = monthly(&loan(Some(1_200), Some(frequency), None, None), today());
            assert_eq!(found, MonthlyExact::Reported(exact(expected)), "{frequency:?}");
        }
    }

    #[test]
    fn small_amounts_are_rounded_up_and_by_less_than_one() {
        for frequency in REGULAR {
            let times = i128::from(times_a_year(frequency).unwrap());
            for amount in 1..=500 {
                let MonthlyExact::Reported(value) =
                    monthly(&loan(Some(amount), Some(frequency), None, None), today())
                else {
                    panic!("a reported instalment")
                };
                let (up, yearly) = (rounded_up(&value), i128::from(amount) * times);
                assert!(up * 12 >= yearly && (up - 1) * 12 < yearly, "{frequency:?} {amount}");
            }
        }
    }

    #[test]
    fn what_stands_in_for_a_missing_instalment() {
        use MonthlyExact::{Estimated, Reported, Unknown};
        let (monthly_, bullet) = (Some(Frequency::Monthly), Some(Frequency::Bullet));
        let (a_year, gone) = (Some("2027-11-22"), Some("2026-01-01"));
        for (loan, expected) in [
            // Bullet: the amount due over the months left, at least one.
            (loan(Some(1_200), bullet, Some(900), a_year), Reported(exact(100))),
            (loan(Some(1_200), bullet, Some(900), gone), Reported(exact(1_200))),
            (loan(Some(1_200), bullet, Some(900), Some("2026-11-23")), Reported(exact(1_200))),
            (loan(None, bullet, Some(900), a_year), Estimated(exact(75))),
            (loan(Some(1_200), bullet, Some(900), None), Unknown),
            // Without instalment or frequency: what is owed over the months left.
            (loan(None, monthly_, Some(900), a_year), Estimated(exact(75))),
            (loan(Some(50), None, Some(900), a_year), Estimated(exact(75))),
            (loan(None, None, Some(900), gone), Estimated(exact(900))),
            (loan(None, None, Some(1_000), Some("2027-02-23")), Estimated(exact(250))),
            // Nothing to go by.
            (loan(None, monthly_, Some(900), None), Unknown),
            (loan(None, monthly_, None, a_year), Unknown),
            (loan(Some(50), None, None, None), Unknown),
            (loan(None, None, Some(-900), a_year), Unknown),
            (loan(Some(-50), monthly_, Some(900), a_year), Estimated(exact(75))),
            // An empty field written as zero.
            (loan(Some(0), monthly_, Some(900), a_year), Estimated(exact(75))),
            (loan(Some(0), monthly_, None, None), Unknown),
            (loan(Some(0), monthly_, Some(0), a_year), Reported(exact(0))),
        ] {
            assert_eq!(monthly(&loan, today()), expected, "{loan:?}");
        }
    }

    fn any_loan() -> impl Strategy<Value = Facility> {
        let frequency = proptest::option::of(0..10usize);
        let amount = || proptest::option::of(0..10_000_000i64);
        (amount(), frequency, amount(), proptest::option::of(-400..4_000i32)).prop_map(
            |(instalment, frequency, owed, days)| {
                let frequency =
                    frequency.map(|index| REGULAR.get(index).copied().unwrap_or(Frequency::Bullet));
                let mut loan = loan(instalment, frequency, owed, None);
                loan.matures = days.map(|days| today().plus_days(days));
                loan
            },
        )
    }

    proptest! {
        #[test]
        fn sums_never_round_down_and_know_no_order(mut loans in proptest::collection::vec(any_loan(), 0..40)) {
            let sum = |loans: &[Facility]| {
                loans.iter().fold(exact(0), |sum, loan| match monthly(loan, today()) {
                    MonthlyExact::Reported(value) | MonthlyExact::Estimated(value) => sum + value,
                    MonthlyExact::Unknown => sum,
                })
            };
            let forward = sum(&loans);
            let up = rounded_up(&forward);
            prop_assert!(exact(up) >= forward && exact(up) - exact(1) < forward);
            // Rounded once: never above the sum of what each loan rounds up to.
            let each: i128 = loans.iter().map(|loan| rounded_up(&sum(std::slice::from_ref(loan)))).sum();
            prop_assert!(up <= each);
            loans.reverse();
            prop_assert_eq!(sum(&loans), forward);
        }
    }
}
