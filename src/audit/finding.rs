//! A finding: which institution, which leaf, which rule, and words for a person who is not an engineer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::model::member::MemberId;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// What was not kept. The names are stable: other programs read them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule { $($(#[$doc])* $variant,)+ }

        impl Rule {
            /// Every rule, in the order of `docs/AUDIT.md`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

rules! {
    /// The operator signed two rosters of one version.
    TwoRosters = "two-rosters",
    /// The log accepted a roster that is not the operator's of that version.
    UnknownRoster = "unknown-roster",
    /// Entries, tiles and signed checkpoint do not belong together.
    TreeMismatch = "tree-mismatch",
    /// The institution signed a checkpoint that its log does not contain.
    RewrittenHistory = "rewritten-history",
    /// A log says that it came back from an older copy, and never went through the states that it names.
    WrongRecovery = "wrong-recovery",
    /// The witnesses' quorum is missing, or older than the policy allows.
    NoQuorum = "no-quorum",
    /// A leaf is not of the schema.
    LeafSchema = "leaf-schema",
    /// The log does not begin as a log of this network begins.
    WrongBeginning = "wrong-beginning",
    /// Times in the log go back by more than clocks may differ.
    TimeOrder = "time-order",
    /// The clocks of two institutions differ by more than the policy allows.
    ClockSkew = "clock-skew",
    /// The consent that an opening names is not there.
    OpeningWithoutConsent = "opening-without-consent",
    /// The opening is for another purpose than its consent.
    WrongPurpose = "wrong-purpose",
    /// The consent had not begun.
    ConsentNotBegun = "consent-not-begun",
    /// The consent was over.
    ExpiredConsent = "expired-consent",
    /// The consent was withdrawn before.
    WithdrawnConsent = "withdrawn-consent",
    /// The use of the consent was spent before, or is beyond those allowed.
    ReUsedConsent = "re-used-consent",
    /// The consent claims more than the policy lets any consent permit.
    ConsentBeyondPolicy = "consent-beyond-policy",
    /// A look-up was to rest on a ground that the policy does not declare for its purpose.
    GroundNotDeclared = "ground-not-declared",
    /// Enough key holders helped to open, and neither an answer nor a refusal is logged.
    OpeningWithoutAnswer = "opening-without-answer",
    /// An answer names an opening that is not there.
    AnswerWithoutOpening = "answer-without-opening",
    /// Too few key holders logged that they served a leaf that was answered.
    UnservedLeaf = "unserved-leaf",
    /// A key holder served what has no leaf in the asker's log.
    ServedWithoutLeaf = "served-without-leaf",
    /// A key holder served other points than the asker's leaf names.
    ServedOtherPoints = "served-other-points",
    /// A key holder served a leaf that permits nothing.
    ServedUnlawfully = "served-unlawfully",
    /// A key holder gave two results for the same points.
    DifferentResults = "different-results",
    /// The footprint of an opening was not published.
    MissingFootprint = "missing-footprint",
    /// A signed feed state has no leaf in its lender's log.
    FeedStateWithoutLeaf = "feed-state-without-leaf",
    /// A feed state says something else than its leaf.
    FeedStateMismatch = "feed-state-mismatch",
    /// A lender signed two states of its feed for one sequence number.
    TwoFeedStates = "two-feed-states",
    /// The rows of a copy of a feed are not those that the lender signed.
    FeedCopyDiffers = "feed-copy-differs",
    /// A row without its publisher's proof that it made the row itself.
    RowWithoutKnowledge = "row-without-knowledge",
    /// More was evaluated for reporting than was ever published.
    ExcessReportingEvaluations = "excess-reporting-evaluations",
    /// A dispute was opened without the client's consent in the log before it.
    DisputeWithoutConsent = "dispute-without-consent",
    /// The logs of a dispute's two ends contradict each other.
    DisputeMismatch = "dispute-mismatch",
    /// A lender did not answer a dispute within the policy's period.
    DisputeAnsweredLate = "dispute-answered-late",
    /// A dispute was not closed within the policy's period, by the institution at which it lay.
    DisputeUnresolved = "dispute-unresolved",
    /// The operator was not told of an overdue dispute.
    DisputeNotEscalated = "dispute-not-escalated",
    /// An erasure names a leaf that is not there.
    ErasureOfNothing = "erasure-of-nothing",
    /// What explains a leaf was destroyed before the audit period was over.
    ErasedTooEarly = "erased-too-early",
    /// What explains a leaf was destroyed after the auditor had drawn it.
    ErasedDrawnLeaf = "erased-drawn-leaf",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Whose log or signature shows it.
    pub institution: MemberId,
    /// The leaf of that institution's log, where there is one.
    pub leaf: Option<u64>,
    /// What was not kept.
    pub rule: Rule,
    /// The time of the leaf or of the signature, where there is one.
    pub time: Option<UnixTime>,
    /// What it is, in words.
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json_form() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_string(rule).unwrap(), format!("\"{}\"", rule.word()));
        }
    }
}
