//! Tiles of a log: their names, their paths and the entry bundles (C2SP tlog-tiles).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: usize = 256;

/// Levels of the tree that one tile covers: log2 of [`TILE_WIDTH`].
pub const TILE_HEIGHT: u32 = 8;

/// Highest tile level that a path may name (C2SP tlog-tiles). A tree of u64 size reaches level 7.
const LEVEL_MAX: u8 = 63;

/// Longest path of a tile: `tile/63/` and seven groups of digits and `.p/255`, with room to spare.
const PATH_BYTES_MAX: usize = 64;

/// What is wrong with a tile, a path or a bundle. The fault is with whoever sent or stored it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TileError {
    /// A tile of no hashes, or of more than 256.
    #[error("a tile is 1 to 256 wide, not {0}")]
    Width(usize),
    /// Not a path that this log could have written.
    #[error("not the path of a tile")]
    Path,
    /// An entry is longer than the log accepts.
    #[error("entry of {0} bytes is longer than the log accepts")]
    EntryTooLong(usize),
    /// The bundle ends in the middle of an entry.
    #[error("the entry bundle ends in the middle of an entry")]
    Truncated,
}

/// The number of hashes in a tile, or of entries in a bundle: 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Width(u16);

impl Width {
    /// A full tile.
    pub const FULL: Self = Self(256);

    /// The width as a number.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }

    /// Whether this is a full tile.
    pub fn is_full(self) -> bool {
        self == Self::FULL
    }
}

impl TryFrom<usize> for Width {
    type Error = TileError;

    fn try_from(width: usize) -> Result<Self, TileError> {
        match u16::try_from(width) {
            Ok(small @ 1..=256) => Ok(Self(small)),
            _ => Err(TileError::Width(width)),
        }
    }
}

/// The place of a tile: hash `i` of tile `index` at `level` is the root of the complete subtree over the leaves
/// from `(index * 256 + i) * 256^level`, `256^level` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TileId {
    /// 0 holds leaf hashes; each further level the roots of full tiles below.
    pub level: u8,
    /// Position from the left, from 0.
    pub index: u64,
}

impl TileId {
    /// How wide this tile is in a tree of `size` leaves; `None` when the tree has no such tile.
    pub fn width(self, size: u64) -> Option<Width> {
        let hashes = size.checked_shr(u32::from(self.level) * TILE_HEIGHT).unwrap_or(0);
        let before = self.index.checked_mul(TILE_WIDTH as u64)?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH as u64);
        Width::try_from(usize::try_from(width).ok()?).ok()
    }

    /// The path of this tile when it is `width` wide: `tile/L/N`, or `tile/L/N.p/W` for a partial tile.
    pub fn path(self, width: Width) -> String {
        format!("tile/{}/{}", self.level, IndexAndWidth(self.index, width))
    }
}

impl fmt::Display for TileId {
    /// For error texts, not a path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level {} index {}", self.level, self.index)
    }
}

/// The path of the entry bundle `index` when it holds `width` entries: `tile/entries/N[.p/W]`.
pub fn entries_path(index: u64, width: Width) -> String {
    format!("tile/entries/{}", IndexAndWidth(index, width))
}

/// `N[.p/W]`: N in groups of three digits, all but the last with the prefix `x`.
struct IndexAndWidth(u64, Width);

impl fmt::Display for IndexAndWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = Vec::new();
        let mut rest = self.0;
        while rest >= 1000 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        groups.push(rest);
        while let Some(group) = groups.pop() {
            if groups.is_empty() { write!(f, "{group:03}")? } else { write!(f, "x{group:03}/")? }
        }
        if self.1.is_full() { Ok(()) } else { write!(f, ".p/{}", self.1.get()) }
    }
}

/// A path below `tile/`, as a client of the log asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TilePath {
    /// `tile/L/N[.p/W]`.
    Hashes(TileId, Width),
    /// `tile/entries/N[.p/W]`.
    Entries(u64, Width),
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Hashes(id, width) => f.write_str(&id.path(width)),
            Self::Entries(index, width) => f.write_str(&entries_path(index, width)),
        }
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    /// Reads a path without its leading slash. There is one spelling of each path, and no other is accepted.
    fn from_str(path: &str) -> Result<Self, TileError> {
        parse_path(path).filter(|parsed| parsed.to_string() == path).ok_or(TileError::Path)
    }
}

/// Reads generously; [`TilePath::from_str`] then compares with the one right spelling.
fn parse_path(path: &str) -> Option<TilePath> {
    if path.len() > PATH_BYTES_MAX {
        return None;
    }
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (digits, width) = match rest.split_once(".p/") {
        None => (rest, Width::FULL),
        Some((digits, width)) => (digits, Width::try_from(width.parse::<usize>().ok()?).ok()?),
    };
    let mut index = 0u64;
    for group in digits.split('/') {
        let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index = index.checked_mul(1000)?.checked_add(group)?;
    }
    if kind == "entries" {
        return Some(TilePath::Entries(index, width));
    }
    let level: u8 = kind.parse().ok()?;
    (level <= LEVEL_MAX).then_some(TilePath::Hashes(TileId { level, index }, width))
}

/// Writes entries as a bundle: each as its length in two big-endian bytes, then its bytes.
pub fn encode_entries<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    Width::try_from(entries.len())?;
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len())
            .ok()
            .filter(|_| entry.len() <= limits::LEAF_BYTES_MAX)
            .ok_or(TileError::EntryTooLong(entry.len()))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// Reads a bundle of 1 to 256 entries, to its last byte.
pub fn decode_entries(bundle: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        if entries.len() == TILE_WIDTH {
            return Err(TileError::Width(TILE_WIDTH + 1));
        }
        let (length, after) = rest.split_first_chunk::<2>().ok_or(TileError::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length > limits::LEAF_BYTES_MAX {
            return Err(TileError::EntryTooLong(length));
        }
        let (entry, after) = after.split_at_checked(length).ok_or(TileError::Truncated)?;
        entries.push(entry);
        rest = after;
    }
    Width::try_from(entries.len())?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(width: usize) -> Width {
        Width::try_from(width).unwrap()
    }

    #[test]
    fn paths_have_one_spelling() {
        for (path, index) in [
            ("tile/0/000", 0),
            ("tile/0/255", 255),
            ("tile/0/999", 999),
            ("tile/0/x001/000", 1000),
            ("tile/0/x256/999", 256_999),
            ("tile/0/x001/x234/067", 1_234_067),
            ("tile/0/x018/x446/x744/x073/x709/x551/615", u64::MAX),
        ] {
            assert_eq!(TileId { level: 0, index }.path(Width::FULL), path);
            assert_eq!(path.parse(), Ok(TilePath::Hashes(TileId { level: 0, index }, Width::FULL)));
        }
        assert_eq!(
            "tile/63/001.p/255".parse(),
            Ok(TilePath::Hashes(TileId { level: 63, index: 1 }, width(255)))
        );
        assert_eq!("tile/entries/x001/234.p/1".parse(), Ok(TilePath::Entries(1234, width(1))));
        assert_eq!(entries_path(1234, width(1)), "tile/entries/x001/234.p/1");
    }

    #[test]
    fn bad_paths_are_refused() {
        for path in [
            "",
            "/",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/0/000/",
            "tile//000",
            "tile/00/000",
            "tile/+0/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/x000",
            "tile/0/x000/001",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/xx01/000",
            "tile/0/+01",
            "tile/0/x+01/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/257",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/000.p/1/2",
            "tile/0/000.p/1.p/1",
            "tile/0/x001.p/1/000",
            "tile/Entries/000",
            "tile/entries/entries",
            "tile/data/000",
            "tile/0/٠٠٠",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(path.parse::<TilePath>(), Err(TileError::Path), "{path}");
        }
    }

    #[test]
    fn widths_in_a_tree_of_70_000() {
        // The example of the tlog-tiles document.
        let at = |level, index| TileId { level, index }.width(70_000).map(Width::get);
        assert_eq!([at(0, 0), at(0, 272), at(0, 273), at(0, 274)], [Some(256), Some(256), Some(112), None]);
        assert_eq!([at(1, 0), at(1, 1), at(1, 2)], [Some(256), Some(17), None]);
        assert_eq!([at(2, 0), at(2, 1), at(3, 0)], [Some(1), None, None]);
        assert_eq!(TileId { level: 63, index: u64::MAX }.width(u64::MAX), None);
        assert_eq!(TileId { level: 1, index: 0 }.width(256).map(Width::get), Some(1));
        assert_eq!(TileId { level: 0, index: 1 }.width(256), None);
    }

    #[test]
    fn bundles_round_trip_and_refuse_what_is_cut() {
        let entries: Vec<Vec<u8>> = (0..256usize).map(|n| vec![7; n]).collect();
        let bundle = encode_entries(&entries).unwrap();
        assert_eq!(decode_entries(&bundle).unwrap(), entries);
        let small = encode_entries(&["alpha", "", "gamma"]).unwrap();
        assert_eq!(hex::encode(&small), "0005616c7068610000000567616d6d61");
        let whole = [0, 7, 9, small.len()];
        for cut in 0..small.len() {
            let decoded = decode_entries(&small[..cut]);
            if whole.contains(&cut) && cut > 0 {
                assert!(decoded.is_ok());
            } else {
                let expected = if cut == 0 { TileError::Width(0) } else { TileError::Truncated };
                assert_eq!(decoded, Err(expected));
            }
        }
        assert_eq!(encode_entries::<&[u8]>(&[]), Err(TileError::Width(0)));
        assert_eq!(encode_entries(&vec![""; 257]), Err(TileError::Width(257)));
        assert_eq!(decode_entries(&[0; 514]), Err(TileError::Width(257)));
        assert_eq!(encode_entries(&[vec![0; 8193]]), Err(TileError::EntryTooLong(8193)));
        assert_eq!(encode_entries(&[vec![0; 70_000]]), Err(TileError::EntryTooLong(70_000)));
        assert_eq!(
            decode_entries(&[[0x20, 0x01].as_slice(), &[0; 8193]].concat()),
            Err(TileError::EntryTooLong(8193))
        );
        assert_eq!(decode_entries(&encode_entries(&[vec![1; 8192]]).unwrap()).unwrap().len(), 1);
    }
}
