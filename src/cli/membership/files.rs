//! Small files: read with a bound, replaced whole.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::error::MembershipError;
use crate::keyring;

/// The bytes of a file of bounded length.
pub(in crate::cli) fn read_bounded(path: &Path, bytes_max: usize) -> Result<Vec<u8>, MembershipError> {
    let io = |source| MembershipError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > bytes_max {
        return Err(MembershipError::TooLong { path: path.to_owned(), bytes_max });
    }
    Ok(bytes)
}

/// The text of a file of bounded length.
pub(in crate::cli) fn read_text(path: &Path, bytes_max: usize) -> Result<String, MembershipError> {
    String::from_utf8(read_bounded(path, bytes_max)?).map_err(|_| MembershipError::Form {
        path: path.to_owned(),
        what: "text",
        problem: "it is not UTF-8".into(),
    })
}

/// Puts a file of these bytes in place of what is there, whole, and its owner's alone: none of these files is anybody
/// else's business.
pub(in crate::cli) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), MembershipError> {
    keyring::write_atomically(path, bytes)
        .map_err(|source| MembershipError::Io { path: path.to_owned(), source })
}

/// Removes a file, if there is one.
pub(in crate::cli) fn remove_if_there(path: &Path) -> Result<(), MembershipError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(MembershipError::Io { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Makes a folder and those above it, its owner's alone. One that is there stays as it is.
pub(in crate::cli) fn make_folder(path: &Path) -> Result<(), MembershipError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| MembershipError::Io { path: path.to_owned(), source })
}
