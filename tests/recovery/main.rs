//! Older copies of a node's store, put back among members that have gone on: no second history, nothing spent twice, no
//! number of a feed made anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/circle.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod circle;
mod copies;
mod crashes;
mod doubts;
mod erased;
mod liars;
#[path = "../support/person.rs"]
mod person;
mod proposals;
mod scene;
