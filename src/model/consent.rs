//! A client's consent to be looked up.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::identifier::Identifier;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, commit};

/// A code or word that is none of those known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of: {expected}")]
pub struct WordError {
    expected: &'static str,
}

macro_rules! words {
    ($(#[$doc:meta])* $type:ident: $expected:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $type { $($(#[$vdoc])* $variant,)+ }

        impl $type {
            /// The word used in files, leaves and commands.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $type {
            type Err = WordError;

            fn from_str(text: &str) -> Result<Self, WordError> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(WordError { expected: $expected }) }
            }
        }
    };
}

words! {
    /// What the look-up is for.
    Purpose: "loan-application, guarantee, restructuring, loan-monitoring, subject-access" {
        /// The client applies for a loan.
        LoanApplication = "loan-application",
        /// The client is to guarantee somebody's loan.
        Guarantee = "guarantee",
        /// The terms of a running loan are to change.
        Restructuring = "restructuring",
        /// A running loan is watched.
        LoanMonitoring = "loan-monitoring",
        /// The client asks what is held about her.
        SubjectAccess = "subject-access",
    }
}

words! {
    /// What proves the consent.
    EvidenceKind: "signed-form, thumbprint, one-time-password, client-key, order" {
        /// A form that the client signed.
        SignedForm = "signed-form",
        /// A thumbprint before a witness.
        Thumbprint = "thumbprint",
        /// A one-time password sent to the client.
        OneTimePassword = "one-time-password",
        /// A signature by the client's own key.
        ClientKey = "client-key",
        /// A document of a court or an authority, where another lawful ground stands in for consent.
        Order = "order",
    }
}

words! {
    /// Where a consent stands.
    ConsentState: "requested, given, refused, withdrawn, expired, used-up" {
        /// Asked for, not yet answered.
        Requested = "requested",
        /// Given, and not ended in any way.
        Given = "given",
        /// The client said no.
        Refused = "refused",
        /// Taken back, by the client's code or at the lender.
        Withdrawn = "withdrawn",
        /// Past its end.
        Expired = "expired",
        /// Every use is spent.
        UsedUp = "used-up",
    }
}

/// Which notice was shown to the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeReference {
    /// Version of the text, as the policy names it.
    pub version: String,
    /// Language shown, a BCP 47 tag.
    pub language: String,
    /// Hash of the exact text.
    pub hash: Digest,
}

/// What a consent permits. These terms stand in the consent leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentTerms {
    /// Names the consent.
    pub consent: ConsentId,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// Not before.
    pub from: UnixTime,
    /// Not at or after.
    pub until: UnixTime,
    /// How many inquiries.
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened, where the policy agrees.
    pub weak_matches: bool,
    /// What was shown.
    pub notice: NoticeReference,
    /// What proves it.
    pub evidence: EvidenceKind,
}

impl NoticeReference {
    /// What stands in the terms where nothing was shown, for another lawful ground permits the look-up: version `none`,
    /// language `zxx` (no language, BCP 47), `hash` that of the empty text.
    pub fn nothing_shown(hash: Digest) -> Self {
        Self { version: "none".to_owned(), language: "zxx".to_owned(), hash }
    }
}

impl ConsentTerms {
    /// The state at `now`, given what else is known.
    pub fn state(&self, now: UnixTime, uses_spent: u16, withdrawn: bool) -> ConsentState {
        if withdrawn {
            ConsentState::Withdrawn
        } else if now >= self.until {
            ConsentState::Expired
        } else if uses_spent >= self.uses {
            ConsentState::UsedUp
        } else {
            ConsentState::Given
        }
    }
}

/// What a consent leaf commits to, under `tallystick/consent/v1`: the number of identifiers, each identifier's encoding,
/// the hash of the evidence and the officer, each behind its length.
pub fn commitment(salt: &[u8; 32], identifiers: &[Identifier], evidence: &Digest, officer: &str) -> Digest {
    let mut payload = Zeroizing::new(Vec::new());
    let mut part = |bytes: &[u8]| {
        payload.extend((bytes.len() as u64).to_be_bytes());
        payload.extend(bytes);
    };
    part(&(identifiers.len() as u64).to_be_bytes());
    for identifier in identifiers {
        part(identifier.oprf_input().expose());
    }
    part(&evidence.0);
    part(officer.as_bytes());
    commit(salt, "tallystick/consent/v1", &payload)
}
