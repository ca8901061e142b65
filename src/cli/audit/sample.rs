//! `tally audit sample`: draws leaves of an export with the auditor's own seed.

use std::path::PathBuf;

use clap::Args;

use super::super::{Context, Exit, Failure};
use super::folder::DiskFolder;
use super::{compare_operator, operator, unusable};
use crate::audit::binding::ExportedLog;
use crate::audit::sample::{Candidates, SAMPLE_VERSION, Sample};
use crate::digest::Digest;
use crate::limits::SAMPLE_LEAVES_MAX;
use crate::secret::random_array;

/// Draw leaves of an export with a seed of your own, for the institution to explain
///
/// Draw after you have the export, for its checkpoint is what the institution can no longer change. It does not know
/// the seed before it gets the sample. Openings that rest on a weak identifier alone, and what another lawful ground than
/// consent stands behind, have half of the draw to themselves; the rest is drawn from all that is left.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally audit sample lender-a --seed random --count 30 --out sample.json
  tally audit sample lender-a --seed 5e1f… --count 30      # 64 digits, as thrown with dice

How it is drawn, so that anyone can draw it again, stands in docs/AUDIT.md.")]
pub(super) struct SampleArgs {
    /// A folder that `tally log export` wrote.
    folder: PathBuf,
    /// The seed: 64 hexadecimal digits, or `random`.
    #[arg(long, value_name = "HEX|random", value_parser = parse_seed)]
    seed: Seed,
    /// How many leaves to draw.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=i64::from(SAMPLE_LEAVES_MAX)))]
    count: u32,
    /// Where to write the sample; standard output when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The operator's fingerprint, or its verifying key in base64, as you have it from the operator.
    #[arg(long, value_name = "KEY")]
    operator: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Seed {
    Random,
    Given(Digest),
}

fn parse_seed(text: &str) -> Result<Seed, crate::digest::HexError> {
    if text == "random" { Ok(Seed::Random) } else { text.parse().map(Seed::Given) }
}

impl SampleArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let folder = DiskFolder::open(&self.folder).map_err(|error| unusable(&self.folder, error))?;
        let key = self.operator.as_deref().map(|text| operator(text, &[&folder])).transpose()?;
        let mut candidates = Candidates::default();
        let log = ExportedLog::read(&folder, key.as_ref(), &mut |at, leaf| candidates.add(at, leaf))
            .map_err(|error| unusable(&self.folder, error))?;
        let seed = match self.seed {
            Seed::Random => Digest(random_array(&*context.entropy)),
            Seed::Given(seed) => seed,
        };
        compare_operator(&log.manifest, key.is_some(), context)?;
        let leaves = candidates.draw(&log.manifest.origin, &log.checkpoint, &seed, self.count);
        let sample = Sample {
            v: SAMPLE_VERSION,
            network: log.manifest.network,
            member: log.manifest.member,
            origin: log.manifest.origin,
            checkpoint: log.checkpoint,
            drawn_at: context.clock.now(),
            seed,
            count: self.count,
            leaves,
        };
        match &self.out {
            None => context.terminal.json(&sample)?,
            Some(file) => {
                std::fs::write(file, sample.to_bytes()).map_err(|error| unusable(file, error))?;
                context.terminal.say(format_args!(
                    "{}: {} of {} leaves with points drawn, from {} leaves in all",
                    file.display(),
                    sample.leaves.len(),
                    candidates.count(),
                    sample.checkpoint.size
                ))?;
            }
        }
        Ok(Exit::Done)
    }
}
