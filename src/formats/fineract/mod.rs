//! Apache Fineract: loans, clients, identifiers and groups as its API returns them.
//!
//! One JSON object bears them under the keys `loans`, `clients`, `identifiers` and `groups`; separate answers are joined to
//! one ([`FineractSources`]). Each of them is an array, an object with `pageItems`, or a single
//! object; `identifiers` may also be an array of the arrays that the API returns client by client. Loans need
//! `associations=all` (or at least their `summary`), groups `associations=clientMembers`.
//!
//! Amounts are JSON numbers that were written from decimals; they are read from their text, never through a
//! binary fraction. A currency's decimals are those of the network's policy: an amount that has more than the
//! policy gives it is refused, whatever `decimalPlaces` says.

use std::io::Read;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::FormatContext;
use super::intake::{Intake, Notes, Problem};
use super::mapping::Mapping;
use super::outcome::{Finding, FormHint, FormatError, RejectReason, RowOutcome, Summary};

mod json;
mod loan;
mod people;

use people::People;

/// Answers of the Fineract API, as bytes of JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct FineractSources<'a> {
    /// Loans, or one object that bears everything.
    pub loans: &'a [u8],
    /// Clients.
    pub clients: Option<&'a [u8]>,
    /// Identifiers of clients.
    pub identifiers: Option<&'a [u8]>,
    /// Groups with their members.
    pub groups: Option<&'a [u8]>,
}

/// One object that bears everything, or a page of loans, or a single loan, or an error.
#[derive(Deserialize)]
struct Top<'a> {
    #[serde(borrow)]
    loans: Option<&'a RawValue>,
    #[serde(borrow)]
    clients: Option<&'a RawValue>,
    #[serde(borrow)]
    identifiers: Option<&'a RawValue>,
    #[serde(borrow)]
    groups: Option<&'a RawValue>,
    #[serde(borrow, rename = "totalFilteredRecords")]
    total: Option<&'a RawValue>,
    #[serde(borrow, rename = "httpStatusCode")]
    http_status: Option<&'a RawValue>,
}

/// One of several answers is not JSON, or too long.
#[derive(Debug, thiserror::Error)]
#[error("{part}: {error}")]
pub struct FineractPartError {
    /// `loans`, `clients`, `identifiers` or `groups`.
    pub part: &'static str,
    /// What is wrong with it.
    #[source]
    pub error: FormatError,
}

impl FineractSources<'_> {
    /// One object that bears everything, as the reader takes it.
    ///
    /// Errors: the part that is not JSON, with its own line and column.
    pub fn join(&self) -> Result<Vec<u8>, FineractPartError> {
        let parts = [
            ("loans", Some(self.loans)),
            ("clients", self.clients),
            ("identifiers", self.identifiers),
            ("groups", self.groups),
        ];
        let mut joined = Vec::new();
        for (part, bytes) in parts {
            let Some(bytes) = bytes else { continue };
            let value = raw(bytes).map_err(|error| FineractPartError { part, error })?;
            joined.extend_from_slice(if joined.is_empty() { b"{\"" } else { b",\"" });
            joined.extend_from_slice(part.as_bytes());
            joined.extend_from_slice(b"\":");
            joined.extend_from_slice(value.get().as_bytes());
        }
        joined.push(b'}');
        Ok(joined)
    }
}

/// Reads one file: loans alone or one object that bears everything.
pub(super) fn read(
    mapping: &Mapping,
    bytes: impl Read,
    context: &FormatContext<'_>,
    sink: &mut dyn FnMut(RowOutcome),
) -> Result<Summary, FormatError> {
    let bytes = super::whole(bytes)?;
    super::table::check_schemes(mapping, context.schemes)?;
    if mapping.as_of.or(context.as_of).is_none() {
        return Err(FormatError::NoAsOf);
    }
    let main = raw(&bytes)?;
    let top: Option<Top<'_>> =
        if main.get().starts_with('{') { serde_json::from_str(main.get()).ok() } else { None };
    if top.as_ref().is_some_and(|top| top.http_status.is_some()) {
        let hint = FormHint::ApiError;
        return Err(FormatError::OtherFormat { expected: "a list of loans", hint });
    }
    let mut people = People::default();
    if let Some(json) = top.as_ref().and_then(|top| top.clients) {
        json::each(json, &mut |_, client| people.client(client))?;
    }
    if let Some(json) = top.as_ref().and_then(|top| top.identifiers) {
        json::each(json, &mut |_, identifier| people.identifier(identifier))?;
    }
    if let Some(json) = top.as_ref().and_then(|top| top.groups) {
        json::each(json, &mut |_, group| people.group(group))?;
    }
    let loans = top.as_ref().and_then(|top| top.loans).unwrap_or(main);
    let mut intake = Intake::new(context, sink);
    let reader = loan::Reader { mapping, people: &people, names: Rc::new(loan::names()), context };
    let mut result = Ok(());
    let mut found = 0;
    json::each(loans, &mut |ordinal, json| {
        found = ordinal;
        if result.is_ok() {
            result = one(&reader, ordinal, json, &mut intake);
        }
    })?;
    result?;
    // The API answers with a page of 200 unless it is asked for more.
    let total = match top.as_ref().and_then(|top| top.loans) {
        Some(loans) => {
            serde_json::from_str::<Top<'_>>(loans.get()).ok().and_then(|page| json::total(page.total))
        }
        None => top.as_ref().and_then(|top| json::total(top.total)),
    };
    let whole = total.is_none_or(|total| total <= found);
    if let (false, Some(total)) = (whole, total) {
        intake.finding(Finding::OnePage { found, total });
    }
    Ok(intake.finish(whole))
}

fn one(
    reader: &loan::Reader<'_, '_>,
    ordinal: u64,
    json: &RawValue,
    intake: &mut Intake<'_, '_>,
) -> Result<(), FormatError> {
    let Ok(loan) = serde_json::from_str::<loan::Loan<'_>>(json.get()) else {
        intake.row(ordinal, None, Err(Problem::new("loan", RejectReason::Shape)), Notes::new(), Vec::new);
        return Ok(());
    };
    // A list of clients or of anything else is no list of loans.
    if !loan.looks_like_one() && ordinal == 1 {
        let hint = FormHint::NoLoans;
        return Err(FormatError::OtherFormat { expected: "a list of loans", hint });
    }
    let account = loan.account().ok();
    // A loan to a group is owed by each of its members.
    let debtors = match reader.debtors(&loan) {
        Ok(debtors) => debtors,
        Err(problem) => {
            intake.row(ordinal, account.as_deref(), Err(problem), Notes::new(), || loan.raw());
            return Ok(());
        }
    };
    for client in debtors {
        let mut notes = Notes::new();
        let understood = reader.understand(&loan, &client, &mut notes);
        intake.row(ordinal, account.as_deref(), understood, notes, || loan.raw());
    }
    Ok(())
}

/// The bytes as one JSON value, checked to its end.
fn raw(bytes: &[u8]) -> Result<&RawValue, FormatError> {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(FormatError::Empty);
    }
    serde_json::from_slice(bytes)
        .map_err(|error| FormatError::Json { line: error.line(), column: error.column() })
}
