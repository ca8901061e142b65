//! From opened records to distinct loans, of one person and of a household.
//!
//! - Copies of a record (same lender and record id, found under several identifiers) are one; the newest as-of
//!   date stands.
//! - A loan that stands in several records (same lender and reference: two client numbers, two spouses) is one;
//!   the figures with the newest as-of date stand, and of two on the same day the graver.
//! - If it is reported in several capacities, the closest one stands: an own loan before a loan to the group
//!   before a guarantee. A loan of the husband that the wife guarantees is the household's own.
//! - A reference of zeros names nothing and makes no two loans one.
//! - It is disputed if any of its copies is.

use std::collections::BTreeMap;

use crate::model::day::Day;
use crate::model::facility::{Facility, FacilityKind, FacilityStatus};
use crate::model::member::MemberId;
use crate::model::record::{ExposureRecord, RecordId};

/// One loan, after its copies became one.
#[derive(Clone, Debug)]
pub(super) struct Held<'a> {
    pub(super) lender: &'a MemberId,
    pub(super) record: RecordId,
    pub(super) position: usize,
    pub(super) as_of: Day,
    pub(super) kind: FacilityKind,
    pub(super) disputed: bool,
    pub(super) facility: &'a Facility,
}

/// Which sums a loan belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Own,
    Group,
    Guaranteed,
}

impl Held<'_> {
    pub(super) fn side(&self) -> Side {
        match self.kind {
            FacilityKind::Individual | FacilityKind::GroupMember => Side::Own,
            FacilityKind::Group => Side::Group,
            FacilityKind::Guarantor => Side::Guaranteed,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.facility.status.is_active()
    }

    pub(super) fn is_written_off(&self) -> bool {
        self.facility.status == FacilityStatus::WrittenOff
    }

    /// Whether it counts for lenders, arrears and write-offs: the arrears of a group are its members' arrears,
    /// those of somebody else's loan are not.
    pub(super) fn is_owed(&self) -> bool {
        self.side() != Side::Guaranteed
    }

    fn key(&self) -> Key {
        let lender = self.lender.clone();
        if self.facility.reference.0 == [0; 16] {
            Key::Position(lender, self.record, self.position)
        } else {
            Key::Reference(lender, self.facility.reference.0)
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Reference(MemberId, [u8; 16]),
    Position(MemberId, RecordId, usize),
}

/// The newest copy of every record.
pub(super) fn newest_records<'a>(
    records: impl Iterator<Item = (&'a MemberId, &'a ExposureRecord)>,
) -> Vec<(&'a MemberId, &'a ExposureRecord)> {
    let mut newest: BTreeMap<(&MemberId, RecordId), &ExposureRecord> = BTreeMap::new();
    for (lender, record) in records {
        let kept = newest.entry((lender, record.record)).or_insert(record);
        if record_rank(record) > record_rank(kept) {
            *kept = record;
        }
    }
    newest.into_iter().map(|((lender, _), record)| (lender, record)).collect()
}

/// Orders copies of one record: newer first of all, then graver, so that the order of arrival never matters.
fn record_rank(record: &ExposureRecord) -> (Day, Vec<(u8, Gravity)>) {
    let facilities =
        record.facilities.iter().map(|facility| (u8::from(facility.disputed), gravity(facility)));
    (record.as_of, facilities.collect())
}

/// Makes copies of a loan one.
pub(super) fn distinct<'a>(loans: impl Iterator<Item = Held<'a>>) -> Vec<Held<'a>> {
    let mut kept: BTreeMap<Key, Held<'a>> = BTreeMap::new();
    for loan in loans {
        match kept.entry(loan.key()) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(loan);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let other = entry.get_mut();
                let kind = if closeness(loan.kind) < closeness(other.kind) { loan.kind } else { other.kind };
                let disputed = loan.disputed || other.disputed;
                if loan_rank(&loan) > loan_rank(other) {
                    *other = loan;
                }
                other.kind = kind;
                other.disputed = disputed;
            }
        }
    }
    kept.into_values().collect()
}

fn loan_rank(loan: &Held<'_>) -> (Day, Gravity, RecordId, usize) {
    (loan.as_of, gravity(loan.facility), loan.record, loan.position)
}

fn closeness(kind: FacilityKind) -> u8 {
    match kind {
        FacilityKind::Individual => 0,
        FacilityKind::GroupMember => 1,
        FacilityKind::Group => 2,
        FacilityKind::Guarantor => 3,
    }
}

type Gravity = (u8, [Option<i64>; 7], Option<Day>, Option<u8>);

/// Orders two reports of one day about one loan. Arbitrary where it does not matter, but the same every time.
fn gravity(facility: &Facility) -> Gravity {
    let status = match facility.status {
        FacilityStatus::Closed => 0,
        FacilityStatus::Current => 1,
        FacilityStatus::Restructured => 2,
        FacilityStatus::Delinquent => 3,
        FacilityStatus::WrittenOff => 4,
    };
    let figures = [
        facility.outstanding,
        facility.days_past_due.map(i64::from),
        facility.overdue,
        facility.instalment,
        facility.days_past_due_worst.map(i64::from),
        facility.written_off,
        facility.disbursed,
    ];
    (status, figures, facility.matures, facility.frequency.map(|frequency| frequency as u8))
}
