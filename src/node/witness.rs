//! The witness: mirrors other members' logs and cosigns their checkpoints; and the gathering of cosignatures for
//! this node's own log, which no inquiry waits for.

use super::Node;
use super::holder::{log_key, quorum_needed, witness_keys};
use crate::digest::Digest;
use crate::limits::{LEAVES_PER_UPDATE_MAX, LOG_SIZE_CORRECTIONS_MAX};
use crate::log::{LogError, MirrorError, add_cosignature};
use crate::merkle::cosignature::{cosign, witnesses};
use crate::merkle::{Note, open_checkpoint};
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::wire::message::{LogUpdate, Refusal, Reply, Request};

/// Seconds for one witness. What it took by then stays there, so that the next time goes on from it.
const OFFER_SECONDS_MAX: u64 = 60;
/// Requests to one witness for one checkpoint: a backlog of as many pages is caught up in one go.
const PAGES_MAX: usize = 10_000;

impl Node {
    /// Takes leaves of a member's log and cosigns its checkpoint: the newest, or an earlier one of the same tree.
    pub fn serve_witness(&self, peer: &MemberId, update: &LogUpdate) -> Result<Reply, LogError> {
        let refused = |code| Ok(Reply::Refused(Refusal { code, renews: None }));
        let roster = self.roster();
        let Ok(key) = log_key(&roster, peer) else { return refused(RefusalCode::NotPermitted) };
        let now = self.clock.now();
        match self.mirror.take(peer, &key, update, now) {
            Ok(taken) => Ok(Reply::Cosigned { cosignature: self.cosign(&taken.note, now) }),
            Err(MirrorError::Size { have }) => Ok(Reply::LogSize { have }),
            Err(MirrorError::Log(error)) => Err(error),
            Err(MirrorError::Refused(RefusalCode::OldCheckpoint)) => {
                // An earlier state of the tree that is mirrored here is as true as it was then, and no later: with
                // the time of now on it, whoever shows two holders two histories could keep both in use for ever.
                match open_checkpoint(&update.checkpoint, &key) {
                    Ok(old) if self.mirror.root_at(peer, old.size())? == Digest(*old.root()) => {
                        match self.mirror.superseded(peer, old.size()) {
                            Some(then) => {
                                Ok(Reply::Cosigned { cosignature: self.cosign(&update.checkpoint, then) })
                            }
                            // Longer ago than is remembered: it may go on from where this copy stands.
                            None => match self.mirror.head(peer)? {
                                Some(head) => Ok(Reply::LogSize { have: head.size }),
                                None => refused(RefusalCode::OldCheckpoint),
                            },
                        }
                    }
                    _ => refused(RefusalCode::InconsistentLog),
                }
            }
            Err(MirrorError::Refused(code)) => refused(code),
        }
    }

    /// Offers the newest checkpoint of this node's log to every witness, and keeps it when the quorum is complete.
    /// Gives how many have cosigned and how many must.
    pub async fn gather_quorum(&self) -> Result<(usize, usize), LogError> {
        let roster = self.roster();
        let keys = witness_keys(&roster, &self.me);
        let needed = quorum_needed(&roster, keys.len());
        let head = self.log.head();
        let mut note = head.checkpoint.clone();
        let others: Vec<MemberId> = roster.witnesses_of(&self.me).iter().map(|m| m.id.clone()).collect();
        for member in others {
            if member == self.me {
                let line = Note::parse(&note).ok().and_then(|n| {
                    cosign(n.text(), self.clock.now(), &self.cosigner).ok().map(|line| line.to_string())
                });
                if let Some(more) = line.and_then(|line| add_cosignature(&note, &line, &keys)) {
                    note = more;
                }
                continue;
            }
            // One that keeps asking for more, or answers slowly, must not keep the others from being asked.
            let within = std::time::Duration::from_secs(OFFER_SECONDS_MAX);
            let offered = tokio::time::timeout(within, self.offer(&member, head.size)).await;
            if let Some(line) = offered.unwrap_or(Ok(None))?
                && let Some(more) = add_cosignature(&note, &line, &keys)
            {
                note = more;
            }
        }
        self.log.keep_cosignatures(&note, &keys)?;
        let count = Note::parse(&note).ok().and_then(|n| witnesses(&n, &keys).ok()).map_or(0, |w| w.count());
        if count >= needed {
            self.log.keep_quorum(note)?;
        }
        Ok((count, needed))
    }

    /// Keeps the cosignature that came with a holder's answer, of the checkpoint that was shown to it. One that does not
    /// verify is no reason to refuse the answer, and is not kept.
    pub(super) fn keep_cosignature(
        &self,
        holder: &MemberId,
        shown: &[u8],
        line: &str,
    ) -> Result<(), LogError> {
        let roster = self.roster();
        let Some(Ok(key)) = roster.member(holder).map(|member| member.cosigner_key.parse()) else {
            return Ok(());
        };
        match add_cosignature(shown, line, std::slice::from_ref(&key)) {
            Some(note) => self.log.keep_cosignatures(&note, &[key]),
            None => Ok(()),
        }
    }

    /// Brings a witness up to `size` and gives its cosignature of the checkpoint of that size; none when it is away or
    /// refuses.
    async fn offer(&self, member: &MemberId, size: u64) -> Result<Option<String>, LogError> {
        let mut line = self.askers.line(member).await;
        let mut corrections = 0;
        for _ in 0..PAGES_MAX {
            let from = line.size.min(size);
            let page = usize::try_from(size - from).unwrap_or(usize::MAX).min(LEAVES_PER_UPDATE_MAX);
            let update = self.log.update_from(from, page)?;
            let reached = from + update.leaves.len() as u64;
            match self.peers.call(member, Request::Witness(update)).await {
                Ok(Reply::Cosigned { cosignature }) => {
                    self.heard_from(member);
                    line.size = reached;
                    if reached == size {
                        return Ok(Some(cosignature));
                    }
                }
                Ok(Reply::LogSize { have }) => {
                    line.size = have;
                    corrections += 1;
                    if have > self.log.head().size {
                        self.doubt(member).await;
                    }
                    // It has passed this state, longer ago than it remembers: the next one is cosigned again. Or it
                    // says another size every time.
                    if have == from || have > size || corrections > LOG_SIZE_CORRECTIONS_MAX {
                        return Ok(None);
                    }
                }
                Ok(Reply::Refused(Refusal { code: RefusalCode::InconsistentLog, .. })) => {
                    self.doubt(member).await;
                    return Ok(None);
                }
                _ => return Ok(None),
            }
        }
        Ok(None)
    }
}
