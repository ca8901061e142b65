//! The leaves of the consent log: one JSON object each, `docs/AUDIT.md` byte for byte.
//!
//! No leaf holds personal data, or anything that can be guessed back into it: what concerns a person is there
//! as a salted commitment or as a digest of blinded points. A leaf's bytes are what
//! [`Leaf::to_bytes`] made; they are never re-encoded to be checked.

pub use super::access::Access;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::consent::{ConsentTerms, Purpose};
use super::day::Day;
use super::member::MemberId;
use super::month::Month;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, UserId};
use crate::limits::{LEAF_BYTES_MAX, MARKET_CLASSES};

/// Version of the leaf schema, the `v` of every leaf.
pub const LEAF_VERSION: u8 = 1;

/// Points of one request: how many, and the digest of their encodings in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointsReference {
    /// Number of points, padding included.
    pub count: u32,
    /// Domain-separated digest of the encodings in order.
    pub digest: Digest,
}

/// A leaf of some log, by place and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeafReference {
    /// Index in the log.
    pub index: u64,
    /// RFC 6962 leaf hash.
    pub hash: Digest,
}

/// A checkpoint of some log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckpointReference {
    /// Number of leaves.
    pub size: u64,
    /// Root hash.
    pub root: Digest,
}

/// Which network key an evaluation used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvaluationKind {
    /// Locate key, for publishing a client for the first time.
    Reporting,
    /// Locate key, under a consent.
    Locate,
    /// Footprint key, under a consent.
    Footprint,
    /// Open key, under a consent and an opening.
    Open,
}

/// Why something was refused. A lawful refusal, not a fault of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// The log's origin is not the peer that sent it.
    WrongOrigin,
    /// The checkpoint's signature does not verify.
    BadCheckpointSignature,
    /// The leaves do not lead to the checkpoint's root.
    InconsistentLog,
    /// The log is shorter than what was seen before.
    OldCheckpoint,
    /// No checkpoint with the witnesses' quorum is young enough.
    NoQuorum,
    /// The leaf that the request names is not in the log.
    LeafMissing,
    /// The leaf is of another kind than the request needs.
    WrongLeaf,
    /// The leaf's points are not those of the request.
    WrongPoints,
    /// The key, epoch or generation is not one that this holder serves.
    WrongKey,
    /// There is no consent.
    NoConsent,
    /// The consent is for another purpose.
    WrongPurpose,
    /// The consent has not begun.
    NotYetValid,
    /// The consent is past its end.
    Expired,
    /// The consent was withdrawn.
    Withdrawn,
    /// Every use of the consent is spent, or this use was spent on other points.
    UsedUp,
    /// The leaf's time is too far from the holder's clock.
    ClockSkew,
    /// A quota is spent.
    QuotaSpent,
    /// A point is not canonical, is the identity, or is there twice.
    BadPoints,
    /// The peer may not ask this.
    NotPermitted,
    /// This holder has been cut off from the others for too long.
    Isolated,
    /// More identifiers were asked for to report them than rows of the feed followed.
    AheadOfFeed,
}

/// What a leaf says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LeafBody {
    /// The log begins.
    LogOpened {
        /// The network's name.
        network: String,
    },
    /// A roster was accepted.
    RosterAccepted {
        /// Its version.
        version: u64,
        /// Hash of its signed bytes.
        hash: Digest,
    },
    /// Shares of the network keys were installed.
    SharesInstalled {
        /// Epoch of the keys.
        epoch: u32,
        /// Generation of the shares.
        generation: u32,
        /// The holder's index.
        holder: u8,
    },
    /// A client gave consent.
    ConsentGiven {
        /// What it permits.
        terms: ConsentTerms,
        /// Commitment to the client's identifiers, the evidence and the officer.
        commitment: Digest,
        /// Hash of the withdrawal code on the receipt.
        withdrawal: Digest,
        /// Epoch of the points.
        epoch: u32,
        /// Points for the locate key.
        locate: PointsReference,
        /// Points for the footprint key.
        footprint: PointsReference,
        /// The lawful ground that stands in for consent; absent where the client consented.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<LawfulGround>,
    },
    /// A consent was withdrawn at this node.
    ConsentWithdrawn {
        /// The consent leaf.
        consent: LeafReference,
    },
    /// A withdrawal code was presented here or reached this node.
    WithdrawalReceived {
        /// Hash of the code.
        withdrawal: Digest,
    },
    /// Clients are published for the first time.
    ReportingBatch {
        /// Epoch of the points.
        epoch: u32,
        /// Points for the locate key.
        points: PointsReference,
    },
    /// An inquiry is about to open rows.
    InquiryOpened {
        /// The consent leaf.
        consent: LeafReference,
        /// Which use of the consent, from 1.
        r#use: u16,
        /// What the look-up is for.
        purpose: Purpose,
        /// Epoch of the points.
        epoch: u32,
        /// Points for the open key.
        points: PointsReference,
        /// How many of the openings rest on a weak identifier alone.
        weak: u32,
        /// Hash of the footprint rows published for it.
        footprint: Digest,
        /// Commitment to lender, sequence and digest of every feed read.
        feeds: Digest,
        /// Commitment to the question.
        question: Digest,
    },
    /// An inquiry was answered.
    InquiryAnswered {
        /// The opening leaves.
        opened: Vec<LeafReference>,
        /// Commitment to the signed answer.
        answer: Digest,
    },
    /// An inquiry was refused here, before any holder was asked, or by too many holders.
    InquiryRefused {
        /// The consent leaf, where there is one.
        consent: Option<LeafReference>,
        /// Why.
        reason: RefusalCode,
    },
    /// This holder evaluated points.
    EvaluationServed {
        /// For whom.
        peer: MemberId,
        /// With which key.
        evaluation: EvaluationKind,
        /// Epoch of the key.
        epoch: u32,
        /// Generation of the share.
        generation: u32,
        /// The asker's leaf that the evaluation rests on.
        leaf: LeafReference,
        /// The asker's checkpoint.
        checkpoint: CheckpointReference,
        /// What was asked.
        points: PointsReference,
        /// What was answered.
        results: PointsReference,
    },
    /// This holder refused to evaluate.
    EvaluationRefused {
        /// Whom.
        peer: MemberId,
        /// What was asked for.
        evaluation: EvaluationKind,
        /// Why.
        reason: RefusalCode,
    },
    /// A state of this lender's feed was signed.
    FeedState {
        /// Hash of the signed bytes.
        hash: Digest,
        /// Sequence number that it covers.
        sequence: u64,
        /// Number of live rows.
        rows: u64,
        /// As-of date of the data.
        as_of: Option<Day>,
    },
    /// A load was taken in, held by the guard, released or discarded by a named person, or undone.
    LoadDecided {
        /// Commitment to the load's digest, figures and the person who decided.
        commitment: Digest,
        /// `loaded`, `held`, `released`, `discarded` or `undone`.
        decision: LoadDecision,
    },
    /// What explains the points of a leaf was destroyed.
    Erasure {
        /// The leaf that cannot be explained any more.
        of: LeafReference,
        /// Why.
        ground: ErasureGround,
        /// Commitment to the persons who approved.
        approval: Digest,
    },
    /// What explains the points of drawn leaves was given to an auditor.
    BindingMade {
        /// Digest of the auditor's sample.
        sample: Digest,
        /// How many leaves were explained.
        leaves: u32,
    },
    /// A user of this node, or a system with an access token, is about to see what concerns a person, or has recorded it;
    /// or is about to change who may do so.
    Accessed {
        /// Who; the node's list of users explains the number.
        by: UserId,
        /// What.
        access: Access,
        /// The request by which it was done, as the reply's `x-request-id` and the journal name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<TransactionId>,
        /// The leaf that it concerns, where it was there before; else the transaction joins them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<LeafReference>,
        /// The user or access token that is admitted, changed or revoked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
    },
    /// The store of this log's owner was an older copy of itself. The leaves that it lacked came back from mirrors, and
    /// stand before this one; what lies apart and explains them may be lost.
    LogRecovered {
        /// As far as the copy went along with what others had seen.
        had: CheckpointReference,
        /// What others had seen.
        recovered: CheckpointReference,
        /// Leaves of the copy that nobody had seen, written again behind this one.
        again: u32,
    },
    /// This log goes on for one that ended with a break: leaves that its owner had signed were lost for good, or it got
    /// two histories. The operator has removed the member that it belonged to.
    LogSucceeds {
        /// Whose log ended.
        member: MemberId,
        /// As far as its store still had it.
        had: CheckpointReference,
        /// What was signed of it and shown to others.
        signed: CheckpointReference,
    },
    /// A client disputes what a lender reports.
    DisputeOpened {
        /// Commitment to what was said.
        dispute: Digest,
        /// The lender that reports it.
        lender: MemberId,
        /// The consent leaf under which the client saw the report.
        consent: LeafReference,
    },
    /// A dispute about what this lender reports reached it.
    DisputeReceived {
        /// The commitment of the leaf that opened it.
        dispute: Digest,
        /// Where it was opened.
        opener: MemberId,
        /// The leaf that opened it, in the opener's log.
        leaf: LeafReference,
    },
    /// The lender that reports answered a dispute: here, or its answer reached this node.
    DisputeAnswered {
        /// The commitment of the leaf that opened it.
        dispute: Digest,
        /// What the lender says.
        answer: DisputeAnswer,
        /// Commitment to its reasons.
        statement: Digest,
    },
    /// A dispute is closed: here, or at its other end and this node learnt of it.
    DisputeResolved {
        /// The commitment of the leaf that opened it.
        dispute: Digest,
        /// What came of it.
        outcome: DisputeOutcome,
    },
    /// A dispute is open beyond the policy's total period, and the operator is told.
    DisputeEscalated {
        /// The commitment of the leaf that opened it.
        dispute: Digest,
    },
    /// This lender counted its clients for the market figures of a month. Noise was added before this was written.
    MarketCounted {
        /// The month.
        month: Month,
        /// ε of the noise, in thousandths.
        epsilon_thousandths: u32,
        /// Lenders whose rows it had whole, itself included.
        covers: u16,
        /// Lenders that there were.
        of: u16,
        /// Clients whom it counts, known to 1, 2, 3, and 4 or more lenders.
        clients: [i64; MARKET_CLASSES],
    },
}

/// What permits a look-up where the client's consent does not: a court, a supervisor, a law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawfulGround {
    /// Its name in the network's policy.
    pub name: String,
    /// Commitment to the two persons who approved.
    pub approval: Digest,
}

/// Why what explains a leaf was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureGround {
    /// The client asked for it.
    ClientRequest,
    /// The period for which it is kept is over.
    RetentionOver,
    /// A court or an authority ordered it.
    Order,
}

/// What the reporting lender says to a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeAnswer {
    /// It will correct its report.
    Accepted,
    /// The report stands, with reasons.
    Rejected,
}

/// What came of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeOutcome {
    /// The report was corrected.
    Corrected,
    /// The report stands, with reasons.
    Rejected,
    /// The client took it back.
    TakenBack,
}

/// What became of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadDecision {
    /// Taken into the book.
    Loaded,
    /// Held by the guard.
    Held,
    /// Released by a named person.
    Released,
    /// Taken back out of the book.
    Undone,
    /// Held, and thrown away by a named person.
    Discarded,
}

/// One leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leaf {
    /// Version of the schema.
    pub v: u8,
    /// When it was appended, by the log owner's clock.
    pub time: UnixTime,
    /// Joins the leaves of one exchange.
    pub transaction: TransactionId,
    /// What it says.
    #[serde(flatten)]
    pub body: LeafBody,
}

/// Why bytes are not a leaf of this schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Longer than any leaf may be.
    #[error("a log leaf of {bytes} bytes is longer than the {max} that a leaf may have", max = LEAF_BYTES_MAX)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not JSON of the schema.
    #[error("the log leaf is not of the schema of version {LEAF_VERSION}: {what}")]
    Schema {
        /// Line and column of the fault, without content.
        what: String,
    },
}

impl Leaf {
    /// A leaf of the current version.
    pub fn new(time: UnixTime, transaction: TransactionId, body: LeafBody) -> Self {
        Self { v: LEAF_VERSION, time, transaction, body }
    }

    /// The bytes that are logged: compact JSON, keys in the order of `docs/AUDIT.md`.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a leaf has only string keys")
    }

    /// Whether bytes say that they are of a later version of the schema.
    pub fn is_later(bytes: &[u8]) -> bool {
        #[derive(Deserialize)]
        struct Version {
            v: u64,
        }
        serde_json::from_slice::<Version>(bytes).is_ok_and(|found| found.v > u64::from(LEAF_VERSION))
    }

    /// Reads the bytes of a leaf of the current version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LeafError> {
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(LeafError::TooLong { bytes: bytes.len() });
        }
        let place = |e: &serde_json::Error| format!("line {} column {}", e.line(), e.column());
        let leaf: Self = serde_json::from_slice(bytes).map_err(|e| LeafError::Schema { what: place(&e) })?;
        if leaf.v != LEAF_VERSION {
            return Err(LeafError::Schema { what: format!("version {}", leaf.v) });
        }
        Ok(leaf)
    }
}

#[cfg(test)]
mod tests;
