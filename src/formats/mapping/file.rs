//! The mapping file: its keys are its manual.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    AmountUnit, Column, DatePattern, Encoding, Field, FineractMapping, IdentifierColumn, Mapping,
    MappingError, NumberForm, own_dates, own_frequencies, own_kinds, own_statuses, word,
};
use crate::model::identifier::SchemeId;

/// A mapping file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MappingFile {
    /// The shape of the file.
    file: FileSection,
    /// How numbers are written.
    numbers: NumbersSection,
    /// How dates are written.
    dates: DatesSection,
    /// What holds for the whole file.
    defaults: DefaultsSection,
    /// Column by field. A field that is not named here is looked for under its own name; "" switches it off.
    columns: BTreeMap<String, String>,
    /// Where identifiers stand. Without any, every column that bears the name of a scheme is one.
    identifiers: Vec<IdentifierEntry>,
    /// The file's status word = ours: current, delinquent, active (follows from the figures), restructured,
    /// written-off, closed, settled, not-disbursed, refused.
    status: BTreeMap<String, String>,
    /// The file's frequency word = ours: daily, weekly, fortnightly, four-weekly, monthly, two-monthly,
    /// quarterly, half-yearly, yearly, bullet, other.
    frequency: BTreeMap<String, String>,
    /// The file's word for the kind of loan = ours: individual, group-member, group, guarantor.
    kind: BTreeMap<String, String>,
    /// Fineract only.
    fineract: FineractSection,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileSection {
    /// `auto` (from the header row), `,`, `;`, `|` or `tab`.
    delimiter: Option<String>,
    /// `utf-8` (with or without a byte order mark) or `latin-1`.
    encoding: Option<String>,
    /// Sheet of a workbook; the first without it.
    sheet: Option<String>,
    /// Rows above the header row.
    skip_rows: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NumbersSection {
    /// `.` or `,`.
    decimal: Option<String>,
    /// `none`, `,`, `.`, `space` or `'`.
    grouping: Option<String>,
    /// `major` (12.50) or `minor` (1250).
    amounts: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DatesSection {
    /// Patterns of YYYY, MM, DD, hh, mm, ss. Two that could be taken for each other are refused.
    formats: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DefaultsSection {
    /// Currency of rows that name none.
    currency: Option<String>,
    /// Kind of rows that name none.
    kind: Option<String>,
    /// Branch of rows that name none.
    branch: Option<String>,
    /// Day of the figures, YYYY-MM-DD, of files that have no column for it.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentifierEntry {
    /// Column with values of one scheme.
    column: Option<String>,
    /// That scheme.
    scheme: Option<String>,
    /// Country calling code for telephone numbers without one, as 855. A leading 0 is then dropped.
    country_code: Option<String>,
    /// Column with the kind of the identifier.
    type_column: Option<String>,
    /// Column with its value.
    value_column: Option<String>,
    /// The file's word for a kind = scheme.
    words: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FineractSection {
    /// Name or id of a document type = scheme.
    document_types: BTreeMap<String, String>,
    /// Reads a client's mobile number as a telephone number of this calling code.
    mobile_country_code: Option<String>,
    /// Reads a client's external id as this scheme.
    external_id: Option<String>,
}

pub(super) fn parse(text: &str) -> Result<Mapping, MappingError> {
    let file: MappingFile = toml::from_str(text).map_err(|error| MappingError::Toml(error.to_string()))?;
    let mut mapping = Mapping::builtin();
    apply_shape(&mut mapping, &file)?;
    apply_columns(&mut mapping, file.columns)?;
    if !file.identifiers.is_empty() {
        mapping.identifiers = Some(identifiers(file.identifiers)?);
    }
    mapping.statuses = words("status", file.status, &own_statuses())?;
    mapping.frequencies = words("frequency", file.frequency, &own_frequencies())?;
    mapping.kinds = words("kind", file.kind, &own_kinds())?;
    mapping.fineract = fineract(file.fineract)?;
    apply_defaults(&mut mapping, file.defaults)?;
    Ok(mapping)
}

fn apply_shape(mapping: &mut Mapping, file: &MappingFile) -> Result<(), MappingError> {
    mapping.delimiter = match file.file.delimiter.as_deref() {
        None | Some("auto") => None,
        Some(",") => Some(b','),
        Some(";") => Some(b';'),
        Some("|") => Some(b'|'),
        Some("tab" | "\t") => Some(b'\t'),
        Some(_) => {
            return Err(MappingError::value("file.delimiter", "give auto, \",\", \";\", \"|\" or tab"));
        }
    };
    mapping.encoding = match file.file.encoding.as_deref() {
        None | Some("utf-8") => Encoding::Utf8,
        Some("latin-1") => Encoding::Latin1,
        Some(_) => return Err(MappingError::value("file.encoding", "give utf-8 or latin-1")),
    };
    mapping.sheet.clone_from(&file.file.sheet);
    mapping.skip_rows = file.file.skip_rows.unwrap_or(0);
    let decimal = match file.numbers.decimal.as_deref() {
        None | Some(".") => '.',
        Some(",") => ',',
        Some(_) => return Err(MappingError::value("numbers.decimal", "give \".\" or \",\"")),
    };
    let grouping = match file.numbers.grouping.as_deref() {
        None | Some("none") => None,
        Some(",") => Some(','),
        Some(".") => Some('.'),
        Some("space") => Some(' '),
        Some("'") => Some('\''),
        Some(_) => {
            return Err(MappingError::value("numbers.grouping", "give none, \",\", \".\", space or \"'\""));
        }
    };
    if grouping == Some(decimal) {
        return Err(MappingError::value("numbers.grouping", "cannot be the decimal mark"));
    }
    mapping.form = NumberForm { decimal, grouping };
    mapping.unit = match file.numbers.amounts.as_deref() {
        None | Some("major") => AmountUnit::Major,
        Some("minor") => AmountUnit::Minor,
        Some(_) => return Err(MappingError::value("numbers.amounts", "give major or minor")),
    };
    mapping.dates = dates(file.dates.formats.as_deref())?;
    Ok(())
}

fn dates(formats: Option<&[String]>) -> Result<Vec<DatePattern>, MappingError> {
    const KEY: &str = "dates.formats";
    let Some(formats) = formats else { return Ok(own_dates()) };
    if formats.is_empty() {
        return Err(MappingError::value(KEY, "give at least one pattern, as DD/MM/YYYY"));
    }
    let mut patterns: Vec<DatePattern> = Vec::new();
    for format in formats {
        let pattern = DatePattern::parse(format)
            .map_err(|problem| MappingError::value(KEY, format!("\"{format}\": {problem}")))?;
        if let Some(other) = patterns.iter().find(|other| other.shape() == pattern.shape()) {
            let problem = format!(
                "\"{}\" and \"{format}\" fit the same texts: keep the one the file uses",
                other.text()
            );
            return Err(MappingError::value(KEY, problem));
        }
        patterns.push(pattern);
    }
    Ok(patterns)
}

fn apply_columns(mapping: &mut Mapping, columns: BTreeMap<String, String>) -> Result<(), MappingError> {
    for (key, column) in columns {
        let Some(field) = Field::ALL.into_iter().find(|field| field.key() == key) else {
            let known: Vec<&str> = Field::ALL.into_iter().map(Field::key).collect();
            let problem = format!("no field of a loan; the fields are {}", known.join(", "));
            return Err(MappingError::value(format!("columns.{key}"), problem));
        };
        if column.trim().is_empty() {
            if field.is_needed() {
                return Err(MappingError::value(format!("columns.{key}"), "a loan needs this field"));
            }
            mapping.columns.insert(field, Column::Off);
        } else {
            mapping.columns.insert(field, Column::Named(column.trim().to_owned()));
        }
    }
    Ok(())
}

fn scheme(key: &str, text: &str) -> Result<SchemeId, MappingError> {
    text.parse()
        .map_err(|_| MappingError::value(key, format!("\"{text}\" is not the name of a scheme, as kh-nid")))
}

fn country_code(key: &str, text: &str) -> Result<String, MappingError> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if (1..=3).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
    {
        Ok(digits.to_owned())
    } else {
        Err(MappingError::value(key, "give the country calling code, as 855"))
    }
}

fn identifiers(entries: Vec<IdentifierEntry>) -> Result<Vec<IdentifierColumn>, MappingError> {
    const KEY: &str = "identifiers";
    let mut rules = Vec::new();
    for entry in entries {
        let rule = match entry {
            IdentifierEntry {
                column: Some(column),
                scheme: Some(name),
                country_code: code,
                type_column: None,
                value_column: None,
                words: None,
            } => {
                let scheme = scheme("identifiers.scheme", &name)?;
                if code.is_some() && name != "phone" {
                    return Err(MappingError::value(
                        "identifiers.country_code",
                        "is for the scheme phone only",
                    ));
                }
                let country_code =
                    code.map(|code| country_code("identifiers.country_code", &code)).transpose()?;
                IdentifierColumn::One { column, scheme, country_code }
            }
            IdentifierEntry {
                column: None,
                scheme: None,
                country_code: None,
                type_column: Some(type_column),
                value_column: Some(value_column),
                words: Some(words),
            } => {
                let words = words
                    .into_iter()
                    .map(|(text, name)| Ok((word(&text), scheme("identifiers.words", &name)?)))
                    .collect::<Result<_, MappingError>>()?;
                IdentifierColumn::Typed { type_column, value_column, words }
            }
            _ => {
                let problem = "give either column and scheme, or type_column, value_column and words";
                return Err(MappingError::value(KEY, problem));
            }
        };
        rules.push(rule);
    }
    Ok(rules)
}

/// The file's own words; ours are known beside them unless the file uses them for something else.
fn words<T: Copy>(
    section: &str,
    table: BTreeMap<String, String>,
    own: &BTreeMap<String, T>,
) -> Result<BTreeMap<String, T>, MappingError> {
    let mut words = own.clone();
    for (text, meaning) in table {
        let Some(meaning) = own.get(&word(&meaning)) else {
            let known: Vec<&str> = own.keys().map(String::as_str).collect();
            let problem = format!("give one of {}", known.join(", "));
            return Err(MappingError::value(format!("{section}.\"{text}\""), problem));
        };
        words.insert(word(&text), *meaning);
    }
    Ok(words)
}

fn fineract(section: FineractSection) -> Result<FineractMapping, MappingError> {
    let document_types = section
        .document_types
        .into_iter()
        .map(|(text, name)| Ok((word(&text), scheme("fineract.document_types", &name)?)))
        .collect::<Result<_, MappingError>>()?;
    let mobile_country_code = section
        .mobile_country_code
        .map(|code| country_code("fineract.mobile_country_code", &code))
        .transpose()?;
    let external_id = section.external_id.map(|name| scheme("fineract.external_id", &name)).transpose()?;
    Ok(FineractMapping { document_types, mobile_country_code, external_id })
}

fn apply_defaults(mapping: &mut Mapping, defaults: DefaultsSection) -> Result<(), MappingError> {
    if let Some(currency) = defaults.currency {
        let currency =
            currency.parse().map_err(|_| MappingError::value("defaults.currency", "give a code as KHR"))?;
        mapping.currency = Some(currency);
    }
    if let Some(kind) = defaults.kind {
        mapping.kind = *own_kinds().get(&word(&kind)).ok_or_else(|| {
            MappingError::value("defaults.kind", "give individual, group-member, group or guarantor")
        })?;
    }
    if let Some(as_of) = defaults.as_of {
        let day =
            as_of.parse().map_err(|_| MappingError::value("defaults.as_of", "give a day as 2026-11-22"))?;
        mapping.as_of = Some(day);
    }
    mapping.branch = defaults.branch;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_built_in_mapping() {
        assert_eq!(parse("").unwrap(), Mapping::builtin());
    }

    #[test]
    fn errors_name_the_key() {
        let cases = [
            ("colour = 1", "colour"),
            ("[file]\ndelimeter = ','", "delimeter"),
            ("[file]\ndelimiter = '#'", "file.delimiter"),
            ("[file]\nencoding = 'utf-16'", "file.encoding"),
            ("[numbers]\ndecimal = ','\ngrouping = ','", "numbers.grouping"),
            ("[numbers]\ndecimal = '-'", "numbers.decimal"),
            ("[numbers]\ngrouping = '-'", "numbers.grouping"),
            ("[numbers]\namounts = 'cents'", "numbers.amounts"),
            ("[dates]\nformats = []", "dates.formats"),
            ("[dates]\nformats = ['DD/MM/YYYY', 'MM/DD/YYYY']", "dates.formats"),
            ("[dates]\nformats = ['DD/MM/YY']", "dates.formats"),
            ("[columns]\ncolour = 'x'", "columns.colour"),
            ("[columns]\naccount = ''", "columns.account"),
            ("[defaults]\ncurrency = 'riel'", "defaults.currency"),
            ("[defaults]\nkind = 'loan'", "defaults.kind"),
            ("[defaults]\nas_of = '22/11/2026'", "defaults.as_of"),
            ("[status]\nA = 'running'", "status.\"A\""),
            ("[frequency]\nM = 'mensual'", "frequency.\"M\""),
            ("[kind]\nJ = 'jlg'", "kind.\"J\""),
            ("[[identifiers]]\ncolumn = 'x'", "identifiers"),
            ("[[identifiers]]\ncolumn = 'x'\nscheme = 'No Scheme'", "identifiers.scheme"),
            (
                "[[identifiers]]\ncolumn = 'x'\nscheme = 'kh-nid'\ncountry_code = '855'",
                "identifiers.country_code",
            ),
            (
                "[[identifiers]]\ncolumn = 'x'\nscheme = 'phone'\ncountry_code = '0855'",
                "identifiers.country_code",
            ),
            ("[[identifiers]]\ncolumn = 'x'\nscheme = 'kh-nid'\ntype_column = 'y'", "identifiers"),
            ("[fineract]\nmobile_country_code = 'UG'", "fineract.mobile_country_code"),
            ("[fineract]\nexternal_id = '?'", "fineract.external_id"),
            ("[fineract.document_types]\nPassport = '?'", "fineract.document_types"),
        ];
        for (text, key) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn words_are_compared_without_case_and_spaces() {
        let mapping = parse("[status]\n'In Arrears' = 'delinquent'\n").unwrap();
        assert!(mapping.statuses.contains_key(&word(" in_arrears ")));
        assert!(mapping.statuses.contains_key(&word("Written off")));
    }
}
