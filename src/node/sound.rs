//! Feeds compared with their rows on disk, and put right: another lender's is fetched anew, and of the own feed what
//! is rotten is published anew from the book, or put back from a copy that another member holds.

use std::collections::BTreeSet;

use super::Node;
use super::publish::PublishError;
use crate::clock::UnixTime;
use crate::feed::{Checked, FeedError, RottenRow};
use crate::limits::ROTTEN_COPIES_MAX;
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::store::StoreError;
use crate::wire::message::{FeedRow, Reply, Request};

/// What a look at a feed on disk found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// The rows on disk are those that were written.
    Sound,
    /// They are not; the copy is fetched anew from now on.
    FetchedAnew,
    /// Rows of the own feed are rotten. Some wait to be published anew, some were put back, and of the others no
    /// copy was in reach.
    Rotten {
        /// Rotten rows found.
        rows: usize,
        /// Clients that wait to be published anew for them.
        clients: u64,
        /// Put back from copies.
        restored: usize,
    },
}

/// Why a feed could not be looked at or put right.
#[derive(Debug, thiserror::Error)]
pub enum SoundnessError {
    /// The store, or the log's append.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The book.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

impl From<StoreError> for SoundnessError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl Node {
    /// Compares a feed held here with its rows on disk, and begins to put right what is not as it was written. Since when
    /// it differs shows in the status until it is equal again.
    pub async fn verify_feed(&self, lender: &MemberId) -> Result<Soundness, SoundnessError> {
        let (feeds, whose) = (self.feeds.clone(), lender.clone());
        let checked = self.blocking.run(move || feeds.check(&whose)).await;
        let Checked { sound, rotten, only_beside } = match checked {
            Ok(checked) => checked?,
            Err(_) => Checked::default(),
        };
        if lender == &self.me {
            if only_beside {
                tracing::error!(
                    "what stands beside the rows of the own feed was damaged; made again from the rows"
                );
                self.mend_beside()?;
                return Ok(Soundness::Rotten { rows: rotten.len(), clients: 0, restored: rotten.len() });
            }
            return self.own_feed_verified(sound, rotten).await;
        }
        if sound {
            return Ok(Soundness::Sound);
        }
        self.fetch_anew(lender, &FeedError::Rotten(lender.clone()))?;
        Ok(Soundness::FetchedAnew)
    }

    async fn own_feed_verified(
        &self,
        sound: bool,
        rotten: Vec<RottenRow>,
    ) -> Result<Soundness, SoundnessError> {
        let was_rotten = self.feeds.head(&self.me)?.differs_since.is_some();
        if sound {
            if was_rotten {
                tracing::info!("the own feed is again what was published");
                self.note_rot(None)?;
                self.set_rotten(&[]);
                self.published.send_modify(|count| *count += 1);
            }
            return Ok(Soundness::Sound);
        }
        tracing::error!(
            rows = rotten.len(),
            "rows of the own feed are not on disk as they were published; putting them right"
        );
        self.note_rot(Some(self.clock.now()))?;
        self.set_rotten(&rotten);
        let lost: BTreeSet<[u8; 16]> = rotten.iter().map(|row| row.row_id).collect();
        let mut from_book = BTreeSet::new();
        let roster = self.roster();
        let epoch = roster.current_epoch().map(|epoch| epoch.epoch);
        let clients = self.book.mark_waiting(|client| {
            let published = client.entry.published.iter().filter(|row| Some(row.epoch) == epoch);
            let before = from_book.len();
            from_book.extend(published.map(|row| row.row_id).filter(|row_id| lost.contains(row_id)));
            from_book.len() > before
        });
        let clients = clients.map_err(PublishError::from)?;
        self.pending.notify_one();
        // Footprints, and rows under earlier keys: the book cannot make them again.
        let others: Vec<RottenRow> =
            rotten.iter().filter(|row| !from_book.contains(&row.row_id)).copied().collect();
        let restored = self.restore_from_copies(&others).await?;
        Ok(Soundness::Rotten { rows: rotten.len(), clients, restored })
    }

    /// Looks for copies of rotten rows at other members; a copy counts if it is the very row that was published.
    async fn restore_from_copies(&self, rotten: &[RottenRow]) -> Result<usize, SoundnessError> {
        let mut restored = 0;
        let mut left: Vec<RottenRow> = rotten.iter().take(ROTTEN_COPIES_MAX).copied().collect();
        for carrier in self.carriers_of(&self.me)? {
            if left.is_empty() {
                break;
            }
            let mut copies: Vec<FeedRow> = Vec::new();
            for row in &left {
                if copies.iter().any(|copy| copy.sequence == row.sequence) {
                    continue;
                }
                let request = Request::Feed {
                    lender: self.me.clone(),
                    after: row.sequence.saturating_sub(1),
                    wait_seconds: 0,
                    state_after: UnixTime(0),
                };
                match self.peers.call(&carrier, request).await {
                    Ok(Reply::Feed { rows, .. }) => copies.extend(rows),
                    Ok(_) | Err(_) => break,
                }
                copies.retain(|copy| left.iter().any(|row| row.sequence == copy.sequence));
            }
            restored += self.restore(&left, copies)?;
            let still = self.feeds.check(&self.me)?.rotten;
            left.retain(|row| still.contains(row));
        }
        Ok(restored)
    }

    fn restore(&self, rotten: &[RottenRow], copies: Vec<FeedRow>) -> Result<usize, LogError> {
        let (feed, rotten) = (std::sync::Arc::clone(&self.own_feed), rotten.to_vec());
        let restored = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = std::sync::Arc::clone(&restored);
        self.log.append(Box::new(move |_, batch| {
            count.store(feed.restore(&rotten, &copies, batch)?, std::sync::atomic::Ordering::SeqCst);
            Ok(Vec::new())
        }))?;
        Ok(restored.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn mend_beside(&self) -> Result<(), LogError> {
        let feed = std::sync::Arc::clone(&self.own_feed);
        self.log.append(Box::new(move |_, batch| {
            feed.mend_beside(batch)?;
            Ok(Vec::new())
        }))?;
        Ok(())
    }

    fn note_rot(&self, since: Option<UnixTime>) -> Result<(), LogError> {
        let feed = std::sync::Arc::clone(&self.own_feed);
        self.log.append(Box::new(move |_, batch| {
            feed.note_rot(since, batch)?;
            Ok(Vec::new())
        }))?;
        Ok(())
    }

    fn set_rotten(&self, rotten: &[RottenRow]) {
        let rotten = rotten.iter().map(|row| (row.row_id, row.version)).collect();
        *self.rotten.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = rotten;
    }

    /// Whether the newest version of a row of the own feed was found rotten, so that it is published anew.
    pub(super) fn is_rotten(&self, row_id: &[u8; 16], version: u64) -> bool {
        let rotten = self.rotten.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rotten.get(row_id) == Some(&version)
    }
}
