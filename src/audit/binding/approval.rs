//! Who approved: an erasure that a line names, and a look-up on a lawful ground other than consent.

use super::check::Check;
use super::finding::Rule;
use super::format::{ConsentBinding, ErasureBinding};
use crate::model::approval::{GROUND_APPROVALS, different_persons, erasure_commitment, ground_commitment};
use crate::model::leaf::{ErasureGround, LawfulGround, Leaf, LeafBody, LeafReference};

impl Check<'_> {
    /// The commitment of an erasure leaf opens, to enough different persons, and to an order where it claims one.
    pub(super) fn erasure(&mut self, binding: &ErasureBinding, leaf: &Leaf) {
        let LeafBody::Erasure { ground, approval, .. } = &leaf.body else {
            self.find(
                binding.leaf,
                Rule::WrongLeaf,
                "an erasure is explained where the log has another leaf",
            );
            return;
        };
        // What stands behind the names is judged here; that nothing is shown, at the end.
        self.named_erasures.remove(&binding.leaf.index);
        let (salt, order) = (&binding.salt.0, binding.order.as_ref());
        let points = self.erased_points.remove(&binding.leaf.index).unwrap_or_default();
        let made = erasure_commitment(salt, &leaf.transaction, *ground, order, &points, &binding.approved_by);
        if made != *approval {
            let words = "the erasure was approved by other persons, on another order, or of other points than are shown";
            self.find(binding.leaf, Rule::CommitmentDiffers, words);
        } else if (*ground == ErasureGround::Order) != order.is_some() {
            let words = "the erasure claims an order, and none was committed to, or the other way round";
            self.find(binding.leaf, Rule::NotApproved, words);
        } else {
            let needed = self.policy_at(binding.leaf.index).audit.approvals;
            self.persons(binding.leaf, &binding.approved_by, needed, "the erasure");
        }
    }

    /// The approval in a consent leaf that rests on a lawful ground opens, to two different persons.
    pub(super) fn ground(&mut self, binding: &ConsentBinding, named: &LawfulGround) {
        let Some(shown) = &binding.ground else {
            let words = "the binding does not show who approved the look-up without consent";
            return self.find(binding.leaf, Rule::NotApproved, words);
        };
        let made = ground_commitment(&shown.salt.0, &named.name, &binding.evidence, &shown.approved_by);
        if made != named.approval {
            let words = "the look-up without consent was approved by other persons, or on another order, than are shown";
            return self.find(binding.leaf, Rule::CommitmentDiffers, words);
        }
        self.persons(binding.leaf, &shown.approved_by, GROUND_APPROVALS, "the look-up without consent");
    }

    fn persons(&mut self, at: LeafReference, names: &[String], needed: u32, what: &str) {
        let have = different_persons(names);
        if have < usize::try_from(needed).unwrap_or(usize::MAX) {
            let words = format!("{what} was approved by {have} different persons, and takes {needed}");
            self.find(at, Rule::NotApproved, words);
        } else {
            self.checked.approvals += 1;
        }
    }

    /// Erasures that lines name and no line explains.
    pub(super) fn approvals_missing(&mut self) {
        for of in std::mem::take(&mut self.named_erasures).into_values() {
            let words = "the binding does not show who approved the erasure of what explained the leaf";
            self.find(of, Rule::NotApproved, words);
        }
    }
}
