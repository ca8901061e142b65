//! `tally network`: what the operator does.

mod admit;
mod commands;
mod deal;
mod folder;
mod init;
mod list;
mod upkeep;

pub use admit::Admission;
pub use commands::NetworkArgs;
pub use deal::Dealt;
pub use folder::OperatorFolder;
pub use init::{MadeNetwork, NewNetwork, init};
pub use list::{ListedMember, Listing, list};
