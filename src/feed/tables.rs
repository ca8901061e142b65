//! The tables of the feed floor.

use serde::{Deserialize, Serialize};

use super::carrier::CarrierFault;
use super::row::Sum;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed_state::FeedState;
use crate::model::day::Day;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, SignedObject as _};
use crate::store::{Table, TableSpec};
use crate::wire::codec::{self, CodecError};
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

/// A head of version 1, whose state had no horizon.
#[derive(Deserialize)]
struct FeedHead1 {
    sequence: u64,
    rows: u64,
    digest: Vec<u8>,
    covered: u64,
    signed: Option<Signed<FeedState>>,
    state: Option<FeedState1>,
    differs_since: Option<UnixTime>,
}

/// A state of version 1, which is read from its signed bytes.
#[derive(Deserialize)]
#[expect(dead_code, reason = "its bytes have to be read past")]
struct FeedState1 {
    network: NetworkId,
    lender: MemberId,
    time: UnixTime,
    as_of: Option<Day>,
    epoch: Option<u32>,
    sequence: u64,
    rows: u64,
    digest: Digest,
}

fn upgrade_head(_version: u8, bytes: &[u8]) -> Result<FeedHead, CodecError> {
    let head: FeedHead1 = codec::decode(bytes, "feed head")?;
    let state = match (&head.signed, head.state) {
        (Some(signed), Some(_)) => FeedState::parse(signed.bytes()).ok(),
        _ => None,
    };
    let FeedHead1 { sequence, rows, digest, covered, signed, differs_since, .. } = head;
    Ok(FeedHead { sequence, rows, digest, covered, signed, state, differs_since })
}

impl FeedHead {
    /// The horizon of the newest signed state that the rows were found equal to.
    pub(super) fn horizon(&self) -> u64 {
        self.state.as_ref().map_or(0, |state| state.horizon)
    }

    pub(super) fn sum(&self) -> Sum {
        Sum::new(self.sequence, self.rows, &self.digest)
    }

    pub(super) fn set_sum(&mut self, sum: &Sum) {
        self.sequence = sum.sequence;
        self.rows = sum.rows;
        self.digest = sum.digest_bytes();
    }
}

/// Rows of a feed that lie aside: newer than the feed held, and not covered by a signed state yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Aside {
    /// Who carried them, every one: so that it is known whose fault it is if they are not what was signed.
    pub(super) carrier: MemberId,
    /// When the first page of them came.
    pub(super) begun: UnixTime,
    /// When the last page of them came.
    pub(super) taken: UnixTime,
    /// Highest sequence number among them.
    pub(super) sequence: u64,
    /// Number of live rows of the feed with these.
    pub(super) rows: u64,
    /// State of the set digest of the live rows with these, 2,048 bytes.
    pub(super) digest: Vec<u8>,
    /// The state that covers them, once it was found to: from then on they are moved into the feed.
    pub(super) covered_by: Option<Signed<FeedState>>,
}

impl Aside {
    pub(super) fn sum(&self) -> Sum {
        Sum::new(self.sequence, self.rows, &self.digest)
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
pub(super) const HEADS: Table<String, FeedHead> = Table::new("feed_head", 2).upgrading(1, upgrade_head);
/// By lender and sequence number.
pub(super) const CONFLICTS: Table<(String, u64), StateConflict> = Table::new("feed_conflict", 1);
/// By lender.
pub(super) const ASIDE: Table<String, Aside> = Table::new("feed_aside", 1);
/// By lender and sequence number.
pub(super) const ASIDE_ROWS: Table<(String, u64), FeedRow> = Table::new("feed_aside_row", 1).sealed();
/// By lender and row id.
pub(super) const ASIDE_HEADS: Table<(String, [u8; 16]), RowHead> =
    Table::new("feed_aside_row_head", 1).sealed();
/// By lender, carrier and number of the way.
pub(super) const FAULTS: Table<(String, String, u8), CarrierFault> = Table::new("feed_carrier_fault", 1);

/// By lender: the own feed's rows have higher numbers, for lower ones may have been signed that this store has forgotten.
pub(super) const FLOORS: Table<String, u64> = Table::new("feed_floor", 1);

/// The tables of this floor, for opening the store.
pub const TABLES: &[TableSpec] = &[
    ROWS.spec(),
    BY_LOCATOR.spec(),
    ROW_HEADS.spec(),
    HEADS.spec(),
    CONFLICTS.spec(),
    ASIDE.spec(),
    ASIDE_ROWS.spec(),
    ASIDE_HEADS.spec(),
    FAULTS.spec(),
    FLOORS.spec(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretBytes;
    use crate::signing::SigningKey;

    /// As version 1 wrote it, field by field.
    #[derive(Serialize)]
    struct Old<'a> {
        sequence: u64,
        rows: u64,
        digest: &'a [u8],
        covered: u64,
        signed: Option<&'a Signed<FeedState>>,
        state: Option<OldState>,
        differs_since: Option<UnixTime>,
    }

    #[derive(Serialize)]
    struct OldState {
        network: &'static str,
        lender: &'static str,
        time: UnixTime,
        as_of: Option<Day>,
        epoch: Option<u32>,
        sequence: u64,
        rows: u64,
        digest: Digest,
    }

    #[test]
    fn a_head_from_before_there_was_a_horizon_is_read() {
        let time = UnixTime(1_795_305_600);
        let signed_before = concat!(
            r#"{"network":"net","lender":"lender-a","time":1795305600,"as_of":"2026-11-21","epoch":1,"#,
            r#""sequence":9,"rows":4,"digest":"0707070707070707070707070707070707070707070707070707070707070707"}"#
        );
        let key = SigningKey::from_seed(SecretBytes::new([7; 32]));
        let signed: Signed<FeedState> = Signed::sign(signed_before.into(), &key).unwrap();
        let as_of: Day = "2026-11-21".parse().unwrap();
        let digest = [3; 2048];
        let old = Old {
            sequence: 9,
            rows: 4,
            digest: &digest,
            covered: 9,
            signed: Some(&signed),
            state: Some(OldState {
                network: "net",
                lender: "lender-a",
                time,
                as_of: Some(as_of),
                epoch: Some(1),
                sequence: 9,
                rows: 4,
                digest: Digest([7; 32]),
            }),
            differs_since: None,
        };
        let head = upgrade_head(1, &codec::encode(&old)).unwrap();
        let state = FeedState {
            network: "net".parse().unwrap(),
            lender: "lender-a".parse().unwrap(),
            time,
            as_of: Some(as_of),
            epoch: Some(1),
            sequence: 9,
            rows: 4,
            digest: Digest([7; 32]),
            horizon: 0,
            expired: 0,
        };
        let expected = FeedHead {
            sequence: 9,
            rows: 4,
            digest: digest.to_vec(),
            covered: 9,
            signed: Some(signed),
            state: Some(state),
            differs_since: None,
        };
        assert_eq!(head, expected);
    }
}
