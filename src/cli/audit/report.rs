//! `tally audit report`: the evidence pack for a period.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::membership::operator_fingerprint;
use super::super::{Context, Exit, Failure};
use super::verify::{Given, exit_of};
use crate::audit::{Pack, verify_for_pack};
use crate::words::pack_page;

/// Put the figures of a period together for an assessor of client protection
///
/// The exports are verified first, as by `tally audit verify`; what was found stands in the pack.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally audit report exports/* --from 2026-07-01 --until 2026-09-30 --html third-quarter.html
  tally audit report lender-a lender-b op --json

The page is one file, to be read in any browser and printed.

Exit codes: 0 everything was checked and nothing found; 1 there are findings; 2 something could not be checked.")]
pub(super) struct ReportArgs {
    #[command(flatten)]
    given: Given,
    /// Write the pack as a page to this file.
    #[arg(long, value_name = "FILE", required_unless_present = "json")]
    html: Option<PathBuf>,
    /// Show the pack as JSON; docs/AUDIT.md has the form.
    #[arg(long)]
    json: bool,
}

impl ReportArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let entropy = std::sync::Arc::clone(&context.entropy);
        let (report, pack) =
            self.given.with(|exports, options| verify_for_pack(exports, options, &*entropy))?;
        if let Some(file) = &self.html {
            let page = pack_page(&pack, &fingerprint(&pack), &self.given.names(), context.clock.now());
            write(file, &page)?;
            if !self.json {
                let findings = report.findings.len();
                context.terminal.say(format_args!(
                    "{}: the evidence pack of {} logs, with {findings} findings",
                    file.display(),
                    pack.logs.len()
                ))?;
            }
        }
        if self.json {
            context.terminal.json(&pack)?;
        }
        Ok(exit_of(&report))
    }
}

fn fingerprint(pack: &Pack) -> String {
    match (&pack.network, &pack.operator_key) {
        (Some(network), Some(key)) => operator_fingerprint(network, key).to_string(),
        _ => "not known".to_owned(),
    }
}

fn write(file: &Path, page: &str) -> Result<(), Failure> {
    std::fs::write(file, page)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: cannot be written: {error}", file.display())))
}
