//! Footprints: each opening left one in the feed, where other lenders see it.
//!
//! The leaf names only a hash of the rows. They were published in the same write, so they stand between the sequence
//! numbers of the feed's state before it and of the state that carries the opening's transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use super::facts::{Log, Opening, StateLeaf};
use super::feeds::Copy;
use crate::audit::export::RowLine;
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::digest::Digest;
use crate::feed_state::{FootprintParts, footprint_hash};
use crate::limits::IDENTIFIERS_PER_PERSON_MAX;
use crate::model::identifier::Strength;
use crate::model::member::MemberId;

/// Openings without a footprint that a note names.
const NAMED_MAX: usize = 20;

/// What the hash of a footprint covers of a row.
pub(super) struct Printed {
    locator: Digest,
    row_id: [u8; 16],
    version: u64,
    key_commitment: Digest,
}

impl Printed {
    pub(super) fn of(row: &RowLine) -> Self {
        let RowLine { locator, row_id, version, key_commitment, .. } = row;
        Self { locator: *locator, row_id: row_id.0, version: *version, key_commitment: *key_commitment }
    }

    fn parts(&self) -> FootprintParts<'_> {
        FootprintParts {
            locator: &self.locator.0,
            row_id: &self.row_id,
            version: self.version,
            key_commitment: &self.key_commitment.0,
        }
    }
}

/// Locators under which a lender's openings left their footprints, as far as they were found among its rows.
pub(super) type Left = BTreeMap<MemberId, BTreeSet<Digest>>;

/// The openings of one write, with the feed's states before and after it.
struct Write<'a> {
    openings: Vec<(u64, &'a Opening)>,
    before: u64,
    after: Option<&'a StateLeaf>,
}

fn writes(log: &Log) -> Vec<Write<'_>> {
    let mut by_transaction = BTreeMap::new();
    for (place, state) in log.facts.states.iter().enumerate() {
        by_transaction.entry(state.transaction).or_insert(place);
    }
    let mut writes: Vec<Write<'_>> = Vec::new();
    for (index, opening) in &log.facts.openings {
        let last = writes.last_mut().and_then(|write| Some((write.openings.last()?.1.transaction, write)));
        if let Some((transaction, write)) = last
            && transaction == opening.transaction
        {
            write.openings.push((*index, opening));
            continue;
        }
        let place = by_transaction.get(&opening.transaction).copied();
        let after = place.and_then(|place| log.facts.states.get(place)).filter(|state| state.index > *index);
        let before = place.and_then(|place| log.facts.states.get(place.checked_sub(1)?));
        let before = before.map_or(0, |state| state.sequence);
        writes.push(Write { openings: vec![(*index, opening)], before, after });
    }
    writes
}

impl Write<'_> {
    /// Sequence numbers of the rows that were published with it: no more than so many persons leave.
    fn rows(&self) -> std::ops::RangeInclusive<u64> {
        let after = self.after.map_or(0, |state| state.sequence);
        let most = self.before.saturating_add((IDENTIFIERS_PER_PERSON_MAX * self.openings.len()) as u64);
        self.before.saturating_add(1)..=after.min(most)
    }
}

/// How many footprints the openings of a log left up to a sequence number, at most.
pub(super) fn left_up_to(log: &Log, horizon: u64) -> u64 {
    let behind = |write: Write<'_>| write.rows().take_while(|sequence| *sequence <= horizon).count() as u64;
    writes(log).into_iter().map(behind).sum()
}

/// Sequence numbers of the rows that a log's openings say they left.
pub(super) fn wanted(log: &Log) -> BTreeSet<u64> {
    writes(log).iter().flat_map(Write::rows).collect()
}

pub(super) fn check(audit: &Audit<'_>, copies: &BTreeMap<MemberId, Copy>, report: &mut Report) -> Left {
    let mut locators = Left::new();
    for log in audit.logs.values() {
        let empty = footprint_hash([]);
        let mut without = Vec::new();
        for write in writes(log) {
            let (none, left): (Vec<_>, Vec<_>) =
                write.openings.iter().copied().partition(|(_, opening)| opening.footprint == empty);
            let asked = none.iter().filter(|(_, opening)| report.in_period(opening.time));
            without.extend(asked.map(|(index, _)| *index));
            let found = judge(log, &write, &left, copies.get(&log.member), report);
            report.checked.footprints += found.len() as u64;
            locators.entry(log.member.clone()).or_default().extend(found);
        }
        judge_without(audit, log, &without, report);
    }
    locators
}

/// Openings that say they left a footprint. Gives the locators under which it was found.
fn judge(
    log: &Log,
    write: &Write<'_>,
    left: &[(u64, &Opening)],
    copy: Option<&Copy>,
    report: &mut Report,
) -> Vec<Digest> {
    let mut locators = Vec::new();
    let mut find = |index: u64, opening: &Opening, how: &str| {
        let words = format!("{how}: other lenders cannot see that this client applied.");
        report.leaf_finding(&log.member, index, opening.time, Rule::MissingFootprint, words);
    };
    if write.rows().count() < left.len() {
        let how = "The leaf says that a footprint was left, and the lender's feed did not grow with it";
        for (index, opening) in left {
            find(*index, opening, how);
        }
        return locators;
    }
    let Some(copy) = copy.filter(|copy| write.after.is_some_and(|after| copy.sequence >= after.sequence))
    else {
        return locators;
    };
    let rows: Option<Vec<&Printed>> = write.rows().map(|sequence| copy.printed.get(&sequence)).collect();
    // Rows that were superseded since cannot be compared any more.
    let Some(mut rows) = rows else { return locators };
    for (index, opening) in left {
        match (1..=rows.len())
            .find(|count| footprint_hash(rows[..*count].iter().map(|row| row.parts())) == opening.footprint)
        {
            Some(count) => locators.extend(rows.drain(..count).map(|row| row.locator)),
            None => find(
                *index,
                opening,
                "The footprint that the leaf names is not among the rows that the lender published with it",
            ),
        }
    }
    locators
}

/// Openings that left none. A client known by a weak identifier alone leaves none; where the network has only strong
/// ones, nobody does.
fn judge_without(audit: &Audit<'_>, log: &Log, without: &[u64], report: &mut Report) {
    let mut unsure = Vec::new();
    for index in without {
        let Some(opening) = log.facts.openings.get(index) else { continue };
        let policy = log.policy_at(*index, &audit.rosters);
        if policy.inquiry.footprint_days == 0 {
            continue;
        }
        let schemes = policy.schemes();
        let weak = |scheme| schemes.strength(scheme) != Some(Strength::Strong);
        if policy.identifiers.accepted.iter().any(weak) {
            unsure.push(*index);
            continue;
        }
        let words =
            "The opening left no footprint: other lenders cannot see that this client applied.".to_owned();
        report.leaf_finding(&log.member, *index, opening.time, Rule::MissingFootprint, words);
    }
    if !unsure.is_empty() {
        let named: Vec<String> = unsure.iter().take(NAMED_MAX).map(u64::to_string).collect();
        let more = if unsure.len() > NAMED_MAX { ", …" } else { "" };
        let words = format!(
            "{} openings of {} left no footprint, which is right only for clients known by a telephone number or \
             the like alone: draw them first (leaves {}{more}).",
            unsure.len(),
            log.member,
            named.join(", ")
        );
        report.note(Some(&log.member), words);
    }
}
