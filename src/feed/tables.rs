//! The tables of the feed floor.

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed_state::FeedState;
use crate::signing::Signed;
use crate::store::{Table, TableSpec};
use crate::wire::message::FeedRow;

/// What is held of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHead {
    /// Highest sequence number held.
    pub sequence: u64,
    /// Number of live rows.
    pub rows: u64,
    /// State of the set digest of the live rows, 2,048 bytes.
    pub digest: Vec<u8>,
    /// Sequence number up to which a signed state covers the rows; equals `sequence` but in the middle of
    /// catching up.
    pub covered: u64,
    /// The newest signed state that the rows were found equal to, as it was signed.
    pub signed: Option<Signed<FeedState>>,
    /// Its content.
    pub state: Option<FeedState>,
    /// Since when this copy differs from what the lender signed, if it does.
    pub differs_since: Option<UnixTime>,
}

impl Default for FeedHead {
    fn default() -> Self {
        Self {
            sequence: 0,
            rows: 0,
            digest: crate::merkle::SetDigest::new().to_bytes().to_vec(),
            covered: 0,
            signed: None,
            state: None,
            differs_since: None,
        }
    }
}

/// The newest version of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHead {
    /// Its sequence number.
    pub sequence: u64,
    /// Its version.
    pub version: u64,
    /// Its hash, as the set digest holds it.
    pub hash: Digest,
}

/// Two signed states of one sequence number that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateConflict {
    /// The one held.
    pub held: Signed<FeedState>,
    /// The one shown.
    pub shown: Signed<FeedState>,
}

/// By lender and sequence number.
pub(super) const ROWS: Table<(String, u64), FeedRow> = Table::new("feed_row", 1).sealed();
/// By locator, lender and row id: the sequence number of the newest version.
pub(super) const BY_LOCATOR: Table<([u8; 32], String, [u8; 16]), u64> =
    Table::new("feed_locator", 1).sealed().prefixed(32);
/// By lender and row id.
pub(super) const ROW_HEADS: Table<(String, [u8; 16]), RowHead> = Table::new("feed_row_head", 1).sealed();
/// By lender.
pub(super) const HEADS: Table<String, FeedHead> = Table::new("feed_head", 1);
/// By lender and sequence number.
pub(super) const CONFLICTS: Table<(String, u64), StateConflict> = Table::new("feed_conflict", 1);

/// By lender: the own feed's rows have higher numbers, for lower ones may have been signed that this store has forgotten.
pub(super) const FLOORS: Table<String, u64> = Table::new("feed_floor", 1);

/// The tables of this floor, for opening the store.
pub const TABLES: &[TableSpec] =
    &[ROWS.spec(), BY_LOCATOR.spec(), ROW_HEADS.spec(), HEADS.spec(), CONFLICTS.spec(), FLOORS.spec()];
