//! What a check of a binding found.

use serde::Serialize;

use crate::model::member::MemberId;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The institution that has to answer for it.
    pub institution: MemberId,
    /// The leaf of its log; none where it is about the binding as a whole.
    pub leaf: Option<u64>,
    /// The rule, by its word in `docs/AUDIT.md`.
    pub rule: Rule,
    /// What is wrong, for people. Names nobody and repeats no number.
    pub words: String,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// The rules of a binding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule { $($(#[$doc])* $variant,)+ }

        impl Rule {
            /// The rule's word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

rules! {
    /// The sample in the binding is not the one that the auditor drew, or not the one that its seed draws.
    SampleDiffers = "sample-differs",
    /// A drawn leaf is missing from the binding.
    LeafNotBound = "leaf-not-bound",
    /// A line of the binding explains a leaf that is not what it says.
    WrongLeaf = "wrong-leaf",
    /// The institution has nothing that explains the leaf, or says of a whole reporting batch that it was erased.
    NotExplained = "not-explained",
    /// The erasure that the institution names is not in its log.
    ErasureNotLogged = "erasure-not-logged",
    /// What explained the leaf was erased after the leaf was drawn.
    ErasedAfterDraw = "erased-after-draw",
    /// Too few different persons approved an erasure or a lawful ground, or nobody is shown who did.
    NotApproved = "not-approved",
    /// A commitment in the leaf does not open to what is shown.
    CommitmentDiffers = "commitment-differs",
    /// The points that are explained are not the leaf's.
    PointsDiffer = "points-differ",
    /// An evaluation is not that of the key holder's share.
    EvaluationWrong = "evaluation-wrong",
    /// An opening rests on identifiers that were never located.
    NotEvaluated = "not-evaluated",
    /// A row's publisher did not know its secret.
    RowWithoutKnowledge = "row-without-knowledge",
    /// An opened row does not lie under an identifier of the consent.
    RowOfAnother = "row-of-another",
    /// An opened row is not the one that its lender published.
    RowDiffersFromFeed = "row-differs-from-feed",
    /// An opened row was never published by its lender.
    RowUnknown = "row-unknown",
    /// Another number of rows rests on weak identifiers than the leaf says.
    WeakCountDiffers = "weak-count-differs",
    /// A row was opened on a weak identifier alone, which the consent or the policy forbids.
    WeakMatchOpened = "weak-match-opened",
    /// The footprint rows are not those of the leaf.
    FootprintDiffers = "footprint-differs",
    /// A footprint is missing: none for a strong identifier, or not in the feed.
    MissingFootprint = "missing-footprint",
    /// A client was located for reporting, and the feed has no such row.
    NoLiveRow = "no-live-row",
    /// A row was published, or a number located for reporting, without a borrower.
    RowWithoutBorrower = "row-without-borrower",
    /// The identifiers that were looked up are not those of the paper form.
    OtherPersonThanForm = "other-person-than-form",
    /// The log does not say that the binding was made.
    BindingNotLogged = "binding-not-logged",
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_one_word() {
        for rule in [Rule::SampleDiffers, Rule::OtherPersonThanForm, Rule::RowWithoutBorrower] {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.word());
        }
    }
}
