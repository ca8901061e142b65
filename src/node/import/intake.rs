//! The first pass: rows are understood, compared with the book, counted for the guard, and laid aside.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use super::outcome::{OutcomeNote, OutcomeReject, Report, UnderstoodLoan};
use super::{ImportError, ImportPhase, ImportProgress};
use crate::book::{
    Book, BookError, Compared, LoadFigure, LoadStage, LoanKey, NotClosed, StoredReject, Upserted,
};
use crate::digest::Digest;
use crate::formats::{NoteReason, Reject, RejectReason, RowOutcome, Summary};
use crate::limits::{
    DRY_RUN_ROWS_MAX, IMPORT_BRANCHES_MAX, IMPORT_BYTES_MAX, LOAD_PAGE_BYTES_MAX, LOAD_PAGE_LOANS,
    OUTCOME_LINES_MAX, REJECTS_KEPT_BYTES_MAX, REJECTS_KEPT_MAX,
};
use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::facility::FacilityStatus;
use crate::model::identifier::SchemeId;
use crate::model::loan::Loan;
use crate::model::money::{Currency, Minor};
use crate::model::policy::Policy;
use crate::node::Node;
use crate::node::guard::GuardFigures;

/// Rows between two calls of the caller's progress.
const ROWS_PER_PROGRESS: u64 = 500;

/// What the two ends of a file that is being read tell each other.
#[derive(Debug, Default)]
pub(super) struct Meter {
    bytes: Cell<u64>,
    stop: Cell<bool>,
}

/// The file: counts its bytes and hashes them while they are read.
pub(super) struct Source<'a> {
    inner: &'a mut dyn io::Read,
    hash: Sha256,
    meter: Rc<Meter>,
}

impl<'a> Source<'a> {
    pub(super) fn new(inner: &'a mut dyn io::Read) -> Self {
        Self { inner, hash: Sha256::new(), meter: Rc::default() }
    }

    pub(super) fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }

    /// Reads what a parser left, for the hash is that of the whole file.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        while self.meter.bytes.get() <= IMPORT_BYTES_MAX && io::Read::read(self, &mut buffer)? > 0 {}
        Ok(())
    }

    pub(super) fn digest(self) -> Digest {
        Digest(self.hash.finalize().into())
    }
}

impl io::Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.meter.stop.get() {
            return Err(io::Error::other("the load was given up"));
        }
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.meter.bytes.set(self.meter.bytes.get() + read as u64);
        Ok(read)
    }
}

/// What a file came to.
#[derive(Debug, Default)]
pub(super) struct FileRead {
    /// SHA-256 of the file.
    pub(super) digest: [u8; 32],
    pub(super) good: u64,
    pub(super) rejected: u64,
    pub(super) skipped: u64,
    /// Pages laid aside.
    pub(super) pages: u64,
    /// What its rows would change.
    pub(super) changes: Upserted,
    pub(super) report: Report,
    /// Whether the file was read to its own end.
    complete: bool,
    /// Keys of its loans, in order.
    named: Vec<LoanKey>,
    /// Running loans of the book that it names as closed.
    closing: u64,
    /// By how much it changes what is outstanding, by currency.
    deltas: BTreeMap<Currency, i128>,
    /// Balances of its running loans, in order.
    balances: BTreeMap<Currency, Vec<Minor>>,
    /// Its branches, with the latest day of their figures.
    branches: BTreeMap<String, Day>,
    /// Whether it has more branches than are kept.
    branches_more: bool,
    as_of: Option<Day>,
}

impl FileRead {
    /// Latest day of the figures.
    pub(super) fn as_of(&self) -> Option<Day> {
        self.as_of
    }

    fn medians(&self) -> BTreeMap<Currency, Minor> {
        let lower_middle =
            |balances: &Vec<Minor>| balances.get(balances.len().saturating_sub(1) / 2).copied();
        self.balances.iter().filter_map(|(currency, all)| Some((*currency, lower_middle(all)?))).collect()
    }

    /// The figures of its running loans.
    pub(super) fn figures(&self, policy: &Policy) -> Vec<LoadFigure> {
        let medians = self.medians();
        let figure = |(currency, balances): (&Currency, &Vec<Minor>)| {
            let amount = |minor: i128| Amount::from_minor(minor, policy.exponent(*currency).unwrap_or(0));
            LoadFigure {
                currency: *currency,
                loans: balances.len() as u64,
                outstanding: amount(balances.iter().map(|balance| i128::from(*balance)).sum()),
                median: amount(i128::from(medians.get(currency).copied().unwrap_or(0))),
            }
        };
        self.balances.iter().map(figure).collect()
    }

    /// The branches of which it is the full portfolio, or why it closes nothing.
    pub(super) fn closing(&self) -> Result<BTreeMap<String, Day>, NotClosed> {
        if self.rejected > 0 {
            return Err(NotClosed::Rejected { rows: self.rejected });
        }
        if !self.complete {
            return Err(NotClosed::Cut);
        }
        if self.branches_more {
            return Err(NotClosed::Branches { max: IMPORT_BRANCHES_MAX as u64 });
        }
        Ok(self.branches.clone())
    }

    /// What the guard judges, and how many loans would be closed for being absent.
    pub(super) fn weigh(
        &self,
        book: &Book,
        stage: &LoadStage,
        last: Option<(u64, Day)>,
    ) -> Result<(GuardFigures, u64), BookError> {
        let mut guard =
            GuardFigures { medians: self.medians(), as_of: self.as_of, last, ..Default::default() };
        let mut missing = 0;
        for (currency, delta) in &self.deltas {
            guard.totals.insert(*currency, (0, *delta));
        }
        book.for_each(|key, loan| {
            if !loan.facility.status.is_active() {
                return;
            }
            let is_named = self.named.binary_search(key).is_ok();
            let outstanding = i128::from(loan.facility.outstanding.unwrap_or(0));
            let (before, after) = guard.totals.entry(loan.facility.currency).or_default();
            *before += outstanding;
            *after += outstanding;
            if !is_named && stage.closes(loan).is_some() {
                *after -= outstanding;
                missing += 1;
            }
            if is_named || self.branches.contains_key(&loan.branch) {
                guard.active += 1;
            }
        })?;
        guard.closing = self.closing + missing;
        Ok((guard, missing))
    }
}

/// The first pass over the rows of one file.
pub(super) struct Intake<'a> {
    node: &'a Node,
    policy: &'a Policy,
    /// The load under which rows are laid aside; none when nothing is to be written.
    load: Option<u64>,
    shown_max: usize,
    meter: Rc<Meter>,
    progress: &'a mut dyn FnMut(ImportProgress),
    page: Vec<Loan>,
    page_bytes: usize,
    rejects: Vec<StoredReject>,
    rejects_bytes: usize,
    rejects_kept: u64,
    rejects_kept_bytes: usize,
    rows: u64,
    read: FileRead,
    trouble: Option<ImportError>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        node: &'a Node,
        policy: &'a Policy,
        load: Option<u64>,
        shown: Option<usize>,
        meter: Rc<Meter>,
        progress: &'a mut dyn FnMut(ImportProgress),
    ) -> Self {
        Self {
            node,
            policy,
            load,
            shown_max: shown.unwrap_or(0).min(DRY_RUN_ROWS_MAX),
            meter,
            progress,
            page: Vec::new(),
            page_bytes: 0,
            rejects: Vec::new(),
            rejects_bytes: 0,
            rejects_kept: 0,
            rejects_kept_bytes: 0,
            rows: 0,
            read: FileRead::default(),
            trouble: None,
        }
    }

    /// Takes what the parser hands out. After trouble of our own nothing more is taken, and the file breaks off.
    pub(super) fn take(&mut self, outcome: RowOutcome) {
        if self.trouble.is_some() {
            return;
        }
        let taken = match outcome {
            RowOutcome::Good { line, loan } => self.good(line, loan),
            RowOutcome::Rejected(reject) => self.rejected(reject),
            RowOutcome::Skipped { .. } => {
                self.read.skipped += 1;
                self.counted();
                Ok(())
            }
            RowOutcome::Note(note) => {
                self.note(note.line, note.field, note.reason);
                Ok(())
            }
        };
        if let Err(error) = taken {
            self.trouble = Some(error);
            self.meter.stop.set(true);
        }
    }

    fn good(&mut self, line: u64, mut loan: Loan) -> Result<(), ImportError> {
        let accepted = &self.policy.identifiers.accepted;
        if !loan.identifiers.iter().all(|identifier| accepted.contains(identifier.scheme())) {
            let left_out: Vec<SchemeId> = loan.identifiers.iter().map(|i| i.scheme().clone()).collect();
            loan.identifiers.retain(|identifier| accepted.contains(identifier.scheme()));
            if loan.identifiers.is_empty() {
                return self.nobody(line, &left_out, &loan);
            }
            for scheme in left_out.iter().filter(|scheme| !accepted.contains(scheme)) {
                self.note(line, scheme.to_string(), NoteReason::SchemeNotUsed);
            }
        }
        self.read.good += 1;
        if self.read.report.rows.len() < self.shown_max {
            self.read.report.rows.push(UnderstoodLoan::of(line, &loan, self.policy));
        }
        self.measure(&loan);
        self.page_bytes += size_of_loan(&loan);
        self.page.push(loan);
        if self.page.len() >= LOAD_PAGE_LOANS || self.page_bytes >= LOAD_PAGE_BYTES_MAX {
            self.lay_aside()?;
        }
        self.counted();
        Ok(())
    }

    /// A row whose identifiers are all of schemes that the network does not use.
    fn nobody(&mut self, line: u64, schemes: &[SchemeId], loan: &Loan) -> Result<(), ImportError> {
        let field = schemes.first().map_or_else(String::new, SchemeId::to_string);
        let used: Vec<&str> = self.policy.identifiers.accepted.iter().map(SchemeId::as_str).collect();
        let used = used.join(", ");
        let fault = RejectReason::SchemesNotUsed { used };
        let row = format!("account {}, client {}", loan.account, loan.client);
        self.reject(StoredReject { line, field, reason: fault.to_string(), row, fault: Some(fault) })
    }

    fn rejected(&mut self, reject: Reject) -> Result<(), ImportError> {
        let row = String::from_utf8_lossy(reject.row.expose()).into_owned();
        let reason = reject.reason.to_string();
        let fault = Some(reject.reason);
        self.reject(StoredReject { line: reject.line, field: reject.field, reason, row, fault })
    }

    fn reject(&mut self, mut reject: StoredReject) -> Result<(), ImportError> {
        self.read.rejected += 1;
        let told = &mut self.read.report.rejects;
        if told.len() < OUTCOME_LINES_MAX {
            let (field, reason) = (reject.field.clone(), reject.reason.clone());
            told.push(OutcomeReject { line: reject.line, field, reason, fault: reject.fault.clone() });
        }
        let kept = self.rejects_kept + self.rejects.len() as u64;
        if self.load.is_some() && kept < REJECTS_KEPT_MAX as u64 {
            if self.rejects_kept_bytes + reject.row.len() > REJECTS_KEPT_BYTES_MAX {
                reject.row.clear();
            }
            self.rejects_kept_bytes += reject.row.len();
            self.rejects_bytes += reject.row.len();
            self.rejects.push(reject);
            if self.rejects.len() >= LOAD_PAGE_LOANS || self.rejects_bytes >= LOAD_PAGE_BYTES_MAX {
                self.keep_rejects()?;
            }
        }
        self.counted();
        Ok(())
    }

    fn note(&mut self, line: u64, field: String, reason: NoteReason) {
        self.read.report.notes_count += 1;
        let notes = &mut self.read.report.notes;
        if notes.len() < OUTCOME_LINES_MAX {
            notes.push(OutcomeNote { line, field, note: reason.to_string(), reason });
        }
    }

    /// What of a loan can be told without the book.
    fn measure(&mut self, loan: &Loan) {
        let read = &mut self.read;
        if let (true, Some(balance)) = (loan.facility.status.is_active(), loan.facility.outstanding) {
            read.balances.entry(loan.facility.currency).or_default().push(balance);
        }
        read.as_of = read.as_of.max(Some(loan.as_of));
        if let Some(day) = read.branches.get_mut(&loan.branch) {
            *day = loan.as_of.max(*day);
        } else if read.branches.len() < IMPORT_BRANCHES_MAX {
            read.branches.insert(loan.branch.clone(), loan.as_of);
        } else {
            read.branches_more = true;
        }
    }

    /// Compares a page with the book, and lays it aside.
    fn lay_aside(&mut self) -> Result<(), ImportError> {
        let mut page = std::mem::take(&mut self.page);
        self.page_bytes = 0;
        let read = &mut self.read;
        let compared = self.node.book.compare(&mut page)?;
        for (loan, (key, compared)) in page.iter().zip(compared) {
            compared.count(&mut read.changes);
            read.named.push(key);
            if compared.is_change() {
                weigh_change(read, loan, &compared);
            }
        }
        if let Some(load) = self.load {
            self.node.book.hold(load, read.pages, &page, &*self.node.entropy)?;
        }
        read.pages += 1;
        Ok(())
    }

    fn keep_rejects(&mut self) -> Result<(), ImportError> {
        let rejects: Vec<StoredReject> = std::mem::take(&mut self.rejects);
        self.rejects_bytes = 0;
        let Some(load) = self.load else { return Ok(()) };
        self.node.book.put_rejects(load, self.rejects_kept, &rejects, &*self.node.entropy)?;
        self.rejects_kept += rejects.len() as u64;
        Ok(())
    }

    fn counted(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_PER_PROGRESS) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        (self.progress)(ImportProgress {
            phase: ImportPhase::Reading,
            bytes: self.meter.bytes.get(),
            rows: self.rows,
            rows_of: None,
            rejected: self.read.rejected,
        });
    }

    /// Trouble of our own, if there was any.
    pub(super) fn trouble(&mut self) -> Result<(), ImportError> {
        self.trouble.take().map_or(Ok(()), Err)
    }

    /// Lays the rest aside and closes the count.
    pub(super) fn finish(mut self, summary: &Summary, digest: Digest) -> Result<FileRead, ImportError> {
        if !self.page.is_empty() {
            self.lay_aside()?;
        }
        if !self.rejects.is_empty() {
            self.keep_rejects()?;
        }
        self.tell();
        let mut read = self.read;
        read.digest = digest.0;
        read.complete = summary.complete;
        read.report.findings.clone_from(&summary.findings);
        read.named.sort_unstable();
        read.balances.values_mut().for_each(|balances| balances.sort_unstable());
        Ok(read)
    }
}

/// Adds what a changed loan does to the guard's figures.
fn weigh_change(read: &mut FileRead, loan: &Loan, compared: &Compared) {
    let running = |loan: &Loan| {
        let owed = i128::from(loan.facility.outstanding.unwrap_or(0));
        loan.facility.status.is_active().then_some((loan.facility.currency, owed))
    };
    let before = compared.before().and_then(running);
    if let Some((currency, owed)) = before {
        *read.deltas.entry(currency).or_default() -= owed;
        read.closing += u64::from(loan.facility.status == FacilityStatus::Closed);
    }
    if let Some((currency, owed)) = running(loan) {
        *read.deltas.entry(currency).or_default() += owed;
    }
}

/// About what a loan takes up in a page.
fn size_of_loan(loan: &Loan) -> usize {
    const FIGURES: usize = 200;
    let identifiers = loan.identifiers.iter().map(|i| i.scheme().as_str().len() + i.value().len() + 4);
    FIGURES + loan.account.len() + loan.client.len() + loan.branch.len() + identifiers.sum::<usize>()
}
