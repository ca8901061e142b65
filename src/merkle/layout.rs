//! Which tiles and entry bundles a tree consists of (C2SP tlog-tiles).

use super::tile::{TILE_HEIGHT, TILE_WIDTH, TileId, TilePath, Width};

/// Levels of tiles that a tree of u64 size can have: 64 bits, 8 in each.
const LEVELS: u8 = 8;

/// Everything that a tree of `size` leaves consists of, each at its width in that tree: the tiles of every level from
/// the leaves up, from left to right, and then the entry bundles. Nothing for an empty tree.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TilePath> {
    let hashes = (0..LEVELS).flat_map(move |level| {
        let count = size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0);
        widths(count).map(move |(index, width)| TilePath::Hashes(TileId { level, index }, width))
    });
    hashes.chain(widths(size).map(|(index, width)| TilePath::Entries(index, width)))
}

/// The tiles that `count` hashes fill: full ones, and what is left over in one that is narrower.
fn widths(count: u64) -> impl Iterator<Item = (u64, Width)> {
    (0..count.div_ceil(TILE_WIDTH as u64)).filter_map(move |index| {
        let width = TileId { level: 0, index }.width(count)?;
        Some((index, width))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(size: u64) -> Vec<String> {
        tiles_of(size).map(|path| path.to_string()).collect()
    }

    #[test]
    fn small_trees() {
        assert_eq!(paths(0), [""; 0]);
        assert_eq!(paths(1), ["tile/0/000.p/1", "tile/entries/000.p/1"]);
        assert_eq!(paths(255), ["tile/0/000.p/255", "tile/entries/000.p/255"]);
        assert_eq!(paths(256), ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
        assert_eq!(
            paths(257),
            ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1"]
        );
    }

    #[test]
    fn the_tree_of_70_000_of_the_document() {
        let paths = paths(70_000);
        assert_eq!(paths.iter().filter(|path| path.starts_with("tile/0/")).count(), 274);
        assert!(paths.contains(&"tile/0/272".to_owned()) && paths.contains(&"tile/0/273.p/112".to_owned()));
        assert!(paths.contains(&"tile/1/000".to_owned()) && paths.contains(&"tile/1/001.p/17".to_owned()));
        assert!(paths.contains(&"tile/2/000.p/1".to_owned()));
        assert_eq!(paths.iter().filter(|path| path.starts_with("tile/entries/")).count(), 274);
        assert_eq!(paths.len(), 274 + 2 + 1 + 274);
    }

    #[test]
    fn every_tile_is_there_at_the_width_that_the_tree_gives_it() {
        for size in [65_535u64, 65_536, 65_537] {
            for path in tiles_of(size) {
                match path {
                    TilePath::Hashes(id, width) => assert_eq!(id.width(size), Some(width)),
                    TilePath::Entries(index, width) => {
                        assert_eq!(TileId { level: 0, index }.width(size), Some(width));
                    }
                }
            }
            let hashes: usize = tiles_of(size)
                .map(|path| if let TilePath::Hashes(_, width) = path { width.get() } else { 0 })
                .sum();
            let size = usize::try_from(size).unwrap();
            assert_eq!(hashes, size + size / 256 + size / 65_536);
        }
    }
}
