//! The account segment: one loan.

use std::rc::Rc;

use super::client::Client;
use super::frame::{self, Header};
use super::scan::Segment;
use crate::formats::FormatContext;
use crate::formats::draft::{Candidate, Draft, Names, StatusWord};
use crate::formats::intake::{At as _, Notes, Problem, Understood};
use crate::formats::outcome::{NoteReason, RejectReason, SkipReason};
use crate::formats::value::{self, AmountUnit, NumberForm};
use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus, Frequency};
use crate::model::money::{Currency, Minor};

const REFERENCE: &str = "ACTCRD 1 unique reference";
const AS_OF: &str = "ACTCRD 6 date of account information";
const CATEGORY: &str = "ACTCRD 7 category";
const CYCLE: &str = "ACTCRD 9 loan cycle";
const STATUS: &str = "ACTCRD 11 status";
const DISBURSED_ON: &str = "ACTCRD 14 disbursed on";
const CLOSED_ON: &str = "ACTCRD 15 closed on";
const DISBURSED: &str = "ACTCRD 19 disbursed";
const FREQUENCY: &str = "ACTCRD 21 frequency";
const INSTALMENT: &str = "ACTCRD 22 instalment";
const BALANCE: &str = "ACTCRD 23 current balance";
const OVERDUE: &str = "ACTCRD 24 overdue";
const DAYS: &str = "ACTCRD 25 days past due";
const WRITTEN_OFF: &str = "ACTCRD 26 write-off amount";
const WRITTEN_OFF_ON: &str = "ACTCRD 27 write-off date";

const STATUSES: &str = "layout 1.9 has S01 to S12 and S15";
const FREQUENCIES: &str = "layout 1.9 has F01 to F08 and F10";
const CATEGORIES: &str = "layout 1.9 has T01 to T04";

/// Country calling code of telephone numbers without one.
const CALLING_CODE: &str = "91";

/// Names of the fields, for the checks that all formats share.
pub(super) fn names() -> Names {
    Names {
        account: REFERENCE.to_owned(),
        client: "CNSCRD 1 client id".to_owned(),
        branch: "ACTCRD 3 branch".to_owned(),
        as_of: AS_OF.to_owned(),
        identifiers: "CNSCRD 27-29, 38, 40".to_owned(),
        status: STATUS.to_owned(),
        outstanding: BALANCE.to_owned(),
        overdue: OVERDUE.to_owned(),
        opened: DISBURSED_ON.to_owned(),
        matures: "maturity".to_owned(),
        closed: CLOSED_ON.to_owned(),
        written_off_on: WRITTEN_OFF_ON.to_owned(),
    }
}

/// What an account is read against.
pub(super) struct Place<'a, 'c> {
    pub(super) header: &'a Header,
    pub(super) client: &'a Client,
    pub(super) names: &'a Rc<Names>,
    pub(super) rupee: Currency,
    pub(super) context: &'a FormatContext<'c>,
}

/// The account's key: its unique reference, or its number where a writer leaves the reference out.
pub(super) fn number(segment: &Segment) -> Result<String, RejectReason> {
    let reference = token(segment, 1)?;
    if reference.is_empty() { token(segment, 2) } else { Ok(reference) }
}

/// Reads a segment of 38 tokens.
pub(super) fn read(
    segment: &Segment,
    place: &Place<'_, '_>,
    notes: &mut Notes,
) -> Result<Understood, Problem> {
    if segment.broken {
        notes.push(("ACTCRD".to_owned(), NoteReason::LineBreak));
    }
    let account = number(segment).at(REFERENCE)?;
    let status = match status(&token(segment, 11).at(STATUS)?).at(STATUS)? {
        Standing::Is(status) => status,
        Standing::Skip(reason) => return Ok(Understood::Skip(reason)),
    };
    let rupee = place.rupee;
    let exponent = place.context.exponents.get(&rupee).copied();
    let exponent = exponent.ok_or_else(|| Problem::new("currency", RejectReason::CurrencyUnknown(rupee)))?;
    let amount = |place: usize, field: &str| whole(segment, place, rupee, exponent).at(field);
    let day = |place: usize, field: &str| -> Result<Option<Day>, Problem> {
        frame::day(&token(segment, place).at(field)?).at(field)
    };
    let as_of = day(6, AS_OF)?.or(place.header.facts.as_of).or(place.context.as_of);
    let branch = [token(segment, 3).at("ACTCRD 3 branch")?, place.client.branch.clone()]
        .into_iter()
        .find(|branch| !branch.is_empty())
        .or_else(|| place.header.facts.branch.clone())
        .or_else(|| place.context.default_branch.clone())
        .unwrap_or_default();
    Ok(Understood::Draft(Box::new(Draft {
        names: Rc::clone(place.names),
        account,
        client: clean(&place.client.id).at("CNSCRD 1 client id")?.to_owned(),
        branch: clean(&branch).at("ACTCRD 3 branch")?.to_owned(),
        as_of: as_of.ok_or_else(|| Problem::new(AS_OF, RejectReason::Missing))?,
        identifiers: identifiers(place.client)?,
        kind: category(segment, notes)?,
        status,
        currency: rupee,
        disbursed: amount(19, DISBURSED)?,
        outstanding: amount(23, BALANCE)?,
        overdue: amount(24, OVERDUE)?,
        days_past_due: days(&token(segment, 25).at(DAYS)?).at(DAYS)?,
        days_past_due_worst: None,
        instalment: amount(22, INSTALMENT)?,
        frequency: frequency(&token(segment, 21).at(FREQUENCY)?).at(FREQUENCY)?,
        rate_yearly_basis_points: None,
        opened: day(14, DISBURSED_ON)?,
        matures: None,
        closed: day(15, CLOSED_ON)?,
        written_off: amount(26, WRITTEN_OFF)?,
        written_off_on: day(27, WRITTEN_OFF_ON)?,
        loan_cycle: cycle(segment, notes),
    })))
}

fn clean(text: &str) -> Result<&str, RejectReason> {
    if text.chars().any(char::is_control) { Err(RejectReason::ControlCharacter) } else { Ok(text) }
}

fn token(segment: &Segment, place: usize) -> Result<String, RejectReason> {
    let text = segment.token(place);
    clean(&text)?;
    Ok(text)
}

enum Standing {
    Is(StatusWord),
    Skip(SkipReason),
}

fn status(code: &str) -> Result<Standing, RejectReason> {
    let is = |status| Ok(Standing::Is(StatusWord::Is(status)));
    match code {
        "S01" | "S02" => Ok(Standing::Skip(SkipReason::NotDisbursed)),
        "S03" | "S15" => Ok(Standing::Skip(SkipReason::Refused)),
        "S04" => is(FacilityStatus::Current),
        "S05" => is(FacilityStatus::Delinquent),
        "S06" => is(FacilityStatus::WrittenOff),
        "S07" | "S09" => is(FacilityStatus::Closed),
        "S08" => is(FacilityStatus::Restructured),
        // Ended below what was owed: what is left is no exposure any more.
        "S10" | "S11" | "S12" => Ok(Standing::Is(StatusWord::Settled)),
        "" => Err(RejectReason::Missing),
        _ => Err(RejectReason::Status { known: STATUSES }),
    }
}

/// Every account segment stands under one client, with that client's own figures: so the group categories are
/// a member's loan inside a group, not one loan to the group.
fn category(segment: &Segment, notes: &mut Notes) -> Result<FacilityKind, Problem> {
    let mut code = token(segment, 7).at(CATEGORY)?;
    if let Some(digits) = code.strip_prefix("TO") {
        // The letter O typed for the digit.
        code = format!("T0{digits}");
        notes.push((CATEGORY.to_owned(), NoteReason::Misspelt { read_as: "T0 with the digit zero" }));
    }
    match code.as_str() {
        "T01" | "T02" | "T04" => Ok(FacilityKind::GroupMember),
        "T03" => Ok(FacilityKind::Individual),
        "" => Err(Problem::new(CATEGORY, RejectReason::Missing)),
        _ => Err(Problem::new(CATEGORY, RejectReason::Kind { known: CATEGORIES })),
    }
}

fn frequency(code: &str) -> Result<Option<Frequency>, RejectReason> {
    Ok(Some(match code {
        "F01" => Frequency::Weekly,
        "F02" => Frequency::Fortnightly,
        "F03" => Frequency::Monthly,
        "F04" => Frequency::TwoMonthly,
        "F05" => Frequency::Quarterly,
        "F06" => Frequency::HalfYearly,
        "F07" => Frequency::Yearly,
        "F08" => Frequency::Bullet,
        "" | "F10" => return Ok(None),
        _ => return Err(RejectReason::Frequency { known: FREQUENCIES }),
    }))
}

/// Days past due: `000` is none, `XXX` is not reported, which is not zero.
fn days(text: &str) -> Result<Option<u32>, RejectReason> {
    match text {
        "" | "XXX" => Ok(None),
        text => value::count(&digits(text)?).map(Some),
    }
}

/// A number of this layout: digits, and a sign at most.
fn digits(text: &str) -> Result<String, RejectReason> {
    NumberForm::PLAIN.plain(text).map_err(|reason| match reason {
        RejectReason::Number { .. } | RejectReason::NumberMark { .. } => RejectReason::NotWhole,
        reason => reason,
    })
}

/// An amount in whole rupees as minor units.
fn whole(
    segment: &Segment,
    place: usize,
    rupee: Currency,
    exponent: u8,
) -> Result<Option<Minor>, RejectReason> {
    let text = token(segment, place)?;
    if text.is_empty() {
        return Ok(None);
    }
    let units = value::minor(&digits(&text)?, AmountUnit::Minor, rupee, exponent)?;
    10i64
        .checked_pow(u32::from(exponent))
        .and_then(|unit| units.checked_mul(unit))
        .map(Some)
        .ok_or(RejectReason::TooLarge)
}

fn cycle(segment: &Segment, notes: &mut Notes) -> Option<u16> {
    let text = segment.token(9);
    if text.is_empty() {
        return None;
    }
    let cycle = text.parse().ok();
    if cycle.is_none() {
        notes.push((CYCLE.to_owned(), NoteReason::NotUnderstood));
    }
    cycle
}

fn identifiers(client: &Client) -> Result<Vec<Candidate>, Problem> {
    client
        .identifiers
        .iter()
        .map(|(field, scheme, raw)| {
            clean(raw).at(field)?;
            let id = scheme.parse().map_err(|error| Problem::new(*field, RejectReason::Identifier(error)))?;
            Ok(if *scheme == "phone" {
                Candidate::phone(*field, id, raw, CALLING_CODE)
            } else {
                Candidate::new(*field, id, raw.to_string())
            })
        })
        .collect()
}
