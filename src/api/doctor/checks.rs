//! The checks that take no peer. They are the same for the node that runs and for a program that looks at its folder
//! while none does.
//!
//! Each names what it looked at, what it found, and the way out.

use std::path::Path;
use std::time::Duration;

use super::{Check, CheckState};
use crate::clock::{Clock, UnixTime};
use crate::feed::Feeds;
use crate::node::{HolderDuty, Node};
use crate::roster::Roster;

/// Days before an end from which on it is a warning.
const SOON_DAYS: i64 = 7;
/// Seconds by which a peer's signed state may lie ahead of this clock before the clock is called wrong.
const CLOCK_AHEAD_SECONDS_MAX: i64 = 60;
/// Bytes below which the disk is called full: RocksDB needs room to write before it can free any.
const DISK_BYTES_MIN: u64 = 1024 * 1024 * 1024;
/// Milliseconds beyond which an fsync is called slow: every inquiry waits for two.
const FSYNC_MILLISECONDS_MAX: u128 = 100;

/// Until when the roster is good.
pub fn roster(roster: &Roster, now: UnixTime) -> Check {
    let what = format!("version {} of the roster", roster.version());
    end(
        "roster",
        roster.document().expires,
        now,
        &what,
        "The operator signs a new one: `tally network roster`.",
    )
}

/// Until when the certificate is good; `until` is none where there is no certificate.
pub fn certificate(until: Option<UnixTime>, now: UnixTime) -> Check {
    let way_out = "The operator issues a new one: `tally network renew`.";
    match until {
        Some(until) => end("certificate", until, now, "the certificate", way_out),
        None => Check::new("certificate", CheckState::Failed, format!("No certificate is loaded. {way_out}")),
    }
}

/// What ends at `until`.
fn end(name: &str, until: UnixTime, now: UnixTime, what: &str, way_out: &str) -> Check {
    let left = until.seconds_since(now);
    if left <= 0 {
        Check::new(name, CheckState::Failed, format!("Expired at {until}: {what}. {way_out}"))
    } else if left < SOON_DAYS * 86_400 {
        Check::new(name, CheckState::Warning, format!("Expires at {until}: {what}. {way_out}"))
    } else {
        Check::new(name, CheckState::Good, format!("Good until {until}: {what}."))
    }
}

/// Against what others have signed: nothing of theirs can be younger than now.
/// Without `feeds`, where the store cannot be read, by the roster alone.
pub fn clock(roster: &Roster, feeds: Option<&Feeds>, now: UnixTime) -> Check {
    let mut newest = (roster.document().issued, "the roster".to_owned());
    for member in &roster.document().members {
        if let Some(Ok(Some(state))) = feeds.map(|feeds| feeds.state(&member.id))
            && state.time > newest.0
        {
            newest = (state.time, format!("the feed of {}", member.id));
        }
    }
    let ahead = newest.0.seconds_since(now);
    if ahead > CLOCK_AHEAD_SECONDS_MAX {
        let detail = format!(
            "This clock says {now}, and {} was signed {ahead} s later. Set the clock; a time service keeps it right.",
            newest.1
        );
        Check::new("clock", CheckState::Failed, detail)
    } else {
        Check::new("clock", CheckState::Good, format!("{now}; nothing that others signed is younger."))
    }
}

/// Whether the shares are here that the roster expects here. That the keys are the roster's was checked when the node
/// was put together.
pub fn keys(node: &Node) -> Check {
    match node.holder_duty() {
        HolderDuty::NoKeys => Check::new(
            "keys",
            CheckState::Failed,
            "The network has no keys yet: the operator deals them with `tally network deal-keys`.",
        ),
        HolderDuty::None => Check::new(
            "keys",
            CheckState::Good,
            "Unlocked and as the roster lists them; no shares are held here.",
        ),
        HolderDuty::Held { epoch } => Check::new(
            "keys",
            CheckState::Good,
            format!("Unlocked and as the roster lists them; shares of epoch {epoch} are held here."),
        ),
        HolderDuty::Missing { epoch } => Check::new(
            "keys",
            CheckState::Failed,
            format!(
                "The roster lists this member as a key holder of epoch {epoch}, and its shares are not here: \
                 `tally member install` takes the bundle of the dealing."
            ),
        ),
    }
}

/// Where the file lies that unlocks the keys, if one on this machine does.
pub fn key_file(data: &Path, unlocked_by: Option<&Path>) -> Check {
    let name = "key-file";
    let Some(file) = unlocked_by else {
        return Check::new(name, CheckState::Good, "No file on this machine unlocks the keys.");
    };
    let (data, whole) = (data.canonicalize(), file.canonicalize());
    let inside = matches!((data, whole), (Ok(data), Ok(file)) if file.starts_with(&data));
    let (state, words) = if inside {
        (
            CheckState::Failed,
            "lies in the data folder: whoever takes the folder can read the book. Move it away.",
        )
    } else {
        (
            CheckState::Warning,
            "is on this machine: whoever takes its disk can read the book. Keep it on another medium, or use a \
             passphrase.",
        )
    };
    Check::new(name, state, format!("The file that unlocks the keys {words}"))
}

/// Whether the store can be read.
pub fn store(node: &Node) -> Check {
    match node.status() {
        Ok(status) => {
            let detail = format!(
                "Readable: {} leaves in the log, {} rows in the feed, {} clients wait to be published.",
                status.log_size, status.feed_rows, status.clients_waiting
            );
            Check::new("store", CheckState::Good, detail)
        }
        Err(error) => Check::new("store", CheckState::Failed, error.to_string()),
    }
}

/// Whether a dispute is open beyond the policy's period.
pub fn disputes(node: &Node) -> Check {
    match node.disputes_overdue() {
        Ok(found) if found.overdue > 0 => Check::new(
            "disputes",
            CheckState::Failed,
            format!(
                "{} of {} open disputes are beyond the policy's period: tally dispute list --overdue",
                found.overdue, found.open
            ),
        ),
        Ok(found) if found.escalated > 0 => Check::new(
            "disputes",
            CheckState::Warning,
            format!("{} disputes of members are overdue: tally dispute list --escalated", found.escalated),
        ),
        Ok(found) => {
            Check::new("disputes", CheckState::Good, format!("{} are open, none overdue.", found.open))
        }
        Err(error) => Check::new("disputes", CheckState::Failed, error.to_string()),
    }
}

/// Free space of the data folder, and how long a synced write into it takes.
pub fn disk(data: &Path, clock: &dyn Clock) -> Vec<Check> {
    let space = match rustix::fs::statvfs(data) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let words = format!("{} MiB are free.", free / (1024 * 1024));
            if free < DISK_BYTES_MIN {
                Check::new(
                    "disk-space",
                    CheckState::Failed,
                    format!("{words} Make room before the node stops."),
                )
            } else {
                Check::new("disk-space", CheckState::Good, words)
            }
        }
        Err(error) => Check::new(
            "disk-space",
            CheckState::Failed,
            format!("The data folder cannot be looked at: {error}."),
        ),
    };
    let sync = match timed_sync(data, clock) {
        Ok(took) if took.as_millis() > FSYNC_MILLISECONDS_MAX => Check::new(
            "disk-sync",
            CheckState::Warning,
            format!("A synced write took {} ms; every inquiry waits for two.", took.as_millis()),
        ),
        Ok(took) => {
            Check::new("disk-sync", CheckState::Good, format!("A synced write took {} ms.", took.as_millis()))
        }
        Err(error) => Check::new(
            "disk-sync",
            CheckState::Failed,
            format!("The data folder cannot be written: {error}."),
        ),
    };
    vec![space, sync]
}

/// Writes one page beside the store, syncs it and takes it away again.
fn timed_sync(data: &Path, clock: &dyn Clock) -> std::io::Result<Duration> {
    use std::io::Write as _;
    let path = data.join(format!("doctor-{}.tmp", std::process::id()));
    let begun = clock.elapsed();
    let written = std::fs::File::create(&path).and_then(|mut file| {
        file.write_all(&[0u8; 4096])?;
        file.sync_all()
    });
    let took = clock.elapsed().saturating_sub(begun);
    // Nothing of use is in it, so that a failure to remove it is not news.
    let _ = std::fs::remove_file(&path);
    written.map(|()| took)
}
