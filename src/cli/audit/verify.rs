//! `tally audit verify`: signatures, trees, consents, double entry, feeds; what was checked, and every finding.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::membership::operator_fingerprint;
use super::super::{Context, Exit, Failure};
use super::folder::DiskFolder;
use super::{operator, read, unusable};
use crate::audit::report::{LogCounts, Report, Verdict};
use crate::audit::sample::Sample;
use crate::audit::verify::OlderCheckpoint;
use crate::audit::{Export, Folder, Options, verify};
use crate::clock::UnixTime;
use crate::limits::{NOTE_BYTES_MAX, SAMPLE_BYTES_MAX};
use crate::model::moment::{MomentError, from_text, until_text};

/// Verify exports of one or many members
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally audit verify lender-a lender-b op --operator 3b1f-…
  tally audit verify exports/* --older last-year/checkpoint --sample sample.json --json

What is checked, and what each finding means, stands in docs/AUDIT.md. A member whose export is missing is judged by
what the others' logs say of it. Without --operator everything rests on the key that the exports name: compare the
fingerprint that is printed with one that you have from the operator.

Exit codes: 0 everything was checked and nothing found; 1 there are findings; 2 something could not be checked.")]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    given: Given,
    /// As JSON; docs/AUDIT.md has the form.
    #[arg(long)]
    json: bool,
}

/// The exports, and what the auditor brings beside them.
#[derive(Args, Debug)]
pub(super) struct Given {
    /// Folders that `tally log export` wrote.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The operator's fingerprint, or its verifying key in base64, as you have it from the operator.
    #[arg(long, value_name = "KEY")]
    operator: Option<String>,
    /// A checkpoint of one of these logs that you have kept; may be given several times.
    #[arg(long, value_name = "FILE")]
    older: Vec<PathBuf>,
    /// A sample that was drawn from one of these logs: what it drew must not have been erased since; may be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    sample: Vec<PathBuf>,
    /// Judge only leaves of this day (in UTC), or moment, and later one by one.
    #[arg(long, value_name = "DAY", value_parser = parse_from)]
    from: Option<UnixTime>,
    /// Judge only leaves up to this day (in UTC), or before this moment, one by one.
    #[arg(long, value_name = "DAY", value_parser = parse_until)]
    until: Option<UnixTime>,
}

fn parse_from(text: &str) -> Result<UnixTime, MomentError> {
    from_text(text)
}

fn parse_until(text: &str) -> Result<UnixTime, MomentError> {
    until_text(text)
}

impl Given {
    /// The folders' names, as they were given.
    pub(super) fn names(&self) -> Vec<String> {
        self.folders.iter().map(|path| path.display().to_string()).collect()
    }

    /// Opens everything and hands it on.
    pub(super) fn with<T>(&self, check: impl FnOnce(&[Export<'_>], &Options) -> T) -> Result<T, Failure> {
        let mut folders = Vec::with_capacity(self.folders.len());
        for path in &self.folders {
            let opened = DiskFolder::open(path).map_err(|error| unusable(path, error))?;
            folders.push((path.display().to_string(), opened));
        }
        let exports: Vec<Export<'_>> = folders.iter().map(|(name, folder)| Export { name, folder }).collect();
        let named: Vec<&dyn Folder> = exports.iter().map(|export| export.folder).collect();
        let options = Options {
            operator: self.operator.as_deref().map(|text| operator(text, &named)).transpose()?,
            older: self.older.iter().map(|path| older(path)).collect::<Result<_, _>>()?,
            samples: self.sample.iter().map(|path| sample(path)).collect::<Result<_, _>>()?,
            from: self.from,
            until: self.until,
        };
        Ok(check(&exports, &options))
    }
}

impl VerifyArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let entropy = std::sync::Arc::clone(&context.entropy);
        let report = self.given.with(|exports, options| verify(exports, options, &*entropy))?;
        let said = if self.json { context.terminal.json(&report) } else { say(&report, context) };
        // That a full disk took the report is no finding.
        said.map_err(|error| Failure { exit: Exit::Usage, error: error.into() })?;
        Ok(exit_of(&report))
    }
}

/// The exit code that a report ends with.
pub(super) fn exit_of(report: &Report) -> Exit {
    match report.verdict() {
        Verdict::Clean => Exit::Done,
        Verdict::Findings => Exit::Fault,
        Verdict::Unchecked => Exit::Usage,
    }
}

fn older(path: &Path) -> Result<OlderCheckpoint, Failure> {
    Ok(OlderCheckpoint { name: path.display().to_string(), note: read(path, NOTE_BYTES_MAX)? })
}

fn sample(path: &Path) -> Result<Sample, Failure> {
    let bytes = read(path, SAMPLE_BYTES_MAX)?;
    serde_json::from_slice(&bytes).map_err(|error| unusable(path, format!("it is no sample: {error}")))
}

fn say(report: &Report, context: &mut Context) -> io::Result<()> {
    let terminal = &mut context.terminal;
    if let (Some(network), Some(key)) = (&report.network, &report.operator_key) {
        let fingerprint = operator_fingerprint(network, key);
        terminal.say(format_args!("Network {network}, operator {fingerprint}"))?;
        if !report.operator_key_given {
            terminal.say(
                "Compare this fingerprint with one that you have from the operator: everything rests on it.",
            )?;
        }
        terminal.say("")?;
    }
    let rows = report.logs.iter().map(|(member, counts)| row(member.as_str(), counts)).collect();
    let heads =
        ["log", "leaves", "witnessed", "consents", "openings", "answered", "refused", "served", "batches"];
    terminal.table(heads, rows)?;
    terminal.say("")?;
    terminal.say("Checked:")?;
    for line in checked(report) {
        terminal.say(format_args!("  {line}"))?;
    }
    if !report.grounds.is_empty() {
        terminal.say("\nOther lawful grounds than consent:")?;
    }
    for ground in &report.grounds {
        terminal.say(format_args!(
            "  {} leaf {}, {}: {}, {} openings",
            ground.institution,
            ground.leaf,
            ground.time,
            ground.ground,
            ground.openings.len()
        ))?;
    }
    if !report.notes.is_empty() {
        terminal.say("\nTo know:")?;
    }
    for note in &report.notes {
        terminal.say(format_args!("  {}", note.words))?;
    }
    if !report.unchecked.is_empty() {
        terminal.say("\nCOULD NOT BE CHECKED:")?;
    }
    for unchecked in &report.unchecked {
        terminal.say(format_args!("  {}: {}", unchecked.given, unchecked.words))?;
    }
    if !report.findings.is_empty() {
        terminal.say(format_args!("\nFINDINGS: {}", report.findings.len()))?;
    }
    for finding in &report.findings {
        let leaf = finding.leaf.map(|leaf| format!(", leaf {leaf}")).unwrap_or_default();
        terminal
            .say(format_args!("  {}{leaf}: {}\n    {}", finding.institution, finding.rule, finding.words))?;
    }
    terminal.say(match report.verdict() {
        Verdict::Clean => "\nNothing found.",
        Verdict::Findings if report.unchecked.is_empty() => "",
        Verdict::Findings => "\nAnd not everything could be checked.",
        Verdict::Unchecked => "\nNothing found in what could be checked.",
    })
}

fn row(member: &str, counts: &LogCounts) -> [String; 9] {
    [
        member.to_owned(),
        counts.leaves.to_string(),
        counts.quorum.map_or_else(|| "-".to_owned(), |(size, _)| size.to_string()),
        counts.consents.to_string(),
        counts.openings.to_string(),
        counts.answered.to_string(),
        counts.refused.values().sum::<u64>().to_string(),
        counts.served.to_string(),
        counts.reporting_batches.to_string(),
    ]
}

fn checked(report: &Report) -> Vec<String> {
    let leaves: u64 = report.logs.values().map(|counts| counts.leaves).sum();
    let checked = &report.checked;
    [
        (checked.rosters, "rosters under the operator's key"),
        (leaves, "leaves that lead to signed checkpoints, each of the schema"),
        (checked.tiles, "tiles against the tree of the entries"),
        (checked.checkpoints_compared, "signed checkpoints against the logs that they are of"),
        (checked.openings, "openings against their consents"),
        (checked.served_compared, "evaluations of key holders against the askers' leaves"),
        (checked.asked_compared, "leaves of askers against what key holders served"),
        (checked.feed_states_compared, "signed feed states against the lenders' logs"),
        (checked.feed_copies, "copies of feeds against the states that their lenders signed"),
        (checked.row_proofs, "proofs of rows"),
        (checked.footprints, "rows of footprints, published with their openings"),
    ]
    .into_iter()
    .map(|(count, what)| format!("{count} {what}"))
    .collect()
}
