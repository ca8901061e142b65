//! Comparing answers with the plain books, by sums that share no code with the answer.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde::Deserialize;

use super::sample::SamplePerson;
use crate::model::answer::Answer;
use crate::model::member::MemberId;

#[derive(Deserialize)]
struct Books {
    books: Vec<Book>,
}

#[derive(Deserialize)]
struct Book {
    lender: String,
    clients: Vec<Client>,
}

#[derive(Deserialize)]
struct Client {
    person: String,
    loans: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// What one lender has of one person.
#[derive(Default)]
struct Holding {
    active: u32,
    /// Hundredths by currency, of individual loans and members' own loans.
    outstanding: BTreeMap<String, i128>,
}

/// All sample books in the plain.
pub(super) struct PlainBooks {
    /// By person, then lender.
    holdings: BTreeMap<String, BTreeMap<String, Holding>>,
}

fn hundredths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<2}");
    format!("{whole}{fraction}").parse().ok()
}

impl PlainBooks {
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let books: Books = serde_json::from_str(text).context("the plain books are not of their form")?;
        let mut holdings: BTreeMap<String, BTreeMap<String, Holding>> = BTreeMap::new();
        for book in books.books {
            for client in book.clients {
                let person = holdings.entry(client.person).or_default();
                let holding = person.entry(book.lender.clone()).or_default();
                for loan in client.loans {
                    let word =
                        |name: &str| loan.get(name).and_then(|value| value.as_str()).unwrap_or_default();
                    let running = matches!(word("status"), "current" | "delinquent" | "restructured");
                    if !running || !matches!(word("kind"), "individual" | "group-member") {
                        continue;
                    }
                    holding.active += 1;
                    if let Some(amount) = hundredths(word("outstanding")) {
                        *holding.outstanding.entry(word("currency").to_owned()).or_default() += amount;
                    }
                }
            }
        }
        Ok(Self { holdings })
    }

    /// Whether an answer about a person says what the books say: own and other lenders' loans and sums.
    pub(super) fn compare(
        &self,
        person: &SamplePerson,
        me: &MemberId,
        answer: &Answer,
    ) -> Result<(), String> {
        let none = BTreeMap::new();
        let held = self.holdings.get(&person.key()).unwrap_or(&none);
        let sides = [(true, &answer.household.own), (false, &answer.household.others)];
        for (own, totals) in sides {
            let mut active = 0;
            let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
            for holding in
                held.iter().filter(|(lender, _)| (lender.as_str() == me.as_str()) == own).map(|(_, h)| h)
            {
                active += holding.active;
                for (currency, amount) in &holding.outstanding {
                    *sums.entry(currency).or_default() += amount;
                }
            }
            if totals.active != active {
                return Err(format!("{} active loans in the answer, {active} in the books", totals.active));
            }
            let said: BTreeMap<&str, i128> = totals
                .currencies
                .iter()
                .filter_map(|c| {
                    hundredths(&c.outstanding.amount.to_string()).map(|sum| (c.currency.code(), sum))
                })
                .collect();
            let currencies: BTreeSet<&str> = said.keys().chain(sums.keys()).copied().collect();
            for currency in currencies {
                let (a, b) = (said.get(currency).unwrap_or(&0), sums.get(currency).unwrap_or(&0));
                if a != b {
                    return Err(format!("{currency}: {a} hundredths in the answer, {b} in the books"));
                }
            }
        }
        if !answer.complete {
            return Err("the answer is incomplete".to_owned());
        }
        Ok(())
    }
}
