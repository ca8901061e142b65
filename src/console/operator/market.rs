//! Market figures: how many clients are known to how many lenders, from the lenders' own noisy counts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use crate::console::Console;
use crate::console::visit::{Answered, Page, Visit};
use crate::market::{MarketReport, MonthFigures};
use crate::model::user::Right;

/// Months in the drawing: two years.
const MONTHS_DRAWN_MAX: usize = 24;
/// Width and height of the drawing's plane, and where it stands.
const PLANE: (usize, usize, usize, usize) = (50, 15, 620, 200);

/// A month's figures as a row.
struct MonthRow {
    month: String,
    lenders: String,
    clients: String,
    /// Count and share of each class.
    classes: Vec<(String, String)>,
    within: String,
    note: String,
}

/// One class through the months.
struct Line {
    name: String,
    /// Class of the style, and the dashes that tell it from others without colour.
    class: &'static str,
    dashes: &'static str,
    points: String,
    dots: Vec<(usize, usize)>,
    /// Where its name stands.
    label: Option<(usize, usize)>,
}

/// The drawing.
struct Chart {
    lines: Vec<Line>,
    /// Place and text of the marks on the side.
    marks: Vec<(usize, String)>,
    first: String,
    last: String,
}

#[derive(Template)]
#[template(path = "operator/market.html")]
struct MarketPage<'a> {
    page: &'a Page,
    names: Vec<String>,
    rows: Vec<MonthRow>,
    chart: Option<Chart>,
    budget: String,
    spent: u64,
    most: u64,
}

/// `GET /operator/market`.
pub(super) async fn page(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Operate)?;
    let report = visit.blocking(&console, |node| node.market()).await?;
    let page = &visit.page;
    let epsilon = |thousandths: u64| format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    let most = u64::from(report.budget.epsilon_yearly_thousandths);
    let values = [
        ("spent", epsilon(report.budget.spent_thousandths).into()),
        ("most", epsilon(most).into()),
        ("month", epsilon(u64::from(report.budget.epsilon_thousandths)).into()),
    ];
    let names = report.months.first().map(|month| names(page, month)).unwrap_or_default();
    Ok(visit.show(&MarketPage {
        page,
        rows: report.months.iter().map(|month| row(page, month)).collect(),
        chart: chart(page, &report, &names),
        names,
        budget: page.with("console-market-budget", &values),
        spent: report.budget.spent_thousandths.min(most),
        most: most.max(1),
    }))
}

/// `GET /operator/market.csv`.
pub(super) async fn csv(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Operate)?;
    let report = visit.blocking(&console, |node| node.market()).await?;
    let pairs = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"market.csv\"")),
    ];
    Ok((pairs, report.to_csv()).into_response())
}

fn names(page: &Page, month: &MonthFigures) -> Vec<String> {
    let name = |known_to: u8, or_more: bool| {
        let key = if or_more { "console-market-class-more" } else { "console-market-class" };
        page.counted(key, known_to)
    };
    month.classes.iter().map(|class| name(class.known_to, class.or_more)).collect()
}

fn row(page: &Page, month: &MonthFigures) -> MonthRow {
    let few = || page.counted("console-market-few", month.small_cell);
    let classes = month.classes.iter().map(|class| {
        let clients = class.clients.map_or_else(few, |clients| page.number(clients));
        let share = class.per_mille.map(|share| page.percent(u64::from(share).saturating_mul(10)));
        (clients, share.unwrap_or_default())
    });
    let mut notes = Vec::new();
    for (key, members) in
        [("console-market-missing", &month.missing), ("console-market-not-here", &month.not_here)]
    {
        if !members.is_empty() {
            let members = members.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            notes.push(page.naming(key, "members", members));
        }
    }
    if notes.is_empty() && !month.complete {
        notes.push(page.t("console-market-partial"));
    }
    let note = notes.join(" ");
    MonthRow {
        month: month.month.to_string(),
        lenders: page.number(month.lenders),
        clients: month.clients.map_or_else(few, |clients| page.number(clients)),
        classes: classes.collect(),
        within: page.number(month.noise_within),
        note,
    }
}

/// The shares of those known to more than one lender, month by month; none for fewer than two months.
fn chart(page: &Page, report: &MarketReport, names: &[String]) -> Option<Chart> {
    let (left, top, width, height) = PLANE;
    let mut months: Vec<&MonthFigures> = report.months.iter().take(MONTHS_DRAWN_MAX).collect();
    months.reverse();
    let (first, last) = (months.first()?.month.to_string(), months.last()?.month.to_string());
    if months.len() < 2 {
        return None;
    }
    let shares = months.iter().flat_map(|month| month.classes.iter().skip(1));
    let highest = usize::from(shares.filter_map(|class| class.per_mille).max()?).max(10);
    // The next mark that reads well: hundreds, or tens below.
    let step = if highest > 100 { 100 } else { 10 };
    let whole = highest.div_ceil(step) * step;
    let styles = [("s1", ""), ("s2", "8 4"), ("s1", "2 4")];
    let lines = names.iter().enumerate().skip(1).zip(styles).map(|((place, name), (class, dashes))| {
        let dots = months.iter().enumerate().filter_map(|(at, month)| {
            let share = usize::from(month.classes.get(place)?.per_mille?);
            let x = left + at * width / (months.len() - 1);
            Some((x, top + height - share * height / whole))
        });
        let dots: Vec<(usize, usize)> = dots.collect();
        let points: Vec<String> = dots.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let label = dots.last().map(|(x, y)| (x + 8, y + 4));
        Line { name: name.clone(), class, dashes, points: points.join(" "), dots, label }
    });
    let marks = (0..=2).map(|half| {
        let share = whole * half / 2;
        let percent = page.percent(u64::try_from(share).unwrap_or(0).saturating_mul(10));
        (top + height - share * height / whole, percent)
    });
    Some(Chart { lines: lines.collect(), marks: marks.collect(), first, last })
}
