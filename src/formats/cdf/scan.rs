//! Cuts a file into header, segments and trailer, in bounded memory.

use std::io::{BufRead, BufReader, Read};

use crate::formats::outcome::{FormHint, FormatError};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_ROW_BYTES_MAX};

/// Longest header that is looked at: the layout's 171 characters and what writers add to them.
const HEADER_BYTES_MAX: usize = 1_024;
/// Separators that the layout admits. 0xAA is the sign that code page 437 shows as a not sign.
const SEPARATORS: [u8; 3] = [b'|', b'~', 0xaa];
/// What begins a trailer.
const TRAILER_START: &[u8] = b"TRLHMMFI";

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Client,
    Address,
    Account,
    /// Group, centre and branch segments of other layouts.
    Other,
}

impl Tag {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Client => "CNSCRD",
            Self::Address => "ADRCRD",
            Self::Account => "ACTCRD",
            Self::Other => "a segment of another layout",
        }
    }

    /// Tokens of the layout, the tag counted.
    pub(super) fn tokens(self) -> Option<usize> {
        match self {
            Self::Client => Some(56),
            Self::Address => Some(9),
            Self::Account => Some(38),
            Self::Other => None,
        }
    }
}

/// Spellings of tags that are met. The flag tells a misspelling.
const TAGS: [(&[u8], Tag, bool); 8] = [
    (b"CNSCRD", Tag::Client, false),
    (b"ADRCRD", Tag::Address, false),
    (b"ACTCRD", Tag::Account, false),
    (b"GRPCRD", Tag::Other, false),
    (b"BRNCRD", Tag::Other, false),
    (b"KNDCRD", Tag::Other, false),
    (b"ADRCR", Tag::Address, true),
    (b"ACTCR", Tag::Account, true),
];

/// Why a segment as a whole is not understood, beside its token count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Separator,
    TooLong,
}

/// One segment: its tokens as bytes, the tag being the first.
pub(super) struct Segment {
    pub(super) tag: Tag,
    pub(super) line: u64,
    pub(super) tokens: Vec<Vec<u8>>,
    pub(super) misspelt: bool,
    /// A line break stood inside.
    pub(super) broken: bool,
    pub(super) fault: Option<Fault>,
    separator: u8,
    bytes: usize,
}

impl Segment {
    fn new(tag: Tag, misspelt: bool, line: u64, separator: u8) -> Self {
        let tokens = vec![tag.text().as_bytes().to_vec()];
        Self { tag, line, tokens, misspelt, broken: false, fault: None, separator, bytes: 0 }
    }

    /// The token at a place of the layout, from 1, as text without outer spaces.
    pub(super) fn token(&self, place: usize) -> String {
        let bytes = self.tokens.get(place).map(Vec::as_slice).unwrap_or_default();
        latin1(bytes).trim().to_owned()
    }

    /// The segment as UTF-8 text, for the clerk who must mend it; nothing beyond the layout's tokens, for that
    /// would be another segment.
    pub(super) fn text(&self) -> Vec<u8> {
        let separator = char::from(self.separator).to_string();
        let count = self.tag.tokens().unwrap_or(0);
        let tokens: Vec<String> = self.tokens.iter().take(count).map(|token| latin1(token)).collect();
        tokens.join(&separator).into_bytes()
    }

    /// Whether the token now being read is the last of the layout, or beyond it.
    fn is_at_end(&self) -> bool {
        self.tag.tokens().is_some_and(|count| self.tokens.len() + 1 >= count)
    }

    fn push(&mut self, mut token: Vec<u8>) {
        for byte in &mut token {
            if *byte == b'\n' {
                *byte = b' ';
                self.broken = true;
            }
        }
        self.bytes += token.len() + 1;
        if self.bytes > IMPORT_ROW_BYTES_MAX {
            self.fault = Some(Fault::TooLong);
            self.tokens.truncate(1);
        }
        if self.fault.is_none() {
            self.tokens.push(token);
        }
    }
}

pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// What comes next in the file.
pub(super) enum Event {
    Segment(Segment),
    /// Text that belongs to no segment.
    Stray {
        line: u64,
    },
    /// The trailer, without its line end; `more` if something follows it.
    Trailer {
        text: Vec<u8>,
        more: bool,
    },
}

/// Reads a file event by event.
pub(super) struct Scanner<R> {
    reader: BufReader<std::io::Take<R>>,
    line: u64,
    separator: Option<u8>,
    current: Option<Segment>,
    token: Vec<u8>,
    /// The token has outgrown every bound; only its end is kept, to find the next tag.
    overlong: bool,
    /// Line at which the token began.
    token_line: u64,
    /// Line of the last stray text: one word a line is enough.
    stray_line: Option<u64>,
    ready: std::collections::VecDeque<Event>,
    at_end: bool,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(bytes: R) -> Self {
        Self {
            reader: BufReader::with_capacity(64 * 1024, bytes.take(IMPORT_BYTES_MAX + 1)),
            line: 1,
            separator: None,
            current: None,
            token: Vec::new(),
            overlong: false,
            token_line: 1,
            stray_line: None,
            ready: std::collections::VecDeque::new(),
            at_end: false,
        }
    }

    /// Whether the file went on beyond the bound of bytes.
    pub(super) fn cut(&self) -> bool {
        self.reader.get_ref().limit() == 0
    }

    fn byte(&mut self) -> std::io::Result<Option<u8>> {
        let byte = self.reader.fill_buf()?.first().copied();
        if byte.is_some() {
            self.reader.consume(1);
        }
        Ok(byte)
    }

    /// The header: everything before the first line end or the first tag.
    pub(super) fn header(&mut self) -> Result<Vec<u8>, FormatError> {
        let mut header = Vec::new();
        while let Some(byte) = self.byte()? {
            if byte == b'\n' {
                self.line += 1;
                break;
            }
            header.push(byte);
            if let Some((tag, ..)) = TAGS.iter().find(|(tag, _, misspelt)| !misspelt && header.ends_with(tag))
            {
                header.truncate(header.len() - tag.len());
                self.token.extend_from_slice(tag);
                break;
            }
            if header.len() > HEADER_BYTES_MAX {
                let hint = FormHint::NoSegment;
                return Err(FormatError::OtherFormat { expected: "a CDF file", hint });
            }
        }
        self.token_line = self.line;
        if header.is_empty() && self.token.is_empty() {
            return Err(FormatError::Empty);
        }
        if header.last() == Some(&b'\r') {
            header.pop();
        }
        Ok(header)
    }

    /// The next event; `None` at the end of the file.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Event>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            if self.at_end {
                return Ok(None);
            }
            let Some(byte) = self.byte()? else {
                self.at_end = true;
                self.end_of_line()?;
                self.end_of_file();
                continue;
            };
            if self.separator.is_none() && SEPARATORS.contains(&byte) && starts_tag(&self.token) {
                self.separator = Some(byte);
            }
            match byte {
                b'\r' => {}
                b'\n' => {
                    self.end_of_line()?;
                    self.line += 1;
                    if self.token.is_empty() {
                        self.token_line = self.line;
                    }
                }
                byte if Some(byte) == self.separator => {
                    self.end_of_token();
                    self.token_line = self.line;
                }
                byte => self.push(byte),
            }
        }
    }

    fn push(&mut self, byte: u8) {
        if self.token.len() >= IMPORT_ROW_BYTES_MAX {
            // Enough is kept to see the next tag.
            let from = self.token.len().saturating_sub(TRAILER_START.len());
            self.token.drain(..from);
            self.overlong = true;
        }
        self.token.push(byte);
    }

    /// A separator: the token is a tag, ends with one, or is a value.
    fn end_of_token(&mut self) {
        let token = std::mem::take(&mut self.token);
        let overlong = std::mem::take(&mut self.overlong);
        let ends_segment = self.current.as_ref().is_none_or(Segment::is_at_end);
        let after_break = token.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let candidate = token.get(after_break..).unwrap_or_default();
        let found = TAGS.iter().find_map(|(text, tag, misspelt)| {
            let trimmed = candidate.trim_ascii_start();
            let whole = trimmed == *text;
            // Behind the last value of a segment the next tag follows without a separator.
            // A misspelling is too short to be told from a value unless the count says so too.
            let abutting = (ends_segment || !misspelt) && candidate.ends_with(text);
            (whole || abutting).then_some((text.len(), *tag, *misspelt))
        });
        match found {
            Some((length, tag, misspelt)) => {
                let before = token.get(..token.len() - length).unwrap_or_default();
                self.close(before.trim_ascii_end().to_vec(), overlong);
                let segment = Segment::new(tag, misspelt, self.line, self.separator.unwrap_or(b'|'));
                self.current = Some(segment);
            }
            None => match &mut self.current {
                Some(segment) => {
                    if overlong {
                        segment.fault = Some(Fault::TooLong);
                        segment.tokens.truncate(1);
                    }
                    segment.push(token);
                }
                None => self.stray(&token),
            },
        }
    }

    /// Ends the current segment with its last value.
    fn close(&mut self, last: Vec<u8>, overlong: bool) {
        match self.current.take() {
            Some(mut segment) => {
                segment.push(last);
                if overlong {
                    segment.fault = Some(Fault::TooLong);
                }
                self.ready.push_back(Event::Segment(segment));
            }
            None => self.stray(&last),
        }
    }

    fn stray(&mut self, text: &[u8]) {
        let told = self.stray_line == Some(self.token_line);
        if !text.trim_ascii().is_empty() && !told {
            self.stray_line = Some(self.token_line);
            self.ready.push_back(Event::Stray { line: self.token_line });
        }
    }

    /// A line end: the end of a whole segment, of a trailer, or a break inside a segment.
    fn end_of_line(&mut self) -> std::io::Result<()> {
        let line_start = self.token.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = self.token.get(line_start..).unwrap_or_default();
        if let Some(at) = trailer_start(line, self.current.is_none(), line_start > 0) {
            let text = line.get(at..).unwrap_or_default().to_vec();
            let before = self.token.get(..line_start + at).unwrap_or_default().trim_ascii_end().to_vec();
            self.token.clear();
            if self.current.is_some() {
                self.close(before, false);
            } else {
                self.stray(&before);
            }
            let more = self.something_follows()?;
            self.ready.push_back(Event::Trailer { text, more });
            return Ok(());
        }
        if let Some((tag, misspelt)) = other_separator(line) {
            let before = self.token.get(..line_start).unwrap_or_default().trim_ascii_end().to_vec();
            self.token.clear();
            if self.current.is_some() {
                self.close(before, false);
            }
            let mut segment = Segment::new(tag, misspelt, self.line, b'|');
            segment.fault = Some(Fault::Separator);
            self.ready.push_back(Event::Segment(segment));
            return Ok(());
        }
        match &self.current {
            // The segment has all its tokens: it ends here.
            Some(segment) if segment.is_at_end() => {
                let (last, overlong) = (std::mem::take(&mut self.token), std::mem::take(&mut self.overlong));
                self.close(last, overlong);
            }
            // Too few: either the line broke inside a value, or the next line has a tag and the count is wrong.
            Some(_) => self.push(b'\n'),
            None => {
                let text = std::mem::take(&mut self.token);
                self.stray(&text);
            }
        }
        Ok(())
    }

    /// The last segment of a file that was cut.
    fn end_of_file(&mut self) {
        if self.current.is_some() {
            let last = std::mem::take(&mut self.token);
            self.close(last.trim_ascii_end().to_vec(), false);
        }
    }

    /// Whether anything but white space follows the trailer.
    fn something_follows(&mut self) -> std::io::Result<bool> {
        while let Some(byte) = self.byte()? {
            // 0x1A is the end mark of old systems.
            if !byte.is_ascii_whitespace() && byte != 0x1a {
                return Ok(true);
            }
        }
        self.at_end = true;
        Ok(false)
    }
}

fn starts_tag(token: &[u8]) -> bool {
    let token = token.trim_ascii();
    TAGS.iter().any(|(tag, ..)| token == *tag)
}

/// Where a trailer begins in a line that holds no separator (or the part of it behind the last one). A cut
/// trailer is known by its first letters only, at the beginning of a line.
fn trailer_start(line: &[u8], between_segments: bool, after_break: bool) -> Option<usize> {
    let whole = line.windows(TRAILER_START.len()).position(|window| window == TRAILER_START);
    let cut = || {
        let text = line.trim_ascii();
        let begins = (3..TRAILER_START.len()).contains(&text.len()) && TRAILER_START.starts_with(text);
        ((between_segments || after_break) && begins).then_some(0)
    };
    whole.or_else(cut)
}

/// A tag that is followed by a separator that is not the file's.
fn other_separator(line: &[u8]) -> Option<(Tag, bool)> {
    let line = line.trim_ascii_start();
    TAGS.iter().find_map(|(text, tag, misspelt)| {
        let rest = line.strip_prefix(*text)?;
        rest.first().is_some_and(|byte| SEPARATORS.contains(byte)).then_some((*tag, *misspelt))
    })
}
