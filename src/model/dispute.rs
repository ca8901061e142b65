//! Disputes: what a client says is wrong with a report, what the reporting lender answers, and how one stands.
//!
//! What is said goes from member to member sealed, as JSON; leaves commit to those very bytes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::facility::{Facility, FacilityKind};
use super::leaf::{DisputeAnswer, DisputeOutcome, LeafReference, RefusalCode};
use super::member::{MemberId, NetworkId};
use super::money::Currency;
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::limits::DISPUTE_TEXT_CHARS_MAX;

/// What is wrong with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeReason {
    /// The loan is somebody else's.
    NotMine,
    /// It was repaid.
    AlreadyPaid,
    /// An amount is wrong.
    WrongAmount,
    /// The arrears are wrong.
    WrongArrears,
    /// Its status is wrong: written off, closed, restructured.
    WrongStatus,
    /// One loan is reported twice.
    ReportedTwice,
    /// Something else: the text says what.
    Other,
}

/// A text that cannot stand in a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a text here has 1 to {DISPUTE_TEXT_CHARS_MAX} characters, of control characters only line ends, and none that turn \
     the direction of writing"
)]
pub struct DisputeTextError;

/// What the client or the lender says, as a clerk wrote it down. About a person: it is never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct DisputeText(String);

impl DisputeText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DisputeText {
    type Error = DisputeTextError;

    fn try_from(text: String) -> Result<Self, DisputeTextError> {
        let text = text.trim();
        // What turns the order of the letters round shows another text than it is.
        let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let bad = |c: char| (c.is_control() && c != '\n') || turns(c);
        if text.is_empty() || text.chars().count() > DISPUTE_TEXT_CHARS_MAX || text.chars().any(bad) {
            return Err(DisputeTextError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<DisputeText> for String {
    fn from(text: DisputeText) -> Self {
        text.0
    }
}

impl fmt::Debug for DisputeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DisputeText({} characters)", self.0.chars().count())
    }
}

/// Which facility of the record is meant, by what the answer showed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputedFacility {
    /// In what capacity the client owes.
    pub kind: FacilityKind,
    /// Its currency.
    pub currency: Currency,
    /// When it was paid out.
    pub opened: Option<Day>,
}

impl DisputedFacility {
    /// Whether a facility of the record is the one that is meant.
    pub fn is(&self, facility: &Facility) -> bool {
        (self.kind, self.currency, self.opened) == (facility.kind, facility.currency, facility.opened)
    }
}

/// Of whom and of which loans the reporting lender's own book speaks. It never leaves that lender: no leaf, letter or row
/// says anything of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputedClient {
    /// The lender's own client number.
    pub client: String,
    /// The loans that are meant: the facility that the client named or, where the book knows no such one any more or she
    /// named none, all of hers. By account number.
    pub loans: Vec<DisputedLoan>,
}

impl fmt::Debug for DisputedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DisputedClient({} loans)", self.loans.len())
    }
}

/// A loan of the lender's book.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputedLoan {
    /// The lender's own account number.
    pub account: String,
    /// Branch that keeps the loan; empty when the book has none.
    pub branch: String,
    /// In what capacity the client owes.
    pub kind: FacilityKind,
    /// Its currency.
    pub currency: Currency,
    /// When it was paid out.
    pub opened: Option<Day>,
}

impl fmt::Debug for DisputedLoan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DisputedLoan(..)")
    }
}

/// What goes to the reporting lender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputeStatement {
    /// The network.
    pub network: NetworkId,
    /// Names the dispute.
    pub dispute: TransactionId,
    /// Where the client turned up.
    pub opener: MemberId,
    /// The reporting lender.
    pub lender: MemberId,
    /// Id of the record in dispute, 32 hexadecimal digits.
    pub record: String,
    /// The facility in dispute; `null` for the whole record.
    pub facility: Option<DisputedFacility>,
    /// What is wrong.
    pub reason: DisputeReason,
    /// What the client says.
    pub text: DisputeText,
    /// When the dispute was opened: the time of the opener's leaf.
    pub opened: UnixTime,
}

/// What goes back to where the dispute was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputeReply {
    /// The network.
    pub network: NetworkId,
    /// Names the dispute.
    pub dispute: TransactionId,
    /// Where the dispute was opened.
    pub opener: MemberId,
    /// The reporting lender.
    pub lender: MemberId,
    /// What it says.
    pub answer: DisputeAnswer,
    /// Its reasons; a rejection has them always.
    pub text: Option<DisputeText>,
    /// When it answered: the time of the lender's leaf.
    pub answered: UnixTime,
}

/// At which end of a dispute a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeEnd {
    /// It was opened here.
    Opener,
    /// It is about what this member reports.
    Lender,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeState {
    /// It has not reached the lender yet.
    Sending,
    /// The lender's node does not take it; it stays flagged.
    Refused,
    /// The lender has it and has not answered.
    Open,
    /// The lender will correct its report.
    Accepted,
    /// The report stands, with reasons, and the client has not been told yet.
    Rejected,
    /// It is closed.
    Resolved,
}

/// A lender's answer as it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldAnswer {
    /// What it says.
    pub answer: DisputeAnswer,
    /// Its reasons.
    pub text: Option<DisputeText>,
    /// When it answered.
    pub answered: UnixTime,
}

/// A dispute as it is held at one of its ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldDispute {
    /// Names it.
    pub dispute: TransactionId,
    /// At which end this is.
    pub end: DisputeEnd,
    /// Where it stands.
    pub state: DisputeState,
    /// Where it was opened.
    pub opener: MemberId,
    /// The reporting lender.
    pub lender: MemberId,
    /// Id of the record in dispute, hex.
    pub record: String,
    /// The facility in dispute; `null` for the whole record.
    pub facility: Option<DisputedFacility>,
    /// What is wrong.
    pub reason: DisputeReason,
    /// What the client says.
    pub text: DisputeText,
    /// When it was opened.
    pub opened: UnixTime,
    /// When it reached the lender.
    pub received: Option<UnixTime>,
    /// Why the lender's node does not take it.
    pub refused: Option<RefusalCode>,
    /// The lender's answer.
    pub answer: Option<HeldAnswer>,
    /// How it ended.
    pub outcome: Option<DisputeOutcome>,
    /// When it ended.
    pub resolved: Option<UnixTime>,
    /// When the operator was told that it is overdue.
    pub escalated: Option<UnixTime>,
    /// Whole days that the lender has left for its answer, negative when it is late; `null` once it has answered, and
    /// before it has the dispute.
    pub lender_days_left: Option<i64>,
    /// Whole days left until it must be resolved, negative when it is late; `null` once it is.
    pub total_days_left: Option<i64>,
    /// The leaf of this member's own log that says so first.
    pub leaf: LeafReference,
    /// At the reporting lender's end, whose loan it is by its own book; absent at the other end, and when the book does not
    /// know the client any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<DisputedClient>,
}

impl HeldDispute {
    /// Whether one of its clocks has run out.
    pub fn is_overdue(&self) -> bool {
        [self.lender_days_left, self.total_days_left].into_iter().flatten().any(|days| days < 0)
    }
}

/// An overdue dispute as the operator knows it: who is concerned, and nothing about the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalatedDispute {
    /// Names it.
    pub dispute: TransactionId,
    /// Where it was opened.
    pub opener: MemberId,
    /// The reporting lender.
    pub lender: MemberId,
    /// When it was opened.
    pub opened: UnixTime,
    /// Days since.
    pub days: i64,
    /// Who says that it is overdue: either end, or both.
    pub told_by: Vec<MemberId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_and_never_shown_by_accident() {
        let text = |text: &str| DisputeText::try_from(text.to_owned());
        assert_eq!(text("  I paid it\nin March. ").unwrap().as_str(), "I paid it\nin March.");
        for bad in ["", " \n ", "a\tb", "a\u{1b}[2J", "paid \u{202e}ton\u{202c}"] {
            assert_eq!(text(bad), Err(DisputeTextError), "{bad:?}");
        }
        assert!(text("ខ្ញុំ\u{200b}បាន\u{200b}សងហើយ").is_ok(), "Khmer parts words by what is not seen");
        assert!(text(&"k".repeat(DISPUTE_TEXT_CHARS_MAX)).is_ok());
        assert!(text(&"k".repeat(DISPUTE_TEXT_CHARS_MAX + 1)).is_err());
        assert!(!format!("{:?}", text("Sok Dara").unwrap()).contains("Sok"));
        assert!(serde_json::from_str::<DisputeText>("\"a\\u0000b\"").is_err());
    }
}
