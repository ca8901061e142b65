//! Draws from a replayable stream.

use crate::secret::{Entropy, random_array};

/// A source of small decisions.
pub(super) struct Draw<'a> {
    entropy: &'a dyn Entropy,
}

impl<'a> Draw<'a> {
    pub(super) fn new(entropy: &'a dyn Entropy) -> Self {
        Self { entropy }
    }

    /// A number from 0 to `end` - 1; 0 when `end` is 0. The bias of the remainder, below 2^-32 for the small
    /// ends used here, does not matter for made-up figures.
    pub(super) fn below(&self, end: u64) -> u64 {
        u64::from_be_bytes(random_array(self.entropy)).checked_rem(end).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(1);
        first.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, each with its weight; the last one when the weights are all zero.
    pub(super) fn weighted<T: Copy>(&self, choices: &[(u64, T)]) -> Option<T> {
        let mut left = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return Some(*choice),
            }
        }
        choices.last().map(|(_, choice)| *choice)
    }

    /// One of `choices`.
    pub(super) fn pick<T: Copy>(&self, choices: &[T]) -> Option<T> {
        choices.get(usize::try_from(self.below(choices.len() as u64)).unwrap_or(0)).copied()
    }

    /// `count` decimal digits.
    pub(super) fn digits(&self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }

    /// Fisher and Yates.
    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, usize::try_from(self.below(last as u64 + 1)).unwrap_or(0));
        }
    }
}
