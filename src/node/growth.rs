//! The cap by growth: a lender may have no more identifiers evaluated for reporting than its feed has grown by rows,
//! and an allowance that the policy names, within the policy's days.
//!
//! Counted from the lender's own log alone, as far as the request brings it, so that every key holder counts the same,
//! whichever of them served what, and an auditor can count it again. Growth is what the feed states in that log say:
//! a holder's copy of the rows may be older.

use crate::limits::RECOVERED_ALLOWANCES_MAX;
use crate::log::ReportedDay;
use crate::model::day::Day;
use crate::model::policy::QuotaPolicy;

/// Points by which a lender is ahead of its feed: from any of the days on, the most that points are above rows.
pub(super) fn ahead(days: &[(u32, ReportedDay)], policy: &QuotaPolicy) -> u64 {
    let mut ahead: u64 = 0;
    let mut again: u64 = 0;
    for (_, day) in days {
        ahead = ahead.saturating_add(day.points).saturating_sub(day.rows);
        again = again.saturating_add(day.again);
    }
    ahead.saturating_sub(again.min(u64::from(policy.unpublished_points) * RECOVERED_ALLOWANCES_MAX))
}

/// Points that a lender may ask for now.
pub(super) fn left(days: &[(u32, ReportedDay)], policy: &QuotaPolicy) -> u64 {
    u64::from(policy.unpublished_points).saturating_sub(ahead(days, policy))
}

/// The first day on which a lender that asks for nothing more is within its allowance, where it is beyond it now.
pub(super) fn renews(days: &[(u32, ReportedDay)], policy: &QuotaPolicy) -> Option<Day> {
    let allowed = u64::from(policy.unpublished_points);
    if ahead(days, policy) <= allowed {
        return None;
    }
    // Each day that is over takes its points along.
    let over = (1..days.len()).find(|from| ahead(&days[*from..], policy) <= allowed).unwrap_or(days.len());
    let last = days[over - 1].0;
    let day = i32::try_from(last.saturating_add(policy.unpublished_days)).unwrap_or(i32::MAX);
    Some(Day::from_days(day))
}

/// Identifiers that a publisher may have located and not published at a time: half of the allowance, so that the other
/// half is there for those that are never published.
pub(super) fn located_at_once(policy: &QuotaPolicy) -> usize {
    usize::try_from(policy.unpublished_points / 2).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> QuotaPolicy {
        QuotaPolicy { unpublished_points: 100, unpublished_days: 30, ..QuotaPolicy::default() }
    }

    fn days(rows: &[(u32, u64, u64)]) -> Vec<(u32, ReportedDay)> {
        let day = |points, rows| ReportedDay { points, rows, ..ReportedDay::default() };
        rows.iter().map(|(at, points, grown)| (*at, day(*points, *grown))).collect()
    }

    #[test]
    fn whoever_publishes_what_it_asks_for_is_never_ahead() {
        // A whole book, then a few each day, some of which went before they were published; rows without points.
        let days = days(&[(1, 900_000, 899_990), (2, 40, 39), (3, 0, 500), (4, 70, 70), (5, 3, 0)]);
        assert_eq!((ahead(&days, &policy()), renews(&days, &policy())), (3, None));
        assert_eq!(left(&days, &policy()), 97);
    }

    #[test]
    fn rows_of_another_day_hide_nothing_afterwards() {
        let days = days(&[(1, 10, 100_000), (2, 60, 0), (7, 41, 0)]);
        assert_eq!(ahead(&days, &policy()), 101);
        assert_eq!(renews(&days, &policy()), Some(Day::from_days(32)));
    }

    #[test]
    fn it_renews_when_enough_days_are_over() {
        let policy = policy();
        let exactly = days(&[(1, 100, 0)]);
        assert_eq!(renews(&exactly, &policy), None);
        let beyond = days(&[(1, 101, 0)]);
        assert_eq!(renews(&beyond, &policy), Some(Day::from_days(31)));
        let three = days(&[(1, 50, 0), (2, 60, 0), (3, 90, 0)]);
        assert_eq!(renews(&three, &policy), Some(Day::from_days(32)));
        assert_eq!(ahead(&three[2..], &policy), 90);
    }

    #[test]
    fn a_recovery_gives_back_what_was_lost_up_to_a_bound() {
        let mut lost = days(&[(1, 300, 300), (2, 250, 0)]);
        lost[1].1.again = 250;
        assert_eq!(ahead(&lost, &policy()), 0);
        lost[1].1 = ReportedDay { points: 1_000, again: 1_000, ..lost[1].1 };
        assert_eq!(ahead(&lost, &policy()), 1_000 - 100 * RECOVERED_ALLOWANCES_MAX);
    }
}
