//! `[[rules]]`: what a policy can demand of a loan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::amount::Amount;
use crate::model::money::Currency;

/// What a breached rule means. A rule that cannot be judged always means `refer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breach {
    /// A person decides.
    Refer,
    /// The policy says no.
    Decline,
}

/// Which facilities an exposure rule adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExposureClass {
    /// All loans that the household itself owes: individual loans and members' own loans in a group.
    All,
    /// Individual loans.
    Individual,
    /// Members' own loans inside a joint-liability group.
    GroupMember,
    /// Loans to a group as a whole.
    Group,
    /// Loans of others that the household guarantees.
    Guarantor,
    /// Everything: own loans, loans to the group as a whole, guaranteed loans.
    WithGroupAndGuaranteed,
}

/// The rules by name, as they stand in a policy and in an answer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RuleName {
    /// [`Rule::LendersMax`].
    LendersMax,
    /// [`Rule::ExposureMax`].
    ExposureMax,
    /// [`Rule::InstalmentShareMax`].
    InstalmentShareMax,
    /// [`Rule::IncomeCeiling`].
    IncomeCeiling,
    /// [`Rule::DaysPastDueMax`].
    DaysPastDueMax,
    /// [`Rule::RefinancingMax`].
    RefinancingMax,
    /// [`Rule::RecentInquiriesMax`].
    RecentInquiriesMax,
    /// [`Rule::WrittenOff`].
    WrittenOff,
    /// [`Rule::Disputed`].
    Disputed,
    /// [`Rule::IncompleteData`].
    IncompleteData,
}

impl fmt::Display for RuleName {
    /// The name as it stands in a policy file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LendersMax => "lenders_max",
            Self::ExposureMax => "exposure_max",
            Self::InstalmentShareMax => "instalment_share_max",
            Self::IncomeCeiling => "income_ceiling",
            Self::DaysPastDueMax => "days_past_due_max",
            Self::RefinancingMax => "refinancing_max",
            Self::RecentInquiriesMax => "recent_inquiries_max",
            Self::WrittenOff => "written_off",
            Self::Disputed => "disputed",
            Self::IncompleteData => "incomplete_data",
        })
    }
}

/// One rule. A figure exactly at its limit is within it. Every rule says what a breach means (`on_breach`) and
/// where it comes from (`source`: who, when; shown with the verdict).
///
/// A rule that needs a figure that nobody reported gives `refer` with that as its reason, never a pass: unless
/// the figures that are known breach the limit already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", try_from = "RuleKeys")]
pub enum Rule {
    /// Distinct lenders to whom the household owes an active loan, after this loan and including this lender.
    /// Loans to the household's group count too, guarantees do not.
    LendersMax {
        /// The most lenders.
        lenders: u32,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// What the household owes after this loan.
    ExposureMax {
        /// The most, in major units.
        amount: Amount,
        /// Currency of the limit; amounts in others are converted by the reference rates, and the reason says so.
        currency: Currency,
        /// Which loans are added up. Default `all`.
        class: ExposureClass,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// The monthly instalments of all the household's own loans after this one, as a share of its monthly
    /// income.
    InstalmentShareMax {
        /// The largest share, in hundredths of a percent: 5000 is 50 %.
        basis_points: u32,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// The yearly household income above which a loan is not microfinance.
    IncomeCeiling {
        /// The highest yearly income, in major units.
        yearly: Amount,
        /// Its currency.
        currency: Currency,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// Loans of the household or its group that are more than so many days past due, if more than a minimum is
    /// overdue on them together.
    DaysPastDueMax {
        /// The most days past due.
        days: u32,
        /// Overdue amount up to which arrears are overlooked, in major units; `"0"` overlooks none.
        minimum_overdue: Amount,
        /// Its currency.
        currency: Currency,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// The new loan as a percentage of the disbursed amount of the own loan that it replaces.
    RefinancingMax {
        /// The largest percentage: 130 is 30 % more than the old loan.
        percent: u32,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// Inquiries of other lenders about one person in the last days.
    RecentInquiriesMax {
        /// The most inquiries.
        count: u32,
        /// Days back, at most `inquiry.footprint_days`.
        days: u32,
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// Any loan of the household or its group that a lender wrote off and that was not settled since.
    WrittenOff {
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// Any loan of the household or its group, running or written off, that the client disputes: its figures may be
    /// wrong.
    Disputed {
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
    /// Lenders whose data is missing or stale, and rows that could not be read.
    IncompleteData {
        /// What a breach means.
        on_breach: Breach,
        /// Who demands it, since when.
        source: String,
    },
}

/// Every key that a rule may have. Read before the rule is made of it, so that a wrong value is shown at its own
/// line and not at that of the rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleKeys {
    rule: RuleName,
    on_breach: Breach,
    source: String,
    lenders: Option<u32>,
    amount: Option<Amount>,
    currency: Option<Currency>,
    class: Option<ExposureClass>,
    basis_points: Option<u32>,
    yearly: Option<Amount>,
    days: Option<u32>,
    minimum_overdue: Option<Amount>,
    percent: Option<u32>,
    count: Option<u32>,
}

/// A rule with too few or too many keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum RuleKeyError {
    #[error("rule `{rule}` needs the key `{key}`")]
    Missing { rule: RuleName, key: &'static str },
    #[error("rule `{rule}` has no key `{key}`; remove it")]
    Foreign { rule: RuleName, key: &'static str },
}

impl TryFrom<RuleKeys> for Rule {
    type Error = RuleKeyError;

    fn try_from(keys: RuleKeys) -> Result<Self, RuleKeyError> {
        let RuleKeys { rule, on_breach, source, .. } = keys;
        let needed: &[&str] = match rule {
            RuleName::LendersMax => &["lenders"],
            RuleName::ExposureMax => &["amount", "currency", "class"],
            RuleName::InstalmentShareMax => &["basis_points"],
            RuleName::IncomeCeiling => &["yearly", "currency"],
            RuleName::DaysPastDueMax => &["days", "minimum_overdue", "currency"],
            RuleName::RefinancingMax => &["percent"],
            RuleName::RecentInquiriesMax => &["count", "days"],
            RuleName::WrittenOff | RuleName::Disputed | RuleName::IncompleteData => &[],
        };
        let given = [
            ("lenders", keys.lenders.is_some()),
            ("amount", keys.amount.is_some()),
            ("currency", keys.currency.is_some()),
            ("class", keys.class.is_some()),
            ("basis_points", keys.basis_points.is_some()),
            ("yearly", keys.yearly.is_some()),
            ("days", keys.days.is_some()),
            ("minimum_overdue", keys.minimum_overdue.is_some()),
            ("percent", keys.percent.is_some()),
            ("count", keys.count.is_some()),
        ];
        if let Some((key, _)) = given.into_iter().find(|(key, given)| *given && !needed.contains(key)) {
            return Err(RuleKeyError::Foreign { rule, key });
        }
        let missing = |key| RuleKeyError::Missing { rule, key };
        let currency = keys.currency.ok_or(missing("currency"));
        let days = keys.days.ok_or(missing("days"));
        Ok(match rule {
            RuleName::LendersMax => {
                Self::LendersMax { lenders: keys.lenders.ok_or(missing("lenders"))?, on_breach, source }
            }
            RuleName::ExposureMax => Self::ExposureMax {
                amount: keys.amount.ok_or(missing("amount"))?,
                currency: currency?,
                class: keys.class.unwrap_or(ExposureClass::All),
                on_breach,
                source,
            },
            RuleName::InstalmentShareMax => Self::InstalmentShareMax {
                basis_points: keys.basis_points.ok_or(missing("basis_points"))?,
                on_breach,
                source,
            },
            RuleName::IncomeCeiling => Self::IncomeCeiling {
                yearly: keys.yearly.ok_or(missing("yearly"))?,
                currency: currency?,
                on_breach,
                source,
            },
            RuleName::DaysPastDueMax => Self::DaysPastDueMax {
                days: days?,
                minimum_overdue: keys.minimum_overdue.ok_or(missing("minimum_overdue"))?,
                currency: currency?,
                on_breach,
                source,
            },
            RuleName::RefinancingMax => {
                Self::RefinancingMax { percent: keys.percent.ok_or(missing("percent"))?, on_breach, source }
            }
            RuleName::RecentInquiriesMax => Self::RecentInquiriesMax {
                count: keys.count.ok_or(missing("count"))?,
                days: days?,
                on_breach,
                source,
            },
            RuleName::WrittenOff => Self::WrittenOff { on_breach, source },
            RuleName::Disputed => Self::Disputed { on_breach, source },
            RuleName::IncompleteData => Self::IncompleteData { on_breach, source },
        })
    }
}

impl Rule {
    /// Which rule it is.
    pub fn name(&self) -> RuleName {
        match self {
            Self::LendersMax { .. } => RuleName::LendersMax,
            Self::ExposureMax { .. } => RuleName::ExposureMax,
            Self::InstalmentShareMax { .. } => RuleName::InstalmentShareMax,
            Self::IncomeCeiling { .. } => RuleName::IncomeCeiling,
            Self::DaysPastDueMax { .. } => RuleName::DaysPastDueMax,
            Self::RefinancingMax { .. } => RuleName::RefinancingMax,
            Self::RecentInquiriesMax { .. } => RuleName::RecentInquiriesMax,
            Self::WrittenOff { .. } => RuleName::WrittenOff,
            Self::Disputed { .. } => RuleName::Disputed,
            Self::IncompleteData { .. } => RuleName::IncompleteData,
        }
    }

    /// What a breach means.
    pub fn on_breach(&self) -> Breach {
        match self {
            Self::LendersMax { on_breach, .. }
            | Self::ExposureMax { on_breach, .. }
            | Self::InstalmentShareMax { on_breach, .. }
            | Self::IncomeCeiling { on_breach, .. }
            | Self::DaysPastDueMax { on_breach, .. }
            | Self::RefinancingMax { on_breach, .. }
            | Self::RecentInquiriesMax { on_breach, .. }
            | Self::WrittenOff { on_breach, .. }
            | Self::Disputed { on_breach, .. }
            | Self::IncompleteData { on_breach, .. } => *on_breach,
        }
    }

    /// Who demands it, since when.
    pub fn source(&self) -> &str {
        match self {
            Self::LendersMax { source, .. }
            | Self::ExposureMax { source, .. }
            | Self::InstalmentShareMax { source, .. }
            | Self::IncomeCeiling { source, .. }
            | Self::DaysPastDueMax { source, .. }
            | Self::RefinancingMax { source, .. }
            | Self::RecentInquiriesMax { source, .. }
            | Self::WrittenOff { source, .. }
            | Self::Disputed { source, .. }
            | Self::IncompleteData { source, .. } => source,
        }
    }
}
