//! `tally inquire`: ask what an applicant owes elsewhere.

mod batch;
mod rows;

use std::path::PathBuf;

use clap::Args;

use super::client::{Client, ClientError, wait};
use super::consent::TermsArgs;
use super::language::LanguageArgs;
use super::membership::write_atomically;
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::inquiries::{InquiryAnswered, InquiryBody};
use crate::digest::{ConsentId, TransactionId};
use crate::model::amount::{Amount, Money};
use crate::model::answer::Answer;
use crate::model::facility::{FacilityKind, Frequency};
use crate::model::inquiry::{InquiryPerson, LoanRequest, Role};
use crate::model::money::Currency;
use crate::model::reason::Outcome;
use crate::words::{answer_page, answer_text};

/// Ask what an applicant owes at other lenders, under her consent
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally inquire --consent 0c7f5e0a91b24d6c8a3e1f0b5d2c4a69 --amount 2000 --currency USD --term 12
  tally inquire --consent ID:applicant --consent ID:spouse --amount 800 --currency USD --income 450
  tally inquire --batch applicants.csv --out answers.csv --evidence forms.pdf --notice km --until 2026-12-31

A batch has one applicant a row. Columns named after a scheme of identifiers (kh-nid, phone) find her; a column
`reference` is copied, a column `evidence` names her own form, relative to the batch; others are passed over. A consent
is recorded for each row with the terms of the flags. The batch can be stopped at any time and run again: rows that
stand in --out are left out.

Exit codes:
  0   answered, with every lender's fresh data
  3   refused: the consent or a rule does not permit it; it says which
  4   answered, and NOT COMPLETE: members are missing, stale or could not be read; of a batch: some rows were not answered
  1   nothing was answered: no node runs, or too few key holders are in reach; it says which
  10  with --exit-verdict: answered; a person has to decide (an incomplete answer ends with 4)
  11  with --exit-verdict: answered; the policy says no")]
pub(super) struct InquireArgs {
    /// A consent, with the person's role in the application: applicant (also when left out), spouse,
    /// household-member or guarantor.
    #[arg(long, value_name = "ID[:ROLE]", required_unless_present = "batch", value_parser = person)]
    consent: Vec<InquiryPerson>,
    #[command(flatten)]
    question: QuestionArgs,
    /// Transaction of an earlier call (hex): gives the same answer and spends no further use.
    #[arg(long, value_name = "HEX", conflicts_with = "batch")]
    transaction: Option<TransactionId>,
    /// Show the whole answer as JSON, with its signature; a refusal as a problem.
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// Write it for the printer (HTML).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "json"])]
    html: Option<PathBuf>,
    /// End with 10 when a person has to decide and with 11 when the policy says no.
    #[arg(long, conflicts_with = "batch")]
    exit_verdict: bool,
    #[command(flatten)]
    batch: BatchArgs,
    #[command(flatten)]
    terms: TermsArgs,
    #[command(flatten)]
    language: LanguageArgs,
}

/// The loan and the means.
#[derive(Args, Clone, Debug)]
struct QuestionArgs {
    /// Amount of the loan applied for, in major units, as 1500.50.
    #[arg(long, requires = "currency")]
    amount: Option<Amount>,
    /// Its currency.
    #[arg(long, value_name = "CODE")]
    currency: Option<Currency>,
    /// Amount of one instalment, if it is fixed already.
    #[arg(long, value_name = "AMOUNT", requires = "amount")]
    instalment: Option<Amount>,
    /// How often it falls due: daily, weekly, fortnightly, four-weekly, monthly, two-monthly, quarterly, half-yearly,
    /// yearly, bullet.
    #[arg(long, requires = "amount", value_parser = word::<Frequency>)]
    frequency: Option<Frequency>,
    /// Months until it is repaid.
    #[arg(long, value_name = "MONTHS", requires = "amount")]
    term: Option<u32>,
    /// In what capacity the client will owe: individual, group-member, group, guarantor.
    #[arg(long, default_value = "individual", value_parser = word::<FacilityKind>)]
    kind: FacilityKind,
    /// Monthly income of the whole household, as declared.
    #[arg(long, value_name = "AMOUNT")]
    income: Option<Amount>,
    /// Currency of income and expenses [default: that of the loan].
    #[arg(long, value_name = "CODE")]
    income_currency: Option<Currency>,
    /// Monthly expenses of the whole household without loan instalments, as declared.
    #[arg(long, value_name = "AMOUNT")]
    expenses: Option<Amount>,
    /// The own account that the loan replaces.
    #[arg(long, value_name = "ACCOUNT")]
    refinances: Option<String>,
}

/// A batch.
#[derive(Args, Clone, Debug)]
struct BatchArgs {
    /// One applicant a row (CSV with a header).
    #[arg(
        long,
        value_name = "FILE",
        requires = "out",
        requires = "notice",
        requires = "until",
        conflicts_with = "consent"
    )]
    batch: Option<PathBuf>,
    /// Where the answers go (CSV), one row each.
    #[arg(long, value_name = "FILE", requires = "batch")]
    out: Option<PathBuf>,
    /// Evidence for every row that names none of its own.
    #[arg(long, value_name = "FILE", requires = "batch")]
    evidence: Option<PathBuf>,
    /// Language of the notice that was shown.
    #[arg(long, value_name = "LANGUAGE", requires = "batch")]
    notice: Option<String>,
    /// The last day of the consents (in UTC), or a moment.
    #[arg(long, value_name = "DAY", requires = "batch")]
    until: Option<String>,
    /// A column that holds identifiers of a scheme and is not named after it; may be given several times.
    #[arg(long, value_name = "NAME=SCHEME", requires = "batch", value_parser = column)]
    column: Vec<(String, String)>,
    /// Columns from which an SLK-581 is made, where all are filled in.
    #[arg(
        long,
        value_name = "SURNAME,GIVEN,BIRTH[,SEX]",
        requires = "batch",
        value_delimiter = ',',
        num_args = 1
    )]
    slk: Vec<String>,
    /// Rows asked at once.
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    at_once: u8,
}

fn person(text: &str) -> Result<InquiryPerson, String> {
    let (consent, role) = text.split_once(':').unwrap_or((text, "applicant"));
    let consent: ConsentId = consent.parse().map_err(|error| format!("{error}"))?;
    Ok(InquiryPerson { role: word::<Role>(role)?, consent: consent.to_string() })
}

fn column(text: &str) -> Result<(String, String), String> {
    let (name, scheme) =
        text.split_once('=').ok_or("write the column's name, an equals sign and the scheme")?;
    Ok((name.trim().to_owned(), scheme.trim().to_owned()))
}

impl QuestionArgs {
    fn body(&self, purpose: &str, persons: Vec<InquiryPerson>) -> Result<InquiryBody, Failure> {
        let currency = self.income_currency.or(self.currency);
        let money = |flag: &str, amount: &Option<Amount>| match (amount, currency) {
            (None, _) => Ok(None),
            (Some(amount), Some(currency)) => Ok(Some(Money { currency, amount: amount.clone() })),
            (Some(_), None) => {
                Err(Failure::new(Exit::Usage, format!("{flag}: say its currency with --income-currency")))
            }
        };
        let requested = self.amount.as_ref().zip(self.currency).map(|(amount, currency)| LoanRequest {
            currency,
            amount: amount.clone(),
            instalment: self.instalment.clone(),
            frequency: self.frequency,
            term_months: self.term,
            kind: self.kind,
        });
        Ok(InquiryBody {
            purpose: purpose.to_owned(),
            persons,
            requested,
            household_income: money("--income", &self.income)?,
            household_expenses: money("--expenses", &self.expenses)?,
            refinances: self.refinances.clone(),
            transaction: None,
        })
    }
}

impl InquireArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client()?;
        if let (Some(batch), Some(out)) = (self.batch.batch.clone(), self.batch.out.clone()) {
            return batch::run(&batch, &out, &self, &client, context);
        }
        self.one(&client, context)
    }

    fn one(&self, client: &Client, context: &mut Context) -> Result<Exit, Failure> {
        // Before anything is asked: an unknown language must not cost a use of the consent.
        let words = self.language.words(context)?;
        let mut body = self.question.body(self.terms.purpose.word(), self.consent.clone())?;
        // An own transaction lets the same command be repeated by hand when the reply is lost.
        let transaction = self.transaction.unwrap_or_else(|| TransactionId::random(&*context.entropy));
        body.transaction = Some(transaction);
        let answered: InquiryAnswered = match wait(client.post("/v1/inquiries", &body))? {
            Ok(answered) => answered,
            Err(ClientError::Problem(problem)) if self.json => {
                context.terminal.json(&problem)?;
                return Ok(ClientError::Problem(problem).exit());
            }
            Err(error) => {
                if error.may_have_begun() {
                    let words = "the same command again, best with --transaction";
                    context
                        .terminal
                        .note(format_args!("To go on where it stopped: {words} {transaction}"))?;
                }
                return Err(error.into());
            }
        };
        let answer = read(&answered)?;
        match &self.html {
            _ if self.json => context.terminal.json(&answered)?,
            Some(file) => {
                write_atomically(file, answer_page(&answer, &words).as_bytes())?;
                context.terminal.say(format_args!("{}", file.display()))?;
            }
            None => context.terminal.write(answer_text(&answer, &words).as_bytes())?,
        }
        Ok(self.exit(&answer))
    }

    fn exit(&self, answer: &Answer) -> Exit {
        match answer.verdict.outcome {
            _ if !answer.complete => Exit::Incomplete,
            Outcome::Refer if self.exit_verdict => Exit::Refer,
            Outcome::Decline if self.exit_verdict => Exit::Decline,
            _ => Exit::Done,
        }
    }
}

/// The answer in a reply.
fn read(answered: &InquiryAnswered) -> Result<Answer, ClientError> {
    let answer = serde_json::from_str(answered.answer.get());
    answer.map_err(|error| ClientError::Form(format!("line {} column {}", error.line(), error.column())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_have_roles() {
        let id = "ab".repeat(16);
        assert_eq!(person(&id).unwrap().role, Role::Applicant);
        assert_eq!(person(&format!("{id}:household-member")).unwrap().role, Role::HouseholdMember);
        assert!(person(&format!("{id}:cousin")).unwrap_err().contains("`spouse`"));
        assert!(person("ab:spouse").is_err());
    }
}
