//! What each operation of the interface takes: one line a route.

use axum::http::Method;

use crate::model::user::Right;

/// What a caller needs for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// This right.
    Right(Right),
    /// To be known.
    Anyone,
    /// To come in by the node's own socket.
    Socket,
}

/// Method, path and need of every operation.
pub(super) const OPERATIONS: &[(&str, &str, Need)] = &[
    ("GET", "/v1/consents", Need::Right(Right::Consent)),
    ("POST", "/v1/consents", Need::Right(Right::Consent)),
    ("GET", "/v1/consents/{consent}", Need::Right(Right::Consent)),
    ("POST", "/v1/consents/{consent}/withdraw", Need::Right(Right::Consent)),
    // Two persons stand behind it.
    ("POST", "/v1/grounds", Need::Right(Right::Approve)),
    // Whoever has the code may withdraw, at any member.
    ("POST", "/v1/withdrawals", Need::Anyone),
    ("POST", "/v1/subjects/report", Need::Right(Right::SubjectReport)),
    ("POST", "/v1/subjects/erase", Need::Right(Right::Approve)),
    ("GET", "/v1/disputes", Need::Right(Right::Dispute)),
    ("POST", "/v1/disputes", Need::Right(Right::Dispute)),
    ("POST", "/v1/disputes/{dispute}/answer", Need::Right(Right::Dispute)),
    ("POST", "/v1/disputes/{dispute}/resolve", Need::Right(Right::Dispute)),
    ("GET", "/v1/inquiries", Need::Right(Right::Inquire)),
    ("POST", "/v1/inquiries", Need::Right(Right::Inquire)),
    ("GET", "/v1/inquiries/{transaction}", Need::Right(Right::Inquire)),
    ("GET", "/v1/status", Need::Right(Right::Network)),
    ("GET", "/v1/patterns", Need::Right(Right::Operate)),
    ("GET", "/v1/market", Need::Right(Right::Operate)),
    ("GET", "/v1/market.csv", Need::Right(Right::Operate)),
    ("GET", "/v1/members", Need::Right(Right::Network)),
    ("GET", "/v1/roster", Need::Right(Right::Network)),
    ("GET", "/v1/policy", Need::Right(Right::Network)),
    ("GET", "/v1/doctor", Need::Right(Right::Operate)),
    ("GET", "/v1/log", Need::Right(Right::Log)),
    ("POST", "/v1/log/verify", Need::Right(Right::Log)),
    ("POST", "/v1/log/continue", Need::Socket),
    ("POST", "/v1/log/succeeds", Need::Socket),
    ("GET", "/v1/log/leaves", Need::Right(Right::Log)),
    ("GET", "/v1/log/export", Need::Right(Right::Log)),
    ("GET", "/v1/log/export/files/{*path}", Need::Right(Right::Log)),
    ("GET", "/v1/log/export/rows/{lender}", Need::Right(Right::Log)),
    ("GET", "/v1/feeds", Need::Right(Right::Network)),
    ("GET", "/v1/feeds/{lender}/pages", Need::Right(Right::Maintain)),
    ("POST", "/v1/feeds/import", Need::Socket),
    ("POST", "/v1/audit/bindings", Need::Right(Right::Bind)),
    ("GET", "/v1/backup", Need::Socket),
    ("GET", "/v1/imports", Need::Right(Right::Load)),
    ("POST", "/v1/imports", Need::Socket),
    ("POST", "/v1/imports/{number}/release", Need::Right(Right::DecideLoad)),
    ("POST", "/v1/imports/{number}/undo", Need::Right(Right::DecideLoad)),
    ("POST", "/v1/imports/{number}/discard", Need::Right(Right::DecideLoad)),
    ("GET", "/v1/imports/{number}/rejects", Need::Right(Right::Load)),
    ("POST", "/v1/portfolio", Need::Right(Right::Load)),
    ("POST", "/v1/loans", Need::Right(Right::Load)),
    ("GET", "/v1/users", Need::Right(Right::Users)),
    ("POST", "/v1/users", Need::Right(Right::Users)),
    ("POST", "/v1/users/{user}", Need::Right(Right::Users)),
    ("GET", "/v1/tokens", Need::Right(Right::Users)),
    ("POST", "/v1/tokens", Need::Right(Right::Users)),
    ("POST", "/v1/tokens/{token}/revoke", Need::Right(Right::Users)),
];

/// What an operation takes; none where there is no such operation.
pub(super) fn need_of(method: &Method, path: &str) -> Option<Need> {
    // A HEAD is answered by the handler of GET.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    OPERATIONS
        .iter()
        .find(|(known, of, _)| *known == method.as_str() && *of == path)
        .map(|(_, _, need)| *need)
}
