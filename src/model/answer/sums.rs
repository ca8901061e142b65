//! What is owed: sums, arrears, and the loans lender by lender.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus, Frequency};
use crate::model::money::Currency;

/// What is owed, own and other lenders apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// Distinct lenders with an active loan, loans to the group included and guaranteed ones not.
    pub lenders_active: u32,
    /// Loans of the asking lender.
    pub own: Totals,
    /// Loans of all other lenders.
    pub others: Totals,
    /// Both together.
    pub together: Totals,
    /// Loans to a group as a whole, of any lender.
    pub group: Totals,
    /// Loans of others that are guaranteed, of any lender.
    pub guaranteed: Totals,
    /// Lender by lender, the asker first.
    pub lenders: Vec<LenderLine>,
}

/// Sums over some loans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Distinct lenders with an active loan among them.
    pub lenders_active: u32,
    /// Active loans.
    pub active: u32,
    /// Loans written off and still owed.
    pub written_off: u32,
    /// Loans that ended: history.
    pub closed: u32,
    /// Loans, active or written off, that the client disputes.
    pub disputed: u32,
    /// Currency by currency, in the order of their codes.
    pub currencies: Vec<CurrencyTotals>,
    /// All currencies, converted into the reference currency.
    pub reference: CurrencyTotals,
    /// Whether anything was converted for `reference`.
    pub converted: bool,
    /// Days past due of the active and the written-off loans.
    pub arrears: Arrears,
}

/// Sums in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrencyTotals {
    /// The currency.
    pub currency: Currency,
    /// Owed on active loans.
    pub outstanding: Sum,
    /// The part of it past its due date.
    pub overdue: Sum,
    /// Monthly instalments of the active loans.
    pub instalment: InstalmentSum,
    /// Given up by the lenders and still owed.
    pub written_off: Sum,
}

/// A sum, and on how many loans its figure was not reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// The sum of what was reported.
    pub amount: Amount,
    /// Loans without the figure: the true sum is larger.
    pub unknown: u32,
}

/// A sum of monthly instalments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstalmentSum {
    /// The sum, rounded up once.
    pub amount: Amount,
    /// How much of it is estimated from what is owed and the months left, rounded up once.
    pub estimated: Amount,
    /// Loans whose instalment is neither reported nor to be estimated: the true sum is larger.
    pub unknown: u32,
}

/// Days past due over some loans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arrears {
    /// The worst that is reported now; `None` when nothing is reported.
    pub worst: Option<u32>,
    /// The worst of the loans' whole life, ended loans included.
    pub worst_ever: Option<u32>,
    /// Loans whose days past due are not reported.
    pub unknown: u32,
    /// The band of the worst.
    pub band: Band,
}

/// Bands of days past due by the delinquency ladder of the Reserve Bank of India.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// Nothing is past due.
    Current,
    /// Up to 30 days.
    #[serde(rename = "sma-0")]
    Sma0,
    /// 31 to 60 days.
    #[serde(rename = "sma-1")]
    Sma1,
    /// 61 to 90 days.
    #[serde(rename = "sma-2")]
    Sma2,
    /// More than 90 days.
    Npa,
    /// Something is not reported, and what is reported is not the worst band already.
    Unknown,
}

/// The loans at one lender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LenderLine {
    /// Member id of the lender, or `lender-1` and so on where the policy masks names.
    pub lender: String,
    /// Whether it is the asker itself.
    pub own: bool,
    /// The newest day on which its figures are true. Withheld where names are masked, for the coverage lists
    /// every member with its day.
    pub as_of: Option<Day>,
    /// Ids of the records, hex; a dispute names them.
    pub records: Vec<String>,
    /// The loans: active, then written off, then ended.
    pub facilities: Vec<FacilityLine>,
}

/// One loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilityLine {
    /// In what capacity the person owes.
    pub kind: FacilityKind,
    /// Where it stands.
    pub status: FacilityStatus,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// Paid out.
    pub disbursed: Option<Amount>,
    /// Owed.
    pub outstanding: Option<Amount>,
    /// Past its due date.
    pub overdue: Option<Amount>,
    /// Days past due.
    pub days_past_due: Option<u32>,
    /// Worst days past due of its life.
    pub days_past_due_worst: Option<u32>,
    /// One instalment.
    pub instalment: Option<Amount>,
    /// How often it falls due.
    pub frequency: Option<Frequency>,
    /// What that is a month; `None` for a loan that is not active.
    pub monthly: Option<Monthly>,
    /// When it was paid out.
    pub opened: Option<Day>,
    /// When the last instalment falls due.
    pub matures: Option<Day>,
    /// When it ended.
    pub closed: Option<Day>,
    /// Written off.
    pub written_off: Option<Amount>,
    /// When it was written off.
    pub written_off_on: Option<Day>,
    /// Number of the client's loan with this lender.
    pub loan_cycle: Option<u16>,
    /// Whether the client disputes it.
    pub disputed: bool,
}

/// A monthly instalment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monthly {
    /// The amount, rounded up; `None` when it is unknown.
    pub amount: Option<Amount>,
    /// What it rests on.
    pub basis: Basis,
}

/// What a monthly instalment rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A reported instalment and its frequency.
    Reported,
    /// What is owed, spread over the months left.
    Estimated,
    /// Neither is known.
    Unknown,
}
