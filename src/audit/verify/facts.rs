//! What the leaves of one log say, kept by kind; and what can be judged of each leaf by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::disputes::DisputeLeaf;
use super::recoveries::Recoveries;
use super::rosters::Rosters;
use super::tree::{Leaves, Tree};
use crate::audit::finding::Rule;
use crate::audit::patterns::Watched;
use crate::audit::report::{Grounded, LogCounts, Report};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::limits::BAD_LEAVES_NAMED_MAX;
use crate::merkle::hash::HASH_BYTES;
use crate::merkle::tile::TILE_WIDTH;
use crate::merkle::{Frontier, Hash, TileId, tree};
use crate::model::consent::{ConsentTerms, Purpose};
use crate::model::day::Day;
use crate::model::leaf::{
    CheckpointReference, ErasureGround, EvaluationKind, Leaf, LeafBody, LeafError, LeafReference,
    PointsReference, RefusalCode,
};
use crate::model::member::{MemberId, NetworkId};
use crate::model::policy::Policy;

/// A consent or another lawful ground.
pub(super) struct Consent {
    pub(super) hash: Digest,
    pub(super) time: UnixTime,
    pub(super) transaction: TransactionId,
    pub(super) terms: ConsentTerms,
    pub(super) withdrawal: Digest,
    pub(super) epoch: u32,
    pub(super) locate: PointsReference,
    pub(super) footprint: PointsReference,
    pub(super) ground: Option<String>,
}

/// An opening.
pub(super) struct Opening {
    pub(super) hash: Digest,
    pub(super) time: UnixTime,
    pub(super) transaction: TransactionId,
    pub(super) consent: LeafReference,
    pub(super) number: u16,
    pub(super) purpose: Purpose,
    pub(super) epoch: u32,
    pub(super) points: PointsReference,
    pub(super) weak: u32,
    pub(super) footprint: Digest,
}

/// A reporting batch.
pub(super) struct Batch {
    pub(super) time: UnixTime,
    pub(super) transaction: TransactionId,
    pub(super) epoch: u32,
    pub(super) points: PointsReference,
}

/// An evaluation that was served.
pub(super) struct Served {
    pub(super) index: u64,
    pub(super) time: UnixTime,
    pub(super) transaction: TransactionId,
    pub(super) peer: MemberId,
    pub(super) evaluation: EvaluationKind,
    pub(super) epoch: u32,
    pub(super) generation: u32,
    pub(super) leaf: LeafReference,
    pub(super) checkpoint: CheckpointReference,
    pub(super) points: PointsReference,
    pub(super) results: PointsReference,
}

/// A feed state's leaf.
pub(super) struct StateLeaf {
    pub(super) index: u64,
    pub(super) time: UnixTime,
    pub(super) transaction: TransactionId,
    pub(super) hash: Digest,
    pub(super) sequence: u64,
    pub(super) rows: u64,
    pub(super) as_of: Option<Day>,
}

/// An erasure.
pub(super) struct Erased {
    pub(super) index: u64,
    pub(super) time: UnixTime,
    pub(super) of: LeafReference,
    pub(super) ground: ErasureGround,
}

/// A leaf that goes back in time, and by how much.
struct Backwards {
    index: u64,
    time: UnixTime,
    latest: UnixTime,
    leaves: u64,
}

/// What a log says, by kind. Only what the checks need is kept of a leaf.
pub(super) struct Facts {
    owner: MemberId,
    network: NetworkId,
    pub(super) consents: BTreeMap<u64, Consent>,
    pub(super) openings: BTreeMap<u64, Opening>,
    pub(super) batches: BTreeMap<u64, Batch>,
    pub(super) served: Vec<Served>,
    pub(super) states: Vec<StateLeaf>,
    pub(super) erased: Vec<Erased>,
    pub(super) recoveries: Recoveries,
    pub(super) watched: Watched,
    /// The opening that spent a use first, by consent and use.
    pub(super) spent: BTreeMap<(u64, u16), u64>,
    /// Index and time of the answer, by opening.
    pub(super) answered: BTreeMap<u64, (u64, UnixTime)>,
    /// Leaf, time and openings of each answer.
    pub(super) answers: Vec<(u64, UnixTime, Vec<LeafReference>)>,
    /// Transactions that were refused, with the consent.
    pub(super) refused: BTreeSet<(TransactionId, Option<u64>)>,
    /// When each withdrawal hash was first presented here or reached this node.
    pub(super) withdrawals: BTreeMap<Digest, (u64, UnixTime)>,
    /// When each consent was first withdrawn at this node, by consent.
    pub(super) withdrawn: BTreeMap<u64, (u64, UnixTime)>,
    /// Rosters accepted: leaf, time, version, hash.
    rosters: Vec<(u64, UnixTime, u64, Digest)>,
    inquiries_refused: Vec<(UnixTime, RefusalCode)>,
    evaluations_refused: Vec<(UnixTime, RefusalCode)>,
    withdrawals_seen: Vec<UnixTime>,
    bindings: Vec<UnixTime>,
    pub(super) disputes: Vec<DisputeLeaf>,
    bad: Vec<(u64, LeafError)>,
    bad_count: u64,
    /// Leaves of a later version of the schema.
    later: u64,
    begins_well: bool,
    first: Option<UnixTime>,
    latest: Option<UnixTime>,
    last: Option<UnixTime>,
    backwards: Vec<Backwards>,
    /// Leaf and time of every leaf, thinned to those where the time changes: what the age of a quorum is judged by.
    pub(super) times: Vec<(u64, UnixTime)>,
}

impl Facts {
    pub(super) fn new(owner: MemberId, network: NetworkId) -> Self {
        let watched = Watched::new(owner.clone());
        Self {
            owner,
            network,
            watched,
            consents: BTreeMap::new(),
            openings: BTreeMap::new(),
            batches: BTreeMap::new(),
            served: Vec::new(),
            states: Vec::new(),
            erased: Vec::new(),
            recoveries: Recoveries::default(),
            spent: BTreeMap::new(),
            answered: BTreeMap::new(),
            answers: Vec::new(),
            refused: BTreeSet::new(),
            withdrawals: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
            rosters: Vec::new(),
            inquiries_refused: Vec::new(),
            evaluations_refused: Vec::new(),
            withdrawals_seen: Vec::new(),
            bindings: Vec::new(),
            disputes: Vec::new(),
            bad: Vec::new(),
            bad_count: 0,
            later: 0,
            begins_well: true,
            first: None,
            latest: None,
            last: None,
            backwards: Vec::new(),
            times: Vec::new(),
        }
    }

    fn time(&mut self, index: u64, time: UnixTime) {
        self.first.get_or_insert(time);
        if self.last != Some(time) {
            self.times.push((index, time));
        }
        self.last = Some(time);
        match self.latest {
            Some(latest) if time < latest => match self.backwards.last_mut() {
                // One step back is one finding, however many leaves follow before the clock has caught up.
                Some(step) if step.latest == latest => {
                    step.leaves += 1;
                    if time < step.time {
                        (step.index, step.time) = (index, time);
                    }
                }
                _ => self.backwards.push(Backwards { index, time, latest, leaves: 1 }),
            },
            _ => self.latest = Some(time),
        }
    }

    fn record(&mut self, index: u64, hash: Digest, leaf: Leaf) {
        use LeafBody::{
            Accessed, LoadDecided, LogOpened, MarketCounted as Counted, SharesInstalled as Shares,
        };
        let Leaf { time, transaction, body, .. } = leaf;
        match body {
            LogOpened { .. } | Shares { .. } | LoadDecided { .. } | Counted { .. } | Accessed { .. } => {}
            LeafBody::RosterAccepted { version, hash } => self.rosters.push((index, time, version, hash)),
            LeafBody::ConsentGiven { terms, withdrawal, epoch, locate, footprint, ground, .. } => {
                let consent = Consent {
                    hash,
                    time,
                    transaction,
                    terms,
                    withdrawal,
                    epoch,
                    locate,
                    footprint,
                    ground: ground.map(|ground| ground.name),
                };
                self.consents.insert(index, consent);
            }
            LeafBody::ConsentWithdrawn { consent } => {
                self.withdrawals_seen.push(time);
                self.withdrawn.entry(consent.index).or_insert((index, time));
            }
            LeafBody::WithdrawalReceived { withdrawal } => {
                self.withdrawals_seen.push(time);
                self.withdrawals.entry(withdrawal).or_insert((index, time));
            }
            LeafBody::ReportingBatch { epoch, points } => {
                self.batches.insert(index, Batch { time, transaction, epoch, points });
            }
            LeafBody::InquiryOpened { consent, r#use, purpose, epoch, points, weak, footprint, .. } => {
                let number = r#use;
                self.spent.entry((consent.index, number)).or_insert(index);
                let opening = Opening {
                    hash,
                    time,
                    transaction,
                    consent,
                    number,
                    purpose,
                    epoch,
                    points,
                    weak,
                    footprint,
                };
                self.openings.insert(index, opening);
            }
            LeafBody::InquiryAnswered { opened, .. } => {
                for opening in &opened {
                    self.answered.entry(opening.index).or_insert((index, time));
                }
                self.answers.push((index, time, opened));
            }
            LeafBody::InquiryRefused { consent, reason } => {
                self.inquiries_refused.push((time, reason));
                self.refused.insert((transaction, consent.map(|consent| consent.index)));
            }
            LeafBody::EvaluationServed {
                peer,
                evaluation,
                epoch,
                generation,
                leaf,
                checkpoint,
                points,
                results,
            } => self.served.push(Served {
                index,
                time,
                transaction,
                peer,
                evaluation,
                epoch,
                generation,
                leaf,
                checkpoint,
                points,
                results,
            }),
            LeafBody::EvaluationRefused { reason, .. } => self.evaluations_refused.push((time, reason)),
            LeafBody::FeedState { hash, sequence, rows, as_of } => {
                self.states.push(StateLeaf { index, time, transaction, hash, sequence, rows, as_of });
            }
            LeafBody::Erasure { of, ground, .. } => self.erased.push(Erased { index, time, of, ground }),
            LeafBody::BindingMade { .. } => self.bindings.push(time),
            body @ (LeafBody::LogRecovered { .. } | LeafBody::LogSucceeds { .. }) => {
                self.recoveries.record(index, time, body);
            }
            body @ (LeafBody::DisputeOpened { .. }
            | LeafBody::DisputeReceived { .. }
            | LeafBody::DisputeAnswered { .. }
            | LeafBody::DisputeResolved { .. }
            | LeafBody::DisputeEscalated { .. }) => {
                self.disputes.extend(DisputeLeaf::of(index, hash, time, transaction, body));
            }
        }
    }

    /// Time of the last leaf.
    pub(super) fn last_time(&self) -> Option<UnixTime> {
        self.last
    }

    /// Time of the first leaf.
    pub(super) fn first_time(&self) -> Option<UnixTime> {
        self.first
    }
}

impl Leaves for Facts {
    fn leaf(&mut self, index: u64, hash: &Hash, bytes: &[u8]) {
        match Leaf::from_bytes(bytes) {
            Ok(leaf) => {
                if index == 0 {
                    let network = self.network.as_str();
                    let opened = matches!(&leaf.body, LeafBody::LogOpened { network: n } if n == network);
                    self.begins_well = opened;
                }
                self.time(index, leaf.time);
                self.watched.leaf(index, &leaf);
                self.record(index, Digest(*hash), leaf);
            }
            Err(_) if Leaf::is_later(bytes) => self.later += 1,
            Err(error) => {
                self.begins_well &= index != 0;
                self.bad_count += 1;
                if self.bad.len() < BAD_LEAVES_NAMED_MAX {
                    self.bad.push((index, error));
                }
            }
        }
    }
}

/// A log whose leaves lead to what its owner signed.
pub(super) struct Log {
    pub(super) member: MemberId,
    /// The latest moment of which a signature says that the log had its last leaf and no more: the time of that leaf, or
    /// that of the earliest cosignature of its checkpoint. The time in the manifest is signed by nobody.
    pub(super) ended_at: UnixTime,
    pub(super) size: u64,
    pub(super) facts: Facts,
    tiles: BTreeMap<TileId, Vec<u8>>,
}

impl Log {
    pub(super) fn new(member: MemberId, tree: Tree, facts: Facts) -> Self {
        let ended_at = facts.last_time().max(tree.cosigned_at).unwrap_or_default();
        Self { member, ended_at, size: tree.checkpoint.size(), facts, tiles: tree.tiles }
    }

    /// The root at a size up to that of the log.
    pub(super) fn root_at(&self, size: u64) -> Option<Digest> {
        if size > self.size {
            return None;
        }
        tree::root(size, &self.tiles).ok().map(Digest)
    }

    /// The roots at many sizes up to that of the log, in one pass over its leaves.
    pub(super) fn roots_at(&self, sizes: &BTreeSet<u64>) -> BTreeMap<u64, Digest> {
        let mut roots = BTreeMap::new();
        let mut frontier = Frontier::new();
        for size in sizes.iter().copied().take_while(|size| *size <= self.size) {
            while frontier.size() < size {
                let hash = self.hash_of(frontier.size()).expect("the tree has every leaf up to its size");
                frontier.push(hash.0);
            }
            roots.insert(size, Digest(frontier.root()));
        }
        roots
    }

    /// The hash of a leaf.
    pub(super) fn hash_of(&self, index: u64) -> Option<Digest> {
        let row = self.tiles.get(&TileId { level: 0, index: index / TILE_WIDTH as u64 })?;
        let place = usize::try_from(index % TILE_WIDTH as u64).ok()? * HASH_BYTES;
        let hash: [u8; HASH_BYTES] = row.get(place..place + HASH_BYTES)?.try_into().ok()?;
        Some(Digest(hash))
    }

    /// The policy that the log's owner followed at a leaf.
    pub(super) fn policy_at<'a>(&self, index: u64, rosters: &'a Rosters) -> &'a Policy {
        let before = self.facts.rosters.iter().take_while(|(leaf, ..)| *leaf < index).last();
        before.map_or_else(|| rosters.policy(), |(_, _, version, _)| rosters.at(*version).policy())
    }

    /// Leaves and versions of the rosters that the log accepted, in order.
    pub(super) fn rosters(&self) -> impl DoubleEndedIterator<Item = (u64, u64)> {
        self.facts.rosters.iter().map(|(leaf, _, version, _)| (*leaf, *version))
    }

    /// What each leaf shows by itself: schema, order of times, rosters.
    pub(super) fn judge_leaves(&self, given: &str, rosters: &Rosters, report: &mut Report) {
        let facts = &self.facts;
        if self.size > 0 && !facts.begins_well {
            let words = "The first leaf does not open a log of this network.".to_owned();
            report.finding(&self.member, Rule::WrongBeginning, words);
        }
        for (index, error) in &facts.bad {
            let words = format!("Leaf {index} is not of the form that every leaf must have: {error}.");
            let (institution, leaf) = (self.member.clone(), Some(*index));
            let finding =
                crate::audit::Finding { institution, leaf, rule: Rule::LeafSchema, time: None, words };
            report.findings.push(finding);
        }
        if facts.bad_count > facts.bad.len() as u64 {
            let words = format!("{} leaves in all are not of their form.", facts.bad_count);
            report.finding(&self.member, Rule::LeafSchema, words);
        }
        if facts.later > 0 {
            let words = format!(
                "{} leaves are of a later version of the schema, which this program does not know",
                facts.later
            );
            report.unchecked(given, words);
        }
        for step in &facts.backwards {
            let skew = i64::from(self.policy_at(step.index, rosters).log.skew_seconds);
            let seconds = step.latest.seconds_since(step.time);
            if seconds > skew {
                let words = format!(
                    "The leaf is of {}, and an earlier one of {}: the clock went back by {seconds} seconds \
                     ({} leaves), and {skew} are allowed.",
                    step.time, step.latest, step.leaves
                );
                report.leaf_finding(&self.member, step.index, step.time, Rule::TimeOrder, words);
            }
        }
        for (index, time, version, hash) in &facts.rosters {
            match rosters.get(*version) {
                Some(roster) if roster.hash() == *hash => {}
                Some(_) => {
                    let words = format!(
                        "The institution followed a roster of version {version} that is not the one that \
                         the operator signed for the others."
                    );
                    report.leaf_finding(&self.member, *index, *time, Rule::UnknownRoster, words);
                }
                None => report.unchecked(
                    given,
                    format!("roster {version}, which leaf {index} accepts, is in none of the exports"),
                ),
            }
        }
    }

    /// Counts what lies in the period asked for.
    pub(super) fn count(&self, counts: &mut LogCounts, report: &mut Report) {
        let facts = &self.facts;
        let count = |times: &mut dyn Iterator<Item = UnixTime>| {
            times.filter(|time| report.in_period(*time)).count() as u64
        };
        counts.consents = count(&mut facts.consents.values().map(|one| one.time));
        counts.openings = count(&mut facts.openings.values().map(|one| one.time));
        counts.weak_openings =
            count(&mut facts.openings.values().filter(|one| one.weak > 0).map(|one| one.time));
        let answered = facts.openings.iter().filter(|(index, _)| facts.answered.contains_key(index));
        counts.answered = count(&mut answered.map(|(_, one)| one.time));
        counts.served = count(&mut facts.served.iter().map(|one| one.time));
        counts.reporting_batches = count(&mut facts.batches.values().map(|one| one.time));
        counts.feed_states = count(&mut facts.states.iter().map(|one| one.time));
        counts.withdrawals = count(&mut facts.withdrawals_seen.iter().copied());
        counts.erasures = count(&mut facts.erased.iter().map(|one| one.time));
        counts.bindings = count(&mut facts.bindings.iter().copied());
        counts.disputes = count(&mut facts.disputes.iter().map(|leaf| leaf.time));
        let points = facts.batches.values().filter(|one| report.in_period(one.time));
        counts.reporting_points = points.map(|one| u64::from(one.points.count)).sum();
        for (times, by_code) in [
            (&facts.inquiries_refused, &mut counts.refused),
            (&facts.evaluations_refused, &mut counts.evaluations_refused),
        ] {
            for (_, code) in times.iter().filter(|(time, _)| report.in_period(*time)) {
                *by_code.entry(*code).or_default() += 1;
            }
        }
        for (index, consent) in &facts.consents {
            let Some(ground) = consent.ground.clone().filter(|_| report.in_period(consent.time)) else {
                continue;
            };
            let openings = facts.openings.iter().filter(|(_, opening)| opening.consent.index == *index);
            report.grounds.push(Grounded {
                institution: facts.owner.clone(),
                leaf: *index,
                time: consent.time,
                ground,
                openings: openings.map(|(index, _)| *index).collect(),
            });
        }
    }
}
