//! A log that goes on for one that ended with a break. Nothing is mended by it: it says, for every auditor to see, what
//! was lost, and by whom it was signed.

use super::Node;
use super::holder::log_key;
use crate::digest::Digest;
use crate::log::LogError;
use crate::merkle::open_checkpoint;
use crate::model::leaf::{CheckpointReference, LeafBody, LeafReference};
use crate::model::member::MemberId;

/// Why nothing was logged.
#[derive(Debug, thiserror::Error)]
pub enum SucceedError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Only what has ended is gone on for.
    #[error(
        "the roster does not list {0} as a removed member: the operator removes it first (`tally network remove`)"
    )]
    NotRemoved(MemberId),
    /// A file that is no checkpoint of that log.
    #[error("{which}: not a checkpoint that {member} signed: {why}")]
    Checkpoint {
        /// Which of the two.
        which: &'static str,
        /// Whose it should be.
        member: MemberId,
        /// What is wrong with it.
        why: String,
    },
}

impl Node {
    /// Logs that this log goes on for that of a removed member: `had` and `signed` are signed checkpoints of it, as far
    /// as its store still had it, and the newest that others hold.
    pub fn succeed(
        &self,
        member: &MemberId,
        had: &[u8],
        signed: &[u8],
    ) -> Result<LeafReference, SucceedError> {
        let roster = self.roster();
        if roster.member(member).is_none_or(|member| member.removed.is_none()) {
            return Err(SucceedError::NotRemoved(member.clone()));
        }
        let key = log_key(&roster, member).map_err(|_| SucceedError::NotRemoved(member.clone()))?;
        let open = |which: &'static str, note: &[u8]| {
            let opened = open_checkpoint(note, &key).map_err(|error| SucceedError::Checkpoint {
                which,
                member: member.clone(),
                why: error.to_string(),
            })?;
            Ok::<_, SucceedError>(CheckpointReference { size: opened.size(), root: Digest(*opened.root()) })
        };
        let (had, signed) = (open("had", had)?, open("signed", signed)?);
        let body = LeafBody::LogSucceeds { member: member.clone(), had, signed };
        let appended = self.log.append_one(self.leaf_at(self.clock.now(), body))?;
        Ok(*appended.leaves.first().expect("one leaf was appended"))
    }
}
