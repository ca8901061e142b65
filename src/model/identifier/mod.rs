//! Identifiers and their schemes: two spellings of one number must become one value, for behind a hash two
//! spellings are two people.
//!
//! An [`Identifier`] is a scheme and a canonical value, and is made only by parsing: by
//! [`SchemeSet::parse`], by [`Identifier::parse_pair`], or by [`slk_581`] from a name and a birth date. The
//! normal form is frozen ([`NORMAL_FORM_VERSION`]): locators are computed from it and last as long as the
//! network's keys, so a changed rule needs a new version, never a mended old one. Accepting a spelling that
//! was refused before is no change of the normal form; giving a known spelling another value is.
//!
//! No error, `Debug` text or description in this module contains a value.

mod builtin;
mod cards;
mod india;
mod myanmar;
mod normal;
mod phone;
mod scheme;
mod slk;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::limits::IDENTIFIER_BYTES_MAX;
use crate::secret::SecretVec;

pub use normal::Separator;
pub use scheme::{DeclaredScheme, Description, SchemeError, SchemeSet};
pub use slk::{SlkMissing, SlkSex, slk_581, slk_is_complete};

/// Version of the normal form and of [`Identifier::oprf_input`]'s encoding. Version 1 is the first.
pub const NORMAL_FORM_VERSION: u8 = 1;

/// The scheme of padding points. No identifier can carry it, so that padding never meets a person.
pub const PADDING_SCHEME: &str = "tally-padding";

/// Scheme id of telephone numbers.
pub const PHONE: &str = "phone";

/// Scheme id of the statistical linkage key of AIHW.
pub const SLK_581: &str = "slk-581";

/// Name of a scheme: 2 to 24 characters of `a-z`, `0-9` and `-`; never [`PADDING_SCHEME`].
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct SchemeId(String);

impl SchemeId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id written in this module's own source.
    fn known(id: &'static str) -> Self {
        debug_assert!(id.parse::<Self>().is_ok(), "built-in scheme ids are well formed");
        Self(id.to_owned())
    }
}

impl FromStr for SchemeId {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(2..=24).contains(&text.len()) || !text.bytes().all(allowed) {
            return Err(IdentifierError::SchemeId);
        }
        if text == PADDING_SCHEME {
            return Err(IdentifierError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SchemeId {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, IdentifierError> {
        text.parse()
    }
}

impl From<SchemeId> for String {
    fn from(id: SchemeId) -> Self {
        id.0
    }
}

impl fmt::Display for SchemeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a match on a scheme may be trusted to be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Issued to one person for life, or nearly so: a match may be opened.
    Strong,
    /// Shared, re-used or derived: a match is only a possible one.
    Weak,
}

/// One identifier of a person in canonical form.
///
/// The value is personal data: `Debug` hides it and it is wiped when dropped. Serialised as the pair of
/// scheme and canonical value; reading one back checks its shape only, so that a value that was accepted once
/// stays readable for ever.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ZeroizeOnDrop)]
pub struct Identifier {
    #[zeroize(skip)]
    scheme: SchemeId,
    value: String,
}

impl Identifier {
    /// The one place where identifiers come into being. `value` must be canonical ASCII.
    fn from_canonical(scheme: SchemeId, mut value: String) -> Result<Self, IdentifierError> {
        if has_canonical_shape(&value) {
            Ok(Self { scheme, value })
        } else {
            value.zeroize();
            Err(IdentifierError::NotCanonical { scheme })
        }
    }

    /// Parses `scheme:value`, as written on a command line.
    pub fn parse_pair(text: &str, schemes: &SchemeSet) -> Result<Self, IdentifierError> {
        let (scheme, raw) = text.split_once(':').ok_or(IdentifierError::Pair)?;
        schemes.parse(&scheme.trim().parse()?, raw)
    }

    /// The scheme.
    pub fn scheme(&self) -> &SchemeId {
        &self.scheme
    }

    /// The canonical value: personal data, for sealing and hashing, never for a log.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The bytes that are blinded and evaluated to find this identifier's locator.
    ///
    /// [`NORMAL_FORM_VERSION`] as one byte, the length of the scheme as one byte and the scheme, the length of
    /// the value as two bytes (big-endian) and the value. Two different identifiers have different bytes.
    pub fn oprf_input(&self) -> SecretVec {
        encode(self.scheme.as_str(), self.value.as_bytes())
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({}, ..)", self.scheme)
    }
}

impl Serialize for Identifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.scheme, &self.value).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (scheme, value) = <(SchemeId, String)>::deserialize(deserializer)?;
        Self::from_canonical(scheme, value).map_err(serde::de::Error::custom)
    }
}

/// The input of a padding point: the same encoding under [`PADDING_SCHEME`], which no identifier can carry.
/// `random` must be fresh for every point.
pub fn padding_oprf_input(random: &[u8; 32]) -> SecretVec {
    encode(PADDING_SCHEME, random)
}

fn encode(scheme: &str, value: &[u8]) -> SecretVec {
    let scheme_len = u8::try_from(scheme.len()).expect("a scheme id has at most 24 bytes");
    let value_len = u16::try_from(value.len()).expect("a canonical value has at most 256 bytes");
    let mut bytes = Vec::with_capacity(4 + scheme.len() + value.len());
    bytes.push(NORMAL_FORM_VERSION);
    bytes.push(scheme_len);
    bytes.extend_from_slice(scheme.as_bytes());
    bytes.extend_from_slice(&value_len.to_be_bytes());
    bytes.extend_from_slice(value);
    SecretVec::new(bytes)
}

/// Canonical values of every scheme: visible ASCII, not empty, bounded.
fn has_canonical_shape(value: &str) -> bool {
    (1..=IDENTIFIER_BYTES_MAX).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Why a text is not an identifier: the fault of whoever typed it or of the file it came from. Each message
/// says the way out; none contains the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IdentifierError {
    /// Not a scheme id. The text is not repeated: it may be a value in the wrong place.
    #[error("a scheme id has 2 to 24 characters of a-z, 0-9 and '-', as in kh-nid")]
    SchemeId,
    /// The scheme of padding points was asked for.
    #[error("this scheme id is reserved for padding: no identifier can carry it")]
    Reserved,
    /// A well-formed id that is neither built in nor declared. Not repeated, as above.
    #[error("this network has no such scheme: choose one from the list of its schemes")]
    UnknownScheme,
    /// `scheme:value` without a colon.
    #[error("write the scheme, a colon and the value, as in kh-nid:...")]
    Pair,
    /// Nothing is left after spaces and invisible characters are taken away.
    #[error("{scheme} is empty: leave the whole identifier out if it is not known")]
    Empty {
        /// The scheme asked for.
        scheme: SchemeId,
    },
    /// Longer than any identifier.
    #[error("{scheme} is far too long: look for two fields run together")]
    TooLong {
        /// The scheme asked for.
        scheme: SchemeId,
    },
    /// A wrong number of characters.
    #[error("{scheme} has {expected}, found {found}")]
    Length {
        /// The scheme asked for.
        scheme: SchemeId,
        /// What the scheme asks for, with its unit.
        #[serde(skip)]
        expected: &'static str,
        /// How many there were after separators were taken away.
        found: usize,
    },
    /// A character that cannot stand there.
    #[error("{scheme}: the character at place {place} cannot stand there ({allowed})")]
    Character {
        /// The scheme asked for.
        scheme: SchemeId,
        /// Place in the text as typed, counted in characters from 1.
        place: usize,
        /// What may stand there.
        #[serde(skip)]
        allowed: &'static str,
    },
    /// The check digit or letter does not belong to the rest.
    #[error("{scheme}: the check digit does not match: look for a mistyped or swapped digit")]
    CheckDigit {
        /// The scheme asked for.
        scheme: SchemeId,
    },
    /// One digit over and over: a filler, which would make one person of many.
    #[error("{scheme} is one repeated digit, a filler: leave the identifier out if it is not known")]
    Filler {
        /// The scheme asked for.
        scheme: SchemeId,
    },
    /// Another rule of the scheme.
    #[error("{scheme}: {rule}")]
    Rule {
        /// The scheme asked for.
        scheme: SchemeId,
        /// What is wrong and the way out.
        #[serde(skip)]
        rule: &'static str,
    },
    /// The form does not fit the pattern that the network declared.
    #[error(
        "{scheme} does not have the form that the network declared: compare it with the scheme's example"
    )]
    Pattern {
        /// The scheme asked for.
        scheme: SchemeId,
    },
    /// A stored or received value that is not a canonical one: the fault of whoever wrote it.
    #[error("{scheme}: a stored value is not canonical")]
    NotCanonical {
        /// The scheme it was stored under.
        scheme: SchemeId,
    },
}
