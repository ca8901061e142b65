//! Real daemons on real sockets over real TLS, in one process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exchange;
mod figures;
mod hostile;
mod network;
#[path = "../support/person.rs"]
mod person;
#[path = "../support/ports.rs"]
mod ports;
mod relayed;
mod rights;
mod rosters;
mod unmannered;
