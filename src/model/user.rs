//! The people and systems that use a node: who they are in the log, what they may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::TransactionId;
pub use crate::digest::UserId;

/// What a person does at the institution. A person may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Records consents and asks, for the clients of one branch.
    LoanOfficer,
    /// The same for every branch; approves what takes two persons; decides about held loads.
    Supervisor,
    /// Loads the book.
    DataClerk,
    /// Watches the network: members, freshness, quotas, market figures. Sees no client.
    Operator,
    /// Reads the log and verifies it. Changes nothing, sees no client.
    Auditor,
    /// Admits users and gives out access tokens. Sees no client.
    Administrator,
}

/// One thing that a caller may do. Roles are sets of them, and so is the scope of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// Record a consent, see and withdraw those of the own branch.
    Consent,
    /// Ask, and read the answers of the own branch.
    Inquire,
    /// Consents, answers and disputes of every branch.
    EveryBranch,
    /// Approve what another person proposed, a lawful ground or an erasure, or refuse it: in the console, as oneself. A
    /// token sees what is asked by it, and approves nothing.
    Approve,
    /// Give a client her own report.
    SubjectReport,
    /// Open disputes, answer and close them.
    Dispute,
    /// Load the book, see loads and rejected rows.
    Load,
    /// Release, discard or undo a load.
    DecideLoad,
    /// See how the node is, who is in the network and how old their data are, and the policy.
    Network,
    /// See patterns, quotas and market figures; test connections.
    Operate,
    /// Read the log, verify and export it.
    Log,
    /// Explain logged points to an auditor, which shows clients' identifiers.
    Bind,
    /// Take a backup snapshot; decide what a restored node goes on with.
    Maintain,
    /// Admit users, reset their passwords, give out and revoke access tokens.
    Users,
}

/// Every role.
pub const ROLES: [Role; 6] = [
    Role::LoanOfficer,
    Role::Supervisor,
    Role::DataClerk,
    Role::Operator,
    Role::Auditor,
    Role::Administrator,
];

/// Every right.
pub const RIGHTS: [Right; 14] = [
    Right::Consent,
    Right::Inquire,
    Right::EveryBranch,
    Right::Approve,
    Right::SubjectReport,
    Right::Dispute,
    Right::Load,
    Right::DecideLoad,
    Right::Network,
    Right::Operate,
    Right::Log,
    Right::Bind,
    Right::Maintain,
    Right::Users,
];

impl Role {
    /// What it may do.
    pub fn rights(self) -> &'static [Right] {
        match self {
            Self::LoanOfficer => {
                &[Right::Consent, Right::Inquire, Right::SubjectReport, Right::Dispute, Right::Network]
            }
            Self::Supervisor => &[
                Right::Consent,
                Right::Inquire,
                Right::EveryBranch,
                Right::Approve,
                Right::SubjectReport,
                Right::Dispute,
                Right::Load,
                Right::DecideLoad,
                Right::Network,
                Right::Bind,
            ],
            Self::DataClerk => &[Right::Load, Right::Network],
            Self::Operator => &[Right::Network, Right::Operate, Right::Maintain],
            Self::Auditor => &[Right::Network, Right::Log],
            Self::Administrator => &[Right::Network, Right::Users],
        }
    }

    /// Its word, as files and the API spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoanOfficer => "loan-officer",
            Self::Supervisor => "supervisor",
            Self::DataClerk => "data-clerk",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

impl Right {
    /// Its word, as the scope of an access token spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Inquire => "inquire",
            Self::EveryBranch => "every-branch",
            Self::Approve => "approve",
            Self::SubjectReport => "subject-report",
            Self::Dispute => "dispute",
            Self::Load => "load",
            Self::DecideLoad => "decide-load",
            Self::Network => "network",
            Self::Operate => "operate",
            Self::Log => "log",
            Self::Bind => "bind",
            Self::Maintain => "maintain",
            Self::Users => "users",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no role or right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one of {known} is expected")]
pub struct UnknownWord {
    known: String,
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let known = || UnknownWord { known: ROLES.map(Self::as_str).join(", ") };
        ROLES.into_iter().find(|role| role.as_str() == text).ok_or_else(known)
    }
}

impl FromStr for Right {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let known = || UnknownWord { known: RIGHTS.map(Self::as_str).join(", ") };
        RIGHTS.into_iter().find(|right| right.as_str() == text).ok_or_else(known)
    }
}

/// Who calls, once it is known: what a handler looks at before it does anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// As the log names the caller: a random number, which the node's list of users explains. None for whoever may use
    /// the node's socket on its own machine.
    pub user: Option<UserId>,
    /// The name, for pages and for what is kept beside a leaf.
    pub name: String,
    /// The branch whose clients the caller serves; none for one that belongs to no branch.
    pub branch: Option<String>,
    /// What the caller may do.
    pub rights: BTreeSet<Right>,
    /// The request by which the caller comes, as journal and log name it; none where there is none.
    pub request: Option<TransactionId>,
}

impl Caller {
    /// Whoever may use the node's socket on its own machine: everything, in nobody's name.
    pub fn local() -> Self {
        Self { user: None, name: "local".to_owned(), branch: None, rights: RIGHTS.into(), request: None }
    }

    /// Whether the caller may do something.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether the caller may see what was done for a branch. What belongs to no branch is seen by those of every branch.
    pub fn sees_branch(&self, branch: Option<&str>) -> bool {
        self.may(Right::EveryBranch) || (branch.is_some() && self.branch.as_deref() == branch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back() {
        assert!(ROLES.into_iter().all(|role| role.as_str().parse() == Ok(role)));
        assert!(RIGHTS.into_iter().all(|right| right.as_str().parse() == Ok(right)));
        let json = serde_json::to_value(RIGHTS).unwrap();
        assert_eq!(json, serde_json::json!(RIGHTS.map(Right::as_str)));
        let json = serde_json::to_value(ROLES).unwrap();
        assert_eq!(json, serde_json::json!(ROLES.map(Role::as_str)));
        assert!("officer".parse::<Role>().unwrap_err().to_string().contains("loan-officer"));
    }

    #[test]
    fn who_watches_sees_no_client() {
        let about_clients = [Right::Consent, Right::Inquire, Right::SubjectReport, Right::Bind, Right::Load];
        for role in [Role::Operator, Role::Auditor, Role::Administrator] {
            assert!(role.rights().iter().all(|right| !about_clients.contains(right)), "{role}");
        }
    }

    #[test]
    fn an_officer_sees_the_own_branch_alone() {
        let caller = |branch: Option<&str>, role: Role| Caller {
            user: Some(UserId([1; 8])),
            name: "a".to_owned(),
            branch: branch.map(str::to_owned),
            rights: role.rights().iter().copied().collect(),
            request: None,
        };
        let officer = caller(Some("north"), Role::LoanOfficer);
        assert!(officer.sees_branch(Some("north")) && !officer.sees_branch(Some("south")));
        assert!(!officer.sees_branch(None), "nobody's branch is not everybody's");
        assert!(!caller(None, Role::LoanOfficer).sees_branch(None));
        assert!(caller(None, Role::Supervisor).sees_branch(Some("south")));
    }
}
