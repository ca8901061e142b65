//! A rejected row, cut into columns for the clerk who must mend it, with the faulty one marked.

use serde_json::Value;

/// Tag of the segment that holds a loan (India MFI Common Data Format).
const SEGMENT: &str = "ACTCRD";

/// A column of a rejected row.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    /// As the format calls it.
    pub name: String,
    /// As it stood in the file. Personal data.
    pub value: String,
    /// Whether the row was rejected for it.
    pub is_wrong: bool,
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Column");
        shown.field("name", &self.name).field("is_wrong", &self.is_wrong).finish_non_exhaustive()
    }
}

/// The columns of a rejected row as it is kept, those of `field` marked: a small file of two lines (rows of delimited
/// files and workbooks), a loan as a JSON object (Fineract), or an account segment (CDF). Nothing for any other text.
pub fn row_columns(row: &str, field: &str) -> Vec<Column> {
    let found = delimited(row).or_else(|| object(row, field)).or_else(|| segment(row));
    let mut columns = found.unwrap_or_default();
    for column in &mut columns {
        column.is_wrong = is_of(&column.name, field);
    }
    columns
}

/// Whether a column is what a field names: the same name, one inside it (`summary` and `summary.totalOverdue`), or the
/// place in a segment with which the field's name begins (`ACTCRD 11` and `ACTCRD 11 status`).
fn is_of(column: &str, field: &str) -> bool {
    let begins = |text: &str, start: &str, then: char| {
        text.strip_prefix(start).is_some_and(|rest| rest.starts_with(then))
    };
    column.eq_ignore_ascii_case(field)
        || begins(column, field, '.')
        || (column.starts_with(SEGMENT) && begins(field, column, ' '))
}

fn column(name: &str, value: &str) -> Column {
    Column { name: name.to_owned(), value: value.to_owned(), is_wrong: false }
}

fn delimited(row: &str) -> Option<Vec<Column>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
    let records: Result<Vec<csv::StringRecord>, csv::Error> = reader.records().take(3).collect();
    match records.as_deref() {
        Ok([names, values]) if names.len() > 1 => {
            Some(names.iter().zip(values).map(|(name, value)| column(name, value)).collect())
        }
        _ => None,
    }
}

fn object(row: &str, field: &str) -> Option<Vec<Column>> {
    let Ok(value @ Value::Object(_)) = serde_json::from_str(row) else { return None };
    let mut columns = Vec::new();
    flatten("", &value, &mut columns);
    // What is missing is not in the object; it is what the clerk looks for.
    if !columns.iter().any(|column| is_of(&column.name, field)) {
        columns.insert(0, column(field, ""));
    }
    Some(columns)
}

/// Dotted paths, as faults name them. A list stays one value.
fn flatten(path: &str, value: &Value, columns: &mut Vec<Column>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, columns);
            }
        }
        Value::String(text) => columns.push(column(path, text)),
        other => columns.push(column(path, &other.to_string())),
    }
}

fn segment(row: &str) -> Option<Vec<Column>> {
    let separator = row.strip_prefix(SEGMENT)?.chars().next()?;
    let tokens = row.split(separator).enumerate().skip(1);
    Some(tokens.map(|(place, token)| column(&format!("{SEGMENT} {place}"), token)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(row: &str, field: &str) -> Vec<String> {
        let columns = row_columns(row, field).into_iter();
        let mark = |one: &Column| if one.is_wrong { "!" } else { "" };
        columns.map(|one| format!("{}{}={}", mark(&one), one.name, one.value)).collect()
    }

    #[test]
    fn a_kept_row_gives_its_columns() {
        assert_eq!(shown("a,b\n1,\"x, y\"\n", "B"), ["a=1", "!b=x, y"]);
        for other in ["", "a,b\n", "a,b\n1\n", "a\n1\n", "a,b\n1,2\n3,4\n", "ADRCRD~1~2", "[1]", "ACTCRD"] {
            assert!(row_columns(other, "a").is_empty(), "{other:?}");
        }
    }

    #[test]
    fn the_fault_is_marked_in_every_format() {
        let segment = shown("ACTCRD~A1~~B", "ACTCRD 1 unique reference");
        assert_eq!(segment, ["!ACTCRD 1=A1", "ACTCRD 2=", "ACTCRD 3=B"]);
        let tokens: Vec<String> = (1..=12).map(|place| place.to_string()).collect();
        let marked = row_columns(&format!("ACTCRD~{}", tokens.join("~")), "ACTCRD 11 status");
        let marked: Vec<&str> =
            marked.iter().filter(|one| one.is_wrong).map(|one| one.name.as_str()).collect();
        assert_eq!(marked, ["ACTCRD 11"], "and not ACTCRD 1");
        let loan = r#"{"accountNo":"7","status":{"id":300},"timeline":{"closedOnDate":[2026,1,2]}}"#;
        let dates = "timeline.closedOnDate=[2026,1,2]";
        assert_eq!(shown(loan, "status.id"), ["accountNo=7", "!status.id=300", dates]);
        assert_eq!(shown(loan, "timeline").last(), Some(&format!("!{dates}")));
        let missing = shown(loan, "summary.totalOverdue");
        assert_eq!(missing.first().map(String::as_str), Some("!summary.totalOverdue="));
    }
}
