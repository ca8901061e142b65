//! Inquiries among real nodes in one process: killed at every step, and lied to.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/circle.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod circle;
mod file;
mod growth;
#[path = "../support/person.rs"]
mod person;
mod quorum;
mod relay;
mod replies;
mod retention;
mod rotten;
mod shifted;
mod steps;
