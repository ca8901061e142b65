//! Nodes with real certificates over real sockets: who gets in, who does not, and what each side is told.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_peers;
mod handshake;
mod lifetime;
mod other;
mod refusal;
mod support;
mod tunnel;
