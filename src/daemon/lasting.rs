//! A node that outlives a full disk: it stops writing, reads go on, and it starts again as soon as there is room.
//!
//! It starts again, and does not just go on: a write that failed may be on the disk or not, and whoever knows that reads
//! the disk. The start is the one that a crash leads to as well.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Daemon, Options, service};
use crate::api::{NodeSlot, health_router};
use crate::http::serve_log;
use crate::log::LogError;
use crate::node::{Node, StartError};
use crate::store::{StoreError, has_room};

/// Between two looks at the disk.
const LOOK_PAUSE: Duration = Duration::from_secs(1);
/// Work that blocks and cannot be cut off, such as a large import, may keep the store open for a while.
const CLOSE_LOOKS_MAX: u32 = 600;
/// A command that looked at the store while no node ran (`tally status`, `tally doctor`) gives it up within seconds.
const OTHERS_LOOKS_MAX: u32 = 10;

/// How often a start looks again whether the store's lock was given up, by whoever holds it.
fn looks_at_lock(ran: bool, holder: Option<u32>) -> u32 {
    match holder {
        // Ours, of the run before: while it closes, its name has gone before its lock.
        None if ran => CLOSE_LOOKS_MAX,
        Some(process) if process == std::process::id() => CLOSE_LOOKS_MAX,
        Some(_) | None => OTHERS_LOOKS_MAX,
    }
}

/// Runs a node until the shutdown signal, and starts it again whenever its disk was full and is not any more. The
/// service manager is told how it goes.
pub async fn run_lasting(options: Options, shutdown: CancellationToken) -> anyhow::Result<()> {
    let told = TaskTracker::new();
    let _lives = service::give_signs_of_life(&told);
    let stopping = shutdown.clone();
    told.spawn(async move {
        stopping.cancelled().await;
        service::stopping();
    });
    let (mut looks, mut ran) = (0, false);
    // Whoever watches is answered from the first moment on, before the store is open, and while the node waits for room.
    let watched = NodeSlot::default();
    let watching = TaskTracker::new();
    if let Some(address) = options.metrics_listen {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("metrics.listen: cannot listen on {address}"))?;
        watching.spawn(serve_log(listener, health_router(watched.clone(), true), shutdown.clone()));
    }
    watching.close();
    while !shutdown.is_cancelled() {
        let this_run = shutdown.child_token();
        match Daemon::start(options.clone(), this_run.clone()).await {
            Ok(daemon) => {
                (looks, ran) = (0, true);
                let node = Arc::clone(daemon.node());
                watched.set(&node);
                let watching = watch(node, &options.data, this_run);
                service::ready();
                let (result, ()) = tokio::join!(daemon.run(), watching);
                result?;
            }
            Err(error) if is_want_of_room(&error) => {
                tracing::error!(error = format!("{error:#}"), "the node waits for room before it starts");
                service::disk_full();
                wait(&shutdown).await;
                room_in(&options.data, &shutdown).await;
            }
            Err(error) => match why(&error) {
                Some(StoreError::Locked { process, .. }) if looks < looks_at_lock(ran, *process) => {
                    if looks == 0 {
                        tracing::info!(%error, "waiting for the store");
                    }
                    looks += 1;
                    wait(&shutdown).await;
                }
                _ => return Err(error),
            },
        }
    }
    watching.wait().await;
    Ok(())
}

/// Ends the run when its disk was full and has room again.
async fn watch(node: Arc<Node>, data: &Path, this_run: CancellationToken) {
    while !this_run.is_cancelled() {
        if node.is_disk_full() {
            let reads =
                "nothing is written any more, and reads go on; make room on the disk of the data folder";
            tracing::error!(data = %data.display(), "the disk is full: {reads}");
            service::disk_full();
            // The store must not stay open for the sake of this task.
            drop(node);
            room_in(data, &this_run).await;
            if !this_run.is_cancelled() {
                tracing::info!("there is room on the disk: the node starts again");
                service::starts_again();
                this_run.cancel();
            }
            return;
        }
        wait(&this_run).await;
    }
}

async fn room_in(data: &Path, until: &CancellationToken) {
    while !until.is_cancelled() {
        wait(until).await;
        if has_room(data) {
            return;
        }
    }
}

async fn wait(until: &CancellationToken) {
    tokio::select! {
        () = sleep(LOOK_PAUSE) => {}
        () = until.cancelled() => {}
    }
}

/// Whether a start failed for want of room: of the store, or of another file that it writes.
fn is_want_of_room(error: &anyhow::Error) -> bool {
    let file = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::StorageFull)
    };
    matches!(why(error), Some(StoreError::DiskFull { .. })) || error.chain().any(file)
}

/// What the store said, where it is why a node does not start.
fn why(error: &anyhow::Error) -> Option<&StoreError> {
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return Some(error);
    }
    match error.downcast_ref::<StartError>() {
        Some(StartError::Store(error) | StartError::Log(LogError::Store(error))) => Some(error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_said_is_found_wherever_it_stood() {
        let full = || StoreError::DiskFull { detail: "no room".into() };
        for error in [
            anyhow::Error::new(full()),
            StartError::Store(full()).into(),
            StartError::Log(LogError::Store(full())).into(),
            anyhow::Error::new(full()).context("opening the store"),
        ] {
            assert_eq!(why(&error), Some(&full()), "{error:#}");
            assert!(is_want_of_room(&error), "{error:#}");
        }
        let file = anyhow::Error::new(std::io::Error::from(ErrorKind::StorageFull)).context("the roster");
        assert!(is_want_of_room(&file));
        assert!(!is_want_of_room(&anyhow::Error::new(std::io::Error::from(ErrorKind::NotFound))));
        assert_eq!(why(&anyhow::anyhow!("the disk is full")), None);
    }
}
