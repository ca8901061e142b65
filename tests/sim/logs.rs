//! Every log as it was seen from outside, leaf for leaf: nothing that was appended ever goes, nobody holds another
//! history, and what the leaves say of each other fits (promises 2, 7 and 8).

use std::collections::{BTreeMap, BTreeSet};

use tallystick::digest::{Digest, TransactionId};
use tallystick::merkle::{Frontier, leaf_hash};
use tallystick::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, LoadDecision};
use tallystick::model::member::MemberId;
use tallystick::node::Node;

/// A place in somebody's log.
type LogPlace = (MemberId, u64);

struct Known {
    leaves: Vec<Vec<u8>>,
    /// Root of each size.
    roots: Vec<Digest>,
    frontier: Frontier,
}

impl Default for Known {
    fn default() -> Self {
        let frontier = Frontier::new();
        Self { leaves: Vec::new(), roots: vec![Digest(frontier.root())], frontier }
    }
}

struct Consent {
    uses: u16,
    withdrawal: Digest,
    withdrawn_at: Option<u64>,
    hash: Digest,
}

/// An opening as its leaf says.
#[derive(Clone)]
pub(crate) struct Opening {
    pub(crate) transaction: TransactionId,
    pub(crate) consent: LeafReference,
    pub(crate) r#use: u16,
}

/// What all logs say.
pub(crate) struct Logs {
    threshold: usize,
    known: BTreeMap<MemberId, Known>,
    consents: BTreeMap<LogPlace, Consent>,
    openings: BTreeMap<LogPlace, Opening>,
    /// Who helped to open.
    opened_by: BTreeMap<LogPlace, BTreeSet<MemberId>>,
    /// Which opening a holder served first under a consent's use.
    served_uses: BTreeMap<(MemberId, LogPlace, u16), u64>,
    /// Codes that reached a node.
    withdrawn: BTreeMap<MemberId, BTreeSet<Digest>>,
    answered: BTreeMap<LogPlace, TransactionId>,
    loaded: BTreeMap<MemberId, u64>,
    rosters: BTreeMap<MemberId, u64>,
    mirrored: BTreeMap<(MemberId, MemberId), u64>,
}

impl Logs {
    pub(crate) fn new(threshold: u8) -> Self {
        Self {
            threshold: usize::from(threshold),
            known: BTreeMap::new(),
            consents: BTreeMap::new(),
            openings: BTreeMap::new(),
            opened_by: BTreeMap::new(),
            served_uses: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
            answered: BTreeMap::new(),
            loaded: BTreeMap::new(),
            rosters: BTreeMap::new(),
            mirrored: BTreeMap::new(),
        }
    }

    /// Reads what is new in the logs of these nodes, and judges it.
    pub(crate) fn pull<'a>(&mut self, nodes: impl Iterator<Item = &'a Node>) {
        let mut new = Vec::new();
        for node in nodes {
            let (me, head) = (node.me().clone(), node.log().head());
            let known = self.known.entry(me.clone()).or_default();
            let have = known.leaves.len() as u64;
            assert!(head.size >= have, "{me}: had {have} leaves and has {}", head.size);
            // Behind its head may lie what a failed write left.
            let more = usize::try_from(head.size - have).unwrap();
            for bytes in node.log().leaves(have, more).unwrap() {
                let leaf = Leaf::from_bytes(&bytes).unwrap();
                known.frontier.push(leaf_hash(&bytes));
                known.roots.push(Digest(known.frontier.root()));
                new.push((me.clone(), known.leaves.len() as u64, Digest(leaf_hash(&bytes)), leaf));
                known.leaves.push(bytes);
            }
            let root = known.roots.last().unwrap();
            assert_eq!(*root, head.root, "{me}: the root of {} leaves is another one", head.size);
        }
        // First what they say of themselves, then what they say of others.
        for (owner, index, hash, leaf) in &new {
            self.own(owner, *index, *hash, leaf);
        }
        for (owner, index, _, leaf) in &new {
            self.of_others(owner, *index, leaf);
        }
        for (owner, _, _, leaf) in &new {
            self.answers(owner, leaf);
        }
    }

    fn own(&mut self, owner: &MemberId, index: u64, hash: Digest, leaf: &Leaf) {
        let place = (owner.clone(), index);
        match &leaf.body {
            LeafBody::ConsentGiven { terms, withdrawal, .. } => {
                let consent = Consent { uses: terms.uses, withdrawal: *withdrawal, withdrawn_at: None, hash };
                self.consents.insert(place, consent);
            }
            LeafBody::ConsentWithdrawn { consent } => {
                let known = self.consents.get_mut(&(owner.clone(), consent.index)).unwrap();
                known.withdrawn_at.get_or_insert(index);
            }
            LeafBody::InquiryOpened { consent, r#use, .. } => {
                let known = self.consents.get(&(owner.clone(), consent.index));
                let known = known.unwrap_or_else(|| panic!("{owner} leaf {index}: opened without consent"));
                assert_eq!(known.hash, consent.hash, "{owner} leaf {index}: the consent is another");
                let opening = Opening { transaction: leaf.transaction, consent: *consent, r#use: *r#use };
                self.openings.insert(place, opening);
            }
            LeafBody::LoadDecided { decision: LoadDecision::Loaded, .. } => {
                *self.loaded.entry(owner.clone()).or_default() += 1;
            }
            LeafBody::LoadDecided { decision: LoadDecision::Undone, .. } => {
                *self.loaded.get_mut(owner).expect("it was loaded") -= 1;
            }
            LeafBody::RosterAccepted { version, .. } => {
                let last = self.rosters.insert(owner.clone(), *version);
                assert!(
                    last.is_none_or(|last| last < *version),
                    "{owner} went from roster {last:?} to {version}"
                );
            }
            _ => {}
        }
    }

    fn of_others(&mut self, holder: &MemberId, index: u64, leaf: &Leaf) {
        let what = format!("{holder} leaf {index}");
        match &leaf.body {
            LeafBody::WithdrawalReceived { withdrawal } => {
                self.withdrawn.entry(holder.clone()).or_default().insert(*withdrawal);
            }
            LeafBody::EvaluationServed { peer, evaluation, leaf: asked, checkpoint, .. } => {
                let place = (peer.clone(), asked.index);
                let known = &self.known[peer];
                let named = known.leaves.get(usize::try_from(asked.index).unwrap());
                let named = named.unwrap_or_else(|| panic!("{what}: served a leaf that {peer} never had"));
                assert_eq!(Digest(leaf_hash(named)), asked.hash, "{what}: served another leaf of {peer}");
                let size = usize::try_from(checkpoint.size).unwrap();
                assert_eq!(
                    known.roots.get(size),
                    Some(&checkpoint.root),
                    "{what}: served against a checkpoint that the log of {peer} does not contain"
                );
                let consent = match evaluation {
                    EvaluationKind::Reporting => return,
                    EvaluationKind::Locate | EvaluationKind::Footprint => place.clone(),
                    EvaluationKind::Open => (peer.clone(), self.openings[&place].consent.index),
                };
                self.served_under(&what, holder, &consent, checkpoint.size);
                if *evaluation == EvaluationKind::Open {
                    let number = self.openings[&place].r#use;
                    let uses = self.consents[&consent].uses;
                    assert!(number >= 1 && number <= uses, "{what}: use {number} of {uses} was served");
                    let key = (holder.clone(), consent, number);
                    let first = *self.served_uses.entry(key).or_insert(asked.index);
                    assert_eq!(first, asked.index, "{what}: one use was served twice");
                    self.opened_by.entry(place).or_default().insert(holder.clone());
                }
            }
            _ => {}
        }
    }

    /// Nothing is served under a consent that the holder knows to be withdrawn.
    fn served_under(&self, what: &str, holder: &MemberId, consent: &LogPlace, size: u64) {
        let known = &self.consents[consent];
        let by_log = known.withdrawn_at.is_some_and(|at| at < size);
        assert!(!by_log, "{what}: served under a consent that its lender had withdrawn");
        let by_code = self.withdrawn.get(holder).is_some_and(|codes| codes.contains(&known.withdrawal));
        assert!(!by_code, "{what}: served under a consent whose withdrawal it had");
    }

    fn answers(&mut self, owner: &MemberId, leaf: &Leaf) {
        let LeafBody::InquiryAnswered { opened, .. } = &leaf.body else { return };
        for reference in opened {
            let place = (owner.clone(), reference.index);
            let opening = self.openings.get(&place).expect("an answer names its openings");
            assert_eq!(opening.transaction, leaf.transaction, "{owner}: another inquiry's answer");
            let helped = self.opened_by.get(&place).map_or(0, BTreeSet::len);
            assert!(helped >= self.threshold, "{owner}: answered with the help of {helped} holders");
            let consent = &self.consents[&(owner.clone(), opening.consent.index)];
            let before = self.answered.insert(place, leaf.transaction);
            assert!(before.is_none(), "{owner}: one opening was answered twice");
            let spent = self.answered.keys().filter(|(of, index)| {
                of == owner && self.openings[&(of.clone(), *index)].consent == opening.consent
            });
            assert!(spent.count() <= usize::from(consent.uses), "{owner}: more answers than uses");
        }
    }

    /// Openings of a transaction in a log, in order.
    pub(crate) fn openings_of(&self, owner: &MemberId, transaction: TransactionId) -> Vec<&Opening> {
        let of = |(place, opening): &(&LogPlace, &Opening)| {
            &place.0 == owner && opening.transaction == transaction
        };
        self.openings.iter().filter(of).map(|(_, opening)| opening).collect()
    }

    /// Transactions opened in a log from that leaf on.
    pub(crate) fn opened_since(&self, owner: &MemberId, from: u64) -> BTreeSet<TransactionId> {
        let range = self.openings.range((owner.clone(), from)..);
        range.take_while(|((of, _), _)| of == owner).map(|(_, opening)| opening.transaction).collect()
    }

    pub(crate) fn is_answered(&self, owner: &MemberId, transaction: TransactionId) -> bool {
        self.answered.iter().any(|((of, _), answered)| of == owner && *answered == transaction)
    }

    /// Which members know of a withdrawal.
    pub(crate) fn knows_withdrawal(&self, member: &MemberId, code: &Digest) -> bool {
        self.withdrawn.get(member).is_some_and(|codes| codes.contains(code))
    }

    /// Whether the lender's own log withdraws the consent.
    pub(crate) fn is_withdrawn_by_lender(&self, owner: &MemberId, index: u64) -> bool {
        self.consents.get(&(owner.clone(), index)).is_some_and(|consent| consent.withdrawn_at.is_some())
    }

    pub(crate) fn size(&self, owner: &MemberId) -> u64 {
        self.known.get(owner).map_or(0, |known| known.leaves.len() as u64)
    }

    /// How many loads a log says were taken and not taken back.
    pub(crate) fn loads(&self, owner: &MemberId) -> u64 {
        self.loaded.get(owner).copied().unwrap_or(0)
    }

    /// After a restart: every leaf that was ever there is there, byte for byte.
    pub(crate) fn survived(&self, node: &Node) {
        let me = node.me();
        let Some(known) = self.known.get(me) else { return };
        let leaves = node.log().leaves(0, known.leaves.len()).unwrap();
        assert!(leaves == known.leaves, "{me}: leaves were lost or changed by a restart");
        assert_eq!(node.log().verify().unwrap(), node.log().head().size, "{me}");
    }

    /// Whoever mirrors a log has its very history.
    pub(crate) fn check_mirrors(&mut self, node: &Node) {
        for (owner, known) in &self.known {
            if owner == node.me() {
                continue;
            }
            let Some(head) = node.mirror().head(owner).unwrap() else { continue };
            let pair = (node.me().clone(), owner.clone());
            if self.mirrored.get(&pair) == Some(&head.size) {
                continue;
            }
            let root = known.roots.get(usize::try_from(head.size).unwrap());
            let (me, size) = (node.me(), head.size);
            assert_eq!(root, Some(&head.root), "{me} holds another history of {owner} at size {size}");
            let before = self.mirrored.insert(pair, head.size).unwrap_or(0);
            assert!(before <= head.size, "{me}: its copy of the log of {owner} became shorter");
        }
    }

    /// Everything as one number, for the trace.
    pub(crate) fn heads(&self) -> Vec<(String, u64, Digest)> {
        let head = |(owner, known): (&MemberId, &Known)| {
            (owner.to_string(), known.leaves.len() as u64, *known.roots.last().unwrap())
        };
        self.known.iter().map(head).collect()
    }
}
