//! Consents that were recorded here: where each stands, asking under it, withdrawing it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::console::Console;
use crate::console::applications::{Person, Recorded, Step, Terms};
use crate::console::form::Posted;
use crate::console::identifiers::scheme_name;
use crate::console::visit::{Answered, Page, Visit, go_to};
use crate::digest::ConsentId;
use crate::limits::CONSENTS_PER_PAGE;
use crate::model::consent::{ConsentState, Purpose};
use crate::model::inquiry::Role;
use crate::model::user::Right;
use crate::node::ConsentView;

/// A consent as it is shown; the numbers of the person are not.
struct ConsentShown {
    id: String,
    purpose: String,
    state: String,
    is_given: bool,
    is_report: bool,
    from: String,
    until: String,
    uses: String,
    numbers: String,
    officer: String,
    evidence: String,
    notice: String,
    ground: Option<String>,
    leaf: String,
    is_located: bool,
}

impl ConsentShown {
    fn of(console: &Console, page: &Page, view: &ConsentView) -> Self {
        let terms = &view.terms;
        let schemes = view.schemes.iter().map(|scheme| scheme_name(page, scheme));
        let schemes: Vec<String> = schemes.collect();
        let uses = [("spent", u64::from(view.uses_spent).into()), ("uses", u64::from(terms.uses).into())];
        let ground = view.ground.as_ref().map(|ground| {
            let approved = ground.approved_by.join(", ");
            page.with(
                "console-consent-ground",
                &[("ground", ground.name.clone().into()), ("by", approved.into())],
            )
        });
        Self {
            id: terms.consent.to_string(),
            purpose: page.t(&format!("console-purpose-{}", terms.purpose)),
            state: page.t(&format!("console-consent-{}", view.state)),
            is_given: view.state == ConsentState::Given,
            is_report: terms.purpose == Purpose::SubjectAccess,
            from: page.moment(terms.from),
            until: page.moment(terms.until),
            uses: page.with("console-consent-uses", &uses),
            numbers: schemes.join(", "),
            officer: view.officer.clone(),
            evidence: page.t(&format!("console-evidence-{}", terms.evidence)),
            notice: format!("{} ({})", terms.notice.version, console.language_name(&terms.notice.language)),
            ground,
            leaf: view.leaf.index.to_string(),
            is_located: view.located,
        }
    }
}

#[derive(Template)]
#[template(path = "officer/consents.html")]
struct ConsentsPage<'a> {
    page: &'a Page,
    consents: Vec<ConsentShown>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "officer/consent_one.html")]
struct ConsentPage<'a> {
    page: &'a Page,
    consent: ConsentShown,
}

/// Where a page of the list begins.
#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<String>,
}

/// `GET /officer/consents`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let after: Option<ConsentId> = wanted.after.and_then(|after| after.parse().ok());
    let caller = visit.caller.clone();
    let (found, next) = visit
        .blocking(&console, move |node| node.for_caller(&caller).consents(after.as_ref(), CONSENTS_PER_PAGE))
        .await?;
    let page = &visit.page;
    let consents = found.iter().map(|view| ConsentShown::of(&console, page, view)).collect();
    Ok(visit.show(&ConsentsPage { page, consents, next: next.map(|next| next.to_string()) }))
}

/// `GET /officer/consents/{consent}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(consent): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let view = found(&console, &visit, &consent).await?;
    let page = &visit.page;
    Ok(visit.show(&ConsentPage { page, consent: ConsentShown::of(&console, page, &view) }))
}

async fn found(console: &Console, visit: &Visit, consent: &str) -> Result<ConsentView, Response> {
    let consent: ConsentId = consent.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    visit.blocking(console, move |node| node.for_caller(&caller).consent(&consent)).await
}

/// `POST /officer/consents/{consent}/withdraw`: the client took it back here.
pub(super) async fn withdraw(
    State(console): State<Arc<Console>>,
    Path(consent): Path<String>,
    posted: Posted,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::Consent)?;
    let consent: ConsentId = consent.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    visit.blocking(&console, move |node| node.for_caller(&caller).withdraw_consent(&consent)).await?;
    Ok(go_to(&format!("/officer/consents/{consent}")))
}

/// `POST /officer/consents/{consent}/ask`: begins an application under a consent that is there already.
pub(super) async fn ask(
    State(console): State<Arc<Console>>,
    Path(consent): Path<String>,
    posted: Posted,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::Inquire)?;
    let view = found(&console, &visit, &consent).await?;
    if view.terms.purpose == Purpose::SubjectAccess {
        return Ok(go_to(&format!("/officer/reports/{}", view.terms.consent)));
    }
    let terms = Terms {
        notice_language: view.terms.notice.language.clone(),
        days: 1,
        uses: view.terms.uses,
        weak_matches: view.terms.weak_matches,
    };
    let mut person = Person::new(Role::Applicant, Vec::new(), terms, &*console.entropy);
    person.step = Step::Recorded(Recorded {
        consent: view.terms.consent,
        receipt: None,
        not_located: !view.located,
        evidence: None,
    });
    let now = console.node.clock().now();
    let id = console.applications.begin(&visit.caller, view.terms.purpose, person, &*console.entropy, now);
    Ok(go_to(&format!("/officer/applications/{id}/question")))
}
