//! Checking a binding: what is common to all leaves, and the order of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::consent::LocatedConsent;
use super::exported::{ExportedError, ExportedLog, FeedCopy};
use super::finding::{Finding, Rule};
use super::format::{Binding, LeafBinding};
use super::forms::{Form, SourceLoan};
use super::keys::Keys;
use crate::audit::folder::Folder;
use crate::audit::sample::{Candidates, Sample};
use crate::digest::{Digest, TransactionId};
use crate::merkle::Frontier;
use crate::model::identifier::Identifier;
use crate::model::leaf::{CheckpointReference, Leaf, LeafBody, LeafReference, LoadDecision, PointsReference};
use crate::model::member::{MemberId, NetworkId};
use crate::model::policy::Policy;
use crate::signing::VerifyKey;
use crate::threshold::{Point, points_digest};

/// What a binding is checked against.
pub struct Against<'a> {
    /// The export of the institution's log, at the sample's checkpoint or later.
    pub export: &'a dyn Folder,
    /// Exports of other members: their copies of feeds.
    pub peers: &'a [&'a dyn Folder],
    /// The operator's key, had from elsewhere; without it that of the export's manifest.
    pub operator: Option<VerifyKey>,
    /// The auditor's own copy of the sample; without it that of the binding, whose seed the auditor then compares.
    pub sample: Option<&'a Sample>,
    /// What stands on the clients' forms.
    pub forms: &'a [Form],
    /// The loans of the source file.
    pub loans: Option<&'a [SourceLoan]>,
}

impl std::fmt::Debug for Against<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Against").finish_non_exhaustive()
    }
}

/// Why a binding could not be checked. Not a finding.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The export cannot be used.
    #[error(transparent)]
    Export(#[from] ExportedError),
    /// The export is another institution's.
    #[error("the export is that of {export}, the binding that of {binding}")]
    OtherMember {
        /// Of the export.
        export: MemberId,
        /// Of the binding.
        binding: MemberId,
    },
    /// The export is older than the sample.
    #[error(
        "the export has {have} leaves, fewer than the {need} of the sample's checkpoint: take a later one"
    )]
    TooOld {
        /// Leaves of the export.
        have: u64,
        /// Leaves of the sample's checkpoint.
        need: u64,
    },
}

/// How much was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Consents whose points were made again.
    pub consents: usize,
    /// Openings.
    pub openings: usize,
    /// Reporting batches.
    pub batches: usize,
    /// Leaves or points whose explanation was erased before the draw.
    pub erased: usize,
    /// Erasures and lawful grounds of which it was shown who approved.
    pub approvals: usize,
    /// Points explained as identifiers.
    pub identifiers: usize,
    /// Points explained as padding.
    pub padding: usize,
    /// Points explained as rows.
    pub rows: usize,
    /// Key holders' evaluations whose proofs hold.
    pub evaluations: usize,
    /// Lists of points that too few key holders evaluated.
    pub not_evaluated: usize,
    /// Rows that equal, or lie as, those in a copy of the feed.
    pub rows_compared: usize,
    /// Rows of which the copy holds a newer version.
    pub rows_superseded: usize,
    /// Rows for which no copy of the feed is there, or none that reaches them.
    pub rows_without_copy: usize,
    /// Footprints found in the feed.
    pub footprints: usize,
    /// Consents compared with a paper form.
    pub forms: usize,
    /// Consents for which no form was given.
    pub without_form: usize,
    /// Located clients found among the borrowers of the source file.
    pub borrowers: usize,
    /// Located clients whose row was withdrawn since.
    pub withdrawn: usize,
    /// Located clients that are not published yet.
    pub unpublished: usize,
}

/// What came of a check.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whose binding.
    pub institution: MemberId,
    /// The log's checkpoint in the export.
    pub checkpoint: CheckpointReference,
    /// The seed of the sample, for the auditor to compare.
    pub seed: Digest,
    /// Leaves of the sample.
    pub drawn: usize,
    /// Whether the export reaches the leaf that says that the binding was made.
    pub made_leaf_seen: bool,
    /// How much was checked.
    pub checked: Checked,
    /// What is not as it must be.
    pub findings: Vec<Finding>,
}

/// A check under way.
pub(super) struct Check<'a> {
    pub(super) against: &'a Against<'a>,
    pub(super) keys: Keys<'a>,
    pub(super) network: NetworkId,
    pub(super) member: MemberId,
    pub(super) checked: Checked,
    /// Consents whose binding holds, by leaf.
    pub(super) consents: BTreeMap<u64, LocatedConsent>,
    /// Feed states that were signed with openings: transaction, sequence number.
    pub(super) states: BTreeMap<TransactionId, u64>,
    /// How far the own feed went, by the leaf of its state.
    pub(super) feed_grown: BTreeMap<u64, u64>,
    /// Versions of the rosters that the log accepted, by leaf.
    accepted: BTreeMap<u64, u64>,
    /// Indices of leaves that say that a load was taken back.
    pub(super) undone: Vec<u64>,
    /// Sequence number of the newest feed state in the log, where the log reaches beyond the binding.
    pub(super) last_state: Option<u64>,
    drawn_at_size: u64,
    /// Consents whose explanation was erased in time.
    pub(super) erased_consents: BTreeSet<u64>,
    /// Identifiers of borrowers and their accounts, by the source file.
    pub(super) borrowers: Option<BTreeSet<(&'a Identifier, &'a str)>>,
    erasures: BTreeMap<u64, LeafReference>,
    /// Erasures that lines name, with the first leaf of each; those of which nobody is shown who approved.
    pub(super) named_erasures: BTreeMap<u64, LeafReference>,
    /// Points of reporting batches that are said to have gone with an erasure, in order.
    pub(super) erased_points: BTreeMap<u64, Vec<[u8; 32]>>,
    feeds: BTreeMap<MemberId, Option<FeedCopy>>,
    findings: Vec<Finding>,
}

/// What is kept of the log while it is read.
#[derive(Default)]
struct Read {
    wanted: BTreeSet<u64>,
    leaves: BTreeMap<u64, (Digest, Leaf)>,
    candidates: Candidates,
    frontier: Frontier,
    /// Size and root of the sample's checkpoint.
    sampled: (u64, Option<Digest>),
    erasures: BTreeMap<u64, LeafReference>,
    states: BTreeMap<TransactionId, u64>,
    feed_grown: BTreeMap<u64, u64>,
    accepted: BTreeMap<u64, u64>,
    undone: Vec<u64>,
}

impl Read {
    fn leaf(&mut self, at: LeafReference, leaf: &Leaf) {
        if at.index < self.sampled.0 {
            self.candidates.add(at, leaf);
            self.frontier.push(at.hash.0);
        }
        if self.frontier.size() == self.sampled.0 && self.sampled.1.is_none() {
            self.sampled.1 = Some(Digest(self.frontier.root()));
        }
        match &leaf.body {
            LeafBody::Erasure { of, .. } => drop(self.erasures.insert(at.index, *of)),
            LeafBody::FeedState { sequence, .. } => {
                self.states.insert(leaf.transaction, *sequence);
                self.feed_grown.insert(at.index, *sequence);
            }
            LeafBody::RosterAccepted { version, .. } => drop(self.accepted.insert(at.index, *version)),
            LeafBody::LoadDecided { decision: LoadDecision::Undone, .. } => self.undone.push(at.index),
            _ => {}
        }
        if self.wanted.contains(&at.index) {
            self.leaves.insert(at.index, (at.hash, leaf.clone()));
        }
    }
}

/// Checks a binding.
pub fn check(binding: &Binding, against: &Against<'_>) -> Result<Report, CheckError> {
    let head = &binding.head;
    let size = head.sample.checkpoint.size;
    let empty = (size == 0).then(|| Digest(crate::merkle::empty_root()));
    let mut read = Read { sampled: (size, empty), ..Read::default() };
    read.wanted.extend(binding.leaves.iter().map(|leaf| leaf.leaf().index));
    read.wanted.insert(head.made.index);
    let log =
        ExportedLog::read(against.export, against.operator.as_ref(), &mut |at, leaf| read.leaf(at, leaf))?;
    if log.manifest.member != head.member || log.manifest.network != head.network {
        let (export, binding) = (log.manifest.member.clone(), head.member.clone());
        return Err(CheckError::OtherMember { export, binding });
    }
    let (have, need) = (log.checkpoint.size, head.sample.checkpoint.size);
    if have < need {
        return Err(CheckError::TooOld { have, need });
    }
    let keys = Keys::new(&log.rosters);
    let mut check = Check {
        against,
        keys,
        network: head.network.clone(),
        member: head.member.clone(),
        checked: Checked::default(),
        consents: BTreeMap::new(),
        accepted: std::mem::take(&mut read.accepted),
        undone: std::mem::take(&mut read.undone),
        last_state: (head.made.index < have).then(|| read.states.values().copied().max().unwrap_or(0)),
        states: std::mem::take(&mut read.states),
        feed_grown: std::mem::take(&mut read.feed_grown),
        drawn_at_size: need,
        erased_consents: BTreeSet::new(),
        borrowers: against
            .loans
            .map(|loans| loans.iter().map(|loan| (&loan.identifier, loan.account.as_str())).collect()),
        erasures: std::mem::take(&mut read.erasures),
        named_erasures: BTreeMap::new(),
        erased_points: BTreeMap::new(),
        feeds: BTreeMap::new(),
        findings: Vec::new(),
    };
    check.sample(binding, &log, &read);
    for line in &binding.leaves {
        check.line(line, &read);
    }
    check.approvals_missing();
    let made_leaf_seen = check.made(binding, &log, &read);
    Ok(Report {
        institution: head.member.clone(),
        checkpoint: log.checkpoint,
        seed: head.sample.seed,
        drawn: head.sample.leaves.len(),
        made_leaf_seen,
        checked: check.checked,
        findings: check.findings,
    })
}

impl Check<'_> {
    /// The policy that the institution followed when it logged a leaf.
    pub(super) fn policy_at(&self, leaf: u64) -> &Policy {
        let before = self.accepted.range(..leaf).next_back();
        before.map_or_else(|| self.keys.newest(), |(_, version)| self.keys.at(*version)).policy()
    }

    pub(super) fn find(&mut self, leaf: LeafReference, rule: Rule, words: impl Into<String>) {
        self.find_at(Some(leaf.index), rule, words);
    }

    fn find_at(&mut self, leaf: Option<u64>, rule: Rule, words: impl Into<String>) {
        let institution = self.member.clone();
        self.findings.push(Finding { institution, leaf, rule, words: words.into() });
    }

    /// The sample is the auditor's, is what its seed draws from this very log, and every leaf of it is explained.
    fn sample(&mut self, binding: &Binding, log: &ExportedLog, read: &Read) {
        let sample = &binding.head.sample;
        if self.against.sample.is_some_and(|own| own != sample) {
            let words = "the binding explains another sample than the auditor's";
            self.find_at(None, Rule::SampleDiffers, words);
        }
        let drawn = read.candidates.draw(&sample.origin, &sample.checkpoint, &sample.seed, sample.count);
        let of_this_log = sample.member == self.member
            && sample.network == self.network
            && sample.origin == log.manifest.origin
            && read.sampled.1 == Some(sample.checkpoint.root);
        if !of_this_log || drawn != sample.leaves {
            let words =
                "the sample's leaves are not those that its seed draws from this log at its checkpoint";
            self.find_at(None, Rule::SampleDiffers, words);
        }
        let mut bound = BTreeSet::new();
        for line in &binding.leaves {
            if !bound.insert(line.leaf().index) {
                self.find(line.leaf(), Rule::WrongLeaf, "the leaf is explained twice");
            }
        }
        // The seed's own draw counts, whatever the binding says was drawn.
        for leaf in drawn.iter().filter(|leaf| !bound.contains(&leaf.index)) {
            let words = "the leaf was drawn, and the binding does not explain it";
            self.find(leaf.reference(), Rule::LeafNotBound, words);
        }
    }

    fn line(&mut self, line: &LeafBinding, read: &Read) {
        let at = line.leaf();
        let Some((_, leaf)) = read.leaves.get(&at.index).filter(|(hash, _)| *hash == at.hash) else {
            self.find(at, Rule::WrongLeaf, "the log has no such leaf at this place");
            return;
        };
        match line {
            LeafBinding::ConsentGiven(consent) => {
                let located = self.consent(consent, &leaf.body);
                self.consents.extend(located.map(|located| (at.index, located)));
            }
            LeafBinding::InquiryOpened(opening) => self.opening(opening, leaf),
            LeafBinding::ReportingBatch(batch) => self.batch(batch, &leaf.body),
            LeafBinding::Erased { .. } if matches!(leaf.body, LeafBody::ReportingBatch { .. }) => {
                let words = "a reporting batch is erased point by point, and never as a whole";
                self.find(at, Rule::NotExplained, words);
            }
            LeafBinding::Erasure(erasure) => self.erasure(erasure, leaf),
            LeafBinding::Erased { erasure, .. } => {
                self.erased(at, *erasure);
                self.erased_consents.insert(at.index);
            }
            LeafBinding::Nothing { .. } => {
                let words = "the institution has nothing that explains the points of this leaf";
                self.find(at, Rule::NotExplained, words);
            }
        }
    }

    /// An erasure that the institution names: in the log, of this leaf, and before the draw.
    pub(super) fn erased(&mut self, of: LeafReference, erasure: u64) {
        if self.erasures.get(&erasure) != Some(&of) {
            let words = "the log has no such erasure of this leaf";
            self.find(of, Rule::ErasureNotLogged, words);
        } else if erasure >= self.drawn_at_size {
            let words = "what explains the leaf was erased after the leaf was drawn";
            self.find(of, Rule::ErasedAfterDraw, words);
        } else {
            self.checked.erased += 1;
            self.named_erasures.entry(erasure).or_insert(of);
        }
    }

    /// Whether the export reaches the leaf that says that the binding was made; if so, what it says is compared.
    fn made(&mut self, binding: &Binding, log: &ExportedLog, read: &Read) -> bool {
        let (made, sample) = (binding.head.made, &binding.head.sample);
        if made.index >= log.checkpoint.size {
            return false;
        }
        let leaf = read.leaves.get(&made.index).filter(|(hash, _)| *hash == made.hash);
        let says = leaf.is_some_and(|(_, leaf)| match &leaf.body {
            LeafBody::BindingMade { sample: digest, leaves } => {
                let complete = *leaves as usize == sample.leaves.len();
                *digest == sample.digest() && complete && leaf.time == binding.head.made_at
            }
            _ => false,
        });
        if !says {
            self.find(made, Rule::BindingNotLogged, "the log does not say that this binding was made");
        }
        true
    }

    /// The copy of a feed that reaches furthest, among all exports, of those that equal the lender's signed state.
    pub(super) fn feed(&mut self, lender: &MemberId) -> Option<&FeedCopy> {
        if !self.feeds.contains_key(lender) {
            let folders = self.against.peers.iter().copied().chain([self.against.export]);
            let roster = self.keys.newest();
            let copies = folders.filter_map(|files| FeedCopy::read(files, lender, roster).ok().flatten());
            let furthest = copies.max_by_key(|copy| copy.sequence);
            self.feeds.insert(lender.clone(), furthest);
        }
        self.feeds.get(lender).and_then(Option::as_ref)
    }
}

/// Whether points are those that a leaf names.
pub(super) fn are_logged(points: &[Point], logged: &PointsReference) -> bool {
    logged.count as usize == points.len() && logged.digest == Digest(points_digest(points))
}
