//! The one table that maps errors of the node to HTTP.

use serde::Serialize;

use super::problem::{Kind, Problem};
use crate::book::BookError;
use crate::clock::UnixTime;
use crate::log::LogError;
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::node::{
    AskError, ConsentError, DisputeError, EraseError, FeedFileRefused, HolderTrouble, ImportError,
    InquireError, RecoverError, RefusedInquiry, SubjectError,
};
use crate::store::StoreError;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal, $title:literal;)+) => {
        $($(#[$doc])* pub(super) const $name: Kind = Kind { code: $code, status: $status, title: $title };)+
        /// Every kind but the refusals.
        pub(super) const KINDS: &[Kind] = &[$($name),+];
    };
}

kinds! {
    MALFORMED = 400 "malformed-request", "The request is not of the form that the interface has";
    BODY_TIMEOUT = 408 "body-timeout", "The body of the request did not come in time";
    NOT_FOUND = 404 "not-found", "There is nothing under this path";
    UNKNOWN_CONSENT = 404 "unknown-consent", "This node has recorded no such consent";
    UNKNOWN_INQUIRY = 404 "unknown-inquiry", "This node has made no such inquiry, or it was refused";
    UNKNOWN_CALLER = 401 "unknown-caller", "The node does not know who calls";
    FORBIDDEN = 403 "forbidden", "The caller may not do this";
    UNKNOWN_USER = 404 "unknown-user", "There is no such user or token";
    KEY_REUSED = 422 "key-reused", "The idempotency key was used for another request";
    REQUEST_RUNNING = 409 "request-running", "The same request is running";
    DONE_ALREADY = 409 "done-already", "The request was done before, and its reply is not kept";
    TOO_MANY_KEYS = 429 "too-many-keys", "As many replies are kept for the caller as one may have";
    NAME_TAKEN = 409 "name-taken", "There is a user of that name already";
    NOT_A_LENDER = 403 "not-a-lender", "The roster does not list this member as a lender";
    METHOD = 405 "method-not-allowed", "This path has no such method";
    NOTHING_KEPT = 404 "nothing-kept", "Nothing is kept here that could be erased";
    TOO_YOUNG = 409 "too-young", "The policy keeps it for the audit";
    UNKNOWN_DISPUTE = 404 "unknown-dispute", "This member stands at no such end of such a dispute";
    DISPUTE_STATE = 409 "dispute-state", "Where the dispute stands does not allow it";
    UNKNOWN_PROPOSAL = 404 "unknown-proposal", "There is no such proposal here";
    PROPOSAL_STATE = 409 "proposal-state", "Where the proposal stands does not allow it";
    UNFINISHED = 409 "unfinished-inquiry", "An inquiry under this consent is unfinished";
    TRANSACTION_USED = 409 "transaction-used", "The transaction was used for another question";
    IMPORT_RUNNING = 409 "import-running", "Another load is running";
    LOAD_STATE = 409 "load-state", "The load does not exist, or is not in a state that allows it";
    TOO_LARGE = 413 "too-large", "The body of the request is too large";
    MEDIA_TYPE = 415 "unsupported-media-type", "The body of the request must be application/json";
    INVALID = 422 "invalid-value", "A value of the request cannot be used";
    FILE_UNUSABLE = 422 "file-unusable", "The file is not what it should be";
    INTERNAL = 500 "internal", "The node failed";
    STORE_DAMAGED = 500 "store-damaged", "What the node has on its disk is damaged";
    LOG_DAMAGED = 500 "log-damaged", "The consent log does not verify";
    NO_KEYS = 503 "no-keys", "This network has no keys yet";
    TOO_FEW_HOLDERS = 503 "too-few-holders", "Too few key holders answered";
    STORE_FAILED = 503 "store-failed", "The node cannot write to its disk";
    NOT_RUNNING = 503 "not-running", "No node runs here";
    NOT_SETTLED = 503 "not-settled", "The node does not know yet whether its log is whole";
    DISK_FULL = 507 "disk-full", "The disk of the node is full";
}

/// Every lawful refusal.
pub(super) const REFUSALS: [RefusalCode; 21] = [
    RefusalCode::WrongOrigin,
    RefusalCode::BadCheckpointSignature,
    RefusalCode::InconsistentLog,
    RefusalCode::OldCheckpoint,
    RefusalCode::NoQuorum,
    RefusalCode::LeafMissing,
    RefusalCode::WrongLeaf,
    RefusalCode::WrongPoints,
    RefusalCode::WrongKey,
    RefusalCode::NoConsent,
    RefusalCode::WrongPurpose,
    RefusalCode::NotYetValid,
    RefusalCode::Expired,
    RefusalCode::Withdrawn,
    RefusalCode::UsedUp,
    RefusalCode::ClockSkew,
    RefusalCode::QuotaSpent,
    RefusalCode::BadPoints,
    RefusalCode::NotPermitted,
    RefusalCode::Isolated,
    RefusalCode::AheadOfFeed,
];

/// Title of a refusal. All of them have status 409 and the code's own word.
pub(super) fn refusal_kind(code: RefusalCode) -> Kind {
    let (code, title) = match code {
        RefusalCode::WrongOrigin => ("wrong-origin", "The log shown is not the asker's"),
        RefusalCode::BadCheckpointSignature => {
            ("bad-checkpoint-signature", "The log's checkpoint is not signed by its owner")
        }
        RefusalCode::InconsistentLog => ("inconsistent-log", "The log does not lead to its checkpoint"),
        RefusalCode::OldCheckpoint => ("old-checkpoint", "The log is shorter than what was seen before"),
        RefusalCode::NoQuorum => ("no-quorum", "The witnesses have not confirmed the log recently enough"),
        RefusalCode::LeafMissing => ("leaf-missing", "The log does not hold the leaf that was named"),
        RefusalCode::WrongLeaf => ("wrong-leaf", "The leaf is not one that permits this"),
        RefusalCode::WrongPoints => ("wrong-points", "The leaf is about other points"),
        RefusalCode::WrongKey => ("wrong-key", "The key is not one that is served"),
        RefusalCode::NoConsent => ("no-consent", "There is no consent"),
        RefusalCode::WrongPurpose => ("wrong-purpose", "The consent is for another purpose"),
        RefusalCode::NotYetValid => ("not-yet-valid", "The consent has not begun"),
        RefusalCode::Expired => ("expired", "The consent has expired"),
        RefusalCode::Withdrawn => ("withdrawn", "The client has withdrawn the consent"),
        RefusalCode::UsedUp => ("used-up", "Every use of the consent is spent"),
        RefusalCode::ClockSkew => ("clock-skew", "The clocks of the nodes differ too much"),
        RefusalCode::QuotaSpent => ("quota-spent", "A quota is spent"),
        RefusalCode::BadPoints => ("bad-points", "The points cannot be used"),
        RefusalCode::NotPermitted => ("not-permitted", "This member may not ask this"),
        RefusalCode::Isolated => ("isolated", "The key holder has been cut off from the others for too long"),
        RefusalCode::AheadOfFeed => {
            ("ahead-of-feed", "More clients were asked for than the feed has reported since")
        }
    };
    Kind { code, status: 409, title }
}

/// What to do about a refusal.
fn way_out(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::NoConsent => "Record the client's consent first: `tally consent record`.",
        RefusalCode::WrongPurpose => {
            "Ask for the purpose that the client agreed to, or record a new consent."
        }
        RefusalCode::NotYetValid => "Ask again when the consent has begun.",
        RefusalCode::Expired | RefusalCode::UsedUp => "Ask the client for a new consent.",
        RefusalCode::Withdrawn => "Only a new consent of the client permits a new inquiry.",
        RefusalCode::ClockSkew => "Set the clock of this machine; `tally doctor` shows it.",
        RefusalCode::QuotaSpent => "Ask again when the quota renews.",
        RefusalCode::AheadOfFeed => "Publish what is loaded, or ask again when the allowance renews.",
        RefusalCode::NoQuorum | RefusalCode::Isolated => {
            "The members have to reach one another again; `tally doctor` shows which do not."
        }
        RefusalCode::NotPermitted => "The operator gives roles to members.",
        _ => "The logs of this node and of the key holder disagree: keep both, and tell the operator.",
    }
}

impl From<RefusedInquiry> for Problem {
    fn from(refused: RefusedInquiry) -> Self {
        let problem = refusal(refused.reason, refused.renews).with("transaction", refused.transaction);
        match refused.consent {
            Some(consent) => problem.with("consent", consent),
            None => problem,
        }
    }
}

fn refusal(code: RefusalCode, renews: Option<UnixTime>) -> Problem {
    let kind = refusal_kind(code);
    let renewal = renews.map(|time| format!(" It renews at {time}.")).unwrap_or_default();
    let problem = Problem::new(kind, format!("{}.{renewal} {}", kind.title, way_out(code)));
    match renews {
        Some(time) => problem.with("renews", time),
        None => problem,
    }
}

/// A key holder that did not help, in a `too-few-holders` problem.
#[derive(Serialize)]
struct Missing {
    member: MemberId,
    /// `away`, `refused` or `wrong`.
    trouble: &'static str,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews: Option<UnixTime>,
}

impl Missing {
    fn new(member: &MemberId, trouble: &HolderTrouble) -> Self {
        let (word, refusal, renews) = match trouble {
            HolderTrouble::Away(_) => ("away", None, None),
            HolderTrouble::Refused { code, renews } => ("refused", Some(*code), *renews),
            HolderTrouble::Wrong(_) => ("wrong", None, None),
        };
        Self { member: member.clone(), trouble: word, why: trouble.to_string(), refusal, renews }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let detail = error.to_string();
        let one_reason = error.refusal();
        match error {
            AskError::Log(error) => error.into(),
            AskError::NoKeys => Self::new(NO_KEYS, detail),
            AskError::AheadOfFeed => refusal(RefusalCode::AheadOfFeed, None),
            AskError::TooFew { needed, answered, troubles } => {
                if let Some(code) = one_reason {
                    let renews = troubles.iter().find_map(|(_, trouble)| match trouble {
                        HolderTrouble::Refused { renews, .. } => *renews,
                        _ => None,
                    });
                    return refusal(code, renews);
                }
                let holders: Vec<Missing> = troubles.iter().map(|(m, t)| Missing::new(m, t)).collect();
                Self::new(TOO_FEW_HOLDERS, detail)
                    .with("needed", needed)
                    .with("answered", answered)
                    .with("holders", holders)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match error {
            StoreError::DiskFull { .. } => DISK_FULL,
            StoreError::FailedClosed | StoreError::Io { .. } | StoreError::Locked { .. } => STORE_FAILED,
            StoreError::CorruptRow { .. } | StoreError::Damaged { .. } => STORE_DAMAGED,
            StoreError::NewerSchema { .. }
            | StoreError::UnknownTableOnDisk { .. }
            | StoreError::OlderSchema { .. }
            | StoreError::OtherIdentity { .. }
            | StoreError::TooLarge { .. }
            | StoreError::Undeclared { .. } => INTERNAL,
        };
        Self::new(kind, error.to_string()).journal(&error)
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            LogError::Held => Self::new(NOT_SETTLED, error.to_string()),
            LogError::Leaf { .. }
            | LogError::Tree { .. }
            | LogError::NotAsSigned { .. }
            | LogError::Missing { .. } => Self::new(LOG_DAMAGED, error.to_string()).journal(&error),
        }
    }
}

impl From<RecoverError> for Problem {
    fn from(error: RecoverError) -> Self {
        match error {
            RecoverError::Log(error) => error.into(),
            RecoverError::Kept(_) => Self::new(STORE_DAMAGED, error.to_string()).journal(&error),
            RecoverError::Peer(_) | RecoverError::NotTheLog { .. } | RecoverError::TwoHistories { .. } => {
                Self::new(NOT_SETTLED, error.to_string())
            }
        }
    }
}

impl From<BookError> for Problem {
    fn from(error: BookError) -> Self {
        let detail = error.to_string();
        match error {
            BookError::Store(error) => error.into(),
            BookError::Sealed { .. } | BookError::Codec(_) => {
                Self::new(STORE_DAMAGED, &detail).journal(&detail)
            }
            BookError::Load { number, .. } => Self::new(LOAD_STATE, detail).with("number", number),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let detail = error.to_string();
        match error {
            ImportError::Format(_) => Self::new(FILE_UNUSABLE, detail),
            ImportError::Book(error) => error.into(),
            ImportError::Log(error) => error.into(),
            ImportError::Busy => Self::new(IMPORT_RUNNING, detail),
            ImportError::NotALender => Self::new(NOT_A_LENDER, detail),
            ImportError::Nobody(_) => Self::new(INVALID, detail).with("field", "by"),
        }
    }
}

impl From<FeedFileRefused> for Problem {
    fn from(error: FeedFileRefused) -> Self {
        let detail = error.to_string();
        match error {
            FeedFileRefused::Store(error) => error.into(),
            FeedFileRefused::File(_) | FeedFileRefused::OtherNetwork { .. } => {
                Self::new(FILE_UNUSABLE, detail)
            }
        }
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        let detail = error.to_string();
        match error {
            ConsentError::Log(error) => error.into(),
            ConsentError::Sealed(_) | ConsentError::Codec(_) => {
                Self::new(STORE_DAMAGED, &detail).journal(&detail)
            }
            ConsentError::Unknown(_) => Self::new(UNKNOWN_CONSENT, detail),
            ConsentError::NotAllowed { field, .. } => Self::new(INVALID, detail).with("field", field),
            ConsentError::Ask(error) => error.into(),
        }
    }
}

impl From<SubjectError> for Problem {
    fn from(error: SubjectError) -> Self {
        let detail = error.to_string();
        match error {
            SubjectError::Inquire(error) => error.into(),
            SubjectError::OtherPurpose(_) => Self::new(INVALID, detail).with("field", "consent"),
            SubjectError::Refused(refused) => refused.into(),
        }
    }
}

impl From<DisputeError> for Problem {
    fn from(error: DisputeError) -> Self {
        let detail = error.to_string();
        match error {
            DisputeError::Consent(error) => error.into(),
            DisputeError::NotALender => Self::new(NOT_A_LENDER, detail),
            DisputeError::Unknown(dispute) => Self::new(UNKNOWN_DISPUTE, detail).with("dispute", dispute),
            DisputeError::NotInAnswer => Self::new(INVALID, detail).with("field", "record"),
            DisputeError::Value { field, .. } => Self::new(INVALID, detail).with("field", field),
            DisputeError::AlreadyOpen(dispute) | DisputeError::State { dispute, .. } => {
                Self::new(DISPUTE_STATE, detail).with("dispute", dispute)
            }
            DisputeError::Letter(_) => Self::new(INVALID, detail).with("field", "lender"),
        }
    }
}

impl From<EraseError> for Problem {
    fn from(error: EraseError) -> Self {
        let detail = error.to_string();
        match error {
            EraseError::Consent(error) => error.into(),
            EraseError::Nothing => Self::new(NOTHING_KEPT, detail),
            EraseError::TooYoung(from) => Self::new(TOO_YOUNG, detail).with("from", from),
            EraseError::OpenDispute(dispute) => Self::new(DISPUTE_STATE, detail).with("dispute", dispute),
            EraseError::Weak(_) => Self::new(INVALID, detail).with("field", "identifiers"),
        }
    }
}

impl From<InquireError> for Problem {
    fn from(error: InquireError) -> Self {
        let detail = error.to_string();
        match error {
            InquireError::Question(_) => match detail.split_once(": ") {
                Some((field, _)) => Self::new(INVALID, &detail).with("field", field),
                None => Self::new(INVALID, detail),
            },
            InquireError::ConsentId(_) => Self::new(INVALID, detail).with("field", "persons"),
            InquireError::Consent(error) => error.into(),
            InquireError::Unfinished(transaction) => {
                Self::new(UNFINISHED, detail).with("transaction", transaction)
            }
            InquireError::OtherQuestion(transaction) => {
                Self::new(TRANSACTION_USED, detail).with("transaction", transaction)
            }
        }
    }
}
