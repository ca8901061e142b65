//! Writing a log and what belongs to it into a folder: the static layout of C2SP tlog-tiles, and beside it what
//! `audit::export` names.
//!
//! A folder is written again and again; only what is new is written, and what a reader relies on stands before what
//! points at it: tiles before the checkpoint, which comes last and at once. What is interrupted is simply run again.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::super::client::{Client, ClientError, wait};
use super::super::{Exit, Failure};
use super::folder::{Folder, Put};
use crate::api::log_export::RowsPage;
use crate::audit::export::{
    CHECKPOINT, MANIFEST, Manifest, QUORUM, RowLine, feed_rows_path, feed_state_path,
};
use crate::limits::FEED_EXPORT_ATTEMPTS_MAX;
use crate::merkle::tree::{TileSource, TreeError};
use crate::merkle::{Checkpoint, Hash, Note, TileId, TilePath, tiles_of, tree};
use crate::model::member::MemberId;
use crate::node::{ExportHead, FeedHeld, Node};

/// Where an export comes from: a running node, or a store that is opened here.
pub trait Source {
    /// What there is.
    fn head(&self) -> Result<ExportHead, Failure>;
    /// A tile or an entry bundle that the head's checkpoint covers.
    fn tile(&self, path: TilePath) -> Result<Vec<u8>, Failure>;
    /// One of the head's files.
    fn file(&self, path: &str) -> Result<Vec<u8>, Failure>;
    /// The headers of a page of a feed's rows after a sequence number; none at the end.
    fn rows(&self, lender: &MemberId, after: u64) -> Result<Vec<RowLine>, Failure>;
}

impl Source for Arc<Node> {
    fn head(&self) -> Result<ExportHead, Failure> {
        Ok(self.export_head()?)
    }

    fn tile(&self, path: TilePath) -> Result<Vec<u8>, Failure> {
        self.log().tile(path)?.ok_or_else(|| gone(&path))
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, Failure> {
        self.export_file(path)?.ok_or_else(|| gone(&path))
    }

    fn rows(&self, lender: &MemberId, after: u64) -> Result<Vec<RowLine>, Failure> {
        Ok(self.export_rows(lender, after)?)
    }
}

/// The node that runs behind the socket.
impl Source for Client {
    fn head(&self) -> Result<ExportHead, Failure> {
        Ok(wait(self.get("/v1/log/export"))??)
    }

    fn tile(&self, path: TilePath) -> Result<Vec<u8>, Failure> {
        Ok(wait(self.get_bytes(&format!("/log/{path}")))??)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, Failure> {
        Ok(wait(self.get_bytes(&format!("/v1/log/export/files/{path}")))??)
    }

    fn rows(&self, lender: &MemberId, after: u64) -> Result<Vec<RowLine>, Failure> {
        let path = format!("/v1/log/export/rows/{lender}?after={after}");
        let page: Result<RowsPage, ClientError> = wait(self.get(&path))?;
        Ok(page?.rows)
    }
}

fn gone(path: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Fault, format!("{path}: the node has listed it and does not have it"))
}

/// What one run has done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The log's name.
    pub origin: String,
    /// Leaves that the folder holds now.
    pub size: u64,
    /// Leaves that it held before.
    pub size_before: u64,
    /// Tiles of hashes written.
    pub tiles: u64,
    /// Entry bundles written.
    pub bundles: u64,
    /// Every other file written.
    pub files: Vec<String>,
    /// Folders of partial tiles that were removed, for the full tile is there.
    pub partials_removed: u64,
}

/// Writes what is new into `folder`, which is made when it is missing. Refused for a folder of something else, and for
/// one whose log is not a beginning of this one: that is evidence, and not to be written over.
pub fn export(source: &impl Source, folder: &Path) -> Result<Written, Failure> {
    let folder = Folder::open(folder)?;
    let head = source.head()?;
    let before = look_before(&folder, &head, source)?;
    let mut written = Written {
        origin: head.manifest.origin.clone(),
        size: head.manifest.size,
        size_before: before,
        ..Written::default()
    };
    if !folder.has(MANIFEST) {
        folder.put(MANIFEST, &manifest(&head.manifest))?;
    }
    for path in tiles_of(head.manifest.size) {
        if folder.has(&path.to_string()) {
            continue;
        }
        folder.put(&path.to_string(), &source.tile(path)?)?;
        match path {
            TilePath::Hashes(..) => written.tiles += 1,
            TilePath::Entries(..) => written.bundles += 1,
        }
    }
    let checkpoint = parse(&head.checkpoint).ok_or_else(|| Failure::new(Exit::Fault, "no checkpoint"))?;
    if root_of(&folder, checkpoint.size()).as_ref() != Some(checkpoint.root()) {
        let words =
            format!("{}: its tiles do not lead to the checkpoint; export anew", folder.path().display());
        return Err(Failure::new(Exit::Fault, words));
    }
    for path in &head.files {
        // The state of a feed of which rows are held goes with the rows.
        if !head.feeds.iter().any(|feed| &feed_state_path(&feed.lender) == path) {
            note(&mut written, path, folder.put(path, &source.file(path)?)?);
        }
    }
    for feed in &head.feeds {
        export_feed(source, &folder, &head, feed, &mut written)?;
    }
    if !head.quorum.is_empty() {
        note(&mut written, QUORUM, folder.put(QUORUM, head.quorum.as_bytes())?);
    }
    note(&mut written, MANIFEST, folder.put(MANIFEST, &manifest(&head.manifest))?);
    note(&mut written, CHECKPOINT, folder.put(CHECKPOINT, head.checkpoint.as_bytes())?);
    for path in tiles_of(head.manifest.size) {
        let (TilePath::Hashes(_, width) | TilePath::Entries(_, width)) = path;
        if width.is_full() && folder.remove_folder(&format!("{path}.p"))? {
            written.partials_removed += 1;
        }
    }
    Ok(written)
}

fn note(written: &mut Written, path: &str, put: Put) {
    if put == Put::Changed {
        written.files.push(path.to_owned());
    }
}

fn manifest(manifest: &Manifest) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(manifest).expect("a manifest has only string keys");
    text.push(b'\n');
    text
}

fn parse(note: &str) -> Option<Checkpoint> {
    Note::parse(note.as_bytes()).ok()?.text().parse().ok()
}

/// Whose export is there already, and whether its log is a beginning of this one. Gives the leaves that it has.
fn look_before(folder: &Folder, head: &ExportHead, source: &impl Source) -> Result<u64, Failure> {
    let here = folder.path().display();
    let refused = |words: String| Err(Failure::new(Exit::Refused, words));
    let Some(text) = folder.read(MANIFEST)? else {
        if folder.is_empty()? {
            return Ok(0);
        }
        return refused(format!("{here}: has files and no {MANIFEST}; name an empty or a new folder"));
    };
    let (now, whose) = (&head.manifest, serde_json::from_slice::<Manifest>(&text));
    match whose {
        Ok(old) if (&old.network, &old.member, &old.origin) == (&now.network, &now.member, &now.origin) => {}
        Ok(old) => {
            return refused(format!("{here}: holds the export of {}; name another folder", old.origin));
        }
        Err(_) => {
            return refused(format!("{here}: its {MANIFEST} is not of this program; name another folder"));
        }
    }
    let Some(note) = folder.read(CHECKPOINT)? else { return Ok(0) };
    let Some(old) = std::str::from_utf8(&note).ok().and_then(parse) else {
        return refused(format!("{here}: its {CHECKPOINT} is damaged; name a new folder"));
    };
    let root = if old.size() > now.size {
        None
    } else {
        let cut = Cut { source, size: old.size() };
        match tree::root(old.size(), &cut) {
            Ok(root) => Some(root),
            Err(TreeError::Source(failure)) => return Err(failure),
            Err(error) => return Err(Failure::fault(anyhow::Error::msg(error.to_string()))),
        }
    };
    if root.as_ref() != Some(old.root()) {
        return refused(format!(
            "{here}: its checkpoint of {} leaves is no beginning of the node's log of {}. Keep the folder: it is \
             evidence that the log was changed, or that the node was set back. Name another folder",
            old.size(),
            now.size
        ));
    }
    Ok(old.size())
}

/// The source's tiles as they are in a smaller tree.
struct Cut<'a, S> {
    source: &'a S,
    size: u64,
}

impl<S: Source> TileSource for Cut<'_, S> {
    type Error = Failure;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Failure> {
        id.width(self.size).map(|width| self.source.tile(TilePath::Hashes(id, width))).transpose()
    }
}

/// The root that the tiles in the folder lead to; none where one is missing or short.
fn root_of(folder: &Folder, size: u64) -> Option<Hash> {
    struct Tiles<'a>(&'a Folder, u64);
    impl TileSource for Tiles<'_> {
        type Error = Failure;

        fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Failure> {
            id.width(self.1).map_or(Ok(None), |width| self.0.read(&id.path(width)))
        }
    }
    tree::root(size, &Tiles(folder, size)).ok()
}

/// The rows of a feed and the state that covers them. A feed that changes all the while is written as it was found:
/// whoever checks it sees by the sequence numbers that the state is of another moment.
fn export_feed(
    source: &impl Source,
    folder: &Folder,
    head: &ExportHead,
    feed: &FeedHeld,
    written: &mut Written,
) -> Result<(), Failure> {
    let lender = &feed.lender;
    let (rows_path, state_path) = (feed_rows_path(lender), feed_state_path(lender));
    let has_state = head.files.contains(&state_path);
    let mut sequence = feed.sequence;
    for _ in 0..FEED_EXPORT_ATTEMPTS_MAX {
        let state = if has_state { Some(source.file(&state_path)?) } else { None };
        // Any change of a feed takes the next sequence number, so the last line says whether the file is of now.
        if last_sequence(folder, &rows_path)? != Some(sequence) {
            let put = folder.write(&rows_path, |file| {
                let mut after = 0;
                loop {
                    let rows = source.rows(lender, after)?;
                    let Some(last) = rows.last() else { return Ok(()) };
                    after = last.sequence;
                    for row in &rows {
                        serde_json::to_writer(&mut *file, row)?;
                        file.write_all(b"\n")?;
                    }
                }
            })?;
            note(written, &rows_path, put);
        }
        if let Some(state) = state {
            note(written, &state_path, folder.put(&state_path, &state)?);
        }
        let found = last_sequence(folder, &rows_path)?;
        let now = source.head()?.feeds.into_iter().find(|now| &now.lender == lender);
        match now {
            Some(now) if found == Some(now.sequence) => break,
            Some(now) => sequence = now.sequence,
            None => break,
        }
    }
    Ok(())
}

/// The sequence number in the last line of a file of rows.
fn last_sequence(folder: &Folder, path: &str) -> Result<Option<u64>, Failure> {
    let last: Option<BTreeMap<String, serde_json::Value>> =
        folder.last_line(path)?.and_then(|line| serde_json::from_slice(&line).ok());
    Ok(last.and_then(|line| line.get("sequence")?.as_u64()))
}
