//! Small means of a page for the terminal: aligned tables, wrapped lines, figures as people read them.

use crate::model::amount::{Amount, Money};
use crate::model::answer::Band;

/// Width to which running text is wrapped.
pub(super) const COLUMNS: usize = 100;

/// A table with aligned columns: the first flush left, the others flush right.
#[derive(Default)]
pub(super) struct Table(Vec<Vec<String>>);

impl Table {
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.push(cells.into_iter().collect());
    }

    /// The rows, each after two spaces.
    pub(super) fn print(&self, page: &mut String) {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.0.iter().filter_map(|row| row.get(column)).map(|cell| length(cell)).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for row in &self.0 {
            let mut line = String::from(" ");
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column] - length(cell));
                if column == 0 {
                    line.push_str(&format!(" {cell}{gap}"));
                } else {
                    line.push_str(&format!("  {gap}{cell}"));
                }
            }
            page.push_str(&plain(line.trim_end()));
            page.push('\n');
        }
    }
}

/// Length in characters, which is what a terminal shows for the scripts that stand in tables.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text that cannot move the cursor, fake a line or turn the reading direction: some of it (purposes of other
/// lenders' inquiries) was written by others.
pub(super) fn plain(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { '\u{fffd}' } else { c }).collect()
}

/// One line of text.
pub(super) fn line(page: &mut String, text: &str) {
    page.push_str(&plain(text));
    page.push('\n');
}

/// Text wrapped to the page, the first line after `first`, the others after as many spaces.
pub(super) fn wrapped(page: &mut String, first: &str, text: &str) {
    let indent = " ".repeat(length(first));
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words(text) {
        let word = &plain(&word);
        if !empty && length(&line) + 1 + length(word) > COLUMNS {
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

/// The words of a text; `52.5 %` and `USD 1.00` stay together.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let is_figure = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let code = |last: &String| {
            let letters = last.trim_start_matches(['(', '[']);
            letters.len() == 3 && letters.bytes().all(|b| b.is_ascii_uppercase())
        };
        match words.last_mut() {
            Some(last) if word.starts_with('%') || (is_figure && code(last)) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// An amount with its thousands grouped, as `1,234.50`.
pub(super) fn grouped(amount: &Amount) -> String {
    let text = amount.as_str();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// An amount with its currency, as `USD 1,234.50`.
pub(super) fn money(money: &Money) -> String {
    format!("{} {}", money.currency, grouped(&money.amount))
}

/// Hundredths of a percent as percent, as `52.5 %`.
pub(super) fn percent(basis_points: u64) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{whole} %"),
        (_, 0) => format!("{whole}.{} %", rest / 10),
        _ => format!("{whole}.{rest:02} %"),
    }
}

/// A count with its noun: `1 lender`, `2 lenders`.
pub(super) fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Some things as a list: `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A band by its usual name.
pub(super) fn band(band: Band) -> &'static str {
    match band {
        Band::Current => "current",
        Band::Sma0 => "SMA-0",
        Band::Sma1 => "SMA-1",
        Band::Sma2 => "SMA-2",
        Band::Npa => "NPA",
        Band::Unknown => "not known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_as_people_read_them() {
        for (amount, shown) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1234567.50", "-1,234,567.50"),
            ("100000", "100,000"),
        ] {
            assert_eq!(grouped(&amount.parse().unwrap()), shown);
        }
        for (basis_points, shown) in
            [(5000, "50 %"), (5250, "52.5 %"), (5001, "50.01 %"), (5, "0.05 %"), (0, "0 %")]
        {
            assert_eq!(percent(basis_points), shown);
        }
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }

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
        assert_eq!(words("is (USD 4.00 a), 52.5 %; no"), ["is", "(USD 4.00", "a),", "52.5 %;", "no"]);
    }
}
