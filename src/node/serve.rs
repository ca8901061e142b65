//! One request of a peer, one reply. What blocks runs on a blocking thread.

use std::sync::Arc;
use std::time::Duration;

use super::Node;
use super::follow::Sent;
use crate::clock::UnixTime;
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::wire::message::{Reply, Request};

/// Longest wait for news of a feed, seconds: below the peers' patience for a reply.
const FEED_WAIT_SECONDS_MAX: u16 = 15;

/// What a request leaves to do after its reply was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// Nothing.
    Nothing,
    /// A withdrawal that was new here is to be passed on.
    Flood(crate::digest::WithdrawalCode),
}

/// Answers a peer that the transport has authenticated.
pub async fn serve(node: &Arc<Node>, peer: &MemberId, request: Request) -> (Reply, Afterwards) {
    node.heard_from(peer);
    if let Request::Feed { lender, after, wait_seconds, state_after } = &request {
        wait_for_news(node, lender, *after, *state_after, *wait_seconds).await;
    }
    if let Request::Holdings { held, wait_seconds: seconds @ 1.. } = &request {
        let anything = || match node.serve_holdings(peer, held, true) {
            Ok(Reply::Holdings { states, .. }) => !states.is_empty(),
            _ => true,
        };
        wait_for(node, anything, *seconds).await;
    }
    let _turn = node.works.turn(peer).await;
    let request = match request {
        Request::Carry { lender, rows, state, last } => {
            let sent = Sent { after: None, rows, state, last };
            let taken = node.take_carried(peer, &lender, sent).await;
            let reply = taken.unwrap_or_else(|error| {
                tracing::error!(%peer, %error, "a page that was carried here could not be taken");
                in_trouble()
            });
            return (reply, Afterwards::Nothing);
        }
        request => request,
    };
    let (worker, asker) = (Arc::clone(node), peer.clone());
    let served = node.blocking.run(move || worker.serve_blocking(&asker, request)).await;
    match served {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => {
            tracing::error!(%peer, %error, "request could not be served");
            (in_trouble(), Afterwards::Nothing)
        }
        Err(panicked) => {
            tracing::error!(%peer, %panicked, "serving a request failed");
            (in_trouble(), Afterwards::Nothing)
        }
    }
}

fn in_trouble() -> Reply {
    Reply::Unavailable { why: "this node is in trouble; its journal says why".to_owned() }
}

async fn wait_for_news(node: &Node, lender: &MemberId, after: u64, state_after: UnixTime, seconds: u16) {
    wait_for(node, || !matches!(node.feed_has_news(lender, after, state_after), Ok(false)), seconds).await;
}

/// Waits until there is news of some feed.
async fn wait_for(node: &Node, is_there: impl Fn() -> bool, seconds: u16) {
    let mut published = node.published();
    let wait = Duration::from_secs(u64::from(seconds.min(FEED_WAIT_SECONDS_MAX)));
    let news = async {
        while !is_there() {
            if published.changed().await.is_err() {
                return;
            }
        }
    };
    // Without news the page is empty, and says that this node is still there.
    let _ = tokio::time::timeout(wait, news).await;
}

impl Node {
    fn serve_blocking(&self, peer: &MemberId, request: Request) -> Result<(Reply, Afterwards), LogError> {
        let waits = matches!(
            request,
            Request::Witness(_)
                | Request::Evaluate(_)
                | Request::ProveOpening { .. }
                | Request::Withdraw { .. }
                | Request::Dispute(_)
        );
        // A copy that may be older has forgotten what it served, and which checkpoints it has seen.
        if waits && !self.is_settled() {
            let why = "this node has begun and does not know yet whether its log is whole".to_owned();
            return Ok((Reply::Unavailable { why }, Afterwards::Nothing));
        }
        let reply = match request {
            Request::Roster => Reply::Roster(self.roster().signed().clone()),
            Request::Feed { lender, after, .. } => self.feed_page(&lender, after)?,
            Request::Witness(update) => self.serve_witness(peer, &update)?,
            Request::Evaluate(request) => self.serve_evaluation(peer, &request)?,
            Request::ProveOpening { transaction, epoch, points } => {
                self.serve_opening_proof(peer, transaction, epoch, &points)?
            }
            Request::Withdraw { code } => return self.serve_withdraw(code),
            Request::Withdrawals { after } => self.serve_withdrawals(after)?,
            Request::Holdings { held, wait_seconds } => self.serve_holdings(peer, &held, wait_seconds > 0)?,
            Request::Dispute(message) => self.serve_dispute(peer, &message)?,
            Request::Carry { .. } => {
                unreachable!("a page that is carried here is taken where requests come in")
            }
            Request::StandBy { .. } | Request::Reach { .. } => {
                Reply::Unavailable { why: "this member does not pass on calls".to_owned() }
            }
            Request::OwnLog => self.serve_own_log(peer)?,
            Request::OwnLeaves { from } => self.serve_own_leaves(peer, from)?,
        };
        Ok((reply, Afterwards::Nothing))
    }
}
