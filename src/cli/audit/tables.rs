//! What the auditor typed from paper, and what a lender's own systems say of its loans: CSV files.

use std::path::Path;

use super::super::{Exit, Failure};
use super::read;
use crate::audit::binding::{Form, FormOf, SourceLoan};
use crate::limits::AUDITOR_TABLE_BYTES_MAX;
use crate::model::identifier::{Identifier, SchemeId, SchemeSet};

/// Forms: columns `consent` (the index of its leaf, or its id), `scheme`, `value`.
pub(super) fn forms(path: &Path, schemes: &SchemeSet) -> Result<Vec<Form>, Failure> {
    let form = |of: &str, identifier| of.parse::<FormOf>().map(|of| Form { of, identifier });
    rows(path, "consent", schemes, |of, identifier| form(of, identifier).map_err(|error| error.to_string()))
}

/// Loans: columns `account`, `scheme`, `value`.
pub(super) fn loans(path: &Path, schemes: &SchemeSet) -> Result<Vec<SourceLoan>, Failure> {
    rows(path, "account", schemes, |account, identifier| {
        Ok(SourceLoan { account: account.to_owned(), identifier })
    })
}

fn rows<T>(
    path: &Path,
    first: &str,
    schemes: &SchemeSet,
    make: impl Fn(&str, Identifier) -> Result<T, String>,
) -> Result<Vec<T>, Failure> {
    let wrong =
        |line: u64, why: &str| Failure::new(Exit::Usage, format!("{}: line {line}: {why}", path.display()));
    let bytes = read(path, AUDITOR_TABLE_BYTES_MAX)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let heads = reader.headers().map_err(|_| wrong(1, "it is no CSV"))?.clone();
    let column = |name: &str| {
        let found = heads.iter().position(|head| head.eq_ignore_ascii_case(name));
        found.ok_or_else(|| wrong(1, &format!("there is no column `{name}`; needed: {first}, scheme, value")))
    };
    let (first, scheme, value) = (column(first)?, column("scheme")?, column("value")?);
    let mut made = Vec::new();
    for row in reader.records() {
        // What stands there is not repeated: it is about a person.
        let row = row.map_err(|error| {
            wrong(error.position().map_or(0, csv::Position::line), "it is not like the other lines")
        })?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let scheme: SchemeId = cell(scheme).parse().map_err(|error| wrong(line, &format!("{error}")))?;
        let identifier =
            schemes.parse(&scheme, cell(value)).map_err(|error| wrong(line, &error.to_string()))?;
        made.push(make(cell(first), identifier).map_err(|error| wrong(line, &error))?);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_and_faults_name_the_line_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("forms.csv");
        let schemes = SchemeSet::new();
        std::fs::write(&path, "\u{feff}Value, Scheme ,consent\n010 203 040,kh-nid,7\n").unwrap();
        let read = forms(&path, &schemes).unwrap();
        assert_eq!(read[0].of, FormOf::Leaf(7));
        assert_eq!(read[0].identifier.value(), "010203040");
        for (text, line) in [
            ("scheme,value\n", "line 1"),
            ("consent,scheme,value\n7,kh-nid,010203040\n8,kh-nid,0102\n", "line 3"),
            ("consent,scheme,value\n7,kh-nid\n", "line 2"),
            ("consent,scheme,value\nseven,kh-nid,010203040\n", "line 2"),
        ] {
            std::fs::write(&path, text).unwrap();
            let words = forms(&path, &schemes).unwrap_err().words();
            assert!(words.contains(line) && !words.contains("0102") && !words.contains("seven"), "{words}");
        }
    }
}
