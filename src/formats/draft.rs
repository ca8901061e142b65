//! A loan in the making: what a format understood of a row, and the checks that hold for every format.

use zeroize::Zeroizing;

use super::FormatContext;
use super::intake::{Notes, Problem};
use super::outcome::{NoteReason, RejectReason};
use crate::limits::{IDENTIFIER_BYTES_MAX, IDENTIFIERS_PER_PERSON_MAX};
use crate::model::day::Day;
use crate::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use crate::model::identifier::{Identifier, IdentifierError, SchemeId, SchemeSet};
use crate::model::loan::Loan;
use crate::model::money::{Currency, Minor};

/// Longest account, client or branch number, in bytes. CDF allows 35 characters.
const NUMBER_BYTES_MAX: usize = 128;

/// A status as a file reports it, before overdue figures have a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatusWord {
    /// The file says exactly this.
    Is(FacilityStatus),
    /// Running; whether delinquent follows from the figures.
    Active,
    /// Ended in another way than full repayment: something may be left.
    Settled,
}

/// An identifier as typed, with the field it stood in.
pub(super) struct Candidate {
    field: String,
    scheme: SchemeId,
    raw: Zeroizing<String>,
    /// Another reading, tried if the first is no identifier.
    other: Option<Zeroizing<String>>,
}

impl Candidate {
    pub(super) fn new(field: impl Into<String>, scheme: SchemeId, raw: String) -> Self {
        Self { field: field.into(), scheme, raw: raw.into(), other: None }
    }

    /// A telephone number from a country with this calling code. A number without `+` or `00` gets the code
    /// and loses a leading 0; if that is no number, it may have the code without the `+`.
    pub(super) fn phone(field: impl Into<String>, scheme: SchemeId, raw: &str, code: &str) -> Self {
        let signs: Zeroizing<String> =
            raw.chars().map(|c| super::value::ascii_digit(c).unwrap_or(c)).collect::<String>().into();
        let digits = signs.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if digits.starts_with(['+', '\u{ff0b}']) || digits.starts_with("00") {
            return Self::new(field, scheme, raw.to_owned());
        }
        let national = digits.strip_prefix('0').unwrap_or(digits);
        let other = digits.starts_with(code).then(|| format!("+{digits}").into());
        Self { field: field.into(), scheme, raw: format!("+{code}{national}").into(), other }
    }

    fn parse(&self, schemes: &SchemeSet) -> Result<Identifier, IdentifierError> {
        let first = schemes.parse(&self.scheme, &self.raw);
        match (&first, &self.other) {
            (Err(_), Some(other)) => schemes.parse(&self.scheme, other).or(first),
            _ => first,
        }
    }
}

/// What the format calls the fields that are checked against each other.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) account: String,
    pub(super) client: String,
    pub(super) branch: String,
    pub(super) as_of: String,
    pub(super) identifiers: String,
    pub(super) status: String,
    pub(super) outstanding: String,
    pub(super) overdue: String,
    pub(super) opened: String,
    pub(super) matures: String,
    pub(super) closed: String,
    pub(super) written_off_on: String,
}

/// A loan in the making. Amounts are minor units of `currency`.
pub(super) struct Draft {
    pub(super) names: std::rc::Rc<Names>,
    pub(super) account: String,
    pub(super) client: String,
    pub(super) branch: String,
    pub(super) as_of: Day,
    pub(super) identifiers: Vec<Candidate>,
    pub(super) kind: FacilityKind,
    pub(super) status: StatusWord,
    pub(super) currency: Currency,
    pub(super) disbursed: Option<Minor>,
    pub(super) outstanding: Option<Minor>,
    pub(super) overdue: Option<Minor>,
    pub(super) days_past_due: Option<u32>,
    pub(super) days_past_due_worst: Option<u32>,
    pub(super) instalment: Option<Minor>,
    pub(super) frequency: Option<Frequency>,
    pub(super) rate_yearly_basis_points: Option<u32>,
    pub(super) opened: Option<Day>,
    pub(super) matures: Option<Day>,
    pub(super) closed: Option<Day>,
    pub(super) written_off: Option<Minor>,
    pub(super) written_off_on: Option<Day>,
    pub(super) loan_cycle: Option<u16>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft(..)")
    }
}

impl Draft {
    /// Checks the loan as a whole.
    pub(super) fn finish(self, context: &FormatContext<'_>, notes: &mut Notes) -> Result<Loan, Problem> {
        self.check_numbers()?;
        self.check_days(context.today)?;
        let status = self.settle_status(notes);
        self.check_balance(status, notes)?;
        let identifiers = self.identifiers(context, notes)?;
        // A rank of days past due that is above the worst one is the worst one.
        let worst = match (self.days_past_due, self.days_past_due_worst) {
            (Some(now), Some(worst)) => Some(now.max(worst)),
            (_, worst) => worst,
        };
        let facility = Facility {
            reference: FacilityReference([0; 16]),
            kind: self.kind,
            status,
            currency: self.currency,
            disbursed: self.disbursed,
            outstanding: self.outstanding,
            overdue: self.overdue,
            days_past_due: self.days_past_due,
            days_past_due_worst: worst,
            instalment: self.instalment,
            frequency: self.frequency,
            rate_yearly_basis_points: self.rate_yearly_basis_points,
            opened: self.opened,
            matures: self.matures,
            closed: self.closed,
            written_off: self.written_off,
            written_off_on: self.written_off_on,
            loan_cycle: self.loan_cycle,
            disputed: false,
        };
        Ok(Loan {
            account: self.account,
            client: self.client,
            branch: self.branch,
            as_of: self.as_of,
            identifiers,
            facility,
        })
    }

    fn check_numbers(&self) -> Result<(), Problem> {
        let names = &self.names;
        for (text, field, wanted) in [
            (&self.account, &names.account, true),
            (&self.client, &names.client, true),
            (&self.branch, &names.branch, false),
        ] {
            if wanted && text.is_empty() {
                return Err(Problem::new(field, RejectReason::Missing));
            }
            if text.len() > NUMBER_BYTES_MAX {
                return Err(Problem::new(field, RejectReason::FieldTooLong { bytes_max: NUMBER_BYTES_MAX }));
            }
        }
        Ok(())
    }

    fn check_days(&self, today: Day) -> Result<(), Problem> {
        let names = &self.names;
        // East of Greenwich it may be tomorrow already.
        let latest = today.plus_days(1);
        let earliest = Day::from_ymd(1950, 1, 1).unwrap_or(Day::from_days(0));
        let past = [
            (Some(self.as_of), &names.as_of),
            (self.opened, &names.opened),
            (self.closed, &names.closed),
            (self.written_off_on, &names.written_off_on),
        ];
        for (day, field) in past {
            match day {
                Some(day) if day > latest => return Err(Problem::new(field, RejectReason::Future)),
                Some(day) if day < earliest => return Err(Problem::new(field, RejectReason::TooEarly)),
                _ => {}
            }
        }
        if self.matures.is_some_and(|day| day < earliest) {
            return Err(Problem::new(&names.matures, RejectReason::TooEarly));
        }
        if let Some(opened) = self.opened {
            for (day, field) in [
                (self.matures, &names.matures),
                (self.closed, &names.closed),
                (self.written_off_on, &names.written_off_on),
            ] {
                if day.is_some_and(|day| day < opened) {
                    return Err(Problem::new(
                        field,
                        RejectReason::DateOrder { than: "the day it was paid out" },
                    ));
                }
            }
        }
        Ok(())
    }

    /// A loan with something overdue is delinquent, whatever the word in the status column says.
    fn settle_status(&self, notes: &mut Notes) -> FacilityStatus {
        let late =
            self.overdue.is_some_and(|amount| amount > 0) || self.days_past_due.is_some_and(|days| days > 0);
        match self.status {
            StatusWord::Active if late => FacilityStatus::Delinquent,
            StatusWord::Active => FacilityStatus::Current,
            StatusWord::Settled => FacilityStatus::Closed,
            StatusWord::Is(FacilityStatus::Current) if late => {
                notes.push((self.names.status.clone(), NoteReason::TakenAsDelinquent));
                FacilityStatus::Delinquent
            }
            StatusWord::Is(status) => status,
        }
    }

    fn check_balance(&self, status: FacilityStatus, notes: &mut Notes) -> Result<(), Problem> {
        let field = &self.names.outstanding;
        let owed = self.outstanding;
        if status.is_active() && owed.is_none() {
            return Err(Problem::new(field, RejectReason::BalanceMissing));
        }
        if status == FacilityStatus::WrittenOff && owed.is_none() && self.written_off.is_none() {
            return Err(Problem::new(field, RejectReason::BalanceMissing));
        }
        let closed = self.status == StatusWord::Is(FacilityStatus::Closed);
        if closed && owed.is_some_and(|amount| amount > 0) {
            return Err(Problem::new(field, RejectReason::ClosedButOwed));
        }
        if let (Some(overdue), Some(owed)) = (self.overdue, owed)
            && overdue > owed
            && status.is_active()
        {
            notes.push((self.names.overdue.clone(), NoteReason::OverdueAboveBalance));
        }
        Ok(())
    }

    /// The good identifiers, each once, in the order of the row; bad ones beside a good one become notes.
    fn identifiers(
        &self,
        context: &FormatContext<'_>,
        notes: &mut Notes,
    ) -> Result<Vec<Identifier>, Problem> {
        let mut good: Vec<Identifier> = Vec::new();
        let mut bad = Vec::new();
        for candidate in &self.identifiers {
            if candidate.raw.len() > IDENTIFIER_BYTES_MAX {
                return Err(Problem::new(
                    &candidate.field,
                    RejectReason::FieldTooLong { bytes_max: IDENTIFIER_BYTES_MAX },
                ));
            }
            match candidate.parse(context.schemes) {
                Ok(identifier) if good.contains(&identifier) => {}
                Ok(identifier) => good.push(identifier),
                Err(error) => bad.push((candidate.field.clone(), error)),
            }
        }
        if good.len() > IDENTIFIERS_PER_PERSON_MAX {
            let reason = RejectReason::TooManyIdentifiers { max: IDENTIFIERS_PER_PERSON_MAX };
            return Err(Problem::new(&self.names.identifiers, reason));
        }
        if good.is_empty() {
            return Err(match bad.into_iter().next() {
                Some((field, error)) => Problem::new(field, RejectReason::Identifier(error)),
                None => Problem::new(&self.names.identifiers, RejectReason::NoIdentifier),
            });
        }
        notes.extend(bad.into_iter().map(|(field, error)| (field, NoteReason::Identifier(error))));
        Ok(good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_codes() {
        for (raw, first, other) in [
            ("012 345 678", "+85512 345 678", None),
            ("12-345-678", "+85512-345-678", None),
            ("+84 12 345", "+84 12 345", None),
            ("0084 12 345", "0084 12 345", None),
            ("០១២៣៤៥៦៧៨", "+85512345678", None),
            ("855 12 345", "+855855 12 345", Some("+855 12 345")),
        ] {
            let candidate = Candidate::phone("phone", "phone".parse().unwrap(), raw, "855");
            assert_eq!(candidate.raw.as_str(), first);
            assert_eq!(candidate.other.as_ref().map(|other| other.as_str()), other);
        }
    }
}
