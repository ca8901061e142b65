//! Inquiries among real nodes in one process: killed at every step, and lied to.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/circle.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod circle;
#[path = "../support/person.rs"]
mod person;
mod quorum;
mod shifted;
mod steps;
