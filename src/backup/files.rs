//! A plain archive of files, as any tar reads: for what is taken along and is no snapshot.

use std::io::{self, Write};

use tar::{Builder, EntryType, Header};

/// An archive that is being written, file by file. What is not finished is not whole, and a reader sees that.
pub struct FilesArchive<W: Write> {
    builder: Builder<W>,
    /// Seconds since 1970-01-01T00:00:00Z that stand at every file.
    time: u64,
}

impl<W: Write> std::fmt::Debug for FilesArchive<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FilesArchive(..)")
    }
}

impl<W: Write> FilesArchive<W> {
    /// An empty one.
    pub fn new(out: W, time: u64) -> Self {
        Self { builder: Builder::new(out), time }
    }

    /// Appends a file. `path` is relative, its parts parted by `/`.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(self.time);
        header.set_entry_type(EntryType::Regular);
        self.builder.append_data(&mut header, path, bytes)
    }

    /// Writes its end.
    pub fn finish(self) -> io::Result<()> {
        self.builder.into_inner()?.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        let mut bytes = Vec::new();
        let mut archive = FilesArchive::new(&mut bytes, 7);
        archive.put("log/checkpoint", b"a\n").unwrap();
        archive.put("log/tile/0/000", &[9; 1000]).unwrap();
        archive.finish().unwrap();
        let mut read = tar::Archive::new(bytes.as_slice());
        let files: Vec<(String, usize)> = read
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut text = Vec::new();
                entry.read_to_end(&mut text).unwrap();
                (String::from_utf8_lossy(&entry.path_bytes()).into_owned(), text.len())
            })
            .collect();
        assert_eq!(files, [("log/checkpoint".to_owned(), 2), ("log/tile/0/000".to_owned(), 1000)]);
    }
}
