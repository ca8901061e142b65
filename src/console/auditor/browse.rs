//! Leaves of one log, the newest first: by kind, by day, and by anything that stands in them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::leaf::{KINDS, LeafLine, kind_of};
use super::logs::{LEAVES_PER_READ, Placed, first_since, leaves, owners, size};
use crate::console::Console;
use crate::console::form::Choice;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::limits::{CONSOLE_LEAVES_PER_PAGE, CONSOLE_LEAVES_READ_MAX};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::model::user::Right;
use crate::node::Node;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    log: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    find: String,
    /// Leaves from this index on are left out.
    #[serde(default)]
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "auditor/browse.html")]
struct BrowsePage<'a> {
    page: &'a Page,
    logs: Vec<Choice>,
    kinds: Vec<Choice>,
    day: String,
    find: String,
    lines: Vec<LeafLine>,
    /// The query by which older ones are shown; none at the beginning of the log.
    older: Option<String>,
    /// Whether the search stopped before it had found a page full.
    stopped: bool,
}

/// What a search found.
struct Found {
    owners: Vec<MemberId>,
    owner: MemberId,
    leaves: Vec<Placed>,
    /// The index before which the search goes on; none at the beginning.
    next: Option<u64>,
}

/// `GET /auditor/leaves`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Log)?;
    let search = wanted.clone();
    let Found { owners, owner, leaves, next } =
        visit.blocking(&console, move |node| look(node, &search).map_err(Trouble::from)).await?;
    let page = &visit.page;
    let logs = owners.iter().map(|one| Choice {
        value: one.to_string(),
        name: one.to_string(),
        is_chosen: *one == owner,
    });
    let kinds = KINDS.iter().map(|kind| Choice {
        value: (*kind).to_owned(),
        name: page.t(&format!("console-leaf-{kind}")),
        is_chosen: *kind == wanted.kind,
    });
    let plain =
        |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
    let older = next.map(|next| {
        format!(
            "log={owner}&kind={}&day={}&find={}&before={next}",
            plain(&wanted.kind),
            plain(&wanted.day),
            plain(&wanted.find)
        )
    });
    Ok(visit.show(&BrowsePage {
        page,
        logs: logs.collect(),
        kinds: kinds.collect(),
        day: plain(&wanted.day),
        find: plain(&wanted.find),
        stopped: next.is_some() && leaves.len() < CONSOLE_LEAVES_PER_PAGE,
        lines: leaves.iter().map(|placed| LeafLine::of(page, placed)).collect(),
        older,
    }))
}

fn look(node: &Node, wanted: &Wanted) -> Result<Found, LogError> {
    let owners = owners(node)?;
    let owner = owners.iter().find(|one| one.as_str() == wanted.log).unwrap_or(node.me()).clone();
    let size = size(node, &owner)?;
    let day: Option<Day> = wanted.day.parse().ok();
    let (first, end) = match day {
        None => (0, size),
        Some(day) => (
            first_since(node, &owner, size, day.start())?,
            first_since(node, &owner, size, day.plus_days(1).start())?,
        ),
    };
    let mut before = wanted.before.unwrap_or(end).min(end);
    let find = wanted.find.trim();
    let (mut found, mut read) = (Vec::new(), 0);
    while before > first && found.len() < CONSOLE_LEAVES_PER_PAGE && read < CONSOLE_LEAVES_READ_MAX {
        let from = before.saturating_sub(u64::try_from(LEAVES_PER_READ).unwrap_or(u64::MAX)).max(first);
        let count = usize::try_from(before - from).unwrap_or(LEAVES_PER_READ);
        let mut page = leaves(node, &owner, from, count)?;
        read += page.len();
        while let Some(bytes) = page.pop() {
            before -= 1;
            let placed = Placed::of(&owner, before, &bytes);
            let is_kind = wanted.kind.is_empty() || kind_of(&placed) == wanted.kind;
            if is_kind && (find.is_empty() || placed.text.contains(find)) {
                found.push(placed);
                if found.len() == CONSOLE_LEAVES_PER_PAGE {
                    break;
                }
            }
        }
    }
    Ok(Found { owners, owner, leaves: found, next: (before > first).then_some(before) })
}
