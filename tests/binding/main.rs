//! Bindings: real nodes explain what they logged, honest ones and those that lie, and the check says which.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod commands;
mod erased;
mod honest;
mod liar;
mod misdeeds;
mod scene;
mod tampered;
mod world;
