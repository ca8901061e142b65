//! Whether a peer can be reached, in plain words: a button a peer, and a cheap question to it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};

use crate::console::Console;
use crate::console::form::Posted;
use crate::console::visit::{Answered, Page, Visit};
use crate::limits::REPLY_SECONDS_MAX;
use crate::model::member::MemberId;
use crate::model::user::Right;
use crate::node::{ConsentError, PeerError};

/// A peer.
struct PeerLine {
    id: String,
    name: String,
    addresses: String,
    heard: String,
    /// What the last failed call said, for those who look after the network.
    failure: Option<String>,
}

/// What came of a test.
struct Tested {
    name: String,
    /// `pass`, `warning` or `failed`: class of the style.
    word: &'static str,
    text: String,
    out: String,
    detail: Option<String>,
}

#[derive(Template)]
#[template(path = "operator/connections.html")]
struct ConnectionsPage<'a> {
    page: &'a Page,
    peers: Vec<PeerLine>,
    tested: Option<Tested>,
}

/// `GET /operator/connections`.
pub(super) async fn page(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Operate)?;
    Ok(visit.show(&shown(&console, &visit.page, None)))
}

fn shown<'a>(console: &Console, page: &'a Page, tested: Option<Tested>) -> ConnectionsPage<'a> {
    let node = &console.node;
    let roster = node.roster();
    let others = roster.document().members.iter().filter(|m| m.removed.is_none() && &m.id != node.me());
    let peers = others.map(|member| {
        let addresses: Vec<String> = member.addresses.iter().map(ToString::to_string).collect();
        let heard = node.last_contact(&member.id);
        PeerLine {
            id: member.id.to_string(),
            name: member.name.clone(),
            addresses: if addresses.is_empty() { page.t("console-peer-dials") } else { addresses.join(", ") },
            heard: heard.map_or_else(|| page.t("console-answer-never"), |time| page.moment(time)),
            failure: node.last_failure(&member.id),
        }
    });
    ConnectionsPage { page, peers: peers.collect(), tested }
}

/// `POST /operator/connections/{member}`: asks the peer for its roster. It changes nothing, so the page comes at once.
pub(super) async fn test(
    State(console): State<Arc<Console>>,
    Path(member): Path<String>,
    posted: Posted,
) -> Answered {
    let visit = posted.visit;
    visit.must(Right::Operate)?;
    let roster = console.node.roster();
    let id: MemberId = member.parse().map_err(|_| visit.not_found())?;
    let found =
        roster.member(&id).filter(|member| member.removed.is_none() && &member.id != console.node.me());
    let found = found.ok_or_else(|| visit.not_found())?;
    let (name, listens) = (found.name.clone(), !found.addresses.is_empty());
    let patience = Duration::from_secs(REPLY_SECONDS_MAX);
    let asked = visit.waiting(&console, move |node| async move {
        Ok::<_, ConsentError>(tokio::time::timeout(patience, node.probe(&id)).await)
    });
    let asked = asked.await?;
    let page = &visit.page;
    let said = |word, key: &str, detail: Option<String>| Tested {
        name: name.clone(),
        word,
        text: page.t(key),
        out: page.t(&format!("{key}-out")),
        detail,
    };
    let tested = match asked {
        Ok(Ok((took, version))) => Tested {
            name: name.clone(),
            word: "pass",
            text: page.counted("console-peer-answered", took.as_millis()),
            out: if version == roster.version() {
                page.t("console-peer-same-roster")
            } else {
                page.counted("console-peer-other-roster", version)
            },
            detail: None,
        },
        Ok(Err(PeerError::Unreachable { why, .. })) if !listens => {
            said("warning", "console-peer-not-here", Some(why))
        }
        Ok(Err(PeerError::Unreachable { why, .. })) => said("failed", "console-peer-unreachable", Some(why)),
        Ok(Err(PeerError::Misbehaved { what, .. })) => said("failed", "console-peer-wrong", Some(what)),
        Err(_) => said("failed", "console-peer-silent", None),
    };
    Ok(visit.show(&shown(&console, page, Some(tested))))
}
