//! What an answer is written on: lines of a terminal, or a page of paper. What is written is decided once, for both.

use std::fmt::Write as _;

use super::html::{document, escaped};
use super::page::{self, Table};

/// A sheet, written from top to bottom. Every text is plain; steps are steps in from the left margin, of a terminal.
pub(super) trait Sheet {
    /// What the whole sheet says.
    fn title(&mut self, text: &str);
    /// Begins a part.
    fn heading(&mut self, text: &str);
    /// Whom the lines that follow are about, within a part.
    fn name(&mut self, text: &str);
    /// One line.
    fn line(&mut self, steps: usize, text: &str);
    /// Running text.
    fn text(&mut self, steps: usize, text: &str);
    /// Running text beside its label; labels that stand together are padded to one width.
    fn labelled(&mut self, label: &str, text: &str);
    /// Figures in columns.
    fn table(&mut self, table: &Table);
    /// Sets off what follows.
    fn gap(&mut self);
}

/// A page for the terminal.
#[derive(Default)]
pub(super) struct Terminal(String);

impl Terminal {
    pub(super) fn text(self) -> String {
        self.0
    }
}

fn indent(steps: usize) -> String {
    "  ".repeat(steps)
}

impl Sheet for Terminal {
    fn title(&mut self, text: &str) {
        page::line(&mut self.0, text);
    }

    fn heading(&mut self, text: &str) {
        self.gap();
        page::line(&mut self.0, text);
    }

    fn name(&mut self, text: &str) {
        self.line(1, text);
    }

    fn line(&mut self, steps: usize, text: &str) {
        page::line(&mut self.0, &format!("{}{text}", indent(steps)));
    }

    fn text(&mut self, steps: usize, text: &str) {
        page::wrapped(&mut self.0, &indent(steps), text);
    }

    fn labelled(&mut self, label: &str, text: &str) {
        page::wrapped(&mut self.0, label, text);
    }

    fn table(&mut self, table: &Table) {
        table.print(&mut self.0);
    }

    fn gap(&mut self) {
        self.0.push('\n');
    }
}

/// A page for the printer: HTML.
#[derive(Default)]
pub(super) struct Paper(String);

impl Paper {
    /// The whole file.
    pub(super) fn document(self, language: &str, title: &str) -> String {
        document(language, title, &self.0)
    }

    fn element(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escaped(text));
    }
}

impl Sheet for Paper {
    fn title(&mut self, text: &str) {
        self.element("h1", text);
    }

    fn heading(&mut self, text: &str) {
        self.element("h2", text);
    }

    fn name(&mut self, text: &str) {
        self.element("h3", text);
    }

    fn line(&mut self, _steps: usize, text: &str) {
        self.element("p", text);
    }

    fn text(&mut self, _steps: usize, text: &str) {
        self.element("p", text);
    }

    fn labelled(&mut self, label: &str, text: &str) {
        let (label, text) = (escaped(label.trim()), escaped(text));
        let _ = writeln!(self.0, "<p><b>{label}</b> {text}</p>");
    }

    fn table(&mut self, table: &Table) {
        self.0.push_str("<table class=\"figures\">\n");
        for (place, row) in table.rows().iter().enumerate() {
            self.0.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let (is_title, cell) = (place == 0, escaped(cell));
                let _ = match (is_title, column) {
                    (true, 0) if cell.is_empty() => write!(self.0, "<td></td>"),
                    (true, _) => write!(self.0, "<th scope=\"col\" class=\"n\">{cell}</th>"),
                    (false, 0) => write!(self.0, "<th scope=\"row\">{cell}</th>"),
                    (false, _) => write!(self.0, "<td class=\"n\">{cell}</td>"),
                };
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</table>\n");
    }

    fn gap(&mut self) {
        self.0.push_str("<hr>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sheet: &mut dyn Sheet) {
        sheet.title("REFER <1>");
        sheet.heading("Owed");
        sheet.name("Lender & Co");
        sheet.line(2, "a loan");
        sheet.labelled("  REFER  ", "four lenders");
        let mut table = Table::default();
        table.row(["", "own"].map(str::to_owned));
        table.row(["owed", "5"].map(str::to_owned));
        sheet.table(&table);
        sheet.gap();
        sheet.text(1, "answered");
    }

    #[test]
    fn terminal_and_paper_say_the_same() {
        let (mut terminal, mut paper) = (Terminal::default(), Paper::default());
        written(&mut terminal);
        written(&mut paper);
        let text = "REFER <1>\n\nOwed\n  Lender & Co\n    a loan\n  REFER  four lenders\n        own\n  owed    5\n\n  answered\n";
        assert_eq!(terminal.text(), text);
        let html = "<h1>REFER &lt;1&gt;</h1>\n<h2>Owed</h2>\n<h3>Lender &amp; Co</h3>\n<p>a loan</p>\n\
                    <p><b>REFER</b> four lenders</p>\n<table class=\"figures\">\n\
                    <tr><td></td><th scope=\"col\" class=\"n\">own</th></tr>\n\
                    <tr><th scope=\"row\">owed</th><td class=\"n\">5</td></tr>\n</table>\n<hr>\n<p>answered</p>\n";
        assert!(paper.document("en", "REFER").contains(html));
    }
}
