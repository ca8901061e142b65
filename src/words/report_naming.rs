//! The names of things of the model, as they are said to the client whom they are about.

use super::wording::Words;
use crate::model::consent::ConsentState;
use crate::model::dispute::DisputeState;
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::leaf::DisputeOutcome;

impl Words {
    /// In what capacity she owes, as `your own loan`.
    pub fn facility_kind_to_client(&self, kind: FacilityKind) -> String {
        self.text(match kind {
            FacilityKind::Individual => "report-kind-individual",
            FacilityKind::GroupMember => "report-kind-group-member",
            FacilityKind::Group => "report-kind-group",
            FacilityKind::Guarantor => "report-kind-guarantor",
        })
    }

    /// Where her loan stands, as `running, overdue`.
    pub fn facility_status_to_client(&self, status: FacilityStatus) -> String {
        self.text(match status {
            FacilityStatus::Current => "report-status-current",
            FacilityStatus::Delinquent => "report-status-delinquent",
            FacilityStatus::Restructured => "report-status-restructured",
            FacilityStatus::WrittenOff => "report-status-written-off",
            FacilityStatus::Closed => "report-status-closed",
        })
    }

    /// Where her consent stands, as `withdrawn`.
    pub fn consent_state(&self, state: ConsentState) -> String {
        self.text(match state {
            ConsentState::Requested => "report-consent-requested",
            ConsentState::Given => "report-consent-given",
            ConsentState::Refused => "report-consent-refused",
            ConsentState::Withdrawn => "report-consent-withdrawn",
            ConsentState::Expired => "report-consent-expired",
            ConsentState::UsedUp => "report-consent-used-up",
        })
    }

    /// Where her dispute stands; once it is closed, with which outcome.
    pub fn dispute_state(&self, state: DisputeState, outcome: Option<DisputeOutcome>) -> String {
        self.text(match (state, outcome) {
            (DisputeState::Sending, _) => "report-dispute-sending",
            (DisputeState::Refused, _) => "report-dispute-refused",
            (DisputeState::Open, _) => "report-dispute-open",
            (DisputeState::Accepted, _) => "report-dispute-accepted",
            (DisputeState::Rejected, _) => "report-dispute-rejected",
            (DisputeState::Resolved, Some(DisputeOutcome::Corrected)) => "report-dispute-corrected",
            (DisputeState::Resolved, Some(DisputeOutcome::TakenBack)) => "report-dispute-taken-back",
            (DisputeState::Resolved, Some(DisputeOutcome::Rejected) | None) => "report-dispute-stands",
        })
    }
}
