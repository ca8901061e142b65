//! The importer: a lender's loan book out of a file into the node's own book.
//!
//! A file is read twice over, as it were: first every good row is understood, compared with the book and laid aside,
//! encrypted, while nothing of the book changes; then the guard judges the figures of the whole; then the rows go into
//! the book page by page, each page one synced write with the load's progress in it. A load that was interrupted while
//! the file was read is as if it had never begun; one that was interrupted later goes on by itself, at the node's next
//! start ([`Node::finish_loads`]) or before the next load, from the rows that were laid aside. So a killed import is
//! simply run again: nothing is lost, and nothing doubled.
//!
//! One load runs at a time; inquiries, publishing and everything else go on beside it.

mod apply;
mod decide;
mod intake;
mod outcome;

use std::io::Read;

pub use decide::LoadDecisionRecord;
pub use outcome::{ImportOutcome, MaskedIdentifier, OutcomeNote, OutcomeReject, UnderstoodLoan};

use super::Node;
use super::guard::judge;
use crate::book::{BookError, Load, LoadEntry, LoadState, Upserted};
use crate::digest::Digest;
use crate::formats::{self, Format, FormatContext, FormatError, Mapping};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::leaf::LoadDecision;
use crate::model::money::Currency;
use crate::model::person_name::NotAName;
use crate::store::StoreError;
use intake::{FileRead, Intake, Source};

/// What is loaded, and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Form of the file.
    pub format: Format,
    /// The lender's own columns and words; the built-in ones when none.
    pub mapping: Option<Mapping>,
    /// Name of the file, for people. A folder in front is left out.
    pub file_name: String,
    /// Whether the file holds every loan of the branches in it, so that what it leaves out has ended.
    pub full_portfolio: bool,
    /// Show that many rows as understood, and the report, and write nothing.
    pub dry_run: Option<usize>,
    /// Currency of rows that name none.
    pub default_currency: Option<Currency>,
    /// Branch of rows that name none.
    pub default_branch: Option<String>,
    /// The day of the figures, for files that do not say.
    pub as_of: Option<Day>,
}

impl ImportOptions {
    /// A plain load of a file in a form, with nothing else said.
    pub fn new(format: Format, file_name: impl Into<String>) -> Self {
        Self {
            format,
            mapping: None,
            file_name: file_name.into(),
            full_portfolio: false,
            dry_run: None,
            default_currency: None,
            default_branch: None,
            as_of: None,
        }
    }
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportPhase {
    /// Reading the file and comparing it with the book.
    Reading,
    /// Taking its rows into the book.
    Loading,
    /// Closing what the full portfolio leaves out.
    Closing,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ImportProgress {
    /// What it is doing.
    pub phase: ImportPhase,
    /// Bytes of the file read.
    pub bytes: u64,
    /// Rows read, or in the phase of loading: rows that are in the book.
    pub rows: u64,
    /// In the phase of loading: rows to come in all.
    pub rows_of: Option<u64>,
    /// Rows rejected.
    pub rejected: u64,
}

/// Why a load did not come about. A load that is held is no error.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not what it should be: the clerk's to mend.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The book, or the state of the load.
    #[error(transparent)]
    Book(#[from] BookError),
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Another load is running.
    #[error("another load is running: wait until it has ended")]
    Busy,
    /// The roster does not have this member as a lender.
    #[error("the roster does not list this member as a lender: ask the operator for the role")]
    NotALender,
    /// Nobody was named.
    #[error("name the person who decides: {0}")]
    Nobody(#[from] NotAName),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl Node {
    /// Loads a file into the book, or shows how it is understood. Blocks until it has ended; `progress` is called from
    /// time to time.
    ///
    /// What the guard holds is an outcome too ([`ImportOutcome::held_for`]). The same file once more changes nothing
    /// ([`ImportOutcome::same_as`]).
    pub fn import(
        &self,
        source: &mut dyn Read,
        options: &ImportOptions,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<ImportOutcome, ImportError> {
        if !self.is_lender() {
            return Err(ImportError::NotALender);
        }
        if options.dry_run.is_some() {
            let (read, number) = (self.read_file(source, options, None, progress)?, self.book.next_load()?);
            let entry = self.entry_of(&read, options, number)?;
            let mut outcome = ImportOutcome::of(entry.load, read.report);
            outcome.dry_run = true;
            outcome.held_for = std::mem::take(&mut outcome.load.held_for);
            outcome.same_as = self.same_as(&outcome.load)?;
            return Ok(outcome);
        }
        // What is decided about a load is logged: better said before the file is read.
        if self.log.is_held() {
            return Err(LogError::Held.into());
        }
        let _loading = self.book.loading().ok_or(ImportError::Busy)?;
        let finished = self.finish_interrupted(progress)?;
        let begun = self.begin_load(options)?.load;
        let number = begun.number;
        match self.load_file(source, options, &begun, progress) {
            Ok(mut outcome) => {
                // The file of a load that had been interrupted: this is that load's own outcome.
                if outcome.same_as.is_some_and(|same| finished.contains(&same)) {
                    outcome.same_as = None;
                }
                outcome.finished = finished;
                Ok(outcome)
            }
            Err(error) => {
                // Nothing came into the book unless the load is past its reading. A store that has failed drops it
                // when it is opened anew.
                if self.book.load_entry(number).is_ok_and(|entry| entry.load.state == LoadState::Reading) {
                    let _ = self.book.drop_load(number);
                }
                Err(error)
            }
        }
    }

    fn load_file(
        &self,
        source: &mut dyn Read,
        options: &ImportOptions,
        begun: &Load,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<ImportOutcome, ImportError> {
        let number = begun.number;
        let read = self.read_file(source, options, Some(number), progress)?;
        let mut entry = self.entry_of(&read, options, number)?;
        entry.load.time = begun.time;
        if let Some(same) = self.same_as(&entry.load)?
            && read.changes.is_nothing()
        {
            self.book.drop_load(number)?;
            let mut outcome = ImportOutcome::of(self.book.load_entry(same)?.load, read.report);
            outcome.same_as = Some(same);
            return Ok(outcome);
        }
        if !entry.load.held_for.is_empty() {
            entry.load.state = LoadState::Held;
            let entry = self.decide(entry, LoadDecision::Held, false)?;
            let mut outcome = ImportOutcome::of(entry.load, read.report);
            outcome.held_for.clone_from(&outcome.load.held_for);
            return Ok(outcome);
        }
        entry.load.state = LoadState::Loading;
        if entry.load.changes.closed == 0 {
            // No other load has come in between, so the book need not be searched for missing loans again.
            entry.stage.closing.clear();
        }
        entry.load.changes = Upserted::default();
        self.book.put_load(&entry, &*self.entropy)?;
        let entry = self.apply(entry, progress)?;
        Ok(ImportOutcome::of(entry.load, read.report))
    }

    /// Reads the file; with the number of a load, lays its loans aside under it.
    fn read_file(
        &self,
        source: &mut dyn Read,
        options: &ImportOptions,
        load: Option<u64>,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<FileRead, ImportError> {
        let roster = self.roster();
        let schemes = self.schemes();
        let pinned = &roster.policy().currencies.pinned;
        let exponents = pinned.iter().map(|(currency, pinned)| (*currency, pinned.exponent)).collect();
        let context = FormatContext {
            schemes: &schemes,
            exponents: &exponents,
            today: Day::of(self.clock.now()),
            default_currency: options.default_currency,
            default_branch: options.default_branch.clone(),
            as_of: options.as_of,
        };
        let mut source = Source::new(source);
        let mut intake = Intake::new(self, roster.policy(), load, options.dry_run, source.meter(), progress);
        let summary =
            formats::read(options.format, options.mapping.as_ref(), &mut source, &context, &mut |row| {
                intake.take(row);
            });
        // Trouble of our own looks to the parser like a file that breaks off.
        intake.trouble()?;
        let summary = summary?;
        source.drain().map_err(FormatError::Io)?;
        intake.finish(&summary, source.digest())
    }

    /// The load as it is after reading: its figures, what it would change, and what the guard says.
    fn entry_of(
        &self,
        read: &FileRead,
        options: &ImportOptions,
        number: u64,
    ) -> Result<LoadEntry, ImportError> {
        let mut entry = self.blank(options, number);
        let load = &mut entry.load;
        load.digest = Digest(read.digest);
        load.good = read.good;
        load.rejected = read.rejected;
        load.skipped = read.skipped;
        load.as_of = read.as_of();
        load.figures = read.figures(self.roster().policy());
        entry.stage.pages = read.pages;
        if options.full_portfolio {
            match read.closing() {
                Ok(closing) => entry.stage.closing = closing,
                Err(why) => {
                    load.not_closed = Some(why.to_string());
                    load.not_closed_for = Some(why);
                }
            }
        }
        let last = self.last_load()?;
        let (guard, closed) = read.weigh(&self.book, &entry.stage, last)?;
        entry.load.changes = read.changes;
        entry.load.changes.closed = closed;
        entry.load.hold_reasons = judge(&guard, self.roster().policy());
        entry.load.held_for = entry.load.hold_reasons.iter().map(ToString::to_string).collect();
        Ok(entry)
    }
}
