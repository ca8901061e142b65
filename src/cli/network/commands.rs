//! The command line of `tally network`; here `init`, `admit` and `deal-keys`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::super::membership::{Bundle, Fingerprint, MemberRequest, MembershipError, NodeFolder, read_text};
use super::super::unlock::UnlockArgs;
use super::super::{Context, Exit, Failure, member};
use super::upkeep::{ListArgs, MemberOnly, PolicyArgs, RemoveArgs, RenewArgs, RosterArgs};
use super::{Admission, NewNetwork, OperatorFolder, init};
use crate::config::{Config, HostPort};
use crate::keyring::NodeKeys;
use crate::limits;
use crate::model::member::{MemberId, NetworkId};
use crate::roster::Role;

/// Make a network and decide who is in it: the operator's commands
#[derive(Args, Debug)]
pub struct NetworkArgs {
    #[command(subcommand)]
    command: NetworkCommand,
}

#[derive(Debug, Subcommand)]
enum NetworkCommand {
    Init(InitArgs),
    Admit(AdmitArgs),
    DealKeys(DealKeysArgs),
    List(ListArgs),
    Renew(RenewArgs),
    Bundle(MemberOnly),
    Remove(RemoveArgs),
    Policy(PolicyArgs),
    Roster(RosterArgs),
}

/// Where the operator's folder is, and what unlocks it.
#[derive(Args, Debug)]
pub(super) struct Operator {
    /// The operator's folder [default: that of --config, or the current one].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// A role that the operator gives.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    /// Reports exposure and asks
    Lender,
    /// Holds a share of the network keys
    KeyHolder,
    /// Cosigns the logs of others
    Witness,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Lender => Self::Lender,
            RoleArg::KeyHolder => Self::KeyHolder,
            RoleArg::Witness => Self::Witness,
        }
    }
}

fn roles(given: &[RoleArg]) -> BTreeSet<Role> {
    given.iter().copied().map(Role::from).collect()
}

/// Make a network: its certificate authority, the key that signs its roster, and the operator's own node
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally network init --policy policy.toml --network kh-mfi --operator cma --dir operator
  tally network init --policy policy.toml --network kh-mfi --operator cma --key-file /media/cma.key

The fingerprint that it prints is what every member compares by telephone before it trusts this operator.")]
struct InitArgs {
    /// The network's policy (TOML); config/ of the program's source has some to begin with.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// Short name of the network: 2 to 32 of a-z, 0-9 and '-'.
    #[arg(long, value_name = "NAME")]
    network: NetworkId,
    /// Short name of the operator as a member.
    #[arg(long, value_name = "NAME")]
    operator: MemberId,
    /// The operator's name shown to people [default: the short one].
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Where peers reach the operator's node; may be given several times.
    #[arg(long, value_name = "HOST:PORT")]
    address: Vec<HostPort>,
    /// Where the operator's node listens [default: the port of the first address, on all addresses].
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<HostPort>,
    /// Roles of the operator's node besides operator and witness, as `lender`.
    #[arg(long, value_delimiter = ',', value_name = "ROLES")]
    roles: Vec<RoleArg>,
    #[command(flatten)]
    operator_folder: Operator,
}

/// Admit a member: its certificate, the next version of the roster, and its bundle
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally network admit lender-a.request --dir operator --roles lender,key-holder,witness
  tally network admit lender-d.request --dir operator --name \"Lender D plc\" --fingerprint 8c1d-...

Compare the request's fingerprint with the member by telephone: it is what keeps a stranger out.")]
struct AdmitArgs {
    /// The member's request.
    request: PathBuf,
    /// What the member does, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "lender", value_name = "ROLES")]
    roles: Vec<RoleArg>,
    /// The name shown to people [default: that of the request].
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Days that its certificate lives.
    #[arg(long, default_value_t = limits::CERTIFICATE_DAYS, value_name = "DAYS")]
    days: u16,
    /// The request's fingerprint, as the member told it.
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<Fingerprint>,
    /// Admit without comparing the fingerprint.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    operator: Operator,
}

/// Deal the network keys in shares, each encrypted to its holder; none is kept
///
/// Any THRESHOLD of the holders can answer. More than half of several holders must be needed. The bundles of all
/// members are written anew.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally network deal-keys --threshold 2 --holders lender-a,lender-b,lender-c --dir operator
  tally network deal-keys --threshold 1 --holders cma --dir operator

The second is for a trial only: one node can open everything.")]
struct DealKeysArgs {
    /// How many holders must help.
    #[arg(long, value_name = "T")]
    threshold: u8,
    /// The holders, separated by commas; best institutions that compete with each other.
    #[arg(long, value_delimiter = ',', required = true, value_name = "MEMBERS")]
    holders: Vec<MemberId>,
    /// Deal new keys although there are some: every lender must then publish its whole book again.
    #[arg(long)]
    new_epoch: bool,
    #[command(flatten)]
    operator: Operator,
}

impl NetworkArgs {
    pub(in crate::cli) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            NetworkCommand::Init(command) => command.run(context),
            NetworkCommand::Admit(command) => command.run(context),
            NetworkCommand::DealKeys(command) => command.run(context),
            NetworkCommand::List(command) => command.run(context),
            NetworkCommand::Renew(command) => command.run(context),
            NetworkCommand::Bundle(command) => command.run(context),
            NetworkCommand::Remove(command) => command.run(context),
            NetworkCommand::Policy(command) => command.run(context),
            NetworkCommand::Roster(command) => command.run(context),
        }
    }
}

impl Operator {
    pub(super) fn open(self, context: &Context) -> Result<OperatorFolder, Failure> {
        let folder = context.folder(self.dir);
        OperatorFolder::check_there(&folder)?;
        // The lock of the operator's keys is that of its node, whose configuration names it.
        let config = Config::load(&folder.join("node.toml")).ok();
        let unlock = self.unlock.unlock(config.as_ref(), &context.terminal)?;
        Ok(OperatorFolder::open(&folder, &unlock)?)
    }
}

impl InitArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let policy = read_text(&self.policy, limits::CONFIG_BYTES_MAX)?;
        let folder = context.folder(self.operator_folder.dir);
        let lock = self.operator_folder.unlock.new_lock(&mut context.terminal, &*context.entropy)?;
        let new = NewNetwork {
            node: NodeFolder {
                folder: folder.clone(),
                network: self.network.clone(),
                member: self.operator,
                name: self.name,
                addresses: self.address,
                listen: self.listen,
            },
            policy,
            roles: roles(&self.roles),
        };
        let made = init(&new, &lock, &*context.clock, &*context.entropy)?;
        let terminal = &mut context.terminal;
        terminal.say(format_args!("Made the network {} in {}", self.network, folder.display()))?;
        terminal.say(format_args!("Fingerprint   {}", made.fingerprint))?;
        terminal.say(format_args!("Configuration {}", made.config.display()))?;
        let dir = folder.display();
        terminal.say(format_args!(
            "\nTell every member the fingerprint by telephone. Keep a copy of this folder on another machine: with its\n\
             keys the roster is signed, and nothing replaces them.\n\
             Next, for each member's request:\n  tally network admit MEMBER.request --dir {dir}\n\
             then:\n  tally network deal-keys --threshold T --holders A,B,C --dir {dir}"
        ))?;
        Ok(Exit::Done)
    }
}

impl AdmitArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let request = MemberRequest::read(&self.request)?;
        let mut folder = self.operator.open(context)?;
        folder.check_request(&request)?;
        let (asked, terminal) = (request.document(), &mut context.terminal);
        let addresses = match &asked.addresses[..] {
            [] => "none: it only dials".to_owned(),
            some => some.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        let name = self.name.as_ref().unwrap_or(&asked.name);
        terminal.say(format_args!("Request of    {} ({name})", asked.member))?;
        terminal.say(format_args!("Addresses     {addresses}"))?;
        terminal.say(format_args!("Fingerprint   {}", request.fingerprint()))?;
        match self.fingerprint {
            Some(expected) if expected != request.fingerprint() => {
                let found = request.fingerprint();
                return Err(MembershipError::FingerprintDiffers { expected, found }.into());
            }
            Some(_) => {}
            None if self.yes => {}
            None => terminal.confirm(
                "Did the member tell you this fingerprint?",
                "--fingerprint HEX, or --yes without comparing.",
            )?,
        }
        let admission =
            Admission { roles: roles(&self.roles), name: self.name.clone(), certificate_days: self.days };
        let bundle = folder.admit(&request, &admission, &*context.clock, &*context.entropy)?;
        terminal.say(format_args!(
            "Admitted      {}, roster version {}",
            asked.member,
            folder.roster().version()
        ))?;
        terminal.say(format_args!("Bundle        {}", bundle.display()))?;
        terminal.say("\nNext: send the member its bundle. It holds no secret that another could open.")?;
        Ok(Exit::Done)
    }
}

impl DealKeysArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let dir = context.folder(self.operator.dir.clone());
        OperatorFolder::check_there(&dir)?;
        let config = Config::load(&dir.join("node.toml"))?;
        let unlock = self.operator.unlock.unlock(Some(&config), &context.terminal)?;
        let mut folder = OperatorFolder::open(&dir, &unlock)?;
        let dealt = folder.deal_keys(
            &self.holders,
            self.threshold,
            self.new_epoch,
            &*context.clock,
            &*context.entropy,
        )?;
        let terminal = &mut context.terminal;
        terminal.say(format_args!("Dealt         epoch {}: {}", dealt.epoch, dealt.withstands()))?;
        if dealt.holders.len() == 1 {
            terminal.note(
                "Warning: one node alone can read every record. Deal to three or more before real data.",
            )?;
        }
        for holder in &dealt.newly_holders {
            terminal.say(format_args!("Role          {holder} is a key holder now"))?;
        }
        for holder in &dealt.holders {
            terminal.say(format_args!("Bundle        {}", folder.bundle_path(holder).display()))?;
        }
        if dealt.holders.contains(folder.operator()) {
            install_own(&folder, &config, &unlock, context)?;
            context.terminal.say("Installed     the operator's own shares")?;
        }
        context.terminal.say(
            "\nNext: send every holder its bundle; what lies in it only that holder can open.\n\
             When all have installed theirs, delete the bundles here.",
        )?;
        Ok(Exit::Done)
    }
}

/// The operator is a holder like any other, and its bundle need not travel.
fn install_own(
    folder: &OperatorFolder,
    config: &Config,
    unlock: &crate::keyring::Unlock,
    context: &Context,
) -> Result<(), Failure> {
    let bundle = Bundle::read(&folder.bundle_path(folder.operator()))?;
    let mut keys = NodeKeys::load(&config.keys, unlock)?;
    let checked = member::check(config, &bundle, &keys, &*context.clock)?;
    checked.install(member::Trust::Confirmed, &mut keys, unlock)?;
    Ok(())
}
