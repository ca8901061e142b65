//! What is counted of one log for patterns: by day, and by whoever asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::model::day::Day;
use crate::model::leaf::{EvaluationKind, Leaf, LeafBody, RefusalCode};
use crate::model::member::MemberId;
use crate::model::month::Month;

/// One day of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct DayCounts {
    /// Points of reporting batches.
    pub(super) points: u64,
    /// Rows by which the feed grew, footprints left out.
    pub(super) rows: u64,
    /// Inquiries by the hour, UTC. A household's is one.
    pub(super) hours: [u64; 24],
    /// Recoveries from an older copy.
    pub(super) recoveries: u64,
    /// Months that clients were counted for.
    pub(super) market: Vec<Month>,
}

impl DayCounts {
    pub(super) fn inquiries(&self) -> u64 {
        self.hours.iter().sum()
    }
}

/// What one member asked of a key holder on a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) served: u64,
    /// For what it asked.
    pub(super) refused: u64,
    /// For a quota.
    pub(super) quota: u64,
    /// For what lies with nobody, or between the two.
    pub(super) other: u64,
}

/// What is counted of one log.
#[derive(Clone, Debug)]
pub struct Watched {
    owner: MemberId,
    pub(super) days: BTreeMap<Day, DayCounts>,
    /// Day of each consent, by leaf.
    pub(super) consents: BTreeMap<u64, Day>,
    /// Consents that were used.
    pub(super) opened: BTreeSet<u64>,
    /// When each withdrawal code first came here, by its hash.
    pub(super) codes: BTreeMap<Digest, UnixTime>,
    pub(super) asked: BTreeMap<(MemberId, Day), Asked>,
    /// Consents of others under which this holder located: whose, leaf.
    pub(super) located: BTreeSet<(MemberId, u64)>,
    rows: Option<u64>,
    sequence: Option<u64>,
    opening: Option<TransactionId>,
    newest: Option<UnixTime>,
}

impl Watched {
    /// The log of `owner`. Where its first leaves are not given, its first feed state counts as no growth.
    pub fn new(owner: MemberId) -> Self {
        Self {
            owner,
            days: BTreeMap::new(),
            consents: BTreeMap::new(),
            opened: BTreeSet::new(),
            codes: BTreeMap::new(),
            asked: BTreeMap::new(),
            located: BTreeSet::new(),
            rows: None,
            sequence: None,
            opening: None,
            newest: None,
        }
    }

    /// Whose log it is.
    pub fn owner(&self) -> &MemberId {
        &self.owner
    }

    /// Time of the newest leaf that was counted.
    pub fn newest(&self) -> Option<UnixTime> {
        self.newest
    }

    /// The hashes of withdrawal codes that came to this member.
    pub fn codes(&self) -> impl Iterator<Item = &Digest> {
        self.codes.keys()
    }

    /// Counts a leaf. They come in order.
    pub fn leaf(&mut self, index: u64, leaf: &Leaf) {
        let day = Day::of(leaf.time);
        self.newest = self.newest.max(Some(leaf.time));
        match &leaf.body {
            LeafBody::LogOpened { .. } => (self.rows, self.sequence) = (Some(0), Some(0)),
            LeafBody::ConsentGiven { .. } => drop(self.consents.insert(index, day)),
            LeafBody::WithdrawalReceived { withdrawal } => {
                self.codes.entry(*withdrawal).or_insert(leaf.time);
            }
            LeafBody::ReportingBatch { points, .. } => self.day(day).points += u64::from(points.count),
            LeafBody::InquiryOpened { consent, .. } => {
                self.opened.insert(consent.index);
                // The persons of a household have one leaf each, and one transaction.
                if self.opening != Some(leaf.transaction) {
                    let hour = usize::try_from(leaf.time.0.rem_euclid(86_400) / 3_600).unwrap_or(0);
                    self.day(day).hours[hour] += 1;
                }
                self.opening = Some(leaf.transaction);
            }
            LeafBody::FeedState { rows, sequence, .. } => {
                // As the cap counts it: each new row takes a number.
                let numbers = sequence.saturating_sub(self.sequence.unwrap_or(*sequence));
                let grown = rows.saturating_sub(self.rows.unwrap_or(*rows)).min(numbers);
                if grown > 0 && self.opening != Some(leaf.transaction) {
                    let day = self.day(day);
                    day.rows = day.rows.saturating_add(grown);
                }
                self.sequence = self.sequence.max(Some(*sequence));
                self.rows = Some(*rows);
            }
            LeafBody::LogRecovered { .. } => self.day(day).recoveries += 1,
            LeafBody::MarketCounted { month, .. } => self.day(day).market.push(*month),
            LeafBody::EvaluationServed { peer, evaluation, leaf: of, .. } => {
                self.asked(peer, day).served += 1;
                if *evaluation == EvaluationKind::Locate {
                    self.located.insert((peer.clone(), of.index));
                }
            }
            LeafBody::EvaluationRefused { peer, reason, .. } => {
                let asked = self.asked(peer, day);
                match whose(*reason) {
                    Whose::Asker => asked.refused += 1,
                    Whose::Quota => asked.quota += 1,
                    Whose::Nobody => asked.other += 1,
                }
            }
            _ => {}
        }
    }

    fn day(&mut self, day: Day) -> &mut DayCounts {
        self.days.entry(day).or_default()
    }

    fn asked(&mut self, peer: &MemberId, day: Day) -> &mut Asked {
        self.asked.entry((peer.clone(), day)).or_default()
    }
}

/// With whom a refusal lies.
enum Whose {
    Asker,
    Quota,
    Nobody,
}

fn whose(code: RefusalCode) -> Whose {
    match code {
        RefusalCode::WrongOrigin
        | RefusalCode::BadCheckpointSignature
        | RefusalCode::InconsistentLog
        | RefusalCode::LeafMissing
        | RefusalCode::WrongLeaf
        | RefusalCode::WrongPoints
        | RefusalCode::NoConsent
        | RefusalCode::WrongPurpose
        | RefusalCode::UsedUp
        | RefusalCode::BadPoints
        | RefusalCode::NotPermitted => Whose::Asker,
        RefusalCode::QuotaSpent | RefusalCode::AheadOfFeed => Whose::Quota,
        // Clocks, links, a new roster or a withdrawal that crossed the request.
        RefusalCode::OldCheckpoint
        | RefusalCode::NoQuorum
        | RefusalCode::WrongKey
        | RefusalCode::NotYetValid
        | RefusalCode::Expired
        | RefusalCode::Withdrawn
        | RefusalCode::ClockSkew
        | RefusalCode::Isolated => Whose::Nobody,
    }
}
