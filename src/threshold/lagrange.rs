//! Interpolation: from the values of a polynomial at holder indices to its value elsewhere.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, VartimeMultiscalarMul as _};

use super::context::HolderIndex;
use super::error::ThresholdError;

/// Bits of the largest whole-number weight that is added by doubling: a tenth of a scalar's 252 doublings. Any
/// three holders stay below it; large quorums with scattered indices do not and take full scalars.
const SMALL_WEIGHT_BITS: u32 = 24;

/// Refuses an index that stands twice.
pub(super) fn check_distinct(indices: impl Iterator<Item = HolderIndex>) -> Result<(), ThresholdError> {
    let mut seen = [false; 256];
    for holder in indices {
        if std::mem::replace(&mut seen[usize::from(holder.get())], true) {
            return Err(ThresholdError::RepeatedHolder { holder });
        }
    }
    Ok(())
}

/// λ_i(at) = ∏ (at − x_j) / (x_i − x_j) over j ≠ i, for distinct `xs`.
pub(super) fn coefficients(xs: &[u8], at: u8) -> Vec<Scalar> {
    let at = Scalar::from(at);
    let others =
        |i: usize| xs.iter().enumerate().filter(move |(j, _)| *j != i).map(|(_, x)| Scalar::from(*x));
    let mut denominators: Vec<Scalar> = xs
        .iter()
        .enumerate()
        .map(|(i, x)| others(i).map(|other| Scalar::from(*x) - other).product())
        .collect();
    Scalar::batch_invert(&mut denominators);
    let numerators = (0..xs.len()).map(|i| others(i).map(|other| at - other).product::<Scalar>());
    numerators.zip(denominators).map(|(numerator, inverse)| numerator * inverse).collect()
}

/// The coefficient of the highest power, of the polynomial through `xs`: ∏ 1 / (x_i − x_j) over j ≠ i.
pub(super) fn leading_coefficients(xs: &[u8]) -> Vec<Scalar> {
    let difference = |i: usize, j: usize| Scalar::from(xs[i]) - Scalar::from(xs[j]);
    let product = |i: usize| (0..xs.len()).filter(|j| *j != i).map(|j| difference(i, j)).product();
    let mut denominators: Vec<Scalar> = (0..xs.len()).map(product).collect();
    Scalar::batch_invert(&mut denominators);
    denominators
}

/// The weights that take shares to the value at 0: `Σ weight_i·share_i / divisor`.
///
/// For few holders the weights are small whole numbers over a common divisor (holders 1, 2, 3: 3, -3, 1 over 1):
/// a few doublings and additions instead of a multiplication, and whoever multiplies by a scalar afterwards
/// divides in the same step. All of it is public, so variable time is fine.
pub(super) struct AtZero {
    weights: Weights,
    /// The common divisor, not zero.
    pub(super) divisor: Scalar,
}

enum Weights {
    Small(Vec<i32>),
    Full(Vec<Scalar>),
}

impl AtZero {
    /// The weights for distinct `holders`.
    pub(super) fn new(holders: &[HolderIndex]) -> Self {
        let xs: Vec<u8> = holders.iter().map(|holder| holder.get()).collect();
        match small_weights(&xs) {
            Some((weights, divisor)) => {
                Self { weights: Weights::Small(weights), divisor: Scalar::from(divisor) }
            }
            None => Self { weights: Weights::Full(coefficients(&xs, 0)), divisor: Scalar::ONE },
        }
    }

    /// `Σ weight_i·shares_i`: the value at 0 times [`AtZero::divisor`].
    pub(super) fn weighted_sum(&self, shares: &[RistrettoPoint]) -> RistrettoPoint {
        match &self.weights {
            Weights::Full(weights) => RistrettoPoint::vartime_multiscalar_mul(weights, shares),
            Weights::Small(weights) => {
                let terms: Vec<(u32, RistrettoPoint)> = weights
                    .iter()
                    .zip(shares)
                    .map(|(weight, share)| (weight.unsigned_abs(), if *weight < 0 { -share } else { *share }))
                    .collect();
                let bits =
                    terms.iter().map(|(weight, _)| u32::BITS - weight.leading_zeros()).max().unwrap_or(0);
                let mut sum = RistrettoPoint::identity();
                for bit in (0..bits).rev() {
                    sum += sum;
                    for (_, term) in terms.iter().filter(|(weight, _)| weight >> bit & 1 == 1) {
                        sum += term;
                    }
                }
                sum
            }
        }
    }
}

/// The weights as whole numbers over a common divisor, where they are small.
fn small_weights(xs: &[u8]) -> Option<(Vec<i32>, u128)> {
    let mut fractions = Vec::with_capacity(xs.len());
    let mut divisor: i128 = 1;
    for (i, x) in xs.iter().enumerate() {
        let (mut over, mut under) = (1i128, 1i128);
        for (_, other) in xs.iter().enumerate().filter(|(j, _)| *j != i) {
            over = over.checked_mul(i128::from(*other))?;
            under = under.checked_mul(i128::from(*other) - i128::from(*x))?;
            let common = gcd(over, under);
            (over, under) = (over / common, under / common);
        }
        divisor = (divisor / gcd(divisor, under)).checked_mul(under.abs())?;
        fractions.push((over, under));
    }
    let limit = 1i128 << SMALL_WEIGHT_BITS;
    let mut weights = Vec::with_capacity(xs.len());
    for (over, under) in fractions {
        let weight = over.checked_mul(divisor / under)?;
        weights.push(i32::try_from(weight).ok().filter(|_| weight.abs() < limit)?);
    }
    Some((weights, u128::try_from(divisor).ok()?))
}

/// The greatest common divisor, positive, for a positive and a non-zero number.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;
    use crate::threshold::group::SecretScalar;

    fn holders(xs: &[u8]) -> Vec<HolderIndex> {
        xs.iter().map(|x| HolderIndex::new(*x).unwrap()).collect()
    }

    #[test]
    fn the_usual_weights_are_small_whole_numbers() {
        assert_eq!(small_weights(&[1]), Some((vec![1], 1)));
        assert_eq!(small_weights(&[1, 2]), Some((vec![2, -1], 1)));
        assert_eq!(small_weights(&[1, 3]), Some((vec![3, -1], 2)));
        assert_eq!(small_weights(&[3, 1]), Some((vec![-1, 3], 2)));
        assert_eq!(small_weights(&[1, 2, 3]), Some((vec![3, -3, 1], 1)));
        assert_eq!(small_weights(&(1..=255).collect::<Vec<u8>>()), None);
    }

    #[test]
    fn both_kinds_of_weight_give_the_value_at_zero() {
        let entropy = SeededEntropy::new(1);
        let wide: Vec<u8> = (0..60).map(|i| 4 * i + 1).collect();
        for xs in [&[7u8][..], &[1, 2], &[2, 1], &[1, 3], &[9, 200, 255], &[251, 253, 255, 1, 2, 3], &wide] {
            let degree = xs.len() - 1;
            let polynomial: Vec<Scalar> =
                (0..=degree).map(|_| *SecretScalar::random(&entropy).expose()).collect();
            let at = |x: u8| polynomial.iter().rev().fold(Scalar::ZERO, |sum, c| sum * Scalar::from(x) + c);
            let shares: Vec<_> = xs.iter().map(|x| RistrettoPoint::mul_base(&at(*x))).collect();
            let zero = AtZero::new(&holders(xs));
            let expected = RistrettoPoint::mul_base(&(polynomial[0] * zero.divisor));
            assert_eq!(zero.weighted_sum(&shares), expected, "holders {xs:?}");
            let elsewhere = RistrettoPoint::vartime_multiscalar_mul(coefficients(xs, 100), &shares);
            assert_eq!(elsewhere, RistrettoPoint::mul_base(&at(100)));
            let leading = RistrettoPoint::vartime_multiscalar_mul(leading_coefficients(xs), &shares);
            assert_eq!(leading, RistrettoPoint::mul_base(&polynomial[degree]));
        }
    }

    #[test]
    fn a_holder_that_stands_twice_is_named() {
        let twice = HolderIndex::new(9).unwrap();
        let found = check_distinct(holders(&[9, 1, 9]).into_iter());
        assert_eq!(found, Err(ThresholdError::RepeatedHolder { holder: twice }));
        assert_eq!(check_distinct(holders(&[1, 9]).into_iter()), Ok(()));
    }
}
