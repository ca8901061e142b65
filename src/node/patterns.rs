//! Unusual patterns, from the logs that are here: the own one and those that this node mirrors.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Node;
use crate::audit::patterns::{PATTERN_DAYS, Pattern, Watched, find};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::{LEAVES_PER_UPDATE_MAX, PATTERN_LEAVES_MAX};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::leaf::Leaf;
use crate::model::member::MemberId;

/// What is unusual in the logs that are here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PatternReport {
    /// The first day that was looked at.
    pub from: Day,
    /// When it was looked.
    pub until: UnixTime,
    /// Whose logs.
    pub logs: Vec<MemberId>,
    /// Logs with so many leaves in that time that the oldest were left out.
    pub cut: Vec<MemberId>,
    /// What was found, ordered by member.
    pub patterns: Vec<Pattern>,
}

impl Node {
    /// Looks through the logs that are here for what is unusual. Reads the leaves of a month: seconds for a large network.
    pub fn patterns(&self) -> Result<PatternReport, LogError> {
        let until = self.clock.now();
        let from = Day::of(until).plus_days(1 - PATTERN_DAYS);
        let (mut watched, mut cut) = (Vec::new(), Vec::new());
        for owner in self.mirror.owners()? {
            let size = self.mirror.head(&owner)?.map_or(0, |head| head.size);
            let begins = self.first_since(&owner, size, from.start())?;
            let begin = begins.max(size.saturating_sub(PATTERN_LEAVES_MAX));
            if begin > begins {
                cut.push(owner.clone());
            }
            watched.push(self.watch(owner, begin, size)?);
        }
        let known = self.known_codes(&watched)?;
        let allowance = u64::from(self.roster().policy().quotas.unpublished_points);
        let logs: Vec<&Watched> = watched.iter().collect();
        let patterns = find(&logs, |code| known.contains(code), allowance, until);
        let logs = watched.iter().map(|log| log.owner().clone()).collect();
        Ok(PatternReport { from, until, logs, cut, patterns })
    }

    /// The first leaf that is not before a time. Times go on in a log, up to the steps of a clock.
    fn first_since(&self, owner: &MemberId, size: u64, time: UnixTime) -> Result<u64, LogError> {
        let (mut before, mut from) = (0, size);
        while before < from {
            let middle = before + (from - before) / 2;
            let bytes = self.mirror.leaf(owner, middle)?.unwrap_or_default();
            if Leaf::from_bytes(&bytes).is_ok_and(|leaf| leaf.time < time) {
                before = middle + 1;
            } else {
                from = middle;
            }
        }
        Ok(from)
    }

    fn watch(&self, owner: MemberId, begin: u64, size: u64) -> Result<Watched, LogError> {
        let mut watched = Watched::new(owner);
        let mut from = begin;
        while from < size {
            let page = self.mirror.leaves(watched.owner(), from, LEAVES_PER_UPDATE_MAX)?;
            if page.is_empty() {
                break;
            }
            for (index, bytes) in (from..size).zip(&page) {
                if let Ok(leaf) = Leaf::from_bytes(bytes) {
                    watched.leaf(index, &leaf);
                }
            }
            from += page.len() as u64;
        }
        Ok(watched)
    }

    /// Of the withdrawal codes that came in, those that belong to a consent in some log, however old.
    fn known_codes(&self, logs: &[Watched]) -> Result<BTreeSet<Digest>, LogError> {
        let mut unknown: BTreeSet<Digest> = logs.iter().flat_map(Watched::codes).copied().collect();
        let mut known = BTreeSet::new();
        if !unknown.is_empty() {
            self.register.each_consent(|consent| {
                if unknown.remove(&consent.withdrawal) {
                    known.insert(consent.withdrawal);
                }
            })?;
        }
        Ok(known)
    }
}
