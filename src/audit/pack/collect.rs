//! What the leaves of one log say that a figure is made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::day::Day;
use crate::model::leaf::{Leaf, LeafBody, LoadDecision};

/// Leaves by what they say.
pub(super) type ByWord = BTreeMap<String, Vec<u64>>;

/// What one log says within a period.
#[derive(Debug, Default)]
pub(in crate::audit) struct Collected {
    from: Option<UnixTime>,
    until: Option<UnixTime>,
    /// Consents by purpose, grounds left out.
    pub(super) purposes: ByWord,
    /// By version and language of the notice.
    pub(super) notices: ByWord,
    /// By kind of evidence.
    pub(super) evidence: ByWord,
    /// Other lawful grounds, by name.
    pub(super) grounds: ByWord,
    /// Openings by purpose.
    pub(super) openings: ByWord,
    /// Openings that rest on a weak identifier, in part or whole.
    pub(super) weak: Vec<u64>,
    /// Answers.
    pub(super) answers: Vec<u64>,
    /// Refused inquiries, by reason.
    pub(super) refused: ByWord,
    /// Evaluations that this key holder refused, by reason.
    pub(super) evaluations_refused: ByWord,
    /// Withdrawals at this lender.
    pub(super) withdrawn: Vec<u64>,
    /// When each withdrawal was presented here or reached this node.
    pub(super) withdrawals: BTreeMap<Digest, (u64, UnixTime)>,
    /// Erasures by ground.
    pub(super) erasures: ByWord,
    /// Bindings that were given to auditors, with the number of leaves explained.
    pub(super) bindings: Vec<(u64, u32)>,
    /// Disputes by their commitment: leaf and time.
    pub(super) disputes: BTreeMap<Digest, (u64, UnixTime)>,
    /// Disputes about what this lender reports, those from before the period too.
    received: BTreeSet<Digest>,
    /// What came of them: leaf, time, outcome.
    pub(super) resolved: BTreeMap<Digest, (u64, UnixTime, String)>,
    /// States of the feed: leaf, time, as-of date.
    pub(super) states: Vec<(u64, UnixTime, Option<Day>)>,
    /// Loads by what was decided.
    pub(super) loads: ByWord,
}

impl Collected {
    pub(in crate::audit) fn new(from: Option<UnixTime>, until: Option<UnixTime>) -> Self {
        Self { from, until, ..Self::default() }
    }

    /// The end of the period as far as this log can tell: it was exported at `exported`.
    pub(super) fn end(&self, exported: Option<UnixTime>) -> Option<UnixTime> {
        match (self.until, exported) {
            (Some(until), Some(exported)) => Some(until.min(exported)),
            (until, exported) => until.or(exported),
        }
    }

    fn in_period(&self, time: UnixTime) -> bool {
        self.from.is_none_or(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }

    /// One leaf, as it lies in the log.
    pub(in crate::audit) fn leaf(&mut self, index: u64, bytes: &[u8]) {
        let Ok(leaf) = Leaf::from_bytes(bytes) else { return };
        if let LeafBody::DisputeReceived { dispute, .. } = leaf.body {
            self.received.insert(dispute);
        }
        if self.in_period(leaf.time) {
            self.record(index, leaf.time, leaf.body);
        }
    }

    fn record(&mut self, index: u64, time: UnixTime, body: LeafBody) {
        let add = |map: &mut ByWord, word: String| map.entry(word).or_default().push(index);
        match body {
            LeafBody::ConsentGiven { ground: Some(ground), .. } => add(&mut self.grounds, ground.name),
            LeafBody::ConsentGiven { terms, .. } => {
                add(&mut self.purposes, terms.purpose.to_string());
                let notice = &terms.notice;
                add(&mut self.notices, format!("version {}, in {}", notice.version, notice.language));
                add(&mut self.evidence, terms.evidence.to_string());
            }
            LeafBody::ConsentWithdrawn { .. } => self.withdrawn.push(index),
            LeafBody::WithdrawalReceived { withdrawal } => {
                self.withdrawals.entry(withdrawal).or_insert((index, time));
            }
            LeafBody::InquiryOpened { purpose, weak, .. } => {
                add(&mut self.openings, purpose.to_string());
                if weak > 0 {
                    self.weak.push(index);
                }
            }
            LeafBody::InquiryAnswered { .. } => self.answers.push(index),
            LeafBody::InquiryRefused { reason, .. } => add(&mut self.refused, word(&reason)),
            LeafBody::EvaluationRefused { reason, .. } => add(&mut self.evaluations_refused, word(&reason)),
            LeafBody::Erasure { ground, .. } => add(&mut self.erasures, word(&ground)),
            LeafBody::BindingMade { leaves, .. } => self.bindings.push((index, leaves)),
            LeafBody::DisputeOpened { dispute, .. } => {
                self.disputes.entry(dispute).or_insert((index, time));
            }
            // Both ends log it; the lender's is counted.
            LeafBody::DisputeResolved { dispute, outcome } if self.received.contains(&dispute) => {
                self.resolved.entry(dispute).or_insert((index, time, word(&outcome)));
            }
            LeafBody::FeedState { as_of, .. } => self.states.push((index, time, as_of)),
            LeafBody::LoadDecided { decision, .. } => {
                let decision = match decision {
                    LoadDecision::Loaded => "loaded",
                    LoadDecision::Held => "held by the guard",
                    LoadDecision::Released => "released by a person",
                    LoadDecision::Discarded => "discarded by a person",
                    LoadDecision::Undone => "undone by a person",
                };
                add(&mut self.loads, decision.to_owned());
            }
            LeafBody::LogOpened { .. }
            | LeafBody::RosterAccepted { .. }
            | LeafBody::SharesInstalled { .. }
            | LeafBody::Accessed { .. }
            | LeafBody::LogRecovered { .. }
            | LeafBody::LogSucceeds { .. }
            | LeafBody::MarketCounted { .. }
            | LeafBody::ReportingBatch { .. }
            | LeafBody::DisputeReceived { .. }
            | LeafBody::DisputeAnswered { .. }
            | LeafBody::DisputeResolved { .. }
            | LeafBody::DisputeEscalated { .. }
            | LeafBody::EvaluationServed { .. } => {}
        }
    }
}

/// The word that stands for a value in a leaf.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
