//! What peers say to each other, as bytes. No sockets here.

pub mod codec;
