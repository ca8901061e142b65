//! The archive: writing and reading it.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use tar::{Archive, Builder, EntryType, Header};

use super::{BackupError, FileSum, Manifest, SNAPSHOT_VERSION};
use crate::digest::{Digest, Sha256};
use crate::limits::{BACKUP_FILES_MAX, BACKUP_MANIFEST_BYTES_MAX};

const MANIFEST: &str = "manifest.json";
const SUMS: &str = "sums.json";
/// Where the files of the store lie in the archive.
const STORE: &str = "store/db/";

/// Writes the snapshot of a store, whose files lie in `folder` (a folder `db` in it), into `out`.
pub fn pack(manifest: &Manifest, folder: &Path, out: impl Write) -> Result<(), BackupError> {
    let mut archive = Builder::new(out);
    let text = serde_json::to_vec_pretty(manifest).expect("a manifest has only string keys");
    put(&mut archive, MANIFEST, text.len() as u64, &mut text.as_slice())?;
    let database = folder.join("db");
    let read = || BackupError::io(format!("reading {}", database.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(&database).map_err(read())? {
        let entry = entry.map_err(read())?;
        let name =
            entry.file_name().into_string().map_err(|_| BackupError::NotWhole("a file name".into()))?;
        names.push(name);
    }
    names.sort();
    let mut sums = Vec::with_capacity(names.len());
    for name in names {
        let mut file = File::open(database.join(&name)).map_err(read())?;
        let bytes = file.metadata().map_err(read())?.len();
        let path = format!("{STORE}{name}");
        let sha256 = put(&mut archive, &path, bytes, &mut file)?;
        sums.push(FileSum { path, bytes, sha256 });
    }
    let text = serde_json::to_vec(&sums).expect("sums have only string keys");
    put(&mut archive, SUMS, text.len() as u64, &mut text.as_slice())?;
    let mut out = archive.into_inner().map_err(BackupError::io("writing the archive"))?;
    out.flush().map_err(BackupError::io("writing the archive"))
}

/// Appends one file, and gives its sum.
fn put(
    archive: &mut Builder<impl Write>,
    path: &str,
    bytes: u64,
    data: &mut dyn Read,
) -> Result<Digest, BackupError> {
    let mut header = Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_entry_type(EntryType::Regular);
    let mut summed = Summed::new(data);
    archive
        .append_data(&mut header, path, &mut (&mut summed).take(bytes))
        .map_err(BackupError::io("writing the archive"))?;
    if summed.bytes != bytes {
        return Err(BackupError::NotWhole(format!("{path} became shorter while it was read")));
    }
    Ok(summed.finish())
}

/// A snapshot that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Files of the store.
    pub files: usize,
    /// Their bytes, all together.
    pub bytes: u64,
}

/// Reads a snapshot and puts the files of the store below `folder`, which is made: `folder/db`. What is there when it
/// fails is for the caller to take away. Everything is on the disk when it returns.
pub fn unpack(input: impl Read, folder: &Path) -> Result<Unpacked, BackupError> {
    let database = folder.join("db");
    let make = fs::DirBuilder::new().recursive(true).mode(0o700).create(&database);
    make.map_err(BackupError::io(format!("making {}", database.display())))?;
    let mut archive = Archive::new(input);
    let damaged = |error: std::io::Error| BackupError::NotWhole(error.to_string());
    let mut manifest = None;
    let mut sums = None;
    let mut found: Vec<FileSum> = Vec::new();
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = String::from_utf8(entry.path_bytes().into_owned())
            .map_err(|_| BackupError::NotWhole("a name that is no text".into()))?;
        if sums.is_some() {
            return Err(BackupError::NotWhole(format!("{path} comes behind its end")));
        }
        match path.as_str() {
            MANIFEST if manifest.is_none() => manifest = Some(read_manifest(&mut entry)?),
            SUMS => {
                let text = read_text(&mut entry, BACKUP_MANIFEST_BYTES_MAX * 16)?;
                let read: Vec<FileSum> = serde_json::from_slice(&text)
                    .map_err(|error| BackupError::NotWhole(format!("{SUMS}: line {}", error.line())))?;
                sums = Some(read);
            }
            _ => {
                let name = path.strip_prefix(STORE).filter(|name| is_plain(name));
                let Some(name) = name.filter(|_| manifest.is_some() && entry.header().entry_type().is_file())
                else {
                    return Err(BackupError::NotWhole("it has a file that no snapshot has".into()));
                };
                if found.len() == BACKUP_FILES_MAX {
                    return Err(BackupError::NotWhole("it has more files than a store".into()));
                }
                found.push(write_file(&database.join(name), &path, &mut entry)?);
            }
        }
    }
    // Bytes behind the archive are read, so that whoever decrypts it sees its end.
    let Some(manifest) = manifest else {
        return Err(BackupError::NotWhole(format!("{MANIFEST} is missing")));
    };
    match sums {
        Some(sums) if sums == found => {}
        Some(_) => return Err(BackupError::NotWhole("its files are not those of its sums".into())),
        None => return Err(BackupError::NotWhole("its end is missing".into())),
    }
    let mut rest = archive.into_inner();
    std::io::copy(&mut rest, &mut std::io::sink()).map_err(damaged)?;
    sync(&database)?;
    sync(folder)?;
    let bytes = found.iter().map(|file| file.bytes).sum();
    Ok(Unpacked { manifest, files: found.len(), bytes })
}

fn is_plain(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(allowed)
}

fn read_text(entry: &mut impl Read, bytes_max: usize) -> Result<Vec<u8>, BackupError> {
    let mut text = Vec::new();
    let read = entry.take(bytes_max as u64 + 1).read_to_end(&mut text);
    read.map_err(|error| BackupError::NotWhole(error.to_string()))?;
    if text.len() > bytes_max {
        return Err(BackupError::NotWhole("a list in it is longer than there are".into()));
    }
    Ok(text)
}

fn read_manifest(entry: &mut impl Read) -> Result<Manifest, BackupError> {
    #[derive(serde::Deserialize)]
    struct Version {
        v: u16,
    }
    let text = read_text(entry, BACKUP_MANIFEST_BYTES_MAX)?;
    let wrong = |error: serde_json::Error| {
        BackupError::NotWhole(format!("{MANIFEST}: line {} column {}", error.line(), error.column()))
    };
    let Version { v } = serde_json::from_slice(&text).map_err(wrong)?;
    if v != SNAPSHOT_VERSION {
        return Err(BackupError::Version { found: v });
    }
    serde_json::from_slice(&text).map_err(wrong)
}

fn write_file(to: &Path, path: &str, data: &mut impl Read) -> Result<FileSum, BackupError> {
    let write = || BackupError::io(format!("writing {}", to.display()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(write())?;
    let mut summed = Summed::new(data);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        // What cannot be read is the archive's fault, what cannot be written the disk's.
        let count = summed.read(&mut buffer).map_err(|error| BackupError::NotWhole(error.to_string()))?;
        if count == 0 {
            break;
        }
        file.write_all(buffer.get(..count).unwrap_or_default()).map_err(write())?;
    }
    file.sync_all().map_err(write())?;
    let bytes = summed.bytes;
    Ok(FileSum { path: path.to_owned(), bytes, sha256: summed.finish() })
}

/// Makes sure that the names in a folder are on the disk.
pub(super) fn sync(folder: &Path) -> Result<(), BackupError> {
    let opened = File::open(folder).and_then(|folder| folder.sync_all());
    opened.map_err(BackupError::io(format!("syncing {}", PathBuf::from(folder).display())))
}

/// Counts and sums what is read through it.
struct Summed<R> {
    data: R,
    sum: Sha256,
    bytes: u64,
}

impl<R: Read> Summed<R> {
    fn new(data: R) -> Self {
        Self { data, sum: Sha256::default(), bytes: 0 }
    }

    fn finish(self) -> Digest {
        self.sum.finish()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.data.read(buffer)?;
        self.sum.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }
}
