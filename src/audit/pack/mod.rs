//! The evidence pack: for a period, the figures that an assessor of the Client Protection Standards asks for
//! (Cerise+SPTF, version 3.0, 2022: 4.A no over-indebtedness, 4.B information, 4.D data, 4.E complaints), each with the
//! leaves that it rests on, and what the logs do not show said beside it.
//!
//! Figures are taken from leaves that lead to a signed checkpoint; the verifier's findings stand in the same pack, for a
//! figure of a log with findings is worth what its findings leave of it.

mod collect;
mod sections;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use self::collect::Collected;
use super::finding::Finding;
use super::report::{Note, Report, Unchecked};
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::VerifyKey;

/// Version of the JSON form, the `v` of [`Pack`].
pub const PACK_VERSION: u8 = 1;
/// Runs of leaves that are listed for a figure; of what is beyond only the number is told.
const LEAF_RUNS_MAX: usize = 200;

/// Leaves of one log, in runs from a first to a last index, both included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafRuns {
    /// The runs, in order.
    pub runs: Vec<(u64, u64)>,
    /// Leaves beyond those listed.
    pub more: u64,
}

impl LeafRuns {
    /// The runs of some leaves.
    pub fn new(leaves: impl IntoIterator<Item = u64>) -> Self {
        let mut leaves: Vec<u64> = leaves.into_iter().collect();
        leaves.sort_unstable();
        leaves.dedup();
        let mut found = Self::default();
        for leaf in leaves {
            let full = found.runs.len() == LEAF_RUNS_MAX;
            match found.runs.last_mut() {
                Some((_, last)) if *last + 1 == leaf => *last = leaf,
                _ if full => found.more += 1,
                _ => found.runs.push((leaf, leaf)),
            }
        }
        found
    }

    /// As people read them: `3, 7-9 and 12 more`.
    pub fn words(&self) -> String {
        let run = |(first, last): &(u64, u64)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        let listed = self.runs.iter().map(run).collect::<Vec<_>>().join(", ");
        match self.more {
            0 => listed,
            more => format!("{listed} and {more} more"),
        }
    }
}

/// A figure of one institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfInstitution {
    /// Whose log it is from.
    pub institution: MemberId,
    /// The figure, as it is read.
    pub value: String,
    /// The leaves that it rests on.
    pub leaves: LeafRuns,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What is counted or measured.
    pub name: String,
    /// Over all institutions.
    pub value: String,
    /// Of each.
    pub institutions: Vec<OfInstitution>,
}

/// What belongs to one standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its number in the Client Protection Standards.
    pub standard: String,
    /// What it asks for, in a few words.
    pub title: String,
    /// The figures.
    pub figures: Vec<Figure>,
    /// What the logs do not show, and where to look for it.
    pub gaps: Vec<String>,
}

/// A log that the pack rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedLog {
    /// Whose.
    pub institution: MemberId,
    /// Number of leaves.
    pub leaves: u64,
    /// Root that they lead to.
    pub root: Option<Digest>,
    /// Leaves that the witnesses' quorum has cosigned, and when.
    pub witnessed: Option<(u64, UnixTime)>,
    /// When it was exported.
    pub exported_at: UnixTime,
}

/// The pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// [`PACK_VERSION`].
    pub v: u8,
    /// The network.
    pub network: Option<NetworkId>,
    /// The operator's key that everything rests on.
    pub operator_key: Option<VerifyKey>,
    /// Whether the auditor brought that key; otherwise the exports named it.
    pub operator_key_given: bool,
    /// From when.
    pub from: Option<UnixTime>,
    /// Until when, this moment not included.
    pub until: Option<UnixTime>,
    /// The logs.
    pub logs: Vec<PackedLog>,
    /// The figures, by standard.
    pub sections: Vec<Section>,
    /// What the verifier found.
    pub findings: Vec<Finding>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
    /// What is said beside it.
    pub notes: Vec<Note>,
}

impl Pack {
    /// The pack of a verified report and of what was collected from its logs.
    pub(super) fn new(report: &Report, collected: &BTreeMap<MemberId, Collected>) -> Self {
        let logs = report.logs.iter().map(|(institution, counts)| PackedLog {
            institution: institution.clone(),
            leaves: counts.leaves,
            root: counts.root,
            witnessed: counts.quorum,
            exported_at: counts.exported_at,
        });
        Self {
            v: PACK_VERSION,
            network: report.network.clone(),
            operator_key: report.operator_key,
            operator_key_given: report.operator_key_given,
            from: report.from,
            until: report.until,
            logs: logs.collect(),
            sections: sections::all(report, collected),
            findings: report.findings.clone(),
            unchecked: report.unchecked.clone(),
            notes: report.notes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_listed_in_runs() {
        assert_eq!(LeafRuns::new([9, 3, 7, 8, 3]).words(), "3, 7-9");
        assert_eq!(LeafRuns::new([]).words(), "");
        let many = LeafRuns::new((0..1_000).map(|leaf| leaf * 2));
        assert_eq!((many.runs.len(), many.more), (LEAF_RUNS_MAX, 1_000 - LEAF_RUNS_MAX as u64));
        assert!(many.words().ends_with(" and 800 more"));
    }
}
