//! `tally status`: how the node is.

use clap::Args;
use serde::Serialize;

use super::client::wait;
use super::offline::NoStore;
use super::unlock::UnlockArgs;
use super::{Context, Exit, Failure, Terminal};
use crate::model::member::MemberId;
use crate::node::{MemberState, Overdue, Recovered, Standing, Status};

/// Show how the node is: members, key holders, what waits
///
/// Where no node runs, it shows what its store knows, and says so.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally status
  tally status --json | jq '.members[] | {member, as_of, last_heard}'

Exit codes: 0 all is well; 4 no node runs, its disk is full, it does not know yet whether its log is whole, too few key
holders are in reach, a member is in trouble (its data differs from what it signed, or it carried another's badly), or a
dispute is overdue.")]
pub(super) struct StatusArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// The status, and whether it is that of a node at work.
#[derive(Serialize)]
struct Shown<'a> {
    running: bool,
    #[serde(flatten)]
    status: &'a Status,
}

impl StatusArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let client = context.client_or_store(&self.unlock, NoStore::Refuse)?;
        let running = !client.is_here();
        let status: Status = wait(client.get("/v1/status"))??;
        let short = status.holders.as_ref().is_some_and(|holders| holders.in_reach.len() < holders.needed);
        let bad = status.members.iter().any(|member| !troubles(member).is_empty());
        let bad = bad || status.feed_differs_since.is_some();
        let late = status.disputes.overdue > 0 || status.disputes.escalated > 0;
        let waits = !status.standing.is_settled();
        let exit = if short || bad || late || waits || !running || status.disk_full {
            Exit::Incomplete
        } else {
            Exit::Done
        };
        if self.json {
            context.terminal.json(&Shown { running, status: &status })?;
            return Ok(exit);
        }
        print(context, &status, running)?;
        Ok(exit)
    }
}

/// What is wrong with a member, in words.
fn troubles(member: &MemberState) -> Vec<String> {
    let mut troubles = Vec::new();
    if member.forked {
        troubles.push("two histories of its log".to_owned());
    }
    if let Some(since) = member.differs_since {
        troubles.push(format!("differs since {since}"));
    }
    if let Some(sequence) = member.two_states.last() {
        troubles.push(format!("signed two states of its feed for sequence {sequence}"));
    }
    for fault in &member.carrier_faults {
        let (lender, what, last) = (&fault.lender, fault.way.words(), fault.last);
        troubles.push(format!("as a carrier of the feed of {lender}: {what}, {last}"));
    }
    troubles
}

fn print(context: &mut Context, status: &Status, running: bool) -> Result<(), Failure> {
    let start = format!("tally node --config {}", context.config_path().display());
    let terminal = &mut context.terminal;
    terminal.say(format_args!("{} of {}, {}", status.member, status.network, status.time))?;
    if !running {
        terminal.say(format_args!(
            "Node     no node runs here: this is what its store knows; start it with: {start}"
        ))?;
    }
    terminal.say(format_args!(
        "Roster   version {}, good until {}",
        status.roster_version, status.roster_expires
    ))?;
    if status.disk_full {
        terminal.say(
            "Disk     full: nothing is written until there is room on the disk of the data folder; then it goes on by itself",
        )?;
    }
    terminal.say(format_args!("Log      {} leaves", status.log_size))?;
    if !status.standing.is_settled() {
        print_standing(terminal, &status.standing)?;
    }
    if let Some(recovered) = &status.recovered {
        print_recovered(terminal, recovered)?;
    }
    terminal.say(format_args!("Feed     {} rows, sequence {}", status.feed_rows, status.feed_sequence))?;
    if let Some(since) = status.feed_differs_since {
        terminal.say(format_args!(
            "         rows of it are not on disk as they were published, found {since}: they are being put right"
        ))?;
    }
    if status.clients_waiting > 0 {
        let count = status.clients_waiting;
        terminal.say(format_args!("Waiting  {count} clients are not published yet"))?;
    }
    for load in &status.loads_held {
        let why = load.held_for.join("; ");
        terminal.say(format_args!("Held     load {}, {}: {why}", load.number, load.file))?;
    }
    print_disputes(terminal, &status.disputes)?;
    match &status.holders {
        None => terminal.say("Keys     none yet: the operator deals them with `tally network deal-keys`")?,
        Some(holders) if !running => terminal.say(format_args!(
            "Keys     {} holders are needed; whether they are in reach shows when the node runs",
            holders.needed
        ))?,
        Some(holders) => {
            let names =
                |members: &[MemberId]| members.iter().map(MemberId::as_str).collect::<Vec<_>>().join(", ");
            let away = match holders.away.as_slice() {
                [] => String::new(),
                away => format!("; away: {}", names(away)),
            };
            terminal.say(format_args!(
                "Keys     {} holders are needed; in reach: {}{away}",
                holders.needed,
                names(&holders.in_reach)
            ))?;
        }
    }
    terminal.say("")?;
    let time =
        |time: Option<crate::clock::UnixTime>| time.map_or_else(|| "never".to_owned(), |t| t.to_string());
    let rows = status.members.iter().map(|member| {
        let trouble = troubles(member).join("; ");
        [
            member.member.to_string(),
            member.name.clone(),
            member.as_of.map_or_else(|| "-".to_owned(), |day| day.to_string()),
            time(member.last_heard),
            time(member.last_contact),
            member.rows.to_string(),
            trouble,
        ]
    });
    let heads = ["MEMBER", "NAME", "AS OF", "LAST HEARD", "LAST CONTACT", "ROWS", "TROUBLE"];
    terminal.table(heads, rows.collect())?;
    Ok(())
}

fn print_disputes(terminal: &mut Terminal, disputes: &Overdue) -> Result<(), Failure> {
    let Overdue { open, overdue, escalated } = disputes;
    if *open > 0 {
        let late = if *overdue > 0 { format!(", {overdue} of them overdue") } else { String::new() };
        terminal.say(format_args!("Disputes {open} open{late}: tally dispute list"))?;
    }
    if *escalated > 0 {
        terminal.say(format_args!(
            "Disputes {escalated} overdue in the network, as members say: tally dispute list --escalated"
        ))?;
    }
    Ok(())
}

/// Why the node neither writes nor serves.
fn print_standing(terminal: &mut Terminal, standing: &Standing) -> std::io::Result<()> {
    terminal.say("Waits    it writes nothing and serves nobody until it knows that its log is whole")?;
    if let Some(seen) = standing.seen {
        terminal.say(format_args!(
            "         others have seen {seen} leaves of it, and {} are here",
            standing.have
        ))?;
    }
    terminal.say(format_args!("         it waits for {}", standing.waits_for))?;
    for silent in &standing.silent {
        terminal.say(format_args!("         no answer from {}: {}", silent.member, silent.why))?;
    }
    Ok(())
}

/// What came back, and what has to be done by hand.
fn print_recovered(terminal: &mut Terminal, recovered: &Recovered) -> std::io::Result<()> {
    let Recovered { time, had, to, rows, without_record, erase_again, feed_has, feed_signed, .. } = recovered;
    terminal.say(format_args!(
        "Copy     on {time} this store was an older copy: {} leaves of its log and {rows} numbers of its feed came back",
        to.size - had.size
    ))?;
    if !without_record.is_empty() {
        let lost: Vec<String> =
            without_record.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let lost = lost.join(", ");
        terminal.say(format_args!("         lost for good is what lay apart from these leaves: {lost}"))?;
    }
    if feed_has < feed_signed {
        terminal.say(format_args!(
            "         nobody in reach had the rows of its feed from {feed_has} to {feed_signed}: load the whole book anew"
        ))?;
    }
    for leaf in erase_again {
        terminal.say(format_args!(
            "         repeat the erasure that concerned the reporting batch in leaf {leaf}"
        ))?;
    }
    Ok(())
}
