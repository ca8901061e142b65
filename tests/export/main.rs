//! An exported log, read by a program that is not ours: `tests/tlog`, on the packages of the Go checksum database.
//! What it accepts, and that it accepts nothing else.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helping functions too")]

mod checker;
mod damage;
mod fixture;
mod growth;
mod node;

#[path = "../support/mod.rs"]
mod support;
