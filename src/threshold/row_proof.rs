//! The proof that a row's publisher knows r: a Schnorr proof over everything the row is bound to.
//!
//! Without it a lender could publish R' = R + d·G of another's row as its own, have it opened under a willing
//! client's consent and take d·K away: the other's contents. With w random and W = w·G,
//! e = H(tag, K, R, W, associated data, hash of the ciphertext) and z = w + e·r, the check is z·G = W + e·R.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity as _, VartimeMultiscalarMul as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha512};

use super::context::put_prefixed;
use super::error::ThresholdError;
use super::group::{Point, PublicScalar, SecretScalar};
use super::seal::{RowContext, RowError, SealedRow, associated_data, check_size, ciphertext_hash};
use crate::secret::{Entropy, random_array};

/// W and z: 64 bytes when encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProof {
    nonce_point: Point,
    response: PublicScalar,
}

/// e: SHA-512 over `lp("tallystick/row-proof/v1") K R W lp(associated data) ciphertext hash`, with `lp` as in
/// [`associated_data`], reduced.
fn challenge(
    public_key: &Point,
    ephemeral: &Point,
    nonce_point: &Point,
    data: &[u8],
    hash: &[u8; 32],
) -> Scalar {
    let mut out = Vec::with_capacity(192 + data.len());
    put_prefixed(&mut out, b"tallystick/row-proof/v1");
    out.extend_from_slice(&public_key.to_bytes());
    out.extend_from_slice(&ephemeral.to_bytes());
    out.extend_from_slice(&nonce_point.to_bytes());
    put_prefixed(&mut out, data);
    out.extend_from_slice(hash);
    Scalar::from_bytes_mod_order_wide(&Sha512::digest(&out).into())
}

/// Proves knowledge of `r`, with `ephemeral = r·G`.
pub(super) fn prove(
    public_key: &Point,
    r: &SecretScalar,
    ephemeral: &Point,
    data: &[u8],
    hash: &[u8; 32],
    entropy: &dyn Entropy,
) -> RowProof {
    let w = SecretScalar::random(entropy);
    let nonce_point = Point::base_times(&w);
    let e = challenge(public_key, ephemeral, &nonce_point, data, hash);
    RowProof { nonce_point, response: PublicScalar(w.expose() + e * r.expose()) }
}

impl RowProof {
    /// From the encodings of nonce point and response.
    ///
    /// Errors: one of them is not canonical.
    pub fn from_parts(nonce_point: [u8; 32], response: [u8; 32]) -> Result<Self, ThresholdError> {
        let nonce_point = Point::from_bytes(&nonce_point)?;
        Ok(Self { nonce_point, response: PublicScalar::try_from(response)? })
    }

    /// Nonce point and response, 32 bytes each: for digests over a whole row.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut out = [0u8; 64];
        out[..32].copy_from_slice(&self.nonce_point.to_bytes());
        out[32..].copy_from_slice(&self.response.0.to_bytes());
        out
    }
}

/// What the audit keeps of a row that was opened: enough to check its proof, nothing that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHeader {
    /// R.
    pub ephemeral: Point,
    /// [`associated_data`] of the row.
    pub associated_data: Vec<u8>,
    /// [`ciphertext_hash`] of the row.
    pub ciphertext_hash: [u8; 32],
    /// That its publisher knew r.
    pub proof: RowProof,
}

impl RowHeader {
    /// The header of a row at its place.
    pub fn new(context: &RowContext<'_>, row: &SealedRow) -> Self {
        Self {
            ephemeral: row.ephemeral,
            associated_data: associated_data(context, &row.key_commitment),
            ciphertext_hash: ciphertext_hash(&row.ciphertext),
            proof: row.proof,
        }
    }

    /// Checks the proof. Errors: [`RowError::ProofInvalid`].
    pub fn check(&self, public_key: &Point) -> Result<(), RowError> {
        let e = self.challenge(public_key);
        // z·G − e·R = W.
        let (r, z) = (self.ephemeral.element(), &self.proof.response.0);
        let found = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-e, r, z);
        if found == *self.proof.nonce_point.element() { Ok(()) } else { Err(RowError::ProofInvalid) }
    }

    fn challenge(&self, public_key: &Point) -> Scalar {
        let (r, w) = (&self.ephemeral, &self.proof.nonce_point);
        challenge(public_key, r, w, &self.associated_data, &self.ciphertext_hash)
    }
}

/// Checks that a row may be believed at this place: its size class and its proof. To be done before the row's
/// header is sent out for opening.
///
/// Errors: [`RowError::SizeNotAClass`], [`RowError::ProofInvalid`]: both are the publisher's fault.
pub fn check_proof(public_key: &Point, context: &RowContext<'_>, row: &SealedRow) -> Result<(), RowError> {
    check_size(&row.ciphertext)?;
    RowHeader::new(context, row).check(public_key)
}

/// Where in a batch the rows stand that were refused; never empty, in rising order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} rows of the batch are invalid: their publisher is at fault", positions.len())]
pub struct BadRows {
    /// Positions in the list that was checked, from 0.
    pub positions: Vec<usize>,
}

/// [`check_proof`] for many rows at once: about twice as fast a row from 64 rows on when all are good, and
/// slower when one is not, for then each is checked again to name it.
pub fn check_proofs(
    public_key: &Point,
    rows: &[(RowContext<'_>, &SealedRow)],
    entropy: &dyn Entropy,
) -> Result<(), BadRows> {
    let headers: Vec<RowHeader> = rows.iter().map(|(context, row)| RowHeader::new(context, row)).collect();
    let sizes_hold = rows.iter().all(|(_, row)| check_size(&row.ciphertext).is_ok());
    if sizes_hold && all_hold(public_key, &headers, entropy) {
        return Ok(());
    }
    name_bad(headers.iter().zip(rows).map(|(header, (_, row))| {
        check_size(&row.ciphertext).and_then(|()| header.check(public_key)).is_ok()
    }))
}

/// [`RowHeader::check`] for many headers at once, as [`check_proofs`].
pub fn check_headers(
    public_key: &Point,
    headers: &[RowHeader],
    entropy: &dyn Entropy,
) -> Result<(), BadRows> {
    if all_hold(public_key, headers, entropy) {
        return Ok(());
    }
    name_bad(headers.iter().map(|header| header.check(public_key).is_ok()))
}

/// The rows one by one, after the batch as a whole was refused.
fn name_bad(holds: impl Iterator<Item = bool>) -> Result<(), BadRows> {
    let positions: Vec<usize> = holds.enumerate().filter(|(_, holds)| !holds).map(|(at, _)| at).collect();
    if positions.is_empty() { Ok(()) } else { Err(BadRows { positions }) }
}

/// Σ ρ_i·(z_i·G − W_i − e_i·R_i) = 0 with random ρ_i of 128 bits: a bad row passes once in 2^128 draws, for the
/// group's order is prime and every point is in it.
fn all_hold(public_key: &Point, headers: &[RowHeader], entropy: &dyn Entropy) -> bool {
    let mut base = Scalar::ZERO;
    let mut scalars = Vec::with_capacity(2 * headers.len() + 1);
    let mut points = Vec::with_capacity(2 * headers.len() + 1);
    for header in headers {
        let rho = Scalar::from(u128::from_be_bytes(random_array(entropy)));
        base += rho * header.proof.response.0;
        scalars.extend([-rho, -rho * header.challenge(public_key)]);
        points.extend([*header.proof.nonce_point.element(), *header.ephemeral.element()]);
    }
    scalars.push(base);
    points.push(curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT);
    RistrettoPoint::vartime_multiscalar_mul(scalars, points).is_identity()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_written_encoding() {
        // Computed with Python's hashlib from the same inputs: K = G, R = 2·G, W = 3·G.
        let multiple = |number: u8| {
            let mut bytes = [0u8; 32];
            bytes[0] = number;
            Point::base_times(&SecretScalar::from_bytes(&bytes).unwrap())
        };
        let data = hex::decode(concat!(
            "000000000000001174616c6c79737469636b2f726f772f7631",
            "00000000000000076b682d7465737400000003",
            "00000000000000056d66692d61",
            "1111111111111111111111111111111111111111111111111111111111111111",
            "22222222222222222222222222222222",
            "0102030405060708",
            "3333333333333333333333333333333333333333333333333333333333333333",
        ))
        .unwrap();
        let e = challenge(&multiple(1), &multiple(2), &multiple(3), &data, &[0x44; 32]);
        let expected = "3fde197b5e334e80232831640967b08d7b988ffa7326ea008080738f8f447f06";
        assert_eq!(hex::encode(e.to_bytes()), expected);
    }
}
