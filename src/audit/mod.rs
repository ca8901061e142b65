//! The audit: exports of one or many nodes in, findings out. Pure: it reads no disk, no clock and no network; whoever
//! calls it brings the files and the time.
//!
//! What each side may do to us: whoever made or carried a folder may have written anything into it. Nothing is believed
//! for standing there: what carries no signature must follow from what does, and what was damaged is told apart from
//! what an institution signed. Every read is bounded, and a claimed size is not believed before so much has been read.

pub mod binding;
pub mod export;
pub mod finding;
pub mod folder;
pub mod keys;
pub mod pack;
pub mod patterns;
pub mod report;
pub mod sample;
pub mod verify;

pub use finding::{Finding, Rule};
pub use folder::{Folder, FolderError};
pub use pack::Pack;
pub use report::{Report, Verdict};
pub use verify::{Export, Options, verify, verify_for_pack};
