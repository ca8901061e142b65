//! What takes two persons: look-ups without consent and erasures are proposed by one and approved by another, each under her
//! own sign-in.
//!
//! Who may propose sees the proposals of her branch; who may approve is shown how many wait for her on every page. Approving
//! takes the password again: a session that was left open approves nothing.

mod erasure;
mod ground;
mod list;
mod one;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};

use super::Console;
use super::officer::word;
use super::visit::{Page, Visit, go_to};
use crate::clock::UnixTime;
use crate::limits::{CONSOLE_EVIDENCE_BYTES_MAX, CONSOLE_FORM_BYTES_MAX};
use crate::model::user::{Caller, Right};
use crate::node::{Attribution, NewProposal, Proposal, ProposalError, ProposalKind, ProposalOutcome};

/// `/approvals/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    let with_file =
        || DefaultBodyLimit::max(CONSOLE_EVIDENCE_BYTES_MAX.saturating_add(CONSOLE_FORM_BYTES_MAX));
    Router::new()
        .route("/", get(list::page))
        .route("/ground", get(ground::blank).post(ground::propose).layer(with_file()))
        .route("/erasure", get(erasure::blank).post(erasure::propose).layer(with_file()))
        .route("/{proposal}", get(one::page))
        .route("/{proposal}/approve", post(one::approve))
        .route("/{proposal}/refuse", post(one::refuse))
        .route("/{proposal}/take-back", post(one::take_back))
}

/// Proposals are for those who record consents, and for those who approve.
fn may_see(visit: &Visit) -> Result<(), Response> {
    if visit.caller.may(Right::Approve) { Ok(()) } else { visit.must(Right::Consent) }
}

/// What is proposed, in a line; nothing about the person.
fn what(page: &Page, kind: &ProposalKind) -> String {
    match kind {
        ProposalKind::Ground { name, purpose } => {
            let purpose = page.t(&format!("console-purpose-{purpose}"));
            page.with(
                "approval-what-ground",
                &[("ground", name.as_str().into()), ("purpose", purpose.into())],
            )
        }
        ProposalKind::Erasure { ground } => {
            let ground = page.t(&format!("approval-because-{}", word(ground)));
            page.naming("approval-what-erasure", "ground", ground)
        }
    }
}

/// Where a proposal stands: the class of its mark, and the text.
fn standing(page: &Page, proposal: &Proposal, now: UnixTime) -> (&'static str, String) {
    let (class, state) = match proposal.ended.as_ref().map(|ended| &ended.outcome) {
        None if !proposal.is_open(now) => ("off", "approval-state-expired"),
        None if proposal.trouble.is_some() => ("decline", "approval-state-trouble"),
        None => ("refer", "approval-state-waiting"),
        Some(ProposalOutcome::Recorded { .. }) => ("pass", "approval-state-recorded"),
        Some(ProposalOutcome::Erased { .. }) => ("pass", "approval-state-erased"),
        Some(ProposalOutcome::Refused { .. }) => ("decline", "approval-state-refused"),
        Some(ProposalOutcome::TakenBack) => ("off", "approval-state-taken-back"),
        Some(ProposalOutcome::Expired) => ("off", "approval-state-expired"),
        Some(ProposalOutcome::Dropped) => ("off", "approval-state-dropped"),
    };
    (class, page.t(state))
}

/// Somebody by a step: two users of one name are told apart by their numbers.
fn person(by: &Attribution) -> String {
    match by.user {
        Some(user) => format!("{} ({user})", by.name),
        None => by.name.clone(),
    }
}

/// Proposes, and goes to the page of what was proposed.
async fn propose(
    console: &Console,
    visit: &Visit,
    new: NewProposal,
) -> Result<Response, super::trouble::Trouble> {
    let caller = visit.caller.clone();
    let proposed = console.waiting(move |node| async move { node.propose(&caller, &new).await }).await?;
    Ok(go_to(&format!("/approvals/{}", proposed.id)))
}

/// How many proposals wait for a visitor, for the navigation. A page does not fail because they cannot be counted.
pub(super) fn waiting(caller: &Caller, console: &Console) -> usize {
    console.node.proposals_waiting_for(caller).unwrap_or_else(|error: ProposalError| {
        tracing::error!(%error, "what waits for approval could not be counted");
        0
    })
}
