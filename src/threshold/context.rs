//! Which key, which epoch, which holder: the context strings that tie a proof to them.

use std::fmt;
use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

use super::error::ThresholdError;

/// "OPRFV1-" || I2OSP(1, 1) || "-ristretto255-SHA512": CreateContextString of RFC 9497 section 3.1 for mode 0x01.
pub(super) const RFC9497_CONTEXT: &[u8] = b"OPRFV1-\x01-ristretto255-SHA512";

/// Appends the length of `bytes` (8 bytes, big-endian) and `bytes`.
pub(super) fn put_prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// The keys of a network. Each is a secret of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyName {
    /// Turns an identifier into its locator.
    Locate,
    /// Turns an identifier and a month into the locator of its inquiry footprints.
    Footprint,
    /// Opens sealed rows.
    Open,
}

impl KeyName {
    /// The name as it stands in context strings. Frozen: locators and proofs depend on it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Locate => "locate",
            Self::Footprint => "footprint",
            Self::Open => "open",
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a holder's share lies on the polynomial: 1 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct HolderIndex(NonZeroU8);

impl HolderIndex {
    /// The index as a type. Errors: [`ThresholdError::ZeroHolder`].
    pub fn new(index: u8) -> Result<Self, ThresholdError> {
        NonZeroU8::new(index).map(Self).ok_or(ThresholdError::ZeroHolder)
    }

    /// The index as a number.
    pub fn get(self) -> u8 {
        self.0.get()
    }
}

impl TryFrom<u8> for HolderIndex {
    type Error = ThresholdError;

    fn try_from(index: u8) -> Result<Self, ThresholdError> {
        Self::new(index)
    }
}

impl From<HolderIndex> for u8 {
    fn from(index: HolderIndex) -> Self {
        index.get()
    }
}

impl fmt::Display for HolderIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which share of which key an evaluation was made with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyContext {
    /// The key.
    pub key: KeyName,
    /// The network's name.
    pub network: String,
    /// Counts whole new keys.
    pub epoch: u32,
    /// Counts new sharings of one key; only evaluations of one generation can be combined.
    pub generation: u32,
    /// The holder.
    pub holder: HolderIndex,
}

impl KeyContext {
    /// The contextString that this share's DLEQ proofs are made under.
    ///
    /// The locate key uses RFC 9497's own, so that its proofs are the RFC's; they are bound to the share by its
    /// commitment alone, and to epoch and holder by the message around them. The other keys use
    /// `lp("tallystick/dleq/v1") lp(key name) lp(network) epoch generation holder`, where `lp` writes a length
    /// of 8 bytes and the bytes, epoch and generation are 4 bytes and holder is 1; integers are big-endian.
    pub fn dleq_context(&self) -> Vec<u8> {
        if self.key == KeyName::Locate {
            return RFC9497_CONTEXT.to_vec();
        }
        let mut out = Vec::new();
        put_prefixed(&mut out, b"tallystick/dleq/v1");
        put_prefixed(&mut out, self.key.as_str().as_bytes());
        put_prefixed(&mut out, self.network.as_bytes());
        out.extend_from_slice(&self.epoch.to_be_bytes());
        out.extend_from_slice(&self.generation.to_be_bytes());
        out.push(self.holder.get());
        out
    }

    /// Refuses an operation that is not one of this context's key and holder.
    pub(super) fn check(&self, keys: &[KeyName], holder: HolderIndex) -> Result<(), ThresholdError> {
        if keys.contains(&self.key) && self.holder == holder {
            Ok(())
        } else {
            Err(ThresholdError::WrongContext { key: self.key, holder: self.holder })
        }
    }
}
