//! How a proposal is kept: the part that names staff, and the part that is about a person.

use super::super::Node;
use super::super::consent::ConsentError;
use super::super::records::{Kept, Records};
use super::super::tables::{PROPOSALS, PROPOSALS_BY_TIME, PURGE_DUE};
use super::{NewProposal, Proposal};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::store::StoreBatch;
use crate::wire::codec;

/// Version of the encrypted proposal.
const RECORD_VERSION: u8 = 1;
/// Version of what is asked.
const ASKED_VERSION: u8 = 1;

/// Where a proposal stands by time.
pub(super) type TimeKey = (u64, [u8; 16]);

pub(super) fn seconds(time: UnixTime) -> u64 {
    u64::try_from(time.0).unwrap_or(0)
}

pub(super) fn time_key(proposal: &Proposal) -> TimeKey {
    (seconds(proposal.proposed.time), proposal.id.0)
}

impl Node {
    /// The part that names staff; none where there is no such proposal.
    pub(super) fn kept_proposal(&self, id: TransactionId) -> Result<Option<Proposal>, ConsentError> {
        let Some(sealed) = self.store.get(&PROPOSALS, &id.0)? else { return Ok(None) };
        let plain = self.at_rest.open(PROPOSALS.spec().name, &id.0, &sealed)?;
        Ok(Some(codec::decode_versioned(RECORD_VERSION, plain.expose(), "a proposal")?))
    }

    /// Puts it into a batch, over what is there.
    pub(super) fn put_proposal(&self, proposal: &Proposal, batch: &mut StoreBatch) {
        let plain = codec::encode_secret(RECORD_VERSION, proposal);
        let id = &proposal.id.0;
        let sealed = self.at_rest.seal(PROPOSALS.spec().name, id, plain.expose(), &*self.entropy);
        batch.put(&PROPOSALS, id, &sealed);
        batch.put(&PROPOSALS_BY_TIME, &time_key(proposal), &());
    }

    /// Puts what is asked into a batch.
    pub(super) fn put_asked(&self, id: TransactionId, new: &NewProposal, batch: &mut StoreBatch) {
        let plain = codec::encode_secret(ASKED_VERSION, new);
        self.records.put(Kept::Proposed, &id.0, &plain, batch);
    }

    /// What is asked; none once it is decided.
    pub(super) fn asked(&self, id: TransactionId) -> Result<Option<NewProposal>, ConsentError> {
        self.records.get(Kept::Proposed, &id.0)?.as_ref().map(read_asked).transpose()
    }

    /// Puts the end of a proposal into a batch: the part that is about a person goes.
    pub(super) fn put_ended(&self, proposal: &Proposal, batch: &mut StoreBatch) {
        assert!(proposal.ended.is_some(), "what is asked goes with the end of a proposal");
        self.put_proposal(proposal, batch);
        Records::destroy(Kept::Proposed, &proposal.id.0, batch);
        // The key that went may still lie in the store's files: they are rewritten within the hour.
        batch.put(&PURGE_DUE, &(), &());
    }

    /// Takes every trace of a proposal away.
    pub(super) fn take_away(proposal: &Proposal, batch: &mut StoreBatch) {
        batch.delete(&PROPOSALS, &proposal.id.0);
        batch.delete(&PROPOSALS_BY_TIME, &time_key(proposal));
        Records::destroy(Kept::Proposed, &proposal.id.0, batch);
    }
}

/// What is asked, as it was sealed.
pub(super) fn read_asked(plain: &crate::secret::SecretVec) -> Result<NewProposal, ConsentError> {
    Ok(codec::decode_versioned(ASKED_VERSION, plain.expose(), "what is proposed")?)
}
