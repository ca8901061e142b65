//! How fresh every member's data is here, as it was when rows were looked up: an answer must not show newer dates than
//! the rows that it was made from.

use super::Node;
use crate::clock::UnixTime;
use crate::policy::MemberFreshness;
use crate::roster::Role;
use crate::store::StoreError;

impl Node {
    /// How fresh every member's data is here. Heard of itself, the own book is always fresh.
    ///
    /// A copy that differs from what its lender signed, or has rows that no signed state covers yet, counts as not
    /// heard at all: rows of it may be missing from what an inquiry finds.
    /// `epochs` are those of the consents asked with: a lender that has not published everything under such keys, or
    /// has gone on to others, counts as not heard as well.
    pub(super) fn freshness(
        &self,
        epochs: &[u32],
        now: UnixTime,
    ) -> Result<Vec<MemberFreshness>, StoreError> {
        let roster = self.roster();
        let mut members = Vec::new();
        for member in roster.document().members.iter().filter(|member| member.removed.is_none()) {
            let head = self.feeds.head(&member.id)?;
            let whole = head.differs_since.is_none() && head.covered == head.sequence;
            let findable = |epoch: Option<u32>| epochs.iter().all(|asked| epoch == Some(*asked));
            let state = head.state.filter(|state| member.id == self.me || (whole && findable(state.epoch)));
            members.push(MemberFreshness {
                member: member.id.clone(),
                name: member.name.clone(),
                reports: member.has(Role::Lender),
                as_of: state.as_ref().and_then(|state| state.as_of),
                // A clock ahead of this one makes nobody fresher than now.
                last_heard: if member.id == self.me {
                    Some(now)
                } else {
                    state.map(|state| state.time.min(now))
                },
            });
        }
        Ok(members)
    }
}

/// What holds for rows that were looked up between two moments: of each member the older dates, and nothing of one that
/// was not whole at both.
pub(super) fn during(before: Vec<MemberFreshness>, after: &[MemberFreshness]) -> Vec<MemberFreshness> {
    let worse = |mut member: MemberFreshness| {
        let later = after.iter().find(|later| later.member == member.member);
        member.as_of = member.as_of.min(later.and_then(|later| later.as_of));
        member.last_heard = member.last_heard.min(later.and_then(|later| later.last_heard));
        member
    };
    before.into_iter().map(worse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_was_not_whole_at_either_moment_is_not_fresh() {
        let member = |name: &str, heard: Option<i64>| MemberFreshness {
            member: name.parse().unwrap(),
            name: name.to_owned(),
            reports: true,
            as_of: heard.map(|_| "2026-11-22".parse().unwrap()),
            last_heard: heard.map(UnixTime),
        };
        let before = vec![
            member("lender-a", Some(5)),
            member("lender-b", None),
            member("lender-c", Some(9)),
            member("lender-d", Some(1)),
        ];
        let after = [member("lender-a", Some(7)), member("lender-b", Some(8)), member("lender-c", None)];
        let heard: Vec<_> = during(before, &after).into_iter().map(|m| m.last_heard).collect();
        assert_eq!(heard, [Some(UnixTime(5)), None, None, None]);
    }
}
