//! `tally member`: a lender's own steps, before its node runs for the first time.

mod install;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::membership::{Bundle, Fingerprint, NodeFolder};
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::config::{Config, HostPort};
use crate::keyring::NodeKeys;
use crate::model::member::{MemberId, NetworkId};

pub use install::{Checked, Installed, Trust, check, install_roster};

/// Make this member's keys and request; install what the operator sends back
#[derive(Args, Debug)]
pub struct MemberArgs {
    #[command(subcommand)]
    command: MemberCommand,
}

#[derive(Debug, Subcommand)]
enum MemberCommand {
    Init(InitArgs),
    Install(InstallArgs),
    Roster(RosterArgs),
}

/// Make the node's keys, its configuration and the request for the operator
///
/// Private keys stay in this folder, locked. What leaves is MEMBER.request: names, public keys and a request for a
/// certificate.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally member init --network kh-mfi --member lender-a --address lender-a.example:7443
  tally member init --network kh-mfi --member lender-b --dir lender-b --key-file /media/b.key

Then send MEMBER.request to the operator and read its fingerprint to them by telephone.")]
struct InitArgs {
    /// Short name of the network, from its operator.
    #[arg(long, value_name = "NAME")]
    network: NetworkId,
    /// Short name of this member: 2 to 32 of a-z, 0-9 and '-'.
    #[arg(long, value_name = "NAME")]
    member: MemberId,
    /// The name shown to people [default: the short one].
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Where peers reach this node; may be given several times. Without it the node only dials.
    #[arg(long, value_name = "HOST:PORT")]
    address: Vec<HostPort>,
    /// Where the node listens [default: the port of the first address, on all addresses of the machine].
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<HostPort>,
    /// The node's folder; made if it is not there [default: that of --config, or the current one].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Check a bundle from the operator and install certificate, roster and shares
///
/// Everything is checked first: the operator's signature, that bundle and certificate are this node's, that the
/// roster lists its keys, that no older roster replaces a newer one, that each share is what the roster commits to.
/// The first bundle pins the operator's key: compare its fingerprint by telephone. The same bundle may be installed
/// again.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally member install lender-a.bundle --dir lender-a
  tally member install lender-a.bundle --dir lender-a --fingerprint 3f1c-...
  tally --config /etc/tally/node.toml member install lender-a.bundle --yes")]
struct InstallArgs {
    /// The bundle.
    bundle: PathBuf,
    /// The node's folder [default: that of --config, or the current one].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The operator's fingerprint, as the operator told it.
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<Fingerprint>,
    /// Pin the operator's key without comparing its fingerprint.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Install a signed roster that came as a file; a running node learns it from its peers by itself
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally member roster roster.json --dir lender-a")]
struct RosterArgs {
    /// The file that `tally network roster` wrote.
    roster: PathBuf,
    /// The node's folder [default: that of --config, or the current one].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl MemberArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            MemberCommand::Init(command) => command.run(context),
            MemberCommand::Install(command) => command.run(context),
            MemberCommand::Roster(command) => command.run(context),
        }
    }
}

impl InitArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let folder = context.folder(self.dir);
        let lock = self.unlock.new_lock(&mut context.terminal, &*context.entropy)?;
        let node = NodeFolder {
            folder: folder.clone(),
            network: self.network,
            member: self.member.clone(),
            name: self.name,
            addresses: self.address,
            listen: self.listen,
        };
        let request = node.create(&lock, &*context.entropy)?;
        let (terminal, member) = (&mut context.terminal, &self.member);
        let file = folder.join(format!("{member}.request"));
        terminal.say(format_args!(
            "Made the keys of {member}, locked in {}",
            folder.join("keys.age").display()
        ))?;
        terminal.say(format_args!("Request       {}", file.display()))?;
        terminal.say(format_args!("Fingerprint   {}", request.fingerprint()))?;
        terminal.say(format_args!("Configuration {}", folder.join("node.toml").display()))?;
        terminal.say(
            "\nNext: send the request to the network's operator, and read the fingerprint to them by telephone.\n\
             With the bundle that comes back:",
        )?;
        terminal.say(format_args!("  tally member install {member}.bundle --dir {}", folder.display()))?;
        Ok(Exit::Done)
    }
}

impl InstallArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let path = self.dir.map_or_else(|| context.config_path(), |dir| dir.join("node.toml"));
        let config = Config::load(&path)?;
        let bundle = Bundle::read(&self.bundle)?;
        let unlock = self.unlock.unlock(Some(&config), &context.terminal)?;
        let mut keys = NodeKeys::load(&config.keys, &unlock)?;
        let checked = check(&config, &bundle, &keys, &*context.clock)?;
        let terminal = &mut context.terminal;
        if self.fingerprint.is_none() && checked.is_first() {
            terminal.note(format_args!("Operator of {}: {}", config.network, checked.fingerprint()))?;
            if !self.yes {
                terminal.confirm(
                    "Did the operator tell you this fingerprint?",
                    "--fingerprint HEX, or --yes without comparing.",
                )?;
            }
        }
        let trust = self.fingerprint.map_or(Trust::Confirmed, Trust::Fingerprint);
        let installed = checked.install(trust, &mut keys, &unlock)?;
        let new = |new: bool, what: &str| if new { what.to_owned() } else { "there already".to_owned() };
        terminal.say(format_args!("Operator key  {}", new(installed.pinned, "pinned")))?;
        terminal.say(format_args!("Certificate   {}", new(installed.certificate, "installed")))?;
        let (version, is_new) = installed.roster;
        terminal.say(format_args!("Roster        version {version}, {}", new(is_new, "installed")))?;
        let shares = match (&installed.new_shares[..], keys.shares().is_empty()) {
            ([], true) => "none in this bundle".to_owned(),
            ([], false) => "there already".to_owned(),
            (epochs, _) => format!("installed, of epoch {}", join(epochs)),
        };
        terminal.say(format_args!("Key shares    {shares}"))?;
        terminal.say(format_args!("\nNext: tally --config {} node", path.display()))?;
        Ok(Exit::Done)
    }
}

impl RosterArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let path = self.dir.map_or_else(|| context.config_path(), |dir| dir.join("node.toml"));
        let (version, is_new) = install_roster(&Config::load(&path)?, &self.roster)?;
        let done = if is_new { "installed" } else { "there already" };
        context.terminal.say(format_args!("Roster        version {version}, {done}"))?;
        Ok(Exit::Done)
    }
}

fn join(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
