//! The count of a load, and the figures by which it is compared with the one before it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, SkipReason};
use crate::model::day::Day;
use crate::model::money::Currency;

/// What the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderFacts {
    /// The member's own id in its bureau, CDF only.
    pub member: Option<String>,
    /// Branch that the header names.
    pub branch: Option<String>,
    /// The day on which the file says its figures are true.
    pub as_of: Option<Day>,
    /// The day on which the file was made.
    pub created: Option<Day>,
}

/// Sums over the good rows of one currency, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TotalsOfCurrency {
    /// Loans.
    pub loans: u64,
    /// Sum of amounts paid out.
    pub disbursed: i128,
    /// Sum of amounts owed.
    pub outstanding: i128,
    /// Sum of amounts overdue.
    pub overdue: i128,
}

/// Figures of one currency by which a load is compared with the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadFiguresOfCurrency {
    /// Loans that are running.
    pub count: u64,
    /// Sum of what is owed on them, minor units.
    pub outstanding: i128,
    /// Median of what is owed on them, minor units; the lower of the middle two. A wrong unit of amounts
    /// moves it by a hundred.
    pub median: i64,
}

/// Figures by which a load is compared with the one before it, before it replaces anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadFigures {
    /// Rows of data.
    pub rows: u64,
    /// Figures by currency.
    pub currencies: BTreeMap<Currency, LoadFiguresOfCurrency>,
    /// First and last day of the figures.
    pub as_of: Option<(Day, Day)>,
    /// Branches seen, up to a bound.
    pub branches: BTreeSet<String>,
}

/// The count of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of data: `good + rejected + skipped`.
    pub rows: u64,
    /// Rows that gave a loan.
    pub good: u64,
    /// Rows that were not understood.
    pub rejected: u64,
    /// Rows that are no facility, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Notes.
    pub notes: u64,
    /// Good loans that are running.
    pub active: u64,
    /// Good loans that are closed.
    pub closed: u64,
    /// Good loans that are written off.
    pub written_off: u64,
    /// Sums by currency over all good loans.
    pub totals: BTreeMap<Currency, TotalsOfCurrency>,
    /// Figures for the guard.
    pub figures: LoadFigures,
    /// What the file says about itself.
    pub header: HeaderFacts,
    /// About the file as a whole.
    pub findings: Vec<Finding>,
    /// Rejected rows whose account number was not understood either.
    pub rejected_without_account: u64,
    /// Whether the file is known to have been read to its own end, and holds anything.
    pub complete: bool,
}

impl Summary {
    /// Whether a loan may be taken for closed because it is absent from this file: only if the file was
    /// whole, and every row names its loan at least.
    pub fn shows_whole_portfolio(&self) -> bool {
        self.complete && self.rejected_without_account == 0
    }

    /// Rows that are no facility.
    pub fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }
}
