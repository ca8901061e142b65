//! Tallystick: sealed, consented exchange of outstanding exposure between microfinance lenders.
//!
//! Modules stand on floors; each uses lower floors only (`docs/ARCHITECTURE.md`, kept by `tests/tidy.rs`).

// Floor 0
pub mod clock;
pub mod limits;
pub mod secret;

// Floor 1
pub mod model;

// Floor 2
pub mod formats;
