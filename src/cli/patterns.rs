//! `tally patterns`: what is unusual in the logs that are here.

use clap::Args;

use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::model::member::MemberId;
use crate::node::PatternReport;

/// Show what is unusual in the members' logs of the last 30 days
///
/// Counted in this node's log and in those that it keeps of others, as a key holder or a witness: by member, never by
/// person. A pattern proves nothing; it says where an operator or an auditor looks first. docs/AUDIT.md lists them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally patterns
  tally patterns --json | jq '.patterns[] | {member, pattern, count}'

Exit codes: 0 nothing is unusual; 4 something is.")]
pub(super) struct PatternsArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl PatternsArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let report: PatternReport = wait(client.get("/v1/patterns"))??;
        let exit = if report.patterns.is_empty() { Exit::Done } else { Exit::Incomplete };
        let terminal = &mut context.terminal;
        if self.json {
            terminal.json(&report)?;
            return Ok(exit);
        }
        let logs: Vec<&str> = report.logs.iter().map(MemberId::as_str).collect();
        terminal.say(format_args!("Since {}, in the logs of {}:", report.from, logs.join(", ")))?;
        for owner in &report.cut {
            terminal
                .say(format_args!("Of {owner} only the newest leaves were looked at, for there are many."))?;
        }
        for pattern in &report.patterns {
            terminal.say(pattern.words())?;
        }
        if report.patterns.is_empty() {
            terminal.say("Nothing is unusual.")?;
        }
        Ok(exit)
    }
}
