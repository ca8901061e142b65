//! Workbooks (.xlsx), read cell by cell through calamine.
//!
//! A workbook is a zip archive: a small one can unpack to anything. So it is unpacked once into nothing and
//! counted before it is read. What calamine takes for granted about an archive is guarded: a panic inside it
//! is a bad file, not the end of the program.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};

use super::FormatContext;
use super::intake::Intake;
use super::mapping::Mapping;
use super::outcome::{FormHint, FormatError, RowOutcome, Summary};
use super::table::{Cell, Layout, header_name};
use super::value;
use crate::limits::{IMPORT_COLUMNS_MAX, IMPORT_ROW_BYTES_MAX, IMPORT_WHOLE_BYTES_MAX};
use crate::model::day::Day;

/// Whole numbers up to this are exact in a cell; a spreadsheet keeps 15 digits.
const EXACT_MAX: f64 = 1e15;

const WORKBOOK: &str = "an .xlsx workbook";

pub(super) fn read(
    mapping: &Mapping,
    bytes: impl Read,
    context: &FormatContext<'_>,
    sink: &mut dyn FnMut(RowOutcome),
) -> Result<Summary, FormatError> {
    let bytes = super::whole(bytes)?;
    check_unpacked(&bytes)?;
    let mut book = guarded(|| Xlsx::new(Cursor::new(bytes.as_slice())).map_err(|_| damaged()))?;
    let sheets = book.sheet_names();
    let sheet = match &mapping.sheet {
        Some(wanted) => sheets
            .iter()
            .find(|sheet| *sheet == wanted)
            .ok_or_else(|| FormatError::SheetMissing { sheet: wanted.clone() })?,
        None => sheets.first().ok_or(FormatError::Empty)?,
    };
    let epoch_1904 = book.has_1904_epoch();
    let mut cells = guarded(|| book.worksheet_cells_reader(sheet).map_err(|_| damaged()))?;
    let mut intake = Intake::new(context, sink);
    let mut layout: Option<Layout<'_>> = None;
    let mut row: Vec<Cell<'_>> = Vec::new();
    let mut row_index = None;
    let mut take_row = |index: u32, row: &mut Vec<Cell<'_>>, intake: &mut Intake<'_, '_>| {
        let blank = row.iter().all(|cell| matches!(cell, Cell::Empty));
        if blank || u64::from(index) < mapping.skip_rows {
            row.clear();
            return Ok(());
        }
        match &layout {
            None => {
                let names = row.iter().map(|cell| header_name(&name_of(cell))).collect();
                let mut found = Layout::find(mapping, names, context)?;
                found.epoch_1904 = epoch_1904;
                layout = Some(found);
            }
            Some(layout) => {
                // Cells to the right of the header belong to nothing.
                row.resize(layout.width(), Cell::Empty);
                layout.deliver(u64::from(index) + 1, row, intake);
            }
        }
        row.clear();
        Ok::<(), FormatError>(())
    };
    while let Some(found) = guarded(|| cells.next_cell().map_err(|_| damaged()))? {
        let (index, column) = found.get_position();
        if row_index != Some(index) {
            if let Some(before) = row_index {
                take_row(before, &mut row, &mut intake)?;
            }
            row_index = Some(index);
        }
        let Ok(column) = usize::try_from(column) else { continue };
        let cell = cell_of(found.get_value().clone(), epoch_1904);
        if column >= IMPORT_COLUMNS_MAX || matches!(cell, Cell::Empty) {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = row.get_mut(column) {
            *place = cell;
        }
    }
    if let Some(last) = row_index {
        take_row(last, &mut row, &mut intake)?;
    }
    if layout.is_none() {
        return Err(FormatError::Empty);
    }
    Ok(intake.finish(true))
}

fn damaged() -> FormatError {
    let hint = FormHint::DamagedWorkbook;
    FormatError::OtherFormat { expected: WORKBOOK, hint }
}

/// Runs a step of calamine, which expects some things of an archive's paths.
fn guarded<T>(step: impl FnOnce() -> Result<T, FormatError>) -> Result<T, FormatError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(damaged()))
}

/// Unpacks every entry into nothing, and counts. The sizes that an archive states about itself prove nothing.
fn check_unpacked(bytes: &[u8]) -> Result<(), FormatError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        let hint = FormHint::NoWorkbook;
        FormatError::OtherFormat { expected: WORKBOOK, hint }
    })?;
    let mut left = IMPORT_WHOLE_BYTES_MAX;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| damaged())?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(read).ok_or(FormatError::TooLarge { bytes_max: IMPORT_WHOLE_BYTES_MAX })?;
    }
    Ok(())
}

fn name_of(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        Cell::Number { plain, .. } => plain.clone(),
        _ => String::new(),
    }
}

fn cell_of(value: DataRef<'_>, epoch_1904: bool) -> Cell<'_> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => text_cell(Cow::Owned(text)),
        DataRef::SharedString(text) => text_cell(Cow::Borrowed(text)),
        DataRef::Int(number) => Cell::Number { plain: number.to_string(), exact: true },
        DataRef::Float(number) => float(number),
        DataRef::DateTime(date) => date_cell(date, epoch_1904),
        DataRef::DateTimeIso(text) => Cell::Date(text.get(..10).and_then(|day| day.parse().ok())),
        DataRef::DurationIso(_) => Cell::Other("a duration"),
        DataRef::Bool(_) => Cell::Other("TRUE or FALSE"),
        DataRef::Error(_) => Cell::Error,
    }
}

fn text_cell(text: Cow<'_, str>) -> Cell<'_> {
    if text.is_empty() {
        Cell::Empty
    } else if text.len() > IMPORT_ROW_BYTES_MAX {
        Cell::Other("a text that is far too long")
    } else {
        Cell::Text(text)
    }
}

/// A number with the 15 digits that a spreadsheet keeps; what a sum leaves beyond them (0.30000000000000004) is
/// an accident of binary fractions.
fn float(number: f64) -> Cell<'static> {
    if !number.is_finite() {
        return Cell::Other("no number");
    }
    match value::json_plain(&format!("{number:.14e}")) {
        Ok(plain) => {
            let plain =
                if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { &plain };
            Cell::Number { plain: plain.to_owned(), exact: number.abs() < EXACT_MAX }
        }
        Err(_) if number.abs() < 1.0 => Cell::Number { plain: "0".to_owned(), exact: true },
        Err(_) => Cell::Other("a number beyond every amount"),
    }
}

fn date_cell(date: ExcelDateTime, epoch_1904: bool) -> Cell<'static> {
    if date.is_duration() {
        return Cell::Other("a duration");
    }
    let day: Option<Day> = match float(date.as_f64().floor()) {
        Cell::Number { plain, .. } => value::excel_day(&plain, epoch_1904).ok(),
        _ => None,
    };
    Cell::Date(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(number: f64) -> String {
        match float(number) {
            Cell::Number { plain, .. } => plain,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_keep_fifteen_digits() {
        for (number, text) in [
            (1234.5, "1234.5"),
            (0.1 + 0.2, "0.3"),
            (1001.0, "1001"),
            (0.0, "0"),
            (-12.25, "-12.25"),
            (833_333.3, "833333.3"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-50, "0"),
        ] {
            assert_eq!(plain(number), text);
        }
        assert!(matches!(float(1e16), Cell::Number { exact: false, .. }));
        assert!(matches!(float(1e300), Cell::Other(_)));
        assert!(matches!(float(f64::NAN), Cell::Other(_)));
    }

    #[test]
    fn serial_days() {
        assert_eq!(value::excel_day("46348", false).unwrap().to_string(), "2026-11-22");
        assert_eq!(value::excel_day("44886", true).unwrap().to_string(), "2026-11-22");
        assert_eq!(value::excel_day("46348.75", false).unwrap().to_string(), "2026-11-22");
        assert!(value::excel_day("60", false).is_err());
        assert!(value::excel_day("-1", false).is_err());
        assert!(value::excel_day("9999999", false).is_err());
    }
}
