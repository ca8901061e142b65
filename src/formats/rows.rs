//! Rows that came one by one, as the delimited file that they would make: one reader for both.

use std::collections::{BTreeMap, BTreeSet};

/// A comma-separated file (RFC 4180) with a header row of every name that occurs, and a line for each row in order: row
/// n stands in line n + 1. What a row does not name is empty there, which is "not reported".
pub fn rows_as_csv(rows: &[BTreeMap<String, String>]) -> Vec<u8> {
    let names: BTreeSet<&str> = rows.iter().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing to memory fails for want of memory only, and every record has as many fields as the first.
    out.write_record(&names).expect("memory is written");
    for row in rows {
        // A line break in a value would move the lines of those behind it.
        let value =
            |name: &&str| row.get(*name).map_or(String::new(), |value| value.replace(['\r', '\n'], " "));
        out.write_record(names.iter().map(value)).expect("memory is written");
    }
    out.into_inner().expect("memory is flushed")
}

/// The columns of a rejected row with their values, where it is kept as a small file of two lines (as the rows of
/// delimited files and workbooks are); nothing for any other text.
pub fn row_columns(row: &str) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
    let records: Result<Vec<csv::StringRecord>, csv::Error> = reader.records().take(3).collect();
    match records.as_deref() {
        Ok([names, values]) if names.len() > 1 => {
            names.iter().zip(values).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_make_a_file_of_one_line_each() {
        let row = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let rows =
            [row(&[("account", "a,1"), ("status", "a \"b\"\nc")]), row(&[("account", "2"), ("client", "k")])];
        let text = String::from_utf8(rows_as_csv(&rows)).unwrap();
        assert_eq!(text, "account,client,status\n\"a,1\",,\"a \"\"b\"\" c\"\n2,k,\n");
    }

    #[test]
    fn a_kept_row_gives_its_columns() {
        let row = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(row_columns("a,b\n1,\"x, y\"\n"), row(&[("a", "1"), ("b", "x, y")]));
        for other in ["", "a,b\n", "a,b\n1\n", "a\n1\n", "a,b\n1,2\n3,4\n", "ACTCRD~1~2"] {
            assert_eq!(row_columns(other), [], "{other:?}");
        }
    }
}
