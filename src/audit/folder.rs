//! A folder as the audit reads it, whoever brings it.

use std::collections::BTreeMap;
use std::io::{self, Read};

/// The files of an export. Paths are those of [`super::export`], relative, with `/`.
pub trait Folder {
    /// Opens a file; none when there is none. What is not a plain file is an error.
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>>;

    /// The names in a folder, without those that begin with a dot, in any order; none when there is no such folder.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
}

/// Why a file could not be read. It is the disk's fault, or that of whoever made the folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The disk refused.
    #[error("{path} cannot be read")]
    Io {
        /// Which file.
        path: String,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// Longer than such a file can be.
    #[error("{path} is longer than the {bytes_max} bytes that it may have")]
    TooLong {
        /// Which file.
        path: String,
        /// The bound.
        bytes_max: usize,
    },
    /// Not there.
    #[error("{path} is missing")]
    Missing {
        /// Which file.
        path: String,
    },
    /// Not of its form.
    #[error("{path} is not of its form: {what}")]
    Malformed {
        /// Which file.
        path: String,
        /// What is wrong, without content.
        what: String,
    },
}

impl FolderError {
    /// A file that is not of its form.
    pub fn malformed(path: &str, what: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), what: what.into() }
    }
}

/// A whole file of at most `bytes_max` bytes; none when there is none.
pub fn read(folder: &dyn Folder, path: &str, bytes_max: usize) -> Result<Option<Vec<u8>>, FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    let Some(file) = folder.open(path).map_err(io)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > bytes_max {
        return Err(FolderError::TooLong { path: path.to_owned(), bytes_max });
    }
    Ok(Some(bytes))
}

/// As [`read`], of a file that must be there.
pub fn require(folder: &dyn Folder, path: &str, bytes_max: usize) -> Result<Vec<u8>, FolderError> {
    read(folder, path, bytes_max)?.ok_or_else(|| FolderError::Missing { path: path.to_owned() })
}

/// As [`read`], of a JSON file.
pub fn read_json<T: serde::de::DeserializeOwned>(
    folder: &dyn Folder,
    path: &str,
    bytes_max: usize,
) -> Result<Option<T>, FolderError> {
    let Some(bytes) = read(folder, path, bytes_max)? else { return Ok(None) };
    let place = |e: serde_json::Error| FolderError::malformed(path, place_of(&e));
    serde_json::from_slice(&bytes).map(Some).map_err(place)
}

/// Where JSON breaks off, without what stands there.
pub(super) fn place_of(error: &serde_json::Error) -> String {
    format!("line {} column {}", error.line(), error.column())
}

/// The names in a folder, in order.
pub fn list(folder: &dyn Folder, path: &str) -> Result<Vec<String>, FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    let mut names = folder.list(path).map_err(io)?;
    names.sort();
    Ok(names)
}

/// An export in memory, by path.
impl Folder for BTreeMap<String, Vec<u8>> {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(self.get(path).map(|bytes| Box::new(bytes.as_slice()) as Box<dyn Read>))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let inside = self.keys().filter_map(|key| key.strip_prefix(path)?.strip_prefix('/'));
        Ok(inside.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_bounded() {
        let folder = BTreeMap::from([("a/b".to_owned(), vec![7; 10]), ("a/c/d".to_owned(), vec![])]);
        assert_eq!(read(&folder, "a/b", 10).unwrap(), Some(vec![7; 10]));
        assert!(matches!(read(&folder, "a/b", 9), Err(FolderError::TooLong { .. })));
        assert_eq!(read(&folder, "a/x", 9).unwrap(), None);
        assert!(matches!(require(&folder, "a/x", 9), Err(FolderError::Missing { .. })));
        assert_eq!(list(&folder, "a").unwrap(), ["b"]);
        assert!(matches!(read_json::<u8>(&folder, "a/b", 99), Err(FolderError::Malformed { .. })));
    }
}
