//! Where every format delivers its rows: counts them, refuses doubles, and hands them to the caller.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest as _, Sha256};

use super::outcome::{Finding, Note, NoteReason, Reject, RejectReason, RowOutcome, SkipReason, Summary};
use super::{FormatContext, draft::Draft};
use crate::limits::IMPORT_BRANCHES_MAX;
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::loan::Loan;
use crate::secret::SecretVec;

/// What is wrong with a row, before its line is known.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) field: String,
    pub(super) reason: RejectReason,
}

impl Problem {
    pub(super) fn new(field: impl Into<String>, reason: RejectReason) -> Self {
        Self { field: field.into(), reason }
    }
}

/// Names the field at which a value was not understood.
pub(super) trait At<T> {
    fn at(self, field: &str) -> Result<T, Problem>;
}

impl<T> At<T> for Result<T, RejectReason> {
    fn at(self, field: &str) -> Result<T, Problem> {
        self.map_err(|reason| Problem::new(field, reason))
    }
}

/// What a row turned out to be.
#[derive(Debug)]
pub(super) enum Understood {
    Draft(Box<Draft>),
    Skip(SkipReason),
}

/// Notes of a row, collected while it is understood.
pub(super) type Notes = Vec<(String, NoteReason)>;

/// The delivery of one file.
pub(super) struct Intake<'a, 'c> {
    pub(super) context: &'a FormatContext<'c>,
    pub(super) summary: Summary,
    sink: &'a mut dyn FnMut(RowOutcome),
    /// Digest of each account key, and its line. Sixteen bytes of SHA-256 cannot collide by accident, and
    /// account numbers stay out of memory.
    seen: HashMap<[u8; 16], u64>,
    /// What is owed on running loans, for the medians.
    balances: std::collections::BTreeMap<crate::model::money::Currency, Vec<i64>>,
}

impl<'a, 'c> Intake<'a, 'c> {
    pub(super) fn new(context: &'a FormatContext<'c>, sink: &'a mut dyn FnMut(RowOutcome)) -> Self {
        Self {
            context,
            summary: Summary::default(),
            sink,
            seen: HashMap::new(),
            balances: std::collections::BTreeMap::new(),
        }
    }

    /// Takes one row of data: whatever it is, it is counted once and handed out once.
    pub(super) fn row(
        &mut self,
        line: u64,
        account: Option<&str>,
        understood: Result<Understood, Problem>,
        mut notes: Notes,
        raw: impl FnOnce() -> Vec<u8>,
    ) {
        self.summary.rows += 1;
        let settled = match understood {
            Ok(Understood::Skip(reason)) => {
                self.notes(line, notes);
                *self.summary.skipped.entry(reason).or_default() += 1;
                (self.sink)(RowOutcome::Skipped { line, reason });
                return;
            }
            Ok(Understood::Draft(draft)) => {
                let account_field = draft.names.account.clone();
                draft.finish(self.context, &mut notes).and_then(|loan| self.first(line, &account_field, loan))
            }
            Err(problem) => Err(problem),
        };
        match settled {
            Ok(loan) => {
                self.notes(line, notes);
                self.count(&loan);
                (self.sink)(RowOutcome::Good { line, loan });
            }
            Err(Problem { field, reason }) => {
                self.summary.rejected += 1;
                let account = account.filter(|account| !account.is_empty()).map(str::to_owned);
                self.summary.rejected_without_account += u64::from(account.is_none());
                let row = SecretVec::new(raw());
                let record = self.summary.rows;
                (self.sink)(RowOutcome::Rejected(Reject { line, record, field, reason, account, row }));
            }
        }
    }

    /// Hands out something about the file or about a place that is no row of data.
    pub(super) fn note(&mut self, line: u64, field: impl Into<String>, reason: NoteReason) {
        self.summary.notes += 1;
        (self.sink)(RowOutcome::Note(Note { line, field: field.into(), reason }));
    }

    fn notes(&mut self, line: u64, notes: Notes) {
        for (field, reason) in notes {
            self.note(line, field, reason);
        }
    }

    /// Says something about the file as a whole, once.
    pub(super) fn finding(&mut self, finding: Finding) {
        if !self.summary.findings.contains(&finding) {
            self.summary.findings.push(finding);
        }
    }

    /// Refuses a loan that stands in the file already. A loan to a group stands once for each of its members,
    /// and a guarantor's row bears the borrower's account: those are told apart by client.
    fn first(&mut self, line: u64, account_field: &str, loan: Loan) -> Result<Loan, Problem> {
        let mut digest = Sha256::new();
        let kind: u8 = match loan.facility.kind {
            FacilityKind::Individual | FacilityKind::GroupMember => 0,
            FacilityKind::Group => 1,
            FacilityKind::Guarantor => 2,
        };
        digest.update([kind]);
        digest.update(loan.account.as_bytes());
        if kind != 0 {
            digest.update([0]);
            digest.update(loan.client.as_bytes());
        }
        let digest = digest.finalize();
        let mut key = [0u8; 16];
        key.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        match self.seen.entry(key) {
            Entry::Occupied(first) => {
                Err(Problem::new(account_field, RejectReason::Duplicate { first_line: *first.get() }))
            }
            Entry::Vacant(place) => {
                place.insert(line);
                Ok(loan)
            }
        }
    }

    fn count(&mut self, loan: &Loan) {
        let summary = &mut self.summary;
        summary.good += 1;
        let facility = &loan.facility;
        match facility.status {
            FacilityStatus::Closed => summary.closed += 1,
            FacilityStatus::WrittenOff => summary.written_off += 1,
            FacilityStatus::Current | FacilityStatus::Delinquent | FacilityStatus::Restructured => {
                summary.active += 1;
            }
        }
        let totals = summary.totals.entry(facility.currency).or_default();
        totals.loans += 1;
        totals.disbursed += i128::from(facility.disbursed.unwrap_or(0));
        totals.outstanding += i128::from(facility.outstanding.unwrap_or(0));
        totals.overdue += i128::from(facility.overdue.unwrap_or(0));
        if let (true, Some(balance)) = (facility.status.is_active(), facility.outstanding) {
            self.balances.entry(facility.currency).or_default().push(balance);
        }
        let as_of = &mut summary.figures.as_of;
        *as_of =
            Some(as_of.map_or((loan.as_of, loan.as_of), |(first, last)| {
                (first.min(loan.as_of), last.max(loan.as_of))
            }));
        let branches = &mut summary.figures.branches;
        if branches.len() < IMPORT_BRANCHES_MAX && !branches.contains(&loan.branch) {
            branches.insert(loan.branch.clone());
        }
    }

    /// Closes the count. `complete` says whether the file was read to its own end.
    pub(super) fn finish(mut self, complete: bool) -> Summary {
        if self.summary.rows == 0 {
            self.finding(Finding::Empty);
        }
        self.summary.complete = complete && self.summary.rows > 0;
        self.summary.figures.rows = self.summary.rows;
        for (currency, mut balances) in self.balances {
            let middle = balances.len().saturating_sub(1) / 2;
            let median = if balances.is_empty() { 0 } else { *balances.select_nth_unstable(middle).1 };
            let figures = self.summary.figures.currencies.entry(currency).or_default();
            figures.count = u64::try_from(balances.len()).unwrap_or(u64::MAX);
            figures.outstanding = balances.iter().map(|balance| i128::from(*balance)).sum();
            figures.median = median;
        }
        self.summary
    }
}
