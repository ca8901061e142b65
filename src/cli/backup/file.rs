//! A file that is there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::os::fd::AsFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, OFlags, linkat};

/// A file without a name: whatever ends this process, nothing is left of it. It gets its name when it is whole.
pub(super) struct NewFile {
    out: BufWriter<File>,
    to: PathBuf,
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

impl NewFile {
    /// Begins a file that will be at `to`, readable by its owner alone. Refused where something is there already.
    pub(super) fn begin(to: &Path) -> std::io::Result<Self> {
        if std::fs::symlink_metadata(to).is_ok() {
            return Err(std::io::ErrorKind::AlreadyExists.into());
        }
        let flags = i32::try_from(OFlags::TMPFILE.bits()).map_err(std::io::Error::other)?;
        let file = OpenOptions::new().write(true).mode(0o600).custom_flags(flags).open(folder_of(to))?;
        Ok(Self { out: BufWriter::with_capacity(1024 * 1024, file), to: to.to_owned() })
    }

    /// Makes sure of the bytes, gives the file its name, and makes sure of that. Gives its length.
    pub(super) fn finish(self) -> std::io::Result<u64> {
        let file = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        let unnamed = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file.as_fd()));
        linkat(CWD, unnamed.as_str(), CWD, &self.to, AtFlags::SYMLINK_FOLLOW)?;
        File::open(folder_of(&self.to))?.sync_all()?;
        Ok(bytes)
    }
}

impl std::io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// What the names of scratch folders begin with.
const SCRATCH_PREFIX: &str = ".tally-scratch-";

/// A folder of a random name that goes away, with everything in it, unless it is kept.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A name within `parent`; whoever writes there makes the folder.
    pub(super) fn within(parent: &Path, entropy: &dyn crate::secret::Entropy) -> Self {
        let name = hex::encode(crate::secret::random_array::<8>(entropy));
        Self(parent.join(format!("{SCRATCH_PREFIX}{name}")))
    }

    /// Takes away what a process left in `parent` that was killed.
    pub(super) fn take_away_left(parent: &Path) -> std::io::Result<()> {
        for entry in std::fs::read_dir(parent)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(SCRATCH_PREFIX) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_whole_and_leaves_nothing_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("b");
        let count = || std::fs::read_dir(folder.path()).unwrap().count();
        let mut file = NewFile::begin(&to).unwrap();
        file.write_all(&[1; 100]).unwrap();
        assert_eq!(count(), 0);
        drop(file);
        assert_eq!(count(), 0);
        let mut file = NewFile::begin(&to).unwrap();
        file.write_all(&[1; 100]).unwrap();
        assert_eq!(file.finish().unwrap(), 100);
        assert_eq!((std::fs::read(&to).unwrap(), count()), (vec![1; 100], 1));
        assert!(NewFile::begin(&to).is_err(), "nothing is written over");
    }
}
