//! The receipt of a consent: made once, when the consent is recorded, for only then is its withdrawal code here.

use super::Node;
use super::consent::{ConsentRecord, consent_commitment};
use crate::digest::WithdrawalCode;
use crate::receipt::{ReceiptFacts, issue};

impl Node {
    /// The signed receipt of a consent that was recorded just now.
    pub(super) fn receipt(&self, record: &ConsentRecord, code: &WithdrawalCode) -> String {
        let roster = self.roster();
        let name = roster.member(&self.me).map_or_else(|| self.me.as_str(), |member| member.name.as_str());
        let facts = ReceiptFacts {
            network: &self.network,
            member: &self.me,
            member_name: name,
            recorded: self.clock.now(),
            terms: &record.terms,
            commitment: consent_commitment(record),
            leaf: record.leaf,
            audit_days: roster.policy().log.audit_days,
            withdrawal: *code,
        };
        issue(&facts, &self.answer_key)
    }
}
