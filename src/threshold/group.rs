//! The group ristretto255 (RFC 9496) as this module uses it: points that are never the identity and carry
//! their encoding, secret scalars that are never zero and are wiped, public scalars that are canonical.

use std::fmt;
use std::sync::LazyLock;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::context::put_prefixed;
use super::error::ThresholdError;
use crate::limits::POINTS_PER_BATCH_MAX;
use crate::secret::{Entropy, SecretBytes};

/// 1/2 in the scalar field. See [`Point::from_halves`].
static HALF: LazyLock<Scalar> = LazyLock::new(|| Scalar::from(2u8).invert());

/// An element of ristretto255, never the identity. Public data.
///
/// The canonical encoding (RFC 9496 section 4.3.2) is kept beside the element: every point is hashed into a
/// proof, a digest or a frame, often several times, and each encoding would cost a square root.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "[u8; 32]", into = "[u8; 32]")]
pub struct Point {
    element: RistrettoPoint,
    encoding: [u8; 32],
}

impl Point {
    /// Bytes of an encoded point.
    pub const BYTES: usize = 32;

    /// Decodes a point. Errors: [`ThresholdError::NotCanonical`], [`ThresholdError::Identity`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ThresholdError> {
        let element = CompressedRistretto(*bytes).decompress().ok_or(ThresholdError::NotCanonical)?;
        if element.is_identity() {
            return Err(ThresholdError::Identity);
        }
        Ok(Self { element, encoding: *bytes })
    }

    /// The canonical encoding.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.encoding
    }

    /// Encodes one element.
    pub(super) fn from_element(element: RistrettoPoint) -> Result<Self, ThresholdError> {
        if element.is_identity() {
            return Err(ThresholdError::Identity);
        }
        Ok(Self { element, encoding: element.compress().to_bytes() })
    }

    /// `scalar`·G in constant time.
    pub(super) fn base_times(scalar: &SecretScalar) -> Self {
        let element = RistrettoPoint::mul_base(scalar.expose());
        // A non-zero multiple of the generator of a prime-order group is not the identity.
        Self { element, encoding: element.compress().to_bytes() }
    }

    /// The doubles of `halves`, encoded together.
    ///
    /// Encoding 2·H takes one inversion for the whole batch, where encoding H takes a square root each; so
    /// whoever multiplies by a scalar anyway multiplies by its half and comes here.
    pub(super) fn from_halves(halves: &[RistrettoPoint]) -> Result<Vec<Self>, ThresholdError> {
        if halves.iter().any(IsIdentity::is_identity) {
            return Err(ThresholdError::Identity);
        }
        let encodings = RistrettoPoint::double_and_compress_batch(halves);
        let doubled = halves.iter().zip(encodings);
        Ok(doubled
            .map(|(half, encoding)| Self { element: half + half, encoding: encoding.to_bytes() })
            .collect())
    }

    /// Each of `points` times `scalar`, in constant time, encoded together.
    pub(super) fn times_batch(points: &[Self], scalar: &SecretScalar) -> Vec<Self> {
        let half = scalar.halved();
        let halves: Vec<_> = points.iter().map(|point| point.element * half.expose()).collect();
        Self::from_halves(&halves).expect("a non-zero multiple of a point of a prime-order group is a point")
    }

    /// The element itself.
    pub(super) fn element(&self) -> &RistrettoPoint {
        &self.element
    }
}

impl TryFrom<[u8; 32]> for Point {
    type Error = ThresholdError;

    fn try_from(bytes: [u8; 32]) -> Result<Self, ThresholdError> {
        Self::from_bytes(&bytes)
    }
}

impl From<Point> for [u8; 32] {
    fn from(point: Point) -> Self {
        point.encoding
    }
}

impl PartialEq for Point {
    /// Encodings are canonical, so equal points have equal encodings.
    fn eq(&self, other: &Self) -> bool {
        self.encoding == other.encoding
    }
}

impl Eq for Point {}

impl std::hash::Hash for Point {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.encoding.hash(state);
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Point({})", hex::encode(self.encoding))
    }
}

/// The encodings of `points` one after another, 32 bytes each: what a frame or a digest takes.
pub fn encode_batch(points: &[Point]) -> Vec<u8> {
    points.iter().flat_map(|point| point.encoding).collect()
}

/// What a log leaf says of a batch: SHA-256 over a domain tag, the number of points (8 bytes, big-endian) and
/// their encodings in order.
pub fn points_digest(points: &[Point]) -> [u8; 32] {
    let mut head = Vec::new();
    put_prefixed(&mut head, b"tallystick/points/v1");
    head.extend_from_slice(&(points.len() as u64).to_be_bytes());
    let mut hash = Sha256::new_with_prefix(head);
    for point in points {
        hash.update(point.encoding);
    }
    hash.finalize().into()
}

/// Refuses an empty batch and one above [`POINTS_PER_BATCH_MAX`], which also keeps RFC 9497's I2OSP(i, 2) exact.
pub(super) fn check_batch(count: usize) -> Result<(), ThresholdError> {
    match count {
        0 => Err(ThresholdError::NoPoints),
        1..=POINTS_PER_BATCH_MAX => Ok(()),
        _ => Err(ThresholdError::TooManyPoints { count }),
    }
}

/// Refuses lists that belong together and differ in length.
pub(super) fn check_lengths(have: usize, expected: usize) -> Result<(), ThresholdError> {
    if have == expected { Ok(()) } else { Err(ThresholdError::LengthMismatch { have, expected }) }
}

/// A secret scalar, never zero, wiped when dropped. Neither `Clone` nor `Serialize`.
#[derive(ZeroizeOnDrop)]
pub(super) struct SecretScalar(Scalar);

impl SecretScalar {
    /// RandomScalar of RFC 9497 section 2.1: 64 random bytes reduced, so that the bias is below 2^-250.
    pub(super) fn random(entropy: &dyn Entropy) -> Self {
        let wide = SecretBytes::<64>::random(entropy);
        let scalar = Scalar::from_bytes_mod_order_wide(wide.expose());
        // Chance gives zero once in 2^252 draws: a generator that does is broken and must not make keys.
        assert!(scalar != Scalar::ZERO, "the source of randomness gave a zero scalar");
        Self(scalar)
    }

    /// Takes a scalar that was computed from others.
    pub(super) fn from_scalar(scalar: Scalar) -> Result<Self, ThresholdError> {
        if scalar == Scalar::ZERO { Err(ThresholdError::BadScalar) } else { Ok(Self(scalar)) }
    }

    /// Decodes 32 little-endian bytes, which must be reduced and not zero.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ThresholdError> {
        let scalar = Option::from(Scalar::from_canonical_bytes(*bytes)).ok_or(ThresholdError::BadScalar)?;
        Self::from_scalar(scalar)
    }

    /// 32 little-endian bytes.
    pub(super) fn to_secret_bytes(&self) -> SecretBytes<32> {
        SecretBytes::new(self.0.to_bytes())
    }

    /// The scalar itself.
    pub(super) fn expose(&self) -> &Scalar {
        &self.0
    }

    /// Half of it.
    pub(super) fn halved(&self) -> Self {
        Self(self.0 * *HALF)
    }

    /// Its inverse, in constant time.
    pub(super) fn inverse(&self) -> Self {
        Self(self.0.invert())
    }

    /// The inverses of `2·factor·secret` for each secret: what [`Point::from_halves`] and unblinding take.
    pub(super) fn halved_inverses<'a>(secrets: impl Iterator<Item = &'a Self>, factor: &Scalar) -> Vec<Self> {
        let double = factor + factor;
        let mut scalars: Vec<Scalar> = secrets.map(|secret| secret.0 * double).collect();
        Scalar::batch_invert(&mut scalars);
        let inverses = scalars.iter().map(|scalar| Self(*scalar)).collect();
        scalars.zeroize();
        inverses
    }
}

impl fmt::Debug for SecretScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretScalar(..)")
    }
}

/// A canonical scalar of a proof: public data.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[u8; 32]", into = "[u8; 32]")]
pub(super) struct PublicScalar(pub(super) Scalar);

impl TryFrom<[u8; 32]> for PublicScalar {
    type Error = ThresholdError;

    fn try_from(bytes: [u8; 32]) -> Result<Self, ThresholdError> {
        Option::from(Scalar::from_canonical_bytes(bytes)).map(Self).ok_or(ThresholdError::BadScalar)
    }
}

impl From<PublicScalar> for [u8; 32] {
    fn from(scalar: PublicScalar) -> Self {
        scalar.0.to_bytes()
    }
}

impl fmt::Debug for PublicScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.to_bytes()))
    }
}
