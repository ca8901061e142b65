//! A network's policy as data: what is exchanged, what is asked, what an answer means.
//!
//! The policy travels inside the signed roster, so every member judges by the same one. It is written in TOML;
//! [`PolicyDocument`] and its sections are the manual of that file: every key is a field with its meaning, unit
//! and default. Unknown keys are refused. Defaults stand in [`defaults`] alone, and [`Policy::to_toml`] shows
//! the policy in effect, defaults included.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::amount::{Amount, Rate};
use super::consent::{ConsentTerms, EvidenceKind};
use super::day::Day;
use super::identifier::{DeclaredScheme, SchemeId, SchemeSet};
use super::money::{Currency, Minor};

pub mod defaults;
mod rule;
mod validate;

pub use rule::{Breach, ExposureClass, Rule, RuleName};

/// What is wrong with a policy. It is always the author's to mend: a policy holds no personal data, so the
/// messages quote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML, an unknown or missing key, or a value of the wrong kind.
    #[error("the policy cannot be read: {0}")]
    Unreadable(String),
    /// A key holds a value that cannot stand.
    #[error("policy key `{key}`: {problem}")]
    Key {
        /// Path of the key, as `currencies.pinned.KHR.exponent`.
        key: String,
        /// What is wrong and the way out.
        problem: String,
    },
}

/// A policy that was checked as a whole: nothing in it contradicts anything else.
///
/// Reads like the [`PolicyDocument`] inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyDocument", into = "PolicyDocument")]
pub struct Policy(PolicyDocument);

/// The policy file, key by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// Name of the policy, 1 to 64 characters, shown on every answer.
    pub name: String,
    /// Version of the policy under this name, from 1; every change raises it.
    pub version: u32,
    /// The day on which this version was issued.
    pub issued: Day,
    /// `[identifiers]`: which identifiers find a client.
    pub identifiers: IdentifierPolicy,
    /// `[currencies]`: decimals and reference rates.
    pub currencies: CurrencyPolicy,
    /// `[[rules]]`: what decides the verdict, in the order in which it is explained. One `incomplete_data` rule
    /// is always among them, for a partial answer must never look like "no debt".
    pub rules: Vec<Rule>,
    /// `[freshness]`: when data is too old.
    #[serde(default)]
    pub freshness: FreshnessPolicy,
    /// `[consent]`: what a consent may say.
    #[serde(default)]
    pub consent: ConsentPolicy,
    /// `[inquiry]`: how a question is asked and shown.
    #[serde(default)]
    pub inquiry: InquiryPolicy,
    /// `[quotas]`: how much one member may ask of the key holders.
    #[serde(default)]
    pub quotas: QuotaPolicy,
    /// `[log]`: clocks and witnesses of the consent logs.
    #[serde(default)]
    pub log: LogPolicy,
    /// `[audit]`: how long what explains the logs is kept, and who may erase it.
    #[serde(default)]
    pub audit: AuditPolicy,
    /// `[feed]`: how often rows and feed states are published.
    #[serde(default)]
    pub feed: FeedPolicy,
    /// `[holders]`: what a key holder demands of itself.
    #[serde(default)]
    pub holders: HolderPolicy,
    /// `[retention]`: how long data is kept.
    #[serde(default)]
    pub retention: RetentionPolicy,
    /// `[disputes]`: clocks of a dispute.
    #[serde(default)]
    pub disputes: DisputePolicy,
    /// `[market]`: what market figures may tell.
    #[serde(default)]
    pub market: MarketPolicy,
}

/// `[identifiers]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierPolicy {
    /// Schemes that the network uses, built in or declared below; at least one.
    pub accepted: Vec<SchemeId>,
    /// Schemes that this network declares itself, as `[[identifiers.declared]]`. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<DeclaredScheme>,
    /// Country (ISO 3166-1 alpha-2, upper case) of a telephone number typed without its country code. Without
    /// it, numbers are accepted in international form only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_country: Option<String>,
    /// Whether contents are opened that were found under a weak identifier (telephone, SLK-581) alone, if the
    /// consent allows it too. Default: false, which answers "possible match at N lenders".
    #[serde(default)]
    pub open_weak_matches: bool,
    /// Identifiers to which every person's look-up is padded, so that key holders do not learn how many a
    /// person has. 1 to 16; default 4.
    #[serde(default = "defaults::identifiers_padded_to")]
    pub identifiers_padded_to: usize,
}

/// `[currencies]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyPolicy {
    /// The currency into which sums over several currencies are converted; one of `pinned`.
    pub reference: Currency,
    /// Every currency of the network, as `[currencies.pinned.KHR]`.
    pub pinned: BTreeMap<Currency, PinnedCurrency>,
}

/// `[currencies.pinned.XXX]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedCurrency {
    /// Decimals of amounts in this currency, 0 to 4. Lists of currencies differ (MMK has 0 or 2), so the
    /// network says; it must never change while rows are live.
    pub exponent: u8,
    /// Units of this currency for one unit of the reference currency, as `"4025.5"`; absent for the reference
    /// currency itself, needed for every other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_reference: Option<Rate>,
    /// The day of that rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
}

/// `[freshness]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FreshnessPolicy {
    /// A lender's data is stale when its as-of date lies more days back than this. Default 35: a monthly load
    /// and a few days.
    pub stale_after_days: u32,
    /// A lender is missing when its last signed feed state is older than this. Default 86,400: a day.
    pub missing_after_seconds: u32,
}

/// `[consent]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsentPolicy {
    /// Inquiries that one consent may allow at most. Default 1.
    pub uses_max: u32,
    /// Days that a consent may be valid for at most. Default 90.
    pub period_days_max: u32,
    /// Codes of the purposes for which consent may be asked. Default `loan-application`, `loan-monitoring`,
    /// `guarantee`, `restructuring`, and `subject-access`, without which a client cannot have her own report.
    pub purposes: Vec<String>,
    /// Notices that may be shown to the client, as `[[consent.notices]]`. Default: none, and then no consent
    /// can be recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Lawful grounds that permit a look-up without the client's consent, as `[[consent.grounds]]`. Default: none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
}

/// `[[consent.grounds]]`: a lawful ground other than consent. Two persons of the lender approve each use of it, and it
/// is shown apart wherever consents are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Its name, a code as `court-order`; it stands in the consent leaf.
    pub name: String,
    /// The law or the authority it rests on, for people.
    pub source: String,
    /// Codes of the purposes that it permits; they need not be among `consent.purposes`.
    pub purposes: Vec<String>,
}

/// `[[consent.notices]]`: what the client is told before she consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Version of the wording, as `2026-1`.
    pub version: String,
    /// Language of the text (BCP 47), as `km` or `en`.
    pub language: String,
    /// The whole text, as it is read out or printed.
    pub text: String,
}

/// `[inquiry]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InquiryPolicy {
    /// Days back for which earlier inquiries are read. Default 180.
    pub footprint_days: u32,
    /// Sizes to which an opening is padded, rising, each at most 1,024 points. Default 16, 32, 64, 128, 256,
    /// 512.
    pub opening_size_classes: Vec<usize>,
    /// Whether an answer names the other lenders (`shown`) or numbers them (`masked`). Default `masked`.
    pub lender_names: LenderNames,
}

/// Whether an answer names the other lenders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LenderNames {
    /// By their member names.
    Shown,
    /// As `lender-1`, `lender-2`, in an order that tells nothing about who they are.
    #[default]
    Masked,
}

/// `[quotas]`: per member and UTC day, counted durably by each key holder for itself. Quotas are part of the
/// security: without them a member could walk through every number of a national register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuotaPolicy {
    /// Points evaluated for inquiries. Default 200,000.
    pub inquiry_points_per_day: u32,
    /// Points evaluated for reporting: first publications of a client. Default 200,000.
    pub reporting_points_per_day: u32,
    /// Points for reporting beyond the rows that the feed grew by, within `unpublished_days`. Default 5,000. A lender
    /// whose clients all get their rows stays far below it, however many they are.
    pub unpublished_points: u32,
    /// Days for which points that no row followed are counted. Default 30.
    pub unpublished_days: u32,
    /// Points under one consent, its locate, footprint and opening points together. Default 2,048.
    pub points_per_consent: u32,
    /// Openings. Default 2,000.
    pub inquiries_per_day: u32,
}

/// `[log]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogPolicy {
    /// Seconds by which two members' clocks may differ. Default 900.
    pub skew_seconds: u32,
    /// Witnesses that must have cosigned a checkpoint, out of the network's n. Default: 1 + floor(2n/3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// Seconds within which a member's log must have had a checkpoint with that quorum, or the key holders
    /// refuse it. Default 3,600.
    pub quorum_age_seconds_max: u32,
    /// Days that the proofs of an inquiry are kept for the audit; erasing earlier is a finding. Default 1,095.
    pub audit_days: u32,
}

/// `[audit]`. Before `log.audit_days` are over nothing is erased, unless a court or an authority orders it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditPolicy {
    /// Days after which what explains a leaf may be erased because its time is over; not less than `log.audit_days`.
    /// Default 3,650.
    pub retention_days: u32,
    /// Different persons who must approve an erasure. 2 to 8; default 2.
    pub approvals: u32,
}

/// `[feed]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedPolicy {
    /// Seconds between two batches of changed rows; shorter is fresher, and links the rows of one change more.
    /// 1 to 3,600; default 60.
    pub batch_interval_seconds: u32,
    /// Seconds after which a feed state is signed again even when nothing changed. Default 900.
    pub state_interval_seconds: u32,
}

/// `[holders]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HolderPolicy {
    /// Seconds for which a key holder cut off from the others still serves: withdrawals reach it through them.
    /// Default 3,600.
    pub isolation_seconds_max: u32,
}

/// `[retention]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionPolicy {
    /// Days after its end for which a facility that was repaid is reported. Default 3,650.
    pub positive_days: u32,
    /// Days after its end for which a facility that was in arrears or written off is reported. Default 1,095.
    pub negative_days: u32,
    /// Days for which the trace of a withdrawn row is kept, so that whoever was away still learns of it.
    /// Default 400.
    pub tombstone_days: u32,
}

/// `[disputes]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DisputePolicy {
    /// Days that the lender has for its answer. Default 21.
    pub lender_days: u32,
    /// Days after which a dispute must be resolved. Default 30.
    pub total_days: u32,
}

/// `[market]`. Figures of a month are counted once by every lender, each with noise of its own; the noise is stronger the
/// smaller ε is. `docs/DESIGN.md` says what ε means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarketPolicy {
    /// ε of one month's count, in thousandths; 1 to 10,000. Default 500: a cell of the figures of 28 lenders is then off by
    /// some 45 clients.
    pub epsilon_thousandths: u32,
    /// ε that a lender's counts of twelve months may come to, in thousandths; 0 to 120,000. A lender that has spent it
    /// counts no more until months pass; 0 means no market figures. Default 6,000.
    pub epsilon_yearly_thousandths: u32,
    /// Clients below which a cell of the figures is left out; 1 to 10,000. Default 10.
    pub small_cell: u32,
}

impl Policy {
    /// Reads and checks a policy file.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let document: PolicyDocument =
            toml::from_str(text).map_err(|error| PolicyError::Unreadable(error.to_string()))?;
        Self::try_from(document)
    }

    /// The policy in effect, defaults included, as a file that [`Policy::from_toml`] reads back to the same.
    pub fn to_toml(&self) -> Result<String, PolicyError> {
        toml::to_string(&self.0).map_err(|error| PolicyError::Unreadable(error.to_string()))
    }

    /// Decimals of a currency; `None` when the network does not know the currency.
    pub fn exponent(&self, currency: Currency) -> Option<u8> {
        self.0.currencies.pinned.get(&currency).map(|pinned| pinned.exponent)
    }

    /// Rate and its day of a currency other than the reference; `None` for the reference and for a currency
    /// that the network does not know.
    pub fn rate(&self, currency: Currency) -> Option<(Rate, Day)> {
        let pinned = self.0.currencies.pinned.get(&currency)?;
        pinned.per_reference.zip(pinned.as_of)
    }

    /// Reads and checks identifiers as this network has them. It knows every built-in scheme; which of them the
    /// network uses is [`IdentifierPolicy::accepted`].
    ///
    /// # Panics
    /// Never: the schemes were checked with the policy.
    pub fn schemes(&self) -> SchemeSet {
        validate::scheme_set(&self.0.identifiers).expect("a checked policy's schemes are sound")
    }

    /// A limit of one of the rules in minor units.
    ///
    /// # Panics
    /// When currency or decimals are not the policy's; all of its own limits were checked.
    pub(crate) fn limit_minor(&self, currency: Currency, amount: &Amount) -> Minor {
        let exponent = self.exponent(currency).expect("a checked policy's limits are in its own currencies");
        amount.to_minor(currency, exponent).expect("a checked policy's limits fit its own decimals")
    }
}

impl ConsentPolicy {
    /// Whether a look-up for a purpose (its code) is permitted: by the client's consent, or by the ground of that name.
    pub fn permits(&self, purpose: &str, ground: Option<&str>) -> bool {
        let among = |purposes: &[String]| purposes.iter().any(|permitted| permitted == purpose);
        match ground {
            None => among(&self.purposes),
            Some(name) => self.grounds.iter().any(|ground| ground.name == name && among(&ground.purposes)),
        }
    }

    /// Whether the terms of a consent, or of the ground of that name in its place, claim no more than any may.
    pub fn allows(&self, terms: &ConsentTerms, ground: Option<&str>) -> bool {
        let seconds = terms.until.seconds_since(terms.from);
        u32::from(terms.uses) <= self.uses_max
            && seconds <= i64::from(self.period_days_max) * 86_400
            && self.permits(terms.purpose.word(), ground)
            && ground.is_some() == (terms.evidence == EvidenceKind::Order)
    }

    /// Every purpose that consent or a ground permits, each once.
    pub fn purposes_of_all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.purposes.iter().map(String::as_str).collect();
        for purpose in self.grounds.iter().flat_map(|ground| &ground.purposes) {
            if !all.contains(&purpose.as_str()) {
                all.push(purpose);
            }
        }
        all
    }
}

impl LogPolicy {
    /// Witnesses that must have cosigned, when the network has `witnesses` of them.
    pub fn quorum_of(&self, witnesses: u32) -> u32 {
        self.quorum.unwrap_or_else(|| defaults::quorum_of(witnesses))
    }
}

impl Deref for Policy {
    type Target = PolicyDocument;

    fn deref(&self) -> &PolicyDocument {
        &self.0
    }
}

impl TryFrom<PolicyDocument> for Policy {
    type Error = PolicyError;

    fn try_from(document: PolicyDocument) -> Result<Self, PolicyError> {
        validate::validate(&document)?;
        Ok(Self(document))
    }
}

impl From<Policy> for PolicyDocument {
    fn from(policy: Policy) -> Self {
        policy.0
    }
}
