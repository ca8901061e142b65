//! What the household owes, as a table: own and others, together, and after the loan.

use super::page::Table;
use super::sheet::Sheet;
use super::wording::Words;
use crate::model::answer::{Answer, Burden, CurrencyTotals, InstalmentSum, Sum, Totals};
use crate::model::money::Currency;

/// What stands where there is no figure.
const NO_FIGURE: &str = "-";

/// The household's own loans, what stands apart from them, and the burden of the instalments.
pub(super) fn household(sheet: &mut dyn Sheet, answer: &Answer, words: &Words) {
    let household = &answer.household;
    sheet.heading(&words.text("answer-household"));
    let mut table = Table::default();
    let titles =
        ["answer-column-own", "answer-column-others", "answer-column-together", "answer-column-after"];
    table.row([String::new()].into_iter().chain(titles.map(|key| words.text(key))));
    let mut currencies: Vec<_> = household.together.currencies.iter().map(|totals| totals.currency).collect();
    currencies.extend(answer.after.currencies.iter().map(|after| after.currency));
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let of =
            |totals: &Totals| totals.currencies.iter().find(|totals| totals.currency == currency).cloned();
        let sides = [of(&household.own), of(&household.others), of(&household.together)];
        let after = answer.after.currencies.iter().find(|after| after.currency == currency);
        let after = after.map(|after| (&after.outstanding, &after.instalment));
        rows(&mut table, currency.code(), &sides, after, words);
    }
    if household.together.converted || answer.after.converted {
        let reference = |totals: &Totals| Some(totals.reference.clone());
        let sides = [reference(&household.own), reference(&household.others), reference(&household.together)];
        let after = &answer.after.reference;
        let all = words.with("answer-all-in", &[("currency", after.currency.code().into())]);
        rows(&mut table, &all, &sides, Some((&after.outstanding, &after.instalment)), words);
    }
    counts(&mut table, answer, words);
    sheet.table(&table);
    apart(sheet, "answer-apart-group", &household.group, words);
    apart(sheet, "answer-apart-guaranteed", &household.guaranteed, words);
    if let Some(burden) = &answer.after.burden {
        sheet.text(1, &burden_text(burden, words));
    }
}

fn counts(table: &mut Table, answer: &Answer, words: &Words) {
    let household = &answer.household;
    let number = |n: u32| words.number(u64::from(n));
    let sides = [&household.own, &household.others, &household.together];
    let row = |key: &str, figure: &dyn Fn(&Totals) -> String, after: String| {
        let [own, others, together] = sides.map(figure);
        [words.text(key), own, others, together, after]
    };
    let after = number(answer.after.lenders);
    table.row(row("answer-row-lenders", &|totals| number(totals.lenders_active), after));
    table.row(row("answer-row-active", &|totals| number(totals.active), String::new()));
    let ended = |totals: &Totals| format!("{}, {}", number(totals.written_off), number(totals.closed));
    table.row(row("answer-row-written-off-ended", &ended, String::new()));
    table.row(row("answer-row-worst", &|totals| arrears(totals, words), String::new()));
    table.row(row("answer-row-band", &|totals| words.band(totals.arrears.band), String::new()));
}

type After<'a> = Option<(&'a Sum, &'a InstalmentSum)>;

fn rows(table: &mut Table, name: &str, sides: &[Option<CurrencyTotals>; 3], after: After<'_>, words: &Words) {
    let none = || NO_FIGURE.to_owned();
    let row = |key: &str, cell: &dyn Fn(&CurrencyTotals) -> String, after: String| {
        let [own, others, together] = sides.each_ref().map(|side| side.as_ref().map_or_else(none, cell));
        [words.with(key, &[("currency", name.into())]), own, others, together, after]
    };
    let outstanding = after.map_or_else(none, |(sum, _)| sum_cell(sum, words));
    let instalment = after.map_or_else(none, |(_, sum)| instalment_cell(sum, words));
    table.row(row("answer-row-owed", &|totals| sum_cell(&totals.outstanding, words), outstanding));
    table.row(row("answer-row-overdue", &|totals| sum_cell(&totals.overdue, words), String::new()));
    table.row(row("answer-row-monthly", &|totals| instalment_cell(&totals.instalment, words), instalment));
    let is_any =
        |totals: &CurrencyTotals| totals.written_off.unknown > 0 || !totals.written_off.amount.is_zero();
    if sides.iter().flatten().any(is_any) {
        let cell = |totals: &CurrencyTotals| sum_cell(&totals.written_off, words);
        table.row(row("answer-row-written-off", &cell, String::new()));
    }
}

fn apart(sheet: &mut dyn Sheet, key: &str, totals: &Totals, words: &Words) {
    if totals.active + totals.written_off == 0 {
        return;
    }
    let sums = totals.currencies.iter().map(|sums| {
        let about = [
            ("owed", sum_with_currency(sums.currency, &sums.outstanding, words).into()),
            ("overdue", sum_cell(&sums.overdue, words).into()),
            ("monthly", instalment_cell(&sums.instalment, words).into()),
        ];
        words.with("answer-apart-sum", &about)
    });
    let sums: Vec<String> = sums.collect();
    let about = [
        ("loans", words.number(u64::from(totals.active)).into()),
        ("lenders", words.lenders(totals.lenders_active).into()),
        ("sums", sums.join("; ").into()),
    ];
    sheet.text(1, &words.with(key, &about));
}

fn burden_text(burden: &Burden, words: &Words) -> String {
    let currency = burden.income.currency;
    let amount = words.money_of(currency, &burden.instalment.amount);
    let income = ("income", words.money(&burden.income).into());
    let instalment = ("instalment", qualified(amount, &burden.instalment, words).into());
    let mut text = match burden.share_basis_points {
        None => words.with("answer-burden", &[income, instalment]),
        Some(share) => {
            words.with("answer-burden-share", &[income, instalment, ("share", words.percent(share).into())])
        }
    };
    if let Some(left) = &burden.left_over {
        let left = words.money_of(currency, left);
        text = format!("{text}; {}", words.with("answer-left-over", &[("amount", left.into())]));
    }
    text
}

/// The worst days past due, and of how many loans they are not known.
pub(super) fn arrears(totals: &Totals, words: &Words) -> String {
    let worst = totals.arrears.worst;
    let worst = worst.map_or_else(|| NO_FIGURE.to_owned(), |days| words.number(u64::from(days)));
    plus("answer-plus-not-reported", worst, totals.arrears.unknown, words)
}

/// A sum, and of how many loans it lacks the figure.
pub(super) fn sum_cell(sum: &Sum, words: &Words) -> String {
    plus("answer-plus-not-reported", words.amount(&sum.amount), sum.unknown, words)
}

/// The same with its currency.
pub(super) fn sum_with_currency(currency: Currency, sum: &Sum, words: &Words) -> String {
    plus("answer-plus-not-reported", words.money_of(currency, &sum.amount), sum.unknown, words)
}

/// Instalments of a month, the estimated part of them, and of how many loans they are not known.
pub(super) fn instalment_cell(sum: &InstalmentSum, words: &Words) -> String {
    qualified(words.amount(&sum.amount), sum, words)
}

fn qualified(figure: String, sum: &InstalmentSum, words: &Words) -> String {
    let mut text = figure;
    if !sum.estimated.is_zero() {
        let estimated = words.amount(&sum.estimated);
        let about = [("figure", text.into()), ("estimated", estimated.into())];
        text = words.with("answer-partly-estimated", &about);
    }
    plus("answer-plus-not-known", text, sum.unknown, words)
}

fn plus(key: &str, figure: String, unknown: u32, words: &Words) -> String {
    match unknown {
        0 => figure,
        unknown => words.with(key, &[("figure", figure.into()), ("count", u64::from(unknown).into())]),
    }
}
