//! What somebody should look at now, the gravest first, each with its way out.

use crate::console::visit::Page;
use crate::console::word::word;
use crate::model::member::MemberId;
use crate::node::{PatternReport, Phase, Status};
use crate::words::Value;

/// Seconds before its end at which a certificate or a roster is warned of: a week's leave.
const EXPIRES_SOON_SECONDS: i64 = 7 * 86_400;

/// Something to look at.
pub(super) struct Alarm {
    /// `failed` or `warning`: class of the style.
    pub(super) word: &'static str,
    pub(super) text: String,
    /// What to do.
    pub(super) out: String,
}

/// Every alarm: what does not work first.
pub(super) fn alarms(page: &Page, status: &Status, patterns: &PatternReport) -> Vec<Alarm> {
    let mut all = own(page, status);
    all.extend(expiring(page, status));
    all.extend(of_members(page, status));
    for pattern in &patterns.patterns {
        let name = word(&pattern.pattern);
        let values = [
            ("member", Value::from(pattern.member.as_str())),
            ("n", Value::from(pattern.count)),
            ("of", Value::from(pattern.of)),
            ("day", Value::from(pattern.day.map(|day| page.day(day)).unwrap_or_default())),
        ];
        let text = page.with(&format!("console-pattern-{name}"), &values);
        all.push(Alarm { word: "warning", text, out: page.t("console-alarm-pattern-out") });
    }
    all.sort_by_key(|alarm| alarm.word != "failed");
    all
}

/// About this node.
fn own(page: &Page, status: &Status) -> Vec<Alarm> {
    let mut all = Vec::new();
    let mut alarm = |word, key: &str, values: &[(&str, Value)]| {
        let (text, out) = (page.with(key, values), page.t(&format!("{key}-out")));
        all.push(Alarm { word, text, out });
    };
    let names = |members: &[MemberId]| members.iter().map(MemberId::as_str).collect::<Vec<_>>().join(", ");
    if status.disk_full {
        alarm("failed", "console-alarm-disk", &[]);
    }
    match status.standing.phase {
        Phase::Settled => {}
        Phase::Asking => alarm("warning", "console-alarm-asking", &[]),
        Phase::Behind => alarm("failed", "console-alarm-behind", &[]),
    }
    if let Some(holders) = &status.holders {
        let count = |n: usize| Value::from(u64::try_from(n).unwrap_or(u64::MAX));
        let values = [
            ("near", count(holders.in_reach.len())),
            ("needed", count(holders.needed)),
            ("away", names(&holders.away).into()),
        ];
        if holders.in_reach.len() < holders.needed {
            alarm("failed", "console-alarm-holders", &values);
        } else if holders.in_reach.len() == holders.needed && !holders.away.is_empty() {
            alarm("warning", "console-alarm-holders-just", &values);
        }
    } else {
        alarm("failed", "console-alarm-no-keys", &[]);
    }
    if let Some(since) = status.feed_differs_since {
        alarm("warning", "console-alarm-own-feed", &[("time", page.moment(since).into())]);
    }
    if !status.loads_held.is_empty() {
        let n = u64::try_from(status.loads_held.len()).unwrap_or(u64::MAX);
        alarm("warning", "console-alarm-loads", &[("n", n.into())]);
    }
    if status.disputes.overdue > 0 {
        alarm("warning", "console-alarm-disputes", &[("n", status.disputes.overdue.into())]);
    }
    if status.disputes.escalated > 0 {
        alarm("warning", "console-alarm-escalated", &[("n", status.disputes.escalated.into())]);
    }
    all
}

/// What ends soon, or has ended.
/// What has ended or ends soon: certificates and the roster.
fn expiring(page: &Page, status: &Status) -> Vec<Alarm> {
    let mut ends = vec![
        (status.certificate_until, "console-alarm-certificate", ""),
        (Some(status.roster_expires), "console-alarm-roster", ""),
    ];
    let members = status.members.iter();
    ends.extend(members.map(|one| (one.certificate_until, "console-alarm-member-certificate", &*one.name)));
    let soon = ends.into_iter().filter_map(|(until, key, member)| {
        let until = until?;
        let left = until.seconds_since(status.time);
        let word = if left <= 0 { "failed" } else { "warning" };
        let values = [("time", Value::from(page.moment(until))), ("member", Value::from(member))];
        (left < EXPIRES_SOON_SECONDS).then(|| Alarm {
            word,
            text: page.with(key, &values),
            out: page.t(&format!("{key}-out")),
        })
    });
    soon.collect()
}

/// About other members.
fn of_members(page: &Page, status: &Status) -> Vec<Alarm> {
    let mut all = Vec::new();
    for member in &status.members {
        let mut alarm = |word, key: &str| {
            let text = page.naming(key, "member", &member.name);
            all.push(Alarm { word, text, out: page.t(&format!("{key}-out")) });
        };
        if member.forked {
            alarm("failed", "console-alarm-forked");
        }
        if !member.two_states.is_empty() {
            alarm("failed", "console-alarm-two-states");
        }
        if member.differs_since.is_some() {
            alarm("warning", "console-alarm-differs");
        }
        if !member.carrier_faults.is_empty() {
            alarm("warning", "console-alarm-carrier");
        }
    }
    all
}
