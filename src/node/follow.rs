//! The follower: keeps copies of the other lenders' feeds equal to what they signed, whoever carries them.
//!
//! A lender is asked itself. When it is out of reach, any other member may carry its feed: rows count only when a state
//! that the lender signed covers them, so a carrier can do nothing but fail to help, and is named when it tries.

use super::{Node, PeerError};
use crate::feed::{FeedError, Feeds, Followed, Page, Way, is_full_page, page_bytes};
use crate::feed_state::FeedState;
use crate::limits::{
    CATCH_UP_PATIENCE_SECONDS, FEED_PAGE_ATTEMPTS_MAX, FEED_PAGE_BYTES_MAX, FEED_PAGE_ROWS_MAX,
};
use crate::log::LogError;
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::signing::{Signed, SignedObject as _};
use crate::wire::message::{FeedRow, Refusal, Reply, Request};

/// Why a feed could not be followed just now.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The carrier or the connection.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// What came is not the lender's feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The carrier refuses or has nothing to say.
    #[error("{0} does not serve the feed: {1}")]
    NotServed(MemberId, String),
    /// The roster does not know the lender.
    #[error("{0} is not in the roster")]
    Unknown(MemberId),
}

impl FollowError {
    /// Whether another carrier may do better.
    fn is_the_carriers(&self) -> bool {
        match self {
            Self::Peer(_) | Self::NotServed(..) | Self::Feed(FeedError::OldState(_)) => true,
            Self::Feed(error) => Way::of(error).is_some(),
            Self::Unknown(_) => false,
        }
    }
}

/// A page of a feed as a member sent it.
pub(super) struct Sent {
    /// Behind which sequence number it was asked to begin; none where it was not asked.
    pub(super) after: Option<u64>,
    pub(super) rows: Vec<FeedRow>,
    pub(super) state: Signed<FeedState>,
    pub(super) last: bool,
}

impl Node {
    /// Fetches one page of a lender's feed, from that lender or, when it is out of reach, from another member that has
    /// it; waits up to `wait_seconds` for news.
    ///
    /// When the copy here differs from what the lender signed it is forgotten and fetched anew from the next call on;
    /// since when it differs stays known until it is equal.
    pub async fn follow_page(&self, lender: &MemberId, wait_seconds: u16) -> Result<Followed, FollowError> {
        let begun = self.feeds.catching_up(lender).map_err(FeedError::from)?;
        let now = self.clock.now();
        let goes_on = begun.filter(|begun| {
            begun.goes_first(now) && &begun.carrier != lender && self.carries(&begun.carrier, lender)
        });
        if let Some(begun) = &goes_on {
            // Another carrier would begin again.
            match self.page_from(lender, &begun.carrier, wait_seconds).await {
                Err(error) if error.is_the_carriers() => {}
                other => return other,
            }
        }
        let own = if self.peers.is_dialled(lender) {
            self.page_from(lender, lender, wait_seconds).await
        } else {
            let why = "it listens nowhere: others have its feed".to_owned();
            Err(PeerError::Unreachable { member: lender.clone(), why }.into())
        };
        let failed = match own {
            Err(error @ FollowError::Peer(_)) => error,
            Err(error @ FollowError::NotServed(..)) if self.others_have_more(lender)? => error,
            other => return other,
        };
        let now = self.clock.now();
        if let Ok(Some(begun)) = self.feeds.catching_up(lender)
            && begun.goes_first(now)
            && now.seconds_since(begun.taken) < CATCH_UP_PATIENCE_SECONDS
        {
            return Err(failed);
        }
        for carrier in self.carriers_of(lender).map_err(FeedError::from)? {
            match self.page_from(lender, &carrier, wait_seconds).await {
                Err(error) if error.is_the_carriers() => {
                    tracing::debug!(%lender, %carrier, %error, "feed could not be fetched from another member");
                }
                other => return other,
            }
        }
        Err(failed)
    }

    /// Fetches one page of a lender's feed from `carrier`.
    async fn page_from(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
        wait_seconds: u16,
    ) -> Result<Followed, FollowError> {
        let head = self.feeds.head(lender).map_err(FeedError::from)?;
        let begun = self.feeds.catching_up(lender).map_err(FeedError::from)?;
        let begun = begun.filter(|begun| &begun.carrier == carrier);
        let after = begun.map_or(head.sequence, |begun| begun.sequence);
        let request = Request::Feed {
            lender: lender.clone(),
            after,
            wait_seconds,
            state_after: head.state.map_or(crate::clock::UnixTime(0), |state| state.time),
        };
        let reply = self.peers.call(carrier, request).await?;
        self.heard_from(carrier);
        let sent = match reply {
            Reply::Feed { rows, state, last } => Sent { after: Some(after), rows, state, last },
            Reply::Refused(refusal) => {
                return Err(FollowError::NotServed(carrier.clone(), format!("{:?}", refusal.code)));
            }
            Reply::Unavailable { why } => return Err(FollowError::NotServed(carrier.clone(), why)),
            _ => {
                let what = "not a page of a feed".to_owned();
                return Err(PeerError::Misbehaved { member: carrier.clone(), what }.into());
            }
        };
        self.take_page(lender, carrier, sent).await
    }

    /// Takes a page that `carrier` sent, and does what follows if it is not the lender's.
    pub(super) async fn take_page(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
        sent: Sent,
    ) -> Result<Followed, FollowError> {
        let roster = self.roster();
        let key = roster.member(lender).ok_or_else(|| FollowError::Unknown(lender.clone()))?.feed_key;
        let shown = sent.state.clone();
        let taken = if sent.last || is_full_page(&sent.rows) {
            // The last page of a long catching up moves all of it.
            let (feeds, network, now) = (self.feeds.clone(), self.network.clone(), self.clock.now());
            let (whose, by) = (lender.clone(), carrier.clone());
            let taken = self.blocking.run(move || {
                let Sent { after, rows, state, last } = &sent;
                let (after, last) = (*after, *last);
                let page = Page { lender: &whose, key: &key, carrier: &by, after, rows, state, last };
                feeds.take(&network, &page, now)
            });
            taken.await.map_err(|_| PeerError::Misbehaved {
                member: carrier.clone(),
                what: "a page of a feed that this node failed over".to_owned(),
            })?
        } else {
            Err(FeedError::Malformed(lender.clone()))
        };
        if carrier != lender
            && matches!(taken, Ok(_) | Err(FeedError::OldState(_)))
            && self.is_held_back(lender, &shown)
        {
            self.blame(lender, carrier, Way::HeldBack)?;
        }
        match taken {
            Ok(followed) => {
                if followed.covered {
                    self.carried_by(lender, carrier);
                    // Whoever waits here for this feed hears of it.
                    self.published.send_modify(|count| *count += 1);
                }
                Ok(followed)
            }
            Err(error) => {
                self.refused_page(lender, carrier, &error).await?;
                Err(error.into())
            }
        }
    }

    /// A page was not taken: puts right what is wrong, here or with the carrier.
    async fn refused_page(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
        error: &FeedError,
    ) -> Result<(), FollowError> {
        let way = Way::of(error);
        match error {
            FeedError::WentBack { .. } | FeedError::TwoStates { .. } | FeedError::Rotten(_) => {
                self.fetch_anew(lender, error)?;
            }
            FeedError::NotTheLenders(_) if carrier == lender => {}
            _ if carrier == lender => {
                if way.is_some() {
                    self.fetch_anew(lender, error)?;
                }
            }
            _ => {
                let Some(way) = way else { return Ok(()) };
                self.feeds.drop_uncovered(lender).map_err(FeedError::from)?;
                if way.rests_on_rows_held() && !self.own_copy_is_sound(lender).await? {
                    self.fetch_anew(lender, &FeedError::Rotten(lender.clone()))?;
                } else {
                    self.blame(lender, carrier, way)?;
                    self.doubt_rows_held(lender, carrier, way)?;
                }
            }
        }
        Ok(())
    }

    /// Forgets a copy that is not what the lender signed, so that it is fetched anew.
    pub(super) fn fetch_anew(&self, lender: &MemberId, why: &FeedError) -> Result<(), FeedError> {
        tracing::error!(%lender, error = %why, "copy differs from what the lender signed; fetching it anew");
        self.feeds.note_difference(lender, self.clock.now())?;
        self.feeds.forget(lender)?;
        Ok(())
    }

    /// Whether the rows on disk are still those that a signed state was found to cover.
    async fn own_copy_is_sound(&self, lender: &MemberId) -> Result<bool, FollowError> {
        let (feeds, lender): (Feeds, MemberId) = (self.feeds.clone(), lender.clone());
        let verified = self.blocking.run(move || {
            let head = feeds.head(&lender)?;
            let signed = head.state.as_ref().map(|state| (state.sequence, state.rows));
            let covered = signed.is_none_or(|signed| signed == (head.sequence, head.rows));
            Ok::<_, FeedError>(covered && feeds.verify(&lender)?)
        });
        Ok(verified.await.unwrap_or(Ok(false))?)
    }

    /// A page of a feed held here, with the state up to which it is held.
    pub fn feed_page(&self, lender: &MemberId, after: u64) -> Result<Reply, LogError> {
        for _ in 0..FEED_PAGE_ATTEMPTS_MAX {
            let head = self.feeds.head(lender)?;
            let whole = head.covered == head.sequence && head.differs_since.is_none();
            let Some(state) = head.signed.filter(|_| whole) else {
                let code = RefusalCode::NotPermitted;
                return Ok(if lender == &self.me {
                    let rotten = head.differs_since.is_some();
                    let why =
                        if rotten { "its rows are being put right" } else { "nothing is published yet" };
                    Reply::Unavailable { why: why.to_owned() }
                } else {
                    Reply::Refused(Refusal { code, renews: None })
                });
            };
            let mut rows = self.feeds.rows_after(lender, after, FEED_PAGE_ROWS_MAX)?;
            let read = rows.len();
            // A page has to fit a frame; most rows are small.
            let mut bytes = 0;
            let fits = rows.iter().take_while(|row| {
                bytes += page_bytes(row);
                bytes < FEED_PAGE_BYTES_MAX
            });
            let count = fits.count();
            rows.truncate(count);
            // Rows that were superseded since the head was read are in no page.
            if self.feeds.head(lender)?.sequence == head.sequence {
                let last = count == read && read < FEED_PAGE_ROWS_MAX
                    || rows.last().is_some_and(|row| row.sequence == head.sequence);
                return Ok(Reply::Feed { rows, state, last });
            }
        }
        Ok(Reply::Unavailable { why: "the feed changes faster than a page of it is read".to_owned() })
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

    /// Told whenever a feed held here changes, the own or another's.
    pub fn published(&self) -> tokio::sync::watch::Receiver<u64> {
        self.published.subscribe()
    }

    /// Waits until somebody was seen to have a newer state of a feed than is held here, or the time is over.
    pub async fn until_others_have_more(&self, lender: &MemberId, within: std::time::Duration) {
        let mut shown = self.carriers.changes();
        let more = async {
            while !self.others_have_more(lender).unwrap_or(true) {
                if shown.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(within, more).await;
    }

    /// Whether somebody else was seen to have a newer state of a feed than is held here.
    fn others_have_more(&self, lender: &MemberId) -> Result<bool, FollowError> {
        let held = self.feeds.state(lender).map_err(FeedError::from)?;
        let newest = self.newest_shown(lender);
        Ok(newest.is_some_and(|newest| held.is_none_or(|held| newest.time > held.time)))
    }

    /// Whether a state is shown although another member has had a newer one for long.
    fn is_held_back(&self, lender: &MemberId, shown: &Signed<FeedState>) -> bool {
        let Ok(shown) = FeedState::parse(shown.bytes()) else { return false };
        let Some(newer) = self.long_shown(lender) else { return false };
        (shown.time, shown.sequence) < (newer.time, newer.sequence)
    }
}
