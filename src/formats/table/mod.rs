//! A header row and rows of cells, whatever file they come from, as loans by a mapping.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::formats::FormatContext;
use crate::formats::draft::{Candidate, Draft, Names};
use crate::formats::intake::{At as _, Intake, Notes, Problem, Understood};
use crate::formats::mapping::{Column, Field, Mapping, StatusMeaning, word};
use crate::formats::outcome::{FormatError, NoteReason, RejectReason, SkipReason};
use crate::formats::value;
use crate::model::day::Day;
use crate::model::identifier::SchemeId;
use crate::model::money::{Currency, Minor};

mod header;

pub(in crate::formats) use header::{check_schemes, header_name};
use header::{identifier_places, missing, position};

const KNOWN_WORDS: &str = "name it in the mapping";

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(in crate::formats) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A number of a workbook, as a plain decimal; `exact` is false beyond the digits that it can hold.
    Number {
        plain: String,
        exact: bool,
    },
    /// A date of a workbook; `None` if it is no day.
    Date(Option<Day>),
    /// A spreadsheet error such as #N/A.
    Error,
    /// Something that no field can be.
    Other(&'static str),
}

/// Which column of the file is what.
#[derive(Debug)]
pub(in crate::formats) struct Layout<'m> {
    mapping: &'m Mapping,
    columns: BTreeMap<Field, (usize, String)>,
    identifiers: Vec<IdentifierPlace>,
    names: Rc<Names>,
    /// The header's own names, to know it when it comes again.
    header: Vec<String>,
    /// Serial days of the workbook count from 1904.
    pub(in crate::formats) epoch_1904: bool,
}

#[derive(Debug)]
enum IdentifierPlace {
    One {
        at: usize,
        name: String,
        scheme: SchemeId,
        country_code: Option<String>,
    },
    Typed {
        type_at: usize,
        type_name: String,
        value_at: usize,
        value_name: String,
        words: BTreeMap<String, SchemeId>,
    },
}

impl<'m> Layout<'m> {
    /// Finds every column of the mapping in the header row.
    pub(in crate::formats) fn find(
        mapping: &'m Mapping,
        header: Vec<String>,
        context: &FormatContext<'_>,
    ) -> Result<Self, FormatError> {
        check_schemes(mapping, context.schemes)?;
        let mut columns = BTreeMap::new();
        for (field, column) in &mapping.columns {
            if let Column::Named(name) = column {
                let at = position(&header, name)?.ok_or_else(|| missing(&header, field.key(), name))?;
                columns.insert(*field, (at, header.get(at).cloned().unwrap_or_default()));
            }
        }
        for field in
            mapping.columns.iter().filter(|(_, column)| **column == Column::Own).map(|(field, _)| *field)
        {
            // Spelt exactly so, and not a column that the mapping gives another meaning: a German "Rate" is
            // an instalment.
            let exact = header.iter().any(|name| name == field.key());
            let at = if exact { position(&header, field.key())? } else { None };
            match at.filter(|at| !columns.values().any(|(taken, _)| taken == at)) {
                Some(at) => {
                    columns.insert(field, (at, field.key().to_owned()));
                }
                None if field.is_needed() => return Err(missing(&header, field.key(), field.key())),
                None => {}
            }
        }
        let identifiers = identifier_places(mapping, &header, context.schemes)?;
        if identifiers.is_empty() {
            return Err(FormatError::NoIdentifierColumn);
        }
        if !columns.contains_key(&Field::AsOf) && mapping.as_of.or(context.as_of).is_none() {
            return Err(FormatError::NoAsOf);
        }
        if !columns.contains_key(&Field::Currency) && mapping.currency.or(context.default_currency).is_none()
        {
            return Err(missing(&header, Field::Currency.key(), Field::Currency.key()));
        }
        let name = |field: Field| {
            columns.get(&field).map_or_else(|| field.key().to_owned(), |(_, name)| name.clone())
        };
        let names = Rc::new(Names {
            account: name(Field::Account),
            client: name(Field::Client),
            branch: name(Field::Branch),
            as_of: name(Field::AsOf),
            identifiers: "identifiers".to_owned(),
            status: name(Field::Status),
            outstanding: name(Field::Outstanding),
            overdue: name(Field::Overdue),
            opened: name(Field::Opened),
            matures: name(Field::Matures),
            closed: name(Field::Closed),
            written_off_on: name(Field::WrittenOffOn),
        });
        Ok(Self { mapping, columns, identifiers, names, header, epoch_1904: false })
    }

    /// Columns of the header.
    pub(in crate::formats) fn width(&self) -> usize {
        self.header.len()
    }

    /// Understands one row and delivers it.
    pub(in crate::formats) fn deliver(&self, line: u64, cells: &[Cell<'_>], intake: &mut Intake<'_, '_>) {
        let row = Row { layout: self, cells, context: intake.context };
        let mut notes = Notes::new();
        let understood = row.understand(&mut notes);
        // In a row of another width no cell can be trusted to stand where it should.
        let aligned = cells.len() == self.width();
        let account = if aligned { row.text(Field::Account).ok() } else { None };
        let raw = || if aligned { self.raw(cells) } else { Vec::new() };
        intake.row(line, account.as_deref(), understood, notes, raw);
    }

    /// The columns that the mapping knows, as a small CSV file of two lines. The others (names, addresses,
    /// religion) are not taken along.
    fn raw(&self, cells: &[Cell<'_>]) -> Vec<u8> {
        let fields = self.columns.values().map(|(at, name)| (*at, name.as_str()));
        let identifiers = self.identifiers.iter().flat_map(|place| match place {
            IdentifierPlace::One { at, name, .. } => vec![(*at, name.as_str())],
            IdentifierPlace::Typed { type_at, type_name, value_at, value_name, .. } => {
                vec![(*type_at, type_name.as_str()), (*value_at, value_name.as_str())]
            }
        });
        let known: BTreeMap<usize, &str> = fields.chain(identifiers).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let values = known.keys().map(|at| cells.get(*at).map(shown).unwrap_or_default());
        let written = writer.write_record(known.values()).and_then(|()| writer.write_record(values));
        match written {
            Ok(()) => writer.into_inner().unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }
}

fn shown(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        Cell::Number { plain, .. } => plain.clone(),
        Cell::Date(Some(day)) => day.to_string(),
        Cell::Empty | Cell::Date(None) | Cell::Error | Cell::Other(_) => String::new(),
    }
}

/// One row beside its layout.
struct Row<'r, 'm, 'c> {
    layout: &'r Layout<'m>,
    cells: &'r [Cell<'r>],
    context: &'r FormatContext<'c>,
}

impl Row<'_, '_, '_> {
    fn understand(&self, notes: &mut Notes) -> Result<Understood, Problem> {
        if self.cells.len() != self.layout.width() {
            let reason = RejectReason::ColumnCount { expected: self.layout.width(), found: self.cells.len() };
            return Err(Problem::new("row", reason));
        }
        self.check_repeated_header()?;
        let status = match self.status()? {
            StatusMeaning::Status(status) => status,
            StatusMeaning::Skip(reason) => return self.skip(reason),
        };
        let mapping = self.layout.mapping;
        let currency = self.currency()?;
        let exponent = *self.context.exponents.get(&currency).ok_or_else(|| {
            Problem::new(self.name(Field::Currency), RejectReason::CurrencyUnknown(currency))
        })?;
        let amount = |field| self.amount(field, currency, exponent);
        let as_of = match self.day(Field::AsOf)? {
            Some(day) => day,
            // The layout has seen to it that one of the three is there; an empty cell of a column is a fault.
            None => mapping
                .as_of
                .or(self.context.as_of)
                .ok_or_else(|| self.problem(Field::AsOf, RejectReason::Missing))?,
        };
        let branch = match self.text(Field::Branch)? {
            text if text.is_empty() => {
                mapping.branch.clone().or_else(|| self.context.default_branch.clone()).unwrap_or_default()
            }
            text => text.into_owned(),
        };
        Ok(Understood::Draft(Box::new(Draft {
            names: Rc::clone(&self.layout.names),
            account: self.text(Field::Account)?.into_owned(),
            client: self.text(Field::Client)?.into_owned(),
            branch,
            as_of,
            identifiers: self.identifiers(notes)?,
            kind: self.kind()?,
            status,
            currency,
            disbursed: amount(Field::Disbursed)?,
            outstanding: amount(Field::Outstanding)?,
            overdue: amount(Field::Overdue)?,
            days_past_due: self.number(Field::DaysPastDue, value::count)?,
            days_past_due_worst: self.number(Field::DaysPastDueWorst, value::count)?,
            instalment: amount(Field::Instalment)?,
            frequency: self.frequency()?,
            rate_yearly_basis_points: self.number(Field::Rate, value::basis_points)?,
            opened: self.day(Field::Opened)?,
            matures: self.day(Field::Matures)?,
            closed: self.day(Field::Closed)?,
            written_off: amount(Field::WrittenOff)?,
            written_off_on: self.day(Field::WrittenOffOn)?,
            loan_cycle: self.number(Field::LoanCycle, |plain| {
                u16::try_from(value::count(plain)?).map_err(|_| RejectReason::TooLarge)
            })?,
        })))
    }

    /// An application that came to nothing needs no more than its account number.
    fn skip(&self, reason: SkipReason) -> Result<Understood, Problem> {
        if self.text(Field::Account)?.is_empty() {
            return Err(self.problem(Field::Account, RejectReason::Missing));
        }
        Ok(Understood::Skip(reason))
    }

    fn check_repeated_header(&self) -> Result<(), Problem> {
        let same = self.cells.iter().zip(&self.layout.header).all(|(cell, name)| {
            matches!(cell, Cell::Text(text) if text.trim_start_matches('\u{feff}').trim() == name)
        });
        if same { Err(Problem::new("row", RejectReason::HeaderRepeated)) } else { Ok(()) }
    }

    fn name(&self, field: Field) -> &str {
        self.layout.columns.get(&field).map_or(field.key(), |(_, name)| name)
    }

    fn problem(&self, field: Field, reason: RejectReason) -> Problem {
        Problem::new(self.name(field), reason)
    }

    fn cell(&self, field: Field) -> &Cell<'_> {
        let at = self.layout.columns.get(&field).map(|(at, _)| *at);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    /// The field as text, without outer spaces; empty if it is empty or not mapped.
    fn text(&self, field: Field) -> Result<Cow<'_, str>, Problem> {
        text(self.cell(field)).at(self.name(field))
    }

    fn status(&self) -> Result<StatusMeaning, Problem> {
        let text = self.text(Field::Status)?;
        if text.is_empty() {
            return Err(self.problem(Field::Status, RejectReason::Missing));
        }
        let known = self.layout.mapping.statuses.get(&word(&text));
        known.copied().ok_or_else(|| self.problem(Field::Status, RejectReason::Status { known: KNOWN_WORDS }))
    }

    fn kind(&self) -> Result<crate::model::facility::FacilityKind, Problem> {
        let text = self.text(Field::Kind)?;
        if text.is_empty() {
            return Ok(self.layout.mapping.kind);
        }
        let known = self.layout.mapping.kinds.get(&word(&text));
        known.copied().ok_or_else(|| self.problem(Field::Kind, RejectReason::Kind { known: KNOWN_WORDS }))
    }

    fn frequency(&self) -> Result<Option<crate::model::facility::Frequency>, Problem> {
        let text = self.text(Field::Frequency)?;
        if text.is_empty() {
            return Ok(None);
        }
        let known = self.layout.mapping.frequencies.get(&word(&text));
        known
            .copied()
            .ok_or_else(|| self.problem(Field::Frequency, RejectReason::Frequency { known: KNOWN_WORDS }))
    }

    fn currency(&self) -> Result<Currency, Problem> {
        let text = self.text(Field::Currency)?;
        if text.is_empty() {
            let default = self.layout.mapping.currency.or(self.context.default_currency);
            return default.ok_or_else(|| self.problem(Field::Currency, RejectReason::Missing));
        }
        text.parse().map_err(|_| self.problem(Field::Currency, RejectReason::CurrencyCode))
    }

    /// A number field as a plain decimal, then as what it is.
    fn number<T>(
        &self,
        field: Field,
        read: impl Fn(&str) -> Result<T, RejectReason>,
    ) -> Result<Option<T>, Problem> {
        let plain = match self.cell(field) {
            Cell::Number { plain, exact: true } => plain.clone(),
            Cell::Number { exact: false, .. } => return Err(self.problem(field, RejectReason::TooLarge)),
            cell => {
                let text = text(cell).at(self.name(field))?;
                if text.is_empty() {
                    return Ok(None);
                }
                self.layout.mapping.form.plain(&text).at(self.name(field))?
            }
        };
        read(&plain).map(Some).at(self.name(field))
    }

    fn amount(&self, field: Field, currency: Currency, exponent: u8) -> Result<Option<Minor>, Problem> {
        self.number(field, |plain| value::minor(plain, self.layout.mapping.unit, currency, exponent))
    }

    fn day(&self, field: Field) -> Result<Option<Day>, Problem> {
        match self.cell(field) {
            Cell::Date(day) => day.map(Some).ok_or(RejectReason::NoSuchDay).at(self.name(field)),
            Cell::Number { plain, .. } => {
                value::excel_day(plain, self.layout.epoch_1904).map(Some).at(self.name(field))
            }
            cell => {
                let text = text(cell).at(self.name(field))?;
                if text.is_empty() {
                    return Ok(None);
                }
                value::day(&self.layout.mapping.dates, &text).map(Some).at(self.name(field))
            }
        }
    }

    fn identifiers(&self, notes: &mut Notes) -> Result<Vec<Candidate>, Problem> {
        let mut found = Vec::new();
        for place in &self.layout.identifiers {
            match place {
                IdentifierPlace::One { at, name, scheme, country_code } => {
                    let raw = self.identifier_text(*at, name)?;
                    if raw.is_empty() {
                        continue;
                    }
                    found.push(match country_code {
                        Some(code) => Candidate::phone(name.as_str(), scheme.clone(), &raw, code),
                        None => Candidate::new(name.as_str(), scheme.clone(), raw.into_owned()),
                    });
                }
                IdentifierPlace::Typed { type_at, type_name, value_at, value_name, words } => {
                    let raw = self.identifier_text(*value_at, value_name)?;
                    if raw.is_empty() {
                        continue;
                    }
                    let kind = self.identifier_text(*type_at, type_name)?;
                    match words.get(&word(&kind)) {
                        Some(scheme) => {
                            found.push(Candidate::new(value_name.as_str(), scheme.clone(), raw.into_owned()));
                        }
                        None => notes.push((type_name.clone(), NoteReason::IdentifierKind)),
                    }
                }
            }
        }
        Ok(found)
    }

    fn identifier_text(&self, at: usize, name: &str) -> Result<Cow<'_, str>, Problem> {
        text(self.cells.get(at).unwrap_or(&Cell::Empty)).at(name)
    }
}

/// A cell as text without outer spaces. Control characters and stray byte order marks are faults.
fn text<'a>(cell: &'a Cell<'_>) -> Result<Cow<'a, str>, RejectReason> {
    match cell {
        Cell::Empty => Ok(Cow::Borrowed("")),
        Cell::Text(text) => {
            if text.contains('\u{feff}') {
                return Err(RejectReason::ByteOrderMark);
            }
            let text = text.trim();
            if text.chars().any(char::is_control) {
                return Err(RejectReason::ControlCharacter);
            }
            Ok(Cow::Borrowed(text))
        }
        Cell::Number { exact: false, .. } => Err(RejectReason::NumericCellTooLong),
        Cell::Number { plain, .. } => Ok(Cow::Borrowed(plain)),
        Cell::Date(_) => Err(RejectReason::CellType { found: "a date" }),
        Cell::Error => Err(RejectReason::CellError),
        Cell::Other(found) => Err(RejectReason::CellType { found }),
    }
}
