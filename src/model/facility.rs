//! A credit facility as a lender reports it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::money::{Currency, Minor};

/// In what capacity the client owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FacilityKind {
    /// The client's own loan.
    Individual,
    /// A member's own loan inside a joint-liability group.
    GroupMember,
    /// A loan to the group as a whole.
    Group,
    /// Somebody else's loan that the client guarantees.
    Guarantor,
}

/// Where a facility stands. Applications that were never disbursed are not facilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FacilityStatus {
    /// Running, nothing overdue.
    Current,
    /// Running, something overdue.
    Delinquent,
    /// Running under changed terms.
    Restructured,
    /// Given up in the lender's books; still owed.
    WrittenOff,
    /// Repaid, settled or cancelled after disbursement: history.
    Closed,
}

impl FacilityStatus {
    /// Whether the facility counts as active exposure.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Current | Self::Delinquent | Self::Restructured)
    }
}

/// How often an instalment falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Frequency {
    /// Every day.
    Daily,
    /// Every 7 days.
    Weekly,
    /// Every 14 days.
    Fortnightly,
    /// Every 28 days.
    FourWeekly,
    /// Every month.
    Monthly,
    /// Every two months.
    TwoMonthly,
    /// Every three months.
    Quarterly,
    /// Every six months.
    HalfYearly,
    /// Every twelve months.
    Yearly,
    /// Everything at maturity.
    Bullet,
}

/// Names a facility within its lender without telling the account number: a keyed hash of it.
///
/// The records of two clients of one lender that share a facility carry the same reference, so that a
/// household inquiry counts it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct FacilityReference(pub [u8; 16]);

/// One facility. `None` is "not reported", which is not zero.
///
/// Amounts are minor units of `currency`. Rates are basis points a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Names the facility within its lender.
    pub reference: FacilityReference,
    /// In what capacity the client owes.
    pub kind: FacilityKind,
    /// Where it stands.
    pub status: FacilityStatus,
    /// Currency of every amount of this facility.
    pub currency: Currency,
    /// Amount paid out.
    pub disbursed: Option<Minor>,
    /// Principal and charges still owed.
    pub outstanding: Option<Minor>,
    /// The part of `outstanding` that is past its due date.
    pub overdue: Option<Minor>,
    /// Days since the oldest unpaid due date.
    pub days_past_due: Option<u32>,
    /// The worst `days_past_due` of the facility's life.
    pub days_past_due_worst: Option<u32>,
    /// Amount of one instalment.
    pub instalment: Option<Minor>,
    /// How often it falls due.
    pub frequency: Option<Frequency>,
    /// Yearly rate in basis points.
    pub rate_yearly_basis_points: Option<u32>,
    /// When it was paid out.
    pub opened: Option<Day>,
    /// When the last instalment falls due.
    pub matures: Option<Day>,
    /// When it ended.
    pub closed: Option<Day>,
    /// Amount written off.
    pub written_off: Option<Minor>,
    /// When it was written off.
    pub written_off_on: Option<Day>,
    /// How many loans the client has had with this lender, this one included.
    pub loan_cycle: Option<u16>,
    /// Whether the client disputes it.
    pub disputed: bool,
}
