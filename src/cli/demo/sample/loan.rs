//! What a person owes a lender: terms that a microfinance loan has, and how far it has come.

use super::SamplePerson;
use super::draw::Draw;
use crate::model::day::Day;
use crate::model::facility::{FacilityKind, FacilityStatus, Frequency};

/// Riel to the dollar, for sizes that are alike in both.
const RIEL_PER_DOLLAR: i64 = 4_000;

/// One loan of one client. Amounts are minor units: cents, and whole riel.
#[derive(Clone, Debug)]
pub(super) struct SampleLoan {
    pub(super) kh_nid: String,
    pub(super) phone: Option<String>,
    /// Counts the lender's clients, from 1.
    pub(super) client: usize,
    /// Counts the lender's loans, from 1.
    pub(super) account: usize,
    pub(super) branch: &'static str,
    pub(super) kind: FacilityKind,
    pub(super) status: FacilityStatus,
    pub(super) money: Money,
    pub(super) disbursed: i64,
    pub(super) outstanding: i64,
    pub(super) overdue: i64,
    /// `None` is "not reported".
    pub(super) days_past_due: Option<i64>,
    pub(super) days_past_due_worst: i64,
    /// `None` is "not reported".
    pub(super) instalment: Option<i64>,
    pub(super) frequency: Frequency,
    pub(super) rate_percent: i64,
    pub(super) opened: Day,
    /// `None` is "not reported".
    pub(super) matures: Option<Day>,
    pub(super) closed: Option<Day>,
    pub(super) written_off: Option<(i64, Day)>,
    pub(super) loan_cycle: i64,
}

/// The two currencies of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Money {
    Khr,
    Usd,
}

impl Money {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Khr => "KHR",
            Self::Usd => "USD",
        }
    }

    /// Decimals of the amounts as they are written here.
    pub(super) fn decimals(self) -> u8 {
        match self {
            Self::Khr => 0,
            Self::Usd => 2,
        }
    }

    /// An amount of about `dollars` in minor units, round as cash is.
    fn of_dollars(self, dollars: i64) -> i64 {
        match self {
            Self::Khr => dollars * RIEL_PER_DOLLAR,
            Self::Usd => dollars * 100,
        }
    }

    /// The smallest amount that is paid: a hundred riel, a cent.
    fn step(self) -> i64 {
        match self {
            Self::Khr => 100,
            Self::Usd => 1,
        }
    }
}

const BRANCHES: [&str; 6] = ["BTB", "KCM", "KDL", "PNH", "SRP", "TKO"];

/// Adds the loans of `person` to one lender's `book`.
pub(super) fn loans_of(draw: &Draw<'_>, person: &SamplePerson, as_of: Day, book: &mut Vec<SampleLoan>) {
    let client = book.last().map_or(1, |last| last.client + 1);
    let branch = draw.pick(&BRANCHES).unwrap_or("PNH");
    // One client in ten gave this lender no telephone number, though she has one.
    let phone = person.phone.clone().filter(|_| !draw.chance(10));
    let count = draw.weighted(&[(78, 1_i64), (17, 2), (5, 3)]).unwrap_or(1);
    for cycle in 1..=count {
        let terms = terms(draw, as_of);
        let last_of_several = cycle == count;
        let status = if last_of_several { status(draw) } else { FacilityStatus::Closed };
        let mut loan = SampleLoan {
            kh_nid: person.kh_nid.clone(),
            phone: phone.clone(),
            client,
            account: book.len() + 1,
            branch,
            loan_cycle: cycle,
            ..terms
        };
        settle(draw, &mut loan, status, as_of);
        book.push(loan);
    }
}

fn status(draw: &Draw<'_>) -> FacilityStatus {
    let weights = [
        (74, FacilityStatus::Current),
        (9, FacilityStatus::Delinquent),
        (3, FacilityStatus::Restructured),
        (3, FacilityStatus::WrittenOff),
        (11, FacilityStatus::Closed),
    ];
    draw.weighted(&weights).unwrap_or(FacilityStatus::Current)
}

/// A fresh loan with its terms, paid out some time ago.
fn terms(draw: &Draw<'_>, as_of: Day) -> SampleLoan {
    let money = if draw.chance(55) { Money::Khr } else { Money::Usd };
    let kinds = [
        (62, FacilityKind::Individual),
        (25, FacilityKind::GroupMember),
        (4, FacilityKind::Group),
        (9, FacilityKind::Guarantor),
    ];
    let kind = draw.weighted(&kinds).unwrap_or(FacilityKind::Individual);
    // Most loans are small; a few are ten times as large.
    let dollars = match draw.below(10) {
        0..=5 => draw.between(2, 20) * 50,
        6..=8 => draw.between(20, 60) * 50,
        _ => draw.between(60, 200) * 50,
    };
    let dollars = if kind == FacilityKind::Group { dollars * 4 } else { dollars };
    let frequencies = [
        (80, Frequency::Monthly),
        (8, Frequency::Weekly),
        (6, Frequency::Fortnightly),
        (6, Frequency::Bullet),
    ];
    let frequency = draw.weighted(&frequencies).unwrap_or(Frequency::Monthly);
    let months = draw.between(2, 12) * 3;
    let days = months * 365 / 12;
    // Its age: anything from a day to nearly the whole term.
    let age = draw.between(1, days * 9 / 10);
    let opened = as_of.plus_days(-i32::try_from(age).unwrap_or(0));
    let rate_percent = draw.between(12, 18);
    let disbursed = money.of_dollars(dollars);
    let interest = disbursed * rate_percent * months / 1_200;
    let dues = number_of_dues(frequency, days);
    SampleLoan {
        kh_nid: String::new(),
        phone: None,
        client: 0,
        account: 0,
        branch: "",
        kind,
        status: FacilityStatus::Current,
        money,
        disbursed,
        outstanding: disbursed,
        overdue: 0,
        days_past_due: Some(0),
        days_past_due_worst: if draw.chance(20) { draw.between(1, 29) } else { 0 },
        instalment: Some(up_to_step((disbursed + interest + dues - 1) / dues, money)),
        frequency,
        rate_percent,
        opened,
        matures: Some(opened.plus_days(i32::try_from(days).unwrap_or(0))),
        closed: None,
        written_off: None,
        loan_cycle: 1,
    }
}

/// How many instalments fall due within `days`.
fn number_of_dues(frequency: Frequency, days: i64) -> i64 {
    match frequency {
        Frequency::Weekly => days / 7,
        Frequency::Fortnightly => days / 14,
        Frequency::Bullet => 1,
        _ => days * 12 / 365,
    }
    .max(1)
}

fn up_to_step(amount: i64, money: Money) -> i64 {
    let step = money.step();
    (amount + step - 1) / step * step
}

/// Brings a fresh loan to its status on `as_of`.
fn settle(draw: &Draw<'_>, loan: &mut SampleLoan, status: FacilityStatus, as_of: Day) {
    loan.status = status;
    let age = i64::from(as_of.days_since(loan.opened));
    let term = loan.matures.map_or(age, |day| i64::from(day.days_since(loan.opened))).max(1);
    if loan.frequency != Frequency::Bullet {
        let paid = loan.disbursed * age / term / loan.money.step() * loan.money.step();
        loan.outstanding = (loan.disbursed - paid).max(loan.money.step());
    }
    let instalment = loan.instalment.unwrap_or(loan.outstanding);
    match status {
        FacilityStatus::Current | FacilityStatus::Restructured => {}
        FacilityStatus::Delinquent => {
            let late = draw.between(1, 120).min(age.max(1));
            loan.days_past_due = Some(late);
            loan.days_past_due_worst = loan.days_past_due_worst.max(late);
            loan.overdue = (instalment * (1 + late / 30)).min(loan.outstanding);
        }
        FacilityStatus::WrittenOff => {
            // Given up after a year of silence at the latest: it must be old enough for that.
            loan.opened = loan.opened.plus_days(-540);
            loan.matures = loan.matures.map(|day| day.plus_days(-540));
            let on = as_of.plus_days(-i32::try_from(draw.between(10, 300)).unwrap_or(10));
            let late = draw.between(181, 500);
            loan.days_past_due = Some(late);
            loan.days_past_due_worst = late;
            loan.overdue = loan.outstanding;
            loan.written_off = Some((loan.outstanding, on));
        }
        FacilityStatus::Closed => {
            let days = i32::try_from(draw.between(1, 700)).unwrap_or(1);
            let closed = as_of.plus_days(-days);
            loan.opened = loan.opened.plus_days(-days);
            loan.matures = loan.matures.map(|day| day.plus_days(-days));
            loan.closed = Some(closed);
            loan.outstanding = 0;
        }
    }
    if status.is_active() {
        leave_out(draw, loan);
    }
}

/// What real books leave out: an instalment, a maturity, the days past due.
fn leave_out(draw: &Draw<'_>, loan: &mut SampleLoan) {
    if draw.chance(3) {
        loan.instalment = None;
        if draw.chance(30) {
            loan.matures = None;
        }
    }
    if loan.overdue == 0 && draw.chance(1) {
        loan.days_past_due = None;
    }
}
