//! `tally log`: this node's consent log, and how others get to read it.

pub mod export;
mod folder;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use self::export::{Written, export};
use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::api::logs::{LeavesPage, LogHeadShown, LogVerified, Succession};
use crate::limits::{LEAVES_PER_UPDATE_MAX, NOTE_BYTES_MAX};
use crate::model::leaf::LeafReference;
use crate::model::member::MemberId;
use crate::node::{Standing, Status};

/// Show, verify and export this node's consent log
#[derive(Args, Debug)]
pub(super) struct LogArgs {
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Debug, Subcommand)]
enum LogCommand {
    Verify(VerifyArgs),
    Show(ShowArgs),
    Export(ExportArgs),
    Vkey(VkeyArgs),
    Continue(ContinueArgs),
    Succeeds(SucceedsArgs),
}

/// Log that this node goes on for a removed member, whose log ended with a break
///
/// When leaves that a node has signed cannot be had back from anybody, or it signed two histories, its log cannot go on.
/// The operator removes the member and admits it under another name; here the new node says so in its own log, with what
/// the old store still had and what others hold, for every auditor to see.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  tally log succeeds lender-a --had old-export/checkpoint --signed operator-export/seen/lender-a

Exit codes: 0 logged; 2 a file is no checkpoint of that log, or the member was not removed.")]
struct SucceedsArgs {
    /// The removed member.
    member: MemberId,
    /// The newest checkpoint of its own store: `checkpoint` of an export of it.
    #[arg(long, value_name = "FILE")]
    had: PathBuf,
    /// The newest checkpoint that another member holds: `seen/MEMBER` of that one's export.
    #[arg(long, value_name = "FILE")]
    signed: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Go on without those who have not said how much of this node's log they have seen
///
/// A node that starts asks its witnesses and the other key holders, writes nothing and serves nobody until enough have
/// answered: its store may be an older copy of itself, and a second history of the log is evidence against its owner.
/// `tally status` says whom it waits for. Say this only when they are gone for good, or when it is known that they have
/// seen nothing that is not here. Leaves that somebody shows to be missing are waited for all the same.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 the node works; 3 not confirmed; 4 others have seen leaves that are missing here, and it still waits.")]
struct ContinueArgs {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Recompute the log from its leaves, and every log that is mirrored here, and compare them with what was signed
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 everything leads to what was signed; 1 the own log or a mirror does not; 4 a member signed two histories.")]
struct VerifyArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Show the newest checkpoint, or leaves
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally log show
  tally log show --from 0 --limit 20
  tally log show --from 0 --json | jq '.leaves[].leaf.kind'")]
struct ShowArgs {
    /// Show leaves from this index on.
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// How many leaves, at most 1024.
    #[arg(long, default_value_t = 100, value_name = "COUNT", requires = "from",
        value_parser = clap::value_parser!(u64).range(1..=LEAVES_PER_UPDATE_MAX as u64))]
    limit: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Write the log into a folder, for auditors and for other people's programs
///
/// The folder has the static layout of C2SP tlog-tiles, and beside it what an auditor needs to judge the leaves:
/// docs/AUDIT.md describes it. Run again, it writes only what is new. A folder whose log is not a beginning of this one
/// is left as it is. Where no node runs, the store is opened directly.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally log export audit/lender-a
  tally log export /srv/www/log --json

Exit codes: 0 written; 3 the folder holds something else, or another history of this log.")]
struct ExportArgs {
    /// The folder; made when it is missing.
    folder: PathBuf,
    /// Show what was written as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Print the key that verifies this node's checkpoints
///
/// A verifier key of C2SP signed-note, alone on the last line, as it stands in the operator's signed roster.
#[derive(Args, Debug)]
struct VkeyArgs {
    /// The key of this node's cosignatures of others' checkpoints instead.
    #[arg(long)]
    cosigner: bool,
}

impl LogArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            LogCommand::Verify(args) => verify(&args, context),
            LogCommand::Show(args) => show(&args, context),
            LogCommand::Export(args) => args.run(context),
            LogCommand::Vkey(args) => vkey(&args, context),
            LogCommand::Continue(args) => go_on(&args, context),
            LogCommand::Succeeds(args) => args.run(context),
        }
    }
}

fn verify(args: &VerifyArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client_or_store(&args.unlock, NoStore::Refuse)?;
    let verified: LogVerified = wait(client.post("/v1/log/verify", &()))??;
    let forked = verified.mirrors.iter().any(|mirror| !mirror.forks.is_empty());
    let exit = if forked { Exit::Incomplete } else { Exit::Done };
    let terminal = &mut context.terminal;
    if args.json {
        terminal.json(&verified)?;
        return Ok(exit);
    }
    terminal.say(format_args!("own log: {} leaves lead to the signed checkpoint", verified.leaves))?;
    for mirror in &verified.mirrors {
        terminal.say(format_args!("{}: {} leaves lead to what it signed", mirror.member, mirror.leaves))?;
        for size in &mirror.forks {
            terminal.say(format_args!("{}: SIGNED TWO HISTORIES at size {size}", mirror.member))?;
        }
    }
    Ok(exit)
}

fn show(args: &ShowArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client_or_store(&args.unlock, NoStore::Refuse)?;
    let Some(from) = args.from else {
        let head: LogHeadShown = wait(client.get("/v1/log"))??;
        if args.json {
            context.terminal.json(&head)?;
        } else {
            context.terminal.say(format_args!("{}, {} leaves\n", head.origin, head.size))?;
            context.terminal.say(head.checkpoint.trim_end())?;
            let witnessed = if head.quorum.is_empty() { "No witnesses' quorum yet." } else { "Witnessed:" };
            context.terminal.say(format_args!("\n{witnessed}\n{}", head.quorum.trim_end()))?;
        }
        return Ok(Exit::Done);
    };
    let page: LeavesPage = wait(client.get(&format!("/v1/log/leaves?from={from}&limit={}", args.limit)))??;
    if args.json {
        context.terminal.json(&page)?;
        return Ok(Exit::Done);
    }
    for leaf in &page.leaves {
        context.terminal.say(format_args!("{:>8}  {}", leaf.index, leaf.leaf.get()))?;
    }
    if let Some(next) = page.next {
        context.terminal.note(format_args!("{} leaves in all; go on with --from {next}", page.size))?;
    }
    Ok(Exit::Done)
}

impl ExportArgs {
    fn run(&self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let written = export(&client, &self.folder)?;
        if self.json {
            context.terminal.json(&written)?;
        } else {
            say(&written, context)?;
        }
        Ok(Exit::Done)
    }
}

fn say(written: &Written, context: &mut Context) -> std::io::Result<()> {
    let Written { origin, size, size_before, tiles, bundles, files, .. } = written;
    context.terminal.say(format_args!(
        "{origin}: {size} leaves, {} more than before; {tiles} tiles, {bundles} entry bundles and {} other files \
         written",
        size.saturating_sub(*size_before),
        files.len(),
    ))
}

fn vkey(args: &VkeyArgs, context: &mut Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let roster = crate::daemon::read_roster(&config.roster, config.pinned_operator_key()?)
        .map_err(|error| Failure { exit: Exit::Usage, error })?;
    let member = roster.member(&config.member).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("the roster does not list {} as a member", config.member))
    })?;
    context.terminal.say(if args.cosigner { &member.cosigner_key } else { &member.log_key })?;
    Ok(Exit::Done)
}

fn go_on(args: &ContinueArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client()?;
    let status: Status = wait(client.get("/v1/status"))??;
    if !status.standing.is_settled() && !args.yes {
        let silent: Vec<&str> = status.standing.silent.iter().map(|one| one.member.as_str()).collect();
        let question = format!(
            "{} did not answer. If one of them has seen more of this log than is here, the log gets a second history, \
             which is evidence against this institution. Go on without them?",
            silent.join(", ")
        );
        context.terminal.confirm(&question, "--yes")?;
    }
    let standing: Standing = wait(client.post("/v1/log/continue", &()))??;
    if args.json {
        context.terminal.json(&standing)?;
    } else if standing.is_settled() {
        context.terminal.say(format_args!("the node works; its log has {} leaves", standing.have))?;
    } else {
        context.terminal.say(format_args!("the node still waits for {}", standing.waits_for))?;
    }
    Ok(if standing.is_settled() { Exit::Done } else { Exit::Incomplete })
}

impl SucceedsArgs {
    fn run(&self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        let asked = Succession {
            member: self.member.clone(),
            had: read_note(&self.had)?,
            signed: read_note(&self.signed)?,
        };
        let leaf: LeafReference = wait(client.post("/v1/log/succeeds", &asked))??;
        if self.json {
            context.terminal.json(&leaf)?;
        } else {
            let words = format_args!("leaf {}: this log goes on for that of {}", leaf.index, self.member);
            context.terminal.say(words)?;
        }
        Ok(Exit::Done)
    }
}

/// A signed note in a file.
fn read_note(path: &std::path::Path) -> Result<String, Failure> {
    use std::io::Read as _;
    let wrong = |words: String| Failure::new(Exit::Usage, format!("{}: {words}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    let mut text = String::new();
    file.take(NOTE_BYTES_MAX as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| wrong(error.to_string()))?;
    if text.len() > NOTE_BYTES_MAX {
        return Err(wrong("is longer than a checkpoint".to_owned()));
    }
    Ok(text)
}
