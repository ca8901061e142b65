//! Small files that are replaced whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Puts a file of these bytes in place of what is there: after a crash at any moment `path` is the old file or the new
/// one, whole. Its owner's alone (mode 0600).
///
/// Errors: those of the system; `path` is then what it was, unless only the folder could not be synced.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut new_name = OsString::from(".");
    new_name.push(name);
    new_name.push(".new");
    let new_path = folder.join(new_name);
    // What an earlier crash left there.
    if let Err(error) = fs::remove_file(&new_path)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new_path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new_path, path)?;
        // The new name is on the disk when its folder is.
        File::open(folder)?.sync_all()
    })();
    written.inspect_err(|_| {
        let _ = fs::remove_file(&new_path);
    })
}
