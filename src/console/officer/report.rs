//! The client's own report: everything that is held about her and who asked, in her language, for her to take along;
//! and from there, what she disputes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::answer::opened;
use super::figures::{LenderShown, lenders};
use crate::console::Console;
use crate::console::form::Posted;
use crate::console::paper::body_of;
use crate::console::visit::{Answered, Page, Visit, go_to};
use crate::digest::ConsentId;
use crate::model::consent::Purpose;
use crate::model::user::Right;
use crate::words::Subject;

/// A record that she may dispute.
struct Disputable {
    lender: LenderShown,
    /// The member that reports it; a record is disputed with it by name.
    member: String,
    records: Vec<String>,
}

#[derive(Template)]
#[template(path = "officer/report.html")]
struct ReportPage<'a> {
    page: &'a Page,
    consent: String,
    /// The report as it is printed, HTML that this program made; none before it was made.
    paper: Option<String>,
    paper_language: String,
    disputable: Vec<Disputable>,
    may_dispute: bool,
}

/// `GET /officer/reports/{consent}`: the report that was made, or the button that makes it.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(consent): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::SubjectReport)?;
    let consent: ConsentId = consent.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    let view =
        visit.blocking(&console, move |node| node.for_caller(&caller).subject_request(&consent)).await?;
    if view.terms.purpose != Purpose::SubjectAccess {
        return Err(visit.not_found());
    }
    let mut shown = ReportPage {
        page: &visit.page,
        consent: consent.to_string(),
        paper: None,
        paper_language: view.terms.notice.language.clone(),
        disputable: Vec::new(),
        may_dispute: visit.caller.may(Right::Dispute),
    };
    // Looking at a page spends no use of a consent: the report is made by the button, and only shown here.
    if view.uses_spent == 0 {
        return Ok(visit.show(&shown));
    }
    let caller = visit.caller.clone();
    let report = visit.waiting(&console, move |node| async move {
        node.for_caller(&caller).subject_report(&consent).await
    });
    let report = report.await?;
    let answer = opened(&console, &visit, &report.answer)?;
    let subject = Subject {
        answer: &answer,
        leaf: report.leaf,
        consents: &report.consents,
        disputes: &report.disputes,
    };
    let paper = console.subject_page(&subject, &view.terms.notice.language);
    shown.paper = Some(body_of(&paper).to_owned());
    let roster = console.node.roster();
    let members = &roster.document().members;
    for person in &answer.persons {
        for (line, lender) in person.exposure.lenders.iter().zip(lenders(&visit.page, &person.exposure)) {
            let named = |member: &&crate::roster::Member| {
                member.id.as_str() == line.lender || member.name == line.lender
            };
            if let Some(member) = members.iter().find(named) {
                let (member, records) = (member.id.to_string(), line.records.clone());
                shown.disputable.push(Disputable { lender, member, records });
            }
        }
    }
    Ok(visit.show(&shown))
}

/// `POST /officer/reports/{consent}`: makes the report, which spends her request.
pub(super) async fn make(
    State(console): State<Arc<Console>>,
    Path(consent): Path<String>,
    posted: Posted,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::SubjectReport)?;
    let consent: ConsentId = consent.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    visit
        .waiting(&console, move |node| async move { node.for_caller(&caller).subject_report(&consent).await })
        .await?;
    Ok(go_to(&format!("/officer/reports/{consent}")))
}
