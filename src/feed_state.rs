//! The signed state of a lender's feed, what a peer's copy must equal at a sequence number; and the hash of a row, of
//! which the state's digest is made.

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::{Digest, commit, hash};
use crate::model::day::Day;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, SignedObject};

/// What a lender signs of its feed, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedState {
    /// The network.
    pub network: NetworkId,
    /// Whose feed.
    pub lender: MemberId,
    /// When it was signed: "last heard" is the age of this.
    pub time: UnixTime,
    /// The latest as-of date of the lender's data; none before the first load.
    pub as_of: Option<Day>,
    /// Epoch of the keys under which everything up to that date is published; none before the first load. Rows of
    /// another epoch lie under other locators.
    pub epoch: Option<u32>,
    /// Highest sequence number given out.
    pub sequence: u64,
    /// Number of live rows.
    pub rows: u64,
    /// Set digest of the live rows.
    pub digest: Digest,
    /// Rows with this sequence number or a lower one are no part of the feed any more: what of them was to stay was
    /// published again behind it. States from before there was such a thing have 0.
    #[serde(default)]
    pub horizon: u64,
    /// How many rows have left the feed behind the horizon, in all.
    #[serde(default)]
    pub expired: u64,
}

/// The signed bytes are not a feed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signed feed state is not of the known form")]
pub struct FeedStateFormError;

impl SignedObject for FeedState {
    const DOMAIN: &'static str = "tallystick/feed-state/v1";
    type Error = FeedStateFormError;

    fn parse(bytes: &[u8]) -> Result<Self, FeedStateFormError> {
        serde_json::from_slice(bytes).map_err(|_| FeedStateFormError)
    }
}

impl FeedState {
    /// The bytes to be signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a feed state has only string keys")
    }
}

/// Hash of the signed bytes, as a leaf names the state.
pub fn state_hash(signed: &Signed<FeedState>) -> Digest {
    hash("tallystick/feed-state-hash/v1", &[signed.bytes()])
}

/// A row as its hash covers it: everything of it, with the ciphertext as its hash, so that a row's header alone leads to
/// the row's hash.
#[derive(Clone, Copy, Debug)]
pub struct RowParts<'a> {
    /// Sequence number in the feed.
    pub sequence: u64,
    /// Epoch of the keys.
    pub epoch: u32,
    /// Under which locator it lies.
    pub locator: &'a [u8; 32],
    /// Names the row.
    pub row_id: &'a [u8; 16],
    /// Version of the row.
    pub version: u64,
    /// R, encoded.
    pub ephemeral: &'a [u8; 32],
    /// Commitment to the row's key.
    pub key_commitment: &'a [u8; 32],
    /// SHA-512/256 of the ciphertext.
    pub ciphertext_hash: &'a [u8; 32],
    /// Proof of knowledge of r, encoded.
    pub proof: &'a [u8; 64],
}

/// What the set digest of a feed holds of a row.
pub fn row_hash(lender: &MemberId, row: &RowParts<'_>) -> Digest {
    hash(
        "tallystick/feed-row/v2",
        &[
            lender.as_str().as_bytes(),
            &row.sequence.to_be_bytes(),
            &row.epoch.to_be_bytes(),
            row.locator,
            row.row_id,
            &row.version.to_be_bytes(),
            row.ephemeral,
            row.key_commitment,
            row.ciphertext_hash,
            row.proof,
        ],
    )
}

/// A row as an opening leaf names the footprints that were published for it: without its place in the feed, which is not
/// known yet.
#[derive(Clone, Copy, Debug)]
pub struct FootprintParts<'a> {
    /// Under which locator it lies.
    pub locator: &'a [u8; 32],
    /// Names the row.
    pub row_id: &'a [u8; 16],
    /// Version of the row.
    pub version: u64,
    /// Commitment to the row's key.
    pub key_commitment: &'a [u8; 32],
}

/// The `footprint` of an opening leaf: the rows published for it, in order.
pub fn footprint_hash<'a>(rows: impl IntoIterator<Item = FootprintParts<'a>>) -> Digest {
    let parts: Vec<Vec<u8>> = rows
        .into_iter()
        .map(|row| [&row.locator[..], row.row_id, &row.version.to_be_bytes(), row.key_commitment].concat())
        .collect();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    hash("tallystick/rows/v1", &parts)
}

/// A feed as it was read for an inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRead {
    /// Whose feed.
    pub lender: MemberId,
    /// Sequence number of its newest signed state.
    pub sequence: u64,
    /// Set digest of that state.
    pub digest: Digest,
}

/// The `feeds` of an opening leaf, under `tallystick/feeds-read/v1`: for each feed its lender behind its length, the
/// sequence number, the digest.
pub fn feeds_commitment(salt: &[u8; 32], feeds: &[FeedRead]) -> Digest {
    let mut payload = Vec::new();
    for feed in feeds {
        payload.extend((feed.lender.as_str().len() as u64).to_be_bytes());
        payload.extend(feed.lender.as_str().as_bytes());
        payload.extend(feed.sequence.to_be_bytes());
        payload.extend(feed.digest.0);
    }
    commit(salt, "tallystick/feeds-read/v1", &payload)
}
