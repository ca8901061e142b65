//! Following another lender's feed.

use std::sync::PoisonError;

use super::row::{InsertError, Insertion};
use super::tables::{BY_LOCATOR, CONFLICTS, FeedHead, HEADS, ROW_HEADS, ROWS, StateConflict};
use super::{Feeds, row_hash};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed_state::FeedState;
use crate::limits::{FEED_PAGE_ROWS_MAX, FEED_STATE_AHEAD_SECONDS_MAX, ROW_CIPHERTEXT_BYTES_MAX};
use crate::merkle::SetDigest;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, VerifyKey};
use crate::store::{Durability, StoreBatch, StoreError, TableKey};
use crate::wire::message::FeedRow;

/// Why a page of a feed was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// This node's own trouble.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Rows out of order, too many or too long. Whoever sent the page is at fault.
    #[error("a page of the feed of {0} has rows out of order or out of bounds")]
    Malformed(MemberId),
    /// A version of a row that was superseded is sent again.
    #[error("a page of the feed of {0} repeats a superseded row")]
    Replayed(MemberId),
    /// The state is not signed by the lender, or is another network's or lender's.
    #[error("the feed state shown for {0} is not that lender's")]
    NotTheLenders(MemberId),
    /// An older state than the one held.
    #[error("the feed state shown for {0} is older than the one held")]
    OldState(MemberId),
    /// A state from the future: the lender's clock is wrong, or it wants to look fresh for long.
    #[error("the feed state shown for {lender} is {ahead_seconds} s ahead of this node's clock")]
    Future {
        /// Whose feed.
        lender: MemberId,
        /// By how much.
        ahead_seconds: i64,
    },
    /// The rows received are not those that the lender signed.
    #[error("the rows received for {lender} differ from its signed state at sequence {sequence}")]
    Differs {
        /// Whose feed.
        lender: MemberId,
        /// Where.
        sequence: u64,
    },
}

/// What a page changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Rows taken.
    pub rows: usize,
    /// Whether a signed state covers everything held now.
    pub covered: bool,
}

impl Feeds {
    /// Takes a page of a lender's feed: rows behind those held, and the state that covers them if it is the last.
    ///
    /// Written without waiting for the disk: what is lost to a power cut is fetched again.
    pub fn take(
        &self,
        network: &NetworkId,
        lender: &MemberId,
        key: &VerifyKey,
        rows: &[FeedRow],
        signed: Option<&Signed<FeedState>>,
        now: UnixTime,
    ) -> Result<Followed, FeedError> {
        let lock = self.lock(lender);
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let mut head = self.head(lender)?;
        let before = head.sequence;
        let too_long = |row: &FeedRow| row.sealed.ciphertext.len() > ROW_CIPHERTEXT_BYTES_MAX;
        if rows.len() > FEED_PAGE_ROWS_MAX || rows.iter().any(too_long) {
            return Err(FeedError::Malformed(lender.clone()));
        }
        let mut batch = StoreBatch::new();
        let mut insertion = Insertion::new(&self.store, lender, &head);
        for row in rows {
            insertion.add(row, &mut batch).map_err(|error| match error {
                InsertError::Store(error) => FeedError::Store(error),
                InsertError::OutOfOrder => FeedError::Malformed(lender.clone()),
                InsertError::Replayed => FeedError::Replayed(lender.clone()),
            })?;
        }
        let (count, digest) = (insertion.rows(), insertion.digest());
        insertion.finish(&mut head);
        if let Some(signed) = signed {
            let state = verify_state(network, lender, key, signed)?;
            let ahead_seconds = state.time.seconds_since(now);
            if ahead_seconds > FEED_STATE_AHEAD_SECONDS_MAX {
                return Err(FeedError::Future { lender: lender.clone(), ahead_seconds });
            }
            self.refuse_conflict(lender, &head, signed, &state, now)?;
            if head.state.as_ref().is_some_and(|held| state.time < held.time) {
                return Err(FeedError::OldState(lender.clone()));
            }
            // Rows beyond this state were held before it was sent: the lender went back, as after a restore.
            if state.sequence < before {
                self.note_difference(lender, now)?;
                return Err(FeedError::Differs { lender: lender.clone(), sequence: state.sequence });
            }
            // A lender may have published more since it made the page; then its next page brings the state.
            if state.sequence == head.sequence {
                if state.rows != count || state.digest != digest {
                    self.note_difference(lender, now)?;
                    return Err(FeedError::Differs { lender: lender.clone(), sequence: state.sequence });
                }
                head.covered = head.sequence;
                head.signed = Some(signed.clone());
                head.state = Some(state);
                head.differs_since = None;
            }
        }
        batch.put(&HEADS, &lender.to_string(), &head);
        self.store.commit(batch, Durability::Unsynced)?;
        Ok(Followed { rows: rows.len(), covered: head.covered == head.sequence && head.state.is_some() })
    }

    /// Two different states for one sequence number, both signed at times that exclude a re-signing, are evidence.
    fn refuse_conflict(
        &self,
        lender: &MemberId,
        head: &FeedHead,
        signed: &Signed<FeedState>,
        state: &FeedState,
        now: UnixTime,
    ) -> Result<(), FeedError> {
        let (Some(held), Some(held_signed)) = (&head.state, &head.signed) else { return Ok(()) };
        if held.sequence == state.sequence && (held.digest, held.rows) != (state.digest, state.rows) {
            let mut batch = StoreBatch::new();
            let conflict = StateConflict { held: held_signed.clone(), shown: signed.clone() };
            batch.put(&CONFLICTS, &(lender.to_string(), state.sequence), &conflict);
            self.store.commit(batch, Durability::Synced)?;
            self.note_difference(lender, now)?;
            return Err(FeedError::Differs { lender: lender.clone(), sequence: state.sequence });
        }
        Ok(())
    }

    fn note_difference(&self, lender: &MemberId, now: UnixTime) -> Result<(), StoreError> {
        let mut head = self.head(lender)?;
        head.differs_since = head.differs_since.or(Some(now));
        let mut batch = StoreBatch::new();
        batch.put(&HEADS, &lender.to_string(), &head);
        self.store.commit(batch, Durability::Synced)
    }

    /// Lender and sequence number of every pair of signed states that contradict each other.
    pub fn conflicts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = self.store.scan_prefix(&CONFLICTS, &[], None, 1024)?;
        Ok(rows.into_iter().map(|(key, _)| key).collect())
    }

    /// The two states of a lender's feed for a sequence number that contradict each other, if there are two.
    pub fn conflict(&self, lender: &MemberId, sequence: u64) -> Result<Option<StateConflict>, StoreError> {
        self.store.get(&CONFLICTS, &(lender.to_string(), sequence))
    }

    /// Forgets what is held of a lender's feed, so that it is fetched anew. `differs_since` stays until the copy is
    /// equal again.
    pub fn forget(&self, lender: &MemberId) -> Result<(), StoreError> {
        let lock = self.lock(lender);
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let name = lender.to_string();
        let prefix = name.to_bytes();
        let differs_since = self.head(lender)?.differs_since;
        // The head goes first: while rows go, and after a crash in between, nothing looks covered. Rows that a crash
        // leaves behind are found out as superseded ones when the feed comes again, and forgotten then.
        let mut batch = StoreBatch::new();
        batch.put(&HEADS, &name, &FeedHead { differs_since, ..FeedHead::default() });
        self.store.commit(batch, Durability::Synced)?;
        loop {
            let rows = self.store.scan_prefix(&ROWS, &prefix, None, FEED_PAGE_ROWS_MAX)?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut batch = StoreBatch::new();
            for (key, row) in rows {
                batch.delete(&ROWS, &key);
                batch.delete(&ROW_HEADS, &(name.clone(), row.row_id));
                batch.delete(&BY_LOCATOR, &(row.locator.0, name.clone(), row.row_id));
            }
            self.store.commit(batch, Durability::Unsynced)?;
        }
    }

    /// The set digest of a list of rows, for whoever compares a file or a relay's copy.
    pub fn digest_of(lender: &MemberId, rows: &[FeedRow]) -> Digest {
        let mut digest = SetDigest::new();
        for row in rows {
            digest.add(&row_hash(lender, row).0);
        }
        Digest(digest.digest())
    }
}

fn verify_state(
    network: &NetworkId,
    lender: &MemberId,
    key: &VerifyKey,
    signed: &Signed<FeedState>,
) -> Result<FeedState, FeedError> {
    match signed.verify(key) {
        Ok(state) if &state.lender == lender && &state.network == network => Ok(state),
        _ => Err(FeedError::NotTheLenders(lender.clone())),
    }
}
