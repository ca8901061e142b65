//! Secrets that cannot be printed, compared in variable time, or left behind in memory; and chance as a
//! parameter.

use std::fmt;

use ring::rand::SecureRandom as _;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A fixed number of secret bytes.
///
/// Neither `Clone` nor `Serialize`: every copy is made in plain sight, through [`SecretBytes::expose`].
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SecretBytes<const N: usize>([u8; N]);

impl<const N: usize> SecretBytes<N> {
    /// Takes the bytes over.
    pub fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Fresh random bytes.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; N];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes<{N}>(..)")
    }
}

impl<const N: usize> PartialEq for SecretBytes<N> {
    /// Constant time.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const N: usize> Eq for SecretBytes<N> {}

/// Secret text or bytes of any length: passphrases, identifiers as typed, plaintexts.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub struct SecretVec(Vec<u8>);

impl SecretVec {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretVec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretVec(..)")
    }
}

/// A source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `out` with unpredictable bytes.
    fn fill(&self, out: &mut [u8]);
}

/// Fresh random bytes as an array.
pub fn random_array<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut out = [0u8; N];
    entropy.fill(&mut out);
    out
}

/// The operating system's generator.
#[derive(Debug)]
pub struct SystemEntropy(ring::rand::SystemRandom);

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemEntropy {
    /// The operating system's generator.
    pub fn new() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        // A machine without randomness must not go on making keys.
        self.0.fill(out).expect("the operating system gives random bytes");
    }
}

/// A replayable stream for tests, simulation and made-up sample data; never for keys of a real network.
///
/// Block `i` is SHA-512 of a tag, the seed and `i`.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    state: std::sync::Mutex<(u64, Vec<u8>)>,
}

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: std::sync::Mutex::new((0, Vec::new())) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        use sha2::Digest as _;
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for byte in out {
            if state.1.is_empty() {
                let block = sha2::Sha512::new()
                    .chain_update(b"tallystick/seeded-entropy/v1")
                    .chain_update(self.seed.to_be_bytes())
                    .chain_update(state.0.to_be_bytes())
                    .finalize();
                state.0 += 1;
                state.1 = block.to_vec();
            }
            *byte = state.1.pop().unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        let secret = SecretBytes::new([0x41; 4]);
        assert_eq!(format!("{secret:?}"), "SecretBytes<4>(..)");
        assert_eq!(format!("{:?}", SecretVec::new(b"AAAA".to_vec())), "SecretVec(..)");
    }

    #[test]
    fn a_seed_replays() {
        let (mut a, mut b) = ([0u8; 100], [0u8; 100]);
        SeededEntropy::new(7).fill(&mut a);
        SeededEntropy::new(7).fill(&mut b);
        assert_eq!(a, b);
        SeededEntropy::new(8).fill(&mut b);
        assert_ne!(a, b);
    }
}
