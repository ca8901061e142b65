//! The data-quality index of a member: a number from 0 to 100 that this node works out from what it sees, and what it sees
//! only. `docs/TERMS.md` says what it is made of.

use crate::clock::UnixTime;
use crate::model::day::Day;
use crate::model::policy::PolicyDocument;
use crate::node::MemberState;

/// Points for figures of today or yesterday; they fall evenly to none at the policy's limit.
const FIGURES: i64 = 50;
/// Points for a feed state signed on time; they fall evenly to none when the policy calls the member missing.
const HEARD: i64 = 30;
/// Points for rows here that are just what the member signed, and for one history of its log and feed.
const SOUND: i64 = 20;

/// The index of a member that reports; none of one that has published nothing.
pub(super) fn index(member: &MemberState, policy: &PolicyDocument, now: UnixTime) -> Option<u64> {
    let heard = member.last_heard?;
    let figures = member.as_of.map_or(0, |as_of| {
        let age = i64::from(Day::of(now).days_since(as_of)).max(0);
        falling(FIGURES, age, 1, i64::from(policy.freshness.stale_after_days))
    });
    let on_time = 2 * i64::from(policy.feed.state_interval_seconds);
    let missing = i64::from(policy.freshness.missing_after_seconds);
    let heard = falling(HEARD, now.seconds_since(heard).max(0), on_time, missing);
    let is_sound = member.differs_since.is_none() && !member.forked && member.two_states.is_empty();
    let sound = if is_sound { SOUND } else { 0 };
    u64::try_from(figures + heard + sound).ok()
}

/// `points` up to the age `whole`, none from `none` on, and evenly less between.
fn falling(points: i64, age: i64, whole: i64, none: i64) -> i64 {
    if age <= whole {
        points
    } else if age >= none {
        0
    } else {
        points * (none - age) / (none - whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::policy::Policy;

    const NOW: UnixTime = UnixTime(1_795_348_800);

    fn member(figures_age: i32, heard_age: i64) -> MemberState {
        MemberState {
            member: "lender-b".parse().unwrap(),
            name: "B".to_owned(),
            roles: Vec::new(),
            last_contact: None,
            certificate_until: None,
            rows: 1,
            sequence: 1,
            digest: None,
            last_heard: Some(NOW.plus_seconds(-heard_age)),
            as_of: Some(Day::of(NOW).plus_days(-figures_age)),
            differs_since: None,
            forked: false,
            carrier: None,
            two_states: Vec::new(),
            carrier_faults: Vec::new(),
        }
    }

    #[test]
    fn it_falls_with_age_and_with_what_does_not_agree() {
        let text = include_str!("../../../config/policy-demo.toml");
        let mut policy = PolicyDocument::from(Policy::from_toml(text).unwrap());
        policy.freshness.stale_after_days = 11;
        policy.freshness.missing_after_seconds = 1_020;
        policy.feed.state_interval_seconds = 10;
        let of = |member: &MemberState| index(member, &policy, NOW);
        assert_eq!(of(&member(0, 0)), Some(100));
        assert_eq!(of(&member(1, 20)), Some(100));
        assert_eq!(of(&member(6, 20)), Some(75), "half of the way to stale");
        assert_eq!(of(&member(1, 520)), Some(85), "half of the way to missing");
        assert_eq!(of(&member(40, 5_000)), Some(20));
        assert_eq!(of(&member(-3, -3)), Some(100), "a clock that goes fast earns nothing more");
        let mut other = member(0, 0);
        other.forked = true;
        assert_eq!(of(&other), Some(80));
        other.last_heard = None;
        assert_eq!(of(&other), None);
    }
}
