//! Loan books of made-up persons.

use std::fmt::Write as _;

use crate::members::today;

/// One running loan in a book.
pub(crate) struct BookRow {
    pub(crate) account: String,
    pub(crate) client: String,
    /// In a column that nothing is read from.
    pub(crate) name: String,
    pub(crate) nid: String,
    pub(crate) phone: String,
    pub(crate) currency: &'static str,
    /// In major units.
    pub(crate) outstanding: String,
}

impl BookRow {
    /// A loan of USD 100 of the person with that number.
    pub(crate) fn small(lender: &str, number: u32) -> Self {
        Self {
            account: format!("{lender}-{number}"),
            client: format!("C-{number}"),
            name: format!("Chan Sophea {number}"),
            nid: nid(number),
            phone: String::new(),
            currency: "USD",
            outstanding: "100.00".to_owned(),
        }
    }
}

/// The identity number of a made-up person.
pub(crate) fn nid(number: u32) -> String {
    format!("{:09}", 100_000_000 + number * 7)
}

/// A book as a lender's own system exports it.
pub(crate) fn csv(rows: &[BookRow]) -> String {
    let (today, opened, matures) = (today(), today().plus_days(-100), today().plus_days(300));
    let mut text =
        "account,client,name,branch,as_of,kh-nid,phone,kind,status,currency,disbursed,outstanding,overdue,\
                    days_past_due,days_past_due_worst,instalment,frequency,opened,matures\n"
            .to_owned();
    for BookRow { account, client, name, nid, phone, currency, outstanding } in rows {
        writeln!(
            text,
            "{account},{client},{name},Kandal,{today},{nid},{phone},individual,current,{currency},{outstanding},\
             {outstanding},0,0,0,10.00,monthly,{opened},{matures}"
        )
        .unwrap();
    }
    text
}

/// Small loans of the persons `1..=count`, each by so many cents larger.
pub(crate) fn book_with_cents(lender: &str, count: u32, cents: u32) -> String {
    let row = |number| BookRow { outstanding: format!("100.{cents:02}"), ..BookRow::small(lender, number) };
    csv(&(1..=count).map(row).collect::<Vec<_>>())
}

/// Small loans of the persons `1..=count`.
pub(crate) fn small_book(lender: &str, count: u32) -> String {
    csv(&(1..=count).map(|number| BookRow::small(lender, number)).collect::<Vec<_>>())
}
