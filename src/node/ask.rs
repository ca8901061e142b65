//! Asking key holders: brings each up to date with this node's log, sends the points, checks what comes back, and
//! goes on to the next holder when one is away, refuses or lies.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::holder::{log_key, witness_keys};
use super::{Node, PeerError};
use crate::audit::keys::{commitment, key_context};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::limits::{HOLDER_SECONDS_MAX, LEAVES_PER_UPDATE_MAX, LOG_SIZE_CORRECTIONS_MAX};
use crate::log::{LogError, add_cosignature};
use crate::merkle::{leaf_hash, open_checkpoint, verify_inclusion};
use crate::model::answer::Witnessed;
use crate::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, RefusalCode};
use crate::model::member::MemberId;
use crate::roster::{Epoch, Roster};
use crate::threshold::{Evaluation, HolderIndex, KeyName, Point, points_digest, verify_evaluation};
use crate::wire::message::{EvaluateRequest, Evaluated, Reply, Request};

/// Rounds of "send from there" with one holder: a few when leaves are appended meanwhile, many after long absence.
const ROUNDS_MAX: usize = 10_000;

/// What one holder has of this node's log; one exchange with it at a time.
#[derive(Debug)]
pub(super) struct HolderLine {
    /// Leaves that it is believed to have.
    pub(super) size: u64,
}

impl Default for HolderLine {
    /// It is believed to have everything until it says what it has. From the other end, a long log would be shown to it
    /// page by page in states that it has passed, which it refuses.
    fn default() -> Self {
        Self { size: u64::MAX }
    }
}

/// One line to each holder.
#[derive(Debug, Default)]
pub(super) struct HolderLines {
    lines: Mutex<BTreeMap<MemberId, Arc<tokio::sync::Mutex<HolderLine>>>>,
}

impl HolderLines {
    pub(super) async fn line(&self, member: &MemberId) -> tokio::sync::OwnedMutexGuard<HolderLine> {
        let line = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lines.entry(member.clone()).or_default())
        };
        line.lock_owned().await
    }
}

/// What was wrong with one holder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolderTrouble {
    /// It cannot be reached.
    #[error("cannot be reached: {0}")]
    Away(String),
    /// It refuses.
    #[error("refuses: {code:?}{}", renews.map(|t| format!(", until {t}")).unwrap_or_default())]
    Refused {
        /// Why.
        code: RefusalCode,
        /// When a spent quota renews.
        renews: Option<UnixTime>,
    },
    /// It answered wrongly, and its own logged leaf says so.
    #[error("answered wrongly: {0}")]
    Wrong(String),
}

/// Why there are not enough evaluations.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// No keys were dealt yet.
    #[error("this network has no keys yet: the operator deals them with `tally network deal-keys`")]
    NoKeys,
    /// This lender has asked for more identifiers than it published, and every holder would refuse.
    #[error(
        "more identifiers were located than published within the policy's days (quotas.unpublished_points): others wait \
         until days are over, or the policy allows more"
    )]
    AheadOfFeed,
    /// Too few holders helped.
    #[error(
        "{answered} of the {needed} key holders that are needed answered; {}",
        troubles.iter().map(|(m, t)| format!("{m} {t}")).collect::<Vec<_>>().join("; ")
    )]
    TooFew {
        /// How many must help.
        needed: usize,
        /// How many did.
        answered: usize,
        /// What was wrong with the others.
        troubles: Vec<(MemberId, HolderTrouble)>,
    },
}

impl AskError {
    /// The refusal, when refusals are what stood in the way and all have one reason.
    pub fn refusal(&self) -> Option<RefusalCode> {
        let Self::TooFew { troubles, .. } = self else { return None };
        let mut codes = troubles.iter().filter_map(|(_, trouble)| match trouble {
            HolderTrouble::Refused { code, .. } => Some(*code),
            _ => None,
        });
        let first = codes.next()?;
        codes.all(|code| code == first).then_some(first)
    }

    /// Whether so many key holders refused for a reason that lies in the request and never changes that too few are
    /// left. Not one of them alone: it might lie.
    pub(super) fn is_for_good(&self, epoch: &Epoch) -> bool {
        let Self::TooFew { needed, troubles, .. } = self else { return false };
        let for_good = |trouble: &HolderTrouble| {
            let HolderTrouble::Refused { code, .. } = trouble else { return false };
            matches!(code, RefusalCode::WrongLeaf | RefusalCode::WrongPoints | RefusalCode::BadPoints)
        };
        let refused = troubles.iter().filter(|(_, trouble)| for_good(trouble)).count();
        epoch.holders.len().saturating_sub(refused) < *needed
    }
}

/// What is asked.
pub(super) struct Ask<'a> {
    pub(super) transaction: TransactionId,
    pub(super) evaluation: EvaluationKind,
    pub(super) leaf: LeafReference,
    pub(super) points: &'a [Point],
    /// Holders that are not to be asked, for they were caught.
    pub(super) without: &'a [MemberId],
}

/// What one holder gave.
#[derive(Clone, Debug)]
pub(super) struct Helped {
    pub(super) member: MemberId,
    pub(super) index: HolderIndex,
    pub(super) results: Vec<Point>,
    pub(super) reply: Evaluated,
    /// This node's checkpoint that it saw, with its cosignature; none of the own share.
    pub(super) witnessed: Option<Vec<u8>>,
}

impl Helped {
    /// What an answer says of it.
    pub(super) fn as_witness(&self) -> Option<Witnessed> {
        let note = String::from_utf8(self.witnessed.clone()?).ok()?;
        Some(Witnessed { member: self.member.clone(), note })
    }
}

impl Node {
    /// Evaluations of exactly the threshold's number of holders, each checked against its own log, and for the locate
    /// and footprint keys against its commitment. This node's own share comes first.
    pub(super) async fn ask_holders(&self, epoch: &Epoch, ask: &Ask<'_>) -> Result<Vec<Helped>, AskError> {
        let needed = usize::from(epoch.threshold);
        let mut waiting: Vec<MemberId> = epoch.holders.clone();
        waiting.retain(|holder| !ask.without.contains(holder));
        // The own share costs no round trip; then those heard from last.
        waiting.sort_by_key(|holder| (holder != &self.me, std::cmp::Reverse(self.contacts.last(holder))));
        let mut waiting = waiting.into_iter();
        let mut helped = Vec::with_capacity(needed);
        let mut troubles = Vec::new();
        while helped.len() < needed {
            let next: Vec<MemberId> = waiting.by_ref().take(needed - helped.len()).collect();
            if next.is_empty() {
                return Err(AskError::TooFew { needed, answered: helped.len(), troubles });
            }
            let asked = next.iter().map(|holder| self.ask_one(epoch, ask, holder));
            let answers = futures_util::future::join_all(asked).await;
            for (holder, answer) in next.into_iter().zip(answers) {
                match answer? {
                    Ok(help) => helped.push(help),
                    Err(trouble) => {
                        tracing::warn!(%holder, %trouble, "key holder did not help");
                        troubles.push((holder, trouble));
                    }
                }
            }
        }
        Ok(helped)
    }

    async fn ask_one(
        &self,
        epoch: &Epoch,
        ask: &Ask<'_>,
        holder: &MemberId,
    ) -> Result<Result<Helped, HolderTrouble>, LogError> {
        let points: Vec<[u8; 32]> = ask.points.iter().map(Point::to_bytes).collect();
        let (reply, shown) = if holder == &self.me {
            let request = Self::request(epoch, ask, points, self.log.update_from(self.log.head().size, 0)?);
            (self.serve_evaluation(holder, &request)?, None)
        } else {
            // What it took of the log by then stays there, so that the next time goes on from it.
            let within = std::time::Duration::from_secs(HOLDER_SECONDS_MAX);
            let exchanged = tokio::time::timeout(within, self.exchange(epoch, ask, points, holder)).await;
            let Ok(exchanged) = exchanged else {
                let why = format!("did not help within {HOLDER_SECONDS_MAX} s");
                return Ok(Err(HolderTrouble::Away(why)));
            };
            match exchanged? {
                Ok((reply, shown)) => (reply, Some(shown)),
                // Whoever shows the trouble names the member.
                Err(PeerError::Unreachable { why, .. }) => return Ok(Err(HolderTrouble::Away(why))),
                Err(PeerError::Misbehaved { what, .. }) => {
                    return Ok(Err(HolderTrouble::Away(format!("it sent what is no reply: {what}"))));
                }
            }
        };
        Ok(match reply {
            Reply::Evaluated(evaluated) => {
                let mut witnessed = None;
                if let Some(shown) = shown {
                    witnessed = self.witnessed(&shown, holder, &evaluated.cosignature)?;
                    if witnessed.is_none() {
                        let what = "its cosignature of this log is not valid".to_owned();
                        return Ok(Err(HolderTrouble::Wrong(what)));
                    }
                }
                let helped = self.check_help(epoch, ask, holder, *evaluated);
                helped.map(|helped| Helped { witnessed, ..helped })
            }
            Reply::Refused(refusal) => {
                Err(HolderTrouble::Refused { code: refusal.code, renews: refusal.renews })
            }
            Reply::Unavailable { why } => Err(HolderTrouble::Away(why)),
            _ => Err(HolderTrouble::Wrong("its reply is of another kind".to_owned())),
        })
    }

    /// The checkpoint that a holder was shown, with its cosignature; none if that does not verify. Kept for who reads
    /// the log.
    fn witnessed(&self, shown: &[u8], holder: &MemberId, line: &str) -> Result<Option<Vec<u8>>, LogError> {
        let roster = self.roster();
        let key = roster.member(holder).and_then(|member| member.cosigner_key.parse().ok());
        let Some(note) = key.and_then(|key| add_cosignature(shown, line, &[key])) else { return Ok(None) };
        if note == shown {
            return Ok(None);
        }
        self.log.keep_cosignatures(&note, &witness_keys(&roster, &self.me))?;
        Ok(Some(note))
    }

    fn request(
        epoch: &Epoch,
        ask: &Ask<'_>,
        points: Vec<[u8; 32]>,
        update: crate::wire::message::LogUpdate,
    ) -> EvaluateRequest {
        EvaluateRequest {
            transaction: ask.transaction,
            evaluation: ask.evaluation,
            epoch: epoch.epoch,
            generation: epoch.generation,
            leaf: ask.leaf,
            points,
            update,
        }
    }

    /// Brings a holder up to the newest checkpoint and sends it the request with the last leaves. Gives the reply, and
    /// the checkpoint that went with the request.
    async fn exchange(
        &self,
        epoch: &Epoch,
        ask: &Ask<'_>,
        points: Vec<[u8; 32]>,
        holder: &MemberId,
    ) -> Result<Result<(Reply, Vec<u8>), PeerError>, LogError> {
        let mut line = self.askers.line(holder).await;
        let mut corrections = 0;
        for _ in 0..ROUNDS_MAX {
            let head = self.log.head();
            let from = line.size.min(head.size);
            let update = self.log.update_from(from, LEAVES_PER_UPDATE_MAX)?;
            let reached = from + update.leaves.len() as u64;
            // A long backlog goes ahead; the request comes with the page that covers its leaf.
            let covered = ask.leaf.index < reached;
            let shown = update.checkpoint.clone();
            let request = if covered {
                let request = Self::request(epoch, ask, points.clone(), update);
                Request::Evaluate(Box::new(request))
            } else {
                Request::Witness(update)
            };
            match self.peers.call(holder, request).await {
                Ok(Reply::LogSize { have }) if have > self.log.head().size => {
                    self.doubt(holder).await;
                    let what =
                        format!("has {have} leaves of this log, which is shorter: is this a restored copy?");
                    return Ok(Err(PeerError::Misbehaved { member: holder.clone(), what }));
                }
                Ok(Reply::LogSize { have }) => {
                    line.size = have;
                    corrections += 1;
                    if corrections > LOG_SIZE_CORRECTIONS_MAX {
                        break;
                    }
                }
                Ok(Reply::Cosigned { .. }) if !covered => line.size = reached,
                Ok(reply) => {
                    self.heard_from(holder);
                    // A refusal may have come before the update was taken: then the next exchange asks again.
                    if let Reply::Evaluated(evaluated) = &reply {
                        line.size = reached;
                        self.keep_cosignature(holder, &shown, &evaluated.cosignature)?;
                    }
                    return Ok(Ok((reply, shown)));
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        let what = "never agrees on the size of this log".to_owned();
        Ok(Err(PeerError::Misbehaved { member: holder.clone(), what }))
    }

    /// Right kind, number, encodings, proof, and a leaf of the holder's own log that says just this.
    fn check_help(
        &self,
        epoch: &Epoch,
        ask: &Ask<'_>,
        holder: &MemberId,
        reply: Evaluated,
    ) -> Result<Helped, HolderTrouble> {
        let wrong = |what: &str| Err(HolderTrouble::Wrong(what.to_owned()));
        let roster = self.roster();
        let Some(index) = epoch.index_of(holder).and_then(|index| HolderIndex::new(index).ok()) else {
            return wrong("it is no holder of this epoch");
        };
        let Ok(results) = reply.results.iter().map(Point::from_bytes).collect::<Result<Vec<_>, _>>() else {
            return wrong("a result is not a canonical point");
        };
        if results.len() != ask.points.len() {
            return wrong("it returned another number of points");
        }
        if !self.evidence_holds(&roster, epoch, ask, holder, &results, &reply) {
            return wrong("its log leaf does not say what it answered");
        }
        let key = match ask.evaluation {
            EvaluationKind::Reporting | EvaluationKind::Locate => KeyName::Locate,
            EvaluationKind::Footprint => KeyName::Footprint,
            EvaluationKind::Open => {
                return Ok(Helped { member: holder.clone(), index, results, reply, witnessed: None });
            }
        };
        let context = key_context(&roster, key, epoch.epoch, epoch.generation, index);
        let (Some(commitment), Some(proof)) = (commitment(&roster, key, epoch.epoch, index), reply.proof)
        else {
            return wrong("it gave no proof");
        };
        let evaluation = Evaluation { elements: results, proof };
        if verify_evaluation(&commitment, &context, ask.points, &evaluation).is_err() {
            return wrong("its proof does not hold");
        }
        Ok(Helped { member: holder.clone(), index, results: evaluation.elements, reply, witnessed: None })
    }

    fn evidence_holds(
        &self,
        roster: &Roster,
        epoch: &Epoch,
        ask: &Ask<'_>,
        holder: &MemberId,
        results: &[Point],
        reply: &Evaluated,
    ) -> bool {
        let evidence = &reply.evidence;
        let Ok(key) = log_key(roster, holder) else { return false };
        let Ok(checkpoint) = open_checkpoint(&evidence.checkpoint, &key) else { return false };
        let hash = leaf_hash(&evidence.leaf);
        let (index, size) = (evidence.index, checkpoint.size());
        if verify_inclusion(index, size, &hash, &evidence.proof, checkpoint.root()).is_err() {
            return false;
        }
        let Ok(leaf) = Leaf::from_bytes(&evidence.leaf) else { return false };
        let LeafBody::EvaluationServed {
            peer,
            evaluation,
            epoch: e,
            generation,
            leaf: asked,
            points,
            results: r,
            ..
        } = &leaf.body
        else {
            return false;
        };
        leaf.transaction == ask.transaction
            && peer == &self.me
            && *evaluation == ask.evaluation
            && (*e, *generation) == (epoch.epoch, epoch.generation)
            && *asked == ask.leaf
            && points.digest == Digest(points_digest(ask.points))
            && r.digest == Digest(points_digest(results))
    }
}
