//! Discrete Laplace noise, sampled exactly: integers and random bits only, so that no rounding tells the true count.
//!
//! Canonne, Kamath, Steinke: "The Discrete Gaussian for Differential Privacy" (2020), algorithms 1 and 2; the distribution
//! is the two-sided geometric mechanism of Ghosh, Roughgarden, Sundararajan (2009): P(x) is proportional to
//! exp(-|x| / scale).

use crate::limits::MARKET_SHARE_MAX;
use crate::secret::{Entropy, random_array};

/// Noise that gives ε-differential privacy for every client whose share is at most [`MARKET_SHARE_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// ε in thousandths; at least 1.
    epsilon_thousandths: u32,
}

impl Noise {
    /// Noise for an ε in thousandths. None for an ε of 0, which no noise is enough for.
    pub fn new(epsilon_thousandths: u32) -> Option<Self> {
        (epsilon_thousandths > 0).then_some(Self { epsilon_thousandths })
    }

    /// Numerator and denominator of the scale: sensitivity / ε.
    fn scale(self) -> (u64, u64) {
        (MARKET_SHARE_MAX * 1_000, u64::from(self.epsilon_thousandths))
    }

    /// One draw.
    pub fn draw(self, entropy: &dyn Entropy) -> i64 {
        let (t, s) = self.scale();
        loop {
            let fraction = below(t, entropy);
            if !exp_minus(fraction, t, entropy) {
                continue;
            }
            // A draw of a million times the scale does not happen: each step has odds of 1 to e.
            let whole = (0..1_000_000u64).take_while(|_| exp_minus(1, 1, entropy)).count();
            let magnitude = (fraction + t * whole as u64) / s;
            let negative = below(2, entropy) == 1;
            if negative && magnitude == 0 {
                continue;
            }
            let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
            return if negative { -magnitude } else { magnitude };
        }
    }

    /// With odds of 19 in 20 or better, `draws` of these are together no further from 0 than this: by Chebyshev, from the
    /// variance, which is below twice the square of the scale.
    pub fn within(self, draws: u64) -> u64 {
        let (t, s) = self.scale();
        // 2 * 20 * draws * (t / s)^2, rounded up.
        let square =
            (40 * u128::from(draws) * u128::from(t) * u128::from(t)).div_ceil(u128::from(s) * u128::from(s));
        let root = square.isqrt();
        let root = if root * root < square { root + 1 } else { root };
        u64::try_from(root).unwrap_or(u64::MAX)
    }
}

/// True with odds exp(-n/d), for 0 <= n/d <= 1.
fn exp_minus(n: u64, d: u64, entropy: &dyn Entropy) -> bool {
    let mut k = 1;
    // The odds of going on are (n/d)/k.
    while below(d.saturating_mul(k), entropy) < n {
        k += 1;
    }
    k % 2 == 1
}

/// A number below `bound`, each alike.
fn below(bound: u64, entropy: &dyn Entropy) -> u64 {
    // The highest multiple of the bound that fits; what lies beyond is drawn again.
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = u64::from_be_bytes(random_array(entropy));
        if drawn < fair {
            return drawn % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;

    #[test]
    fn draws_have_the_distribution_that_epsilon_names() {
        // ε of 3 a client of share 3: scale 1. Odds of 0 are (1-q)/(1+q) with q = 1/e, each step further 1/e.
        let noise = Noise::new(3_000).unwrap();
        let entropy = SeededEntropy::new(11);
        let count = 40_000u32;
        let draws: Vec<i64> = (0..count).map(|_| noise.draw(&entropy)).collect();
        let q = (-1f64).exp();
        for x in -3..=3i64 {
            let found = u32::try_from(draws.iter().filter(|draw| **draw == x).count()).unwrap();
            let share = f64::from(found) / f64::from(count);
            let expected = (1.0 - q) / (1.0 + q) * q.powi(i32::try_from(x.abs()).unwrap());
            // Five standard deviations.
            let slack = 5.0 * (expected * (1.0 - expected) / f64::from(count)).sqrt();
            assert!((share - expected).abs() < slack, "{x}: {share} is not {expected}");
        }
    }

    #[test]
    fn sums_stay_within_what_is_stated() {
        let noise = Noise::new(500).unwrap();
        let entropy = SeededEntropy::new(12);
        // Scale 6, 28 lenders: the square root of 40 * 28 * 36.
        assert_eq!(noise.within(28), 201);
        assert_eq!(noise.within(0), 0);
        let beyond = (0..1_000)
            .filter(|_| (0..28).map(|_| noise.draw(&entropy)).sum::<i64>().unsigned_abs() > noise.within(28))
            .count();
        assert!(beyond < 50, "{beyond} of 1000");
        let spread: u64 = (0..100).map(|_| noise.draw(&entropy).unsigned_abs()).sum();
        assert!(spread > 200, "it is no noise: {spread}");
    }

    #[test]
    fn no_epsilon_is_no_noise() {
        assert_eq!(Noise::new(0), None);
    }
}
