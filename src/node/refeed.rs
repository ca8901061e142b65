//! Rows of this node's own feed that an older copy of its store lacks, from those who hold the feed.
//!
//! What was published is published: a row or a number that somebody holds is not made anew with another content, for two
//! signed states of one number are evidence against an honest lender.

use std::collections::BTreeSet;

use super::follow::Sent;
use super::publish::PublishError;
use super::recover::RecoverError;
use super::tables::REPUBLISH_DUE;
use super::{Node, PeerError};
use crate::book::Published;
use crate::clock::UnixTime;
use crate::feed::{FeedError, Page, is_full_page};
use crate::feed_state::FeedState;
use crate::model::identifier::Identifier;
use crate::model::member::MemberId;
use crate::secret::random_array;
use crate::signing::{Signed, VerifyKey};
use crate::store::{Durability, StoreBatch, StoreError};
use crate::threshold::Locator;
use crate::wire::message::{Reply, Request};

impl Node {
    /// Brings the own feed to the newest state that anybody in reach holds. Gives the sequence number that it has then,
    /// and the highest one that is known to have been signed: by peers, and by the own log from leaf `from` on. `had` is
    /// the number that it had in the older copy.
    pub(super) async fn take_feed_back(&self, from: u64, had: u64) -> Result<(u64, u64), RecoverError> {
        let roster = self.roster();
        let mut signed = self.sequence_signed(from)?;
        let Some(key) = roster.member(&self.me).map(|member| member.feed_key) else { return Ok((0, signed)) };
        // What a crash cut off: rows that a state was found to cover.
        self.feeds.settle(&self.me, self.clock.now()).or_else(own_trouble)?;
        // One after the other: after the first, the others mostly have nothing more.
        for member in roster.document().members.iter().filter(|m| m.removed.is_none() && m.id != self.me) {
            match self.take_feed_from(&member.id, &key, &mut signed).await {
                Ok(()) => {}
                Err(RecoverError::Log(error)) => return Err(error.into()),
                Err(error) => {
                    self.feeds.drop_uncovered(&self.me)?;
                    tracing::warn!(member = %member.id, %error, "gives no rows of this node's feed back");
                }
            }
        }
        let has = self.feeds.head(&self.me)?.sequence;
        let mut batch = StoreBatch::new();
        if has > had {
            let next = self.book.next_load().map_err(|error| RecoverError::Kept(error.to_string()))?;
            batch.put(&REPUBLISH_DUE, &(), &next);
        }
        // Rows were written without waiting for the disk.
        self.store.commit(batch, Durability::Synced)?;
        Ok((has, signed))
    }

    /// Takes what a member holds beyond what is here. It lies aside until a state that this node has signed covers it.
    async fn take_feed_from(
        &self,
        member: &MemberId,
        key: &VerifyKey,
        highest: &mut u64,
    ) -> Result<(), RecoverError> {
        loop {
            let head = self.feeds.head(&self.me)?;
            let begun = self.feeds.catching_up(&self.me)?.filter(|begun| &begun.carrier == member);
            let after = begun.map_or(head.sequence, |begun| begun.sequence);
            let Some(Sent { rows, state: signed, last, .. }) = self.own_page(member, after).await? else {
                return Ok(());
            };
            let state = self.own_state(&signed, key).ok_or_else(|| {
                misbehaved(member, "shows a state of this node's feed that it never signed")
            })?;
            *highest = (*highest).max(state.sequence);
            let held = head.state.map(|held| (held.time, held.sequence));
            if held.is_some_and(|held| held >= (state.time, state.sequence)) {
                return Ok(());
            }
            if !last && !is_full_page(&rows) {
                return Err(misbehaved(member, "a page of this node's feed breaks off").into());
            }
            // A clock that was set back with the store must not refuse what it signed itself.
            let now = UnixTime(self.clock.now().0.max(state.time.0));
            let (lender, rows, state) = (&self.me, rows.as_slice(), &signed);
            let page = Page { lender, key, carrier: member, after: Some(after), rows, state, last };
            match self.feeds.take(&self.network, &page, now) {
                Ok(followed) if followed.covered => return Ok(()),
                Ok(_) => {}
                Err(FeedError::Store(error)) => return Err(error.into()),
                Err(error) => return Err(misbehaved(member, &error.to_string()).into()),
            }
        }
    }

    /// A page of this node's feed that a member holds; none when it holds nothing that a state covers.
    async fn own_page(&self, member: &MemberId, after: u64) -> Result<Option<Sent>, RecoverError> {
        let request =
            Request::Feed { lender: self.me.clone(), after, wait_seconds: 0, state_after: UnixTime(0) };
        match self.peers.call(member, request).await? {
            Reply::Feed { rows, state, last } => Ok(Some(Sent { after: Some(after), rows, state, last })),
            Reply::Refused(_) => Ok(None),
            Reply::Unavailable { why } => Err(PeerError::Unreachable { member: member.clone(), why }.into()),
            _ => Err(misbehaved(member, "not a page of a feed").into()),
        }
    }

    fn own_state(&self, signed: &Signed<FeedState>, key: &VerifyKey) -> Option<FeedState> {
        let state = signed.verify(key).ok()?;
        (state.lender == self.me && state.network == self.network).then_some(state)
    }

    /// Whether the book is an older copy than the feed, until the next load.
    pub(super) fn is_book_behind_feed(&self) -> Result<bool, StoreError> {
        self.store.contains(&REPUBLISH_DUE, &())
    }

    /// After the feed came back to an older book: what is published may be newer than the book until the next load,
    /// and is compared with it then.
    pub(super) fn republish_if_due(&self) -> Result<(), PublishError> {
        let Some(load) = self.store.get(&REPUBLISH_DUE, &())? else { return Ok(()) };
        let taken = |load: &crate::book::Load| load.state == crate::book::LoadState::Loaded;
        if self.book.loads()?.iter().any(|one| one.number >= load && taken(one)) {
            self.book.republish_all()?;
            let mut batch = StoreBatch::new();
            batch.delete(&REPUBLISH_DUE, &());
            self.store.commit(batch, Durability::Synced)?;
        }
        Ok(())
    }

    /// Row id and version of a row of the own feed under a locator that no client in the book has: it was published
    /// after the copy of the book was made that this node goes on from. A new row begins otherwise.
    pub(super) fn row_to_go_on_with(
        &self,
        identifier: &Identifier,
        locator: &Locator,
        gone_on: &BTreeSet<[u8; 16]>,
    ) -> Result<([u8; 16], u64), PublishError> {
        let rows = self.feeds.own_under(&self.me, locator)?;
        if !rows.is_empty() {
            let mut taken = gone_on.clone();
            for key in self.book.clients_with(identifier)? {
                let entry = self.book.client(&key)?;
                taken.extend(entry.into_iter().flat_map(|entry| entry.published).map(|p| p.row_id));
            }
            for (row_id, version) in rows {
                // Rows of disputes lie under the same locators.
                if !taken.contains(&row_id) && !self.is_dispute_row(&row_id)? {
                    return Ok((row_id, version));
                }
            }
        }
        Ok((random_array(&*self.entropy), 0))
    }

    /// More than the book knows was published when the book is an older copy than the feed: the next version is one more
    /// than the feed's, and what its content is nobody here knows.
    pub(super) fn catch_up_with_feed(&self, rows: &mut [Published]) -> Result<(), StoreError> {
        for published in rows {
            let newest = self.feeds.version(&self.me, &published.row_id)?;
            if newest > published.version {
                (published.version, published.content) = (newest, None);
            }
        }
        Ok(())
    }
}

/// A copy that is not what was written is put right later; a store that does not work is this node's own trouble.
fn own_trouble(error: FeedError) -> Result<(), RecoverError> {
    match error {
        FeedError::Store(error) => Err(error.into()),
        error => {
            tracing::error!(%error, "rows of this node's feed that came back");
            Ok(())
        }
    }
}

fn misbehaved(member: &MemberId, what: &str) -> PeerError {
    PeerError::Misbehaved { member: member.clone(), what: what.to_owned() }
}
