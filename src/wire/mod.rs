//! Peer messages, their codec and their versions. No sockets here.

// Input is hostile here: what could panic on it, or lose part of a number, is an error outside tests.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions))]

pub mod codec;
pub mod feed_file;
pub mod message;

#[cfg(test)]
mod tests;
