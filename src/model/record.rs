//! What is sealed into a row: everything that one lender reports about one client, or a footprint, a
//! dispute, a withdrawal. All have one outer shape; which it is stands inside the seal.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::facility::Facility;
use super::identifier::SchemeId;
use super::money::{Currency, Minor};
use crate::clock::UnixTime;

/// Names a record inside its seal. The same record is published under each identifier of its client; answers
/// are de-duplicated by this after opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub [u8; 16]);

/// A salted commitment to a strong identifier of the client, so that a match on a weak identifier can be
/// checked by an asker that knows the strong one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierCommitment {
    /// Scheme of the identifier.
    pub scheme: SchemeId,
    /// Fresh for every record and identifier.
    pub salt: [u8; 32],
    /// HMAC-SHA-256 under the salt of the identifier's canonical encoding.
    pub commitment: [u8; 32],
}

/// Everything one lender reports about one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposureRecord {
    /// Names the record; the same under each identifier.
    pub record: RecordId,
    /// Scheme of the identifier under which this copy is published.
    pub scheme: SchemeId,
    /// The day on which the figures are true.
    pub as_of: Day,
    /// The client's facilities.
    pub facilities: Vec<Facility>,
    /// Commitments to the client's strong identifiers.
    pub strong: Vec<IdentifierCommitment>,
}

/// Somebody asked: a record published before the opening, so that parallel applications are visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryFootprint {
    /// Names the footprint; the same under each identifier.
    pub record: RecordId,
    /// When, to the minute.
    pub asked: UnixTime,
    /// Code of the purpose.
    pub purpose: String,
    /// The requested loan, when one was named.
    pub amount: Option<(Currency, Minor)>,
}

/// The client disputes what a lender reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRecord {
    /// Names the dispute.
    pub record: RecordId,
    /// The record in dispute.
    pub about: RecordId,
    /// When it was opened.
    pub opened: UnixTime,
}

/// What stands inside the seal of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowContent {
    /// What one lender reports about one client.
    Exposure(ExposureRecord),
    /// Somebody asked.
    Footprint(InquiryFootprint),
    /// Something is disputed.
    Dispute(DisputeRecord),
    /// The row is withdrawn; nothing is reported under it any more.
    Tombstone,
}
