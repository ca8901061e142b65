//! The consent receipt that a client takes away: a JWS (RFC 7515) in compact form, signed with Ed25519 (RFC 8037),
//! whose payload has the field names of ISO/IEC TS 27560:2023. Any JOSE library verifies it (`docs/AUDIT.md`,
//! "Consent receipts").
//!
//! What this boundary may do to us: a token comes from paper, a telephone or a file, and holds anything. Its length is
//! bounded before it is decoded, nothing of it is believed before its signature holds, and the key is looked up in the
//! roster, never in the token.

mod jws;
mod payload;

pub use jws::{RECEIPT_TYPE, ReceiptError, key_thumbprint};
pub use payload::{
    ConsentReceipt, Event, ExchangeTerms, Party, PiiInformation, PrivacyNotice, Processing, Purposes,
    ReceiptFacts, SCHEMA_VERSION,
};

use crate::model::member::{MemberId, NetworkId};
use crate::roster::{Roster, log_origin};
use crate::signing::{SigningKey, VerifyKey};

/// A receipt whose signature was verified, with the member that issued it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// Who issued it.
    pub member: MemberId,
    /// The name under which the roster knows it.
    pub name: String,
    /// What it says.
    pub receipt: ConsentReceipt,
}

/// Makes the receipt of a recorded consent, signed with the member's answer key.
pub fn issue(facts: &ReceiptFacts<'_>, key: &SigningKey) -> String {
    let payload = serde_json::to_vec(&ConsentReceipt::new(facts)).expect("a receipt has only string keys");
    jws::sign(&payload, key)
}

/// Verifies a receipt with a key that is known to be its issuer's, and reads it.
pub fn verify(token: &str, key: &VerifyKey) -> Result<ConsentReceipt, ReceiptError> {
    ConsentReceipt::parse(&jws::verify(token, key)?)
}

/// Verifies a receipt with the key that the roster publishes for the member that it names. A removed member's receipts
/// still verify.
pub fn verify_by_roster(token: &str, roster: &Roster) -> Result<VerifiedReceipt, ReceiptError> {
    // Nobody has signed it as far as is known: that it cannot be read is not yet its issuer's fault.
    let claimed = ConsentReceipt::parse(&jws::unverified_payload(token)?).map_err(|_| ReceiptError::Form)?;
    let network: &NetworkId = roster.network();
    let issuer = roster.document().members.iter().find(|m| log_origin(network, &m.id) == claimed.iss);
    let issuer = issuer.ok_or(ReceiptError::UnknownIssuer)?;
    let receipt = verify(token, &issuer.answer_key)?;
    Ok(VerifiedReceipt { member: issuer.id.clone(), name: issuer.name.clone(), receipt })
}

#[cfg(test)]
mod tests;
