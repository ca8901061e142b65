//! `tally completions`: completions for a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Context, Exit, Failure};

/// Print completions for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally completions bash > ~/.local/share/bash-completion/completions/tally
  tally completions fish > ~/.config/fish/completions/tally.fish")]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

impl CompletionsArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tally", &mut script);
        context.terminal.write(&script)?;
        Ok(Exit::Done)
    }
}
