//! The command line: one file, or one folder, for each command.
//!
//! A command is a struct of clap's with `fn run(self, &mut Context) -> Result<Exit, Failure>`. To add one: write its
//! file, then a variant of `Command` and a line in `Command::run`. What it says goes through
//! [`Context::terminal`]; what it does stands in functions that know no terminal.

mod audit;
mod backup;
mod client;
mod completions;
mod consent;
pub mod demo;
mod dispute;
mod doctor;
mod exit;
mod feed;
mod fineract_report;
mod import;
mod inquire;
mod language;
pub mod log;
mod man;
mod market;
pub mod member;
pub mod membership;
pub mod network;
mod node;
mod offline;
mod output;
mod patterns;
mod proposal;
mod receipt;
mod status;
mod subject;
mod token;
mod unlock;
mod user;
mod withdraw;
mod word;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

pub use exit::{EXIT_CODES, Exit, Failure};
pub use output::Terminal;
pub use unlock::UnlockArgs;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::secret::{Entropy, SystemEntropy};

/// Sealed, consented exchange of outstanding exposure between microfinance lenders.
#[derive(Debug, Parser)]
#[command(name = "tally", version, max_term_width = 100, after_help = EXIT_CODES)]
#[command(infer_long_args = false, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// The node's configuration [env: TALLY_CONFIG] [default: node.toml in the current folder].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Network(network::NetworkArgs),
    Member(member::MemberArgs),
    Node(node::NodeArgs),
    Import(Box<import::ImportArgs>),
    Consent(consent::ConsentArgs),
    Withdraw(withdraw::WithdrawArgs),
    Receipt(receipt::ReceiptArgs),
    Subject(subject::SubjectArgs),
    Dispute(dispute::DisputeArgs),
    Proposal(proposal::ProposalArgs),
    Inquire(Box<inquire::InquireArgs>),
    Status(status::StatusArgs),
    Patterns(patterns::PatternsArgs),
    Market(market::MarketArgs),
    Doctor(doctor::DoctorArgs),
    User(user::UserArgs),
    Token(token::TokenArgs),
    Feed(feed::FeedArgs),
    Log(log::LogArgs),
    Audit(audit::AuditArgs),
    Backup(backup::BackupArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self {
            Self::Demo(command) => command.run(context),
            Self::Network(command) => command.run(context),
            Self::Member(command) => command.run(context),
            Self::Node(command) => command.run(context),
            Self::Import(command) => command.run(context),
            Self::Consent(command) => command.run(context),
            Self::Withdraw(command) => command.run(context),
            Self::Receipt(command) => command.run(context),
            Self::Subject(command) => command.run(context),
            Self::Dispute(command) => command.run(context),
            Self::Proposal(command) => command.run(context),
            Self::Inquire(command) => command.run(context),
            Self::Status(command) => command.run(context),
            Self::Patterns(command) => command.run(context),
            Self::Market(command) => command.run(context),
            Self::Doctor(command) => command.run(context),
            Self::User(command) => command.run(context),
            Self::Token(command) => command.run(context),
            Self::Feed(command) => command.run(context),
            Self::Log(command) => command.run(context),
            Self::Audit(command) => command.run(context),
            Self::Backup(command) => command.run(context),
            Self::Completions(command) => command.run(context),
            Self::Man(command) => command.run(context),
        }
    }
}

/// What every command works with.
pub struct Context {
    /// `--config` or TALLY_CONFIG, as given.
    pub config: Option<PathBuf>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Where it speaks.
    pub terminal: Terminal,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Context {
    /// Where the configuration lies: as given, or `node.toml` in the current folder.
    pub fn config_path(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| "node.toml".into())
    }

    /// The folder that a command without `--dir` works in: that of the configuration.
    pub fn folder(&self, dir: Option<PathBuf>) -> PathBuf {
        dir.unwrap_or_else(|| match self.config_path().parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => ".".into(),
        })
    }

    /// A client of the running node.
    fn client(&self) -> Result<client::Client, Failure> {
        let config = self.load_config()?;
        Ok(client::Client::new(config.data.join(client::SOCKET), self.config_path()))
    }

    /// The node's configuration.
    pub fn load_config(&self) -> Result<Config, ConfigError> {
        Config::load(&self.config_path())
    }
}

/// Parses, runs and reports; the program's exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let help = !error.use_stderr();
            return match error.print() {
                Ok(()) if help => Exit::Done.into(),
                Ok(()) => Exit::Usage.into(),
                Err(_) => Exit::Fault.into(),
            };
        }
    };
    let mut context = Context {
        // Set and empty is how some service managers unset, which clap would take for an empty path.
        config: cli
            .config
            .or_else(|| std::env::var_os("TALLY_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)),
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy::new()),
        terminal: Terminal::standard(),
    };
    match cli.command.run(&mut context) {
        Ok(exit) => exit.into(),
        // Whoever reads our output has read enough, as `head` does.
        Err(failure) if is_broken_pipe(&failure) => Exit::Done.into(),
        Err(failure) => {
            let _ = context.terminal.note(format_args!("tally: {}", failure.words()));
            failure.exit.into()
        }
    }
}

fn is_broken_pipe(failure: &Failure) -> bool {
    let io = failure.error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_folder_is_that_of_the_configuration() {
        let mut context = Context {
            config: None,
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy::new()),
            terminal: Terminal::to(Box::new(std::io::sink()), Box::new(std::io::sink())),
        };
        assert_eq!(context.folder(None), PathBuf::from("."));
        context.config = Some("op/node.toml".into());
        assert_eq!(context.folder(None), PathBuf::from("op"));
        assert_eq!(context.folder(Some("other".into())), PathBuf::from("other"));
    }
}
