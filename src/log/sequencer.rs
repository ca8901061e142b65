//! This node's own log. Appends that wait together share one synced write and one signed checkpoint.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use super::register::Recorder;
use super::tables::{HEADS, LEAVES, LogHead, LogKey, StoredTiles, TILES};
use super::{LogError, tree_error};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::LEAF_BYTES_MAX;
use crate::merkle::note::SignerKey;
use crate::merkle::tree::Appender;
use crate::merkle::{Checkpoint, leaf_hash, sign_checkpoint, tree};
use crate::model::leaf::{CheckpointReference, Leaf, LeafReference};
use crate::model::member::MemberId;
use crate::store::{Durability, Store, StoreBatch, StoreError};

/// Makes the leaves of one append, and adds to the batch what must stand or fall with them.
///
/// It is given the index that its first leaf will have. It runs while nobody else appends, so that what it reads
/// of tables that only appends change is still so when the batch is on disk; it must not append itself.
pub type Build = Box<dyn FnOnce(u64, &mut StoreBatch) -> Result<Vec<Leaf>, StoreError> + Send>;

/// What an append gives back, once it is on disk.
#[derive(Clone, Debug)]
pub struct Appended {
    /// Where the leaves stand, in the order given.
    pub leaves: Vec<LeafReference>,
    /// The size and root that the new checkpoint signs; it may cover leaves of others that waited too.
    pub checkpoint: CheckpointReference,
    /// The signed note.
    pub note: Vec<u8>,
}

struct Waiting {
    build: Build,
    done: mpsc::Sender<Appended>,
}

/// The node's own append-only log.
pub struct ConsentLog {
    pub(super) store: Store,
    pub(super) owner: MemberId,
    pub(super) signer: SignerKey,
    queue: Mutex<Vec<Waiting>>,
    pub(super) head: Mutex<LogHead>,
    /// Set while nobody knows whether this copy of the log is the newest.
    held: AtomicBool,
    /// Held while cosignatures are put together.
    pub(super) cosigning: Mutex<()>,
}

impl std::fmt::Debug for ConsentLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentLog").field("owner", &self.owner).finish_non_exhaustive()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held left no half-made state: state changes only after the store has it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConsentLog {
    /// Opens the log of `owner`, and compares what is stored with the last signed checkpoint.
    pub fn open(store: Store, owner: MemberId, signer: SignerKey, now: UnixTime) -> Result<Self, LogError> {
        let head = match store.get(&HEADS, &owner.to_string())? {
            Some(head) => head,
            None => LogHead {
                size: 0,
                root: Digest(crate::merkle::empty_root()),
                checkpoint: Vec::new(),
                first_seen: now,
                quorum: Vec::new(),
            },
        };
        let tiles = StoredTiles { store: &store, owner: &owner };
        let root = tree::root(head.size, &tiles).map_err(|e| tree_error(&owner, e))?;
        if Digest(root) != head.root {
            return Err(LogError::NotAsSigned { owner: owner.to_string(), size: head.size });
        }
        Ok(Self {
            store,
            owner,
            signer,
            queue: Mutex::new(Vec::new()),
            head: Mutex::new(head),
            held: AtomicBool::new(false),
            cosigning: Mutex::default(),
        })
    }

    /// Whose log it is.
    pub fn owner(&self) -> &MemberId {
        &self.owner
    }

    /// Size, root and note now.
    pub fn head(&self) -> LogHead {
        lock(&self.head).clone()
    }

    /// From now on nothing is appended: it is not known whether this copy of the log is the newest, and a second leaf
    /// for a place that others have seen taken would be a second history.
    pub fn hold(&self) {
        let _nobody_writes = lock(&self.head);
        self.held.store(true, Ordering::SeqCst);
    }

    /// Whether nothing is appended now.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// Ends [`ConsentLog::hold`]. What `first` makes stands before anything that waits; it may make nothing.
    pub fn release(&self, first: Build) -> Result<(), LogError> {
        let mut head = lock(&self.head);
        let (done, _nobody_waits) = mpsc::channel();
        self.write(&mut head, vec![Waiting { build: first, done }])?;
        self.held.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Runs `look` while nobody appends, and gives it what the log is then.
    pub fn still<T>(&self, look: impl FnOnce(&LogHead) -> T) -> T {
        look(&lock(&self.head))
    }

    /// Appends what `build` makes; returns when it is on disk, in one synced write.
    ///
    /// Blocks for about one fsync. Nothing of the append is visible to anybody before it returns.
    pub fn append(&self, build: Build) -> Result<Appended, LogError> {
        let (done, result) = mpsc::channel();
        lock(&self.queue).push(Waiting { build, done });
        // Whoever gets the head writes for all that wait; those find their result when they get it.
        let mut head = lock(&self.head);
        match result.try_recv() {
            Ok(appended) => return Ok(appended),
            // Somebody's write took ours along and failed.
            Err(mpsc::TryRecvError::Disconnected) => {
                return Err(if self.is_held() { LogError::Held } else { self.failure() });
            }
            Err(mpsc::TryRecvError::Empty) => {}
        }
        if self.is_held() {
            lock(&self.queue).clear();
            return Err(LogError::Held);
        }
        let taken: Vec<Waiting> = std::mem::take(&mut *lock(&self.queue));
        self.write(&mut head, taken)?;
        drop(head);
        result.recv().map_err(|_| self.failure())
    }

    /// Why a write failed that took leaves of others along.
    fn failure(&self) -> LogError {
        self.store.failure().unwrap_or(StoreError::FailedClosed).into()
    }

    /// Appends one leaf with nothing beside it.
    pub fn append_one(&self, leaf: Leaf) -> Result<Appended, LogError> {
        self.append(Box::new(move |_, _| Ok(vec![leaf])))
    }

    fn write(&self, head: &mut LogHead, taken: Vec<Waiting>) -> Result<(), LogError> {
        let owner = &self.owner;
        let tiles = StoredTiles { store: &self.store, owner };
        let mut appender = Appender::new(head.size, &tiles).map_err(|e| tree_error(owner, e))?;
        let mut recorder = Recorder::own(&self.store, owner);
        let mut batch = StoreBatch::new();
        let mut index = head.size;
        let mut answers = Vec::with_capacity(taken.len());
        for waiting in taken {
            let leaves = (waiting.build)(index, &mut batch)?;
            let mut places = Vec::with_capacity(leaves.len());
            for leaf in leaves {
                let bytes = leaf.to_bytes();
                assert!(bytes.len() <= LEAF_BYTES_MAX, "our own leaves are within the bound");
                let hash = Digest(leaf_hash(&bytes));
                appender.append(hash.0);
                recorder.record(index, hash, &leaf)?;
                batch.put(&LEAVES, &LogKey::new(owner, index), &bytes);
                places.push(LeafReference { index, hash });
                index += 1;
            }
            answers.push((places, waiting.done));
        }
        recorder.finish(&mut batch);
        let appended = appender.finish();
        for (id, row) in &appended.tiles {
            batch.put(&TILES, &(owner.to_string(), id.level, id.index), row);
        }
        let mut next = head.clone();
        next.size = appended.size;
        next.root = Digest(appended.root);
        // Signed before the write, shown to nobody before the write is on disk.
        next.checkpoint = self.sign(appended.size, appended.root);
        batch.put(&HEADS, &owner.to_string(), &next);
        self.store.commit(batch, Durability::Synced)?;
        *head = next;
        let checkpoint = CheckpointReference { size: head.size, root: head.root };
        for (leaves, done) in answers {
            // A caller that went away has its leaves all the same.
            let _ = done.send(Appended { leaves, checkpoint, note: head.checkpoint.clone() });
        }
        Ok(())
    }

    pub(super) fn sign(&self, size: u64, root: crate::merkle::Hash) -> Vec<u8> {
        let checkpoint = Checkpoint::new(self.signer.verifier().name().clone(), size, root);
        let note = checkpoint.and_then(|checkpoint| sign_checkpoint(&checkpoint, &self.signer));
        note.expect("our own log has our key's name and a possible size").to_bytes()
    }

    /// The bytes of leaves from `from`, at most `limit`.
    pub fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Vec<u8>>, LogError> {
        read_leaves(&self.store, &self.owner, from, limit)
    }

    /// Leaves from `from` up to a signed checkpoint, at most `limit` of them: the newest checkpoint when they reach
    /// it, otherwise one made for the size that they reach.
    pub fn update_from(&self, from: u64, limit: usize) -> Result<crate::wire::message::LogUpdate, LogError> {
        let head = self.head();
        let leaves =
            self.leaves(from, limit.min(usize::try_from(head.size.saturating_sub(from)).unwrap_or(limit)))?;
        let size = from + leaves.len() as u64;
        let checkpoint = if size == head.size {
            head.checkpoint.clone()
        } else {
            let tiles = StoredTiles { store: &self.store, owner: &self.owner };
            let root = tree::root(size, &tiles).map_err(|e| tree_error(&self.owner, e))?;
            self.sign(size, root)
        };
        Ok(crate::wire::message::LogUpdate { from, leaves, checkpoint, quorum: head.quorum })
    }

    /// Root of the tree of the first `size` leaves, at most those of the head.
    pub fn root_at(&self, size: u64) -> Result<Digest, LogError> {
        let tiles = StoredTiles { store: &self.store, owner: &self.owner };
        tree::root(size, &tiles).map(Digest).map_err(|e| tree_error(&self.owner, e))
    }

    /// Inclusion proof of a leaf in the tree of `size` leaves.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<[u8; 32]>, LogError> {
        let tiles = StoredTiles { store: &self.store, owner: &self.owner };
        tree::inclusion_proof(index, size, &tiles).map_err(|e| tree_error(&self.owner, e))
    }

    /// Keeps a checkpoint that has gathered its witnesses' quorum.
    pub fn keep_quorum(&self, note: Vec<u8>) -> Result<(), LogError> {
        let mut head = lock(&self.head);
        let mut next = head.clone();
        next.quorum = note;
        let mut batch = StoreBatch::new();
        batch.put(&HEADS, &self.owner.to_string(), &next);
        self.store.commit(batch, Durability::Synced)?;
        *head = next;
        Ok(())
    }

    /// Recomputes the whole tree from the leaves' bytes and compares it with the tiles and the signed checkpoint.
    /// Returns the number of leaves.
    pub fn verify(&self) -> Result<u64, LogError> {
        let head = self.head();
        verify_stored(&self.store, &self.owner, &head)
    }
}

pub(super) fn read_leaves(
    store: &Store,
    owner: &MemberId,
    from: u64,
    limit: usize,
) -> Result<Vec<Vec<u8>>, LogError> {
    let mut prefix = Vec::new();
    crate::store::TableKey::encode(&owner.to_string(), &mut prefix);
    let after = from.checked_sub(1).map(|index| LogKey::new(owner, index));
    let rows = store.scan_prefix(&LEAVES, &prefix, after.as_ref(), limit)?;
    let mut leaves = Vec::with_capacity(rows.len());
    for (expected, (key, bytes)) in (from..).zip(rows) {
        if key.index != expected {
            return Err(LogError::Missing { owner: owner.to_string(), index: expected });
        }
        leaves.push(bytes);
    }
    Ok(leaves)
}

pub(super) fn verify_stored(store: &Store, owner: &MemberId, head: &LogHead) -> Result<u64, LogError> {
    let mut frontier = crate::merkle::Frontier::new();
    while frontier.size() < head.size {
        let from = frontier.size();
        let limit = usize::try_from(head.size - from).unwrap_or(usize::MAX).min(4096);
        let leaves = read_leaves(store, owner, from, limit)?;
        if leaves.is_empty() {
            return Err(LogError::Missing { owner: owner.to_string(), index: from });
        }
        for (index, bytes) in (from..).zip(&leaves) {
            Leaf::from_bytes(bytes).map_err(|source| LogError::Leaf {
                owner: owner.to_string(),
                index,
                source,
            })?;
            frontier.push(leaf_hash(bytes));
        }
    }
    let tiles = StoredTiles { store, owner };
    let root = tree::root(head.size, &tiles).map_err(|e| tree_error(owner, e))?;
    if Digest(root) != head.root || frontier.root() != root {
        return Err(LogError::NotAsSigned { owner: owner.to_string(), size: head.size });
    }
    Ok(head.size)
}
