//! The auditor's first page: which logs are here, the verifier, and the way to everything else.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::logs::{owners, size};
use crate::console::Console;
use crate::console::form::Posted;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::model::user::Right;
use crate::node::Node;
use crate::roster::log_origin;

/// A log that is here.
struct LogLine {
    member: String,
    is_own: bool,
    size: String,
    /// Sizes at which its owner signed two different trees.
    forks: String,
    /// `pass` or `failed` and what was found, once it was verified.
    verified: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "auditor/overview.html")]
struct OverviewPage<'a> {
    page: &'a Page,
    origin: String,
    root: String,
    checkpoint: String,
    has_quorum: bool,
    logs: Vec<LogLine>,
    was_verified: bool,
}

/// What is known of a log.
struct Known {
    member: crate::model::member::MemberId,
    size: u64,
    forks: Vec<u64>,
    /// Leaves that lead to what was signed, or why they do not.
    verified: Option<Result<u64, String>>,
}

/// `GET /auditor`.
pub(super) async fn page(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Log)?;
    shown(&console, &visit, false).await
}

/// `POST /auditor/verify`: recomputes every log that is here from its leaves. It changes nothing, so the page comes at
/// once, however long that takes.
pub(super) async fn verify(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    posted.visit.must(Right::Log)?;
    shown(&console, &posted.visit, true).await
}

async fn shown(console: &Console, visit: &Visit, verify: bool) -> Answered {
    let known = visit.blocking(console, move |node| known(node, verify)).await?;
    let page = &visit.page;
    let node = &console.node;
    let logs = known.into_iter().map(|known| {
        let sizes: Vec<String> = known.forks.iter().map(ToString::to_string).collect();
        let verified = known.verified.map(|verified| match verified {
            Ok(leaves) if known.forks.is_empty() => ("pass", page.counted("console-verify-whole", leaves)),
            Ok(_) => ("failed", page.naming("console-verify-forked", "sizes", sizes.join(", "))),
            Err(why) => ("failed", page.naming("console-verify-damaged", "why", why)),
        });
        LogLine {
            is_own: known.member == *node.me(),
            member: known.member.to_string(),
            size: page.number(known.size),
            forks: sizes.join(", "),
            verified,
        }
    });
    let head = node.log().head();
    Ok(visit.show(&OverviewPage {
        page,
        origin: log_origin(node.network(), node.me()),
        root: head.root.to_string(),
        checkpoint: String::from_utf8_lossy(&head.checkpoint).into_owned(),
        has_quorum: !head.quorum.is_empty(),
        logs: logs.collect(),
        was_verified: verify,
    }))
}

fn known(node: &Node, verify: bool) -> Result<Vec<Known>, Trouble> {
    let mut all = Vec::new();
    for member in owners(node)? {
        let is_own = &member == node.me();
        let forks = if is_own { Vec::new() } else { node.mirror().forks(&member)? };
        // What one log lacks is said of that log; the others are verified all the same.
        let verified = verify.then(|| {
            let leaves = if is_own { node.log().verify() } else { node.mirror().verify(&member) };
            leaves.map_err(|error| error.to_string())
        });
        all.push(Known {
            size: size(node, &member)?,
            forks: forks.into_iter().map(|(size, _)| size).collect(),
            verified,
            member,
        });
    }
    Ok(all)
}
