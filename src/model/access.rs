//! What users do, as the log says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a user does with what concerns a client, or with the account of another user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Records a consent or another lawful ground.
    ConsentRecorded,
    /// Looks at consents that were recorded.
    ConsentRead,
    /// Takes a consent back.
    ConsentWithdrawn,
    /// Asks.
    Inquiry,
    /// Reads an answer again.
    AnswerRead,
    /// Makes a client's own report.
    SubjectReport,
    /// Erases what is kept about a client.
    Erasure,
    /// Opens, answers or closes a dispute.
    DisputeStep,
    /// Looks at disputes.
    DisputeRead,
    /// Loads the book, or decides about a load.
    Load,
    /// Looks at rows that a load rejected.
    RejectsRead,
    /// Explains logged points to an auditor.
    Binding,
    /// Takes a backup snapshot.
    Backup,
    /// Admits a user.
    UserAdmitted,
    /// Changes what a user may do, or whether she may sign in.
    UserChanged,
    /// Gives a user a new password, or takes her second factor away: then somebody else could sign in as her.
    SignInReset,
    /// Gives out an access token.
    TokenIssued,
    /// Takes an access token back.
    TokenRevoked,
    /// Proposes a lawful ground or an erasure, which others have to approve.
    Proposed,
    /// Looks at what was proposed.
    ProposalRead,
    /// Approves what another proposed.
    Approved,
    /// Refuses what another proposed, or takes an own proposal back.
    ProposalEnded,
}

#[cfg(test)]
mod tests {
    use super::Access;

    #[test]
    fn words_stand_in_logs_for_ever() {
        let words = [
            (Access::ConsentRecorded, "consent-recorded"),
            (Access::ConsentRead, "consent-read"),
            (Access::ConsentWithdrawn, "consent-withdrawn"),
            (Access::Inquiry, "inquiry"),
            (Access::AnswerRead, "answer-read"),
            (Access::SubjectReport, "subject-report"),
            (Access::Erasure, "erasure"),
            (Access::DisputeStep, "dispute-step"),
            (Access::DisputeRead, "dispute-read"),
            (Access::Load, "load"),
            (Access::RejectsRead, "rejects-read"),
            (Access::Binding, "binding"),
            (Access::Backup, "backup"),
            (Access::UserAdmitted, "user-admitted"),
            (Access::UserChanged, "user-changed"),
            (Access::SignInReset, "sign-in-reset"),
            (Access::TokenIssued, "token-issued"),
            (Access::TokenRevoked, "token-revoked"),
            (Access::Proposed, "proposed"),
            (Access::ProposalRead, "proposal-read"),
            (Access::Approved, "approved"),
            (Access::ProposalEnded, "proposal-ended"),
        ];
        for (access, word) in words {
            assert_eq!(serde_json::to_value(access).unwrap(), word);
            assert_eq!(serde_json::from_value::<Access>(word.into()).unwrap(), access);
        }
    }
}
