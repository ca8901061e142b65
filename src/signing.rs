//! Ed25519 (RFC 8032) signatures over plain objects, each kind under its own domain string.
//!
//! What is signed is `domain || 0x00 || bytes`. The zero byte cannot occur in a note or in a cosigned message, so no
//! such signature is ever one of a note, whatever key made it.

mod bytes;

use std::fmt;
use std::marker::PhantomData;

use curve25519_dalek::edwards::CompressedEdwardsY;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::limits;
use crate::secret::SecretBytes;

/// Why a key or a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SigningError {
    /// The bytes are no usable public key; whoever gave them out is at fault.
    #[error("not a usable Ed25519 public key")]
    PublicKey,
    /// The signature is not one of this key over these bytes in this domain.
    #[error("the signature does not verify")]
    Signature,
    /// The object to sign is longer than any reader accepts; the signer is at fault.
    #[error("signed object of {0} bytes is too long")]
    TooLong(usize),
}

/// A secret signing key. It is wiped when dropped, and prints only its public half.
///
/// Only the seed is kept, and the key expanded for each signature: ring does not wipe its own form of a key, and
/// twice the time for a signature (some 60 µs) is small beside the fsync that goes before it.
pub struct SigningKey {
    seed: SecretBytes<32>,
    public: VerifyKey,
}

impl SigningKey {
    /// The key that belongs to an RFC 8032 seed.
    pub fn from_seed(seed: SecretBytes<32>) -> Self {
        let public = expand(&seed).public_key().as_ref().try_into().expect("a public key has 32 bytes");
        Self { seed, public: VerifyKey(public) }
    }

    /// The public half.
    pub fn verify_key(&self) -> VerifyKey {
        self.public
    }

    /// Signs `bytes` as an object of the kind `domain`, a fixed string that is not empty and has no zero byte.
    pub fn sign(&self, domain: &str, bytes: &[u8]) -> Signature {
        self.sign_raw(&in_domain(domain, bytes))
    }

    /// Signs a message that brings its own domain separation.
    pub(crate) fn sign_raw(&self, message: &[u8]) -> Signature {
        let signature = expand(&self.seed).sign(message);
        Signature(signature.as_ref().try_into().expect("a signature has 64 bytes"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

fn expand(seed: &SecretBytes<32>) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("a seed has 32 bytes")
}

fn in_domain(domain: &str, bytes: &[u8]) -> Vec<u8> {
    assert!(!domain.is_empty() && !domain.contains('\0'), "a domain is a fixed string without zero bytes");
    [domain.as_bytes(), &[0], bytes].concat()
}

/// A public key: the canonical encoding of a point that is not of small order.
///
/// A key of small order would let anybody sign, and its owner deny. Base64 in readable formats, 32 bytes elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyKey([u8; 32]);

impl VerifyKey {
    /// The RFC 8032 encoding.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature over an object of the kind `domain`.
    pub fn verify(&self, domain: &str, bytes: &[u8], signature: &Signature) -> Result<(), SigningError> {
        self.verify_raw(&in_domain(domain, bytes), signature)
    }

    /// Checks a signature over a message that brings its own domain separation.
    pub(crate) fn verify_raw(&self, message: &[u8], signature: &Signature) -> Result<(), SigningError> {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, &signature.0)
            .map_err(|ring::error::Unspecified| SigningError::Signature)
    }
}

impl TryFrom<[u8; 32]> for VerifyKey {
    type Error = SigningError;

    fn try_from(bytes: [u8; 32]) -> Result<Self, SigningError> {
        let point = CompressedEdwardsY(bytes).decompress().ok_or(SigningError::PublicKey)?;
        if point.is_small_order() || point.compress().0 != bytes {
            return Err(SigningError::PublicKey);
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<&[u8]> for VerifyKey {
    type Error = SigningError;

    fn try_from(bytes: &[u8]) -> Result<Self, SigningError> {
        <[u8; 32]>::try_from(bytes).map_err(|_| SigningError::PublicKey)?.try_into()
    }
}

impl fmt::Debug for VerifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyKey({})", hex::encode(self.0))
    }
}

impl schemars::JsonSchema for VerifyKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "VerifyKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentEncoding": "base64", "description": "32 bytes" })
    }
}

impl Serialize for VerifyKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for VerifyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(bytes::deserialize(deserializer, 32)?.as_slice()).map_err(serde::de::Error::custom)
    }
}

/// An Ed25519 signature. Base64 in readable formats, 64 bytes elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hex::encode(self.0))
    }
}

impl schemars::JsonSchema for Signature {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Signature".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentEncoding": "base64", "description": "64 bytes" })
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes::deserialize(deserializer, 64)?;
        let bytes = bytes.as_slice().try_into();
        bytes.map(Self).map_err(|_| serde::de::Error::custom("a signature has 64 bytes"))
    }
}

/// A kind of object that travels signed.
pub trait SignedObject: Sized {
    /// Names the kind and its version, and is signed with every object. Never shared by two kinds, never empty, no
    /// zero byte.
    const DOMAIN: &'static str;

    /// Why bytes are no such object.
    type Error;

    /// Reads the object from exactly these bytes.
    fn parse(bytes: &[u8]) -> Result<Self, Self::Error>;
}

/// An object as the exact bytes that were signed, with the signature. The object comes out only by verifying.
///
/// Nothing is encoded again to check it, so that the codec can change without touching a signature.
pub struct Signed<T> {
    bytes: Vec<u8>,
    signature: Signature,
    object: PhantomData<fn() -> T>,
}

/// Why a signed object was not accepted. `E` says why its bytes could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignedError<E> {
    /// The signature is not one of this key over these bytes: forged, damaged, or checked with the wrong key.
    #[error("the signature does not verify")]
    Signature,
    /// The bytes are truly those of the signer, and wrong: the signer is at fault.
    #[error("the signed bytes are no such object")]
    Object(#[source] E),
    /// The object is longer than any reader accepts.
    #[error("signed object of {0} bytes is too long")]
    TooLong(usize),
}

/// Largest signed object: a roster.
const OBJECT_BYTES_MAX: usize = limits::ROSTER_BYTES_MAX;

impl<T: SignedObject> Signed<T> {
    /// Signs `bytes`, after reading them as every receiver will.
    pub fn sign(bytes: Vec<u8>, key: &SigningKey) -> Result<Self, SignedError<T::Error>> {
        if bytes.len() > OBJECT_BYTES_MAX {
            return Err(SignedError::TooLong(bytes.len()));
        }
        T::parse(&bytes).map_err(SignedError::Object)?;
        let signature = key.sign(T::DOMAIN, &bytes);
        Ok(Self { bytes, signature, object: PhantomData })
    }

    /// Checks the signature, then reads the object.
    pub fn verify(&self, key: &VerifyKey) -> Result<T, SignedError<T::Error>> {
        key.verify(T::DOMAIN, &self.bytes, &self.signature).map_err(|_| SignedError::Signature)?;
        T::parse(&self.bytes).map_err(SignedError::Object)
    }
}

impl<T> Signed<T> {
    /// Puts together what arrived apart. Nothing is checked but the length, at most
    /// [`limits::ROSTER_BYTES_MAX`].
    pub fn from_parts(bytes: Vec<u8>, signature: Signature) -> Result<Self, SigningError> {
        if bytes.len() > OBJECT_BYTES_MAX {
            return Err(SigningError::TooLong(bytes.len()));
        }
        Ok(Self { bytes, signature, object: PhantomData })
    }

    /// The signed bytes, to store, to forward and to hash. Not yet verified.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signature. Not yet verified.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }
}

impl<T> Clone for Signed<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), signature: self.signature, object: PhantomData }
    }
}

impl<T> PartialEq for Signed<T> {
    /// Same bytes and same signature.
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.signature == other.signature
    }
}

impl<T> Eq for Signed<T> {}

impl<T> fmt::Debug for Signed<T> {
    /// The length only: a receipt is signed too, and names a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({} bytes)", self.bytes.len())
    }
}

impl<T> Serialize for Signed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Parts { bytes: self.bytes.clone(), signature: self.signature }.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Signed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Parts { bytes, signature } = Parts::deserialize(deserializer)?;
        Self::from_parts(bytes, signature).map_err(serde::de::Error::custom)
    }
}

/// The serialised form of [`Signed`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    #[serde(serialize_with = "bytes::serialize", deserialize_with = "object_bytes")]
    bytes: Vec<u8>,
    signature: Signature,
}

fn object_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    bytes::deserialize(deserializer, OBJECT_BYTES_MAX)
}

#[cfg(test)]
mod tests;
