//! What a receipt says: the sections and field names of ISO/IEC TS 27560:2023 (record header, PII processing, party
//! identification, events, receipt metadata), the registered claims `iss` and `iat` of RFC 7519, and under `tally` what
//! the exchange adds: terms, log leaf, withdrawal code.

use serde::{Deserialize, Serialize};

use super::jws::ReceiptError;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, WithdrawalCode};
use crate::model::consent::{ConsentTerms, EvidenceKind, Purpose};
use crate::model::leaf::LeafReference;
use crate::model::member::{MemberId, NetworkId};
use crate::roster::log_origin;

/// The `schema_version` of a receipt: this form of ours, and what it follows.
pub const SCHEMA_VERSION: &str = "tallystick-receipt/1 ISO/IEC TS 27560:2023";

/// What is known when a consent has been recorded.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptFacts<'a> {
    /// The network.
    pub network: &'a NetworkId,
    /// The lender.
    pub member: &'a MemberId,
    /// The name under which people know it.
    pub member_name: &'a str,
    /// When the consent was recorded.
    pub recorded: UnixTime,
    /// What was consented to.
    pub terms: &'a ConsentTerms,
    /// The salted commitment of the consent leaf: it stands for the client, and tells nothing about her.
    pub commitment: Digest,
    /// The consent leaf.
    pub leaf: LeafReference,
    /// Days for which what was found is kept for the audit.
    pub audit_days: u32,
    /// The withdrawal code.
    pub withdrawal: WithdrawalCode,
}

/// The payload of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentReceipt {
    /// Issuer: origin of the lender's consent log, `tally.<network>/<member>`.
    pub iss: String,
    /// When it was issued.
    pub iat: UnixTime,
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// Names the receipt: there is one for each consent, so its id.
    pub receipt_id: ConsentId,
    /// Names the consent record.
    pub record_id: ConsentId,
    /// The commitment in the consent leaf.
    pub pii_principal_id: Digest,
    /// What is done with personal data.
    pub pii_processing: Processing,
    /// Who takes part.
    pub party_identification: Vec<Party>,
    /// What happened.
    pub events: Vec<Event>,
    /// What the exchange adds.
    pub tally: ExchangeTerms,
}

/// `pii_processing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processing {
    /// The notice that was shown.
    pub privacy_notice: PrivacyNotice,
    /// Its language (BCP 47).
    pub language: String,
    /// One purpose: a consent is for one.
    pub purposes: Vec<Purposes>,
}

/// `privacy_notice`: by reference, for the text stands in the network's policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivacyNotice {
    /// Version of the wording, as the policy names it.
    pub version: String,
    /// Hash of the exact text, as in the consent leaf.
    pub hash: Digest,
}

/// An entry of `purposes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purposes {
    /// The purpose's word.
    pub purpose: Purpose,
    /// `consent`.
    pub lawful_basis: String,
    /// What may be read.
    pub pii_information: Vec<PiiInformation>,
    /// `party_id` of the lender.
    pub pii_controllers: Vec<MemberId>,
    /// How consent was taken.
    pub collection_method: EvidenceKind,
    /// For how long what was found is kept for the audit (ISO 8601 duration).
    pub retention_period: String,
    /// How to withdraw.
    pub withdrawal_method: String,
}

/// An entry of `pii_information`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PiiInformation {
    /// `outstanding-exposure`, `recent-inquiries` or `disputes`.
    pub pii_type: String,
}

/// An entry of `party_identification`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The member's id.
    pub party_id: MemberId,
    /// Its name.
    pub party_name: String,
    /// `PII controller`.
    pub party_role: String,
}

/// An entry of `events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When (RFC 3339).
    pub event_time: String,
    /// How long it holds (ISO 8601 duration, seconds).
    pub validity_duration: String,
    /// Who: the client, by the same commitment.
    pub entity_id: Digest,
    /// `explicit`: said or signed, never assumed.
    pub event_type: String,
    /// `given`.
    pub event_state: String,
}

/// `tally`: what the exchange adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeTerms {
    /// The network.
    pub network: NetworkId,
    /// Not before.
    pub from: UnixTime,
    /// Not at or after.
    pub until: UnixTime,
    /// How many inquiries.
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened.
    pub weak_matches: bool,
    /// The consent leaf in the log of `iss`.
    pub leaf: LeafReference,
    /// Withdraws the consent at any member or the operator. The leaf carries its hash.
    pub withdrawal_code: WithdrawalCode,
}

impl ConsentReceipt {
    pub(super) fn new(facts: &ReceiptFacts<'_>) -> Self {
        let terms = facts.terms;
        let information = ["outstanding-exposure", "recent-inquiries", "disputes"];
        Self {
            iss: log_origin(facts.network, facts.member),
            iat: facts.recorded,
            schema_version: SCHEMA_VERSION.to_owned(),
            receipt_id: terms.consent,
            record_id: terms.consent,
            pii_principal_id: facts.commitment,
            pii_processing: Processing {
                privacy_notice: PrivacyNotice {
                    version: terms.notice.version.clone(),
                    hash: terms.notice.hash,
                },
                language: terms.notice.language.clone(),
                purposes: vec![Purposes {
                    purpose: terms.purpose,
                    lawful_basis: "consent".to_owned(),
                    pii_information: information
                        .map(|pii_type| PiiInformation { pii_type: pii_type.to_owned() })
                        .to_vec(),
                    pii_controllers: vec![facts.member.clone()],
                    collection_method: terms.evidence,
                    retention_period: format!("P{}D", facts.audit_days),
                    withdrawal_method: "withdrawal_code, at any member of the network or its operator"
                        .to_owned(),
                }],
            },
            party_identification: vec![Party {
                party_id: facts.member.clone(),
                party_name: facts.member_name.to_owned(),
                party_role: "PII controller".to_owned(),
            }],
            events: vec![Event {
                event_time: facts.recorded.to_string(),
                validity_duration: format!("PT{}S", terms.until.seconds_since(terms.from)),
                entity_id: facts.commitment,
                event_type: "explicit".to_owned(),
                event_state: "given".to_owned(),
            }],
            tally: ExchangeTerms {
                network: facts.network.clone(),
                from: terms.from,
                until: terms.until,
                uses: terms.uses,
                weak_matches: terms.weak_matches,
                leaf: facts.leaf,
                withdrawal_code: facts.withdrawal,
            },
        }
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let place = |e: serde_json::Error| ReceiptError::Payload { line: e.line(), column: e.column() };
        let receipt: Self = serde_json::from_slice(bytes).map_err(place)?;
        if receipt.schema_version != SCHEMA_VERSION {
            return Err(ReceiptError::Payload { line: 1, column: 1 });
        }
        Ok(receipt)
    }
}
