//! What the node could not do, in the visitor's words, with the way out. The one table of the console.

use axum::http::StatusCode;

use super::visit::{Page, Said};
use crate::book::BookError;
use crate::clock::UnixTime;
use crate::log::LogError;
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::node::{
    AskError, ConsentError, DisputeError, EraseError, HolderTrouble, ImportError, InquireError,
    ProposalError, RefusedInquiry, SubjectError,
};
use crate::people::PeopleError;
use crate::store::StoreError;
use crate::words::{
    Sentence, Value, consent_fault_sentence, dispute_fault_sentence, dispute_hindrance_sentence,
    erase_sentence, file_sentence, load_refusal_sentence, name_sentence, other_purpose_sentence,
    proposal_text_sentence, question_sentence,
};

/// Why a visitor does not get what was asked for.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A lawful refusal, by the key holders or by this node.
    Refused(RefusalCode, Option<UnixTime>),
    /// Too few key holders are in reach: how many are needed, how many answered, who did not.
    TooFewHolders { needed: usize, answered: usize, away: Vec<MemberId> },
    /// Something the visitor can mend: a key of a text, and what is wrong.
    Mend(&'static str, Sentence),
    /// Where something stands does not allow it: a key of a text.
    State(&'static str),
    /// The visitor may not do it.
    Forbidden,
    /// It is not there.
    NotThere,
    /// The node itself: a key of a text.
    Node(&'static str),
}

impl Trouble {
    /// A handler panicked, or was stopped.
    pub(super) fn of_panic(failed: &tokio::task::JoinError) -> Self {
        let why =
            if failed.is_panic() { "a handler of the console panicked" } else { "a handler was stopped" };
        tracing::error!(why, "page failed");
        Self::Node("console-trouble-internal")
    }

    /// Status of the page that says so.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Refused(..) | Self::State(_) => StatusCode::CONFLICT,
            Self::Mend(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotThere => StatusCode::NOT_FOUND,
            Self::Node("console-trouble-internal" | "console-trouble-damaged") => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Self::Node("console-trouble-already-disputed" | "console-trouble-not-in-answer") => {
                StatusCode::CONFLICT
            }
            Self::TooFewHolders { .. } | Self::Node(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// In words.
    pub(super) fn said(&self, page: &Page) -> Said {
        let keyed = |key: &str| Said {
            title: page.t(key),
            text: page.t(&format!("{key}-text")),
            out: page.t(&format!("{key}-out")),
        };
        match self {
            Self::Refused(code, renews) => {
                let mut said = keyed(refusal_key(*code));
                if let Some(time) = renews {
                    said.text.push(' ');
                    said.text.push_str(&page.naming("console-trouble-renews", "time", page.moment(*time)));
                }
                said
            }
            Self::TooFewHolders { needed, answered, away } => {
                let names: Vec<&str> = away.iter().map(MemberId::as_str).collect();
                let count = |n: &usize| Value::from(u64::try_from(*n).unwrap_or(u64::MAX));
                let values = [
                    ("needed", count(needed)),
                    ("answered", count(answered)),
                    ("away", Value::from(names.join(", "))),
                ];
                Said {
                    title: page.t("console-trouble-holders"),
                    text: page.with("console-trouble-holders-text", &values),
                    out: page.t("console-trouble-holders-out"),
                }
            }
            Self::Mend(key, detail) => Said {
                title: page.t(key),
                text: page.words().sentence(detail),
                out: page.t(&format!("{key}-out")),
            },
            Self::Forbidden => keyed("console-trouble-forbidden"),
            Self::NotThere => keyed("console-trouble-not-found"),
            Self::Node(key) | Self::State(key) => keyed(key),
        }
    }
}

/// What the node says about itself, in English alone, behind words that say so.
fn in_english(text: impl Into<String>) -> Sentence {
    Sentence::of("console-trouble-in-english").with("english", text.into())
}

/// The key of a refusal's texts. What only the operator can put right has one text together.
fn refusal_key(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::NoConsent => "console-refused-no-consent",
        RefusalCode::WrongPurpose => "console-refused-wrong-purpose",
        RefusalCode::NotYetValid => "console-refused-not-yet-valid",
        RefusalCode::Expired => "console-refused-expired",
        RefusalCode::Withdrawn => "console-refused-withdrawn",
        RefusalCode::UsedUp => "console-refused-used-up",
        RefusalCode::ClockSkew => "console-refused-clock",
        RefusalCode::QuotaSpent => "console-refused-quota",
        RefusalCode::AheadOfFeed => "console-refused-ahead",
        RefusalCode::NoQuorum | RefusalCode::Isolated => "console-refused-apart",
        RefusalCode::NotPermitted => "console-refused-not-permitted",
        RefusalCode::WrongOrigin
        | RefusalCode::BadCheckpointSignature
        | RefusalCode::InconsistentLog
        | RefusalCode::OldCheckpoint
        | RefusalCode::LeafMissing
        | RefusalCode::WrongLeaf
        | RefusalCode::WrongPoints
        | RefusalCode::WrongKey
        | RefusalCode::BadPoints => "console-refused-logs-disagree",
    }
}

impl From<RefusedInquiry> for Trouble {
    fn from(refused: RefusedInquiry) -> Self {
        Self::Refused(refused.reason, refused.renews)
    }
}

impl Trouble {
    /// Whether the visitor can mend it herself.
    pub(super) fn is_the_visitors(&self) -> bool {
        matches!(self, Self::Mend(..))
    }
}

impl From<PeopleError> for Trouble {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Sealed { .. } | PeopleError::Codec(_) => {
                tracing::error!(%error, "what is kept of a user cannot be read");
                Self::Node("console-trouble-damaged")
            }
            other => Self::Mend("console-trouble-question", in_english(other.to_string())),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page failed at the store");
        Self::Node(match error {
            StoreError::DiskFull { .. } => "console-trouble-disk-full",
            StoreError::FailedClosed | StoreError::Io { .. } | StoreError::Locked { .. } => {
                "console-trouble-store"
            }
            StoreError::CorruptRow { .. } | StoreError::Damaged { .. } => "console-trouble-damaged",
            _ => "console-trouble-internal",
        })
    }
}

impl From<LogError> for Trouble {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            LogError::Held => Self::Node("console-trouble-not-settled"),
            error => {
                tracing::error!(%error, "a page failed at the log");
                Self::Node("console-trouble-damaged")
            }
        }
    }
}

impl From<AskError> for Trouble {
    fn from(error: AskError) -> Self {
        let one_reason = error.refusal();
        match error {
            AskError::Log(error) => error.into(),
            AskError::NoKeys => Self::Node("console-trouble-no-keys"),
            AskError::AheadOfFeed => Self::Refused(RefusalCode::AheadOfFeed, None),
            AskError::TooFew { needed, answered, troubles } => {
                let renews = troubles.iter().find_map(|(_, trouble)| match trouble {
                    HolderTrouble::Refused { renews, .. } => *renews,
                    _ => None,
                });
                if let Some(code) = one_reason {
                    return Self::Refused(code, renews);
                }
                let away = troubles.into_iter().map(|(member, _)| member).collect();
                Self::TooFewHolders { needed, answered, away }
            }
        }
    }
}

impl From<ConsentError> for Trouble {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Log(error) => error.into(),
            ConsentError::Sealed(_) | ConsentError::Codec(_) => {
                tracing::error!(%error, "a page failed at a kept consent");
                Self::Node("console-trouble-damaged")
            }
            ConsentError::Unknown(_) => Self::NotThere,
            ConsentError::NotAllowed { why, .. } => {
                Self::Mend("console-trouble-not-allowed", consent_fault_sentence(&why))
            }
            ConsentError::Ask(error) => error.into(),
        }
    }
}

impl From<InquireError> for Trouble {
    fn from(error: InquireError) -> Self {
        let said = question_sentence(&error).unwrap_or_else(|| in_english(error.to_string()));
        match error {
            InquireError::Consent(error) => error.into(),
            InquireError::Question(_) | InquireError::ConsentId(_) => {
                Self::Mend("console-trouble-question", said)
            }
            InquireError::Unfinished(_) => Self::Mend("console-trouble-unfinished", said),
            InquireError::OtherQuestion(_) => Self::Mend("console-trouble-other-question", said),
        }
    }
}

impl From<SubjectError> for Trouble {
    fn from(error: SubjectError) -> Self {
        match error {
            SubjectError::Inquire(error) => error.into(),
            SubjectError::OtherPurpose(purpose) => {
                Self::Mend("console-trouble-question", other_purpose_sentence(purpose))
            }
            SubjectError::Refused(refused) => refused.into(),
        }
    }
}

impl From<DisputeError> for Trouble {
    fn from(error: DisputeError) -> Self {
        match error {
            DisputeError::Consent(error) => error.into(),
            DisputeError::NotALender => Self::Node("console-trouble-not-a-lender"),
            DisputeError::Unknown(_) => Self::NotThere,
            DisputeError::NotInAnswer => Self::Node("console-trouble-not-in-answer"),
            DisputeError::Value { why, .. } => {
                Self::Mend("console-trouble-dispute", dispute_fault_sentence(&why))
            }
            DisputeError::Letter(_) => Self::Mend("console-trouble-dispute", in_english(error.to_string())),
            DisputeError::AlreadyOpen(_) => Self::Node("console-trouble-already-disputed"),
            DisputeError::State { why, .. } => {
                Self::Mend("console-trouble-dispute", dispute_hindrance_sentence(why))
            }
        }
    }
}

impl From<EraseError> for Trouble {
    fn from(error: EraseError) -> Self {
        let said = erase_sentence(&error).unwrap_or_else(|| in_english(error.to_string()));
        match error {
            EraseError::Consent(error) => error.into(),
            _ => Self::Mend("console-trouble-erasure", said),
        }
    }
}

impl From<ProposalError> for Trouble {
    fn from(error: ProposalError) -> Self {
        match error {
            ProposalError::Consent(error) => error.into(),
            ProposalError::Erase(error) => error.into(),
            ProposalError::People(error) => error.into(),
            ProposalError::Unknown => Self::NotThere,
            ProposalError::NoRight(_) => Self::Forbidden,
            ProposalError::Over => Self::State("console-trouble-proposal-over"),
            ProposalError::Own => Self::State("console-trouble-proposal-own"),
            ProposalError::Twice => Self::State("console-trouble-proposal-twice"),
            ProposalError::NotOwn => Self::State("console-trouble-proposal-not-own"),
            ProposalError::TooMany => Self::State("console-trouble-proposal-many"),
            ProposalError::Text { why, .. } => {
                Self::Mend("console-trouble-proposal", proposal_text_sentence(why))
            }
        }
    }
}

impl From<BookError> for Trouble {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Store(error) => error.into(),
            BookError::Sealed { .. } | BookError::Codec(_) => {
                tracing::error!(%error, "a page failed at the book");
                Self::Node("console-trouble-damaged")
            }
            BookError::Load { number, why } => {
                Self::Mend("console-trouble-load-state", load_refusal_sentence(number, why))
            }
        }
    }
}

impl From<ImportError> for Trouble {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Format(error) => Self::Mend("console-trouble-file", file_sentence(&error)),
            ImportError::Book(error) => error.into(),
            ImportError::Log(error) => error.into(),
            ImportError::Busy => Self::Node("console-trouble-busy"),
            ImportError::NotALender => Self::Node("console-trouble-not-a-lender"),
            ImportError::Nobody(_) => Self::Mend("console-trouble-dispute", name_sentence()),
        }
    }
}
