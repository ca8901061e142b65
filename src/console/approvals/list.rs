//! What was proposed, and what came of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{may_see, person, standing, what};
use crate::console::Console;
use crate::console::visit::{Answered, Page, Visit};
use crate::digest::TransactionId;
use crate::model::user::Right;
use crate::node::Proposal;

/// A proposal in the list.
struct Line {
    id: String,
    what: String,
    by: String,
    branch: String,
    time: String,
    until: String,
    class: &'static str,
    state: String,
    /// Whether this visitor can approve it.
    is_hers: bool,
}

#[derive(Template)]
#[template(path = "approvals/list.html")]
struct ListPage<'a> {
    page: &'a Page,
    waiting: Vec<Line>,
    decided: Vec<Line>,
    next: Option<String>,
    may_propose: bool,
}

/// Where a page of the list begins.
#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<String>,
}

/// `GET /approvals`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    may_see(&visit)?;
    let after: Option<TransactionId> = wanted.after.and_then(|after| after.parse().ok());
    let caller = visit.caller.clone();
    let found = console.blocking(move |node| node.proposals(&caller, after));
    let (found, next) = found.await.map_err(|trouble| visit.trouble(&trouble))?;
    let page = &visit.page;
    let now = console.node.clock().now();
    let may_approve = visit.caller.may(Right::Approve);
    let line = |one: &Proposal| {
        let (class, state) = standing(page, one, now);
        let user = visit.caller.user;
        Line {
            id: one.id.to_string(),
            what: what(page, &one.kind),
            by: person(&one.proposed),
            branch: one.proposed.branch.clone().unwrap_or_default(),
            time: page.moment(one.proposed.time),
            until: page.moment(one.until),
            class,
            state,
            is_hers: may_approve && one.is_open(now) && !one.is_of(user) && !one.has_approved(user),
        }
    };
    let (waiting, decided): (Vec<&Proposal>, Vec<&Proposal>) = found.iter().partition(|one| one.is_open(now));
    Ok(visit.show(&ListPage {
        page,
        waiting: waiting.into_iter().map(line).collect(),
        decided: decided.into_iter().map(line).collect(),
        next: next.map(|next| next.to_string()),
        may_propose: visit.caller.may(Right::Consent),
    }))
}
