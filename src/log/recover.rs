//! A copy of the own log that is older than what others have seen of it: leaves come back from mirrors, and nothing is
//! appended until the copy is whole.

use super::received::{finish_leaves, put_leaves};
use super::register::Recorder;
use super::sequencer::{ConsentLog, lock, read_leaves};
use super::tables::{
    CONSENTS, COSIGNED, HEADS, LEAVES, LogKey, MARKET, REPORTED, REPORTED_HEADS, StoredTiles, USES,
};
use super::{LogError, tree_error};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::merkle::tree::Appender;
use crate::merkle::{Checkpoint, Frontier, Note, leaf_hash, tree};
use crate::model::leaf::{CheckpointReference, Leaf};
use crate::store::{Durability, Store, StoreBatch, TableKey as _};

/// Leaves that are read at once while the register is made anew.
const PAGE_LEAVES: usize = 4096;

/// Leaves of the own log that nobody else has seen, and that stand where others have seen other ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The size that the log is cut back to: as far as both are equal.
    pub size: u64,
    /// The bytes of the leaves that are taken away, in order.
    pub leaves: Vec<Vec<u8>>,
}

impl ConsentLog {
    /// The right edge of the tree of the first `size` leaves, to try out what leaves behind it would lead to.
    pub fn frontier(&self, size: u64) -> Result<Frontier, LogError> {
        let tiles = StoredTiles { store: &self.store, owner: &self.owner };
        let appender = Appender::new(size, &tiles).map_err(|e| tree_error(&self.owner, e))?;
        Ok(appender.frontier())
    }

    /// Puts leaves of this log that came from a mirror behind those that are here, as a mirror does, and writes `also`
    /// with them. The caller has made sure that they lead to what this node signed once. Only while the log is held.
    pub fn take_back(
        &self,
        from: u64,
        leaves: &[Vec<u8>],
        also: StoreBatch,
    ) -> Result<CheckpointReference, LogError> {
        assert!(self.is_held(), "leaves come back only while nothing is appended");
        let mut head = lock(&self.head);
        assert_eq!(head.size, from, "leaves come back in order");
        let mut batch = also;
        let (appended, recorder) =
            put_leaves(&self.store, &self.owner, from, leaves, UnixTime(i64::MAX), &mut batch)?;
        finish_leaves(&self.owner, &appended, recorder, &mut batch);
        let mut next = head.clone();
        (next.size, next.root) = (appended.size, Digest(appended.root));
        next.checkpoint = self.sign(appended.size, appended.root);
        batch.put(&HEADS, &self.owner.to_string(), &next);
        self.store.commit(batch, Durability::Synced)?;
        *head = next;
        Ok(CheckpointReference { size: head.size, root: head.root })
    }

    /// The leaves that [`ConsentLog::cut_back`] to `size` would take away.
    pub fn beyond(&self, size: u64) -> Result<Cut, LogError> {
        let count = usize::try_from(self.head().size.saturating_sub(size)).unwrap_or(usize::MAX);
        Ok(Cut { size, leaves: read_leaves(&self.store, &self.owner, size, count)? })
    }

    /// Takes leaves away that nobody else has seen, with what they said of consents and uses, and writes `also` with
    /// it. Only while the log is held.
    pub fn cut_back(&self, size: u64, also: StoreBatch) -> Result<(), LogError> {
        assert!(self.is_held(), "leaves are taken away only while nothing is appended");
        let mut head = lock(&self.head);
        let (store, owner) = (&self.store, self.owner.to_string());
        let mut batch = also;
        for index in size..head.size {
            batch.delete(&LEAVES, &LogKey::new(&self.owner, index));
        }
        clear_register(store, &owner, &mut batch)?;
        // The rows that are being taken away must not be seen by what is recorded anew.
        let mut recorder = Recorder::anew(store, &self.owner);
        let mut from = 0;
        while from < size {
            let limit = usize::try_from(size - from).unwrap_or(usize::MAX).min(PAGE_LEAVES);
            let page = read_leaves(store, &self.owner, from, limit)?;
            if page.is_empty() {
                return Err(LogError::Missing { owner, index: from });
            }
            for (index, bytes) in (from..).zip(&page) {
                if let Ok(leaf) = Leaf::from_bytes(bytes) {
                    recorder.record(index, Digest(leaf_hash(bytes)), &leaf)?;
                }
            }
            from += page.len() as u64;
        }
        recorder.finish(&mut batch);
        // Tiles that are longer than the tree are cut when they are read, and written over when it grows.
        let tiles = StoredTiles { store, owner: &self.owner };
        let root = tree::root(size, &tiles).map_err(|e| tree_error(&self.owner, e))?;
        let mut next = head.clone();
        (next.size, next.root) = (size, Digest(root));
        next.checkpoint = if size == 0 { Vec::new() } else { self.sign(size, root) };
        if size_of(&next.quorum).is_some_and(|witnessed| witnessed > size) {
            next.quorum = Vec::new();
        }
        batch.delete(&COSIGNED, &owner);
        batch.put(&HEADS, &owner, &next);
        store.commit(batch, Durability::Synced)?;
        *head = next;
        Ok(())
    }
}

/// The size that a checkpoint of a log states.
fn size_of(note: &[u8]) -> Option<u64> {
    Some(Note::parse(note).ok()?.text().parse::<Checkpoint>().ok()?.size())
}

/// Takes away what the register has of an owner's log.
fn clear_register(store: &Store, owner: &String, batch: &mut StoreBatch) -> Result<(), LogError> {
    let prefix = owner.to_bytes();
    store.for_each(&CONSENTS, &prefix, |key, _| {
        batch.delete(&CONSENTS, &key);
        Ok::<_, LogError>(())
    })?;
    store.for_each(&USES, &prefix, |key, _| {
        batch.delete(&USES, &key);
        Ok::<_, LogError>(())
    })?;
    store.for_each(&MARKET, &prefix, |key, _| {
        batch.delete(&MARKET, &key);
        Ok::<_, LogError>(())
    })?;
    batch.delete(&REPORTED_HEADS, owner);
    store.for_each(&REPORTED, &prefix, |key, _| {
        batch.delete(&REPORTED, &key);
        Ok::<_, LogError>(())
    })
}
