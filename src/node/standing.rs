//! Whether this copy of the own log is known to be the newest: until it is, nothing is appended and nobody is served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Node;
use crate::model::member::MemberId;

/// How far a node is with finding out whether its log is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It is: the node works.
    Settled,
    /// Too few of those who could know have answered.
    Asking,
    /// Others have seen more of the log than is here.
    Behind,
}

/// What a node knows of how much others have seen of its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// How far it is.
    pub phase: Phase,
    /// Leaves of the log here.
    pub have: u64,
    /// Leaves that this node has signed for and shown to others, by its own signature; none when nobody showed more.
    pub seen: Option<u64>,
    /// Who has answered.
    pub answered: Vec<MemberId>,
    /// Who has not, and why.
    pub silent: Vec<Silent>,
    /// What it waits for, in words; empty when it works.
    pub waits_for: String,
}

/// Somebody who has not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Silent {
    /// The member.
    pub member: MemberId,
    /// Why, in words.
    pub why: String,
}

impl Standing {
    /// Nobody was asked yet.
    pub(super) fn unasked(have: u64) -> Self {
        Self {
            phase: Phase::Asking,
            have,
            seen: None,
            answered: Vec::new(),
            silent: Vec::new(),
            waits_for: "the first answers of its witnesses".to_owned(),
        }
    }

    /// The node works.
    pub(super) fn settled(have: u64) -> Self {
        Self { phase: Phase::Settled, waits_for: String::new(), ..Self::unasked(have) }
    }

    /// Whether the node works.
    pub fn is_settled(&self) -> bool {
        self.phase == Phase::Settled
    }
}

impl Node {
    /// How far this node is with finding out whether its log is whole.
    pub fn standing(&self) -> Standing {
        let standing = self.standing.borrow().clone();
        match standing.phase {
            // It has grown since.
            Phase::Settled => Standing { have: self.log.head().size, ..standing },
            _ => standing,
        }
    }

    /// Whether this node appends to its log and serves others.
    pub fn is_settled(&self) -> bool {
        self.standing.borrow().is_settled()
    }

    /// Waits until this node works.
    pub async fn until_settled(&self) {
        // The sender lives as long as the node.
        let _ = self.standing.subscribe().wait_for(Standing::is_settled).await;
    }

    /// Waits until it is in doubt whether this copy of the log is the newest.
    pub async fn until_in_doubt(&self) {
        let _ = self.standing.subscribe().wait_for(|standing| !standing.is_settled()).await;
    }
}
