//! Signed checkpoint, entries and tiles of one export: whether they belong together.

use std::collections::BTreeMap;

use super::words_of;
use crate::audit::export::CHECKPOINT;
use crate::audit::folder::{self, Folder, FolderError};
use crate::clock::UnixTime;
use crate::limits::{ENTRY_BUNDLE_BYTES_MAX, NOTE_BYTES_MAX};
use crate::merkle::cosignature::{self, CosignerVerifierKey, Witnessed};
use crate::merkle::hash::HASH_BYTES;
use crate::merkle::note::NoteError;
use crate::merkle::tile::{self, TILE_WIDTH, TilePath, Width};
use crate::merkle::tree::Appender;
use crate::merkle::{
    Checkpoint, CheckpointError, Hash, Note, TileId, VerifierKey, checkpoint::open_note, leaf_hash,
};

/// Takes the leaves of a log one after the other.
pub(super) trait Leaves {
    /// One leaf: its place, its hash, its bytes. Not yet known to lead to the signed root.
    fn leaf(&mut self, index: u64, hash: &Hash, bytes: &[u8]);
}

/// A log whose entries lead to what was signed.
pub(super) struct Tree {
    pub(super) checkpoint: Checkpoint,
    /// Witnesses that cosigned it.
    pub(super) cosignatures: usize,
    /// When the first of them did.
    pub(super) cosigned_at: Option<UnixTime>,
    /// Every row of hashes.
    pub(super) tiles: BTreeMap<TileId, Vec<u8>>,
}

/// Why a log cannot be judged.
pub(super) enum Trouble {
    /// Nothing that was signed says so: damaged on the way, or incomplete.
    Unchecked(String),
    /// The entries are not those of the signed root.
    Mismatch {
        /// The first entry that differs from its tile, where that can be said.
        leaf: Option<u64>,
        /// In words.
        words: String,
    },
}

impl From<FolderError> for Trouble {
    fn from(error: FolderError) -> Self {
        Self::Unchecked(words_of(&error))
    }
}

/// A note as one of the log's keys signed it, every other line being that of a witness in some roster.
pub(super) fn open_signed(
    bytes: &[u8],
    path: &str,
    keys: &[VerifierKey],
    cosigners: &[CosignerVerifierKey],
) -> Result<(Checkpoint, Note, Witnessed), String> {
    let note = Note::parse(bytes).map_err(|error| format!("{path}: {error}"))?;
    let checkpoint = open_by_any(&note, keys).map_err(|error| format!("{path}: {error}"))?;
    // Other programs ignore the lines of keys that they do not know. An export has none, so one is a damaged line.
    let known =
        |line| keys.iter().any(|key| key.made(line)) || cosigners.iter().any(|key| key.as_ref().made(line));
    if let Some(line) = note.signatures().iter().find(|line| !known(line)) {
        return Err(format!("{path}: a line of {} is by a key that stands in no roster", line.name()));
    }
    let witnessed = cosignature::witnesses(&note, cosigners).map_err(|error| format!("{path}: {error}"))?;
    Ok((checkpoint, note, witnessed))
}

/// The checkpoint, as one of the log's keys signed it.
pub(super) fn open_by_any(note: &Note, keys: &[VerifierKey]) -> Result<Checkpoint, CheckpointError> {
    let mut last = CheckpointError::Note(NoteError::Unverified);
    for key in keys {
        match open_note(note, key) {
            Ok(checkpoint) => return Ok(checkpoint),
            Err(CheckpointError::Note(NoteError::Unverified)) => {}
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Reads a log from its first entry to its last, one bundle at a time.
pub(super) fn read(
    folder: &dyn Folder,
    keys: &[VerifierKey],
    cosigners: &[CosignerVerifierKey],
    leaves: &mut dyn Leaves,
) -> Result<Tree, Trouble> {
    let note = folder::require(folder, CHECKPOINT, NOTE_BYTES_MAX)?;
    let (checkpoint, _, witnessed) =
        open_signed(&note, CHECKPOINT, keys, cosigners).map_err(Trouble::Unchecked)?;
    let size = checkpoint.size();
    let empty: BTreeMap<TileId, Vec<u8>> = BTreeMap::new();
    let mut appender = Appender::new(0, &empty).expect("an empty tree has no tiles to read");
    let mut index = 0;
    while index < size {
        // A claimed size is believed bundle by bundle: the first that is missing ends it.
        let number = index / TILE_WIDTH as u64;
        let width = TileId { level: 0, index: number }.width(size).expect("there are leaves left");
        let path = tile::entries_path(number, width);
        let bundle = folder::require(folder, &path, ENTRY_BUNDLE_BYTES_MAX)?;
        let entries =
            tile::decode_entries(&bundle).map_err(|e| Trouble::Unchecked(format!("{path}: {e}")))?;
        if entries.len() != width.get() {
            let words = format!("{path} has {} entries instead of {}", entries.len(), width.get());
            return Err(Trouble::Unchecked(words));
        }
        for entry in entries {
            let hash = leaf_hash(entry);
            leaves.leaf(index, &hash, entry);
            appender.append(hash);
            index += 1;
        }
    }
    let appended = appender.finish();
    let differing = compare_tiles(folder, size, &appended.tiles)?;
    if appended.root != *checkpoint.root() {
        let place = differing.and_then(|(_, leaf)| leaf);
        let first = place.map(|leaf| format!(", first at leaf {leaf}")).unwrap_or_default();
        let words = format!(
            "The {size} entries of this export do not lead to the root that the institution signed{first}: \
             entries were altered, left out or put in after the signature, or the export is damaged"
        );
        return Err(Trouble::Mismatch { leaf: place, words });
    }
    if let Some((path, _)) = differing {
        let words = format!(
            "The entries lead to the root that the institution signed, and {path} says something else: the \
             export is damaged or was altered"
        );
        return Err(Trouble::Mismatch { leaf: None, words });
    }
    if let Some(path) = differing_partial(folder, size, &appended.tiles)? {
        let words = format!(
            "The entries lead to the root that the institution signed, and {path}, of another size of the log, \
             says something else: the export is damaged or was altered"
        );
        return Err(Trouble::Mismatch { leaf: None, words });
    }
    let (cosignatures, cosigned_at) = (witnessed.count(), witnessed.oldest());
    Ok(Tree { checkpoint, cosignatures, cosigned_at, tiles: appended.tiles })
}

/// The first tile file that is not the row that follows from the entries, and at level 0 the entry.
fn compare_tiles(
    folder: &dyn Folder,
    size: u64,
    tiles: &BTreeMap<TileId, Vec<u8>>,
) -> Result<Option<(String, Option<u64>)>, Trouble> {
    let mut differing = None;
    for (id, row) in tiles {
        let width = id.width(size).expect("a row of this tree");
        let path = id.path(width);
        let file = folder::require(folder, &path, TILE_WIDTH * HASH_BYTES)?;
        if file != *row && differing.is_none() {
            let same =
                file.chunks(HASH_BYTES).zip(row.chunks(HASH_BYTES)).take_while(|(a, b)| a == b).count();
            let leaf = (id.level == 0).then(|| id.index * TILE_WIDTH as u64 + same as u64);
            differing = Some((path, leaf));
        }
    }
    Ok(differing)
}

/// The first partial tile or bundle of another size of the log that does not agree with this one. They stay in a folder
/// that is written to again, and a reader with an older checkpoint reads them.
fn differing_partial(
    folder: &dyn Folder,
    size: u64,
    tiles: &BTreeMap<TileId, Vec<u8>>,
) -> Result<Option<String>, Trouble> {
    for (id, row) in tiles {
        let read = id.width(size).expect("a row of this tree");
        for (path, width) in partials(folder, &id.path(Width::FULL), read)? {
            let file = folder::require(folder, &path, TILE_WIDTH * HASH_BYTES)?;
            if file.len() != width * HASH_BYTES || !agree(&file, row) {
                return Ok(Some(path));
            }
        }
        if id.level > 0 {
            continue;
        }
        for (path, width) in partials(folder, &tile::entries_path(id.index, Width::FULL), read)? {
            let bundle = folder::require(folder, &path, ENTRY_BUNDLE_BYTES_MAX)?;
            let entries =
                tile::decode_entries(&bundle).map_err(|e| Trouble::Unchecked(format!("{path}: {e}")))?;
            let hashes: Vec<u8> = entries.iter().flat_map(|entry| leaf_hash(entry)).collect();
            if entries.len() != width || !agree(&hashes, row) {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Paths and widths of the partial files beside a full one, but for the one that was read. Names that no reader asks for
/// are nobody's.
fn partials(folder: &dyn Folder, full: &str, read: Width) -> Result<Vec<(String, usize)>, FolderError> {
    let names = folder::list(folder, &format!("{full}.p"))?;
    let paths = names.into_iter().map(|name| format!("{full}.p/{name}"));
    let known = paths.filter_map(|path| {
        let (TilePath::Hashes(_, width) | TilePath::Entries(_, width)) = path.parse().ok()?;
        (width != read).then(|| (path, width.get()))
    });
    Ok(known.collect())
}

/// Whether one is the beginning of the other: a wider file is of leaves to come.
fn agree(one: &[u8], other: &[u8]) -> bool {
    one.iter().zip(other).all(|(a, b)| a == b)
}
