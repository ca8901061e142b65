//! What comes out of a file: loans, rejects, notes, findings about the file, and the figures of the load.

use std::fmt;

use crate::model::loan::Loan;
use crate::secret::SecretVec;

mod file;
mod reason;
mod summary;

pub use file::{Finding, FormHint, FormatError};
pub use reason::{NoteReason, RejectReason, SkipReason};
pub use summary::{HeaderFacts, LoadFigures, LoadFiguresOfCurrency, Summary, TotalsOfCurrency};

/// What became of one row, or something said about it beside.
#[derive(Debug)]
pub enum RowOutcome {
    /// A loan.
    Good {
        /// Line of the file, from 1. For a workbook the sheet's row, for JSON the loan's ordinal.
        line: u64,
        /// The loan as understood.
        loan: Loan,
    },
    /// A row that was not understood.
    Rejected(Reject),
    /// A row that is no facility: an application that was never paid out.
    Skipped {
        /// As in `Good`.
        line: u64,
        /// Why it is none.
        reason: SkipReason,
    },
    /// Something about a row that is kept, or about the file. Comes before the row's own outcome.
    Note(Note),
}

/// A row that was not understood, and why.
pub struct Reject {
    /// Line of the file, from 1. For a workbook the sheet's row, for JSON the loan's ordinal.
    pub line: u64,
    /// The how-manieth row of data of the file, from 1. Tells rows apart in a file that is one long line.
    pub record: u64,
    /// Name of the field as the file or the format calls it.
    pub field: String,
    /// What is wrong and the way out.
    pub reason: RejectReason,
    /// Account number of the row if that much was understood, so that a loan whose row is bad today is not
    /// taken for one that left the portfolio. Not personal, yet kept out of `Debug` and of every text.
    pub account: Option<String>,
    /// The row as far as its columns are known here, for the clerk who must mend it; a row of delimited text that could
    /// not be cut into the header's columns as it stood in the file. Personal data: the caller keeps it encrypted. Empty
    /// where a line is too long to be kept.
    pub row: SecretVec,
}

impl fmt::Debug for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reject")
            .field("line", &self.line)
            .field("field", &self.field)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.field, self.reason)
    }
}

/// Something that a clerk should know about a row that is kept, or about the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Line of the file, from 1.
    pub line: u64,
    /// Name of the field.
    pub field: String,
    /// What there is to know.
    pub reason: NoteReason,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.field, self.reason)
    }
}
