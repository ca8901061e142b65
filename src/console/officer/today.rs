//! What was asked on a day, for the visitor's branch, with what became of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::console::Console;
use crate::console::visit::{Answered, Page, Visit};
use crate::limits::INQUIRIES_LISTED_MAX;
use crate::model::day::Day;
use crate::model::reason::Outcome;
use crate::model::user::Right;
use crate::node::{ConsentError, Recalled, open_answer};

/// An inquiry; nothing in it is about the client.
struct Line {
    transaction: String,
    time: String,
    by: String,
    branch: String,
    /// Class and text of what came of it.
    word: &'static str,
    state: String,
    is_answered: bool,
}

#[derive(Template)]
#[template(path = "officer/today.html")]
struct TodayPage<'a> {
    page: &'a Page,
    day: String,
    /// As `YYYY-MM-DD`.
    date: String,
    is_today: bool,
    before: String,
    after: String,
    lines: Vec<Line>,
}

/// Which day is wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    day: Option<String>,
}

/// `GET /officer/today`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Inquire)?;
    let today = Day::of(console.node.clock().now());
    let day = wanted.day.and_then(|day| day.parse().ok()).unwrap_or(today);
    let caller = visit.caller.clone();
    let found = visit.blocking(&console, move |node| {
        let (from, until) = (day.start(), day.plus_days(1).start());
        let key = node.roster().member(node.me()).map(|member| member.answer_key);
        let inquiries = node.for_caller(&caller).inquiries((from, until), INQUIRIES_LISTED_MAX)?;
        let mut found = Vec::new();
        for (transaction, by, recalled) in inquiries {
            let outcome = match recalled {
                Recalled::Answered(signed) => {
                    let answer = key.as_ref().and_then(|key| open_answer(&signed, key));
                    Ok(answer.map(|answer| answer.verdict.outcome))
                }
                Recalled::Unfinished => Err("console-today-unfinished"),
                Recalled::Unknown => Err("console-today-refused"),
            };
            found.push((transaction, by, outcome));
        }
        Ok::<_, ConsentError>(found)
    });
    let found = found.await?;
    let page = &visit.page;
    let lines = found.into_iter().map(|(transaction, by, outcome)| {
        let (word, key) = match outcome {
            Ok(Some(Outcome::Pass)) => ("pass", "console-answer-pass"),
            Ok(Some(Outcome::Refer)) => ("refer", "console-answer-refer"),
            Ok(Some(Outcome::Decline)) => ("decline", "console-answer-decline"),
            Ok(None) => ("off", "console-answer"),
            Err(key) => ("off", key),
        };
        Line {
            transaction: transaction.to_string(),
            time: page.moment(by.time),
            by: by.name,
            branch: by.branch.unwrap_or_default(),
            word,
            state: page.t(key),
            is_answered: outcome.is_ok(),
        }
    });
    Ok(visit.show(&TodayPage {
        page,
        day: page.day(day),
        date: day.to_string(),
        is_today: day == today,
        before: day.plus_days(-1).to_string(),
        after: day.plus_days(1).to_string(),
        lines: lines.collect(),
    }))
}
