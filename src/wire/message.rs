//! What peers say to each other over mutual TLS, one frame each, in the codec of [`super::codec`].
//!
//! A connection begins with [`Hello`] from the dialler and [`Welcome`] from the listener, which fix the version;
//! then the dialler sends [`Request`]s and the listener answers each with one [`Reply`], in order.

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, WithdrawalCode};
use crate::feed_state::FeedState;
use crate::model::leaf::{EvaluationKind, LeafReference, RefusalCode};
use crate::model::member::{MemberId, NetworkId};
use crate::signing::Signed;
use crate::threshold::{Locator, SealedRow};

/// The oldest version that this program speaks.
///
/// * 1: first version.
pub const PROTOCOL_VERSION_MIN: u16 = 1;
/// The newest version that this program speaks.
pub const PROTOCOL_VERSION_MAX: u16 = 1;

/// First frame of the dialler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Oldest version spoken.
    pub version_min: u16,
    /// Newest version spoken.
    pub version_max: u16,
    /// The network; another one is refused.
    pub network: NetworkId,
    /// Version of the roster that the dialler follows.
    pub roster_version: u64,
    /// The dialler's clock, so that skew is seen and named.
    pub time: UnixTime,
}

/// First frame of the listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Welcome {
    /// Go on.
    Accepted {
        /// The version to be spoken.
        version: u16,
        /// Version of the roster that the listener follows. The side with the older one asks for the newer.
        roster_version: u64,
        /// The listener's clock.
        time: UnixTime,
    },
    /// No version in common.
    NoCommonVersion {
        /// Oldest version spoken.
        version_min: u16,
        /// Newest version spoken.
        version_max: u16,
    },
    /// The dialler is of another network, or no present member by the listener's roster.
    NotWelcome {
        /// Version of the roster that says so.
        roster_version: u64,
    },
}

/// What a dialler asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The roster that the listener follows.
    Roster,
    /// Rows of a lender's feed after a sequence number.
    Feed {
        /// Whose feed.
        lender: MemberId,
        /// The highest sequence number that the asker holds.
        after: u64,
        /// How long to wait for a row or a newer state when there is none, seconds.
        wait_seconds: u16,
        /// Time of the newest feed state that the asker holds.
        state_after: UnixTime,
    },
    /// Leaves of the dialler's log, to be mirrored and its checkpoint cosigned.
    Witness(LogUpdate),
    /// Evaluations of a key holder.
    Evaluate(Box<EvaluateRequest>),
    /// Proof of an opening that was served before.
    ProveOpening {
        /// The transaction served.
        transaction: TransactionId,
        /// Epoch of the key.
        epoch: u32,
        /// The points of the request, in its order.
        points: Vec<[u8; 32]>,
    },
    /// Somebody presented a withdrawal code.
    Withdraw {
        /// The code.
        code: WithdrawalCode,
    },
    /// Withdrawals that the listener has learnt of, in the order in which it did; also a sign of life.
    Withdrawals {
        /// How many the asker has from this listener.
        after: u64,
    },
    /// What the dialler holds of every feed, to be told what the listener holds otherwise.
    Holdings {
        /// One for each feed of which a signed state is held.
        held: Vec<Holding>,
        /// How long to wait while there is nothing to tell, seconds. To one who waits the listener tells what it has, and
        /// not what it wants.
        wait_seconds: u16,
    },
    /// A page of a feed that the listener wants and cannot fetch itself, for the dialler listens nowhere.
    Carry {
        /// Whose feed.
        lender: MemberId,
        /// The rows, in growing order.
        rows: Vec<FeedRow>,
        /// The newest signed state that the dialler's copy equals.
        state: Signed<FeedState>,
        /// Whether these are the last rows up to that state. If not, the page is full.
        last: bool,
    },
    /// A step of a dispute, to the member at its other end or to the operator.
    Dispute(Box<DisputeMessage>),
    /// How much of the dialler's own log the listener has seen.
    OwnLog,
    /// Leaves of the dialler's own log, from the listener's copy.
    OwnLeaves {
        /// Index of the first.
        from: u64,
    },
    /// The dialler listens nowhere and stands by to be called over this connection. After [`Reply::Called`] it carries no
    /// more frames, but the bytes of a TLS connection in which the dialler is the server.
    StandBy {
        /// How long to wait for a call, seconds.
        wait_seconds: u16,
    },
    /// The dialler would call a member that stands by here. After [`Reply::Reached`] the connection carries no more frames,
    /// but the bytes of a TLS connection in which the dialler is the client.
    Reach {
        /// Whom.
        member: MemberId,
    },
}

/// A feed of which a listener wants to be sent rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedFeed {
    /// Whose feed.
    pub lender: MemberId,
    /// The highest sequence number that the listener holds.
    pub after: u64,
}

/// What a member holds of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Whose feed.
    pub lender: MemberId,
    /// Sequence number of the signed state.
    pub sequence: u64,
    /// When it was signed.
    pub time: UnixTime,
    /// Its set digest.
    pub digest: Digest,
}

/// A lender's signed state, shown by whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldState {
    /// Whose feed.
    pub lender: MemberId,
    /// The state.
    pub state: Signed<FeedState>,
}

/// A step of a dispute, proved by leaves of the sender's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeMessage {
    /// Names the dispute, and joins the leaves of both ends.
    pub transaction: TransactionId,
    /// The leaf that says so: `dispute-opened`, `dispute-answered`, `dispute-resolved` or `dispute-escalated`.
    pub leaf: LoggedLeaf,
    /// The consent leaf, with `dispute-opened`.
    pub consent: Option<LoggedLeaf>,
    /// The sender's signed checkpoint that both leaves are proved against.
    pub checkpoint: Vec<u8>,
    /// What is said, sealed to the receiver; empty where nothing is said.
    pub letter: Vec<u8>,
    /// Whom it is about, for the operator alone.
    pub concerns: Option<DisputeConcerns>,
}

/// What the operator learns of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeConcerns {
    /// Where it was opened.
    pub opener: MemberId,
    /// The reporting lender.
    pub lender: MemberId,
    /// When it was opened.
    pub opened: UnixTime,
}

/// A leaf of the sender's log with its inclusion proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedLeaf {
    /// The leaf's bytes.
    pub bytes: Vec<u8>,
    /// Its index.
    pub index: u64,
    /// The proof, leaf-sibling first.
    pub proof: Vec<[u8; 32]>,
}

/// Leaves of the sender's log since the size that the receiver has, up to a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogUpdate {
    /// Index of the first leaf here: the size that the receiver is believed to have.
    pub from: u64,
    /// The leaves' bytes.
    pub leaves: Vec<Vec<u8>>,
    /// Signed note over the log's size after these leaves.
    pub checkpoint: Vec<u8>,
    /// The sender's newest checkpoint that carries the witnesses' quorum, with cosignatures; empty before the
    /// first.
    pub quorum: Vec<u8>,
}

/// A request for evaluations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluateRequest {
    /// Joins the leaves of both sides.
    pub transaction: TransactionId,
    /// Which evaluation.
    pub evaluation: EvaluationKind,
    /// Epoch of the key.
    pub epoch: u32,
    /// Generation of the share.
    pub generation: u32,
    /// The asker's leaf that permits it: the reporting batch, the consent, or the opening.
    pub leaf: LeafReference,
    /// The points, canonical ristretto255 encodings.
    pub points: Vec<[u8; 32]>,
    /// The asker's log up to a checkpoint that covers the leaf.
    pub update: LogUpdate,
}

/// A holder's own record of what it served: the leaf and its proof in the holder's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedEvidence {
    /// The `evaluation-served` leaf.
    pub leaf: Vec<u8>,
    /// Its index in the holder's log.
    pub index: u64,
    /// Inclusion proof against the checkpoint.
    pub proof: Vec<[u8; 32]>,
    /// The holder's signed checkpoint.
    pub checkpoint: Vec<u8>,
}

/// A row of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// Sequence number in the feed.
    pub sequence: u64,
    /// Epoch of the keys.
    pub epoch: u32,
    /// Under which locator it lies.
    pub locator: Locator,
    /// Names the row; random per locator.
    pub row_id: [u8; 16],
    /// Version of the row, from 1. The newest stands.
    pub version: u64,
    /// The sealed content.
    pub sealed: SealedRow,
}

/// What a listener answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The roster.
    Roster(Signed<crate::roster::RosterDocument>),
    /// Rows in growing order, and the state up to which the listener holds the feed.
    Feed {
        /// The rows.
        rows: Vec<FeedRow>,
        /// The newest signed state that the listener's copy equals.
        state: Signed<FeedState>,
        /// Whether these are the last rows up to that state. If not, the page is full.
        last: bool,
    },
    /// The update was stored and its checkpoint cosigned.
    Cosigned {
        /// The cosignature line of a C2SP signed note.
        cosignature: String,
    },
    /// The receiver has another number of leaves than the update begins at: send from there.
    LogSize {
        /// What it has.
        have: u64,
    },
    /// Evaluations.
    Evaluated(Box<Evaluated>),
    /// Batch proof of an opening.
    OpeningProof {
        /// The proof.
        proof: crate::threshold::DleqProof,
    },
    /// The withdrawal is known here now.
    Withdrawn,
    /// Withdrawals after the asker's count.
    Withdrawals {
        /// The codes.
        codes: Vec<WithdrawalCode>,
    },
    /// Refused, and the holder logged that it did.
    Refused(Refusal),
    /// The listener cannot answer now, through no fault of the dialler.
    Unavailable {
        /// Why, for the journal.
        why: String,
    },
    /// Feed states that the asker does not hold: newer ones, and others for the same sequence number.
    Holdings {
        /// The states.
        states: Vec<HeldState>,
        /// Feeds of which the asker holds more, and which the listener cannot fetch from it.
        wanted: Vec<WantedFeed>,
    },
    /// The page was taken.
    Carried {
        /// The highest sequence number that the listener holds now: the next page begins behind it.
        after: u64,
    },
    /// The step of the dispute is on disk here.
    DisputeTaken,
    /// What the listener has seen of the dialler's log.
    OwnLog {
        /// The newest checkpoint, as the dialler signed it; empty when none was ever shown here.
        checkpoint: Vec<u8>,
        /// False when the listener knows that its own store is an older copy, so that it may have seen more.
        current: bool,
    },
    /// Leaves of the dialler's log, in order; none at the end of the copy.
    OwnLeaves {
        /// Their bytes.
        leaves: Vec<Vec<u8>>,
    },
    /// Somebody calls: from here on the connection carries what that member sends.
    Called,
    /// Nobody has called: the dialler may stand by anew.
    NotCalled,
    /// The member is called: from here on the connection carries what it sends.
    Reached,
    /// As [`Reply::Withdrawn`], and the consent that it ends stands in the listener's own log.
    WithdrawnHere,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// When the quota that is spent renews.
    pub renews: Option<UnixTime>,
}

/// Evaluations of one holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluated {
    /// One result for each point, in order.
    pub results: Vec<[u8; 32]>,
    /// Batch proof: always for the locate and footprint keys, on demand for the open key.
    pub proof: Option<crate::threshold::DleqProof>,
    /// The holder's own record.
    pub evidence: ServedEvidence,
    /// The holder's cosignature of the checkpoint in the update.
    pub cosignature: String,
}
