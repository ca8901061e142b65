//! Why a verdict is what it is: rule, limit and observed figure as data. Texts are made elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::Money;
use super::policy::{ExposureClass, RuleName};

/// What the policy says about a loan; the gravest of all its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing speaks against it.
    Pass,
    /// A person decides.
    Refer,
    /// The policy says no.
    Decline,
}

/// What came out of judging one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The figure is at or below its limit.
    Within,
    /// The figure is beyond its limit.
    Breached,
    /// The rule needs figures that nobody reported; see `needs`. Always refers.
    Unknown,
    /// The rule is about something that was not asked, such as a refinancing.
    NotApplicable,
}

/// One rule's part in the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which rule.
    pub rule: RuleName,
    /// What it means for the loan.
    pub outcome: Outcome,
    /// What was found.
    pub finding: Finding,
    /// The rule's limit.
    pub limit: Figure,
    /// The figure held against it, as far as it is known.
    pub observed: Option<Figure>,
    /// Whether `observed` is only the known part, for something under `needs` is missing.
    pub at_least: bool,
    /// What is missing to judge the rule in full.
    pub needs: Vec<Need>,
    /// Who demands the rule, since when.
    pub source: String,
}

/// A figure of a rule: its limit, or what was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "figure", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Figure {
    /// Distinct lenders.
    Lenders {
        /// How many.
        count: u32,
    },
    /// What is owed.
    Exposure {
        /// Which loans are added up.
        class: ExposureClass,
        /// Their sum.
        total: Money,
        /// Whether amounts in other currencies were converted into it by the reference rates.
        converted: bool,
    },
    /// Monthly instalments as a share of monthly income: the limit.
    Share {
        /// Hundredths of a percent.
        basis_points: u32,
    },
    /// Monthly instalments as a share of monthly income: what was observed.
    InstalmentShare {
        /// The instalments, rounded up once.
        monthly: Money,
        /// The declared household income.
        income: Money,
        /// The share in hundredths of a percent, rounded up; `None` with an income of zero.
        basis_points: Option<u64>,
        /// The part of `monthly` that is estimated.
        estimated: Money,
        /// Whether instalments in other currencies were converted by the reference rates.
        converted: bool,
    },
    /// A yearly income.
    Income {
        /// Twelve times the declared monthly income.
        yearly: Money,
        /// Whether it was converted by the reference rates.
        converted: bool,
    },
    /// Days past due and what is overdue.
    Arrears {
        /// Days: the limit, or the worst that was observed.
        days: u32,
        /// Overdue: the minimum that counts, or the sum over the loans beyond the limit of days.
        overdue: Money,
        /// Whether amounts in other currencies were converted by the reference rates.
        converted: bool,
    },
    /// The new loan as a percentage of the old: the limit.
    Percent {
        /// Percent.
        percent: u32,
    },
    /// The new loan as a percentage of the old: what was observed.
    Refinancing {
        /// The requested loan.
        new: Money,
        /// What had been disbursed on the old one.
        old: Money,
        /// The percentage, rounded up; `None` when the old loan was zero.
        percent: Option<u64>,
        /// Whether the two are in different currencies and were compared by the reference rates.
        converted: bool,
    },
    /// Inquiries within some days.
    Inquiries {
        /// How many.
        count: u32,
        /// Within how many days.
        days: u32,
    },
    /// Loans, as the number written off.
    Facilities {
        /// How many.
        count: u32,
    },
    /// Loans, as the number that the client disputes.
    Disputed {
        /// How many.
        count: u32,
    },
    /// What an answer lacks.
    Lacking {
        /// Lenders that were not heard from.
        missing: u32,
        /// Lenders whose data is too old.
        stale: u32,
        /// Rows that could not be read.
        unreadable: u32,
    },
}

/// A figure that a rule needs and nobody reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "need", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Need {
    /// What is owed on some loans.
    Outstanding {
        /// On how many.
        facilities: u32,
    },
    /// The instalment of some loans, and no maturity to estimate it from.
    Instalment {
        /// Of how many.
        facilities: u32,
    },
    /// Days past due of some loans.
    DaysPastDue {
        /// Of how many.
        facilities: u32,
    },
    /// What is overdue on some loans.
    Overdue {
        /// On how many.
        facilities: u32,
    },
    /// The household's monthly income.
    HouseholdIncome,
    /// The amount of the requested loan.
    RequestedLoan,
    /// The instalment or the term of the requested loan.
    RequestedInstalment,
    /// The loan to be replaced: it is not among this lender's active loans of the household.
    RefinancedLoan,
    /// What had been disbursed on the loan to be replaced.
    RefinancedDisbursed,
}
