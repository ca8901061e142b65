//! The tasks of a running node.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::peers::PeerConnections;
use crate::keyring::write_atomically;
use crate::model::member::MemberId;
use crate::node::sound::Soundness;
use crate::node::{MarketCount, Node, Peers as _, PublishError};
use crate::roster::{Role, Roster, RosterDocument};
use crate::secret::Entropy;
use crate::signing::{Signed, VerifyKey};
use crate::transport::PeerTls;
use crate::wire::message::{Reply, Request};

/// Seconds between two attempts to send the letters that wait.
const LETTERS_SECONDS: u64 = 30;
/// Seconds between two looks at who follows whom.
pub(super) const SUPERVISE_SECONDS: u64 = 3;
/// Between two rounds of asking how much of the log others have seen: at first, and at most.
const SETTLE_PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(3));
/// Seconds between two looks at the witnesses' quorum, at most.
const QUORUM_SECONDS: u64 = 20;
/// Seconds between two looks at certificates of open connections.
const RECHECK_SECONDS: u64 = 60;
/// Seconds between two comparisons of feeds with their rows on disk.
const VERIFY_FEEDS_SECONDS: u64 = 6 * 3_600;
/// Between two looks for sessions and kept replies that have ended.
const FORGET_SECONDS: u64 = 3_600;
/// Seconds between two looks whether today's retention is done.
const RETENTION_SECONDS: u64 = 3_600;
/// Seconds until the next one while clients that it marked wait to be published.
const RETENTION_AGAIN_SECONDS: u64 = 300;
/// Seconds until the next one while rows of the own feed are being put right.
const VERIFY_AGAIN_SECONDS: u64 = 120;

/// Seconds until the first look whether clients are to be counted for market figures.
const MARKET_FIRST_SECONDS: u64 = 120;
/// Seconds between two of these looks.
const MARKET_SECONDS: u64 = 900;

/// Newer rosters: verified, written to the file, followed everywhere.
pub(super) struct Rosters {
    pub(super) node: Arc<Node>,
    pub(super) tls: Arc<PeerTls>,
    pub(super) peers: Arc<PeerConnections>,
    pub(super) operator_key: VerifyKey,
    pub(super) file: PathBuf,
    /// Held while one is followed, so that an older one that came at the same time is not written over it.
    pub(super) following: std::sync::Mutex<()>,
}

impl Rosters {
    /// Takes a roster that a peer sent.
    pub(super) fn offer(&self, signed: Signed<RosterDocument>, from: &MemberId) {
        match self.follow(signed) {
            Ok(Some(version)) => tracing::info!(version, %from, "following a newer roster"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%from, %error, "roster was not followed"),
        }
    }

    /// Asks a member for its roster.
    pub(super) async fn fetch(&self, member: &MemberId) {
        match self.peers.call(member, Request::Roster).await {
            Ok(Reply::Roster(signed)) => self.offer(signed, member),
            Ok(_) => tracing::warn!(%member, "did not send its roster"),
            Err(error) => tracing::debug!(%member, %error, "roster could not be fetched"),
        }
    }

    /// Takes the roster that was laid into the file. None when it is the one that is followed.
    pub(super) fn take_laid(&self, file: &[u8]) -> anyhow::Result<Option<u64>> {
        let signed: Signed<RosterDocument> = serde_json::from_slice(file).context("not a signed roster")?;
        let laid = Roster::verify(signed.clone(), &self.operator_key)?;
        let followed = self.node.roster();
        if laid.hash() == followed.hash() {
            return Ok(None);
        }
        let (laid, now) = (laid.version(), followed.version());
        anyhow::ensure!(laid > now, "it is of version {laid}, and the node follows version {now}");
        self.follow(signed)
    }

    fn follow(&self, signed: Signed<RosterDocument>) -> anyhow::Result<Option<u64>> {
        let roster = Roster::verify(signed, &self.operator_key)?;
        if roster.network() != self.node.network() {
            anyhow::bail!("it is the roster of another network, {}", roster.network());
        }
        let _one_at_a_time = self.following.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if roster.version() <= self.node.roster().version() {
            return Ok(None);
        }
        let anchor = super::anchor(&roster)?;
        // A newer one still may have been laid there while this one came from a peer. Its turn is next.
        let is_newer = |laid: Roster| laid.network() == roster.network() && laid.version() > roster.version();
        if !super::read_roster(&self.file, &self.operator_key).is_ok_and(is_newer) {
            write_roster(&self.file, &roster)?;
        }
        let version = roster.version();
        self.node.follow_roster(roster)?;
        self.tls.reload_anchor(&anchor)?;
        // Last: from here on others hear of it in greetings, and ask for what the node follows.
        self.peers.follow(&self.node.roster());
        Ok(Some(version))
    }
}

/// Replaces the file of the roster, so that a power cut leaves the old one or the new one.
pub(super) fn write_roster(file: &Path, roster: &Roster) -> anyhow::Result<()> {
    Ok(write_atomically(file, &serde_json::to_vec(roster.signed())?)?)
}

/// Starts every task.
pub(super) fn spawn_all(
    tasks: &TaskTracker,
    node: &Arc<Node>,
    tls: &Arc<PeerTls>,
    entropy: &Arc<dyn Entropy>,
    shutdown: &CancellationToken,
) {
    let until = |task: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        let shutdown = shutdown.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = task => {}
            }
        });
    };
    until(Box::pin(super::following::supervise(
        tasks.clone(),
        Arc::clone(node),
        Arc::clone(entropy),
        shutdown.clone(),
    )));
    until(Box::pin(settle(Arc::clone(node))));
    until(Box::pin(publish(Arc::clone(node))));
    until(Box::pin(sign_states(Arc::clone(node))));
    until(Box::pin(gather(Arc::clone(node))));
    until(Box::pin(verify_feeds(Arc::clone(node))));
    until(Box::pin(deliver_disputes(Arc::clone(node))));
    until(Box::pin(retain(Arc::clone(node))));
    until(Box::pin(forget(Arc::clone(node))));
    until(Box::pin(count_for_market(Arc::clone(node))));
    let tls = Arc::clone(tls);
    until(Box::pin(async move {
        loop {
            sleep(Duration::from_secs(RECHECK_SECONDS)).await;
            for peer in tls.recheck() {
                tracing::info!(member = %peer.member, "connection closed: its certificate is not valid any more");
            }
        }
    }));
}

/// Asks others how much of the log they have seen until the node may work, and again whenever that is in doubt.
async fn settle(node: Arc<Node>) {
    loop {
        let (mut said, mut pause) = (None, SETTLE_PAUSES.0);
        while !node.is_settled() {
            match node.settle().await {
                Ok(standing) if standing.is_settled() => {
                    tracing::info!(leaves = standing.have, "the log is whole: the node works");
                    finish_loads(&node).await;
                }
                Ok(standing) => {
                    if said.as_ref() != Some(&standing.waits_for) {
                        tracing::warn!(
                            waits_for = standing.waits_for,
                            "nothing is written and nobody served yet"
                        );
                        said = Some(standing.waits_for);
                    }
                    sleep(pause).await;
                    pause = (pause * 3 / 2).min(SETTLE_PAUSES.1);
                }
                Err(error) => {
                    tracing::error!(%error, "the log could not be made whole");
                    sleep(Duration::from_secs(SUPERVISE_SECONDS)).await;
                }
            }
        }
        node.until_in_doubt().await;
    }
}

/// Brings loads to their end that the last process left in the middle.
pub(super) async fn finish_loads(node: &Arc<Node>) {
    // Where it fails the rest of the node works without; the next import says the same to the clerk.
    let finished = done(node, "interrupted loads could not be finished", Node::finish_loads).await;
    if let Some(loads) = finished.filter(|loads| !loads.is_empty()) {
        tracing::info!(?loads, "interrupted loads were finished");
    }
}

/// What comes of work that blocks, away from the threads that serve; where nothing does, the journal says what is
/// `not_done`, and why.
async fn done<T: Send + 'static, E: Display + Send + 'static>(
    node: &Arc<Node>,
    not_done: &str,
    work: impl FnOnce(&Node) -> Result<T, E> + Send + 'static,
) -> Option<T> {
    let worker = Arc::clone(node);
    let error = match tokio::task::spawn_blocking(move || work(&worker)).await {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => error.to_string(),
        Err(panicked) => panicked.to_string(),
    };
    tracing::error!(error, "{not_done}");
    None
}

/// Publishes what waits, in batches at the policy's interval.
async fn publish(node: Arc<Node>) {
    // Why clients wait, as it was said last: a network whose keys are not dealt yet would say it with every interval.
    let mut said = None;
    loop {
        node.until_settled().await;
        let interval = u64::from(node.roster().policy().feed.batch_interval_seconds);
        loop {
            match node.publish_round().await {
                Ok(report) if report.clients == 0 => break,
                Ok(report) => {
                    said = None;
                    tracing::info!(
                        clients = report.clients,
                        rows = report.rows,
                        located = report.located,
                        "published"
                    );
                }
                Err(error) => {
                    match error {
                        // Said once, by whoever waits for room.
                        _ if node.is_disk_full() => {}
                        PublishError::Ask(error) => {
                            let why = error.to_string();
                            if said.as_ref() != Some(&why) {
                                tracing::info!(%error, "clients wait to be published");
                                said = Some(why);
                            }
                        }
                        error => tracing::error!(%error, "publishing failed"),
                    }
                    break;
                }
            }
        }
        // A load wakes the publisher, but not more often than the interval: what changes together is shuffled together.
        sleep(Duration::from_secs(interval)).await;
    }
}

/// Sends letters about disputes until they are taken, and looks at the policy's clocks.
async fn deliver_disputes(node: Arc<Node>) {
    loop {
        node.until_settled().await;
        if let Err(error) = node.escalate_disputes() {
            tracing::error!(%error, "overdue disputes could not be escalated");
        }
        match node.deliver_disputes().await {
            Ok(0) => {}
            Ok(waiting) => tracing::info!(waiting, "letters about disputes wait for members to be in reach"),
            Err(error) => tracing::error!(%error, "letters about disputes could not be sent"),
        }
        tokio::select! {
            () = node.letters_waiting() => {}
            () = sleep(Duration::from_secs(LETTERS_SECONDS)) => {}
        }
    }
}

/// Signs the feed's state at the policy's interval, and once at the start.
async fn sign_states(node: Arc<Node>) {
    loop {
        node.until_settled().await;
        if let Err(error) = node.sign_feed_state_if_due()
            && !node.is_disk_full()
        {
            tracing::error!(%error, "feed state could not be signed");
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// Gathers the witnesses' quorum when the log has grown, and before the last one gets old.
async fn gather(node: Arc<Node>) {
    let (mut witnessed, mut at) = (0, node.clock().now());
    loop {
        node.until_settled().await;
        let age_max = i64::from(node.roster().policy().log.quorum_age_seconds_max);
        let size = node.log().head().size;
        let due = node.clock().now().seconds_since(at) >= age_max / 4;
        if size > witnessed || due {
            match node.gather_quorum().await {
                Ok((have, needed)) if have >= needed => (witnessed, at) = (size, node.clock().now()),
                Ok((have, needed)) => tracing::debug!(have, needed, "witnesses' quorum is not complete"),
                Err(error) => tracing::error!(%error, "witnesses could not be asked"),
            }
        }
        let often = u64::try_from(age_max / 8).unwrap_or(0).clamp(1, QUORUM_SECONDS);
        sleep(Duration::from_secs(often)).await;
    }
}

/// Lets what is past the policy's periods leave the own feed, once a day.
async fn retain(node: Arc<Node>) {
    loop {
        node.until_settled().await;
        let mut pause = RETENTION_SECONDS;
        if node.is_lender() {
            let not_done = "what is past its time could not be looked for";
            let retained = done(&node, not_done, Node::look_at_retention).await;
            if retained.is_some_and(|retained| !retained.done) {
                pause = RETENTION_AGAIN_SECONDS;
            }
        }
        sleep(Duration::from_secs(pause)).await;
    }
}

/// Forgets ended sessions, old attempts to sign in, replies that were kept for callers who ask again, and proposals whose
/// time is over.
async fn forget(node: Arc<Node>) {
    loop {
        sleep(Duration::from_secs(FORGET_SECONDS)).await;
        let forgotten = done(&node, "what has ended could not be forgotten", |node| {
            node.people().forget_old(node.clock().now())?;
            node.forget_replies()?;
            node.forget_proposals()
        });
        forgotten.await;
    }
}

/// Counts the lender's clients for market figures, once a month.
async fn count_for_market(node: Arc<Node>) {
    let mut pause = MARKET_FIRST_SECONDS;
    loop {
        // At first the feeds come in.
        sleep(Duration::from_secs(pause)).await;
        node.until_settled().await;
        pause = MARKET_SECONDS;
        let not_done = "clients could not be counted for market figures";
        match done(&node, not_done, Node::count_for_market).await {
            Some(MarketCount::Counted { month, covers, of }) => {
                tracing::info!(%month, covers, of, "clients were counted for market figures");
            }
            Some(MarketCount::Waits { lenders }) => {
                tracing::debug!(?lenders, "the count for market figures waits for data");
            }
            Some(MarketCount::NotLender | MarketCount::Done | MarketCount::BudgetSpent) | None => {}
        }
    }
}

/// Compares every feed with its rows on disk; a copy that rotted is fetched anew, the own feed is put right.
async fn verify_feeds(node: Arc<Node>) {
    let mut pause = VERIFY_FEEDS_SECONDS;
    loop {
        sleep(Duration::from_secs(pause)).await;
        node.until_settled().await;
        pause = VERIFY_FEEDS_SECONDS;
        let lenders: Vec<MemberId> = node.roster().with_role(Role::Lender).map(|m| m.id.clone()).collect();
        for lender in lenders {
            match node.verify_feed(&lender).await {
                Ok(Soundness::Sound | Soundness::FetchedAnew) => {}
                Ok(Soundness::Rotten { .. }) => pause = VERIFY_AGAIN_SECONDS,
                Err(error) => tracing::error!(%lender, %error, "rows of this feed do not verify"),
            }
        }
    }
}
