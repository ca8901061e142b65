//! What a member that lies sends instead. It has its own keys, so that its lies are as well made as they can be.

use std::collections::BTreeMap;

use tallystick::digest::Digest;
use tallystick::feed_state::FeedState;
use tallystick::keyring::NodeKeys;
use tallystick::merkle::{Checkpoint, SignerKey, leaf_hash, sign_checkpoint};
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::model::member::MemberId;
use tallystick::node::note_keys;
use tallystick::roster::RosterDocument;
use tallystick::secret::SecretBytes;
use tallystick::signing::{Signed, SigningKey};
use tallystick::threshold::{Point, points_digest};
use tallystick::wire::message::{Evaluated, LogUpdate, Reply, Request};

use crate::op::Lie;

struct Keys {
    log: SignerKey,
    feed: SigningKey,
}

/// What liars know and remember.
#[derive(Default)]
pub(crate) struct Liars {
    keys: BTreeMap<MemberId, Keys>,
    /// The first state that each lender showed.
    states: BTreeMap<MemberId, Signed<FeedState>>,
    first_roster: Option<Signed<RosterDocument>>,
}

impl Liars {
    pub(crate) fn learn(&mut self, network: &str, member: &MemberId, keys: &NodeKeys) {
        let (log, _) = note_keys(keys, network, member);
        let feed = SigningKey::from_seed(SecretBytes::new(*keys.feed_state_seed().expose()));
        self.keys.insert(member.clone(), Keys { log, feed });
    }

    pub(crate) fn learn_roster(&mut self, roster: Signed<RosterDocument>) {
        self.first_roster.get_or_insert(roster);
    }

    /// Remembers what may be replayed.
    pub(crate) fn heard(&mut self, from: &MemberId, reply: &Reply) {
        if let Reply::Feed { state, .. } = reply {
            self.states.entry(from.clone()).or_insert_with(|| state.clone());
        }
    }

    /// What it sends instead of its request, and whether that is a lie.
    pub(crate) fn request(lie: Lie, request: Request) -> (Request, bool) {
        if lie != Lie::Leaf {
            return (request, false);
        }
        match request {
            Request::Witness(mut update) => {
                let told = change_leaf(&mut update);
                (Request::Witness(update), told)
            }
            Request::Evaluate(mut request) => {
                let told = change_leaf(&mut request.update);
                (Request::Evaluate(request), told)
            }
            other => (other, false),
        }
    }

    /// What it answers instead of its reply, and whether that is a lie.
    pub(crate) fn reply(&self, lie: Lie, by: &MemberId, request: &Request, reply: Reply) -> (Reply, bool) {
        match (lie, reply) {
            (Lie::Row, Reply::Feed { mut rows, state, last }) => {
                let row = rows.last_mut();
                let told = row.is_some();
                if let Some(byte) = row.and_then(|row| row.sealed.ciphertext.last_mut()) {
                    *byte ^= 1;
                }
                (Reply::Feed { rows, state, last }, told)
            }
            (Lie::MissingRow, Reply::Feed { mut rows, state, last }) if rows.len() > 1 => {
                rows.remove(0);
                (Reply::Feed { rows, state, last }, true)
            }
            (Lie::OldState, Reply::Feed { rows, state, last }) => {
                let old = self.states.get(by).filter(|old| **old != state).cloned();
                let told = old.is_some();
                (Reply::Feed { rows, state: old.unwrap_or(state), last }, told)
            }
            (Lie::OtherState, Reply::Feed { rows, state, last }) => {
                let other = self.other_state(by, &state);
                let told = other.is_some();
                (Reply::Feed { rows, state: other.unwrap_or(state), last }, told)
            }
            (Lie::Evaluation, Reply::Evaluated(evaluated)) => {
                (Reply::Evaluated(Box::new(self.wrong_evaluation(by, *evaluated))), true)
            }
            (Lie::Proof, Reply::Evaluated(mut evaluated)) => {
                let told = evaluated.proof.take().is_some();
                (Reply::Evaluated(evaluated), told)
            }
            (Lie::Proof, Reply::OpeningProof { .. }) => {
                (Reply::Unavailable { why: "not now".to_owned() }, true)
            }
            (Lie::Checkpoint, Reply::Evaluated(mut evaluated)) => {
                evaluated.evidence.checkpoint = self.small_checkpoint(by, [7; 32]);
                (Reply::Evaluated(evaluated), true)
            }
            (Lie::Size, Reply::Cosigned { .. } | Reply::Evaluated(_)) => (Reply::LogSize { have: 1 }, true),
            (Lie::Withdrawals, Reply::Withdrawals { mut codes }) if !codes.is_empty() => {
                codes.pop();
                (Reply::Withdrawals { codes }, true)
            }
            (Lie::Roster, Reply::Roster(newest)) if matches!(request, Request::Roster) => {
                let old = self.first_roster.clone().unwrap_or(newest);
                (Reply::Roster(old), true)
            }
            (_, reply) => (reply, false),
        }
    }

    fn other_state(&self, by: &MemberId, state: &Signed<FeedState>) -> Option<Signed<FeedState>> {
        let keys = self.keys.get(by)?;
        let mut said = state.verify(&keys.feed.verify_key()).ok()?;
        said.digest = Digest([0x5a; 32]);
        Signed::sign(said.to_bytes(), &keys.feed).ok()
    }

    /// A checkpoint of a log of one leaf.
    fn small_checkpoint(&self, by: &MemberId, root: [u8; 32]) -> Vec<u8> {
        let key = &self.keys[by].log;
        let checkpoint = Checkpoint::new(key.verifier().name().clone(), 1, root).unwrap();
        sign_checkpoint(&checkpoint, key).unwrap().to_bytes()
    }

    /// Results that are other points, a leaf that says so, and a log that holds just this leaf: everything agrees but
    /// the proof.
    fn wrong_evaluation(&self, by: &MemberId, mut evaluated: Evaluated) -> Evaluated {
        // Rotated, every one is a point, and a wrong one where there are several.
        evaluated.results.rotate_left(1);
        let Ok(mut leaf) = Leaf::from_bytes(&evaluated.evidence.leaf) else { return evaluated };
        let points: Vec<Point> =
            evaluated.results.iter().map(|bytes| Point::from_bytes(bytes).unwrap()).collect();
        if let LeafBody::EvaluationServed { results, .. } = &mut leaf.body {
            results.digest = Digest(points_digest(&points));
        }
        let bytes = leaf.to_bytes();
        evaluated.evidence.checkpoint = self.small_checkpoint(by, leaf_hash(&bytes));
        evaluated.evidence.leaf = bytes;
        evaluated.evidence.index = 0;
        evaluated.evidence.proof = Vec::new();
        evaluated
    }
}

/// Changes one byte of a leaf that was signed otherwise.
fn change_leaf(update: &mut LogUpdate) -> bool {
    let Some(leaf) = update.leaves.last_mut() else { return false };
    let Some(byte) = leaf.iter_mut().rev().find(|byte| byte.is_ascii_digit()) else { return false };
    *byte = if *byte == b'1' { b'2' } else { b'1' };
    true
}
