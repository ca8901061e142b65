//! `tally user`: who may sign in to the console.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::client::{Client, wait};
use super::offline::NoStore;
use super::unlock::{UnlockArgs, ask, read_passphrase_file};
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::users::{UserBody, UserChangeBody, Users};
use crate::model::user::Role;
use crate::people::User;

/// Admit the people who work in the console, and say what each may do
#[derive(Args, Debug)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    Add(AddArgs),
    List(ListArgs),
    Change(Box<ChangeArgs>),
}

/// Admit a user
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally user add 'Sok Dara' --role loan-officer --branch Takeo
  tally user add 'Chan Thy' --role supervisor --role data-clerk --password-file first.txt

A loan officer sees the clients of her branch alone; a supervisor those of every branch, and is one of the two who approve.
Operators, auditors and administrators see no client. When she first signs in she has to choose a password of her own, unless
she typed this one herself (--own-password).

Exit codes: 0 admitted; 2 name, role, branch or password will not do; 3 there is a user of that name.")]
struct AddArgs {
    /// What she signs in with.
    #[arg(value_name = "NAME")]
    name: String,
    /// What she does: loan-officer, supervisor, data-clerk, operator, auditor or administrator. May be given more
    /// than once.
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = word::<Role>)]
    roles: Vec<Role>,
    /// The branch whose clients she serves. Loan officers need one.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// File with her first password, mode 0600; asked for without it.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The password is her own, and she typed it herself: she need not choose another.
    #[arg(long)]
    own_password: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// List users, those who may not sign in any more among them
#[derive(Args, Debug)]
struct ListArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Change what a user may do, or her password; she signs in again
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally user change 'Sok Dara' --branch Kampot
  tally user change 'Sok Dara' --disable          # she has left; the log still says what she did
  tally user change 'Sok Dara' --new-password
  tally user change 'Sok Dara' --without-second-factor    # her device is lost

A new password is for one time: when she signs in she is told who gave it to her, and has to choose one of her own.

Exit codes: 0 changed; 2 there is no such user, or what is asked for will not do.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct ChangeArgs {
    /// The user's name.
    #[arg(value_name = "NAME")]
    name: String,
    /// What she does from now on, in place of what she did.
    #[arg(long = "role", value_name = "ROLE", value_parser = word::<Role>)]
    roles: Vec<Role>,
    /// Her branch from now on.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// She may not sign in any more.
    #[arg(long, conflicts_with = "enable")]
    disable: bool,
    /// She may sign in again.
    #[arg(long)]
    enable: bool,
    /// Ask for a new password.
    #[arg(long)]
    new_password: bool,
    /// File with the new password, mode 0600.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Take her second factor away.
    #[arg(long)]
    without_second_factor: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl UserArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            UserCommand::Add(args) => args.run(context),
            UserCommand::List(args) => args.run(context),
            UserCommand::Change(args) => args.run(context),
        }
    }
}

/// A password from a file, or typed twice.
fn password(context: &Context, file: Option<&PathBuf>) -> Result<String, Failure> {
    let bytes = if let Some(file) = file {
        read_passphrase_file(file)?
    } else {
        let first = ask("Password: ", &context.terminal)?;
        let second = ask("The same again: ", &context.terminal)?;
        if first.expose() != second.expose() {
            return Err(Failure::new(Exit::Usage, "the two passwords differ; nothing was changed"));
        }
        first
    };
    let text = std::str::from_utf8(bytes.expose());
    text.map(str::to_owned).map_err(|_| Failure::new(Exit::Usage, "the password is not text in UTF-8"))
}

impl AddArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let password = password(context, self.password_file.as_ref())?;
        let roles = self.roles.into_iter().collect();
        let body = UserBody {
            name: self.name,
            roles,
            branch: self.branch,
            password,
            own_password: self.own_password,
        };
        let client = context.client_or_store(&self.unlock, NoStore::Make)?;
        let user: User = wait(client.post("/v1/users", &body))??;
        shown(context, &user, self.json)
    }
}

impl ListArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let users = every_user(&client)?;
        if self.json {
            context.terminal.json(&Users { users, next: None })?;
            return Ok(Exit::Done);
        }
        if users.is_empty() {
            context.terminal.say("No users; `tally user add` admits one.")?;
            return Ok(Exit::Done);
        }
        let rows = users.iter().map(|user| {
            let state = if user.enabled { "" } else { "may not sign in" };
            let factor = if user.second_factor { "yes" } else { "no" };
            [
                user.name.clone(),
                roles(user),
                user.branch.clone().unwrap_or_else(|| "-".to_owned()),
                factor.to_owned(),
                user.user.to_string(),
                state.to_owned(),
            ]
        });
        let heads = ["NAME", "ROLES", "BRANCH", "2ND FACTOR", "IN THE LOG", ""];
        context.terminal.table(heads, rows.collect())?;
        Ok(Exit::Done)
    }
}

impl ChangeArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let password = if self.new_password || self.password_file.is_some() {
            Some(password(context, self.password_file.as_ref())?)
        } else {
            None
        };
        let body = UserChangeBody {
            roles: (!self.roles.is_empty()).then(|| self.roles.iter().copied().collect()),
            branch: self.branch,
            enabled: if self.disable { Some(false) } else { self.enable.then_some(true) },
            password,
            without_second_factor: self.without_second_factor,
        };
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let users = every_user(&client)?;
        let wanted = self.name.to_lowercase();
        let user = users.iter().find(|user| user.name.to_lowercase() == wanted);
        let user = user.ok_or_else(|| {
            Failure::new(Exit::Usage, "there is no user of that name; `tally user list` shows them")
        })?;
        let changed: User = wait(client.post(&format!("/v1/users/{}", user.user), &body))??;
        shown(context, &changed, self.json)
    }
}

/// Every user, by name, page by page.
fn every_user(client: &Client) -> Result<Vec<User>, Failure> {
    let (mut users, mut query) = (Vec::new(), String::new());
    loop {
        let page: Users = wait(client.get(&format!("/v1/users{query}")))??;
        users.extend(page.users);
        let Some(next) = page.next else { break };
        query = format!("?after={next}");
    }
    users.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(users)
}

fn roles(user: &User) -> String {
    user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

fn shown(context: &mut Context, user: &User, json: bool) -> Result<Exit, Failure> {
    if json {
        context.terminal.json(user)?;
        return Ok(Exit::Done);
    }
    let branch = user.branch.as_deref().map_or_else(String::new, |branch| format!(", branch {branch}"));
    let state = if user.enabled { "may sign in" } else { "may not sign in" };
    context.terminal.say(format_args!("{} ({}{branch}) {state}.", user.name, roles(user)))?;
    Ok(Exit::Done)
}
