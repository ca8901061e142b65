//! `tally backup create`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::client::wait;
use super::super::unlock::{ask, read_passphrase_file};
use super::super::{Context, Exit, Failure};
use super::file::NewFile;
use crate::keyring::{SealFor, SealedWriter, WorkFactor};

/// Bytes between two words about the progress.
const PROGRESS_BYTES: u64 = 256 * 1024 * 1024;

/// Write the store of the running node, as it is at this moment, into one encrypted file
///
/// The node goes on meanwhile. The file is there when it is whole, and not at all otherwise. It is encrypted with age,
/// for any of the recipients or under a passphrase; inside is a plain tar archive.
///
/// The node's keys are not in it, and without them what is in it cannot be read: back up the file of the keys and what
/// unlocks it as well, and elsewhere.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally backup create /mnt/usb/lender-a.age --recipient $(age-keygen -y identity)
  tally backup create backup.age --passphrase-file pass --json
  age --decrypt -i identity backup.age | tar -t

Exit codes: 0 written; 1 the disk or the node failed, and there is no file; 3 the file is there already.")]
pub(super) struct CreateArgs {
    /// The file. Nothing is written over.
    file: PathBuf,
    /// Who can read it: an age recipient. May be given several times.
    #[arg(long, value_name = "AGE1…", conflicts_with = "passphrase_file")]
    recipient: Vec<String>,
    /// File with a passphrase, mode 0600. Without it and a recipient, a passphrase is asked for.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Show what was written as JSON.
    #[arg(long)]
    json: bool,
}

/// What was written.
#[derive(Serialize)]
struct Created {
    file: PathBuf,
    bytes: u64,
    keys_included: bool,
}

impl CreateArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        let to = self.seal_for(context)?;
        let words = |error: std::io::Error| {
            let exit = match error.kind() {
                std::io::ErrorKind::AlreadyExists => Exit::Refused,
                _ => Exit::Fault,
            };
            Failure::new(exit, format!("{}: {error}; there is no backup", self.file.display()))
        };
        let file = NewFile::begin(&self.file).map_err(words)?;
        let mut sealed = SealedWriter::new(&to, file)?;
        let (mut taken, mut said) = (0_u64, 0_u64);
        let interactive = context.terminal.interactive();
        wait(client.get_pieces("/v1/backup", |piece| {
            sealed.write_all(piece).map_err(words)?;
            taken += piece.len() as u64;
            if interactive && taken - said >= PROGRESS_BYTES {
                said = taken;
                context.terminal.note(format_args!("{} MiB", taken / 1024 / 1024))?;
            }
            Ok::<_, Failure>(())
        }))??;
        let bytes = sealed.finish().and_then(NewFile::finish).map_err(words)?;
        let created = Created { file: self.file.clone(), bytes, keys_included: false };
        if self.json {
            context.terminal.json(&created)?;
        } else {
            context.terminal.say(format_args!("{}: {bytes} bytes", self.file.display()))?;
            context.terminal.say(
                "The node's keys are not in it: keep the file of the keys and what unlocks it as well, and elsewhere.",
            )?;
        }
        Ok(Exit::Done)
    }

    fn seal_for(&self, context: &Context) -> Result<SealFor, Failure> {
        if !self.recipient.is_empty() {
            return Ok(SealFor::Recipients(self.recipient.clone()));
        }
        if let Some(path) = &self.passphrase_file {
            return Ok(SealFor::Passphrase(read_passphrase_file(path)?, WorkFactor::default()));
        }
        let first = ask("Passphrase for the backup: ", &context.terminal)?;
        let second = ask("The same again: ", &context.terminal)?;
        if first.expose() != second.expose() {
            return Err(Failure::new(Exit::Usage, "the two passphrases differ; nothing was written"));
        }
        Ok(SealFor::Passphrase(first, WorkFactor::default()))
    }
}
