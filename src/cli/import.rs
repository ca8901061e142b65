//! `tally import`: a loan book from a file into the node's own book, and what became of earlier loads.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::client::{Client, wait};
use super::fineract_report::{ReportSource, fetch};
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::api::imports::{DecisionBody, FineractParts, ImportBody, Imports, RejectShown, Rejects};
use crate::book::Load;
use crate::formats::Format;
use crate::model::day::Day;
use crate::model::money::Currency;

/// Load a loan book from a file
///
/// Good rows are taken; each bad row is named with its line, its field and the way out, and kept encrypted. The same
/// file twice changes nothing, and an import that was interrupted is simply run again. A load that looks wrong is held
/// with its figures until a named person releases it. Where no node runs, the store is opened directly.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
Examples:
  tally import book.csv --format csv
  tally import book.csv --format csv --map mapping.toml --dry-run
  tally import portfolio.txt --format cdf --full-portfolio --rejects rejects.csv
  tally import loans.json --format fineract --clients clients.json --identifiers identifiers.json
  tally import fineract-report.toml --format fineract-report --full-portfolio
  tally import list
  tally import release 7 --by 'Chan Dara'

Exit codes: 0 every row was taken; 3 the load is held; 4 some rows were rejected."
)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    command: Option<ImportCommand>,
    /// The file.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Its form.
    #[arg(long, value_enum, required = true)]
    format: Option<FormatArg>,
    /// Column names, words, date and number format of the file (TOML); `config/mapping.toml` explains it.
    #[arg(long = "map", value_name = "FILE")]
    map: Option<PathBuf>,
    /// Clients, where they lie in a file of their own (format fineract).
    #[arg(long, value_name = "FILE")]
    clients: Option<PathBuf>,
    /// Identifiers of clients, likewise.
    #[arg(long, value_name = "FILE")]
    identifiers: Option<PathBuf>,
    /// Groups with their members, likewise.
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
    /// The file holds every loan of the branches in it: what it leaves out has ended. Never done when rows were
    /// rejected.
    #[arg(long)]
    full_portfolio: bool,
    /// Show the first rows as understood, and the report, and write nothing.
    #[arg(long, value_name = "ROWS", num_args = 0..=1, default_missing_value = "5")]
    dry_run: Option<usize>,
    /// Write the rejected rows as they stood in the file to this file, mode 0600.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Currency of rows that name none.
    #[arg(long, value_name = "CODE")]
    currency: Option<Currency>,
    /// Branch of rows that name none.
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// The day of the figures, for files that do not say.
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// Show the outcome as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    /// India's common data format for microfinance, layout 1.9.
    Cdf,
    /// Delimited text: comma, semicolon or tab.
    Csv,
    /// A workbook.
    Xlsx,
    /// Answers of the Apache Fineract API.
    Fineract,
    /// A report of Apache Fineract, fetched from where FILE says (docs/FINERACT.md).
    FineractReport,
}

impl From<FormatArg> for Format {
    fn from(argument: FormatArg) -> Self {
        match argument {
            FormatArg::Cdf => Self::Cdf,
            // It comes as CSV.
            FormatArg::Csv | FormatArg::FineractReport => Self::Csv,
            FormatArg::Xlsx => Self::Xlsx,
            FormatArg::Fineract => Self::Fineract,
        }
    }
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Show every load
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        unlock: UnlockArgs,
    },
    /// Take a held load into the book
    Release(Decision),
    /// Bring back what was there before a load
    Undo(Decision),
    /// Drop a held load
    Discard(Decision),
}

#[derive(Args, Debug)]
struct Decision {
    /// Number of the load, as `tally import list` shows it.
    number: u64,
    /// The person who decides.
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl ImportArgs {
    pub(super) fn run(mut self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command.take() {
            Some(ImportCommand::List { json, unlock }) => list(json, &unlock, context),
            Some(ImportCommand::Release(decision)) => decide("release", &decision, context),
            Some(ImportCommand::Undo(decision)) => decide("undo", &decision, context),
            Some(ImportCommand::Discard(decision)) => decide("discard", &decision, context),
            None => self.load(context),
        }
    }

    fn load(self, context: &mut Context) -> Result<Exit, Failure> {
        let (Some(file), Some(format)) = (&self.file, self.format) else {
            return Err(Failure::new(Exit::Usage, "name the file and its --format"));
        };
        let source = match format {
            FormatArg::FineractReport => Some(ReportSource::read(file)?),
            _ => None,
        };
        let fetched = match &source {
            Some(source) => {
                let data = context.load_config()?.data;
                Some(wait(fetch(source, &data, context.clock.clone(), &*context.entropy))??)
            }
            None => None,
        };
        let path = whole_path(fetched.as_ref().map_or(file, |fetched| &fetched.file))?;
        let map = self.map.clone().or_else(|| source.as_ref().and_then(ReportSource::map));
        let part = |file: &Option<PathBuf>| file.as_deref().map(whole_path).transpose();
        let fineract = FineractParts {
            clients: part(&self.clients)?,
            identifiers: part(&self.identifiers)?,
            groups: part(&self.groups)?,
        };
        let mapping = map.as_ref().map(|map| read_text(map)).transpose()?;
        let body = ImportBody {
            path,
            format: format.into(),
            fineract,
            mapping_toml: mapping,
            full_portfolio: self.full_portfolio,
            dry_run: self.dry_run,
            default_currency: self.currency,
            default_branch: self.branch.clone(),
            as_of: self.as_of,
        };
        let client = context.client_or_store(&self.unlock, NoStore::Make)?;
        let bar = progress_bar(&body.path, context);
        let outcome = load(&client, &body, &bar)?;
        if let Some(file) = &self.rejects {
            let number = number(&outcome);
            let rejects: Rejects = wait(client.get(&format!("/v1/imports/{number}/rejects")))??;
            write_rejects(file, &rejects)?;
        }
        bar.finish_and_clear();
        if self.json {
            context.terminal.json(&outcome)?;
        } else {
            show(&outcome, context)?;
        }
        if client.is_here() && self.dry_run.is_none() {
            context.terminal.note("What is new is published once the node runs.")?;
        }
        Ok(exit_of(&outcome))
    }
}

/// The path as it is from anywhere: the node may stand in another folder.
fn whole_path(file: &Path) -> Result<PathBuf, Failure> {
    std::fs::canonicalize(file)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: cannot be read: {error}", file.display())))
}

fn load(client: &Client, body: &ImportBody, bar: &ProgressBar) -> Result<Value, Failure> {
    let (mut outcome, mut problem) = (None, None);
    let asked = client.post_lines("/v1/imports", body, |line| {
        if let Some(progress) = line.get("progress") {
            bar.set_position(progress.get("bytes").and_then(Value::as_u64).unwrap_or_default());
        } else if let Some(found) = line.get("outcome") {
            outcome = Some(found.clone());
        } else if let Some(found) = line.get("problem") {
            problem = Some(found.clone());
        }
    });
    wait(asked)??;
    match (outcome, problem) {
        (Some(outcome), _) => Ok(outcome),
        (None, Some(problem)) => {
            let detail =
                problem.get("detail").and_then(Value::as_str).unwrap_or("the load failed").to_owned();
            Err(Failure::new(Exit::Usage, detail))
        }
        (None, None) => {
            Err(Failure::new(Exit::Fault, "the node ended in the middle of the load: run it again"))
        }
    }
}

fn progress_bar(file: &Path, context: &Context) -> ProgressBar {
    let length = std::fs::metadata(file).map(|meta| meta.len()).unwrap_or_default();
    if !context.terminal.interactive() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn read_text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: cannot be read: {error}", file.display())))
}

fn number(outcome: &Value) -> u64 {
    outcome.pointer("/load/number").and_then(Value::as_u64).unwrap_or_default()
}

/// A count of a load, or of what it changed.
fn count(outcome: &Value, name: &str) -> u64 {
    let places = [format!("/load/{name}"), format!("/load/book/{name}")];
    places.iter().find_map(|place| outcome.pointer(place)?.as_u64()).unwrap_or_default()
}

fn exit_of(outcome: &Value) -> Exit {
    let count = |name: &str| count(outcome, name);
    let held = outcome.get("held_for").and_then(Value::as_array).is_some_and(|held| !held.is_empty());
    if held {
        Exit::Refused
    } else if count("rejected") > 0 {
        Exit::Incomplete
    } else {
        Exit::Done
    }
}

fn show(outcome: &Value, context: &mut Context) -> Result<(), Failure> {
    let terminal = &mut context.terminal;
    let count = |name: &str| count(outcome, name);
    let dry = outcome.get("dry_run").and_then(Value::as_bool).unwrap_or_default();
    let texts = |name: &str| -> Vec<String> {
        let list = outcome.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    if dry {
        for row in outcome.get("rows").and_then(Value::as_array).into_iter().flatten() {
            terminal.say(serde_json::to_string_pretty(row)?)?;
        }
        terminal.say("Nothing was written.")?;
    }
    let held = texts("held_for");
    let what = if dry {
        "Would take"
    } else if held.is_empty() {
        "Load"
    } else {
        "HELD: load"
    };
    terminal.say(format_args!(
        "{what} {}: {} rows good ({} new, {} changed, {} as before, {} older than the book), {} rejected, {} no facilities, {} closed",
        number(outcome),
        count("good"),
        count("new"),
        count("changed"),
        count("unchanged"),
        count("older"),
        count("rejected"),
        count("skipped"),
        count("closed"),
    ))?;
    if let Some(same) = outcome.get("same_as").and_then(Value::as_u64) {
        terminal.say(format_args!("This very file was taken in by load {same}; nothing was changed."))?;
    }
    for finding in texts("findings") {
        terminal.say(format_args!("  about the file: {finding}"))?;
    }
    for (list, word) in [("rejects", "reason"), ("notes", "note")] {
        for one in outcome.get(list).and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
            let line = one.get("line").and_then(Value::as_u64).unwrap_or_default();
            let kind = if list == "rejects" { "rejected" } else { "note" };
            terminal.say(format_args!("  line {line}, {}: {kind}: {}", text("field"), text(word)))?;
        }
    }
    for reason in &held {
        terminal.say(format_args!("  held: {reason}"))?;
    }
    if !held.is_empty() && !dry {
        let number = number(outcome);
        terminal.say(format_args!("Release it with: tally import release {number} --by NAME"))?;
    }
    Ok(())
}

fn write_rejects(file: &Path, rejects: &Rejects) -> Result<(), Failure> {
    let out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
    let out = out.map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", file.display())))?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["line", "field", "reason", "row"])?;
    for RejectShown { line, field, reason, row } in &rejects.rejects {
        writer.write_record([&line.to_string(), field, reason, row])?;
    }
    let mut out = writer.into_inner().context("the rejects cannot be written").map_err(Failure::fault)?;
    out.flush()?;
    Ok(())
}

fn list(json: bool, unlock: &UnlockArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client_or_store(unlock, NoStore::Refuse)?;
    let (mut imports, mut query) = (Vec::new(), String::new());
    loop {
        let page: Imports = wait(client.get(&format!("/v1/imports{query}")))??;
        imports.extend(page.imports);
        let Some(next) = page.next else { break };
        query = format!("?after={next}");
    }
    if json {
        context.terminal.json(&Imports { imports, next: None })?;
        return Ok(Exit::Done);
    }
    let rows = imports.iter().map(row).collect();
    context.terminal.table(["Load", "Time", "File", "State", "Good", "Rejected", "Closed", "By"], rows)?;
    Ok(Exit::Done)
}

fn row(load: &Load) -> [String; 8] {
    let state = serde_json::to_value(load.state).ok().and_then(|value| value.as_str().map(str::to_owned));
    [
        load.number.to_string(),
        load.time.to_string(),
        load.file.clone(),
        state.unwrap_or_default(),
        load.good.to_string(),
        load.rejected.to_string(),
        load.changes.closed.to_string(),
        load.decided_by.clone().unwrap_or_default(),
    ]
}

fn decide(what: &str, decision: &Decision, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client_or_store(&decision.unlock, NoStore::Refuse)?;
    let body = DecisionBody { by: decision.by.clone() };
    let load: Load = wait(client.post(&format!("/v1/imports/{}/{what}", decision.number), &body))??;
    let [number, _, file, state, good, ..] = row(&load);
    context.terminal.say(format_args!("Load {number} ({file}): {state}, {good} rows"))?;
    Ok(Exit::Done)
}
