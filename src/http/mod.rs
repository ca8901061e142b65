//! Accepting callers over HTTP: connections, their bounds and their end. What is said on them stands on higher floors.
//!
//! What the boundary may do to us: anybody who reaches a listener connects as often as it likes, sends a head as slowly
//! as it likes, and never hangs up. Connections, heads and times are bounded here.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

mod pieces;
mod rest;
mod serve;
mod split;
mod written;

pub use axum::Router;
pub use pieces::{PieceReader, PieceSender, next_piece, pieces};
pub use serve::{Listener, Remote, ServeLimits, serve, serve_log, serve_web};
pub use split::by_path;
pub use written::written;
