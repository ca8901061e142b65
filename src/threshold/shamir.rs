//! Dealing a key into shares, and proving in public that the shares belong together.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity as _, VartimeMultiscalarMul as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::context::HolderIndex;
use super::error::ThresholdError;
use super::group::{Point, SecretScalar};
use super::lagrange;
use crate::secret::{Entropy, SecretBytes, SecretVec};

/// A whole key. It exists while it is dealt and then nowhere.
#[derive(Debug)]
pub struct SecretKey(SecretScalar);

impl SecretKey {
    /// A fresh key.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(SecretScalar::random(entropy))
    }

    /// A key from 32 little-endian bytes, for test vectors. Errors: [`ThresholdError::BadScalar`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ThresholdError> {
        SecretScalar::from_bytes(bytes).map(Self)
    }

    /// K = k·G.
    pub fn public_key(&self) -> Point {
        Point::base_times(&self.0)
    }
}

/// One holder's share of a key: the polynomial's value at its index.
#[derive(Debug)]
pub struct KeyShare {
    index: HolderIndex,
    secret: SecretScalar,
    /// Kept, because every proof hashes it.
    commitment: Point,
}

impl KeyShare {
    /// Bytes of [`KeyShare::to_secret_bytes`]: the index, then the scalar, little-endian.
    pub const SECRET_BYTES: usize = 33;

    fn new(index: HolderIndex, secret: SecretScalar) -> Self {
        let commitment = Point::base_times(&secret);
        Self { index, secret, commitment }
    }

    /// Where on the polynomial it lies.
    pub fn index(&self) -> HolderIndex {
        self.index
    }

    /// k_i·G, which the roster publishes.
    pub fn commitment(&self) -> Point {
        self.commitment
    }

    /// The share as 33 bytes, to be encrypted at rest.
    pub fn to_secret_bytes(&self) -> SecretVec {
        let scalar: SecretBytes<32> = self.secret.to_secret_bytes();
        let mut bytes = Vec::with_capacity(Self::SECRET_BYTES);
        bytes.push(self.index.get());
        bytes.extend_from_slice(scalar.expose());
        SecretVec::new(bytes)
    }

    /// Reads what [`KeyShare::to_secret_bytes`] wrote. Compare [`KeyShare::commitment`] with the roster: any
    /// scalar is a share of some key.
    ///
    /// Errors: [`ThresholdError::SecretLength`], [`ThresholdError::ZeroHolder`], [`ThresholdError::BadScalar`].
    pub fn from_secret_bytes(bytes: &[u8]) -> Result<Self, ThresholdError> {
        let wrong = ThresholdError::SecretLength { have: bytes.len(), expected: Self::SECRET_BYTES };
        let (index, scalar) = bytes.split_first().ok_or(wrong)?;
        let scalar: Zeroizing<[u8; 32]> = Zeroizing::new(scalar.try_into().map_err(|_| wrong)?);
        Ok(Self::new(HolderIndex::new(*index)?, SecretScalar::from_bytes(&scalar)?))
    }

    /// The scalar itself.
    pub(super) fn secret(&self) -> &SecretScalar {
        &self.secret
    }
}

/// What the roster publishes of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareCommitment {
    /// The holder.
    pub index: HolderIndex,
    /// k_i·G.
    pub point: Point,
}

/// A dealt key.
#[derive(Debug)]
pub struct Deal {
    /// K = k·G.
    pub public_key: Point,
    /// One share for each holder, indices 1 to n.
    pub shares: Vec<KeyShare>,
    /// Their commitments, in the same order.
    pub commitments: Vec<ShareCommitment>,
}

/// Deals `key` into `holders` shares, any `threshold` of which make it again: values at 1..=n of a random
/// polynomial of degree t - 1 whose value at 0 is the key.
///
/// One of one works by the same code: the share is the key. Errors: [`ThresholdError::BadThreshold`].
pub fn deal(
    key: &SecretKey,
    threshold: u8,
    holders: u8,
    entropy: &dyn Entropy,
) -> Result<Deal, ThresholdError> {
    if threshold == 0 || threshold > holders {
        return Err(ThresholdError::BadThreshold { threshold, holders });
    }
    let coefficients: Vec<SecretScalar> = (1..threshold).map(|_| SecretScalar::random(entropy)).collect();
    let share = |index: u8| {
        let x = Scalar::from(index);
        // Horner: ((a_{t-1}·x + …)·x + a_1)·x + k.
        let high = coefficients.iter().rev().fold(Scalar::ZERO, |sum, a| (sum + a.expose()) * x);
        let secret = SecretScalar::from_scalar(high + key.0.expose())?;
        Ok(KeyShare::new(HolderIndex::new(index)?, secret))
    };
    let shares = (1..=holders).map(share).collect::<Result<Vec<_>, ThresholdError>>()?;
    let commitments =
        shares.iter().map(|share| ShareCommitment { index: share.index, point: share.commitment }).collect();
    Ok(Deal { public_key: key.public_key(), shares, commitments })
}

/// Proves in the exponent that all commitments lie on one polynomial of degree exactly t - 1 whose value at 0
/// is `public_key`: then any t holders make the same key, and no fewer.
///
/// The first t commitments fix the polynomial; its value at 0 and at every other index is compared, and its
/// leading coefficient must not vanish. A failure cannot say which commitment is wrong.
///
/// Errors: [`ThresholdError::BadThreshold`], [`ThresholdError::RepeatedHolder`],
/// [`ThresholdError::TooFewHolders`], [`ThresholdError::CommitmentsInconsistent`].
pub fn check_commitments(
    threshold: u8,
    public_key: &Point,
    commitments: &[ShareCommitment],
) -> Result<(), ThresholdError> {
    lagrange::check_distinct(commitments.iter().map(|commitment| commitment.index))?;
    let need = usize::from(threshold);
    if threshold == 0 {
        let holders = u8::try_from(commitments.len()).unwrap_or(u8::MAX);
        return Err(ThresholdError::BadThreshold { threshold, holders });
    }
    let Some((base, rest)) = commitments.split_at_checked(need) else {
        return Err(ThresholdError::TooFewHolders { have: commitments.len(), need });
    };
    let xs: Vec<u8> = base.iter().map(|commitment| commitment.index.get()).collect();
    let points: Vec<RistrettoPoint> = base.iter().map(|commitment| *commitment.point.element()).collect();
    let value_at = |x: u8| {
        RistrettoPoint::vartime_multiscalar_mul(lagrange::coefficients(&xs, x), points.iter().copied())
    };
    let leading =
        RistrettoPoint::vartime_multiscalar_mul(lagrange::leading_coefficients(&xs), points.iter().copied());
    let agrees = value_at(0) == *public_key.element()
        && rest.iter().all(|other| value_at(other.index.get()) == *other.point.element())
        && !leading.is_identity();
    if agrees { Ok(()) } else { Err(ThresholdError::CommitmentsInconsistent) }
}

/// The rule of the roster tool: more than half of the holders are needed, so that no two disjoint groups can
/// each serve. One of one, the embedded case, is allowed.
///
/// Errors: [`ThresholdError::BadThreshold`], [`ThresholdError::WeakThreshold`].
pub fn refuse_weak(threshold: u8, holders: u8) -> Result<(), ThresholdError> {
    if threshold == 0 || threshold > holders {
        return Err(ThresholdError::BadThreshold { threshold, holders });
    }
    if holders > 1 && 2 * u16::from(threshold) <= u16::from(holders) {
        return Err(ThresholdError::WeakThreshold { threshold, holders });
    }
    Ok(())
}
