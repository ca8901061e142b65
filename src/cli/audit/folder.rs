//! An exported folder on disk, as the audit reads it.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use crate::audit::Folder;

/// Names listed of one folder. An export has as many as the network has members, rosters and pieces of evidence.
const NAMES_MAX: usize = 1_000_000;

/// A folder, and nothing outside it.
#[derive(Debug)]
pub(super) struct DiskFolder {
    root: PathBuf,
}

impl DiskFolder {
    /// A folder that is there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        if root.is_dir() { Ok(Self { root }) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    /// Where a path of the export lies; none when nothing is there. A link that leads out of the folder is refused:
    /// whoever made the folder must not make us read other files.
    fn inside(&self, path: &str) -> io::Result<Option<PathBuf>> {
        let relative = Path::new(path);
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(ErrorKind::InvalidInput.into());
        }
        match self.root.join(relative).canonicalize() {
            Ok(found) if found.starts_with(&self.root) => Ok(Some(found)),
            Ok(_) => Err(io::Error::new(ErrorKind::PermissionDenied, "it is a link out of the folder")),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Folder for DiskFolder {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let Some(found) = self.inside(path)? else { return Ok(None) };
        // A pipe would keep us waiting for ever.
        if !found.metadata()?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is no plain file"));
        }
        Ok(Some(Box::new(File::open(found)?)))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let Some(found) = self.inside(path)? else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        for entry in found.read_dir()? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if names.len() == NAMES_MAX {
                return Err(io::Error::new(ErrorKind::InvalidData, "it holds too many files"));
            }
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        let top = tempfile::tempdir().unwrap();
        let root = top.path().join("export");
        std::fs::create_dir_all(root.join("seen")).unwrap();
        std::fs::write(root.join("seen/lender-a"), "a").unwrap();
        std::fs::write(root.join("seen/.hidden"), "a").unwrap();
        std::fs::write(top.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("checkpoint")).unwrap();
        let folder = DiskFolder::open(&root).unwrap();
        let mut text = String::new();
        folder.open("seen/lender-a").unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a");
        assert_eq!(folder.list("seen").unwrap(), ["lender-a"]);
        assert!(folder.open("seen/lender-b").unwrap().is_none());
        assert!(folder.list("rosters").unwrap().is_empty());
        for bad in ["../secret", "seen/../../secret", "/etc/hostname", "checkpoint", "seen"] {
            assert!(folder.open(bad).is_err(), "{bad}");
        }
        assert!(DiskFolder::open(&top.path().join("secret")).is_err());
        assert!(DiskFolder::open(&top.path().join("absent")).is_err());
    }
}
