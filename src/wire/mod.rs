//! Peer messages, their codec and their versions. No sockets here.

pub mod codec;
pub mod feed_state;
pub mod message;
