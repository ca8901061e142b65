//! Tasks that deal with the other members: what each has published, whom it knows to have withdrawn, what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::tasks::SUPERVISE_SECONDS;
use crate::clock::UnixTime;
use crate::model::member::MemberId;
use crate::node::Node;
use crate::roster::Role;
use crate::secret::Entropy;
use crate::transport::backoff;

/// How long a follower lets a lender wait before it answers without news, seconds.
const FOLLOW_WAIT_SECONDS: u16 = 15;
/// Seconds between two questions for withdrawals to one peer.
const WITHDRAWALS_SECONDS: u64 = 2;
/// Seconds between two comparisons of what one peer and this node hold of every feed.
const HOLDINGS_SECONDS: i64 = 60;
/// Seconds after which a feed is asked for though nobody has told of news, and a member looked at that could not be called.
const UNTOLD_SECONDS: u64 = 60;
/// Seconds between two questions for news when there were some.
const NEWS_SECONDS: u64 = 2;
/// Seconds between two calls of a key holder through a relay: less than a holder may be silent before it counts as away,
/// and than an idle connection is kept.
const CALLED_SECONDS: u64 = 25;
/// Feeds of members that listen nowhere that are fetched at once.
const FETCHED_AT_ONCE: usize = 3;

/// Keeps one follower for each other lender and one questioner for each other member of the present roster.
pub(super) async fn supervise(
    tasks: TaskTracker,
    node: Arc<Node>,
    entropy: Arc<dyn Entropy>,
    shutdown: CancellationToken,
) {
    let fetching = Arc::new(Semaphore::new(FETCHED_AT_ONCE));
    let mut running: BTreeMap<MemberId, (bool, CancellationToken)> = BTreeMap::new();
    loop {
        let roster = node.roster();
        let present = roster.document().members.iter().filter(|m| m.removed.is_none() && &m.id != node.me());
        let present: BTreeMap<MemberId, bool> =
            present.map(|m| (m.id.clone(), m.has(Role::Lender))).collect();
        running.retain(|member, (lends, stop)| {
            // Who begins or ceases to lend is begun anew.
            let stays = present.get(member) == Some(lends);
            if !stays {
                stop.cancel();
            }
            stays
        });
        for (member, lends) in present {
            if running.contains_key(&member) {
                continue;
            }
            let stop = shutdown.child_token();
            running.insert(member.clone(), (lends, stop.clone()));
            let until = |task: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
                let stop = stop.clone();
                tasks.spawn(async move {
                    tokio::select! { () = stop.cancelled() => {} () = task => {} }
                });
            };
            let (node, entropy) = (|| Arc::clone(&node), || Arc::clone(&entropy));
            if lends {
                until(Box::pin(follow(node(), member.clone(), entropy(), Arc::clone(&fetching))));
            }
            until(Box::pin(hear_news(node(), member.clone(), entropy())));
            until(Box::pin(question(node(), member, entropy())));
        }
        sleep(Duration::from_secs(SUPERVISE_SECONDS)).await;
    }
}

/// Follows one lender's feed. One that listens nowhere is not waited for: others tell of its news, and few of these feeds
/// are fetched at once, for they come from the same members.
async fn follow(node: Arc<Node>, lender: MemberId, entropy: Arc<dyn Entropy>, fetching: Arc<Semaphore>) {
    let mut pauses = backoff(&*entropy);
    loop {
        let followed = if node.peers().is_dialled(&lender) {
            node.follow_page(&lender, FOLLOW_WAIT_SECONDS).await
        } else {
            node.until_others_have_more(&lender, Duration::from_secs(UNTOLD_SECONDS)).await;
            let Ok(_turn) = fetching.acquire().await else { return };
            node.follow_page(&lender, 0).await
        };
        match followed {
            Ok(followed) => {
                pauses = backoff(&*entropy);
                if followed.rows == 0 && !node.peers().is_dialled(&lender) {
                    // Whoever told of more does not have it after all, or does not give it.
                    sleep(Duration::from_secs(NEWS_SECONDS)).await;
                }
            }
            Err(error) => {
                tracing::debug!(%lender, %error, "feed could not be followed");
                sleep(pauses.next().unwrap_or(Duration::from_secs(30))).await;
            }
        }
    }
}

/// Asks a relay for news of every feed, and waits there for them.
async fn hear_news(node: Arc<Node>, relay: MemberId, entropy: Arc<dyn Entropy>) {
    let mut pauses = backoff(&*entropy);
    loop {
        let is_relay = node.roster().relays().any(|member| member.id == relay);
        if !is_relay {
            sleep(Duration::from_secs(UNTOLD_SECONDS)).await;
            continue;
        }
        match node.compare_holdings(&relay, FOLLOW_WAIT_SECONDS).await {
            Ok(_) => {
                pauses = backoff(&*entropy);
                // What was told takes a moment to be fetched, and is told until it is.
                sleep(Duration::from_secs(NEWS_SECONDS)).await;
            }
            Err(error) => {
                tracing::debug!(%relay, %error, "no news from this relay");
                sleep(pauses.next().unwrap_or(Duration::from_secs(30))).await;
            }
        }
    }
}

/// Whether a member helps with answers just now.
fn holds_keys(node: &Node, member: &MemberId) -> bool {
    node.roster().current_epoch().is_some_and(|epoch| epoch.holders.contains(member))
}

/// Asks one member for withdrawals, again and again, and now and then what it holds of every feed. One that listens nowhere
/// is asked by the relay that it stands by at, and by others if it holds keys.
async fn question(node: Arc<Node>, member: MemberId, entropy: Arc<dyn Entropy>) {
    let mut pauses = backoff(&*entropy);
    let (mut compared, mut brought): (Option<UnixTime>, Option<u64>) = (None, None);
    loop {
        // What comes is logged.
        node.until_settled().await;
        let called = !node.peers().is_dialled(&member) && !node.peers().is_relay();
        if called && !holds_keys(&node, &member) {
            sleep(Duration::from_secs(UNTOLD_SECONDS)).await;
            continue;
        }
        match node.fetch_withdrawals(&member).await {
            Ok(_) => {
                pauses = backoff(&*entropy);
                let now = node.clock().now();
                let due = |at: UnixTime| at > now || now.seconds_since(at) >= HOLDINGS_SECONDS;
                // One that listens nowhere brings its news, for nobody can come for them.
                let brings = node.listens_nowhere().then(|| node.feeds().head(node.me()).ok()).flatten();
                let own = brings.map(|head| head.sequence);
                if called {
                    // Keeps the way through the relay open, so that an inquiry finds it so.
                    sleep(Duration::from_secs(CALLED_SECONDS)).await;
                    continue;
                }
                if compared.is_none_or(due) || own > brought {
                    (compared, brought) = (Some(now), own);
                    if let Err(error) = node.compare_holdings(&member, 0).await {
                        tracing::debug!(%member, %error, "what a member holds could not be compared");
                    }
                }
                sleep(Duration::from_secs(WITHDRAWALS_SECONDS)).await;
            }
            Err(error) => {
                tracing::debug!(%member, %error, "withdrawals could not be fetched");
                sleep(pauses.next().unwrap_or(Duration::from_secs(30))).await;
            }
        }
    }
}
