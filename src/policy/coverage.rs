//! Whose data an answer covers.

use std::collections::BTreeMap;

use super::input::{MemberFreshness, Unreadable};
use super::names::Names;
use super::totals::number;
use crate::clock::UnixTime;
use crate::model::answer::{Coverage, CoverageState, MemberCoverage, UnreadableRows, UnreadableWhy};
use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::model::policy::FreshnessPolicy;

/// An as-of date may be a day ahead of UTC, for members live in time zones; further ahead it is no date to trust.
const DAYS_AHEAD_MAX: i32 = 1;

/// What a lender's data is worth at `now`. Not heard from outweighs stale.
pub(super) fn state(member: &MemberFreshness, freshness: &FreshnessPolicy, now: UnixTime) -> CoverageState {
    let (Some(as_of), Some(heard)) = (member.as_of, member.last_heard) else {
        return CoverageState::Missing;
    };
    if now.seconds_since(heard) > i64::from(freshness.missing_after_seconds) {
        return CoverageState::Missing;
    }
    let age = i64::from(Day::of(now).days_since(as_of));
    if age > i64::from(freshness.stale_after_days) || age < -i64::from(DAYS_AHEAD_MAX) {
        return CoverageState::Stale;
    }
    CoverageState::Covered
}

pub(super) fn coverage(
    members: &[MemberFreshness],
    unreadable: &[Unreadable],
    unknown_currency: &BTreeMap<MemberId, u32>,
    freshness: &FreshnessPolicy,
    now: UnixTime,
    names: &Names,
) -> Coverage {
    let reporting = members.iter().filter(|member| member.reports);
    let mut lines: Vec<MemberCoverage> = reporting
        .map(|member| MemberCoverage {
            member: member.member.clone(),
            name: member.name.clone(),
            state: state(member, freshness, now),
            as_of: member.as_of,
            last_heard: member.last_heard,
        })
        .collect();
    lines.sort_by(|a, b| a.member.cmp(&b.member));
    let count = |state| number(lines.iter().filter(|line| line.state == state).count());

    let mut rows: BTreeMap<(String, UnreadableWhy), u32> = BTreeMap::new();
    let set_aside =
        unknown_currency.iter().map(|(lender, count)| (lender, UnreadableWhy::UnknownCurrency, *count));
    let given = unreadable.iter().map(|row| (&row.lender, row.why, row.count));
    for (lender, why, count) in given.chain(set_aside).filter(|(_, _, count)| *count > 0) {
        let sum = rows.entry((names.of(lender), why)).or_default();
        *sum = sum.saturating_add(count);
    }
    Coverage {
        lenders: number(lines.len()),
        covered: count(CoverageState::Covered),
        stale: count(CoverageState::Stale),
        missing: count(CoverageState::Missing),
        unreadable: rows
            .into_iter()
            .map(|((lender, why), count)| UnreadableRows { lender, count, why })
            .collect(),
        members: lines,
    }
}
