//! What is decided about loads, by the guard and by named persons: each decision is a leaf of the log, which commits
//! to the load's figures and the person without telling them.

use serde::{Deserialize, Serialize};

use super::{ImportError, ImportOptions};
use crate::book::{Load, LoadEntry, LoadRefusal, LoadStage, LoadState, StoredReject, Upserted};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, commit};
use crate::limits::LOAD_NAME_CHARS_MAX;
use crate::model::day::Day;
use crate::model::leaf::{Leaf, LeafBody, LoadDecision};
use crate::model::person_name::person_name;
use crate::node::Node;
use crate::node::tables::LOAD_DECISIONS;
use crate::secret::random_array;
use crate::store::StoreBatch;
use crate::wire::codec;

/// Domain of the commitment in a `load-decided` leaf.
const COMMITMENT_DOMAIN: &str = "tallystick/load-decision/v1";
/// Version of the encrypted record.
const RECORD_VERSION: u8 = 1;

/// What a `load-decided` leaf commits to, with its salt: for the audit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadDecisionRecord {
    /// The leaf's transaction, by which it is found.
    pub transaction: TransactionId,
    /// When.
    pub time: UnixTime,
    /// What was decided.
    pub decision: LoadDecision,
    /// Salt of the commitment.
    pub salt: [u8; 32],
    /// The bytes that it commits to: JSON with `decision`, `time` and the `load` as it stood then, which names the
    /// person.
    pub payload: Vec<u8>,
}

impl LoadDecisionRecord {
    /// The commitment, as it stands in the leaf.
    pub fn commitment(&self) -> Digest {
        commit(&self.salt, COMMITMENT_DOMAIN, &self.payload)
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    decision: LoadDecision,
    time: UnixTime,
    load: &'a Load,
}

/// The name of a file without its folder, of a length that a list can show.
fn file_name(text: &str) -> String {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(LOAD_NAME_CHARS_MAX).collect()
}

/// The name of a person who decides.
fn person(by: &str) -> Result<String, ImportError> {
    Ok(person_name(by)?)
}

fn refused(number: u64, why: LoadRefusal) -> ImportError {
    crate::book::BookError::Load { number, why }.into()
}

impl Node {
    /// A load of which nothing is known yet.
    pub(super) fn blank(&self, options: &ImportOptions, number: u64) -> LoadEntry {
        let load = Load {
            number,
            time: self.clock.now(),
            file: file_name(&options.file_name),
            digest: Digest([0; 32]),
            format: options.format.as_str().to_owned(),
            full_portfolio: options.full_portfolio,
            as_of: None,
            state: LoadState::Reading,
            good: 0,
            rejected: 0,
            skipped: 0,
            figures: Vec::new(),
            changes: Upserted::default(),
            not_closed: None,
            held_for: Vec::new(),
            hold_reasons: Vec::new(),
            not_closed_for: None,
            decided_by: None,
        };
        LoadEntry { load, stage: LoadStage::default() }
    }

    /// Writes down that a load begins.
    pub(super) fn begin_load(&self, options: &ImportOptions) -> Result<LoadEntry, ImportError> {
        let entry = self.blank(options, self.book.next_load()?);
        self.book.put_load(&entry, &*self.entropy)?;
        Ok(entry)
    }

    /// The newest load in the book that had an as-of date.
    pub(super) fn last_load(&self) -> Result<Option<(u64, Day)>, ImportError> {
        let loads = self.book.loads()?;
        let mut newest = loads.iter().rev().filter(|load| load.state == LoadState::Loaded);
        Ok(newest.find_map(|load| Some((load.number, load.as_of?))))
    }

    /// The load in the book that took in the same file.
    pub(super) fn same_as(&self, load: &Load) -> Result<Option<u64>, ImportError> {
        let Some(same) = self.book.load_of_file(&load.digest)? else { return Ok(None) };
        let is_in_book = self.book.load_entry(same)?.load.state == LoadState::Loaded;
        Ok(is_in_book.then_some(same))
    }

    /// Logs a decision; the load as it stands after it is written with the leaf, all or nothing. `is_over` when the
    /// rows laid aside are needed no more.
    pub(super) fn decide(
        &self,
        entry: LoadEntry,
        decision: LoadDecision,
        is_over: bool,
    ) -> Result<LoadEntry, ImportError> {
        let (number, time) = (entry.load.number, self.clock.now());
        let payload = serde_json::to_vec(&Payload { decision, time, load: &entry.load })
            .expect("a load has only string keys");
        let transaction = TransactionId::random(&*self.entropy);
        let record =
            LoadDecisionRecord { transaction, time, decision, salt: random_array(&*self.entropy), payload };
        let place = (number, self.load_decisions(number)?.len() as u64);
        let plain = codec::encode_secret(RECORD_VERSION, &record);
        let name = LOAD_DECISIONS.spec().name;
        let sealed = self.at_rest.seal(name, &decision_key(place), plain.expose(), &*self.entropy);
        let mut changes = StoreBatch::new();
        changes.put(&LOAD_DECISIONS, &place, &sealed);
        let _writing = self.book.writer();
        self.book.put_load_in(&entry, &mut changes, &*self.entropy);
        if is_over {
            self.book.forget_held_in(number, &mut changes)?;
        }
        let body = LeafBody::LoadDecided { commitment: record.commitment(), decision };
        self.log.append(Box::new(move |_, batch| {
            batch.append(changes);
            Ok(vec![Leaf::new(time, transaction, body)])
        }))?;
        Ok(entry)
    }

    /// Lets a held load into the book, in the name of the person who looked at its figures.
    pub fn release_load(&self, number: u64, by: &str) -> Result<Load, ImportError> {
        let (by, _loading) = (person(by)?, self.book.loading().ok_or(ImportError::Busy)?);
        self.finish_interrupted(&mut |_| ())?;
        let mut entry = self.book.load_entry(number)?;
        if entry.load.state != LoadState::Held {
            return Err(refused(number, LoadRefusal::NotHeldToRelease));
        }
        entry.load.state = LoadState::Loading;
        entry.load.decided_by = Some(by);
        entry.load.changes = Upserted::default();
        let entry = self.decide(entry, LoadDecision::Released, false)?;
        Ok(self.apply(entry, &mut |_| ())?.load)
    }

    /// Throws a held load away, in the name of the person who looked at its figures.
    pub fn discard_load(&self, number: u64, by: &str) -> Result<Load, ImportError> {
        let (by, _loading) = (person(by)?, self.book.loading().ok_or(ImportError::Busy)?);
        self.finish_interrupted(&mut |_| ())?;
        let mut entry = self.book.load_entry(number)?;
        if entry.load.state != LoadState::Held {
            return Err(refused(number, LoadRefusal::NotHeldToDiscard));
        }
        entry.load.state = LoadState::Discarded;
        entry.load.decided_by = Some(by);
        entry.load.changes = Upserted::default();
        Ok(self.decide(entry, LoadDecision::Discarded, true)?.load)
    }

    /// Takes a load back out of the book: every loan is as it was before. Only the newest one in the book can be, for
    /// a later one stands on it; take that out first.
    pub fn undo_load(&self, number: u64, by: &str) -> Result<Load, ImportError> {
        let (by, _loading) = (person(by)?, self.book.loading().ok_or(ImportError::Busy)?);
        self.finish_interrupted(&mut |_| ())?;
        let mut entry = self.book.load_entry(number)?;
        if entry.load.state != LoadState::Loaded {
            return Err(refused(number, LoadRefusal::NotInBook));
        }
        let newest = self.book.loads()?.into_iter().rev().find(|load| load.state == LoadState::Loaded);
        if newest.is_some_and(|newest| newest.number != number) {
            return Err(refused(number, LoadRefusal::LaterLoad));
        }
        if !entry.load.changes.is_nothing() && !self.book.can_undo(number)? {
            return Err(refused(number, LoadRefusal::TooOld));
        }
        entry.load.state = LoadState::Undoing;
        entry.load.decided_by = Some(by);
        self.book.put_load(&entry, &*self.entropy)?;
        Ok(self.take_out(entry)?.load)
    }

    /// Brings a load's undoing to its end.
    pub(super) fn take_out(&self, mut entry: LoadEntry) -> Result<LoadEntry, ImportError> {
        self.book.undo(entry.load.number, &*self.entropy)?;
        self.pending.notify_one();
        entry.load.state = LoadState::Undone;
        self.decide(entry, LoadDecision::Undone, true)
    }

    /// Every load, oldest first.
    pub fn loads(&self) -> Result<Vec<Load>, ImportError> {
        Ok(self.book.loads()?)
    }

    /// A page of them, as [`crate::book::Book::loads_page`] gives it.
    pub fn loads_page(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<Load>, Option<u64>), ImportError> {
        Ok(self.book.loads_page(after, limit)?)
    }

    /// Rejected rows of a load, as they stood in the file: persons' data, for the clerk who mends them. Kept for the
    /// newest loads only.
    pub fn rejects(&self, number: u64) -> Result<Vec<StoredReject>, ImportError> {
        self.book.load_entry(number)?;
        Ok(self.book.rejects(number)?)
    }

    /// What was decided about a load, in order: what the leaves of the log commit to.
    pub fn load_decisions(&self, number: u64) -> Result<Vec<LoadDecisionRecord>, ImportError> {
        let name = LOAD_DECISIONS.spec().name;
        let mut records = Vec::new();
        for (place, sealed) in
            self.store.scan_prefix(&LOAD_DECISIONS, &number.to_be_bytes(), None, usize::MAX)?
        {
            let sealed_error = |source| crate::book::BookError::Sealed { table: name, source };
            let plain = self.at_rest.open(name, &decision_key(place), &sealed).map_err(sealed_error)?;
            let record = codec::decode_versioned(RECORD_VERSION, plain.expose(), name);
            records.push(record.map_err(crate::book::BookError::from)?);
        }
        Ok(records)
    }
}

fn decision_key((number, place): (u64, u64)) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key[8..].copy_from_slice(&place.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_persons() {
        assert_eq!(file_name("/data/books/2026-11-20.csv"), "2026-11-20.csv");
        assert_eq!(file_name("C:\\books\\november.xlsx"), "november.xlsx");
        assert_eq!(file_name("a\u{7}b.csv"), "ab.csv");
        assert_eq!(file_name(&"x".repeat(500)).len(), LOAD_NAME_CHARS_MAX);
        assert_eq!(person("  Sok Dara ").unwrap(), "Sok Dara");
        for nobody in ["", "  ", "a\nb", "\u{202e}arad koS", &"x".repeat(LOAD_NAME_CHARS_MAX + 1)] {
            assert!(matches!(person(nobody), Err(ImportError::Nobody(_))));
        }
    }
}
