//! Comparing a copy of the order with the one that a proposal names: whoever approves need not read a hash.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::may_see;
use super::one::{Beside, proposal_id, shown};
use crate::console::Console;
use crate::console::form::PostedFile;
use crate::console::visit::{Answered, Said};

/// `POST /approvals/{proposal}/compare`. The file is hashed as it comes, and not kept.
pub(super) async fn compare(
    State(console): State<Arc<Console>>,
    Path(proposal): Path<String>,
    posted: PostedFile,
) -> Answered {
    may_see(&posted.visit)?;
    let id = proposal_id(&posted.visit, &proposal)?;
    let (visit, form) = posted.hashed().await?;
    let page = &visit.page;
    let beside = if form.digest.is_some() {
        Beside { file: form.digest, ..Beside::default() }
    } else {
        let said = Said {
            title: page.t("approval-not-compared"),
            text: page.t("approval-order-missing"),
            out: page.t("approval-compare-about"),
        };
        Beside::trouble(StatusCode::UNPROCESSABLE_ENTITY, said)
    };
    shown(&console, &visit, id, beside).await
}
