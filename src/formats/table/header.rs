//! Finding columns in a header row.

use super::IdentifierPlace;
use crate::formats::mapping::{IdentifierColumn, Mapping, MappingError, word};
use crate::formats::outcome::FormatError;
use crate::model::identifier::{SchemeId, SchemeSet};

/// Refuses a mapping that names a scheme the network does not have.
pub(in crate::formats) fn check_schemes(mapping: &Mapping, schemes: &SchemeSet) -> Result<(), MappingError> {
    for (key, scheme) in mapping.schemes() {
        if !schemes.contains(scheme) {
            let problem = format!("\"{scheme}\" is not a scheme of this network");
            return Err(MappingError::Value { key: key.to_owned(), problem });
        }
    }
    Ok(())
}

/// The column of that name: exactly, or else the only one that differs in ASCII case alone.
pub(super) fn position(header: &[String], wanted: &str) -> Result<Option<usize>, FormatError> {
    let find = |same: &dyn Fn(&str) -> bool| -> Result<Option<usize>, FormatError> {
        let mut places = header.iter().enumerate().filter(|(_, name)| same(name)).map(|(at, _)| at);
        match (places.next(), places.next()) {
            (Some(_), Some(_)) => Err(FormatError::ColumnTwice { column: wanted.to_owned() }),
            (first, _) => Ok(first),
        }
    };
    match find(&|name| name == wanted)? {
        Some(at) => Ok(Some(at)),
        None => find(&|name| name.eq_ignore_ascii_case(wanted)),
    }
}

pub(super) fn missing(header: &[String], field: &str, wanted: &str) -> FormatError {
    let near = header
        .iter()
        .map(|name| (distance(&word(name), &word(wanted)), name))
        // A header row that is no header row may hold anything; only what is much like the name is shown.
        .filter(|(distance, _)| *distance <= wanted.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance);
    FormatError::ColumnMissing {
        field: field.to_owned(),
        column: wanted.to_owned(),
        nearest: near.map(|(_, name)| name.clone()),
    }
}

/// Edit distance of two short names.
fn distance(a: &str, b: &str) -> usize {
    if a.chars().count() > 64 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        let mut left = i + 1;
        for ((to, above_left), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            left = (above_left + usize::from(from != *to)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

pub(super) fn identifier_places(
    mapping: &Mapping,
    header: &[String],
    schemes: &SchemeSet,
) -> Result<Vec<IdentifierPlace>, FormatError> {
    let must = |wanted: &str| -> Result<(usize, String), FormatError> {
        let at = position(header, wanted)?.ok_or_else(|| missing(header, "an identifier", wanted))?;
        Ok((at, header.get(at).cloned().unwrap_or_default()))
    };
    let Some(rules) = &mapping.identifiers else {
        let mut places = Vec::new();
        for (at, name) in header.iter().enumerate() {
            let Ok(scheme) = name.to_ascii_lowercase().parse::<SchemeId>() else { continue };
            if schemes.contains(&scheme) {
                places.push(IdentifierPlace::One { at, name: name.clone(), scheme, country_code: None });
            }
        }
        return Ok(places);
    };
    rules
        .iter()
        .map(|rule| match rule {
            IdentifierColumn::One { column, scheme, country_code } => {
                let (at, name) = must(column)?;
                Ok(IdentifierPlace::One {
                    at,
                    name,
                    scheme: scheme.clone(),
                    country_code: country_code.clone(),
                })
            }
            IdentifierColumn::Typed { type_column, value_column, words } => {
                let ((type_at, type_name), (value_at, value_name)) =
                    (must(type_column)?, must(value_column)?);
                Ok(IdentifierPlace::Typed { type_at, type_name, value_at, value_name, words: words.clone() })
            }
        })
        .collect()
}

/// A header cell as a name.
pub(in crate::formats) fn header_name(text: &str) -> String {
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("status", "status"), 0);
        assert_eq!(distance("staus", "status"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
