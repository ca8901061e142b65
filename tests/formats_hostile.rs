//! Import formats against bytes that nobody meant: no panic, no row lost without a word, no value in a text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use proptest::prelude::*;
use tallystick::formats::{
    FineractSources, Format, FormatContext, FormatError, Mapping, RowOutcome, Summary, read,
};
use tallystick::model::day::Day;
use tallystick::model::identifier::SchemeSet;
use tallystick::model::loan::Loan;
use tallystick::model::money::Currency;

struct Found {
    loans: Vec<Loan>,
    /// Every text that a person or a journal could see.
    texts: Vec<String>,
    /// Rows kept for the clerk.
    rows: Vec<Vec<u8>>,
    summary: Result<Summary, FormatError>,
}

fn load_with(format: Format, mapping: Option<&Mapping>, bytes: impl Read) -> Found {
    let schemes = SchemeSet::default();
    let exponents: BTreeMap<Currency, u8> = [("KHR", 2), ("USD", 2), ("INR", 2), ("UGX", 0)]
        .into_iter()
        .map(|(code, exponent)| (code.parse().unwrap(), exponent))
        .collect();
    let context = FormatContext {
        schemes: &schemes,
        exponents: &exponents,
        today: Day::from_ymd(2026, 11, 22).unwrap(),
        default_currency: None,
        default_branch: None,
        as_of: Some(Day::from_ymd(2026, 11, 20).unwrap()),
    };
    let (mut loans, mut texts, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let (mut good, mut rejected, mut skipped, mut notes) = (0, 0, 0, 0);
    let mut sink = |outcome: RowOutcome| {
        texts.push(match &outcome {
            // A loan is data; what may be said about it is not.
            RowOutcome::Good { .. } => String::new(),
            other => format!("{other:?}"),
        });
        match outcome {
            RowOutcome::Good { loan, .. } => {
                good += 1;
                assert!(!loan.identifiers.is_empty() && !loan.account.is_empty() && !loan.client.is_empty());
                loans.push(loan);
            }
            RowOutcome::Rejected(reject) => {
                rejected += 1;
                texts.push(reject.to_string());
                rows.push(reject.row.expose().to_vec());
            }
            RowOutcome::Skipped { .. } => skipped += 1,
            RowOutcome::Note(note) => {
                notes += 1;
                texts.push(note.to_string());
            }
        }
    };
    let summary = read(format, mapping, bytes, &context, &mut sink);
    match &summary {
        Ok(summary) => {
            assert_eq!(summary.rows, good + rejected + skipped);
            assert_eq!(
                (summary.good, summary.rejected, summary.skipped(), summary.notes),
                (good, rejected, skipped, notes)
            );
            texts.push(format!("{summary:?}"));
            texts.extend(summary.findings.iter().map(ToString::to_string));
        }
        Err(error) => texts.push(format!("{error} {error:?}")),
    }
    Found { loans, texts, rows, summary }
}

fn load(format: Format, bytes: &[u8]) -> Found {
    load_with(format, None, bytes)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn mapping(name: &str) -> Mapping {
    Mapping::from_toml(&String::from_utf8(fixture(name)).unwrap()).unwrap()
}

const FORMATS: [Format; 4] = [Format::Cdf, Format::Csv, Format::Xlsx, Format::Fineract];

const GOOD: [(Format, &str); 9] = [
    (Format::Csv, "good/own-columns.csv"),
    (Format::Csv, "good/quoted.csv"),
    (Format::Csv, "good/unmapped-columns.csv"),
    (Format::Cdf, "good/one-line.cdf"),
    (Format::Cdf, "good/segment-lines.cdf"),
    (Format::Cdf, "good/client-lines-tilde.cdf"),
    (Format::Fineract, "good/fineract.json"),
    (Format::Xlsx, "bad/rows.xlsx"),
    (Format::Cdf, "bad/rows.cdf"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        for format in FORMATS {
            load(format, &bytes);
        }
    }

    #[test]
    fn bytes_of_the_formats_own_signs_are_read_or_refused(
        start in prop::sample::select(vec!["", "HDRHMMFI1.9", "account,client,kh-nid,status,currency\n", "{\"loans\":[", "["]),
        parts in proptest::collection::vec(prop::sample::select(vec![
            "CNSCRD", "ADRCRD", "ADRCR", "ACTCRD", "TRLHMMFI1.9", "|", "~", "\n", "\r\n", "\"", ",", "a", "S04",
            "{", "}", "[", "]", ":", "\"status\"", "\"accountNo\"", "300", "-", "e", "\u{feff}", "\0", "012345678",
            "KHR", "current", "||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||",
        ]), 0..200),
    ) {
        let text: String = std::iter::once(start).chain(parts).collect();
        for format in FORMATS {
            load(format, text.as_bytes());
        }
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        which in 0..GOOD.len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        damage in 0..4,
    ) {
        let (format, name) = GOOD[which];
        let mut bytes = fixture(name);
        let at = at.index(bytes.len());
        match damage {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => { bytes.remove(at); }
            _ => bytes.truncate(at),
        }
        let found = load(format, &bytes);
        no_canary(&found);
    }
}

/// What stands in the fixtures and must not stand in any text about them.
const CANARIES: [&str; 13] = [
    "012345678",
    "01234567",
    "234123412346",
    "234123412347",
    "ABC1234566",
    "9876543210",
    "12345678X",
    "MADE UP",
    "Made Up",
    "SOMEBODY",
    "CM9001234567",
    "made.up@",
    "712 345",
];

/// What must not even be kept for the clerk.
const NEVER_READ: [&str; 7] =
    ["n0t-a-secret", "RELIGION", "CASTE", "never read", "clientName", "SOMEBODY", "STREET"];

fn no_canary(found: &Found) {
    for text in &found.texts {
        for canary in CANARIES.iter().chain(&NEVER_READ) {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
    for row in &found.rows {
        let row = String::from_utf8_lossy(row);
        for canary in NEVER_READ {
            assert!(!row.contains(canary), "{canary} in a kept row: {row}");
        }
    }
}

#[test]
fn no_text_holds_a_value_and_no_kept_row_holds_what_is_never_read() {
    let mut rows = 0;
    for (format, name, map) in [
        (Format::Csv, "bad/rows.csv", None),
        (Format::Cdf, "bad/rows.cdf", None),
        (Format::Xlsx, "bad/rows.xlsx", None),
        (Format::Xlsx, "good/book.xlsx", Some("good/book.mapping.toml")),
        (Format::Fineract, "bad/fineract-rows.json", Some("bad/fineract-rows.mapping.toml")),
        (Format::Fineract, "good/fineract.json", None),
    ] {
        let found = load_with(format, map.map(mapping).as_ref(), fixture(name).as_slice());
        assert!(found.summary.is_ok());
        no_canary(&found);
        rows += found.rows.iter().filter(|row| !row.is_empty()).count();
    }
    assert!(rows > 100, "{rows}");
}

#[test]
fn a_kept_row_can_be_mended_and_loaded() {
    let text = "account,client,kh-nid,status,currency,outstanding,religion\nA-1,C-1,012345678,current,KHR,-5,never read\n";
    let found = load(Format::Csv, text.as_bytes());
    assert_eq!(found.rows.len(), 1);
    let mended = String::from_utf8(found.rows[0].clone()).unwrap().replace("-5", "5");
    let found = load(Format::Csv, mended.as_bytes());
    assert_eq!(found.loans.len(), 1);
}

struct OneByte<'a>(&'a [u8]);

impl Read for OneByte<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let take = usize::from(!self.0.is_empty() && !out.is_empty());
        out[..take].copy_from_slice(&self.0[..take]);
        self.0 = &self.0[take..];
        Ok(take)
    }
}

#[test]
fn how_a_file_arrives_changes_nothing() {
    for (format, name) in GOOD {
        let bytes = fixture(name);
        let (whole, bytewise) = (load(format, &bytes), load_with(format, None, OneByte(&bytes)));
        assert_eq!(whole.loans, bytewise.loans, "{name}");
        assert_eq!(whole.texts, bytewise.texts, "{name}");
    }
}

#[test]
fn a_reader_that_fails_is_an_error_and_never_a_short_file() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("the disk is gone"));
            }
            let take = self.0.len().min(out.len());
            out[..take].copy_from_slice(&self.0[..take]);
            self.0 = &self.0[take..];
            Ok(take)
        }
    }
    for (format, name) in GOOD {
        let bytes = fixture(name);
        let found = load_with(format, None, Failing(&bytes[..bytes.len() - 5]));
        assert!(matches!(found.summary, Err(FormatError::Io(_))), "{name}");
    }
}

#[test]
fn a_quote_typed_anywhere_costs_one_row_at_most() {
    let header = "account,client,kh-nid,status,currency,outstanding\n";
    let rows: Vec<String> = (1..=6).map(|i| format!("A-{i},C-{i},01234567{i},current,KHR,{i}00\n")).collect();
    let text = header.to_owned() + &rows.concat();
    for at in header.len()..text.len() {
        let mut damaged = text.clone();
        damaged.insert(at, '"');
        let found = load(Format::Csv, damaged.as_bytes());
        let summary = found.summary.unwrap();
        assert_eq!(summary.rows, 6, "a quote at {at}");
        assert!(summary.good >= 5, "a quote at {at}");
    }
}

#[test]
fn a_cdf_file_cut_anywhere_gives_a_prefix_of_its_loans_and_does_not_look_whole() {
    for name in ["good/one-line.cdf", "good/segment-lines.cdf", "good/client-lines-tilde.cdf"] {
        let bytes = fixture(name);
        let all = load(Format::Cdf, &bytes).loans;
        // The trailer is proof up to its last blank; its content ends with the member id.
        let member_ends = bytes.windows(10).rposition(|window| window == b"MFI0000042").unwrap() + 10;
        for length in 0..bytes.len() {
            let found = load(Format::Cdf, &bytes[..length]);
            assert!(all.starts_with(&found.loans), "{name} cut at {length}");
            if let Ok(summary) = found.summary {
                assert_eq!(summary.complete, length >= member_ends, "{name} cut at {length}");
            }
        }
    }
}

#[test]
fn a_byte_lost_anywhere_in_a_cdf_file_gives_nobody_the_loan_of_another_and_hides_none() {
    for name in ["good/one-line.cdf", "good/segment-lines.cdf", "good/client-lines-tilde.cdf"] {
        let bytes = fixture(name);
        let whole = load(Format::Cdf, &bytes);
        let debtors: BTreeMap<&str, &str> =
            whole.loans.iter().map(|loan| (loan.account.as_str(), loan.client.as_str())).collect();
        let rows = whole.summary.unwrap().rows;
        for damage in [None, Some(b'x'), Some(b'|')] {
            for at in 0..bytes.len() {
                let mut damaged = bytes.clone();
                match damage {
                    Some(byte) => damaged[at] = byte,
                    None => {
                        damaged.remove(at);
                    }
                }
                let found = load(Format::Cdf, &damaged);
                for loan in &found.loans {
                    let other = debtors.values().any(|client| *client == loan.client);
                    let right =
                        debtors.get(loan.account.as_str()).is_none_or(|client| *client == loan.client);
                    assert!(
                        right || !other,
                        "{name}: {damage:?} at {at} gives {} to {}",
                        loan.account,
                        loan.client
                    );
                }
                if let Ok(summary) = found.summary {
                    assert!(
                        summary.rows >= rows || !summary.shows_whole_portfolio(),
                        "{name}: {damage:?} at {at}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_json_file_cut_anywhere_is_refused() {
    let bytes = fixture("good/fineract.json");
    let end = bytes.iter().rposition(|byte| *byte == b'}').unwrap();
    for length in (0..=end).step_by(7) {
        assert!(load(Format::Fineract, &bytes[..length]).summary.is_err(), "cut at {length}");
    }
}

#[test]
fn a_row_may_be_of_any_length_in_a_file_of_any_length() {
    // 40 MB of one line, and of one cell of a quoted row, are passed over; the row behind them is read.
    let header = "account,client,kh-nid,status,currency,outstanding\n";
    let good = "A-1,C-1,012345678,current,KHR,5\n";
    let long = || std::io::repeat(b'x').take(40 * 1024 * 1024);
    let bytes = header.as_bytes().chain(long()).chain(b"\n".as_slice()).chain(good.as_bytes());
    let found = load_with(Format::Csv, None, bytes);
    assert_eq!((found.loans.len(), found.rows.len()), (1, 1));
    let text = String::from_utf8(fixture("good/segment-lines.cdf")).unwrap();
    let (before, after) = text.split_at(text.find("ACTCRD").unwrap());
    let bytes = before.as_bytes().chain(long()).chain(b"\n".as_slice()).chain(after.as_bytes());
    let found = load_with(Format::Cdf, None, bytes);
    // The long segment hides whose account follows it; from the next client on all is well.
    assert_eq!(found.loans.len(), 4);
    assert!(!found.summary.unwrap().shows_whole_portfolio());
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let mut packed = Vec::new();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(&mut packed));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("xl/sharedStrings.xml", options).unwrap();
    std::io::copy(&mut std::io::repeat(b' ').take(300 * 1024 * 1024), &mut writer).unwrap();
    writer.finish().unwrap();
    assert!(packed.len() < 2 * 1024 * 1024);
    assert!(matches!(load(Format::Xlsx, &packed).summary, Err(FormatError::TooLarge { .. })));
}

#[test]
fn separate_fineract_answers_give_what_one_object_gives() {
    let everything: serde_json::Value = serde_json::from_slice(&fixture("good/fineract.json")).unwrap();
    let part = |key: &str| serde_json::to_vec(&everything[key]).unwrap();
    let (loans, clients, identifiers, groups) =
        (part("loans"), part("clients"), part("identifiers"), part("groups"));
    let map = mapping("good/fineract.mapping.toml");
    let together = load_with(Format::Fineract, Some(&map), fixture("good/fineract.json").as_slice());
    let schemes = SchemeSet::default();
    let exponents: BTreeMap<Currency, u8> =
        [("USD".parse().unwrap(), 2), ("UGX".parse().unwrap(), 0)].into_iter().collect();
    let context = FormatContext {
        schemes: &schemes,
        exponents: &exponents,
        today: Day::from_ymd(2026, 11, 22).unwrap(),
        default_currency: None,
        default_branch: None,
        as_of: Some(Day::from_ymd(2026, 11, 20).unwrap()),
    };
    let sources = FineractSources {
        loans: &loans,
        clients: Some(&clients),
        identifiers: Some(&identifiers),
        groups: Some(&groups),
    };
    let mut apart = Vec::new();
    let mut sink = |outcome| {
        if let RowOutcome::Good { loan, .. } = outcome {
            apart.push(loan);
        }
    };
    let joined = sources.join().unwrap();
    read(Format::Fineract, Some(&map), joined.as_slice(), &context, &mut sink).unwrap();
    assert_eq!(apart, together.loans);
    assert_eq!(apart.len(), 14);
    // A broken part is named, with its own line.
    let broken = FineractSources { clients: Some(b"[\n{]"), ..sources };
    let error = broken.join().unwrap_err();
    assert_eq!(error.part, "clients");
    assert!(matches!(error.error, FormatError::Json { line: 2, .. }), "{error}");
}
