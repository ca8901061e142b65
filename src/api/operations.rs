//! The operations of the interface, one by one: what each takes, gives and needs. The guard and the description of the
//! interface read this table; a test holds it against the router and against `docs/API.md`.

use axum::http::Method;

use super::operation::{BYTES, Gives, Need, Operation, get, json, parameter, post, shape};
use super::{
    consents, disputes, doctor, feeds, imports, inquiries, log_export, logs, network, portfolio, proposals,
    subjects, users,
};
use crate::model::leaf::Access;
use crate::model::user::Right;

const NDJSON: &str = imports::NDJSON;

/// What is not worth a schema: its form is that of a document of its own.
type Document = serde_json::Map<String, serde_json::Value>;

use Need::{Anyone, Right as R, Socket};

/// Every operation.
pub(super) const OPERATIONS: &[Operation] = &[
    get(
        "/v1/consents",
        R(Right::Consent),
        "The consents recorded here, a page at a time",
        json::<consents::ConsentsPage>(),
    )
    .asked(&[parameter("after", shape::<crate::digest::ConsentId>, "`next` of the page before")]),
    post(
        "/v1/consents",
        R(Right::Consent),
        "Records a consent",
        shape::<consents::ConsentBody>,
        json::<consents::ConsentRecorded>(),
    )
    .reads(Access::ConsentRead)
    .shows_once(&["withdrawal_code", "receipt"])
    .creates(),
    get(
        "/v1/consents/{consent}",
        R(Right::Consent),
        "A consent as it stands",
        json::<consents::ConsentShown>(),
    ),
    post(
        "/v1/consents/{consent}/withdraw",
        R(Right::Consent),
        "Withdraws a consent",
        shape::<Document>,
        json::<consents::ConsentShown>(),
    )
    .reads(Access::ConsentRead)
    .without_body(),
    // It takes two names for two persons: on the node's own machine alone. From elsewhere it is proposed.
    post(
        "/v1/grounds",
        Socket,
        "Records a lawful ground other than consent",
        shape::<consents::GroundBody>,
        json::<consents::GroundRecorded>(),
    )
    .reads(Access::ConsentRead)
    .creates(),
    // Proposing is for a token as well; approving is for persons, in the console alone.
    get(
        "/v1/proposals",
        R(Right::Consent),
        "Grounds and erasures that were proposed, the newest first, a page at a time",
        json::<proposals::ProposalsPage>(),
    )
    .asked(&[parameter("after", shape::<crate::digest::TransactionId>, "`next` of the page before")]),
    post(
        "/v1/proposals",
        R(Right::Consent),
        "Proposes a lawful ground or an erasure",
        shape::<proposals::ProposalBody>,
        json::<proposals::ProposalShown>(),
    )
    .reads(Access::ProposalRead)
    .creates(),
    get(
        "/v1/proposals/{proposal}",
        R(Right::Consent),
        "A proposal, with what is asked while it waits",
        json::<proposals::ProposalInFull>(),
    ),
    post(
        "/v1/proposals/{proposal}/withdraw",
        R(Right::Consent),
        "Takes an own proposal back",
        shape::<Document>,
        json::<proposals::ProposalShown>(),
    )
    .reads(Access::ProposalRead)
    .without_body(),
    // Whoever has the code may withdraw, at any member.
    post(
        "/v1/withdrawals",
        Anyone,
        "Withdraws by the code on a receipt",
        shape::<consents::WithdrawalBody>,
        json::<consents::WithdrawalTaken>(),
    ),
    post(
        "/v1/subjects/report",
        R(Right::SubjectReport),
        "Makes a client's own report",
        shape::<subjects::ReportBody>,
        json::<subjects::Reported>(),
    )
    .reads(Access::SubjectReport),
    post(
        "/v1/subjects/erase",
        Socket,
        "Erases what is kept about a client",
        shape::<subjects::EraseBody>,
        json::<subjects::ErasedShown>(),
    ),
    get("/v1/disputes", R(Right::Dispute), "Disputes", json::<disputes::DisputesShown>())
        .asked(&[parameter("all", shape::<bool>, "Also what is over, as long as it is kept")]),
    post(
        "/v1/disputes",
        R(Right::Dispute),
        "Opens a dispute",
        shape::<disputes::OpenBody>,
        json::<crate::model::dispute::HeldDispute>(),
    )
    .reads(Access::DisputeRead)
    .creates(),
    post(
        "/v1/disputes/{dispute}/answer",
        R(Right::Dispute),
        "Answers a dispute",
        shape::<disputes::AnswerBody>,
        json::<crate::model::dispute::HeldDispute>(),
    )
    .reads(Access::DisputeRead),
    post(
        "/v1/disputes/{dispute}/resolve",
        R(Right::Dispute),
        "Closes a dispute",
        shape::<disputes::ResolveBody>,
        json::<crate::model::dispute::HeldDispute>(),
    )
    .reads(Access::DisputeRead),
    get("/v1/inquiries", R(Right::Inquire), "The inquiries of a day", json::<inquiries::InquiriesOfDay>())
        .asked(&[parameter(
            "day",
            shape::<crate::model::day::Day>,
            "The day in UTC, YYYY-MM-DD; today when absent",
        )]),
    post(
        "/v1/inquiries",
        R(Right::Inquire),
        "Asks what a household owes",
        shape::<inquiries::InquiryBody>,
        json::<inquiries::InquiryAnswered>(),
    )
    .reads(Access::AnswerRead),
    get(
        "/v1/inquiries/{transaction}",
        R(Right::Inquire),
        "An earlier answer",
        json::<inquiries::InquiryAnswered>(),
    ),
    get(
        "/v1/inquiries/{transaction}/page",
        R(Right::Inquire),
        "An earlier answer as a page for the printer",
        Gives::Bytes("text/html"),
    )
    .asked(&[parameter(
        "language",
        shape::<String>,
        "BCP 47 tag of a language that there are texts in; the best of `Accept-Language` when absent",
    )]),
    get("/v1/status", R(Right::Network), "How the node is", json::<crate::node::Status>()),
    get(
        "/v1/patterns",
        R(Right::Operate),
        "What is unusual in the logs",
        json::<crate::node::PatternReport>(),
    ),
    get("/v1/market", R(Right::Operate), "Market figures", json::<crate::market::MarketReport>()),
    get("/v1/market.csv", R(Right::Operate), "Market figures as a table", Gives::Bytes("text/csv")),
    get("/v1/members", R(Right::Network), "The other members", json::<network::Members>()),
    get("/v1/roster", R(Right::Network), "The roster that is followed", json::<network::RosterShown>()),
    get("/v1/policy", R(Right::Network), "The policy in effect", json::<network::PolicyShown>()),
    get("/v1/doctor", R(Right::Operate), "Checks of the node", json::<doctor::Checkup>()),
    get("/v1/log", R(Right::Log), "The newest checkpoints of the log", json::<logs::LogHeadShown>()),
    post(
        "/v1/log/verify",
        R(Right::Log),
        "Verifies the own log and mirrored ones",
        shape::<Document>,
        json::<logs::LogVerified>(),
    )
    .without_body(),
    post(
        "/v1/log/continue",
        Socket,
        "Goes on without those who have not answered",
        shape::<Document>,
        json::<Document>(),
    )
    .without_body(),
    post(
        "/v1/log/succeeds",
        Socket,
        "Logs that this log goes on for another",
        shape::<logs::Succession>,
        json::<Document>(),
    ),
    get("/v1/log/leaves", R(Right::Log), "Leaves of the log", json::<logs::LeavesPage>()).asked(&[
        parameter("from", shape::<u64>, "Index of the first leaf; 0 when absent"),
        parameter("limit", shape::<u64>, "How many leaves, 1 to 1,024; 100 when absent"),
    ]),
    get("/v1/log/export", R(Right::Log), "What an export of the log holds", json::<Document>()),
    get("/v1/log/export/files/{*path}", R(Right::Log), "A file of the export", Gives::Bytes(BYTES)),
    get(
        "/v1/log/export/rows/{lender}",
        R(Right::Log),
        "Headers of a feed's rows",
        json::<log_export::RowsPage>(),
    )
    .asked(&[parameter(
        "after",
        shape::<u64>,
        "Sequence number of the last row of the page before; 0 when absent",
    )]),
    get("/v1/feeds", R(Right::Network), "The feeds that are held", json::<feeds::FeedsHeld>()),
    get("/v1/feeds/{lender}/pages", R(Right::Maintain), "A page of a feed", Gives::Bytes(BYTES)).asked(&[
        parameter("after", shape::<u64>, "Sequence number after which rows are wanted; 0 when absent"),
    ]),
    post(
        "/v1/feeds/import",
        Socket,
        "Takes feeds from a file",
        shape::<feeds::FeedImportBody>,
        json::<crate::node::FeedsImported>(),
    ),
    post(
        "/v1/audit/bindings",
        R(Right::Bind),
        "Explains an auditor's sample",
        shape::<Document>,
        Gives::Bytes(NDJSON),
    ),
    get("/v1/backup", Socket, "The store as it is", Gives::Bytes("application/x-tar")),
    get("/v1/imports", R(Right::Load), "Loads, a page at a time", json::<imports::Imports>())
        .asked(&[parameter("after", shape::<u64>, "`next` of the page before")]),
    post(
        "/v1/imports",
        Socket,
        "Loads a file of the node's machine",
        shape::<imports::ImportBody>,
        Gives::Bytes(NDJSON),
    ),
    post(
        "/v1/imports/{number}/release",
        R(Right::DecideLoad),
        "Takes a held load into the book",
        shape::<imports::DecisionBody>,
        json::<crate::book::Load>(),
    ),
    post(
        "/v1/imports/{number}/undo",
        R(Right::DecideLoad),
        "Undoes a load",
        shape::<imports::DecisionBody>,
        json::<crate::book::Load>(),
    ),
    post(
        "/v1/imports/{number}/discard",
        R(Right::DecideLoad),
        "Drops a held load",
        shape::<imports::DecisionBody>,
        json::<crate::book::Load>(),
    ),
    get(
        "/v1/imports/{number}/rejects",
        R(Right::Load),
        "Rows that a load rejected",
        json::<imports::Rejects>(),
    ),
    post(
        "/v1/portfolio",
        R(Right::Load),
        "Loads the file that is the body",
        shape::<Document>,
        Gives::Bytes(NDJSON),
    )
    .of_file()
    .asked(&[
        parameter("format", shape::<crate::formats::Format>, "How the file is written").needed(),
        parameter("name", shape::<String>, "What the load is called in lists"),
        parameter(
            "mapping_toml",
            shape::<String>,
            "For CSV and workbooks: which column is which, as `config/mapping.toml`",
        ),
        parameter("full_portfolio", shape::<bool>, "Whether a loan that is not in the file is closed"),
        parameter(
            "dry_run",
            shape::<usize>,
            "Show so many rows as they are understood, at most 100, and write nothing",
        ),
        parameter(
            "default_currency",
            shape::<crate::model::money::Currency>,
            "Currency of rows that name none",
        ),
        parameter("default_branch", shape::<String>, "Branch of rows that name none"),
        parameter(
            "as_of",
            shape::<crate::model::day::Day>,
            "The day of the figures, for files that do not say",
        ),
    ]),
    post(
        "/v1/loans",
        R(Right::Load),
        "Takes single loans, new or changed",
        shape::<portfolio::LoansBody>,
        json::<crate::node::ImportOutcome>(),
    ),
    get("/v1/users", R(Right::Users), "Users, a page at a time", json::<users::Users>()).asked(&[parameter(
        "after",
        shape::<crate::digest::UserId>,
        "`next` of the page before",
    )]),
    post(
        "/v1/users",
        R(Right::Users),
        "Admits a user",
        shape::<users::UserBody>,
        json::<crate::people::User>(),
    )
    .creates(),
    post(
        "/v1/users/{user}",
        R(Right::Users),
        "Changes a user",
        shape::<users::UserChangeBody>,
        json::<crate::people::User>(),
    ),
    get("/v1/tokens", R(Right::Users), "Access tokens, a page at a time", json::<users::Tokens>())
        .asked(&[parameter("after", shape::<crate::digest::UserId>, "`next` of the page before")]),
    post(
        "/v1/tokens",
        R(Right::Users),
        "Gives out an access token",
        shape::<users::TokenBody>,
        json::<users::TokenIssued>(),
    )
    .shows_once(&["secret"])
    .creates(),
    post(
        "/v1/tokens/{token}/revoke",
        R(Right::Users),
        "Takes an access token back",
        shape::<Document>,
        json::<crate::people::AccessToken>(),
    )
    .without_body(),
    get("/v1/openapi", Anyone, "This description as a page to read", Gives::Bytes("text/html")),
    get("/v1/openapi.json", Anyone, "This description", json::<Document>()),
];

/// An operation by the pattern of its path; none where there is no such operation.
pub(super) fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    // A HEAD is answered by the handler of GET.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    OPERATIONS.iter().find(|known| known.method == method.as_str() && known.path == path)
}

/// What an operation takes; none where there is no such operation.
pub(super) fn need_of(method: &Method, path: &str) -> Option<Need> {
    operation(method, path).map(|known| known.need)
}
