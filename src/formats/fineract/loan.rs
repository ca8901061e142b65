//! One loan of the API.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::json;
use super::people::{Client, People};
use crate::formats::FormatContext;
use crate::formats::draft::{Candidate, Draft, Names, StatusWord};
use crate::formats::intake::{At as _, Notes, Problem, Understood};
use crate::formats::mapping::Mapping;
use crate::formats::outcome::{NoteReason, RejectReason, SkipReason};
use crate::formats::value::{self, AmountUnit};
use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus, Frequency};
use crate::model::money::{Currency, Minor};

const STATUSES: &str = "Fineract has 100, 200, 300, 303, 304, 400, 500, 600, 601, 602, 700";
const KINDS: &str = "Fineract has 1 individual, 2 group, 3 JLG, 4 GLIM";

/// The fields of a loan that are read; a name is not among them.
#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase", serialize = "camelCase"))]
pub(super) struct Loan<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    account_no: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    status: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client_office_id: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    group: Option<GroupJson<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    loan_type: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    currency: Option<CurrencyJson<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    number_of_repayments: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    repayment_every: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    repayment_frequency_type: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    annual_interest_rate: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    fixed_emi_amount: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    loan_counter: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    timeline: Option<Timeline<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    summary: Option<LoanSummary<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    delinquent: Option<Delinquent<'a>>,
    #[serde(borrow, skip_serializing)]
    repayment_schedule: Option<Schedule<'a>>,
}

#[derive(Deserialize, Serialize)]
struct GroupJson<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
struct CurrencyJson<'a> {
    #[serde(borrow)]
    code: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase", serialize = "camelCase"))]
struct Timeline<'a> {
    #[serde(borrow)]
    actual_disbursement_date: Option<&'a RawValue>,
    #[serde(borrow)]
    expected_maturity_date: Option<&'a RawValue>,
    #[serde(borrow)]
    actual_maturity_date: Option<&'a RawValue>,
    #[serde(borrow)]
    closed_on_date: Option<&'a RawValue>,
    #[serde(borrow)]
    write_off_on_date: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase", serialize = "camelCase"))]
struct LoanSummary<'a> {
    #[serde(borrow)]
    principal_disbursed: Option<&'a RawValue>,
    #[serde(borrow)]
    total_outstanding: Option<&'a RawValue>,
    #[serde(borrow)]
    total_overdue: Option<&'a RawValue>,
    #[serde(borrow)]
    total_written_off: Option<&'a RawValue>,
    #[serde(borrow)]
    overdue_since_date: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase", serialize = "camelCase"))]
struct Delinquent<'a> {
    #[serde(borrow)]
    past_due_days: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Schedule<'a> {
    #[serde(borrow, default)]
    periods: Vec<Period<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Period<'a> {
    #[serde(borrow)]
    due_date: Option<&'a RawValue>,
    #[serde(borrow)]
    total_due_for_period: Option<&'a RawValue>,
}

impl Loan<'_> {
    /// Whether this has what every loan of the API has.
    pub(super) fn looks_like_one(&self) -> bool {
        self.status.is_some() && self.account_no.is_some()
    }

    pub(super) fn account(&self) -> Result<String, RejectReason> {
        json::text(self.account_no)?.map_or_else(|| json::text(self.id).map(Option::unwrap_or_default), Ok)
    }

    /// The fields that are read, as JSON.
    pub(super) fn raw(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Names of the fields, for the checks that all formats share.
pub(super) fn names() -> Names {
    let name = str::to_owned;
    Names {
        account: name("accountNo"),
        client: name("clientId"),
        branch: name("officeName"),
        as_of: name("as of"),
        identifiers: name("identifiers"),
        status: name("status.id"),
        outstanding: name("summary.totalOutstanding"),
        overdue: name("summary.totalOverdue"),
        opened: name("timeline.actualDisbursementDate"),
        matures: name("timeline.expectedMaturityDate"),
        closed: name("timeline.closedOnDate"),
        written_off_on: name("timeline.writeOffOnDate"),
    }
}

/// What a loan is read against.
pub(super) struct Reader<'a, 'c> {
    pub(super) mapping: &'a Mapping,
    pub(super) people: &'a People,
    pub(super) names: Rc<Names>,
    pub(super) context: &'a FormatContext<'c>,
}

enum Standing {
    Is(StatusWord),
    Skip(SkipReason),
}

impl Reader<'_, '_> {
    /// Ids of the clients that owe the loan.
    pub(super) fn debtors(&self, loan: &Loan<'_>) -> Result<Vec<String>, Problem> {
        if let Some(client) = json::text(loan.client_id).at("clientId")? {
            return Ok(vec![client]);
        }
        let nobody = || Problem::new("clientId", RejectReason::NoClient);
        if matches!(self.standing(loan)?, Standing::Skip(_)) {
            return Ok(vec![String::new()]);
        }
        let group = loan.group.as_ref().ok_or_else(nobody)?;
        let group = json::text(group.id).at("group.id")?.ok_or_else(nobody)?;
        match self.people.members(&group) {
            Some(members) if !members.is_empty() => Ok(members.to_vec()),
            _ => Err(Problem::new("group.clientMembers", RejectReason::NotInObject)),
        }
    }

    fn standing(&self, loan: &Loan<'_>) -> Result<Standing, Problem> {
        let field = &self.names.status;
        let id =
            json::id(loan.status).at(field)?.ok_or_else(|| Problem::new(field, RejectReason::Missing))?;
        let is = |status| Ok(Standing::Is(status));
        match id {
            100 | 200 => Ok(Standing::Skip(SkipReason::NotDisbursed)),
            400 | 500 => Ok(Standing::Skip(SkipReason::Refused)),
            // 303 and 304: the client is on the way to another branch; the loan runs on.
            300 | 303 | 304 => is(StatusWord::Active),
            // 700: more was paid than owed.
            600 | 700 => is(StatusWord::Is(FacilityStatus::Closed)),
            601 => is(StatusWord::Is(FacilityStatus::WrittenOff)),
            602 => is(StatusWord::Settled),
            _ => Err(Problem::new(field, RejectReason::Status { known: STATUSES })),
        }
    }

    /// Understands a loan as that of one client.
    pub(super) fn understand(
        &self,
        loan: &Loan<'_>,
        client: &str,
        notes: &mut Notes,
    ) -> Result<Understood, Problem> {
        let names = &self.names;
        let status = match self.standing(loan)? {
            Standing::Is(status) => status,
            Standing::Skip(reason) => return Ok(Understood::Skip(reason)),
        };
        let (currency, exponent) = self.currency(loan)?;
        let amount = |json: Option<&RawValue>, field: &str| amount(json, currency, exponent).at(field);
        let as_of = self.mapping.as_of.or(self.context.as_of);
        let as_of = as_of.ok_or_else(|| Problem::new(&names.as_of, RejectReason::Missing))?;
        let summary = loan.summary.as_ref();
        if summary.is_none() && status == StatusWord::Active {
            return Err(Problem::new("summary", RejectReason::NotInObject));
        }
        let outstanding = amount(summary.and_then(|s| s.total_outstanding), &names.outstanding)?;
        let overdue = amount(summary.and_then(|s| s.total_overdue), &names.overdue)?;
        let timeline = loan.timeline.as_ref();
        let matures = timeline.and_then(|t| t.actual_maturity_date.or(t.expected_maturity_date));
        let closed = json::day(timeline.and_then(|t| t.closed_on_date)).at(&names.closed)?;
        let is_closed = matches!(status, StatusWord::Settled | StatusWord::Is(FacilityStatus::Closed));
        let is_written_off = status == StatusWord::Is(FacilityStatus::WrittenOff);
        let written_off = amount(summary.and_then(|s| s.total_written_off), "summary.totalWrittenOff")?;
        let written_off_on =
            json::day(timeline.and_then(|t| t.write_off_on_date)).at(&names.written_off_on)?;
        let known = self.people.get(client);
        Ok(Understood::Draft(Box::new(Draft {
            names: Rc::clone(names),
            account: loan.account().at(&names.account)?,
            client: client.to_owned(),
            branch: self.branch(loan, known)?,
            as_of,
            identifiers: self.identifiers(known, notes),
            kind: kind(loan)?,
            status,
            currency,
            disbursed: amount(summary.and_then(|s| s.principal_disbursed), "summary.principalDisbursed")?,
            outstanding,
            overdue,
            days_past_due: days_past_due(loan, overdue, as_of)?,
            days_past_due_worst: None,
            instalment: instalment(loan, as_of, currency, exponent)?,
            frequency: frequency(loan, notes)?,
            rate_yearly_basis_points: rate(loan, notes),
            opened: json::day(timeline.and_then(|t| t.actual_disbursement_date)).at(&names.opened)?,
            matures: json::day(matures).at(&names.matures)?,
            closed: closed.filter(|_| is_closed),
            written_off: written_off.filter(|_| is_written_off),
            written_off_on: written_off_on.or(closed).filter(|_| is_written_off),
            loan_cycle: cycle(loan),
        })))
    }

    fn currency(&self, loan: &Loan<'_>) -> Result<(Currency, u8), Problem> {
        const FIELD: &str = "currency.code";
        let code = json::text(loan.currency.as_ref().and_then(|currency| currency.code)).at(FIELD)?;
        let code = code.ok_or_else(|| Problem::new(FIELD, RejectReason::NotInObject))?;
        let currency: Currency = code.parse().map_err(|_| Problem::new(FIELD, RejectReason::CurrencyCode))?;
        let exponent = self.context.exponents.get(&currency).copied();
        Ok((currency, exponent.ok_or_else(|| Problem::new(FIELD, RejectReason::CurrencyUnknown(currency)))?))
    }

    fn branch(&self, loan: &Loan<'_>, client: Option<&Client>) -> Result<String, Problem> {
        let office = client.and_then(|client| client.office.clone());
        let id = json::text(loan.client_office_id).at("clientOfficeId")?;
        let default = self.mapping.branch.clone().or_else(|| self.context.default_branch.clone());
        Ok(office.or(id).or(default).unwrap_or_default())
    }

    fn identifiers(&self, client: Option<&Client>, notes: &mut Notes) -> Vec<Candidate> {
        let Some(client) = client else { return Vec::new() };
        let mapping = &self.mapping.fineract;
        let mut found = Vec::new();
        for document in &client.documents {
            let scheme = document.kinds.iter().find_map(|kind| mapping.document_types.get(kind));
            match scheme {
                Some(scheme) => {
                    found.push(Candidate::new("documentKey", scheme.clone(), document.key.to_string()));
                }
                None => notes.push(("documentType".to_owned(), NoteReason::IdentifierKind)),
            }
        }
        if let (Some(scheme), Some(id)) = (&mapping.external_id, &client.external_id) {
            found.push(Candidate::new("externalId", scheme.clone(), id.to_string()));
        }
        if let (Some(code), Some(mobile)) = (&mapping.mobile_country_code, &client.mobile)
            && let Ok(scheme) = "phone".parse()
        {
            found.push(Candidate::phone("mobileNo", scheme, mobile, code));
        }
        found
    }
}

fn amount(json: Option<&RawValue>, currency: Currency, exponent: u8) -> Result<Option<Minor>, RejectReason> {
    json::plain(json)?.map(|plain| value::minor(&plain, AmountUnit::Major, currency, exponent)).transpose()
}

fn kind(loan: &Loan<'_>) -> Result<FacilityKind, Problem> {
    const FIELD: &str = "loanType.id";
    match json::id(loan.loan_type).at(FIELD)? {
        Some(1) => Ok(FacilityKind::Individual),
        Some(2) => Ok(FacilityKind::Group),
        // GLIM: a loan that is booked once for the group and once for each member; these are the members'.
        Some(3 | 4) => Ok(FacilityKind::GroupMember),
        Some(_) => Err(Problem::new(FIELD, RejectReason::Kind { known: KINDS })),
        None => Err(Problem::new(FIELD, RejectReason::NotInObject)),
    }
}

/// Days since the oldest unpaid due date; 0 only where the API says that nothing is overdue.
fn days_past_due(loan: &Loan<'_>, overdue: Option<Minor>, as_of: Day) -> Result<Option<u32>, Problem> {
    let stated = loan.delinquent.as_ref().and_then(|delinquent| delinquent.past_due_days);
    if let Some(days) = json::whole(stated).at("delinquent.pastDueDays")? {
        return Ok(Some(days));
    }
    if overdue == Some(0) {
        return Ok(Some(0));
    }
    let since = loan.summary.as_ref().and_then(|summary| summary.overdue_since_date);
    let since = json::day(since).at("summary.overdueSinceDate")?;
    Ok(since.map(|since| u32::try_from(as_of.days_since(since)).unwrap_or(0)))
}

/// The next instalment of the schedule, or the fixed one.
fn instalment(
    loan: &Loan<'_>,
    as_of: Day,
    currency: Currency,
    exponent: u8,
) -> Result<Option<Minor>, Problem> {
    const FIELD: &str = "repaymentSchedule.periods.totalDueForPeriod";
    for period in loan.repayment_schedule.iter().flat_map(|schedule| &schedule.periods) {
        let due = json::day(period.due_date).at("repaymentSchedule.periods.dueDate")?;
        // The first period is the payment to the client and has nothing due.
        let amount = amount(period.total_due_for_period, currency, exponent).at(FIELD)?;
        if let (Some(due), Some(amount)) = (due, amount)
            && due > as_of
            && amount > 0
        {
            return Ok(Some(amount));
        }
    }
    amount(loan.fixed_emi_amount, currency, exponent).at("fixedEmiAmount")
}

fn frequency(loan: &Loan<'_>, notes: &mut Notes) -> Result<Option<Frequency>, Problem> {
    if json::whole(loan.number_of_repayments).at("numberOfRepayments")? == Some(1) {
        return Ok(Some(Frequency::Bullet));
    }
    let every = json::whole(loan.repayment_every).at("repaymentEvery")?;
    let unit = json::id(loan.repayment_frequency_type).at("repaymentFrequencyType.id")?;
    let (Some(every), Some(unit)) = (every, unit) else { return Ok(None) };
    // Units of the API: 0 days, 1 weeks, 2 months, 3 years.
    Ok(Some(match (unit, every) {
        (0, 1) => Frequency::Daily,
        (0, 7) | (1, 1) => Frequency::Weekly,
        (0, 14) | (1, 2) => Frequency::Fortnightly,
        (0, 28) | (1, 4) => Frequency::FourWeekly,
        (2, 1) => Frequency::Monthly,
        (2, 2) => Frequency::TwoMonthly,
        (2, 3) => Frequency::Quarterly,
        (2, 6) => Frequency::HalfYearly,
        (2, 12) | (3, 1) => Frequency::Yearly,
        _ => {
            notes.push(("repaymentEvery".to_owned(), NoteReason::IntervalUnnamed));
            return Ok(None);
        }
    }))
}

fn rate(loan: &Loan<'_>, notes: &mut Notes) -> Option<u32> {
    let read = json::plain(loan.annual_interest_rate)
        .and_then(|plain| plain.map(|plain| value::basis_points(&plain)).transpose());
    read.unwrap_or_else(|_| {
        notes.push(("annualInterestRate".to_owned(), NoteReason::NotUnderstood));
        None
    })
}

fn cycle(loan: &Loan<'_>) -> Option<u16> {
    json::whole(loan.loan_counter).ok().flatten().and_then(|cycle| u16::try_from(cycle).ok())
}
