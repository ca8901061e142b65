//! `tally dispute`: what a client says is wrong with a report.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::disputes::{AnswerBody, DisputesShown, OpenBody, ResolveBody};
use crate::digest::{ConsentId, TransactionId};
use crate::limits::DISPUTE_TEXT_CHARS_MAX;
use crate::model::day::Day;
use crate::model::dispute::{DisputeEnd, DisputeReason, DisputeText, EscalatedDispute, HeldDispute};
use crate::model::facility::FacilityKind;
use crate::model::leaf::{DisputeAnswer, DisputeOutcome};
use crate::model::member::MemberId;
use crate::model::money::Currency;

/// Dispute what a lender reports about a client; answer and close disputes
#[derive(Args, Debug)]
pub(super) struct DisputeArgs {
    #[command(subcommand)]
    command: DisputeCommand,
}

#[derive(Debug, Subcommand)]
enum DisputeCommand {
    Open(OpenArgs),
    List(ListArgs),
    Answer(AnswerArgs),
    Resolve(ResolveArgs),
}

/// Open a dispute where the client saw the report, under her consent
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally subject report --consent 0c7f5e0a91b24d6c8a3e1f0b5d2c4a69 --json
  tally dispute open --consent 0c7f5e0a91b24d6c8a3e1f0b5d2c4a69 --lender lender-b --facility 1 \\
      --record 9b1d6a5e0f3c4d7e8a2b1c0d9e8f7a6b --reason already-paid --text said.txt --by 'Sok Dara'

Lender and record are those that her report shows. What she says goes sealed to that lender alone, again and again until
it has it. Until the dispute is closed every answer about her shows it.

Exit codes: 0 opened and on its way; 2 her answer shows no such record; 3 it is in dispute already.")]
struct OpenArgs {
    /// The consent under which she saw it.
    #[arg(long, value_name = "ID")]
    consent: ConsentId,
    /// The lender that reports.
    #[arg(long, value_name = "MEMBER")]
    lender: MemberId,
    /// Id of the record, as the report shows it.
    #[arg(long, value_name = "HEX")]
    record: String,
    /// Which of that lender's facilities in the report, from 1; without it the whole record.
    #[arg(long, value_name = "N")]
    facility: Option<u32>,
    /// What is wrong: not-mine, already-paid, wrong-amount, wrong-arrears, wrong-status, reported-twice, other.
    #[arg(long, value_name = "REASON", value_parser = word::<DisputeReason>)]
    reason: DisputeReason,
    /// File with what she says, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    text: PathBuf,
    /// Who writes it down.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// List disputes: those opened here, those about what this lender reports, and the operator's overdue ones
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally dispute list
  tally dispute list 5d2c4a690c7f5e0a91b24d6c8a3e1f0b    # with what was said
  tally dispute list --overdue --json
  tally dispute list --escalated        # at the operator

Exit codes: 0 nothing is overdue; 4 a period of the policy is over for one of them.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct ListArgs {
    /// One dispute, with what the client and the lender say.
    #[arg(value_name = "DISPUTE", conflicts_with_all = ["overdue", "escalated"])]
    dispute: Option<TransactionId>,
    /// Closed ones too.
    #[arg(long, conflicts_with_all = ["overdue", "escalated"])]
    all: bool,
    /// Only those for which a period of the policy is over.
    #[arg(long, conflicts_with = "escalated")]
    overdue: bool,
    /// Only overdue ones of the network, of which members told this operator.
    #[arg(long)]
    escalated: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Answer a dispute about what this lender reports
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally dispute answer 5d2c4a690c7f5e0a91b24d6c8a3e1f0b --accept --by 'Chan Thy'
  tally dispute answer 5d2c4a690c7f5e0a91b24d6c8a3e1f0b --reject --text reasons.txt --by 'Chan Thy'

An accepted dispute is closed with `tally dispute resolve --outcome corrected` once the correction is imported. The
reasons of a rejection go sealed to where the dispute was opened, for the client.

Exit codes: 0 answered; 2 this member has no such dispute; 3 it was answered or closed already.")]
struct AnswerArgs {
    /// The dispute, as `tally dispute list` shows it.
    #[arg(value_name = "DISPUTE")]
    dispute: TransactionId,
    /// The report will be corrected.
    #[arg(long, required_unless_present = "reject", conflicts_with = "reject")]
    accept: bool,
    /// The report stands.
    #[arg(long, requires = "text")]
    reject: bool,
    /// File with the reasons, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Who decides.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Close a dispute, at both ends
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally dispute resolve 5d2c4a690c7f5e0a91b24d6c8a3e1f0b --outcome corrected    # the lender, after its import
  tally dispute resolve 5d2c4a690c7f5e0a91b24d6c8a3e1f0b --outcome rejected     # where it was opened
  tally dispute resolve 5d2c4a690c7f5e0a91b24d6c8a3e1f0b --outcome taken-back   # where it was opened

`corrected` is the lender's word, once its loan book says something else; `rejected` is for after the client was told the
lender's reasons; `taken-back` for when she takes it back.

Exit codes: 0 closed here, and the other end is told; 2 this member has no such dispute; 3 it does not stand so.")]
struct ResolveArgs {
    /// The dispute, as `tally dispute list` shows it.
    #[arg(value_name = "DISPUTE")]
    dispute: TransactionId,
    /// How it ended: corrected, rejected, taken-back.
    #[arg(long, value_name = "OUTCOME", value_parser = word::<DisputeOutcome>)]
    outcome: DisputeOutcome,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl DisputeArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            DisputeCommand::Open(args) => args.run(context),
            DisputeCommand::List(args) => args.run(context),
            DisputeCommand::Answer(args) => args.run(context),
            DisputeCommand::Resolve(args) => args.run(context),
        }
    }
}

/// What was said, from a file: on the command line every user of the machine could read it.
fn read_text(file: &PathBuf) -> Result<DisputeText, Failure> {
    // A character has at most four bytes; one more shows that there are too many.
    let limit = 4 * DISPUTE_TEXT_CHARS_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let place = |error: std::io::Error| Failure::new(Exit::Usage, format!("{}: {error}", file.display()));
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let opened = std::fs::File::open(file).map_err(place)?;
        opened.take(limit).read_to_end(&mut bytes).map_err(place)?;
    }
    let text = String::from_utf8(bytes).map_err(|_| "the text is not UTF-8".to_owned());
    let text = text.and_then(|text| DisputeText::try_from(text).map_err(|error| error.to_string()));
    text.map_err(|why| Failure::new(Exit::Usage, format!("{}: {why}", file.display())))
}

impl OpenArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let body = OpenBody {
            consent: self.consent,
            lender: self.lender,
            record: self.record,
            facility: self.facility,
            reason: self.reason,
            text: read_text(&self.text)?,
            by: self.by,
        };
        let client = context.client()?;
        let held: HeldDispute = wait(client.post("/v1/disputes", &body))??;
        shown(context, &held, self.json)
    }
}

impl AnswerArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let answer = if self.accept { DisputeAnswer::Accepted } else { DisputeAnswer::Rejected };
        let text = self.text.as_ref().map(read_text).transpose()?;
        let client = context.client()?;
        let path = format!("/v1/disputes/{}/answer", self.dispute);
        let held: HeldDispute = wait(client.post(&path, &AnswerBody { answer, text, by: self.by }))??;
        shown(context, &held, self.json)
    }
}

impl ResolveArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        let path = format!("/v1/disputes/{}/resolve", self.dispute);
        let held: HeldDispute = wait(client.post(&path, &ResolveBody { outcome: self.outcome }))??;
        shown(context, &held, self.json)
    }
}

impl ListArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let all = self.all || self.dispute.is_some();
        let path = if all { "/v1/disputes?all=true" } else { "/v1/disputes" };
        let mut found: DisputesShown = wait(client.get(path))??;
        if let Some(dispute) = self.dispute {
            found.disputes.retain(|one| one.dispute == dispute);
            found.escalated.retain(|one| one.dispute == dispute);
        }
        if self.overdue {
            found.disputes.retain(HeldDispute::is_overdue);
        }
        if self.escalated {
            found.disputes.clear();
        }
        if self.overdue {
            found.escalated.clear();
        }
        let late = !found.escalated.is_empty() || found.disputes.iter().any(HeldDispute::is_overdue);
        let exit = if late { Exit::Incomplete } else { Exit::Done };
        if self.json {
            context.terminal.json(&found)?;
            return Ok(exit);
        }
        if found.disputes.is_empty() && found.escalated.is_empty() {
            context.terminal.say("No disputes.")?;
        }
        match self.dispute {
            Some(_) => found.disputes.iter().try_for_each(|one| in_full(context, one))?,
            None => list(context, &found.disputes)?,
        }
        list_escalated(context, &found.escalated)?;
        Ok(exit)
    }
}

fn list(context: &mut Context, disputes: &[HeldDispute]) -> Result<(), Failure> {
    if disputes.is_empty() {
        return Ok(());
    }
    let days = |left: Option<i64>| left.map_or_else(|| "-".to_owned(), |days| days.to_string());
    let rows = disputes.iter().map(|one| {
        let other = match one.end {
            DisputeEnd::Opener => format!("on {}", one.lender),
            DisputeEnd::Lender => format!("from {}", one.opener),
        };
        [
            one.dispute.to_string(),
            other,
            name_of(&one.state),
            name_of(&one.reason),
            one.opened.to_string(),
            days(one.lender_days_left),
            days(one.total_days_left),
            one.escalated.map_or_else(String::new, |time| format!("operator told {time}")),
        ]
    });
    let heads = ["DISPUTE", "OTHER END", "STATE", "REASON", "OPENED", "LENDER DAYS", "DAYS", "OVERDUE"];
    context.terminal.table(heads, rows.collect())?;
    Ok(())
}

fn list_escalated(context: &mut Context, escalated: &[EscalatedDispute]) -> Result<(), Failure> {
    if escalated.is_empty() {
        return Ok(());
    }
    let rows = escalated.iter().map(|one| {
        let told: Vec<&str> = one.told_by.iter().map(MemberId::as_str).collect();
        [
            one.dispute.to_string(),
            one.opener.to_string(),
            one.lender.to_string(),
            one.opened.to_string(),
            one.days.to_string(),
            told.join(", "),
        ]
    });
    let heads = ["ESCALATED", "OPENED AT", "LENDER", "OPENED", "DAYS OPEN", "TOLD BY"];
    context.terminal.table(heads, rows.collect())?;
    Ok(())
}

/// A dispute as it stands now.
fn shown(context: &mut Context, held: &HeldDispute, json: bool) -> Result<Exit, Failure> {
    if json {
        context.terminal.json(held)?;
    } else {
        summary(context, held)?;
    }
    Ok(Exit::Done)
}

/// A dispute with what was said.
fn in_full(context: &mut Context, held: &HeldDispute) -> Result<(), Failure> {
    summary(context, held)?;
    let terminal = &mut context.terminal;
    let loan = |kind: &FacilityKind, currency: Currency, opened: Option<Day>| {
        let since = opened.map_or_else(String::new, |day| format!(" of {day}"));
        format!("{} loan in {currency}{since}", name_of(kind))
    };
    let meant = held
        .facility
        .as_ref()
        .map_or_else(String::new, |meant| format!(", {}", loan(&meant.kind, meant.currency, meant.opened)));
    terminal.say(format_args!("Record   {}{meant}", held.record))?;
    if let Some(book) = &held.book {
        terminal.say(format_args!("Book     client {}", book.client))?;
        for one in &book.loans {
            let what = loan(&one.kind, one.currency, one.opened);
            let branch =
                if one.branch.is_empty() { String::new() } else { format!(", branch {}", one.branch) };
            terminal.say(format_args!("         account {}, {what}{branch}", one.account))?;
        }
    }
    terminal.say(format_args!("Reason   {}", name_of(&held.reason)))?;
    terminal.say(format_args!("Client   {}", indented(held.text.as_str())))?;
    if let Some(answer) = &held.answer {
        let word = name_of(&answer.answer);
        terminal.say(format_args!("Lender   {word}, {}", answer.answered))?;
        if let Some(text) = &answer.text {
            terminal.say(format_args!("         {}", indented(text.as_str())))?;
        }
    }
    Ok(())
}

/// A text of several lines under its heading.
fn indented(text: &str) -> String {
    text.replace('\n', "\n         ")
}

fn summary(context: &mut Context, held: &HeldDispute) -> Result<(), Failure> {
    let terminal = &mut context.terminal;
    terminal.say(format_args!("Dispute  {}", held.dispute))?;
    terminal.say(format_args!("Opened   {} at {}, on {}", held.opened, held.opener, held.lender))?;
    terminal.say(format_args!("State    {}", name_of(&held.state)))?;
    if let Some(outcome) = held.outcome {
        terminal.say(format_args!("Outcome  {}", name_of(&outcome)))?;
    }
    if let Some(left) = held.total_days_left {
        terminal.say(format_args!("Days     {left} left of the policy's period"))?;
    }
    terminal.say(format_args!("Leaf     {}", held.leaf.index))?;
    Ok(())
}

/// A word of the model as the interface spells it.
fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
