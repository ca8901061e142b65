//! Deterministic simulation: networks of real nodes on stores in memory, with bad links, bad disks, bad clocks and bad
//! peers. One seed replays everything. What is checked are the promises of the design: `docs/RELIABILITY.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "a run names the seed that breaks a promise")]

mod act;
mod answers;
#[expect(dead_code, reason = "what a network without a plan needs")]
#[path = "../support/circle.rs"]
mod circle;
mod counts;
mod dice;
mod end;
mod inquire;
mod lies;
mod logs;
mod model;
mod net;
mod op;
#[expect(dead_code, reason = "what a network without a plan needs")]
#[path = "../support/person.rs"]
mod person;
mod plan;
mod reproduction;
mod seeds;
mod world;
