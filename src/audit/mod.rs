//! The audit: exports of one or many nodes in, findings out. Pure: it reads no disk, no clock and no network; whoever
//! calls it brings the files and the time.

pub mod binding;
pub mod export;
pub mod folder;
pub mod keys;
pub mod sample;

pub use folder::{Folder, FolderError};
