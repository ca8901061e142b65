//! `tally receipt`: a client's consent receipt, offline; and the receipt files that `tally consent record` writes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::membership::{read_text, write_atomically};
use super::{Context, Exit, Failure};
use crate::api::consents::ConsentRecorded;
use crate::daemon::read_roster;
use crate::limits::RECEIPT_PAGE_BYTES_MAX;
use crate::receipt::{VerifiedReceipt, verify_by_roster};
use crate::roster::{Role, Roster};
use crate::signing::VerifyKey;
use crate::words::{receipt_page, token_of_page};

/// Verify a client's consent receipt
#[derive(Args, Debug)]
pub(super) struct ReceiptArgs {
    #[command(subcommand)]
    command: ReceiptCommand,
}

#[derive(Debug, Subcommand)]
enum ReceiptCommand {
    Verify(VerifyArgs),
}

/// Verify a receipt with the key that the signed roster publishes for its lender; no node need run
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally receipt verify receipt.html
  tally receipt verify receipt.jws --roster roster.json --operator 6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=

FILE is the printed form as a file, or the signed text alone, as a reader of QR codes gives it. Without --roster, roster
and operator's key are those of the configuration.

Exit codes: 0 the lender signed it; 3 it did not, or the receipt was changed.")]
struct VerifyArgs {
    /// The receipt.
    file: PathBuf,
    /// The signed roster.
    #[arg(long, value_name = "FILE", requires = "operator")]
    roster: Option<PathBuf>,
    /// The key that verifies the roster, base64, had from the operator.
    #[arg(long, value_name = "KEY", requires = "roster", value_parser = operator_key)]
    operator: Option<VerifyKey>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn operator_key(text: &str) -> Result<VerifyKey, String> {
    let quoted = serde_json::Value::String(text.to_owned());
    serde_json::from_value(quoted).map_err(|_| "not an Ed25519 public key in base64".to_owned())
}

impl ReceiptArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            ReceiptCommand::Verify(args) => args.run(context),
        }
    }
}

impl VerifyArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let text = read_text(&self.file, RECEIPT_PAGE_BYTES_MAX)?;
        let token = token_of_page(&text).unwrap_or(&text).trim();
        let roster = self.roster(context)?;
        match verify_by_roster(token, &roster) {
            Ok(verified) if self.json => context.terminal.json(&verified.receipt)?,
            Ok(verified) => print(context, &verified)?,
            Err(error) => {
                let file = self.file.display();
                return Err(Failure::new(Exit::Refused, format!("{file}: {error}")));
            }
        }
        Ok(Exit::Done)
    }

    fn roster(&self, context: &Context) -> Result<Roster, Failure> {
        match (&self.roster, &self.operator) {
            (Some(file), Some(operator)) => read_roster(file, operator).map_err(usage),
            _ => installed_roster(context),
        }
    }
}

/// The roster that this member installed.
fn installed_roster(context: &Context) -> Result<Roster, Failure> {
    let config = context.load_config()?;
    read_roster(&config.roster, config.pinned_operator_key()?).map_err(usage)
}

fn usage(error: anyhow::Error) -> Failure {
    Failure { exit: Exit::Usage, error }
}

fn print(context: &mut Context, verified: &VerifiedReceipt) -> Result<(), Failure> {
    let terminal = &mut context.terminal;
    let (receipt, terms) = (&verified.receipt, &verified.receipt.tally);
    terminal.say(format_args!("Signed by    {} ({})", verified.name, verified.member))?;
    terminal.say(format_args!("Consent      {}, recorded {}", receipt.record_id, receipt.iat))?;
    for purpose in &receipt.pii_processing.purposes {
        terminal.say(format_args!("Purpose      {}", purpose.purpose))?;
        terminal.say(format_args!("Evidence     {}", purpose.collection_method))?;
    }
    terminal.say(format_args!("Period       {} until {}", terms.from, terms.until))?;
    terminal.say(format_args!("Uses         {}", terms.uses))?;
    let processing = &receipt.pii_processing;
    let version = &processing.privacy_notice.version;
    terminal.say(format_args!("Notice       {}, version {version}", processing.language))?;
    terminal.say(format_args!("Log leaf     {} {} {}", receipt.iss, terms.leaf.index, terms.leaf.hash))?;
    Ok(())
}

/// Where the receipt of a consent is written to.
#[derive(Args, Clone, Debug)]
pub(super) struct ReceiptFiles {
    /// Write the client's receipt for the printer (HTML), in the language of the notice, else in English.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Write the client's receipt as the signed text alone (JWS).
    #[arg(long, value_name = "FILE")]
    receipt_jws: Option<PathBuf>,
}

impl ReceiptFiles {
    /// Writes the files that were asked for. The consent is recorded by then: what fails here is said, and the receipt
    /// put on standard error, for the node has none to give again.
    pub(super) fn write(&self, recorded: &ConsentRecorded, context: &mut Context) -> Result<Exit, Failure> {
        match self.try_write(recorded, context) {
            Ok(()) => Ok(Exit::Done),
            Err(failure) => {
                context
                    .terminal
                    .note("The consent is recorded, and its receipt could not be written. It is:")?;
                context.terminal.note(&recorded.receipt)?;
                Err(failure)
            }
        }
    }

    fn try_write(&self, recorded: &ConsentRecorded, context: &mut Context) -> Result<(), Failure> {
        if let Some(file) = &self.receipt_jws {
            write_atomically(file, format!("{}\n", recorded.receipt).as_bytes())?;
        }
        let Some(file) = &self.receipt else { return Ok(()) };
        let roster = installed_roster(context)?;
        let receipt = verify_by_roster(&recorded.receipt, &roster)?.receipt;
        let wanted = &receipt.pii_processing.language;
        let texts = context.texts()?;
        let words = texts.language(wanted);
        if texts.find(wanted).is_none() {
            context
                .terminal
                .note(format_args!("There are no receipts in `{wanted}` yet: it is in English."))?;
        }
        let takes = |m: &&crate::roster::Member| m.has(Role::Lender) || m.has(Role::Operator);
        let names: Vec<String> =
            roster.document().members.iter().filter(takes).map(|m| m.name.clone()).collect();
        let page = receipt_page(&receipt, &recorded.receipt, &names, &words);
        write_atomically(file, page.as_bytes())?;
        Ok(())
    }
}
