//! Delimited text: comma, semicolon, pipe or tab, quoted as RFC 4180 has it.
//!
//! A quote that never closes would swallow the rest of the file. So a row may span a bounded number of lines;
//! if it does not end well within them, its first line alone is refused, and reading goes on with the next.

use std::borrow::Cow;
use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::FormatContext;
use super::intake::{Intake, Notes, Problem};
use super::lines::{Line, Lines};
use super::mapping::{Encoding, Mapping};
use super::outcome::{Finding, FormHint, FormatError, RejectReason, RowOutcome, Summary};
use super::table::{Cell, Layout, header_name};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX, IMPORT_ROW_BYTES_MAX, IMPORT_ROW_LINES_MAX};

const TEXT_FILE: &str = "a delimited text file";
const UTF8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

pub(super) fn read(
    mapping: &Mapping,
    bytes: impl Read,
    context: &FormatContext<'_>,
    sink: &mut dyn FnMut(RowOutcome),
) -> Result<Summary, FormatError> {
    let mut intake = Intake::new(context, sink);
    let mut lines = Lines::new(bytes);
    let header = header_line(mapping, &mut lines, &mut intake)?;
    let delimiter = match mapping.delimiter {
        Some(delimiter) => delimiter,
        None => guess_delimiter(&header.bytes),
    };
    let mut splitter = Splitter::new(delimiter);
    let names = header_names(mapping, &mut splitter, &header)?;
    let layout = Layout::find(mapping, names, context)?;
    while let Some(line) = lines.next()? {
        if line.bytes.is_empty() && !line.too_long {
            continue;
        }
        row(mapping, &layout, &mut splitter, &mut lines, &line, &mut intake)?;
    }
    let complete = !lines.cut();
    if !complete {
        intake.finding(Finding::FileTooLong { bytes_max: IMPORT_BYTES_MAX });
    }
    Ok(intake.finish(complete))
}

/// The header row, without a byte order mark.
fn header_line<R: Read>(
    mapping: &Mapping,
    lines: &mut Lines<R>,
    intake: &mut Intake<'_, '_>,
) -> Result<Line, FormatError> {
    let mut first = lines.next()?.ok_or(FormatError::Empty)?;
    if first.bytes.starts_with(&[0xff, 0xfe]) || first.bytes.starts_with(&[0xfe, 0xff]) {
        let hint = FormHint::Utf16;
        return Err(FormatError::OtherFormat { expected: TEXT_FILE, hint });
    }
    if first.bytes.starts_with(b"PK\x03\x04") {
        let hint = FormHint::IsWorkbook;
        return Err(FormatError::OtherFormat { expected: TEXT_FILE, hint });
    }
    if first.bytes.starts_with(UTF8_MARK) {
        first.bytes.drain(..UTF8_MARK.len());
        intake.finding(Finding::ByteOrderMark);
    }
    for _ in 0..mapping.skip_rows {
        first = lines.next()?.ok_or(FormatError::Empty)?;
    }
    if first.too_long {
        return Err(header_too_long());
    }
    if first.bytes.contains(&b'\r') {
        let hint = FormHint::CarriageReturns;
        return Err(FormatError::OtherFormat { expected: TEXT_FILE, hint });
    }
    Ok(first)
}

fn header_too_long() -> FormatError {
    FormatError::HeaderTooLong { bytes_max: IMPORT_ROW_BYTES_MAX, columns_max: IMPORT_COLUMNS_MAX }
}

fn header_names(mapping: &Mapping, splitter: &mut Splitter, line: &Line) -> Result<Vec<String>, FormatError> {
    let declared = mapping.encoding.name();
    splitter.split(&line.bytes).map_err(|_| header_too_long())?;
    splitter
        .fields()
        .map(|field| decode(mapping.encoding, field).map(|name| header_name(&name)))
        .collect::<Option<Vec<_>>>()
        .ok_or(FormatError::HeaderEncoding { declared })
}

/// The delimiter that the header row has most of.
fn guess_delimiter(header: &[u8]) -> u8 {
    // On a tie the comma wins, for it comes last and `max_by_key` takes the last.
    let parts = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    [b'|', b'\t', b';', b','].into_iter().max_by_key(parts).unwrap_or(b',')
}

/// Reads one row, which may span several lines, and delivers it.
fn row<R: Read>(
    mapping: &Mapping,
    layout: &Layout<'_>,
    splitter: &mut Splitter,
    lines: &mut Lines<R>,
    first: &Line,
    intake: &mut Intake<'_, '_>,
) -> Result<(), FormatError> {
    let number = first.number;
    if first.too_long {
        refuse(mapping, intake, number, &[], RejectReason::TooLong { bytes_max: IMPORT_ROW_BYTES_MAX });
        return Ok(());
    }
    if first.bytes.starts_with(UTF8_MARK) {
        refuse(mapping, intake, number, &first.bytes, RejectReason::ByteOrderMark);
        return Ok(());
    }
    let mut state = splitter.quotes(QuoteState::FieldStart, &first.bytes);
    if state != QuoteState::Quoted {
        match state {
            QuoteState::Broken => {
                refuse(mapping, intake, number, &first.bytes, RejectReason::QuoteInside);
            }
            _ => deliver(mapping, layout, splitter, number, &first.bytes, intake),
        }
        return Ok(());
    }
    let mut joined = first.bytes.clone();
    let mut taken = Vec::new();
    while state == QuoteState::Quoted && taken.len() + 1 < IMPORT_ROW_LINES_MAX {
        let Some(next) = lines.next()? else { break };
        if next.too_long || joined.len() + next.bytes.len() >= IMPORT_ROW_BYTES_MAX {
            taken.push(next);
            break;
        }
        joined.push(b'\n');
        state = splitter.quotes(state, b"\n");
        state = splitter.quotes(state, &next.bytes);
        joined.extend_from_slice(&next.bytes);
        taken.push(next);
    }
    let whole = !matches!(state, QuoteState::Quoted | QuoteState::Broken)
        && splitter.split(&joined).is_ok_and(|()| splitter.count() == layout.width());
    if whole {
        deliver(mapping, layout, splitter, number, &joined, intake);
    } else {
        lines.put_back(taken);
        refuse(mapping, intake, number, &first.bytes, RejectReason::QuoteOpen);
    }
    Ok(())
}

/// Refuses a row that could not be cut into the columns of the header. What stands where is not known, so the clerk gets
/// it whole, as it stood in the file.
fn refuse(mapping: &Mapping, intake: &mut Intake<'_, '_>, line: u64, row: &[u8], reason: RejectReason) {
    let row = || match decode(mapping.encoding, row) {
        Some(text) => text.into_owned().into_bytes(),
        None => row.to_vec(),
    };
    intake.row(line, None, Err(Problem::new("row", reason)), Notes::new(), row);
}

fn deliver(
    mapping: &Mapping,
    layout: &Layout<'_>,
    splitter: &mut Splitter,
    line: u64,
    bytes: &[u8],
    intake: &mut Intake<'_, '_>,
) {
    if let Err(reason) = splitter.split(bytes) {
        refuse(mapping, intake, line, bytes, reason);
        return;
    }
    if splitter.count() != layout.width() {
        let reason = RejectReason::ColumnCount { expected: layout.width(), found: splitter.count() };
        refuse(mapping, intake, line, bytes, reason);
        return;
    }
    let mut cells = Vec::with_capacity(layout.width());
    for field in splitter.fields() {
        match decode(mapping.encoding, field) {
            Some(text) if text.is_empty() => cells.push(Cell::Empty),
            Some(text) => cells.push(Cell::Text(text)),
            None => {
                let reason = RejectReason::Encoding { declared: mapping.encoding.name() };
                refuse(mapping, intake, line, bytes, reason);
                return;
            }
        }
    }
    layout.deliver(line, &cells, intake);
}

fn decode(encoding: Encoding, bytes: &[u8]) -> Option<Cow<'_, str>> {
    match (std::str::from_utf8(bytes), encoding) {
        (Ok(text), Encoding::Utf8) => Some(Cow::Borrowed(text)),
        (Err(_), Encoding::Utf8) => None,
        (Ok(text), Encoding::Latin1) if text.is_ascii() => Some(Cow::Borrowed(text)),
        (_, Encoding::Latin1) => Some(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect())),
    }
}

/// Where the scan for quotes stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuoteState {
    /// At the beginning of a field.
    FieldStart,
    /// Inside a field without quotes; a quote there is an ordinary sign.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: the end of the field, or half of a doubled quote.
    QuoteSeen,
    /// Text after a closing quote.
    Broken,
}

/// Cuts one row into fields. The unquoting is csv-core's.
struct Splitter {
    delimiter: u8,
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            // A carriage return alone ends no row: what follows it would be lost.
            reader: ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build(),
            text: vec![0; IMPORT_ROW_BYTES_MAX + 16],
            ends: vec![0; IMPORT_COLUMNS_MAX],
            count: 0,
        }
    }

    /// Follows the quotes through `bytes`.
    fn quotes(&self, mut state: QuoteState, bytes: &[u8]) -> QuoteState {
        for byte in bytes {
            state = match (state, *byte) {
                (QuoteState::Broken, _) => return QuoteState::Broken,
                (QuoteState::Quoted, b'"') => QuoteState::QuoteSeen,
                (QuoteState::FieldStart | QuoteState::QuoteSeen, b'"') | (QuoteState::Quoted, _) => {
                    QuoteState::Quoted
                }
                (_, byte) if byte == self.delimiter => QuoteState::FieldStart,
                (QuoteState::QuoteSeen, _) => QuoteState::Broken,
                _ => QuoteState::Plain,
            };
        }
        state
    }

    fn split(&mut self, bytes: &[u8]) -> Result<(), RejectReason> {
        self.reader.reset();
        self.count = 0;
        let too_long = RejectReason::TooLong { bytes_max: IMPORT_ROW_BYTES_MAX };
        let (mut input, mut text, mut ends) = (bytes, 0, 0);
        loop {
            let (Some(out), Some(out_ends)) = (self.text.get_mut(text..), self.ends.get_mut(ends..)) else {
                return Err(too_long);
            };
            let (result, read, written, ended) = self.reader.read_record(input, out, out_ends);
            input = input.get(read..).unwrap_or_default();
            text += written;
            ends += ended;
            match result {
                // An empty input says that the row has ended.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return Err(too_long),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if !input.is_empty() {
            return Err(RejectReason::QuoteInside);
        }
        self.count = ends;
        Ok(())
    }

    fn count(&self) -> usize {
        self.count
    }

    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends.iter().take(self.count).map(move |end| {
            let field = self.text.get(from..*end).unwrap_or_default();
            from = *end;
            field
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let mut splitter = Splitter::new(b',');
        splitter.split(text.as_bytes()).unwrap();
        splitter.fields().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect()
    }

    #[test]
    fn fields_and_quotes() {
        assert_eq!(split("a,b,,c"), ["a", "b", "", "c"]);
        assert_eq!(split("\"a,b\",\"c\"\"d\""), ["a,b", "c\"d"]);
        assert_eq!(split("\"a\nb\",c"), ["a\nb", "c"]);
        let splitter = Splitter::new(b',');
        let end = |text: &str| splitter.quotes(QuoteState::FieldStart, text.as_bytes());
        assert_eq!(end("a,\"b\"\"c\",d"), QuoteState::Plain);
        assert_eq!(end("a,\"b"), QuoteState::Quoted);
        assert_eq!(end("a,\"b\" c,d"), QuoteState::Broken);
        assert_eq!(end("a\"b,c"), QuoteState::Plain);
        assert_eq!(end("a,\"b\""), QuoteState::QuoteSeen);
    }

    #[test]
    fn delimiters() {
        assert_eq!(guess_delimiter(b"a,b,c"), b',');
        assert_eq!(guess_delimiter(b"a;b;c,d"), b';');
        assert_eq!(guess_delimiter(b"a\tb\tc"), b'\t');
        assert_eq!(guess_delimiter(b"a"), b',');
    }
}
