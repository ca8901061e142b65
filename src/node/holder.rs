//! The key holder: evaluates only against proof that the asker's own log already says so.
//!
//! The checks stand in the order of `docs/PROTOCOL.md`. Passing them all gives a [`Permitted`], which nothing else
//! makes, and only a [`Permitted`] is evaluated. A refusal is logged here too.

use super::quotas::{Charge, Spent};
use super::tables::{SERVED, Served};
use super::{Node, growth};
use crate::audit::keys::key_context;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, hash};
use crate::limits::POINTS_PER_BATCH_MAX;
use crate::log::{ConsentEntry, LogError, MirrorError, Quorum, check_quorum};
use crate::merkle::cosignature::{CosignerVerifierKey, cosign, quorum_size};
use crate::merkle::{VerifierKey, leaf_hash};
use crate::model::consent::ConsentState;
use crate::model::leaf::{
    CheckpointReference, EvaluationKind, LawfulGround, Leaf, LeafBody, LeafReference, PointsReference,
    RefusalCode,
};
use crate::model::member::MemberId;
use crate::roster::{Role, Roster};
use crate::threshold::{
    DleqProof, KeyContext, KeyName, KeyShare, Point, evaluate, partial_open, points_digest, prove_opening,
};
use crate::wire::message::{EvaluateRequest, Evaluated, LogUpdate, Refusal, Reply, ServedEvidence};

/// Why a request is not served.
pub(super) enum Stop {
    /// This node's own trouble.
    Log(LogError),
    /// The asker's update begins at another size than this mirror has.
    Size(u64),
    /// Refused.
    Refused(RefusalCode, Option<UnixTime>),
}

impl From<LogError> for Stop {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<crate::store::StoreError> for Stop {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl From<MirrorError> for Stop {
    fn from(error: MirrorError) -> Self {
        match error {
            MirrorError::Log(error) => Self::Log(error),
            MirrorError::Size { have } => Self::Size(have),
            MirrorError::Refused(code) => Self::Refused(code, None),
        }
    }
}

fn refuse<T>(code: RefusalCode) -> Result<T, Stop> {
    Err(Stop::Refused(code, None))
}

/// A request that passed every check.
struct Permitted<'a> {
    share: &'a KeyShare,
    context: KeyContext,
    points: Vec<Point>,
    digest: Digest,
    /// The asker's checkpoint, as it stands in the own leaf.
    checkpoint: CheckpointReference,
    /// The asker's note, which is cosigned; none when this node asks itself.
    note: Option<Vec<u8>>,
    /// What the evaluation costs; none on a retry.
    charge: Option<Charge>,
    /// The leaf of the first time, on a retry.
    served: Option<Served>,
}

fn key_of(evaluation: EvaluationKind) -> KeyName {
    match evaluation {
        EvaluationKind::Reporting | EvaluationKind::Locate => KeyName::Locate,
        EvaluationKind::Footprint => KeyName::Footprint,
        EvaluationKind::Open => KeyName::Open,
    }
}

/// What the policy asks of the witnesses of a member's log.
pub(super) fn witness_keys(roster: &Roster, owner: &MemberId) -> Vec<CosignerVerifierKey> {
    let members = roster.witnesses_of(owner);
    members.into_iter().filter_map(|member| member.cosigner_key.parse().ok()).collect()
}

/// How many of them.
pub(super) fn quorum_needed(roster: &Roster, witnesses: usize) -> usize {
    match roster.policy().log.quorum {
        // A log whose owner is a witness itself has one fewer to ask.
        Some(needed) => (needed as usize).min(witnesses.max(1)),
        None => quorum_size(witnesses),
    }
}

impl Node {
    /// Answers a request for evaluations. Blocks for an fsync or two.
    pub fn serve_evaluation(&self, peer: &MemberId, request: &EvaluateRequest) -> Result<Reply, LogError> {
        match self.permit(peer, request) {
            Ok(permitted) => self.evaluate_permitted(peer, request, permitted),
            Err(Stop::Log(error)) => Err(error),
            Err(Stop::Size(have)) => Ok(Reply::LogSize { have }),
            Err(Stop::Refused(code, renews)) if !self.quotas.refuse(peer, self.clock.now()) => {
                Ok(Reply::Refused(Refusal { code, renews }))
            }
            Err(Stop::Refused(code, renews)) => {
                let body = LeafBody::EvaluationRefused {
                    peer: peer.clone(),
                    evaluation: request.evaluation,
                    reason: code,
                };
                self.log.append_one(Leaf::new(self.clock.now(), request.transaction, body))?;
                Ok(Reply::Refused(Refusal { code, renews }))
            }
        }
    }

    fn permit(&self, peer: &MemberId, request: &EvaluateRequest) -> Result<Permitted<'_>, Stop> {
        let roster = self.roster();
        let now = self.clock.now();
        let allowed = roster.member(peer).is_some_and(|member| member.has(Role::Lender));
        if !allowed {
            return refuse(RefusalCode::NotPermitted);
        }
        if self.is_isolated(peer) {
            return refuse(RefusalCode::Isolated);
        }
        let (checkpoint, note) = self.take_log(&roster, peer, &request.update, now)?;
        let leaf = self.leaf_of(peer, &request.leaf, checkpoint.size)?;
        let (share, context) = self.share_for(&roster, request)?;
        let (points, consent) = self.permission(&leaf, peer, request, &roster, now)?;
        let decoded = decode_points(&request.points)?;
        let digest = Digest(points_digest(&decoded));
        if points.count as usize != decoded.len() || points.digest != digest {
            return refuse(RefusalCode::WrongPoints);
        }
        let served =
            self.store.get(&SERVED, &served_key(peer, request.transaction, request.evaluation, digest))?;
        if served.is_some_and(|served| served.leaf != request.leaf) {
            return refuse(RefusalCode::WrongPoints);
        }
        let charge = match served {
            Some(_) => None,
            None => Some(self.charge(peer, request, consent, &roster, now)?),
        };
        Ok(Permitted { share, context, points: decoded, digest, checkpoint, note, charge, served })
    }

    /// The asker's log up to its newest checkpoint: signature, consistency, witnesses.
    fn take_log(
        &self,
        roster: &Roster,
        peer: &MemberId,
        update: &LogUpdate,
        now: UnixTime,
    ) -> Result<(CheckpointReference, Option<Vec<u8>>), Stop> {
        if peer == &self.me {
            let head = self.log.head();
            return Ok((CheckpointReference { size: head.size, root: head.root }, None));
        }
        let key = log_key(roster, peer)?;
        let taken = self.mirror.take(peer, &key, update, now)?;
        let witnesses = witness_keys(roster, peer);
        let policy = &roster.policy().log;
        let quorum = Quorum {
            witnesses: &witnesses,
            needed: quorum_needed(roster, witnesses.len()),
            age_seconds_max: i64::from(policy.quorum_age_seconds_max),
            skew_seconds: i64::from(policy.skew_seconds),
        };
        match check_quorum(&update.quorum, &key, &quorum, now) {
            Ok(seen) => {
                let behind = seen.size <= taken.checkpoint.size;
                if !behind || self.mirror.root_at(peer, seen.size)? != seen.root {
                    return refuse(RefusalCode::InconsistentLog);
                }
            }
            // A log that shows none, and that this holder has known for less than the allowed age, had no time to
            // gather one.
            Err(_)
                if update.quorum.is_empty()
                    && now.seconds_since(taken.first_seen) <= quorum.age_seconds_max => {}
            Err(_) => return refuse(RefusalCode::NoQuorum),
        }
        Ok((taken.checkpoint, Some(taken.note)))
    }

    fn leaf_of(&self, peer: &MemberId, wanted: &LeafReference, size: u64) -> Result<Leaf, Stop> {
        if wanted.index >= size {
            return refuse(RefusalCode::LeafMissing);
        }
        let Some(bytes) = self.mirror.leaf(peer, wanted.index)? else {
            return refuse(RefusalCode::LeafMissing);
        };
        if Digest(leaf_hash(&bytes)) != wanted.hash {
            return refuse(RefusalCode::LeafMissing);
        }
        Leaf::from_bytes(&bytes).or_else(|_| refuse(RefusalCode::WrongLeaf))
    }

    fn share_for(&self, roster: &Roster, request: &EvaluateRequest) -> Result<(&KeyShare, KeyContext), Stop> {
        let key = key_of(request.evaluation);
        let known = roster.epoch(request.epoch).filter(|epoch| epoch.generation == request.generation);
        match (known, self.shares.get(key, request.epoch, request.generation)) {
            (Some(_), Some(share)) => {
                let context = key_context(roster, key, request.epoch, request.generation, share.index());
                Ok((share, context))
            }
            _ => refuse(RefusalCode::WrongKey),
        }
    }

    /// What the leaf permits: its points, and the consent that they are counted under.
    fn permission(
        &self,
        leaf: &Leaf,
        peer: &MemberId,
        request: &EvaluateRequest,
        roster: &Roster,
        now: UnixTime,
    ) -> Result<(PointsReference, Option<u64>), Stop> {
        let skew = i64::from(roster.policy().log.skew_seconds);
        if leaf.transaction != request.transaction {
            return refuse(RefusalCode::WrongLeaf);
        }
        match (&leaf.body, request.evaluation) {
            (LeafBody::ReportingBatch { epoch, points }, EvaluationKind::Reporting) => {
                if *epoch != request.epoch {
                    return refuse(RefusalCode::WrongKey);
                }
                Ok((*points, None))
            }
            (
                LeafBody::ConsentGiven { epoch, locate, footprint, ground, .. },
                kind @ (EvaluationKind::Locate | EvaluationKind::Footprint),
            ) => {
                if *epoch != request.epoch {
                    return refuse(RefusalCode::WrongKey);
                }
                let index = request.leaf.index;
                let Some(consent) = self.register.consent(peer, index)? else {
                    return refuse(RefusalCode::NoConsent);
                };
                self.check_terms(&consent, ground.as_ref(), roster, now)?;
                Ok((if kind == EvaluationKind::Locate { *locate } else { *footprint }, Some(index)))
            }
            (
                LeafBody::InquiryOpened { consent, r#use, purpose, epoch, points, .. },
                EvaluationKind::Open,
            ) => {
                if *epoch != request.epoch {
                    return refuse(RefusalCode::WrongKey);
                }
                let Some(entry) = self.register.consent(peer, consent.index)? else {
                    return refuse(RefusalCode::NoConsent);
                };
                // Inclusion of both leaves: the consent that the register knows is the one that is named.
                if entry.hash != consent.hash || consent.index >= request.leaf.index {
                    return refuse(RefusalCode::NoConsent);
                }
                if entry.terms.purpose != *purpose {
                    return refuse(RefusalCode::WrongPurpose);
                }
                let ground = self.ground_of(peer, consent)?;
                self.check_terms(&entry, ground.as_ref(), roster, now)?;
                let age = now.seconds_since(leaf.time);
                if age < -skew || age > skew.max(retry_seconds(roster)) {
                    return refuse(RefusalCode::ClockSkew);
                }
                let spent = self.register.spent(peer, consent.index, *r#use)?;
                let this_one = spent.is_some_and(|spent| spent.opening == request.leaf.index);
                if *r#use == 0 || *r#use > entry.terms.uses || !this_one {
                    return refuse(RefusalCode::UsedUp);
                }
                Ok((*points, Some(consent.index)))
            }
            _ => refuse(RefusalCode::WrongLeaf),
        }
    }

    /// The lawful ground that stands in for consent in a consent leaf of which the register knows the hash.
    fn ground_of(&self, peer: &MemberId, consent: &LeafReference) -> Result<Option<LawfulGround>, Stop> {
        match self.leaf_of(peer, consent, consent.index.saturating_add(1))?.body {
            LeafBody::ConsentGiven { ground, .. } => Ok(ground),
            _ => refuse(RefusalCode::NoConsent),
        }
    }

    /// Period by this node's own clock, the leaf's time within the skew, and no withdrawal known anywhere.
    fn check_terms(
        &self,
        consent: &ConsentEntry,
        ground: Option<&LawfulGround>,
        roster: &Roster,
        now: UnixTime,
    ) -> Result<(), Stop> {
        let skew = i64::from(roster.policy().log.skew_seconds);
        // Its owner wrote the terms alone.
        if !roster.policy().consent.allows(&consent.terms, ground.map(|ground| ground.name.as_str())) {
            return refuse(RefusalCode::NotPermitted);
        }
        if consent.time.seconds_since(now) > skew {
            return refuse(RefusalCode::ClockSkew);
        }
        if now.plus_seconds(skew) < consent.terms.from {
            return refuse(RefusalCode::NotYetValid);
        }
        // Uses are judged by the opening leaf; here only what ends a consent for every use.
        let unspent = ConsentEntry { uses_opened: 0, ..consent.clone() };
        match self.register.state(&unspent, now)? {
            ConsentState::Withdrawn => refuse(RefusalCode::Withdrawn),
            ConsentState::Expired => refuse(RefusalCode::Expired),
            _ => Ok(()),
        }
    }

    fn charge(
        &self,
        peer: &MemberId,
        request: &EvaluateRequest,
        consent: Option<u64>,
        roster: &Roster,
        now: UnixTime,
    ) -> Result<Charge, Stop> {
        let quotas = &roster.policy().quotas;
        if request.evaluation == EvaluationKind::Reporting {
            let days = self.register.reported(peer, quotas.unpublished_days)?;
            if let Some(day) = growth::renews(&days, quotas) {
                return Err(Stop::Refused(RefusalCode::AheadOfFeed, Some(day.start())));
            }
        }
        let points = request.points.len();
        match self.quotas.charge(peer, request.evaluation, points, consent, roster.policy(), now) {
            Ok(charge) => Ok(charge),
            Err(Spent::Store(error)) => Err(error.into()),
            Err(Spent::Until(renews)) => Err(Stop::Refused(RefusalCode::QuotaSpent, renews)),
        }
    }

    fn evaluate_permitted(
        &self,
        peer: &MemberId,
        request: &EvaluateRequest,
        permitted: Permitted<'_>,
    ) -> Result<Reply, LogError> {
        let Permitted { share, context, points, digest, checkpoint, note, charge, served } = permitted;
        let (results, proof) = if context.key == KeyName::Open {
            (partial_open(share, &points).expect("the batch was checked"), None)
        } else {
            let made = evaluate(share, &points, &context, &*self.entropy).expect("the batch was checked");
            (made.elements, Some(made.proof))
        };
        let own_leaf = if let Some(served) = served {
            served.own_leaf
        } else {
            let count = u32::try_from(points.len()).unwrap_or(u32::MAX);
            let body = LeafBody::EvaluationServed {
                peer: peer.clone(),
                evaluation: request.evaluation,
                epoch: request.epoch,
                generation: request.generation,
                leaf: request.leaf,
                checkpoint,
                points: PointsReference { count, digest },
                results: PointsReference { count, digest: Digest(points_digest(&results)) },
            };
            self.append_served(peer, request, digest, body, charge)?
        };
        let evidence = self.evidence(own_leaf)?;
        let cosignature = note.map(|note| self.cosign(&note, self.clock.now())).unwrap_or_default();
        let results = results.iter().map(Point::to_bytes).collect();
        Ok(Reply::Evaluated(Box::new(Evaluated { results, proof, evidence, cosignature })))
    }

    /// The own leaf, the quota and the note of what was served, in one synced write: then the answer goes out.
    fn append_served(
        &self,
        peer: &MemberId,
        request: &EvaluateRequest,
        points: Digest,
        body: LeafBody,
        charge: Option<Charge>,
    ) -> Result<u64, LogError> {
        let leaf = Leaf::new(self.clock.now(), request.transaction, body);
        let key = served_key(peer, request.transaction, request.evaluation, points);
        let asked = request.leaf;
        let appended = self.log.append(Box::new(move |index, batch| {
            batch.put(&SERVED, &key, &Served { leaf: asked, own_leaf: index });
            if let Some(charge) = charge {
                charge.write(batch);
            }
            Ok(vec![leaf])
        }))?;
        Ok(appended.leaves.first().map_or(0, |leaf| leaf.index))
    }

    fn evidence(&self, index: u64) -> Result<ServedEvidence, LogError> {
        let head = self.log.head();
        let leaf = self.log.leaves(index, 1)?.pop().unwrap_or_default();
        let proof = self.log.inclusion_proof(index, head.size)?;
        Ok(ServedEvidence { leaf, index, proof, checkpoint: head.checkpoint })
    }

    /// This node's cosignature of a checkpoint that was the newest it had stored at `time`.
    pub(super) fn cosign(&self, note: &[u8], time: UnixTime) -> String {
        let text = crate::merkle::Note::parse(note).map(|note| note.text().to_owned());
        let line = text.ok().and_then(|text| cosign(&text, time, &self.cosigner).ok());
        line.map(|line| line.to_string()).unwrap_or_default()
    }

    /// Batch proof of an opening that was served to this peer.
    pub fn serve_opening_proof(
        &self,
        peer: &MemberId,
        transaction: TransactionId,
        epoch: u32,
        points: &[[u8; 32]],
    ) -> Result<Reply, LogError> {
        let refused = |code| Ok(Reply::Refused(Refusal { code, renews: None }));
        let roster = self.roster();
        let Ok(points) = decode_points(points) else { return refused(RefusalCode::BadPoints) };
        let digest = Digest(points_digest(&points));
        if !self.store.contains(&SERVED, &served_key(peer, transaction, EvaluationKind::Open, digest))? {
            return refused(RefusalCode::LeafMissing);
        }
        let generation = roster.epoch(epoch).map(|epoch| epoch.generation);
        let share = generation.and_then(|g| self.shares.get(KeyName::Open, epoch, g).map(|share| (g, share)));
        let Some((generation, share)) = share else { return refused(RefusalCode::WrongKey) };
        let context = key_context(&roster, KeyName::Open, epoch, generation, share.index());
        let results = partial_open(share, &points).expect("the batch was checked when it was served");
        let proof: DleqProof = prove_opening(share, &points, &results, &context, &*self.entropy)
            .expect("the batch was checked when it was served");
        Ok(Reply::OpeningProof { proof })
    }
}

/// A retry after a crash may come long after its leaf; the consent's own period still binds it.
fn retry_seconds(roster: &Roster) -> i64 {
    i64::from(roster.policy().consent.period_days_max) * 86_400
}

/// One transaction opens for several persons, each with points of its own.
pub(super) fn served_key(
    peer: &MemberId,
    transaction: TransactionId,
    evaluation: EvaluationKind,
    points: Digest,
) -> (String, [u8; 32], u8) {
    let exchange = hash("tallystick/served/v1", &[&transaction.0, &points.0]);
    (peer.to_string(), exchange.0, kind_byte(evaluation))
}

fn kind_byte(evaluation: EvaluationKind) -> u8 {
    match evaluation {
        EvaluationKind::Reporting => 1,
        EvaluationKind::Locate => 2,
        EvaluationKind::Footprint => 3,
        EvaluationKind::Open => 4,
    }
}

/// Canonical, not the identity, not too many, not one twice.
fn decode_points(points: &[[u8; 32]]) -> Result<Vec<Point>, Stop> {
    if points.is_empty() || points.len() > POINTS_PER_BATCH_MAX {
        return refuse(RefusalCode::BadPoints);
    }
    let distinct: std::collections::BTreeSet<&[u8; 32]> = points.iter().collect();
    if distinct.len() != points.len() {
        return refuse(RefusalCode::BadPoints);
    }
    points.iter().map(Point::from_bytes).collect::<Result<_, _>>().or_else(|_| refuse(RefusalCode::BadPoints))
}

/// The key of a member's log, by the roster.
pub(super) fn log_key(roster: &Roster, member: &MemberId) -> Result<VerifierKey, Stop> {
    match roster.member(member).and_then(|m| m.log_key.parse().ok()) {
        Some(key) => Ok(key),
        None => refuse(RefusalCode::NotPermitted),
    }
}
