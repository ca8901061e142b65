//! Passwords: Argon2id (RFC 9106) with the parameters that OWASP's Password Storage Cheat Sheet gives for small machines.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN};
use crate::secret::{Entropy, SecretVec, random_array};

/// KiB of memory of one hash.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;

/// Why a password is not taken. None of it says what the password was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too short to withstand guessing.
    #[error(
        "at least {PASSWORD_CHARACTERS_MIN} characters are needed; a few words are easier to keep than signs"
    )]
    TooShort,
    /// Longer than what is hashed.
    #[error("at most {PASSWORD_BYTES_MAX} bytes are taken")]
    TooLong,
    /// Not text.
    #[error("it is not text in UTF-8")]
    NotText,
    /// One character over and over, or the user's own name.
    #[error("it is too easy to guess")]
    TooEasy,
    /// The one that another gave her.
    #[error("it is the one that was given to you; choose one that nobody else knows")]
    Given,
}

/// What is kept of a password: parameters, salt and hash.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PasswordHash {
    memory_kib: u32,
    passes: u32,
    salt: [u8; 16],
    hash: [u8; 32],
}

/// Checks a new password of the user `name` (NIST SP 800-63B, 5.1.1.2: length, no composition rules).
pub(super) fn check(name: &str, password: &SecretVec) -> Result<(), PasswordRefused> {
    let text = std::str::from_utf8(password.expose()).map_err(|_| PasswordRefused::NotText)?;
    if text.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordRefused::TooLong);
    }
    if text.chars().count() < PASSWORD_CHARACTERS_MIN {
        return Err(PasswordRefused::TooShort);
    }
    let first = text.chars().next();
    if text.chars().all(|c| Some(c) == first) || text.to_lowercase().contains(&name.to_lowercase()) {
        return Err(PasswordRefused::TooEasy);
    }
    Ok(())
}

impl PasswordHash {
    /// Hashes a password under a fresh salt. Takes some tens of milliseconds and 19 MiB.
    pub(super) fn new(password: &SecretVec, entropy: &dyn Entropy) -> Self {
        let salt = random_array(entropy);
        let hash = hash(password, &salt, MEMORY_KIB, PASSES).expect("our own parameters are valid");
        Self { memory_kib: MEMORY_KIB, passes: PASSES, salt, hash }
    }

    /// Whether it is of this password. Takes as long when it is not.
    pub(super) fn is_of(&self, password: &SecretVec) -> bool {
        // More than any user has: not worth the time that hashing it would take.
        if password.expose().len() > PASSWORD_BYTES_MAX {
            return false;
        }
        let made = hash(password, &self.salt, self.memory_kib, self.passes);
        made.is_some_and(|made| made.ct_eq(&self.hash).into())
    }

    /// Whether it is this very hash: nobody set the same password anew in the meantime.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.salt == other.salt && bool::from(self.hash.ct_eq(&other.hash))
    }
}

/// A hash that is of no password, to take the time that a real one takes.
pub(super) fn of_nobody() -> PasswordHash {
    PasswordHash { memory_kib: MEMORY_KIB, passes: PASSES, salt: [0; 16], hash: [0; 32] }
}

fn hash(password: &SecretVec, salt: &[u8; 16], memory_kib: u32, passes: u32) -> Option<[u8; 32]> {
    let parameters = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let mut hash = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    argon.hash_password_into(password.expose(), salt, &mut hash).ok()?;
    Some(hash)
}
