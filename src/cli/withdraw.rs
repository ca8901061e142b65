//! `tally withdraw`: a client's withdrawal code, presented at any member.

use std::io::BufRead as _;

use clap::Args;

use super::client::wait;
use super::{Context, Exit, Failure};
use crate::api::consents::{WithdrawalBody, WithdrawalTaken};
use crate::model::member::MemberId;

/// Withdraw a consent by the code on the client's receipt, at any member
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally withdraw 3f2a-91c4-77d0-1be5-0a6c-42f8-9d13-e07b
  tally withdraw -          # the code is read from standard input

Exit codes: 0 withdrawn and told to every member; 4 some members could not be told yet: they fetch it by themselves
when they are back; or no consent with this code was found: check the code.")]
pub(super) struct WithdrawArgs {
    /// The code, or `-` for standard input.
    code: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl WithdrawArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let mut code = self.code;
        if code == "-" {
            code.clear();
            std::io::stdin().lock().read_line(&mut code)?;
        }
        let client = context.client()?;
        let body = WithdrawalBody { code: code.trim().to_owned() };
        let taken: WithdrawalTaken = wait(client.post("/v1/withdrawals", &body))??;
        let is_done = taken.known && taken.not_told.is_empty();
        let exit = if is_done { Exit::Done } else { Exit::Incomplete };
        if self.json {
            context.terminal.json(&taken)?;
            return Ok(exit);
        }
        if taken.known {
            let lenders: Vec<&str> = taken.lenders.iter().map(MemberId::as_str).collect();
            let lenders = lenders.join(", ");
            let new = if taken.new { "Withdrawn" } else { "This code was known already; it stays withdrawn" };
            context.terminal.say(format_args!("{new}: a consent recorded at {lenders}."))?;
        } else {
            let told = taken.told.len();
            context.terminal.say(format_args!(
                "No consent with this code was found, here or at the members that were told ({told}). Compare it with \
                 the receipt, sign by sign."
            ))?;
        }
        for member in &taken.not_told {
            context
                .terminal
                .note(format_args!("Not told yet: {member}, which fetches it when it is back."))?;
        }
        Ok(exit)
    }
}
