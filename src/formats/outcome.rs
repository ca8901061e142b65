//! What comes out of a file: loans, rejects, notes, findings about the file, and the figures of the load.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::day::Day;
use crate::model::identifier::IdentifierError;
use crate::model::loan::Loan;
use crate::model::money::Currency;
use crate::secret::SecretVec;

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
    /// The row as far as its columns are known here, for the clerk who must mend it. Personal data: the
    /// caller keeps it encrypted. Empty where the row could not be cut into columns.
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

/// Why a row was not understood. The text says what is wrong and the way out, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    /// More or fewer fields than the header has.
    #[error(
        "{found} fields where the header has {expected}: look for a delimiter inside a text without quotes"
    )]
    ColumnCount {
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// A segment with more or fewer tokens than the layout has.
    #[error("{found} tokens where layout 1.9 has {expected}: look for a missing or an extra separator")]
    TokenCount {
        /// Tokens of the layout, the tag counted.
        expected: usize,
        /// Tokens of the segment.
        found: usize,
    },
    /// An empty field that a loan cannot do without.
    #[error("is empty: a loan cannot be loaded without it")]
    Missing,
    /// A key that the JSON object does not have.
    #[error("is not there: ask the API for it (loans with associations=all)")]
    NotInObject,
    /// An amount owed that is not reported for a loan that is running.
    #[error("is empty for a loan that is still owed: report the balance; a missing one is not zero")]
    BalanceMissing,
    /// No identifier at all.
    #[error("no identifier: give at least one of the identifiers that the network uses")]
    NoIdentifier,
    /// The only identifiers are bad; this is what is wrong with the first.
    #[error("no good identifier: {0}")]
    Identifier(IdentifierError),
    /// More identifiers than a person can have here.
    #[error("more than {max} identifiers in one row: map fewer columns")]
    TooManyIdentifiers {
        /// The bound.
        max: usize,
    },
    /// An identifier in a numeric cell that is too long to be stored exactly.
    #[error("a number of more than 15 digits in a numeric cell has lost its end: format the column as text")]
    NumericCellTooLong,
    /// Not a number in the declared form.
    #[error("is not a number of the form {form}")]
    Number {
        /// An example in the declared form.
        form: String,
    },
    /// A mark that the declared number form does not have in this place.
    #[error(
        "has '{mark}' where the declared form {form} has none: declare the file's number form in [numbers]"
    )]
    NumberMark {
        /// The mark found.
        mark: char,
        /// An example in the declared form.
        form: String,
    },
    /// A superscript, a fraction or another sign that is a digit by look only.
    #[error(
        "has a sign that looks like a digit but is none (superscript, fraction or circled): type plain digits"
    )]
    NotADigit,
    /// Below zero.
    #[error("is negative: report an overpaid loan as 0, and correct a wrong sign at its source")]
    Negative,
    /// Decimals that the currency does not have.
    #[error("has more decimals than the {exponent} that the network's policy gives {currency}")]
    Decimals {
        /// The amount's currency.
        currency: Currency,
        /// Its decimals.
        exponent: u8,
    },
    /// The layout has whole numbers only.
    #[error("is not a whole number: this layout reports whole amounts")]
    NotWhole,
    /// Beyond what can be kept.
    #[error("is too large")]
    TooLarge,
    /// Not a date in a declared form.
    #[error("is not a date of the form {form}")]
    Date {
        /// The declared forms.
        form: String,
    },
    /// A date that no calendar has.
    #[error("is a day that the calendar does not have")]
    NoSuchDay,
    /// A date after today.
    #[error("lies in the future")]
    Future,
    /// A date that no living loan has.
    #[error("lies before 1950: look for a wrong century or another calendar")]
    TooEarly,
    /// A date on the wrong side of another.
    #[error("is earlier than {than}")]
    DateOrder {
        /// The other field.
        than: &'static str,
    },
    /// A status word or code that is not known.
    #[error("is not a status that is known here: {known}")]
    Status {
        /// Where the known ones stand.
        known: &'static str,
    },
    /// A frequency word or code that is not known.
    #[error("is not a repayment frequency that is known here: {known}")]
    Frequency {
        /// Where the known ones stand.
        known: &'static str,
    },
    /// A kind or category that is not known.
    #[error("is not a kind of loan that is known here: {known}")]
    Kind {
        /// Where the known ones stand.
        known: &'static str,
    },
    /// Not a currency code.
    #[error("is not a currency code of three capital letters")]
    CurrencyCode,
    /// A currency that the policy does not have.
    #[error(
        "{0} is not a currency of this network: ask the operator to add it to the policy with its decimals"
    )]
    CurrencyUnknown(Currency),
    /// Closed, and yet something is owed.
    #[error("is above zero for a loan that is closed: correct the status or the balance")]
    ClosedButOwed,
    /// The account stands in the file before.
    #[error("the account stands on line {first_line} already: each loan once in a file")]
    Duplicate {
        /// The line that was kept.
        first_line: u64,
    },
    /// Text that is not in the declared encoding.
    #[error("is not {declared} text: declare the file's encoding, or save it as UTF-8")]
    Encoding {
        /// The declared encoding.
        declared: &'static str,
    },
    /// A control character inside a field.
    #[error("holds a control character: export the file again")]
    ControlCharacter,
    /// A byte order mark that is not at the beginning of the file.
    #[error("holds a byte order mark: it looks as if two files were joined; load them one by one")]
    ByteOrderMark,
    /// The header row again.
    #[error("is the header row again: it looks as if two files were joined; load them one by one")]
    HeaderRepeated,
    /// A quote that does not close.
    #[error("a quote that opens here does not close: double the quotes inside a quoted text")]
    QuoteOpen,
    /// Text after a closing quote.
    #[error("text after a closing quote: double the quotes inside a quoted text")]
    QuoteInside,
    /// A row beyond the bound.
    #[error("longer than {bytes_max} bytes: look for a missing line end")]
    TooLong {
        /// The bound.
        bytes_max: usize,
    },
    /// A cell that holds a spreadsheet error such as #N/A.
    #[error("the cell holds an error instead of a value: correct the formula")]
    CellError,
    /// A cell of a type that the field cannot be.
    #[error("the cell holds {found}: format it as text or as a number")]
    CellType {
        /// What the cell holds.
        found: &'static str,
    },
    /// Another separator than the file's.
    #[error("uses another separator than the rest of the file: one file has one separator")]
    Separator,
    /// The client segment above the account is bad.
    #[error(
        "the client segment (CNSCRD) on line {line} was not understood, so nobody is named for this account"
    )]
    ClientSegment {
        /// Line of the client segment.
        line: u64,
    },
    /// An account segment without a client segment.
    #[error("no client segment (CNSCRD) comes before this account")]
    NoClientSegment,
    /// A loan of a client that the file does not hold.
    #[error("the loan names nobody: neither a client nor a group with its members")]
    NoClient,
    /// A line of a CDF file that begins with no tag.
    #[error("belongs to no segment: look for a line break inside a field above it")]
    NoTag,
    /// JSON of another shape.
    #[error("is not of the shape that the Fineract API documents")]
    Shape,
}

/// Why a row is no facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum SkipReason {
    /// Submitted or approved, not paid out.
    #[error("an application that is not paid out")]
    NotDisbursed,
    /// Declined, rejected, withdrawn or cancelled before it was paid out.
    #[error("an application that came to nothing")]
    Refused,
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

/// What there is to know. Never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteReason {
    /// A bad identifier beside a good one.
    #[error("identifier left out: {0}")]
    Identifier(IdentifierError),
    /// A kind of identifier that is not mapped.
    #[error("identifier left out: its kind is not mapped to a scheme of the network")]
    IdentifierKind,
    /// Reported as current, with something overdue.
    #[error("reported as current with something overdue: taken as delinquent")]
    TakenAsDelinquent,
    /// More overdue than owed.
    #[error("is more than the balance: check whether the balance leaves out interest")]
    OverdueAboveBalance,
    /// A frequency that cannot be expressed.
    #[error("the interval has no name here: taken as not reported")]
    IntervalUnnamed,
    /// A rate that is not a plain number.
    #[error("not understood: taken as not reported")]
    NotUnderstood,
    /// A tag that is spelt another way.
    #[error("misspelt: read as {read_as}")]
    Misspelt {
        /// What it was read as.
        read_as: &'static str,
    },
    /// An age that is no age in years.
    #[error("the age is no number of years: it looks like days; it is not used here")]
    AgeInDays,
    /// A birth date that stands for an unknown one.
    #[error("1 January: many systems write it for an unknown birth date; it is not used here")]
    BirthDateDefault,
    /// An e-mail address where another field belongs.
    #[error(
        "an e-mail address in this place: the columns of the segment may be shifted; it is not used here"
    )]
    EmailInAddress,
    /// A relation code outside the layout's list.
    #[error("a relation code that layout 1.9 does not have: another numbering; it is not used here")]
    RelationCode,
    /// A line break inside a field.
    #[error("a line break inside the segment: joined")]
    LineBreak,
    /// A client without an account.
    #[error("a client without an account: nothing to load")]
    ClientWithoutAccount,
    /// A segment that is no row of data by itself.
    #[error("not understood: {0}")]
    SegmentNotUnderstood(Box<RejectReason>),
    /// A segment that is not read.
    #[error("a segment that is not read here")]
    SegmentNotRead,
    /// A loan cycle, rate or another side figure beyond its range.
    #[error("beyond its range: taken as not reported")]
    OutOfRange,
}

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
        /// What to do.
        hint: &'static str,
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
    Mapping(#[from] super::mapping::MappingError),
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

/// What the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderFacts {
    /// The member's own id in its bureau, CDF only.
    pub member: Option<String>,
    /// Branch that the header names.
    pub branch: Option<String>,
    /// The day on which the file says its figures are true.
    pub as_of: Option<Day>,
    /// The day on which the file was made.
    pub created: Option<Day>,
}

/// Sums over the good rows of one currency, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TotalsOfCurrency {
    /// Loans.
    pub loans: u64,
    /// Sum of amounts paid out.
    pub disbursed: i128,
    /// Sum of amounts owed.
    pub outstanding: i128,
    /// Sum of amounts overdue.
    pub overdue: i128,
}

/// Figures of one currency by which a load is compared with the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadFiguresOfCurrency {
    /// Loans that are running.
    pub count: u64,
    /// Sum of what is owed on them, minor units.
    pub outstanding: i128,
    /// Median of what is owed on them, minor units; the lower of the middle two. A wrong unit of amounts
    /// moves it by a hundred.
    pub median: i64,
}

/// Figures by which a load is compared with the one before it, before it replaces anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadFigures {
    /// Rows of data.
    pub rows: u64,
    /// Figures by currency.
    pub currencies: BTreeMap<Currency, LoadFiguresOfCurrency>,
    /// First and last day of the figures.
    pub as_of: Option<(Day, Day)>,
    /// Branches seen, up to a bound.
    pub branches: BTreeSet<String>,
}

/// The count of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of data: `good + rejected + skipped`.
    pub rows: u64,
    /// Rows that gave a loan.
    pub good: u64,
    /// Rows that were not understood.
    pub rejected: u64,
    /// Rows that are no facility, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Notes.
    pub notes: u64,
    /// Good loans that are running.
    pub active: u64,
    /// Good loans that are closed.
    pub closed: u64,
    /// Good loans that are written off.
    pub written_off: u64,
    /// Sums by currency over all good loans.
    pub totals: BTreeMap<Currency, TotalsOfCurrency>,
    /// Figures for the guard.
    pub figures: LoadFigures,
    /// What the file says about itself.
    pub header: HeaderFacts,
    /// About the file as a whole.
    pub findings: Vec<Finding>,
    /// Whether the file is known to have been read to its own end. If not, no loan may be closed for being
    /// absent from it.
    pub complete: bool,
}

impl Summary {
    /// Rows that are no facility.
    pub fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }
}
