//! Small means of a page for the terminal: aligned tables and wrapped lines.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::wording::Words;

/// Width to which running text is wrapped.
pub(super) const COLUMNS: usize = 100;

/// A table with aligned columns: the first flush left, the others flush right.
#[derive(Default)]
pub(super) struct Table(Vec<Vec<String>>);

impl Table {
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.push(cells.into_iter().collect());
    }

    /// The rows; the first are the titles of the columns.
    pub(super) fn rows(&self) -> &[Vec<String>] {
        &self.0
    }

    /// The rows, each after two spaces.
    pub(super) fn print(&self, page: &mut String) {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let widest =
            |column: usize| self.0.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
        let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
        for row in &self.0 {
            let mut line = String::from(" ");
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column] - width(cell));
                if column == 0 {
                    let _ = write!(line, " {cell}{gap}");
                } else {
                    let _ = write!(line, "  {gap}{cell}");
                }
            }
            page.push_str(&shown(line.trim_end()));
            page.push('\n');
        }
    }
}

/// Columns that a terminal takes for a text: none for a vowel above its letter, two for a wide sign.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Text that cannot move the cursor, fake a line or turn the reading direction: some of it (purposes of other
/// lenders' inquiries) was written by others.
pub(super) fn plain(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { '\u{fffd}' } else { c }).collect()
}

/// Plain text for a terminal, where spaces that do not break have nothing to hold.
fn shown(text: &str) -> String {
    plain(text).replace(['\u{a0}', '\u{202f}'], " ")
}

/// One line of text.
pub(super) fn line(page: &mut String, text: &str) {
    page.push_str(&shown(text));
    page.push('\n');
}

/// Text wrapped to the page, the first line after `first`, the others after as many spaces.
pub(super) fn wrapped(page: &mut String, first: &str, text: &str) {
    let indent = " ".repeat(width(first));
    let mut line = first.to_owned();
    let mut empty = true;
    for word in pieces(text) {
        let word = &shown(word);
        if !empty && width(&line) + 1 + width(word) > COLUMNS {
            page.push_str(line.trim_end());
            page.push('\n');
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    page.push_str(line.trim_end());
    page.push('\n');
}

/// The words of a text. What a no-break space holds together, as `52.5 %`, is one.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\n', '\t', '\r']).filter(|piece| !piece.is_empty())
}

/// Parts of a line, with commas between them.
pub(super) fn joined(parts: Vec<String>, words: &Words) -> String {
    let comma = |before: String, next: String| {
        words.with("common-list-comma", &[("first", before.into()), ("next", next.into())])
    };
    parts.into_iter().reduce(comma).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_stays_text() {
        let mut page = String::new();
        line(&mut page, "a\u{1b}[2Jb\nPASS\u{202e}c");
        wrapped(&mut page, "- ", "d\u{1b}[2Je\nf");
        assert_eq!(page, "a\u{fffd}[2Jb\u{fffd}PASS\u{fffd}c\n- d\u{fffd}[2Je f\n");
    }

    #[test]
    fn long_text_is_wrapped_under_its_beginning() {
        let mut page = String::new();
        wrapped(&mut page, "  REFER  ", &"word ".repeat(40));
        assert!(page.lines().all(|line| line.len() <= COLUMNS));
        assert!(page.lines().skip(1).all(|line| line.starts_with("         word")));
        assert_eq!(page.matches("word").count(), 40);
        let held: Vec<&str> = pieces("is  (USD\u{a0}4.00\na)").collect();
        assert_eq!(held, ["is", "(USD\u{a0}4.00", "a)"]);
        let mut page = String::new();
        line(&mut page, "1\u{202f}234,50\u{a0}USD");
        assert_eq!(page, "1 234,50 USD\n");
    }
}
