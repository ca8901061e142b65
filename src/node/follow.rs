//! The follower: keeps copies of the other lenders' feeds equal to what they signed.

use super::{Node, PeerError};
use crate::feed::{FeedError, Followed};
use crate::limits::FEED_PAGE_ROWS_MAX;
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::wire::message::{Refusal, Reply, Request};

/// Why a feed could not be followed just now.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The lender or the connection.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// What came is not the lender's feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The lender refuses or has nothing to say.
    #[error("{0} does not serve its feed: {1}")]
    NotServed(MemberId, String),
    /// The roster does not know the lender.
    #[error("{0} is not in the roster")]
    Unknown(MemberId),
}

/// What the rows of a feed on disk are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOnDisk {
    /// Those of the digest.
    Equal,
    /// Other ones. The copy was forgotten and is fetched anew.
    Forgotten,
    /// Other ones, of the own feed.
    OwnDiffers,
}

impl Node {
    /// Fetches one page of a lender's feed from that lender, waiting up to `wait_seconds` for news.
    ///
    /// When the copy differs from what the lender signed it is forgotten and fetched anew from the next call on; since
    /// when it differs stays known until it is equal.
    pub async fn follow_page(&self, lender: &MemberId, wait_seconds: u16) -> Result<Followed, FollowError> {
        let roster = self.roster();
        let key = roster.member(lender).ok_or_else(|| FollowError::Unknown(lender.clone()))?.feed_key;
        let head = self.feeds.head(lender).map_err(FeedError::from)?;
        let request = Request::Feed {
            lender: lender.clone(),
            after: head.sequence,
            wait_seconds,
            state_after: head.state.map_or(crate::clock::UnixTime(0), |state| state.time),
        };
        let reply = self.peers.call(lender, request).await?;
        self.heard_from(lender);
        let (rows, state) = match reply {
            Reply::Feed { rows, state } => (rows, state),
            Reply::Refused(refusal) => {
                return Err(FollowError::NotServed(lender.clone(), format!("{:?}", refusal.code)));
            }
            Reply::Unavailable { why } => return Err(FollowError::NotServed(lender.clone(), why)),
            _ => {
                let what = "not a page of a feed".to_owned();
                return Err(PeerError::Misbehaved { member: lender.clone(), what }.into());
            }
        };
        let now = self.clock.now();
        match self.feeds.take(&self.network, lender, &key, &rows, state.as_ref(), now) {
            Err(error @ (FeedError::Differs { .. } | FeedError::Replayed(_) | FeedError::Malformed(_))) => {
                tracing::error!(%lender, %error, "copy differs from what the lender signed; fetching it anew");
                self.feeds.forget(lender).map_err(FeedError::from)?;
                Err(error.into())
            }
            other => Ok(other?),
        }
    }

    /// Recomputes the digest of a feed from the rows on disk. A copy that rotted is forgotten, to be fetched anew; the
    /// own feed is not. Blocks.
    pub fn verify_feed(&self, lender: &MemberId) -> Result<FeedOnDisk, LogError> {
        if self.feeds.verify(lender)? {
            return Ok(FeedOnDisk::Equal);
        }
        if lender == &self.me {
            return Ok(FeedOnDisk::OwnDiffers);
        }
        self.feeds.forget(lender)?;
        Ok(FeedOnDisk::Forgotten)
    }

    /// A page of a feed held here, with the state that covers it if it is the last.
    pub fn feed_page(&self, lender: &MemberId, after: u64) -> Result<Reply, LogError> {
        let head = self.feeds.head(lender)?;
        if head.state.is_none() || head.covered != head.sequence {
            let code = crate::model::leaf::RefusalCode::NotPermitted;
            return Ok(if lender == &self.me {
                Reply::Unavailable { why: "nothing is published yet".to_owned() }
            } else {
                Reply::Refused(Refusal { code, renews: None })
            });
        }
        let mut rows = self.feeds.rows_after(lender, after, FEED_PAGE_ROWS_MAX)?;
        // A page has to fit a frame; most rows are small.
        let mut bytes = 0;
        let fits = rows.iter().take_while(|row| {
            bytes += row.sealed.ciphertext.len() + 256;
            bytes < crate::limits::FRAME_BYTES_MAX - 65_536
        });
        let count = fits.count().max(1).min(rows.len());
        rows.truncate(count);
        let last = rows.last().map_or(after, |row| row.sequence);
        // Rows that were superseded since the head was read are in no page; then the next one brings the state.
        let unchanged = self.feeds.head(lender)?.sequence == head.sequence;
        let state = if unchanged && last >= head.sequence { head.signed } else { None };
        Ok(Reply::Feed { rows, state })
    }

    /// Whether a follower that has `after` and the state of `state_after` would learn something.
    pub fn feed_has_news(
        &self,
        lender: &MemberId,
        after: u64,
        state_after: crate::clock::UnixTime,
    ) -> Result<bool, LogError> {
        let head = self.feeds.head(lender)?;
        Ok(head.sequence > after || head.state.is_some_and(|state| state.time > state_after))
    }

    /// Told whenever rows were published here.
    pub fn published(&self) -> tokio::sync::watch::Receiver<u64> {
        self.published.subscribe()
    }
}
