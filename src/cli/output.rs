//! What a command says: plain lines, tables and JSON on standard output, warnings and questions on standard error.

use std::fmt;
use std::io::{self, BufRead as _, IsTerminal as _, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::exit::{Exit, Failure};

/// Where a command writes, and whether a person sits there.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    interactive: bool,
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal").field("interactive", &self.interactive).finish_non_exhaustive()
    }
}

impl Terminal {
    /// The process's own standard streams.
    pub fn standard() -> Self {
        let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()), interactive }
    }

    /// Any two writers, with nobody to ask.
    pub fn to(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        Self { out, err, interactive: false }
    }

    /// Whether somebody can be asked.
    pub fn interactive(&self) -> bool {
        self.interactive
    }

    /// A line on standard output.
    pub fn say(&mut self, line: impl fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// Bytes on standard output, as they are.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// A line on standard error.
    pub fn note(&mut self, line: impl fmt::Display) -> io::Result<()> {
        writeln!(self.err, "{line}")
    }

    /// A table without frames, as columns under their headings.
    pub fn table<const N: usize>(&mut self, heads: [&str; N], rows: Vec<[String; N]>) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(heads);
        for row in rows {
            table.add_row(row);
        }
        for line in table.lines() {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// A value as indented JSON.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        writeln!(self.out, "{text}")
    }

    /// Asks a person for a yes; without a person, refuses and says which flag stands for the yes.
    pub fn confirm(&mut self, question: &str, flags: &str) -> Result<(), Failure> {
        if !self.interactive {
            let words = format!("nobody is here to say yes: {question} Say it with {flags}");
            return Err(Failure::new(Exit::Refused, words));
        }
        write!(self.err, "{question} [y/N] ")?;
        self.err.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::new(Exit::Refused, "not confirmed; nothing was changed")),
        }
    }
}
