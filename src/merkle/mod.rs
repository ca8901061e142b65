//! The Merkle log, its signed notes, and the digest of a set of rows.
//!
//! Pure: it reads no disk, no clock and no network. Bytes follow the C2SP documents `tlog-tiles`,
//! `signed-note` 1.0.0, `tlog-checkpoint` 1.0.0 and `tlog-cosignature` 1.0.1; the tree is that of RFC 6962.
//!
//! What each boundary may do to us: a peer may send any bytes as note, proof, tile path or bundle, and gets an
//! error, never a panic or an unbounded allocation; a tile source may be corrupt, and the tile is named.

pub mod checkpoint;
pub mod cosignature;
pub mod hash;
pub mod layout;
pub mod note;
pub mod set_digest;
pub mod tile;
pub mod tree;

#[cfg(test)]
mod worked_example;

pub use checkpoint::{Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint};
pub use cosignature::{CosignerKey, CosignerVerifierKey, Witnessed, quorum_size};
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use layout::tiles_of;
pub use note::{KeyName, Note, NoteError, NoteSignature, SignerKey, VerifierKey};
pub use set_digest::SetDigest;
pub use tile::{TileId, TilePath, Width};
pub use tree::{Appended, Appender, Frontier, TileSource, verify_consistency, verify_inclusion};
