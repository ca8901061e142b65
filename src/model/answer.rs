//! The answer to an inquiry, as the loan officer, the core banking system and the client's file get it.
//!
//! JSON: amounts are plain decimal strings in major units with the policy's decimals, ids are lower-case hex,
//! times are seconds since 1970-01-01T00:00:00Z, days `YYYY-MM-DD`. `null` is "not known", never zero.
//!
//! Words: *own* is the asking lender's, *others* everybody else's. Sums are over the loans that a person owes
//! herself (individual loans and members' own loans in a group); loans to a group as a whole and guaranteed
//! loans stand apart and are in no other sum.

mod sums;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::{Amount, Money, Rate};
use super::day::Day;
use super::identifier::SchemeId;
use super::inquiry::{LoanRequest, Role};
use super::member::{MemberId, NetworkId};
use super::money::Currency;
use super::reason::{Outcome, Reason};
use crate::clock::UnixTime;

pub use sums::{
    Arrears, Band, Basis, CurrencyTotals, Exposure, FacilityLine, InstalmentSum, LenderLine, Monthly, Sum,
    Totals,
};

/// The layout of [`Answer`] that this program writes.
pub const ANSWER_VERSION: u32 = 1;

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Layout: 1.
    pub version: u32,
    /// The network.
    pub network: NetworkId,
    /// The lender that asked.
    pub asker: MemberId,
    /// The transaction id, hex.
    pub transaction: String,
    /// When the answer was made.
    pub answered_at: UnixTime,
    /// The policy by which it was judged.
    pub policy: PolicyName,
    /// Salted commitment to the question, hex.
    pub question_commitment: String,
    /// What was asked, without the persons.
    pub question: Question,
    /// What the policy says.
    pub verdict: Verdict,
    /// Whether every lender's fresh data is in it and every row could be read.
    pub complete: bool,
    /// Whose data is in it.
    pub coverage: Coverage,
    /// The household: applicant, spouse and household members, each shared loan counted once.
    pub household: Exposure,
    /// What the household owes after the loan.
    pub after: AfterLoan,
    /// Each person for herself, in the order of the question.
    pub persons: Vec<PersonAnswer>,
    /// The reference rates behind every converted figure.
    pub rates: Vec<RateUsed>,
    /// What the key holders that served it saw of the asker's log, each with its cosignature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<Witnessed>,
}

/// A checkpoint of the asker's log as a key holder saw it when it helped to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Witnessed {
    /// The key holder.
    pub member: MemberId,
    /// The signed note, with the asker's signature and the holder's cosignature (C2SP tlog-cosignature).
    pub note: String,
}

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyName {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The day on which that version was issued.
    pub issued: Day,
}

/// What was asked, without the persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Code of the purpose.
    pub purpose: String,
    /// The loan applied for.
    pub requested: Option<LoanRequest>,
    /// Declared monthly income of the household.
    pub household_income: Option<Money>,
    /// Declared monthly expenses of the household.
    pub household_expenses: Option<Money>,
    /// Whether the loan replaces one of the asker's own.
    pub refinances: bool,
}

/// What the policy says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The gravest outcome of the rules.
    pub outcome: Outcome,
    /// Every rule, in the policy's order.
    pub reasons: Vec<Reason>,
}

/// Whose data is in the answer: "covers 19 of 28 lenders".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Lenders that report to the network.
    pub lenders: u32,
    /// Those of them with fresh data.
    pub covered: u32,
    /// Those whose data is too old.
    pub stale: u32,
    /// Those not heard from.
    pub missing: u32,
    /// Each of them, by name.
    pub members: Vec<MemberCoverage>,
    /// Rows that were found and could not be read.
    pub unreadable: Vec<UnreadableRows>,
}

/// One lender's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberCoverage {
    /// Its id.
    pub member: MemberId,
    /// Its name as people know it.
    pub name: String,
    /// What its data is worth.
    pub state: CoverageState,
    /// The day on which its figures are true.
    pub as_of: Option<Day>,
    /// When its last feed state was signed.
    pub last_heard: Option<UnixTime>,
}

/// What a lender's data is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageState {
    /// Fresh.
    Covered,
    /// Older than the policy allows.
    Stale,
    /// Not heard from for longer than the policy allows, or never.
    Missing,
}

/// Rows of one lender that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnreadableRows {
    /// The lender, as [`LenderLine::lender`].
    pub lender: String,
    /// How many rows.
    pub count: u32,
    /// Why.
    pub why: UnreadableWhy,
}

/// Why a row could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadableWhy {
    /// Its proof of knowledge does not hold, so it was not sent out for opening.
    BadProof,
    /// It does not open under the network's key.
    DoesNotOpen,
    /// It opens to something that is not a record.
    BadContent,
    /// It reports a currency that the policy does not know.
    UnknownCurrency,
    /// It belongs to an epoch whose key shares are gone.
    KeyGone,
    /// No signed feed state covers it yet.
    NotCovered,
    /// There are more rows than one opening takes.
    TooMany,
}

/// What the household owes after the requested loan; as it stands now when none was requested. A loan that the
/// new one replaces is taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterLoan {
    /// Distinct lenders, the asker included when a loan is requested.
    pub lenders: u32,
    /// Monthly instalment of the requested loan, in its currency.
    pub requested_monthly: Option<Monthly>,
    /// Own loans of the household, currency by currency.
    pub currencies: Vec<AfterCurrency>,
    /// The same in the reference currency.
    pub reference: AfterCurrency,
    /// Whether anything was converted for `reference`.
    pub converted: bool,
    /// The instalments against the declared income; `None` when no income was declared.
    pub burden: Option<Burden>,
}

/// Exposure and instalments after the loan in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterCurrency {
    /// The currency.
    pub currency: Currency,
    /// Owed.
    pub outstanding: Sum,
    /// Monthly instalments.
    pub instalment: InstalmentSum,
}

/// Monthly instalments after the loan against the declared income, in the currency of the income.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Burden {
    /// The declared monthly income of the household.
    pub income: Money,
    /// The instalments of all its own loans, the requested one included.
    pub instalment: InstalmentSum,
    /// Whether instalments in other currencies were converted.
    pub converted: bool,
    /// Their share of the income in hundredths of a percent, rounded up; `None` with an income of zero.
    pub share_basis_points: Option<u64>,
    /// What is left of the income after declared expenses and instalments, rounded down and negative when it
    /// does not suffice; `None` when no expenses were declared.
    pub left_over: Option<Amount>,
}

/// One person's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonAnswer {
    /// Who she is in the application.
    pub role: Role,
    /// Id of her consent.
    pub consent: String,
    /// Name of the lawful ground that stands in its place, where she did not consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// How she was found.
    pub match_level: MatchLevel,
    /// The schemes under which she was found.
    pub matched: Vec<SchemeId>,
    /// What she owes.
    pub exposure: Exposure,
    /// Who asked about her.
    pub inquiries: Inquiries,
    /// Disputes that she opened.
    pub disputes: Vec<DisputeLine>,
    /// Lenders found under a weak identifier alone and not opened; in no total.
    pub possible: PossibleMatches,
}

/// How a person was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MatchLevel {
    /// Not at all.
    None,
    /// Under a telephone number or SLK-581 alone.
    Weak,
    /// Under a strong identifier.
    Strong,
}

/// "Possible match at N lenders".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PossibleMatches {
    /// N.
    pub lenders: u32,
    /// Their member ids, where the policy shows names.
    pub names: Vec<String>,
}

/// Inquiries about one person, the present one left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inquiries {
    /// Of other lenders.
    pub others: InquiryCounts,
    /// Of the asker itself.
    pub own: InquiryCounts,
    /// Each of them, newest first.
    pub lines: Vec<InquiryLine>,
}

/// How many within 30, 90 and 180 days; `None` where the policy does not read that far back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryCounts {
    /// Within 30 days.
    pub days_30: Option<u32>,
    /// Within 90 days.
    pub days_90: Option<u32>,
    /// Within 180 days.
    pub days_180: Option<u32>,
}

/// One earlier inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryLine {
    /// Who asked, as [`LenderLine::lender`].
    pub lender: String,
    /// Whether it was the asker itself.
    pub own: bool,
    /// When, to the minute.
    pub asked: UnixTime,
    /// Code of the purpose.
    pub purpose: String,
    /// The loan applied for then; `None` when none was named or its currency is unknown here.
    pub amount: Option<Money>,
}

/// A dispute that the person opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputeLine {
    /// The lender whose report is in dispute, as [`LenderLine::lender`].
    pub lender: String,
    /// Id of the record in dispute, hex.
    pub about: String,
    /// When it was opened.
    pub opened: UnixTime,
}

/// A reference rate behind the converted figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateUsed {
    /// The currency.
    pub currency: Currency,
    /// Units of it for one unit of the reference currency.
    pub per_reference: Rate,
    /// The day of the rate.
    pub as_of: Day,
}
