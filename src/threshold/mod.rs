//! The network's threshold keys over ristretto255: who holds t of n shares can turn identifiers into locators
//! and open sealed rows; who holds fewer can do neither.
//!
//! Read it beside RFC 9497 (VOPRF, mode 0x01, suite ristretto255-SHA512), whose names stand in the comments:
//!
//! | file | holds | source |
//! |---|---|---|
//! | `group` | points and scalars | RFC 9496 |
//! | `hash` | HashToGroup, HashToScalar | RFC 9380 §5.3, RFC 9497 §4.1 |
//! | `context` | keys, holders, context strings | RFC 9497 §3.1 |
//! | `dleq` | batch proofs of equal discrete logarithms | RFC 9497 §2.2 |
//! | `shamir`, `lagrange` | dealing, commitments, interpolation | Shamir 1979, Feldman 1987 |
//! | `voprf` | blind, evaluate, verify, combine, finalize; the locator | RFC 9497 §3.3.2 |
//! | `seal`, `row_proof` | rows sealed to the open key, proof of knowledge of r | hashed ElGamal, Schnorr |
//! | `opening` | threshold opening of blinded row headers | - |
//!
//! Pure: no disk, no clock, no network. Chance is a parameter. Secret scalars are used in constant time only;
//! multi-scalar multiplication in variable time is for what every party to the exchange sees anyway.

mod context;
mod dleq;
mod error;
mod group;
mod hash;
mod lagrange;
mod opening;
mod row_proof;
mod seal;
mod shamir;
mod voprf;

#[cfg(test)]
mod tests;

pub use context::{HolderIndex, KeyContext, KeyName};
pub use dleq::DleqProof;
pub use error::ThresholdError;
pub use group::{Point, encode_batch, points_digest};
pub use opening::{
    OpeningPoint, blind_header, open_row, padding_point, partial_open, prove_opening, verify_opening,
};
pub use row_proof::{BadRows, RowHeader, RowProof, check_headers, check_proof, check_proofs};
pub use seal::{RowContext, RowError, SealedRow, associated_data, ciphertext_hash, seal};
pub use shamir::{Deal, KeyShare, SecretKey, ShareCommitment, check_commitments, deal, refuse_weak};
pub use voprf::{
    Blind, Blinded, Evaluation, Locator, blind, blind_batch, blind_with, combine, combine_and_finalize,
    evaluate, finalize, locator, verify_evaluation,
};
