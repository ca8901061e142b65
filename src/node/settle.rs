//! Asking, before the first leaf of a start: how much of this node's log have others seen?
//!
//! A store may be an older copy of itself: a backup that was put back, a machine that was set back to a snapshot, a disk
//! that was replaced. Going on from it would be a second history of the log. So a start asks the witnesses and key
//! holders, who show the newest checkpoint that this node has signed and shown to them. What others lack does not
//! matter. What this copy lacks comes back from them before anything else happens ([`super::recover`]).
//!
//! Who must have answered:
//! - so many witnesses that none of their quorums is without one of them, a majority at most;
//! - so many key holders that no set of them which could have served an inquiry is without one of them. When these are
//!   too few and nobody has shown more than is here, some seconds of patience do instead: a key holder that is away for
//!   weeks must not stop the others' restarts. Once it is known that this is an older copy, all of them are needed, or
//!   the word of a person.

use std::collections::BTreeSet;
use std::time::Duration;

use super::holder::quorum_needed;
use super::recover::RecoverError;
use super::standing::{Phase, Silent, Standing};
use super::tables::RECOVERY;
use super::{Node, PeerError};
use crate::digest::Digest;
use crate::limits::{ASKED_SECONDS_MAX, SETTLE_PATIENCE_SECONDS};
use crate::log::LogError;
use crate::merkle::cosignature::quorum_size;
use crate::merkle::open_checkpoint;
use crate::model::leaf::CheckpointReference;
use crate::model::member::MemberId;
use crate::roster::Roster;
use crate::wire::message::{Reply, Request};

/// When the asking began, and whether a person has said that nobody else is to be waited for.
#[derive(Debug, Default)]
pub(super) struct Settling {
    begun: Option<Duration>,
    word: bool,
}

/// What one member has seen of this node's log.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) member: MemberId,
    /// What this node has signed; none when it was shown nothing.
    pub(super) checkpoint: Option<CheckpointReference>,
    /// Whether it may have seen more.
    current: bool,
}

/// How many of some members must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Needed {
    answers: usize,
    of: usize,
}

impl Needed {
    /// So many that none of the groups of `group` among `of` is without one of them.
    fn in_every_group(of: usize, group: usize) -> Self {
        let answers = if group == 0 { 0 } else { (of + 1).saturating_sub(group).min(of) };
        Self { answers, of }
    }
}

/// Whom a node asks.
struct Askable {
    witnesses: BTreeSet<MemberId>,
    holders: BTreeSet<MemberId>,
    witnesses_needed: Needed,
    holders_needed: Needed,
}

impl Askable {
    fn of(roster: &Roster, me: &MemberId) -> Self {
        let present = |member: &MemberId| roster.member(member).is_some_and(|m| m.removed.is_none());
        let witnesses: BTreeSet<MemberId> =
            roster.witnesses_of(me).into_iter().map(|m| m.id.clone()).filter(|id| id != me).collect();
        let mut holders = BTreeSet::new();
        let mut helping = 0;
        if let Some(epoch) = roster.current_epoch() {
            let own = usize::from(epoch.holders.contains(me));
            helping = usize::from(epoch.threshold).saturating_sub(own);
            holders = epoch.holders.iter().filter(|id| *id != me && present(id)).cloned().collect();
        }
        let quorum = quorum_needed(roster, witnesses.len());
        let mut witnesses_needed = Needed::in_every_group(witnesses.len(), quorum);
        // Where few cosignatures are a quorum, nearly everybody would have to answer.
        witnesses_needed.answers = witnesses_needed.answers.min(quorum_size(witnesses.len()));
        let holders_needed = Needed::in_every_group(holders.len(), helping);
        Self { witnesses, holders, witnesses_needed, holders_needed }
    }

    fn all(&self) -> BTreeSet<MemberId> {
        self.witnesses.union(&self.holders).cloned().collect()
    }
}

impl Node {
    /// Asks once, takes back what others have seen more of this node's log, and begins to work if enough have answered.
    /// Gives where the node stands then. Errors are this node's own trouble.
    pub async fn settle(&self) -> Result<Standing, RecoverError> {
        let mut settling = self.settling.lock().await;
        if self.is_settled() {
            return Ok(self.standing());
        }
        let now = self.clock.elapsed();
        let begun = *settling.begun.get_or_insert(now);
        let roster = self.roster();
        let askable = Askable::of(&roster, &self.me);
        let (mut seen, silent) = self.ask_what_is_seen(&roster, &askable.all()).await;
        let mut troubles = Vec::new();
        // The longest first: most often it has all that the others have.
        seen.sort_by_key(|one| std::cmp::Reverse(one.checkpoint.map(|checkpoint| checkpoint.size)));
        for one in &seen {
            if let Some(checkpoint) = one.checkpoint
                && !self.log_contains(checkpoint)?
                && let Err(error) = self.take_back_from(&one.member, checkpoint, &seen).await
            {
                if let RecoverError::Log(_) = error {
                    return Err(error);
                }
                tracing::warn!(member = %one.member, %error, "leaves of this node's log could not be had back");
                troubles.push(error.to_string());
            }
        }
        let mut missing = None;
        for checkpoint in seen.iter().filter_map(|one| one.checkpoint) {
            if !self.log_contains(checkpoint)? {
                missing = missing.max(Some(checkpoint.size));
            }
        }
        let answered: Vec<MemberId> =
            seen.iter().filter(|one| one.current).map(|one| one.member.clone()).collect();
        let was_behind = self.store.contains(&RECOVERY, &()).map_err(LogError::from)?;
        let is_copy = was_behind || self.store.restored().map_err(LogError::from)?.is_some();
        let patience = now.saturating_sub(begun) >= Duration::from_secs(SETTLE_PATIENCE_SECONDS);
        let waits_for = match missing {
            Some(seen) => Some(format!("the leaves up to {seen} of its log: {}", troubles.join("; "))),
            None if settling.word => None,
            None => waits_for(&askable, &answered, is_copy, patience),
        };
        let standing = Standing {
            phase: if missing.is_some() || is_copy { Phase::Behind } else { Phase::Asking },
            have: self.log.head().size,
            seen: missing,
            answered,
            silent,
            waits_for: waits_for.clone().unwrap_or_default(),
        };
        if waits_for.is_some() {
            self.standing.send_replace(standing.clone());
            return Ok(standing);
        }
        self.begin_to_work(was_behind).await?;
        *settling = Settling::default();
        Ok(self.standing())
    }

    /// A person says that those who have not answered are not to be waited for: they are gone for good, or what they
    /// have seen is known to be here. What others show to be missing is waited for all the same.
    pub async fn settle_without(&self) -> Result<Standing, RecoverError> {
        if !self.is_settled() {
            self.settling.lock().await.word = true;
        }
        self.settle().await
    }

    /// Somebody claims to have seen more of this node's log than there is. When this node's own signature says so, it
    /// stops to work and asks again.
    pub(super) async fn doubt(&self, member: &MemberId) {
        let roster = self.roster();
        let Ok(Seen { checkpoint: Some(checkpoint), .. }) = self.ask_one_what_is_seen(&roster, member).await
        else {
            return;
        };
        if !matches!(self.log_contains(checkpoint), Ok(false)) {
            return;
        }
        tracing::error!(%member, size = checkpoint.size, "has seen more of this node's log than is here");
        self.log.hold();
        self.standing.send_replace(Standing::unasked(self.log.head().size));
    }

    /// Whether the log here went through that state.
    pub(super) fn log_contains(&self, checkpoint: CheckpointReference) -> Result<bool, LogError> {
        Ok(checkpoint.size <= self.log.head().size && self.log.root_at(checkpoint.size)? == checkpoint.root)
    }

    async fn ask_what_is_seen(
        &self,
        roster: &Roster,
        members: &BTreeSet<MemberId>,
    ) -> (Vec<Seen>, Vec<Silent>) {
        let asked = members.iter().map(|member| async {
            let within = Duration::from_secs(ASKED_SECONDS_MAX);
            let answer = tokio::time::timeout(within, self.ask_one_what_is_seen(roster, member)).await;
            let answer = answer.unwrap_or_else(|_| Err(format!("no answer within {ASKED_SECONDS_MAX} s")));
            answer.map_err(|why| Silent { member: member.clone(), why })
        });
        let (mut seen, mut silent) = (Vec::new(), Vec::new());
        for answer in futures_util::future::join_all(asked).await {
            match answer {
                Ok(one) => seen.push(one),
                Err(one) => silent.push(one),
            }
        }
        (seen, silent)
    }

    async fn ask_one_what_is_seen(&self, roster: &Roster, member: &MemberId) -> Result<Seen, String> {
        let reply = self.peers.call(member, Request::OwnLog).await;
        let reply = reply.map_err(|error| match error {
            PeerError::Unreachable { why, .. } => why,
            PeerError::Misbehaved { what, .. } => what,
        })?;
        let (checkpoint, current) = match reply {
            Reply::OwnLog { checkpoint, current } => (checkpoint, current),
            Reply::Unavailable { why } => return Err(why),
            _ => return Err("sent something else than was asked for".to_owned()),
        };
        self.heard_from(member);
        let mut seen = Seen { member: member.clone(), checkpoint: None, current };
        if !checkpoint.is_empty() {
            let key =
                super::holder::log_key(roster, &self.me).map_err(|_| "this node has no key".to_owned())?;
            // What this node has not signed proves nothing.
            let shown = open_checkpoint(&checkpoint, &key)
                .map_err(|error| format!("shows a checkpoint that this node never signed: {error}"))?;
            seen.checkpoint = Some(CheckpointReference { size: shown.size(), root: Digest(*shown.root()) });
        }
        Ok(seen)
    }

    /// What is here of a member's log, for that member.
    pub(super) fn serve_own_log(&self, peer: &MemberId) -> Result<Reply, LogError> {
        let head = self.mirror.head(peer)?;
        let current = self.standing.borrow().phase != Phase::Behind;
        Ok(Reply::OwnLog { checkpoint: head.map(|head| head.checkpoint).unwrap_or_default(), current })
    }
}

/// Whom the node still waits for, in words; none when enough have answered.
fn waits_for(askable: &Askable, answered: &[MemberId], is_copy: bool, patience: bool) -> Option<String> {
    let heard = |of: &BTreeSet<MemberId>| answered.iter().filter(|member| of.contains(*member)).count();
    let (witnesses, holders) = (heard(&askable.witnesses), heard(&askable.holders));
    let Needed { answers, of } = askable.witnesses_needed;
    if witnesses < answers {
        return Some(format!("answers of {answers} of {of} witnesses; {witnesses} have answered"));
    }
    let Needed { answers, of } = askable.holders_needed;
    if holders < answers && (is_copy || !patience) {
        let older = if is_copy { ", for this store is an older copy" } else { "" };
        return Some(format!(
            "answers of {answers} of {of} other key holders{older}; {holders} have answered"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_meet_every_group_that_could_have_seen_more() {
        for of in 0..8_u32 {
            for group in 0..=of {
                let needed = Needed::in_every_group(of as usize, group as usize).answers;
                let meets = |answers: u32| {
                    let sets = |size: u32| (0..1_u32 << of).filter(move |set| set.count_ones() == size);
                    sets(answers).all(|heard| sets(group).all(|seen| group == 0 || heard & seen != 0))
                };
                let fewest = (0..=of).find(|answers| meets(*answers)).unwrap();
                assert_eq!(needed, fewest as usize, "{group} of {of}");
            }
        }
    }
}
