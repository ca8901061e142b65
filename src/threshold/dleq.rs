//! Batch proofs that one secret links a commitment and every pair of points: RFC 9497 section 2.2, with A the
//! generator.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha512};

use super::error::ThresholdError;
use super::group::{Point, PublicScalar, SecretScalar};
use super::hash::{Tag, hash_to_scalar};

/// A proof, 64 bytes: the challenge c and the response s, canonical scalars (RFC 9497 section 2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DleqProof {
    c: PublicScalar,
    s: PublicScalar,
}

impl DleqProof {
    /// Bytes of an encoded proof.
    pub const BYTES: usize = 64;

    /// Decodes `c || s`. Errors: [`ThresholdError::BadScalar`] if either is not reduced.
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<Self, ThresholdError> {
        let (mut c, mut s) = ([0u8; 32], [0u8; 32]);
        c.copy_from_slice(&bytes[..32]);
        s.copy_from_slice(&bytes[32..]);
        Ok(Self { c: c.try_into()?, s: s.try_into()? })
    }

    /// `c || s`.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut bytes = [0u8; 64];
        bytes[..32].copy_from_slice(&self.c.0.to_bytes());
        bytes[32..].copy_from_slice(&self.s.0.to_bytes());
        bytes
    }
}

/// I2OSP(32, 2), which stands before every serialised element.
const ELEMENT_LENGTH: [u8; 2] = [0, 32];
/// I2OSP(64, 2), which stands before the seed.
const SEED_LENGTH: [u8; 2] = [0, 64];

/// The weights d_i of ComputeComposites: one scalar for each pair, bound to the commitment and to the pair.
fn composite_weights(context: &[u8], commitment: &Point, inputs: &[Point], outputs: &[Point]) -> Vec<Scalar> {
    let seed_tag = [b"Seed-", context].concat();
    let seed_tag_length = u16::try_from(seed_tag.len()).expect("a context string is far below 64 KiB");
    let seed = Sha512::new()
        .chain_update(ELEMENT_LENGTH)
        .chain_update(commitment.to_bytes())
        .chain_update(seed_tag_length.to_be_bytes())
        .chain_update(seed_tag)
        .finalize();
    let tag = Tag::hash_to_scalar(context);
    let pairs = inputs.iter().zip(outputs).zip(0u16..);
    pairs
        .map(|((input, output), i)| {
            let transcript: [&[u8]; 8] = [
                &SEED_LENGTH,
                &seed,
                &i.to_be_bytes(),
                &ELEMENT_LENGTH,
                &input.to_bytes(),
                &ELEMENT_LENGTH,
                &output.to_bytes(),
                b"Composite",
            ];
            hash_to_scalar(&transcript, &tag)
        })
        .collect()
}

/// Σ d_i·P_i. Both lists are seen by prover and verifier, so variable time gives nothing away.
fn composite(weights: &[Scalar], points: &[Point]) -> RistrettoPoint {
    RistrettoPoint::vartime_multiscalar_mul(weights, points.iter().map(Point::element))
}

/// The challenge over Bm, a0 = M, a1 = Z, a2 = t2, a3 = t3.
fn challenge(context: &[u8], commitment: &Point, elements: [&RistrettoPoint; 4]) -> Scalar {
    let [m, z, t2, t3] = elements.map(|element| element.compress().to_bytes());
    let bm = commitment.to_bytes();
    let transcript: [&[u8]; 11] = [
        &ELEMENT_LENGTH,
        &bm,
        &ELEMENT_LENGTH,
        &m,
        &ELEMENT_LENGTH,
        &z,
        &ELEMENT_LENGTH,
        &t2,
        &ELEMENT_LENGTH,
        &t3,
        b"Challenge",
    ];
    hash_to_scalar(&transcript, &Tag::hash_to_scalar(context))
}

/// GenerateProof: `outputs[i] = secret·inputs[i]` for all i, and `commitment = secret·G`.
///
/// `nonce` is the r of the RFC: random, used once. The caller has bounded the batch.
pub(super) fn prove(
    context: &[u8],
    secret: &SecretScalar,
    commitment: &Point,
    (inputs, outputs): (&[Point], &[Point]),
    nonce: &SecretScalar,
) -> DleqProof {
    let weights = composite_weights(context, commitment, inputs, outputs);
    let m = composite(&weights, inputs);
    // ComputeCompositesFast: the prover knows that Σ d_i·D_i = k·M.
    let z = m * secret.expose();
    let t2 = RistrettoPoint::mul_base(nonce.expose());
    let t3 = m * nonce.expose();
    let c = challenge(context, commitment, [&m, &z, &t2, &t3]);
    let s = nonce.expose() - c * secret.expose();
    DleqProof { c: PublicScalar(c), s: PublicScalar(s) }
}

/// VerifyProof. Refuses lists of different lengths; the caller has bounded the batch.
#[must_use]
pub(super) fn verify(
    context: &[u8],
    commitment: &Point,
    (inputs, outputs): (&[Point], &[Point]),
    proof: &DleqProof,
) -> bool {
    if inputs.len() != outputs.len() {
        return false;
    }
    let (c, s) = (proof.c.0, proof.s.0);
    let weights = composite_weights(context, commitment, inputs, outputs);
    let m = composite(&weights, inputs);
    let z = composite(&weights, outputs);
    let t2 = RistrettoPoint::vartime_double_scalar_mul_basepoint(&c, commitment.element(), &s);
    let t3 = RistrettoPoint::vartime_multiscalar_mul([s, c], [m, z]);
    challenge(context, commitment, [&m, &z, &t2, &t3]) == c
}
