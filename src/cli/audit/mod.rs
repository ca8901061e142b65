//! `tally audit`: the auditor's commands, on exported folders, and the one by which an institution explains itself.

mod check_binding;
mod folder;
mod open;
mod report;
mod sample;
mod tables;
mod verify;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use clap::{Args, Subcommand};

use super::membership::{Fingerprint, operator_fingerprint};
use super::{Context, Exit, Failure};
use crate::audit::Folder;
use crate::audit::export::{MANIFEST, Manifest};
use crate::limits::MANIFEST_BYTES_MAX;
use crate::signing::VerifyKey;

/// Audit consent logs by their exports: verify them, report on them, draw a sample, explain it, check what explains it
#[derive(Args, Debug)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(verify::VerifyArgs),
    Report(report::ReportArgs),
    Sample(sample::SampleArgs),
    Open(open::OpenArgs),
    CheckBinding(check_binding::CheckBindingArgs),
}

impl AuditArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            AuditCommand::Verify(args) => args.run(context),
            AuditCommand::Report(args) => args.run(context),
            AuditCommand::Sample(args) => args.run(context),
            AuditCommand::Open(args) => args.run(context),
            AuditCommand::CheckBinding(args) => args.run(context),
        }
    }
}

/// Nothing could be checked.
fn unusable(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("{}: {why}", path.display()))
}

/// A file of at most so many bytes.
fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unusable(path, error))?;
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(|error| unusable(path, error))?;
    if bytes.len() > bytes_max {
        return Err(unusable(path, format!("it is longer than {bytes_max} bytes")));
    }
    Ok(bytes)
}

/// Without a key of the auditor's own everything rests on the one that the export names.
fn compare_operator(manifest: &Manifest, given: bool, context: &mut Context) -> std::io::Result<()> {
    if given {
        return Ok(());
    }
    let fingerprint = operator_fingerprint(&manifest.network, &manifest.operator_key);
    context.terminal.note(format_args!(
        "Compare the operator's fingerprint with the one you have from the operator: {fingerprint}"
    ))
}

/// The operator's key as the auditor has it: the key itself, or the one among those that the exports name whose
/// fingerprint it is.
fn operator(text: &str, exports: &[&dyn Folder]) -> Result<VerifyKey, Failure> {
    let Ok(wanted) = text.parse::<Fingerprint>() else {
        return serde_json::from_value(text.into()).map_err(|_| {
            Failure::new(Exit::Usage, "--operator: neither a fingerprint nor a verifying key in base64")
        });
    };
    for export in exports {
        let manifest = crate::audit::folder::read_json::<Manifest>(*export, MANIFEST, MANIFEST_BYTES_MAX);
        if let Ok(Some(manifest)) = manifest
            && operator_fingerprint(&manifest.network, &manifest.operator_key) == wanted
        {
            return Ok(manifest.operator_key);
        }
    }
    let words = "--operator: no export names an operator's key with this fingerprint: they are not of your network, or \
                 were forged";
    Err(Failure::new(Exit::Usage, words))
}
