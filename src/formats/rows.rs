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
}
