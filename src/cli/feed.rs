//! `tally feed`: feeds to and from a file, for a branch without a link.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::client::{Client, wait};
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::api::feeds::{FeedHeld, FeedImportBody, FeedsHeld};
use crate::clock::UnixTime;
use crate::model::member::MemberId;
use crate::node::{FeedOutcome, FeedsImported};
use crate::wire::codec;
use crate::wire::feed_file::{FeedFileHeader, FeedFilePage, FeedFileWriter};

/// Carry feeds in a file, for a branch without a link
#[derive(Args, Debug)]
pub(super) struct FeedArgs {
    #[command(subcommand)]
    command: FeedCommand,
}

#[derive(Debug, Subcommand)]
enum FeedCommand {
    Export(ExportArgs),
    Import(ImportArgs),
}

/// Write feeds that are held here into a file
///
/// The file holds sealed rows and what their lenders signed of them; whoever carries it learns no more than a member
/// does, and can neither alter nor leave out anything unnoticed. Where no node runs, the store is opened directly.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally feed export /media/stick/feeds.tally
  tally feed export feeds.tally --lender lender-a --lender lender-b
  tally feed export feeds.tally --lender lender-a --since 48210

Exit codes: 0 written; 2 a lender of which nothing is held.")]
struct ExportArgs {
    /// The file. One that is there is written over when the new one is whole.
    file: PathBuf,
    /// Only this lender's feed; may be given several times.
    #[arg(long = "lender", value_name = "ID")]
    lenders: Vec<MemberId>,
    /// Only rows behind this sequence number, where the other node has the feed so far.
    #[arg(long, value_name = "N", default_value_t = 0)]
    since: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Take feeds from a file
///
/// Rows are taken where they are those that the lender signed, newer than what is held. A feed that is refused leaves
/// what is held as it is, and does not keep the others out.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  tally feed import /media/stick/feeds.tally

Exit codes: 0 taken, or nothing newer; 2 no feed file, or another network's; 4 a feed was refused, or the file is damaged.")]
struct ImportArgs {
    /// The file.
    file: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// What was written.
#[derive(Debug, Serialize)]
struct Exported {
    file: PathBuf,
    feeds: Vec<FeedExported>,
}

/// A feed that was written.
#[derive(Debug, Serialize)]
struct FeedExported {
    lender: MemberId,
    since: u64,
    sequence: u64,
    rows: u64,
}

impl FeedArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            FeedCommand::Export(args) => args.run(context),
            FeedCommand::Import(args) => args.run(context),
        }
    }
}

impl ExportArgs {
    fn run(&self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let held: FeedsHeld = wait(client.get("/v1/feeds"))??;
        for lender in &self.lenders {
            if !held.feeds.iter().any(|feed| &feed.lender == lender) {
                let words = format!("no feed state of {lender} is held here: see `tally status`");
                return Err(Failure::new(Exit::Usage, words));
            }
        }
        let feeds: Vec<&FeedHeld> = held
            .feeds
            .iter()
            .filter(|feed| self.lenders.is_empty() || self.lenders.contains(&feed.lender))
            .collect();
        let header = FeedFileHeader { network: held.network, from: held.member, made: held.time };
        let new = with_suffix(&self.file, ".new");
        let written = write(&client, &new, &header, &feeds, self.since);
        let exported = match written {
            Ok(feeds) => Exported { file: self.file.clone(), feeds },
            Err(failure) => {
                let _ = std::fs::remove_file(&new);
                return Err(failure);
            }
        };
        std::fs::rename(&new, &self.file)?;
        if self.json {
            context.terminal.json(&exported)?;
            return Ok(Exit::Done);
        }
        for FeedExported { lender, sequence, rows, .. } in &exported.feeds {
            context.terminal.say(format_args!("{lender}: {rows} rows, up to {sequence}"))?;
        }
        context.terminal.say(format_args!("{} written", exported.file.display()))?;
        Ok(Exit::Done)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn write(
    client: &Client,
    path: &Path,
    header: &FeedFileHeader,
    feeds: &[&FeedHeld],
    since: u64,
) -> Result<Vec<FeedExported>, Failure> {
    let cannot = |error: std::io::Error| Failure::new(Exit::Fault, format!("{}: {error}", path.display()));
    let out = BufWriter::new(File::create(path).map_err(cannot)?);
    let mut writer = FeedFileWriter::new(out, header).map_err(cannot)?;
    let mut exported = Vec::new();
    for feed in feeds {
        let lender = &feed.lender;
        let (mut after, mut rows, mut last) = (since.min(feed.sequence), 0, false);
        let begun = after;
        while !last {
            let bytes = wait(client.get_bytes(&format!("/v1/feeds/{lender}/pages?after={after}")))??;
            let page: FeedFilePage = codec::decode(&bytes, "page of a feed")?;
            rows += page.rows.len() as u64;
            after = page.rows.last().map_or(after, |row| row.sequence);
            last = page.last;
            writer.page(page).map_err(cannot)?;
        }
        exported.push(FeedExported { lender: lender.clone(), since: begun, sequence: after, rows });
    }
    let out = writer.finish().map_err(cannot)?;
    out.into_inner().map_err(|error| cannot(error.into_error()))?.sync_all().map_err(cannot)?;
    Ok(exported)
}

impl ImportArgs {
    fn run(&self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Make)?;
        let path = std::path::absolute(&self.file)?;
        let imported: FeedsImported = wait(client.post("/v1/feeds/import", &FeedImportBody { path }))??;
        let refused = imported.feeds.iter().any(|feed| feed.outcome == FeedOutcome::Refused);
        let exit = if refused || imported.damage.is_some() { Exit::Incomplete } else { Exit::Done };
        if self.json {
            context.terminal.json(&imported)?;
        } else {
            say(&imported, context)?;
        }
        Ok(exit)
    }
}

fn say(imported: &FeedsImported, context: &mut Context) -> std::io::Result<()> {
    let terminal = &mut context.terminal;
    terminal.say(format_args!("made by {} on {}", imported.from, imported.made))?;
    let time = |time: Option<UnixTime>| time.map_or_else(|| "never".to_owned(), |time| time.to_string());
    for feed in &imported.feeds {
        let held = format_args!("held up to {}, as signed {}", feed.sequence, time(feed.state)).to_string();
        let lender = &feed.lender;
        match feed.outcome {
            FeedOutcome::Taken => terminal.say(format_args!("{lender}: {} rows taken; {held}", feed.rows))?,
            FeedOutcome::NothingNewer => terminal.say(format_args!("{lender}: nothing newer; {held}"))?,
            FeedOutcome::Refused => {
                let why = feed.why.as_deref().unwrap_or("refused");
                terminal.say(format_args!("{lender}: REFUSED: {why}; {held}"))?;
            }
        }
    }
    if let Some(damage) = &imported.damage {
        terminal.say(format_args!("DAMAGED: {damage}"))?;
    }
    Ok(())
}
