//! One load: its figures, its rejected rows with the fault marked, and what may be decided about it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::history::class_of;
use crate::book::{Load, LoadState, StoredReject};
use crate::console::Console;
use crate::console::form::Posted;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::console::word::word;
use crate::formats::{Column, row_columns};
use crate::limits::CONSOLE_REJECTS_PER_PAGE;
use crate::model::leaf::Access;
use crate::model::user::Right;
use crate::node::{Concern, ImportError, Node};
use crate::words::{hold_sentence, not_closed_sentence};

/// A rejected row as it stood in the file.
struct RejectShown {
    line: String,
    field: String,
    reason: String,
    /// Its columns, where they are known.
    cells: Vec<Column>,
    /// The row as one text, where they are not.
    row: String,
}

impl RejectShown {
    fn of(page: &Page, reject: &StoredReject) -> Self {
        let cells = row_columns(&reject.row, &reject.field);
        Self {
            line: page.counted("console-clerk-line-n", reject.line),
            field: reject.field.clone(),
            reason: page.words().fault(reject.fault.as_ref(), &reject.reason),
            row: if cells.is_empty() { reject.row.clone() } else { String::new() },
            cells,
        }
    }
}

/// What a load adds up to in one currency.
struct Figure {
    currency: String,
    loans: String,
    outstanding: String,
    median: String,
}

#[derive(Template)]
#[template(path = "clerk/load.html")]
struct LoadPage<'a> {
    page: &'a Page,
    number: u64,
    title: String,
    file: String,
    time: String,
    as_of: String,
    format: String,
    digest: String,
    word: &'static str,
    state: String,
    is_full: bool,
    good: String,
    rejected: String,
    skipped: String,
    changes: [String; 5],
    figures: Vec<Figure>,
    /// That it is held, or was.
    held: String,
    held_for: Vec<String>,
    not_closed: Option<String>,
    decided_by: Option<String>,
    rejects: Vec<RejectShown>,
    next: Option<usize>,
    may_release: bool,
    may_undo: bool,
    trouble: Option<Said>,
}

/// Why a load is held, or would be; in English where an older program wrote it down.
pub(super) fn held_for(page: &Page, load: &Load) -> Vec<String> {
    if load.hold_reasons.is_empty() {
        return load.held_for.iter().map(|english| page.words().fault(None, english)).collect();
    }
    load.hold_reasons.iter().map(|reason| page.words().sentence(&hold_sentence(reason))).collect()
}

/// From which rejected row on.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    from: usize,
}

/// `GET /clerk/loads/{number}`. Rejected rows are about persons: who looks at them stands in the log.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Load)?;
    let shown = shown(&console, &visit, &number, wanted.from, None).await?;
    Ok(visit.show(&shown))
}

async fn shown<'a>(
    console: &Console,
    visit: &'a Visit,
    number: &str,
    from: usize,
    trouble: Option<Said>,
) -> Result<LoadPage<'a>, axum::response::Response> {
    let number: u64 = number.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    let found = visit.blocking(console, move |node| {
        let load = node.loads()?.into_iter().find(|load| load.number == number).ok_or(Trouble::NotThere)?;
        if load.rejected > 0 {
            node.log_access(&caller, Access::RejectsRead, Concern::Several)?;
        }
        Ok::<_, Trouble>((load, node.rejects(number)?))
    });
    let (load, rejects) = found.await?;
    let page = &visit.page;
    let held_for = held_for(page, &load);
    let decides = visit.caller.may(Right::DecideLoad);
    let until = from.saturating_add(CONSOLE_REJECTS_PER_PAGE);
    let Load { changes, .. } = &load;
    Ok(LoadPage {
        page,
        number,
        title: page.counted("console-load", number),
        time: page.moment(load.time),
        as_of: load.as_of.map_or_else(|| "–".to_owned(), |day| page.day(day)),
        format: page.t(&format!("console-clerk-format-{}", load.format)),
        digest: load.digest.to_string(),
        word: class_of(load.state),
        state: page.t(&format!("console-load-{}", word(&load.state))),
        is_full: load.full_portfolio,
        good: page.number(load.good),
        rejected: page.number(load.rejected),
        skipped: page.number(load.skipped),
        changes: [changes.new, changes.changed, changes.unchanged, changes.older, changes.closed]
            .map(|count| page.number(count)),
        figures: load
            .figures
            .iter()
            .map(|figure| Figure {
                currency: figure.currency.to_string(),
                loans: page.number(figure.loans),
                outstanding: page.money(figure.currency, &figure.outstanding),
                median: page.money(figure.currency, &figure.median),
            })
            .collect(),
        next: (rejects.len() > until).then_some(until),
        rejects: rejects
            .iter()
            .skip(from)
            .take(CONSOLE_REJECTS_PER_PAGE)
            .map(|reject| RejectShown::of(page, reject))
            .collect(),
        may_release: decides && load.state == LoadState::Held,
        may_undo: decides && load.state == LoadState::Loaded,
        file: load.file,
        held: page.t(match load.state {
            LoadState::Held => "console-load-held-for",
            _ => "console-load-was-held-for",
        }),
        held_for,
        not_closed: match &load.not_closed_for {
            Some(why) => Some(page.words().sentence(&not_closed_sentence(why))),
            None => load.not_closed.map(|english| page.words().fault(None, &english)),
        },
        decided_by: load.decided_by,
        trouble,
    })
}

/// `POST /clerk/loads/{number}/release`: what the guard held goes into the book.
pub(super) async fn release(
    State(console): State<Arc<Console>>,
    Path(number): Path<String>,
    posted: Posted,
) -> Answered {
    decide(console, number, posted, Node::release_load).await
}

/// `POST /clerk/loads/{number}/discard`: what the guard held is never taken in.
pub(super) async fn discard(
    State(console): State<Arc<Console>>,
    Path(number): Path<String>,
    posted: Posted,
) -> Answered {
    decide(console, number, posted, Node::discard_load).await
}

/// `POST /clerk/loads/{number}/undo`: the book is as it was before.
pub(super) async fn undo(
    State(console): State<Arc<Console>>,
    Path(number): Path<String>,
    posted: Posted,
) -> Answered {
    decide(console, number, posted, Node::undo_load).await
}

async fn decide(
    console: Arc<Console>,
    number: String,
    posted: Posted,
    decide: impl FnOnce(&Node, u64, &str) -> Result<Load, ImportError> + Send + 'static,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::DecideLoad)?;
    let load: u64 = number.parse().map_err(|_| visit.not_found())?;
    let caller = visit.caller.clone();
    let decided = console.blocking(move |node| {
        node.log_access(&caller, Access::Load, Concern::Several)?;
        decide(node, load, &caller.name).map_err(Trouble::from)
    });
    match decided.await {
        Ok(load) => Ok(go_to(&format!("/clerk/loads/{}", load.number))),
        Err(trouble) => {
            let status: StatusCode = trouble.status();
            let said = trouble.said(&visit.page);
            let page = shown(&console, &visit, &number, 0, Some(said)).await?;
            Err(visit.show_as(status, &page))
        }
    }
}
