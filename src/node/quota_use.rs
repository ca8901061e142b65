//! How much of their quotas the members have used here today, for those who watch a key holder.

use serde::{Deserialize, Serialize};

use super::Node;
use crate::model::member::MemberId;
use crate::store::StoreError;

/// What one member has used of its quotas at this key holder since midnight, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaUse {
    /// The member.
    pub member: MemberId,
    /// Openings.
    pub inquiries: u64,
    /// Points evaluated for inquiries.
    pub inquiry_points: u64,
    /// Points evaluated for reporting.
    pub reporting_points: u64,
}

impl Node {
    /// Of every member that is not removed, ordered as the roster has them. Another key holder counts for itself.
    pub fn quota_use(&self) -> Result<Vec<QuotaUse>, StoreError> {
        let now = self.clock.now();
        let roster = self.roster();
        let present = roster.document().members.iter().filter(|member| member.removed.is_none());
        let used = present.map(|member| {
            let [reporting_points, inquiry_points, inquiries] = self.quotas.used(&member.id, now)?;
            Ok(QuotaUse { member: member.id.clone(), inquiries, inquiry_points, reporting_points })
        });
        used.collect()
    }
}
