//! `tally audit`: the auditor's commands, on exported folders. They need no node and no network.

mod folder;
mod verify;

use clap::{Args, Subcommand};

use super::{Context, Exit, Failure};

/// Verify exported consent logs, without a node and without a network
#[derive(Args, Debug)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(verify::VerifyArgs),
}

impl AuditArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            AuditCommand::Verify(args) => args.run(context),
        }
    }
}
