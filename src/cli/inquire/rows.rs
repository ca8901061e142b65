//! The rows of a batch: applicants in, answers out.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use csv::StringRecord;

use super::super::{Exit, Failure};
use crate::api::consents::IdentifierText;
use crate::model::answer::{Answer, CurrencyTotals};
use crate::model::identifier::{SLK_581, SlkMissing, SlkSex, slk_581};

/// The columns of the answers.
const HEAD: [&str; 18] = [
    "row",
    "reference",
    "consent",
    "transaction",
    "verdict",
    "complete",
    "covered",
    "lenders",
    "match",
    "matched_lenders",
    "possible_lenders",
    "active_loans",
    "outstanding",
    "overdue",
    "monthly_instalment",
    "days_past_due",
    "written_off",
    "note",
];

/// One applicant.
pub(super) struct Applicant {
    /// Place of her row in the batch, from 1, the header left out.
    pub(super) row: u64,
    /// What the batch calls her.
    pub(super) reference: String,
    /// Her own evidence, as written.
    pub(super) evidence: Option<String>,
    /// Her identifiers as typed.
    pub(super) identifiers: Vec<IdentifierText>,
    /// What was left out, and why.
    pub(super) notes: Vec<String>,
}

/// Which column is what.
pub(super) struct Columns {
    reference: Option<usize>,
    evidence: Option<usize>,
    schemes: Vec<(usize, String)>,
    slk: Vec<usize>,
}

fn usage(words: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, words.to_string())
}

impl Columns {
    /// Finds them in the header, by the names of the network's schemes, of `--column` and of `--slk`.
    pub(super) fn find(
        header: &StringRecord,
        schemes: &[String],
        columns: &[(String, String)],
        slk: &[String],
    ) -> Result<Self, Failure> {
        let known = schemes.join(", ");
        let place = |name: &str| header.iter().position(|head| head.trim() == name);
        let mut found: Vec<(usize, String)> =
            schemes.iter().filter_map(|scheme| place(scheme).map(|place| (place, scheme.clone()))).collect();
        for (name, scheme) in columns {
            if !schemes.contains(scheme) {
                return Err(usage(format!("--column {name}={scheme}: this network uses {known}")));
            }
            let place =
                place(name).ok_or_else(|| usage(format!("--column: the batch has no column {name}")))?;
            found.push((place, scheme.clone()));
        }
        if !slk.is_empty() && !(3..=4).contains(&slk.len()) {
            return Err(usage(
                "--slk: name the columns of surname, given name, birth date and, if there is one, sex",
            ));
        }
        if !slk.is_empty() && !schemes.iter().any(|scheme| scheme == SLK_581) {
            return Err(usage(format!("--slk: this network uses {known}")));
        }
        let slk = slk.iter().map(|name| place(name).ok_or_else(|| usage(format!("--slk: no column {name}"))));
        let slk = slk.collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() && slk.is_empty() {
            return Err(usage(format!(
                "the batch has no column of identifiers: name one after its scheme ({known}), or use --column"
            )));
        }
        Ok(Self { reference: place("reference"), evidence: place("evidence"), schemes: found, slk })
    }

    /// Reads one row.
    pub(super) fn applicant(&self, row: u64, record: &StringRecord) -> Applicant {
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let mut applicant = Applicant {
            row,
            reference: self.reference.map(|place| one_line(cell(place))).unwrap_or_default(),
            evidence: self.evidence.map(cell).filter(|path| !path.is_empty()).map(str::to_owned),
            identifiers: Vec::new(),
            notes: Vec::new(),
        };
        for (place, scheme) in &self.schemes {
            let value = cell(*place);
            if !value.is_empty() {
                let identifier = IdentifierText { scheme: scheme.clone(), value: value.to_owned() };
                applicant.identifiers.push(identifier);
            }
        }
        if let [surname, given, born, rest @ ..] = self.slk.as_slice() {
            let sex = rest.first().map_or("", |place| cell(*place));
            match slk(cell(*surname), cell(*given), cell(*born), sex) {
                Ok(Some(value)) => {
                    applicant.identifiers.push(IdentifierText { scheme: SLK_581.to_owned(), value });
                }
                Ok(None) => {}
                Err(why) => applicant.notes.push(format!("{SLK_581} left out: {why}")),
            }
        }
        applicant
    }
}

/// An SLK-581 where both names and the birth date are there.
fn slk(surname: &str, given: &str, born: &str, sex: &str) -> Result<Option<String>, String> {
    if surname.is_empty() || given.is_empty() || born.is_empty() {
        return Ok(None);
    }
    let born: jiff::civil::Date =
        born.parse().map_err(|_| "the birth date is not as 1990-12-31".to_owned())?;
    let sex = match sex.to_ascii_lowercase().as_str() {
        "1" | "m" | "male" => SlkSex::Male,
        "2" | "f" | "female" => SlkSex::Female,
        "3" | "x" | "other" => SlkSex::Other,
        _ => SlkSex::NotStated,
    };
    let made = slk_581(surname, given, Some(born), sex, SlkMissing::Refuse);
    made.map(|identifier| Some(identifier.value().to_owned())).map_err(|error| error.to_string())
}

/// Text for one cell and one line, so that a file that breaks off in the middle of a row is mended by its lines.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One row of answers.
pub(super) struct AnswerRow([String; HEAD.len()]);

impl AnswerRow {
    /// An applicant who was not asked about.
    pub(super) fn unanswered(applicant: &Applicant, consent: &str, note: &str) -> Self {
        let mut cells = std::array::from_fn(|_| String::new());
        cells[0] = applicant.row.to_string();
        cells[1].clone_from(&applicant.reference);
        consent.clone_into(&mut cells[2]);
        let notes = applicant.notes.iter().map(String::as_str).chain((!note.is_empty()).then_some(note));
        cells[HEAD.len() - 1] = one_line(&notes.collect::<Vec<_>>().join("; "));
        Self(cells)
    }

    /// An applicant and the answer about her.
    pub(super) fn answered(applicant: &Applicant, consent: &str, answer: &Answer) -> Self {
        let mut row = Self::unanswered(applicant, consent, "");
        let others = &answer.household.others;
        let persons = answer.persons.as_slice();
        let matched =
            persons.iter().flat_map(|person| &person.exposure.lenders).filter(|line| !line.own).count();
        let possible: u32 = persons.iter().map(|person| person.possible.lenders).sum();
        let level = persons.first().map_or(String::new(), |person| spelt(&person.match_level));
        let sums = |of: &dyn Fn(&CurrencyTotals) -> String| {
            others
                .currencies
                .iter()
                .map(|one| format!("{} {}", one.currency, of(one)))
                .collect::<Vec<_>>()
                .join("; ")
        };
        let cells = [
            answer.transaction.clone(),
            spelt(&answer.verdict.outcome),
            if answer.complete { "yes" } else { "no" }.to_owned(),
            answer.coverage.covered.to_string(),
            answer.coverage.lenders.to_string(),
            level,
            matched.to_string(),
            possible.to_string(),
            others.active.to_string(),
            sums(&|one| one.outstanding.amount.as_str().to_owned()),
            sums(&|one| one.overdue.amount.as_str().to_owned()),
            sums(&|one| one.instalment.amount.as_str().to_owned()),
            others.arrears.worst.map(|days| days.to_string()).unwrap_or_default(),
            others.written_off.to_string(),
        ];
        for (place, cell) in row.0.iter_mut().skip(3).zip(cells) {
            *place = cell;
        }
        row
    }

    /// Whether nothing was answered.
    pub(super) fn is_unanswered(&self) -> bool {
        self.0[3].is_empty()
    }

    /// Whether the answer lacks members.
    pub(super) fn is_incomplete(&self) -> bool {
        self.0[5] == "no"
    }
}

/// A word of the model as JSON has it.
fn spelt(word: &impl serde::Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The file of answers. One row, one write.
pub(super) struct Out {
    file: File,
    /// References of the rows that stand in it.
    done: BTreeMap<u64, String>,
    /// How many of them have no answer, or one that is not complete.
    lacking: u64,
}

impl Out {
    /// Opens it, or makes it (mode 0600); a row that was cut off is taken away.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let wrong = |words: String| usage(format!("--out {}: {words}", path.display()));
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
        let mut file = opened.map_err(|error| wrong(error.to_string()))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        bytes.truncate(whole);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let (mut done, mut lacking) = (BTreeMap::new(), 0);
        if bytes.is_empty() {
            let mut out = Self { file, done, lacking: 0 };
            out.write_cells(HEAD)?;
            return Ok(out);
        }
        if reader.headers()?.iter().ne(HEAD) {
            return Err(wrong("is not a file of answers that this program wrote; name another".to_owned()));
        }
        for record in reader.records() {
            let record = record?;
            let row = record.get(0).and_then(|row| row.parse().ok());
            let row = row.ok_or_else(|| wrong("has a row without a number".to_owned()))?;
            done.insert(row, record.get(1).unwrap_or_default().to_owned());
            lacking += u64::from(record.get(3) == Some("") || record.get(5) == Some("no"));
        }
        Ok(Self { file, done, lacking })
    }

    /// Whether an applicant stands in it.
    pub(super) fn has(&self, applicant: &Applicant) -> Result<bool, Failure> {
        match self.done.get(&applicant.row) {
            None => Ok(false),
            Some(reference) if *reference == applicant.reference => Ok(true),
            Some(_) => {
                let row = applicant.row;
                Err(usage(format!("--out has another reference for row {row}: it belongs to another batch")))
            }
        }
    }

    /// How many rows stood in it without an answer, or with one that is not complete.
    pub(super) fn lacking(&self) -> u64 {
        self.lacking
    }

    /// Adds a row.
    pub(super) fn write(&mut self, row: &AnswerRow) -> Result<(), Failure> {
        self.write_cells(row.0.iter())
    }

    fn write_cells(&mut self, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<(), Failure> {
        let mut line = csv::Writer::from_writer(Vec::new());
        line.write_record(cells)?;
        let line = line.into_inner().map_err(|error| usage(error.error()))?;
        self.file.write_all(&line)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applicant(row: u64, reference: &str) -> Applicant {
        Applicant { row, reference: reference.to_owned(), evidence: None, identifiers: vec![], notes: vec![] }
    }

    #[test]
    fn columns_are_found_and_rows_read() {
        let text = "rec_id, soc_sec_id ,surname,given,born,phone,reference\n\
                    r1, 1234567 ,Nguyen,Lan,19800131,,A\nr2,,Nguyen,,19800131,+855 12 345 678,\n";
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let schemes = ["x-ssn", "phone", "slk-581"].map(str::to_owned);
        let slk = ["surname", "given", "born"].map(str::to_owned);
        let column = [("soc_sec_id".to_owned(), "x-ssn".to_owned())];
        let header = reader.headers().unwrap().clone();
        let columns = Columns::find(&header, &schemes, &column, &slk).unwrap();
        let rows = (1..).zip(reader.records()).map(|(place, row)| columns.applicant(place, &row.unwrap()));
        let rows: Vec<Applicant> = rows.collect();
        let pairs = |row: &Applicant| {
            row.identifiers.iter().map(|i| format!("{}:{}", i.scheme, i.value)).collect::<Vec<_>>()
        };
        assert_eq!(pairs(&rows[0]), ["x-ssn:1234567", "slk-581:GUEAN310119809"]);
        assert_eq!(pairs(&rows[1]), ["phone:+855 12 345 678"]);
        assert_eq!((rows[0].row, rows[0].reference.as_str(), rows[1].row), (1, "A", 2));
        let none = Columns::find(&header, &schemes[..1], &[], &[]);
        assert!(none.err().unwrap().words().contains("--column"));
    }

    #[test]
    fn a_file_of_answers_goes_on_where_it_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut out = Out::open(&path).unwrap();
        out.write(&AnswerRow::unanswered(&applicant(2, "A"), "", "no, \"identifier\"\nat all")).unwrap();
        out.file.write_all(b"3,B,cut of").unwrap();
        let out = Out::open(&path).unwrap();
        assert!(out.has(&applicant(2, "A")).unwrap());
        assert_eq!(out.lacking(), 1);
        assert!(!out.has(&applicant(3, "B")).unwrap(), "a row that was cut off is asked again");
        assert!(out.has(&applicant(2, "C")).is_err(), "another batch");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.ends_with("\"no, \"\"identifier\"\" at all\"\n"), "{text}");
        std::fs::write(&path, "a,b\n").unwrap();
        assert!(Out::open(&path).err().unwrap().words().contains("name another"));
    }
}
