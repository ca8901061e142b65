//! Withdrawal by code, at any member, without the lender's help; and who was heard from when.
//!
//! A code that reaches one node reaches all: it is pushed to every member in reach, and every member asks every
//! other for those that it missed. What travels is the code itself, for only its hash stands in the logs, and a
//! hash that anybody can read must not be enough to withdraw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::serve::Afterwards;
use super::tables::FETCHED;
use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, WithdrawalCode};
use crate::limits::WITHDRAWALS_PER_PAGE_MAX;
use crate::log::LogError;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::store::{Durability, StoreBatch};
use crate::wire::message::{Reply, Request};

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

/// What came of a code that a person presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Whether it was new at this node.
    pub is_new: bool,
    /// The lenders whose consent it ends, as far as this node and those that it told know. None: nobody who could be
    /// asked knows a consent with this code, and it is most likely mistyped.
    pub lenders: BTreeSet<MemberId>,
    /// Members that know it now.
    pub told: Vec<MemberId>,
    /// Members that could not be told yet; they fetch it when they are back.
    pub not_told: Vec<MemberId>,
}

/// How a member took a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// It could not be reached, or answered something else.
    Not,
    /// It knows the code now.
    Taken,
    /// It does, and the consent is its own.
    Here,
}

impl Told {
    fn is_told(self) -> bool {
        self != Self::Not
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
        let _one_at_a_time = self.withdrawing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.register.code_presented(&code.hash())? {
            return Ok(false);
        }
        let now = self.clock.now();
        let transaction = TransactionId::random(&*self.entropy);
        let body = LeafBody::WithdrawalReceived { withdrawal: code.hash() };
        let leaf = Leaf::new(now, transaction, body);
        let (register, code) = (self.register.clone(), *code);
        self.log.append(Box::new(move |_, batch| {
            register.withdraw(&code, now, batch)?;
            Ok(vec![leaf])
        }))?;
        Ok(true)
    }

    /// Whether a code with that hash is known here.
    pub fn is_withdrawn(&self, withdrawal: &Digest) -> Result<bool, LogError> {
        Ok(self.register.code_presented(withdrawal)?)
    }

    /// Takes in a code that a person presents, and tells every other member. Told again even when it was known: one may
    /// have been away the last time.
    pub async fn present_withdrawal(&self, code: WithdrawalCode) -> Result<Presented, LogError> {
        let is_new = self.withdraw(&code)?;
        let mut lenders = self.lenders_of_code(&code.hash())?;
        let replies = self.tell_all(code).await;
        let named = |which: fn(Told) -> bool| {
            replies.iter().filter(move |(_, told)| which(*told)).map(|(member, _)| member.clone())
        };
        lenders.extend(named(|told| told == Told::Here));
        let (told, not_told) = (named(Told::is_told).collect(), named(|told| !told.is_told()).collect());
        Ok(Presented { is_new, lenders, told, not_told })
    }

    /// Tells every other member of a code. Gives those that now know it.
    pub async fn flood_withdrawal(&self, code: WithdrawalCode) -> Vec<MemberId> {
        let replies = self.tell_all(code).await;
        replies.into_iter().filter(|(_, told)| told.is_told()).map(|(member, _)| member).collect()
    }

    async fn tell_all(&self, code: WithdrawalCode) -> Vec<(MemberId, Told)> {
        let roster = self.roster();
        let others = roster.document().members.iter().filter(|m| m.removed.is_none() && m.id != self.me);
        let calls = others.map(|member| async {
            let told = match self.peers.call(&member.id, Request::Withdraw { code }).await {
                Ok(Reply::Withdrawn) => Told::Taken,
                Ok(Reply::WithdrawnHere) => Told::Here,
                _ => Told::Not,
            };
            (member.id.clone(), told)
        });
        futures_util::future::join_all(calls).await
    }

    /// In whose logs, of those that are here, a consent bears that hash.
    fn lenders_of_code(&self, withdrawal: &Digest) -> Result<BTreeSet<MemberId>, LogError> {
        let mut lenders = BTreeSet::new();
        for owner in self.mirror.owners()? {
            if self.register.has_code(&owner, withdrawal)? {
                lenders.insert(owner);
            }
        }
        Ok(lenders)
    }

    /// Asks a peer for the withdrawals that it has and this node has not asked for yet. Also a sign of life.
    pub async fn fetch_withdrawals(&self, member: &MemberId) -> Result<usize, FetchError> {
        let key = member.to_string();
        let fetched = self.store.get(&FETCHED, &key).map_err(LogError::from)?.unwrap_or(0);
        // The last one that came is asked for again. When it does not come, the peer's list is not the one that was
        // counted, as after a restore, and is read from its beginning.
        let after = fetched.saturating_sub(1);
        let reply = self.peers.call(member, Request::Withdrawals { after }).await?;
        let Reply::Withdrawals { codes } = reply else {
            let what = "not withdrawals".to_owned();
            return Err(PeerError::Misbehaved { member: member.clone(), what }.into());
        };
        self.heard_from(member);
        if codes.len() > WITHDRAWALS_PER_PAGE_MAX {
            let what = "more withdrawals than a page holds".to_owned();
            return Err(PeerError::Misbehaved { member: member.clone(), what }.into());
        }
        let counted = match codes.first() {
            Some(first) => {
                fetched == 0 || self.register.code_presented(&first.hash()).map_err(LogError::from)?
            }
            None => fetched == 0,
        };
        let mut new = 0;
        for code in &codes {
            new += usize::from(self.withdraw(code)?);
        }
        let now_fetched = if counted { after + codes.len() as u64 } else { 0 };
        if now_fetched != fetched {
            let mut batch = StoreBatch::new();
            batch.put(&FETCHED, &key, &now_fetched);
            self.store.commit(batch, Durability::Synced).map_err(LogError::from)?;
        }
        Ok(new)
    }

    /// Takes in a code that a peer tells of. A member speaks for its own consents alone: what it mirrors of others is
    /// theirs to say.
    pub(super) fn serve_withdraw(&self, code: WithdrawalCode) -> Result<(Reply, Afterwards), LogError> {
        let is_new = self.withdraw(&code)?;
        let is_own = self.register.has_code(&self.me, &code.hash())?;
        let afterwards = if is_new { Afterwards::Flood(code) } else { Afterwards::Nothing };
        Ok((if is_own { Reply::WithdrawnHere } else { Reply::Withdrawn }, afterwards))
    }

    pub(super) fn serve_withdrawals(&self, after: u64) -> Result<Reply, LogError> {
        Ok(Reply::Withdrawals { codes: self.register.codes_after(after, WITHDRAWALS_PER_PAGE_MAX)? })
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
