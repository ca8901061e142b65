//! A digest of a set of rows that is kept up to date in constant time per row.
//!
//! LtHash with 1,024 lanes of 16 bits: each row is expanded to 2,048 bytes, and the digest is the sum of all rows, lane
//! by lane, modulo 2^16. Adding and removing commute, so the digest does not depend on the order of events. The
//! construction is that of Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing" (1997); parameters
//! and analysis are those of Lewi, Kim, Maykov and Weis, "Securing Update Propagation with Homomorphic Hashing"
//! (2019), who put finding two sets with one digest, as a short-integer-solution problem, at 200 bits or more.
//!
//! It is a digest of a *multiset* modulo 2^16: a row added 65,536 times counts as absent. A feed holds one row per
//! key and refuses duplicates, and that check belongs to the caller.
//!
//! Written here on `blake3` because the registry has no crate named `lthash` to lean on, and the sum is a few lines.

use std::fmt;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::hash::Hash;

/// Lanes of 16 bits.
const LANES: usize = 1024;

/// Bytes of the state.
pub const SET_DIGEST_BYTES: usize = 2 * LANES;

/// BLAKE3 key derivation context of the expansion: no other use of BLAKE3 gives the same bytes for a row.
const ROW_CONTEXT: &str = "tallystick 2026-11-22 feed set digest, lthash16-1024 row expansion v1";

/// Domain of the short digest.
const DIGEST_DOMAIN: &[u8] = b"tallystick/set-digest/v1\0";

/// The stored bytes are no state of a set digest: whoever stored or sent them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("set digest of {0} bytes instead of {SET_DIGEST_BYTES}")]
pub struct SetDigestError(pub usize);

/// The running sum over a set of rows. The empty set is all zeros.
#[derive(Clone, PartialEq, Eq)]
pub struct SetDigest {
    lanes: Box<[u16; LANES]>,
}

impl SetDigest {
    /// The digest of the empty set.
    pub fn new() -> Self {
        Self { lanes: Box::new([0; LANES]) }
    }

    /// Counts a row in. `row` must say everything that makes the row what it is, unambiguously.
    pub fn add(&mut self, row: &[u8]) {
        self.each_lane(row, u16::wrapping_add);
    }

    /// Takes a row out again. Taking out what is not in gives the digest of no set, and no error.
    pub fn remove(&mut self, row: &[u8]) {
        self.each_lane(row, u16::wrapping_sub);
    }

    /// 32 bytes that stand for the state: SHA-256(domain || state).
    pub fn digest(&self) -> Hash {
        Sha256::new().chain_update(DIGEST_DOMAIN).chain_update(self.to_bytes()).finalize().into()
    }

    /// The state: 1,024 lanes, little-endian.
    pub fn to_bytes(&self) -> [u8; SET_DIGEST_BYTES] {
        let mut out = [0; SET_DIGEST_BYTES];
        for (bytes, lane) in out.as_chunks_mut::<2>().0.iter_mut().zip(self.lanes.iter()) {
            *bytes = lane.to_le_bytes();
        }
        out
    }

    /// Reads a state. Any 2,048 bytes are one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SetDigestError> {
        let bytes: &[u8; SET_DIGEST_BYTES] = bytes.try_into().map_err(|_| SetDigestError(bytes.len()))?;
        let mut digest = Self::new();
        for (bytes, lane) in bytes.as_chunks::<2>().0.iter().zip(digest.lanes.iter_mut()) {
            *lane = u16::from_le_bytes(*bytes);
        }
        Ok(digest)
    }

    fn each_lane(&mut self, row: &[u8], change: impl Fn(u16, u16) -> u16) {
        let mut expanded = [0; SET_DIGEST_BYTES];
        blake3::Hasher::new_derive_key(ROW_CONTEXT).update(row).finalize_xof().fill(&mut expanded);
        for (bytes, lane) in expanded.as_chunks::<2>().0.iter().zip(self.lanes.iter_mut()) {
            *lane = change(*lane, u16::from_le_bytes(*bytes));
        }
    }
}

impl Default for SetDigest {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SetDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetDigest({})", hex::encode(self.digest()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest_of(rows: &[&[u8]]) -> SetDigest {
        let mut digest = SetDigest::new();
        for row in rows {
            digest.add(row);
        }
        digest
    }

    /// Computed with Python's `blake3` and `hashlib`.
    #[test]
    fn golden_values() {
        let empty = SetDigest::new();
        assert_eq!(empty.to_bytes(), [0; SET_DIGEST_BYTES]);
        assert_eq!(
            hex::encode(empty.digest()),
            "7080c258d819a670aea42472dbee8b5b46446c9fab227c2a94332c3e92f7280b"
        );
        let three = digest_of(&[b"alpha", b"beta", b""]);
        assert_eq!(&three.lanes[..4], [61492, 19634, 12394, 55132]);
        assert_eq!(&three.lanes[1022..], [58531, 24379]);
        assert_eq!(
            hex::encode(three.digest()),
            "336574ffc0d5bbe6ff4c62dd452aa3eb5d0609ed8cb38a7a27495e324cb32637"
        );
        assert_eq!(three.to_bytes()[..2], 61492u16.to_le_bytes());
    }

    #[test]
    fn order_does_not_matter_and_removal_undoes() {
        let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
        let rows = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..12);
        proptest!(config, |(rows in rows, seed in any::<u64>())| {
            let mut forward = SetDigest::new();
            for row in &rows {
                forward.add(row);
            }
            // Some other order, with a stranger that comes and goes between.
            let mut shuffled = rows.clone();
            let turn = usize::try_from(seed % (rows.len() as u64 + 1)).unwrap();
            shuffled.rotate_left(turn);
            shuffled.reverse();
            let mut other = SetDigest::new();
            other.remove(b"a stranger");
            for row in &shuffled {
                other.add(row);
            }
            prop_assert_ne!(&forward, &other);
            other.add(b"a stranger");
            prop_assert_eq!(&forward, &other);
            for row in &rows {
                other.remove(row);
            }
            prop_assert_eq!(other, SetDigest::new());
        });
    }

    #[test]
    fn different_sets_differ() {
        let digests = [
            digest_of(&[]),
            digest_of(&[b""]),
            digest_of(&[b"a"]),
            digest_of(&[b"a", b"a"]),
            digest_of(&[b"b"]),
            digest_of(&[b"a", b"b"]),
            digest_of(&[b"ab"]),
            digest_of(&[b"ab", b""]),
        ];
        for (n, one) in digests.iter().enumerate() {
            for other in &digests[..n] {
                assert_ne!(one, other);
                assert_ne!(one.digest(), other.digest());
            }
        }
    }

    #[test]
    fn a_row_added_65_536_times_counts_as_absent() {
        let mut digest = SetDigest::new();
        (0..=u16::MAX).for_each(|_| digest.add(b"row"));
        assert_eq!(digest, SetDigest::new());
    }

    #[test]
    fn bytes_round_trip() {
        let digest = digest_of(&[b"alpha", b"beta"]);
        let bytes = digest.to_bytes();
        assert_eq!(SetDigest::from_bytes(&bytes), Ok(digest.clone()));
        for length in [0, 1, 2047] {
            assert_eq!(SetDigest::from_bytes(&bytes[..length]), Err(SetDigestError(length)));
        }
        assert_eq!(SetDigest::from_bytes(&[0; 2049]), Err(SetDigestError(2049)));
        for byte in 0..SET_DIGEST_BYTES {
            let mut other = bytes;
            other[byte] ^= 1;
            assert_ne!(SetDigest::from_bytes(&other).unwrap().digest(), digest.digest());
        }
        assert_eq!(format!("{digest:?}"), format!("SetDigest({})", hex::encode(digest.digest())));
    }
}
