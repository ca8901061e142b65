//! What one lender holds about a client beside its book: the consents recorded for her, and the inquiries under them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::consent::{ConsentState, ConsentTerms};
use super::leaf::LeafReference;
use crate::clock::UnixTime;
use crate::digest::TransactionId;

/// A consent that is held about the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldConsent {
    /// What it permits.
    pub terms: ConsentTerms,
    /// Where it stands.
    pub state: ConsentState,
    /// Uses spent.
    pub uses_spent: u16,
    /// Its leaf in the lender's log.
    pub leaf: LeafReference,
    /// When it was recorded.
    pub recorded: UnixTime,
    /// The lawful ground that stood in for her consent; `null` where she consented.
    pub ground: Option<String>,
    /// Inquiries under it, oldest first.
    pub inquiries: Vec<HeldInquiry>,
}

/// An inquiry under a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldInquiry {
    /// Its transaction.
    pub transaction: TransactionId,
    /// Its opening leaf in the lender's log.
    pub leaf: LeafReference,
}
