//! `tally log`: this node's consent log.

use clap::{Args, Subcommand};

use super::client::wait;
use super::{Context, Exit, Failure};
use crate::api::logs::{LeavesPage, LogHeadShown, LogVerified};
use crate::limits::LEAVES_PER_UPDATE_MAX;

/// Show and verify this node's consent log
#[derive(Args, Debug)]
pub(super) struct LogArgs {
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Debug, Subcommand)]
enum LogCommand {
    Verify(VerifyArgs),
    Show(ShowArgs),
}

/// Recompute the log from its leaves, and every log that is mirrored here, and compare them with what was signed
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 everything leads to what was signed; 1 the own log or a mirror does not; 4 a member signed two histories.")]
struct VerifyArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
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
}

impl LogArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            LogCommand::Verify(args) => verify(&args, context),
            LogCommand::Show(args) => show(&args, context),
        }
    }
}

fn verify(args: &VerifyArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client()?;
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
    let client = context.client()?;
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
