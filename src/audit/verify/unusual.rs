//! Unusual patterns, as notes: they prove nothing, and say where to look first.

use std::collections::BTreeSet;

use super::Audit;
use crate::audit::patterns;
use crate::audit::report::Report;
use crate::digest::Digest;

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    let logs: Vec<&patterns::Watched> = audit.logs.values().map(|log| &log.facts.watched).collect();
    let newest = logs.iter().filter_map(|log| log.newest()).max();
    let Some(until) = audit.options.until.map(|until| until.plus_seconds(-1)).or(newest) else { return };
    let consents = audit.logs.values().flat_map(|log| log.facts.consents.values());
    let known: BTreeSet<Digest> = consents.map(|consent| consent.withdrawal).collect();
    let allowance = u64::from(audit.rosters.newest().policy().quotas.unpublished_points);
    for pattern in patterns::find(&logs, |code| known.contains(code), allowance, until) {
        report.note(Some(&pattern.member), format!("Unusual: {}", pattern.words()));
    }
}
