//! Rows of this node's own feed that an older copy of its store lacks, from those who hold the feed.
//!
//! What was published is published: a row or a number that somebody holds is not made anew with another content, for two
//! signed states of one number are evidence against an honest lender.

use super::recover::RecoverError;
use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::digest::{Digest, hash};
use crate::feed::{FeedError, row_hash};
use crate::feed_state::FeedState;
use crate::limits::FEED_PAGE_ROWS_MAX;
use crate::model::member::MemberId;
use crate::signing::{Signed, VerifyKey};
use crate::store::{Durability, StoreBatch};
use crate::wire::message::{FeedRow, Reply, Request};

/// A page that was tried out.
struct Page {
    after: u64,
    digest: Digest,
}

/// What one member holds of the own feed beyond what is here.
struct Held {
    member: MemberId,
    pages: Vec<Page>,
    state: FeedState,
}

impl Node {
    /// Brings the own feed to the newest state that anybody in reach holds. Gives the sequence number that it has then,
    /// and the highest one that is known to have been signed: by peers, and by the own log from leaf `from` on.
    pub(super) async fn take_feed_back(&self, from: u64) -> Result<(u64, u64), RecoverError> {
        let roster = self.roster();
        let mut signed = self.sequence_signed(from)?;
        let Some(key) = roster.member(&self.me).map(|member| member.feed_key) else { return Ok((0, signed)) };
        let before = self.feeds.head(&self.me)?;
        // One after the other: after the first, the others mostly have nothing more.
        for member in roster.document().members.iter().filter(|m| m.removed.is_none() && m.id != self.me) {
            let held = match self.try_feed(&member.id, &key).await {
                Ok(held) => held,
                Err(RecoverError::Log(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(member = %member.id, %error, "gives no rows of this node's feed back");
                    continue;
                }
            };
            let Some(held) = held else { continue };
            signed = signed.max(held.state.sequence);
            if held.state.sequence <= self.feeds.head(&self.me)?.sequence {
                continue;
            }
            match self.take_rows(&held, &key).await {
                Ok(()) => {}
                Err(RecoverError::Log(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(member = %member.id, %error, "gives no rows of this node's feed back");
                }
            }
        }
        let has = self.feeds.head(&self.me)?.sequence;
        let mut batch = StoreBatch::new();
        if has > before.sequence {
            let next = self.book.next_load().map_err(|error| RecoverError::Kept(error.to_string()))?;
            batch.put(&super::tables::REPUBLISH_DUE, &(), &next);
        }
        // Rows were written without waiting for the disk.
        self.store.commit(batch, Durability::Synced)?;
        Ok((has, signed))
    }

    /// Goes through what a member holds beyond what is here, and writes nothing. None when it holds nothing more, or
    /// nothing that this node has signed.
    async fn try_feed(&self, member: &MemberId, key: &VerifyKey) -> Result<Option<Held>, RecoverError> {
        let begun = self.feeds.head(&self.me)?.sequence;
        let mut trial = self.feeds.trial(&self.me)?;
        let mut pages = Vec::new();
        loop {
            let after = trial.sequence();
            let (rows, signed) = self.own_rows(member, after).await?;
            for row in &rows {
                if !trial.add(row)? {
                    return Err(misbehaved(member, "its rows of this node's feed are out of order").into());
                }
            }
            if !rows.is_empty() {
                pages.push(Page { after, digest: self.digest_of(&rows) });
            }
            if let Some(signed) = signed {
                let state = self.own_state(&signed, key).ok_or_else(|| {
                    misbehaved(member, "shows a state of this node's feed that it never signed")
                })?;
                // Older than this copy, or the same.
                if state.sequence <= begun && rows.is_empty() {
                    return Ok(None);
                }
                if !trial.equals(&state) {
                    return Err(misbehaved(member, "its rows are not those that this node has signed").into());
                }
                return Ok(Some(Held { member: member.clone(), pages, state }));
            }
            if rows.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Takes the rows that were tried out.
    async fn take_rows(&self, held: &Held, key: &VerifyKey) -> Result<(), RecoverError> {
        let now = self.clock.now();
        for (place, page) in held.pages.iter().enumerate() {
            let (rows, signed) = self.own_rows(&held.member, page.after).await?;
            let last = place + 1 == held.pages.len();
            if self.digest_of(&rows) != page.digest || (last && signed.is_none()) {
                return Err(misbehaved(&held.member, "its rows are others than a moment ago").into());
            }
            let signed = signed.filter(|_| last);
            // A clock that was set back with the store must not refuse what it signed itself.
            let now = UnixTime(now.0.max(held.state.time.0));
            match self.feeds.take(&self.network, &self.me, key, &rows, signed.as_ref(), now) {
                Ok(_) => {}
                Err(FeedError::Store(error)) => return Err(error.into()),
                Err(error) => return Err(misbehaved(&held.member, &error.to_string()).into()),
            }
        }
        Ok(())
    }

    async fn own_rows(
        &self,
        member: &MemberId,
        after: u64,
    ) -> Result<(Vec<FeedRow>, Option<Signed<FeedState>>), RecoverError> {
        let request =
            Request::Feed { lender: self.me.clone(), after, wait_seconds: 0, state_after: UnixTime(0) };
        match self.peers.call(member, request).await? {
            Reply::Feed { rows, state } if rows.len() <= FEED_PAGE_ROWS_MAX => Ok((rows, state)),
            // It holds nothing that a state covers.
            Reply::Refused(_) => Ok((Vec::new(), None)),
            Reply::Unavailable { why } => Err(PeerError::Unreachable { member: member.clone(), why }.into()),
            _ => Err(misbehaved(member, "not a page of a feed").into()),
        }
    }

    fn own_state(&self, signed: &Signed<FeedState>, key: &VerifyKey) -> Option<FeedState> {
        let state = signed.verify(key).ok()?;
        (state.lender == self.me && state.network == self.network).then_some(state)
    }

    fn digest_of(&self, rows: &[FeedRow]) -> Digest {
        let hashes: Vec<Digest> = rows.iter().map(|row| row_hash(&self.me, row)).collect();
        let parts: Vec<&[u8]> = hashes.iter().map(|hash| hash.0.as_slice()).collect();
        hash("tallystick/recovered-rows/v1", &parts)
    }
}

fn misbehaved(member: &MemberId, what: &str) -> PeerError {
    PeerError::Misbehaved { member: member.clone(), what: what.to_owned() }
}
