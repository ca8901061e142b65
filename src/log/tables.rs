//! The tables of the log floor.

use serde::{Deserialize, Serialize};

use super::reported::{ReportedDay, ReportedHead};
use crate::clock::UnixTime;
use crate::digest::{Digest, WithdrawalCode};
use crate::limits::MARKET_CLASSES;
use crate::merkle::tile::TileId;
use crate::merkle::tree::TileSource;
use crate::model::consent::ConsentTerms;
use crate::model::leaf::PointsReference;
use crate::model::member::MemberId;
use crate::model::month::Month;
use crate::store::{KeyError, Store, StoreError, Table, TableKey, TableSpec};

/// A number within the log of an owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogKey {
    /// Whose log.
    pub owner: MemberId,
    /// The number.
    pub index: u64,
}

impl LogKey {
    pub(super) fn new(owner: &MemberId, index: u64) -> Self {
        Self { owner: owner.clone(), index }
    }
}

impl TableKey for LogKey {
    fn encode(&self, out: &mut Vec<u8>) {
        (self.owner.as_str().to_owned(), self.index).encode(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        let (owner, index) = <(String, u64)>::take(input)?;
        Ok(Self { owner: owner.parse().map_err(|_| KeyError("not a member's name"))?, index })
    }
}

/// What is kept of a log beside its leaves and tiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// Number of leaves.
    pub size: u64,
    /// Root at that size.
    pub root: Digest,
    /// The owner's signed checkpoint of that size.
    pub checkpoint: Vec<u8>,
    /// When this node first saw the log.
    pub first_seen: UnixTime,
    /// The newest checkpoint of the log known to carry its witnesses' quorum; empty before the first.
    pub quorum: Vec<u8>,
}

/// What the log of an owner says of one consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// Leaf hash.
    pub hash: Digest,
    /// Time of the leaf.
    pub time: UnixTime,
    /// What it permits.
    pub terms: ConsentTerms,
    /// Hash of the withdrawal code.
    pub withdrawal: Digest,
    /// Epoch of the points.
    pub epoch: u32,
    /// Points for the locate key.
    pub locate: PointsReference,
    /// Points for the footprint key.
    pub footprint: PointsReference,
    /// Whether the owner's own log withdrew it.
    pub withdrawn: bool,
    /// How many different uses the log has opened.
    pub uses_opened: u16,
}

/// Which opening a use was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseEntry {
    /// Index of the opening leaf that spent it first.
    pub opening: u64,
    /// Digest of that opening's points.
    pub points: Digest,
}

/// A count for market figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketRow {
    /// When it was logged.
    pub time: UnixTime,
    /// The month.
    pub month: Month,
    /// ε of the noise, in thousandths.
    pub epsilon_thousandths: u32,
    /// Lenders whose rows the lender had whole.
    pub covers: u16,
    /// Lenders that there were.
    pub of: u16,
    /// The counts, noise included.
    pub clients: [i64; MARKET_CLASSES],
}

/// Two signed checkpoints of one log that no tree can contain both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkEvidence {
    /// The checkpoint seen first.
    pub seen: Vec<u8>,
    /// The one that contradicts it.
    pub shown: Vec<u8>,
    /// When.
    pub time: UnixTime,
}

pub(super) const LEAVES: Table<LogKey, Vec<u8>> = Table::new("log_leaf", 1);
pub(super) const TILES: Table<(String, u8, u64), Vec<u8>> = Table::new("log_tile", 1).sealed();
pub(super) const HEADS: Table<String, LogHead> = Table::new("log_head", 1);
pub(super) const CONSENTS: Table<LogKey, ConsentRow> = Table::new("log_consent", 1);
pub(super) const USES: Table<(String, u64, u16), UseEntry> = Table::new("log_use", 1);
pub(super) const FORKS: Table<(String, u64), ForkEvidence> = Table::new("log_fork", 1);
/// The own log's newest checkpoint of which cosignatures are known, with them, by owner.
pub(super) const COSIGNED: Table<String, Vec<u8>> = Table::new("log_cosigned", 1);
/// Consents by the hash of their withdrawal code: hash, owner, index.
pub(super) const CONSENT_CODES: Table<([u8; 32], String, u64), ()> = Table::new("log_consent_code", 1);
/// Withdrawal codes in the order in which they reached this node.
pub(super) const WITHDRAWALS: Table<u64, WithdrawalCode> = Table::new("withdrawal", 1);
/// When a code of that hash reached this node.
pub(super) const WITHDRAWN: Table<[u8; 32], UnixTime> = Table::new("withdrawn", 1);

/// What a log says about reporting on a day: owner, day (days since 1970).
pub(super) const REPORTED: Table<(String, u32), ReportedDay> = Table::new("log_reported", 1);
/// Where that count stands, by owner.
pub(super) const REPORTED_HEADS: Table<String, ReportedHead> = Table::new("log_reported_head", 1);

/// What a log says that its owner counted for market figures: owner, index of the leaf.
pub(super) const MARKET: Table<(String, u64), MarketRow> = Table::new("log_market", 1);

/// The tables of this floor, for opening the store.
pub const TABLES: &[TableSpec] = &[
    LEAVES.spec(),
    TILES.spec(),
    HEADS.spec(),
    CONSENTS.spec(),
    CONSENT_CODES.spec(),
    USES.spec(),
    FORKS.spec(),
    COSIGNED.spec(),
    WITHDRAWALS.spec(),
    WITHDRAWN.spec(),
    REPORTED.spec(),
    REPORTED_HEADS.spec(),
    MARKET.spec(),
];

/// The tiles of one owner's log.
pub(super) struct StoredTiles<'a> {
    pub(super) store: &'a Store,
    pub(super) owner: &'a MemberId,
}

impl TileSource for StoredTiles<'_> {
    type Error = StoreError;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(&TILES, &(self.owner.to_string(), id.level, id.index))
    }
}
