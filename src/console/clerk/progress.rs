//! How far a load is, and what came of it. Without a script the page renews itself; with one, only its moving part does.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::load::held_for;
use super::uploads::Stage;
use crate::console::Console;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::console::word::word;
use crate::digest::TransactionId;
use crate::model::user::Right;
use crate::node::{ImportOutcome, ImportPhase, ImportProgress};

/// How far it is.
struct Doing {
    phase: String,
    rows: String,
    rejected: String,
    /// Rows taken in, and of how many; none while that is not known.
    part: Option<(u64, u64)>,
}

#[derive(Template)]
#[template(path = "clerk/progress.html")]
struct ProgressPage<'a> {
    page: &'a Page,
    file: String,
    begun: String,
    doing: Doing,
}

/// A row as it was understood in a look.
struct Understood {
    line: u64,
    account: String,
    client: String,
    numbers: String,
    status: String,
    outstanding: String,
    overdue: String,
    days: String,
    as_of: String,
}

/// Something about a line.
struct Remark {
    line: u64,
    field: String,
    text: String,
}

#[derive(Template)]
#[template(path = "clerk/outcome.html")]
struct OutcomePage<'a> {
    page: &'a Page,
    file: String,
    /// The load that took in this very file before.
    same_as: Option<(u64, String)>,
    good: String,
    rejected: String,
    skipped: String,
    held_for: Vec<String>,
    findings: Vec<String>,
    rows: Vec<Understood>,
    rejects: Vec<Remark>,
    notes: Vec<Remark>,
}

#[derive(Template)]
#[template(path = "clerk/failed.html")]
struct FailedPage<'a> {
    page: &'a Page,
    file: String,
    trouble: Option<Said>,
}

/// `GET /clerk/uploads/{upload}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(upload): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Load)?;
    let upload: TransactionId = upload.parse().map_err(|_| visit.not_found())?;
    let page = &visit.page;
    let shown = console.uploads.with(&visit.caller, upload, |upload| match &upload.stage {
        Stage::Running(progress) => visit.show(&ProgressPage {
            page,
            file: upload.file.clone(),
            begun: page.moment(upload.begun),
            doing: doing(page, progress.as_ref()),
        }),
        Stage::Ended(outcome) if !outcome.dry_run && outcome.same_as.is_none() => {
            go_to(&format!("/clerk/loads/{}", outcome.load.number))
        }
        Stage::Ended(outcome) => visit.show(&ended(page, upload.file.clone(), outcome)),
        Stage::Failed(trouble) => {
            let said = trouble.said(page);
            let failed = FailedPage { page, file: upload.file.clone(), trouble: Some(said) };
            visit.show_as(trouble.status(), &failed)
        }
    });
    shown.ok_or_else(|| visit.not_found())
}

fn doing(page: &Page, progress: Option<&ImportProgress>) -> Doing {
    let Some(progress) = progress else {
        let phase = page.t("console-clerk-phase-reading");
        return Doing { phase, rows: page.number(0u64), rejected: page.number(0u64), part: None };
    };
    let key = match progress.phase {
        ImportPhase::Reading => "console-clerk-phase-reading",
        ImportPhase::Loading => "console-clerk-phase-loading",
        ImportPhase::Closing => "console-clerk-phase-closing",
    };
    Doing {
        phase: page.t(key),
        rows: page.number(progress.rows),
        rejected: page.number(progress.rejected),
        part: progress.rows_of.map(|of| (progress.rows, of)),
    }
}

fn ended<'a>(page: &'a Page, file: String, outcome: &ImportOutcome) -> OutcomePage<'a> {
    let rows = outcome.rows.iter().map(|row| {
        let numbers = row.identifiers.iter().map(|number| format!("{} {}", number.scheme, number.value));
        let money = |amount: &Option<crate::model::amount::Amount>| {
            amount.as_ref().map_or_else(|| "–".to_owned(), |amount| page.money(row.currency, amount))
        };
        Understood {
            line: row.line,
            account: row.account.clone(),
            client: row.client.clone(),
            numbers: numbers.collect::<Vec<_>>().join(", "),
            status: page.t(&format!("console-status-{}", word(&row.status))),
            outstanding: money(&row.outstanding),
            overdue: money(&row.overdue),
            days: row.days_past_due.map_or_else(|| "–".to_owned(), |days| page.number(days)),
            as_of: page.day(row.as_of),
        }
    });
    let remark =
        |line: u64, field: &str, text: &str| Remark { line, field: field.to_owned(), text: text.to_owned() };
    OutcomePage {
        page,
        file,
        same_as: outcome.same_as.map(|same| (same, page.counted("console-clerk-same-as", same))),
        good: page.number(outcome.load.good),
        rejected: page.number(outcome.load.rejected),
        skipped: page.number(outcome.load.skipped),
        held_for: held_for(page, &outcome.load),
        findings: outcome.found.iter().map(|one| page.words().finding(one)).collect(),
        rows: rows.collect(),
        rejects: outcome
            .rejects
            .iter()
            .map(|one| remark(one.line, &one.field, &page.words().fault(one.fault.as_ref(), &one.reason)))
            .collect(),
        notes: outcome
            .notes
            .iter()
            .map(|one| remark(one.line, &one.field, &page.words().remark(&one.reason)))
            .collect(),
    }
}
