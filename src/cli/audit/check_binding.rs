//! `tally audit check-binding`: checks what explains drawn leaves.

use std::path::PathBuf;

use clap::Args;

use super::super::{Context, Exit, Failure};
use super::folder::DiskFolder;
use super::{compare_operator, operator, read, tables, unusable};
use crate::audit::Folder;
use crate::audit::binding::{Against, Binding, ExportedLog, Report, check};
use crate::audit::sample::Sample;
use crate::limits::{BINDING_BYTES_MAX, SAMPLE_BYTES_MAX};

/// Check a binding against exports, the clients' paper forms and the lender's loans
///
/// Makes every point of the drawn leaves again from what the binding says of it, finds where the identifiers lie from
/// what the key holders proved, and compares with the rows that were opened and published.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally audit check-binding binding.jsonl --export lender-a --export lender-b --sample sample.json --forms forms.csv
  tally audit check-binding binding.jsonl --export lender-a --loans book.csv --json

The first --export is that of the institution; the others lend their copies of feeds.
forms.csv has the columns consent (index of its leaf, or its id), scheme, value; one line for each identifier on a form.
book.csv has the columns account, scheme, value; one line for each identifier of a borrower.

Exit codes: 0 everything was checked and nothing found; 1 there are findings; 2 it could not be checked.")]
pub(super) struct CheckBindingArgs {
    /// The binding, as the institution made it.
    binding: PathBuf,
    /// A folder that `tally log export` wrote; may be given several times, the institution's own first.
    #[arg(long, required = true, value_name = "FOLDER")]
    export: Vec<PathBuf>,
    /// Your own copy of the sample. Without it compare the seed that is printed.
    #[arg(long, value_name = "FILE")]
    sample: Option<PathBuf>,
    /// What stands on the clients' paper forms.
    #[arg(long, value_name = "FILE")]
    forms: Option<PathBuf>,
    /// The borrowers of the lender's loans, from its own systems.
    #[arg(long, value_name = "FILE")]
    loans: Option<PathBuf>,
    /// The operator's fingerprint, or its verifying key in base64, as you have it from the operator.
    #[arg(long, value_name = "KEY")]
    operator: Option<String>,
    /// As JSON; docs/AUDIT.md has the form.
    #[arg(long)]
    json: bool,
}

impl CheckBindingArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let bytes = read(&self.binding, BINDING_BYTES_MAX)?;
        let binding = Binding::from_lines(&bytes).map_err(|error| unusable(&self.binding, error))?;
        let open = |path: &PathBuf| DiskFolder::open(path).map_err(|error| unusable(path, error));
        let folders = self.export.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let (export, peers) = folders.split_first().expect("clap asks for one");
        let peers: Vec<&dyn Folder> = peers.iter().map(|folder| folder as &dyn Folder).collect();
        let key = self.operator.as_deref().map(|text| operator(text, &[export])).transpose()?;
        // The network's own schemes say how a number on a form is spelt.
        let log = ExportedLog::read(export, key.as_ref(), &mut |_, _| ());
        let log = log.map_err(|error| unusable(&self.export[0], error))?;
        compare_operator(&log.manifest, key.is_some(), context)?;
        let schemes = log.rosters.last().expect("a log that was read has a roster").policy().schemes();
        let sample = match &self.sample {
            None => None,
            Some(path) => {
                let sample: Sample = serde_json::from_slice(&read(path, SAMPLE_BYTES_MAX)?)
                    .map_err(|error| unusable(path, format!("it is no sample: {error}")))?;
                Some(sample)
            }
        };
        let forms = self.forms.as_deref().map(|path| tables::forms(path, &schemes)).transpose()?;
        let loans = self.loans.as_deref().map(|path| tables::loans(path, &schemes)).transpose()?;
        let against = Against {
            export,
            peers: &peers,
            operator: key,
            sample: sample.as_ref(),
            forms: forms.as_deref().unwrap_or_default(),
            loans: loans.as_deref(),
        };
        let report = check(&binding, &against).map_err(|error| unusable(&self.export[0], error))?;
        let said = if self.json { context.terminal.json(&report) } else { self.say(&report, context) };
        // That a full disk took the report is no finding.
        said.map_err(|error| Failure { exit: Exit::Usage, error: error.into() })?;
        Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Fault })
    }

    fn say(&self, report: &Report, context: &mut Context) -> std::io::Result<()> {
        let terminal = &mut context.terminal;
        let size = report.checkpoint.size;
        terminal.say(format_args!(
            "{}: {} drawn leaves explained, against a checkpoint of {size} leaves",
            report.institution, report.drawn
        ))?;
        if self.sample.is_none() {
            terminal.say(format_args!("Compare the seed with your own: {}", report.seed))?;
        }
        if !report.made_leaf_seen {
            terminal.say("The export ends before the leaf that says that the binding was made: see it in the next one.")?;
        }
        terminal.say("\nChecked:")?;
        for (count, what) in counts(report).into_iter().filter(|(count, _)| *count > 0) {
            terminal.say(format_args!("{count:>8}  {what}"))?;
        }
        if self.forms.is_none() {
            terminal.say("\nNo paper forms were given: whose consent it was is not checked.")?;
        }
        if self.loans.is_none() && report.checked.batches > 0 {
            terminal.say("\nNo loans were given: whether they stand in the source file is not checked.")?;
        }
        if !report.findings.is_empty() {
            terminal.say(format_args!("\nFINDINGS: {}", report.findings.len()))?;
        }
        for finding in &report.findings {
            let leaf = finding.leaf.map(|leaf| format!(", leaf {leaf}")).unwrap_or_default();
            terminal.say(format_args!(
                "  {}{leaf}: {}\n    {}",
                finding.institution, finding.rule, finding.words
            ))?;
        }
        if report.findings.is_empty() { terminal.say("\nNothing found.") } else { Ok(()) }
    }
}

fn counts(report: &Report) -> [(usize, &'static str); 18] {
    let checked = &report.checked;
    [
        (checked.consents, "consents"),
        (checked.openings, "openings"),
        (checked.batches, "reporting batches"),
        (checked.identifiers, "points that are identifiers"),
        (checked.rows, "points that are rows"),
        (checked.padding, "points that are padding"),
        (checked.evaluations, "lists of results that key holders proved"),
        (checked.not_evaluated, "lists of points that too few key holders evaluated"),
        (checked.rows_compared, "rows found in a copy of the feed"),
        (checked.rows_superseded, "rows of which a newer version stands in the feed"),
        (checked.rows_without_copy, "rows of which no copy is held"),
        (checked.footprints, "footprints found in the feed"),
        (checked.forms, "consents compared with their paper forms"),
        (checked.without_form, "consents without a paper form"),
        (checked.borrowers, "located clients found among the borrowers of the loans"),
        (checked.withdrawn + checked.unpublished, "located clients that are withdrawn, or not published yet"),
        (checked.erased, "leaves or points whose explanation was erased before the draw"),
        (checked.approvals, "erasures and lawful grounds with the persons who approved"),
    ]
}
