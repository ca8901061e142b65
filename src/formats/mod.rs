//! Import formats: bytes in; loans, rejects and notes out.
//!
//! What a file may do to us: be of any size, cut anywhere, in another encoding than it says, hold rows that
//! never end, quotes that never close, numbers beyond any type, and personal data in every place. So every
//! parser here is a function of its bytes, holds no more than one row (or, for the two formats that cannot
//! be streamed, a bounded file), never panics, and puts no value of a row into an error text.
//!
//! One bad row does not stop a load: it is handed out as a [`Reject`] with its line, its field and the way
//! out, and the rows around it are read. What a row says and this program does not need (names, addresses,
//! religion, caste, the password of a CDF header) is never read into a value.

#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

use std::collections::BTreeMap;
use std::io::Read;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::limits::IMPORT_WHOLE_BYTES_MAX;
use crate::model::day::Day;
use crate::model::identifier::SchemeSet;
use crate::model::money::Currency;

mod cdf;
mod columns;
mod delimited;
mod draft;
mod fineract;
mod intake;
mod lines;
mod mapping;
mod outcome;
mod rows;
mod table;
mod value;
mod xlsx;

pub use columns::{Column, row_columns};
pub use fineract::{FineractPartError, FineractSources};
pub use mapping::{Mapping, MappingError};
pub use outcome::{
    Finding, FormHint, FormatError, HeaderFacts, LoadFigures, LoadFiguresOfCurrency, Note, NoteReason,
    Reject, RejectReason, RowOutcome, SkipReason, Summary, TotalsOfCurrency,
};
pub use rows::rows_as_csv;

/// The formats that can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// India's common data format for microfinance, layout 1.9.
    Cdf,
    /// Delimited text: comma, semicolon, pipe or tab.
    Csv,
    /// A workbook.
    Xlsx,
    /// Answers of the Apache Fineract API: an array or a page of loans, or one object with `loans`, `clients`,
    /// `identifiers` and `groups`.
    Fineract,
}

impl Format {
    /// Every format, the most usual first.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Cdf, Self::Fineract];

    /// As files, flags and the interface spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cdf => "cdf",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Fineract => "fineract",
        }
    }
}

/// What a parser has to know beside the bytes.
#[derive(Debug)]
pub struct FormatContext<'a> {
    /// The network's identifier schemes.
    pub schemes: &'a SchemeSet,
    /// Decimals of each currency that the network's policy admits. A currency that is not here is refused.
    pub exponents: &'a BTreeMap<Currency, u8>,
    /// The present day in UTC. Nothing may have happened later than the day after it.
    pub today: Day,
    /// Currency of rows that name none.
    pub default_currency: Option<Currency>,
    /// Branch of rows that name none.
    pub default_branch: Option<String>,
    /// The day on which the figures of the file are true, for files that do not say.
    pub as_of: Option<Day>,
}

/// Reads a whole file and hands out every row as it is understood.
///
/// Each row of data ends in exactly one of `Good`, `Rejected` and `Skipped`, with its notes before it, so a
/// caller that counts those can show progress; a caller that wants bytes wraps the reader. The summary says
/// whether the file was complete. `Err` means that nothing at all, or nothing further, could be read.
pub fn read(
    format: Format,
    mapping: Option<&Mapping>,
    bytes: impl Read,
    context: &FormatContext<'_>,
    sink: &mut dyn FnMut(RowOutcome),
) -> Result<Summary, FormatError> {
    let builtin = Mapping::builtin();
    let mapping = mapping.unwrap_or(&builtin);
    match format {
        Format::Cdf => cdf::read(bytes, context, sink),
        Format::Csv => delimited::read(mapping, bytes, context, sink),
        Format::Xlsx => xlsx::read(mapping, bytes, context, sink),
        Format::Fineract => fineract::read(mapping, bytes, context, sink),
    }
}

/// The bytes of a file that has to be held whole.
fn whole(bytes: impl Read) -> Result<Vec<u8>, FormatError> {
    let mut whole = Vec::new();
    let read = bytes.take(IMPORT_WHOLE_BYTES_MAX + 1).read_to_end(&mut whole)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > IMPORT_WHOLE_BYTES_MAX {
        return Err(FormatError::TooLarge { bytes_max: IMPORT_WHOLE_BYTES_MAX });
    }
    if whole.is_empty() {
        return Err(FormatError::Empty);
    }
    Ok(whole)
}
