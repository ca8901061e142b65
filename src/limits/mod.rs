//! Every bound of the program, with its unit in its name and its reason beside it.
//!
//! A bound that a network may tighten stands in its policy; what stands here is what no policy can loosen.

mod book;
mod feed;
mod inquiry;
mod interface;
mod log;
mod network;
mod people;
mod store;
mod wire;

pub use book::*;
pub use feed::*;
pub use inquiry::*;
pub use interface::*;
pub use log::*;
pub use network::*;
pub use people::*;
pub use store::*;
pub use wire::*;
