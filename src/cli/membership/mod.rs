//! What the operator's and a member's commands have in common: the request that a member sends, the bundle that
//! comes back, the fingerprints that are compared by voice, and the folder of a node.

mod bundle;
mod error;
mod files;
mod fingerprint;
mod folder;
mod request;

pub use bundle::{Bundle, BundleDocument, EncryptedShare};
pub use error::MembershipError;
pub(super) use files::{make_folder, read_bounded, read_text, remove_if_there, write_atomically};
pub use fingerprint::{Fingerprint, FingerprintError, operator_fingerprint};
pub use folder::{Lock, NodeFolder};
pub(super) use request::check_name;
pub use request::{MemberRequest, RequestDocument};
