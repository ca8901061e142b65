//! `tally token`: access tokens for other systems.

use clap::{Args, Subcommand};

use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::users::{TokenBody, TokenIssued, Tokens};
use crate::digest::UserId;
use crate::model::user::Right;
use crate::people::AccessToken;

/// Give out and take back access tokens, with which other systems use the HTTP interface
#[derive(Args, Debug)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    Issue(IssueArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Give out an access token; it is shown this once
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally token issue 'core banking' --may load --until 2027-06-30
  tally token issue 'tablets Takeo' --may consent --may inquire --branch Takeo --until 2027-01-31

Whoever has a token may do what it names until it ends or is revoked. A token that may see clients is for one branch, or
has the right every-branch.

Exit codes: 0 given out; 2 name, right, branch or end will not do.")]
struct IssueArgs {
    /// Of which system it is.
    #[arg(value_name = "NAME")]
    name: String,
    /// What it may do: consent, inquire, every-branch, approve, subject-report, dispute, load, decide-load, network,
    /// operate, log, bind, maintain or users. May be given more than once.
    #[arg(long = "may", value_name = "RIGHT", required = true, value_parser = word::<Right>)]
    scope: Vec<Right>,
    /// The branch whose clients it may see.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The last day (in UTC) or the RFC 3339 moment at which it ends; at most a year from now.
    #[arg(long, value_name = "WHEN")]
    until: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// List access tokens, without their secrets
#[derive(Args, Debug)]
struct ListArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Take an access token back
#[derive(Args, Debug)]
struct RevokeArgs {
    /// The token, as `tally token list` shows it.
    #[arg(value_name = "TOKEN")]
    token: UserId,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl TokenArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            TokenCommand::Issue(args) => args.run(context),
            TokenCommand::List(args) => args.run(context),
            TokenCommand::Revoke(args) => args.run(context),
        }
    }
}

impl IssueArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let scope = self.scope.into_iter().collect();
        let body = TokenBody { name: self.name, scope, branch: self.branch, until: self.until };
        let client = context.client_or_store(&self.unlock, NoStore::Make)?;
        let issued: TokenIssued = wait(client.post("/v1/tokens", &body))??;
        if self.json {
            context.terminal.json(&issued)?;
            return Ok(Exit::Done);
        }
        // Alone on its line, for scripts.
        context.terminal.say(&issued.secret)?;
        context.terminal.note(format_args!(
            "Shown this once. `tally token revoke {}` takes it back; it ends {}.",
            issued.token.token, issued.token.expires
        ))?;
        Ok(Exit::Done)
    }
}

impl ListArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let (mut tokens, mut query) = (Vec::new(), String::new());
        loop {
            let page: Tokens = wait(client.get(&format!("/v1/tokens{query}")))??;
            tokens.extend(page.tokens);
            let Some(next) = page.next else { break };
            query = format!("?after={next}");
        }
        tokens.sort_by_key(|token| (std::cmp::Reverse(token.issued), token.token));
        if self.json {
            context.terminal.json(&Tokens { tokens, next: None })?;
            return Ok(Exit::Done);
        }
        if tokens.is_empty() {
            context.terminal.say("No access tokens; `tally token issue` gives one out.")?;
            return Ok(Exit::Done);
        }
        let rows = tokens.iter().map(|token| {
            let scope: Vec<&str> = token.scope.iter().map(|right| right.as_str()).collect();
            [
                token.token.to_string(),
                token.name.clone(),
                scope.join(", "),
                token.branch.clone().unwrap_or_else(|| "-".to_owned()),
                token.expires.to_string(),
                if token.revoked { "revoked" } else { "" }.to_owned(),
            ]
        });
        context.terminal.table(["TOKEN", "NAME", "MAY", "BRANCH", "ENDS", ""], rows.collect())?;
        Ok(Exit::Done)
    }
}

impl RevokeArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let path = format!("/v1/tokens/{}/revoke", self.token);
        let token: AccessToken = wait(client.post(&path, &serde_json::json!({})))??;
        context.terminal.say(format_args!("{} ({}) opens nothing any more.", token.token, token.name))?;
        Ok(Exit::Done)
    }
}
