//! `tally network list`, `renew`, `bundle`, `remove`, `policy` and `roster`: what the operator does once the network
//! runs.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::membership::{read_text, write_atomically};
use super::super::{Context, Exit, Failure};
use super::commands::Operator;
use super::{OperatorFolder, list};
use crate::limits;
use crate::model::member::MemberId;
use crate::roster::Role;

/// Show the members, their roles and certificates
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    operator: Operator,
}

/// Issue a new certificate for a member, in a new bundle
#[derive(Args, Debug)]
pub(super) struct RenewArgs {
    /// The member.
    member: MemberId,
    /// Days that the certificate lives.
    #[arg(long, default_value_t = limits::CERTIFICATE_DAYS, value_name = "DAYS")]
    days: u16,
    #[command(flatten)]
    operator: Operator,
}

/// Write a member's bundle again, with the roster in force
#[derive(Args, Debug)]
pub(super) struct MemberOnly {
    /// The member.
    member: MemberId,
    #[command(flatten)]
    operator: Operator,
}

/// Remove a member: revoke its certificates and take it off the roster's present members
#[derive(Args, Debug)]
pub(super) struct RemoveArgs {
    /// The member.
    member: MemberId,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    operator: Operator,
}

/// Put a later version of the policy into force
#[derive(Args, Debug)]
pub(super) struct PolicyArgs {
    /// The policy (TOML).
    policy: PathBuf,
    #[command(flatten)]
    operator: Operator,
}

/// Write the signed roster to a file, for a member that reaches no other (`tally member roster`)
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally network roster --out roster.json --dir operator
  tally network roster --renew --out roster.json --dir operator     # new dates, new revocation list")]
pub(super) struct RosterArgs {
    /// The file to write [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Sign it anew first: a roster expires after a year, a revocation list after 90 days.
    #[arg(long)]
    renew: bool,
    #[command(flatten)]
    operator: Operator,
}

impl ListArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let folder = self.operator.open(context)?;
        let (listing, terminal) = (list(&folder)?, &mut context.terminal);
        if self.json {
            terminal.json(&listing)?;
            return Ok(Exit::Done);
        }
        let (policy, policy_version) = &listing.policy;
        terminal.say(format_args!("Network {}, roster version {}", listing.network, listing.version))?;
        terminal.say(format_args!("Policy \"{policy}\", version {policy_version}"))?;
        terminal.say(format_args!("Fingerprint {}", listing.fingerprint))?;
        match listing.keys {
            Some((epoch, threshold, holders)) => {
                terminal.say(format_args!(
                    "Network keys of epoch {epoch}: any {threshold} of {holders} holders"
                ))?;
            }
            None => terminal.say("Network keys: not dealt yet")?,
        }
        terminal.say(format_args!("The roster is followed until {}", listing.expires))?;
        if let Some(until) = &listing.revocations_until {
            terminal.say(format_args!(
                "The revocation list stands until {until}; sign a new one before: tally network roster --renew"
            ))?;
        }
        terminal.say("")?;
        let rows = listing.members.into_iter().map(|member| {
            let roles = member.roles.iter().map(|role| role_name(*role)).collect::<Vec<_>>().join(",");
            let roles = if member.removed.is_some() { "removed".to_owned() } else { roles };
            let holder = member.holder_index.map_or_else(String::new, |index| index.to_string());
            let until = member.certificate_until.unwrap_or_default();
            [member.member, member.name, roles, holder, member.addresses.join(" "), until]
        });
        let heads = ["member", "name", "roles", "share", "addresses", "certificate until"];
        terminal.table(heads, rows.collect())?;
        Ok(Exit::Done)
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Lender => "lender",
        Role::KeyHolder => "key-holder",
        Role::Witness => "witness",
        Role::Operator => "operator",
    }
}

impl RenewArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let mut folder = self.operator.open(context)?;
        let bundle = folder.renew(&self.member, self.days, &*context.clock, &*context.entropy)?;
        say_bundle(context, &folder, &self.member, &bundle)
    }
}

impl MemberOnly {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let folder = self.operator.open(context)?;
        let bundle = folder.bundle(&self.member, &*context.clock)?;
        say_bundle(context, &folder, &self.member, &bundle)
    }
}

fn say_bundle(
    context: &mut Context,
    folder: &OperatorFolder,
    member: &MemberId,
    bundle: &Path,
) -> Result<Exit, Failure> {
    let until = folder.certificate_until(member)?;
    context.terminal.say(format_args!("Certificate   of {member}, until {until}"))?;
    context.terminal.say(format_args!("Bundle        {}", bundle.display()))?;
    Ok(Exit::Done)
}

impl RemoveArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let mut folder = self.operator.open(context)?;
        let terminal = &mut context.terminal;
        let holds =
            folder.roster().current_epoch().is_some_and(|epoch| epoch.index_of(&self.member).is_some());
        if holds {
            terminal.note(format_args!(
                "{} holds a share of the network keys and keeps it: deal a new epoch soon.",
                self.member
            ))?;
        }
        if !self.yes {
            let question = format!("Remove {} from the network for good?", self.member);
            terminal.confirm(&question, "--yes.")?;
        }
        folder.remove(&self.member, &*context.clock)?;
        terminal.say(format_args!(
            "Removed       {}, roster version {}",
            self.member,
            folder.roster().version()
        ))?;
        if let Some(until) = folder.revocations_until()? {
            terminal.say(format_args!(
                "Revocations   stand until {until}; sign a new list before: tally network roster --renew"
            ))?;
        }
        terminal
            .say("\nMembers learn it from the operator's node, or from: tally network roster --out FILE")?;
        Ok(Exit::Done)
    }
}

impl PolicyArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let policy = read_text(&self.policy, limits::CONFIG_BYTES_MAX)?;
        let mut folder = self.operator.open(context)?;
        folder.set_policy(&policy, &*context.clock)?;
        let (name, version) = (&folder.roster().policy().name, folder.roster().policy().version);
        let roster = folder.roster().version();
        context
            .terminal
            .say(format_args!("Policy        \"{name}\" version {version}, in roster version {roster}"))?;
        Ok(Exit::Done)
    }
}

impl RosterArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let mut folder = self.operator.open(context)?;
        if self.renew {
            folder.renew_roster(&*context.clock)?;
        }
        let (file, version) = (folder.roster_file(), folder.roster().version());
        match &self.out {
            Some(path) => {
                write_atomically(path, &file)?;
                context.terminal.say(format_args!("Roster        version {version}, {}", path.display()))?;
            }
            None => context.terminal.write(&file)?,
        }
        Ok(Exit::Done)
    }
}
