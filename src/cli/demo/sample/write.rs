//! The books as files: CSV as a lender would export it, and everything in the plain as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::draw::Draw;
use super::loan::SampleLoan;
use super::spelling;
use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::model::money::format_minor;

/// Our own column names, which need no mapping.
const COLUMNS: [&str; 23] = [
    "account",
    "client",
    "branch",
    "as_of",
    "kh-nid",
    "phone",
    "kind",
    "status",
    "currency",
    "disbursed",
    "outstanding",
    "overdue",
    "days_past_due",
    "days_past_due_worst",
    "instalment",
    "frequency",
    "rate",
    "opened",
    "matures",
    "closed",
    "written_off",
    "written_off_on",
    "loan_cycle",
];

/// A lender's book as it leaves its systems: rows in no telling order, identifiers as they were typed.
pub(super) fn csv(draw: &Draw<'_>, lender: &MemberId, as_of: Day, book: &[SampleLoan]) -> String {
    let mut rows: Vec<&SampleLoan> = book.iter().collect();
    draw.shuffle(&mut rows);
    let mut out = COLUMNS.join(",");
    out.push('\n');
    for loan in rows {
        let plain = cells(lender, as_of, loan);
        let typed = plain.iter().map(|(column, text)| match *column {
            "kh-nid" => spelling::kh_nid(draw, text),
            "phone" if !text.is_empty() => spelling::phone(draw, text),
            _ => text.clone(),
        });
        // No cell holds a comma, a quote or a line's end: nothing here needs quoting.
        out.push_str(&typed.collect::<Vec<_>>().join(","));
        out.push('\n');
    }
    out
}

/// All books in the plain, in the form that `tests/oracle` reads: lenders, their clients, their loans.
pub(super) fn json(as_of: Day, books: &BTreeMap<MemberId, Vec<SampleLoan>>) -> String {
    let books: Vec<Value> = books
        .iter()
        .map(|(lender, book)| {
            // The loans of a client stand together in a book.
            let clients = book.chunk_by(|a, b| a.client == b.client);
            let clients: Vec<Value> = clients.map(|loans| plain_client(lender, as_of, loans)).collect();
            json!({ "lender": lender, "clients": clients })
        })
        .collect();
    let mut text = format!("{:#}", json!({ "as_of": as_of, "books": books }));
    text.push('\n');
    text
}

/// A client and her loans: what stands in every row is told once.
fn plain_client(lender: &MemberId, as_of: Day, loans: &[SampleLoan]) -> Value {
    let mut client = Map::new();
    let mut identifiers = Map::new();
    let mut plain_loans = Vec::new();
    for loan in loans {
        let mut plain = Map::new();
        for (column, text) in cells(lender, as_of, loan).into_iter().filter(|(_, text)| !text.is_empty()) {
            let (into, value) = match column {
                "kh-nid" | "phone" => (&mut identifiers, Value::from(text)),
                "client" | "as_of" => (&mut client, Value::from(text)),
                "days_past_due" | "days_past_due_worst" | "loan_cycle" => {
                    (&mut plain, text.parse::<u32>().map_or(Value::Null, Value::from))
                }
                _ => (&mut plain, Value::from(text)),
            };
            into.insert(column.to_owned(), value);
        }
        client.insert("person".to_owned(), Value::from(super::person_key(&loan.kh_nid)));
        plain_loans.push(Value::Object(plain));
    }
    client.insert("identifiers".to_owned(), Value::Object(identifiers));
    client.insert("loans".to_owned(), Value::Array(plain_loans));
    Value::Object(client)
}

/// The cells of one row in the order of [`COLUMNS`]; identifiers canonical; empty is "not reported".
fn cells(lender: &MemberId, as_of: Day, loan: &SampleLoan) -> Vec<(&'static str, String)> {
    let amount = |minor: i64| format_minor(i128::from(minor), loan.money.decimals());
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let values = [
        format!("{lender}-{:07}", loan.account),
        format!("C{:06}", loan.client),
        loan.branch.to_owned(),
        as_of.to_string(),
        loan.kh_nid.clone(),
        loan.phone.clone().unwrap_or_default(),
        word(loan.kind),
        word(loan.status),
        loan.money.code().to_owned(),
        amount(loan.disbursed),
        amount(loan.outstanding),
        amount(loan.overdue),
        number(loan.days_past_due),
        loan.days_past_due_worst.to_string(),
        loan.instalment.map(amount).unwrap_or_default(),
        word(loan.frequency),
        loan.rate_percent.to_string(),
        loan.opened.to_string(),
        day(loan.matures),
        day(loan.closed),
        loan.written_off.map(|(minor, _)| amount(minor)).unwrap_or_default(),
        day(loan.written_off.map(|(_, on)| on)),
        loan.loan_cycle.to_string(),
    ];
    COLUMNS.into_iter().zip(values).collect()
}

/// The word that serde has for a variant, which is the one that files use.
fn word(variant: impl serde::Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(Value::String(word)) => word,
        // A variant without fields is a string.
        _ => String::new(),
    }
}
