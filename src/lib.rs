//! Tallystick: sealed, consented exchange of outstanding exposure between microfinance lenders.
//!
//! Modules stand on floors; each uses lower floors only (`docs/ARCHITECTURE.md`, kept by `tests/tidy.rs`).

// Floor 0
pub mod clock;
pub mod digest;
pub mod limits;
pub mod secret;

// Floor 1
pub mod model;
pub mod signing;

// Floor 2
pub mod feed_state;
pub mod formats;
pub mod market;
pub mod merkle;
pub mod policy;
pub mod roster;
pub mod threshold;

// Floor 3
pub mod audit;
pub mod receipt;
pub mod wire;

// Floor 4
#[cfg(feature = "node")]
pub mod ca;
#[cfg(feature = "node")]
pub mod keyring;
#[cfg(feature = "node")]
pub mod store;
pub mod transport;

// Floor 5
#[cfg(feature = "node")]
pub mod book;
#[cfg(feature = "node")]
pub mod feed;
#[cfg(feature = "node")]
pub mod log;
#[cfg(feature = "node")]
pub mod people;

// Floor 6
#[cfg(feature = "node")]
pub mod backup;
#[cfg(feature = "node")]
pub mod node;

// Floor 7
pub mod config;
#[cfg(feature = "node")]
pub mod http;
#[cfg(feature = "node")]
pub mod words;

// Floor 8
#[cfg(feature = "node")]
pub mod api;
#[cfg(feature = "node")]
pub mod bureau;
#[cfg(feature = "node")]
pub mod console;

// Floor 9
#[cfg(feature = "node")]
pub mod daemon;

// Floor 10
#[cfg(feature = "node")]
pub mod cli;
