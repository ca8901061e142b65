//! The figures of an answer as the page shows them: texts and widths, made of the answer alone.

use super::begin::role_word;
use crate::console::identifiers::scheme_name;
use crate::console::visit::Page;
use crate::console::word::word;
use crate::model::amount::Amount;
use crate::model::answer::{
    Answer, Basis, CoverageState, CurrencyTotals, Exposure, FacilityLine, InstalmentSum, LenderLine,
    MatchLevel, PersonAnswer, Sum, Totals,
};
use crate::model::money::Currency;
use crate::model::policy::RuleName;
use crate::model::reason::{Figure, Outcome};
use crate::words::reason_text;

/// The light: a word and a form beside its colour.
pub(super) struct Light {
    /// `pass`, `refer` or `decline`: class of the style, and part of the texts' keys.
    pub(super) word: &'static str,
    pub(super) title: String,
    pub(super) meaning: String,
}

/// One rule's part.
pub(super) struct Why {
    pub(super) word: &'static str,
    pub(super) outcome: String,
    pub(super) text: String,
    pub(super) source: String,
}

/// The instalments against the limit, as a bar.
pub(super) struct Bar {
    /// Of what is drawn, in tenths of a percent of the whole drawing.
    pub(super) now: u64,
    pub(super) with_loan: u64,
    /// Where the limit stands; none where the policy has no such rule.
    pub(super) limit: Option<u64>,
    pub(super) is_over: bool,
    pub(super) text: String,
    pub(super) limit_text: Option<String>,
    pub(super) rows: Vec<(String, String)>,
}

/// A row of the table of sums.
pub(super) struct SumRow {
    pub(super) name: String,
    pub(super) own: String,
    pub(super) others: String,
    pub(super) together: String,
    pub(super) after: String,
}

/// A lender with what it reports.
pub(super) struct LenderShown {
    pub(super) name: String,
    pub(super) is_own: bool,
    pub(super) as_of: Option<String>,
    pub(super) loans: Vec<LoanShown>,
}

/// One loan.
pub(super) struct LoanShown {
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) is_late: bool,
    pub(super) outstanding: String,
    pub(super) disbursed: String,
    pub(super) overdue: String,
    pub(super) days: String,
    pub(super) monthly: String,
    pub(super) ends: String,
    pub(super) disputed: bool,
}

/// What the answer lacks.
pub(super) struct Lack {
    pub(super) name: String,
    pub(super) state: String,
    pub(super) as_of: String,
    pub(super) heard: String,
}

/// One person of the answer.
pub(super) struct PersonShown {
    pub(super) role: String,
    pub(super) found: String,
    pub(super) possible: Option<String>,
    pub(super) asked_by_others: String,
    pub(super) asked_by_us: String,
    pub(super) inquiries: Vec<[String; 4]>,
    pub(super) disputes: Vec<String>,
    pub(super) owed: String,
    pub(super) monthly: String,
    pub(super) lenders: String,
    pub(super) consent: String,
}

/// That persons did not consent, and what the look-up rests on.
pub(super) fn grounds(page: &Page, answer: &Answer) -> Vec<String> {
    let grounds = answer.persons.iter().filter_map(|person| person.ground.as_ref());
    grounds.map(|ground| page.naming("answer-ground", "ground", ground.clone())).collect()
}

pub(super) fn light(page: &Page, outcome: Outcome) -> Light {
    let word = outcome_word(outcome);
    Light {
        word,
        title: page.t(&format!("console-answer-{word}")),
        meaning: page.t(&format!("console-answer-{word}-meaning")),
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Refer => "refer",
        Outcome::Decline => "decline",
    }
}

/// Every rule, the gravest first.
pub(super) fn why(page: &Page, answer: &Answer) -> Vec<Why> {
    let with_loan = answer.question.requested.is_some();
    let mut reasons: Vec<_> = answer.verdict.reasons.iter().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.outcome));
    let shown = reasons.into_iter().map(|reason| Why {
        word: outcome_word(reason.outcome),
        outcome: page.t(&format!("console-why-{}", outcome_word(reason.outcome))),
        text: reason_text(reason, with_loan, page.words()),
        source: reason.source.clone(),
    });
    shown.collect()
}

/// Instalments as a share of the income, against the rule that limits them.
pub(super) fn bar(page: &Page, answer: &Answer) -> Option<Bar> {
    let burden = answer.after.burden.as_ref()?;
    let share = burden.share_basis_points?;
    let rule = answer.verdict.reasons.iter().find(|reason| reason.rule == RuleName::InstalmentShareMax);
    let limit = rule.and_then(|reason| match reason.limit {
        Figure::Share { basis_points } => Some(u64::from(basis_points)),
        _ => None,
    });
    // The whole drawing is the income, or more where the instalments are more than that.
    let whole = share.max(limit.unwrap_or(0)).max(10_000);
    let place = |basis_points: u64| basis_points.saturating_mul(1000) / whole;
    let requested = answer.after.requested_monthly.as_ref().and_then(|monthly| monthly.amount.as_ref());
    let requested_currency = answer.question.requested.as_ref().map(|loan| loan.currency);
    let same_currency = requested_currency == Some(burden.income.currency);
    // Of the bar, the part of the new loan is marked where it is in the currency of the income.
    let part = requested.filter(|_| same_currency).and_then(|amount| {
        let (part, whole) = (in_minor(amount)?, in_minor(&burden.instalment.amount)?);
        (whole > 0).then(|| u64::try_from(i128::from(share) * part.min(whole) / whole).unwrap_or(0))
    });
    let now = share.saturating_sub(part.unwrap_or(0));
    let currency = burden.income.currency;
    let mut rows = vec![
        (page.t("console-answer-income"), page.money(currency, &burden.income.amount)),
        (page.t("console-answer-instalments-after"), instalment_cell(page, currency, &burden.instalment)),
    ];
    if let (Some(amount), Some(currency)) = (requested, requested_currency) {
        rows.push((page.t("console-answer-instalment-new"), page.money(currency, amount)));
    }
    if let Some(left) = &burden.left_over {
        rows.push((page.t("console-answer-left-over"), page.money(currency, left)));
    }
    Some(Bar {
        now: place(now),
        with_loan: place(share),
        limit: limit.map(place),
        is_over: limit.is_some_and(|limit| share > limit),
        text: page.naming("console-answer-burden", "share", page.percent(share)),
        limit_text: limit.map(|limit| page.naming("console-answer-limit", "share", page.percent(limit))),
        rows,
    })
}

/// Digits of an amount without its point: two amounts of one currency have the same decimals.
fn in_minor(amount: &Amount) -> Option<i128> {
    amount.as_str().replace('.', "").parse().ok()
}

fn sum_cell(page: &Page, currency: Currency, sum: &Sum) -> String {
    let text = page.money(currency, &sum.amount);
    if sum.unknown == 0 {
        return text;
    }
    format!("{text} {}", page.counted("console-answer-unknown-part", sum.unknown))
}

fn instalment_cell(page: &Page, currency: Currency, sum: &InstalmentSum) -> String {
    let mut text = page.money(currency, &sum.amount);
    if in_minor(&sum.estimated).is_some_and(|estimated| estimated != 0) {
        let estimated = page.money(currency, &sum.estimated);
        text = format!("{text} {}", page.naming("console-answer-estimated-part", "amount", &estimated));
    }
    if sum.unknown > 0 {
        text = format!("{text} {}", page.counted("console-answer-unknown-part", sum.unknown));
    }
    text
}

/// What the household owes on its own loans, currency by currency.
pub(super) fn sums(page: &Page, answer: &Answer) -> Vec<SumRow> {
    let household = &answer.household;
    let dash = || "–".to_owned();
    let mut currencies: Vec<_> = household.together.currencies.iter().map(|totals| totals.currency).collect();
    currencies.extend(answer.after.currencies.iter().map(|after| after.currency));
    currencies.sort_unstable();
    currencies.dedup();
    let mut rows = Vec::new();
    for currency in currencies {
        let of = |totals: &Totals| totals.currencies.iter().find(|sums| sums.currency == currency).cloned();
        let sides = [of(&household.own), of(&household.others), of(&household.together)];
        let after = answer.after.currencies.iter().find(|after| after.currency == currency);
        let mut row = |key: &str, cell: &dyn Fn(&CurrencyTotals) -> String, after: Option<String>| {
            let [own, others, together] = sides.each_ref().map(|side| side.as_ref().map_or_else(dash, cell));
            let name = page.naming(key, "currency", currency.code());
            rows.push(SumRow { name, own, others, together, after: after.unwrap_or_else(dash) });
        };
        let owed = after.map(|after| sum_cell(page, currency, &after.outstanding));
        row("console-answer-row-owed", &|sums| sum_cell(page, currency, &sums.outstanding), owed);
        row("console-answer-row-overdue", &|sums| sum_cell(page, currency, &sums.overdue), None);
        let monthly = after.map(|after| instalment_cell(page, currency, &after.instalment));
        row("console-answer-row-monthly", &|sums| instalment_cell(page, currency, &sums.instalment), monthly);
        let is_any =
            |sums: &CurrencyTotals| sums.written_off.unknown > 0 || !sums.written_off.amount.is_zero();
        if sides.iter().flatten().any(is_any) {
            row("answer-row-written-off", &|sums| sum_cell(page, currency, &sums.written_off), None);
        }
    }
    if household.together.converted || answer.after.converted {
        let sums = |totals: &Totals| sum_cell(page, totals.reference.currency, &totals.reference.outstanding);
        let after = &answer.after.reference;
        rows.push(SumRow {
            name: page.naming("console-answer-row-reference", "currency", after.currency.code()),
            own: sums(&household.own),
            others: sums(&household.others),
            together: sums(&household.together),
            after: sum_cell(page, after.currency, &after.outstanding),
        });
    }
    let mut counts = |key: &str, of: &dyn Fn(&Totals) -> String, after: String| {
        rows.push(SumRow {
            name: page.t(key),
            own: of(&household.own),
            others: of(&household.others),
            together: of(&household.together),
            after,
        });
    };
    let after = page.number(answer.after.lenders);
    counts("console-answer-row-lenders", &|totals| page.number(totals.lenders_active), after);
    counts("console-answer-row-active", &|totals| page.number(totals.active), dash());
    counts("console-answer-row-written-off", &|totals| page.number(totals.written_off), dash());
    counts("console-answer-row-days", &|totals| days_worst(page, totals), dash());
    rows
}

fn days_worst(page: &Page, totals: &Totals) -> String {
    let known = totals.arrears.worst.map_or_else(|| "–".to_owned(), |days| page.number(days));
    if totals.arrears.unknown == 0 {
        return known;
    }
    format!("{known} {}", page.counted("console-answer-unknown-part", totals.arrears.unknown))
}

/// Loans that stand in no sum: of a group as a whole, and guaranteed ones.
pub(super) fn apart(page: &Page, exposure: &Exposure) -> Vec<String> {
    let kinds =
        [("console-answer-group", &exposure.group), ("console-answer-guaranteed", &exposure.guaranteed)];
    let there = kinds.into_iter().filter(|(_, totals)| totals.active + totals.written_off > 0);
    let lines = there.map(|(key, totals)| {
        let sums = totals.currencies.iter().map(|sums| sum_cell(page, sums.currency, &sums.outstanding));
        let sums: Vec<String> = sums.collect();
        let values = [("n", u64::from(totals.active).into()), ("owed", sums.join(", ").into())];
        page.with(key, &values)
    });
    lines.collect()
}

/// The loans, lender by lender.
pub(super) fn lenders(page: &Page, exposure: &Exposure) -> Vec<LenderShown> {
    exposure.lenders.iter().map(|line| lender(page, line)).collect()
}

fn lender(page: &Page, line: &LenderLine) -> LenderShown {
    LenderShown {
        name: line.lender.clone(),
        is_own: line.own,
        as_of: line.as_of.map(|day| page.naming("console-answer-figures-of", "day", page.day(day))),
        loans: line.facilities.iter().map(|facility| loan(page, facility)).collect(),
    }
}

fn loan(page: &Page, facility: &FacilityLine) -> LoanShown {
    let not_reported = || page.t("console-answer-not-reported");
    let money = |amount: &Option<Amount>| {
        amount.as_ref().map_or_else(not_reported, |amount| page.money(facility.currency, amount))
    };
    let monthly = facility.monthly.as_ref().map_or_else(
        || "–".to_owned(),
        |monthly| match (monthly.basis, &monthly.amount) {
            (Basis::Reported, Some(amount)) => page.money(facility.currency, amount),
            (Basis::Estimated, Some(amount)) => {
                format!("{} {}", page.money(facility.currency, amount), page.t("console-answer-estimated"))
            }
            _ => not_reported(),
        },
    );
    let end = facility.closed.or(facility.written_off_on).or(facility.matures);
    LoanShown {
        kind: page.t(&format!("console-kind-{}", word(&facility.kind))),
        status: page.t(&format!("console-status-{}", word(&facility.status))),
        is_late: facility.days_past_due.is_some_and(|days| days > 0),
        outstanding: money(&facility.outstanding),
        disbursed: money(&facility.disbursed),
        overdue: money(&facility.overdue),
        days: facility.days_past_due.map_or_else(not_reported, |days| page.number(days)),
        monthly,
        ends: end.map_or_else(|| "–".to_owned(), |day| page.day(day)),
        disputed: facility.disputed,
    }
}

/// Whom the answer does not cover, and what could not be read.
pub(super) fn lacks(page: &Page, answer: &Answer) -> (Vec<Lack>, Vec<String>) {
    let uncovered = answer.coverage.members.iter().filter(|member| member.state != CoverageState::Covered);
    let lacks = uncovered.map(|member| Lack {
        name: member.name.clone(),
        state: page.t(if member.state == CoverageState::Missing {
            "console-answer-missing"
        } else {
            "console-answer-stale"
        }),
        as_of: member.as_of.map_or_else(|| page.t("console-answer-no-data"), |day| page.day(day)),
        heard: member.last_heard.map_or_else(|| page.t("console-answer-never"), |time| page.moment(time)),
    });
    let unreadable = answer.coverage.unreadable.iter().map(|rows| {
        let why = page.t(&format!("console-unreadable-{}", word(&rows.why)));
        let values = [
            ("n", u64::from(rows.count).into()),
            ("lender", rows.lender.clone().into()),
            ("why", why.into()),
        ];
        page.with("console-answer-unreadable", &values)
    });
    (lacks.collect(), unreadable.collect())
}

/// One person: how she was found, who asked, what she disputes.
pub(super) fn person(page: &Page, person: &PersonAnswer) -> PersonShown {
    let schemes: Vec<String> =
        person.matched.iter().map(|scheme| scheme_name(page, scheme.as_str())).collect();
    let found = match person.match_level {
        MatchLevel::None => page.t("console-answer-not-found"),
        MatchLevel::Weak => page.naming("console-answer-found-weak", "numbers", schemes.join(", ")),
        MatchLevel::Strong => page.naming("console-answer-found", "numbers", schemes.join(", ")),
    };
    let possible = (person.possible.lenders > 0)
        .then(|| page.counted("console-answer-possible", person.possible.lenders));
    let counts = |counts: &crate::model::answer::InquiryCounts| {
        let count = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| page.number(n));
        let values = [
            ("days30", count(counts.days_30).into()),
            ("days90", count(counts.days_90).into()),
            ("days180", count(counts.days_180).into()),
        ];
        page.with("console-answer-inquiry-counts", &values)
    };
    let inquiries = person.inquiries.lines.iter().map(|line| {
        let amount = line.amount.as_ref().map(|money| page.money(money.currency, &money.amount));
        [
            page.moment(line.asked),
            line.lender.clone(),
            page.t(&format!("console-purpose-{}", line.purpose)),
            amount.unwrap_or_else(|| "–".to_owned()),
        ]
    });
    let disputes = person.disputes.iter().map(|dispute| {
        let opened = page.moment(dispute.opened);
        let values = [("lender", dispute.lender.clone().into()), ("time", opened.into())];
        page.with("console-answer-dispute", &values)
    });
    let totals = &person.exposure.together;
    let currency = totals.reference.currency;
    PersonShown {
        role: page.t(&format!("console-role-{}", role_word(person.role))),
        found,
        possible,
        asked_by_others: counts(&person.inquiries.others),
        asked_by_us: counts(&person.inquiries.own),
        inquiries: inquiries.collect(),
        disputes: disputes.collect(),
        owed: sum_cell(page, currency, &totals.reference.outstanding),
        monthly: instalment_cell(page, currency, &totals.reference.instalment),
        lenders: page.number(person.exposure.lenders_active),
        consent: person.consent.clone(),
    }
}
