//! `tally doctor`: which check failed, and the way out.

use clap::Args;

use super::client::wait;
use super::{Context, Exit, Failure};
use crate::api::doctor::{CheckState, Checkup};

/// Check the running node: clock, roster, certificate, keys, port, store, disk, key holders, every peer
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
}

impl DoctorArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        let checkup: Checkup = wait(client.get("/v1/doctor"))??;
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
