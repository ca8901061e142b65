//! `tally backup restore`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::super::{Context, Exit, Failure};
use super::file::Scratch;
use super::verify::{open_unpacked, unpack_file};
use super::{OpenArgs, failure};
use crate::backup::{BackupError, Manifest, check};

/// Put a backup back, into an empty place
///
/// Everything in it is checked first. The store is marked as an older copy: when the node starts it asks its witnesses
/// and all key holders that could have helped it how much of its log they have seen, takes back what is missing, and
/// writes nothing before. `tally status` says what came back and what is lost.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally backup restore /mnt/usb/lender-a.age --identity identity --data lender-a/data
  tally node --config lender-a/node.toml

Exit codes: 0 put back; 2 it does not open, is cut short or was changed; 3 the folder is not empty; 4 what is in it
does not hold. In all cases but the first nothing was put back.")]
pub(super) struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// The data folder of the node, as its configuration names it: empty, or not there yet.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    open: OpenArgs,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What was put back.
#[derive(Serialize)]
struct Restored<'a> {
    data: &'a Path,
    manifest: &'a Manifest,
    bytes: u64,
}

impl RestoreArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let made = !self.data.exists();
        if !made {
            Scratch::take_away_left(&self.data)?;
        }
        if !made && fs::read_dir(&self.data)?.next().is_some() {
            return Err(failure(BackupError::Occupied(self.data.clone())));
        }
        let unlock = self.open.unlock(&context.terminal)?;
        fs::create_dir_all(&self.data)?;
        let result = self.put_back(&unlock, context);
        if result.is_err() && made {
            // Only if nothing is in it.
            let _ = fs::remove_dir(&self.data);
        }
        result
    }

    fn put_back(&self, unlock: &crate::keyring::Unlock, context: &mut Context) -> Result<Exit, Failure> {
        let scratch = Scratch::within(&self.data, &*context.entropy);
        let unpacked = unpack_file(&self.file, unlock, scratch.path())?;
        let manifest = &unpacked.manifest;
        let store = open_unpacked(scratch.path())?;
        check(&store, manifest).map_err(failure)?;
        let words = format!("the backup of {}, with {} leaves of its log", manifest.taken, manifest.log.size);
        store.mark_restored(&words).map_err(|error| failure(error.into()))?;
        drop(store);
        fs::rename(scratch.path(), self.data.join("store"))?;
        File::open(&self.data)?.sync_all()?;
        if self.json {
            context.terminal.json(&Restored { data: &self.data, manifest, bytes: unpacked.bytes })?;
            return Ok(Exit::Done);
        }
        context.terminal.say(format_args!(
            "{}: holds {words} of {}",
            self.data.display(),
            manifest.member
        ))?;
        context.terminal.say(
            "The keys are not part of a backup: the node needs those that it had. It asks the others what it has \
             missed before it writes anything; `tally status` shows how far it is.",
        )?;
        Ok(Exit::Done)
    }
}
