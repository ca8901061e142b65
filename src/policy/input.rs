//! What an answer is made of.

use crate::clock::UnixTime;
use crate::model::answer::UnreadableWhy;
use crate::model::day::Day;
use crate::model::facility::FacilityReference;
use crate::model::identifier::{SchemeId, Strength};
use crate::model::inquiry::{Inquiry, Role};
use crate::model::member::{MemberId, NetworkId};
use crate::model::record::{DisputeRecord, ExposureRecord, InquiryFootprint, RecordId};

/// Everything that an answer is made of.
#[derive(Clone, Debug)]
pub struct AssessInput {
    /// The network.
    pub network: NetworkId,
    /// The lender that asks.
    pub asker: MemberId,
    /// The moment of the answer.
    pub now: UnixTime,
    /// The transaction id.
    pub transaction: Vec<u8>,
    /// Salted commitment to the question.
    pub question_commitment: [u8; 32],
    /// The question.
    pub question: Inquiry,
    /// Reference of the asker's own loan that the question's account names; `None` when there is none.
    pub refinanced: Option<FacilityReference>,
    /// What was found for each person of the question, in its order.
    pub persons: Vec<PersonExposures>,
    /// Every member of the network.
    pub members: Vec<MemberFreshness>,
    /// Rows that were found and could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// What was found for one person.
#[derive(Clone, Debug)]
pub struct PersonExposures {
    /// Who she is in the application.
    pub role: Role,
    /// Id of her consent.
    pub consent: String,
    /// Name of the lawful ground that stands in its place, where she did not consent.
    pub ground: Option<String>,
    /// The asker's own records.
    pub own: Vec<ExposureRecord>,
    /// Other lenders' records; records of the asker found among them count as own.
    pub others: Vec<(MemberId, ExposureRecord)>,
    /// Who asked about her, and the present inquiry's footprint if it was found too.
    pub footprints: Vec<(MemberId, InquiryFootprint)>,
    /// Id of the present inquiry's own footprint, which is left out.
    pub this_footprint: Option<RecordId>,
    /// Lenders found under a weak identifier alone and not opened.
    pub weak_lenders: Vec<MemberId>,
    /// Disputes that she opened, with the lender that published them.
    pub disputes: Vec<(MemberId, DisputeRecord)>,
    /// The schemes under which anything of her was found.
    pub matched: Vec<MatchedScheme>,
}

/// A scheme under which a person was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MatchedScheme {
    /// The scheme.
    pub scheme: SchemeId,
    /// Whether it is strong.
    pub strong: bool,
}

impl MatchedScheme {
    /// A scheme of this strength.
    pub fn new(scheme: SchemeId, strength: Strength) -> Self {
        Self { scheme, strong: strength == Strength::Strong }
    }
}

/// How fresh a member's data is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MemberFreshness {
    /// The member.
    pub member: MemberId,
    /// Its name as people know it.
    pub name: String,
    /// Whether it reports; one that does not is not counted.
    pub reports: bool,
    /// The day on which its figures are true.
    pub as_of: Option<Day>,
    /// When its last feed state was signed.
    pub last_heard: Option<UnixTime>,
}

/// Rows of one lender that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The lender.
    pub lender: MemberId,
    /// How many.
    pub count: u32,
    /// Why.
    pub why: UnreadableWhy,
}
