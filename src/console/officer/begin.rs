//! The officer's first page, and an application in work with what is to be done next.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::place;
use crate::console::Console;
use crate::console::applications::{Application, Person, Step};
use crate::console::form::Posted;
use crate::console::identifiers::scheme_name;
use crate::console::visit::{Answered, Page, Visit, go_to};
use crate::model::consent::Purpose;
use crate::model::user::Right;
use crate::node::import::MaskedIdentifier;

/// A person as a list shows her.
pub(super) struct PersonLine {
    pub(super) path: String,
    pub(super) role: String,
    /// Identifiers of which the end is shown.
    pub(super) identifiers: Vec<String>,
    pub(super) state: String,
    pub(super) is_recorded: bool,
    /// Whether what is shown once can still be shown.
    pub(super) has_receipt: bool,
}

impl PersonLine {
    pub(super) fn of(page: &Page, application: &Application, place: usize, person: &Person) -> Self {
        let masked = person.identifiers.iter().map(|identifier| {
            let masked = MaskedIdentifier::of(identifier);
            format!("{} {}", scheme_name(page, &masked.scheme), masked.value)
        });
        let state = match &person.step {
            Step::Open => "console-person-open",
            Step::Recording => "console-person-recording",
            Step::Recorded(_) => "console-person-recorded",
        };
        Self {
            path: format!("/officer/applications/{}/persons/{place}", application.id),
            role: page.t(&format!("console-role-{}", role_word(person.role))),
            identifiers: masked.collect(),
            state: page.t(state),
            is_recorded: person.recorded().is_some(),
            has_receipt: person.recorded().is_some_and(|recorded| recorded.receipt.is_some()),
        }
    }
}

/// The word of a role, as texts and forms have it.
pub(super) fn role_word(role: crate::model::inquiry::Role) -> &'static str {
    use crate::model::inquiry::Role;
    match role {
        Role::Applicant => "applicant",
        Role::Spouse => "spouse",
        Role::HouseholdMember => "household-member",
        Role::Guarantor => "guarantor",
    }
}

/// An application as the officer's first page shows it.
struct Line {
    path: String,
    answer: Option<String>,
    purpose: String,
    begun: String,
    persons: Vec<PersonLine>,
}

#[derive(Template)]
#[template(path = "officer/home.html")]
struct Home<'a> {
    page: &'a Page,
    applications: Vec<Line>,
    may_report: bool,
    may_dispute: bool,
}

/// `GET /officer`.
pub(super) async fn home(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Inquire)?;
    let page = &visit.page;
    let now = console.node.clock().now();
    let applications = console.applications.own(&visit.caller, now, |one| Line {
        path: format!("/officer/applications/{}", one.id),
        answer: one.answered.map(|transaction| format!("/officer/answers/{transaction}")),
        purpose: page.t(&format!("console-purpose-{}", one.purpose)),
        begun: page.moment(one.begun),
        persons: lines(page, one),
    });
    let may_report = visit.caller.may(Right::SubjectReport);
    let may_dispute = visit.caller.may(Right::Dispute);
    Ok(visit.show(&Home { page, applications, may_report, may_dispute }))
}

fn lines(page: &Page, application: &Application) -> Vec<PersonLine> {
    let persons = application.persons.iter().enumerate();
    persons.map(|(place, person)| PersonLine::of(page, application, place, person)).collect()
}

#[derive(Template)]
#[template(path = "officer/application.html")]
struct ApplicationPage<'a> {
    page: &'a Page,
    path: String,
    purpose: String,
    persons: Vec<PersonLine>,
    all_recorded: bool,
    /// The answer that was given last.
    answer: Option<String>,
    /// The own-report page, where that is what the consent is for.
    report: Option<String>,
}

/// `GET /officer/applications/{id}`.
pub(super) async fn application(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Inquire)?;
    let page = &visit.page;
    let shown = console.application(&visit, &id, |one| {
        let first = one.persons.first().and_then(Person::recorded);
        let report = first.filter(|_| one.purpose == Purpose::SubjectAccess);
        ApplicationPage {
            page,
            path: format!("/officer/applications/{}", one.id),
            purpose: page.t(&format!("console-purpose-{}", one.purpose)),
            persons: lines(page, one),
            all_recorded: !one.persons.is_empty() && one.persons.iter().all(|p| p.recorded().is_some()),
            answer: one.answered.map(|transaction| format!("/officer/answers/{transaction}")),
            report: report.map(|recorded| format!("/officer/reports/{}", recorded.consent)),
        }
    })?;
    Ok(visit.show(&shown))
}

/// `POST /officer/applications/{id}/forget`.
pub(super) async fn forget(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answered {
    posted.visit.must(Right::Inquire)?;
    let id = console.application(&posted.visit, &id, |one| one.id)?;
    console.applications.forget(&posted.visit.caller, id);
    Ok(go_to("/officer"))
}

/// `POST /officer/applications/{id}/persons/{place}/remove`: takes a person out of whom nothing is recorded.
pub(super) async fn remove(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    posted: Posted,
) -> Answered {
    posted.visit.must(Right::Inquire)?;
    let place = place(&posted.visit, &which)?;
    let id = console.application(&posted.visit, &id, |one| {
        let open = one.persons.get(place).is_some_and(|person| matches!(person.step, Step::Open));
        if open && place > 0 {
            one.persons.remove(place);
        }
        one.id
    })?;
    Ok(go_to(&format!("/officer/applications/{id}")))
}
