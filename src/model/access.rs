//! What users do, as the log says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a user does with what concerns a person.
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
    /// Proposes a lawful ground or an erasure, which others have to approve.
    Proposed,
    /// Looks at what was proposed.
    ProposalRead,
    /// Approves what another proposed.
    Approved,
    /// Refuses what another proposed, or takes an own proposal back.
    ProposalEnded,
}
