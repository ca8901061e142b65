//! Disputes as they are kept, each end sealed under its own key ([`super::super::records`]).

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId, commit};
use crate::model::dispute::{DisputeReply, DisputeStatement, HeldAnswer};
use crate::model::leaf::{DisputeOutcome, LeafReference, RefusalCode};
use crate::model::member::MemberId;
use crate::model::record::RecordId;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::records::Kept;
use crate::secret::{Entropy, SecretVec, random_array};
use crate::store::StoreBatch;
use crate::threshold::Locator;
use crate::wire::codec;

/// Version of what is kept.
const RECORD_VERSION: u8 = 1;
/// Bytes of a commitment's salt, in front of what a letter says.
const SALT_BYTES: usize = 32;

/// What is said in a letter: JSON, and the salt of the leaf's commitment to it.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::node) struct Said {
    salt: [u8; SALT_BYTES],
    json: Vec<u8>,
}

/// Something that is said in a letter.
pub(super) trait Says: Serialize + serde::de::DeserializeOwned {
    /// Domain of the letter and of the commitment to it.
    const DOMAIN: &'static str;
}

impl Says for DisputeStatement {
    const DOMAIN: &'static str = "tallystick/dispute/v1";
}

impl Says for DisputeReply {
    const DOMAIN: &'static str = "tallystick/dispute-answer/v1";
}

impl Said {
    pub(super) fn new<T: Says>(what: &T, entropy: &dyn Entropy) -> Self {
        let json = serde_json::to_vec(what).expect("what is said has only string keys");
        Self { salt: random_array(entropy), json }
    }

    /// As it stands in a letter: the salt, then the JSON.
    pub(super) fn to_letter(&self) -> SecretVec {
        SecretVec::new([&self.salt[..], &self.json].concat())
    }

    pub(super) fn from_letter(content: &SecretVec) -> Option<Self> {
        let (salt, json) = content.expose().split_first_chunk::<SALT_BYTES>()?;
        Some(Self { salt: *salt, json: json.to_vec() })
    }

    /// What a leaf commits to it with.
    pub(super) fn commitment<T: Says>(&self) -> Digest {
        commit(&self.salt, T::DOMAIN, &self.json)
    }

    pub(super) fn read<T: Says>(&self) -> Option<T> {
        serde_json::from_slice(&self.json).ok()
    }
}

/// What both ends keep.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::node) struct Course {
    pub(in crate::node) transaction: TransactionId,
    /// The commitment in every leaf of the dispute.
    pub(super) dispute: Digest,
    pub(super) opener: MemberId,
    pub(in crate::node) lender: MemberId,
    pub(in crate::node) about: RecordId,
    pub(super) said: Said,
    pub(in crate::node) opened: UnixTime,
    /// The first leaf of the dispute in this node's log.
    pub(in crate::node) leaf: LeafReference,
    pub(super) answer: Option<KeptAnswer>,
    pub(in crate::node) resolved: Option<(DisputeOutcome, UnixTime)>,
    pub(super) escalated: Option<UnixTime>,
}

/// The lender's answer.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    pub(super) said: Said,
    /// Who decided, at the lender.
    pub(super) by: Option<String>,
}

/// A dispute that was opened here.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::node) struct OpenedDispute {
    pub(in crate::node) course: Course,
    pub(in crate::node) consent: ConsentId,
    /// Who opened it.
    pub(super) by: String,
    /// Id of the row's record.
    pub(super) record: RecordId,
    /// One for each strong identifier of the consent.
    pub(super) rows: Vec<DisputeRow>,
    /// When the lender took it.
    pub(super) delivered: Option<UnixTime>,
    /// Why the lender does not take it.
    pub(super) refused: Option<RefusalCode>,
}

/// A row that flags what is in dispute.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct DisputeRow {
    pub(super) epoch: u32,
    pub(super) locator: Locator,
    pub(super) row_id: [u8; 16],
    /// Its newest version; 0 before it is published.
    pub(super) version: u64,
    /// Whether the newest version withdraws it.
    pub(super) withdrawn: bool,
}

/// A dispute about what this lender reports.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::node) struct ReceivedDispute {
    pub(in crate::node) course: Course,
    pub(super) received: UnixTime,
    /// The client's key in the book.
    pub(in crate::node) client: [u8; 32],
    /// Hash of what the book said of the client when the dispute came.
    pub(super) reported: Digest,
}

impl Course {
    /// What the opener said.
    pub(super) fn statement(&self) -> DisputeStatement {
        self.said.read().expect("it was read before it was kept")
    }

    pub(super) fn held_answer(&self) -> Option<HeldAnswer> {
        let reply: DisputeReply = self.answer.as_ref()?.said.read()?;
        Some(HeldAnswer { answer: reply.answer, text: reply.text, answered: reply.answered })
    }
}

impl Node {
    pub(in crate::node) fn opened_dispute(
        &self,
        dispute: TransactionId,
    ) -> Result<Option<OpenedDispute>, ConsentError> {
        self.records.get(Kept::OpenedDispute, &dispute.0)?.as_ref().map(read_opened).transpose()
    }

    pub(in crate::node) fn received_dispute(
        &self,
        dispute: TransactionId,
    ) -> Result<Option<ReceivedDispute>, ConsentError> {
        self.records.get(Kept::ReceivedDispute, &dispute.0)?.as_ref().map(read_received).transpose()
    }
}

pub(in crate::node) fn read_opened(plain: &SecretVec) -> Result<OpenedDispute, ConsentError> {
    Ok(codec::decode_versioned(RECORD_VERSION, plain.expose(), "dispute")?)
}

pub(in crate::node) fn read_received(plain: &SecretVec) -> Result<ReceivedDispute, ConsentError> {
    Ok(codec::decode_versioned(RECORD_VERSION, plain.expose(), "dispute")?)
}

impl OpenedDispute {
    pub(super) fn put(&self, records: &crate::node::records::Records, batch: &mut StoreBatch) {
        let plain = codec::encode_secret(RECORD_VERSION, self);
        records.put(Kept::OpenedDispute, &self.course.transaction.0, &plain, batch);
    }
}

impl ReceivedDispute {
    pub(super) fn put(&self, records: &crate::node::records::Records, batch: &mut StoreBatch) {
        let plain = codec::encode_secret(RECORD_VERSION, self);
        records.put(Kept::ReceivedDispute, &self.course.transaction.0, &plain, batch);
    }
}
