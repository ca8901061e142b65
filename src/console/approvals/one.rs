//! One proposal: everything that whoever approves must see, and the steps of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{may_see, person, standing, what};
use crate::console::Console;
use crate::console::form::{Fields, Posted};
use crate::console::identifiers::scheme_name;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::digest::{Digest, TransactionId};
use crate::model::identifier::Identifier;
use crate::model::user::Right;
use crate::node::{Asked, NewProposal, Proposal, ProposalError, ProposalOutcome, Whom};
use crate::people::{Confirmed, SignInError};
use crate::secret::SecretVec;

/// A name and its value, as a page lists them.
type Row = (String, String);

/// What the form says with which a visitor approves.
struct Approving {
    /// Which person she would be.
    turn: String,
    /// Whether she has a second factor.
    needs_code: bool,
}

#[derive(Template)]
#[template(path = "approvals/one.html")]
struct ProposalPage<'a> {
    page: &'a Page,
    id: String,
    what: String,
    class: &'static str,
    state: String,
    trouble: Option<Said>,
    /// Why it could not be carried out the last time.
    not_carried_out: Option<String>,
    rows: Vec<Row>,
    /// What is asked, while it waits and for whom it concerns.
    asked: Vec<Row>,
    is_open: bool,
    /// The consent that is to be erased.
    consent: Option<String>,
    /// What was recorded.
    recorded: Option<String>,
    /// The order that is named, with whose file her own can be compared.
    order: Option<Order>,
    /// The form with which she approves.
    approving: Option<Approving>,
    may_refuse: bool,
    may_take_back: bool,
    reason: String,
}

/// The form with which a file is compared with the order, and what came of it.
struct Order {
    compared: Option<Compared>,
}

/// What came of comparing a file with the order that is named.
struct Compared {
    is_same: bool,
    text: String,
}

/// What stands on the page because of the last step.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) trouble: Option<(StatusCode, Said)>,
    /// SHA-256 of a file that was given to be compared with the order.
    pub(super) file: Option<Digest>,
    /// The reason that was typed.
    pub(super) reason: String,
}

impl Beside {
    pub(super) fn trouble(status: StatusCode, said: Said) -> Self {
        Self { trouble: Some((status, said)), ..Self::default() }
    }
}

pub(super) fn proposal_id(visit: &Visit, text: &str) -> Result<TransactionId, Response> {
    text.parse().map_err(|_| visit.not_found())
}

/// `GET /approvals/{proposal}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(proposal): Path<String>,
    visit: Visit,
) -> Answered {
    may_see(&visit)?;
    let id = proposal_id(&visit, &proposal)?;
    shown(&console, &visit, id, Beside::default()).await
}

/// The page.
pub(super) async fn shown(console: &Console, visit: &Visit, id: TransactionId, beside: Beside) -> Answered {
    let Beside { trouble, file, reason } = beside;
    let caller = visit.caller.clone();
    let found = console.blocking(move |node| {
        let (proposal, asked) = node.proposal(&caller, id)?;
        let user = caller.user.map(|user| node.people().user(user)).transpose()?.flatten();
        Ok::<_, ProposalError>((proposal, asked, user.is_some_and(|user| user.second_factor)))
    });
    let (proposal, asked, needs_code) = found.await.map_err(|trouble| visit.trouble(&trouble))?;
    let page = &visit.page;
    let (status, trouble) = trouble.map_or((StatusCode::OK, None), |(status, said)| (status, Some(said)));
    let now = console.node.clock().now();
    let (class, state) = standing(page, &proposal, now);
    let user = visit.caller.user;
    let is_own = proposal.is_of(user);
    let others = asked.is_some() && !is_own && visit.caller.may(Right::Approve);
    let needed = console.node.approvals_needed(&proposal.kind);
    let have = proposal.approved.len().saturating_add(usize::from(proposal.by_person));
    let consent = asked.as_ref().and_then(|asked| match &asked.asked {
        Asked::Erasure { whom: Whom::Consent(consent), .. } => Some(consent.to_string()),
        _ => None,
    });
    let order = asked.as_ref().and_then(|new| new.asked.order());
    let recorded = proposal.ended.as_ref().and_then(|ended| match &ended.outcome {
        ProposalOutcome::Recorded { consent } => Some(consent.to_string()),
        _ => None,
    });
    let may_approve = others && (!proposal.has_approved(user) || proposal.trouble.is_some());
    let turn = if proposal.has_approved(user) {
        page.t("approval-again-about")
    } else {
        let next = u64::try_from(have.saturating_add(1)).unwrap_or(u64::MAX);
        page.with("approval-turn", &[("n", next.into()), ("needed", u64::from(needed).into())])
    };
    let shown = ProposalPage {
        page,
        id: id.to_string(),
        what: what(page, &proposal.kind),
        class,
        state,
        trouble,
        rows: rows(page, &proposal),
        is_open: proposal.is_open(now),
        asked: asked.as_ref().map(|asked| console.asked_rows(page, asked)).unwrap_or_default(),
        consent,
        recorded,
        order: order.map(|order| Order { compared: file.map(|file| compared(page, order, file)) }),
        approving: may_approve.then_some(Approving { turn, needs_code }),
        may_refuse: others,
        may_take_back: asked.is_some() && is_own,
        not_carried_out: proposal.trouble,
        reason,
    };
    Ok(visit.show_as(status, &shown))
}

fn compared(page: &Page, order: Digest, file: Digest) -> Compared {
    let is_same = order == file;
    let text = if is_same {
        page.t("approval-compare-same")
    } else {
        page.naming("approval-compare-other", "hash", file.to_string())
    };
    Compared { is_same, text }
}

/// Who proposed, who approved, what came of it.
fn rows(page: &Page, proposal: &Proposal) -> Vec<Row> {
    let at = |by: &crate::node::Attribution| format!("{} · {}", person(by), page.moment(by.time));
    let mut rows = vec![(page.t("approval-proposed-by"), at(&proposal.proposed))];
    let mut row = |name: &str, value: String| rows.push((page.t(name), value));
    if let Some(branch) = &proposal.proposed.branch {
        row("console-branch", branch.clone());
    }
    if !proposal.by_person {
        row("approval-no-person", page.t("approval-no-person-about"));
    }
    for by in &proposal.approved {
        row("approval-approved-by", at(by));
    }
    let Some(ended) = &proposal.ended else {
        row("approval-until", page.moment(proposal.until));
        return rows;
    };
    let by = ended.by.as_ref().map_or_else(|| page.moment(ended.time), at);
    row("approval-decided", by);
    match &ended.outcome {
        ProposalOutcome::Refused { reason } => row("approval-reason", reason.clone()),
        ProposalOutcome::Erased { consents, inquiries, batches, disputes, too_young, rest_from } => {
            for (name, count) in [
                ("approval-erased-consents", consents),
                ("approval-erased-inquiries", inquiries),
                ("approval-erased-batches", batches),
                ("approval-erased-disputes", disputes),
            ] {
                row(name, page.number(*count));
            }
            if let Some(day) = rest_from {
                let values = [("n", u64::from(*too_young).into()), ("day", page.day(*day).into())];
                row("approval-too-young", page.with("approval-too-young-about", &values));
            }
        }
        ProposalOutcome::Dropped => row("approval-why", page.t("approval-dropped-about")),
        ProposalOutcome::Recorded { .. } | ProposalOutcome::TakenBack | ProposalOutcome::Expired => {}
    }
    rows
}

impl Console {
    /// What is asked, with the person's numbers: whoever approves compares them with the order.
    fn asked_rows(&self, page: &Page, new: &NewProposal) -> Vec<Row> {
        let mut rows = Vec::new();
        let number = |one: &Identifier| (scheme_name(page, one.scheme().as_str()), one.value().to_owned());
        match &new.asked {
            Asked::Ground(asked) => {
                let roster = self.node.roster();
                let declared =
                    roster.policy().consent.grounds.iter().find(|ground| ground.name == asked.name);
                let source = declared.map_or_else(String::new, |ground| format!(" – {}", ground.source));
                rows.push((page.t("approval-ground"), format!("{}{source}", asked.name)));
                rows.push((page.t("console-purpose"), page.t(&format!("console-purpose-{}", asked.purpose))));
                rows.extend(asked.identifiers.iter().map(number));
                rows.extend(asked.from.map(|from| (page.t("console-consent-from"), page.moment(from))));
                rows.push((page.t("console-consent-until"), page.moment(asked.until)));
                rows.push((page.t("console-consent-times"), page.number(asked.uses)));
                if asked.weak_matches {
                    rows.push((page.t("console-consent-weak"), page.t("console-yes")));
                }
                rows.push((page.t("approval-order-hash"), asked.order.to_string()));
            }
            Asked::Erasure { whom, order, .. } => {
                match whom {
                    Whom::Consent(consent) => rows.push((page.t("console-consent"), consent.to_string())),
                    Whom::Person(given) => rows.extend(given.iter().map(number)),
                }
                rows.extend(order.map(|order| (page.t("approval-order-hash"), order.to_string())));
            }
        }
        if !new.note.is_empty() {
            rows.push((page.t("approval-note"), new.note.clone()));
        }
        rows
    }
}

/// `POST /approvals/{proposal}/approve`: once she has shown that it is she.
pub(super) async fn approve(
    State(console): State<Arc<Console>>,
    Path(proposal): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Approve)?;
    let id = proposal_id(&visit, &proposal)?;
    let confirmed = match confirm(&console, &visit, &fields).await {
        Ok(confirmed) => confirmed,
        Err((status, said)) => {
            return shown(&console, &visit, id, Beside::trouble(status, said)).await;
        }
    };
    let caller = visit.caller.clone();
    let done =
        console.waiting(move |node| async move { node.approve(&caller, confirmed, id).await.map(|_| ()) });
    stepped(&console, &visit, id, done.await, String::new()).await
}

/// What signing in takes, once more. A wrong password counts as an attempt to sign in.
async fn confirm(
    console: &Arc<Console>,
    visit: &Visit,
    fields: &Fields,
) -> Result<Confirmed, (StatusCode, Said)> {
    let place = console.sign_ins.acquire().await;
    let (user, remote) = (visit.caller.user, visit.remote);
    let password = SecretVec::new(fields.raw("password").as_bytes().to_vec());
    let code = fields.some("code").map(str::to_owned);
    let confirming = console.blocking(move |node| {
        let Some(user) = user else { return Ok(Err(SignInError::Refused)) };
        match node.people().confirm(user, &password, code.as_deref(), remote, node.clock().now()) {
            Err(SignInError::People(error)) => Err(error),
            other => Ok(other),
        }
    });
    let confirmed = confirming.await;
    drop(place);
    let page = &visit.page;
    let said = |text: String| Said {
        title: page.t("approval-not-confirmed"),
        text,
        out: page.t("approval-not-confirmed-out"),
    };
    match confirmed {
        Ok(Ok(confirmed)) => Ok(confirmed),
        Ok(Err(SignInError::Locked { seconds })) => {
            let minutes = u64::try_from(seconds).unwrap_or(0).div_ceil(60).max(1);
            let text = page.counted("console-sign-in-locked", minutes);
            Err((StatusCode::TOO_MANY_REQUESTS, said(text)))
        }
        Ok(Err(SignInError::CodeNeeded)) => {
            Err((StatusCode::UNPROCESSABLE_ENTITY, said(page.t("console-sign-in-code-needed"))))
        }
        Ok(Err(_)) => Err((StatusCode::UNPROCESSABLE_ENTITY, said(page.t("approval-password-wrong")))),
        Err(trouble) => Err((trouble.status(), trouble.said(page))),
    }
}

/// `POST /approvals/{proposal}/refuse`.
pub(super) async fn refuse(
    State(console): State<Arc<Console>>,
    Path(proposal): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Approve)?;
    let id = proposal_id(&visit, &proposal)?;
    let (caller, reason) = (visit.caller.clone(), fields.text("reason").to_owned());
    let typed = reason.clone();
    let done = console
        .waiting(move |node| async move { node.refuse_proposal(&caller, id, &reason).await.map(|_| ()) });
    stepped(&console, &visit, id, done.await, typed).await
}

/// `POST /approvals/{proposal}/take-back`.
pub(super) async fn take_back(
    State(console): State<Arc<Console>>,
    Path(proposal): Path<String>,
    posted: Posted,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::Consent)?;
    let id = proposal_id(&visit, &proposal)?;
    let caller = visit.caller.clone();
    let done =
        console.waiting(move |node| async move { node.take_proposal_back(&caller, id).await.map(|_| ()) });
    stepped(&console, &visit, id, done.await, String::new()).await
}

/// The page behind a step, or the same page with what went wrong.
async fn stepped(
    console: &Console,
    visit: &Visit,
    id: TransactionId,
    done: Result<(), Trouble>,
    typed: String,
) -> Answered {
    match done {
        Ok(()) => Ok(go_to(&format!("/approvals/{id}"))),
        Err(Trouble::NotThere) => Err(visit.not_found()),
        Err(trouble) => {
            let trouble = Some((trouble.status(), trouble.said(&visit.page)));
            shown(console, visit, id, Beside { trouble, reason: typed, ..Beside::default() }).await
        }
    }
}
