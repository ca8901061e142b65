//! The VOPRF of RFC 9497 section 3.3.2 under a shared key: each holder evaluates with its share, the asker checks
//! every proof, combines in the exponent and finalises. The output is the RFC's under the whole key.

use std::fmt;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use ring::hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::context::{HolderIndex, KeyContext, KeyName, RFC9497_CONTEXT, put_prefixed};
use super::dleq::{self, DleqProof};
use super::error::ThresholdError;
use super::group::{Point, SecretScalar, check_batch, check_lengths};
use super::hash::{Tag, hash_to_group};
use super::lagrange::{self, AtZero};
use super::shamir::KeyShare;
use crate::secret::{Entropy, SecretBytes};

/// Longest input plus one: lengths are written as I2OSP(len, 2) (RFC 9497 section 1.2).
const INPUT_BYTES_LIMIT: usize = 1 << 16;

/// The scalar that hides an input from the holders. Kept, encrypted, for the audit.
#[derive(Debug)]
pub struct Blind(SecretScalar);

impl Blind {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(SecretScalar::random(entropy))
    }

    /// 32 little-endian bytes, to be encrypted at rest.
    pub fn to_secret_bytes(&self) -> SecretBytes<32> {
        self.0.to_secret_bytes()
    }

    /// Reads what [`Blind::to_secret_bytes`] wrote. Errors: [`ThresholdError::BadScalar`].
    pub fn from_secret_bytes(bytes: &[u8; 32]) -> Result<Self, ThresholdError> {
        SecretScalar::from_bytes(bytes).map(Self)
    }
}

/// A blinded input and what unblinds it.
#[derive(Debug)]
pub struct Blinded {
    /// Stays with the asker.
    pub blind: Blind,
    /// Goes to the holders.
    pub element: Point,
}

/// HashToGroup of one input, refusing what the RFC refuses.
fn input_element(input: &[u8], tag: &Tag) -> Result<RistrettoPoint, ThresholdError> {
    if input.len() >= INPUT_BYTES_LIMIT {
        return Err(ThresholdError::InputTooLong { bytes: input.len() });
    }
    let element = hash_to_group(input, tag);
    if element.is_identity() { Err(ThresholdError::Identity) } else { Ok(element) }
}

/// Blinds under the hash-to-group tag of `context`; only the tests use another than mode 0x01.
pub(super) fn blind_under<'a>(
    context: &[u8],
    pairs: impl Iterator<Item = (&'a [u8], &'a Blind)>,
) -> Result<Vec<Point>, ThresholdError> {
    let tag = Tag::hash_to_group(context);
    let halves = pairs
        .map(|(input, blind)| Ok(input_element(input, &tag)? * blind.0.halved().expose()))
        .collect::<Result<Vec<_>, ThresholdError>>()?;
    Point::from_halves(&halves)
}

/// Blind: a fresh blind times HashToGroup(input).
///
/// Errors: [`ThresholdError::InputTooLong`] from 2^16 bytes on.
pub fn blind(input: &[u8], entropy: &dyn Entropy) -> Result<Blinded, ThresholdError> {
    let blind = Blind::random(entropy);
    let element = blind_with(input, &blind)?;
    Ok(Blinded { blind, element })
}

/// Blinds many inputs, each with a blind of its own; faster than one by one. Errors: as [`blind`], and
/// [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`].
pub fn blind_batch(inputs: &[&[u8]], entropy: &dyn Entropy) -> Result<Vec<Blinded>, ThresholdError> {
    check_batch(inputs.len())?;
    let blinds: Vec<Blind> = inputs.iter().map(|_| Blind::random(entropy)).collect();
    let elements = blind_under(RFC9497_CONTEXT, inputs.iter().copied().zip(&blinds))?;
    Ok(blinds.into_iter().zip(elements).map(|(blind, element)| Blinded { blind, element }).collect())
}

/// The point that `input` and a kept blind give: how the audit explains a point of a log leaf.
pub fn blind_with(input: &[u8], blind: &Blind) -> Result<Point, ThresholdError> {
    let element = input_element(input, &Tag::hash_to_group(RFC9497_CONTEXT))?;
    Point::from_element(element * blind.0.expose())
}

/// What one holder answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its share times each blinded point, in the same order.
    pub elements: Vec<Point>,
    /// That they are so.
    pub proof: DleqProof,
}

/// BlindEvaluate with one share, and the batch proof under the share's context.
///
/// Errors: [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`], and
/// [`ThresholdError::WrongContext`] for the open key or another holder's index.
pub fn evaluate(
    share: &KeyShare,
    blinded: &[Point],
    context: &KeyContext,
    entropy: &dyn Entropy,
) -> Result<Evaluation, ThresholdError> {
    context.check(&[KeyName::Locate, KeyName::Footprint], share.index())?;
    check_batch(blinded.len())?;
    Ok(evaluate_with(share, blinded, context, &SecretScalar::random(entropy)))
}

/// [`evaluate`] with the proof's randomness given: the RFC's vectors fix it.
pub(super) fn evaluate_with(
    share: &KeyShare,
    blinded: &[Point],
    context: &KeyContext,
    nonce: &SecretScalar,
) -> Evaluation {
    let elements = Point::times_batch(blinded, share.secret());
    let pairs = (blinded, elements.as_slice());
    let proof = dleq::prove(&context.dleq_context(), share.secret(), &share.commitment(), pairs, nonce);
    Evaluation { elements, proof }
}

/// Checks one holder's answer against its commitment, which comes from the roster and never from the answer.
///
/// Errors: [`ThresholdError::WrongEvaluation`] names the holder, also when it returned another number of points;
/// [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`] and [`ThresholdError::WrongContext`] are the
/// caller's own.
pub fn verify_evaluation(
    commitment: &Point,
    context: &KeyContext,
    blinded: &[Point],
    evaluation: &Evaluation,
) -> Result<(), ThresholdError> {
    context.check(&[KeyName::Locate, KeyName::Footprint], context.holder)?;
    check_batch(blinded.len())?;
    let pairs = (blinded, evaluation.elements.as_slice());
    if dleq::verify(&context.dleq_context(), commitment, pairs, &evaluation.proof) {
        Ok(())
    } else {
        Err(ThresholdError::WrongEvaluation { holder: context.holder })
    }
}

/// The weighted sums over the first t holders, each still to be divided by the returned divisor.
fn weighted_sums(
    threshold: u8,
    evaluations: &[(HolderIndex, &[Point])],
) -> Result<(Vec<RistrettoPoint>, Scalar), ThresholdError> {
    lagrange::check_distinct(evaluations.iter().map(|(holder, _)| *holder))?;
    let need = usize::from(threshold);
    let used = evaluations
        .get(..need)
        .filter(|used| !used.is_empty())
        .ok_or(ThresholdError::TooFewHolders { have: evaluations.len(), need: need.max(1) })?;
    let count = used[0].1.len();
    check_batch(count)?;
    for (_, elements) in evaluations {
        check_lengths(elements.len(), count)?;
    }
    let holders: Vec<HolderIndex> = used.iter().map(|(holder, _)| *holder).collect();
    let zero = AtZero::new(&holders);
    let sums = (0..count)
        .map(|i| {
            let column: Vec<_> = used.iter().map(|(_, elements)| *elements[i].element()).collect();
            let sum = zero.weighted_sum(&column);
            if sum.is_identity() { Err(ThresholdError::Identity) } else { Ok(sum) }
        })
        .collect::<Result<_, _>>()?;
    Ok((sums, zero.divisor))
}

/// What the whole key would have returned, from the checked answers of `threshold` distinct holders of one
/// epoch and one share generation. If more are given, the first `threshold` are used.
///
/// Nothing here can see a wrong answer or a mixture of generations: check the proofs first.
///
/// Errors: [`ThresholdError::TooFewHolders`], [`ThresholdError::RepeatedHolder`],
/// [`ThresholdError::LengthMismatch`], [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`], and
/// [`ThresholdError::Identity`] when wrong answers cancel out.
pub fn combine(threshold: u8, evaluations: &[(HolderIndex, &[Point])]) -> Result<Vec<Point>, ThresholdError> {
    let (mut sums, divisor) = weighted_sums(threshold, evaluations)?;
    if divisor == Scalar::ONE {
        return sums.into_iter().map(Point::from_element).collect();
    }
    // Since there is a division, half of it is taken, so that the results are encoded together.
    let factor = (divisor + divisor).invert();
    for sum in &mut sums {
        // Sums and factor are public: the holders' answers and their indices.
        *sum = RistrettoPoint::vartime_double_scalar_mul_basepoint(&factor, sum, &Scalar::ZERO);
    }
    Point::from_halves(&sums)
}

/// Finalize: unblinds the combined point and hashes it with the input.
///
/// # Panics
/// For an input of 2^16 bytes or more, which [`blind()`] refuses.
pub fn finalize(input: &[u8], blind: &Blind, combined: &Point) -> SecretBytes<64> {
    let unblinded = Zeroizing::new(combined.element() * blind.0.inverse().expose());
    let encoding = Zeroizing::new(unblinded.compress().to_bytes());
    finalize_hash(input, &encoding)
}

/// [`combine`] and [`finalize`] for a whole batch: division by the weights' common divisor, unblinding and
/// halving are one multiplication, and inversions and encodings are made together.
///
/// Errors: as [`combine`], and [`ThresholdError::LengthMismatch`] when inputs or blinds differ in number.
pub fn combine_and_finalize(
    threshold: u8,
    evaluations: &[(HolderIndex, &[Point])],
    inputs: &[&[u8]],
    blinds: &[&Blind],
) -> Result<Vec<SecretBytes<64>>, ThresholdError> {
    let (sums, divisor) = weighted_sums(threshold, evaluations)?;
    check_lengths(inputs.len(), sums.len())?;
    check_lengths(blinds.len(), sums.len())?;
    if let Some(input) = inputs.iter().find(|input| input.len() >= INPUT_BYTES_LIMIT) {
        return Err(ThresholdError::InputTooLong { bytes: input.len() });
    }
    let inverses = SecretScalar::halved_inverses(blinds.iter().map(|blind| &blind.0), &divisor);
    // Unblinded elements are as good as the output: wiped, as everything secret.
    let halves: Zeroizing<Vec<RistrettoPoint>> =
        Zeroizing::new(sums.iter().zip(&inverses).map(|(sum, inverse)| sum * inverse.expose()).collect());
    let encodings = Zeroizing::new(RistrettoPoint::double_and_compress_batch(halves.iter()));
    let pairs = inputs.iter().zip(encodings.iter());
    Ok(pairs.map(|(input, unblinded)| finalize_hash(input, unblinded.as_bytes())).collect())
}

/// Hash(I2OSP(len(input), 2) || input || I2OSP(len(unblinded), 2) || unblinded || "Finalize").
pub(super) fn finalize_hash(input: &[u8], unblinded: &[u8; 32]) -> SecretBytes<64> {
    let length = u16::try_from(input.len()).expect("longer inputs were refused when they were blinded");
    let output = Sha512::new()
        .chain_update(length.to_be_bytes())
        .chain_update(input)
        .chain_update([0, 32])
        .chain_update(unblinded)
        .chain_update(b"Finalize")
        .finalize();
    SecretBytes::new(output.into())
}

/// Where a person's rows lie: 32 bytes that nobody can compute without t holders.
///
/// Known only to who located her or holds her rows; never in a log, a path or an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locator(pub [u8; 32]);

impl fmt::Debug for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locator({})", hex::encode(self.0))
    }
}

/// HKDF-SHA-256 (RFC 5869) of a VOPRF output: salt `"tallystick/locator/v1"`, info
/// `lp(key name) lp(network) epoch`, with `lp` and `epoch` as in [`KeyContext::dleq_context`].
pub fn locator(output: &SecretBytes<64>, key: KeyName, network: &str, epoch: u32) -> Locator {
    let mut info = Vec::new();
    put_prefixed(&mut info, key.as_str().as_bytes());
    put_prefixed(&mut info, network.as_bytes());
    info.extend_from_slice(&epoch.to_be_bytes());
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, b"tallystick/locator/v1").extract(output.expose());
    let mut bytes = [0u8; 32];
    key.expand(&[&info], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut bytes))
        .expect("HKDF-SHA-256 gives 32 bytes");
    Locator(bytes)
}
