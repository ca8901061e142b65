//! The binding as a file: JSON, one object a line. The first line says what it is, each further one explains a leaf, in
//! the order of the log.
//!
//! It holds personal data and the secrets that hid them, for the auditor's eyes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::ZeroizeOnDrop;

use super::super::export::RowLine;
use super::super::sample::Sample;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::feed_state::FeedRead;
use crate::limits::{BINDING_LEAVES_MAX, BINDING_LINE_BYTES_MAX};
use crate::model::identifier::Identifier;
use crate::model::leaf::LeafReference;
use crate::model::member::{MemberId, NetworkId};
use crate::model::month::Month;

/// Version of this form, the `v` of [`BindingHead`]. 1 did not show who approved.
pub const BINDING_VERSION: u8 = 2;

/// 32 secret bytes that are revealed to the auditor: a blind, a salt, an s. Hexadecimal in the file.
#[derive(PartialEq, Eq, ZeroizeOnDrop)]
pub struct Revealed(pub [u8; 32]);

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revealed(..)")
    }
}

impl Serialize for Revealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Digest(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Revealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Digest::deserialize(deserializer).map(|bytes| Self(bytes.0))
    }
}

/// A whole binding.
#[derive(Debug, PartialEq, Eq)]
pub struct Binding {
    /// The first line.
    pub head: BindingHead,
    /// The other lines: the drawn leaves, and the consents of drawn openings.
    pub leaves: Vec<LeafBinding>,
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindingHead {
    /// [`BINDING_VERSION`].
    pub v: u8,
    /// The network.
    pub network: NetworkId,
    /// The institution that explains itself.
    pub member: MemberId,
    /// When it was made, by the institution's clock: the time of that leaf.
    pub made_at: UnixTime,
    /// The `binding-made` leaf.
    pub made: LeafReference,
    /// What was to be explained.
    pub sample: Sample,
}

/// What explains one leaf.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "explains", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LeafBinding {
    /// A consent.
    ConsentGiven(Box<ConsentBinding>),
    /// An opening.
    InquiryOpened(Box<OpeningBinding>),
    /// A reporting batch.
    ReportingBatch(Box<BatchBinding>),
    /// What explained the leaf was erased.
    Erased {
        /// The leaf.
        leaf: LeafReference,
        /// Index of the `erasure` leaf.
        erasure: u64,
    },
    /// An erasure that another line names.
    Erasure(Box<ErasureBinding>),
    /// The institution has nothing that explains the leaf.
    Nothing {
        /// The leaf.
        leaf: LeafReference,
    },
}

/// Who approved an erasure.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureBinding {
    /// The `erasure` leaf.
    pub leaf: LeafReference,
    /// SHA-256 of the order's document, where the ground is an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Digest>,
    /// The persons.
    pub approved_by: Vec<String>,
    /// Salt of the leaf's commitment to them.
    pub salt: Revealed,
}

/// Who approved a look-up on a lawful ground other than consent. The evidence of the consent line is the order.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroundBinding {
    /// The persons.
    pub approved_by: Vec<String>,
    /// Salt of the leaf's commitment to them.
    pub salt: Revealed,
}

/// What explains a consent leaf.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentBinding {
    /// The leaf.
    pub leaf: LeafReference,
    /// The identifiers on the form, as pairs of scheme and canonical value.
    pub identifiers: Vec<Identifier>,
    /// Hash of the evidence.
    pub evidence: Digest,
    /// Who recorded it.
    pub officer: String,
    /// Salt of the leaf's commitment.
    pub salt: Revealed,
    /// Who approved, where the leaf names a ground other than consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<GroundBinding>,
    /// The points for the locate key, in order.
    pub locate: Vec<BlindedPoint>,
    /// The points for the footprint key, in order.
    pub footprint: Vec<BlindedPoint>,
    /// What key holders made of the locate points; empty where too few answered.
    pub located: Vec<HolderResults>,
    /// The same for the footprint points.
    pub footprints: Vec<HolderResults>,
}

/// What a point of a consent leaf is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BlindedPoint {
    /// One of the identifiers; for the footprint key, of a month.
    Identifier {
        /// Its place among the identifiers, from 0.
        place: u16,
        /// The month, as `2026-11`; absent for the locate key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        month: Option<Month>,
        /// What blinds it.
        blind: Revealed,
    },
    /// Padding.
    Padding {
        /// The 32 random bytes under the reserved scheme.
        random: Revealed,
        /// What blinds them.
        blind: Revealed,
    },
}

/// What one key holder made of a list of points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderResults {
    /// The key holder.
    pub holder: MemberId,
    /// Its index.
    pub index: u8,
    /// One result for each point, in order.
    pub results: Vec<Digest>,
    /// The batch proof: challenge and response.
    pub proof: [Digest; 2],
}

/// What explains an opening leaf.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningBinding {
    /// The leaf.
    pub leaf: LeafReference,
    /// Salt of the commitments to question and feeds.
    pub salt: Revealed,
    /// The question, the very text that is committed to.
    pub question: String,
    /// The feeds that were read.
    pub feeds: Vec<FeedRead>,
    /// The points, in order.
    pub points: Vec<OpenedPoint>,
    /// The footprint rows that were published, in order.
    pub footprint: Vec<FootprintRow>,
}

/// What a point of an opening leaf is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OpenedPoint {
    /// R + s·G of a row.
    Row {
        /// s.
        secret: Revealed,
        /// Who published the row.
        lender: MemberId,
        /// Its header.
        row: Box<RowLine>,
    },
    /// s·G.
    Padding {
        /// s.
        secret: Revealed,
    },
}

/// A row of the own feed that says that somebody asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FootprintRow {
    /// Under which locator it lies.
    pub locator: Digest,
    /// Names the row.
    pub row_id: TransactionId,
    /// Its version.
    pub version: u64,
    /// Commitment to its key.
    pub key_commitment: Digest,
}

/// What explains the leaf of a reporting batch.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchBinding {
    /// The leaf.
    pub leaf: LeafReference,
    /// The points, in order.
    pub points: Vec<ReportedPoint>,
    /// What key holders made of them; empty where too few answered.
    pub located: Vec<HolderResults>,
}

/// What a point of a reporting batch is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReportedPoint {
    /// A client's identifier.
    Identifier {
        /// The identifier.
        identifier: Identifier,
        /// What blinds it.
        blind: Revealed,
        /// The row under its locator; absent before the first publication.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        row: Option<PublishedRow>,
        /// Account numbers of the client's loans, as in the source file.
        loans: Vec<String>,
    },
    /// What explained it was erased.
    Erased {
        /// The point.
        point: Digest,
        /// Index of the `erasure` leaf.
        erasure: u64,
    },
}

/// A row of the own feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedRow {
    /// Names the row.
    pub row_id: TransactionId,
    /// Sequence number of its newest version.
    pub sequence: u64,
    /// Whether no loan carries the identifier any more, so that the newest version withdraws the row.
    pub withdrawn: bool,
}

/// Why a text is no binding: the fault of whoever made it, or of somebody on the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingFormError {
    /// Not a line of the form.
    #[error("line {line} of the binding is not of the known form, at column {column}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// There is not even a first line.
    #[error("the binding is empty")]
    Empty,
    /// Of a version that this program does not know.
    #[error("the binding has version {0}; this program knows version {BINDING_VERSION}: upgrade it")]
    Version(u8),
    /// More than any binding has.
    #[error("the binding has too many lines, or one that is too long (line {0})")]
    TooLong(usize),
}

impl LeafBinding {
    /// Indices of the erasures that the line names.
    pub fn erasures(&self) -> Vec<u64> {
        match self {
            Self::Erased { erasure, .. } => vec![*erasure],
            Self::ReportingBatch(batch) => {
                let erasure = |point: &ReportedPoint| match point {
                    ReportedPoint::Erased { erasure, .. } => Some(*erasure),
                    ReportedPoint::Identifier { .. } => None,
                };
                batch.points.iter().filter_map(erasure).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The leaf that is explained.
    pub fn leaf(&self) -> LeafReference {
        match self {
            Self::ConsentGiven(consent) => consent.leaf,
            Self::InquiryOpened(opening) => opening.leaf,
            Self::ReportingBatch(batch) => batch.leaf,
            Self::Erasure(erasure) => erasure.leaf,
            Self::Erased { leaf, .. } | Self::Nothing { leaf } => *leaf,
        }
    }
}

impl Binding {
    /// The file's bytes.
    pub fn to_lines(&self) -> Vec<u8> {
        let mut out = line(&self.head);
        for leaf in &self.leaves {
            out.extend(line(leaf));
        }
        out
    }

    /// Reads a file's bytes.
    pub fn from_lines(bytes: &[u8]) -> Result<Self, BindingFormError> {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if bytes.is_empty() {
            return Err(BindingFormError::Empty);
        }
        let mut lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
        let (_, first) = lines.next().ok_or(BindingFormError::Empty)?;
        let head: BindingHead = parse(1, first)?;
        if head.v != BINDING_VERSION {
            return Err(BindingFormError::Version(head.v));
        }
        let mut leaves = Vec::new();
        for (number, text) in lines {
            if leaves.len() >= BINDING_LEAVES_MAX {
                return Err(BindingFormError::TooLong(number));
            }
            leaves.push(parse(number, text)?);
        }
        Ok(Self { head, leaves })
    }
}

/// One line of the file, with its end.
pub fn line(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(value).expect("a binding has only string keys");
    bytes.push(b'\n');
    bytes
}

fn parse<T: serde::de::DeserializeOwned>(number: usize, text: &[u8]) -> Result<T, BindingFormError> {
    if text.len() > BINDING_LINE_BYTES_MAX {
        return Err(BindingFormError::TooLong(number));
    }
    serde_json::from_slice(text).map_err(|e| BindingFormError::Line { line: number, column: e.column() })
}
