//! Sums over loans, currency by currency and converted.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::{Exact, Rates, exact, reported, rounded_up};
use super::household::Held;
use super::instalment::{MonthlyExact, monthly};
use crate::model::answer::{AfterCurrency, Arrears, Band, CurrencyTotals, InstalmentSum, Sum, Totals};
use crate::model::day::Day;
use crate::model::money::{Currency, Minor};

/// The band of so many days past due.
///
/// Ladder of the Reserve Bank of India (circulars of 12 Nov 2021 and 15 Feb 2022): up to 30 days SMA-0, 31 to 60
/// SMA-1, 61 to 90 SMA-2, beyond NPA.
pub fn band(days_past_due: u32) -> Band {
    match days_past_due {
        0 => Band::Current,
        1..=30 => Band::Sma0,
        31..=60 => Band::Sma1,
        61..=90 => Band::Sma2,
        _ => Band::Npa,
    }
}

/// Days past due at the end of the day `on` for an instalment due on `due` and still unpaid: the due day itself is
/// the first, for the count begins at its end. 0 before it.
pub fn days_past_due_at_day_end(due: Day, on: Day) -> u32 {
    u32::try_from(i64::from(on.days_since(due)) + 1).unwrap_or(0)
}

/// A sum and the number of loans without the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) value: Exact,
    pub(super) unknown: u32,
}

impl Default for Part {
    fn default() -> Self {
        Self { value: exact(0), unknown: 0 }
    }
}

impl Part {
    fn add(&mut self, amount: Option<Minor>) {
        match reported(amount) {
            Some(minor) => self.value += exact(minor),
            None => self.unknown += 1,
        }
    }

    pub(super) fn sum(&self, rates: &Rates<'_>, currency: Currency) -> Sum {
        Sum { amount: rates.amount(rounded_up(&self.value), currency), unknown: self.unknown }
    }
}

/// The sums of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) outstanding: Part,
    pub(super) overdue: Part,
    /// Reported and estimated together.
    pub(super) instalment: Part,
    /// The estimated part; its `unknown` stays 0.
    pub(super) estimated: Part,
    pub(super) written_off: Part,
}

impl Sums {
    pub(super) fn add_monthly(&mut self, monthly: MonthlyExact) {
        match monthly {
            MonthlyExact::Reported(value) => self.instalment.value += value,
            MonthlyExact::Estimated(value) => {
                self.estimated.value += &value;
                self.instalment.value += value;
            }
            MonthlyExact::Unknown => self.instalment.unknown += 1,
        }
    }

    fn add(&mut self, loan: &Held<'_>, today: Day) {
        let facility = loan.facility;
        if loan.is_active() {
            self.outstanding.add(facility.outstanding);
            self.overdue.add(facility.overdue);
            self.add_monthly(monthly(facility, today));
        } else if loan.is_written_off() {
            // Some systems empty the one figure on writing off, some the other.
            self.written_off.add(reported(facility.written_off).or(reported(facility.outstanding)));
        }
    }

    pub(super) fn instalment_sum(&self, rates: &Rates<'_>, currency: Currency) -> InstalmentSum {
        InstalmentSum {
            amount: rates.amount(rounded_up(&self.instalment.value), currency),
            estimated: rates.amount(rounded_up(&self.estimated.value), currency),
            unknown: self.instalment.unknown,
        }
    }

    fn totals(&self, rates: &Rates<'_>, currency: Currency) -> CurrencyTotals {
        CurrencyTotals {
            currency,
            outstanding: self.outstanding.sum(rates, currency),
            overdue: self.overdue.sum(rates, currency),
            instalment: self.instalment_sum(rates, currency),
            written_off: self.written_off.sum(rates, currency),
        }
    }

    fn after(&self, rates: &Rates<'_>, currency: Currency) -> AfterCurrency {
        AfterCurrency {
            currency,
            outstanding: self.outstanding.sum(rates, currency),
            instalment: self.instalment_sum(rates, currency),
        }
    }
}

/// The sums of several currencies, never added to each other but through [`Purse::part`].
#[derive(Clone, Debug, Default)]
pub(super) struct Purse(BTreeMap<Currency, Sums>);

impl Purse {
    /// The sums of some loans; ended loans add nothing.
    pub(super) fn of<'a>(loans: impl IntoIterator<Item = &'a Held<'a>>, today: Day) -> Self {
        let mut purse = Self::default();
        for loan in loans {
            if loan.is_active() || loan.is_written_off() {
                purse.sums(loan.facility.currency).add(loan, today);
            }
        }
        purse
    }

    /// The sums of one currency, to add to.
    pub(super) fn sums(&mut self, currency: Currency) -> &mut Sums {
        self.0.entry(currency).or_default()
    }

    /// One figure of all currencies in one currency, and whether a rate was needed for it.
    pub(super) fn part(&self, rates: &Rates<'_>, to: Currency, which: fn(&Sums) -> &Part) -> (Part, bool) {
        let (mut all, mut converted) = (Part::default(), false);
        for (from, sums) in &self.0 {
            let part = which(sums);
            converted |= *from != to && part.value != exact(0);
            all.value += rates.convert(&part.value, *from, to);
            all.unknown += part.unknown;
        }
        (all, converted)
    }

    /// The monthly instalments in one currency, and whether a rate was needed for them.
    pub(super) fn instalments(&self, rates: &Rates<'_>, to: Currency) -> (Sums, bool) {
        let (instalment, converted) = self.part(rates, to, |sums| &sums.instalment);
        let (estimated, _) = self.part(rates, to, |sums| &sums.estimated);
        (Sums { instalment, estimated, ..Sums::default() }, converted)
    }

    /// What is owed and its instalments in one currency.
    fn owed(&self, rates: &Rates<'_>, to: Currency) -> (Sums, bool) {
        let (instalments, some) = self.instalments(rates, to);
        let (outstanding, others) = self.part(rates, to, |sums| &sums.outstanding);
        (Sums { outstanding, ..instalments }, some || others)
    }

    /// Everything in one currency.
    fn everything(&self, rates: &Rates<'_>, to: Currency) -> (Sums, bool) {
        let (owed, some) = self.owed(rates, to);
        let (overdue, others) = self.part(rates, to, |sums| &sums.overdue);
        let (written_off, more) = self.part(rates, to, |sums| &sums.written_off);
        (Sums { overdue, written_off, ..owed }, some || others || more)
    }

    pub(super) fn after(&self, rates: &Rates<'_>) -> Vec<AfterCurrency> {
        self.0.iter().map(|(currency, sums)| sums.after(rates, *currency)).collect()
    }

    pub(super) fn after_reference(&self, rates: &Rates<'_>) -> (AfterCurrency, bool) {
        let (all, converted) = self.owed(rates, rates.reference());
        (all.after(rates, rates.reference()), converted)
    }
}

/// The totals of some loans.
pub(super) fn totals<'a>(
    loans: impl Iterator<Item = &'a Held<'a>> + Clone,
    rates: &Rates<'_>,
    today: Day,
) -> Totals {
    let purse = Purse::of(loans.clone(), today);
    let (all, converted) = purse.everything(rates, rates.reference());
    let count = |which: &dyn Fn(&Held<'_>) -> bool| number(loans.clone().filter(|loan| which(loan)).count());
    Totals {
        lenders_active: lenders_active(loans.clone()),
        active: count(&|loan| loan.is_active()),
        written_off: count(&|loan| loan.is_written_off()),
        closed: count(&|loan| !loan.is_active() && !loan.is_written_off()),
        disputed: count(&|loan| loan.disputed && (loan.is_active() || loan.is_written_off())),
        currencies: purse.0.iter().map(|(currency, sums)| sums.totals(rates, *currency)).collect(),
        reference: all.totals(rates, rates.reference()),
        converted,
        arrears: arrears(loans),
    }
}

/// Distinct lenders with an active loan among these.
pub(super) fn lenders_active<'a>(loans: impl Iterator<Item = &'a Held<'a>>) -> u32 {
    let lenders: BTreeSet<_> = loans.filter(|loan| loan.is_active()).map(|loan| loan.lender).collect();
    number(lenders.len())
}

fn arrears<'a>(loans: impl Iterator<Item = &'a Held<'a>> + Clone) -> Arrears {
    let owed = loans.clone().filter(|loan| loan.is_active() || loan.is_written_off());
    let worst = owed.clone().filter_map(|loan| loan.facility.days_past_due).max();
    let unknown = number(owed.filter(|loan| loan.facility.days_past_due.is_none()).count());
    let ever = loans.filter_map(|loan| loan.facility.days_past_due_worst.max(loan.facility.days_past_due));
    let known = band(worst.unwrap_or(0));
    let band = if unknown > 0 && known != Band::Npa { Band::Unknown } else { known };
    Arrears { worst, worst_ever: ever.max(), unknown, band }
}

/// A count as it stands in an answer.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
