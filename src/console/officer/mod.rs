//! The loan officer's pages: applicant, consent, answer; and what she does beside that.

mod answer;
mod applicant;
mod begin;
mod code;
mod consent;
mod consents;
mod disputes;
mod evidence;
mod figures;
mod open_dispute;
mod question;
mod receipt;
mod report;
mod today;
mod withdraw;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};

use super::Console;
use super::applications::{Application, ApplicationId};
use super::visit::Visit;
use crate::limits::{CONSOLE_EVIDENCE_BYTES_MAX, CONSOLE_FORM_BYTES_MAX};

/// `/officer/…`.
pub(super) fn pages() -> Router<Arc<Console>> {
    let evidence = post(evidence::upload)
        .layer(DefaultBodyLimit::max(CONSOLE_EVIDENCE_BYTES_MAX.saturating_add(CONSOLE_FORM_BYTES_MAX)));
    Router::new()
        .route("/", get(begin::home))
        .route("/new", get(applicant::blank).post(applicant::begin))
        .route("/applications/{id}", get(begin::application))
        .route("/applications/{id}/forget", post(begin::forget))
        .route("/applications/{id}/persons", get(applicant::blank_further).post(applicant::add))
        .route("/applications/{id}/persons/{place}", get(consent::page))
        .route("/applications/{id}/persons/{place}/remove", post(begin::remove))
        .route("/applications/{id}/persons/{place}/form", get(consent::paper_form))
        .route("/applications/{id}/persons/{place}/evidence", evidence)
        .route("/applications/{id}/persons/{place}/code", post(code::make))
        .route("/applications/{id}/persons/{place}/code/given", post(code::given))
        .route("/applications/{id}/persons/{place}/receipt", get(receipt::page))
        .route("/applications/{id}/persons/{place}/receipt.jws", get(receipt::token))
        .route("/applications/{id}/persons/{place}/evidence.txt", get(receipt::evidence))
        .route("/applications/{id}/question", get(question::page).post(question::ask))
        .route("/answers/{transaction}", get(answer::page))
        .route("/today", get(today::page))
        .route("/consents", get(consents::list))
        .route("/consents/{consent}", get(consents::page))
        .route("/consents/{consent}/withdraw", post(consents::withdraw))
        .route("/consents/{consent}/ask", post(consents::ask))
        .route("/reports/{consent}", get(report::page).post(report::make))
        .route("/withdraw", get(withdraw::blank).post(withdraw::present))
        .route("/disputes", get(disputes::list))
        .route("/disputes/new", get(open_dispute::blank).post(open_dispute::open))
        .route("/disputes/{dispute}", get(disputes::page))
        .route("/disputes/{dispute}/answer", post(disputes::answer))
        .route("/disputes/{dispute}/resolve", post(disputes::resolve))
}

impl Console {
    /// Looks at an application of the visitor's own, or changes it; the page for what is not there where there is none.
    fn application<T>(
        &self,
        visit: &Visit,
        id: &str,
        work: impl FnOnce(&mut Application) -> T,
    ) -> Result<T, Response> {
        let id: Option<ApplicationId> = id.parse().ok();
        let found =
            id.and_then(|id| self.applications.with(&visit.caller, id, self.node.clock().now(), work));
        found.ok_or_else(|| visit.not_found())
    }
}

/// Place of a person in an application, from 0, as a path has it.
fn place(visit: &Visit, text: &str) -> Result<usize, Response> {
    text.parse().map_err(|_| visit.not_found())
}
