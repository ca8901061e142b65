//! Import formats against files: what good ones give, and what bad ones are told. `TALLY_GOLDEN=write` writes
//! the golden files anew; read the difference before committing it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tallystick::formats::{Format, FormatContext, Mapping, RejectReason, RowOutcome, Summary, read};
use tallystick::model::day::Day;
use tallystick::model::identifier::SchemeSet;
use tallystick::model::loan::Loan;
use tallystick::model::money::{Currency, format_minor};

fn exponents() -> BTreeMap<Currency, u8> {
    [("KHR", 2), ("USD", 2), ("INR", 2), ("XOF", 0), ("MMK", 2), ("UGX", 0), ("LBP", 2), ("AZN", 2)]
        .into_iter()
        .map(|(code, exponent)| (code.parse().unwrap(), exponent))
        .collect()
}

fn context<'a>(schemes: &'a SchemeSet, exponents: &'a BTreeMap<Currency, u8>) -> FormatContext<'a> {
    FormatContext {
        schemes,
        exponents,
        today: Day::from_ymd(2026, 11, 22).unwrap(),
        default_currency: None,
        default_branch: None,
        as_of: None,
    }
}

struct Outcome {
    loans: Vec<Loan>,
    report: String,
}

/// Reads a fixture with the mapping beside it, if there is one.
fn load(path: &Path) -> Outcome {
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Format::Csv,
        Some("cdf") => Format::Cdf,
        Some("xlsx") => Format::Xlsx,
        Some("json") => Format::Fineract,
        other => panic!("no format for {other:?}"),
    };
    let mapping = std::fs::read_to_string(path.with_extension("mapping.toml"))
        .ok()
        .map(|text| Mapping::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    let (schemes, exponents) = (SchemeSet::default(), exponents());
    let mut context = context(&schemes, &exponents);
    if format == Format::Fineract {
        context.as_of = Some(Day::from_ymd(2026, 11, 20).unwrap());
    }
    let (mut loans, mut report) = (Vec::new(), String::new());
    let mut sink = |outcome: RowOutcome| match outcome {
        RowOutcome::Good { line, loan } => {
            writeln!(report, "good     line {line}").unwrap();
            loans.push(loan);
        }
        RowOutcome::Rejected(reject) => writeln!(report, "rejected {reject}").unwrap(),
        RowOutcome::Skipped { line, reason } => writeln!(report, "skipped  line {line}, {reason}").unwrap(),
        RowOutcome::Note(note) => writeln!(report, "note     {note}").unwrap(),
    };
    let bytes = std::fs::read(path).unwrap();
    match read(format, mapping.as_ref(), bytes.as_slice(), &context, &mut sink) {
        Ok(summary) => report.push_str(&summary_text(&summary)),
        Err(error) => writeln!(report, "error    {error}").unwrap(),
    }
    Outcome { loans, report }
}

fn summary_text(summary: &Summary) -> String {
    let exponents = exponents();
    let mut text = format!(
        "rows {}, good {}, rejected {}, skipped {}, notes {}; active {}, closed {}, written off {}\n",
        summary.rows,
        summary.good,
        summary.rejected,
        summary.skipped(),
        summary.notes,
        summary.active,
        summary.closed,
        summary.written_off
    );
    for (currency, totals) in &summary.totals {
        let amount = |minor| format_minor(minor, exponents[currency]);
        writeln!(
            text,
            "{currency}: {} loans, disbursed {}, outstanding {}, overdue {}",
            totals.loans,
            amount(totals.disbursed),
            amount(totals.outstanding),
            amount(totals.overdue)
        )
        .unwrap();
    }
    for (currency, figures) in &summary.figures.currencies {
        let (count, median) = (figures.count, format_minor(figures.median.into(), exponents[currency]));
        writeln!(text, "{currency}: {count} running, median {median}").unwrap();
    }
    if let Some((first, last)) = summary.figures.as_of {
        writeln!(text, "as of {first} to {last}; branches {:?}", summary.figures.branches).unwrap();
    }
    let header = &summary.header;
    if header.member.is_some() {
        let day = |day: Option<Day>| day.map_or("none".to_owned(), |day| day.to_string());
        let (member, branch) =
            (header.member.as_deref().unwrap_or(""), header.branch.as_deref().unwrap_or(""));
        writeln!(
            text,
            "header member {member}, branch {branch:?}, as of {}, made {}",
            day(header.as_of),
            day(header.created)
        )
        .unwrap();
    }
    for finding in &summary.findings {
        writeln!(text, "finding  {finding}").unwrap();
    }
    writeln!(
        text,
        "complete {}, shows whole portfolio {}",
        summary.complete,
        summary.shows_whole_portfolio()
    )
    .unwrap();
    text
}

/// One loan a line. The reference is the book's, and zero here.
fn loans_text(loans: &[Loan]) -> String {
    let mut text = String::new();
    for loan in loans {
        assert_eq!(loan.facility.reference.0, [0; 16]);
        let mut value = serde_json::to_value(loan).unwrap();
        let facility = value["facility"].as_object_mut().unwrap();
        facility.remove("reference");
        facility.retain(|_, value| !value.is_null());
        writeln!(text, "{value}").unwrap();
    }
    text
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            ![".mapping.toml", ".report.txt", ".rejects.txt", ".loans.jsonl", ".md", ".py"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// `rows.csv` has `rows.csv.report.txt` beside it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    path.with_file_name(format!("{}.{ending}", path.file_name().unwrap().to_str().unwrap()))
}

/// Compares with the golden file, or writes it.
fn golden(path: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("TALLY_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(path, found).unwrap();
        return Ok(());
    }
    let expected = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if expected == found { Ok(()) } else { Err(format!("{} differs:\n{found}", path.display())) }
}

#[test]
fn good_files_give_the_loans_that_stand_beside_them() {
    let mut failures = Vec::new();
    for path in fixtures("good") {
        let outcome = load(&path);
        let loans = loans_text(&outcome.loans);
        failures.extend(golden(&beside(&path, "loans.jsonl"), &loans).err());
        failures.extend(golden(&beside(&path, "report.txt"), &outcome.report).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn bad_files_give_the_reports_that_stand_beside_them() {
    let mut failures = Vec::new();
    for path in fixtures("bad") {
        failures.extend(golden(&beside(&path, "report.txt"), &load(&path).report).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What the clerk gets back to mend: the known columns of a row that was cut, and any other row as it stood.
#[test]
fn every_rejected_row_is_given_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad/rows.csv");
    let bytes = std::fs::read(&path).unwrap();
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let (schemes, exponents) = (SchemeSet::default(), exponents());
    let mut rows = String::new();
    let (mut uncut, mut count) = (0, 0);
    let mut sink = |outcome: RowOutcome| {
        let RowOutcome::Rejected(reject) = outcome else { return };
        let line = lines[usize::try_from(reject.line).unwrap() - 1].trim_ascii_end();
        if reject.field == "row" && reject.reason != RejectReason::HeaderRepeated {
            // Of a row that spans lines, the first is refused; one that is too long to keep has none.
            assert!(reject.row.expose() == line || line.len() > 65_536, "{reject}");
            uncut += 1;
        }
        let mut row = String::from_utf8_lossy(reject.row.expose()).into_owned();
        assert!(!row.is_empty() || line.len() > 65_536, "{reject}");
        if row.len() > 600 {
            row = format!("{} bytes", row.len());
        }
        writeln!(rows, "line {}: {row:?}", reject.line).unwrap();
        count += 1;
    };
    read(Format::Csv, None, bytes.as_slice(), &context(&schemes, &exponents), &mut sink).unwrap();
    assert!(uncut >= 5 && count > uncut, "{uncut} of {count}");
    golden(&beside(&path, "rejects.txt"), &rows).unwrap();
}

#[test]
fn the_commented_sample_is_the_built_in_mapping() {
    let text = include_str!("../config/mapping.toml");
    let mut sample = Mapping::from_toml(text).unwrap();
    // The sample names the three columns that must be there; otherwise it says what holds without it.
    let without: String = text
        .lines()
        .filter(|line| {
            !["account", "client", "status"].iter().any(|key| line.starts_with(&format!("{key} =")))
        })
        .fold(String::new(), |all, line| all + line + "\n");
    assert_ne!(sample, Mapping::builtin());
    sample = Mapping::from_toml(&without).unwrap();
    assert_eq!(sample, Mapping::builtin());
}

#[test]
fn every_line_of_the_sample_that_is_commented_out_is_understood() {
    // Comments that are keys, not sentences.
    let key = regex::Regex::new(r#"^# (\[\[|[a-z_]+ = |"[^"]+" = )"#).unwrap();
    let mut count = 0;
    let mut text = String::new();
    for line in include_str!("../config/mapping.toml").lines() {
        let is_key = key.is_match(line);
        count += usize::from(is_key);
        text.push_str(if is_key { line.trim_start_matches("# ") } else { line });
        text.push('\n');
    }
    assert!(count > 30, "{count}");
    Mapping::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
}
