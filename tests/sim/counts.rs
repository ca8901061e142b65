//! How often what happened.

use std::collections::BTreeMap;

use tallystick::model::leaf::RefusalCode;

use crate::op::{LIES, LINKS};

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) BTreeMap<String, u64>);

impl Counts {
    pub(crate) fn add(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    pub(crate) fn refusal(&mut self, reason: RefusalCode) {
        self.add(format!("refused: {reason:?}"));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what.clone()).or_default() += count;
        }
    }

    /// What a long run must have met, and has not.
    pub(crate) fn never(&self) -> Vec<String> {
        let faults = LINKS.iter().map(|link| format!("link: {link:?}"));
        let lies = LIES.iter().map(|lie| format!("lie: {lie:?}"));
        let others = [
            "crash: before the write",
            "crash: after the write",
            "crash: process killed in the middle",
            "crash: at the start",
            "power cut",
            "disk full",
            "disk full: served all the same",
            "inquiry: answered",
            "inquiry: answered incomplete",
            "inquiry: answered again",
            "inquiry: finished after a break",
            "load: taken",
            "load: held",
            "load: interrupted",
            "load: undone",
            "old roster refused",
            "old roster file at the start",
            "erased",
            "withdrawn",
        ];
        let others = others.into_iter().map(str::to_owned);
        faults.chain(lies).chain(others).filter(|what| !self.0.contains_key(what)).collect()
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(what, count)| writeln!(f, "{count:>10}  {what}"))
    }
}
