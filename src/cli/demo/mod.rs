//! `tally demo`: a whole network on one machine, with made-up books.
//!
//! An operator and five lenders as processes of their own, each with its own keys, store and port, three of them key
//! holders with a threshold of two. Nothing is simulated: the same commands work on each of them while it runs.

mod check;
mod console;
mod network;
pub mod sample;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use self::check::PlainBooks;
use self::network::{DemoNetwork, Running};
use super::Context;
use super::client::{Client, ClientError};
use super::exit::{Exit, Failure};
use super::language::of_environment;
use super::output::Terminal;
use crate::digest::ConsentId;
use crate::model::answer::Answer;
use crate::model::day::Day;
use crate::model::inquiry::{InquiryPerson, InquiryRequest, LoanRequest, Role};
use crate::node::Status;
use crate::words::{Texts, answer_text};

/// Applicants that are asked about and compared with the plain books.
const APPLICANTS: usize = 200;
/// Inquiries under way at once.
const AT_ONCE: usize = 4;

/// Make a network on this machine, load sample books, ask, and show everything
///
/// An operator and five lenders run as processes of their own on loopback, with real TLS and a store each; three of
/// them hold the keys, and two must help with every answer. Nothing leaves the machine.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally demo
  tally demo --dir demo --keep
  tally --config demo/lender-c/node.toml status      (in another terminal, while it is kept)")]
pub struct DemoArgs {
    /// Folder in which everything is made and kept [default: a temporary one, removed at the end].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Leave the network running until Ctrl-C.
    #[arg(long)]
    keep: bool,
    /// Seed of the sample books: the same seed makes the same books.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Clients of each lender.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    clients: usize,
}

impl DemoArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let temporary = match &self.dir {
            Some(_) => None,
            None => Some(TemporaryFolder::make().map_err(Failure::fault)?),
        };
        let folder = match (&self.dir, &temporary) {
            (Some(dir), _) => dir.clone(),
            (None, Some(temporary)) => temporary.0.clone(),
            (None, None) => ".".into(),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the runtime cannot be started")
            .map_err(Failure::fault)?;
        runtime.block_on(self.show(&folder, context))
    }

    async fn show(&self, folder: &Path, context: &mut Context) -> Result<Exit, Failure> {
        let start = context.clock.elapsed();
        let seconds = |context: &Context| (context.clock.elapsed().saturating_sub(start)).as_secs_f32();
        let terminal = &mut context.terminal;
        heading(terminal, "A network of an operator and five lenders")?;
        let network = DemoNetwork::make(folder, &*context.clock, &*context.entropy)?;
        terminal.say("Keys dealt to lender-a, lender-b and lender-c: any 2 of 3 can answer; no single holder can; 1 may be away.")?;
        let console = if self.keep { Some(console::prepare(&network)?) } else { None };
        let mut running = network.start()?;
        running.wait_until_ready().await?;
        for member in &network.members {
            let terminal = &mut context.terminal;
            terminal.say(format_args!(
                "  {:<10} {}  pid {}",
                member.id,
                member.address,
                running.pid(&member.id)
            ))?;
        }
        let today = Day::of(context.clock.now());
        let books = sample::make(self.seed, &network.lenders(), self.clients, today);
        heading(&mut context.terminal, "Loading the lenders' books")?;
        self.load(&network, &running, &books, context).await?;
        context
            .terminal
            .say(format_args!("All rows are published and everywhere after {:.1} s.", seconds(context)))?;

        let plain = PlainBooks::parse(&books.plain_books).map_err(Failure::fault)?;
        let asker = network.client("lender-e");
        self.one_answer(&asker, &books, context).await?;
        refusals(&asker, context).await?;

        heading(
            &mut context.terminal,
            &format!("{APPLICANTS} more applicants, compared with the plain books"),
        )?;
        let people: Vec<&sample::SamplePerson> =
            books.people.iter().filter(|person| !person.lenders.is_empty()).take(APPLICANTS).collect();
        let (right, wrong) = compare(&asker, &people, &plain, network.id("lender-e")).await?;
        let total = right + wrong.len();
        for difference in wrong.iter().take(5) {
            context.terminal.say(format_args!("  differs: {difference}"))?;
        }
        context.terminal.say(format_args!("checked {right} of {total} answers against the plain books"))?;

        heading(&mut context.terminal, "Verifying the consent logs")?;
        for member in &network.members {
            let verified: serde_json::Value =
                network.client(member.id.as_str()).post("/v1/log/verify", &serde_json::json!({})).await?;
            let leaves = verified.get("leaves").and_then(serde_json::Value::as_u64).unwrap_or_default();
            let terminal = &mut context.terminal;
            terminal.say(format_args!("  {:<10} {leaves} leaves, tree and checkpoint agree", member.id))?;
        }
        self.farewell(folder, &network, seconds(context), context)?;
        if let Some(address) = &console {
            console::open(&asker, address, context).await?;
            context.terminal.say("\nThe network keeps running. Ctrl-C stops it.")?;
            let _ = tokio::signal::ctrl_c().await;
        }
        running.stop().await;
        Ok(if wrong.is_empty() { Exit::Done } else { Exit::Incomplete })
    }

    async fn load(
        &self,
        network: &DemoNetwork,
        running: &Running,
        books: &sample::SampleBooks,
        context: &mut Context,
    ) -> Result<(), Failure> {
        for (lender, csv) in &books.csv {
            let file = network.folder.join(lender.as_str()).join("book.csv");
            std::fs::write(&file, csv)
                .with_context(|| format!("{}: cannot be written", file.display()))
                .map_err(Failure::fault)?;
            let output =
                running.command(lender, &["import", &file.to_string_lossy(), "--format", "csv"]).await?;
            let line = output.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            context.terminal.say(format_args!("  {lender:<10} {line}"))?;
        }
        std::fs::write(network.folder.join("plain-books.json"), &books.plain_books)
            .context("plain-books.json cannot be written")
            .map_err(Failure::fault)?;
        // Everybody has everything when each one's copy of each feed is as long as the lender's own.
        let lenders = network.lenders();
        for _ in 0..600 {
            let mut states = Vec::new();
            for lender in &lenders {
                states.push(network.client(lender.as_str()).get::<Status>("/v1/status").await?);
            }
            let done = states.iter().all(|state| {
                state.clients_waiting == 0
                    && state.feed_rows > 0
                    && states.iter().all(|other| {
                        other.member == state.member
                            || state.members.iter().any(|m| {
                                m.member.as_str() == other.member
                                    && m.sequence == other.feed_sequence
                                    && m.last_heard.is_some()
                            })
                    })
            });
            if done {
                let rows: u64 = states.iter().map(|state| state.feed_rows).sum();
                context.terminal.say(format_args!("{rows} sealed rows"))?;
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err(Failure::new(Exit::Fault, "the books were not published within two minutes; see the journals"))
    }

    async fn one_answer(
        &self,
        asker: &Client,
        books: &sample::SampleBooks,
        context: &mut Context,
    ) -> Result<(), Failure> {
        heading(&mut context.terminal, "An applicant at lender-e")?;
        let others = |person: &&sample::SamplePerson| {
            let elsewhere = person.lenders.iter().filter(|lender| lender.as_str() != "lender-e").count();
            elsewhere == 2 && person.phone.is_some()
        };
        let person = books.people.iter().find(others).or(books.people.first());
        let person = person.context("the sample books are empty").map_err(Failure::fault)?;
        let consent = record_consent(asker, person).await?;
        context.terminal.say(format_args!(
            "Consent {} recorded, logged and located. Withdrawal code on her receipt: {}",
            consent.id, consent.withdrawal_code
        ))?;
        let answer = ask(asker, &consent.id, Some(loan())).await?;
        context.terminal.say("")?;
        context.terminal.say(answer_text(&answer, &of_environment(&Texts::built_in())))?;
        Ok(())
    }

    fn farewell(
        &self,
        folder: &Path,
        network: &DemoNetwork,
        seconds: f32,
        context: &mut Context,
    ) -> Result<(), Failure> {
        let terminal = &mut context.terminal;
        heading(terminal, "Where everything is")?;
        if self.dir.is_some() {
            terminal.say(format_args!("{}", folder.display()))?;
            terminal.say(
                "  <member>/node.toml     its configuration: tally --config FILE status, inquire, doctor, …",
            )?;
            terminal.say("  <member>/data/         its store and socket")?;
            terminal.say("  <member>/journal.log   what it said")?;
            terminal.say(
                "  <lender>/book.csv      its sample book; plain-books.json has all of them for comparison",
            )?;
            terminal.say("Start a node again with: tally --config <member>/node.toml node")?;
        } else {
            terminal.say("In a temporary folder, which is removed now. `tally demo --dir DIR` keeps everything in DIR.")?;
        }
        terminal.say(format_args!("\n{} processes, {seconds:.1} s.", network.members.len()))?;
        Ok(())
    }
}

fn heading(terminal: &mut Terminal, text: &str) -> Result<(), Failure> {
    terminal.say(format_args!("\n== {text}"))?;
    Ok(())
}

/// What is shown of a recorded consent.
struct Recorded {
    id: ConsentId,
    withdrawal_code: String,
}

async fn record_consent(asker: &Client, person: &sample::SamplePerson) -> Result<Recorded, Failure> {
    let mut identifiers = vec![serde_json::json!({ "scheme": "kh-nid", "value": person.kh_nid })];
    if let Some(phone) = &person.phone {
        identifiers.push(serde_json::json!({ "scheme": "phone", "value": phone }));
    }
    let body = serde_json::json!({
        "identifiers": identifiers,
        "purpose": "loan-application",
        "until": "2099-12-31",
        "notice": "km",
        "evidence": { "kind": "signed-form", "bytes": "ZGVtbyBmb3Jt" },
        "officer": "demo",
    });
    let body = with_until(body);
    let recorded: crate::api::consents::ConsentRecorded = asker.post("/v1/consents", &body).await?;
    Ok(Recorded { id: recorded.consent, withdrawal_code: recorded.withdrawal_code.to_string() })
}

/// A month from now, which every policy allows.
fn with_until(mut body: serde_json::Value) -> serde_json::Value {
    use crate::clock::Clock as _;
    let until = Day::of(crate::clock::SystemClock::new().now()).plus_days(30);
    body["until"] = serde_json::Value::String(until.to_string());
    body
}

fn loan() -> LoanRequest {
    LoanRequest {
        currency: "USD".parse().expect("a currency"),
        amount: "600".parse().expect("an amount"),
        instalment: Some("55".parse().expect("an amount")),
        frequency: Some(crate::model::facility::Frequency::Monthly),
        term_months: Some(12),
        kind: crate::model::facility::FacilityKind::Individual,
    }
}

fn question(consent: &str, requested: Option<LoanRequest>) -> InquiryRequest {
    let income = crate::model::amount::Money {
        currency: "USD".parse().expect("a currency"),
        amount: "400".parse().expect("an amount"),
    };
    InquiryRequest {
        purpose: "loan-application".to_owned(),
        persons: vec![InquiryPerson { role: Role::Applicant, consent: consent.to_owned() }],
        household_income: requested.is_some().then_some(income),
        requested,
        household_expenses: None,
        refinances: None,
    }
}

async fn ask(asker: &Client, consent: &ConsentId, requested: Option<LoanRequest>) -> Result<Answer, Failure> {
    let answered: crate::api::inquiries::InquiryAnswered =
        asker.post("/v1/inquiries", &question(&consent.to_string(), requested)).await?;
    serde_json::from_str(answered.answer.get())
        .context("the answer is not of the known form")
        .map_err(Failure::fault)
}

async fn refusals(asker: &Client, context: &mut Context) -> Result<(), Failure> {
    heading(&mut context.terminal, "Without consent")?;
    let nobody = ConsentId::random(&*context.entropy);
    match asker.post::<serde_json::Value>("/v1/inquiries", &question(&nobody.to_string(), None)).await {
        Err(ClientError::Problem(problem)) => {
            context
                .terminal
                .say(format_args!("refused: {} ({}); the refusal is logged", problem.detail, problem.code))?;
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(Failure::new(Exit::Fault, "an inquiry without consent was answered")),
    }
}

/// Asks about many people, a few at a time, and compares. Gives how many were right, and what was wrong.
async fn compare(
    asker: &Client,
    people: &[&sample::SamplePerson],
    plain: &PlainBooks,
    me: &crate::model::member::MemberId,
) -> Result<(usize, Vec<String>), Failure> {
    use futures_util::{StreamExt as _, stream};
    let answers = stream::iter(people.iter().map(|person| async move {
        let consent = record_consent(asker, person).await?;
        let answer = ask(asker, &consent.id, None).await?;
        Ok::<_, Failure>(plain.compare(person, me, &answer))
    }));
    let results: Vec<Result<Result<(), String>, Failure>> = answers.buffer_unordered(AT_ONCE).collect().await;
    let (mut right, mut wrong) = (0, Vec::new());
    for result in results {
        match result? {
            Ok(()) => right += 1,
            Err(difference) => wrong.push(difference),
        }
    }
    Ok((right, wrong))
}

/// A folder that goes when the demonstration ends.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn make() -> anyhow::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let random: [u8; 6] = crate::secret::random_array(&crate::secret::SystemEntropy::new());
        let folder = std::env::temp_dir().join(format!("tally-demo-{}", hex::encode(random)));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
