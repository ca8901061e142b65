//! The mapping of a lender's own columns and words to a loan, read from TOML and validated whole.

use std::collections::BTreeMap;

use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus, Frequency};
use crate::model::identifier::SchemeId;
use crate::model::money::Currency;

use super::draft::StatusWord;
use super::outcome::SkipReason;
use super::value::{AmountUnit, DatePattern, NumberForm};

mod file;

/// Why a mapping cannot be used. Names the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, or a key that is not known.
    #[error("the mapping is not understood: {0}")]
    Toml(String),
    /// A value that a key cannot have.
    #[error("mapping, {key}: {problem}")]
    Value {
        /// The key.
        key: String,
        /// What is wrong and the way out.
        problem: String,
    },
}

impl MappingError {
    fn value(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Value { key: key.into(), problem: problem.into() }
    }
}

/// Encodings that a delimited file can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
}

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "Latin-1",
        }
    }
}

/// Fields of a loan that a column can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    Account,
    Client,
    Branch,
    AsOf,
    Kind,
    Status,
    Currency,
    Disbursed,
    Outstanding,
    Overdue,
    DaysPastDue,
    DaysPastDueWorst,
    Instalment,
    Frequency,
    Rate,
    Opened,
    Matures,
    Closed,
    WrittenOff,
    WrittenOffOn,
    LoanCycle,
}

impl Field {
    pub(super) const ALL: [Self; 21] = [
        Self::Account,
        Self::Client,
        Self::Branch,
        Self::AsOf,
        Self::Kind,
        Self::Status,
        Self::Currency,
        Self::Disbursed,
        Self::Outstanding,
        Self::Overdue,
        Self::DaysPastDue,
        Self::DaysPastDueWorst,
        Self::Instalment,
        Self::Frequency,
        Self::Rate,
        Self::Opened,
        Self::Matures,
        Self::Closed,
        Self::WrittenOff,
        Self::WrittenOffOn,
        Self::LoanCycle,
    ];

    /// The key in the mapping, and the column that is looked for when the mapping names none.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Client => "client",
            Self::Branch => "branch",
            Self::AsOf => "as_of",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::Currency => "currency",
            Self::Disbursed => "disbursed",
            Self::Outstanding => "outstanding",
            Self::Overdue => "overdue",
            Self::DaysPastDue => "days_past_due",
            Self::DaysPastDueWorst => "days_past_due_worst",
            Self::Instalment => "instalment",
            Self::Frequency => "frequency",
            Self::Rate => "rate",
            Self::Opened => "opened",
            Self::Matures => "matures",
            Self::Closed => "closed",
            Self::WrittenOff => "written_off",
            Self::WrittenOffOn => "written_off_on",
            Self::LoanCycle => "loan_cycle",
        }
    }

    /// Whether a file without this column says too little.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, Self::Account | Self::Client | Self::Status)
    }
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The mapping names this column: it must be there.
    Named(String),
    /// The mapping says nothing: the column of the field's own name, if the file has it.
    Own,
    /// The mapping switches the field off.
    Off,
}

/// Where identifiers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IdentifierColumn {
    /// A column holds values of one scheme.
    One { column: String, scheme: SchemeId, country_code: Option<String> },
    /// One column holds the kind, another the value.
    Typed { type_column: String, value_column: String, words: BTreeMap<String, SchemeId> },
}

/// What a status word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatusMeaning {
    Status(StatusWord),
    Skip(SkipReason),
}

/// What the Fineract reader is told beyond the API's own fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FineractMapping {
    /// Name or id of a document type, normalised, to scheme.
    pub(super) document_types: BTreeMap<String, SchemeId>,
    /// Read a client's mobile number as `phone`, with this country calling code where it has none.
    pub(super) mobile_country_code: Option<String>,
    /// Read a client's external id as this scheme.
    pub(super) external_id: Option<SchemeId>,
}

/// How a lender's columns and words map to a loan. Made from TOML; an invalid one cannot exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub(super) delimiter: Option<u8>,
    pub(super) encoding: Encoding,
    pub(super) sheet: Option<String>,
    pub(super) skip_rows: u64,
    pub(super) form: NumberForm,
    pub(super) unit: AmountUnit,
    pub(super) dates: Vec<DatePattern>,
    pub(super) columns: BTreeMap<Field, Column>,
    /// `None`: every column that bears the name of a scheme.
    pub(super) identifiers: Option<Vec<IdentifierColumn>>,
    pub(super) statuses: BTreeMap<String, StatusMeaning>,
    pub(super) frequencies: BTreeMap<String, Option<Frequency>>,
    pub(super) kinds: BTreeMap<String, FacilityKind>,
    pub(super) kind: FacilityKind,
    pub(super) currency: Option<Currency>,
    pub(super) branch: Option<String>,
    pub(super) as_of: Option<Day>,
    pub(super) fineract: FineractMapping,
}

impl Mapping {
    /// Reads a mapping file. `config/mapping.toml` is the commented sample.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        file::parse(text)
    }

    /// The mapping of files that use our own column names and words.
    pub fn builtin() -> Self {
        Self {
            delimiter: None,
            encoding: Encoding::Utf8,
            sheet: None,
            skip_rows: 0,
            form: NumberForm::PLAIN,
            unit: AmountUnit::Major,
            dates: own_dates(),
            columns: Field::ALL.into_iter().map(|field| (field, Column::Own)).collect(),
            identifiers: None,
            statuses: own_statuses(),
            frequencies: own_frequencies(),
            kinds: own_kinds(),
            kind: FacilityKind::Individual,
            currency: None,
            branch: None,
            as_of: None,
            fineract: FineractMapping::default(),
        }
    }

    /// The schemes that the mapping names.
    pub(super) fn schemes(&self) -> impl Iterator<Item = (&'static str, &SchemeId)> {
        let columns = self.identifiers.iter().flatten().flat_map(|rule| match rule {
            IdentifierColumn::One { scheme, .. } => vec![("identifiers", scheme)],
            IdentifierColumn::Typed { words, .. } => {
                words.values().map(|scheme| ("identifiers", scheme)).collect()
            }
        });
        let fineract = self.fineract.document_types.values().chain(&self.fineract.external_id);
        columns.chain(fineract.map(|scheme| ("fineract", scheme)))
    }
}

/// Words are compared without their case (ASCII only: a dotless i is another letter) and without their outer
/// spaces; spaces and underscores inside count as dashes.
pub(super) fn word(text: &str) -> String {
    text.trim().chars().map(|c| if c == ' ' || c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
}

fn own_dates() -> Vec<DatePattern> {
    ["YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss"]
        .iter()
        .filter_map(|pattern| DatePattern::parse(pattern).ok())
        .collect()
}

/// Our own words for a status. The values of a mapping's `[status]` table are these too.
const STATUSES: [(&str, StatusMeaning); 9] = [
    ("current", StatusMeaning::Status(StatusWord::Is(FacilityStatus::Current))),
    ("delinquent", StatusMeaning::Status(StatusWord::Is(FacilityStatus::Delinquent))),
    ("active", StatusMeaning::Status(StatusWord::Active)),
    ("restructured", StatusMeaning::Status(StatusWord::Is(FacilityStatus::Restructured))),
    ("written-off", StatusMeaning::Status(StatusWord::Is(FacilityStatus::WrittenOff))),
    ("closed", StatusMeaning::Status(StatusWord::Is(FacilityStatus::Closed))),
    ("settled", StatusMeaning::Status(StatusWord::Settled)),
    ("not-disbursed", StatusMeaning::Skip(SkipReason::NotDisbursed)),
    ("refused", StatusMeaning::Skip(SkipReason::Refused)),
];

/// Our own words for a frequency. `other` is one that has no name here.
const FREQUENCIES: [(&str, Option<Frequency>); 11] = [
    ("daily", Some(Frequency::Daily)),
    ("weekly", Some(Frequency::Weekly)),
    ("fortnightly", Some(Frequency::Fortnightly)),
    ("four-weekly", Some(Frequency::FourWeekly)),
    ("monthly", Some(Frequency::Monthly)),
    ("two-monthly", Some(Frequency::TwoMonthly)),
    ("quarterly", Some(Frequency::Quarterly)),
    ("half-yearly", Some(Frequency::HalfYearly)),
    ("yearly", Some(Frequency::Yearly)),
    ("bullet", Some(Frequency::Bullet)),
    ("other", None),
];

/// Our own words for a kind.
const KINDS: [(&str, FacilityKind); 4] = [
    ("individual", FacilityKind::Individual),
    ("group-member", FacilityKind::GroupMember),
    ("group", FacilityKind::Group),
    ("guarantor", FacilityKind::Guarantor),
];

fn own<T: Copy>(words: &[(&str, T)]) -> BTreeMap<String, T> {
    words.iter().map(|(text, meaning)| ((*text).to_owned(), *meaning)).collect()
}

fn own_statuses() -> BTreeMap<String, StatusMeaning> {
    own(&STATUSES)
}

fn own_frequencies() -> BTreeMap<String, Option<Frequency>> {
    own(&FREQUENCIES)
}

fn own_kinds() -> BTreeMap<String, FacilityKind> {
    own(&KINDS)
}
