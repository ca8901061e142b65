//! What is said about a file as a whole.

use crate::formats::mapping::MappingError;

/// Something about the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The file begins with a byte order mark.
    #[error("the file begins with a byte order mark: read past")]
    ByteOrderMark,
    /// No trailer.
    #[error("the trailer is missing: the file may have been cut; no loan is closed for being absent from it")]
    TrailerMissing,
    /// The trailer is cut.
    #[error(
        "the trailer is cut ({found} of 41 characters): no loan is closed for being absent from this file"
    )]
    TrailerCut {
        /// Characters found.
        found: usize,
    },
    /// The trailer has lost its trailing blanks only.
    #[error("the trailer lacks its trailing blanks ({found} of 41 characters): its content is whole")]
    TrailerBlanks {
        /// Characters found.
        found: usize,
    },
    /// The trailer names another member than the header.
    #[error("the trailer names another member than the header: two files may have been joined")]
    TrailerMember,
    /// Something follows the trailer.
    #[error("something follows the trailer: two files may have been joined; it was not read")]
    AfterTrailer,
    /// A header of another length.
    #[error("the header has {found} characters instead of 171: only its member and dates were read")]
    HeaderLength {
        /// Characters found.
        found: usize,
    },
    /// A header of another version.
    #[error("the header names another layout version than 1.9: read as 1.9")]
    HeaderVersion,
    /// The header's reported date cannot be read.
    #[error("the header's reported date was not understood: accounts need their own")]
    HeaderDate,
    /// One page of several.
    #[error(
        "the file holds {found} of {total} loans, one page of the API's answer: no loan is closed for being absent from it; ask with limit=-1"
    )]
    OnePage {
        /// Loans in the file.
        found: u64,
        /// Loans that the API has.
        total: u64,
    },
    /// The file holds no row.
    #[error("the file holds no row of data")]
    Empty,
    /// More rows than may be read at once.
    #[error("the file goes on beyond {bytes_max} bytes: the rest was not read; split it")]
    FileTooLong {
        /// The bound.
        bytes_max: u64,
    },
}

/// What a file looks like that is not of the form that was named, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormHint {
    /// A workbook that cannot be opened.
    #[error("the archive or its XML is damaged, encrypted or of an older kind; save it again as .xlsx")]
    DamagedWorkbook,
    /// No workbook of the kind that is read.
    #[error("it is no zip archive; an older .xls has to be saved as .xlsx")]
    NoWorkbook,
    /// Text of two bytes a character.
    #[error("it is UTF-16 (\"Unicode text\"): save it as CSV UTF-8")]
    Utf16,
    /// A workbook where text is expected.
    #[error("it is a workbook: load it as xlsx")]
    IsWorkbook,
    /// Lines that end as on machines of long ago.
    #[error("its lines end in CR alone; save it with ordinary line ends")]
    CarriageReturns,
    /// No header of a CDF file.
    #[error("it does not begin with HDRHMMFI; a CSV with the same columns is loaded as csv with a mapping")]
    NoCdfHeader,
    /// A CDF header without an end.
    #[error("no segment begins within the first 1,024 characters")]
    NoSegment,
    /// Another JSON than an answer of the API.
    #[error("it is neither an array nor an object; save the API's answer as it is")]
    NoJson,
    /// An error instead of loans.
    #[error("it is an error that the API answered with; ask again with the right user and tenant")]
    ApiError,
    /// Other things than loans.
    #[error("its objects have neither status nor accountNo; ask the API for /loans")]
    NoLoans,
}

/// Why a file could not be read at all, or no further.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Reading the bytes failed.
    #[error("reading the file failed: {0}")]
    Io(#[from] std::io::Error),
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// Not the format that was named.
    #[error("this is not {expected}: {hint}")]
    OtherFormat {
        /// The format that was named.
        expected: &'static str,
        /// What it is instead, and what to do.
        hint: FormHint,
    },
    /// A column that the mapping names and the header does not have.
    #[error("the header has no column \"{column}\" for {field}{}", nearest_text(nearest.as_deref()))]
    ColumnMissing {
        /// What the column is for.
        field: String,
        /// The name that was looked for.
        column: String,
        /// A name of the header that is much like it.
        nearest: Option<String>,
    },
    /// A column that stands in the header twice.
    #[error("the header has the column \"{column}\" twice: rename one")]
    ColumnTwice {
        /// The name.
        column: String,
    },
    /// No column with an identifier.
    #[error("no column holds an identifier: name a column after a scheme of the network, or map one")]
    NoIdentifierColumn,
    /// Nothing says on which day the figures are true.
    #[error("nothing says on which day the figures are true: map a column as_of, or give the day")]
    NoAsOf,
    /// The header row is beyond the bound.
    #[error("the header row is longer than {bytes_max} bytes or has more than {columns_max} columns")]
    HeaderTooLong {
        /// The bound in bytes.
        bytes_max: usize,
        /// The bound in columns.
        columns_max: usize,
    },
    /// The header row is not text.
    #[error("the header row is not {declared} text: save the file as UTF-8")]
    HeaderEncoding {
        /// The declared encoding.
        declared: &'static str,
    },
    /// The mapping does not fit the network.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A sheet that the workbook does not have.
    #[error("the workbook has no sheet \"{sheet}\": name one of its sheets in [file] sheet")]
    SheetMissing {
        /// The name that was looked for.
        sheet: String,
    },
    /// A file too large for a format that has to be held whole.
    #[error("the file is larger than {bytes_max} bytes (unpacked), the most for this format: use CSV")]
    TooLarge {
        /// The bound.
        bytes_max: u64,
    },
    /// JSON that breaks off or is none.
    #[error("not JSON from line {line}, column {column} on: the download may have been cut")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

fn nearest_text(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || ": give a mapping file that names the file's own columns".to_owned(),
        |name| format!(": did you mean \"{name}\"?"),
    )
}
