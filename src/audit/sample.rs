//! The auditor's sample: leaves of one log, drawn with a seed of the auditor's own after the checkpoint is fixed, so
//! that the institution can choose neither which leaves are looked at nor, afterwards, what they say.
//!
//! Anyone can draw it again. The first list has the leaves that are looked at before others (openings that rest on a weak
//! identifier alone, consents for which another lawful ground stands in, and openings under them), in the order of the
//! log. It gives at most half of the sample, rounded up: an institution decides how many such leaves it logs, and could
//! fill the sample with harmless ones. The rest is drawn from all other leaves that have points and those that the first
//! draw left, again in the order of the log.
//!
//! From a list of n, k leaves are taken by k steps of Fisher and Yates: for i from 0, the entry at i changes places with
//! that at i + d, where d is a number below n - i. Numbers come from a stream of blocks: block j of list l (1 or 2) is
//! the commitment (`docs/AUDIT.md`, "Digests and commitments") under the seed as salt and the domain
//! `tallystick/sample/v1` to len(origin) ‖ origin ‖ size (8) ‖ root (32) ‖ l (1) ‖ j (8). Each block is four numbers of
//! 8 bytes, big-endian, used in order. A number at or above the largest multiple of the bound is thrown away, any other
//! is taken modulo the bound.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::digest::{Digest, commit, hash};
use crate::model::leaf::{CheckpointReference, Leaf, LeafBody, LeafReference};
use crate::model::member::{MemberId, NetworkId};

/// Version of this form, the `v` of [`Sample`].
pub const SAMPLE_VERSION: u8 = 1;

/// Kinds of leaves that have points, which a binding explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawnKind {
    /// A consent: points for the locate and footprint keys.
    ConsentGiven,
    /// An opening.
    InquiryOpened,
    /// A reporting batch.
    ReportingBatch,
}

impl DrawnKind {
    /// The kind of a leaf; none for one without points.
    pub fn of(body: &LeafBody) -> Option<Self> {
        match body {
            LeafBody::ConsentGiven { .. } => Some(Self::ConsentGiven),
            LeafBody::InquiryOpened { .. } => Some(Self::InquiryOpened),
            LeafBody::ReportingBatch { .. } => Some(Self::ReportingBatch),
            _ => None,
        }
    }
}

/// A drawn leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnLeaf {
    /// Index in the log.
    pub index: u64,
    /// RFC 6962 leaf hash.
    pub hash: Digest,
    /// What it is.
    pub kind: DrawnKind,
}

impl DrawnLeaf {
    /// Place and content, as leaves name each other.
    pub fn reference(&self) -> LeafReference {
        LeafReference { index: self.index, hash: self.hash }
    }
}

/// What is drawn from which log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// [`SAMPLE_VERSION`].
    pub v: u8,
    /// The network.
    pub network: NetworkId,
    /// Whose log.
    pub member: MemberId,
    /// Origin of the log.
    pub origin: String,
    /// The checkpoint that was fixed before the seed was chosen.
    pub checkpoint: CheckpointReference,
    /// When, by the auditor's clock.
    pub drawn_at: UnixTime,
    /// The auditor's seed.
    pub seed: Digest,
    /// How many leaves were asked for; there may be fewer in the log.
    pub count: u32,
    /// The drawn leaves, by index.
    pub leaves: Vec<DrawnLeaf>,
}

/// What can be drawn from a log. Filled leaf by leaf, from the first to the last.
#[derive(Debug, Default)]
pub struct Candidates {
    first: Vec<DrawnLeaf>,
    others: Vec<DrawnLeaf>,
    /// Indices of consents for which another lawful ground stands in.
    grounds: BTreeSet<u64>,
}

impl Candidates {
    /// Takes a leaf of the log into account, if it has points.
    pub fn add(&mut self, at: LeafReference, leaf: &Leaf) {
        let Some(kind) = DrawnKind::of(&leaf.body) else { return };
        let first = match &leaf.body {
            LeafBody::ConsentGiven { ground: Some(_), .. } => {
                self.grounds.insert(at.index);
                true
            }
            LeafBody::InquiryOpened { weak, consent, .. } => {
                *weak > 0 || self.grounds.contains(&consent.index)
            }
            _ => false,
        };
        let drawn = DrawnLeaf { index: at.index, hash: at.hash, kind };
        if first { self.first.push(drawn) } else { self.others.push(drawn) }
    }

    /// How many leaves can be drawn.
    pub fn count(&self) -> usize {
        self.first.len() + self.others.len()
    }

    /// Draws `count` leaves, or all that there are, in the order of the log.
    pub fn draw(
        &self,
        origin: &str,
        checkpoint: &CheckpointReference,
        seed: &Digest,
        count: u32,
    ) -> Vec<DrawnLeaf> {
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        let mut drawn = self.first.clone();
        let left = take(&mut drawn, wanted.div_ceil(2), Numbers::new(origin, checkpoint, seed, 1));
        let mut others: Vec<DrawnLeaf> = self.others.iter().copied().chain(left).collect();
        others.sort();
        take(&mut others, wanted - drawn.len(), Numbers::new(origin, checkpoint, seed, 2));
        drawn.extend(others);
        drawn.sort();
        drawn
    }
}

impl Sample {
    /// The bytes of its digest: compact JSON, keys in the order of the form.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a sample has only string keys")
    }

    /// How a `binding-made` leaf names the sample.
    pub fn digest(&self) -> Digest {
        hash("tallystick/sample-hash/v1", &[&self.to_bytes()])
    }
}

/// Keeps as many leaves of a list as are wanted and there, and gives the others.
fn take(leaves: &mut Vec<DrawnLeaf>, wanted: usize, mut numbers: Numbers) -> Vec<DrawnLeaf> {
    let taken = leaves.len().min(wanted);
    for place in 0..taken {
        let left = leaves.len() - place;
        leaves.swap(place, place + numbers.below(left));
    }
    leaves.split_off(taken)
}

/// The stream of numbers that belongs to a seed, a checkpoint and a list.
struct Numbers {
    payload: Vec<u8>,
    seed: Digest,
    block: u64,
    ready: Vec<u64>,
}

impl Numbers {
    fn new(origin: &str, checkpoint: &CheckpointReference, seed: &Digest, list: u8) -> Self {
        let mut payload = (origin.len() as u64).to_be_bytes().to_vec();
        payload.extend(origin.as_bytes());
        payload.extend(checkpoint.size.to_be_bytes());
        payload.extend(checkpoint.root.0);
        payload.push(list);
        Self { payload, seed: *seed, block: 0, ready: Vec::new() }
    }

    fn next(&mut self) -> u64 {
        loop {
            if let Some(number) = self.ready.pop() {
                return number;
            }
            let payload = [&self.payload[..], &self.block.to_be_bytes()].concat();
            let block = commit(&self.seed.0, "tallystick/sample/v1", &payload);
            let (numbers, _) = block.0.as_chunks::<8>();
            self.ready = numbers.iter().rev().map(|bytes| u64::from_be_bytes(*bytes)).collect();
            self.block += 1;
        }
    }

    /// A number below `bound`, each as likely.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u128::try_from(bound).expect("a list is shorter than 2^128");
        let usable = (1u128 << 64) / bound * bound;
        loop {
            let number = u128::from(self.next());
            if number < usable {
                return usize::try_from(number % bound).expect("it is below a length");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::TransactionId;
    use crate::model::consent::Purpose;
    use crate::model::leaf::PointsReference;

    fn points() -> PointsReference {
        PointsReference { count: 1, digest: Digest([1; 32]) }
    }

    fn opened(weak: u32) -> LeafBody {
        let none = Digest([0; 32]);
        LeafBody::InquiryOpened {
            consent: LeafReference { index: 0, hash: none },
            r#use: 1,
            purpose: Purpose::LoanApplication,
            epoch: 1,
            points: points(),
            weak,
            footprint: none,
            feeds: none,
            question: none,
        }
    }

    fn candidates(bodies: &[LeafBody]) -> Candidates {
        let mut candidates = Candidates::default();
        for (index, body) in (0u64..).zip(bodies) {
            let leaf = Leaf::new(UnixTime(0), TransactionId([0; 16]), body.clone());
            let hash = crate::digest::hash("test", &[&index.to_be_bytes()]);
            candidates.add(LeafReference { index, hash }, &leaf);
        }
        candidates
    }

    fn checkpoint() -> CheckpointReference {
        CheckpointReference { size: 100, root: Digest([7; 32]) }
    }

    fn indices(candidates: &Candidates, seed: u8, count: u32) -> Vec<u64> {
        let drawn = candidates.draw("tally.net/a", &checkpoint(), &Digest([seed; 32]), count);
        drawn.iter().map(|leaf| leaf.index).collect()
    }

    #[test]
    fn golden_draw() {
        let batches: Vec<LeafBody> =
            (0..100).map(|_| LeafBody::ReportingBatch { epoch: 1, points: points() }).collect();
        // Drawn by another program, written from the text above.
        assert_eq!(indices(&candidates(&batches), 5, 10), GOLDEN);
    }

    const GOLDEN: [u64; 10] = [24, 28, 33, 37, 50, 57, 72, 83, 85, 96];

    #[test]
    fn golden_draw_of_both_lists() {
        // As above: every second leaf is of the first list; two of five; eight of nine.
        let drawn = |count: usize, is_first: fn(usize) -> bool, wanted| {
            let bodies: Vec<LeafBody> = (0..count).map(|index| opened(u32::from(is_first(index)))).collect();
            indices(&candidates(&bodies), 5, wanted)
        };
        assert_eq!(drawn(100, |index| index % 2 == 0, 10), [18, 21, 23, 36, 46, 52, 56, 62, 76, 92]);
        assert_eq!(drawn(5, |index| index > 2, 4), [0, 2, 3, 4]);
        assert_eq!(drawn(9, |index| index < 8, 7), [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn made_up_grounds_do_not_fill_a_sample() {
        // The order of a log: 40 that are looked at first, 60 others.
        let bodies: Vec<LeafBody> = (0..100).map(|index| opened(u32::from(index < 40))).collect();
        let candidates = candidates(&bodies);
        let mut others = 0;
        for seed in 0..=255 {
            let drawn = indices(&candidates, seed, 31);
            assert_eq!(drawn.len(), 31);
            // At least sixteen are of the first list, for the second draw may find more of them.
            let of_others = drawn.iter().filter(|index| **index >= 40).count();
            assert!(of_others <= 15);
            others += of_others;
        }
        // Fifteen of 84 leaves of which 60 are others: 10.7 each time.
        assert!((2_600..2_900).contains(&others), "{others}");
    }

    #[test]
    fn leaves_to_be_looked_at_first_are_drawn_first_and_none_twice() {
        let mut bodies: Vec<LeafBody> = (0..50).map(|_| opened(0)).collect();
        bodies[17] = opened(1);
        bodies[31] = opened(2);
        bodies.push(LeafBody::LogOpened { network: "net".into() });
        let candidates = candidates(&bodies);
        assert_eq!(candidates.count(), 50);
        assert!([17, 31].contains(&indices(&candidates, 1, 1)[0]));
        assert!([17, 31].iter().all(|first| indices(&candidates, 1, 3).contains(first)));
        for count in [0, 1, 3, 49, 50, 1_000] {
            let drawn = indices(&candidates, 1, count);
            let distinct: BTreeSet<&u64> = drawn.iter().collect();
            assert_eq!((drawn.len(), distinct.len()), (count.min(50) as usize, count.min(50) as usize));
            assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert_ne!(indices(&candidates, 1, 20), indices(&candidates, 2, 20));
    }

    #[test]
    fn each_leaf_is_as_likely() {
        let bodies: Vec<LeafBody> = (0..5).map(|_| opened(0)).collect();
        let candidates = candidates(&bodies);
        let mut counts = [0u32; 5];
        for seed in 0..=255 {
            for index in indices(&candidates, seed, 2) {
                counts[usize::try_from(index).unwrap()] += 1;
            }
        }
        // 256 draws of two among five: 102.4 each, with a standard deviation below 8.
        assert!(counts.iter().all(|count| (70..=135).contains(count)), "{counts:?}");
    }

    #[test]
    fn golden_form() {
        let sample = Sample {
            v: SAMPLE_VERSION,
            network: "net".parse().unwrap(),
            member: "aa".parse().unwrap(),
            origin: "tally.net/aa".into(),
            checkpoint: checkpoint(),
            drawn_at: UnixTime(1_795_305_600),
            seed: Digest([5; 32]),
            count: 1,
            leaves: vec![DrawnLeaf { index: 3, hash: Digest([2; 32]), kind: DrawnKind::InquiryOpened }],
        };
        let text = format!(
            r#"{{"v":1,"network":"net","member":"aa","origin":"tally.net/aa","checkpoint":{{"size":100,"root":"{}"}},"drawn_at":1795305600,"seed":"{}","count":1,"leaves":[{{"index":3,"hash":"{}","kind":"inquiry-opened"}}]}}"#,
            "07".repeat(32),
            "05".repeat(32),
            "02".repeat(32),
        );
        assert_eq!(String::from_utf8(sample.to_bytes()).unwrap(), text);
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
    }
}
