//! `tally backup verify`.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::super::{Context, Exit, Failure};
use super::file::Scratch;
use super::{OpenArgs, failure};
use crate::backup::{Checked, Manifest, Unpacked, check, unpack};
use crate::keyring::{Unlock, open_stream};
use crate::store::{Store, StoreOptions};

/// Check a backup: decrypt it, read every row, recompute every log and every feed
///
/// It is unpacked into a folder of its own, which goes away. Nothing else is changed; no node and no configuration is
/// needed.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 it is whole and holds; 2 it does not open, is cut short or was changed; 4 what is in it does not hold.")]
pub(super) struct VerifyArgs {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    open: OpenArgs,
    /// Where there is room to unpack it; the system's folder for such things otherwise.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// A backup that holds.
#[derive(Serialize)]
struct Verified<'a> {
    manifest: &'a Manifest,
    bytes: u64,
    #[serde(flatten)]
    checked: &'a Checked,
}

/// Decrypts and unpacks a backup into `folder`.
pub(super) fn unpack_file(file: &Path, unlock: &Unlock, folder: &Path) -> Result<Unpacked, Failure> {
    let opened = File::open(file)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", file.display())))?;
    let reader = open_stream(file, BufReader::with_capacity(1024 * 1024, opened), unlock)?;
    unpack(reader, folder).map_err(failure)
}

/// Opens the store that was unpacked into `folder`.
pub(super) fn open_unpacked(folder: &Path) -> Result<Store, Failure> {
    let opened = Store::open(
        folder,
        &crate::daemon::tables(),
        &StoreOptions { cache_bytes: 64 * 1024 * 1024, ..StoreOptions::default() },
    );
    opened.map_err(|error| failure(error.into()))
}

impl VerifyArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let unlock = self.open.unlock(&context.terminal)?;
        let parent = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let scratch = Scratch::within(&parent, &*context.entropy);
        let unpacked = unpack_file(&self.file, &unlock, scratch.path())?;
        let store = open_unpacked(scratch.path())?;
        let checked = check(&store, &unpacked.manifest).map_err(failure)?;
        drop(store);
        let manifest = &unpacked.manifest;
        if self.json {
            context.terminal.json(&Verified { manifest, bytes: unpacked.bytes, checked: &checked })?;
            return Ok(Exit::Done);
        }
        let terminal = &mut context.terminal;
        terminal
            .say(format_args!("{} of {}, taken {}", manifest.member, manifest.network, manifest.taken))?;
        terminal.say(format_args!(
            "{} files, {} bytes, {} rows in {} tables",
            unpacked.files,
            unpacked.bytes,
            checked.rows.values().sum::<u64>(),
            checked.rows.len()
        ))?;
        terminal.say(format_args!("own log: {} leaves lead to the signed checkpoint", checked.leaves))?;
        for (member, leaves) in &checked.mirrors {
            terminal.say(format_args!("log of {member}: {leaves} leaves lead to what it signed"))?;
        }
        for (lender, rows) in &checked.feeds {
            terminal.say(format_args!("feed of {lender}: {rows} rows are those of its digest"))?;
        }
        Ok(Exit::Done)
    }
}
