//! Opening a row with t holders who do not see which: they multiply B = R + s·G, and s·K is taken away.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::IsIdentity as _;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::context::{KeyContext, KeyName};
use super::dleq::{self, DleqProof};
use super::error::ThresholdError;
use super::group::{Point, SecretScalar, check_batch};
use super::seal::{RowContext, RowError, RowKeys, SealedRow, associated_data, check_size, open_with};
use super::shamir::KeyShare;
use crate::secret::{Entropy, SecretBytes, SecretVec};

/// A point that goes out for opening, and the s that explains it. Kept, encrypted, for the audit.
#[derive(Debug)]
pub struct OpeningPoint {
    secret: SecretScalar,
    point: Point,
}

impl OpeningPoint {
    /// B: R + s·G for a row, s·G for padding. The two cannot be told apart.
    pub fn point(&self) -> Point {
        self.point
    }

    /// s as 32 little-endian bytes, to be encrypted at rest.
    pub fn to_secret_bytes(&self) -> SecretBytes<32> {
        self.secret.to_secret_bytes()
    }

    /// The point again, from a kept s and the R of the row, or none for padding. The audit compares
    /// [`OpeningPoint::point`] with the point of the log leaf.
    ///
    /// Errors: [`ThresholdError::BadScalar`]; [`ThresholdError::Identity`] if s was made to cancel R.
    pub fn from_secret_bytes(bytes: &[u8; 32], header: Option<&Point>) -> Result<Self, ThresholdError> {
        Self::new(SecretScalar::from_bytes(bytes)?, header)
    }

    fn new(secret: SecretScalar, header: Option<&Point>) -> Result<Self, ThresholdError> {
        let point = match header {
            None => Point::base_times(&secret),
            Some(r) => Point::from_element(RistrettoPoint::mul_base(secret.expose()) + r.element())?,
        };
        Ok(Self { secret, point })
    }
}

/// Blinds a row's R. The row's proof is to be checked first ([`super::check_proof`]).
pub fn blind_header(header: &Point, entropy: &dyn Entropy) -> OpeningPoint {
    // Whoever chose R cannot know s, so this fails once in 2^252 draws.
    OpeningPoint::new(SecretScalar::random(entropy), Some(header)).expect("a fresh s does not cancel R")
}

/// A point that opens nothing, to fill a batch up to its size class.
pub fn padding_point(entropy: &dyn Entropy) -> OpeningPoint {
    OpeningPoint::new(SecretScalar::random(entropy), None).expect("s is not zero")
}

/// One holder's part: its share times each point, in the same order.
///
/// Errors: [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`].
pub fn partial_open(share: &KeyShare, points: &[Point]) -> Result<Vec<Point>, ThresholdError> {
    check_batch(points.len())?;
    Ok(Point::times_batch(points, share.secret()))
}

/// The batch proof that `results` are [`partial_open`] of `points`, made when it is demanded.
///
/// Nobody can prove what is not so: if `results` are not this share's, the proof fails at the asker.
/// Errors: as [`partial_open`], [`ThresholdError::LengthMismatch`], and [`ThresholdError::WrongContext`] for
/// another key than the open key or another holder's index.
pub fn prove_opening(
    share: &KeyShare,
    points: &[Point],
    results: &[Point],
    context: &KeyContext,
    entropy: &dyn Entropy,
) -> Result<DleqProof, ThresholdError> {
    context.check(&[KeyName::Open], share.index())?;
    check_batch(points.len())?;
    super::group::check_lengths(results.len(), points.len())?;
    let nonce = SecretScalar::random(entropy);
    let commitment = share.commitment();
    Ok(dleq::prove(&context.dleq_context(), share.secret(), &commitment, (points, results), &nonce))
}

/// Checks one holder's openings against its commitment, which comes from the roster.
///
/// Errors: [`ThresholdError::WrongEvaluation`] names the holder, also when it returned another number of points;
/// [`ThresholdError::NoPoints`], [`ThresholdError::TooManyPoints`] and [`ThresholdError::WrongContext`] are the
/// caller's own.
pub fn verify_opening(
    commitment: &Point,
    context: &KeyContext,
    points: &[Point],
    results: &[Point],
    proof: &DleqProof,
) -> Result<(), ThresholdError> {
    context.check(&[KeyName::Open], context.holder)?;
    check_batch(points.len())?;
    if dleq::verify(&context.dleq_context(), commitment, (points, results), proof) {
        Ok(())
    } else {
        Err(ThresholdError::WrongEvaluation { holder: context.holder })
    }
}

/// Opens a row with the combined answer for its blinded header: r·K = combined − s·K.
///
/// A row that opens proves the answer right, for only r·K gives the key that the commitment fixes. Errors:
/// [`RowError::SizeNotAClass`], [`RowError::OtherRow`], [`RowError::CommitmentMismatch`] (a holder may have
/// lied), [`RowError::AeadFailed`], [`RowError::PaddingBad`].
pub fn open_row(
    public_key: &Point,
    context: &RowContext<'_>,
    row: &SealedRow,
    opening: &OpeningPoint,
    combined: &Point,
) -> Result<SecretVec, RowError> {
    check_size(&row.ciphertext)?;
    // Without this a mix-up on our side would look like a holder's lie.
    let expected = RistrettoPoint::mul_base(opening.secret.expose()) + row.ephemeral.element();
    if expected != *opening.point.element() {
        return Err(RowError::OtherRow);
    }
    let shared = Zeroizing::new(combined.element() - public_key.element() * opening.secret.expose());
    if shared.is_identity() {
        return Err(RowError::CommitmentMismatch);
    }
    let shared = Zeroizing::new(shared.compress().to_bytes());
    let keys = RowKeys::derive(&shared, &row.ephemeral, public_key);
    // Constant time: a commitment that is wrong in its last byte must not be told from one wrong in its first.
    if !bool::from(keys.commitment.expose().ct_eq(&row.key_commitment)) {
        return Err(RowError::CommitmentMismatch);
    }
    open_with(&keys, &associated_data(context, &row.key_commitment), row)
}
