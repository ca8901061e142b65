//! `tally market`: how many clients are known to how many lenders.

use clap::Args;

use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure};
use crate::market::{ClassFigure, MarketReport, MonthFigures};
use crate::model::member::MemberId;

/// Show how many clients are known to 1, 2, 3, and 4 or more lenders
///
/// Each lender counts its own clients against the rows that every node holds, once a month, and adds noise before anybody
/// sees the counts; no row is opened. The figures are the sum of what the logs here say, for each month the same whenever
/// they are asked for. What is left out is too small to show. docs/DESIGN.md says what the noise protects.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally market
  tally market --csv > market.csv
  tally market --json | jq '.months[0].classes[] | {known_to, per_mille}'

Exit codes: 0 the newest month is complete here; 4 it is not, or there is none.")]
pub(super) struct MarketArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// As CSV, a line for each month and number of lenders.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl MarketArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let report: MarketReport = wait(client.get("/v1/market"))??;
        let complete = report.months.first().is_some_and(|month| month.complete);
        let exit = if complete { Exit::Done } else { Exit::Incomplete };
        let terminal = &mut context.terminal;
        if self.json {
            terminal.json(&report)?;
            return Ok(exit);
        }
        if self.csv {
            terminal.write(report.to_csv().as_bytes())?;
            return Ok(exit);
        }
        if report.months.is_empty() {
            terminal.say("No lender has counted its clients yet, in the logs that are here.")?;
        }
        if let Some(newest) = report.months.first() {
            terminal
                .say(format_args!("Clients by the number of lenders that know them, {}:", newest.month))?;
            terminal.table(["lenders", "clients", "share"], newest.classes.iter().map(row).collect())?;
            for line in remarks(newest) {
                terminal.say(line)?;
            }
        }
        if report.months.len() > 1 {
            terminal.say("Shares by month:")?;
            let rows = report.months.iter().map(|month| {
                let share = |class: usize| month.classes.get(class).map(share).unwrap_or_default();
                let complete = if month.complete { "" } else { "incomplete" };
                [month.month.to_string(), share(0), share(1), share(2), share(3), complete.to_owned()]
            });
            terminal.table(["month", "1", "2", "3", "4 or more", ""], rows.collect())?;
        }
        let budget = report.budget;
        terminal.say(format_args!(
            "Privacy budget: a month costs ε = {}, twelve months at most {}; spent in the last twelve: {}.",
            thousandths(budget.epsilon_thousandths.into()),
            thousandths(budget.epsilon_yearly_thousandths.into()),
            thousandths(budget.spent_thousandths)
        ))?;
        Ok(exit)
    }
}

fn row(class: &ClassFigure) -> [String; 3] {
    let clients = class.clients.map_or_else(|| "too few".to_owned(), |clients| clients.to_string());
    [class.known_to.to_string() + if class.or_more { " or more" } else { "" }, clients, share(class)]
}

/// In per cent.
fn share(class: &ClassFigure) -> String {
    class.per_mille.map(|share| format!("{}.{} %", share / 10, share % 10)).unwrap_or_default()
}

fn remarks(month: &MonthFigures) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(clients) = month.clients {
        lines.push(format!(
            "{clients} clients in all. Noise changes a figure by no more than {}, in 19 of 20 cases.",
            month.noise_within
        ));
    }
    let names = |members: &[MemberId]| members.iter().map(MemberId::as_str).collect::<Vec<_>>().join(", ");
    if !month.missing.is_empty() {
        lines.push(format!("INCOMPLETE, and too low: not counted yet by {}.", names(&month.missing)));
    }
    if !month.not_here.is_empty() {
        lines.push(format!(
            "INCOMPLETE, and too low here: the logs of {} are not at this node, which is no witness of them. The operator's \
             node has them.",
            names(&month.not_here)
        ));
    }
    if !month.partial.is_empty() {
        lines.push(format!(
            "INCOMPLETE: {} counted without the rows of some other lenders.",
            names(&month.partial)
        ));
    }
    lines
}

/// Thousandths as a decimal number.
fn thousandths(number: u64) -> String {
    format!("{}.{:03}", number / 1_000, number % 1_000)
}
