//! The clerk's first page: a file to load, and every load before.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::book::{Load, LoadState};
use crate::console::Console;
use crate::console::form::{Choice, Fields};
use crate::console::visit::{Answered, Page, Visit};
use crate::console::word::word;
use crate::formats::Format;
use crate::limits::CONSOLE_LOADS_LISTED;
use crate::model::user::Right;

/// A load in the list.
struct Line {
    number: u64,
    file: String,
    time: String,
    as_of: String,
    /// Class and text of where it stands.
    word: &'static str,
    state: String,
    good: String,
    rejected: String,
}

/// The class of a load's state.
pub(super) fn class_of(state: LoadState) -> &'static str {
    match state {
        LoadState::Loaded => "pass",
        LoadState::Held => "refer",
        LoadState::Discarded | LoadState::Undone => "off",
        LoadState::Reading | LoadState::Loading | LoadState::Undoing => "skipped",
    }
}

impl Line {
    fn of(page: &Page, load: &Load) -> Self {
        Self {
            number: load.number,
            file: load.file.clone(),
            time: page.moment(load.time),
            as_of: load.as_of.map_or_else(|| "–".to_owned(), |day| page.day(day)),
            word: class_of(load.state),
            state: page.t(&format!("console-load-{}", word(&load.state))),
            good: page.number(load.good),
            rejected: page.number(load.rejected),
        }
    }
}

#[derive(Template)]
#[template(path = "clerk/history.html")]
pub(super) struct HistoryPage<'a> {
    page: &'a Page,
    formats: Vec<Choice>,
    currencies: Vec<Choice>,
    branch: String,
    as_of: String,
    mapping: String,
    full: bool,
    look: bool,
    errors: Vec<String>,
    loads: Vec<Line>,
    more: bool,
}

/// `GET /clerk`.
pub(super) async fn page(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Load)?;
    let shown = shown(&console, &visit, &Fields::default(), Vec::new()).await?;
    Ok(visit.show(&shown))
}

/// The page with what was chosen, and what is wrong with it.
pub(super) async fn shown<'a>(
    console: &Console,
    visit: &'a Visit,
    typed: &Fields,
    errors: Vec<String>,
) -> Result<HistoryPage<'a>, Response> {
    let loads = visit.blocking(console, |node| node.loads()).await?;
    let page = &visit.page;
    let format = typed.some("format").unwrap_or("csv");
    let formats = Format::ALL.map(Format::as_str).map(|word| Choice {
        value: word.to_owned(),
        name: page.t(&format!("console-clerk-format-{word}")),
        is_chosen: word == format,
    });
    let roster = console.node.roster();
    let currencies = roster.policy().currencies.pinned.keys().map(|currency| Choice {
        value: currency.to_string(),
        name: currency.to_string(),
        is_chosen: currency.code() == typed.text("currency"),
    });
    Ok(HistoryPage {
        page,
        formats: formats.into(),
        currencies: currencies.collect(),
        branch: typed.text("branch").to_owned(),
        as_of: typed.text("as-of").to_owned(),
        mapping: typed.text("mapping").to_owned(),
        full: typed.is_ticked("full"),
        look: typed.is_ticked("look"),
        errors,
        more: loads.len() > CONSOLE_LOADS_LISTED,
        loads: loads.iter().rev().take(CONSOLE_LOADS_LISTED).map(|load| Line::of(page, load)).collect(),
    })
}
