//! `tally subject`: a client's own report, and erasure.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::client::{sha256_of, wait};
use super::consent::read_identifiers;
use super::language::LanguageArgs;
use super::membership::write_atomically;
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::subjects::{EraseBody, ErasedShown, ReportBody, Reported};
use crate::digest::ConsentId;
use crate::model::answer::Answer;
use crate::model::leaf::ErasureGround;
use crate::words::{Subject, subject_page, subject_text};

/// A client's own report of what is held about her; erase what is kept apart about her
#[derive(Args, Debug)]
pub(super) struct SubjectArgs {
    #[command(subcommand)]
    command: SubjectCommand,
}

#[derive(Debug, Subcommand)]
enum SubjectCommand {
    Report(ReportArgs),
    Erase(EraseArgs),
}

/// Report everything that is held about a client: who reports what, who asked, and the consents recorded here
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally consent record --purpose subject-access --id kh-nid:180012345 --evidence request.pdf --notice km \\
      --until 2026-12-31
  tally subject report --consent 0c7f5e0a91b24d6c8a3e1f0b5d2c4a69 --language km --html report.html

Her request is a consent for subject-access. What other lenders hold is read under it, so the report is in the log like
every look-up; asked again, it gives the same answer and spends no further use. It names the lenders, whatever the policy
says of other answers.

Exit codes: 0 everything is in it; 4 members are missing, stale or could not be read: it says which.")]
struct ReportArgs {
    /// The consent that records her request.
    #[arg(long, value_name = "ID")]
    consent: ConsentId,
    #[command(flatten)]
    language: LanguageArgs,
    /// Write it for the printer (HTML).
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Erase what explains the log about a client; the log itself stays whole, and says so
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally subject erase --id kh-nid:180012345 --ground client-request --approved-by 'Sok Dara' --approved-by 'Chan Thy'
  tally subject erase --consent 0c7f5e0a91b24d6c8a3e1f0b5d2c4a69 --ground order \\
      --order order-12.pdf --approved-by 'Sok Dara' --approved-by 'Chan Thy'

With --consent one consent and the inquiries under it are erased; with --id every consent that carries the number, the
inquiries under them, and her points in reporting batches. The loan book is not touched. Before log.audit_days of the
policy are over only an order erases; an auditor finds an erasure before that, and one of a leaf that was drawn.

Exit codes: 0 erased; 3 refused: too young, or too few approved; 4 erased what is old enough, and some leaves are not.")]
struct EraseArgs {
    /// One consent, and the inquiries under it.
    #[arg(long, value_name = "ID", required_unless_present = "id", conflicts_with = "id")]
    consent: Option<ConsentId>,
    /// An identifier of the client that is hers alone, or `-` to read them from standard input; may be given several
    /// times.
    #[arg(long, value_name = "SCHEME:VALUE")]
    id: Vec<String>,
    /// Why: client-request, retention-over, order.
    #[arg(long, value_name = "GROUND", value_parser = word::<ErasureGround>)]
    ground: ErasureGround,
    /// The order, where the ground is one. The document stays where it is; its SHA-256 is committed to in the log.
    #[arg(long, value_name = "FILE")]
    order: Option<PathBuf>,
    /// Who approves; give as many different persons as the policy demands.
    #[arg(long, value_name = "NAME", required = true)]
    approved_by: Vec<String>,
    /// Answer the question with yes.
    #[arg(long)]
    yes: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl SubjectArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            SubjectCommand::Report(args) => args.run(context),
            SubjectCommand::Erase(args) => args.run(context),
        }
    }
}

impl ReportArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let words = self.language.words(context)?;
        let client = context.client()?;
        let body = ReportBody { consent: self.consent };
        let reported: Reported = wait(client.post("/v1/subjects/report", &body))??;
        let answer: Answer = serde_json::from_str(reported.answer.get())?;
        let exit = if answer.complete { Exit::Done } else { Exit::Incomplete };
        if self.json {
            context.terminal.json(&reported)?;
            return Ok(exit);
        }
        let Reported { leaf, consents, disputes, .. } = &reported;
        let subject = Subject { answer: &answer, leaf: *leaf, consents, disputes };
        match &self.html {
            Some(file) => {
                write_atomically(file, subject_page(&subject, &words).as_bytes())?;
                context.terminal.say(format_args!("{}", file.display()))?;
            }
            None => context.terminal.write(subject_text(&subject, &words).as_bytes())?,
        }
        Ok(exit)
    }
}

impl EraseArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let identifiers = match self.consent {
            Some(_) => Vec::new(),
            None => read_identifiers(&self.id, context)?,
        };
        if !self.yes {
            context.terminal.confirm(
                "What is erased cannot be had again, and an auditor can no longer be shown whom it was about. Erase?",
                "--yes",
            )?;
        }
        let sha256 = |file: &PathBuf| {
            let named = |error| Failure::new(Exit::Usage, format!("--order {}: {error}", file.display()));
            sha256_of(file).map_err(named)
        };
        let order = self.order.as_ref().map(sha256).transpose()?;
        let client = context.client()?;
        let body = EraseBody {
            consent: self.consent,
            identifiers,
            ground: self.ground,
            order,
            approved_by: self.approved_by,
        };
        let erased: ErasedShown = wait(client.post("/v1/subjects/erase", &body))??;
        let exit = if erased.too_young.is_empty() { Exit::Done } else { Exit::Incomplete };
        let terminal = &mut context.terminal;
        if self.json {
            terminal.json(&erased)?;
            return Ok(exit);
        }
        terminal.say(format_args!("Consents   {}", erased.consents))?;
        terminal.say(format_args!("Inquiries  {}", erased.inquiries))?;
        terminal.say(format_args!("Batches    {}", erased.batches))?;
        terminal.say(format_args!("Disputes   {}", erased.disputes))?;
        if erased.proposals > 0 {
            terminal.say(format_args!("Proposals  {}", erased.proposals))?;
        }
        for leaf in &erased.leaves {
            let points = leaf.points.map_or_else(String::new, |points| format!(" ({points} points of it)"));
            terminal
                .say(format_args!("Leaf {}{points}: erasure is leaf {}", leaf.of.index, leaf.by.index))?;
        }
        for young in &erased.too_young {
            terminal.note(format_args!(
                "Leaf {} is kept for the audit until {}.",
                young.leaf.index, young.from
            ))?;
        }
        Ok(exit)
    }
}
