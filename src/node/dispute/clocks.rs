//! The policy's clocks: the lender's, from when the dispute reached it, and that of the whole, from when it was opened.
//! When the whole is over, both ends log it and tell the operator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DisputeError;
use super::kept::Course;
use super::outbox::{Outgoing, Step};
use super::proof::{Proved, Stop, refuse};
use crate::clock::UnixTime;
use crate::digest::TransactionId;
use crate::limits::ESCALATIONS_PER_MEMBER_MAX;
use crate::model::dispute::EscalatedDispute;
use crate::model::leaf::{Leaf, LeafBody, RefusalCode};
use crate::model::member::MemberId;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::tables::{DISPUTES_OPEN, ESCALATIONS, EscalationRow, OpenRow};
use crate::roster::Role;
use crate::store::{Durability, StoreBatch, StoreError, TableKey as _};
use crate::wire::message::DisputeConcerns;

const DAY_SECONDS: i64 = 86_400;

/// How many disputes are open and late here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Overdue {
    /// Open, at either end.
    pub open: u64,
    /// Of them, those open beyond the policy's whole period.
    pub overdue: u64,
    /// Overdue ones of which members have told this operator.
    pub escalated: u64,
}

/// Whole days from `now` to `due`, negative when it is over.
pub(super) fn days_left(due: UnixTime, now: UnixTime) -> i64 {
    due.seconds_since(now).div_euclid(DAY_SECONDS)
}

impl Node {
    /// When a dispute must be resolved. A lender that got it late, for it was away or the opener's clock is wrong, has its
    /// own days all the same.
    pub(super) fn total_due(&self, opened: UnixTime, received: Option<UnixTime>) -> UnixTime {
        let days = i64::from(self.roster().policy().disputes.total_days);
        let due = opened.plus_seconds(days * DAY_SECONDS);
        received.map_or(due, |received| due.max(self.lender_due(received)))
    }

    /// When the lender must have answered.
    pub(super) fn lender_due(&self, received: UnixTime) -> UnixTime {
        received.plus_seconds(i64::from(self.roster().policy().disputes.lender_days) * DAY_SECONDS)
    }

    /// Disputes that are open at an end.
    pub(super) fn open_disputes(&self, end: u8) -> Result<Vec<TransactionId>, StoreError> {
        let rows = self.store.scan_prefix(&DISPUTES_OPEN, &end.to_bytes(), None, usize::MAX)?;
        Ok(rows.into_iter().map(|((_, id), _)| TransactionId(id)).collect())
    }

    /// Logs each dispute whose whole period is over, once, and has letters to the operator sent. Gives how many.
    pub fn escalate_disputes(&self) -> Result<usize, DisputeError> {
        let now = self.clock.now();
        let due = |row: &OpenRow| !row.escalated && self.total_due(row.opened, row.received) < now;
        let rows = self.store.scan_prefix(&DISPUTES_OPEN, &[], None, usize::MAX)?;
        let rows: Vec<_> = rows.into_iter().filter(|(_, row)| due(row)).collect();
        for ((end, id), _) in &rows {
            let _stepping = self.disputes.stepping();
            // It may have been closed meanwhile.
            if let Some(row) = self.store.get(&DISPUTES_OPEN, &(*end, *id))?.filter(due) {
                self.escalate(*end, TransactionId(*id), row, now)?;
            }
        }
        Ok(rows.len())
    }

    fn escalate(
        &self,
        end: u8,
        dispute: TransactionId,
        row: OpenRow,
        now: UnixTime,
    ) -> Result<(), ConsentError> {
        let mut changes = StoreBatch::new();
        let course = if end == OpenRow::OPENER {
            let Some(mut kept) = self.opened_dispute(dispute)? else { return Ok(()) };
            kept.course.escalated = Some(now);
            kept.put(&self.records, &mut changes);
            kept.course
        } else {
            let Some(mut kept) = self.received_dispute(dispute)? else { return Ok(()) };
            kept.course.escalated = Some(now);
            kept.put(&self.records, &mut changes);
            kept.course
        };
        let leaf = Leaf::new(now, dispute, LeafBody::DisputeEscalated { dispute: course.dispute });
        let letters = self.to_operators(&course);
        let mut outbox = self.outbox()?;
        self.log.append(Box::new(move |index, batch| {
            batch.append(changes);
            batch.put(&DISPUTES_OPEN, &(end, dispute.0), &OpenRow { escalated: true, ..row });
            for (to, letter) in letters {
                outbox.send(&to, index, letter, batch);
            }
            Ok(vec![leaf])
        }))?;
        self.disputes.letters.notify_one();
        Ok(())
    }

    /// Word to every operator that a dispute is overdue, or is closed after it was. It holds nothing about the client.
    pub(super) fn to_operators(&self, course: &Course) -> Vec<(MemberId, Outgoing)> {
        let concerns = DisputeConcerns {
            opener: course.opener.clone(),
            lender: course.lender.clone(),
            opened: course.opened,
        };
        let letter = Outgoing::new(course.transaction, Step::Escalated, Vec::new());
        let letter = letter.about(concerns);
        let roster = self.roster();
        roster.with_role(Role::Operator).map(|operator| (operator.id.clone(), letter.clone())).collect()
    }

    /// A member tells this operator of a dispute that is overdue, or is no longer open.
    pub(super) fn take_escalation(
        &self,
        peer: &MemberId,
        step: &Proved,
        concerns: &DisputeConcerns,
    ) -> Result<(), Stop> {
        let roster = self.roster();
        let operates = roster.member(&self.me).is_some_and(|member| member.has(Role::Operator));
        if !operates || (peer != &concerns.opener && peer != &concerns.lender) {
            return refuse(RefusalCode::NotPermitted);
        }
        let key = (peer.to_string(), step.leaf.transaction.0);
        let _stepping = self.disputes.stepping();
        let mut batch = StoreBatch::new();
        if let LeafBody::DisputeResolved { .. } = step.leaf.body {
            batch.delete(&ESCALATIONS, &key);
        } else {
            let prefix = peer.to_string().to_bytes();
            let told = self.store.scan_prefix(&ESCALATIONS, &prefix, None, ESCALATIONS_PER_MEMBER_MAX)?;
            if told.len() >= ESCALATIONS_PER_MEMBER_MAX && !told.iter().any(|(known, _)| *known == key) {
                return refuse(RefusalCode::QuotaSpent);
            }
            let DisputeConcerns { opener, lender, opened } = concerns.clone();
            batch.put(&ESCALATIONS, &key, &EscalationRow { opener, lender, opened });
        }
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Overdue disputes of which members have told this operator, the oldest first.
    pub fn escalated_disputes(&self) -> Result<Vec<EscalatedDispute>, StoreError> {
        let now = self.clock.now();
        let mut found: BTreeMap<[u8; 16], EscalatedDispute> = BTreeMap::new();
        for ((teller, dispute), row) in self.store.scan_prefix(&ESCALATIONS, &[], None, usize::MAX)? {
            let Ok(teller) = teller.parse::<MemberId>() else { continue };
            let EscalationRow { opener, lender, opened } = row;
            let days = now.seconds_since(opened).div_euclid(DAY_SECONDS);
            let one = found.entry(dispute).or_insert(EscalatedDispute {
                dispute: TransactionId(dispute),
                opener,
                lender,
                opened,
                days,
                told_by: Vec::new(),
            });
            one.told_by.push(teller);
        }
        let mut found: Vec<EscalatedDispute> = found.into_values().collect();
        found.sort_by_key(|one| (one.opened, one.dispute));
        Ok(found)
    }

    /// How many disputes are open, late and escalated.
    pub fn disputes_overdue(&self) -> Result<Overdue, StoreError> {
        let now = self.clock.now();
        let rows = self.store.scan_prefix(&DISPUTES_OPEN, &[], None, usize::MAX)?;
        let overdue = rows.iter().filter(|(_, row)| self.total_due(row.opened, row.received) < now).count();
        let escalated = self.escalated_disputes()?.len();
        Ok(Overdue { open: rows.len() as u64, overdue: overdue as u64, escalated: escalated as u64 })
    }
}
