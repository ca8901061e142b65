//! The operator's rosters: every one that the exports hold, each verified under the operator's key.

use std::collections::{BTreeMap, BTreeSet};

use super::{Opened, words_of};
use crate::audit::export::roster_path;
use crate::audit::finding::Rule;
use crate::audit::folder;
use crate::audit::report::Report;
use crate::limits::ROSTER_FILE_BYTES_MAX;
use crate::merkle::cosignature::CosignerVerifierKey;
use crate::merkle::{VerifierKey, quorum_size};
use crate::model::member::{MemberId, NetworkId};
use crate::model::policy::Policy;
use crate::roster::{Epoch, Role, Roster, RosterDocument};
use crate::signing::{Signed, VerifyKey};
use crate::threshold::Point;

/// Rosters by version.
pub(super) struct Rosters {
    by_version: BTreeMap<u64, Roster>,
}

impl Rosters {
    pub(super) fn read(
        opened: &[Opened<'_>],
        network: &NetworkId,
        operator: &VerifyKey,
        report: &mut Report,
    ) -> Option<Self> {
        let mut by_version: BTreeMap<u64, Roster> = BTreeMap::new();
        let mut doubled = Vec::new();
        for one in opened {
            for roster in rosters_of(one, network, operator, report) {
                match by_version.get(&roster.version()) {
                    Some(known) if known.hash() != roster.hash() => doubled.push(roster.version()),
                    Some(_) => {}
                    None => {
                        by_version.insert(roster.version(), roster);
                    }
                }
            }
        }
        if by_version.is_empty() {
            let given = opened.first().map_or("", |one| one.export.name);
            report.unchecked(given, "no roster is signed by the operator's key: nothing can be checked");
            return None;
        }
        let rosters = Self { by_version };
        let operator = rosters.newest().with_role(Role::Operator).next().map(|member| member.id.clone());
        if let Some(operator) = operator {
            for version in doubled {
                let words = format!(
                    "The operator signed two different rosters of version {version}: members may have been \
                     shown different rules and different keys."
                );
                report.finding(&operator, Rule::TwoRosters, words);
            }
        }
        Some(rosters)
    }

    pub(super) fn count(&self) -> u64 {
        self.by_version.len() as u64
    }

    /// The newest one.
    pub(super) fn newest(&self) -> &Roster {
        self.by_version.values().next_back().expect("there is at least one")
    }

    pub(super) fn get(&self, version: u64) -> Option<&Roster> {
        self.by_version.get(&version)
    }

    /// The one in force under a version: that version, or else the one before it, or else the first.
    pub(super) fn at(&self, version: u64) -> &Roster {
        let upto = self.by_version.range(..=version).next_back();
        upto.or_else(|| self.by_version.first_key_value()).map(|(_, roster)| roster).expect("at least one")
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Roster> {
        self.by_version.values()
    }

    pub(super) fn policy(&self) -> &Policy {
        self.newest().policy()
    }

    /// Keys that ever signed a member's log.
    pub(super) fn log_keys(&self, member: &MemberId) -> Vec<VerifierKey> {
        let members = self.all().filter_map(|roster| roster.member(member));
        let keys: BTreeSet<VerifierKey> = members.filter_map(|m| m.log_key.parse().ok()).collect();
        keys.into_iter().rev().collect()
    }

    /// Keys that ever signed a lender's feed states.
    pub(super) fn feed_keys(&self, lender: &MemberId) -> BTreeSet<VerifyKey> {
        self.all().filter_map(|roster| roster.member(lender)).map(|member| member.feed_key).collect()
    }

    /// Keys of every witness that ever was.
    pub(super) fn all_cosigner_keys(&self) -> Vec<CosignerVerifierKey> {
        let members = self.all().flat_map(|roster| &roster.document().members);
        let keys: BTreeSet<CosignerVerifierKey> =
            members.filter_map(|m| m.cosigner_key.parse().ok()).collect();
        keys.into_iter().collect()
    }

    /// The epoch, as the newest roster that has it lists it.
    pub(super) fn epoch(&self, epoch: u32) -> Option<&Epoch> {
        self.by_version.values().rev().find_map(|roster| roster.epoch(epoch))
    }

    /// How many key holders must help in an epoch: the least that any roster said.
    pub(super) fn threshold(&self, epoch: u32) -> Option<usize> {
        self.all().filter_map(|roster| roster.epoch(epoch)).map(|e| usize::from(e.threshold)).min()
    }

    /// Every member that was ever a key holder of an epoch.
    pub(super) fn holders(&self, epoch: u32) -> BTreeSet<&MemberId> {
        self.all().filter_map(|roster| roster.epoch(epoch)).flat_map(|e| &e.holders).collect()
    }

    /// The public open key of an epoch.
    pub(super) fn open_key(&self, epoch: u32) -> Option<Point> {
        Point::from_bytes(&self.epoch(epoch)?.open.public_key.0).ok()
    }
}

/// Keys of the witnesses of a member's log in one roster, and how many of them make a quorum.
pub(super) fn witnesses(roster: &Roster, owner: &MemberId) -> (Vec<CosignerVerifierKey>, usize) {
    let members = roster.witnesses_of(owner);
    let keys: Vec<_> = members.into_iter().filter_map(|member| member.cosigner_key.parse().ok()).collect();
    let needed = match roster.policy().log.quorum {
        Some(needed) => (needed as usize).min(keys.len().max(1)),
        None => quorum_size(keys.len()),
    };
    (keys, needed)
}

fn rosters_of(
    one: &Opened<'_>,
    network: &NetworkId,
    operator: &VerifyKey,
    report: &mut Report,
) -> Vec<Roster> {
    let name = one.export.name;
    let mut found = Vec::new();
    let names = match folder::list(one.export.folder, "rosters") {
        Ok(names) => names,
        Err(error) => {
            report.unchecked(name, words_of(&error));
            return found;
        }
    };
    for file in names {
        let Some(version) = file.strip_suffix(".json").and_then(|number| number.parse::<u64>().ok()) else {
            continue;
        };
        let path = roster_path(version);
        let signed: Signed<RosterDocument> =
            match folder::read_json(one.export.folder, &path, ROSTER_FILE_BYTES_MAX) {
                Ok(Some(signed)) => signed,
                Ok(None) => continue,
                Err(error) => {
                    report.unchecked(name, words_of(&error));
                    continue;
                }
            };
        match Roster::verify(signed, operator) {
            Ok(roster) if roster.network() == network && roster.version() == version => found.push(roster),
            Ok(_) => report.unchecked(name, format!("{path} is the roster of another network or version")),
            Err(error) => report.unchecked(name, format!("{path}: {error}")),
        }
    }
    found
}
