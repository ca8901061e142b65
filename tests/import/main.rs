//! Loading a lender's book: into a node on a store in memory, with faults on demand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod closing;
mod crash;
mod files;
mod guard;
mod killed;
mod loading;
mod undo;

#[path = "../support/mod.rs"]
mod support;
