//! Unusual patterns: what an operator and an auditor should look at, and what proves nothing by itself.
//!
//! Counted from logs alone, the own one and those of others, by member and never by person. The thresholds are chosen so
//! that a lender that works as everybody does meets none of them; each stands below with its reason.

#[cfg(test)]
mod tests;
mod watched;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use watched::Watched;

use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::day::Day;
use crate::model::member::MemberId;

/// Days that are looked at, up to the newest.
pub const PATTERN_DAYS: i32 = 30;
/// Refused evaluations for a reason that lies with the asker: an honest one has none but after a fault, and a fault that
/// lasts is news too.
const REFUSED_MIN: u64 = 20;
/// And of all that it asked, one in so many.
const REFUSED_ONE_IN: u64 = 20;
/// Refusals for a spent quota, or for being ahead of the feed: one may happen, every few minutes somebody wants more.
const QUOTA_REFUSALS_MIN: u64 = 10;
/// Days after which a consent that nobody asked under counts as unused: an application is decided within a week.
const UNUSED_DAYS: i32 = 7;
/// Unused consents, and more than half of all: some applicants go away, not most.
const UNUSED_MIN: u64 = 20;
/// Inquiries of one day that are compared with the others at all.
const BURST_MIN: u64 = 50;
/// How many times the mean of its other working days a member's day is: market days are twice as busy.
const BURST_TIMES: u64 = 5;
/// Other working days that make a mean.
const BURST_DAYS_MIN: u64 = 5;
/// The hours in a row in which a member asks least: its night.
const NIGHT_HOURS: usize = 8;
/// Days that are compared with those before.
const RECENT_DAYS: i32 = 7;
/// Earlier inquiries that show what a member's night is.
const NIGHT_KNOWN_MIN: u64 = 200;
/// One in so many of the earlier ones, at most, in what is called its night.
const NIGHT_QUIET_ONE_IN: u64 = 50;
/// Recent inquiries in the night, and one in so many of the recent ones: a few are somebody who stayed late.
const NIGHT_MIN: u64 = 20;
/// See [`NIGHT_MIN`].
const NIGHT_ONE_IN: u64 = 10;
/// Withdrawal codes that belong to no consent in any log: a mistyped code is one, not twenty.
const UNKNOWN_CODES_MIN: u64 = 20;
/// Recoveries from an older copy: one is an accident.
const RECOVERIES_MIN: u64 = 2;

/// What is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PatternName {
    /// More identifiers were asked for to report them than rows followed: more than half of the policy's allowance.
    ReportingAboveRows,
    /// Many evaluations were refused for a reason that lies with the asker.
    RefusedEvaluations,
    /// Many evaluations were refused for a spent quota, or for being ahead of the feed.
    QuotaRefusals,
    /// Most consents of a week ago and older were never used.
    UnusedConsents,
    /// Key holders located identifiers under most of these consents, and nobody asked.
    LocatedNotAsked,
    /// One day has many times the inquiries of the others.
    BurstOfInquiries,
    /// Inquiries in hours in which this member hardly ever asks.
    InquiriesAtNight,
    /// Withdrawal codes that belong to no consent came to the network by this member.
    UnknownWithdrawalCodes,
    /// The log says more than once that it came back to an older copy of its store.
    Recoveries,
    /// Clients were counted more than once for market figures of one month, so that noise was drawn again.
    MarketCountedAgain,
}

/// One pattern of one member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Pattern {
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub pattern: PatternName,
    /// How often, or how many.
    pub count: u64,
    /// What that is compared with: rows, evaluations asked for, consents, the mean of other days, recent inquiries; 0 where
    /// there is nothing to compare it with.
    pub of: u64,
    /// The day that it is about, where it is about one.
    pub day: Option<Day>,
}

impl Pattern {
    fn new(member: &MemberId, pattern: PatternName, count: u64, of: u64) -> Self {
        Self { member: member.clone(), pattern, count, of, day: None }
    }

    /// In words, for people.
    pub fn words(&self) -> String {
        let Self { member, count, of, .. } = self;
        let day = self.day.map(|day| day.to_string()).unwrap_or_default();
        match self.pattern {
            PatternName::ReportingAboveRows => format!(
                "{member} asked for {count} identifiers more, to report them, than rows of its feed followed ({of} rows in \
                 {PATTERN_DAYS} days)."
            ),
            PatternName::RefusedEvaluations => {
                format!("{count} of {of} evaluations that {member} asked for were refused for what it asked.")
            }
            PatternName::QuotaRefusals => {
                format!(
                    "{member} was refused {count} times for a spent quota or for being ahead of its feed."
                )
            }
            PatternName::UnusedConsents => format!(
                "{count} of {of} consents of {member} that are {UNUSED_DAYS} days old or older were never used."
            ),
            PatternName::LocatedNotAsked => format!(
                "Identifiers of {count} of {of} consents of {member} were located, and nobody asked in {UNUSED_DAYS} days."
            ),
            PatternName::BurstOfInquiries => {
                format!("{member} asked {count} times on {day}; on its other days {of} times in the mean.")
            }
            PatternName::InquiriesAtNight => format!(
                "{count} of the last {of} inquiries of {member} were made in hours in which it hardly ever asks."
            ),
            PatternName::UnknownWithdrawalCodes => {
                format!("{count} withdrawal codes that belong to no consent came to the network by {member}.")
            }
            PatternName::Recoveries => {
                format!("The log of {member} says {count} times that it came back to an older copy.")
            }
            PatternName::MarketCountedAgain => {
                format!(
                    "{member} counted its clients {count} times more than once a month for market figures."
                )
            }
        }
    }
}

/// Finds the patterns in logs, each given once, in the [`PATTERN_DAYS`] days up to `until`. `known` are the withdrawal
/// hashes of consents; `allowance` is the policy's, in points.
pub fn find(
    logs: &[&Watched],
    known: impl Fn(&Digest) -> bool,
    allowance: u64,
    until: UnixTime,
) -> Vec<Pattern> {
    let last = Day::of(until);
    let window = Window { first: last.plus_days(1 - PATTERN_DAYS), last };
    let mut found = Vec::new();
    for log in logs {
        found.extend(window.reporting(log, allowance));
        found.extend(window.unused(log));
        found.extend(window.burst(log));
        found.extend(window.night(log));
        let recoveries = window.days(log).map(|(_, day)| day.recoveries).sum();
        if recoveries >= RECOVERIES_MIN {
            found.push(Pattern::new(log.owner(), PatternName::Recoveries, recoveries, 0));
        }
        let counts = window.days(log).flat_map(|(_, day)| &day.market);
        let counts = counts.fold(BTreeMap::<_, u64>::new(), |mut by_month, month| {
            *by_month.entry(month).or_default() += 1;
            by_month
        });
        let again: u64 = counts.values().map(|count| count - 1).sum();
        if again > 0 {
            found.push(Pattern::new(log.owner(), PatternName::MarketCountedAgain, again, 0));
        }
    }
    found.extend(window.refused(logs));
    found.extend(window.located(logs));
    found.extend(window.unknown_codes(logs, known));
    found.sort();
    found
}

/// The days that are looked at.
struct Window {
    first: Day,
    last: Day,
}

impl Window {
    fn has(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    fn days<'a>(&self, log: &'a Watched) -> impl DoubleEndedIterator<Item = (Day, &'a watched::DayCounts)> {
        log.days.range(self.first..=self.last).map(|(day, counts)| (*day, counts))
    }

    fn reporting(&self, log: &Watched, allowance: u64) -> Option<Pattern> {
        let (mut ahead, mut rows) = (0u64, 0u64);
        for (_, day) in self.days(log) {
            ahead = ahead.saturating_add(day.points).saturating_sub(day.rows);
            rows = rows.saturating_add(day.rows);
        }
        // A publisher has no more than half of the allowance in hand.
        let much = ahead > allowance / 2;
        much.then(|| Pattern::new(log.owner(), PatternName::ReportingAboveRows, ahead, rows))
    }

    /// Consents that had their week, with whether somebody asked under them.
    fn old_consents<'a>(&'a self, log: &'a Watched) -> impl Iterator<Item = (u64, bool)> + 'a {
        let until = self.last.plus_days(-UNUSED_DAYS);
        let old = log.consents.iter().filter(move |(_, day)| **day >= self.first && **day <= until);
        old.map(|(index, _)| (*index, log.opened.contains(index)))
    }

    fn unused(&self, log: &Watched) -> Option<Pattern> {
        let (all, unused) = self
            .old_consents(log)
            .fold((0, 0), |(all, unused), (_, used)| (all + 1, unused + u64::from(!used)));
        let many = unused >= UNUSED_MIN && unused * 2 > all;
        many.then(|| Pattern::new(log.owner(), PatternName::UnusedConsents, unused, all))
    }

    fn burst(&self, log: &Watched) -> Option<Pattern> {
        let days: Vec<(Day, u64)> = self
            .days(log)
            .map(|(day, counts)| (day, counts.inquiries()))
            .filter(|(_, count)| *count > 0)
            .collect();
        let (day, most) = *days.iter().max_by_key(|(day, count)| (*count, *day))?;
        let others = days.len() as u64 - 1;
        let sum: u64 = days.iter().map(|(_, count)| count).sum::<u64>() - most;
        let mean = sum.checked_div(others)?;
        let much = others >= BURST_DAYS_MIN && most >= BURST_MIN && most > BURST_TIMES * mean.max(1);
        let burst = Pattern::new(log.owner(), PatternName::BurstOfInquiries, most, mean);
        much.then_some(Pattern { day: Some(day), ..burst })
    }

    fn night(&self, log: &Watched) -> Option<Pattern> {
        let begin = self.last.plus_days(1 - RECENT_DAYS);
        let (mut before, mut recent) = ([0u64; 24], [0u64; 24]);
        for (day, counts) in self.days(log) {
            let hours = if day < begin { &mut before } else { &mut recent };
            for (sum, count) in hours.iter_mut().zip(&counts.hours) {
                *sum += count;
            }
        }
        let within =
            |hours: &[u64; 24], from: usize| (from..from + NIGHT_HOURS).map(|h| hours[h % 24]).sum::<u64>();
        let known: u64 = before.iter().sum();
        let night = (0..24).min_by_key(|from| within(&before, *from))?;
        let quiet =
            known >= NIGHT_KNOWN_MIN && within(&before, night).saturating_mul(NIGHT_QUIET_ONE_IN) <= known;
        let (late, all) = (within(&recent, night), recent.iter().sum::<u64>());
        let much = quiet && late >= NIGHT_MIN && late.saturating_mul(NIGHT_ONE_IN) > all;
        much.then(|| Pattern::new(log.owner(), PatternName::InquiriesAtNight, late, all))
    }

    /// By whoever asked, over all key holders whose logs are given.
    fn refused(&self, logs: &[&Watched]) -> Vec<Pattern> {
        let mut by_peer: BTreeMap<&MemberId, watched::Asked> = BTreeMap::new();
        for log in logs {
            for ((peer, _), asked) in log.asked.iter().filter(|((_, day), _)| self.has(*day)) {
                let sum = by_peer.entry(peer).or_default();
                sum.served += asked.served;
                sum.refused += asked.refused;
                sum.quota += asked.quota;
                sum.other += asked.other;
            }
        }
        let mut found = Vec::new();
        for (peer, asked) in by_peer {
            let all = asked.served + asked.refused + asked.quota + asked.other;
            if asked.refused >= REFUSED_MIN && asked.refused * REFUSED_ONE_IN > all {
                found.push(Pattern::new(peer, PatternName::RefusedEvaluations, asked.refused, all));
            }
            if asked.quota >= QUOTA_REFUSALS_MIN {
                found.push(Pattern::new(peer, PatternName::QuotaRefusals, asked.quota, all));
            }
        }
        found
    }

    /// Of the consents under which some holder located, those that nobody asked under.
    fn located(&self, logs: &[&Watched]) -> Vec<Pattern> {
        let mut located: BTreeMap<&MemberId, BTreeSet<u64>> = BTreeMap::new();
        for (peer, index) in logs.iter().flat_map(|log| &log.located) {
            located.entry(peer).or_default().insert(*index);
        }
        let found = logs.iter().filter_map(|log| {
            let located = located.get(log.owner())?;
            let old = self.old_consents(log).filter(|(index, _)| located.contains(index));
            let (all, unused) =
                old.fold((0, 0), |(all, unused), (_, used)| (all + 1, unused + u64::from(!used)));
            let many = unused >= UNUSED_MIN && unused * 2 > all;
            many.then(|| Pattern::new(log.owner(), PatternName::LocatedNotAsked, unused, all))
        });
        found.collect()
    }

    /// A code stands in the log of every member that it reached; it came by the first.
    fn unknown_codes(&self, logs: &[&Watched], known: impl Fn(&Digest) -> bool) -> Vec<Pattern> {
        let mut first: BTreeMap<Digest, (UnixTime, &MemberId)> = BTreeMap::new();
        for log in logs {
            for (code, time) in log.codes.iter().filter(|(_, time)| self.has(Day::of(**time))) {
                let by = (*time, log.owner());
                let earliest = first.entry(*code).or_insert(by);
                *earliest = by.min(*earliest);
            }
        }
        let mut by_member: BTreeMap<&MemberId, u64> = BTreeMap::new();
        for (_, by) in first.into_iter().filter(|(code, _)| !known(code)).map(|(code, (_, by))| (code, by)) {
            *by_member.entry(by).or_default() += 1;
        }
        let many = by_member.into_iter().filter(|(_, count)| *count >= UNKNOWN_CODES_MIN);
        many.map(|(by, count)| Pattern::new(by, PatternName::UnknownWithdrawalCodes, count, 0)).collect()
    }
}
