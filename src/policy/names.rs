//! What other lenders are called in an answer.

use std::collections::BTreeMap;

use super::input::AssessInput;
use crate::model::member::MemberId;
use crate::model::policy::LenderNames;
use crate::model::record::RecordId;

/// The names of one answer.
pub(super) struct Names(BTreeMap<MemberId, String>);

impl Names {
    /// Numbers the other lenders where the policy masks them.
    ///
    /// The order is that of each lender's smallest record id: those are random, so a number tells nothing about
    /// who it is. A lender of whom nothing could be read has no record id and comes after them.
    pub(super) fn new(policy: LenderNames, input: &AssessInput) -> Self {
        let mut smallest: BTreeMap<&MemberId, Option<RecordId>> = BTreeMap::new();
        let mut seen = |lender, record: Option<RecordId>| {
            let kept = smallest.entry(lender).or_insert(record);
            *kept = match (*kept, record) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        };
        for person in &input.persons {
            person.others.iter().for_each(|(lender, record)| seen(lender, Some(record.record)));
            person.footprints.iter().for_each(|(lender, footprint)| seen(lender, Some(footprint.record)));
            person.disputes.iter().for_each(|(lender, dispute)| seen(lender, Some(dispute.record)));
        }
        input.unreadable.iter().for_each(|row| seen(&row.lender, None));

        let mut order: Vec<_> = smallest
            .into_iter()
            .filter(|(lender, _)| **lender != input.asker)
            .map(|(lender, record)| (record.is_none(), record, lender))
            .collect();
        order.sort();
        let numbered = order.into_iter().enumerate().map(|(index, (_, _, lender))| {
            let name = match policy {
                LenderNames::Shown => lender.to_string(),
                LenderNames::Masked => format!("lender-{}", index + 1),
            };
            (lender.clone(), name)
        });
        let mut names: BTreeMap<_, _> = numbered.collect();
        names.insert(input.asker.clone(), input.asker.to_string());
        Self(names)
    }

    /// What a lender is called.
    pub(super) fn of(&self, lender: &MemberId) -> String {
        // Every lender of the input was numbered; one that was not stays unnamed rather than being revealed.
        self.0.get(lender).cloned().unwrap_or_else(|| "lender".to_owned())
    }
}
