//! `tally backup`: the node's store in one encrypted file, and back.

mod create;
mod file;
mod restore;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::unlock::{ask, read_passphrase_file};
use super::{Context, Exit, Failure, Terminal};
use crate::backup::BackupError;
use crate::keyring::Unlock;

/// Back up this node's store, check a backup, put one back
#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    #[command(subcommand)]
    command: BackupCommand,
}

#[derive(Debug, Subcommand)]
enum BackupCommand {
    Create(create::CreateArgs),
    Verify(verify::VerifyArgs),
    Restore(restore::RestoreArgs),
}

impl BackupArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            BackupCommand::Create(args) => args.run(context),
            BackupCommand::Verify(args) => args.run(context),
            BackupCommand::Restore(args) => args.run(context),
        }
    }
}

/// What opens a backup.
#[derive(Args, Debug)]
struct OpenArgs {
    /// File with the age identity of one of its recipients, mode 0600.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    identity: Option<PathBuf>,
    /// File with its passphrase, mode 0600. Without it and an identity, it is asked for.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl OpenArgs {
    fn unlock(&self, terminal: &Terminal) -> Result<Unlock, Failure> {
        match (&self.identity, &self.passphrase_file) {
            (Some(path), _) => Ok(Unlock::KeyFile(path.clone())),
            (None, Some(path)) => Ok(Unlock::Passphrase(read_passphrase_file(path)?)),
            (None, None) => Ok(Unlock::Passphrase(ask("Passphrase of the backup: ", terminal)?)),
        }
    }
}

/// The exit code of what is wrong with a backup.
fn failure(error: BackupError) -> Failure {
    let exit = match error {
        BackupError::Io { .. } | BackupError::Store(_) => Exit::Fault,
        BackupError::NotWhole(_) | BackupError::Version { .. } => Exit::Usage,
        BackupError::Occupied(_) => Exit::Refused,
        BackupError::Wrong(_) | BackupError::Log(_) => Exit::Incomplete,
    };
    Failure { exit, error: error.into() }
}
