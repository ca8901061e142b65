//! Why a row was refused, passed over or remarked upon. No text here can hold a value of a row.

use serde::{Deserialize, Serialize};

use crate::model::identifier::IdentifierError;
use crate::model::money::Currency;

/// Why a row was not understood. The text says what is wrong and the way out, never a value.
///
/// Kept with the row by the names that stand here; what is an English text in it is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
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
    #[error("is not there: ask the API for it (loans with associations=all, groups with clientMembers)")]
    NotInObject,
    /// An amount owed that is not reported for a loan that is running.
    #[error("is empty for a loan that is still owed: report the balance; a missing one is not zero")]
    BalanceMissing,
    /// No identifier at all.
    #[error("no identifier: give at least one of the identifiers that the network uses")]
    NoIdentifier,
    /// Identifiers of schemes that the network does not use, and no others.
    #[error("no identifier of a scheme that this network uses: give one of {used}")]
    SchemesNotUsed {
        /// Those that it uses.
        used: String,
    },
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
    #[error("is negative: correct the sign at its source; an overpaid loan owes 0")]
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
    #[error("is not a whole number")]
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
        #[serde(skip)]
        than: &'static str,
    },
    /// A status word or code that is not known.
    #[error("is not a status that is known here: {known}")]
    Status {
        /// Where the known ones stand.
        #[serde(skip)]
        known: &'static str,
    },
    /// A frequency word or code that is not known.
    #[error("is not a repayment frequency that is known here: {known}")]
    Frequency {
        /// Where the known ones stand.
        #[serde(skip)]
        known: &'static str,
    },
    /// A kind or category that is not known.
    #[error("is not a kind of loan that is known here: {known}")]
    Kind {
        /// Where the known ones stand.
        #[serde(skip)]
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
        #[serde(skip)]
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
    /// A field beyond its bound.
    #[error("longer than {bytes_max} bytes: look for two fields run together")]
    FieldTooLong {
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
        #[serde(skip)]
        found: &'static str,
    },
    /// Another separator than the file's.
    #[error("uses another separator than the rest of the file: one file has one separator")]
    Separator,
    /// The client segment above the account is bad, or something hides whether it is the right one.
    #[error("it is not certain whose account this is, for something on line {line} was not understood")]
    ClientSegment {
        /// Line of the client segment, or of what hides the next.
        line: u64,
    },
    /// An account segment without a client segment.
    #[error("no client segment (CNSCRD) comes before this account")]
    NoClientSegment,
    /// A loan of a client that the file does not hold.
    #[error("the loan names nobody: neither a client nor a group with its members")]
    NoClient,
    /// A segment that runs on into others.
    #[error("runs on into another segment, whose tag is misspelt or missing: a loan may be hidden in it")]
    Swallowed,
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

/// What there is to know. Never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteReason {
    /// A bad identifier beside a good one.
    #[error("identifier left out: {0}")]
    Identifier(IdentifierError),
    /// An identifier of a scheme that the network does not use, beside a good one.
    #[error("identifier left out: this network does not use its scheme")]
    SchemeNotUsed,
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
    /// An address where a client should begin.
    #[error("an address after an account: the client segment between them is missing")]
    AddressAfterAccount,
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
