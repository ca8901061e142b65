//! JWS compact serialisation (RFC 7515, section 7.1) with Ed25519 (RFC 8037), and no choice of algorithm.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::RECEIPT_BYTES_MAX;
use crate::signing::{Signature, SigningKey, VerifyKey};

/// The `typ` of a receipt: a JWT of our own kind, so that no other token of any kind passes for one (RFC 8725, 3.11).
pub const RECEIPT_TYPE: &str = "consent-receipt+jwt";
/// The `alg` of RFC 8037.
const ALGORITHM: &str = "EdDSA";

/// Why a token is not accepted as a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// Longer than any receipt.
    #[error("the token is longer than the {RECEIPT_BYTES_MAX} bytes that a receipt may have")]
    TooLong,
    /// Not three parts in base64url, or nothing in them that can be read.
    #[error("this is no signed receipt, or its text was damaged")]
    Form,
    /// Signed in another way or for another end.
    #[error("the token's header is not that of a receipt (alg {ALGORITHM}, typ {RECEIPT_TYPE})")]
    Header,
    /// The issuer is no member of the network.
    #[error("the receipt names an issuer that the roster does not list: is it of another network?")]
    UnknownIssuer,
    /// Signed with another key than the issuer's.
    #[error("the receipt names another key than the issuer's")]
    OtherKey,
    /// Forged or damaged.
    #[error("the signature does not verify: the receipt was changed, or the issuer never made it")]
    Signature,
    /// Truly signed by the issuer, and not of the form.
    #[error("the receipt's payload is not of the form: line {line} column {column}")]
    Payload {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
}

/// The protected header, in the order in which it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// The JWK thumbprint (RFC 7638, RFC 8037 appendix A.3) of a key: base64url of SHA-256. It is the `kid` of a receipt.
pub fn key_thumbprint(key: &VerifyKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, jwk.as_bytes()))
}

/// Signs a payload.
///
/// The key signs other objects too, each as `domain || 0x00 || bytes` ([`SigningKey::sign`]). A JWS signing input is
/// base64url and one dot and has no zero byte, so neither is ever the other, whatever is in it.
pub(super) fn sign(payload: &[u8], key: &SigningKey) -> String {
    let header = Header {
        alg: ALGORITHM.to_owned(),
        typ: RECEIPT_TYPE.to_owned(),
        kid: key_thumbprint(&key.verify_key()),
    };
    let header = serde_json::to_vec(&header).expect("a header has only string keys");
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = key.sign_raw(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.0))
}

/// The payload of a token, of which nothing was checked: only to find out whose key it has to be verified with.
pub(super) fn unverified_payload(token: &str) -> Result<Vec<u8>, ReceiptError> {
    decode(parts(token)?.1)
}

/// Verifies a token of this very key, and gives its payload.
pub(super) fn verify(token: &str, key: &VerifyKey) -> Result<Vec<u8>, ReceiptError> {
    let (header, payload, signature) = parts(token)?;
    let signed = token.len() - signature.len() - 1;
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| ReceiptError::Header)?;
    if header.alg != ALGORITHM || header.typ != RECEIPT_TYPE {
        return Err(ReceiptError::Header);
    }
    if header.kid != key_thumbprint(key) {
        return Err(ReceiptError::OtherKey);
    }
    let signature = <[u8; 64]>::try_from(decode(signature)?).map_err(|_| ReceiptError::Form)?;
    let input = token.as_bytes().get(..signed).ok_or(ReceiptError::Form)?;
    key.verify_raw(input, &Signature(signature)).map_err(|_| ReceiptError::Signature)?;
    decode(payload)
}

fn parts(token: &str) -> Result<(&str, &str, &str), ReceiptError> {
    if token.len() > RECEIPT_BYTES_MAX {
        return Err(ReceiptError::TooLong);
    }
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => Ok((header, payload, signature)),
        _ => Err(ReceiptError::Form),
    }
}

fn decode(part: &str) -> Result<Vec<u8>, ReceiptError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| ReceiptError::Form)
}
