//! Lines of a file, each bounded, with the possibility to put lines back.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

use crate::limits::{IMPORT_BYTES_MAX, IMPORT_ROW_BYTES_MAX};

/// One line without its end.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Number of the line, from 1.
    pub(super) number: u64,
    /// Its bytes, without CR LF or LF.
    pub(super) bytes: Vec<u8>,
    /// Whether it was longer than the bound; then `bytes` is empty.
    pub(super) too_long: bool,
}

/// Reads lines of at most [`IMPORT_ROW_BYTES_MAX`] bytes from at most [`IMPORT_BYTES_MAX`] bytes.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: BufReader<std::io::Take<R>>,
    read: u64,
    returned: VecDeque<Line>,
}

impl<R: Read> Lines<R> {
    /// Lines of `reader`.
    pub(super) fn new(reader: R) -> Self {
        // One byte beyond the bound tells a file that is too long from one that just fits.
        Self {
            reader: BufReader::with_capacity(64 * 1024, reader.take(IMPORT_BYTES_MAX + 1)),
            read: 0,
            returned: VecDeque::new(),
        }
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let mut too_long = false;
        let mut any = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|b| *b == b'\n');
            let take = end.map_or(buffer.len(), |at| at + 1);
            let part = buffer.get(..take).unwrap_or_default();
            if too_long || bytes.len() + part.len() > IMPORT_ROW_BYTES_MAX + 2 {
                too_long = true;
                bytes.clear();
            } else {
                bytes.extend_from_slice(part);
            }
            self.reader.consume(take);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        self.read += 1;
        Ok(Some(Line { number: self.read, bytes, too_long }))
    }

    /// Puts lines back, to be read again in this order.
    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }

    /// Whether the file went on beyond the bound of bytes.
    pub(super) fn cut(&self) -> bool {
        self.reader.get_ref().limit() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, Vec<u8>, bool)> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.next().unwrap())
            .map(|line| (line.number, line.bytes, line.too_long))
            .collect()
    }

    #[test]
    fn lines_with_any_end() {
        assert_eq!(all(b""), vec![]);
        assert_eq!(
            all(b"a\r\nb\n\nc"),
            vec![
                (1, b"a".to_vec(), false),
                (2, b"b".to_vec(), false),
                (3, vec![], false),
                (4, b"c".to_vec(), false)
            ]
        );
    }

    #[test]
    fn a_long_line_is_passed_over_and_the_next_is_read() {
        let mut text = vec![b'x'; 5 * IMPORT_ROW_BYTES_MAX];
        text.extend_from_slice(b"\nnext\n");
        assert_eq!(all(&text), vec![(1, vec![], true), (2, b"next".to_vec(), false)]);
    }

    #[test]
    fn lines_put_back_come_again_in_order() {
        let mut lines = Lines::new(&b"a\nb\nc\n"[..]);
        let (a, b) = (lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap());
        lines.put_back(vec![a, b]);
        let order: Vec<u64> = std::iter::from_fn(|| lines.next().unwrap()).map(|line| line.number).collect();
        assert_eq!(order, [1, 2, 3]);
    }
}
