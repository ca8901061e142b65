//! Feeds: for each lender the newest row per row id, in the order of an ever-growing sequence number, and the
//! set digest of the live rows, which the lender's signed state must equal.
//!
//! What each side may do to us: a lender, or whoever carries its rows, may send rows out of order, again, altered
//! or left out. Nothing of that reaches an answer: rows are used only up to a sequence number whose signed state
//! has the same count and digest as the copy here, and until then lie aside.

mod aside;
mod carrier;
mod check;
mod follow;
mod own;
mod row;
mod tables;

pub use aside::CatchingUp;
pub use carrier::{CarrierFault, Way};
pub use check::{Checked, RottenRow};
pub use follow::{FeedError, Followed, Page, Shown, is_full_page, page_bytes};
pub use own::{NewRow, OwnFeed};
pub use row::row_hash;
pub use tables::{FeedHead, RowHead, StateConflict, TABLES};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tables::{BY_LOCATOR, HEADS, ROW_HEADS, ROWS};

use crate::feed_state::FeedState;
use crate::limits::ROWS_PER_LENDER_AND_LOCATOR_MAX;
use crate::model::member::MemberId;
use crate::store::{Store, StoreError, TableKey};
use crate::threshold::Locator;
use crate::wire::message::FeedRow;

/// Entries of the index of locators read at a time.
const LOCATOR_PAGE_ROWS: usize = 256;

/// Locator, lender, row id.
type LocatorKey = ([u8; 32], String, [u8; 16]);

/// Reads feeds, own and followed.
#[derive(Clone, Debug)]
pub struct Feeds {
    store: Store,
    /// One change of a followed feed at a time.
    changing: Arc<Mutex<BTreeMap<MemberId, Arc<Mutex<()>>>>>,
}

/// What lies under a locator.
#[derive(Debug, Default)]
pub struct Under {
    /// Rows that their lenders' signed states cover, with their lenders.
    pub rows: Vec<(MemberId, FeedRow)>,
    /// Lenders that have rows here which are not among those.
    pub left_out: Vec<(MemberId, LeftOut)>,
}

/// Why a row under a locator is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// No signed state covers it, or not all rows that go with it are in the feed yet, or it is lost from the disk.
    NotCovered,
    /// The lender has more rows here than are read.
    TooMany,
}

/// What an entry of the index leads to.
enum Newest {
    /// The row.
    Row(Box<FeedRow>),
    /// The row has left the locator.
    Gone,
    /// The entry stands and there is no row.
    Lost,
}

impl Feeds {
    /// The feeds in `store`.
    pub fn new(store: Store) -> Self {
        Self { store, changing: Arc::default() }
    }

    fn lock(&self, lender: &MemberId) -> Arc<Mutex<()>> {
        let mut changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(changing.entry(lender.clone()).or_default())
    }

    /// What is held of a lender's feed.
    pub fn head(&self, lender: &MemberId) -> Result<FeedHead, StoreError> {
        Ok(self.store.get(&HEADS, &lender.to_string())?.unwrap_or_default())
    }

    /// Whose feeds are held.
    pub fn lenders(&self) -> Result<Vec<MemberId>, StoreError> {
        let mut lenders = Vec::new();
        self.store.for_each(&HEADS, &[], |lender, _| {
            lenders.extend(lender.parse());
            Ok::<_, StoreError>(())
        })?;
        Ok(lenders)
    }

    /// Rows of a feed after a sequence number, in order, at most `limit`.
    pub fn rows_after(
        &self,
        lender: &MemberId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<FeedRow>, StoreError> {
        let lender = lender.to_string();
        let prefix = lender.to_bytes();
        let rows = self.store.scan_prefix(&ROWS, &prefix, Some(&(lender, after)), limit)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// The newest version of a row.
    pub fn row(&self, lender: &MemberId, row_id: &[u8; 16]) -> Result<Option<FeedRow>, StoreError> {
        match self.store.get(&ROW_HEADS, &(lender.to_string(), *row_id))? {
            Some(head) => self.store.get(&ROWS, &(lender.to_string(), head.sequence)),
            None => Ok(None),
        }
    }

    /// Sequence number of the newest version of a row, without reading it.
    pub fn sequence_of(&self, lender: &MemberId, row_id: &[u8; 16]) -> Result<Option<u64>, StoreError> {
        Ok(self.store.get(&ROW_HEADS, &(lender.to_string(), *row_id))?.map(|head| head.sequence))
    }

    /// Sequence number of the oldest live row of a feed.
    pub fn oldest(&self, lender: &MemberId) -> Result<Option<u64>, StoreError> {
        Ok(self.rows_after(lender, 0, 1)?.first().map(|row| row.sequence))
    }

    /// Rows of one lender under a locator, by row id, with the newest version of each.
    pub fn own_under(
        &self,
        lender: &MemberId,
        locator: &Locator,
    ) -> Result<Vec<([u8; 16], u64)>, StoreError> {
        let mut prefix = locator.0.to_vec();
        lender.to_string().encode(&mut prefix);
        let rows = self.store.scan_prefix(&BY_LOCATOR, &prefix, None, ROWS_PER_LENDER_AND_LOCATOR_MAX)?;
        let mut found = Vec::with_capacity(rows.len());
        for ((_, _, row_id), _) in rows {
            found.push((row_id, self.version(lender, &row_id)?));
        }
        Ok(found)
    }

    /// The newest version of a row; 0 when there is none.
    pub fn version(&self, lender: &MemberId, row_id: &[u8; 16]) -> Result<u64, StoreError> {
        Ok(self.store.get(&ROW_HEADS, &(lender.to_string(), *row_id))?.map_or(0, |head| head.version))
    }

    /// Every row that lies under a locator and is covered by its lender's signed state, and whose rows are not among
    /// them.
    pub fn under(&self, locator: &Locator) -> Result<Under, StoreError> {
        let mut found = Under::default();
        let mut after: Option<LocatorKey> = None;
        let mut current: Option<(MemberId, u64, usize)> = None;
        'pages: loop {
            let page = self.store.scan_prefix(&BY_LOCATOR, &locator.0, after.as_ref(), LOCATOR_PAGE_ROWS)?;
            let last_page = page.len() < LOCATOR_PAGE_ROWS;
            for (key, sequence) in page {
                after = Some(key.clone());
                let Ok(lender) = key.1.parse::<MemberId>() else { continue };
                if current.as_ref().is_none_or(|(known, ..)| known != &lender) {
                    let covered = self.head(&lender)?.covered;
                    current = Some((lender.clone(), covered, 0));
                }
                let Some((_, covered, count)) = &mut current else { continue };
                *count += 1;
                if *count > ROWS_PER_LENDER_AND_LOCATOR_MAX {
                    found.left_out.push((lender, LeftOut::TooMany));
                    // On to the next lender.
                    after = Some((key.0, key.1, [0xff; 16]));
                    continue 'pages;
                }
                let covered = *covered;
                match self.newest(&key, sequence)? {
                    Newest::Row(row) if row.sequence <= covered => found.rows.push((lender, *row)),
                    Newest::Row(_) | Newest::Lost => found.left_out.push((lender, LeftOut::NotCovered)),
                    Newest::Gone => {}
                }
            }
            if last_page {
                return Ok(found);
            }
        }
    }

    /// Of some lenders, by name with the sequence number up to which their rows count, those that have a row under a locator.
    /// Rows are not read.
    pub fn lenders_under(
        &self,
        locator: &Locator,
        among: &BTreeMap<String, u64>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut found = BTreeSet::new();
        let mut after: Option<LocatorKey> = None;
        'pages: loop {
            let page = self.store.scan_prefix(&BY_LOCATOR, &locator.0, after.as_ref(), LOCATOR_PAGE_ROWS)?;
            let last_page = page.len() < LOCATOR_PAGE_ROWS;
            for (key, sequence) in page {
                if found.contains(&key.1) {
                    // On to the next lender.
                    after = Some((key.0, key.1, [0xff; 16]));
                    continue 'pages;
                }
                if among.get(&key.1).is_some_and(|covered| sequence <= *covered) {
                    found.insert(key.1.clone());
                }
                after = Some(key);
            }
            if last_page {
                return Ok(found);
            }
        }
    }

    /// The row of an index entry. It may have been superseded since the entry was read.
    fn newest(&self, key: &LocatorKey, sequence: u64) -> Result<Newest, StoreError> {
        let mut sequence = sequence;
        loop {
            if let Some(row) = self.store.get(&ROWS, &(key.1.clone(), sequence))? {
                return Ok(Newest::Row(Box::new(row)));
            }
            // Row and entry are written and taken away together.
            match self.store.get(&BY_LOCATOR, key)? {
                Some(newer) if newer != sequence => sequence = newer,
                Some(_) => return Ok(Newest::Lost),
                None => return Ok(Newest::Gone),
            }
        }
    }

    /// The newest verified state of a feed.
    pub fn state(&self, lender: &MemberId) -> Result<Option<FeedState>, StoreError> {
        Ok(self.head(lender)?.state)
    }
}

#[cfg(test)]
mod tests;
