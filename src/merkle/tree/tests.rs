//! Roots, proofs and appending, against the definition in RFC 6962 and against `tlog_tiles`.

use proptest::prelude::*;
use tlog_tiles::{HashReader, Tile};

use super::*;
use crate::merkle::hash::leaf_hash;
use crate::secret::{Entropy, SeededEntropy};

type Store = BTreeMap<TileId, Vec<u8>>;

pub(super) fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// The definition of MTH in RFC 6962 section 2.1, word for word.
pub(super) fn definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(&definition(&leaves[..k]), &definition(&leaves[k..]))
        }
    }
}

/// Writes a tree in batches that end at the given sizes.
pub(super) fn store_of(leaves: &[Hash], batch_ends: &[usize]) -> Store {
    let (mut store, mut from) = (Store::new(), 0);
    for &to in batch_ends.iter().chain([&leaves.len()]) {
        let mut appender = Appender::new(from as u64, &store).unwrap();
        leaves[from..to].iter().for_each(|leaf| appender.append(*leaf));
        let batch = appender.finish();
        assert_eq!(batch.size, to as u64);
        assert_eq!(batch.root, root(to as u64, &appended_to(&store, &batch)).unwrap());
        store.extend(batch.tiles);
        from = to;
    }
    store
}

fn appended_to(store: &Store, batch: &Appended) -> Store {
    store.clone().into_iter().chain(batch.tiles.clone()).collect()
}

/// The hashes of a log as `tlog_tiles` numbers them.
struct Oracle(Vec<tlog_tiles::Hash>);

impl HashReader for Oracle {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::tlog::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

impl Oracle {
    fn new(leaves: &[Hash]) -> Self {
        let mut oracle = Self(Vec::new());
        for (n, leaf) in leaves.iter().enumerate() {
            let new = tlog_tiles::stored_hashes_for_record_hash(n as u64, tlog_tiles::Hash(*leaf), &oracle);
            oracle.0.extend(new.unwrap());
        }
        oracle
    }

    fn root(&self, size: u64) -> Hash {
        tlog_tiles::tree_hash(size, self).unwrap().0
    }

    /// The rows that change when a tree grows.
    fn new_tiles(&self, old: u64, new: u64) -> Store {
        let tiles = Tile::new_tiles(8, old, new);
        tiles
            .iter()
            .map(|tile| {
                let id = TileId { level: tile.level(), index: tile.level_index() };
                (id, tile.read_data(self).unwrap())
            })
            .collect()
    }
}

fn raw(hashes: Vec<tlog_tiles::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

const SIZES: [usize; 13] = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537];

#[test]
fn agrees_with_tlog_tiles_at_the_edges_of_tiles() {
    let all = leaves(65_600);
    let oracle = Oracle::new(&all);
    let entropy = SeededEntropy::new(20_261_122);
    let random = |below: usize| {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % below as u64).unwrap()
    };
    let mut sizes = SIZES.to_vec();
    sizes.extend((0..12).map(|_| 1 + random(65_599)));
    sizes.sort_unstable();
    // One store, grown from size to size; every tree on the way is read from the largest.
    let mut store = Store::new();
    let mut from = 0;
    for &to in &sizes {
        let mut appender = Appender::new(from as u64, &store).unwrap();
        all[from..to].iter().for_each(|leaf| appender.append(*leaf));
        let batch = appender.finish();
        assert_eq!(batch.tiles, oracle.new_tiles(from as u64, to as u64), "{from} to {to}");
        assert_eq!(batch.root, oracle.root(to as u64));
        assert_eq!(batch.root, definition(&all[..to]));
        store.extend(batch.tiles);
        from = to;
    }
    for &size in &sizes {
        let (size, size_root) = (size as u64, oracle.root(size as u64));
        assert_eq!(root(size, &store).unwrap(), size_root);
        assert_eq!(frontier(size, &store).unwrap().root(), size_root);
        let near = [0, 1, 254, 255, 256, 257, 65_534, 65_535, 65_536, size.wrapping_sub(1), size / 2];
        let indices = near.into_iter().chain((0..8).map(|_| random(65_600) as u64));
        for index in indices.filter(|index| *index < size) {
            let proof = inclusion_proof(index, size, &store).unwrap();
            assert_eq!(proof, raw(tlog_tiles::prove_record(size, index, &oracle).unwrap()));
            let leaf = all[usize::try_from(index).unwrap()];
            verify_inclusion(index, size, &leaf, &proof, &size_root).unwrap();
        }
        for &old in sizes.iter().filter(|old| **old > 0 && **old as u64 <= size) {
            let proof = consistency_proof(old as u64, size, &store).unwrap();
            assert_eq!(proof, raw(tlog_tiles::prove_tree(size, old as u64, &oracle).unwrap()));
            verify_consistency(old as u64, &oracle.root(old as u64), size, &size_root, &proof).unwrap();
        }
    }
}

#[test]
fn any_batches_give_the_same_tree() {
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let all = leaves(1500);
    proptest!(config, |(mut ends in proptest::collection::vec(0usize..1500, 0..12), size in 0usize..1500)| {
        ends.retain(|end| *end <= size);
        ends.sort_unstable();
        prop_assert_eq!(store_of(&all[..size], &ends), store_of(&all[..size], &[]));
    });
}

#[test]
fn appender_gives_the_rows_to_overwrite_and_no_others() {
    let all = leaves(600);
    let oracle = Oracle::new(&all);
    let store = store_of(&all, &[]);
    let nothing = Appender::new(600, &store).unwrap().finish();
    assert_eq!((nothing.size, nothing.root), (600, definition(&all)));
    assert!(nothing.tiles.is_empty());
    for old in 0..600 {
        // The rows of a larger tree may be there already, as after a crash between two writes: they are cut.
        let mut appender = Appender::new(old, &store).unwrap();
        appender.append(all[usize::try_from(old).unwrap()]);
        assert_eq!(appender.size(), old + 1);
        let batch = appender.finish();
        assert_eq!(batch.tiles, oracle.new_tiles(old, old + 1));
    }
    let bytes = appended_bytes(&all[..300]);
    assert_eq!(bytes, [(0, 0, 8192), (0, 1, 44 * 32), (1, 0, 32)]);
}

fn appended_bytes(leaves: &[Hash]) -> Vec<(u8, u64, usize)> {
    store_of(leaves, &[]).iter().map(|(id, row)| (id.level, id.index, row.len())).collect()
}

#[test]
fn frontier_follows_the_appender() {
    let all = leaves(1300);
    let mut frontier = Frontier::new();
    let mut appender = Appender::new(0, &Store::new()).unwrap();
    assert_eq!(frontier, appender.frontier());
    for (n, leaf) in all.iter().enumerate() {
        frontier.push(*leaf);
        appender.append(*leaf);
        assert_eq!(frontier.size(), n as u64 + 1);
        assert_eq!(frontier, appender.frontier());
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
        if n < 300 || n % 97 == 0 {
            assert_eq!(frontier.root(), definition(&all[..=n]));
        }
    }
    assert_eq!(frontier.root(), appender.finish().root);
}

#[test]
fn frontier_bytes_are_checked() {
    let mut frontier = Frontier::new();
    for leaf in leaves(3) {
        frontier.push(leaf);
    }
    let bytes = frontier.to_bytes();
    let pair = node_hash(&leaves(3)[0], &leaves(3)[1]);
    assert_eq!(
        hex::encode(&bytes),
        format!("010000000000000003{}{}", hex::encode(pair), hex::encode(leaves(3)[2]))
    );
    for cut in 0..bytes.len() {
        assert!(Frontier::from_bytes(&bytes[..cut]).is_err(), "{cut}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Frontier::from_bytes(&longer), Err(FrontierError::Length { bytes: 74, expected: 73 }));
    let mut other = bytes.clone();
    other[0] = 2;
    assert_eq!(Frontier::from_bytes(&other), Err(FrontierError::Version));
    other = bytes.clone();
    other[1] = 0x80;
    assert_eq!(Frontier::from_bytes(&other), Err(FrontierError::Size));
    other = bytes.clone();
    other[8] = 2;
    assert_eq!(Frontier::from_bytes(&other), Err(FrontierError::Length { bytes: 73, expected: 41 }));
    // The largest log that a file can claim, and one leaf more: nothing overflows.
    let full = [[1].as_slice(), &limits::LOG_SIZE_MAX.to_be_bytes(), &[7; 63 * 32]].concat();
    let mut full = Frontier::from_bytes(&full).unwrap();
    full.push([8; 32]);
    full.push([9; 32]);
    assert_eq!(full.size(), limits::LOG_SIZE_MAX + 2);
    assert_eq!(Frontier::new().to_bytes(), [1, 0, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn corrupt_and_missing_tiles_are_named() {
    let all = leaves(300);
    let good = store_of(&all, &[]);
    let (first, last, top) =
        (TileId { level: 0, index: 0 }, TileId { level: 0, index: 1 }, TileId { level: 1, index: 0 });
    for id in [last, top] {
        let mut store = good.clone();
        let row = store.remove(&id).unwrap();
        assert_eq!(root(300, &store), Err(TreeError::MissingTile(id)));
        assert_eq!(Appender::new(300, &store).unwrap_err(), TreeError::MissingTile(id));
        let corrupt = |bytes, needed| Err(TreeError::CorruptTile { id, bytes, needed });
        for bad in [0, 1, 31, 33, row.len() - 1, row.len() + 1, 257 * 32] {
            store.insert(id, row.iter().copied().cycle().take(bad).collect());
            assert_eq!(root(300, &store), corrupt(bad, 32), "{bad}");
            assert_eq!(frontier(300, &store).map(|_| ()), corrupt(bad, 32).map(|_: Hash| ()));
        }
    }
    let mut short = good.clone();
    short.get_mut(&last).unwrap().truncate(43 * 32);
    let needed = TreeError::CorruptTile { id: last, bytes: 43 * 32, needed: 44 * 32 };
    assert_eq!(root(300, &short), Err(needed));
    assert_eq!(Appender::new(300, &short).unwrap_err(), needed);
    assert_eq!(root(299, &short).unwrap(), definition(&all[..299]));
    // The right edge alone gives the root; a proof of an early leaf needs the first tile.
    let mut pruned = good.clone();
    pruned.remove(&first);
    assert_eq!(root(300, &pruned), root(300, &good));
    assert_eq!(inclusion_proof(5, 300, &pruned), Err(TreeError::MissingTile(first)));
    assert_eq!(inclusion_proof(299, 300, &pruned), inclusion_proof(299, 300, &good));
}

#[test]
fn impossible_questions_are_refused() {
    let store = store_of(&leaves(5), &[]);
    assert_eq!(inclusion_proof(5, 5, &store), Err(TreeError::OutOfRange));
    assert_eq!(inclusion_proof(0, 0, &store), Err(TreeError::OutOfRange));
    assert_eq!(consistency_proof(6, 5, &store), Err(TreeError::OutOfRange));
    for size in [limits::LOG_SIZE_MAX + 1, u64::MAX] {
        assert_eq!(root(size, &store), Err(TreeError::OutOfRange));
        assert_eq!(inclusion_proof(0, size, &store), Err(TreeError::OutOfRange));
        assert_eq!(consistency_proof(1, size, &store), Err(TreeError::OutOfRange));
        assert_eq!(Appender::new(size, &store).unwrap_err(), TreeError::OutOfRange);
    }
    // A huge size is answered by the first tile that is not there.
    let missing = root(limits::LOG_SIZE_MAX, &store).unwrap_err();
    assert!(matches!(missing, TreeError::MissingTile(_)), "{missing}");
    assert_eq!(consistency_proof(0, 5, &store), Ok(Vec::new()));
    assert_eq!(consistency_proof(5, 5, &store), Ok(Vec::new()));
}

#[test]
fn a_failing_source_is_reported() {
    struct Broken;
    impl TileSource for Broken {
        type Error = std::fmt::Error;
        fn tile(&self, _: TileId) -> Result<Option<Vec<u8>>, std::fmt::Error> {
            Err(std::fmt::Error)
        }
    }
    assert_eq!(root(1, &Broken), Err(TreeError::Source(std::fmt::Error)));
    assert_eq!(root(0, &&Broken), Ok(empty_root()));
    assert_eq!(Appender::new(1, &Broken).unwrap_err(), TreeError::Source(std::fmt::Error));
}
