//! `tally man`: the manual pages, for packagers.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};

use super::{Cli, Context, Exit, Failure};

/// Print the manual page, or write one for each command into a folder
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// Folder for `tally.1`, `tally-network.1` and so on.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl ManArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        if let Some(folder) = self.dir {
            std::fs::create_dir_all(&folder)?;
            clap_mangen::generate_to(Cli::command(), &folder)?;
        } else {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            context.terminal.write(&page)?;
        }
        Ok(Exit::Done)
    }
}
