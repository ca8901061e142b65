//! Following another lender's feed, whoever carries it.

use std::sync::PoisonError;

use super::row::{InsertError, Insertion, Place, Sum};
use super::tables::{ASIDE, Aside, BY_LOCATOR, CONFLICTS, FeedHead, HEADS, ROW_HEADS, ROWS, StateConflict};
use super::{Feeds, row_hash};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed_state::FeedState;
use crate::limits::{
    FEED_PAGE_BYTES_MAX, FEED_PAGE_ROWS_MAX, FEED_STATE_AHEAD_SECONDS_MAX, ROW_CIPHERTEXT_BYTES_MAX,
};
use crate::merkle::SetDigest;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, VerifyKey};
use crate::store::{Durability, StoreBatch, StoreError, TableKey};
use crate::wire::message::FeedRow;

/// Why a page of a feed was not taken. [`super::Way::of`] says whether its carrier is at fault.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// This node's own trouble.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many rows, too long ones, rows beyond the state shown, or too few for a page that
    /// is not the last.
    #[error("a page of the feed of {0} is out of bounds")]
    Malformed(MemberId),
    /// Sequence numbers that do not grow within the page.
    #[error("a page of the feed of {0} has rows out of order")]
    Reordered(MemberId),
    /// A version of a row that was superseded, or a row that was sent before.
    #[error("a page of the feed of {0} repeats rows that were sent or superseded before")]
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
    /// The lender signed a later state with a lower sequence number: it went back, as after a restore.
    #[error("{lender} went back: it signed a later state of its feed that ends at sequence {sequence}")]
    WentBack {
        /// Whose feed.
        lender: MemberId,
        /// Where the later state ends.
        sequence: u64,
    },
    /// The lender signed two states for one sequence number that contradict each other. Both are kept.
    #[error("{lender} signed two different states of its feed for sequence {sequence}")]
    TwoStates {
        /// Whose feed.
        lender: MemberId,
        /// For which sequence number.
        sequence: u64,
        /// Whether this pair was not known before.
        new: bool,
    },
    /// What came was what the lender signed, and is not what lies in this node's store: its disk is at fault.
    #[error("the copy of the feed of {0} in this node's store is not what was written there")]
    Rotten(MemberId),
    /// The rows received, with those held, are not those that the lender signed.
    #[error(
        "the rows received for {lender} differ from its signed state at sequence {sequence}: {held} rows, \
         {signed} were signed"
    )]
    Differs {
        /// Whose feed.
        lender: MemberId,
        /// Where.
        sequence: u64,
        /// Live rows with those received.
        held: u64,
        /// Live rows that the lender signed.
        signed: u64,
    },
}

/// A page of a feed, as it came.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Whose feed.
    pub lender: &'a MemberId,
    /// The lender's key, by the roster.
    pub key: &'a VerifyKey,
    /// Who carried it: the lender, another member, or whoever a file is from.
    pub carrier: &'a MemberId,
    /// The sequence number behind which the carrier was asked to begin; none where it was not asked.
    pub after: Option<u64>,
    /// The rows.
    pub rows: &'a [FeedRow],
    /// The state up to which the carrier holds the feed.
    pub state: &'a Signed<FeedState>,
    /// Whether these are the last rows up to that state.
    pub last: bool,
}

impl Page<'_> {
    /// Whether its rows are held already, and its carrier cannot have known: they came on another way since it was
    /// asked, as when a lender that is back brings them while another member is asked for them.
    fn is_overtaken(&self, behind: u64) -> bool {
        let first = self.rows.first().map(|row| row.sequence).filter(|first| *first <= behind);
        first.is_some_and(|first| self.after.is_none_or(|after| first > after))
    }
}

/// What a page changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Rows taken.
    pub rows: usize,
    /// Whether everything taken is in the feed now, covered by a signed state; otherwise it lies aside.
    pub covered: bool,
}

/// How a state that was shown stands to the one held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The same, or an older one.
    Known,
    /// Signed later, over the very rows that are held.
    SameRows(FeedState),
    /// Signed later, over rows that are not held.
    Newer(FeedState),
}

impl Feeds {
    /// Takes a page of a lender's feed: rows behind those held, and the state up to which the carrier has them.
    ///
    /// Rows that do not end at the state lie aside, all from one carrier, until its last page comes and everything
    /// together is what the lender signed; until then the feed stays as it was. Of a page that is refused nothing is
    /// kept.
    ///
    /// Written without waiting for the disk: what is lost to a power cut is fetched again.
    pub fn take(&self, network: &NetworkId, page: &Page<'_>, now: UnixTime) -> Result<Followed, FeedError> {
        let lender = page.lender;
        let lock = self.lock(lender);
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.settle(lender, now)?;
        let mut head = self.head(lender)?;
        let state = verify_state(network, lender, page.key, page.state)?;
        self.judge(&head, page.state, &state, now)?;
        let aside = self.aside_of(lender, page.carrier)?;
        let mut sum = aside.as_ref().map_or_else(|| head.sum(), Aside::sum);
        if page.is_overtaken(sum.sequence) {
            return Ok(Followed { rows: 0, covered: false });
        }
        check_bounds(page, sum.sequence, &state)?;
        let place = if page.last && aside.is_none() { Place::Feed } else { Place::Aside };
        let mut batch = StoreBatch::new();
        let mut insertion = Insertion::new(&self.store, lender, place, sum);
        for row in page.rows {
            insertion.add(row, &mut batch).map_err(|error| match error {
                InsertError::Store(error) => FeedError::Store(error),
                InsertError::OutOfOrder => FeedError::Reordered(lender.clone()),
                InsertError::Replayed => FeedError::Replayed(lender.clone()),
            })?;
        }
        if page.last {
            insertion.expire(head.horizon(), state.horizon, &mut batch)?;
        }
        sum = insertion.sum().clone();
        if page.last && (sum.rows, sum.digest()) != (state.rows, state.digest) {
            let (sequence, held, signed) = (state.sequence, sum.rows, state.rows);
            return Err(FeedError::Differs { lender: lender.clone(), sequence, held, signed });
        }
        if place == Place::Feed {
            cover(&mut head, &sum, page.state, state);
            batch.put(&HEADS, &lender.to_string(), &head);
        } else {
            let aside = Aside {
                carrier: page.carrier.clone(),
                begun: aside.map_or(now, |aside| aside.begun),
                taken: now,
                sequence: sum.sequence,
                rows: sum.rows,
                digest: sum.digest_bytes(),
                covered_by: page.last.then(|| page.state.clone()),
            };
            batch.put(&ASIDE, &lender.to_string(), &aside);
        }
        self.store.commit(batch, Durability::Unsynced)?;
        if place == Place::Aside && page.last {
            self.settle(lender, now)?;
        }
        Ok(Followed { rows: page.rows.len(), covered: page.last })
    }

    /// Compares a state that was shown without rows with the one held. Two that contradict each other are kept.
    pub fn compare(
        &self,
        network: &NetworkId,
        lender: &MemberId,
        key: &VerifyKey,
        signed: &Signed<FeedState>,
        now: UnixTime,
    ) -> Result<Shown, FeedError> {
        let lock = self.lock(lender);
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let head = self.head(lender)?;
        let state = verify_state(network, lender, key, signed)?;
        match self.judge(&head, signed, &state, now) {
            Ok(()) => {}
            Err(FeedError::OldState(_)) => return Ok(Shown::Known),
            Err(error) => return Err(error),
        }
        if head.signed.as_ref() == Some(signed) {
            return Ok(Shown::Known);
        }
        let same =
            head.covered == head.sequence && (head.sequence, head.rows) == (state.sequence, state.rows);
        Ok(if same && head.sum().digest() == state.digest {
            Shown::SameRows(state)
        } else {
            Shown::Newer(state)
        })
    }

    /// Refuses a state that is not to be followed, by what is held.
    fn judge(
        &self,
        head: &FeedHead,
        signed: &Signed<FeedState>,
        state: &FeedState,
        now: UnixTime,
    ) -> Result<(), FeedError> {
        let lender = || state.lender.clone();
        let ahead_seconds = state.time.seconds_since(now);
        if ahead_seconds > FEED_STATE_AHEAD_SECONDS_MAX {
            return Err(FeedError::Future { lender: lender(), ahead_seconds });
        }
        let (Some(held), Some(held_signed)) = (&head.state, &head.signed) else { return Ok(()) };
        if held.sequence == state.sequence && (held.digest, held.rows) != (state.digest, state.rows) {
            let (key, sequence) = ((lender().to_string(), state.sequence), state.sequence);
            let new = !self.store.contains(&CONFLICTS, &key)?;
            if new {
                let conflict = StateConflict { held: held_signed.clone(), shown: signed.clone() };
                let mut batch = StoreBatch::new();
                batch.put(&CONFLICTS, &key, &conflict);
                self.store.commit(batch, Durability::Synced)?;
            }
            return Err(FeedError::TwoStates { lender: lender(), sequence, new });
        }
        // Several states may be of one second.
        if (state.time, state.sequence) < (held.time, held.sequence) {
            return Err(FeedError::OldState(lender()));
        }
        if state.sequence < head.covered {
            return Err(FeedError::WentBack { lender: lender(), sequence: state.sequence });
        }
        Ok(())
    }

    /// Notes that the copy of a feed differs from what its lender signed; since when it does stays known until it is
    /// equal again.
    pub fn note_difference(&self, lender: &MemberId, now: UnixTime) -> Result<(), StoreError> {
        let mut head = self.head(lender)?;
        if head.differs_since.is_some() {
            return Ok(());
        }
        head.differs_since = Some(now);
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
        self.drop_aside(lender)?;
        // The head goes first: while rows go, and after a crash in between, nothing looks covered. Rows that a crash
        // leaves behind are found out as superseded ones when the feed comes again, and forgotten then.
        let mut batch = StoreBatch::new();
        batch.put(&HEADS, &name, &FeedHead { differs_since, ..FeedHead::default() });
        self.store.commit(batch, Durability::Synced)?;
        loop {
            let rows = self.store.scan_prefix_damaged(&ROWS, &prefix, None, FEED_PAGE_ROWS_MAX)?;
            if rows.is_empty() {
                break;
            }
            let mut batch = StoreBatch::new();
            for (key, row) in rows {
                batch.delete(&ROWS, &key);
                let Some(row) = row else { continue };
                batch.delete(&ROW_HEADS, &(name.clone(), row.row_id));
                batch.delete(&BY_LOCATOR, &(row.locator.0, name.clone(), row.row_id));
            }
            self.store.commit(batch, Durability::Unsynced)?;
        }
        // Those of rows that could not be read. Where such a row was to be found, nothing is found any more.
        loop {
            let heads = self.store.scan_prefix_damaged(&ROW_HEADS, &prefix, None, FEED_PAGE_ROWS_MAX)?;
            if heads.is_empty() {
                return Ok(());
            }
            let mut batch = StoreBatch::new();
            for (key, _) in &heads {
                batch.delete(&ROW_HEADS, key);
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

/// What every page has to keep to, whatever is held.
fn check_bounds(page: &Page<'_>, behind: u64, state: &FeedState) -> Result<(), FeedError> {
    let malformed = Err(FeedError::Malformed(page.lender.clone()));
    if page.rows.len() > FEED_PAGE_ROWS_MAX
        || page.rows.iter().any(|row| row.sealed.ciphertext.len() > ROW_CIPHERTEXT_BYTES_MAX)
        || page.rows.last().is_some_and(|row| row.sequence > state.sequence)
    {
        return malformed;
    }
    if !page.last && page.rows.is_empty() {
        return malformed;
    }
    match page.rows.first() {
        Some(row) if row.sequence <= behind => Err(FeedError::Replayed(page.lender.clone())),
        _ => Ok(()),
    }
}

/// Bytes of a row in a page beside its ciphertext, about.
const ROW_HEADER_BYTES: usize = 256;

/// Bytes of a row in a page, about.
pub fn page_bytes(row: &FeedRow) -> usize {
    row.sealed.ciphertext.len() + ROW_HEADER_BYTES
}

/// Whether a page is as full as a page can be: one that a peer sends is, unless it is the last, or following it could
/// take for ever.
pub fn is_full_page(rows: &[FeedRow]) -> bool {
    let bytes: usize = rows.iter().map(page_bytes).sum();
    rows.len() >= FEED_PAGE_ROWS_MAX
        || bytes + ROW_CIPHERTEXT_BYTES_MAX + ROW_HEADER_BYTES >= FEED_PAGE_BYTES_MAX
}

/// Everything held is what `state` says.
pub(super) fn cover(head: &mut FeedHead, sum: &Sum, signed: &Signed<FeedState>, state: FeedState) {
    head.set_sum(sum);
    head.sequence = state.sequence;
    head.covered = state.sequence;
    head.signed = Some(signed.clone());
    head.state = Some(state);
    head.differs_since = None;
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
