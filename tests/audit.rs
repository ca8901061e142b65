//! `audit::verify` on a network whose logs are written by hand with real keys: an honest one gives nothing, each misdeed
//! is found and named and nothing else is, and no flipped bit passes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "audit/command.rs"]
mod command;
#[path = "audit/disputes.rs"]
mod disputes;
#[path = "audit/feeds.rs"]
mod feeds;
#[path = "audit/flips.rs"]
mod flips;
#[path = "audit/history.rs"]
mod history;
#[path = "audit/honest.rs"]
mod honest;
#[path = "audit/misdeeds.rs"]
mod misdeeds;
#[path = "audit/pack.rs"]
mod pack;
#[path = "audit/recoveries.rs"]
mod recoveries;
#[path = "audit/world.rs"]
mod world;
