//! Feeds: what lenders signed of them, against their logs and against each other; and the rows that members hold,
//! against what the lenders signed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read as _};

use super::facts::{Log, StateLeaf};
use super::footprints::{Printed, wanted};
use super::history::members;
use super::{Audit, Opened, words_of};
use crate::audit::export::{RowLine, StateConflict, feed_rows_path, feed_state_path};
use crate::audit::finding::Rule;
use crate::audit::folder::{self, Folder, FolderError, place_of};
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed_state::{FeedState, state_hash};
use crate::limits::{AUDIT_CLOCK_STEP_SECONDS, EVIDENCE_BYTES_MAX, ROW_LINE_BYTES_MAX, ROW_PROOFS_PER_BATCH};
use crate::merkle::SetDigest;
use crate::model::member::MemberId;
use crate::secret::Entropy;
use crate::signing::Signed;
use crate::threshold::{RowHeader, check_headers};

/// A state that a lender signed, and who brought it.
struct Brought {
    state: FeedState,
    hash: Digest,
    by: String,
}

/// What is known of one lender's rows, from the best copy of its feed.
pub(super) struct Copy {
    /// It is the lender's own.
    own: bool,
    /// Sequence number of the signed state that the copy equals.
    pub(super) sequence: u64,
    /// When that state was signed.
    pub(super) time: UnixTime,
    /// Rows up to this sequence number have left the feed, for their time was over.
    pub(super) horizon: u64,
    /// How many have, in all.
    pub(super) expired: u64,
    /// How many rows lie under each locator, by epoch.
    pub(super) locators: BTreeMap<u32, BTreeMap<Digest, u64>>,
    /// Rows that may be footprints, by sequence number.
    pub(super) printed: BTreeMap<u64, Printed>,
}

pub(super) fn check(
    audit: &Audit<'_>,
    entropy: &dyn Entropy,
    report: &mut Report,
) -> BTreeMap<MemberId, Copy> {
    let mut states: BTreeMap<MemberId, Vec<Brought>> = BTreeMap::new();
    let mut copies: BTreeMap<MemberId, Copy> = BTreeMap::new();
    let mut proved: BTreeSet<(MemberId, Digest)> = BTreeSet::new();
    let wanted: BTreeMap<&MemberId, BTreeSet<u64>> =
        audit.logs.values().map(|log| (&log.member, wanted(log))).collect();
    let none = BTreeSet::new();
    for one in &audit.opened {
        for lender in members(&audit.rosters) {
            let Some((state, hash)) = state_of(audit, one, &lender, report) else { continue };
            let (holder, by) = (&one.manifest.member, by(one));
            let fresh = !proved.contains(&(lender.clone(), state.digest));
            let wanted = wanted.get(&lender).unwrap_or(&none);
            let read = Reading { audit, lender: &lender, state: &state, wanted, prove: fresh };
            match read.copy(one.export.folder, entropy, report) {
                Ok(Outcome::Equal(mut copy)) => {
                    copy.own = holder == &lender;
                    proved.insert((lender.clone(), state.digest));
                    let better = |known: &Copy| (copy.own, copy.sequence) > (known.own, known.sequence);
                    if copies.get(&lender).is_none_or(better) {
                        copies.insert(lender.clone(), copy);
                    }
                }
                Ok(Outcome::NotHeld) => {}
                Ok(Outcome::OtherMoment) => {
                    let words = format!(
                        "The rows that {holder} holds of the feed of {lender} were exported at another moment than \
                         the signed state beside them: they could not be compared."
                    );
                    report.note(Some(holder), words);
                }
                Ok(Outcome::Differs { rows }) => {
                    let words = format!(
                        "The {rows} rows that {holder} holds of the feed of {lender} are not the {} rows that \
                         {lender} signed for sequence number {}: the copy, or this export of it, was damaged or \
                         altered.",
                        state.rows, state.sequence
                    );
                    report.finding(holder, Rule::FeedCopyDiffers, words);
                }
                Err(error) => report.unchecked(one.export.name, words_of(&error)),
            }
            states.entry(lender).or_default().push(Brought { state, hash, by });
        }
        conflicts(audit, one, report, &mut states);
    }
    for (lender, states) in &states {
        compare_with_each_other(lender, states, report);
        compare_with_log(audit, lender, states, report);
    }
    for log in audit.logs.values() {
        let mut rows: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for state in &log.facts.states {
            let first = rows.entry(state.sequence).or_insert((state.rows, state.index));
            if first.0 != state.rows {
                let words = format!(
                    "The log states {} rows for sequence number {} of the feed, and leaf {} states {}.",
                    state.rows, state.sequence, first.1, first.0
                );
                report.leaf_finding(&log.member, state.index, state.time, Rule::TwoFeedStates, words);
            }
        }
        if let Some(copy) = copies.get(&log.member) {
            rows_gone(log, copy, report);
            left_in_time(audit, log, copy, report);
        }
    }
    copies
}

/// Rows leave a feed when their time is over, and the signed state counts them. Leaves that say more rows than there are
/// buy reporting evaluations, and the next ones have to take them back.
fn rows_gone(log: &Log, copy: &Copy, report: &mut Report) {
    // After a recovery some may be lost.
    if !log.facts.recoveries.is_empty() {
        return;
    }
    let states = log.facts.states.iter().filter(|state| state.sequence <= copy.sequence);
    let rows: Vec<u64> = states.map(|state| state.rows).collect();
    let gone = rows.windows(2).map(|pair| pair[0].saturating_sub(pair[1])).fold(0, u64::saturating_add);
    if gone > copy.expired {
        let words = format!(
            "By the leaves of its log {gone} rows have left its feed; by the state that it signed for sequence number \
             {}, {} have. There were fewer rows than it said.",
            copy.sequence, copy.expired
        );
        report.finding(&log.member, Rule::FeedStateMismatch, words);
    }
}

/// Rows leave when their time is over, and not before: or a lender could say that rows have left which were never there.
fn left_in_time(audit: &Audit<'_>, log: &Log, copy: &Copy, report: &mut Report) {
    let states = &log.facts.states;
    let (Some(first), Some(last)) = (states.first(), states.last()) else { return };
    if !log.facts.recoveries.is_empty() || (copy.horizon, copy.expired) == (0, 0) {
        return;
    }
    let kept = |state: &StateLeaf| {
        let policy = log.policy_at(state.index, &audit.rosters);
        policy.retention.tombstone_days.max(policy.inquiry.footprint_days)
    };
    // The horizon is what the feed had reached on the last day before that; a day for the clocks.
    let days = i64::from(kept(first).min(kept(last))) - 1;
    let before = copy.time.plus_seconds(-days * 86_400);
    let reached = states.iter().filter(|state| state.time < before).map(|state| state.sequence).max();
    let reached = reached.unwrap_or(0);
    if copy.horizon > reached || copy.expired > copy.horizon {
        let words = format!(
            "By the state that it signed for sequence number {}, {} rows up to number {} have left its feed, for their \
             time was over. {days} days before, its log had stated rows up to number {reached}.",
            copy.sequence, copy.expired, copy.horizon
        );
        report.finding(&log.member, Rule::FeedStateMismatch, words);
    }
}

fn by(one: &Opened<'_>) -> String {
    format!("{} ({})", one.manifest.member, one.export.name)
}

/// The signed state beside a copy of a feed.
fn state_of(
    audit: &Audit<'_>,
    one: &Opened<'_>,
    lender: &MemberId,
    report: &mut Report,
) -> Option<(FeedState, Digest)> {
    let path = feed_state_path(lender);
    let signed = match folder::read_json(one.export.folder, &path, EVIDENCE_BYTES_MAX) {
        Ok(signed) => signed?,
        Err(error) => {
            report.unchecked(one.export.name, words_of(&error));
            return None;
        }
    };
    let verified = verify(audit, lender, &signed);
    if verified.is_none() {
        report.unchecked(one.export.name, format!("{path}: the signature is not {lender}'s"));
    }
    verified
}

fn verify(audit: &Audit<'_>, lender: &MemberId, signed: &Signed<FeedState>) -> Option<(FeedState, Digest)> {
    let keys = audit.rosters.feed_keys(lender);
    let state = keys.iter().find_map(|key| signed.verify(key).ok())?;
    let whose = &state.lender == lender && &state.network == audit.rosters.newest().network();
    whose.then(|| (state, state_hash(signed)))
}

/// Evidence of two states: both signatures are checked before anybody is accused.
fn conflicts(
    audit: &Audit<'_>,
    one: &Opened<'_>,
    report: &mut Report,
    states: &mut BTreeMap<MemberId, Vec<Brought>>,
) {
    let given = one.export.name;
    let names = match folder::list(one.export.folder, "evidence/feed-states") {
        Ok(names) => names,
        Err(error) => return report.unchecked(given, words_of(&error)),
    };
    for name in names {
        let path = format!("evidence/feed-states/{name}");
        let lender = name.strip_suffix(".json").and_then(|stem| stem.rsplit_once('-'));
        let Some(Ok(lender)) = lender.map(|(lender, _)| lender.parse::<MemberId>()) else { continue };
        let conflict: StateConflict = match folder::read_json(one.export.folder, &path, EVIDENCE_BYTES_MAX) {
            Ok(Some(conflict)) => conflict,
            Ok(None) => continue,
            Err(error) => {
                report.unchecked(given, words_of(&error));
                continue;
            }
        };
        match (verify(audit, &lender, &conflict.held), verify(audit, &lender, &conflict.shown)) {
            (Some(held), Some(shown)) => {
                let brought = [held, shown].map(|(state, hash)| Brought { state, hash, by: by(one) });
                states.entry(lender).or_default().extend(brought);
            }
            _ => report.unchecked(given, format!("{path}: it is no evidence: a signature is not {lender}'s")),
        }
    }
}

fn compare_with_each_other(lender: &MemberId, states: &[Brought], report: &mut Report) {
    let mut known: BTreeMap<u64, &Brought> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for brought in states {
        let (sequence, state) = (brought.state.sequence, &brought.state);
        let first = known.entry(sequence).or_insert(brought);
        let differs = (first.state.digest, first.state.rows) != (state.digest, state.rows);
        if differs && told.insert((sequence, state.digest)) {
            let words = format!(
                "The lender signed two different states of its feed for sequence number {sequence}: one with {} \
                 rows on {} (held by {}), one with {} rows on {} (held by {}). Members were shown different data.",
                first.state.rows, first.state.time, first.by, state.rows, state.time, brought.by
            );
            report.finding(lender, Rule::TwoFeedStates, words);
        }
    }
}

fn compare_with_log(audit: &Audit<'_>, lender: &MemberId, states: &[Brought], report: &mut Report) {
    let Some(log) = audit.logs.get(lender) else { return };
    let leaves: BTreeMap<Digest, usize> =
        log.facts.states.iter().enumerate().map(|(place, leaf)| (leaf.hash, place)).collect();
    // State and leaf are one write. A leaf of well after the state, by the lender's own clock, lies behind the state's.
    let end = log.facts.last_time().unwrap_or_default();
    let mut told = BTreeSet::new();
    for Brought { state, hash, by } in states {
        report.checked.feed_states_compared += 1;
        if let Some(leaf) = leaves.get(hash).and_then(|place| log.facts.states.get(*place)) {
            if (leaf.sequence, leaf.rows, leaf.as_of) != (state.sequence, state.rows, state.as_of) {
                let words = format!(
                    "The leaf says sequence number {} and {} rows; the state that the lender signed says {} and {}.",
                    leaf.sequence, leaf.rows, state.sequence, state.rows
                );
                report.leaf_finding(lender, leaf.index, leaf.time, Rule::FeedStateMismatch, words);
            }
            continue;
        }
        let beyond = state.time.plus_seconds(AUDIT_CLOCK_STEP_SECONDS) >= end;
        if beyond || !told.insert(*hash) {
            continue;
        }
        let words = format!(
            "The lender signed a state of its feed on {} (sequence number {}, held by {by}), and its log has no leaf \
             of it.",
            state.time, state.sequence
        );
        report.finding(lender, Rule::FeedStateWithoutLeaf, words);
    }
}

/// One copy of a feed, being read.
struct Reading<'a> {
    audit: &'a Audit<'a>,
    lender: &'a MemberId,
    state: &'a FeedState,
    wanted: &'a BTreeSet<u64>,
    /// Whether the proofs of these rows have yet to be checked.
    prove: bool,
}

enum Outcome {
    Equal(Copy),
    NotHeld,
    /// The rows go farther than the signed state, or not so far.
    OtherMoment,
    Differs {
        rows: u64,
    },
}

impl Reading<'_> {
    /// Reads the rows, one after the other, and compares them with the signed state.
    fn copy(
        &self,
        folder: &dyn Folder,
        entropy: &dyn Entropy,
        report: &mut Report,
    ) -> Result<Outcome, FolderError> {
        let path = feed_rows_path(self.lender);
        let io = |source| FolderError::Io { path: path.clone(), source };
        let Some(file) = folder.open(&path).map_err(io)? else { return Ok(Outcome::NotHeld) };
        let mut file = BufReader::new(file);
        let mut copy = Copy {
            own: false,
            sequence: self.state.sequence,
            time: self.state.time,
            horizon: self.state.horizon,
            expired: self.state.expired,
            locators: BTreeMap::new(),
            printed: BTreeMap::new(),
        };
        let mut proofs = Proofs { audit: self.audit, waiting: BTreeMap::new(), bad: Vec::new(), checked: 0 };
        let (mut digest, mut ids, mut last, mut rows) = (SetDigest::new(), BTreeSet::new(), 0, 0u64);
        let mut in_order = true;
        while let Some(line) = next_line(&mut file, &path)? {
            let row: RowLine =
                serde_json::from_slice(&line).map_err(|e| FolderError::malformed(&path, place_of(&e)))?;
            if row.sequence > self.state.sequence {
                return Ok(Outcome::OtherMoment);
            }
            in_order &= row.sequence > last && ids.insert(row.row_id);
            (last, rows) = (row.sequence, rows + 1);
            digest.add(&row.hash(self.lender).0);
            *copy.locators.entry(row.epoch).or_default().entry(row.locator).or_default() += 1;
            if self.wanted.contains(&row.sequence) {
                copy.printed.insert(row.sequence, Printed::of(&row));
            }
            if self.prove {
                proofs.add(&row, self.lender, entropy);
            }
        }
        if !in_order || rows != self.state.rows || digest.digest() != self.state.digest.0 {
            // The newest row stands for itself until a newer one comes, or its time is over.
            let other_moment = in_order && rows > 0 && last < self.state.sequence;
            return Ok(if other_moment { Outcome::OtherMoment } else { Outcome::Differs { rows } });
        }
        report.checked.feed_copies += 1;
        proofs.finish(entropy);
        report.checked.row_proofs += proofs.checked;
        // The lender signed these very rows, so a bad one is the lender's.
        for sequence in &proofs.bad {
            let words = format!(
                "Row {sequence} of its feed carries no valid proof that the lender made it itself: it may be made of \
                 another lender's row, and must not be opened."
            );
            report.finding(self.lender, Rule::RowWithoutKnowledge, words);
        }
        Ok(Outcome::Equal(copy))
    }
}

/// A line without its newline, bounded; none at the end.
fn next_line(file: &mut dyn BufRead, path: &str) -> Result<Option<Vec<u8>>, FolderError> {
    let mut line = Vec::new();
    let mut bounded = file.take(ROW_LINE_BYTES_MAX as u64 + 1);
    bounded
        .read_until(b'\n', &mut line)
        .map_err(|source| FolderError::Io { path: path.to_owned(), source })?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(FolderError::malformed(path, "a line is too long, or the last has no end"));
    }
    Ok(Some(line))
}

/// Proofs of rows, checked many at once, by epoch.
struct Proofs<'a> {
    audit: &'a Audit<'a>,
    waiting: BTreeMap<u32, (Vec<u64>, Vec<RowHeader>)>,
    bad: Vec<u64>,
    checked: u64,
}

impl Proofs<'_> {
    fn add(&mut self, row: &RowLine, lender: &MemberId, entropy: &dyn Entropy) {
        let network = self.audit.rosters.newest().network();
        let Ok(header) = row.header(network, lender) else {
            self.checked += 1;
            self.bad.push(row.sequence);
            return;
        };
        let (sequences, headers) = self.waiting.entry(row.epoch).or_default();
        sequences.push(row.sequence);
        headers.push(header);
        if headers.len() >= ROW_PROOFS_PER_BATCH {
            self.finish(entropy);
        }
    }

    fn finish(&mut self, entropy: &dyn Entropy) {
        for (epoch, (sequences, headers)) in std::mem::take(&mut self.waiting) {
            self.checked += headers.len() as u64;
            match self.audit.rosters.open_key(epoch) {
                Some(key) => {
                    let bad =
                        check_headers(&key, &headers, entropy).err().map_or(Vec::new(), |bad| bad.positions);
                    self.bad.extend(bad.into_iter().filter_map(|place| sequences.get(place)));
                }
                // Sealed to a key that the operator never listed.
                None => self.bad.extend(sequences),
            }
        }
    }
}
