//! What of an export a sample and a binding are checked against: the log as its checkpoint signs it, the rosters that
//! the log names, the copies of feeds that equal their lenders' signed states. Nothing else of the folder is believed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};

use crate::audit::export::{
    CHECKPOINT, EXPORT_VERSION, MANIFEST, Manifest, RowLine, feed_rows_path, feed_state_path, roster_path,
};
use crate::audit::folder::{self, Folder, FolderError};
use crate::digest::{Digest, TransactionId};
use crate::feed_state::FeedState;
use crate::limits::{
    ENTRY_BUNDLE_BYTES_MAX, EVIDENCE_BYTES_MAX, MANIFEST_BYTES_MAX, NOTE_BYTES_MAX, ROSTER_FILE_BYTES_MAX,
    ROW_LINE_BYTES_MAX,
};
use crate::merkle::tile::{TILE_WIDTH, Width, decode_entries, entries_path};
use crate::merkle::{Checkpoint, Frontier, Note, SetDigest, leaf_hash, open_checkpoint};
use crate::model::leaf::{CheckpointReference, Leaf, LeafBody, LeafReference};
use crate::model::member::MemberId;
use crate::roster::{Roster, RosterDocument, log_origin};
use crate::signing::{Signed, VerifyKey};

/// Why an export cannot be used. Not a finding: nothing is known then.
#[derive(Debug, thiserror::Error)]
pub enum ExportedError {
    /// A file cannot be read, is missing, or is not of its form.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The entries do not lead to the checkpoint.
    #[error("the entries do not lead to the root that the checkpoint signs")]
    Root,
    /// The checkpoint is not signed by the log's owner.
    #[error("the checkpoint is not signed by the key that the roster names for {0}")]
    Signature(MemberId),
    /// No roster of the log's own is there, under the operator's key.
    #[error("no roster that the log names is there and signed by the operator's key")]
    NoRoster,
}

/// A log that leads to its signed checkpoint.
#[derive(Debug)]
pub struct ExportedLog {
    /// What it is of.
    pub manifest: Manifest,
    /// The rosters that the log names and the folder holds, by version.
    pub rosters: Vec<Roster>,
    /// The checkpoint.
    pub checkpoint: CheckpointReference,
    /// What reading needs beside, kept while the log is read.
    named: BTreeMap<u64, Digest>,
}

#[expect(clippy::needless_pass_by_value, reason = "errors and texts alike are handed over to be worded")]
fn form(path: &str, what: impl ToString) -> FolderError {
    FolderError::malformed(path, what.to_string())
}

impl ExportedLog {
    /// Reads a log to its end, shows every leaf, and checks that they lead to the checkpoint, that its owner signed it,
    /// and that the operator signed the rosters that the log names. Nothing that was shown may be used before this
    /// returns.
    ///
    /// `operator` is the key that the auditor has from elsewhere; without it that of the manifest is used.
    pub fn read(
        files: &dyn Folder,
        operator: Option<&VerifyKey>,
        show: &mut dyn FnMut(LeafReference, &Leaf),
    ) -> Result<Self, ExportedError> {
        let manifest = folder::read_json::<Manifest>(files, MANIFEST, MANIFEST_BYTES_MAX)?;
        let manifest = manifest.ok_or_else(|| FolderError::Missing { path: MANIFEST.to_owned() })?;
        if manifest.v != EXPORT_VERSION {
            return Err(form(MANIFEST, format_args!("version {}", manifest.v)).into());
        }
        if manifest.origin != log_origin(&manifest.network, &manifest.member) {
            return Err(form(MANIFEST, "the origin is not that of the member's log").into());
        }
        let note = folder::require(files, CHECKPOINT, NOTE_BYTES_MAX)?;
        let text = Note::parse(&note).map_err(|error| form(CHECKPOINT, error))?;
        let claimed: Checkpoint = text.text().parse().map_err(|error| form(CHECKPOINT, error))?;
        let checkpoint = CheckpointReference { size: claimed.size(), root: Digest(*claimed.root()) };
        let mut log = Self { manifest, rosters: Vec::new(), checkpoint, named: BTreeMap::new() };
        if log.read_leaves(files, show)? != checkpoint.root {
            return Err(ExportedError::Root);
        }
        log.read_rosters(files, operator)?;
        let owner = &log.manifest.member;
        let newest = log.rosters.last().ok_or(ExportedError::NoRoster)?;
        let key = newest.member(owner).and_then(|member| member.log_key.parse().ok());
        let opened = key.and_then(|key| open_checkpoint(&note, &key).ok());
        if opened.as_ref() != Some(&claimed) {
            return Err(ExportedError::Signature(owner.clone()));
        }
        Ok(log)
    }

    fn read_leaves(
        &mut self,
        files: &dyn Folder,
        show: &mut dyn FnMut(LeafReference, &Leaf),
    ) -> Result<Digest, ExportedError> {
        let mut frontier = Frontier::new();
        let size = self.checkpoint.size;
        while frontier.size() < size {
            let width = usize::try_from(size - frontier.size()).unwrap_or(usize::MAX).min(TILE_WIDTH);
            let path = entries_path(
                frontier.size() / TILE_WIDTH as u64,
                Width::try_from(width).expect("it is 1 to 256"),
            );
            let bundle = folder::require(files, &path, ENTRY_BUNDLE_BYTES_MAX)?;
            let entries = decode_entries(&bundle).map_err(|error| form(&path, error))?;
            if entries.len() != width {
                return Err(form(&path, format_args!("{} entries instead of {width}", entries.len())).into());
            }
            for entry in entries {
                let at = LeafReference { index: frontier.size(), hash: Digest(leaf_hash(entry)) };
                let leaf = Leaf::from_bytes(entry).map_err(|error| form(&path, error))?;
                if let LeafBody::RosterAccepted { version, hash } = &leaf.body {
                    self.named.insert(*version, *hash);
                }
                show(at, &leaf);
                frontier.push(at.hash.0);
            }
        }
        Ok(Digest(frontier.root()))
    }

    fn read_rosters(
        &mut self,
        files: &dyn Folder,
        operator: Option<&VerifyKey>,
    ) -> Result<(), ExportedError> {
        let key = operator.copied().unwrap_or(self.manifest.operator_key);
        for (version, hash) in &self.named {
            let path = roster_path(*version);
            let signed: Option<Signed<RosterDocument>> =
                folder::read_json(files, &path, ROSTER_FILE_BYTES_MAX)?;
            let Some(signed) = signed else { continue };
            let roster = Roster::verify(signed, &key).map_err(|error| form(&path, error))?;
            if roster.hash() != *hash || roster.network() != &self.manifest.network {
                return Err(form(&path, "it is not the one that the log says was accepted").into());
            }
            self.rosters.push(roster);
        }
        Ok(())
    }
}

/// A copy of a feed that equals its lender's signed state.
#[derive(Debug)]
pub struct FeedCopy {
    /// Sequence number of the state.
    pub sequence: u64,
    /// Rows up to this sequence number have left the feed, for their time was over.
    pub horizon: u64,
    /// The live rows by row id.
    pub rows: BTreeMap<TransactionId, RowLine>,
}

impl FeedCopy {
    /// Reads the copy of a lender's feed; none where the folder has none, or one that is not what the lender signed.
    pub fn read(
        files: &dyn Folder,
        lender: &MemberId,
        roster: &Roster,
    ) -> Result<Option<Self>, ExportedError> {
        let (state_path, rows_path) = (feed_state_path(lender), feed_rows_path(lender));
        let signed: Option<Signed<FeedState>> = folder::read_json(files, &state_path, EVIDENCE_BYTES_MAX)?;
        let Some(signed) = signed else { return Ok(None) };
        let Some(member) = roster.member(lender) else { return Ok(None) };
        let Ok(state) = signed.verify(&member.feed_key) else { return Ok(None) };
        if state.lender != *lender || state.network != *roster.network() {
            return Ok(None);
        }
        let mut digest = SetDigest::new();
        let mut copy = Self { sequence: state.sequence, horizon: state.horizon, rows: BTreeMap::new() };
        let io = |source| FolderError::Io { path: rows_path.clone(), source };
        let Some(rows) = files.open(&rows_path).map_err(io)? else { return Ok(None) };
        let mut rows = BufReader::new(rows);
        let mut text = Vec::new();
        // A line that is cut off here is no JSON.
        while rows.by_ref().take(ROW_LINE_BYTES_MAX as u64).read_until(b'\n', &mut text).map_err(io)? > 0 {
            let row: RowLine =
                serde_json::from_slice(&text).map_err(|_| form(&rows_path, "a line is no row"))?;
            digest.add(&row.hash(lender).0);
            copy.rows.insert(row.row_id, row);
            text.clear();
        }
        let whole = copy.rows.len() as u64 == state.rows && Digest(digest.digest()) == state.digest;
        Ok(whole.then_some(copy))
    }
}
