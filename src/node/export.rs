//! What `tally log export` takes from a node (`audit::export`): where its log stands, what lies beside the log for an
//! auditor, and the headers of the rows that it holds.

use serde::{Deserialize, Serialize};

use super::Node;
use super::tables::ROSTERS;
use crate::audit::export::{
    EXPORT_VERSION, Fork, Manifest, RowLine, StateConflict, feed_state_path, fork_path, roster_path,
    seen_path, state_conflict_path,
};
use crate::digest::{Digest, TransactionId};
use crate::limits::FEED_PAGE_ROWS_MAX;
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::roster::log_origin;
use crate::store::StoreError;
use crate::threshold::ciphertext_hash;
use crate::wire::message::FeedRow;

/// What there is to export, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    /// What the export is of.
    pub manifest: Manifest,
    /// The newest checkpoint, with every cosignature known of it.
    pub checkpoint: String,
    /// The newest checkpoint that has its witnesses' quorum; empty before the first.
    pub quorum: String,
    /// The files beside the log, by their paths in the folder: see [`Node::export_file`].
    pub files: Vec<String>,
    /// The feeds of which rows are held: see [`Node::export_rows`].
    pub feeds: Vec<FeedHeld>,
}

/// A feed of which rows are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHeld {
    /// Whose.
    pub lender: MemberId,
    /// The highest sequence number held, which any change raises.
    pub sequence: u64,
}

/// A file beside the log.
enum BesideLog {
    Roster(u64),
    Seen(MemberId),
    Fork(MemberId, u64),
    StateConflict(MemberId, u64),
    FeedState(MemberId),
}

impl BesideLog {
    fn path(&self) -> String {
        match self {
            Self::Roster(version) => roster_path(*version),
            Self::Seen(member) => seen_path(member),
            Self::Fork(member, size) => fork_path(member, *size),
            Self::StateConflict(lender, sequence) => state_conflict_path(lender, *sequence),
            Self::FeedState(lender) => feed_state_path(lender),
        }
    }
}

impl Node {
    /// What there is to export now.
    pub fn export_head(&self) -> Result<ExportHead, LogError> {
        let published = self.log.published()?;
        let roster = self.roster();
        let manifest = Manifest {
            v: EXPORT_VERSION,
            network: self.network.clone(),
            member: self.me.clone(),
            origin: log_origin(&self.network, &self.me),
            operator_key: *roster.operator_key(),
            exported_at: self.clock.now(),
            size: published.size,
        };
        let mut feeds = Vec::new();
        for member in &roster.document().members {
            let sequence = self.feeds.head(&member.id)?.sequence;
            if sequence > 0 {
                feeds.push(FeedHeld { lender: member.id.clone(), sequence });
            }
        }
        Ok(ExportHead {
            manifest,
            checkpoint: note_text(&published.checkpoint),
            quorum: note_text(&published.quorum),
            files: self.beside_log()?.iter().map(BesideLog::path).collect(),
            feeds,
        })
    }

    fn beside_log(&self) -> Result<Vec<BesideLog>, LogError> {
        let mut files = Vec::new();
        self.store.for_each(&ROSTERS, &[], |version, _| {
            files.push(BesideLog::Roster(version));
            Ok::<_, LogError>(())
        })?;
        for member in &self.roster().document().members {
            let id = &member.id;
            if id != &self.me && self.mirror.head(id)?.is_some() {
                files.push(BesideLog::Seen(id.clone()));
            }
            let forks = self.mirror.forks(id)?;
            files.extend(forks.into_iter().map(|(size, _)| BesideLog::Fork(id.clone(), size)));
            if self.feeds.head(id)?.signed.is_some() {
                files.push(BesideLog::FeedState(id.clone()));
            }
        }
        for (lender, sequence) in self.feeds.conflicts()? {
            if let Ok(lender) = lender.parse() {
                files.push(BesideLog::StateConflict(lender, sequence));
            }
        }
        Ok(files)
    }

    /// The bytes of one of [`ExportHead::files`]; none for any other path.
    pub fn export_file(&self, path: &str) -> Result<Option<Vec<u8>>, LogError> {
        let Some(file) = self.beside_log()?.into_iter().find(|file| file.path() == path) else {
            return Ok(None);
        };
        Ok(match file {
            BesideLog::Roster(version) => self.store.get(&ROSTERS, &version)?.map(|signed| json(&signed)),
            BesideLog::Seen(member) => self.mirror.head(&member)?.map(|head| head.checkpoint),
            BesideLog::Fork(member, size) => {
                let forks = self.mirror.forks(&member)?;
                let evidence = forks.into_iter().find(|(forked, _)| *forked == size);
                evidence.map(|(_, evidence)| {
                    let (seen, shown) = (note_text(&evidence.seen), note_text(&evidence.shown));
                    json(&Fork { seen, shown, time: evidence.time })
                })
            }
            BesideLog::StateConflict(lender, sequence) => {
                let conflict = self.feeds.conflict(&lender, sequence)?;
                conflict.map(|conflict| json(&StateConflict { held: conflict.held, shown: conflict.shown }))
            }
            BesideLog::FeedState(lender) => self.feeds.head(&lender)?.signed.map(|signed| json(&signed)),
        })
    }

    /// The headers of a page of the rows that are held of a feed, after a sequence number, in order. Empty at the end.
    pub fn export_rows(&self, lender: &MemberId, after: u64) -> Result<Vec<RowLine>, StoreError> {
        let rows = self.feeds.rows_after(lender, after, FEED_PAGE_ROWS_MAX)?;
        Ok(rows.iter().map(row_line).collect())
    }
}

/// A note as text. What is stored was read as one.
fn note_text(note: &[u8]) -> String {
    String::from_utf8_lossy(note).into_owned()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("these have only string keys")
}

/// A row without its ciphertext.
pub(super) fn row_line(row: &FeedRow) -> RowLine {
    let sealed = &row.sealed;
    let proof = sealed.proof.to_bytes();
    let (nonce, response) = proof.split_at(32);
    let half = |half: &[u8]| Digest(half.try_into().expect("a proof has two halves of 32 bytes"));
    RowLine {
        sequence: row.sequence,
        epoch: row.epoch,
        locator: Digest(row.locator.0),
        row_id: TransactionId(row.row_id),
        version: row.version,
        ephemeral: Digest(sealed.ephemeral.to_bytes()),
        key_commitment: Digest(sealed.key_commitment),
        ciphertext_hash: Digest(ciphertext_hash(&sealed.ciphertext)),
        proof: [half(nonce), half(response)],
    }
}
