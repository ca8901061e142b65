//! A folder that others read while it is written: every file is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};

use super::super::{Exit, Failure};

/// Where a file is written before it gets its name.
const UNFINISHED: &str = ".unfinished";
/// Longest last line that is looked at: a row's header is some 700 bytes.
const LINE_BYTES_MAX: u64 = 4_096;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It was so already.
    Same,
    /// It is new or was replaced.
    Changed,
}

/// The folder, which nobody else writes into meanwhile.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

impl Folder {
    /// Opens the folder, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let usable = |error: io::Error| {
            Failure::new(Exit::Usage, format!("{}: cannot be used: {error}", path.display()))
        };
        fs::create_dir_all(path).map_err(usable)?;
        let lock = File::open(path).map_err(usable)?;
        rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            Failure::new(Exit::Refused, format!("{}: another export writes into it", path.display()))
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A file of the folder. Nothing outside of it can be named.
    fn place(&self, file: &str) -> Result<PathBuf, Failure> {
        let path = Path::new(file);
        if path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Ok(self.path.join(path));
        }
        Err(Failure::new(Exit::Fault, "the node names a file outside of the folder"))
    }

    pub(super) fn is_empty(&self) -> io::Result<bool> {
        let mut others = fs::read_dir(&self.path)?.filter(|entry| {
            entry.as_ref().map_or(true, |entry| entry.file_name().as_encoded_bytes() != UNFINISHED.as_bytes())
        });
        Ok(others.next().is_none())
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.place(file).is_ok_and(|path| path.is_file())
    }

    /// The bytes of a file; none where it is not there.
    pub(super) fn read(&self, file: &str) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(self.place(file)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(broken(file, &error)),
        }
    }

    /// The last line of a file, without its newline; none where the file is not there, or is empty.
    pub(super) fn last_line(&self, file: &str) -> Result<Option<Vec<u8>>, Failure> {
        let mut open = match File::open(self.place(file)?) {
            Ok(open) => open,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(broken(file, &error)),
        };
        let length = open.metadata()?.len();
        open.seek(SeekFrom::Start(length.saturating_sub(LINE_BYTES_MAX)))?;
        let mut end = Vec::new();
        open.read_to_end(&mut end)?;
        let lines = end.strip_suffix(b"\n").unwrap_or(&end);
        let last = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok((!last.is_empty()).then(|| last.to_vec()))
    }

    /// Makes a file hold `bytes`.
    pub(super) fn put(&self, file: &str, bytes: &[u8]) -> Result<Put, Failure> {
        if self.read(file)?.is_some_and(|old| old == bytes) {
            return Ok(Put::Same);
        }
        self.write(file, |out| Ok(out.write_all(bytes)?))
    }

    /// Makes a file hold what `fill` writes.
    pub(super) fn write(
        &self,
        file: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
    ) -> Result<Put, Failure> {
        let (place, unfinished) = (self.place(file)?, self.path.join(UNFINISHED));
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|error| broken(file, &error))?;
        }
        let mut out = BufWriter::new(File::create(&unfinished).map_err(|error| broken(file, &error))?);
        fill(&mut out)?;
        let whole = out.into_inner().map_err(|error| broken(file, error.error()))?;
        // On the disk before it has its name: a checkpoint must not survive a power cut without its tiles.
        whole
            .sync_all()
            .and_then(|()| fs::rename(&unfinished, &place))
            .map_err(|error| broken(file, &error))?;
        Ok(Put::Changed)
    }

    /// Removes a folder in it with all files. True where there was one.
    pub(super) fn remove_folder(&self, folder: &str) -> Result<bool, Failure> {
        match fs::remove_dir_all(self.place(folder)?) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(broken(folder, &error)),
        }
    }
}

fn broken(file: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::Fault, format!("{file}: {error}"))
}
