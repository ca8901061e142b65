//! What an import says in the end: figures, rejects and notes for the clerk, with no personal data beyond what the
//! clerk's own terminal needs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::book::Load;
use crate::formats::{Finding, NoteReason, RejectReason};
use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::facility::{Facility, FacilityKind, FacilityStatus, Frequency};
use crate::model::identifier::Identifier;
use crate::model::loan::Loan;
use crate::model::money::Currency;
use crate::model::policy::Policy;

/// The outcome of an import.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ImportOutcome {
    /// The load: where it stands, and its counts. In a dry run: what it would be.
    pub load: Load,
    /// Whether nothing was written because only a look was asked for.
    pub dry_run: bool,
    /// The first rows as understood, in a dry run.
    pub rows: Vec<UnderstoodLoan>,
    /// The first rejected rows; [`Load::rejected`] counts all.
    pub rejects: Vec<OutcomeReject>,
    /// The first notes about rows that were kept.
    pub notes: Vec<OutcomeNote>,
    /// Number of notes.
    pub notes_count: u64,
    /// About the file as a whole.
    pub findings: Vec<String>,
    /// The same as data, for readers of other languages.
    #[serde(skip)]
    pub found: Vec<Finding>,
    /// Why the load is held, or in a dry run would be; empty when it is not.
    pub held_for: Vec<String>,
    /// The load that took in this very file before. Outside a dry run: nothing was changed, and [`Self::load`] is that
    /// load.
    pub same_as: Option<u64>,
    /// Loads that had been interrupted, and were finished first.
    pub finished: Vec<u64>,
}

/// A rejected row, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutcomeReject {
    /// Line of the file, from 1.
    pub line: u64,
    /// Field.
    pub field: String,
    /// What is wrong and the way out.
    pub reason: String,
    /// The same as data, for readers of other languages.
    #[serde(skip)]
    pub fault: Option<RejectReason>,
}

/// A note about a row that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutcomeNote {
    /// Line of the file, from 1.
    pub line: u64,
    /// Field.
    pub field: String,
    /// What there is to know.
    pub note: String,
    /// The same as data, for readers of other languages.
    #[serde(skip)]
    pub reason: NoteReason,
}

/// An identifier of which only the end is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MaskedIdentifier {
    /// Scheme.
    pub scheme: String,
    /// Stars, and the last two characters of the canonical value.
    pub value: String,
}

impl MaskedIdentifier {
    /// Masks an identifier. Short ones are masked whole: two characters of four would be half of them.
    pub fn of(identifier: &Identifier) -> Self {
        let characters: Vec<char> = identifier.value().chars().collect();
        let shown = if characters.len() > 4 { 2 } else { 0 };
        let (hidden, end) = characters.split_at(characters.len() - shown);
        let value = "*".repeat(hidden.len()) + &end.iter().collect::<String>();
        Self { scheme: identifier.scheme().to_string(), value }
    }
}

/// A row as it was understood. Amounts in major units; what is not reported is null.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnderstoodLoan {
    /// Line of the file, from 1.
    pub line: u64,
    /// Account number.
    pub account: String,
    /// Client number.
    pub client: String,
    /// Branch.
    pub branch: String,
    /// The day of the figures.
    pub as_of: Day,
    /// Identifiers, masked.
    pub identifiers: Vec<MaskedIdentifier>,
    /// In what capacity the client owes.
    pub kind: FacilityKind,
    /// Where it stands.
    pub status: FacilityStatus,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Amount paid out.
    pub disbursed: Option<Amount>,
    /// Still owed.
    pub outstanding: Option<Amount>,
    /// Past its due date.
    pub overdue: Option<Amount>,
    /// Days past due.
    pub days_past_due: Option<u32>,
    /// The worst of them.
    pub days_past_due_worst: Option<u32>,
    /// One instalment.
    pub instalment: Option<Amount>,
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
    pub written_off: Option<Amount>,
    /// When it was written off.
    pub written_off_on: Option<Day>,
    /// The how-manieth loan of the client.
    pub loan_cycle: Option<u16>,
}

impl UnderstoodLoan {
    pub(super) fn of(line: u64, loan: &Loan, policy: &Policy) -> Self {
        let facility: &Facility = &loan.facility;
        let exponent = policy.exponent(facility.currency).unwrap_or(0);
        let amount = |minor: Option<i64>| minor.map(|minor| Amount::from_minor(i128::from(minor), exponent));
        Self {
            line,
            account: loan.account.clone(),
            client: loan.client.clone(),
            branch: loan.branch.clone(),
            as_of: loan.as_of,
            identifiers: loan.identifiers.iter().map(MaskedIdentifier::of).collect(),
            kind: facility.kind,
            status: facility.status,
            currency: facility.currency,
            disbursed: amount(facility.disbursed),
            outstanding: amount(facility.outstanding),
            overdue: amount(facility.overdue),
            days_past_due: facility.days_past_due,
            days_past_due_worst: facility.days_past_due_worst,
            instalment: amount(facility.instalment),
            frequency: facility.frequency,
            rate_yearly_basis_points: facility.rate_yearly_basis_points,
            opened: facility.opened,
            matures: facility.matures,
            closed: facility.closed,
            written_off: amount(facility.written_off),
            written_off_on: facility.written_off_on,
            loan_cycle: facility.loan_cycle,
        }
    }
}

/// What reading a file had to say, beside its figures.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) rows: Vec<UnderstoodLoan>,
    pub(super) rejects: Vec<OutcomeReject>,
    pub(super) notes: Vec<OutcomeNote>,
    pub(super) notes_count: u64,
    pub(super) findings: Vec<Finding>,
}

impl ImportOutcome {
    pub(super) fn of(load: Load, report: Report) -> Self {
        let Report { rows, rejects, notes, notes_count, findings } = report;
        Self {
            load,
            dry_run: false,
            rows,
            rejects,
            notes,
            notes_count,
            findings: findings.iter().map(ToString::to_string).collect(),
            found: findings,
            held_for: Vec::new(),
            same_as: None,
            finished: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identifier::SchemeSet;

    #[test]
    fn only_the_end_of_an_identifier_is_shown() {
        let schemes = SchemeSet::default();
        for (pair, shown) in [("kh-nid:012 345 678", "*******78"), ("phone:+85512345678", "**********78")] {
            let identifier = Identifier::parse_pair(pair, &schemes).unwrap();
            assert_eq!(MaskedIdentifier::of(&identifier).value, shown);
        }
    }
}
