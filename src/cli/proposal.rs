//! `tally proposal`: what waits for a second person, and what came of it.

use clap::{Args, Subcommand};

use super::client::wait;
use super::offline::NoStore;
use super::output::Terminal;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::api::proposals::{
    ProposalBody, ProposalFor, ProposalInFull, ProposalShown, ProposalState, ProposalsPage, StepBy,
};
use crate::digest::TransactionId;

/// See what was proposed and waits for another person: lawful grounds and erasures
#[derive(Args, Debug)]
pub(super) struct ProposalArgs {
    #[command(subcommand)]
    command: ProposalCommand,
}

#[derive(Debug, Subcommand)]
enum ProposalCommand {
    List(ListArgs),
}

/// List proposals, the newest first; or show one with what is asked
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally proposal list
  tally proposal list 5d2c4a690c7f5e0a91b24d6c8a3e1f0b    # with what is asked

Proposals are made and approved in the console, and made over the interface: docs/CONSOLE.md.

Exit codes: 0 shown; 2 there is no such proposal.")]
struct ListArgs {
    /// One proposal, with what is asked.
    #[arg(value_name = "PROPOSAL")]
    proposal: Option<TransactionId>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl ProposalArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            ProposalCommand::List(args) => args.run(context),
        }
    }
}

impl ListArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let terminal = &mut context.terminal;
        if let Some(proposal) = self.proposal {
            let found: ProposalInFull = wait(client.get(&format!("/v1/proposals/{proposal}")))??;
            if self.json {
                terminal.json(&found)?;
            } else {
                in_full(terminal, &found)?;
            }
            return Ok(Exit::Done);
        }
        let mut all: Vec<ProposalShown> = Vec::new();
        let mut path = "/v1/proposals".to_owned();
        loop {
            let page: ProposalsPage = wait(client.get(&path))??;
            all.extend(page.proposals);
            match page.next {
                Some(next) => path = format!("/v1/proposals?after={next}"),
                None => break,
            }
        }
        if self.json {
            terminal.json(&all)?;
        } else if all.is_empty() {
            terminal.say("No proposals.")?;
        } else {
            let heads = ["PROPOSAL", "WHAT", "BY", "BRANCH", "STATE", "UNTIL"];
            terminal.table(heads, all.iter().map(row).collect())?;
        }
        Ok(Exit::Done)
    }
}

fn row(one: &ProposalShown) -> [String; 6] {
    [
        one.proposal.to_string(),
        what(one),
        one.proposed_by.name.clone(),
        one.branch.clone().unwrap_or_default(),
        state(one),
        one.until.to_string(),
    ]
}

fn what(one: &ProposalShown) -> String {
    match &one.what {
        ProposalFor::Ground { name, purpose } => format!("{name}, {purpose}"),
        ProposalFor::Erasure { ground } => format!("erasure, {}", word(ground)),
    }
}

fn state(one: &ProposalShown) -> String {
    match &one.state {
        ProposalState::Waiting if one.trouble.is_some() => "approved, not carried out".to_owned(),
        ProposalState::Waiting => "waiting".to_owned(),
        ProposalState::Recorded { consent } => format!("recorded: {consent}"),
        ProposalState::Erased { consents, .. } => format!("erased: {consents} consents"),
        ProposalState::Refused { reason } => format!("refused: {reason}"),
        ProposalState::TakenBack => "taken back".to_owned(),
        ProposalState::Expired => "expired".to_owned(),
        ProposalState::Dropped => "dropped".to_owned(),
    }
}

fn in_full(terminal: &mut Terminal, found: &ProposalInFull) -> Result<(), Failure> {
    let one = &found.proposal;
    let by = |by: &StepBy| match by.user {
        Some(user) => format!("{} ({user}), {}", by.name, by.time),
        None => format!("{}, {}", by.name, by.time),
    };
    terminal.say(format_args!("Proposal  {}", one.proposal))?;
    terminal.say(format_args!("What      {}", what(one)))?;
    terminal.say(format_args!("State     {}", state(one)))?;
    terminal.say(format_args!("Proposed  {}", by(&one.proposed_by)))?;
    for approved in &one.approved_by {
        terminal.say(format_args!("Approved  {}", by(approved)))?;
    }
    terminal.say(format_args!("Persons   {} are needed", one.needed))?;
    if let Some(ended) = &one.ended_by {
        terminal.say(format_args!("Decided   {}", by(ended)))?;
    }
    if let Some(trouble) = &one.trouble {
        terminal.say(format_args!("Trouble   {trouble}"))?;
    }
    if let Some(asked) = &found.asked {
        terminal.say(format_args!("Until     {}", one.until))?;
        in_asked(terminal, asked)?;
    }
    Ok(())
}

fn in_asked(terminal: &mut Terminal, asked: &ProposalBody) -> Result<(), Failure> {
    let (identifiers, order) = match (&asked.ground, &asked.erasure) {
        (Some(ground), _) => (&ground.identifiers[..], Some(ground.sha256)),
        (None, Some(erasure)) => {
            if let Some(consent) = erasure.consent {
                terminal.say(format_args!("Consent   {consent}"))?;
            }
            (&erasure.identifiers[..], erasure.order)
        }
        (None, None) => (&[][..], None),
    };
    for one in identifiers {
        terminal.say(format_args!("Person    {}:{}", one.scheme, one.value))?;
    }
    if let Some(order) = order {
        terminal.say(format_args!("Order     {order}"))?;
    }
    if !asked.note.is_empty() {
        terminal.say(format_args!("Note      {}", asked.note.replace('\n', "\n          ")))?;
    }
    Ok(())
}

/// A word as the interface spells it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
