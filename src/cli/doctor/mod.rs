//! `tally doctor`: which check failed, and the way out.

mod here;

use clap::Args;

use super::client::wait;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::api::doctor::{CheckState, Checkup};

/// Check the node: clock, roster, certificate, keys, port, store, disk, key holders, every peer
///
/// Where no node runs, everything is checked that takes no peer, and the whole log is verified.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally doctor
  tally doctor --json | jq '.checks[] | select(.state == \"failed\")'

Exit codes: 0 nothing failed; 4 a check failed.")]
pub(super) struct DoctorArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl DoctorArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        let checkup: Checkup = if client.is_listened_to()? {
            wait(client.get("/v1/doctor"))??
        } else {
            here::checkup(&self.unlock, context)?
        };
        let exit = if checkup.state == CheckState::Failed { Exit::Incomplete } else { Exit::Done };
        if self.json {
            context.terminal.json(&checkup)?;
            return Ok(exit);
        }
        for check in &checkup.checks {
            let word = match check.state {
                CheckState::Skipped => "skipped",
                CheckState::Good => "good",
                CheckState::Warning => "WARNING",
                CheckState::Failed => "FAILED",
            };
            context.terminal.say(format_args!("{word:<8} {:<20} {}", check.name, check.detail))?;
        }
        Ok(exit)
    }
}
