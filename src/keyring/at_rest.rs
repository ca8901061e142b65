//! Rows of a node's own store, sealed under its data key.
//!
//! Every table has a key of its own, derived from the data key by HKDF-SHA-256 (RFC 5869); a row is sealed with
//! ChaCha20-Poly1305 (RFC 8439) and bound to its table and row key, so that a row that was moved does not open.
//! Nonces are random and 96 bits long: with 2^32 rows sealed under one table's key the chance of a repeated one is
//! 2^-33. Rotate the data key before any table has been written that often.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::hmac;
use zeroize::Zeroizing;

use super::error::KeyringError;
use crate::secret::{Entropy, SecretBytes, SecretVec, random_array};

/// The first byte of a sealed row: the format below.
const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;

/// Bytes that sealing adds to a plaintext: version, nonce and tag.
pub const SEAL_OVERHEAD_BYTES: usize = 1 + NONCE_LEN + TAG_BYTES;

/// Seals and opens rows, and makes row keys out of what must not be seen.
pub struct AtRest {
    root: Prk,
    /// Derived keys by table. Tables are a program's constants, so there are only so many.
    keys: RwLock<BTreeMap<String, TableKeys>>,
}

#[derive(Clone)]
struct TableKeys {
    seal: LessSafeKey,
    index: hmac::Key,
}

impl std::fmt::Debug for AtRest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AtRest(..)")
    }
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// Labels in front of HKDF's info, one for each use of a derived key.
const SEAL: &[u8] = b"seal";
const INDEX: &[u8] = b"index";
const SUB: &[u8] = b"sub";

fn expand(root: &Prk, purpose: &[u8], name: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // The purposes are no prefixes of each other and the name comes last, so no two pairs give one info.
    root.expand(&[purpose, b":", name.as_bytes()], Bytes32)
        .and_then(|okm| okm.fill(out.as_mut()))
        .expect("32 bytes are within what HKDF-SHA-256 gives");
    out
}

impl AtRest {
    /// From a node's data key.
    pub fn new(data_key: &SecretBytes<32>) -> Self {
        let root = Salt::new(HKDF_SHA256, b"tallystick/at-rest/v1").extract(data_key.expose());
        Self { root, keys: RwLock::default() }
    }

    /// Keys that share nothing with these or with those of any other label, for a store beside the main one.
    #[must_use]
    pub fn sub(&self, label: &str) -> Self {
        Self::new(&SecretBytes::new(*expand(&self.root, SUB, label)))
    }

    /// Seals `plaintext` for its place: version, nonce, ciphertext and tag; [`SEAL_OVERHEAD_BYTES`] longer.
    pub fn seal(&self, table: &str, row_key: &[u8], plaintext: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random_array(entropy);
        let mut sealed = Vec::with_capacity(plaintext.len() + SEAL_OVERHEAD_BYTES);
        sealed.push(VERSION);
        sealed.extend(nonce);
        sealed.extend(plaintext);
        let (_, body) = sealed.split_at_mut(1 + NONCE_LEN);
        let tag = self
            .keys_of(table)
            .seal
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), place(table, row_key), body)
            .expect("a row is far shorter than 256 GiB");
        sealed.extend(tag.as_ref());
        sealed
    }

    /// Opens what was sealed for this very place.
    pub fn open(&self, table: &str, row_key: &[u8], sealed: &[u8]) -> Result<SecretVec, KeyringError> {
        let broken = || KeyringError::SealBroken { table: table.to_owned() };
        let (version, rest) = sealed.split_first().ok_or_else(broken)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        if *version != VERSION {
            return Err(broken());
        }
        let mut opened = Zeroizing::new(body.to_vec());
        let length = self
            .keys_of(table)
            .seal
            .open_in_place(Nonce::assume_unique_for_key(*nonce), place(table, row_key), &mut opened)
            .map_err(|_| broken())?
            .len();
        opened.truncate(length);
        Ok(SecretVec::new(std::mem::take(&mut *opened)))
    }

    /// A row key for `value`, which is an account number or identifier: HMAC-SHA-256 under a key of the table's own.
    /// Equal values give equal row keys; without the data key nobody can compute or invert them.
    pub fn index(&self, table: &str, value: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.keys_of(table).index, value);
        tag.as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }

    fn keys_of(&self, table: &str) -> TableKeys {
        if let Some(keys) = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(table) {
            return keys.clone();
        }
        let seal = expand(&self.root, SEAL, table);
        let seal = UnboundKey::new(&CHACHA20_POLY1305, seal.as_ref()).expect("the key has 32 bytes");
        let index = expand(&self.root, INDEX, table);
        let keys = TableKeys {
            seal: LessSafeKey::new(seal),
            index: hmac::Key::new(hmac::HMAC_SHA256, index.as_ref()),
        };
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(table.to_owned(), keys.clone());
        keys
    }
}

/// The associated data of a row: version, and table and row key with their lengths in front.
fn place(table: &str, row_key: &[u8]) -> Aad<Vec<u8>> {
    let mut place = Vec::with_capacity(1 + 8 + 8 + table.len() + row_key.len());
    place.push(VERSION);
    for part in [table.as_bytes(), row_key] {
        place.extend((part.len() as u64).to_be_bytes());
        place.extend(part);
    }
    Aad::from(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;

    fn keys(byte: u8) -> AtRest {
        AtRest::new(&SecretBytes::new([byte; 32]))
    }

    #[test]
    fn golden_bytes() {
        let keys = keys(7);
        let sealed = keys.seal("book", b"row", b"plaintext", &SeededEntropy::new(1));
        assert_eq!(hex::encode(&sealed), GOLDEN_SEALED);
        assert_eq!(keys.open("book", b"row", &sealed).unwrap().expose(), b"plaintext");
        assert_eq!(hex::encode(keys.index("book", b"account 1")), GOLDEN_INDEX);
    }

    // Computed by another program: HKDF, HMAC and ChaCha20-Poly1305 written from their RFCs.
    const GOLDEN_SEALED: &str =
        "01727bb2ccefa30ca1bebcc49456bf31abc23701a564883910c84fc90847fa77b6524c9b6d2d";
    const GOLDEN_INDEX: &str = "0dbc59eeea47361c14b2667e0f1362fa286ea5f132f3a83b22770638503dc8a3";

    #[test]
    fn flipping_any_bit_or_cutting_breaks_the_seal() {
        let keys = keys(7);
        for plaintext in [&b""[..], b"x", &[0; 40]] {
            let sealed = keys.seal("book", b"row", plaintext, &SeededEntropy::new(2));
            assert_eq!(sealed.len(), plaintext.len() + SEAL_OVERHEAD_BYTES);
            for bit in 0..sealed.len() * 8 {
                let mut flipped = sealed.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert!(keys.open("book", b"row", &flipped).is_err(), "bit {bit}");
            }
            for end in 0..sealed.len() {
                assert!(keys.open("book", b"row", &sealed[..end]).is_err(), "cut at {end}");
            }
            assert!(keys.open("book", b"row", &[&sealed[..], &[0]].concat()).is_err());
        }
    }

    #[test]
    fn a_moved_row_does_not_open() {
        let ours = keys(7);
        let sealed = ours.seal("book", b"row", b"plaintext", &SeededEntropy::new(3));
        for (table, row_key) in
            [("book", &b"row2"[..]), ("book2", b"row"), ("boo", b"krow"), ("", b"bookrow")]
        {
            let error = ours.open(table, row_key, &sealed).unwrap_err();
            assert!(matches!(error, KeyringError::SealBroken { .. }), "{error}");
        }
        for other in [keys(8), ours.sub("book"), ours.sub("")] {
            assert!(other.open("book", b"row", &sealed).is_err());
            assert_ne!(other.index("book", b"1"), ours.index("book", b"1"));
        }
        assert_ne!(ours.sub("a").index("book", b"1"), ours.sub("b").index("book", b"1"));
        assert_eq!(ours.sub("a").index("book", b"1"), keys(7).sub("a").index("book", b"1"));
    }

    #[test]
    fn no_two_seals_and_no_two_tables_are_alike() {
        let (keys, entropy) = (keys(7), SeededEntropy::new(4));
        let one = keys.seal("book", b"row", b"plaintext", &entropy);
        let two = keys.seal("book", b"row", b"plaintext", &entropy);
        assert_ne!(one[1..13], two[1..13]);
        assert_ne!(one[13..], two[13..]);
        assert_ne!(keys.index("book", b"1"), keys.index("feed", b"1"));
        assert_ne!(keys.index("book", b"1"), keys.index("book", b"2"));
    }

    #[test]
    fn nothing_of_it_prints() {
        let keys = keys(0x41);
        keys.index("book", b"1");
        assert_eq!(format!("{keys:?}"), "AtRest(..)");
    }
}
