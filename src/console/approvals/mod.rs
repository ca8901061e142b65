//! What takes two persons: look-ups without consent and erasures are proposed by one and approved by another, each under her
//! own sign-in.
//!
//! Who may propose sees the proposals of her branch; who may approve is shown how many wait for her on every page. Approving
//! takes the password again: a session that was left open approves nothing.

mod compare;
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
use super::visit::{Page, Visit, go_to};
use super::word::word;
use crate::clock::UnixTime;
use crate::limits::{CONSOLE_EVIDENCE_BYTES_MAX, CONSOLE_FORM_BYTES_MAX};
use crate::model::user::{Caller, Right};
use crate::node::{Attribution, NewProposal, Proposal, ProposalKind, ProposalOutcome, ProposalsWaiting};
use crate::words::{Value, Words};

/// `/approvals/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    let with_file =
        || DefaultBodyLimit::max(CONSOLE_EVIDENCE_BYTES_MAX.saturating_add(CONSOLE_FORM_BYTES_MAX));
    Router::new()
        .route("/", get(list::page))
        .route("/ground", get(ground::blank).post(ground::propose).layer(with_file()))
        .route("/erasure", get(erasure::blank).post(erasure::propose).layer(with_file()))
        .route("/{proposal}", get(one::page))
        .route("/{proposal}/compare", post(compare::compare).layer(with_file()))
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

/// Name of this part of the console, with how many proposals wait there.
pub(super) fn name(words: &Words, waiting: ProposalsWaiting) -> String {
    let n = [("n", Value::from(u64::try_from(waiting.found).unwrap_or(u64::MAX)))];
    match (waiting.found, waiting.or_more) {
        // Of those that were not looked at nothing is known.
        (0, _) => words.text("approval-area"),
        (_, false) => words.with("approval-area-waiting", &n),
        (_, true) => words.with("approval-area-waiting-more", &n),
    }
}

/// How many proposals wait for a visitor, for the navigation. A page does not fail because they cannot be counted.
pub(super) async fn waiting(caller: &Caller, console: &Console) -> ProposalsWaiting {
    if !caller.may(Right::Approve) {
        return ProposalsWaiting::default();
    }
    let caller = caller.clone();
    let counted = console.blocking(move |node| node.proposals_waiting_for(&caller)).await;
    counted.unwrap_or_else(|trouble| {
        tracing::error!(?trouble, "what waits for approval could not be counted");
        ProposalsWaiting::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Texts;

    #[test]
    fn a_number_that_is_not_the_whole_number_says_so() {
        let words = Texts::built_in().language("en");
        let name = |found, or_more| name(&words, ProposalsWaiting { found, or_more });
        assert_eq!([name(0, false), name(0, true)], ["Approvals", "Approvals"]);
        let plain = |name: String| name.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!([name(3, false), name(3, true)].map(plain), ["Approvals (3)", "Approvals (3+)"]);
    }
}
