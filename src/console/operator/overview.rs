//! The operator's first page: alarms, members with the age of their data, key holders and quotas.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::alarms::{Alarm, alarms};
use super::quality::index;
use crate::clock::UnixTime;
use crate::console::Console;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit};
use crate::console::word::word;
use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::model::policy::PolicyDocument;
use crate::model::user::Right;
use crate::node::{MemberState, QuotaUse, Status};
use crate::roster::Role;

/// A member.
struct MemberLine {
    name: String,
    id: String,
    roles: String,
    as_of: String,
    heard: String,
    contact: String,
    certificate: String,
    rows: String,
    /// Class and text of what its data is worth.
    word: &'static str,
    state: String,
    /// From 0 to 100, with its width.
    quality: Option<u64>,
    quality_text: String,
}

/// What a member has used of its quotas here.
struct QuotaLine {
    member: String,
    parts: [Part; 3],
}

/// How much of a quota is used.
struct Part {
    /// Of a hundred.
    width: u64,
    text: String,
}

#[derive(Template)]
#[template(path = "operator/overview.html")]
struct OverviewPage<'a> {
    page: &'a Page,
    alarms: Vec<Alarm>,
    members: Vec<MemberLine>,
    facts: Vec<(String, String)>,
    holders: Option<(String, String, String)>,
    quotas: Vec<QuotaLine>,
}

/// `GET /operator`.
pub(super) async fn page(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Operate)?;
    let found = visit.blocking(&console, |node| {
        let status = node.status()?;
        Ok::<_, Trouble>((status, node.patterns()?, node.quota_use()?))
    });
    let (status, patterns, quotas) = found.await?;
    let page = &visit.page;
    let roster = console.node.roster();
    let policy: &PolicyDocument = roster.policy();
    let holds = roster.member(console.node.me()).is_some_and(|member| member.has(Role::KeyHolder));
    let names = |members: &[MemberId]| {
        let name =
            |id: &MemberId| roster.member(id).map_or_else(|| id.to_string(), |member| member.name.clone());
        members.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let holders = status.holders.as_ref().map(|holders| {
        let dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        (page.number(holders.needed), dash(names(&holders.in_reach)), dash(names(&holders.away)))
    });
    let quotas = quotas.iter().filter(|_| holds).map(|used| quota(page, used, policy));
    Ok(visit.show(&OverviewPage {
        page,
        alarms: alarms(page, &status, &patterns),
        members: status.members.iter().map(|one| member(page, one, policy, status.time)).collect(),
        facts: facts(page, &status),
        holders,
        quotas: quotas.collect(),
    }))
}

fn member(page: &Page, state: &MemberState, policy: &PolicyDocument, now: UnixTime) -> MemberLine {
    let reports = state.roles.contains(&Role::Lender);
    let missing = i64::from(policy.freshness.missing_after_seconds);
    let stale = i64::from(policy.freshness.stale_after_days);
    let (word_of, key) = match (state.last_heard, state.as_of) {
        _ if !reports => ("off", "console-member-no-lender"),
        (Some(heard), _) if now.seconds_since(heard) > missing => ("failed", "console-member-missing"),
        (None, _) => ("failed", "console-member-never"),
        (_, Some(as_of)) if i64::from(Day::of(now).days_since(as_of)) > stale => {
            ("warning", "console-member-stale")
        }
        (_, None) => ("warning", "console-member-no-data"),
        _ => ("pass", "console-member-fresh"),
    };
    let roles = state.roles.iter().map(|role| page.t(&format!("console-member-role-{}", word(role))));
    let never = || page.t("console-answer-never");
    let quality = index(state, policy, now).filter(|_| reports);
    MemberLine {
        name: state.name.clone(),
        id: state.member.to_string(),
        roles: roles.collect::<Vec<_>>().join(", "),
        as_of: state.as_of.map_or_else(|| "–".to_owned(), |day| page.day(day)),
        heard: state.last_heard.map_or_else(never, |time| page.moment(time)),
        contact: state.last_contact.map_or_else(never, |time| page.moment(time)),
        certificate: state.certificate_until.map_or_else(|| "–".to_owned(), |time| page.day(Day::of(time))),
        rows: page.number(state.rows),
        word: word_of,
        state: page.t(key),
        quality,
        quality_text: quality.map_or_else(|| "–".to_owned(), |index| page.number(index)),
    }
}

fn facts(page: &Page, status: &Status) -> Vec<(String, String)> {
    let unknown = || page.t("console-operator-unknown");
    vec![
        (
            page.t("console-operator-certificate"),
            status.certificate_until.map_or_else(unknown, |until| page.moment(until)),
        ),
        (page.t("console-operator-roster"), page.number(status.roster_version)),
        (page.t("console-operator-roster-until"), page.moment(status.roster_expires)),
        (page.t("console-operator-log"), page.number(status.log_size)),
        (page.t("console-operator-rows"), page.number(status.feed_rows)),
        (page.t("console-operator-waiting"), page.number(status.clients_waiting)),
    ]
}

fn quota(page: &Page, used: &QuotaUse, policy: &PolicyDocument) -> QuotaLine {
    let quotas = &policy.quotas;
    let part = |count: u64, most: u32| Part {
        width: (count.saturating_mul(100) / u64::from(most.max(1))).min(100),
        text: page.with("console-operator-used", &[("n", count.into()), ("most", u64::from(most).into())]),
    };
    QuotaLine {
        member: used.member.to_string(),
        parts: [
            part(used.inquiries, quotas.inquiries_per_day),
            part(used.inquiry_points, quotas.inquiry_points_per_day),
            part(used.reporting_points, quotas.reporting_points_per_day),
        ],
    }
}
