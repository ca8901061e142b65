//! `tally inquire --batch`: a consent and an inquiry for each row, some at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::client::{Client, ClientError, sha256_of, wait};
use super::super::{Context, Exit, Failure};
use super::rows::{AnswerRow, Applicant, Columns, Out, one_line};
use super::{InquireArgs, read};
use crate::api::Problem;
use crate::api::consents::{ConsentRecorded, IdentifierText};
use crate::api::inquiries::InquiryAnswered;
use crate::api::network::PolicyShown;
use crate::digest::{Digest, TransactionId};
use crate::model::inquiry::{InquiryPerson, Role};
use crate::secret::Entropy;

/// Refusals that the next row would meet too.
const ENDS_THE_BATCH: [&str; 5] = ["quota-spent", "no-quorum", "isolated", "clock-skew", "not-permitted"];

/// What came out of a batch.
#[derive(Default)]
struct Tally {
    before: u64,
    answered: u64,
    incomplete: u64,
    unanswered: u64,
}

pub(super) fn run(
    batch: &Path,
    out: &Path,
    args: &InquireArgs,
    client: &Client,
    context: &mut Context,
) -> Result<Exit, Failure> {
    // A question that cannot be asked is found before the first consent is recorded.
    args.question.body(args.terms.purpose.word(), Vec::new())?;
    let policy: PolicyShown = wait(client.get("/v1/policy"))??;
    let schemes: Vec<String> = policy.policy.identifiers.accepted.iter().map(ToString::to_string).collect();
    let opened = csv::ReaderBuilder::new().flexible(true).from_path(batch);
    let mut reader =
        opened.map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", batch.display())))?;
    let columns = Columns::find(reader.headers()?, &schemes, &args.batch.column, &args.batch.slk)?;
    let mut out = Out::open(out)?;
    let mut tally = Tally::default();
    let mut waiting = Vec::new();
    for (row, record) in (1..).zip(reader.records()) {
        let record =
            record.map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", batch.display())))?;
        let applicant = columns.applicant(row, &record);
        if out.has(&applicant)? {
            tally.before += 1;
        } else {
            waiting.push(applicant);
        }
    }
    let bar = bar(waiting.len() as u64, context.terminal.interactive());
    let folder = batch.parent().map(Path::to_owned).unwrap_or_default();
    let asker = Asker { args, client, entropy: &*context.entropy, folder, hashes: RefCell::default() };
    let stopped = wait(asker.all(waiting, &mut out, &mut tally, &bar))??;
    bar.finish_and_clear();
    let Tally { before, answered, incomplete, unanswered } = tally;
    let terminal = &mut context.terminal;
    terminal.note(format_args!(
        "{answered} answered ({incomplete} not complete), {unanswered} not answered, {before} stood there before"
    ))?;
    if let Some(failure) = stopped {
        terminal.note("The batch stopped; run the same command again and it goes on.")?;
        return Err(failure);
    }
    Ok(if incomplete + unanswered + out.lacking() > 0 { Exit::Incomplete } else { Exit::Done })
}

fn bar(rows: u64, interactive: bool) -> ProgressBar {
    let target = if interactive { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} asked, {per_sec}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(rows), target);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

struct Asker<'a> {
    args: &'a InquireArgs,
    client: &'a Client,
    entropy: &'a dyn Entropy,
    /// The batch's, to which the paths of evidence are relative.
    folder: PathBuf,
    hashes: RefCell<BTreeMap<PathBuf, Digest>>,
}

impl Asker<'_> {
    /// Asks about all; gives what ended it early, after the rows that were begun are written.
    async fn all(
        &self,
        waiting: Vec<Applicant>,
        out: &mut Out,
        tally: &mut Tally,
        bar: &ProgressBar,
    ) -> Result<Option<Failure>, Failure> {
        let stop = Cell::new(false);
        let at_once = usize::from(self.args.batch.at_once);
        let asked = futures_util::stream::iter(waiting)
            .take_while(|_| std::future::ready(!stop.get()))
            .map(|applicant| self.one(applicant))
            .buffer_unordered(at_once);
        let mut asked = std::pin::pin!(asked);
        let mut failure = None;
        while let Some(row) = asked.next().await {
            match row {
                Ok(row) => {
                    out.write(&row)?;
                    bar.inc(1);
                    tally.answered += u64::from(!row.is_unanswered());
                    tally.unanswered += u64::from(row.is_unanswered());
                    tally.incomplete += u64::from(row.is_incomplete());
                }
                Err(error) => {
                    stop.set(true);
                    failure.get_or_insert(error);
                }
            }
        }
        Ok(failure)
    }

    /// One applicant. A failure is one that the next row would meet too.
    async fn one(&self, mut applicant: Applicant) -> Result<AnswerRow, Failure> {
        let evidence = match self.evidence(&applicant) {
            Ok(evidence) => evidence,
            Err(why) => return Ok(AnswerRow::unanswered(&applicant, "", &why)),
        };
        let consent = loop {
            if applicant.identifiers.is_empty() {
                return Ok(AnswerRow::unanswered(&applicant, "", "no identifier to ask by"));
            }
            match self.record(&applicant, evidence).await {
                Ok(recorded) => break recorded.consent.to_string(),
                Err(ClientError::Problem(problem)) => match bad_identifier(&problem) {
                    // She is asked about by the others.
                    Some(place) if place < applicant.identifiers.len() => {
                        let scheme = applicant.identifiers.remove(place).scheme;
                        let why = problem.detail.split_once(": ").map_or("", |(_, why)| why);
                        applicant.notes.push(one_line(&format!("{scheme} left out: {why}")));
                    }
                    _ => return Err(ClientError::Problem(problem).into()),
                },
                Err(error) => return Err(error.into()),
            }
        };
        let person = InquiryPerson { role: Role::Applicant, consent: consent.clone() };
        let mut body = self.args.question.body(self.args.terms.purpose.word(), vec![person])?;
        body.transaction = Some(TransactionId::random(self.entropy));
        let answered: InquiryAnswered = match self.client.post("/v1/inquiries", &body).await {
            Ok(answered) => answered,
            Err(ClientError::Problem(problem)) if is_about_this_row(&problem) => {
                let note = format!("refused: {} ({})", problem.title, problem.code);
                return Ok(AnswerRow::unanswered(&applicant, &consent, &note));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(AnswerRow::answered(&applicant, &consent, &read(&answered)?))
    }

    async fn record(&self, applicant: &Applicant, evidence: Digest) -> Result<ConsentRecorded, ClientError> {
        let copy =
            |one: &IdentifierText| IdentifierText { scheme: one.scheme.clone(), value: one.value.clone() };
        let identifiers = applicant.identifiers.iter().map(copy).collect();
        let batch = &self.args.batch;
        let (notice, until) =
            (batch.notice.as_deref().unwrap_or_default(), batch.until.as_deref().unwrap_or_default());
        let body = self.args.terms.body(identifiers, evidence, notice, until);
        self.client.post("/v1/consents", &body).await
    }

    fn evidence(&self, applicant: &Applicant) -> Result<Digest, String> {
        let own = applicant.evidence.as_ref().map(|path| self.folder.join(path));
        let path = own.or_else(|| self.args.batch.evidence.clone());
        let path = path.ok_or("no evidence: give --evidence, or a column `evidence`")?;
        if let Some(known) = self.hashes.borrow().get(&path) {
            return Ok(*known);
        }
        let hash = sha256_of(&path).map_err(|error| format!("evidence cannot be read: {error}"))?;
        self.hashes.borrow_mut().insert(path, hash);
        Ok(hash)
    }
}

/// The place of the identifier that the node does not take.
fn bad_identifier(problem: &Problem) -> Option<usize> {
    let field = problem.members.get("field")?.as_str()?;
    field.strip_prefix("identifiers[")?.strip_suffix(']')?.parse().ok()
}

fn is_about_this_row(problem: &Problem) -> bool {
    problem.status == 409 && !ENDS_THE_BATCH.contains(&problem.code.as_str())
}
