//! What the service manager is told, where one started this node and asks for it: sd_notify(3). Elsewhere nothing
//! is said.
//!
//! It hears that the node answers, not that it reaches others or has got back what an older copy of its store lacks:
//! a manager that restarts a node for want of peers makes it no better.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Signs of life within the time after which the manager takes the node for stuck: one may come late.
const SIGNS_OF_LIFE: u32 = 3;

/// Gives signs of life where the manager asks for them, until what it returns is dropped.
///
/// They come from the runtime that serves requests: where it runs nothing any more, nothing is served.
pub(super) fn give_signs_of_life(tasks: &TaskTracker) -> Option<DropGuard> {
    let within = sd_notify::watchdog_enabled().filter(|within| !within.is_zero())?;
    let ends = CancellationToken::new();
    tasks.spawn(ends.clone().run_until_cancelled_owned(live(within / SIGNS_OF_LIFE)));
    Some(ends.drop_guard())
}

async fn live(pause: Duration) {
    loop {
        tell(&[NotifyState::Watchdog]);
        tokio::time::sleep(pause).await;
    }
}

/// The node answers.
pub(super) fn ready() {
    tell(&[NotifyState::Ready, NotifyState::Status("answers")]);
}

/// The disk is full: before a start, or while the node runs.
pub(super) fn disk_full() {
    tell(&[NotifyState::Status("the disk is full: nothing is written until there is room")]);
}

/// The node ends its run, to begin another in the same process.
pub(super) fn starts_again() {
    let status = NotifyState::Status("starts again: its disk was full and has room");
    // The time is what managers of type notify-reload ask for.
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now, status]),
        Err(_) => tell(&[status]),
    }
}

/// The node was told to stop.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stops")]);
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager was not told");
    }
}
