//! A leaf: in words, and word for word.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::logs::{Placed, leaves, size};
use crate::console::Console;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::console::word::word;
use crate::model::leaf::LeafBody;
use crate::model::member::MemberId;
use crate::model::user::Right;

/// Every kind of leaf, as texts and forms have it.
pub(super) const KINDS: [&str; 24] = [
    "consent-given",
    "consent-withdrawn",
    "withdrawal-received",
    "inquiry-opened",
    "inquiry-answered",
    "inquiry-refused",
    "accessed",
    "evaluation-served",
    "evaluation-refused",
    "reporting-batch",
    "feed-state",
    "load-decided",
    "dispute-opened",
    "dispute-received",
    "dispute-answered",
    "dispute-resolved",
    "dispute-escalated",
    "erasure",
    "binding-made",
    "market-counted",
    "log-opened",
    "roster-accepted",
    "shares-installed",
    "log-recovered",
];

/// A leaf in a list.
pub(super) struct LeafLine {
    pub(super) path: String,
    pub(super) log: String,
    pub(super) index: String,
    pub(super) time: String,
    pub(super) kind: String,
    pub(super) says: String,
    pub(super) transaction: String,
}

/// The word of a leaf's kind.
pub(super) fn kind_of(placed: &Placed) -> String {
    let kind = |body: &LeafBody| match serde_json::to_value(body) {
        Ok(serde_json::Value::Object(object)) => {
            object.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    placed.leaf.as_ref().map_or_else(String::new, |leaf| kind(&leaf.body))
}

impl LeafLine {
    pub(super) fn of(page: &Page, placed: &Placed) -> Self {
        let kind = kind_of(placed);
        let name = if kind.is_empty() {
            page.t("console-leaf-unknown")
        } else {
            page.t(&format!("console-leaf-{kind}"))
        };
        Self {
            path: format!("/auditor/leaves/{}/{}", placed.owner, placed.index),
            log: placed.owner.to_string(),
            index: placed.index.to_string(),
            time: page.moment(placed.time()),
            kind: name,
            says: placed.leaf.as_ref().map_or_else(String::new, |leaf| says(page, &leaf.body)),
            transaction: placed.leaf.as_ref().map_or_else(String::new, |leaf| leaf.transaction.to_string()),
        }
    }
}

/// The little that a list says of a leaf beside its kind.
fn says(page: &Page, body: &LeafBody) -> String {
    let purpose = |word: &str| page.t(&format!("console-purpose-{word}"));
    let leaf_of = |index: u64| page.naming("console-leaf-under", "index", index.to_string());
    match body {
        LeafBody::ConsentGiven { terms, .. } => {
            format!(
                "{} · {}",
                purpose(terms.purpose.word()),
                page.t(&format!("console-evidence-{}", terms.evidence))
            )
        }
        LeafBody::InquiryOpened { consent, purpose: code, .. } => {
            format!("{} · {}", purpose(code.word()), leaf_of(consent.index))
        }
        LeafBody::ConsentWithdrawn { consent } => leaf_of(consent.index),
        LeafBody::InquiryRefused { reason, .. } => page.words().refusal(*reason),
        LeafBody::EvaluationServed { peer, evaluation, leaf, .. } => {
            format!("{peer} · {} · {}", page.words().evaluation(*evaluation), leaf_of(leaf.index))
        }
        LeafBody::EvaluationRefused { peer, evaluation, reason } => {
            let (asked, why) = (page.words().evaluation(*evaluation), page.words().refusal(*reason));
            format!("{peer} · {asked} · {why}")
        }
        LeafBody::Accessed { by, access, user, .. } => {
            let whom = user.map_or_else(String::new, |user| format!(" → {user}"));
            format!("{} · {by}{whom}", page.t(&format!("console-access-{}", word(access))))
        }
        LeafBody::ReportingBatch { points, .. } => page.number(points.count),
        LeafBody::FeedState { sequence, rows, .. } => format!("{sequence} · {rows}"),
        LeafBody::LoadDecided { decision, .. } => page.words().load_decision(*decision),
        LeafBody::DisputeOpened { lender, .. } => lender.to_string(),
        LeafBody::DisputeReceived { opener, .. } => opener.to_string(),
        LeafBody::DisputeAnswered { answer, .. } => {
            page.t(&format!("console-dispute-answer-{}", word(answer)))
        }
        LeafBody::DisputeResolved { outcome, .. } => {
            page.t(&format!("console-dispute-outcome-{}", word(outcome)))
        }
        LeafBody::MarketCounted { month, .. } => month.to_string(),
        LeafBody::RosterAccepted { version, .. } => version.to_string(),
        _ => String::new(),
    }
}

#[derive(Template)]
#[template(path = "auditor/leaf.html")]
struct LeafPage<'a> {
    page: &'a Page,
    line: LeafLine,
    hash: String,
    /// The leaf, laid out.
    pretty: String,
    /// Leaves that it names: path and name.
    references: Vec<(String, String)>,
    before: Option<u64>,
    after: Option<u64>,
}

/// `GET /auditor/leaves/{log}/{index}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path((log, index)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Log)?;
    let (owner, index): (MemberId, u64) = match (log.parse(), index.parse()) {
        (Ok(owner), Ok(index)) => (owner, index),
        _ => return Err(visit.not_found()),
    };
    let found = visit.blocking(&console, move |node| {
        let size = size(node, &owner)?;
        if index >= size {
            return Err(Trouble::NotThere);
        }
        let bytes = leaves(node, &owner, index, 1)?.pop().ok_or(Trouble::NotThere)?;
        Ok((Placed::of(&owner, index, &bytes), size))
    });
    let (placed, size) = found.await?;
    let page = &visit.page;
    let references = placed.references().into_iter().map(|(owner, reference)| {
        (format!("/auditor/leaves/{owner}/{}", reference.index), format!("{owner} {}", reference.index))
    });
    let value: Option<serde_json::Value> = serde_json::from_str(&placed.text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    Ok(visit.show(&LeafPage {
        page,
        line: LeafLine::of(page, &placed),
        hash: placed.hash.to_string(),
        references: references.collect(),
        before: placed.index.checked_sub(1),
        after: Some(placed.index + 1).filter(|next| *next < size),
        pretty: pretty.unwrap_or(placed.text),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Texts;

    #[test]
    fn every_kind_of_leaf_has_its_name() {
        let words = Texts::built_in().language("en");
        let golden = include_str!("../../model/leaf/golden.jsonl");
        let owner: MemberId = "lender-a".parse().unwrap();
        for line in golden.lines() {
            let placed = Placed::of(&owner, 0, line.as_bytes());
            let kind = kind_of(&placed);
            assert!(!kind.is_empty(), "{line}");
            let _ = words.text(&format!("console-leaf-{kind}"));
        }
        for kind in KINDS {
            let _ = words.text(&format!("console-leaf-{kind}"));
        }
    }
}
