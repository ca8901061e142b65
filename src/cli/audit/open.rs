//! `tally audit open`: an institution explains the leaves of an auditor's sample.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use clap::Args;

use super::super::client::wait;
use super::super::offline::NoStore;
use super::super::unlock::UnlockArgs;
use super::super::{Context, Exit, Failure};
use super::{read, unusable};
use crate::audit::sample::Sample;
use crate::limits::{BINDING_BYTES_MAX, SAMPLE_BYTES_MAX};

/// Explain every point of the leaves that an auditor has drawn
///
/// Writes the binding: whom each drawn consent, opening and reporting batch was about, with what proves it. It holds
/// clients' identifiers, for the auditor's eyes. That it was made is logged first. Where no node runs, the store is
/// opened directly.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally audit open sample.json --out binding.jsonl")]
pub(super) struct OpenArgs {
    /// The auditor's sample.
    sample: PathBuf,
    /// Where to write the binding: a new file, readable by you alone.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl OpenArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let bytes = read(&self.sample, SAMPLE_BYTES_MAX)?;
        let sample: Sample = serde_json::from_slice(&bytes)
            .map_err(|error| unusable(&self.sample, format!("it is no sample: {error}")))?;
        // Before anything is logged: a place where it cannot be written is found now.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.out);
        let file = file.map_err(|error| unusable(&self.out, error))?;
        let written = self.bind(&sample, context).and_then(|lines| self.write(file, &lines));
        if let Err(failure) = written {
            let _ = std::fs::remove_file(&self.out);
            return Err(failure);
        }
        let words = format!("{}: {} drawn leaves explained", self.out.display(), sample.leaves.len());
        context.terminal.say(words)?;
        Ok(Exit::Done)
    }

    fn write(&self, mut file: File, lines: &[u8]) -> Result<(), Failure> {
        let written = file.write_all(lines).and_then(|()| file.sync_all());
        written.map_err(|error| Failure::new(Exit::Fault, format!("{}: {error}", self.out.display())))
    }

    fn bind(&self, sample: &Sample, context: &mut Context) -> Result<Vec<u8>, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        Ok(wait(client.post_for_bytes("/v1/audit/bindings", sample, BINDING_BYTES_MAX))??.to_vec())
    }
}
