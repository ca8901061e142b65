//! Withdrawal by code, at any member, without the lender's help; and who was heard from when.
//!
//! A code that reaches one node reaches all: it is pushed to every member in reach, and every member asks every
//! other for those that it missed. What travels is the code itself, for only its hash stands in the logs, and a
//! hash that anybody can read must not be enough to withdraw.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::tables::FETCHED;
use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, WithdrawalCode};
use crate::log::LogError;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::store::{Durability, StoreBatch};
use crate::wire::message::{Reply, Request};

/// Codes in one answer.
const CODES_PER_PAGE: usize = 1_000;

/// When each member was last heard from.
pub(super) struct Contacts {
    started: UnixTime,
    heard: Mutex<BTreeMap<MemberId, UnixTime>>,
}

impl Contacts {
    pub(super) fn new(started: UnixTime) -> Self {
        Self { started, heard: Mutex::new(BTreeMap::new()) }
    }

    pub(super) fn heard_from(&self, member: &MemberId, now: UnixTime) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(member.clone(), now);
    }

    pub(super) fn last(&self, member: &MemberId) -> Option<UnixTime> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(member).copied()
    }

    /// When anybody but `asker` was last heard from. A start counts as hearing from all, or a network could never
    /// begin.
    fn last_of_others(&self, asker: &MemberId) -> UnixTime {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let others = heard.iter().filter(|(member, _)| *member != asker).map(|(_, time)| *time);
        others.max().unwrap_or(self.started).max(self.started)
    }
}

impl Node {
    /// Whether this node has heard from nobody but the asker for longer than the policy allows: withdrawals could
    /// have passed it by.
    pub(super) fn is_isolated(&self, asker: &MemberId) -> bool {
        let roster = self.roster();
        let present = |m: &&crate::roster::Member| m.removed.is_none() && m.id != self.me && &m.id != asker;
        if roster.document().members.iter().filter(present).count() == 0 {
            return false;
        }
        let silence = self.clock.now().seconds_since(self.contacts.last_of_others(asker));
        silence > i64::from(roster.policy().holders.isolation_seconds_max)
    }

    /// A peer was heard from.
    pub fn heard_from(&self, member: &MemberId) {
        self.contacts.heard_from(member, self.clock.now());
    }

    /// Takes in a presented code. False when it was known.
    pub fn withdraw(&self, code: &WithdrawalCode) -> Result<bool, LogError> {
        let now = self.clock.now();
        if !self.register.withdraw(code, now)? {
            return Ok(false);
        }
        let transaction = TransactionId::random(&*self.entropy);
        let body = LeafBody::WithdrawalReceived { withdrawal: code.hash() };
        self.log.append_one(Leaf::new(now, transaction, body))?;
        Ok(true)
    }

    /// Whether a code with that hash is known here.
    pub fn is_withdrawn(&self, withdrawal: &Digest) -> Result<bool, LogError> {
        Ok(self.register.code_presented(withdrawal)?)
    }

    /// Tells every other member of a code. Gives those that now know it.
    pub async fn flood_withdrawal(&self, code: WithdrawalCode) -> Vec<MemberId> {
        let roster = self.roster();
        let others = roster.document().members.iter().filter(|m| m.removed.is_none() && m.id != self.me);
        let calls = others.map(|member| async {
            let reply = self.peers.call(&member.id, Request::Withdraw { code }).await;
            matches!(reply, Ok(Reply::Withdrawn)).then(|| member.id.clone())
        });
        futures_util::future::join_all(calls).await.into_iter().flatten().collect()
    }

    /// Asks a peer for the withdrawals that it has and this node has not asked for yet. Also a sign of life.
    pub async fn fetch_withdrawals(&self, member: &MemberId) -> Result<usize, FetchError> {
        let key = member.to_string();
        let after = self.store.get(&FETCHED, &key).map_err(LogError::from)?.unwrap_or(0);
        let reply = self.peers.call(member, Request::Withdrawals { after }).await?;
        let Reply::Withdrawals { codes } = reply else {
            let what = "not withdrawals".to_owned();
            return Err(PeerError::Misbehaved { member: member.clone(), what }.into());
        };
        self.heard_from(member);
        if codes.is_empty() {
            return Ok(0);
        }
        for code in &codes {
            self.withdraw(code)?;
        }
        let mut batch = StoreBatch::new();
        batch.put(&FETCHED, &key, &(after + codes.len() as u64));
        self.store.commit(batch, Durability::Synced).map_err(LogError::from)?;
        Ok(codes.len())
    }

    pub(super) fn serve_withdrawals(&self, after: u64) -> Result<Reply, LogError> {
        Ok(Reply::Withdrawals { codes: self.register.codes_after(after, CODES_PER_PAGE)? })
    }
}

/// Why withdrawals could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The peer's.
    #[error(transparent)]
    Peer(#[from] PeerError),
}
