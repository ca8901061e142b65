//! What a leaf of the log says beside its kind, for who reads the log.

use super::wording::Words;
use crate::model::leaf::{EvaluationKind, LoadDecision, RefusalCode};

impl Words {
    /// Why something was refused, in a word or two.
    pub fn refusal(&self, code: RefusalCode) -> String {
        self.text(match code {
            RefusalCode::WrongOrigin => "leaf-refused-wrong-origin",
            RefusalCode::BadCheckpointSignature => "leaf-refused-bad-checkpoint-signature",
            RefusalCode::InconsistentLog => "leaf-refused-inconsistent-log",
            RefusalCode::OldCheckpoint => "leaf-refused-old-checkpoint",
            RefusalCode::NoQuorum => "leaf-refused-no-quorum",
            RefusalCode::LeafMissing => "leaf-refused-leaf-missing",
            RefusalCode::WrongLeaf => "leaf-refused-wrong-leaf",
            RefusalCode::WrongPoints => "leaf-refused-wrong-points",
            RefusalCode::WrongKey => "leaf-refused-wrong-key",
            RefusalCode::NoConsent => "leaf-refused-no-consent",
            RefusalCode::WrongPurpose => "leaf-refused-wrong-purpose",
            RefusalCode::NotYetValid => "leaf-refused-not-yet-valid",
            RefusalCode::Expired => "leaf-refused-expired",
            RefusalCode::Withdrawn => "leaf-refused-withdrawn",
            RefusalCode::UsedUp => "leaf-refused-used-up",
            RefusalCode::ClockSkew => "leaf-refused-clock-skew",
            RefusalCode::QuotaSpent => "leaf-refused-quota-spent",
            RefusalCode::BadPoints => "leaf-refused-bad-points",
            RefusalCode::NotPermitted => "leaf-refused-not-permitted",
            RefusalCode::Isolated => "leaf-refused-isolated",
            RefusalCode::AheadOfFeed => "leaf-refused-ahead-of-feed",
        })
    }

    /// What a key holder was asked to evaluate for.
    pub fn evaluation(&self, kind: EvaluationKind) -> String {
        self.text(match kind {
            EvaluationKind::Reporting => "leaf-evaluation-reporting",
            EvaluationKind::Locate => "leaf-evaluation-locate",
            EvaluationKind::Footprint => "leaf-evaluation-footprint",
            EvaluationKind::Open => "leaf-evaluation-open",
        })
    }

    /// What was decided about a load.
    pub fn load_decision(&self, decision: LoadDecision) -> String {
        self.text(match decision {
            LoadDecision::Loaded => "leaf-load-loaded",
            LoadDecision::Held => "leaf-load-held",
            LoadDecision::Released => "leaf-load-released",
            LoadDecision::Undone => "leaf-load-undone",
            LoadDecision::Discarded => "leaf-load-discarded",
        })
    }
}
