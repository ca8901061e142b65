//! One consent or inquiry through every log that is here: what the asker logged, what the key holders logged against it,
//! and whether the two agree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use regex::Regex;
use serde::Deserialize;

use super::leaf::LeafLine;
use super::logs::{LEAVES_PER_READ, Placed, leaves, owners, size};
use crate::console::Console;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::limits::{CONSOLE_FOLLOW_READ_MAX, CONSOLE_FOLLOWED_LEAVES_MAX};
use crate::log::LogError;
use crate::model::leaf::{EvaluationKind, LeafBody};
use crate::model::member::MemberId;
use crate::model::user::Right;
use crate::node::Node;

/// Times that the logs are gone through: what was found names what is looked for next.
const ROUNDS_MAX: usize = 4;
/// Hexadecimal digits of a transaction, a consent, and a leaf's hash.
const DIGITS: [usize; 2] = [32, 64];

/// What is followed.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    find: String,
}

/// What came of comparing both sides.
struct Entry {
    /// `pass`, `warning` or `failed`: class of the style.
    word: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "auditor/follow.html")]
struct FollowPage<'a> {
    page: &'a Page,
    find: String,
    is_wrong: bool,
    lines: Vec<LeafLine>,
    entries: Vec<Entry>,
    /// Logs that were gone through.
    logs: String,
    is_cut: bool,
}

/// What was found.
#[derive(Default)]
struct Story {
    leaves: BTreeMap<(MemberId, u64), Placed>,
    logs: Vec<MemberId>,
    /// Whether there is more than was read or kept.
    is_cut: bool,
}

/// `GET /auditor/follow?find=`: the number of an inquiry or a consent, or the hash of a leaf.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Log)?;
    let page = &visit.page;
    let find = wanted.find.trim().to_ascii_lowercase();
    let is_number = DIGITS.contains(&find.len()) && find.bytes().all(|byte| byte.is_ascii_hexdigit());
    let story = if is_number {
        let find = find.clone();
        visit.blocking(&console, move |node| follow(node, find).map_err(Trouble::from)).await?
    } else {
        Story::default()
    };
    let mut found: Vec<&Placed> = story.leaves.values().collect();
    found.sort_by_key(|placed| (placed.time(), placed.owner.clone(), placed.index));
    let logs: Vec<String> = story.logs.iter().map(ToString::to_string).collect();
    let shown: String = find.chars().take(64).collect();
    Ok(visit.show(&FollowPage {
        page,
        is_wrong: !find.is_empty() && !is_number,
        find: shown,
        entries: entries(&console, page, &story),
        lines: found.into_iter().map(|placed| LeafLine::of(page, placed)).collect(),
        logs: logs.join(", "),
        is_cut: story.is_cut,
    }))
}

/// Goes through the logs for what is looked for, and then for what that names, until nothing new comes.
fn follow(node: &Node, find: String) -> Result<Story, LogError> {
    let mut story = Story { logs: owners(node)?, ..Story::default() };
    let mut known = BTreeSet::from([find.clone()]);
    let mut wanted = vec![find];
    for _ in 0..ROUNDS_MAX {
        if wanted.is_empty() {
            break;
        }
        // Hexadecimal digits alone: nothing in them means anything to a pattern.
        let Ok(pattern) = Regex::new(&wanted.join("|")) else { break };
        let mut next = Vec::new();
        for owner in story.logs.clone() {
            gather(node, &owner, &pattern, &mut story, &mut next)?;
        }
        // A leaf does not hold its own hash: those that are named are looked up where they stand.
        let named: Vec<_> = story.leaves.values().flat_map(Placed::references).collect();
        for (owner, reference) in named {
            let key = (owner, reference.index);
            let (owner, index) = &key;
            if story.leaves.contains_key(&key) || !story.logs.contains(owner) || *index >= size(node, owner)?
            {
                continue;
            }
            if let Some(bytes) = leaves(node, owner, *index, 1)?.pop() {
                let placed = Placed::of(owner, *index, &bytes);
                next.extend(names(&placed));
                story.leaves.insert(key, placed);
            }
        }
        wanted = next.into_iter().filter(|one| known.insert(one.clone())).collect();
    }
    Ok(story)
}

fn gather(
    node: &Node,
    owner: &MemberId,
    pattern: &Regex,
    story: &mut Story,
    next: &mut Vec<String>,
) -> Result<(), LogError> {
    let size = size(node, owner)?;
    let mut from = size.saturating_sub(CONSOLE_FOLLOW_READ_MAX);
    story.is_cut |= from > 0;
    while from < size {
        let left = usize::try_from(size - from).unwrap_or(LEAVES_PER_READ);
        let page = leaves(node, owner, from, LEAVES_PER_READ.min(left))?;
        if page.is_empty() {
            break;
        }
        for bytes in page {
            let index = from;
            from += 1;
            let is_named = std::str::from_utf8(&bytes).is_ok_and(|text| pattern.is_match(text));
            if !is_named || story.leaves.contains_key(&(owner.clone(), index)) {
                continue;
            }
            if story.leaves.len() == CONSOLE_FOLLOWED_LEAVES_MAX {
                story.is_cut = true;
                return Ok(());
            }
            let placed = Placed::of(owner, index, &bytes);
            next.extend(names(&placed));
            story.leaves.insert((owner.clone(), index), placed);
        }
    }
    Ok(())
}

/// What else belongs to the story of which this leaf is a part.
fn names(placed: &Placed) -> Vec<String> {
    let Some(leaf) = &placed.leaf else { return Vec::new() };
    let transaction = leaf.transaction.to_string();
    match &leaf.body {
        LeafBody::ConsentGiven { withdrawal, .. } => {
            vec![transaction, placed.hash.to_string(), withdrawal.to_string()]
        }
        LeafBody::InquiryOpened { consent, .. } => {
            vec![transaction, placed.hash.to_string(), consent.hash.to_string()]
        }
        LeafBody::InquiryAnswered { .. } | LeafBody::InquiryRefused { .. } => vec![transaction],
        LeafBody::ConsentWithdrawn { consent } => vec![consent.hash.to_string()],
        LeafBody::EvaluationServed { leaf, evaluation, .. } if *evaluation != EvaluationKind::Reporting => {
            vec![leaf.hash.to_string()]
        }
        _ => Vec::new(),
    }
}

/// Each opening against the key holders' own leaves, and each of theirs against the asker's.
fn entries(console: &Console, page: &Page, story: &Story) -> Vec<Entry> {
    let roster = console.node.roster();
    let mut entries = Vec::new();
    for placed in story.leaves.values() {
        let Some(leaf) = &placed.leaf else { continue };
        match &leaf.body {
            LeafBody::InquiryOpened { epoch, .. } => {
                let served = story.leaves.values().filter(|other| {
                    let body = other.leaf.as_ref().map(|leaf| &leaf.body);
                    matches!(body, Some(LeafBody::EvaluationServed { peer, leaf, .. })
                        if *peer == placed.owner && leaf.index == placed.index && leaf.hash == placed.hash)
                });
                let served: BTreeSet<&MemberId> = served.map(|other| &other.owner).collect();
                let needed = roster.epoch(*epoch).map_or(0, |epoch| usize::from(epoch.threshold));
                let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX).into();
                let values = [
                    ("log", placed.owner.as_str().into()),
                    ("index", placed.index.to_string().into()),
                    ("served", count(served.len())),
                    ("needed", count(needed)),
                ];
                let (word, key) = if needed > 0 && served.len() >= needed {
                    ("pass", "console-follow-served")
                } else {
                    ("warning", "console-follow-served-few")
                };
                entries.push(Entry { word, text: page.with(key, &values) });
            }
            LeafBody::EvaluationServed { peer, leaf: named, .. } => {
                let theirs = story.leaves.get(&(peer.clone(), named.index));
                let values = [
                    ("holder", placed.owner.as_str().into()),
                    ("log", peer.as_str().into()),
                    ("index", named.index.to_string().into()),
                ];
                let (word, key) = match theirs {
                    Some(theirs) if theirs.hash == named.hash => continue,
                    Some(_) => ("failed", "console-follow-other-leaf"),
                    None if story.logs.contains(peer) => ("warning", "console-follow-leaf-missing"),
                    None => ("off", "console-follow-log-missing"),
                };
                entries.push(Entry { word, text: page.with(key, &values) });
            }
            _ => {}
        }
    }
    entries
}
