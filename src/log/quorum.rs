//! The witnesses' quorum: enough of them have cosigned a checkpoint, and not too long ago.

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::merkle::cosignature::{self, CosignerVerifierKey};
use crate::merkle::note::{Note, NoteSignature, VerifierKey};
use crate::merkle::open_checkpoint;
use crate::model::leaf::CheckpointReference;

/// Why a checkpoint does not count as witnessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuorumError {
    /// Not a note, not the log's, or a witness's line that does not verify.
    #[error("the witnessed checkpoint does not verify")]
    Invalid,
    /// Too few witnesses.
    #[error("{found} of {needed} witnesses have cosigned")]
    TooFew {
        /// How many have.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// The quorum is older than the policy allows, or from the future.
    #[error("the witnesses' quorum is {age_seconds} s old")]
    TooOld {
        /// Its age.
        age_seconds: i64,
    },
}

/// What the policy asks of a log's witnesses.
#[derive(Clone, Debug)]
pub struct Quorum<'a> {
    /// The witnesses' keys.
    pub witnesses: &'a [CosignerVerifierKey],
    /// How many must have cosigned.
    pub needed: usize,
    /// How old the youngest quorum may be.
    pub age_seconds_max: i64,
    /// By how much clocks may differ.
    pub skew_seconds: i64,
}

/// Checks a checkpoint with its cosignatures; gives the tree that they are about.
pub fn check_quorum(
    note: &[u8],
    log: &VerifierKey,
    quorum: &Quorum<'_>,
    now: UnixTime,
) -> Result<CheckpointReference, QuorumError> {
    let checkpoint = open_checkpoint(note, log).map_err(|_| QuorumError::Invalid)?;
    let note = Note::parse(note).map_err(|_| QuorumError::Invalid)?;
    let witnessed = cosignature::witnesses(&note, quorum.witnesses).map_err(|_| QuorumError::Invalid)?;
    let Some(time) = witnessed.quorum_time(quorum.needed) else {
        return Err(QuorumError::TooFew { found: witnessed.count(), needed: quorum.needed });
    };
    let age_seconds = now.seconds_since(time);
    if age_seconds > quorum.age_seconds_max || age_seconds < -quorum.skew_seconds {
        return Err(QuorumError::TooOld { age_seconds });
    }
    Ok(CheckpointReference { size: checkpoint.size(), root: Digest(*checkpoint.root()) })
}

/// Adds a cosignature line to a note. Lines of strangers and lines that do not verify are left out.
pub fn add_cosignature(note: &[u8], line: &str, witnesses: &[CosignerVerifierKey]) -> Option<Vec<u8>> {
    let mut note = Note::parse(note).ok()?;
    let line: NoteSignature = line.parse().ok()?;
    cosignature::merge(&mut note, &[line], witnesses).ok()?;
    Some(note.to_bytes())
}
