//! What the verifier has to say: what it checked, with counts; what it could not check; what it found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Rule};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::leaf::{LeafReference, RefusalCode};
use crate::model::member::{MemberId, NetworkId};
use crate::signing::VerifyKey;

/// Version of the JSON form, the `v` of [`Report`].
pub const REPORT_VERSION: u8 = 1;

/// How an audit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was checked, and nothing was found.
    Clean,
    /// Something was found.
    Findings,
    /// Nothing was found, and something that was given could not be checked.
    Unchecked,
}

/// Something that was given and could not be checked: damaged, incomplete, or of another network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unchecked {
    /// The folder or file, as it was given.
    pub given: String,
    /// Why, in words.
    pub words: String,
}

/// Something that an auditor should know and that is nobody's fault: a gap, or what cannot be judged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Whom it is about, where it is about one.
    pub institution: Option<MemberId>,
    /// What, in words.
    pub words: String,
}

/// A look-up, or a consent, that rests on another lawful ground than the client's consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounded {
    /// In whose log.
    pub institution: MemberId,
    /// The leaf that records the ground.
    pub leaf: u64,
    /// When.
    pub time: UnixTime,
    /// The ground's name in the policy.
    pub ground: String,
    /// The openings under it.
    pub openings: Vec<u64>,
}

/// What was counted in one log, within the period asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCounts {
    /// The folder, as it was given.
    pub folder: String,
    /// Leaves, all of them, whatever the period.
    pub leaves: u64,
    /// The root that they lead to.
    pub root: Option<Digest>,
    /// When it was exported, as the export says.
    pub exported_at: UnixTime,
    /// Witnesses that cosigned the newest checkpoint.
    pub cosignatures: usize,
    /// Leaves covered by a checkpoint with the witnesses' quorum, and its time.
    pub quorum: Option<(u64, UnixTime)>,
    /// Consents and other lawful grounds.
    pub consents: u64,
    /// Openings.
    pub openings: u64,
    /// Openings that rest on a weak identifier, in part or whole: to be drawn first.
    pub weak_openings: u64,
    /// Openings that were answered.
    pub answered: u64,
    /// Inquiries that were refused, by reason.
    pub refused: BTreeMap<RefusalCode, u64>,
    /// Evaluations that this institution served as a key holder.
    pub served: u64,
    /// Evaluations that it refused, by reason.
    pub evaluations_refused: BTreeMap<RefusalCode, u64>,
    /// Reporting batches, and their points.
    pub reporting_batches: u64,
    /// Points of reporting batches.
    pub reporting_points: u64,
    /// Feed states.
    pub feed_states: u64,
    /// Withdrawals that were presented here or reached this node.
    pub withdrawals: u64,
    /// Erasures.
    pub erasures: u64,
    /// Bindings given to auditors.
    pub bindings: u64,
    /// Leaves about disputes, at either end.
    pub disputes: u64,
}

/// What was checked across the logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Rosters verified under the operator's key.
    pub rosters: u64,
    /// Tiles compared with the tree of the entries.
    pub tiles: u64,
    /// Signed checkpoints of some log, held by others or given, compared with that log.
    pub checkpoints_compared: u64,
    /// Openings compared with their consents.
    pub openings: u64,
    /// Evaluations of key holders compared with the asker's leaf.
    pub served_compared: u64,
    /// Leaves of askers compared with what the key holders served.
    pub asked_compared: u64,
    /// Signed feed states compared with the lender's log.
    pub feed_states_compared: u64,
    /// Copies of feeds whose rows were recomputed.
    pub feed_copies: u64,
    /// Rows whose proof of knowledge was checked.
    pub row_proofs: u64,
    /// Rows of footprints found among published rows.
    pub footprints: u64,
}

/// Everything that an audit gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub v: u8,
    /// The network.
    pub network: Option<NetworkId>,
    /// The operator's key that everything rests on.
    pub operator_key: Option<VerifyKey>,
    /// Whether that key came from the auditor; otherwise it is the one that the exports name, to be compared.
    pub operator_key_given: bool,
    /// Leaves before this time were not judged one by one.
    pub from: Option<UnixTime>,
    /// Leaves at or after this time were not judged one by one.
    pub until: Option<UnixTime>,
    /// What was counted, by institution.
    pub logs: BTreeMap<MemberId, LogCounts>,
    /// What was checked.
    pub checked: Checked,
    /// Look-ups on other lawful grounds than consent.
    pub grounds: Vec<Grounded>,
    /// Findings, by institution and leaf.
    pub findings: Vec<Finding>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
    /// What is said beside it.
    pub notes: Vec<Note>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self {
            v: REPORT_VERSION,
            network: None,
            operator_key: None,
            operator_key_given: false,
            from: None,
            until: None,
            logs: BTreeMap::new(),
            checked: Checked::default(),
            grounds: Vec::new(),
            findings: Vec::new(),
            unchecked: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// How it ended. A finding weighs more than what could not be checked beside it.
    pub fn verdict(&self) -> Verdict {
        if !self.findings.is_empty() {
            Verdict::Findings
        } else if !self.unchecked.is_empty() {
            Verdict::Unchecked
        } else {
            Verdict::Clean
        }
    }

    /// Whether a time lies in the period asked for.
    pub(super) fn in_period(&self, time: UnixTime) -> bool {
        self.from.is_none_or(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }

    /// Adds a finding about a leaf, if the leaf lies in the period asked for.
    pub(super) fn leaf_finding(
        &mut self,
        institution: &MemberId,
        leaf: u64,
        time: UnixTime,
        rule: Rule,
        words: String,
    ) {
        if self.in_period(time) {
            let (institution, leaf, time) = (institution.clone(), Some(leaf), Some(time));
            self.findings.push(Finding { institution, leaf, rule, time, words });
        }
    }

    /// Adds a finding about an institution as a whole.
    pub(super) fn finding(&mut self, institution: &MemberId, rule: Rule, words: String) {
        let institution = institution.clone();
        self.findings.push(Finding { institution, leaf: None, rule, time: None, words });
    }

    pub(super) fn unchecked(&mut self, given: &str, words: impl Into<String>) {
        self.unchecked.push(Unchecked { given: given.to_owned(), words: words.into() });
    }

    pub(super) fn note(&mut self, institution: Option<&MemberId>, words: String) {
        self.notes.push(Note { institution: institution.cloned(), words });
    }

    /// One order, and nothing twice.
    pub(super) fn settle(&mut self) {
        self.findings.sort();
        self.findings.dedup();
        self.notes.dedup();
        self.unchecked.dedup();
    }
}

/// A leaf as findings name it.
pub(super) fn leaf_words(leaf: &LeafReference) -> String {
    format!("leaf {} (hash {})", leaf.index, &leaf.hash.to_string()[..8])
}
