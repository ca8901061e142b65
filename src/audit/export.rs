//! What an export holds: the folder that `tally log export` writes and `tally audit` reads (`docs/AUDIT.md`, "An
//! export").
//!
//! The log itself lies in it as C2SP `tlog-tiles` says, so that other programs read it: `checkpoint`, `tile/…`,
//! `tile/entries/…`. Beside it lies what an auditor needs to judge the leaves; each file is checked against a signature
//! or a hash that stands in some log, and none is believed for standing in the folder.

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::feed_state::{self, FeedState, RowParts};
use crate::model::member::{MemberId, NetworkId};
use crate::signing::{Signed, VerifyKey};
use crate::threshold::{Locator, Point, RowContext, RowHeader, RowProof, associated_data};

/// Version of this form, the `v` of [`Manifest`].
pub const EXPORT_VERSION: u8 = 1;
/// [`Manifest`], JSON.
pub const MANIFEST: &str = "tally.json";
/// The newest checkpoint of the log, with every cosignature known of it (C2SP tlog-checkpoint, tlog-cosignature).
pub const CHECKPOINT: &str = "checkpoint";
/// The newest checkpoint of the log that carries its witnesses' quorum; absent where there is none yet.
pub const QUORUM: &str = "quorum";

/// The signed roster of a version, JSON, as the operator signed it: every one that the log says was accepted.
pub fn roster_path(version: u64) -> String {
    format!("rosters/{version}.json")
}

/// The newest checkpoint of another member's log that this node holds a copy of: a signed note.
pub fn seen_path(member: &MemberId) -> String {
    format!("seen/{member}")
}

/// Two signed checkpoints of one log of which no tree can contain both: [`Fork`], JSON.
pub fn fork_path(member: &MemberId, size: u64) -> String {
    format!("evidence/forks/{member}-{size}.json")
}

/// Two different signed states of one sequence number of a feed: [`StateConflict`], JSON.
pub fn state_conflict_path(lender: &MemberId, sequence: u64) -> String {
    format!("evidence/feed-states/{lender}-{sequence}.json")
}

/// The newest signed state of a feed that this node found its copy equal to: `Signed<FeedState>`, JSON.
pub fn feed_state_path(lender: &MemberId) -> String {
    format!("feeds/{lender}.json")
}

/// The headers of the rows of a feed that this node holds: one [`RowLine`] a line, JSON, by sequence number.
pub fn feed_rows_path(lender: &MemberId) -> String {
    format!("feeds/{lender}.jsonl")
}

/// What an export is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`EXPORT_VERSION`].
    pub v: u8,
    /// The network.
    pub network: NetworkId,
    /// Whose node.
    pub member: MemberId,
    /// Origin of its log.
    pub origin: String,
    /// The operator's key by which the node verifies rosters. An auditor compares it with one had from elsewhere.
    pub operator_key: VerifyKey,
    /// When it was exported, by the node's clock.
    pub exported_at: UnixTime,
    /// Number of leaves.
    pub size: u64,
}

/// Two checkpoints of one log that contradict each other, as signed notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The one seen first.
    pub seen: String,
    /// The one shown later.
    pub shown: String,
    /// When, by the clock of the node that saw both.
    pub time: UnixTime,
}

/// Two signed states of one sequence number.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateConflict {
    /// The one held.
    pub held: Signed<FeedState>,
    /// The one shown.
    pub shown: Signed<FeedState>,
}

/// The header of a row: all of it but the ciphertext, which nobody needs to check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowLine {
    /// Sequence number in the feed.
    pub sequence: u64,
    /// Epoch of the keys.
    pub epoch: u32,
    /// Under which locator it lies.
    pub locator: Digest,
    /// Names the row.
    pub row_id: TransactionId,
    /// Version of the row.
    pub version: u64,
    /// R.
    pub ephemeral: Digest,
    /// Commitment to the row's key.
    pub key_commitment: Digest,
    /// SHA-512/256 of the ciphertext.
    pub ciphertext_hash: Digest,
    /// Proof of knowledge of r: nonce point, response.
    pub proof: [Digest; 2],
}

/// A row's header has a point or a scalar that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the row of sequence number {sequence} has a point or a proof that is no canonical encoding")]
pub struct RowLineError {
    /// Which row.
    pub sequence: u64,
}

impl RowLine {
    /// The hash that stands for the row in the feed's set digest.
    pub fn hash(&self, lender: &MemberId) -> Digest {
        let mut proof = [0u8; 64];
        proof[..32].copy_from_slice(&self.proof[0].0);
        proof[32..].copy_from_slice(&self.proof[1].0);
        let parts = RowParts {
            sequence: self.sequence,
            epoch: self.epoch,
            locator: &self.locator.0,
            row_id: &self.row_id.0,
            version: self.version,
            ephemeral: &self.ephemeral.0,
            key_commitment: &self.key_commitment.0,
            ciphertext_hash: &self.ciphertext_hash.0,
            proof: &proof,
        };
        feed_state::row_hash(lender, &parts)
    }

    /// What the proof of knowledge is checked with.
    pub fn header(&self, network: &NetworkId, lender: &MemberId) -> Result<RowHeader, RowLineError> {
        let bad = |_| RowLineError { sequence: self.sequence };
        let locator = Locator(self.locator.0);
        let place = RowContext {
            network: network.as_str(),
            epoch: self.epoch,
            lender: lender.as_str(),
            locator: &locator,
            row_id: &self.row_id.0,
            version: self.version,
        };
        Ok(RowHeader {
            ephemeral: Point::from_bytes(&self.ephemeral.0).map_err(bad)?,
            associated_data: associated_data(&place, &self.key_commitment.0),
            ciphertext_hash: self.ciphertext_hash.0,
            proof: RowProof::from_parts(self.proof[0].0, self.proof[1].0).map_err(bad)?,
        })
    }
}
