//! Domain-separated hashes and salted commitments, and the fixed-size identifiers made of them.
//!
//! Every hash of the product that no outside document defines goes through [`hash`]: a domain tag, then each
//! part behind its length, so that no two inputs of different meaning ever meet.

use std::fmt;
use std::str::FromStr;

use ring::{digest, hmac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::{Entropy, random_array};

/// A text that is not so many bytes in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {bytes} bytes as {digits} hexadecimal digits", digits = bytes * 2)]
pub struct HexError {
    bytes: usize,
}

macro_rules! hex_bytes {
    ($(#[$doc:meta])* $type:ident, $n:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub [u8; $n]);

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($type), hex::encode(self.0))
            }
        }

        impl FromStr for $type {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                let mut bytes = [0u8; $n];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| HexError { bytes: $n })?;
                Ok(Self(bytes))
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let pattern = format!("^[0-9a-f]{{{}}}$", 2 * $n);
                schemars::json_schema!({ "type": "string", "pattern": pattern })
            }
        }

        impl Serialize for $type {
            /// Hexadecimal in text formats, the bytes alone in binary ones.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                } else {
                    <[u8; $n]>::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

hex_bytes! {
    /// A 32-byte SHA-256 output, or an HMAC-SHA-256 commitment.
    Digest, 32
}

hex_bytes! {
    /// A random 128-bit number that joins the leaves of one exchange in the logs of both its sides.
    TransactionId, 16
}

hex_bytes! {
    /// A random 128-bit number that names a consent. It says nothing about the person.
    ConsentId, 16
}

hex_bytes! {
    /// The random 128-bit code on a client's receipt. Whoever presents it withdraws the consent.
    WithdrawalCode, 16
}

hex_bytes! {
    /// A random 64-bit number that stands for a user of one node in that node's log.
    UserId, 8
}

impl UserId {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(random_array(entropy))
    }
}

impl TransactionId {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(random_array(entropy))
    }
}

impl ConsentId {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(random_array(entropy))
    }
}

impl WithdrawalCode {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(random_array(entropy))
    }

    /// The code in groups of four, as it stands on a receipt.
    pub fn grouped(&self) -> String {
        let digits: Vec<char> = self.to_string().chars().collect();
        digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// What the consent leaf carries of the code.
    pub fn hash(&self) -> Digest {
        hash("tallystick/withdrawal-code/v1", &[&self.0])
    }
}

/// SHA-256 over the domain and the parts, each behind its length as u64 big-endian.
pub fn hash(domain: &str, parts: &[&[u8]]) -> Digest {
    let mut sum = Sha256::default();
    for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
        sum.update(&(part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    sum.finish()
}

/// SHA-256 of bytes as they come, without a domain: for what outside documents name by it, such as files.
#[derive(Clone)]
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    /// The hash of bytes that are there at once.
    pub fn of(bytes: &[u8]) -> Digest {
        let mut sum = Self::default();
        sum.update(bytes);
        sum.finish()
    }

    /// Takes the next bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that came.
    pub fn finish(self) -> Digest {
        let mut out = [0u8; 32];
        out.copy_from_slice(self.0.finish().as_ref());
        Digest(out)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256(..)")
    }
}

impl std::io::Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A salted commitment: HMAC-SHA-256 under a fresh 32-byte salt over the domain and the payload.
///
/// Hiding rests on the salt, which is kept apart and can be destroyed; a payload that can be guessed is safe
/// as long as its salt is.
pub fn commit(salt: &[u8; 32], domain: &str, payload: &[u8]) -> Digest {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, salt));
    for part in [domain.as_bytes(), payload] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0u8; 32];
    out.copy_from_slice(context.sign().as_ref());
    Digest(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash("d", &[b"ab", b"c"]), hash("d", &[b"a", b"bc"]));
        assert_ne!(hash("da", &[b"b"]), hash("d", &[b"ab"]));
        assert_ne!(hash("d", &[]), hash("d", &[b""]));
    }

    #[test]
    fn a_code_on_a_receipt() {
        let code = WithdrawalCode([0xab; 16]);
        assert_eq!(code.grouped(), "abab-abab-abab-abab-abab-abab-abab-abab");
    }

    #[test]
    fn golden() {
        // SHA-256 of (0,0,0,0,0,0,0,1) "d" (0,0,0,0,0,0,0,2) "ab", and the same shape under HMAC with a zero key.
        assert_eq!(
            hash("d", &[b"ab"]).to_string(),
            "e3fd7e83dc3657c5f608d2fa042808824455da969850d82152c6f683711cb7f6"
        );
        assert_eq!(
            commit(&[0; 32], "d", b"ab").to_string(),
            "b5146281a30049678b5a2878ee1f914699bf9a4a360f057c9a08d3aa3582c7d2"
        );
    }
}
