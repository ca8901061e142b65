//! Other members' logs, leaf for leaf. Nothing of an update is kept unless it leads exactly to what its owner
//! signed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::received::{finish_leaves, put_leaves};
use super::sequencer::{read_leaves, verify_stored};
use super::tables::{FORKS, ForkEvidence, HEADS, LEAVES, LogHead, LogKey, StoredTiles};
use super::{LogError, tree_error};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::{LEAF_BYTES_MAX, LEAVES_PER_UPDATE_MAX};
use crate::merkle::note::NoteError;
use crate::merkle::note::VerifierKey;
use crate::merkle::{CheckpointError, open_checkpoint, tree};
use crate::model::leaf::{CheckpointReference, RefusalCode};
use crate::model::member::MemberId;
use crate::store::{Durability, Store, StoreBatch, StoreError};
use crate::wire::message::LogUpdate;

/// Growths of one log that are remembered: minutes of a busy one, for its owner to gather cosignatures in.
const GROWN_KEPT: usize = 256;
/// Forks of one log that are kept: one pair of checkpoints is enough evidence, and the owner could sign any number.
const FORKS_KEPT: usize = 64;

/// Why an update was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The update begins at another size than this mirror has. Not a fault: send from there.
    #[error("this mirror has {have} leaves of that log")]
    Size {
        /// What it has.
        have: u64,
    },
    /// The peer's fault.
    #[error("the log update is refused: {0:?}")]
    Refused(RefusalCode),
}

impl From<StoreError> for MirrorError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// An update that was checked and stored.
#[derive(Clone, Debug)]
pub struct MirroredUpdate {
    /// The owner's checkpoint, the newest known here now.
    pub checkpoint: CheckpointReference,
    /// The note's text, which a cosignature covers.
    pub note: Vec<u8>,
    /// When this node first saw the log.
    pub first_seen: UnixTime,
}

/// The mirrored logs.
#[derive(Debug)]
pub struct Mirror {
    store: Store,
    /// One update of an owner's log at a time.
    owners: Mutex<BTreeMap<MemberId, Arc<Mutex<()>>>>,
    /// When each log lately grew beyond which size, since this start.
    grown: Mutex<BTreeMap<MemberId, Grown>>,
}

/// When a log grew, and beyond which size; oldest first.
type Grown = VecDeque<(u64, UnixTime)>;

impl Mirror {
    /// The mirrors in `store`.
    pub fn new(store: Store) -> Self {
        Self { store, owners: Mutex::default(), grown: Mutex::default() }
    }

    /// What is known of an owner's log.
    pub fn head(&self, owner: &MemberId) -> Result<Option<LogHead>, StoreError> {
        self.store.get(&HEADS, &owner.to_string())
    }

    /// Whose logs are here, the store's own member's too.
    pub fn owners(&self) -> Result<Vec<MemberId>, StoreError> {
        let mut owners = Vec::new();
        self.store.for_each(&HEADS, &[], |owner, _| {
            owners.extend(owner.parse());
            Ok::<_, StoreError>(())
        })?;
        Ok(owners)
    }

    /// Checks an update against the owner's key and everything seen before, and stores it durably.
    pub fn take(
        &self,
        owner: &MemberId,
        key: &VerifierKey,
        update: &LogUpdate,
        now: UnixTime,
    ) -> Result<MirroredUpdate, MirrorError> {
        let lock = {
            let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(owners.entry(owner.clone()).or_default())
        };
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_locked(owner, key, update, now)
    }

    fn take_locked(
        &self,
        owner: &MemberId,
        key: &VerifierKey,
        update: &LogUpdate,
        now: UnixTime,
    ) -> Result<MirroredUpdate, MirrorError> {
        let refused = |code| Err(MirrorError::Refused(code));
        let shown = match open_checkpoint(&update.checkpoint, key) {
            Ok(shown) => shown,
            // No line of the owner's key at all: somebody else's log.
            Err(CheckpointError::Origin | CheckpointError::Note(NoteError::Unverified)) => {
                return refused(RefusalCode::WrongOrigin);
            }
            Err(_) => return refused(RefusalCode::BadCheckpointSignature),
        };
        let known = self.head(owner)?;
        let have = known.as_ref().map_or(0, |head| head.size);
        if shown.size() < have {
            self.compare_old(
                owner,
                known.as_ref(),
                &update.checkpoint,
                shown.size(),
                Digest(*shown.root()),
                now,
            )?;
            return refused(RefusalCode::OldCheckpoint);
        }
        if update.from != have {
            return Err(MirrorError::Size { have });
        }
        let count = update.leaves.len();
        if count > LEAVES_PER_UPDATE_MAX
            || update.leaves.iter().any(|leaf| leaf.len() > LEAF_BYTES_MAX)
            || shown.size() != have + count as u64
        {
            return refused(RefusalCode::InconsistentLog);
        }
        let mut batch = StoreBatch::new();
        let (appended, recorder) = put_leaves(&self.store, owner, have, &update.leaves, now, &mut batch)?;
        if appended.root != *shown.root() {
            if let Some(head) = &known {
                self.keep_fork(owner, &head.checkpoint, &update.checkpoint, shown.size(), now)?;
            }
            return refused(RefusalCode::InconsistentLog);
        }
        finish_leaves(owner, &appended, recorder, &mut batch);
        let first_seen = known.as_ref().map_or(now, |head| head.first_seen);
        let quorum = known.as_ref().map(|head| head.quorum.clone()).unwrap_or_default();
        if count > 0 || known.is_none() {
            let head = LogHead {
                size: appended.size,
                root: Digest(appended.root),
                checkpoint: update.checkpoint.clone(),
                first_seen,
                quorum,
            };
            batch.put(&HEADS, &owner.to_string(), &head);
            self.store.commit(batch, Durability::Synced).map_err(LogError::from)?;
        }
        if count > 0 && known.is_some() {
            let mut grown = self.grown.lock().unwrap_or_else(PoisonError::into_inner);
            let grown = grown.entry(owner.clone()).or_default();
            if grown.len() == GROWN_KEPT {
                grown.pop_front();
            }
            grown.push_back((have, now));
        }
        Ok(MirroredUpdate {
            checkpoint: CheckpointReference { size: appended.size, root: Digest(appended.root) },
            note: update.checkpoint.clone(),
            first_seen,
        })
    }

    /// A signed checkpoint of a size that was passed already: the same tree, or a fork.
    fn compare_old(
        &self,
        owner: &MemberId,
        known: Option<&LogHead>,
        shown: &[u8],
        size: u64,
        root: Digest,
        now: UnixTime,
    ) -> Result<(), MirrorError> {
        let (Some(head), Ok(ours)) = (known, self.root_at(owner, size)) else { return Ok(()) };
        if ours != root {
            self.keep_fork(owner, &head.checkpoint, shown, size, now)?;
        }
        Ok(())
    }

    fn keep_fork(
        &self,
        owner: &MemberId,
        seen: &[u8],
        shown: &[u8],
        size: u64,
        time: UnixTime,
    ) -> Result<(), MirrorError> {
        if self.forks(owner)?.len() >= FORKS_KEPT {
            return Ok(());
        }
        let mut batch = StoreBatch::new();
        let evidence = ForkEvidence { seen: seen.to_vec(), shown: shown.to_vec(), time };
        batch.put(&FORKS, &(owner.to_string(), size), &evidence);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// When an owner's log grew beyond a size that was passed. None where too much has come since, or the node was
    /// started since.
    pub fn superseded(&self, owner: &MemberId, size: u64) -> Option<UnixTime> {
        let grown = self.grown.lock().unwrap_or_else(PoisonError::into_inner);
        grown.get(owner)?.iter().rev().find(|(passed, _)| *passed <= size).map(|(_, time)| *time)
    }

    /// Evidence of forks of an owner's log: the size, and both signed checkpoints.
    pub fn forks(&self, owner: &MemberId) -> Result<Vec<(u64, ForkEvidence)>, StoreError> {
        let mut prefix = Vec::new();
        crate::store::TableKey::encode(&owner.to_string(), &mut prefix);
        let rows = self.store.scan_prefix(&FORKS, &prefix, None, 1024)?;
        Ok(rows.into_iter().map(|((_, size), evidence)| (size, evidence)).collect())
    }

    /// Whether an owner was caught with two histories: it signed another root for a size that it had signed leaves beyond,
    /// which are here. A checkpoint beyond these whose leaves do not lead to it is kept as well, for an auditor who has
    /// the rest, and proves nothing alone.
    pub fn has_forked(&self, owner: &MemberId) -> Result<bool, StoreError> {
        let size_of =
            |note: &[u8]| -> Option<u64> { std::str::from_utf8(note).ok()?.lines().nth(1)?.parse().ok() };
        let forks = self.forks(owner)?;
        Ok(forks.iter().any(|(size, evidence)| size_of(&evidence.seen).is_some_and(|seen| *size <= seen)))
    }

    /// Root of an owner's tree at a size up to the mirrored one.
    pub fn root_at(&self, owner: &MemberId, size: u64) -> Result<Digest, LogError> {
        let tiles = StoredTiles { store: &self.store, owner };
        tree::root(size, &tiles).map(Digest).map_err(|e| tree_error(owner, e))
    }

    /// One leaf's bytes.
    pub fn leaf(&self, owner: &MemberId, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(&LEAVES, &LogKey::new(owner, index))
    }

    /// Leaves' bytes from `from`, at most `limit`: what a restored node recovers its own log from.
    pub fn leaves(&self, owner: &MemberId, from: u64, limit: usize) -> Result<Vec<Vec<u8>>, LogError> {
        read_leaves(&self.store, owner, from, limit)
    }

    /// Recomputes the mirrored tree from its leaves. Returns their number.
    pub fn verify(&self, owner: &MemberId) -> Result<u64, LogError> {
        match self.head(owner)? {
            Some(head) => verify_stored(&self.store, owner, &head),
            None => Ok(0),
        }
    }
}
