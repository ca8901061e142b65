//! Sealing a row to the network's open key: hashed ElGamal with a fresh r, a committing key, one key a row.
//!
//! ```text
//! R = r·G                                  HKDF-SHA-256, input r·K, info R || K, gives
//!   key        = 32 bytes                  for ChaCha20-Poly1305 with a nonce of zeros: one key seals one row
//!   commitment = 32 bytes                  stands in the row, compared before opening
//! plaintext = I2OSP(length, 4) || record || zeros, filled to a size class
//! ```

use ring::{aead, hkdf};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha512_256};
use zeroize::Zeroizing;

use super::context::put_prefixed;
use super::group::{Point, SecretScalar};
use super::row_proof::{self, RowProof};
use super::voprf::Locator;
use crate::limits::ROW_SIZE_CLASSES_BYTES;
use crate::secret::{Entropy, SecretBytes, SecretVec};

/// Bytes of the length that stands before the record.
const LENGTH_BYTES: usize = 4;
/// Bytes of the Poly1305 tag.
const TAG_BYTES: usize = 16;

/// Why a row could not be sealed, believed or opened, and whose fault it is. No personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The publisher's fault: it does not know r, or the row or its place was changed.
    #[error("the row's proof is invalid: its publisher is at fault")]
    ProofInvalid,
    /// The publisher's fault: a length that tells something about the record.
    #[error("a ciphertext of {bytes} bytes is of no size class: its publisher is at fault")]
    SizeNotAClass {
        /// Bytes of the ciphertext.
        bytes: usize,
    },
    /// The sealer's fault: more than the largest size class holds.
    #[error("a record of {bytes} bytes fits no size class")]
    PlaintextTooLong {
        /// Bytes of the record.
        bytes: usize,
    },
    /// The asker's own fault: the blinded header was made for another row.
    #[error("the blinded header belongs to another row")]
    OtherRow,
    /// A holder may have lied: demand the proofs. If they all hold, the publisher is at fault.
    #[error("the key commitment does not match: demand proofs of the openings")]
    CommitmentMismatch,
    /// The publisher's fault: the key is right, and the content is not what was sealed under it at this place.
    #[error("the row does not open under its own key: its publisher is at fault")]
    AeadFailed,
    /// The publisher's fault: what was sealed is not a padded record.
    #[error("the padding is malformed: its publisher is at fault")]
    PaddingBad,
}

/// The place of a row: what its content is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowContext<'a> {
    /// The network's name.
    pub network: &'a str,
    /// The open key's epoch.
    pub epoch: u32,
    /// The publisher.
    pub lender: &'a str,
    /// Whom the row is about.
    pub locator: &'a Locator,
    /// Random, one for each locator.
    pub row_id: &'a [u8; 16],
    /// Grows with every change of the row.
    pub version: u64,
}

/// The associated data of a row. This encoding is the only hand-written one, and it is frozen:
/// `lp("tallystick/row/v1") lp(network) epoch lp(lender) locator row_id version key_commitment`, where `lp`
/// writes a length of 8 bytes and the bytes; epoch is 4 bytes, locator 32, row_id 16, version 8, key_commitment
/// 32; integers are big-endian.
pub fn associated_data(context: &RowContext<'_>, key_commitment: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(160 + context.network.len() + context.lender.len());
    put_prefixed(&mut out, b"tallystick/row/v1");
    put_prefixed(&mut out, context.network.as_bytes());
    out.extend_from_slice(&context.epoch.to_be_bytes());
    put_prefixed(&mut out, context.lender.as_bytes());
    out.extend_from_slice(&context.locator.0);
    out.extend_from_slice(context.row_id);
    out.extend_from_slice(&context.version.to_be_bytes());
    out.extend_from_slice(key_commitment);
    out
}

/// A sealed row, as it lies in a feed. Its place is not in it: the feed gives it, and a wrong one is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedRow {
    /// R = r·G, fresh for every version.
    pub ephemeral: Point,
    /// A hash of the key that opens it: no row opens to two contents.
    pub key_commitment: [u8; 32],
    /// ChaCha20-Poly1305 of the padded record, tag at the end.
    pub ciphertext: Vec<u8>,
    /// That the publisher knows r.
    pub proof: RowProof,
}

/// SHA-512/256 of a ciphertext: what a proof covers, so that the audit can check it without keeping the row.
pub fn ciphertext_hash(ciphertext: &[u8]) -> [u8; 32] {
    Sha512_256::digest(ciphertext).into()
}

/// Refuses a ciphertext whose length is not that of a size class.
pub(super) fn check_size(ciphertext: &[u8]) -> Result<(), RowError> {
    let bytes = ciphertext.len();
    if ROW_SIZE_CLASSES_BYTES.iter().any(|class| class + TAG_BYTES == bytes) {
        Ok(())
    } else {
        Err(RowError::SizeNotAClass { bytes })
    }
}

/// The keys of one row.
pub(super) struct RowKeys {
    key: SecretBytes<32>,
    pub(super) commitment: SecretBytes<32>,
}

impl RowKeys {
    /// From the encoding of r·K, bound to R and K.
    pub(super) fn derive(shared: &[u8; 32], ephemeral: &Point, public_key: &Point) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"tallystick/row-keys/v1").extract(shared);
        let expand = |label: &[u8]| {
            let mut bytes = Zeroizing::new([0u8; 32]);
            prk.expand(&[label, &ephemeral.to_bytes(), &public_key.to_bytes()], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(&mut *bytes))
                .expect("HKDF-SHA-256 gives 32 bytes");
            SecretBytes::new(*bytes)
        };
        // Labels of equal length, followed by 64 bytes: no two infos are alike.
        Self { key: expand(b"key."), commitment: expand(b"comm") }
    }

    fn aead(&self) -> aead::LessSafeKey {
        let key = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, self.key.expose());
        aead::LessSafeKey::new(key.expect("the key has the cipher's length"))
    }
}

/// The one nonce: each key seals one row.
fn nonce() -> aead::Nonce {
    aead::Nonce::assume_unique_for_key([0; aead::NONCE_LEN])
}

/// Seals `plaintext` at its place. Asks nobody; whoever has t shares' help can open it.
///
/// Errors: [`RowError::PlaintextTooLong`] above the largest size class less 4 bytes.
pub fn seal(
    public_key: &Point,
    context: &RowContext<'_>,
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<SealedRow, RowError> {
    Ok(seal_padded(public_key, context, pad(plaintext)?, entropy))
}

/// [`seal`] of what is already padded; the tests bring padding that is wrong.
pub(super) fn seal_padded(
    public_key: &Point,
    context: &RowContext<'_>,
    mut padded: Zeroizing<Vec<u8>>,
    entropy: &dyn Entropy,
) -> SealedRow {
    let r = SecretScalar::random(entropy);
    let ephemeral = Point::base_times(&r);
    let shared = Zeroizing::new(public_key.element() * r.expose());
    let shared = Zeroizing::new(shared.compress().to_bytes());
    let keys = RowKeys::derive(&shared, &ephemeral, public_key);
    let key_commitment = *keys.commitment.expose();
    let data = associated_data(context, &key_commitment);
    keys.aead()
        .seal_in_place_append_tag(nonce(), aead::Aad::from(&data), &mut *padded)
        .expect("a record of a size class is far below the cipher's limit");
    // Encrypted in place: what was the plaintext is the ciphertext now.
    let ciphertext = std::mem::take(&mut *padded);
    let hash = ciphertext_hash(&ciphertext);
    let proof = row_proof::prove(public_key, &r, &ephemeral, &data, &hash, entropy);
    SealedRow { ephemeral, key_commitment, ciphertext, proof }
}

/// Opens a row whose key commitment was compared.
pub(super) fn open_with(keys: &RowKeys, data: &[u8], row: &SealedRow) -> Result<SecretVec, RowError> {
    let mut padded = Zeroizing::new(row.ciphertext.clone());
    let opened = keys
        .aead()
        .open_in_place(nonce(), aead::Aad::from(data), &mut padded)
        .map_err(|_| RowError::AeadFailed)?;
    unpad(opened).map(|record| SecretVec::new(record.to_vec()))
}

/// I2OSP(length, 4) || record || zeros, up to the smallest size class that holds it; room for the tag is kept,
/// so that encrypting in place leaves no copy behind.
fn pad(plaintext: &[u8]) -> Result<Zeroizing<Vec<u8>>, RowError> {
    let too_long = RowError::PlaintextTooLong { bytes: plaintext.len() };
    let needed = plaintext.len().saturating_add(LENGTH_BYTES);
    let class = ROW_SIZE_CLASSES_BYTES.into_iter().find(|class| *class >= needed).ok_or(too_long)?;
    let length = u32::try_from(plaintext.len()).map_err(|_| too_long)?;
    let mut padded = Zeroizing::new(Vec::with_capacity(class + TAG_BYTES));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(plaintext);
    padded.resize(class, 0);
    Ok(padded)
}

/// Takes the padding off; it must be what [`pad`] would have written, class included.
fn unpad(padded: &[u8]) -> Result<&[u8], RowError> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>().ok_or(RowError::PaddingBad)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| RowError::PaddingBad)?;
    let (record, zeros) = rest.split_at_checked(length).ok_or(RowError::PaddingBad)?;
    let smallest = ROW_SIZE_CLASSES_BYTES.into_iter().find(|class| *class >= length + LENGTH_BYTES);
    if smallest == Some(padded.len()) && zeros.iter().all(|byte| *byte == 0) {
        Ok(record)
    } else {
        Err(RowError::PaddingBad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_fills_the_smallest_class_and_comes_off_again() {
        let mut seen = Vec::new();
        for length in [0usize, 1, 1019, 1020, 1021, 4092, 4093, 16_380, 16_381, 65_532] {
            let record = vec![0xa5; length];
            let padded = pad(&record).unwrap();
            seen.push(padded.len());
            assert_eq!(unpad(&padded).unwrap(), record);
        }
        assert_eq!(seen, [1024, 1024, 1024, 1024, 4096, 4096, 16_384, 16_384, 65_536, 65_536]);
        assert_eq!(pad(&vec![0; 65_533]).err(), Some(RowError::PlaintextTooLong { bytes: 65_533 }));
    }

    #[test]
    fn padding_that_pad_would_not_write_is_refused() {
        let good = pad(b"record").unwrap();
        let changed = |at: usize, to: u8| {
            let mut padded = good.to_vec();
            padded[at] = to;
            unpad(&padded).map(<[u8]>::to_vec)
        };
        // Every byte after the record must be zero.
        for at in LENGTH_BYTES + 6..good.len() {
            assert_eq!(changed(at, 1), Err(RowError::PaddingBad), "byte {at}");
        }
        assert_eq!(changed(0, 0xff), Err(RowError::PaddingBad), "a length beyond the end");
        assert_eq!(changed(3, 5), Err(RowError::PaddingBad), "a length that leaves a byte of the record");
        assert_eq!(changed(3, 7), Ok(b"record\0".to_vec()), "zeros at the end of a record are its own");
        assert_eq!(unpad(&good[..good.len() - 1]), Err(RowError::PaddingBad));
        assert_eq!(unpad(&[]), Err(RowError::PaddingBad));
        assert_eq!(unpad(&[0, 0, 0]), Err(RowError::PaddingBad));
        let mut larger_class = good.to_vec();
        larger_class.resize(4_096, 0);
        assert_eq!(unpad(&larger_class), Err(RowError::PaddingBad));
    }

    #[test]
    fn the_key_and_its_commitment_are_hkdf() {
        // Computed with Python's hmac from the same inputs; G and 2·G are of RFC 9496 appendix A.1.
        let point = |text: &str| Point::from_bytes(&hex::decode(text).unwrap().try_into().unwrap()).unwrap();
        let g = point("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
        let g2 = point("6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919");
        let shared: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let keys = RowKeys::derive(&shared, &g, &g2);
        let key = "a62173c62b7c38d163968d1d3cf11c2c1d4ff1b64d27bbfb0d9922cf332558fd";
        let commitment = "0ec9d0bd03df77122689704a2c9411e9e03420e4d2846de7bf0dfbdb7877e35f";
        assert_eq!(hex::encode(keys.key.expose()), key);
        assert_eq!(hex::encode(keys.commitment.expose()), commitment);
    }
}
